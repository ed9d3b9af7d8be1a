"""Moments of a recording: when a unit was in a state for long, an alarm stood, a value passed a bound. Not for typing what is wanted."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin_app.alarms.words import alarm_text
from twin_app.finding.slots import slots
from twin_app.finding.stops import merged, stretches, unknown
from twin_app.finding.wanted import signals_of
from twin_app.model.alarm import Why
from twin_app.model.packml import STATE_WORDS
from twin_app.model.samples import Kind, Quality
from twin_app.session.reasons import reason
from twin_app.session.stops import runs, stands
from twin_app.text import N_, number, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from twin_app.finding.slots import Slot
    from twin_app.finding.stops import Stretch
    from twin_app.finding.wanted import Bound, Wanted
    from twin_app.model.historian import Series
    from twin_app.session.known import Known

_SIGNS: dict[str, Callable[[NDArray[np.float64], float], NDArray[np.bool_]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
_GOOD = (int(Kind.NUMBER), int(Kind.BOOL))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that was searched for."""

    at_ns: int
    end_ns: int
    unit: str
    """Id of the unit, `@source` where an alarm is of a whole source."""
    what: str
    """The state, the alarm or the value, worded."""
    why: str
    """What the unit said of it, in its own words; empty where it did not."""
    slot: Slot | None
    """The shift it began in."""
    open: bool = False
    """Whether it lasts beyond what is searched."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A stretch that one of the conditions holds in."""

    unit: str
    start_ns: int
    end_ns: int
    what: str
    asks_why: bool = False


def search(known: Known, wanted: Wanted, start_ns: int, end_ns: int) -> tuple[Moment, ...]:
    """Return every moment of [start_ns, end_ns) in which all that is wanted holds, in order of time.

    A moment is as long as its state, alarm or value lasted within the span. Where several conditions are given, it is that of the
    first (state, then alarm, then value), and counts where the others hold at some instant of it.

    Raises:
        UsageError: the recording knows no signal of the name that is searched for.
    """
    kinds = [list(find(known, wanted, start_ns, end_ns)) for find, asked in _finders(wanted) if asked]
    first, *others = kinds
    found = [one for one in first if one.end_ns - one.start_ns >= wanted.longer_ns and all(_meets(one, other) for other in others)]
    places = slots(known.line, start_ns, end_ns)
    moments = [_moment(known, one, places, end_ns) for one in sorted(found, key=lambda one: (one.start_ns, one.unit))]
    return tuple(moment for moment in moments if wanted.reason.casefold() in moment.why.casefold())


def _finders(wanted: Wanted) -> tuple[tuple[Callable[[Known, Wanted, int, int], Iterator[_Found]], bool], ...]:
    """Return who finds what, and whether it is asked for."""
    return (_states, wanted.by_state), (_alarms, bool(wanted.alarm)), (_values, wanted.value is not None)


def _units(known: Known, wanted: Wanted) -> list[str]:
    """Return the units that are searched."""
    return [unit.id for unit in known.line.flow_order if wanted.unit in {"", unit.id}]


def _states(known: Known, wanted: Wanted, start_ns: int, end_ns: int) -> Iterator[_Found]:
    """Yield the stretches in which a unit is in the state that is searched for."""
    for unit in _units(known, wanted):
        for run in runs(stretches(known.timeline(unit, start_ns, end_ns)), _picks(wanted)):
            yield _Found(unit, run[0].start_ns, run[-1].end_ns, _words(run, wanted), asks_why=not wanted.no_data)


def _picks(wanted: Wanted) -> Callable[[Stretch], bool]:
    """Return what tells whether an interval is of the state that is searched for."""
    if wanted.state is not None:
        return lambda row: row.state is wanted.state
    return unknown if wanted.no_data else stands


def _words(run: Sequence[Stretch], wanted: Wanted) -> str:
    """Return the state of a stretch, of several the longest."""
    longest = max(run, key=lambda row: row.end_ns - row.start_ns)
    return tr(NO_DATA_WORDS) if wanted.no_data or longest.state is None else tr(STATE_WORDS[longest.state])


NO_DATA_WORDS = N_("No data")


def _alarms(known: Known, wanted: Wanted, start_ns: int, end_ns: int) -> Iterator[_Found]:
    """Yield from when an alarm occurred until it returned; only those that somebody was shown."""
    begun: dict[str, tuple[int, str]] = {}
    for row in known.alarms.transitions(start_ns, end_ns):
        text = alarm_text(known.line, row.alarm, row.detail)
        if row.shown and wanted.unit in {"", row.alarm.unit} and _in(wanted.alarm, text, row.alarm.key):
            begun.setdefault(row.alarm.key, (row.at_ns, text))
        elif row.why is Why.RETURNS and row.alarm.key in begun:
            at_ns, said = begun.pop(row.alarm.key)
            yield _Found(row.alarm.unit, at_ns, row.at_ns, said)
    for key, (at_ns, said) in begun.items():
        yield _Found(key.rpartition("/")[0], at_ns, end_ns, said)


def _in(wanted: str, *texts: str) -> bool:
    """Tell whether something is a part of one of the texts."""
    return any(wanted.casefold() in text.casefold() for text in texts)


def _values(known: Known, wanted: Wanted, start_ns: int, end_ns: int) -> Iterator[_Found]:
    """Yield the stretches in which a signal's value is known to lie where it is searched for."""
    bound = wanted.value
    assert bound is not None  # noqa: S101 - asked only then
    for unit, signal in signals_of(known.signals, wanted):
        series = known.range(signal, start_ns, end_ns, 0)
        dark = (
            [(row.start_ns, row.end_ns) for row in stretches(known.timeline(unit, start_ns, end_ns)) if row.state is None]
            if _is_unit(known, unit)
            else []
        )
        for first_ns, last_ns, extreme in _held(series, bound, (start_ns, end_ns)):
            for a_ns, b_ns in _without(first_ns, last_ns, dark):
                yield _Found(
                    unit,
                    a_ns,
                    b_ns,
                    f"{known.signals[signal].name} {bound.sign} {number(bound.number, 3).rstrip('0').rstrip('.')} ({extreme:g})",
                )


def _is_unit(known: Known, unit: str) -> bool:
    """Tell whether a signal is of a unit of the line."""
    return any(one.id == unit for one in known.line.units)


def _held(series: Series, bound: Bound, span: tuple[int, int]) -> Iterator[tuple[int, int, float]]:
    """Yield start, end and furthest value of every stretch in which samples say that the bound is met."""
    times = np.clip(series.times_ns, *span)
    with np.errstate(invalid="ignore"):
        met = _SIGNS[bound.sign](series.value, bound.number) & np.isin(series.kind, _GOOD) & (series.quality == int(Quality.GOOD))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], met, [False]))))
    ends = np.append(times, span[1])
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        values = series.value[first:last]
        furthest = values.min() if bound.sign.startswith("<") else values.max()
        if ends[last] > times[first]:
            yield int(times[first]), int(ends[last]), float(furthest)


def _without(start_ns: int, end_ns: int, dark: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what is left of a stretch outside of spans in which nobody knows."""
    for dark_ns, light_ns in merged(dark):
        if light_ns > start_ns and dark_ns < end_ns:
            if dark_ns > start_ns:
                yield start_ns, dark_ns
            start_ns = light_ns
    if start_ns < end_ns:
        yield start_ns, end_ns


def _meets(one: _Found, others: Sequence[_Found]) -> bool:
    """Tell whether something else holds at some instant of a stretch, of the same unit."""
    return any(other.unit == one.unit and other.start_ns < one.end_ns and other.end_ns > one.start_ns for other in others)


def _moment(known: Known, found: _Found, places: Sequence[Slot], end_ns: int) -> Moment:
    """Return a stretch as a moment, with what the unit said and the shift it began in."""
    why = reason(known, found.unit, found.start_ns, found.end_ns) if found.asks_why else ""
    slot = next((one for one in reversed(places) if one.start_ns <= found.start_ns < one.end_ns), None)
    return Moment(
        at_ns=found.start_ns, end_ns=found.end_ns, unit=found.unit, what=found.what, why=why, slot=slot, open=found.end_ns >= end_ns
    )  # fmt: skip
