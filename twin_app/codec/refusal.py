"""Why a payload, or one field of it, cannot become a sample: a closed list of reasons. Not for faults of the connection."""

from __future__ import annotations

from enum import StrEnum

from twin_app.errors import DecodeError
from twin_app.text import N_, tr

_SHOWN = 40
"""Characters of the payload that a sentence quotes."""


class Reason(StrEnum):
    """The reasons, in the words of the catalogue; refused messages are counted by them."""

    TOO_LARGE = N_("larger than a message may be")
    NOT_UTF8 = N_("not UTF-8 text")
    EMPTY = N_("empty")
    NOT_JSON = N_("not JSON")
    NOT_AN_OBJECT = N_("JSON, but not one object")
    TOO_DEEP = N_("nested too deeply")
    TOO_MANY_FIELDS = N_("more fields than a message may have")
    NOT_A_NUMBER = N_("not a number")
    OUT_OF_RANGE = N_("beyond the range of numbers")
    NOT_A_FLAG = N_("neither true nor false")
    TEXT_TOO_LONG = N_("longer than a text may be")
    NOT_A_STATE = N_("not the name of a state")
    NO_VALUE = N_("no value where one is needed")
    NO_NAME = N_("a value with neither name nor alias")
    BAD_TOPIC = N_("a topic that is not UTF-8 text")
    NOT_PROTOBUF = N_("not a Sparkplug payload")
    NOT_COMPRESSED = N_("said to be compressed, but neither GZIP nor DEFLATE")
    NO_TIME = N_("historical, but without a time at which it could have been")
    NOT_AN_ARRAY = N_("not an array of its datatype")
    NOT_A_CAPTURE_LINE = N_("a line that is no message of a capture")
    UNFORESEEN = N_("not understood, a fault of the program")


def refuse(reason: Reason, found: object = "") -> DecodeError:
    """Return the error for one payload or value; `reason` stays readable in its arguments for counting."""
    return DecodeError(N_("Refused: {words} (found {found})."), reason=reason, words=tr(reason), found=excerpt(found))


def reason_of(error: DecodeError) -> str:
    """Return the reason's catalogue key of an error made by `refuse`."""
    return str(error.arguments.get("reason", Reason.UNFORESEEN))


def excerpt(found: object) -> str:
    """Return a short, printable quotation of anything, however hostile."""
    if isinstance(found, bytes):
        found = found[: 4 * _SHOWN].decode("utf-8", "replace")
    text = str(found) if isinstance(found, int | float) else repr(found[: 4 * _SHOWN] if isinstance(found, str) else found)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
