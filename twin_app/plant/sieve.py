"""Samples that say again what holds: most of what a plant sends, and nothing follows from them. Not for what the others mean.

A repeat has the value of the sample before it and comes after it in time, and no way turned between them. It is left out, so that
work and memory follow what changes, not what is sent. It matters after all where something is heard later that lies before it: a
late sample, or word that a way was down. Then the signal is read again from the history, from that instant on. Of a signal that
is often late all samples are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from twin_app.plant.track import FAR_FUTURE, FAR_PAST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from twin_app.plant.counters import Span
    from twin_app.plant.reading import Said

T = TypeVar("T", bound=np.generic)
OFTEN = 16
"""Times that a signal may be read again; after that all its samples are kept."""


class Sieve:
    """What every signal said last. Owned by the thread that folds."""

    def __init__(self) -> None:
        """Start with nothing heard and nothing sieved."""
        self._sieved = np.empty(0, np.bool_)
        self._values, self._kinds = np.empty(0, np.float64), np.empty(0, np.int16)
        self._newest, self._messages = np.empty(0, np.int64), np.empty(0, np.int64)
        self._turned, self._turned_last = np.empty(0, np.int64), FAR_PAST  # a signal may be new after its way turned
        self._again, self._kept_from = np.empty(0, np.int64), np.empty(0, np.int64)
        self._overtaken: dict[int, int] = {}

    def grow(self, sieved: Sequence[bool]) -> None:
        """Follow the signal table: say of all its signals, by id, whether they may be sieved."""
        more = len(sieved) - len(self._sieved)
        if not more:
            return
        self._sieved = np.concatenate((self._sieved, np.array(sieved[len(self._sieved) :], np.bool_)))
        self._values = np.concatenate((self._values, np.full(more, np.nan)))
        self._kinds = np.concatenate((self._kinds, np.full(more, -1, np.int16)))
        for name, fill in (("newest", FAR_PAST), ("messages", -1), ("turned", self._turned_last), ("again", 0), ("kept_from", FAR_FUTURE)):
            setattr(self, f"_{name}", np.concatenate((getattr(self, f"_{name}"), np.full(more, np.int64(fill)))))

    def turn(self, signals: Sequence[int], span: Span) -> None:
        """Know that the ways by which signals are heard went up or down within a span: what was said before says no more."""
        first_ns, last_ns = span
        self._turned_last = max(self._turned_last, last_ns)
        self._turned[signals] = np.maximum(self._turned[signals], last_ns)
        self._overtake((signal, first_ns) for signal in signals if self._newest[signal] >= first_ns)

    def sift(self, signal: NDArray[np.int32], said: Said, kinds: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Tell which samples of a batch say something new, shape (n,). They are sorted by signal, each signal's in order of arrival."""
        times, values, messages = said
        first = np.concatenate((np.ones(1, np.bool_), signal[1:] != signal[:-1]))
        starts = np.flatnonzero(first)
        heads = signal[starts]
        before_values, before_kinds = _before(values, starts, self._values[heads]), _before(kinds, starts, self._kinds[heads])
        before_times, before_messages = _before(times, starts, self._newest[heads]), _before(messages, starts, self._messages[heads])
        late = (times < before_times) | ((times == before_times) & (messages < before_messages))
        kept = self._kept_from[signal]
        sieved = self._sieved[signal]
        overtaken = late & sieved & (times < kept)
        if overtaken.any():
            self._overtake(zip(signal[overtaken].tolist(), times[overtaken].tolist(), strict=True))
        again = (values == before_values) & (kinds == before_kinds) & ~late & (before_times > self._turned[signal])
        self._remember(heads, starts, said, kinds)
        new: NDArray[np.bool_] = ~(again & sieved & (kept == FAR_FUTURE))
        return new

    def overtaken(self) -> dict[int, int]:
        """Return the signals that must be read again, each from when on, and forget that."""
        found, self._overtaken = self._overtaken, {}
        for signal, instant in found.items():
            self._values[signal] = np.nan
            self._again[signal] += 1
            if self._again[signal] >= OFTEN:
                self._kept_from[signal] = min(instant, self._kept_from[signal])
        return found

    def _remember(self, heads: NDArray[np.int32], starts: NDArray[np.intp], said: Said, kinds: NDArray[np.int16]) -> None:
        """Keep each signal's last arrival, and the newest of its instants."""
        last = np.append(starts[1:], len(kinds)) - 1
        self._values[heads], self._kinds[heads] = said.values[last], kinds[last]
        newest = np.maximum.reduceat(said.times, starts)
        at_newest = said.times == np.repeat(newest, np.diff(np.append(starts, len(kinds))))
        message = np.maximum.reduceat(np.where(at_newest, said.messages, -1), starts)
        older, same = newest < self._newest[heads], newest == self._newest[heads]
        message = np.where(older, self._messages[heads], np.where(same, np.maximum(message, self._messages[heads]), message))
        self._newest[heads], self._messages[heads] = np.maximum(newest, self._newest[heads]), message

    def _overtake(self, signals: Iterable[tuple[int, int]]) -> None:
        """Note from when on signals must be read again."""
        for signal, instant in signals:
            if self._sieved[signal]:
                self._overtaken[signal] = min(instant, self._overtaken.get(signal, instant))


def _before(column: NDArray[T], starts: NDArray[np.intp], last: NDArray[T]) -> NDArray[T]:
    """Return what came before each row: the row before it, at the start of each signal what that said last."""
    before = np.roll(column, 1)
    before[starts] = last
    return before
