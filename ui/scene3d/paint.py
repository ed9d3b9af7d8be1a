"""The colours of all machines in one picture: surfaces toned to the theme, by look, overlay and pointer, for all copies at once. Pure numpy."""

from __future__ import annotations

from functools import lru_cache
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
_NOTHING = np.empty(0)
_HOVER_LIGHT = 0.16
_STOPPED_DARK = 0.12
_LUMINANCE, _RELIEF, _MIDDLE = np.array((0.2126, 0.7152, 0.0722)), 0.35, 0.6
"""Under an overlay a surface keeps so much of its own light and dark."""
PLAIN, _STOPPED, STALE = range(3)
_KINDS = np.full(len(CODES), PLAIN)
"""What a look does to the colours of surfaces, by its code."""
_KINDS[CODES[Look.STOPPED]], _KINDS[CODES[Look.UNKNOWN]] = _STOPPED, STALE


class Paint:
    """What colours the machines of one picture."""

    def __init__(self, codes: Bytes, heat: Sequence[str], hovered: int | None, theme: SceneTheme, gamma: float) -> None:
        """Take looks as `CODES`, shape (n,), and an overlay's colours, `?` where unknown, or none.

        `gamma` turns sRGB into what the finish computes with, see `finish.gamma`.
        """
        self._theme, self._gamma, self._hovered = theme, gamma, hovered
        self._kinds = _KINDS[codes]
        self._heat: Floats | None = None
        if heat:
            self._kinds[[colour == "?" for colour in heat]] = STALE
            self._heat = np.array([rgb(colour) if colour != "?" else (np.nan,) * 3 for colour in heat])

    def facts(self, rows: Indices) -> list[object]:
        """Return everything that the colours of some units depend on."""
        here = np.flatnonzero(rows == self._hovered) if self._hovered is not None else _NOTHING
        heat = _NOTHING if self._heat is None else self._heat[rows]
        return [self._theme, self._gamma, self._kinds[rows], here, heat]

    def colours(self, surface: Surface, rows: Indices) -> Bytes:
        """Return the RGBA of one surface on some units, shape (rows, 4)."""
        tones, kinds = tones_of(surface, self._theme, self._gamma), self._kinds[rows]
        painted = picked(tones, kinds)
        if self._heat is not None:
            painted[:, :3] = self._heated(surface, rows, painted[:, :3])
        if self._hovered is not None:
            here = rows == self._hovered
            painted[here, :3] = np.round(painted[here, :3] + (255.0 - painted[here, :3]) * _HOVER_LIGHT).astype(np.uint8)
        return painted

    def _heated(self, surface: Surface, rows: Indices, plain: Bytes) -> Bytes:
        """Return a surface's colours under the overlay: its light and dark in the overlay's colour; plain where nobody knows that."""
        assert self._heat is not None  # noqa: S101 - only called with an overlay
        tone = self._theme.tone(np.array(surface.colour))
        bright = 1.0 - _RELIEF + _RELIEF * float(tone @ _LUMINANCE) / _MIDDLE
        dark = np.where(self._kinds[rows] == _STOPPED, 1.0 - _STOPPED_DARK, 1.0)[:, None]
        heated = np.clip(self._heat[rows] * bright, 0.0, 1.0) ** self._gamma * dark
        return np.where(np.isnan(heated), plain, np.nan_to_num(np.round(heated * 255))).astype(np.uint8)


def picked(colours: Bytes, rows: Indices) -> Bytes:
    """Return rows of a table of RGBA, shape (n, 4): four bytes are taken at once."""
    return colours.view(np.uint32).take(rows).view(np.uint8).reshape(-1, 4)


@lru_cache(maxsize=4096)
def tones_of(surface: Surface, theme: SceneTheme, gamma: float) -> Bytes:
    """Return the RGBA of a surface on a machine that is plain, stopped, or not known, shape (3, 4)."""
    found = np.ones((3, 4))
    found[:, :3] = theme.tone(np.array(surface.colour)) ** gamma
    found[_STOPPED, :3] *= 1.0 - _STOPPED_DARK
    found[STALE, 3] = HATCHED / 255
    if surface.opacity < 1:
        found[:, 3] = surface.opacity
    return np.round(found * 255).astype(np.uint8)


def same(one: Sequence[object], other: Sequence[object]) -> bool:
    """Tell whether facts are equal."""
    return all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f") if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) else a == b
        for a, b in zip(one, other, strict=True)
    )
