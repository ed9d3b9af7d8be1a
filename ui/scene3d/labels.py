"""Where labels go: as near to their machines as they can without covering each other or an abnormal machine. Pure geometry, in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]

_GAP = 16.0
_EDGE = 8.0
_LIFTS = (0.0, 1.2, 2.4, 3.6)
_RAISED = (0.5, 1.0)
_CELL_PX, _ROOM_PX = 4.0, 2.0


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels from the top left."""

    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: Rect, margin: float = 0.0) -> float:
        """Return the area both share, the other grown by a margin."""
        wide = min(self.x + self.width, other.x + other.width + margin) - max(self.x, other.x - margin)
        high = min(self.y + self.height, other.y + other.height + margin) - max(self.y, other.y - margin)
        return max(0.0, wide) * max(0.0, high)

    def around(self, other: Rect) -> Rect:
        """Return the smallest rectangle that holds both."""
        left, top = min(self.x, other.x), min(self.y, other.y)
        right, foot = max(self.x + self.width, other.x + other.width), max(self.y + self.height, other.y + other.height)
        return Rect(left, top, right - left, foot - top)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label that should be shown: the machine's row, where that machine lies in the picture, and how large the label is."""

    row: int
    machine: Rect
    width: float
    height: float
    tries: int = 99
    """So many places around the machine are tried."""


def placed(wanted: Sequence[Wanted], kept_clear: Mapping[int, Rect], size: tuple[float, float]) -> dict[int, Rect]:
    """Return where labels go, by row; a label that finds no free place is left out.

    Args:
        wanted: The most urgent first: it gets the best place.
        kept_clear: Where abnormal machines and marks of alarms lie in the picture; no label may cover them.
        size: Width and height of the picture.
    """
    if not wanted:
        return {}
    spots = _candidates(wanted, size)
    # In cells of a grid: first and last column and row that a label at each spot would cover, room around it included.
    cells = np.concatenate(
        [np.floor((spots[..., :2] - _ROOM_PX) / _CELL_PX), np.ceil((spots[..., :2] + spots[..., 2:] + _ROOM_PX) / _CELL_PX)], axis=-1
    )
    most = (int(size[0] / _CELL_PX) + 2, int(size[1] / _CELL_PX) + 2)
    cells = np.clip(cells, 0, (*most, *most)).astype(np.int64)
    free = _clear_of(kept_clear.values(), cells, most)
    taken = np.zeros((most[1], most[0]), dtype=bool)
    result: dict[int, Rect] = {}
    for number, label in enumerate(wanted):
        for spot in np.flatnonzero(free[number, : label.tries]).tolist():
            left, top, right, bottom = cells[number, spot].tolist()
            if not taken[top:bottom, left:right].any():
                taken[top:bottom, left:right] = True
                result[label.row] = Rect(*spots[number, spot].tolist())
                break
    return result


def _clear_of(machines: Iterable[Rect], cells: Indices, most: tuple[int, int]) -> NDArray[np.bool_]:
    """Tell which spots cover none of the machines, shape of `cells` less its last axis."""
    covered = np.zeros((most[1] + 1, most[0] + 1), dtype=np.int32)
    for machine in machines:
        left, top = max(0, int(machine.x // _CELL_PX)), max(0, int(machine.y // _CELL_PX))
        right, bottom = int(-(-(machine.x + machine.width) // _CELL_PX)), int(-(-(machine.y + machine.height) // _CELL_PX))
        covered[1 + top : 1 + max(bottom, 0), 1 + left : 1 + max(right, 0)] = 1
    sums = covered.cumsum(axis=0).cumsum(axis=1)
    first, upper, last, lower = (cells[..., side] for side in range(4))
    clear: NDArray[np.bool_] = sums[lower, last] - sums[upper, last] - sums[lower, first] + sums[upper, first] == 0
    return clear


def _candidates(wanted: Sequence[Wanted], size: tuple[float, float]) -> Floats:
    """Return spots around machines, the best first, each moved into the picture: (x, y, width, height), shape (labels, spots, 4)."""
    x, y, wide, high, width, height = np.array([(*_sides(each.machine), each.width, each.height) for each in wanted]).T[..., None]
    spots = np.empty((len(wanted), len(_SPOTS), 4))
    across, along, gap, down, lift, drop = _SPOTS.T
    spots[..., 0] = np.clip(x + across * wide + along * width + gap * _GAP, _EDGE, np.maximum(_EDGE, size[0] - width - _EDGE))
    spots[..., 1] = np.clip(y + down * high + lift * height + drop * _GAP, _EDGE, np.maximum(_EDGE, size[1] - height - _EDGE))
    spots[..., 2], spots[..., 3] = width, height
    return spots


def _sides(rect: Rect) -> tuple[float, float, float, float]:
    return rect.x, rect.y, rect.width, rect.height


def _around() -> Iterator[tuple[float, float, float, float, float, float]]:
    """Yield places around a machine, the best first: above, above to a side, beside, below, then further up, up beside, further down.

    Each says how many of the machine's widths, the label's widths and gaps to the right of the machine's left edge it begins, and
    how many of the machine's heights, the label's heights and gaps below its upper edge.
    """
    for lift in _LIFTS:
        for aside in (0.0, 0.6, -0.6):
            yield 0.5, aside - 0.5, 0.0, 0.0, -1.0 - lift, -1.0
        if not lift:
            yield 1.0, 0.0, 1.0, 0.0, 0.0, 0.0
            yield 0.0, -1.0, -1.0, 0.0, 0.0, 0.0
            yield 0.5, -0.5, 0.0, 1.0, 0.0, 1.0
    for raised in _RAISED:
        yield 1.0, 0.0, 1.0, 0.0, -raised, 0.0
        yield 0.0, -1.0, -1.0, 0.0, -raised, 0.0
    for drop in _LIFTS[1:]:
        yield 0.5, -0.5, 0.0, 1.0, drop, 1.0


_SPOTS = np.array(list(_around()))
