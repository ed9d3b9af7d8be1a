"""A span of the past in memory, by signal and time: what was in force at an instant and what a signal said. Not for reading files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from twin_app.history.ordering import settled_ties
from twin_app.history.snapshot import MARKS, MESSAGE, NOTHING, QUALITY_SHIFT, VALUE, View, forget, never_heard, padded
from twin_app.model.historian import Latest
from twin_app.model.samples import NEVER, Samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WIDEST = 2**62
Numbers = Callable[[], "NDArray[np.int64]"]


class Made(Protocol):
    """A part of a column that is made when asked for: all of it, or what stands in some places, ascending and each once."""

    def all(self) -> NDArray[Any]:
        """Return all of it."""
        ...

    def at(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        """Return what stands in those places."""
        ...


class Parts:
    """A column in parts behind each other: for one instant little of it is made, and from the second one on all."""

    def __init__(self, dtype: type[np.generic], parts: Sequence[Made | NDArray[Any]], ends: NDArray[np.int64]) -> None:
        """Take over parts that end at some places; those that are arrays are made already."""
        self._dtype, self._parts, self._ends = dtype, parts, ends
        self._asked = False
        self._whole: NDArray[Any] | None = None

    def all(self) -> NDArray[Any]:
        """Return all of it, shape (n,)."""
        parts, whole = self._parts, self._whole  # in this order: another thread may be making it
        if whole is None:
            whole = np.empty(int(self._ends[-1]) if len(self._ends) else 0, self._dtype)
            for part, start, end in zip(parts, [0, *self._ends.tolist()], self._ends.tolist(), strict=False):
                whole[start:end] = part if isinstance(part, np.ndarray) else part.all()
            self._whole, self._parts = whole, ()
        return whole

    def at(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        """Return what stands in some places, ascending and each once."""
        parts = self._parts
        if self._asked or not parts:
            return self.all()[rows]
        self._asked = True
        borders = rows.searchsorted(self._ends).tolist()
        found = np.empty(len(rows), self._dtype)
        for part, a, b, start in zip(parts, [0, *borders], borders, [0, *self._ends.tolist()], strict=False):
            local = rows[a:b] - start
            found[a:b] = part[local] if isinstance(part, np.ndarray) else part.at(local)
        return found


@dataclass(frozen=True, slots=True)
class Columns:
    """n samples by signal and time; `numbers` gives their messages' numbers when they are asked for."""

    times: NDArray[np.int64]
    value: Parts
    kind: Parts
    quality: Parts
    numbers: Numbers


class Page:
    """The samples of one span, each signal's in order of time, and each signal's last one before. Immutable: for every thread."""

    def __init__(self, entries: Latest, signal: NDArray[np.int64], count: NDArray[np.int64], columns: Columns) -> None:
        """Take over columns.

        Args:
            entries: what is in force before the first sample.
            signal: the signals that have samples, shape (k,), in the order of the columns.
            count: how many each has, shape (k,).
            columns: their samples.
        """
        self.entries = entries
        self.columns = columns
        self._numbers: NDArray[np.int64] | None = None
        self._signal = signal
        self._start = np.cumsum(count) - count
        self._end = self._start + count
        self._newest_entry_ns = int(entries.effective_ns.max(initial=NEVER))
        self._looked = False
        self._lanes: _Lanes | None = None

    @classmethod
    def of(cls, keyframe: Samples, samples: Samples, signals: int) -> Page:
        """Return the page of a keyframe (see `entries_after`) and samples in order of arrival."""
        entries = never_heard(max(signals, int(keyframe.signal.max(initial=-1)) + 1))
        kept = keyframe.take(order) if (order := settled_ties(keyframe)) is not None else keyframe
        for name in ("effective_ns", "value", "kind", "quality", "message"):
            getattr(entries, name)[kept.signal] = getattr(kept, name)  # of two of one instant the later one is written last
        order = np.lexsort((samples.effective_ns, samples.signal))
        ordered = samples.take(order)
        ties = settled_ties(ordered)
        if ties is not None:
            ordered = ordered.take(ties)
        signal, count = np.unique(ordered.signal, return_counts=True)
        message = ordered.message
        value, kind, quality = (Parts(c.dtype.type, (c,), np.array([len(c)])) for c in (ordered.value, ordered.kind, ordered.quality))
        columns = Columns(ordered.effective_ns, value, kind, quality, lambda: message)
        return cls(entries, signal.astype(np.int64), count.astype(np.int64), columns)

    @property
    def nbytes(self) -> int:
        """Return about how many bytes of memory it takes, message numbers included."""
        return 34 * len(self.columns.times) + 32 * len(self.entries.value)

    def make(self) -> None:
        """Make what is made when asked for, but for numbers: for who will ask again and again."""
        for column in (self.columns.value, self.columns.kind, self.columns.quality):
            column.all()
        self._lanes = self._lanes or _lanes(self.columns.times, self._start, self._end)

    def numbers(self) -> NDArray[np.int64]:
        """Return the messages' numbers of all samples, read once."""
        if self._numbers is None:
            self._numbers = self.columns.numbers()
        return self._numbers

    def state_at(self, at_ns: int, signals: int) -> Latest:
        """Return the latest of each of at least `signals` signals at or before an instant that is not before the page."""
        answer = padded(self.entries, signals)
        if at_ns < self._newest_entry_ns:  # before a file that begins with what had been said until then
            forget(answer, np.flatnonzero(answer.effective_ns > at_ns))
        if not len(self._signal):
            return answer
        columns = self.columns
        passed = self._passed(at_ns)
        said = passed > 0
        signal, row = self._signal[said], (self._start + passed - 1)[said]
        answer.effective_ns[signal] = columns.times[row]
        answer.value[signal] = columns.value.at(row)
        answer.kind[signal] = columns.kind.at(row)
        answer.quality[signal] = columns.quality.at(row)
        entered = answer.numbers

        def numbers() -> NDArray[np.int64]:
            found = entered() if callable(entered) else entered
            found[signal] = self.numbers()[row]
            return found

        return Latest(answer.effective_ns, answer.value, answer.kind, answer.quality, numbers)

    def _passed(self, at_ns: int) -> NDArray[np.integer]:
        """Return how many of its samples each signal had by an instant; once is looked at all of them, from then on few."""
        lanes = self._lanes
        if lanes is None and self._looked:
            self._lanes = lanes = _lanes(self.columns.times, self._start, self._end)
        self._looked = True
        if lanes is None:
            return np.add.reduceat(self.columns.times <= at_ns, self._start, dtype=np.int32)
        at = min(max(at_ns, lanes.low_ns - 1), lanes.high_ns) - lanes.low_ns
        return lanes.keys.searchsorted(lanes.starts + at, "right") - self._start

    def samples(self, signal: int, start_ns: int, end_ns: int, *, in_force: bool = True, numbered: bool = False) -> View:
        """Return a signal's samples of [start_ns, end_ns]; before them the one in force at the start, unless one is right there.

        Message numbers are left out (-1) unless they are asked for.
        """
        place = np.flatnonzero(self._signal == signal)
        begin, end = (int(self._start[place[0]]), int(self._end[place[0]])) if len(place) else (0, 0)
        times = self.columns.times[begin:end]
        low, high = int(times.searchsorted(start_ns, "left")), int(times.searchsorted(end_ns, "right"))
        found = self._view(begin + low, begin + high, numbered=numbered)
        if not in_force or (low < len(times) and times[low] == start_ns):
            return found
        before = self._view(begin + low - 1, begin + low, numbered=numbered) if low else self.entry(signal, end_ns)
        return View(np.concatenate((before.times, found.times)), np.concatenate((before.rows, found.rows)))

    def entry(self, signal: int, at_ns: int) -> View:
        """Return a signal's last sample before the page, if there is one at or before an instant."""
        entries = self.entries
        if signal >= len(entries.kind) or not NEVER < entries.effective_ns[signal] <= at_ns:
            return NOTHING
        one = slice(signal, signal + 1)
        return _rows(entries.effective_ns[one], entries.value[one], entries.kind[one], entries.quality[one], entries.message[one])

    def _view(self, low: int, high: int, *, numbered: bool) -> View:
        """Return some rows."""
        c, part = self.columns, slice(low, high)
        value, kind, quality = (column.all()[part] for column in (c.value, c.kind, c.quality))
        return _rows(c.times[part], value, kind, quality, self.numbers()[part] if numbered else -1)


class _Lanes(NamedTuple):
    """Times of all signals of a page as one ascending row, shape (n,): each signal's in a lane as long as the page, from `starts` on."""

    keys: NDArray[np.int64]
    starts: NDArray[np.int64]
    low_ns: int
    high_ns: int


def _lanes(times: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]) -> _Lanes | None:
    """Return the lanes, None where there are none or they do not fit into int64."""
    if not len(times):
        return None
    low_ns, high_ns = int(times.min()), int(times.max())
    width = high_ns - low_ns + 1
    if width * len(start) >= _WIDEST:
        return None
    starts = np.arange(len(start)) * width
    return _Lanes(times - low_ns + np.repeat(starts, end - start), starts, low_ns, high_ns)


def _rows(
    times: NDArray[np.int64], value: NDArray[np.float64], kind: NDArray[np.uint8], quality: NDArray[np.uint8], message: NDArray[np.int64] | int
) -> View:  # fmt: skip
    """Return columns as a view."""
    rows = np.empty((len(times), 3), np.int64)
    rows[:, VALUE].view(np.float64)[:] = value
    rows[:, MESSAGE] = message
    rows[:, MARKS] = quality
    rows[:, MARKS] <<= QUALITY_SHIFT
    rows[:, MARKS] |= kind
    return View(times, rows)
