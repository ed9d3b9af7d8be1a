"""`twin-app import`: a table of samples, CSV or Parquet, into a recording that is replayed like any other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_layout, say
from twin_app.errors import UsageError
from twin_app.text import N_, number, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add which table of which line, and what its columns mean."""
    parser.add_argument("table", type=Path, metavar="TABLE", help=tr("CSV (also .gz) or Parquet, with a row of headings"))
    add_layout(parser)
    parser.add_argument("--time", default="", metavar="HEADING", help=tr("the column that holds the time; default: one called time"))
    parser.add_argument(
        "--time-format", default="auto", metavar="FORMAT",
        help=tr("s, ms, us or ns since 1970, iso8601, or a pattern such as %%d.%%m.%%Y %%H:%%M:%%S; default: found out"),
    )  # fmt: skip
    parser.add_argument("--zone", default="", help=tr("zone of times that name none, such as Europe/Berlin; default: the line's"))
    parser.add_argument("--separator", default="", help=tr("what separates cells: , ; | or tab; default: found out"))
    parser.add_argument(
        "--decimal", choices=(".", ","), default="", help=tr("decimal sign; default: a comma where cells are separated by ;")
    )
    parser.add_argument("--encoding", default="", help=tr("such as utf-8, utf-16, cp1252 or gb18030; default: found out"))
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="HEADING=UNIT/NAME",
        help=tr("which signal a column, or a tag in a column of signals, is"),
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.twinrec", help=tr("recording to write"))


def run(arguments: argparse.Namespace) -> int:
    """Read the table and write the recording."""
    from zoneinfo import ZoneInfo

    from twin_app.service import importing
    from twin_app.tables import Given

    if arguments.zone:
        try:
            ZoneInfo(arguments.zone)
        except (OSError, ValueError) as error:
            raise UsageError(N_("“{zone}” is no time zone."), tip=N_("Write one such as Asia/Shanghai."), zone=arguments.zone) from error
    separator = {"tab": "\t", "\\t": "\t"}.get(arguments.separator, arguments.separator)
    if len(separator) > 1:
        raise UsageError(N_("“{separator}” is more than one sign."), tip=N_("Give one of , ; | or tab."), separator=separator)
    given = Given(
        time=arguments.time, time_unit=arguments.time_format, zone=arguments.zone, decimal=arguments.decimal, mapped=_mapped(arguments.map)
    )
    brought = importing.bring_in(
        arguments.layout, arguments.table, arguments.output, given, separator=separator, encoding=arguments.encoding, progress=_progress
    )
    for sentence in importing.told(brought, arguments.output):
        say(sentence)
    return 0


def _mapped(words: list[str]) -> dict[str, str]:
    """Return the signal of each heading.

    Raises:
        UsageError: one says neither.
    """
    found = {}
    for word in words:
        heading, _, target = word.rpartition("=")
        if not heading or not target:
            raise UsageError(N_("“{text}” does not say which column is which signal."), tip=N_('Write "HEADING=UNIT/NAME".'), text=word)
        found[heading] = target
    return found


def _progress(rows: int) -> None:
    """Tell a terminal how far it is."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"\r\x1b[2K{tr('Rows read: {n}', n=number(rows))}", end="", file=sys.stderr, flush=True)


IMPORT = Command(name="import", help=N_("make a recording of a table of samples, CSV or Parquet"), add=add, run=run)
