"""From sample values to what the plant keeps of them: states, modes, flags, numbers. Not for payloads: see `codec`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin_app.model.packml import CHANGEOVER_WORDS, MODE_BY_NAME, STATE_BY_NAME, Mode, State
from twin_app.model.samples import Kind, Quality, Samples, TextTable
from twin_app.model.signal import NO_ORDER_WORDS
from twin_app.plant.duty import SETTING_UP

if TYPE_CHECKING:
    from twin_app.model.historian import Series
    from twin_app.plant.sieve import Sieve

MOST_WORDS = 4096
"""Words whose meaning is remembered; who says a new one with every message makes the memory begin anew."""
_GOOD = int(Quality.GOOD)
_COUNTS = np.array([quality not in {Quality.UNCERTAIN, Quality.RETAINED} for quality in Quality])
_NUMBER, _BOOL, _TEXT, _BIG_INT = int(Kind.NUMBER), int(Kind.BOOL), int(Kind.TEXT), int(Kind.BIG_INT)


class Said(NamedTuple):
    """What k samples say, each array of shape (k,)."""

    times: NDArray[np.int64]
    values: NDArray[Any]
    messages: NDArray[np.int64]


class Part(NamedTuple):
    """The samples of one signal in a batch, n of them, each array of shape (n,)."""

    signal: int
    times: NDArray[np.int64]
    values: NDArray[np.float64]
    messages: NDArray[np.int64]
    trusted_kind: NDArray[np.int16]
    """The kind of good samples, -1 of all others."""
    plain: NDArray[np.bool_]
    """Good and finite numbers (or yes and no)."""

    def say(self, usable: NDArray[np.bool_]) -> Said:
        """Return what the usable samples say, as it stands."""
        if usable.all():
            return Said(self.times, self.values, self.messages)
        return Said(self.times[usable], self.values[usable], self.messages[usable])


Reader = Callable[[Part], Said]


def counts(quality: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which samples may open a state or count, by their quality: not those of unknown age, nor those that may not hold."""
    found: NDArray[np.bool_] = _COUNTS[quality]
    return found


def parts(samples: Samples, wanted: NDArray[np.bool_], sieve: Sieve | None = None) -> Iterator[Part]:
    """Yield the wanted samples of each signal apart, in their order; without retained ones, whose age nobody knows.

    With a sieve those are left out that say again what holds.
    """
    index = np.flatnonzero(wanted & counts(samples.quality))
    if not len(index):
        return
    index = index[np.argsort(samples.signal[index], kind="stable")]
    signal, values, kind = samples.signal[index], samples.value[index], samples.kind[index].astype(np.int16)
    kind[samples.quality[index] != _GOOD] = -1
    times, messages = samples.effective_ns[index], samples.message[index]
    if sieve is not None:
        new = sieve.sift(signal, Said(times, values, messages), kind)
        if not new.any():
            return
        signal, times, values, messages, kind = signal[new], times[new], values[new], messages[new], kind[new]
    plain = ((kind == _NUMBER) | (kind == _BOOL)) & np.isfinite(values)
    edges = [0, *(np.flatnonzero(np.diff(signal)) + 1).tolist(), len(signal)]
    for start, end in pairwise(edges):
        run = slice(start, end)
        yield Part(int(signal[start]), times[run], values[run], messages[run], kind[run], plain[run])


def part_of(signal: int, series: Series, from_ns: int) -> Part:
    """Return what the history holds of a signal from an instant on, but what is of unknown age; ordered by time."""
    picked = (series.times_ns >= from_ns) & counts(series.quality)
    values, kind = series.value[picked], series.kind[picked].astype(np.int16)
    kind[series.quality[picked] != _GOOD] = -1
    plain = ((kind == _NUMBER) | (kind == _BOOL)) & np.isfinite(values)
    return Part(signal, series.times_ns[picked], values, series.message[picked], kind, plain)


def state_words(texts: TextTable) -> Words:
    """Return what texts mean as states; what no name says is `State.UNDEFINED`, what means a changeover `SETTING_UP`."""
    return Words(texts, {**STATE_BY_NAME, **dict.fromkeys(CHANGEOVER_WORDS, SETTING_UP)}, State.UNDEFINED)


def mode_words(texts: TextTable) -> Words:
    """Return what texts mean as modes; a name that PackML does not know is a user's own mode."""
    return Words(texts, MODE_BY_NAME, Mode.USER_DEFINED)


def state_reader(texts: TextTable) -> Reader:
    """Return a reader of states: every sample says something."""
    named = state_words(texts)

    def read(part: Part) -> Said:
        names = part.trusted_kind == _TEXT
        states = np.full(len(names), int(State.UNDEFINED), np.int16)
        states[names] = named.codes(part.values[names])
        return Said(part.times, states, part.messages)

    return read


def mode_reader(texts: TextTable) -> Reader:
    """Return a reader of modes: what is not a name says nothing."""
    named = mode_words(texts)

    def read(part: Part) -> Said:
        said = part.say(part.trusted_kind == _TEXT)
        return said._replace(values=named.codes(said.values))

    return read


def order_flag_reader(texts: TextTable) -> Reader:
    """Return a reader of orders: 1 where a unit says that it has none, else 0; an order may be a number, of which 0 is none."""
    named = Words(texts, dict.fromkeys(NO_ORDER_WORDS, 1), 0)

    def read(part: Part) -> Said:
        names = part.trusted_kind == _TEXT
        said = part.say(names | part.plain)
        flags = np.zeros(len(names), np.int16)
        flags[names] = named.codes(part.values[names])
        flags[part.plain] = part.values[part.plain] == 0.0
        return said._replace(values=flags[names | part.plain])

    return read


def text_reader(texts: TextTable) -> Reader:
    """Return a reader of names: the codes of texts; a number is the text of its digits."""

    def read(part: Part) -> Said:
        values = part.values.copy()
        values[part.plain] = [texts.code(f"{number:.15g}") for number in part.values[part.plain].tolist()]
        names = (part.trusted_kind == _TEXT) | (part.trusted_kind == _BIG_INT) | part.plain
        return Said(part.times[names], values[names], part.messages[names])

    return read


def read_flags(part: Part) -> Said:
    """Read yes and no as 1 and 0; a number is a yes where it is not 0."""
    said = part.say(part.plain)
    return said._replace(values=(said.values != 0).astype(np.int16))


def read_numbers(part: Part) -> Said:
    """Read finite numbers."""
    return part.say(part.plain)


def count_reader(texts: TextTable) -> Reader:
    """Return a reader of counts: finite numbers, and integers beyond 2^53 to the nearest float."""

    def read(part: Part) -> Said:
        big = part.trusted_kind == _BIG_INT
        if big.any():
            values = part.values.copy()
            values[big] = [float(texts.text(int(code))) for code in values[big].tolist()]
            part = part._replace(values=values, plain=part.plain | (big & np.isfinite(values)))
        return part.say(part.plain)

    return read


class Words:
    """Text codes to the numbers of names, each looked up once."""

    def __init__(self, texts: TextTable, names: Mapping[str, int], otherwise: int) -> None:
        """`names` are case-folded; a text that is none of them is `otherwise`."""
        self._texts = texts
        self._names = names
        self._otherwise = otherwise
        self._known: dict[float, int] = {}

    def codes(self, values: NDArray[np.float64]) -> NDArray[np.int16]:
        """Return the number of each text, shape (n,)."""
        return np.array([self._known.get(code) or self._look_up(code) for code in values.tolist()], np.int16)

    def _look_up(self, code: float) -> int:
        """Return the number of a text that was not met before, or whose number is 0."""
        found = int(self._names.get(self._texts.text(int(code)).strip().casefold(), self._otherwise))
        if len(self._known) >= MOST_WORDS:
            self._known.clear()
        self._known[code] = found
        return found
