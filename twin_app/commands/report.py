"""`twin-app report`: the sheet that one shift hands to the next."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_heard, has_display, heard, instant
from twin_app.commands.written import check_written
from twin_app.errors import TwinError, UsageError
from twin_app.text import LANGUAGES, N_, clock_time, set_language, tr

if TYPE_CHECKING:
    import argparse

    from twin_app.report.handover import Handover
    from twin_app.report.leads import LinkTo
    from twin_app.session import Session

KINDS = frozenset({".html", ".htm", ".pdf"})


def add(parser: argparse.ArgumentParser) -> None:
    """Add which shift or window of which line, and where the sheet goes."""
    add_heard(parser)
    parser.add_argument(
        "--shift", metavar="DATE/NUMBER", help=tr("a shift of the layout by its local day and number, such as 2026-11-23/2")
    )
    parser.add_argument("--from", dest="start", metavar="T", help=tr("start of the window: ISO 8601 with a zone, or +90s"))
    parser.add_argument("--to", dest="end", metavar="T", help=tr("end of the window"))
    parser.add_argument("--language", choices=tuple(LANGUAGES), help=tr("language of the sheet; default: the program's"))
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help=tr("file to write; its ending says what: .html or .pdf")
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the sheet."""
    from twin_app.export.unfinished import whole_or_gone
    from twin_app.report.handover import gather
    from twin_app.report.page import html, save_html
    from twin_app.service.link import linker

    kind = arguments.output.suffix.casefold()
    if kind not in KINDS:
        raise UsageError(N_("“{path}” is neither .html nor .pdf."), tip=N_("Give the file one of these endings."), path=arguments.output)
    check_written(arguments.output, force=True)
    if arguments.shift and (arguments.start or arguments.end):
        raise UsageError(N_("A shift and a window are given."), tip=N_("Give --shift, or --from and --to."))
    if arguments.language:
        set_language(arguments.language)
    session = heard(arguments)
    try:
        name, start_ns, end_ns = _window(arguments, session)
        files = {
            source.id: str(Path(address).absolute()) for source in session.line.sources for address in _files(arguments.source, source.id)
        }

        link = linker(session.line.path, files)
        sheet = gather(session, start_ns, end_ns, name=name)
        with whole_or_gone(arguments.output, force=True) as part:
            if kind == ".pdf":
                _write_pdf(sheet, link, part)
            else:
                save_html(html(sheet, link), part)
    finally:
        session.close()
    return 0


def _write_pdf(sheet: Handover, link: LinkTo, path: Path) -> None:
    """Lay the sheet out for paper, with a display or without one."""
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui.app import make_application
    from ui.sheet_pdf import write_pdf

    make_application()
    write_pdf(sheet, link, path)


def _files(sources: list[str], source_id: str) -> list[str]:
    """Return the address given for a source, with or without its id."""
    return [text.removeprefix(f"{source_id}=") for text in sources if "=" not in text or text.startswith(f"{source_id}=")][:1]


def _window(arguments: argparse.Namespace, session: Session) -> tuple[str, int, int]:
    """Return the name and the window that is asked for; without one, all that is known."""
    from twin_app.report.handover import window_of

    span = session.span()
    if span is None:
        raise TwinError(N_("The source holds no message that the layout maps, so there is nothing to count."))
    if arguments.shift:
        day, _, number = arguments.shift.partition("/")
        try:
            name, start_ns, end_ns = window_of(session.line, date.fromisoformat(day), int(number or "1"))
        except ValueError:
            raise UsageError(
                N_("“{text}” is no shift."), tip=N_("Write its local day and its number, such as 2026-11-23/2."), text=arguments.shift
            ) from None
        if end_ns <= span.start_ns or start_ns >= span.end_ns:
            raise TwinError(
                N_("Nothing is known of shift {shift}: the source tells of {start} – {end}."), tip=N_("Give a source that holds it, or another shift."),
                shift=arguments.shift, start=clock_time(span.start_ns, session.line.tz, date=True), end=clock_time(span.end_ns, session.line.tz, date=True),
            )  # fmt: skip
        return name, start_ns, min(end_ns, span.end_ns)
    start_ns, end_ns = instant(arguments.start, session, span.start_ns), instant(arguments.end, session, span.end_ns)
    if end_ns <= start_ns:
        raise UsageError(N_("The window ends before it starts."), tip=N_("Give --from a time before --to."))
    return "", start_ns, end_ns


REPORT = Command(name="report", help=N_("write the sheet that a shift hands over, as HTML or PDF"), add=add, run=run)
