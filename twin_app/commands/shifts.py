"""`twin-app shifts`: the shifts of a recording, with what each is known by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.answers import as_json
from twin_app.commands.base import Command, add_json, add_layout
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add which recording of which line."""
    add_layout(parser)
    parser.add_argument(
        "recording", nargs="?", type=Path, metavar="FOLDER", help=tr("a folder of .twinrec files, or one; default: the line's own")
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the shifts."""
    from twin_app.layout import load
    from twin_app.service.shift_answers import catalogue_answer
    from twin_app.service.shift_tables import catalogue_table
    from twin_app.service.shifts import chosen, shifts
    from twin_app.service.telling import told

    line = load(arguments.layout)
    path = chosen(line, arguments.recording)
    with told(N_("Reading the shifts: {share}")) as pace:
        found = shifts(line, path, pace=pace)
    print(as_json(catalogue_answer(line, path, found)) if arguments.json else catalogue_table(line, found))
    return 0


SHIFTS = Command(
    name="shifts", help=N_("list the shifts of a recording: OEE, output, longest stop, alarms, gaps, bookmarks"), add=add, run=run
)
