"""Plain scalar topics: one number, yes or no, or text a message, the topic's last levels name the signal. Not for PackTags or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.codec import packml_tags
from twin_app.codec.dialect import Dialect
from twin_app.codec.meanings import Meaning, meaning_of

if TYPE_CHECKING:
    from twin_app.codec.dialect import Fields


def read(payload: bytes, tag: str) -> Fields:
    """Return the one value of a scalar payload as text; `null` is no value.

    Raises:
        DecodeError: empty, larger than any scalar, or not UTF-8.
    """
    fields = packml_tags.read(payload, tag)
    return {tag: None} if fields[tag] in {"null", "None"} else fields


def meaning(tag: str) -> Meaning | None:
    """Return what a tag means: the engine's own names as such, any other is found out from its values."""
    return meaning_of(name(tag))


def name(tag: str) -> str:
    """Return a tag as a signal's name, which is one level of a path: `drive/speed` is `drive.speed`."""
    return tag.strip("/").replace("/", ".")


SCALAR = Dialect(key="scalar", read=read, meaning=meaning, name=name, typed=False)
