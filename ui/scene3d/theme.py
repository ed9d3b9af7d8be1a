"""The room's colours, drawn from the window's palette, and how a model's own colours are toned to them. No Qt, no VTK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ui import palette

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ui.palette import Palette

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
    neutral: str
    stopped: str
    suspended: str
    held: str
    aborted: str
    unknown: str
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


_OWN = {
    "light": {"sky": "#EEF0F1", "grid": "#BCC2C7", "aisle": "#A3AAB0", "shadow": "#3C4248", "machine_black": "#23282D", "machine_white": "#FBFCFD"},
    "dark": {"sky": "#17191C", "grid": "#3D444B", "aisle": "#565E67", "shadow": "#08090A", "machine_black": "#1D2125", "machine_white": "#848D96"},
}  # fmt: skip
_SHADOW_STRENGTH = {"light": 0.34, "dark": 0.5}


def _beside(one: Palette) -> SceneTheme:
    """Return the room's colours beside a palette of the window."""
    return SceneTheme(
        name=one.name, hall=one.hall, floor=one.floor, shadow_strength=_SHADOW_STRENGTH[one.name], card=one.raised, line=one.line,
        text=one.text, dim=one.dim, running=one.running, neutral=one.neutral, stopped=one.stopped, suspended=one.suspended, held=one.held,
        aborted=one.aborted, unknown=one.unknown, selection=one.selection, **_OWN[one.name],
    )  # fmt: skip


THEMES = {one: _beside(one) for one in palette.EVERY_PALETTE}
"""The room's colours by the window's palette: the colours of states are the window's own."""
LIGHT, DARK = THEMES[palette.LIGHT], THEMES[palette.DARK]
