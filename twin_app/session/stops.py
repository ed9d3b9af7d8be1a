"""The stops of units with what the machines said and what people say of them. Not for entering reasons: see `entries`."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from typing import TYPE_CHECKING, Protocol, TypeVar

from twin_app.analyse.cause import STANDS
from twin_app.clock import SECOND_NS
from twin_app.model.entry import Entry, EntryKind, in_force
from twin_app.model.packml import Category, State
from twin_app.model.reason import Stop, proposed
from twin_app.plant.declared import Painted
from twin_app.session.reasons import machine_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from twin_app.model.kpi import Spent
    from twin_app.session.known import Known

LEAST_STOP_S = 10.0
"""Shorter ones are too many to talk about; their time is among the losses."""
_GRAVE = {State.ABORTED: 3, State.HELD: 2, State.STOPPED: 1}
_ON_ITS_OWN = frozenset(STANDS) - {Category.BLIND} | {Category.MINOR_STOP}


class Row(Protocol):
    """One interval of a unit: `model.kpi.Spent`, or one of a timeline."""

    @property
    def start_ns(self) -> int:
        """Return when it begins, UTC ns."""
        ...

    @property
    def end_ns(self) -> int:
        """Return when it ends."""
        ...

    @property
    def state(self) -> State | None:
        """Return the state, None: nobody knows."""
        ...

    @property
    def category(self) -> Category:
        """Return what the time counts as."""
        ...


R = TypeVar("R", bound=Row)


def stops(known: Known, start_ns: int, end_ns: int) -> list[Stop]:
    """Return the stops of all units in [start_ns, end_ns), by when they begin; each as long as it is within the window."""
    reasons = [entry for entry in in_force(known.told) if entry.kind is EntryKind.REASON]
    found: list[Stop] = []
    for unit in known.line.flow_order:
        own = [entry for entry in reasons if entry.unit == unit.id]
        for stretch in runs(known.spent(unit.id, start_ns, end_ns), stands):
            if stretch[-1].end_ns - stretch[0].start_ns >= LEAST_STOP_S * SECOND_NS:
                found += _parts(known, unit.id, stretch, own)
    return sorted(found, key=lambda stop: (stop.start_ns, stop.unit))


def stands(row: Row) -> bool:
    """Tell whether a unit stands by itself in an interval."""
    return row.category in _ON_ITS_OWN


def grave(state: State | None) -> int:
    """Return how grave a state is among those a unit stands in, 0 for the others."""
    return 0 if state is None else _GRAVE.get(state, 0)


def _parts(known: Known, unit: str, stretch: Sequence[Spent], reasons: Sequence[Entry]) -> Iterator[Stop]:
    """Yield a stop, cut where people gave its parts different reasons."""
    start_ns, end_ns = stretch[0].start_ns, stretch[-1].end_ns
    said = machine_reason(known, unit, start_ns, end_ns)
    painted: Painted[Entry] = Painted()
    for entry in reasons:
        until_ns = end_ns if entry.end_ns is None and start_ns <= entry.start_ns < end_ns else entry.end_ns or entry.start_ns
        painted.paint(entry.start_ns, until_ns, entry)
    edges = [start_ns, *(at for at in painted.starts if start_ns < at < end_ns), end_ns]
    for a, b in itertools.pairwise(edges):
        entry_now = painted.values[bisect_right(painted.starts, a) - 1]
        rows = [row for row in stretch if row.start_ns < b and row.end_ns > a]
        gravest = max(rows, key=lambda row: (grave(row.state), min(row.end_ns, b) - max(row.start_ns, a)))
        yield Stop(
            unit=unit, start_ns=a, end_ns=b, state=gravest.state, said=said, proposed=proposed(known.line.reason_tree, said), part=len(edges) > 2,  # noqa: PLR2004 - the stop's own two
            reason=entry_now.reason if entry_now else "", note=entry_now.note if entry_now else "", who=entry_now.who if entry_now else "",
            entry=entry_now.id if entry_now else "",
        )  # fmt: skip


def runs(rows: Iterable[R], picks: Callable[[R], bool]) -> Iterator[list[R]]:
    """Yield runs of rows that are picked, one behind the other."""
    run: list[R] = []
    for row in rows:
        if picks(row):
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run
