"""The operations that derive one signal from others, each a pure function of time. Not for the order in which they run: see `derived`.

Unknown is NaN; yes and no are 1 and 0, and a number is a yes where it is not 0. A value at an instant depends on
nothing later, so that what is known at the playhead is what was known there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from twin_app.model.samples import TextTable
from twin_app.plant.steps import Steps, Times, Values

Function = Callable[[Times], Values]
"""A value at each of m instants, shape (m,)."""
Operation = Callable[[Times, int], Values]
"""A value at each of m ascending instants, shape (m,), all that change from an instant (UTC ns) on."""

_EXACT = 2.0**53
_ROLLS = 0.1


def assuming(steps: Steps, value: float | None) -> Function:
    """Return a signal's values, with `value` where it is unknown."""
    return steps.at if value is None else lambda at: np.where(np.isnan(known := steps.at(at)), value, known)


def linear(x: Function, scale: float, offset: float) -> Operation:
    """Return x times scale plus offset."""
    return lambda at, _from_ns: x(at) * scale + offset


def bits(x: Function, lowest: int, width: int) -> Operation:
    """Return `width` bits of a word, two's complement where it is negative; of what is no whole number nobody knows the bits."""

    def taken(at: Times, _from_ns: int) -> Values:
        word = x(at)
        whole = (np.abs(word) <= _EXACT) & (word == np.floor(word))
        found = (np.where(whole, word, 0.0).astype(np.int64) >> lowest) & ((1 << width) - 1)
        return np.where(whole, found.astype(np.float64), np.nan)

    return taken


def truth(x: Values) -> Values:
    """Return 1 for a yes, 0 for a no, NaN for unknown."""
    return np.where(np.isnan(x), np.nan, (x != 0.0).astype(np.float64))


def combined(all_of: Sequence[Function], any_of: Sequence[Function], none_of: Sequence[Function]) -> Operation:
    """Return whether all, any and none of the given are true; unknown where an unknown one decides (Kleene's logic)."""

    def judged(at: Times, _from_ns: int) -> Values:
        parts = [truth(x(at)) for x in all_of]
        if any_of:
            parts.append(_greatest([truth(x(at)) for x in any_of]))
        parts += [1.0 - truth(x(at)) for x in none_of]
        return 1.0 - _greatest([1.0 - part for part in parts])

    return judged


def _greatest(parts: Sequence[Values]) -> Values:
    """Return Kleene's OR: a yes decides, else an unknown."""
    stacked = np.stack(parts)
    return np.where((stacked == 1.0).any(axis=0), 1.0, np.where(np.isnan(stacked).any(axis=0), np.nan, 0.0))


def beyond(x: Function, out: Steps, limit: float, hysteresis: float) -> Operation:
    """Return whether x exceeds a limit: true above it, false again once it is back by the hysteresis.

    Between the two what was so far goes on; where nothing was known it has not exceeded.
    """

    def judged(at: Times, from_ns: int) -> Values:
        value = x(at)
        decided = np.isnan(value) | (value > limit) | (value <= limit - hysteresis)
        verdict = np.where(np.isnan(value), np.nan, (value > limit).astype(np.float64))
        held = _held(verdict, decided, out.before(from_ns))
        return np.where(~decided & np.isnan(held), 0.0, held)

    return judged


def delayed(x: Steps, out: Steps, on_ns: int, off_ns: int) -> Operation:
    """Return x, true only once it was true for `on_ns` on end, false only once it was false for `off_ns`.

    After unknown times it stays unknown until one of the two has passed.
    """

    def judged(at: Times, from_ns: int) -> Values:
        value = truth(x.at(at))
        lasted = at - x.since(at)
        decided = np.isnan(value) | (lasted >= np.where(value == 1.0, on_ns, off_ns))
        return _held(value, decided, out.before(from_ns))

    return judged


def _held(verdict: Values, decided: NDArray[np.bool_], before: float) -> Values:
    """Return each verdict, and where none was reached the one before."""
    last = np.maximum.accumulate(np.where(decided, np.arange(len(at := verdict)), -1))
    return np.where(last >= 0, at[last], before)


def rises(x: Steps, out: Steps, rolls_over_at: float | None) -> Operation:
    """Return how often x has risen between two known values; a counter's roll-over is a rise, its restart is none."""

    def counted(at: Times, from_ns: int) -> Values:
        now = x.at(at)
        before = np.concatenate((np.full(1, x.before(int(at[0]))), now[:-1]))
        steps = (now > before) | (rolled(before, now, rolls_over_at) > 0.0)
        start = out.last_known(from_ns)
        total = np.cumsum(np.concatenate((np.full(1, 0.0 if np.isnan(start) else start), steps)))[1:]
        return np.where(np.isnan(now), np.nan, total)

    return counted


def rolled(before: Values, after: Values, rolls_over_at: float | None) -> Values:
    """Return what a counter counted over each roll-over, shape (n,), 0 where a fall is a restart, or none.

    A fall is a roll-over where it counts at most `_ROLLS` of the counter's range: a restart from a high count must not be
    taken for thousands of parts, and a counter is read more often than a few times in its range.
    """
    if rolls_over_at is None:
        return np.zeros(len(after))
    counted = after + rolls_over_at - before
    wraps = (after < before) & (after >= 0.0) & (before < rolls_over_at) & (counted <= rolls_over_at * _ROLLS)
    return np.where(wraps, counted, 0.0)


def quiet(risen: Steps, wait_ns: int) -> Operation:
    """Return whether a count of rises (see `rises`) has stood still for `wait_ns`; unknown until that, or a rise, was seen."""

    def judged(at: Times, _from_ns: int) -> Values:
        rows = risen.rows_at(at)
        rose = ~np.isnan(risen.of_rows(np.maximum(rows, 0) - 1)) & (rows > 0)
        stood = at - risen.since(at) >= wait_ns
        verdict = np.where(stood, 1.0, np.where(rose, 0.0, np.nan))
        return np.where(np.isnan(risen.of_rows(rows)), np.nan, verdict)

    return judged


def first_true(conditions: Sequence[Function | None], results: Sequence[float]) -> Operation:
    """Return the result of the first condition that is true (None always is); an unknown one before it makes it unknown."""

    def judged(at: Times, _from_ns: int) -> Values:
        found = np.full(len(at), np.nan)
        open_ = np.ones(len(at), bool)
        for condition, result in zip(conditions, results, strict=True):
            holds = truth(condition(at)) if condition else np.ones(len(at))
            found[open_ & (holds == 1.0)] = result
            open_ &= holds == 0.0
        return found

    return judged


class Words:
    """Numbers and words as the keys of a table."""

    def __init__(self, texts: TextTable, number: Function, word: Function | None) -> None:
        """Read a signal that may come as a number, a word, or now one and now the other."""
        self._texts, self._number, self._word = texts, number, word

    def at(self, at: Times, meaning: Mapping[str, float], otherwise: Callable[[str], float]) -> Values:
        """Return what the value at each instant means, shape (m,), NaN where it is unknown; keys are case-folded."""
        number = self._number(at)
        word = self._word(at) if self._word else np.full(len(at), np.nan)
        return np.array([self._mean(*pair, meaning, otherwise) for pair in zip(number.tolist(), word.tolist(), strict=True)])

    def _mean(self, number: float, word: float, meaning: Mapping[str, float], otherwise: Callable[[str], float]) -> float:
        """Return what one value means."""
        if word == word:  # noqa: PLR0124 - a NaN is what differs from itself
            key = self._texts.text(int(word)).strip()
        elif number == number:  # noqa: PLR0124
            key = digits(number)
        else:
            return np.nan
        found = meaning.get(key.casefold())
        return otherwise(key) if found is None else found


def digits(number: float) -> str:
    """Return a number as a layout's key has it: 3, not 3.0."""
    return f"{number:.0f}" if number == np.floor(number) and abs(number) <= _EXACT else repr(number)


def named(words: Words, table: Mapping[str, float], texts: TextTable) -> Operation:
    """Return the text code that a table gives to each value; what it does not list stays as it is, as text."""
    return lambda at, _from_ns: words.at(at, table, lambda key: float(texts.code(key)))


def matching(words: Words, wanted: Sequence[str]) -> Operation:
    """Return whether a value is one of those wanted."""
    table = {key.casefold(): 1.0 for key in wanted}
    return lambda at, _from_ns: words.at(at, table, lambda _key: 0.0)


def total(parts: Sequence[Function]) -> Operation:
    """Return how many are true; unknown where one is."""
    return lambda at, _from_ns: np.sum([truth(x(at)) for x in parts], axis=0)
