"""What people entered of orders and calendar, as a table, a line or JSON. Not for entering it: see `session.entries`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from rich.table import Table

from twin_app.model.entry import KIND_WORDS, EntryKind
from twin_app.model.reason import reason_words
from twin_app.service.tables import rendered
from twin_app.text import clock_time, number, tr
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.entry import Entry
    from twin_app.model.equipment import Line
    from twin_app.persons.access import Access

EntryAnswer = TypedDict(
    "EntryAnswer",
    {
        "id": str, "kind": str, "from": str, "to": str | None, "unit": str | None, "order": str, "product": str, "quantity": float | None,
        "reason": str, "note": str, "who": str, "said": str, "undone": bool,
    },
)  # fmt: skip
"""One entry as it was said once; `to` null: until further notice, `unit` null: the whole line, `who` an id, empty: the local user."""


class EntriesAnswer(TypedDict):
    """What `entries --json` prints."""

    line: str
    entries: list[EntryAnswer]


def entries_answer(line: Line, entries: Sequence[Entry]) -> EntriesAnswer:
    """Return the object that is printed."""
    return {"line": line.id, "entries": [_entry(entry) for entry in entries]}


def _entry(entry: Entry) -> EntryAnswer:
    return {
        "id": entry.id, "kind": str(entry.kind), "from": iso_utc(entry.start_ns), "to": None if entry.end_ns is None else iso_utc(entry.end_ns),
        "unit": entry.unit or None, "order": entry.order, "product": entry.product, "quantity": entry.quantity, "reason": entry.reason,
        "note": entry.note, "who": entry.who, "said": iso_utc(entry.known_ns), "undone": entry.undone,
    }  # fmt: skip


def entries_table(line: Line, entries: Sequence[Entry], access: Access | None) -> str:
    """Return entries as a table; persons by their ids, or by name where `access` says who they are."""
    if not entries:
        return tr("Nothing was entered.")
    table = Table(title=line.title)
    for heading in (
        tr("Id"),
        tr("What"),
        tr("Start"),
        tr("End"),
        tr("Unit"),
        tr("Order"),
        tr("Product"),
        tr("Planned"),
        tr("Note"),
        tr("Said"),
        tr("By"),
    ):
        table.add_column(heading)
    for entry in entries:
        table.add_row(*_cells(line, entry), _who(entry, access))
    return rendered(table)


def entry_line(line: Line, entry: Entry) -> str:
    """Return one entry as a line: id first, for scripts to cut off."""
    id_, kind, start, end, *rest, _ = _cells(line, entry)
    return "\t".join((id_, kind, f"{start} – {end}", *filter(None, rest)))


def _cells(line: Line, entry: Entry) -> tuple[str, ...]:
    """Return an entry's cells but the last."""
    kind = tr(KIND_WORDS[entry.kind]) + (f" ({tr('undone')})" if entry.undone else "")
    start, said = (clock_time(at_ns, line.tz, date=True) for at_ns in (entry.start_ns, entry.known_ns))
    end = tr("until further notice") if entry.end_ns is None else clock_time(entry.end_ns, line.tz, date=True)
    what = reason_words(line.reason_tree, entry.reason) if entry.kind is EntryKind.REASON else entry.order
    planned = "" if entry.quantity is None else number(entry.quantity)
    return entry.id, kind, start, end, entry.unit, what, entry.product, planned, entry.note, said


def _who(entry: Entry, access: Access | None) -> str:
    """Return who said it."""
    person = access.person(entry.who) if access else None
    return person.name if person else entry.who or tr("local user")
