"""The colours of all machines in one picture: surfaces toned to the theme, by look, overlay and pointer, for all copies at once. Pure numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ui.scene3d.scene import CODES, Look
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin_app.shapes import Surface
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Bytes = NDArray[np.uint8]

HATCHED = 254
"""A copy whose colour is marked with this opacity is drawn hatched: what is known of it is stale."""
_HOVER_LIGHT = 0.16
_STOPPED_DARK = 0.12
_LUMINANCE, _RELIEF, _MIDDLE = np.array((0.2126, 0.7152, 0.0722)), 0.35, 0.6
"""Under an overlay a surface keeps so much of its own light and dark."""
_STOPPED, _UNKNOWN = CODES[Look.STOPPED], CODES[Look.UNKNOWN]


class Paint:
    """What colours the machines of one picture."""

    def __init__(self, codes: Bytes, heat: Sequence[str], hovered: int | None, theme: SceneTheme, gamma: float) -> None:
        """Take looks as `CODES`, shape (n,), and an overlay's colours, `?` where unknown, or none.

        `gamma` turns sRGB into what the finish computes with, see `finish.gamma`.
        """
        self._theme, self._gamma, self._hovered = theme, gamma, hovered
        self._known: NDArray[np.bool_] = codes != _UNKNOWN
        self._stopped = codes == _STOPPED
        self._heat: Floats | None = None
        if heat:
            self._known &= np.array([colour != "?" for colour in heat])
            self._heat = np.array([rgb(colour) if colour != "?" else (np.nan,) * 3 for colour in heat])

    def facts(self, rows: Indices) -> list[object]:
        """Return everything that the colours of some units depend on."""
        here = np.flatnonzero(rows == self._hovered) if self._hovered is not None else np.empty(0)
        heat = np.empty(0) if self._heat is None else self._heat[rows]
        return [self._theme, self._gamma, self._known[rows], self._stopped[rows], here, heat]

    def colours(self, surface: Surface, rows: Indices) -> Bytes:
        """Return the RGBA of one surface on some units, shape (rows, 4)."""
        tone = self._theme.tone(np.array(surface.colour))
        shade = np.broadcast_to(tone**self._gamma, (len(rows), 3))
        if self._heat is not None:
            bright = 1.0 - _RELIEF + _RELIEF * float(tone @ _LUMINANCE) / _MIDDLE
            heated = np.clip(self._heat[rows] * bright, 0.0, 1.0) ** self._gamma
            shade = np.where(np.isnan(heated), shade, heated)
        found = np.empty((len(rows), 4))
        found[:, :3] = shade * (1.0 - _STOPPED_DARK * self._stopped[rows, None])
        if self._hovered is not None:
            found[rows == self._hovered, :3] += (1.0 - found[rows == self._hovered, :3]) * _HOVER_LIGHT
        found[:, 3] = np.where(self._known[rows], 1.0, HATCHED / 255) if surface.opacity == 1 else surface.opacity
        return np.round(found * 255).astype(np.uint8)


def same(one: Sequence[object], other: Sequence[object]) -> bool:
    """Tell whether facts are equal."""
    return all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f") if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) else a == b
        for a, b in zip(one, other, strict=True)
    )
