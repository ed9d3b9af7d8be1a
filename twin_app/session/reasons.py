"""Why a unit was in a state: what its own alarms and its stop reason say. Not for causes found elsewhere on the line: see `analyse`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.alarms.words import alarm_text
from twin_app.clock import SECOND_NS
from twin_app.model.alarm import Form
from twin_app.model.derive import STOP_REASON
from twin_app.model.entry import EntryKind, in_force
from twin_app.model.reason import path_of, proposed, reason_words
from twin_app.model.samples import Kind
from twin_app.model.story import CauseKind
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.session.known import Known

AROUND_NS = 5 * SECOND_NS
"""An alarm may be told so long before the state changes because of it."""
AFTER_NS = 30 * SECOND_NS
EXPLAINED = frozenset({CauseKind.FAILED, CauseKind.STOPPED})
"""Causes of which a machine says why."""
_NO_REASON = frozenset({"", "none", "ok", "0", "null", "-", "undefined"})


def reason(known: Known, unit: str, start_ns: int, end_ns: int) -> str:
    """Return in words why a unit was in a state within [start_ns, end_ns), first what people say; empty where nobody said."""
    people = reason_words(known.line.reason_tree, _given(known, unit, start_ns, end_ns))
    return " · ".join(filter(None, (people, machine_reason(known, unit, start_ns, end_ns))))


def in_short(known: Known, unit: str, start_ns: int, end_ns: int) -> str:
    """Return the one thing that says best why a unit has been standing: its alarm, else its stop reason; a person's reason where that is another."""
    tree, said = known.line.reason_tree, list(_machine_says(known, unit, start_ns, end_ns))
    given = _given(known, unit, start_ns, end_ns)
    if given and (not said or given != proposed(tree, " · ".join(said))):
        return next((tr(one.title) for one in path_of(tree, given)[-1:]), "")
    return next(iter(said), "")


def _given(known: Known, unit: str, start_ns: int, end_ns: int) -> str:
    """Return the id of the reason that a person gave last for a unit within a span; empty: nobody did."""
    given = [
        entry.reason for entry in in_force(known.told)
        if entry.kind is EntryKind.REASON and entry.unit == unit and entry.start_ns < end_ns and (entry.end_ns or end_ns) > start_ns
    ]  # fmt: skip
    return given[-1] if given else ""


def machine_reason(known: Known, unit: str, start_ns: int, end_ns: int) -> str:
    """Return in words what the machine itself said; empty where it said nothing."""
    return " · ".join(dict.fromkeys(_machine_says(known, unit, start_ns, end_ns)))


def _machine_says(known: Known, unit: str, start_ns: int, end_ns: int) -> Iterator[str]:
    """Yield what the machine itself said, the clearer first."""
    last_ns = min(end_ns, start_ns + AFTER_NS, known.until_ns)
    if alarmed := _alarmed(known, unit, start_ns - AROUND_NS, last_ns):
        yield alarmed
    if said := _said(known, unit, start_ns, last_ns):
        yield said


def _alarmed(known: Known, unit: str, start_ns: int, end_ns: int) -> str:
    """Return what the gravest alarm says that the unit raised; that it is in a state is no reason for it."""
    own = [row for row in known.alarms.occurred(unit, start_ns, end_ns) if row.alarm.form is not Form.STATE]
    gravest = min(own, key=lambda row: (row.alarm.priority, row.at_ns), default=None)
    return alarm_text(known.line, gravest.alarm, gravest.detail) if gravest else ""


def _said(known: Known, unit: str, start_ns: int, end_ns: int) -> str:
    """Return the stop reason that the unit gave, in its own words."""
    signal = known.signals.find(unit, STOP_REASON)
    if signal is None:
        return ""
    series = known.range(signal, start_ns, end_ns, 0)
    texts = [
        known.texts.text(int(value)).strip()
        for at, value, kind in zip(series.times_ns.tolist(), series.value.tolist(), series.kind.tolist(), strict=True)
        if kind == Kind.TEXT and at >= start_ns
    ]
    return next((text for text in texts if text.casefold() not in _NO_REASON), "")
