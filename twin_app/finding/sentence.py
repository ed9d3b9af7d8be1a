"""A search as people say it, in English or Chinese: `M7 aborted > 3 min, last 30 days`. To the same values as the fields; not for searching."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.finding.wanted import Bound, Wanted
from twin_app.model.packml import STATE_WORDS, State
from twin_app.text import LANGUAGES, N_, duration, said_in, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from twin_app.model.equipment import Line

LONGEST = 300
"""Letters of a sentence; more is none."""
_UNITS_S = {
    1: ("s", "sec", "secs", "second", "seconds", "秒钟", "秒"), 60: ("m", "min", "mins", "minute", "minutes", "分钟", "分"),
    3600: ("h", "hr", "hrs", "hour", "hours", "个小时", "小时"), 86_400: ("d", "day", "days", "天", "日"),
    604_800: ("w", "week", "weeks", "星期", "周"), 2_592_000: ("month", "months", "个月", "月"),
}  # fmt: skip
_SECONDS = {word: seconds for seconds, words in _UNITS_S.items() for word in words}
_NUMERALS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_UNIT = "|".join(sorted(map(re.escape, _SECONDS), key=len, reverse=True))
_ONE = rf"(\d+(?:\.\d+)?|[{''.join(_NUMERALS)}])\s*({_UNIT})(?![A-Za-z])"
_SPAN = rf"(?:{_ONE}\s*)+"
_MORE = r"(?:>=|≥|>|longer than|more than|at least|over|for|大于等于|大于|超过|多于|长于|不少于|至少|持续)"
_LESS = r"(?:<=|≤|<|shorter than|less than|at most|under|小于等于|小于|少于|不到|短于)"
_LAST = r"(?:(?:in|of|over|during)\s+)?(?:the\s+)?(?:last|past)|最近|过去|近"
_ABOVE = {
    "above": ">",
    "over": ">",
    "below": "<",
    "under": "<",
    "高于": ">",
    "大于": ">",
    "超过": ">",
    "低于": "<",
    "小于": "<",
    "≥": ">=",
    "≤": "<=",
}
_SIGN = rf"<=|>=|!=|<|>|=|{'|'.join(_ABOVE)}"
_QUOTED = r"[“\"'「『]([^”\"'」』]+)[”\"'」』]"
_PAUSE = r"[\s,;，、；。.!?！？:：]+"  # noqa: RUF001 - people write Chinese with its own signs
_COLON = r"\s*[:：]?\s*"  # noqa: RUF001 - as above
_SAID = (("alarm", r"alarms?|报警"), ("reason", r"because(?:\s+of)?|reason|why|原因|因为"))
"""What alarms and reasons of stops are asked for by, with a part of their text behind it."""
_SAYS_NOTHING = (
    "find show search list every all any each the a an in on of at for was were is are been be being that which when where and with by "
    "its unit units machine machines state states moment moments time times than it did has had longer shift shifts "
    "查找 搜索 显示 列出 所有 全部 任何 的 了 和 在 中 内 里 时 时候 以上 持续 处于 状态 机器 设备 单元 班次"
)
_FILLERS = frozenset(_SAYS_NOTHING.split())
_SYNONYMS: tuple[tuple[str, dict[str, Any]], ...] = (
    *((word, {"any_stop": True}) for word in ("any stop", "stops", "stop", "stood", "standing", "downtime", "任何停机", "停机", "停线")),
    *((word, {"no_data": True}) for word in ("no data", "blind", "unknown", "无数据", "没有数据")),
    *((word, {"state": State.EXECUTE}) for word in ("running", "ran", "run", "executing", "运行", "生产中")),
    *((word, {"state": State.ABORTED}) for word in ("abort", "aborts", "failed", "中止", "故障停机")),
    *((word, {"state": State.HELD}) for word in ("on hold", "hold", "保持")),
    *((word, {"state": State.IDLE}) for word in ("idling", "空闲")), *((word, {"state": State.SUSPENDED}) for word in ("挂起",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is searched for, and how far back from the recording's end; None: all of it."""

    wanted: Wanted
    last_ns: int | None = None


@dataclass(slots=True)
class _Rest:
    """What of a sentence is not understood yet."""

    text: str
    found: dict[str, Any] = field(default_factory=dict)

    def take(self, pattern: str, then: Callable[[re.Match[str]], dict[str, Any]]) -> None:
        """Understand the first place of a pattern, if there is one."""
        match = re.search(pattern, self.text, re.IGNORECASE)
        if match is not None:
            self._keep(then(match))
            self.text = f"{self.text[: match.start()]} , {self.text[match.end() :]}"

    def take_words(self, named: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Understand words that mean something, the longest first, wherever they stand apart; a word said twice must mean the same."""
        for word, means in sorted(named, key=lambda one: -len(one[0])):
            pattern = _apart(word)
            if re.search(pattern, self.text, re.IGNORECASE):
                self._keep(means)
                self.text = re.sub(pattern, " , ", self.text, flags=re.IGNORECASE)

    def _keep(self, means: dict[str, Any]) -> None:
        """Keep what was understood; what contradicts it is refused."""
        stated = {"state", "any_stop", "no_data"}
        for key, value in means.items():
            clash = stated & self.found.keys() if key in stated else {key} & self.found.keys()
            if any(self.found[other] != value or other != key for other in clash):
                raise UsageError(
                    N_("The sentence asks for two different things at once."), tip=N_("Ask for one unit and one state at a time.")
                )
            self.found[key] = value

    def left(self) -> str:
        """Return what nobody understood, its pieces with commas between; words that say nothing are left out."""
        words = [word for word in re.split(_PAUSE, self.text) if word]
        return ", ".join(piece for word in words if (piece := _meaning(word)))


def understood(sentence: str, line: Line) -> Query:
    """Return what a sentence asks for of a line: its parts in any order, states and units by any of their names.

    Raises:
        UsageError: some of it is not understood, which is named, or it contradicts itself, or is empty.
    """
    rest = _Rest(f" {' '.join(sentence.split())} ")
    if not sentence.strip() or len(sentence) > LONGEST:
        raise UsageError(N_("That is no sentence to search by."), tip=EXAMPLES)
    units = {name: unit.id for unit in line.units for name in (unit.id, unit.title) if name}
    for key, asked in _SAID:
        rest.take(rf"(?:{asked}){_COLON}{_QUOTED}", _texted(key))
    rest.take(rf"(?:{_LAST})\s*{_SPAN}", lambda match: {"last_ns": _ns(match[0])})
    rest.take(rf"(?:{_LAST})\s*({_UNIT})(?![A-Za-z])", lambda match: {"last_ns": _SECONDS[match[1].lower()] * SECOND_NS})
    if re.search(rf"{_LESS}\s*{_SPAN}", rest.text, re.IGNORECASE):
        raise UsageError(N_("What lasted shorter than a time cannot be searched for."), tip=N_("Ask for what lasted at least so long."))
    rest.take(rf"{_MORE}\s*{_SPAN}(?:以上)?", lambda match: {"longer_ns": _ns(match[0])})
    rest.take(rf"{_SPAN}(?:以上|\s+or\s+(?:more|longer))", lambda match: {"longer_ns": _ns(match[0])})
    rest.take(rf"(?:([^\s/,，]+)/)?([^\s/,，<>=!≥≤]+?)\s*({_SIGN})\s*(-?\d+(?:\.\d+)?)(?![\d.])\s*([^\s,，]*)", _valued(line))
    rest.take_words((name, {"unit": unit}) for name, unit in units.items())
    for key, asked in _SAID:
        rest.take(rf"(?:{asked}){_COLON}([^,，]*?)\s*(?=[,，]|$)", _texted(key))
    rest.take_words(_states())
    if left := rest.left():
        raise UsageError(N_("Not understood: {left}. {known}"), tip=EXAMPLES, left=left, known=_told(rest.found, line))
    last_ns = rest.found.pop("last_ns", None)
    if not rest.found:
        raise UsageError(N_("That is no sentence to search by."), tip=EXAMPLES)
    return Query(wanted=Wanted(**rest.found), last_ns=last_ns)


EXAMPLES = N_('Say it such as “M7 aborted > 3 min, last 30 days”, “M7/Temperature > 75 for 10 min”, or “alarm "jam", last week”.')


def _apart(word: str) -> str:
    """Return the pattern of a word where it is no part of a longer one; Chinese stands without spaces."""
    left, right = (r"(?<![A-Za-z0-9_])" if word[0].isascii() else ""), (r"(?![A-Za-z0-9_])" if word[-1].isascii() else "")
    return left + r"\s+".join(map(re.escape, word.split())) + right


def _texted(key: str) -> Callable[[re.Match[str]], dict[str, Any]]:
    """Return what takes a part of a text out of a match, without the words around it that say nothing."""

    def text(match: re.Match[str]) -> dict[str, Any]:
        words = match[1].split()
        while words and words[-1].casefold() in _FILLERS:
            words.pop()
        while words and words[0].casefold() in _FILLERS:
            words.pop(0)
        if not words:
            raise UsageError(N_("“{word}” of what? A part of its text is missing."), tip=EXAMPLES, word=match[0].strip())
        return {key: " ".join(words)}

    return text


def _meaning(word: str) -> str:
    """Return a word without what says nothing in it; empty where nothing is left."""
    if word.casefold() in _FILLERS:
        return ""
    for filler in sorted((one for one in _FILLERS if not one.isascii()), key=len, reverse=True):
        word = word.replace(filler, "")
    return word


def _ns(text: str) -> int:
    """Return the length of `1 h 30 min` or `三分钟` in ns."""
    parts = re.findall(_ONE, text, re.IGNORECASE)
    return round(sum(float(_NUMERALS.get(size, size)) * _SECONDS[unit.lower()] for size, unit in parts) * SECOND_NS)


def _valued(line: Line) -> Callable[[re.Match[str]], dict[str, Any]]:
    """Return what makes a bound of a match: of unit, signal, sign, number and perhaps the unit of measure."""
    units = {name.casefold(): unit.id for unit in line.units for name in (unit.id, unit.title)}
    states = {word for word, _ in _states()}
    measures = {spec.unit_of_measure for unit in line.units for spec in unit.signals if spec.unit_of_measure} | {"%", "°C"}

    def bound(match: re.Match[str]) -> dict[str, Any]:
        unit, signal, sign, number, measure = match.groups()
        if unit and unit.casefold() not in units:
            raise UsageError(
                N_("{line} has no unit “{unit}”."), tip=N_("Give one of {known}."), line=line.title, unit=unit,
                known=", ".join(one.id for one in line.units),
            )  # fmt: skip
        if signal.casefold() in states:
            raise UsageError(N_("“{text}” says no unit of time."), tip=N_("Write it such as “> 3 min”."), text=f"{sign} {number}")
        if measure and measure not in measures:
            raise UsageError(N_("Not understood: {left}. {known}"), tip=EXAMPLES, left=measure, known="")
        value = Bound(signal.strip(), _ABOVE.get(sign.casefold(), sign), float(number))
        return {"value": value, **({"unit": units[unit.casefold()]} if unit else {})}

    return bound


def _states() -> list[tuple[str, dict[str, Any]]]:
    """Return what every word for a state means: the standard's, those of every language of the program, and what people say besides."""
    words = {(said_in(code, word).casefold(), state) for code in LANGUAGES for state, word in zip(State, STATE_WORDS, strict=True)}
    return [*_SYNONYMS, *((word, {"state": state}) for word, state in words if word not in {one for one, _ in _SYNONYMS})]


def _told(found: dict[str, Any], line: Line) -> str:
    """Return in words what was understood before something was not; empty where nothing was."""
    titles = {unit.id: unit.title for unit in line.units}
    parts = [titles[found["unit"]]] if "unit" in found else []
    parts += [tr(STATE_WORDS[found["state"]])] if "state" in found else []
    parts += [tr("Any stop")] if "any_stop" in found else []
    parts += [tr("No data")] if "no_data" in found else []
    parts += [f"{found['value'].signal} {found['value'].sign} {found['value'].number:g}"] if "value" in found else []
    parts += [tr("at least {span}", span=duration(found["longer_ns"] / SECOND_NS))] if "longer_ns" in found else []
    parts += [f"“{found[key]}”" for key in ("alarm", "reason") if key in found]
    parts += [tr("the last {span}", span=duration(found["last_ns"] / SECOND_NS))] if "last_ns" in found else []
    return tr("Understood: {parts}.", parts=", ".join(parts)) if parts else ""
