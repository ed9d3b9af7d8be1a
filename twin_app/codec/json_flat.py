"""Flat JSON: one object a message, a field a signal. Not for arrays or nested protocols.

A field that no rule names becomes a signal of its own name, so that nothing a machine says is lost. An object within the
object gives dotted names (`motor.current`), down to `MAX_DEPTH`. A field that holds an array is counted as unmapped.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import msgspec

from twin_app.codec.dialect import Dialect
from twin_app.codec.meanings import Meaning, meaning_of
from twin_app.codec.refusal import Reason, refuse

if TYPE_CHECKING:
    from twin_app.codec.dialect import Fields
    from twin_app.codec.values import Value

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 4
MAX_FIELDS = 1000
_ODD_NUMBERS = re.compile(rb"NaN|Infinity|[eE][+-]?\d{3}")
_CONSTANTS = {"NaN": None, "Infinity": math.inf, "-Infinity": -math.inf}
_decode = msgspec.json.Decoder().decode


class Unfit(str):
    """The text form of a value that no signal can hold (an array); told apart by its type."""

    __slots__ = ()


def read(payload: bytes, _tag: str) -> Fields:
    """Return the scalar fields of one JSON object, nested ones under dotted names.

    Raises:
        DecodeError: larger than `MAX_BYTES`, not JSON, not an object, nested deeper
            than `MAX_DEPTH`, or with more than `MAX_FIELDS` fields.
    """
    found = parsed(payload)
    if not isinstance(found, dict):
        raise refuse(Reason.NOT_AN_OBJECT, payload)
    fields: dict[str, Value] = found
    if any(isinstance(value, dict | list) for value in found.values()):
        fields = {}
        _flatten(found, "", 1, fields)
    if len(fields) > MAX_FIELDS:
        raise refuse(Reason.TOO_MANY_FIELDS, payload)
    return fields


def meaning(field: str) -> Meaning | None:
    """Return what a field's name means: the engine's own names as such, any other is found out from its values.

    A signal's name is one level of a path, so `/` in a field's becomes `.`; a field without a name is not known.
    """
    return meaning_of(field.replace("/", ".")) if field else None


def name(field: str) -> str:
    """Return a field's name as it is: JSON tells upper from lower case."""
    return field


def parsed(payload: bytes) -> Any:  # noqa: ANN401 - JSON may hold anything; the caller looks
    """Return what a JSON payload holds.

    Raises:
        DecodeError: empty, larger than `MAX_BYTES`, or not JSON.
    """
    if len(payload) > MAX_BYTES:
        raise refuse(Reason.TOO_LARGE, payload)
    if not payload:
        raise refuse(Reason.EMPTY, payload)
    try:
        return _decode(payload)
    except RecursionError:
        raise refuse(Reason.TOO_DEEP, payload) from None
    except UnicodeDecodeError:
        raise refuse(Reason.NOT_UTF8, payload) from None
    except msgspec.DecodeError:  # of which one about a number that fits no type is a kind
        return _parsed_leniently(payload)


def _parsed_leniently(payload: bytes) -> Any:  # noqa: ANN401 - as above
    """Return what a payload holds that is JSON but for what programs often get wrong, so that the rest of it is not lost.

    A mark before it or noughts behind it mean nothing, NaN is no value; infinity and a number beyond all doubles are
    refused where they are read, field by field.
    """
    bare = bare_of(payload)
    odd = _ODD_NUMBERS.search(bare) is not None
    try:
        return json.loads(bare, parse_constant=_CONSTANTS.get) if odd and b"\\ud" not in bare.lower() else _decode(bare)
    except RecursionError:
        raise refuse(Reason.TOO_DEEP, payload) from None
    except msgspec.ValidationError:
        raise refuse(Reason.OUT_OF_RANGE, payload) from None
    except ValueError:  # of which msgspec's and json's own errors are kinds
        raise refuse(Reason.NOT_JSON, payload) from None


def bare_of(payload: bytes) -> bytes:
    """Return a text without the mark that Windows programs put before it, and without the noughts that C programs leave behind it."""
    return payload.removeprefix(b"\xef\xbb\xbf").rstrip(b"\0")


def _flatten(found: dict[str, Any], prefix: str, depth: int, into: dict[str, Value]) -> None:
    """Collect scalars under dotted names."""
    if depth > MAX_DEPTH:
        raise refuse(Reason.TOO_DEEP, prefix)
    for key, value in found.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", depth + 1, into)
        elif isinstance(value, list):
            into[prefix + key] = Unfit(f"[{len(value)}]")
        else:
            into[prefix + key] = value


JSON_FLAT = Dialect(key="json_flat", read=read, meaning=meaning, name=name, typed=True)
