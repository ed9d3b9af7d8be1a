"""Whether an alarm's condition holds, as a function of time: verdicts with deadband, then delays. Not for what is judged: see `conditions`.

What is not known is no verdict: the last one goes on, so that a lost link neither raises nor clears an alarm.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import TYPE_CHECKING

from twin_app.plant.track import FAR_FUTURE

if TYPE_CHECKING:
    from collections.abc import Sequence

Judge = Callable[[float, bool], bool | None]
"""What a value means, given the verdict so far: in alarm, not, or None where it says nothing."""


class Switch:
    """Yes or no from each change on, no since ever. Any part may be judged anew; the rest stays, to the same bits as from scratch."""

    __slots__ = ("_judge", "_off_ns", "_on_ns", "_raw", "_raw_times", "times", "values")

    def __init__(self, judge: Judge, *, on_ns: int = 0, off_ns: int = 0) -> None:
        """Start with no; a verdict counts once it has lasted for `on_ns` (yes) or `off_ns` (no)."""
        self._judge, self._on_ns, self._off_ns = judge, on_ns, off_ns
        self._raw_times: list[int] = []
        self._raw: list[bool] = []
        self.times: list[int] = []
        """When it changes, ascending, UTC ns; a change may lie ahead, where a delay runs."""
        self.values: list[bool] = []
        """What it is from each change on: yes, no, yes, ..."""

    def at(self, at_ns: int) -> bool:
        """Return what it is at an instant."""
        row = bisect_left(self.times, at_ns + 1)
        return row > 0 and self.values[row - 1]

    def rewrite(self, from_ns: int, times: Sequence[int], values: Sequence[float]) -> int | None:
        """Judge every value from an instant on anew (m ascending instants, none before `from_ns`).

        Returns:
            From when on it differs, None where it is the same function.
        """
        keep = bisect_left(self._raw_times, from_ns)
        self._cut(keep)
        judge, raw = self._judge, self._raw[-1] if keep else False
        for at_ns, value in zip(times, values, strict=True):
            verdict = judge(value, raw)
            if verdict is not None and verdict is not raw:
                self._raw_times.append(at_ns)
                self._raw.append(verdict)
                raw = verdict
        return self._delay(from_ns, max(keep - 1, 0))

    def _cut(self, keep: int) -> None:
        """Forget verdicts from a row on."""
        del self._raw_times[keep:], self._raw[keep:]

    def _delay(self, from_ns: int, first: int) -> int | None:
        """Let verdicts from a row on count once they have lasted; return from when on that differs."""
        row = bisect_left(self.times, from_ns)
        old = self.times[row:], self.values[row:]
        del self.times[row:], self.values[row:]
        now = self.values[-1] if self.values else False
        ends = [*self._raw_times[first + 1 :], FAR_FUTURE]
        for begin, verdict, end in zip(self._raw_times[first:], self._raw[first:], ends, strict=False):
            at_ns = begin + (self._on_ns if verdict else self._off_ns)
            # Before `from_ns` it stands already, or came to nothing.
            if from_ns <= at_ns < end and verdict is not now:
                self.times.append(at_ns)
                self.values.append(verdict)
                now = verdict
        return _first_difference(old, (self.times[row:], self.values[row:]))


class AnyOf:
    """Yes while any of some switches is."""

    __slots__ = ("_parts", "times", "values")

    def __init__(self, parts: Sequence[Switch]) -> None:
        """Start with no, as its parts do."""
        self._parts = tuple(parts)
        self.times: list[int] = []
        self.values: list[bool] = []

    def at(self, at_ns: int) -> bool:
        """Return what it is at an instant."""
        row = bisect_left(self.times, at_ns + 1)
        return row > 0 and self.values[row - 1]

    def follow(self, from_ns: int) -> int | None:
        """Follow parts that differ from an instant on; return from when on it differs, None where it does not."""
        row = bisect_left(self.times, from_ns)
        old = self.times[row:], self.values[row:]
        del self.times[row:], self.values[row:]
        for at_ns in sorted({at for part in self._parts for at in part.times[bisect_left(part.times, from_ns) :]}):
            value = any(part.at(at_ns) for part in self._parts)
            if value is not (self.values[-1] if self.values else False):
                self.times.append(at_ns)
                self.values.append(value)
        return _first_difference(old, (self.times[row:], self.values[row:]))


def _first_difference(old: tuple[list[int], list[bool]], new: tuple[list[int], list[bool]]) -> int | None:
    """Return the first instant at which two tails differ, None where they are equal."""
    for old_ns, new_ns, before, after in zip(*_pairs(old, new), strict=True):
        if (old_ns, before) != (new_ns, after):
            return min(old_ns, new_ns)
    n = min(len(old[0]), len(new[0]))
    return next((times[n] for times, _ in (old, new) if len(times) > n), None)


def _pairs(old: tuple[list[int], list[bool]], new: tuple[list[int], list[bool]]) -> tuple[list[int], list[int], list[bool], list[bool]]:
    """Return the rows that both tails have."""
    n = min(len(old[0]), len(new[0]))
    return old[0][:n], new[0][:n], old[1][:n], new[1][:n]
