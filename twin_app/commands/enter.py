"""`twin-app enter` and `twin-app entries`: what people say a line works on and what its time is for. Not for reasons of stops: see the window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin_app.commands.answers import as_json
from twin_app.commands.base import Command, add_json, add_layout, add_sources, heard
from twin_app.errors import UsageError
from twin_app.model.entry import KIND_WORDS, EntryKind
from twin_app.text import N_, tr
from twin_app.times import parse_instant_ns

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from twin_app.model.entry import Entry
    from twin_app.session import Session

KINDS = {str(kind).replace("_", "-"): kind for kind in KIND_WORDS if kind is not EntryKind.REASON}
AMEND, UNDO = "amend", "undo"
OPEN = "open"
"""What is typed for an end that is not known yet."""


def add_enter(parser: argparse.ArgumentParser) -> None:
    """Add what is said, of what, and from when on."""
    parser.add_argument("what", choices=(*KINDS, AMEND, UNDO), help=tr("what begins; or what is done to an entry that stands there"))
    parser.add_argument(
        "entry",
        nargs="?",
        default="",
        metavar="ID",
        help=tr("with amend and undo: the entry, or how its id begins, as twin-app entries lists it"),
    )
    add_layout(parser)
    add_sources(parser)
    parser.add_argument(
        "--at",
        metavar="T",
        help=tr("when it begins: ISO 8601 with a zone, or +90s from the start of a recording; default: now, of a live line"),
    )
    parser.add_argument("--until", metavar="T", help=tr("when it ends; open: until further notice, or until what is entered next"))
    parser.add_argument("--unit", metavar="U", help=tr("a unit of the layout; default: the whole line"))
    parser.add_argument("--order", metavar="NAME", help=tr("name or number of the order"))
    parser.add_argument("--product", metavar="ID", help=tr("a product of the layout"))
    parser.add_argument("--quantity", type=float, metavar="N", help=tr("how much is planned of the order, in the line's unit of count"))
    parser.add_argument("--note", metavar="TEXT", help=tr("what is worth knowing beside"))


def run_enter(arguments: argparse.Namespace) -> int:
    """Keep what is said, and print it."""
    from twin_app.service.entry_answers import entry_line

    _check(arguments)
    session = opened(arguments)
    try:
        if not session.entries.lasts:
            raise UsageError(N_("What is entered of a simulated line lasts no longer than the line."), tip=N_("Enter it in the window."))
        said = _say(arguments, session)
        print(entry_line(session.line, said))
    finally:
        session.close()
    return 0


def add_entries(parser: argparse.ArgumentParser) -> None:
    """Add of which line, and whether everything that was ever said is wanted."""
    add_layout(parser)
    add_sources(parser)
    parser.add_argument(
        "--audit", action="store_true", help=tr("everything that was ever said, corrections and undoings too, in the order in which it was")
    )
    add_json(parser)


def run_entries(arguments: argparse.Namespace) -> int:
    """Print what counts, or all that was said."""
    from twin_app.persons.access import load
    from twin_app.service.entry_answers import entries_answer, entries_table
    from twin_app.settings import load as load_settings

    session = opened(arguments)
    try:
        entries = session.entries.said if arguments.audit else session.entries.current
        notices, line = session.entries.notices(), session.line
    finally:
        session.close()
    access = load() if load_settings().settings.privacy.names_in_exports else None
    print(as_json(entries_answer(line, entries)) if arguments.json else "\n".join((entries_table(line, entries, access), *notices)))
    return 0


def opened(arguments: argparse.Namespace) -> Session:
    """Return a session that knows the entries; what was recorded is read only where an offset counts from its start. The caller closes it."""
    from twin_app.service.opening import open_line

    if any((given or "").startswith("+") for given in (getattr(arguments, "at", ""), getattr(arguments, "until", ""))):
        arguments.duration = None
        return heard(arguments)
    return open_line(arguments.layout, arguments.source, record=False)


def _check(arguments: argparse.Namespace) -> None:
    """Refuse what does not belong together, before anything is opened."""
    if (arguments.what in {AMEND, UNDO}) != bool(arguments.entry):
        raise UsageError(N_("Only amend and undo name an entry, and need one."), tip=N_("See twin-app entries."))
    if arguments.what == UNDO and any(value is not None for value in _given(arguments).values()):
        raise UsageError(N_("What is undone is not changed besides."), tip=N_("Give nothing but the entry's id."))


def _given(arguments: argparse.Namespace) -> dict[str, str | float | None]:
    """Return what is said by options."""
    return {name: getattr(arguments, name) for name in ("at", "until", "unit", "order", "product", "quantity", "note")}


def _say(arguments: argparse.Namespace, session: Session) -> Entry:
    """Say it, and return it as it stands now."""
    entries, who = session.entries, arguments.who
    if arguments.what not in KINDS:
        before = _named(arguments.entry, entries.current)
        if arguments.what == UNDO:
            entries.undo(before.id, who=who)
        else:
            entries.correct(_amended(before, arguments, session), who=who)
        return entries.history(before.id)[-1]
    fields = {name: value for name, value in _given(arguments).items() if name not in {"at", "until", "quantity"}}
    made = entries.enter(
        KINDS[arguments.what], _start(arguments, session), end_ns=_end(arguments, session), quantity=arguments.quantity, who=who,
        **{name: str(value or "") for name, value in fields.items()},
    )  # fmt: skip
    return entries.history(made)[-1]


def _named(typed: str, entries: Sequence[Entry]) -> Entry:
    """Return the entry that an id, or the beginning of one alone, means."""
    found = [one for one in entries if one.id.startswith(typed)]
    if len(found) != 1:
        what = N_("More than one entry begins so.") if found else N_("There is no such entry.")
        raise UsageError(what, tip=N_("See twin-app entries."))
    return found[0]


def _amended(before: Entry, arguments: argparse.Namespace, session: Session) -> Entry:
    """Return an entry with what is said anew; what is not said stays as it was."""
    fields = {name: value for name, value in _given(arguments).items() if value is not None and name not in {"at", "until"}}
    if arguments.at:
        fields["start_ns"] = _start(arguments, session)
    after = replace(before, **fields)  # type: ignore[arg-type] # each of its own type
    return replace(after, end_ns=_end(arguments, session)) if arguments.until else after


def _start(arguments: argparse.Namespace, session: Session) -> int:
    """Return when it begins."""
    from twin_app.clock import now_ns

    if arguments.at:
        return _instant(arguments.at, session)
    if not session.live:
        raise UsageError(N_("A recording has no now."), tip=N_("Say when it begins: --at 2026-11-23T10:16:19+08:00, or --at +90s."))
    return now_ns()


def _end(arguments: argparse.Namespace, session: Session) -> int | None:
    """Return when it ends, None until further notice."""
    return None if not arguments.until or arguments.until == OPEN else _instant(arguments.until, session)


def _instant(typed: str, session: Session) -> int:
    """Return a typed instant; offsets count from the first sample of a recording."""
    span = session.span()
    if typed.startswith("+") and span is None:
        raise UsageError(N_("“{text}” counts from a start that is not known."), tip=N_("Write ISO 8601 with a zone."), text=typed)
    return parse_instant_ns(typed, span.start_ns if span else 0)


ENTER = Command(
    name="enter",
    help=N_("enter an order, product, changeover, break or the like, also afterwards; amend or undo it"),
    add=add_enter,
    run=run_enter,
)
ENTRIES = Command(name="entries", help=N_("list what people entered of a line's orders and calendar"), add=add_entries, run=run_entries)
