"""What is searched for in a recording, and how it is typed. Values only; `search` finds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.model.packml import STATE_BY_NAME, State
from twin_app.text import N_

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.signal import SignalTable

ANY_STOP, NO_DATA = "stop", "no data"
"""Words beside the states: the unit stood by itself, through whatever states; nobody knows its state."""
_VALUE = re.compile(r"(?:([^/<>=!\s]+)/)?([^<>=!]+?)\s*(<=|>=|!=|<|>|=)\s*(\S+)")


@dataclass(frozen=True, slots=True)
class Bound:
    """A signal's value beside a number: `Temperature > 75`."""

    signal: str
    sign: str
    """<, <=, >, >=, = or !=."""
    number: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is searched for; all that is given must hold at once. Empty and None: no matter."""

    unit: str = ""
    state: State | None = None
    any_stop: bool = False
    no_data: bool = False
    longer_ns: int = 0
    alarm: str = ""
    """A part of what an alarm says, or of its key."""
    reason: str = ""
    """A part of why the unit stood, in its own words."""
    value: Bound | None = None

    @property
    def by_state(self) -> bool:
        """Tell whether states are looked at; a reason alone means any stop."""
        return self.state is not None or self.any_stop or self.no_data or bool(self.reason) or not (self.alarm or self.value)


def state_of(word: str) -> dict[str, object]:
    """Return what a word for a state asks for, as arguments of `Wanted`.

    Raises:
        UsageError: it is none.
    """
    plain = " ".join(word.replace("_", " ").casefold().split())
    if plain in {ANY_STOP, "stops"}:
        return {"any_stop": True}
    if plain in {NO_DATA, "blind", "unknown"}:
        return {"no_data": True}
    found = STATE_BY_NAME.get(plain) or STATE_BY_NAME.get(plain.replace(" ", ""))
    if found is None:
        raise UsageError(
            N_("“{word}” is not a state."), tip=N_("Give one of {known}."), word=word,
            known=", ".join([*(state.title for state in State), ANY_STOP, NO_DATA]),
        )  # fmt: skip
    return {"state": found}


def unit_of(line: Line, word: str) -> str:
    """Return the id of the unit that a word means: its id or its title, whatever the case; empty for an empty one.

    Raises:
        UsageError: the line has no such unit.
    """
    named = {name.casefold(): unit.id for unit in line.units for name in (unit.title, unit.id)}
    if word and word.casefold() not in named:
        raise UsageError(
            N_("{line} has no unit “{unit}”."), tip=N_("Give one of {known}."), line=line.title, unit=word,
            known=", ".join(unit.id for unit in line.units),
        )  # fmt: skip
    return named.get(word.casefold(), "")


def value_of(text: str) -> tuple[str, Bound]:
    """Return unit (empty: not said) and bound of a text such as `Filler/Temperature > 75`.

    Raises:
        UsageError: it is none.
    """
    match = _VALUE.fullmatch(text.strip())
    try:
        if match is not None:
            return match[1] or "", Bound(match[2].strip(), match[3], float(match[4]))
    except ValueError:
        pass
    raise UsageError(
        N_("“{text}” is no value to search for."), tip=N_("Write a signal, one of < <= > >= = != and a number, such as “Temperature > 75”."), text=text
    )  # fmt: skip


def signals_of(signals: SignalTable, wanted: Wanted) -> list[tuple[str, int]]:
    """Return the units and signals that a bound is about.

    Raises:
        UsageError: the recording knows no such signal.
    """
    assert wanted.value is not None  # noqa: S101 - asked only then
    name = wanted.value.signal.casefold()
    found = [(signal.unit, i) for i, signal in enumerate(signals) if signal.name.casefold() == name and wanted.unit in {"", signal.unit}]
    if not found:
        raise UsageError(
            N_("The recording knows no signal “{signal}” of {unit}."), tip=N_("Check its name, as the inspector shows it."),
            signal=wanted.value.signal, unit=wanted.unit or "*",
        )  # fmt: skip
    return found
