"""A signal's latest value as a person reads it: figure, unit, age, trust. No widgets, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.model.packml import MODE_WORDS, STATE_WORDS
from twin_app.model.samples import NEVER, Kind, Quality
from twin_app.model.signal import MODE, STATE
from twin_app.text import duration, number, tr

if TYPE_CHECKING:
    from twin_app.model.historian import Latest
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import Signal

UNKNOWN = "–"
_NAMES = {STATE: frozenset(STATE_WORDS), MODE: frozenset(MODE_WORDS)}
SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """What is shown of a signal."""

    value: str
    age: str
    quality: Quality


def reading(latest: Latest, signal: int, at_ns: int, texts: TextTable) -> Reading:
    """Return a signal's reading at an instant; a signal never heard is unknown, not nought."""
    if signal >= len(latest.effective_ns) or latest.effective_ns[signal] == NEVER:
        return Reading(UNKNOWN, tr("never"), Quality.UNKNOWN)
    quality = Quality(int(latest.quality[signal]))
    age = duration(max(at_ns - int(latest.effective_ns[signal]), 0) / SECOND_NS)
    if quality is Quality.RETAINED:
        age = UNKNOWN
    return Reading(value_text(float(latest.value[signal]), Kind(int(latest.kind[signal])), texts), age, quality)


def value_text(value: float, kind: Kind, texts: TextTable) -> str:
    """Return a value in words: figures grouped, text as it came, bytes by their length; unknown is a dash."""
    if kind is Kind.NULL or not isfinite(value):
        return UNKNOWN
    if kind is Kind.NUMBER:
        return figure(value)
    if kind is Kind.BOOL:
        return tr("on") if value else tr("off")
    if kind is Kind.BLOB:
        return tr("{n} bytes", n=len(texts.entry(int(value))))
    return texts.text(int(value))[:SHOWN_CHARACTERS]


def spoken(signal: Signal, value: str) -> str:
    """Return the standard name of a state or a mode in the current language; whatever else was said stays as it came."""
    return tr(value) if value in _NAMES.get(signal.name, ()) else value


def figure(value: float) -> str:
    """Return a number with at most six significant digits, whole numbers in full, and no tail of noughts."""
    if value == int(value) and abs(value) < 2**53:
        return number(int(value))
    size = abs(value)
    if size >= 1e9 or size < 1e-4:  # noqa: PLR2004 - beyond, powers of ten read better
        return f"{value:.5g}"
    digits = max(6 - len(str(int(size))), 0) if size >= 1 else 4
    text = number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def quality_word(quality: Quality) -> str:
    """Return what is wrong with a value; empty where nothing is."""
    words = {
        Quality.GOOD: "", Quality.UNCERTAIN: tr("uncertain"), Quality.BAD: tr("bad"), Quality.STALE: tr("stale"), Quality.UNKNOWN: tr("unknown"),
        Quality.RETAINED: tr("age unknown"),
    }  # fmt: skip
    return words[quality]


def payload_text(payload: bytes, most: int = SHOWN_CHARACTERS) -> str:
    """Return a payload on one line: text where it is UTF-8, else hexadecimal; cut behind `most` characters."""
    head = payload[: 4 * most]
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        # A character cut in two at the end of the head is no reason to show bytes.
        text = head[: error.start].decode() if error.start >= len(head) - 3 and len(payload) > len(head) else "0x" + head.hex(" ")
    line = " ".join(text.split("\n"))
    shown = "".join(c if c.isprintable() else "\N{SYMBOL FOR SUBSTITUTE FORM TWO}" for c in line)
    return shown[:most] + "…" if len(shown) > most or len(payload) > len(head) else shown
