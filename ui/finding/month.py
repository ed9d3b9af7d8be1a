"""A month of shifts: which stands in which week and column, and where a key leads. No Qt, no painting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from twin_app.finding.summary import Summary

DAYS = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday to Sunday that hold all days of a month, and the shifts that start on each day."""

    first: date
    """The first of the month."""
    summaries: tuple[Summary, ...] = ()
    """All there are, of whatever month, in order of time."""

    @classmethod
    def of(cls, day: date, summaries: Iterable[Summary] = ()) -> Month:
        """Return the month of a day."""
        return cls(day.replace(day=1), tuple(summaries))

    @property
    def weeks(self) -> tuple[tuple[date, ...], ...]:
        """Return the days of each week."""
        start = self.first - self.first.weekday() * _DAY
        found = []
        while start < self.after:
            found.append(tuple(start + n * _DAY for n in range(DAYS)))
            start += DAYS * _DAY
        return tuple(found)

    @property
    def after(self) -> date:
        """Return the first of the next month."""
        return (self.first + 31 * _DAY).replace(day=1)

    def on(self, day: date) -> tuple[Summary, ...]:
        """Return the shifts that start on a day."""
        return tuple(summary for summary in self.summaries if summary.slot.day == day)

    @property
    def shown(self) -> tuple[Summary, ...]:
        """Return the shifts that start in the month."""
        return tuple(summary for summary in self.summaries if self.first <= summary.slot.day < self.after)

    def turned(self, months: int) -> Month:
        """Return another month, so many later."""
        number = self.first.year * 12 + self.first.month - 1 + months
        return Month(date(number // 12, number % 12 + 1, 1), self.summaries)

    def beside(self, summary: Summary, step: int) -> Summary:
        """Return the shift so many before or behind one, the same at the ends."""
        number = min(max(self.summaries.index(summary) + step, 0), len(self.summaries) - 1)
        return self.summaries[number]

    def across(self, summary: Summary, days: int) -> Summary:
        """Return the shift of the same place in the nearest day that has any, in the direction of `days` and at least so far away."""
        here = self.on(summary.slot.day)
        place = here.index(summary)
        wanted = summary.slot.day + days * _DAY
        there = [one.slot.day for one in self.summaries if (one.slot.day >= wanted if days > 0 else one.slot.day <= wanted)]
        if not there:
            return summary
        row = self.on(min(there) if days > 0 else max(there))
        return row[min(place, len(row) - 1)]


def near(summaries: Sequence[Summary], at_ns: int) -> Summary | None:
    """Return the shift of an instant, else the last one before it, else the first."""
    before = [summary for summary in summaries if summary.slot.start_ns <= at_ns]
    return before[-1] if before else next(iter(summaries), None)
