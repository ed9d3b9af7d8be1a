"""The kinds of value a layout file holds: what each allows, how it is read, what stands for a wrong one. Not the keys: see `schema`.

A kind never raises: it reports to the place it reads from and returns its `blank`, so that one pass finds everything.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from typing_extensions import override

from twin_app.layout.findings import listed
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.layout.findings import At

LARGEST = 1e12
"""No measure of a production line is larger, in any unit."""
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_RESERVED = re.compile(r"[/+#{}]")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_LONGEST_PATTERN = 60
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Kind(Protocol):
    """What a value may be."""

    @property
    def blank(self) -> object:
        """What stands for a wrong value until the file is refused."""
        ...

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        ...

    def read(self, value: object, at: At) -> object:
        """Return the value for the model; report to `at` and return `blank` where it is wrong."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """Words for people: one line, nothing invisible."""

    blank: str = ""
    longest: int = 200

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr("one line of text of up to {longest} characters", longest=self.longest)

    def read(self, value: object, at: At) -> str:
        """Return the text."""
        if isinstance(value, str) and len(value) <= self.longest and not _INVISIBLE.search(value):
            return value
        at.refuse(value, self.allowed())
        return self.blank


@dataclass(frozen=True, slots=True)
class Name:
    """A name that becomes part of a signal's path: not empty, without the characters that topics and paths reserve."""

    blank: str = ""
    longest: int = 100
    or_empty: bool = False

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        if self.or_empty:
            return tr("nothing, or a name of up to {longest} characters without / + # {{ }} or a leading @", longest=self.longest)
        return tr("a name of up to {longest} characters without / + # {{ }} or a leading @", longest=self.longest)

    def read(self, value: object, at: At) -> str:
        """Return the name."""
        if value == "" and self.or_empty:
            return ""
        if isinstance(value, str) and self._fits(value):
            return value
        at.refuse(value, self.allowed())
        return self.blank

    def _fits(self, value: str) -> bool:
        clean = not _INVISIBLE.search(value) and not _RESERVED.search(value)
        return 0 < len(value) <= self.longest and value == value.strip() and value[0] != "@" and clean


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words; `meaning` turns the word into what the model holds."""

    words: tuple[str, ...]
    blank: object = ""
    meaning: Callable[[str], object] = str

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return listed(self.words)

    def read(self, value: object, at: At) -> object:
        """Return what the word means."""
        if isinstance(value, str) and value in self.words:
            return self.meaning(value)
        at.refuse(value, self.allowed(), near=self.words)
        return self.blank


@dataclass(frozen=True, slots=True)
class WordOrPattern(Choice):
    """One of a few words, or a pattern of `strptime` that tells a whole date and time."""

    @override
    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr("{words}, or a pattern such as %d.%m.%Y %H:%M:%S.%f", words=listed(self.words))

    @override
    def read(self, value: object, at: At) -> object:
        """Return the word or the pattern; one that does not tell a date and a time to the minute is refused."""
        if isinstance(value, str) and "%" in value and len(value) <= _LONGEST_PATTERN:
            moment = dt.datetime(2026, 11, 23, 9, 25, tzinfo=dt.UTC)
            try:
                if dt.datetime.strptime(moment.strftime(value), value).replace(tzinfo=dt.UTC) == moment:
                    return value
            except ValueError:
                pass
        return Choice.read(self, value, at)


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number within bounds, both included unless `above` says that the lower one is not."""

    low: float = -LARGEST
    high: float = LARGEST
    above: bool = False
    says: str = ""
    """What is allowed, where a template of the catalogue says it better than the bounds."""
    blank: float = math.nan

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        low, high = _bound(self.low), _bound(self.high)
        if self.says:
            return tr(self.says)
        if self.above:
            return tr("a number above {low} and up to {high}", low=low, high=high)
        return tr("a number from {low} to {high}", low=low, high=high)

    def read(self, value: object, at: At) -> float:
        """Return the number."""
        # Compared before it is converted: an integer of a thousand digits is no float. NaN compares false.
        if (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and self.low <= value <= self.high
            and not (self.above and value == self.low)
        ):
            return float(value)
        at.refuse(value, self.allowed())
        return self.blank


def _bound(value: float) -> str:
    """Return a bound as people write it: 86400, 1e12."""
    return f"{value:.0f}" if LARGEST > abs(value) == abs(round(value)) else f"{value:g}".replace("e+", "e")


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds."""

    low: int
    high: int
    blank: int = 0

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        if self.low == self.high:
            return str(self.low)
        return tr("a whole number from {low} to {high}", low=self.low, high=self.high)

    def read(self, value: object, at: At) -> int:
        """Return the number."""
        if isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high:
            return value
        at.refuse(value, self.allowed())
        return self.blank


@dataclass(frozen=True, slots=True)
class Digits:
    """A whole number written as a key, as in `{ 4 = "Clearing" }`."""

    blank: int = 0

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr("a whole number as the key")

    def read(self, value: object, at: At) -> int:
        """Return the number."""
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value):
            return int(value)
        at.refuse(value, self.allowed())
        return self.blank


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    blank: bool = False

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return listed(("true", "false"))

    def read(self, value: object, at: At) -> bool:
        """Return the flag."""
        if isinstance(value, bool):
            return value
        at.refuse(value, self.allowed())
        return self.blank


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A local time of day, `"06:00"`, or TOML's own `06:00:00`."""

    blank: dt.time = dt.time()

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr('a time of day from "00:00" to "23:59:59"')

    def read(self, value: object, at: At) -> dt.time:
        """Return the time."""
        if isinstance(value, dt.time) and not value.microsecond:
            return value
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found:
            hour, minute, second = (int(part or 0) for part in found.groups())
            return dt.time(hour, minute, second)
        at.refuse(value, self.allowed())
        return self.blank


DAY = Choice(_DAYS, blank=-1, meaning=_DAYS.index)
"""A day of the week, 0 for Monday."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone of the IANA database."""

    blank: str = "UTC"
    or_empty: bool = False

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        zone = tr("a zone of the IANA database such as Asia/Shanghai or Europe/Berlin")
        return tr("nothing, or {else_}", else_=zone) if self.or_empty else zone

    def read(self, value: object, at: At) -> str:
        """Return the zone's name."""
        if self.or_empty and value == "":
            return ""
        try:
            return zoneinfo.ZoneInfo(value).key if isinstance(value, str) else self._refused(value, at)
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            return self._refused(value, at)

    def _refused(self, value: object, at: At) -> str:
        at.refuse(value, self.allowed(), near=sorted(zoneinfo.available_timezones()))
        return self.blank


@dataclass(frozen=True, slots=True)
class WordOrPoint:
    """One of a few words, or a point: three numbers."""

    words: tuple[str, ...]
    blank: str = ""

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr("{words}, or a point [x, y, z]", words=listed(self.words))

    def read(self, value: object, at: At) -> str | tuple[float, ...]:
        """Return the word or the three numbers."""
        if isinstance(value, str) and value in self.words:
            return value
        if isinstance(value, list) and len(value) == 3 and all(_is_measure(each) for each in value):  # noqa: PLR2004 - x, y, z
            return tuple(float(each) for each in value)
        at.refuse(value, self.allowed(), near=self.words)
        return self.blank


def _is_measure(value: object) -> bool:
    """Tell whether a value is a number that a measure can be. NaN compares false."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of values of one kind, each different."""

    item: Kind
    least: int = 0
    most: int = 1000

    @property
    def blank(self) -> tuple[object, ...]:
        """What stands for a wrong value."""
        return ()

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr("a list [ ] of {least} to {most}, each: {item}", least=self.least, most=self.most, item=self.item.allowed())

    def read(self, value: object, at: At) -> tuple[object, ...]:
        """Return the values as a tuple."""
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            at.refuse(value, self.allowed())
            return self.blank
        read: list[object] = []
        for i, element in enumerate(value):
            item = self.item.read(element, at.into(i))
            if item in read and item != self.item.blank:
                at.into(i).report(tr("stands in the list twice"))
            read.append(item)
        return tuple(read)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A table whose keys are the user's own."""

    key: Kind
    value: Kind
    fold: bool = False
    """Keys are compared without regard to case, and kept case-folded."""
    most: int = 1000

    @property
    def blank(self) -> dict[object, object]:
        """What stands for a wrong value."""
        return {}

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr("a table {{ }} of up to {most}, each value: {value}", most=self.most, value=self.value.allowed())

    def read(self, value: object, at: At) -> dict[object, object]:
        """Return keys and values as the model holds them."""
        if not isinstance(value, dict) or len(value) > self.most:
            at.refuse(value, self.allowed())
            return self.blank
        read: dict[object, object] = {}
        for name, element in value.items():
            key = self.key.read(name.casefold() if self.fold else name, at.into(name))
            if key in read and key != self.key.blank:
                at.into(name).report(tr("names the same as a key before it"))
            read[key] = self.value.read(element, at.into(name))
        return read
