"""Signals and texts by name between a run and a recording: each numbers them its own way. Not for recordings of several lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from twin_app.errors import RecordingError
from twin_app.model.samples import Kind, Samples
from twin_app.model.signal import Signal, SignalKind
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from twin_app.history.page import Columns
    from twin_app.history.reader import Reader
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import SignalTable

T = TypeVar("T")
_CODED = np.array([kind in {Kind.TEXT, Kind.BLOB, Kind.BIG_INT} for kind in Kind])
"""Whether a kind's value is a code into the text table, by kind."""


class _Numbers(Generic[T]):
    """Numbers 0..n-1 of the run against the file's own."""

    def __init__(self) -> None:
        self.of_file: list[int] = []
        self.in_file: dict[int, int] = {}
        self.equal = True
        self.seen = 0
        self.unsaved: list[tuple[int, T]] = []

    def learn(self, number: int, run: int) -> None:
        """Note that the file's `number` is the run's `run`."""
        self.of_file += [-1] * (number + 1 - len(self.of_file))
        self.of_file[number] = run
        self.in_file.setdefault(run, number)
        self.equal = self.equal and number == run

    def give(self, run: int, entry: T) -> None:
        """Give a new entry of the run the file's next number."""
        if run not in self.in_file:
            self.unsaved.append((len(self.of_file), entry))
            self.learn(len(self.of_file), run)


class Identity:
    """The two numberings of one run and one file. `unsaved`, `saved` and `to_file` belong to the committing thread; `to_run` to any."""

    def __init__(self, signals: SignalTable, texts: TextTable) -> None:
        """Start with an empty file."""
        self._signals, self._texts = signals, texts
        self._signal_numbers = _Numbers[Signal]()
        self._text_numbers = _Numbers[bytes]()

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
        return len(self._signal_numbers.of_file)

    def sid(self, signal: int) -> int | None:
        """Return the file's number of the run's signal, None where the file does not know it."""
        return self._signal_numbers.in_file.get(signal)

    def measured(self, sids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the file's signals are measurements, shape (k,): those stand apart from facts."""
        known = self._signal_numbers.of_file
        return np.array([self._signals[known[sid]].kind is SignalKind.MEASUREMENT for sid in sids.tolist()], np.bool_)

    def of_file(self, sids: Iterable[int]) -> list[int]:
        """Return the run's numbers of some of the file's signals; those it does not name are left out."""
        known = self._signal_numbers.of_file
        return [known[sid] for sid in sids if 0 <= sid < len(known) and known[sid] >= 0]

    def page_to_run(self, signal: NDArray[np.int64], columns: Columns) -> tuple[NDArray[np.int64], Columns]:
        """Return a page's signals and columns in the run's numbers; ValueError where the file does not name them."""
        signals, texts = self._signal_numbers, self._text_numbers
        coded = _CODED[columns.kind]
        codes = columns.value[coded]
        if (len(signal) and int(signal.max()) >= len(signals.of_file)) or not np.all((codes >= 0) & (codes < len(texts.of_file))):
            raise ValueError("names")
        if signals.equal and texts.equal:
            return signal, columns
        value = columns.value
        if len(codes):
            value = value.copy()
            value[coded] = np.array(texts.of_file, np.int64)[codes.astype(np.int64)]
        known = np.array(signals.of_file, np.int64)[signal]
        if len(known) and int(known.min()) < 0:
            raise ValueError("names")
        return known, replace(columns, value=value)

    def values_to_run(self, kind: NDArray[np.uint8], value: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
        """Return values with the run's codes of texts, and whether that changed any; ValueError where the file does not name them."""
        coded = _CODED[kind]
        codes, texts = value[coded], self._text_numbers
        if not len(codes):
            return value, False
        if not np.all((codes >= 0) & (codes < len(texts.of_file))):
            raise ValueError("names")
        value = value.copy()
        value[coded] = np.array(texts.of_file, np.int64)[codes.astype(np.int64)]
        return value, not texts.equal

    def to_file(self, samples: Samples) -> Samples:
        """Return the run's samples in the file's numbers; `unsaved` was called after the samples were made."""
        if self._signal_numbers.equal and self._text_numbers.equal:
            return samples
        signal = _look_up(self._signal_numbers.in_file, samples.signal)
        coded = _CODED[samples.kind]
        value = samples.value.copy()
        value[coded] = _look_up(self._text_numbers.in_file, samples.value[coded].astype(np.int64))
        return _renumbered(samples, signal, value)

    def to_run(self, samples: Samples) -> Samples:
        """Return the file's samples in the run's numbers, without those that the file does not name."""
        signals, texts = self._signal_numbers, self._text_numbers
        coded = _CODED[samples.kind]
        named = (samples.signal >= 0) & (samples.signal < len(signals.of_file))
        named &= ~coded | ((samples.value >= 0) & (samples.value < len(texts.of_file)))
        if not named.all():
            samples, coded = samples.take(named), coded[named]
        if signals.equal and texts.equal:
            return samples
        value = samples.value.copy()
        value[coded] = np.array(texts.of_file, np.int64)[samples.value[coded].astype(np.int64)]
        return _renumbered(samples, np.array(signals.of_file, np.int32)[samples.signal], value)


def _look_up(numbers: dict[int, int], keys: NDArray[np.int32] | NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the number of every key, looking each different one up once."""
    different, where = np.unique(keys, return_inverse=True)
    return np.array([numbers[int(key)] for key in different], np.int32)[where]


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
