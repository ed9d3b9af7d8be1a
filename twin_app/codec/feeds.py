"""One field of one topic feeding one signal: how a value is written into the columns. Not for finding the signal: see `decoder`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from typing_extensions import override

from twin_app.codec import values
from twin_app.codec.meanings import Role
from twin_app.codec.values import Value
from twin_app.codec.voices import put
from twin_app.errors import DecodeError
from twin_app.model.samples import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.codec.states import Words
    from twin_app.codec.values import Reading
    from twin_app.codec.voices import Stamp, Voice
    from twin_app.model.samples import SampleColumns, TextTable


class Feed(Protocol):
    """Takes the values of one field."""

    def take(self, value: Value, stamp: Stamp, into: SampleColumns) -> None:
        """Append the value's samples; raises DecodeError where it is of the wrong kind."""
        ...

    def nothing(self, stamp: Stamp, into: SampleColumns) -> None:
        """Append that the source says it has no value."""
        ...

    def bad(self, value: Value, stamp: Stamp, into: SampleColumns) -> None:
        """Append what the source sends but calls bad: shown, where it can be, and known to nobody."""
        ...


READERS = {
    Role.COUNTER: values.counter,
    Role.MEASUREMENT: values.measurement,
    Role.FLAG: values.flag,
    Role.TEXT: values.text,
}
"""How the values of plain signals are read, by role."""


class PlainFeed:
    """Numbers, flags and texts."""

    __slots__ = ("_read", "_signal", "_texts")

    def __init__(self, signal: int, read: Callable[[Value, TextTable], Reading], texts: TextTable) -> None:
        """Keep the signal's id and its reader."""
        self._signal = signal
        self._read = read
        self._texts = texts

    def take(self, value: Value, stamp: Stamp, into: SampleColumns) -> None:
        """Append one sample."""
        number, kind = self._read(value, self._texts)
        put(into, self._signal, stamp, number, kind)

    def nothing(self, stamp: Stamp, into: SampleColumns) -> None:
        """Append one sample without a value."""
        put(into, self._signal, stamp, *values.NO_VALUE)

    def bad(self, value: Value, stamp: Stamp, into: SampleColumns) -> None:
        """Append one sample, of the bad value where it is one: whatever stands there need be none."""
        try:
            number, kind = self._read(value, self._texts)
        except DecodeError:
            number, kind = values.NO_VALUE
        put(into, self._signal, stamp, number, kind)

    def blob(self, data: bytes, stamp: Stamp, into: SampleColumns) -> None:
        """Append bytes that are no text."""
        put(into, self._signal, stamp, float(self._texts.code(data)), Kind.BLOB)


class _Spoken:
    """A way of saying a state or mode; one that is bad says nothing."""

    __slots__ = ()

    def nothing(self, stamp: Stamp, into: SampleColumns) -> None:
        """Say that there is none."""
        raise NotImplementedError

    def bad(self, _value: Value, stamp: Stamp, into: SampleColumns) -> None:
        """Say that nobody knows."""
        self.nothing(stamp, into)


class NameFeed(_Spoken):
    """A state's or mode's name."""

    __slots__ = ("_voice", "_words")

    def __init__(self, voice: Voice, words: Words) -> None:
        """Keep the voice it speaks with."""
        self._voice = voice
        self._words = words

    def take(self, value: Value, stamp: Stamp, into: SampleColumns) -> None:
        """Say a name."""
        self._voice.name(self._words.of_name(value), stamp, into)

    @override
    def nothing(self, stamp: Stamp, into: SampleColumns) -> None:
        """Say that there is no name, though names come."""
        self._voice.no_name(stamp, into)


class NumberFeed(_Spoken):
    """A state's or mode's number, to be compared, and to be the state where no names come."""

    __slots__ = ("_voice",)

    def __init__(self, voice: Voice) -> None:
        """Keep the voice it speaks with."""
        self._voice = voice

    def take(self, value: Value, stamp: Stamp, into: SampleColumns) -> None:
        """Say a number."""
        self._voice.number(values.whole_number(value), stamp, into)

    @override
    def nothing(self, stamp: Stamp, into: SampleColumns) -> None:
        """Say that there is no number."""
        self._voice.no_number(stamp, into)


class EitherFeed(_Spoken):
    """A field that the layout calls the state (or the mode): a name, or a number that is meant as one."""

    __slots__ = ("_voice", "_words")

    def __init__(self, voice: Voice, words: Words) -> None:
        """Keep the voice it speaks with."""
        self._voice = voice
        self._words = words

    def take(self, value: Value, stamp: Stamp, into: SampleColumns) -> None:
        """Say a name or a number."""
        is_text = isinstance(value, str) and (self._words.knows_name(value) or not values.looks_like_number(value))
        if is_text:
            self._voice.name(self._words.of_name(value), stamp, into)
        else:
            self._voice.number(values.whole_number(value), stamp, into, at_once=True)

    @override
    def nothing(self, stamp: Stamp, into: SampleColumns) -> None:
        """Say that there is neither."""
        self._voice.no_name(stamp, into)
