"""Which shifts a span of time falls into, by local date and number; what lies outside of all is a slot, too. Not for what was made in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from twin_app.plant.calendar import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.model.equipment import Line

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One shift of one day, or what a local day holds outside of all shifts."""

    start_ns: int
    """UTC ns; of a change of the clocks it is as long as it really is."""
    end_ns: int
    day: date
    """The local day on which it starts."""
    number: int
    """From 1, in the layout's order of that day's shifts; 0 is outside of all, or the day itself where there is no calendar."""
    name: str
    """As the layout calls the shift; empty for 0."""

    @property
    def key(self) -> str:
        """Return what `--shift` takes: local day and number."""
        return f"{self.day.isoformat()}/{self.number}"


def slots(line: Line, start_ns: int, end_ns: int) -> tuple[Slot, ...]:
    """Return every slot that [start_ns, end_ns) touches, in order of time; together they cover it.

    Without a calendar a slot is a local day.
    """
    if end_ns <= start_ns:
        return ()
    calendar = Calendar(line)
    first, last = calendar.local_date(start_ns) - 2 * _DAY, calendar.local_date(end_ns)
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    shifts = [slot for day in days for slot in _shifts(calendar, day)]
    found = shifts + [slot for day in days for slot in _outside(calendar, day, shifts)]
    return tuple(sorted(slot for slot in found if slot.end_ns > start_ns and slot.start_ns < end_ns))


def slot_at(line: Line, at_ns: int) -> Slot:
    """Return the slot of an instant; of shifts that overlap the one that began last."""
    return max(slots(line, at_ns, at_ns + 1))


def _shifts(calendar: Calendar, day: date) -> Iterator[Slot]:
    """Yield the shifts that start on a local day."""
    number = 1
    while (found := calendar.named(day, number)) is not None:
        name, start_ns, end_ns = found
        yield Slot(start_ns, end_ns, day, number, name)
        number += 1


def _outside(calendar: Calendar, day: date, shifts: list[Slot]) -> Iterator[Slot]:
    """Yield the stretches of a local day in which there is no shift."""
    at_ns, end_ns = calendar.day(day)
    for shift in sorted(shifts):
        if shift.end_ns > at_ns and shift.start_ns < end_ns:
            if shift.start_ns > at_ns:
                yield Slot(at_ns, shift.start_ns, day, 0, "")
            at_ns = shift.end_ns
    if at_ns < end_ns:
        yield Slot(at_ns, end_ns, day, 0, "")
