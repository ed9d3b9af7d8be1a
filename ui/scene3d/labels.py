"""Where labels go: as near to their machines as they can without covering each other or an abnormal machine. Pure geometry, in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_GAP = 16.0
_EDGE = 8.0
_LIFTS = (0.0, 1.2, 2.4, 3.6)


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

    def inside(self, size: tuple[float, float]) -> Rect:
        """Return the rectangle moved into a picture of that size."""
        x = min(max(self.x, _EDGE), max(_EDGE, size[0] - self.width - _EDGE))
        y = min(max(self.y, _EDGE), max(_EDGE, size[1] - self.height - _EDGE))
        return Rect(x, y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label that should be shown: the machine's row, where that machine lies in the picture, and how large the label is."""

    row: int
    machine: Rect
    width: float
    height: float


def placed(wanted: Sequence[Wanted], abnormal: Mapping[int, Rect], size: tuple[float, float]) -> dict[int, Rect]:
    """Return where labels go, by row; a label that finds no free place is left out.

    Args:
        wanted: The most urgent first: it gets the best place.
        abnormal: Where abnormal machines lie in the picture; no label may cover them.
        size: Width and height of the picture.
    """
    result: dict[int, Rect] = {}
    for label in wanted:
        taken = list(result.values())
        for place in _candidates(label):
            moved = place.inside(size)
            clear = not any(moved.overlap(card, 4.0) for card in taken) and not any(moved.overlap(machine) for machine in abnormal.values())
            if clear:
                result[label.row] = moved
                break
    return result


def _candidates(label: Wanted) -> Iterator[Rect]:
    """Yield places around a machine, the best first: above, above to a side, beside, below, then further up."""
    machine, width, height = label.machine, label.width, label.height
    centre = machine.x + (machine.width - width) / 2
    right, left = machine.x + machine.width + _GAP, machine.x - width - _GAP
    top, bottom = machine.y - height - _GAP, machine.y + machine.height + _GAP
    for lift in _LIFTS:
        above = top - lift * height
        yield Rect(centre, above, width, height)
        yield Rect(centre + width * 0.6, above, width, height)
        yield Rect(centre - width * 0.6, above, width, height)
        if not lift:
            yield Rect(right, machine.y, width, height)
            yield Rect(left, machine.y, width, height)
            yield Rect(centre, bottom, width, height)
    for drop in _LIFTS[1:]:
        yield Rect(centre, bottom + drop * height, width, height)
