"""`twin-app import`: a table of samples, CSV, JSON lines or Parquet, into a recording that is replayed like any other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_layout, say
from twin_app.errors import UsageError
from twin_app.text import N_, number, percent, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add which table of which line, and what its columns mean."""
    parser.add_argument("table", type=Path, metavar="TABLE", help=tr("CSV or JSON lines (also .gz) or Parquet"))
    add_layout(parser)
    parser.add_argument("--time", default="", metavar="HEADING", help=tr("the column that holds the time; default: one called time"))
    parser.add_argument(
        "--clock",
        default="",
        metavar="HEADING",
        help=tr("the column that holds the time of day, where that is another; default: found out"),
    )
    parser.add_argument(
        "--time-format", default="", metavar="FORMAT",
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
        help=tr("which signal a column, or a tag in a column of signals, is; - leaves it out"),
    )
    parser.add_argument(
        "--shape", choices=("wide", "long"), default="", help=tr("a column a signal, or a row a sample; default: found out")
    )
    parser.add_argument("--signal", default="", metavar="HEADING", help=tr("of a row a sample: the column that names the signal"))
    parser.add_argument("--value", default="", metavar="HEADING", help=tr("of a row a sample: the column that holds the value"))
    parser.add_argument(
        "--mapping", type=Path, default=None, metavar="FILE.json",
        help=tr("a mapping that the window kept of a table with these headings; what is said besides goes before it"),
    )  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.twinrec", help=tr("recording to write"))


def run(arguments: argparse.Namespace) -> int:
    """Read the table and write the recording."""
    from dataclasses import replace

    from twin_app.service import importing, mappings
    from twin_app.tables import Given

    given = mappings.read(arguments.mapping) if arguments.mapping else Given()
    said = {
        "time": arguments.time, "clock": arguments.clock, "time_unit": arguments.time_format, "zone": arguments.zone, "decimal": arguments.decimal,
        "separator": {"tab": "\t", "\\t": "\t"}.get(arguments.separator, arguments.separator), "encoding": arguments.encoding,
        "shape": arguments.shape, "signal": arguments.signal, "value": arguments.value,
    }  # fmt: skip
    given = replace(given, mapped={**given.mapped, **_mapped(arguments.map)}, **{key: word for key, word in said.items() if word})
    brought = importing.bring_in(arguments.layout, arguments.table, arguments.output, given, progress=_progress)
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


def _progress(rows: int, share: float) -> None:
    """Tell a terminal how far it is."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(
            f"\r\x1b[2K{tr('Rows read: {n} ({percent})', n=number(rows), percent=percent(share, 0))}", end="", file=sys.stderr, flush=True
        )


IMPORT = Command(name="import", help=N_("make a recording of a table of samples, CSV, JSON lines or Parquet"), add=add, run=run)
