"""Why a line stands or is slow at an instant: from each unit that waits along the flow to the one it waits for. Not for wording.

A unit that is starved waits for those that feed it, a blocked one for those it feeds; who waits for somebody that waits in the
same direction waits for that one's cause. What stands by itself is a cause, whether or not anybody waits yet: so a stop is told
at once, and its consequences as they come. Short waits in a line that flows have no cause but the pace, and none is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.model.packml import Category
from twin_app.model.story import Cause, CauseKind, Effect

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.timeline import UnitNow

STANDS = {
    Category.FAILURE: CauseKind.FAILED, Category.INTERNAL_STOP: CauseKind.STOPPED, Category.MINOR_STOP: CauseKind.STOPPED,
    Category.TRANSITION: CauseKind.STOPPED, Category.SETUP: CauseKind.SETUP, Category.BLIND: CauseKind.SILENT,
}  # fmt: skip
"""What a unit that stands by itself is the cause of."""
EITHER_SIDE = frozenset({Category.EXTERNAL, Category.WAITING})
"""Waits whose side the machine does not say."""
LOOKS_UP = EITHER_SIDE | {Category.STARVED}
LOOKS_DOWN = EITHER_SIDE | {Category.BLOCKED}
SLOW_SHARE = 0.9
"""A line whose constraint makes less than this share of its ideal rate is slow."""
_RANK = {kind: rank for rank, kind in enumerate(CauseKind)}
WAITS_LITTLE = 0.25
"""Who waits for less than this share of the time, while the line is slow, is who it waits for."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Who feeds whom, both ways, and everybody in the order of the flow."""

    order: tuple[str, ...]
    feeders: Mapping[str, tuple[str, ...]]
    fed: Mapping[str, tuple[str, ...]]

    def beside(self, name: str) -> tuple[str, ...]:
        """Return a unit and those parallel to it: fed by the same and feeding the same."""
        return tuple(n for n in self.order if self.feeders[n] == self.feeders[name] and self.fed[n] == self.fed[name])

    @classmethod
    def of(cls, line: Line) -> Graph:
        """Return the flow graph of a line."""
        order = tuple(unit.id for unit in line.flow_order)
        fed = {unit.id: tuple(feed.to for feed in unit.feeds if feed.to in order) for unit in line.units}
        feeders = {name: tuple(other for other in order if name in fed[other]) for name in order}
        return cls(order, feeders, fed)


def causes(graph: Graph, units: Mapping[str, UnitNow]) -> tuple[Cause, ...]:
    """Return every cause among the units at an instant with who waits for it, in the order of the flow. A planned stop is none."""
    starved: dict[tuple[str, CauseKind], list[str]] = {}
    blocked: dict[tuple[str, CauseKind], list[str]] = {}
    for name in graph.order:
        category = units[name].category
        if category in STANDS:
            starved.setdefault((name, STANDS[category]), [])
        for looks, links, kind, waiting in (
            (LOOKS_UP, graph.feeders, CauseKind.SUPPLY, starved),
            (LOOKS_DOWN, graph.fed, CauseKind.OUTLET, blocked),
        ):
            if category in looks:
                end = None if category in EITHER_SIDE else kind
                for root in _roots(name, links, looks, units, end):
                    waiting.setdefault(root, []).append(name)
    roots = {**starved, **blocked}
    return tuple(
        Cause(
            unit=unit, kind=kind, since_ns=units[unit].since_ns, state=units[unit].state,
            starved=tuple(n for n in starved.get((unit, kind), ()) if n != unit),
            blocked=tuple(n for n in blocked.get((unit, kind), ()) if n != unit),
        )
        for unit, kind in sorted(roots, key=lambda root: graph.order.index(root[0]))
    )  # fmt: skip


def _roots(
    name: str, links: Mapping[str, tuple[str, ...]], looks: frozenset[Category], units: Mapping[str, UnitNow], end: CauseKind | None
) -> list[tuple[str, CauseKind]]:
    """Return for whom a waiting unit waits in one direction; `end`: what it is called if the line ends with one that waits."""
    found: list[tuple[str, CauseKind]] = []
    seen, ahead = {name}, [name]
    while ahead:
        waiting = ahead.pop()
        if not links[waiting] and end is not None:
            found.append((waiting, end))
        for other in links[waiting]:
            category = units[other].category
            if category in STANDS:
                found.append((other, STANDS[category]))
            elif category in looks and other not in seen:
                ahead.append(other)
            seen.add(other)
    return list(dict.fromkeys(found))


def by_weight(line: Line, found: Iterable[Cause]) -> tuple[Cause, ...]:
    """Return causes with the one first that matters most: who stops the constraint, then who keeps most waiting, then the oldest."""
    return tuple(sorted(found, key=lambda cause: _weight(line, cause)))


def _weight(line: Line, cause: Cause) -> tuple[bool, bool, int, int, int]:
    """Return what causes are put in order by; who is only slow, or not heard, comes behind whoever is known to stand."""
    return (
        not _reaches(line, cause),
        cause.kind in {CauseKind.SLOW, CauseKind.SILENT},
        -len(cause.waiting),
        _RANK[cause.kind],
        cause.since_ns,
    )


def _reaches(line: Line, cause: Cause) -> bool:
    """Tell whether a cause keeps the constraint from running."""
    return line.constraint == cause.unit or line.constraint in cause.waiting


def effect(line: Line, cause: Cause, units: Mapping[str, UnitNow]) -> Effect:
    """Return what a cause does to the line: it stands where the constraint and every last unit stand."""
    if not _reaches(line, cause):
        return Effect.BUFFERED
    if cause.kind is CauseKind.SILENT:
        return Effect.UNKNOWN
    ends = (line.constraint, *(unit.id for unit in line.last_units))
    standing = all(units[name].category is not Category.PRODUCTION for name in ends)
    return Effect.STOPPED if standing else Effect.SLOWED


def slow(waits: Mapping[str, float], paces: Mapping[str, float], room: Mapping[str, float], constraint_share: float) -> str | None:
    """Return the unit a running line waits for, None where the line is not slow or nobody stands out.

    `waits` is each unit's share of recent time spent waiting, `paces` its effectiveness while it ran, `room` what it and those
    beside it could make at their paces, as a share of the constraint's ideal rate, `constraint_share` what the constraint made of
    that; NaN unknown: never slow. It is the slowest of those that are too slow for the line and hardly wait: while a bottleneck works on, those before it are blocked and those behind it
    starved (turning point: L. Li, Q. Chang, J. Ni, Int. J. of Production Research 47 (2009) 5019).
    """
    if not constraint_share < SLOW_SHARE:
        return None
    tight = (name for name, share in room.items() if share < SLOW_SHARE and waits[name] < WAITS_LITTLE)
    return min(tight, key=paces.__getitem__, default=None)
