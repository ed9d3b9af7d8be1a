"""The room's colours, drawn from the window's palette, and how a model's own colours are toned to them. No Qt, no VTK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ui import palette

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SceneTheme:
    """Colours as `#RRGGBB`; `machine_black` and `machine_white` are what a model's black and white become."""

    name: str
    sky: str
    hall: str
    floor: str
    grid: str
    aisle: str
    shadow: str
    shadow_strength: float
    machine_black: str
    machine_white: str
    card: str
    line: str
    text: str
    dim: str
    running: str
    stopped: str
    suspended: str
    held: str
    aborted: str
    selection: str

    def tone(self, colour: Floats) -> Floats:
        """Return a model's sRGB colour (0 to 1) calmed and moved into this theme's range of greys."""
        grey = float(colour @ np.array((0.2126, 0.7152, 0.0722)))
        calm = grey + (colour - grey) * _KEPT_SATURATION
        black, white = rgb(self.machine_black), rgb(self.machine_white)
        toned: Floats = black + (white - black) * calm
        return np.clip(toned, 0.0, 1.0)


# Saturated colour is reserved for what needs a person; a maker's orange stays a hint.
_KEPT_SATURATION = 0.6


def rgb(colour: str) -> Floats:
    """Return `#RRGGBB` as three sRGB numbers, 0 to 1."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64) / 255.0


LIGHT = SceneTheme(
    name="light",
    sky="#EEF0F1",
    hall=palette.LIGHT.hall,
    floor=palette.LIGHT.floor,
    grid="#C3C8CC",
    aisle="#B4B9BD",
    shadow="#3C4248",
    shadow_strength=0.34,
    machine_black="#23282D",
    machine_white="#FBFCFD",
    card=palette.LIGHT.raised,
    line=palette.LIGHT.line,
    text=palette.LIGHT.text,
    dim=palette.LIGHT.dim,
    running=palette.LIGHT.running,
    stopped=palette.LIGHT.stopped,
    suspended=palette.LIGHT.priority[2],
    held=palette.LIGHT.priority[1],
    aborted=palette.LIGHT.priority[0],
    selection=palette.LIGHT.selection,
)
DARK = SceneTheme(
    name="dark",
    sky="#17191C",
    hall=palette.DARK.hall,
    floor=palette.DARK.floor,
    grid="#3A4047",
    aisle="#474E56",
    shadow="#08090A",
    shadow_strength=0.5,
    machine_black="#1D2125",
    machine_white="#848D96",
    card=palette.DARK.raised,
    line=palette.DARK.line,
    text=palette.DARK.text,
    dim=palette.DARK.dim,
    running=palette.DARK.running,
    stopped=palette.DARK.stopped,
    suspended=palette.DARK.priority[2],
    held=palette.DARK.priority[1],
    aborted=palette.DARK.priority[0],
    selection=palette.DARK.selection,
)
