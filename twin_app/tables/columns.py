"""What the columns of a table mean: which holds the time, and of which signal the others are. Not for reading cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person says about a table; what is empty is found out."""

    time: str = ""
    time_unit: str = "auto"
    """As of `codec.times.source_time_ns`: `auto`, `s`, `ms`, `us`, `ns`, `iso8601`, or a pattern of strptime."""
    zone: str = ""
    """Of times that name none; empty: the line's."""
    decimal: str = ""
    """`.` or `,`."""
    mapped: Mapping[str, str] = field(default_factory=dict)
    """`UNIT/NAME` by heading, or by what stands in the signal column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A table's columns by their places."""

    time: int
    wide: Mapping[int, Target]
    """Signals by column; empty where each row is a sample."""
    signal: int = -1
    value: int = -1
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
        self._mapped = {name.strip(): _target(line, text) for name, text in mapped.items()}
        self._units = {unit.id: unit.id for unit in line.units} | {f"@{source.id}": f"@{source.id}" for source in line.sources}
        self._folded = {unit.casefold(): unit for unit in self._units.values()} | {unit.title.casefold(): unit.id for unit in line.units}
        self._signals = signals

    def find(self, name: str, unit: str = "") -> Target | None:
        """Return the signal that a heading or a tag stands for, None where it stands for none."""
        name = name.strip()
        if not unit and name in self._mapped:
            return self._mapped[name]
        if unit:
            found = self._units.get(unit) or self._folded.get(unit.strip().casefold())
            return (found, name) if found and name else None
        for joint in ("/", ".", ":", " - ", " "):
            head, _, rest = name.partition(joint)
            found = self._units.get(head) or self._folded.get(head.casefold())
            if found and rest.strip():
                return found, self._spelled(found, rest.strip())
        return None

    def _spelled(self, unit: str, name: str) -> str:
        """Return a signal's name as the layout spells it."""
        known = {self._signals[i].name.casefold(): self._signals[i].name for i in self._signals.of_unit(unit)}
        return known.get(name.casefold(), name)


def _target(line: Line, text: str) -> Target:
    """Return what a mapping names."""
    unit, _, name = text.partition("/")
    if not name or unit not in {one.id for one in line.units}:
        raise UsageError(
            N_("“{text}” is no signal of {line}."), tip=N_("Write UNIT/NAME; the units are {units}."),
            text=text, line=line.title, units=", ".join(one.id for one in line.units[:20]),
        )  # fmt: skip
    return unit, name


def understood(headings: Sequence[str], given: Given, targets: Targets) -> Columns:
    """Return what a table's columns mean.

    Raises:
        UsageError: no column holds the time, or none a signal of the line; says how to name them.
    """
    time = _time(headings, given)
    folded = [heading.casefold() for heading in headings]
    signal, value = (next((folded.index(word) for word in LONG[part] if word in folded), -1) for part in ("signal", "value"))
    own = {name: folded.index(name) for name in OWN if name in folded}
    if signal >= 0 and (value >= 0 or "number" in own):
        return Columns(time=time, wide={}, signal=signal, value=value, own=own)
    wide = {i: found for i, heading in enumerate(headings) if i != time and (found := targets.find(heading))}
    unmapped = tuple(heading for i, heading in enumerate(headings) if i not in wide and i != time and heading and heading != "simulated")
    if not wide:
        raise UsageError(
            N_("No column of the table is a signal of the line: {headings}."), tip=N_('Say which is which: --map "HEADING=UNIT/NAME".'),
            headings=", ".join(unmapped[:12]),
        )  # fmt: skip
    return Columns(time=time, wide=wide, own={k: v for k, v in own.items() if k == "simulated"}, unmapped=unmapped)


def _time(headings: Sequence[str], given: Given) -> int:
    """Return which column holds the time."""
    if given.time:
        if given.time not in headings:
            raise UsageError(
                N_("The table has no column “{name}”."),
                tip=N_("Its columns are {headings}."),
                name=given.time,
                headings=", ".join(headings[:20]),
            )
        return list(headings).index(given.time)
    folded = [heading.casefold() for heading in headings]
    found = next((folded.index(word) for word in TIME_HEADINGS if word in folded), None)
    if found is None:
        raise UsageError(
            N_("None of the columns {headings} is called time."), tip=N_("Say which holds the time: --time HEADING."),
            headings=", ".join(headings[:20]),
        )  # fmt: skip
    return found
