"""The tables for machines without PackML: derived signals, rules for state and mode, fault words. Not for rules between keys: see `derivations`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.layout.addresses import FileName
from twin_app.layout.kinds import Choice, Flag, Integer, Listed, Mapped, Name, Number, Text
from twin_app.layout.table import Key, Table
from twin_app.model.derive import Derive, Fault, FaultWord, StateRule
from twin_app.model.packml import State
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from twin_app.layout.findings import At

STATES = Choice(tuple(state.title for state in State))
MODES = Choice(("Production", "Maintenance", "Manual", "Undefined", "User-defined", "Changeover"))
HIGHEST_BIT = 52
"""A word is kept as a 64-bit float, which holds 53 bits exactly."""

_LONGEST_WORD = 200
_ID = Name()
_SIGNALS = Listed(_ID, least=1, most=100)
_SECONDS = Number(0, 86_400)
_LONG = Number(0, 86_400, above=True)


@dataclass(frozen=True, slots=True)
class Word:
    """A value to compare with: text, or a whole number."""

    blank: str = ""

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        return tr("text of up to {longest} characters, or a whole number", longest=_LONGEST_WORD)

    def read(self, value: object, at: At) -> str:
        """Return the value as text."""
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 2**HIGHEST_BIT:
            return str(value)
        if isinstance(value, str) and 0 < len(value) <= _LONGEST_WORD and value.isprintable():
            return value
        at.refuse(value, self.allowed())
        return self.blank


DERIVE = Table(
    "unit.derive",
    "A signal that follows from others of the unit: one operation, or `scale` and `offset` alone. It is shown like any other, marked as "
    "derived. What is unknown makes unknown what needs it. Named `State`, `Mode`, `Starved`, `Blocked` or like a counter it is the unit's. "
    "[A machine without PackML in ten lines](mapping.md).",
    Derive,
    (
        Key("name", _ID, "Name of the new signal; what the machine sends under that name is not looked at."),
        Key("from", _ID, "The signal that it is made of.", field="of", instead="none; needed unless signals are combined"),
        Key("bit", Integer(0, HIGHEST_BIT), "This bit of a word, 0 the least significant."),
        Key("bits", Integer(1, HIGHEST_BIT + 1), "So many bits from there on, as a number."),
        Key("values", Mapped(Text(), Text()), 'Value to word: `{ 0 = "Stopped", 1 = "Execute" }`; what is not in it stays as it is.'),
        Key("equals", Listed(Word(), least=1), 'True where the value is one of these: `[3, "Auto"]`.'),
        Key("above", Number(), "True where the value is above this."),
        Key("below", Number(), "True where the value is below this."),
        Key("hysteresis", Number(0), "How far back beyond the threshold it must come to be false again."),
        Key("all_of", _SIGNALS, "True where all of these signals are (a number is where it is not 0)."),
        Key("any_of", _SIGNALS, "True where any of these is."),
        Key("none_of", _SIGNALS, "True where none of these is; beside the other two both must hold."),
        Key("no_part_cycles", Number(0, 1e6, above=True), "True where the counter `from` has not counted for so many ideal cycles."),
        Key("no_part_s", _LONG, "True where the counter `from` has not counted for so many seconds."),
        Key("count_edges", Flag(), "A counter of how often `from` rose from no to yes."),
        Key("scale", Number(), "The value times this ..."),
        Key("offset", Number(), "... plus this."),
        Key("on_delay_s", _SECONDS, "Of a yes or no: true only once it was true for so long."),
        Key("off_delay_s", _SECONDS, "Of a yes or no: false only once it was false for so long."),
        Key(
            "assume",
            Number(),
            "What rules and other signals take it for while it is unknown: 0 for a fault that is first sent when there is one.",
        ),
        Key("unit_of_measure", Text(), "Unit of measure, as it is to be shown."),
        Key("title", Text(), "What people call it.", instead="the name"),
    ),
    make=lambda **read: Derive(**{"title": read["name"], **read}),
)

STATE_RULE = Table(
    "unit.state_rule",
    "State and mode of a machine that names none. The first rule that holds and names a state gives the state, the first that names a "
    "mode the mode; while it is unknown whether a rule before holds, nobody knows the state. "
    "What the machine sends as its state or mode is then not looked at.",
    StateRule,
    (
        Key("when", _ID, "The signal, sent or derived, that must be true; the last rule may do without."),
        Key("state", STATES, "The state then."),
        Key("mode", MODES, "The mode then."),
    ),
)

FAULT_WORD = Table(
    "unit.fault_word",
    "A signal whose bits are faults: each becomes a signal of its text, `ActiveFaults` counts those of the unit, "
    "`StopReason` is the text of the gravest.",
    FaultWord,
    (
        Key("from", _ID, "The signal with the bits.", field="of"),
        Key("file", FileName(), "CSV file beside the layout with the faults, see [`fault`](#fault)."),
    ),
)

FAULT = Table(
    "fault",
    "A row of a fault word's CSV file (UTF-8, separated by comma or semicolon, up to 53 rows); its first row names these columns.",
    Fault,
    (
        Key("bit", Integer(0, HIGHEST_BIT), "The bit that says it, 0 the least significant."),
        Key("text", Text(longest=100), "What it is; the name of its signal is this with `-` for `/ + # { } @`."),
        Key("priority", Integer(1, 4), "How grave it is, 1 the gravest."),
        Key("guidance", Text(longest=1000), "What is to be done about it."),
    ),
    cures={"": N_("a column without a name; name it, or leave it out")},
)

_WHOLE = re.compile(r"-?[0-9]{1,9}")


def cell(column: str, written: str) -> object:
    """Return a cell of a CSV file as the value that stands there: digits where a number belongs are one."""
    written = written.strip()
    return int(written) if column in {"bit", "priority"} and _WHOLE.fullmatch(written) else written
