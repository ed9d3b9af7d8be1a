"""From sample values to what the plant keeps of them: states, modes, flags, numbers. Not for payloads: see `codec`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from twin_app.model.packml import MODE_BY_NAME, STATE_BY_NAME, Mode, State
from twin_app.model.samples import Kind, Quality, Samples, TextTable

Usable = NDArray[np.bool_]
Reader = Callable[[Samples], tuple[Usable, NDArray[np.float64]]]
"""Samples of one signal, n of them, to which of them say something, shape (n,), and what those say, shape (usable,)."""


def state_reader(texts: TextTable) -> Reader:
    """Return a reader of states: every sample says something, and what no name says is `State.UNDEFINED`."""
    named = _Words(texts, STATE_BY_NAME, State.UNDEFINED)

    def read(samples: Samples) -> tuple[Usable, NDArray[np.float64]]:
        trusted = (samples.kind == Kind.TEXT) & (samples.quality == Quality.GOOD)
        values = np.full(len(samples), float(State.UNDEFINED))
        values[trusted] = named.codes(samples.value[trusted])
        return np.ones(len(samples), bool), values

    return read


def mode_reader(texts: TextTable) -> Reader:
    """Return a reader of modes: a name that PackML does not know is a user's own mode; what is not a name says nothing."""
    named = _Words(texts, MODE_BY_NAME, Mode.USER_DEFINED)

    def read(samples: Samples) -> tuple[Usable, NDArray[np.float64]]:
        usable = (samples.kind == Kind.TEXT) & (samples.quality == Quality.GOOD)
        return usable, named.codes(samples.value[usable])

    return read


def read_flags(samples: Samples) -> tuple[Usable, NDArray[np.float64]]:
    """Read yes and no as 1 and 0; a number is a yes where it is not 0."""
    usable, values = read_numbers(samples)
    return usable, (values != 0).astype(np.float64)


def read_numbers(samples: Samples) -> tuple[Usable, NDArray[np.float64]]:
    """Read finite numbers."""
    number = (samples.kind == Kind.NUMBER) | (samples.kind == Kind.BOOL)
    usable = number & (samples.quality == Quality.GOOD) & np.isfinite(samples.value)
    return usable, samples.value[usable]


def count_reader(texts: TextTable) -> Reader:
    """Return a reader of counts: finite numbers, and integers beyond 2^53 to the nearest float."""

    def read(samples: Samples) -> tuple[Usable, NDArray[np.float64]]:
        big = (samples.kind == Kind.BIG_INT) & (samples.quality == Quality.GOOD)
        if not big.any():
            return read_numbers(samples)
        values = samples.value.copy()
        values[big] = [float(int(texts.text(int(code)))) for code in samples.value[big].tolist()]
        usable = big | read_numbers(samples)[0]
        return usable, values[usable]

    return read


class _Words:
    """Text codes to the numbers of names, each looked up once."""

    def __init__(self, texts: TextTable, names: dict[str, State] | dict[str, Mode], otherwise: int) -> None:
        """`names` are case-folded; a text that is none of them is `otherwise`."""
        self._texts = texts
        self._names: dict[str, int] = dict(names)
        self._otherwise = otherwise
        self._known: dict[float, int] = {}

    def codes(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the number of each text, shape (n,)."""
        return np.array([self._known.get(code) or self._look_up(code) for code in values.tolist()], np.float64)

    def _look_up(self, code: float) -> int:
        """Return the number of a text that was not met before, or whose number is 0."""
        found = self._names.get(self._texts.text(int(code)).strip().casefold(), self._otherwise)
        self._known[code] = int(found)
        return int(found)
