"""An overview's columns to coloured pixels: how many units stood why, above what sets the line's pace. Numpy only, no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.packml import State
from ui.timeline.lane_image import argb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.model.overview import Overview
    from ui.palette import Palette

BAND_SHARE = 0.26
"""Share of the height that the unit which sets the pace takes at the foot."""
_STACK: tuple[tuple[State | None, ...], ...] = (
    (State.ABORTED, State.ABORTING, State.CLEARING), (State.HELD, State.HOLDING, State.UNHOLDING), (State.STOPPED, State.STOPPING),
    (State.SUSPENDED, State.SUSPENDING), (State.IDLE, State.COMPLETE), (State.UNDEFINED, None),
)  # fmt: skip
"""What is stacked from the foot up, as the lanes colour it; the rest of a column ran, or was on its way to."""
_COLUMNS = tuple([0 if state is None else int(state) + 1 for state in group] for group in _STACK)
BLIND_GROUP = len(_STACK) - 1
HATCH_PX = 5


def colors(palette: Palette) -> NDArray[np.uint32]:
    """Return ARGB by group, then that of nothing."""
    first, second, third, _ = palette.priority
    faint = _mixed(palette.text, palette.panel, 0.16)
    names = (first, second, palette.stopped, _mixed(third, palette.panel, 0.62), faint, palette.dim)
    return np.array([*(argb(name) for name in names), 0], np.uint32)


def stacked(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the shares of the groups, shape (n, groups)."""
    return np.stack([shares[:, columns].sum(axis=1) for columns in _COLUMNS], axis=1)


def pixels(overview: Overview, high: int, palette: Palette) -> NDArray[np.uint32]:
    """Return ARGB, shape (high, n): a stack of all units above a band of the one that sets the pace. Blind is hatched."""
    band = max(round(high * BAND_SHARE), 3)
    table = colors(palette)
    picture = np.zeros((high, len(overview.shares)), np.uint32)
    if high <= band + 1:
        return picture
    picture[: high - band - 1] = table[_stack(stacked(overview.shares), high - band - 1)]
    picture[high - band :] = _band(overview, palette)[None, :]
    blind = np.zeros(picture.shape, bool)
    blind[: high - band - 1] = picture[: high - band - 1] == table[BLIND_GROUP]
    blind[high - band :] = stacked(overview.constraint)[:, BLIND_GROUP] > 0
    y, x = np.ogrid[:high, : picture.shape[1]]
    picture[blind & ((x + y) % HATCH_PX >= 2)] = 0  # noqa: PLR2004 - two of five pixels are ink
    return picture


def _stack(shares: NDArray[np.float32], high: int) -> NDArray[np.intp]:
    """Return which group each pixel shows, shape (high, n); a share that is there at all has at least a pixel at the foot."""
    levels = np.cumsum(np.maximum(shares * high, (shares > 0) * 1.0), axis=1)
    above = high - 1 - np.arange(high)  # pixels below each row
    found: NDArray[np.intp] = (above[:, None, None] >= levels[None, :, :]).sum(axis=2)
    return np.minimum(found, len(_STACK))


def _band(overview: Overview, palette: Palette) -> NDArray[np.uint32]:
    """Return the colour of the worst that the pace-setting unit did in each column; running where it did nothing else."""
    table = colors(palette)
    shares = stacked(overview.constraint)
    band = np.full(len(shares), argb(palette.running), np.uint32)
    for group in reversed(range(len(_STACK))):
        band[shares[:, group] > 0] = table[group]
    band[overview.constraint.sum(axis=1) <= 0] = 0
    return band


def _mixed(above: str, below: str, share: float) -> str:
    """Return `share` of one colour over another."""
    parts = [
        round(share * int(above[i : i + 2], 16) + (1 - share) * int(below[i : i + 2], 16)) for i in (1, 3, 5)
    ]  # fmt: skip
    return "#{:02X}{:02X}{:02X}".format(*parts)
