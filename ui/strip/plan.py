"""Which cards a strip of a given width shows and how wide each is at least: rows, groups, who stands out. Not for placing or filling them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.strip.folding import Room, folded
from ui.strip.standing import Piece, Widths, standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twin_app.model.equipment import Unit

FULL, COMPACT = 3, 2
"""Rows of large letters a card has room for: name, state, and how long and why; or the last behind the state. Plain letters have one more."""
LEAST_EM, GROUP_EM = 5.4, 7.4
"""Least width of a compact card in heights of a line of text, of a unit's and of a group's: before units share a card, rates lose their ideal."""
MOST_GROUPS = 12
"""However wide the window: more of them say no more at a glance."""
LARGE_SHARE = 0.6
"""Of a line's width for one large card at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a strip has room for: a line's width, how many lines, the height of a line of text, and what stands between cards, in pixels."""

    room_px: float
    lines: int
    em_px: float
    gap_px: float
    gauge_px: float
    gauged: frozenset[str]
    large_px: float
    """How wide a large card of an ordinary state is."""
    full_px: float
    """How wide full cards are on the average for name and rate to be read at ease."""

    def per_line(self, card_px: float) -> int:
        """Return how many cards find room side by side, one of them large."""
        between = self.gap_px + (self.gauge_px if self.gauged else 0.0)
        return max(1, int((self.room_px - max(self.large_px - card_px, 0.0)) // (card_px + between)))

    def widths(self, rows: int) -> Widths:
        """Return the least widths of cards in so many rows."""
        single = self.full_px if rows == FULL else LEAST_EM * self.em_px
        return Widths(single=single, group=GROUP_EM * self.em_px, gap=self.gap_px, gauge=self.gauge_px, gauged=self.gauged)


def rows_for(units: int, bounds: Bounds) -> int:
    """Return in how many rows cards are written.

    Full where all units are read at ease in one line, one of them large, and a line more of compact ones has room too.
    """
    return FULL if bounds.lines > 1 and units <= bounds.per_line(bounds.full_px) else COMPACT


def planned(
    units: Sequence[Unit], rows: int, bounds: Bounds, wanted: Mapping[str, tuple[float, float]], opened: frozenset[str]
) -> list[list[Piece]]:  # fmt: skip
    """Return the cards line by line. `wanted`: of what stands out the least and the preferred width of its card, the root cause first."""
    lines, widths = (1 if rows == FULL else bounds.lines), bounds.widths(rows)
    back = 1 if opened else 0
    groups = min(lines * bounds.per_line(widths.group), MOST_GROUPS)
    room = Room(singles=max(lines * bounds.per_line(widths.single) - back, 1), groups=max(groups - back, 1))
    runs = folded(units, room, opened)
    found: list[list[Piece]] = []
    for way in (1, 0):
        asked = {unit: min(ways[way], LARGE_SHARE * bounds.room_px) for unit, ways in wanted.items()}
        found = standing(runs, asked, widths, lines=lines, room=bounds.room_px)
        if sum(piece.large for line in found for piece in line) == len(wanted):
            break
    return found
