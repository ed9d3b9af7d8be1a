"""What an alarm judges, as rows of a function of time: 1 in alarm, 0 not, NaN unknown; of a limit the value itself. Not for judging: see `switch`.

A feed gives all rows from an instant on; nothing before that instant follows from anything after it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from twin_app.model.packml import Mode, State
from twin_app.plant.operations import digits
from twin_app.plant.reading import MOST_WORDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from twin_app.alarms.ears import Ear
    from twin_app.alarms.switch import Judge
    from twin_app.model.samples import TextTable
    from twin_app.plant.plant import Plant

Rows = tuple[list[int], list[float]]
Feed = Callable[[int], Rows]

LEVELS = {"FATAL": 1, "CRITICAL": 2, "URGENT": 3, "WARNING": 4}
"""VDA 5050's levels of errors, as priorities; one that no version knows is 3."""


def flag(value: float, _verdict: bool) -> bool | None:  # noqa: FBT001 - a `Judge`
    """Judge a yes or no."""
    return None if isnan(value) else value != 0.0


def above(limit: float, deadband: float) -> Judge:
    """Return the judge of an upper limit: above it, until back by the deadband."""

    def judge(value: float, verdict: bool) -> bool | None:  # noqa: FBT001 - a `Judge`
        return None if isnan(value) else value > limit or (verdict and value > limit - deadband)

    return judge


def below(limit: float, deadband: float) -> Judge:
    """Return the judge of a lower limit: below it, until back by the deadband."""

    def judge(value: float, verdict: bool) -> bool | None:  # noqa: FBT001 - a `Judge`
        return None if isnan(value) else value < limit or (verdict and value < limit + deadband)

    return judge


def numbers(ear: Ear) -> Feed:
    """Return a signal's numbers."""

    def rows(from_ns: int) -> Rows:
        row = ear.row_from(from_ns)
        return ear.numbers.times[row:].tolist(), ear.numbers.values[row:].tolist()

    return rows


def equal(ear: Ear, texts: TextTable, wanted: Collection[str]) -> Feed:
    """Return whether a signal is one of some words or numbers, without regard to case."""
    known = {word.casefold() for word in wanted}

    def says(number: float, word: float) -> float:
        if not isnan(word):
            return float(texts.text(int(word)).strip().casefold() in known)
        return float("nan") if isnan(number) else float(digits(number) in known)

    def rows(from_ns: int) -> Rows:
        row = ear.row_from(from_ns)
        pairs = zip(ear.numbers.values[row:].tolist(), ear.words.values[row:].tolist(), strict=True)
        return ear.numbers.times[row:].tolist(), [says(*pair) for pair in pairs]

    return rows


def bad(ear: Ear) -> Feed:
    """Return whether a signal's last sample was bad."""

    def rows(from_ns: int) -> Rows:
        row = ear.row_from(from_ns)
        neither = np.isnan(ear.numbers.values[row:]) & np.isnan(ear.words.values[row:])
        return ear.numbers.times[row:].tolist(), neither.astype(np.float64).tolist()

    return rows


def silent(ear: Ear, wait_ns: int) -> Feed:
    """Return whether nothing was heard of a signal for so long."""

    def rows(from_ns: int) -> Rows:
        heard = np.unique(ear.numbers.times[max(ear.row_from(from_ns) - 1, 0) :])
        falls = heard + wait_ns
        lasts = np.append(falls[:-1] < heard[1:], np.ones(min(len(heard), 1), bool))
        times = np.concatenate((heard, falls[lasts]))
        values = np.concatenate((np.zeros(len(heard)), np.ones(int(lasts.sum()))))
        order = np.argsort(times, kind="stable")
        order = order[times[order] >= from_ns]
        return times[order].tolist(), values[order].tolist()

    return rows


def derived(plant: Plant, unit: str, name: str) -> Feed:
    """Return a derived signal's values."""

    def rows(from_ns: int) -> Rows:
        turns = plant.derived_from(unit, name, from_ns)
        return turns.times.tolist(), turns.values.tolist()

    return rows


def derived_equal(plant: Plant, unit: str, name: str, texts: TextTable, wanted: Collection[str]) -> Feed:
    """Return whether a derived word is one of some."""
    known = {word.casefold() for word in wanted}

    def rows(from_ns: int) -> Rows:
        turns = plant.derived_from(unit, name, from_ns)
        codes = turns.values.tolist()
        return turns.times.tolist(), [c if isnan(c) else float(texts.text(int(c)).strip().casefold() in known) for c in codes]

    return rows


def in_states(plant: Plant, unit: str, states: Collection[State]) -> Feed:
    """Return whether a unit is in one of some states; unknown where nobody knows, or where its word means nothing."""
    wanted = np.array(sorted(states), np.int16)

    def rows(from_ns: int) -> Rows:
        turns = plant.facts_from(unit, from_ns)
        state = turns.values[:, 0]
        found = np.where(state > State.UNDEFINED, np.isin(state, wanted).astype(np.float64), np.nan)
        return turns.times.tolist(), found.tolist()

    return rows


def in_modes(plant: Plant, unit: str, modes: Collection[Mode]) -> Feed:
    """Return whether a unit is in one of some modes."""
    wanted = np.array(sorted(modes), np.int16)

    def rows(from_ns: int) -> Rows:
        turns = plant.facts_from(unit, from_ns)
        return turns.times.tolist(), np.isin(turns.values[:, 1], wanted).astype(np.float64).tolist()

    return rows


def way_down(plant: Plant, unit: str) -> Feed:
    """Return whether some way of its own to a unit is down."""

    def rows(from_ns: int) -> Rows:
        turns = plant.way_from(unit, from_ns)
        return turns.times.tolist(), turns.values.astype(np.float64).tolist()

    return rows


def source_down(plant: Plant, source: str) -> Feed:
    """Return whether a source is away."""

    def rows(from_ns: int) -> Rows:
        turns = plant.source_from(source, from_ns)
        return turns.times.tolist(), turns.values.astype(np.float64).tolist()

    return rows


class Errors:
    """The errors that a vehicle reports in one signal, as JSON text (see `codec.vda5050_words`)."""

    def __init__(self, ear: Ear, texts: TextTable) -> None:
        """Read the texts of an ear."""
        self._ear, self._texts = ear, texts
        self._read: dict[float, dict[tuple[str, str], str]] = {}

    def told(self, code: float) -> dict[tuple[str, str], str]:
        """Return the errors of a text by type and level, each with its description; none where it is no text of errors."""
        if code not in self._read:
            if len(self._read) >= MOST_WORDS:
                self._read.clear()
            self._read[code] = {} if isnan(code) else _errors(self._texts.entry(int(code)))
        return self._read[code]

    def named_from(self, from_ns: int) -> set[tuple[str, str]]:
        """Return type and level of every error that was told of from an instant on."""
        codes = set(self._ear.words.values[self._ear.row_from(from_ns) :].tolist())
        return {found for code in codes for found in self.told(code)}

    def feed(self, error: tuple[str, str]) -> Feed:
        """Return whether an error is told of."""

        def rows(from_ns: int) -> Rows:
            row = self._ear.row_from(from_ns)
            codes = self._ear.words.values[row:].tolist()
            return self._ear.words.times[row:].tolist(), [c if isnan(c) else float(error in self.told(c)) for c in codes]

        return rows

    def description(self, error: tuple[str, str], at_ns: int) -> str:
        """Return how an error was described at an instant, empty where it was not."""
        return self.told(self._ear.word_at(at_ns)).get(error, "")


def _errors(text: bytes) -> dict[tuple[str, str], str]:
    """Return the errors of a JSON text; what is none is left out."""
    try:
        found = msgspec.json.decode(text, type=list[dict[str, str]])
    except msgspec.MsgspecError:
        return {}
    named = [error for error in found if error.get("errorType")]
    return {
        (error["errorType"], error.get("errorLevel", "?").upper()): error.get("errorHint", "") or error.get("errorDescription", "")
        for error in reversed(named)
    }
