"""What kind of thing a payload is, before anybody says which dialect it belongs to. Not for its values: see `profile`."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

from twin_app.codec import json_flat
from twin_app.codec.packml_tags import MAX_SCALAR_BYTES
from twin_app.codec.refusal import Reason, reason_of
from twin_app.codec.values import MAX_TEXT_BYTES
from twin_app.errors import DecodeError
from twin_app.text import N_

_CONTAINERS = (b"{", b"[")
_SPACE = b" \t\r\n"


class Form(StrEnum):
    """Forms of payloads; those that no dialect takes apart say why, in the catalogue's words."""

    SCALAR = "scalar"
    OBJECT = "object"
    """One JSON object whose arrays, if any, hold no objects of interest; it may be nested."""
    ARRAYS = "arrays"
    """JSON with arrays, or an array itself."""
    METRICS = "metrics"
    """Sparkplug."""
    EMPTY = N_("empty")
    BINARY = N_("binary")
    XML = N_("XML")
    LINES = N_("text of several lines")
    LONG = N_("longer than a text may be")
    BROKEN = N_("begins like JSON, but is none")
    LARGE = N_("larger than a message may be")
    ORDERS = N_("orders to the plant and words of other hosts, not read")
    """Sparkplug's NCMD, DCMD and STATE."""


UNDERSTOOD = frozenset({Form.SCALAR, Form.OBJECT, Form.ARRAYS, Form.METRICS})


class Look(NamedTuple):
    """A payload's form, and what was read of it to find that out."""

    form: Form
    document: Any = None
    """What JSON holds; the text of a scalar."""


def look(payload: bytes) -> Look:
    """Return a payload's form; never raises, whatever comes."""
    if not payload:
        return Look(Form.EMPTY)
    if payload.lstrip(_SPACE)[:1] in _CONTAINERS:
        return _of_json(payload)
    if len(payload) > MAX_SCALAR_BYTES:
        return Look(Form.LARGE)
    try:
        text = payload.decode().strip()
    except UnicodeDecodeError:
        return Look(Form.BINARY)
    return Look(_of_text(text, payload), text)


def _of_json(payload: bytes) -> Look:
    """Return the form of what begins like JSON; text in brackets that is none is still a text."""
    try:
        document = json_flat.parsed(payload)
    except DecodeError as error:
        reason = reason_of(error)
        return Look(Form.LARGE if reason == Reason.TOO_LARGE else Form.BINARY if reason == Reason.NOT_UTF8 else Form.BROKEN)
    if isinstance(document, list):
        return Look(Form.ARRAYS, document)
    return Look(Form.ARRAYS if _holds_array(document) else Form.OBJECT, document)


def _holds_array(value: Any, depth: int = 0) -> bool:  # noqa: ANN401 - JSON may hold anything
    """Say whether an array stands somewhere in an object, or it is nested beyond what flat JSON takes."""
    if isinstance(value, list) or depth > json_flat.MAX_DEPTH:
        return True
    return isinstance(value, dict) and any(_holds_array(member, depth + 1) for member in value.values() if isinstance(member, dict | list))


def _of_text(text: str, payload: bytes) -> Form:
    """Return the form of what is no JSON container."""
    if not text:
        return Form.EMPTY
    if text[0] == "<" and text[-1] == ">":
        return Form.XML
    if len(payload) > MAX_TEXT_BYTES:
        return Form.LONG
    if "\n" in text:
        return Form.LINES
    return Form.SCALAR if text.isprintable() else Form.BINARY
