"""Where units stood by themselves, and where nobody knew what they did: the stretches that a shift is talked about by. Not for wording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from twin_app.alarms.words import alarm_text
from twin_app.clock import SECOND_NS
from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.model.timeline import BLIND_STATE
from twin_app.session.stops import LEAST_STOP_S, grave, runs, stands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from twin_app.model.alarm import AlarmReport
    from twin_app.model.equipment import Line
    from twin_app.model.timeline import Intervals
    from twin_app.session.stops import Row

LEAST_GAP_S = 5.0


class Stretch(NamedTuple):
    """One interval of a unit's timeline."""

    start_ns: int
    end_ns: int
    state: State | None
    category: Category


@dataclass(frozen=True, slots=True)
class Stop:
    """One stretch in which a unit stood by itself, through however many states."""

    unit: str
    start_ns: int
    end_ns: int
    state: State | None
    """The gravest it went through, of these the longest."""
    alarm: str
    """What the unit's first alarm of the stop said; empty: it said nothing."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which nobody knew what a unit did."""

    unit: str
    start_ns: int
    end_ns: int


def stretches(intervals: Intervals) -> list[Stretch]:
    """Return a timeline's intervals one by one."""
    starts = intervals.start_ns.tolist()
    ends = [*starts[1:], intervals.end_ns][: len(starts)]
    states = [None if code == BLIND_STATE else State(code) for code in intervals.state.tolist()]
    categories = [CATEGORIES[code] for code in intervals.category.tolist()]
    return [Stretch(*row) for row in zip(starts, ends, states, categories, strict=True)]


def stops(line: Line, unit: str, rows: Sequence[Row], alarms: AlarmReport) -> Iterator[Stop]:
    """Yield the stretches in which a unit stood by itself, those of `LEAST_STOP_S` and more; `rows` are its intervals in order of time."""
    for stretch in runs(rows, stands):
        start_ns, end_ns = stretch[0].start_ns, stretch[-1].end_ns
        if end_ns - start_ns >= LEAST_STOP_S * SECOND_NS:
            gravest = max(stretch, key=lambda row: (grave(row.state), row.end_ns - row.start_ns))
            yield Stop(unit, start_ns, end_ns, gravest.state, _said(line, unit, start_ns, end_ns, alarms))


def unknown(row: Row) -> bool:
    """Tell whether nobody knows an interval's state."""
    return row.state is None


def gaps(unit: str, rows: Sequence[Row]) -> Iterator[Gap]:
    """Yield the stretches in which nobody knew what a unit did, those of `LEAST_GAP_S` and more."""
    for stretch in runs(rows, unknown):
        if stretch[-1].end_ns - stretch[0].start_ns >= LEAST_GAP_S * SECOND_NS:
            yield Gap(unit, stretch[0].start_ns, stretch[-1].end_ns)


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans as ascending ones that lie apart."""
    found: list[tuple[int, int]] = []
    for start_ns, end_ns in sorted(spans):
        if found and start_ns <= found[-1][1]:
            found[-1] = found[-1][0], max(end_ns, found[-1][1])
        else:
            found.append((start_ns, end_ns))
    return found


def _said(line: Line, unit: str, start_ns: int, end_ns: int, alarms: AlarmReport) -> str:
    """Return the text of a unit's first alarm of a stop."""
    own = (t for t in alarms.transitions if t.shown and t.alarm.unit == unit and start_ns - 2 * SECOND_NS <= t.at_ns <= end_ns)
    first = next(own, None)
    return alarm_text(line, first.alarm, first.detail) if first else ""
