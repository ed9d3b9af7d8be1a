"""One parsed value to what a sample holds: (value, kind). Not for states and modes: see `states`.

A source's "no value" (JSON null, the text NaN) is a sample of kind NULL for measurements and texts, because the last
good value shown as if it still stood would be a lie. Counters refuse it: their last count stands. Infinity is refused.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, TypeAlias

from twin_app.codec.refusal import Reason, refuse
from twin_app.model.samples import Kind

if TYPE_CHECKING:
    from twin_app.model.samples import TextTable

Value: TypeAlias = str | int | float | bool | None
Reading: TypeAlias = tuple[float, Kind]

NO_VALUE: Reading = (math.nan, Kind.NULL)
MAX_TEXT_BYTES = 4096
_EXACT = 2**53
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_SMALL = re.compile(r"-?\d{1,15}(?:\.\d*)?", re.ASCII)
"""What nearly every number looks like: exact as a double, and read without further questions."""
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_NAN = frozenset({"nan", "+nan", "-nan"})
_FLAGS = {"true": 1.0, "1": 1.0, "on": 1.0, "false": 0.0, "0": 0.0, "off": 0.0, "1.0": 1.0, "0.0": 0.0}


def counter(value: Value, texts: TextTable) -> Reading:
    """Return a counter's reading: a finite number, exact whatever its size."""
    if type(value) is int and -_EXACT <= value <= _EXACT:  # what nearly every count is
        return float(value), Kind.NUMBER
    if isinstance(value, str) and _SMALL.fullmatch(value):
        return float(value), Kind.NUMBER
    reading = measurement(value, texts)
    if reading[1] is Kind.NULL:
        raise refuse(Reason.NO_VALUE, value)
    if reading[1] is Kind.BOOL:
        raise refuse(Reason.NOT_A_NUMBER, value)
    return reading


def measurement(value: Value, texts: TextTable) -> Reading:
    """Return a number, a flag as 0 or 1, or `NO_VALUE`; numbers may stand in quotes."""
    if type(value) is float and value - value == 0.0:  # finite, as nearly every measurement is
        return value, Kind.NUMBER
    if isinstance(value, str):
        if _SMALL.fullmatch(value):
            return float(value), Kind.NUMBER
        value = _parsed(value)
    if value is None:
        return NO_VALUE
    if isinstance(value, bool):
        return float(value), Kind.BOOL
    if isinstance(value, int) and abs(value) > _EXACT:
        return float(texts.code(str(value))), Kind.BIG_INT
    if math.isinf(value):
        raise refuse(Reason.OUT_OF_RANGE, value)
    return (float(value), Kind.NUMBER) if value == value else NO_VALUE  # noqa: PLR0124 - NaN is the one value unlike itself


def flag(value: Value, _texts: TextTable) -> Reading:
    """Return 0 or 1 for true/false, on/off, 1/0."""
    if value is None:
        return NO_VALUE
    known = _FLAGS.get(str(value).strip().casefold()[:8])
    if known is None:
        raise refuse(Reason.NOT_A_FLAG, value)
    return known, Kind.BOOL


def text(value: Value, texts: TextTable) -> Reading:
    """Return a text's code; numbers and flags are kept as they are written."""
    if value is None:
        return NO_VALUE
    written = value.encode() if isinstance(value, str) else str(value).encode()
    if len(written) > MAX_TEXT_BYTES:
        raise refuse(Reason.TEXT_TOO_LONG, value)
    return float(texts.code(written)), Kind.TEXT


def whole_number(value: Value) -> int:
    """Return a state's or mode's number; publishers send 6, "6" and 6.0."""
    number = _parsed(value) if isinstance(value, str) else value
    if isinstance(number, bool) or number is None or number != number:  # noqa: PLR0124 - NaN
        raise refuse(Reason.NOT_A_NUMBER, value)
    if not -_EXACT <= number <= _EXACT or number != int(number):
        raise refuse(Reason.OUT_OF_RANGE, value)
    return int(number)


def looks_like_number(written: str) -> bool:
    """Say whether a text is a number (or NaN), so that a signal nobody declared is taken for a measurement."""
    return _NUMBER.fullmatch(written) is not None or written.casefold() in _NAN


def looks_like_flag(written: str) -> bool:
    """Say whether a text is `true` or `false`; `on` and `off` are flags only where a flag is expected."""
    return written.casefold() in {"true", "false"}


def _parsed(written: str) -> int | float | bool | None:
    """Return the number, flag or NaN that a text is."""
    written = written.strip()
    if _NUMBER.fullmatch(written):
        number = float(written)
        if abs(number) < _EXACT:
            return number
        if math.isinf(number):
            raise refuse(Reason.OUT_OF_RANGE, written)
        return int(written) if _INTEGER.fullmatch(written) else number
    if written.casefold() in _NAN:
        return None
    if looks_like_flag(written):
        return written.casefold() == "true"
    raise refuse(Reason.EMPTY if not written else Reason.NOT_A_NUMBER, written)
