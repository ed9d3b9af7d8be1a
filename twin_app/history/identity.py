"""Signals and texts by name between a run and a recording: each numbers them its own way. Not for recordings of several lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from twin_app.errors import RecordingError
from twin_app.model.samples import Kind, Samples
from twin_app.model.signal import Signal, SignalKind
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from twin_app.history.reader import Reader
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import SignalTable

T = TypeVar("T")
_CODED = np.array([kind in {Kind.TEXT, Kind.BLOB, Kind.BIG_INT} for kind in Kind])
"""Whether a kind's value is a code into the text table, by kind."""


class _Numbers(Generic[T]):
    """Numbers 0..n-1 of the run against the file's own. While both are equal, as they nearly always are, nothing is listed."""

    def __init__(self) -> None:
        self._count = 0
        self._of_file: list[int] = []
        self._in_file: dict[int, int] = {}
        self._runs: NDArray[np.int64] | None = None
        self.equal = True
        self.seen = 0
        self.unsaved: list[tuple[int, T]] = []

    def __len__(self) -> int:
        """Return how many numbers the file has."""
        return self._count if self.equal else len(self._of_file)

    def learn(self, number: int, run: int) -> None:
        """Note that the file's `number` is the run's `run`."""
        self._runs = None
        if self.equal and number == run <= self._count:
            self._count = max(self._count, number + 1)
            return
        if self.equal:
            self._of_file, self._in_file, self.equal = list(range(self._count)), {one: one for one in range(self._count)}, False
        self._of_file += [-1] * (number + 1 - len(self._of_file))
        self._of_file[number] = run
        self._in_file.setdefault(run, number)

    def give(self, run: int, entry: T) -> None:
        """Give a new entry of the run the file's next number."""
        if self.file_of(run) is None:
            self.unsaved.append((len(self), entry))
            self.learn(len(self), run)

    def file_of(self, run: int) -> int | None:
        """Return the file's number of the run's, None where the file has none."""
        if self.equal:
            return run if 0 <= run < self._count else None
        return self._in_file.get(run)

    def run_of(self, number: int) -> int | None:
        """Return the run's number of the file's, None where the file names none."""
        if self.equal:
            return number if 0 <= number < self._count else None
        return self._of_file[number] if 0 <= number < len(self._of_file) and self._of_file[number] >= 0 else None

    def runs(self) -> NDArray[np.int64]:
        """Return the run's number of each of the file's, shape (n,); -1 where it names none."""
        found = self._runs
        if found is None:
            self._runs = found = np.arange(self._count) if self.equal else np.array(self._of_file, np.int64)
        return found

    def look_up(self, runs: NDArray[np.int32] | NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the file's number of each of the run's, looking each different one up once; KeyError where it has none."""
        if self.equal:
            return runs.astype(np.int32)
        different, where = np.unique(runs, return_inverse=True)
        return np.array([self._in_file[int(key)] for key in different], np.int32)[where]


class Identity:
    """The two numberings of one run and one file. `unsaved`, `saved` and `to_file` belong to the committing thread; `to_run` to any."""

    def __init__(self, signals: SignalTable, texts: TextTable) -> None:
        """Start with an empty file."""
        self._signals, self._texts = signals, texts
        self._signal_numbers = _Numbers[Signal]()
        self._text_numbers = _Numbers[bytes]()
        self._facts = np.empty(0, np.int64), np.zeros(0, np.bool_)

    def load(self, reader: Reader) -> None:
        """Learn the file's signals and texts, adding to the run's tables what is new to them.

        Raises:
            RecordingError: the file is a recording of another line.
        """
        for sid, signal in reader.signals():
            run = self._signals.add(signal)
            if self._signals[run].path != signal.path:
                raise _of_another_line(reader.path, signal, self._signals[run])
            self._signal_numbers.learn(sid, run)
        for code, entry in reader.texts():
            self._text_numbers.learn(code, self._texts.code(entry))

    def unsaved(self) -> tuple[list[tuple[int, Signal]], list[tuple[int, bytes]]]:
        """Number what the file does not know yet; return it with its numbers in the file until it is `saved`."""
        signals, texts = self._signal_numbers, self._text_numbers
        for run in range(signals.seen, len(self._signals)):
            signals.give(run, self._signals[run])
            signals.seen = run + 1
        for run in range(texts.seen, len(self._texts)):
            texts.give(run, self._texts.entry(run))
            texts.seen = run + 1
        return signals.unsaved[:], texts.unsaved[:]

    def saved(self) -> None:
        """Forget what the last `unsaved` returned: it is in the file."""
        self._signal_numbers.unsaved.clear()
        self._text_numbers.unsaved.clear()

    @property
    def tables(self) -> tuple[SignalTable, TextTable]:
        """Return the run's signals and texts."""
        return self._signals, self._texts

    @property
    def named(self) -> int:
        """Return how many numbers the file's signals take."""
        return len(self._signal_numbers)

    def sid(self, signal: int) -> int | None:
        """Return the file's number of the run's signal, None where the file does not know it."""
        return self._signal_numbers.file_of(signal)

    def sids(self, signals: Collection[int]) -> NDArray[np.int64]:
        """Return the file's numbers of the run's signals, ascending, of those that it knows."""
        numbers = self._signal_numbers
        if numbers.equal:
            sids = np.sort(np.fromiter(signals, np.int64, len(signals)))
            return sids[(sids >= 0) & (sids < len(numbers))]
        return np.array(sorted(sid for signal in signals if (sid := numbers.file_of(signal)) is not None), np.int64)

    def measured(self, sids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the file's signals are measurements, shape (k,): those stand apart from facts."""
        return ~self.facts(0)[sids]

    def facts(self, least: int) -> NDArray[np.bool_]:
        """Return which of the file's signals are facts, of `least` at least; what it does not name is a measurement."""
        runs, (seen, found) = self._signal_numbers.runs(), self._facts
        if seen is not runs:  # there are more
            known = [run >= 0 and self._signals[run].kind is not SignalKind.MEASUREMENT for run in runs.tolist()]
            found = np.array(known, np.bool_)
            self._facts = runs, found
        return np.concatenate((found, np.zeros(max(least - len(found), 0), np.bool_)))

    def of_file(self, sids: Iterable[int]) -> list[int]:
        """Return the run's numbers of some of the file's signals; those it does not name are left out."""
        return [run for sid in sids if (run := self._signal_numbers.run_of(sid)) is not None]

    def signals_to_run(self, signal: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return signals in the run's numbers; ValueError where the file does not name them."""
        signals = self._signal_numbers
        if len(signal) and int(signal.max()) >= len(signals):
            raise ValueError("names")
        if signals.equal:
            return signal
        known = signals.runs()[signal]
        if len(known) and int(known.min()) < 0:
            raise ValueError("names")
        return known

    def values_to_run(self, kind: NDArray[np.uint8], value: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
        """Return values with the run's codes of texts, and whether that changed any; ValueError where the file does not name them."""
        coded = _CODED[kind]
        codes, texts = value[coded], self._text_numbers
        if not len(codes):
            return value, False
        if not np.all((codes >= 0) & (codes < len(texts))):
            raise ValueError("names")
        value = value.copy()
        value[coded] = texts.runs()[codes.astype(np.int64)]
        return value, not texts.equal

    def to_file(self, samples: Samples) -> Samples:
        """Return the run's samples in the file's numbers; `unsaved` was called after the samples were made."""
        if self._signal_numbers.equal and self._text_numbers.equal:
            return samples
        signal = self._signal_numbers.look_up(samples.signal)
        coded = _CODED[samples.kind]
        value = samples.value.copy()
        value[coded] = self._text_numbers.look_up(samples.value[coded].astype(np.int64))
        return _renumbered(samples, signal, value)

    def to_run(self, samples: Samples) -> Samples:
        """Return the file's samples in the run's numbers, without those that the file does not name."""
        signals, texts = self._signal_numbers, self._text_numbers
        coded = _CODED[samples.kind]
        named = (samples.signal >= 0) & (samples.signal < len(signals))
        named &= ~coded | ((samples.value >= 0) & (samples.value < len(texts)))
        if not named.all():
            samples, coded = samples.take(named), coded[named]
        if signals.equal and texts.equal:
            return samples
        value = samples.value.copy()
        value[coded] = texts.runs()[samples.value[coded].astype(np.int64)]
        return _renumbered(samples, signals.runs()[samples.signal].astype(np.int32), value)


def _renumbered(samples: Samples, signal: NDArray[np.int32], value: NDArray[np.float64]) -> Samples:
    """Return the samples with other signal ids and values."""
    return Samples(
        signal, samples.effective_ns, samples.source_ns, samples.received_ns, value, samples.kind, samples.quality, samples.message
    )


def _of_another_line(path: Path, theirs: Signal, ours: Signal) -> RecordingError:
    """Return the refusal to mix two lines in one file."""
    return RecordingError(
        N_("{path} is a recording of another line: it has {theirs} where the layout has {ours}."),
        tip=N_("Choose another file, or the layout it was recorded with."), path=path, theirs=theirs.path, ours=ours.path,
    )  # fmt: skip
