"""What the columns of a table mean: which holds the time, and of which signal the others are. Not for reading cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from twin_app.errors import UsageError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.equipment import Line
    from twin_app.model.signal import SignalTable

TIME_HEADINGS = ("time", "timestamp", "datetime", "date time", "ts", "t", "zeit", "zeitstempel", "datum", "时间", "时间戳")
LONG = {"signal": ("signal", "tag", "name", "variable", "point", "变量", "点位"), "value": ("value", "wert", "val", "值")}
"""What a row a sample calls its two columns."""
OWN = (
    "source_time",
    "received_time",
    "unit",
    "type",
    "quality",
    "unit_of_measure",
    "number",
    "boolean",
    "text",
    "bytes",
    "integer",
    "simulated",
)
"""Further columns of the twin's own export."""

Target = tuple[str, str]
"""Unit and name of a signal."""
LEFT_OUT = "-"
"""Stands for a signal where a column is not wanted."""
WIDE, LONG_SHAPE = "wide", "long"
UNITS = ("auto", "iso8601", "s", "ms", "us", "ns")
"""Forms of a time that are no pattern."""
LONGEST = 40
_IN_BRACKETS = re.compile(r"[\[(][^\])]*[\])]\s*$")
_NOT_IN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person says about a table; what is empty is found out."""

    time: str = ""
    clock: str = ""
    """The column that holds the time of day, where `time` holds dates alone; `-`: none does."""
    time_unit: str = "auto"
    """As of `codec.times.source_time_ns`: `auto`, `s`, `ms`, `us`, `ns`, `iso8601`, or a pattern of strptime."""
    zone: str = ""
    """Of times that name none; empty: the line's."""
    decimal: str = ""
    """`.` or `,`."""
    separator: str = ""
    encoding: str = ""
    shape: str = ""
    """`wide`: a column a signal; `long`: a row a sample."""
    signal: str = ""
    """Of a row a sample: the column that names the signal."""
    value: str = ""
    """Of a row a sample: the column that holds the value."""
    mapped: Mapping[str, str] = field(default_factory=dict)
    """`UNIT/NAME` by heading, or by what stands in the signal column; `-` leaves it out."""

    def check(self) -> None:
        """Look whether what is said can be meant.

        Raises:
            UsageError: the zone, the separator or the form of the time is none.
        """
        try:
            ZoneInfo(self.zone or "UTC")
        except (OSError, ValueError, KeyError) as error:
            raise UsageError(N_("“{zone}” is no time zone."), tip=N_("Write one such as Asia/Shanghai."), zone=self.zone) from error
        if len(self.separator) > 1 or self.separator in {'"', "\r", "\n"}:
            what = N_("“{separator}” cannot separate cells.")
            raise UsageError(what, tip=N_("Give one of , ; | or tab."), separator=self.separator)
        if self.time_unit not in UNITS and "%" not in self.time_unit:
            what = N_("“{form}” is no form of a time.")
            raise UsageError(what, tip=N_("Write s, ms, us, ns, iso8601, or a pattern such as %d.%m.%Y %H:%M:%S."), form=self.time_unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A table's columns by their places."""

    time: int
    wide: Mapping[int, Target]
    """Signals by column; empty where each row is a sample."""
    signal: int = -1
    value: int = -1
    clock: int = -1
    """Where the time of day stands, if not with the date."""
    own: Mapping[str, int] = field(default_factory=dict)
    """Places of the twin's own columns, where the table is one of its exports."""
    unmapped: tuple[str, ...] = ()
    """Headings that stand for no signal of the line."""


class Targets:
    """The signals of a line by what people call them."""

    def __init__(self, line: Line, signals: SignalTable, mapped: Mapping[str, str]) -> None:
        """Look at a line; `mapped` is asked first.

        Raises:
            UsageError: what is mapped names no unit of the line.
        """
        self._mapped: dict[str, Target | None] = {name.strip(): _target(line, text) for name, text in mapped.items()}
        self._units = {unit.id: unit.id for unit in line.units} | {f"@{source.id}": f"@{source.id}" for source in line.sources}
        self._folded = {unit.casefold(): unit for unit in self._units.values()} | {unit.title.casefold(): unit.id for unit in line.units}
        self._signals = signals
        self._plain = _plainly(line, signals)

    def find(self, name: str, unit: str = "") -> Target | None:
        """Return the signal that a heading or a tag stands for, None where it stands for none; one beside a `unit` is mapped as `UNIT/TAG`."""
        name = name.strip()
        called = f"{unit}/{name}" if unit else name
        if called in self._mapped:
            return self._mapped[called]
        if unit:
            found = self._units.get(unit) or self._folded.get(unit.strip().casefold())
            return (found, name) if found and name else None
        new = None
        for joint in ("/", ".", ":", " - ", " "):
            head, _, rest = name.partition(joint)
            found = self._units.get(head) or self._folded.get(head.casefold())
            if found and rest.strip():
                target = found, self._spelled(found, rest.strip())
                if self._signals.find(*target) is not None:
                    return target
                new = new or target
        return self._plain.get(_plain(name)) or new

    def _spelled(self, unit: str, name: str) -> str:
        """Return a signal's name as the layout spells it."""
        known = {self._signals[i].name.casefold(): self._signals[i].name for i in self._signals.of_unit(unit)}
        return known.get(name.casefold(), name)


def _some(headings: Sequence[str]) -> str:
    """Return the first headings, as a sentence has room for them."""
    return ", ".join(heading if len(heading) <= LONGEST else f"{heading[: LONGEST - 1]}…" for heading in headings[:12])


def _plain(name: str) -> str:
    """Return a name without what is spelled in many ways: case, blanks, signs, and a unit of measure in brackets behind."""
    return _NOT_IN_WORDS.sub("", _IN_BRACKETS.sub("", name)).casefold()


def _plainly(line: Line, signals: SignalTable) -> dict[str, Target | None]:
    """Return the line's signals by their plain names; None stands for what two have in common."""
    found: dict[str, Target | None] = {}
    for unit in line.units:
        for i in signals.of_unit(unit.id):
            target = (unit.id, signals[i].name)
            for name in {_plain(head + target[1]) for head in (unit.id, unit.title)}:
                found[name] = target if found.get(name, target) == target else None
    return found


def _target(line: Line, text: str) -> Target | None:
    """Return what a mapping names; None where it leaves out."""
    if text == LEFT_OUT:
        return None
    unit, _, name = text.partition("/")
    if not name or unit not in {one.id for one in line.units}:
        raise UsageError(
            N_("“{text}” is no signal of {line}."), tip=N_("Write UNIT/NAME; the units are {units}."),
            text=text, line=line.title, units=", ".join(one.id for one in line.units[:20]),
        )  # fmt: skip
    return unit, name


def joined(date: object, clock: object) -> str:
    """Return a date and a time of day as one time."""
    return f"{str(date).strip()} {str(clock).strip()}" if clock is not None else str(date).strip()


def understood(headings: Sequence[str], given: Given, targets: Targets) -> Columns:
    """Return what a table's columns mean.

    Raises:
        UsageError: no column holds the time, or none a signal of the line; says how to name them.
    """
    time = _time(headings, given)
    clock = _place(headings, given.clock, ()) if given.clock not in {"", LEFT_OUT} else -1
    folded = [heading.casefold() for heading in headings]
    own = {name: folded.index(name) for name in OWN if name in folded}
    signal, value = (_place(headings, getattr(given, part), LONG[part]) for part in ("signal", "value"))
    if given.shape != WIDE and signal >= 0 and (value >= 0 or "number" in own):
        return Columns(time=time, clock=clock, wide={}, signal=signal, value=value, own=own)
    if given.shape == LONG_SHAPE:
        raise UsageError(
            N_("A row a sample needs a column that names the signal and one that holds the value: {headings}."),
            tip=N_("Say which; on the command line: --signal HEADING --value HEADING."), headings=_some(headings),
        )  # fmt: skip
    wide = {i: found for i, heading in enumerate(headings) if i not in {time, clock} and (found := targets.find(heading))}
    unmapped = tuple(
        heading for i, heading in enumerate(headings) if i not in wide and i not in {time, clock} and heading and heading != "simulated"
    )
    if not wide:
        raise UsageError(
            N_("No column of the table is a signal of the line: {headings}."), tip=N_('Say which is which; on the command line: --map "HEADING=UNIT/NAME".'),
            headings=_some(unmapped),
        )  # fmt: skip
    _apart(headings, wide)
    return Columns(time=time, clock=clock, wide=wide, own={k: v for k, v in own.items() if k == "simulated"}, unmapped=unmapped)


def _place(headings: Sequence[str], said: str, words: Sequence[str]) -> int:
    """Return the column that is said or called so, -1 where there is none."""
    folded = [heading.casefold() for heading in headings]
    if said:
        return list(headings).index(said) if said in headings else -1
    return next((folded.index(word) for word in words if word in folded), -1)


def _apart(headings: Sequence[str], wide: Mapping[int, Target]) -> None:
    """Look whether each signal has one column.

    Raises:
        UsageError: two columns are the same signal.
    """
    first: dict[Target, int] = {}
    for place, target in wide.items():
        if (before := first.setdefault(target, place)) != place:
            raise UsageError(
                N_("Two columns are {signal}: “{one}” and “{other}”."), tip=N_('Leave one out; on the command line: --map "HEADING=-".'),
                signal="/".join(target), one=headings[before], other=headings[place],
            )  # fmt: skip


def _time(headings: Sequence[str], given: Given) -> int:
    """Return which column holds the time."""
    if given.time:
        if given.time not in headings:
            raise UsageError(
                N_("The table has no column “{name}”."),
                tip=N_("Its columns are {headings}."),
                name=given.time,
                headings=_some(headings),
            )
        return list(headings).index(given.time)
    folded = [heading.casefold() for heading in headings]
    found = next((folded.index(word) for word in TIME_HEADINGS if word in folded), None)
    if found is None:
        raise UsageError(
            N_("None of the columns {headings} is called time."), tip=N_("Say which holds the time; on the command line: --time HEADING."),
            headings=_some(headings),
        )  # fmt: skip
    return found
