"""`twin-app find`: moments of a recording, such as every stop of a unit that lasted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin_app.commands.answers import as_json
from twin_app.commands.base import Command, add_json, add_layout
from twin_app.errors import UsageError
from twin_app.text import N_, tr
from twin_app.times import parse_duration_ns, parse_instant_ns

if TYPE_CHECKING:
    import argparse

    from twin_app.finding.sentence import Query
    from twin_app.model.equipment import Line


def add(parser: argparse.ArgumentParser) -> None:
    """Add what is searched for, and where."""
    add_layout(parser)
    parser.add_argument(
        "recording", nargs="?", type=Path, metavar="FOLDER", help=tr("a folder of .twinrec files, or one; default: the line's own")
    )
    parser.add_argument(
        "--ask", metavar="SENTENCE", help=tr("all of it in one sentence, English or Chinese, such as “M7 aborted > 3 min, last 30 days”")
    )
    parser.add_argument("--unit", default="", help=tr("a unit of the line; default: any"))
    parser.add_argument("--state", help=tr("a PackML state such as Aborted; stop: it stood by itself; “no data”: nobody knows"))
    parser.add_argument("--longer", metavar="DURATION", help=tr("what lasted at least so long, such as 3m"))
    parser.add_argument("--alarm", default="", metavar="TEXT", help=tr("an alarm, by a part of what it says"))
    parser.add_argument("--reason", default="", metavar="TEXT", help=tr("a stop, by a part of why"))
    parser.add_argument("--value", metavar='"[UNIT/]SIGNAL > X"', help=tr("a value beside a number: < <= > >= = !="))
    parser.add_argument("--last", metavar="DURATION", help=tr("so much before the recording's end, such as 30d"))
    parser.add_argument("--from", dest="start", metavar="T", help=tr("start of the window: ISO 8601 with a zone"))
    parser.add_argument("--to", dest="end", metavar="T", help=tr("end of the window"))
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the moments; 1 where a file cannot be read or is damaged."""
    from twin_app.layout import load
    from twin_app.service.search import find
    from twin_app.service.search_answers import search_answer, search_table
    from twin_app.service.shifts import chosen
    from twin_app.service.telling import told

    line = load(arguments.layout)
    query = _asked(line, arguments)
    start_ns, end_ns = (_instant(text) for text in (arguments.start, arguments.end))
    if start_ns is not None and end_ns is not None and end_ns <= start_ns:
        raise UsageError(N_("The window ends before it starts."), tip=N_("Give --from a time before --to."))
    path = chosen(line, arguments.recording)
    with told(N_("Searching: {share}")) as pace:
        found = find(line, path, query.wanted, start_ns=start_ns, end_ns=end_ns, last_ns=query.last_ns, pace=pace)
    print(as_json(search_answer(line, path, found)) if arguments.json else search_table(line, path, found))
    return int(bool(found.problems))


def _instant(text: str | None) -> int | None:
    """Return a typed instant."""
    if text is not None and text.startswith("+"):
        raise UsageError(N_("“{text}” is not a time."), tip=N_("Write ISO 8601 with a zone, such as 2026-11-23T10:16:19+08:00."), text=text)
    return None if text is None else parse_instant_ns(text, 0)


def _asked(line: Line, arguments: argparse.Namespace) -> Query:
    """Return what is searched for, by a sentence or by options."""
    from twin_app.finding.sentence import Query, understood
    from twin_app.finding.wanted import Wanted, state_of, unit_of, value_of

    if arguments.ask is not None:
        if any((arguments.unit, arguments.state, arguments.longer, arguments.alarm, arguments.reason, arguments.value, arguments.last)):
            raise UsageError(N_("A sentence says it all."), tip=N_("Give --ask, or the options, not both."))
        return understood(arguments.ask, line)
    unit, bound = value_of(arguments.value) if arguments.value else ("", None)
    state: dict[str, Any] = state_of(arguments.state) if arguments.state else {}
    wanted = Wanted(
        unit=unit_of(line, unit or arguments.unit), longer_ns=parse_duration_ns(arguments.longer) if arguments.longer else 0,
        alarm=arguments.alarm.strip(), reason=arguments.reason.strip(), value=bound, **state,
    )  # fmt: skip
    return Query(wanted=wanted, last_ns=parse_duration_ns(arguments.last) if arguments.last else None)


FIND = Command(name="find", help=N_("search a recording for moments: states, stops, alarms, values that lasted"), add=add, run=run)
