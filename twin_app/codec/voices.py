"""Names against numbers: which of a unit's two ways of saying its state (or mode) counts. Not for spelling: see `states`.

Where a unit sends names, a number never makes a state: it is kept beside, to be compared. Whether names come is not known
when the first number arrives, so it waits for `PATIENCE_NS` of receive time. If no name came by then, the unit speaks in
numbers, and the waiting ones take their place at the instants they were for. Should a name come later, names count from
then on. All of it follows from receive times alone: live and replay agree.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from twin_app.clock import SECOND_NS
from twin_app.model.samples import NEVER, Kind, Quality

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.codec.states import Words
    from twin_app.model.samples import SampleColumns, TextTable

PATIENCE_NS = SECOND_NS


class Stamp(NamedTuple):
    """When, how far to be trusted and by which message a value was said."""

    effective_ns: int
    received_ns: int
    source_ns: int
    quality: Quality
    message: int


def put(into: SampleColumns, signal: int, stamp: Stamp, value: float, kind: Kind) -> None:
    """Append one sample."""
    effective_ns, received_ns, source_ns, quality, message = stamp
    into.put(signal, effective_ns, source_ns, received_ns, value, kind, Quality.BAD if kind is Kind.NULL else quality, message)


class Voice:
    """One unit's state, or its mode."""

    def __init__(
        self, *, words: Words, texts: TextTable, signal: Callable[[], int], number_signal: Callable[[], int],
        unknown: Callable[[str], None], waits: Callable[[int], None],
    ) -> None:  # fmt: skip
        """Keep the maps.

        Args:
            words: the source's names and numbers.
            texts: where words are interned.
            signal: gives the id of the state's signal, on first use.
            number_signal: gives the id of the number's signal, on first use.
            unknown: is told every word that no map names.
            waits: is told the receive time, UTC ns, at which `settle` is due.
        """
        self._words = words
        self._texts = texts
        self._signal = signal
        self._number_signal = number_signal
        self._unknown = unknown
        self._waits = waits
        self._names_come = False
        self._numbers_only = False
        self._waiting: list[tuple[Stamp, int]] = []

    def name(self, word: tuple[str, bool], stamp: Stamp, into: SampleColumns) -> None:
        """Take a name; whatever number waits was only its companion."""
        self._names_come = True
        self._waiting.clear()
        self._say(word, stamp, into)

    def number(self, number: int, stamp: Stamp, into: SampleColumns, *, at_once: bool = False) -> None:
        """Take a number: keep it beside, and make it the state where no names come.

        Args:
            number: as the source sent it.
            stamp: of its message.
            into: where samples go.
            at_once: the layout says that this number is the state.
        """
        put(into, self._number_signal(), stamp, float(number), Kind.NUMBER)
        if self._names_come:
            return
        if at_once or self._numbers_only:
            self._say(self._words.of_number(number), stamp, into)
        else:
            self._waiting.append((stamp, number))
            self._waits(stamp.received_ns + PATIENCE_NS)

    def no_name(self, stamp: Stamp, into: SampleColumns) -> None:
        """Take that there is no name at present: the state is unknown, and numbers make none, for names come."""
        self._names_come = True
        self._waiting.clear()
        put(into, self._signal(), stamp, math.nan, Kind.NULL)

    def no_number(self, stamp: Stamp, into: SampleColumns) -> None:
        """Take that there is no number at present; where numbers are the state, it is unknown."""
        put(into, self._number_signal(), stamp, math.nan, Kind.NULL)
        if self._numbers_only and not self._names_come:
            put(into, self._signal(), stamp, math.nan, Kind.NULL)

    def settle(self, now_ns: int, into: SampleColumns) -> int | None:
        """Let waiting numbers be the state once their time is over; return when it will be, None where none waits on."""
        if not self._waiting:
            return None
        due_ns = self._waiting[0][0].received_ns + PATIENCE_NS
        if now_ns <= due_ns:
            return due_ns
        self._numbers_only = True
        waiting, self._waiting = self._waiting, []
        for stamp, number in waiting:
            self._say(self._words.of_number(number), stamp, into)
        return None

    def _say(self, word: tuple[str, bool], stamp: Stamp, into: SampleColumns) -> None:
        """Append the canonical word; count it where no map names it."""
        text, known = word
        if not known:
            self._unknown(text)
        put(into, self._signal(), stamp, float(self._texts.code(text)), Kind.TEXT)


NO_SOURCE_TIME = NEVER
"""`Stamp.source_ns` where the source gave no time."""
