"""Which units stand out of their run as large cards, and in which line every card stands: plain arithmetic. Not for drawing."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from twin_app.model.equipment import Unit
    from ui.strip.folding import Run

CAPS = 24
"""So many widths of a line are tried to find lines of about the same."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one card shows: a unit, or those of a run that do not stand out of it."""

    units: tuple[Unit, ...]
    run: Run
    large: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """How wide cards have to be at least, in pixels; `gauged`: the units before which a gauge stands."""

    single: float
    group: float
    gap: float
    gauge: float = 0.0
    gauged: frozenset[str] = frozenset()

    def card(self, units: int) -> float:
        """Return what the card of so many units needs that do not stand out."""
        return self.single if units == 1 else self.group

    def of(self, piece: Piece, wanted: Mapping[str, float]) -> float:
        """Return what a card needs, its gauge included."""
        first = piece.units[0].id
        own = wanted[first] if piece.large else self.card(len(piece.units))
        return own + (self.gauge if first in self.gauged else 0.0)

    def of_line(self, line: Iterable[Piece], wanted: Mapping[str, float]) -> float:
        """Return what the cards of a line need side by side."""
        needed = [self.of(piece, wanted) + self.gap for piece in line]
        return sum(needed) - self.gap


def standing(runs: Sequence[Run], wanted: Mapping[str, float], widths: Widths, *, lines: int, room: float) -> list[list[Piece]]:
    """Return the cards line by line: as many of `wanted` large as find room, in its order, the others where they were.

    `wanted` says how wide the card of a unit that stands out has to be. Cards stay in their line where what stands out finds room there;
    else all lines are broken anew.
    """
    per_line = ceil(len(runs) / max(lines, 1))
    kept = [list(runs[i : i + per_line]) for i in range(0, len(runs), per_line)]
    large = _fitting(kept, wanted, widths, room)
    if len(large) < len(wanted):
        ranked = list(wanted)
        for count in range(len(ranked), len(large), -1):
            broken = _broken(_pieces(runs, ranked[:count]), wanted, widths, lines=lines, room=room)
            if broken is not None:
                return broken
    return [_pieces(line, large) for line in kept]


def shares(least: Sequence[float], weights: Sequence[float], room: float) -> list[float]:
    """Return widths that fill the room by their weights, none below its least; where even those find no room all shrink alike."""
    if sum(least) >= room:
        return [width * room / sum(least) for width in least]
    fixed: set[int] = set()
    while True:
        free = [i for i in range(len(least)) if i not in fixed]
        share = (room - sum(least[i] for i in fixed)) / max(sum(weights[i] for i in free), 1e-9)
        short = {i for i in free if weights[i] * share < least[i]}
        if not short:
            return [least[i] if i in fixed else weights[i] * share for i in range(len(least))]
        fixed |= short


def between(least: Sequence[float], liked: Sequence[float], room: float) -> list[float]:
    """Return widths as far from the least to the liked as there is room for, all by the same part of the way."""
    way = sum(liked) - sum(least)
    part = min(max((room - sum(least)) / way, 0.0), 1.0) if way > 0 else 1.0
    return [low + (high - low) * part for low, high in zip(least, liked, strict=True)]


def _fitting(lines: list[list[Run]], wanted: Mapping[str, float], widths: Widths, room: float) -> list[str]:
    """Return which units find room as large cards in the lines where they stand; the first always does."""
    large: list[str] = []
    for unit in wanted:
        line = next(line for line in lines if any(unit == one.id for run in line for one in run.units))
        if not large or widths.of_line(_pieces(line, [*large, unit]), wanted) <= room:
            large.append(unit)
    return large


def _pieces(runs: Iterable[Run], large: Iterable[str]) -> list[Piece]:
    """Return the cards of some runs: behind the card of each those that stand out of it, along the flow."""
    found, out = list[Piece](), set(large)
    for run in runs:
        rest = tuple(unit for unit in run.units if unit.id not in out)
        found += [Piece(rest, run)] if rest else []
        found += [Piece((unit,), run, large=True) for unit in run.units if unit.id in out]
    return found


def _broken(
    pieces: Sequence[Piece], wanted: Mapping[str, float], widths: Widths, *, lines: int, room: float
) -> list[list[Piece]] | None:  # fmt: skip
    """Return the cards in so many lines of about the same width; None where they find no room."""
    whole = widths.of_line(pieces, wanted)
    if whole > lines * room:
        return None
    for step in range(CAPS + 1):
        least = min(whole / lines, room)
        found = _filled(pieces, wanted, widths, least + (room - least) * step / CAPS)
        if len(found) <= lines and all(widths.of_line(line, wanted) <= room for line in found):
            return found
    return None


def _filled(pieces: Sequence[Piece], wanted: Mapping[str, float], widths: Widths, cap: float) -> list[list[Piece]]:
    """Return the cards in lines that end before they are wider than `cap`."""
    found: list[list[Piece]] = []
    used = inf
    for piece in pieces:
        width = widths.of(piece, wanted)
        if used + widths.gap + width > cap:
            found.append([])
            used = -widths.gap
        found[-1].append(piece)
        used += widths.gap + width
    return found
