"""What a dialect is: a name and two pure functions. Not for the dialects themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from twin_app.codec.meanings import Meaning
from twin_app.codec.values import Value

Fields: TypeAlias = Mapping[str, Value]
"""One message's values by the name that the dialect gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One way of writing payloads."""

    key: str
    """As layouts name it."""
    read: Callable[[bytes, str], Fields]
    """Payload and tag (from the topic) to fields; raises DecodeError."""
    meaning: Callable[[str], Meaning | None]
    """A field's name to what it means by itself; None where the dialect does not know it."""
    name: Callable[[str], str]
    """A field's name in the spelling that layouts' `signals` are compared in."""
    typed: bool
    """Values carry their type (JSON). False: everything is text, and a number is what looks like one."""
