"""The message catalogue: the words, numbers and durations a person reads. Not for logs or files.

English sentences stand in the code inside `tr(...)` or `N_(...)`; other languages are `locale/*/twin.po`
(gettext, kept in step by `python -m twin_app.locale`). A `.po` is read at run time, so that a checkout needs no compile step.
"""

from __future__ import annotations

import math
import os
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
_LOCALE = Path(__file__).parent / "locale"
_current = {"language": "en"}


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a sentence for the catalogue without translating it yet."""
    return message


def tr(message: str, **arguments: object) -> str:
    """Return the sentence in the current language with its `{arguments}` filled in."""
    translated = _catalogue(_current["language"]).get(message) or message
    return translated.format(**arguments) if arguments else translated


def said_in(code: str, message: str) -> str:
    """Return a sentence of the catalogue in any language, whichever is the current one."""
    return _catalogue(code).get(message) or message


def language() -> str:
    """Return the current language's code, `en` or `zh_CN`."""
    return _current["language"]


def set_language(code: str) -> None:
    """Switch the language of every sentence worded from now on; unknown codes fall back to English."""
    _current["language"] = code if code in LANGUAGES else "en"


def desktop_language() -> str:
    """Return the language of the desktop or terminal the program was started from, `en` where it is none of ours."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows alone has this door
        import locale  # noqa: PLC0415 - as ctypes

        name = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    else:
        name = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    return "zh_CN" if name.startswith("zh") else "en"


@lru_cache(maxsize=4)
def _catalogue(code: str) -> dict[str, str]:
    """Read one language's sentences; English is the code itself."""
    path = _LOCALE / code / "twin.po"
    if code == "en" or not path.exists():
        return {}
    from babel.messages.pofile import read_po  # noqa: PLC0415 - 60 ms that English readers need not wait for

    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string and not m.fuzzy}


def duration(seconds: float) -> str:
    """Return a span with its units, two parts at most: `4 min 12 s`, `0.8 s`, `3 h 05 min`."""
    if not math.isfinite(seconds):
        return "–"
    sign, s = ("-", -seconds) if seconds < 0 else ("", seconds)
    if s < 9.95:  # noqa: PLR2004 - below ten seconds tenths matter
        return sign + tr("{s} s", s=f"{s:.1f}")
    whole = round(s)
    if whole < 60:  # noqa: PLR2004
        return sign + tr("{s} s", s=whole)
    if whole < 3600:  # noqa: PLR2004
        return sign + tr("{m} min {s} s", m=whole // 60, s=f"{whole % 60:02d}")
    if whole < 172_800:  # noqa: PLR2004
        return sign + tr("{h} h {m} min", h=whole // 3600, m=f"{whole % 3600 // 60:02d}")
    return sign + tr("{d} d {h} h", d=whole // 86_400, h=whole % 86_400 // 3600)


def number(value: float | None, digits: int = 0) -> str:
    """Return a number grouped by thin spaces, or a dash where it is unknown."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:,.{digits}f}".replace(",", "\u2009")


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share of one as per cent, or a dash where it is unknown."""
    return "–" if share is None or not math.isfinite(share) else f"{number(share * 100, digits)} %"


def clock_time(at_ns: int, zone: tzinfo, *, date: bool = False, digits: int = 0) -> str:
    """Return local time of day (with `digits` of a second) in `zone`; `date` puts the ISO date before it."""
    moment = datetime.fromtimestamp(at_ns // 1_000_000_000, UTC).astimezone(zone)
    text = moment.strftime("%Y-%m-%d %H:%M:%S" if date else "%H:%M:%S")
    return f"{text}.{at_ns % 1_000_000_000:09d}"[: len(text) + 1 + digits] if digits else text


def offset_name(at_ns: int, zone: tzinfo) -> str:
    """Return the zone's offset at that instant as `UTC+8` or `UTC+5:30`."""
    moment = datetime.fromtimestamp(at_ns // 1_000_000_000, UTC).astimezone(zone)
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    sign, size = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return f"UTC{sign}{size // 60}" + (f":{size % 60:02d}" if size % 60 else "")


def clock_span(start_ns: int, end_ns: int, zone: tzinfo, *, digits: int = 0, minutes: bool = False, short: bool = False) -> str:
    """Return a span in local time with its date and the zone's offset: each once where both ends share it, at both ends where they do not.

    `digits` of a second; `minutes` leaves the seconds away; `short` leaves the offset away unless the clocks change between.
    """
    start, end = (clock_time(at_ns, zone, date=True, digits=digits) for at_ns in (start_ns, end_ns))
    if minutes:
        start, end = start[:16], end[:16]
    ending = end[11:] if start[:10] == end[:10] else end
    first, last = (offset_name(at_ns, zone) for at_ns in (start_ns, end_ns))
    if first != last:
        return f"{start} {first} – {ending} {last}"
    return f"{start} – {ending}" if short else f"{start} – {ending} {last}"
