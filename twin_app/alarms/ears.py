"""What alarms hear of signals, as it came: numbers, words, and bad ones. Not for what it means: see `feeds`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.samples import Kind
from twin_app.plant.reading import parts
from twin_app.plant.track import Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.model.samples import Samples
    from twin_app.model.signal import SignalTable
    from twin_app.plant.reading import Part

_TEXT = int(Kind.TEXT)


class Ear:
    """All samples of one signal by effective time: a number or a word each; a bad sample is neither."""

    __slots__ = ("numbers", "words")

    def __init__(self) -> None:
        """Start with nothing heard."""
        self.numbers = Track(np.float64)
        self.words = Track(np.float64)
        """Text codes at the same times."""

    def hear(self, part: Part) -> int:
        """Take samples in; return the earliest instant of theirs."""
        words = part.trusted_kind == _TEXT
        self.numbers.extend(part.times, np.where(part.plain, part.values, np.nan), part.messages)
        self.words.extend(part.times, np.where(words, part.values, np.nan), part.messages)
        return int(part.times.min())

    def row_from(self, from_ns: int) -> int:
        """Return the first row at or after an instant."""
        return int(self.numbers.times.searchsorted(from_ns, "left"))

    def number_at(self, at_ns: int) -> float:
        """Return the number in force at an instant, NaN where there is none."""
        row = self.numbers.row_at(at_ns)
        return float(self.numbers.values[row]) if row >= 0 else np.nan

    def word_at(self, at_ns: int) -> float:
        """Return the code of the text in force at an instant, NaN where there is none."""
        row = self.words.row_at(at_ns)
        return float(self.words.values[row]) if row >= 0 else np.nan


class Ears:
    """The ears of a line; only those that something asked for, which is to be before the signal is heard for the first time."""

    def __init__(self, signals: SignalTable) -> None:
        """Start without ears; `signals` may go on growing."""
        self._signals = signals
        self._ears: dict[tuple[str, str], Ear] = {}
        self._by_id: dict[int, Ear] = {}
        self._wanted = np.zeros(0, bool)

    def of(self, unit: str, name: str) -> Ear:
        """Return the ear of a unit's signal, new where nobody asked for it before."""
        if (unit, name) not in self._ears:
            self._ears[unit, name] = Ear()
            self._wanted = np.zeros(0, bool)
        return self._ears[unit, name]

    def find(self, unit: str, name: str) -> Ear | None:
        """Return the ear of a unit's signal, None where nobody asked for it."""
        return self._ears.get((unit, name))

    def wanted_ids(self) -> frozenset[int]:
        """Return which signals of the table are asked for."""
        self._follow()
        return frozenset(self._by_id)

    def hear(self, samples: Samples) -> dict[tuple[str, str], int]:
        """Take in the samples of signals that are asked for; return the earliest instant of each, by unit and name."""
        if len(self._wanted) < len(self._signals):
            self._follow()
        wanted: NDArray[np.bool_] = self._wanted[samples.signal]
        if not wanted.any():
            return {}
        found = {}
        for part in parts(samples, wanted):
            signal = self._signals[part.signal]
            found[signal.unit, signal.name] = self._by_id[part.signal].hear(part)
        return found

    def _follow(self) -> None:
        """Find out which signals of the table are asked for."""
        table = tuple(self._signals)
        self._by_id = {i: self._ears[s.unit, s.name] for i, s in enumerate(table) if (s.unit, s.name) in self._ears}
        self._wanted = np.zeros(len(table), bool)
        self._wanted[list(self._by_id)] = True
