"""`twin-app export`: samples for other programs. Not for figures: see `answers`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_heard, add_window, heard, instant, say
from twin_app.commands.written import add_force, check_written
from twin_app.errors import TwinError, UsageError
from twin_app.text import N_, percent, tr

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from twin_app.export import Choice
    from twin_app.session import Session


def add(parser: argparse.ArgumentParser) -> None:
    """Add which samples of which line, and how and where they are written."""
    add_heard(parser)
    add_window(parser)
    parser.add_argument(
        "--signal",
        action="append",
        default=[],
        metavar="UNIT[/NAME]",
        help=tr("a signal, or all of a unit's; may be repeated; default: all"),
    )
    parser.add_argument(
        "--format", choices=("csv", "jsonl", "parquet", "mcap", "twinrec"), help=tr("default: by the file's name, else csv")
    )
    parser.add_argument(
        "--wide", action="store_true", help=tr("CSV with one column a signal: the value in force, empty while unknown or stale")
    )
    parser.add_argument("--no-raw", action="store_true", help=tr("leave the messages as they came out of a recording"))
    add_force(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=tr("file to write"))


def run(arguments: argparse.Namespace) -> int:
    """Write the samples."""
    from twin_app.export import FORMS, WIDE, Tally, finished_or_gone
    from twin_app.service.progress import Progress

    form = _checked(arguments)
    session = heard(arguments)
    tally = Tally()
    try:
        choice = _choice(arguments, session)
        with finished_or_gone(arguments.output, force=arguments.force) as out:
            (WIDE if arguments.wide else FORMS[form])(out, session, choice, tally, _progress(choice))
    finally:
        session.close()
        Progress.end()
    say(tr("Samples written to {path}: {n}.", path=arguments.output, n=tally.samples))
    if tally.messages:
        say(tr("Messages as they came: {n}.", n=tally.messages))
    if tally.repeats:
        say(tr("Exact repeats of a message left out: {n}.", n=tally.repeats))
    return 0


def _checked(arguments: argparse.Namespace) -> str:
    """Return the format, having refused what cannot be written, before anything long begins."""
    from twin_app.export import form_of, mcap, parquet

    output: Path = arguments.output
    form: str = arguments.format or form_of(output)
    if arguments.wide and form != "csv":
        raise UsageError(N_("--wide is a form of CSV."), tip=N_("Leave out --wide, or give --format csv."))
    check_written(output, read=(*arguments.source, arguments.layout), force=arguments.force)
    if form in {"parquet", "mcap"}:
        (parquet if form == "parquet" else mcap).library()
    return form


def _choice(arguments: argparse.Namespace, session: Session) -> Choice:
    """Return what is asked for; without a window all that is known."""
    from twin_app.export import Choice, chosen

    span = session.span()
    if span is None:
        raise TwinError(N_("The source holds no sample, so there is nothing to export."))
    start_ns, end_ns = instant(arguments.start, session, span.start_ns), instant(arguments.end, session, span.end_ns)
    if end_ns < start_ns:
        raise UsageError(N_("The window ends before it starts."), tip=N_("Give --from a time before --to."))
    signals = chosen(session.signals, arguments.signal)
    units = frozenset(session.signals[i].unit for i in signals) if arguments.signal else None
    return Choice(signals, start_ns, end_ns, units, raw=not arguments.no_raw)


def _progress(choice: Choice) -> Callable[[int], None]:
    """Return what tells a terminal how far the export is, and nobody else."""
    from twin_app.service.progress import Progress

    tell = Progress(lambda share: tr("Exporting: {share}", share=percent(share, 0)))
    return lambda at_ns: tell((at_ns - choice.start_ns) / max(1, choice.end_ns - choice.start_ns))


EXPORT = Command(
    name="export", help=N_("write the samples of a span as CSV, JSON lines, Parquet, MCAP or a recording of its own"), add=add, run=run
)
