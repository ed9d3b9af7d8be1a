"""Whether the shifts of a week fit: none over another, every break inside its shift. Not for time zones or real days: see `plant`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import time

    from twin_app.layout.findings import At
    from twin_app.model.equipment import Shift

DAY_S = 86_400
WEEK_S = 7 * DAY_S
_DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def check_shifts(shifts: Sequence[Shift], at: At) -> None:
    """Report shifts that overlap in the week, and breaks that leave their shift or overlap."""
    sound = [(i, shift) for i, shift in enumerate(shifts) if at.into(i).is_sound()]
    for i, shift in sound:
        _check_breaks(shift, at.into(i))
    for (_, first), (i, second) in itertools.combinations(sound, 2):
        day = _meeting_day(first, second)
        if day is not None:
            sentence = tr('found that it meets "{first}" on {day}; shifts must not overlap', first=first.name, day=_DAY_NAMES[day])
            at.into(i).report(sentence)


def _meeting_day(first: Shift, second: Shift) -> int | None:
    """Return the day on which the later of two overlapping shifts starts (the week is a ring), None where they never meet."""
    for one, other in itertools.product(_starts_s(first), _starts_s(second)):
        if (other - one) % WEEK_S < _length_s(first):
            return other // DAY_S
        if (one - other) % WEEK_S < _length_s(second):
            return one // DAY_S
    return None


def _check_breaks(shift: Shift, at: At) -> None:
    """Report breaks outside their shift, and breaks that overlap."""
    start, length = _second_of_day(shift.start), _length_s(shift)
    spans = []
    for i, pause in enumerate(shift.breaks):
        begin = (_second_of_day(pause.start) - start) % DAY_S
        end = begin + (_second_of_day(pause.end) - _second_of_day(pause.start)) % DAY_S
        if begin == end or end > length:
            at.into("breaks", i).report(
                tr(
                    "found {start} to {end}; allowed: a span within the shift, {first} to {last}",
                    start=pause.start,
                    end=pause.end,
                    first=shift.start,
                    last=shift.end,
                )
            )
        spans.append((begin, end, i))
    for (_, end, _), (begin, _, i) in itertools.pairwise(sorted(spans)):
        if begin < end:
            at.into("breaks", i).report(
                tr("found a start at {start} before another break has ended; breaks must not overlap", start=shift.breaks[i].start)
            )


def _starts_s(shift: Shift) -> list[int]:
    """Return when a shift starts, in seconds from Monday 00:00."""
    return [day * DAY_S + _second_of_day(shift.start) for day in set(shift.days)]


def _length_s(shift: Shift) -> int:
    """Return how long a shift lasts on a day without a change of the clock; an end at its start is a whole day."""
    return (_second_of_day(shift.end) - _second_of_day(shift.start)) % DAY_S or DAY_S


def _second_of_day(moment: time) -> int:
    """Return the second of the day, 0 to 86,399."""
    return moment.hour * 3600 + moment.minute * 60 + moment.second
