"""Which fields of a machine without PackML are its state, mode, counts and bits, by name and behaviour. Guesses, all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin_app.discover.fields import FieldProfile, Kind
from twin_app.discover.words import words_of
from twin_app.model import signal as names
from twin_app.model.packml import STATE_BY_NAME, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_STATES = ("statecurrentstr", "statecurrent", "packmlstate", "machinestate", "unitstate", "currentstate", "state", "operatingstate", "runstate", "statename",
           "machinestatus", "status", "zustand", "状态")  # fmt: skip
_STATE_NUMBERS = ("statenumber", "stateno", "statecode", "stateid", "statecurrent", "statusnumber")
_MODES = ("unitmodecurrentstr", "unitmodecurrent", "unitmode", "machinemode", "operatingmode", "opmode", "mode", "betriebsart", "模式")
_TOTALS = ("processed", "prodprocessedcount", "totalcount", "totalparts", "total", "partcount", "partscount", "partcounter", "partsproduced", "partsmade",
           "producedcount", "produced", "productioncount", "piececount", "pieces", "parts", "outputcount", "output", "cyclecount", "unitsproduced", "count",
           "counter", "quantity", "qty", "bottles", "cases", "packs", "pallets", "产量", "计数")  # fmt: skip
_GOOD = ("goodcount", "goodparts", "goodpieces", "countgood", "partsgood", "good", "okcount", "okparts", "partsok", "ok", "io", "合格")
_BAD = ("defective", "proddefectivecount", "scrapcount", "scrapparts", "scrap", "rejectcount", "rejects", "rejected", "reject", "badcount", "badparts",
        "countbad", "bad", "nokcount", "partsnok", "nok", "nio", "ngcount", "ng", "defectcount", "defects", "waste", "废品", "不合格")  # fmt: skip
_CONSUMED = ("consumed", "prodconsumedcount", "infeedcount", "infeed", "inputcount", "incount", "partsin")
_SPEEDS = ("curmachspeed", "partsperminute", "bottlesperminute", "piecesperminute", "partspermin", "machinespeedperminute")
_REASONS = ("stopreason", "downtimereason", "stopcause", "faulttext", "faultmessage")
RUNS = ("running", "isrunning", "run", "producing", "isproducing", "incycle", "cycleactive", "machinerunning", "automaticrunning")
FAULTS = (
    "faulted",
    "isfaulted",
    "fault",
    "faultword",
    "faultcode",
    "errorcode",
    "inerror",
    "error",
    "alarmactive",
    "emergencystop",
    "estop",
)
_TIMES = ("timestamp", "timestampms", "sourcetimestamp", "ts", "time", "at", "datetime", "timestamputc", "eventtime", "date", "t", "时间")
SYNONYMS: dict[str, tuple[str, ...]] = {
    "Execute": ("run", "running", "executing", "producing", "production", "inproduction", "working", "processing", "operating", "incycle", "machining",
                "cutting", "active", "automatic", "auto", "on", "运行", "生产", "laeuft", "läuft", "produktion"),
    "Idle": ("ready", "standby", "waiting", "wait", "available", "待机", "空闲", "bereit"),
    "Stopped": ("stop", "off", "halt", "halted", "down", "shutdown", "inactive", "stopp", "gestoppt", "停止", "停机", "setup", "changeover", "maintenance",
                "cleaning"),
    "Aborted": ("fault", "faulted", "error", "alarm", "failure", "failed", "emergency", "emergencystop", "estop", "tripped", "breakdown", "故障", "报警",
                "störung", "stoerung"),
    "Held": ("hold", "pause", "paused", "interrupted", "feedhold", "暂停"),
    "Suspended": ("starved", "blocked", "starving", "blocking", "nomaterial", "waitingformaterial", "缺料", "堵料"),
    "Starting": ("startup", "warmup", "启动"),
    "Complete": ("completed", "finished", "done", "完成"),
    "Undefined": ("offline", "unknown", "disconnected", "离线"),
}  # fmt: skip
"""PackML's states to the words that machines without PackML have for them."""
_BY_WORD = {word: title for title, words in SYNONYMS.items() for word in words}
_COUNT_NAMES = frozenset({*_TOTALS, *_GOOD, *_BAD, *_CONSUMED})
_METERED = frozenset(
    {"energy", "power", "kwh", "wh", "water", "air", "gas", "steam", "time", "hours", "seconds", "runtime", "uptime", "cost"}
)
"""What is counted up and made of no pieces."""
_NO_BIT = 1.0
_LAST_STATE = max(State)


@dataclass(frozen=True, slots=True)
class Roles:
    """What some fields of one machine, or of machines that are alike, mean."""

    signals: dict[str, str] = field(default_factory=dict)
    """Field to the engine's name."""
    state_names: dict[str, str] = field(default_factory=dict)
    """The source's word, in small letters, to PackML's."""
    unknown_words: tuple[str, ...] = ()
    """Words of the state that nobody knows."""
    good_only: bool = False
    """What is counted as processed are good pieces alone, beside a count of the bad ones."""
    run: str = ""
    """Field that says whether it runs; only where no field is the state."""
    fault: str = ""


def roles_of(fields: Mapping[str, FieldProfile]) -> Roles:
    """Return what fields mean; what cannot be told is left out."""
    state = _first(fields, _STATES, _is_state)
    number = _first(fields, _STATE_NUMBERS, _is_whole) if state and fields[state].kind == Kind.TEXT else ""
    total, good = _first(fields, _TOTALS, _counts), _first(fields, _GOOD, _counts)
    bad = _first(fields, _BAD, _counts)
    found = {
        state: names.STATE, number: names.STATE_NUMBER, _first(fields, _MODES, _is_mode): names.MODE, total or good: names.PROCESSED, bad: names.DEFECTIVE,
        _first(fields, _CONSUMED, _counts): names.CONSUMED, _first(fields, _SPEEDS, _is_number): names.SPEED,
        _first(fields, ("starved",), _is_bit): names.STARVED, _first(fields, ("blocked",), _is_bit): names.BLOCKED,
        _first(fields, _REASONS, _is_text): "StopReason",
    }  # fmt: skip
    found.pop("", None)
    words = fields[state].words if state and fields[state].kind == Kind.TEXT else {}
    known = {word: _BY_WORD[key] for word in words if (key := _plain(word)) in _BY_WORD and not _is_packml(word)}
    return Roles(
        signals=found,
        state_names={word.casefold(): title for word, title in known.items()},
        unknown_words=tuple(word for word in words if word not in known and not _is_packml(word)),
        good_only=bool(good and bad and not total),
        run="" if state else _first(fields, RUNS, _is_bit),
        fault="" if state else _first(fields, FAULTS, _is_fault),
    )


def time_field_of(fields: Mapping[str, FieldProfile]) -> tuple[str, str]:
    """Return the field that tells a message's own time, and its unit; `local` for one without a zone; empty where there is none."""
    clocks = {name: clock for name, one in fields.items() if (clock := one.clock()) and name}
    named = next((name for wanted in _TIMES for name in clocks if _own(name) == wanted), "")
    dated = next((name for name, clock in clocks.items() if clock in {"iso8601", "local"}), "")
    chosen = named or dated  # a number that could be a time is one only if it is called so
    return chosen, clocks.get(chosen, "")


def is_time_name(name: str) -> bool:
    """Say whether a field of such a name tells a time."""
    return _own(name) in _TIMES


def is_count_name(name: str) -> bool:
    """Say whether a field of such a name counts pieces."""
    return _own(name) in _COUNT_NAMES and not _METERED & set(words_of(name))


def is_state_word(word: str) -> bool:
    """Say whether a word is a state's, in PackML's words or others'."""
    return _is_packml(word) or _plain(word) in _BY_WORD


def _first(fields: Mapping[str, FieldProfile], wanted: Iterable[str], fits: Callable[[FieldProfile], bool]) -> str:
    """Return the field whose name comes first among the wanted ones, and that behaves as it should; empty where none is."""
    by_name: dict[str, str] = {}
    for name in fields:
        if not _METERED & set(words_of(name)):
            by_name.setdefault(_own(name), name)
    return next((by_name[want] for want in wanted if want in by_name and fits(fields[by_name[want]])), "")


def _own(name: str) -> str:
    """Return the last part of a field's name as it is compared: `counts.Parts_Made` is partsmade."""
    return "".join(words_of(name.replace("/", ".").rpartition(".")[2]))


def _plain(word: str) -> str:
    """Return a word of a state as it is compared."""
    return "".join(words_of(word))


def _is_packml(word: str) -> bool:
    """Say whether a word is one of PackML's."""
    return _plain(word) in STATE_BY_NAME


def _is_state(one: FieldProfile) -> bool:
    """Say whether a field can be a state: few words of which one is known, or PackML's numbers, more of them than a bit has."""
    if one.kind == Kind.TEXT:
        return not one.more_words and any(is_state_word(word) for word in one.words)
    return _is_whole(one) and one.low >= 0 and _NO_BIT < one.high <= _LAST_STATE


def _is_mode(one: FieldProfile) -> bool:
    return not one.more_words and (one.kind == Kind.TEXT or (_is_whole(one) and one.low >= 0))


def _counts(one: FieldProfile) -> bool:
    return one.counts


def _is_number(one: FieldProfile) -> bool:
    return one.kind == Kind.NUMBER


def _is_text(one: FieldProfile) -> bool:
    return one.kind == Kind.TEXT


def _is_whole(one: FieldProfile) -> bool:
    return one.kind == Kind.NUMBER and one.whole


def _is_bit(one: FieldProfile) -> bool:
    return one.kind == Kind.FLAG or (_is_whole(one) and one.low >= 0 and one.high <= _NO_BIT)


def _is_fault(one: FieldProfile) -> bool:
    return one.kind == Kind.FLAG or (_is_whole(one) and one.low >= 0)
