"""Kinds of value that name something outside the file: topics, brokers, files. All of it is hostile until it fits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from twin_app.text import tr

if TYPE_CHECKING:
    from twin_app.layout.findings import At

_LONGEST = 500
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\]')
"""What no file name may hold on some system; a backslash and a colon would also leave the folder on Windows."""
_PLACEHOLDERS = ("{unit}", "{tag...}")


@dataclass(frozen=True, slots=True)
class FileName:
    """A file in the layout's own folder or below it, written with `/`."""

    blank: str = ""

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr("a file in the folder of the layout or below it, written with /, without .. or a drive")

    def read(self, value: object, at: At) -> str:
        """Return the relative path."""
        if isinstance(value, str) and stays_inside(value):
            return value
        at.refuse(value, self.allowed())
        return self.blank


def stays_inside(path: str) -> bool:
    """Return whether a path is relative, portable, and stays in its folder."""
    clean = len(path) <= _LONGEST and not _UNSAFE.search(path)
    return clean and all(part.strip(" .") and part == part.strip() for part in path.split("/"))


@dataclass(frozen=True, slots=True)
class Address:
    """Where a source's messages come from: a broker or a recorded file."""

    blank: str = ""

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr(
            "mqtt://host:port, mqtts://host:port, ws://host:port/path, wss://host:port/path, or a file in the folder of the layout, without user or password"
        )

    def read(self, value: object, at: At) -> str:
        """Return the address."""
        if isinstance(value, str) and "@" in value and "://" in value:
            # The value is not repeated: it may hold a password.
            at.report(
                tr("holds a user or password; allowed: the bare address, the user goes into username, the password into the settings")
            )
        elif isinstance(value, str) and (_is_broker(value) if "://" in value else stays_inside(value)):
            return value
        else:
            at.refuse(value, self.allowed())
        return self.blank


def _is_broker(value: str) -> bool:
    """Return whether an address is that of an MQTT broker and nothing more."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    websocket = parts.scheme in {"ws", "wss"}
    bare = not ((parts.path.strip("/") and not websocket) or parts.query or parts.fragment)
    host = parts.hostname or ""
    return (
        (websocket or parts.scheme in {"mqtt", "mqtts"})
        and bool(re.fullmatch(r"[\w.:-]{1,253}", host))
        and bare
        and port != 0
        and len(value) <= _LONGEST
    )


@dataclass(frozen=True, slots=True)
class TopicFilter:
    """An MQTT topic filter; with `placeholders` also a rule's `{unit}` and `{tag...}`."""

    placeholders: bool = False
    blank: str = ""

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        if self.placeholders:
            return tr("a topic whose levels may be +, {unit}, and as the last one # or {tag}", unit="{unit}", tag="{tag...}")
        return tr("an MQTT topic filter, where + stands for one level and # for all that follow")

    def read(self, value: object, at: At) -> str:
        """Return the filter."""
        if isinstance(value, str) and self.fits(value):
            return value
        at.refuse(value, self.allowed())
        return self.blank

    def fits(self, value: str) -> bool:
        """Say whether a text is such a filter."""
        levels = value.split("/")
        if not 0 < len(value) <= _LONGEST:
            return False
        names = [level for level in levels if not (self.placeholders and level in _PLACEHOLDERS)]
        plain = all(
            level in {"+", "#"} or not re.search(r"[+#{}\x00-\x1f\x7f]" if self.placeholders else r"[+#\x00-\x1f\x7f]", level)
            for level in names
        )
        last_only = all(level not in {"#", "{tag...}"} for level in levels[:-1])
        return plain and last_only and levels.count("{unit}") <= 1


def is_filter(text: str) -> bool:
    """Say whether a text is an MQTT topic filter (MQTT 3.1.1, section 4.7)."""
    return TopicFilter().fits(text)
