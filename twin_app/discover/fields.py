"""What the values of one field looked like: types, range, words, whether they count or tell a time. Bounded; not for what they mean."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from twin_app.clock import SECOND_NS
from twin_app.codec import times
from twin_app.codec.json_flat import Unfit
from twin_app.codec.values import looks_like_flag, looks_like_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twin_app.codec.values import Value

Shown: TypeAlias = "Value | bytes"
"""A value as a dialect gives it; bytes are Sparkplug's."""
MAX_WORDS = 24
"""Different words that are listed; a field with more of them is free text."""
EXAMPLE_CHARS = 60
TRIED = 20
"""Values that are tried as a time before a field is no time."""
_EARLIEST_COUNT = 1e8
"""No count of seconds since 1970 that could be now is smaller."""
_SHORTEST_DATE = 10
PACE_S, PACE_COUNTS = 10.0, 5.0
"""A pace is only believed over so many seconds and counts at least."""
_LONGEST_PACE_S = 1800.0


class Kind:
    """How a field's values are to be read; the words are the layout's own, or say what is in the way."""

    NUMBER, FLAG, TEXT, NOTHING, UNFIT = "number", "flag", "text", "null", "array"


@dataclass(slots=True)
class FieldProfile:
    """One field of one topic, or of several that are alike (`merged`)."""

    count: int = 0
    numbers: int = 0
    flags: int = 0
    texts: int = 0
    nulls: int = 0
    unfit: int = 0
    """Values that no signal can hold: arrays."""
    low: float = math.inf
    high: float = -math.inf
    whole: bool = True
    """Every number was an integer."""
    last: float = math.nan
    rises: int = 0
    falls: int = 0
    risen: float = 0.0
    """Sum of all rises: what a counter counted."""
    words: dict[str, int] = field(default_factory=dict)
    """Texts, and whole numbers as such, by how often they came; at most `MAX_WORDS` of them."""
    more_words: bool = False
    example: str = ""
    clocks: dict[str, int] = field(default_factory=dict)
    """How many of the first values were a believable time, by `time_unit` of a layout; `local` for dates without a zone."""
    unit_of_measure: str = ""
    """As the source itself gives it."""
    pace_per_s: float = 0.0
    """The fastest that it rose over at least `PACE_S` and `PACE_COUNTS`; 0 where it never did."""
    _anchor: tuple[int, float] | None = None

    @property
    def kind(self) -> str:
        """Return what most of the values are."""
        found = {Kind.NUMBER: self.numbers, Kind.FLAG: self.flags, Kind.TEXT: self.texts, Kind.UNFIT: self.unfit}
        best = max(found, key=lambda kind: found[kind])
        return best if found[best] else Kind.NOTHING

    @property
    def counts(self) -> bool:
        """Say whether it behaves as a counter: never negative, rises, and falls no more often than restarts would have it."""
        return self.kind == Kind.NUMBER and self.low >= 0 and self.falls * 10 <= self.rises

    def clock(self) -> str:
        """Return the unit (`time_unit`) in which nearly all values were a time near their receipt, empty where they were none."""
        unit = max(self.clocks, key=lambda unit: self.clocks[unit], default="")
        return unit if unit and self.clocks[unit] * 10 >= min(self.count - self.nulls, TRIED) * 9 else ""

    def take(self, value: Shown, at_ns: int, *, fresh: bool = True) -> None:
        """Take one value that was received at `at_ns` (UTC ns); one that is not `fresh` was kept by the broker, and no pace follows."""
        self.count += 1
        if isinstance(value, bytes | Unfit):
            self._take_other(value)
            return
        if self.count <= TRIED and (clock := clock_of(value, at_ns)):
            self.clocks[clock] = self.clocks.get(clock, 0) + 1
        if value is None:
            self.nulls += 1
        elif isinstance(value, bool):
            self.flags += 1
            self._word("true" if value else "false")
        elif isinstance(value, int | float):
            self._take_number(value, at_ns, fresh=fresh)
        else:
            self.texts += 1
            self._word(value)

    def _take_other(self, value: bytes | Unfit) -> None:
        """Take what is no plain value."""
        if isinstance(value, Unfit):
            self.unfit += 1
        else:
            self.texts += 1
        self.example = str(value) if isinstance(value, Unfit) else value[: EXAMPLE_CHARS // 2].hex()

    def _take_number(self, value: float, at_ns: int, *, fresh: bool) -> None:
        """Take a number into range, counts and pace."""
        try:
            number = float(value)
        except OverflowError:
            number = math.copysign(math.inf, value)
        self.numbers += 1
        self.example = cut(str(value))
        if not math.isfinite(number):
            return
        if number.is_integer():
            self._word(str(value), example=False)
        else:
            self.whole = False
        if not math.isnan(self.last):
            self._follow(number - self.last)
        self.low, self.high, self.last = min(self.low, number), max(self.high, number), number
        if fresh:
            self._pace(number, at_ns)

    def _follow(self, step: float) -> None:
        """Note how a number followed the one before it."""
        if step > 0:
            self.rises += 1
            self.risen += step
        elif step < 0:
            self.falls += 1

    def _pace(self, number: float, at_ns: int) -> None:
        """Measure how fast it rises, from one anchor to the next."""
        if self._anchor is None or number < self._anchor[1] or at_ns - self._anchor[0] > _LONGEST_PACE_S * SECOND_NS:
            self._anchor = (at_ns, number)
            return
        seconds, counted = (at_ns - self._anchor[0]) / SECOND_NS, number - self._anchor[1]
        if seconds >= PACE_S and counted >= PACE_COUNTS:
            self.pace_per_s = max(self.pace_per_s, counted / seconds)
            self._anchor = (at_ns, number)

    def _word(self, word: str, *, example: bool = True) -> None:
        """Note one of a few different words."""
        word = cut(word)
        if example:
            self.example = word
        if word in self.words or len(self.words) < MAX_WORDS:
            self.words[word] = self.words.get(word, 0) + 1
        else:
            self.more_words = True


def typed(text: str) -> Value:
    """Return what a scalar payload is: a number, a flag, nothing, or the text itself."""
    if text in {"null", "None", ""}:
        return None
    if looks_like_flag(text):
        return text.casefold() == "true"
    if not looks_like_number(text):
        return text
    number = float(text)
    if not number.is_integer() or len(text) > _LONGEST_WHOLE:
        return number
    return int(text) if text.lstrip("+-").isdigit() else number


_LONGEST_WHOLE = 300
"""Digits beyond which an integer is not worth its own time."""


def clock_of(value: Value, at_ns: int) -> str:
    """Return as what unit of a layout a value tells a time near its receipt, empty where it tells none."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str):
        return _of_date(value, at_ns) if len(value) >= _SHORTEST_DATE and not looks_like_number(value) else ""
    if not _EARLIEST_COUNT < value < _EARLIEST_COUNT * 1e12:
        return ""
    return next((unit for unit in ("s", "ms", "us", "ns") if _near(times.source_time_ns(value, unit), at_ns)), "")


def _of_date(text: str, at_ns: int) -> str:
    """Return how a date is written that lies near its receipt."""
    if _near(times.source_time_ns(text, "iso8601"), at_ns):
        return "iso8601"
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return ""
    return "local" if moment.tzinfo is None and _near(times.source_time_ns(text, "iso8601", "UTC"), at_ns) else ""


def _near(found_ns: int | None, at_ns: int) -> bool:
    """Say whether an instant is one that the twin would believe."""
    return found_ns is not None and times.believable(found_ns, at_ns)


def cut(text: str) -> str:
    """Return a text as an example: printable and short."""
    short = text if len(text) <= EXAMPLE_CHARS else f"{text[: EXAMPLE_CHARS - 1]}…"
    return short if short.isprintable() else "".join(c if c.isprintable() else "·" for c in short)


def merged(profiles: Iterable[FieldProfile]) -> FieldProfile:
    """Return several fields of one name as one; its `last` and `example` are those of the last of them."""
    whole = FieldProfile()
    for one in profiles:
        for name in ("count", "numbers", "flags", "texts", "nulls", "unfit", "rises", "falls", "risen"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        whole.low, whole.high, whole.whole = min(whole.low, one.low), max(whole.high, one.high), whole.whole and one.whole
        whole.pace_per_s = max(whole.pace_per_s, one.pace_per_s)
        whole.example, whole.last = one.example or whole.example, one.last
        whole.unit_of_measure = whole.unit_of_measure or one.unit_of_measure
        whole.more_words |= one.more_words
        for into, table in ((whole.clocks, one.clocks), (whole.words, one.words)):
            for key, n in table.items():
                into[key] = into.get(key, 0) + n
    return whole
