"""`twin-app compare`: two recordings, or two shifts of one, figure by figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.answers import as_json
from twin_app.commands.base import Command, add_json, add_layout
from twin_app.text import N_, tr
from twin_app.times import parse_duration_ns

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add which two."""
    add_layout(parser)
    parser.add_argument("this", type=Path, metavar="A", help=tr("a recording: a folder of .twinrec files, or one"))
    parser.add_argument("other", type=Path, metavar="B", help=tr("what it is compared with; may be the same"))
    for side, whose in (("", "A"), ("other-", "B")):
        parser.add_argument(
            f"--{side}shift",
            default="",
            metavar="DATE/NUMBER",
            help=tr("a shift of {side}, such as 2026-11-23/2; default: all of it", side=whose),
        )
        parser.add_argument(
            f"--{side}from",
            dest=f"{side.replace('-', '_')}start",
            default="",
            metavar="T",
            help=tr("or start of its window: ISO 8601 with a zone, or +90s"),
        )
        parser.add_argument(f"--{side}to", dest=f"{side.replace('-', '_')}end", default="", metavar="T", help=tr("end of its window"))
    parser.add_argument("--for", dest="length", metavar="DURATION", help=tr("compare so much from the start of both, such as 2h"))
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every figure of both and how they differ."""
    from twin_app.layout import load
    from twin_app.service.compare import Which, compare
    from twin_app.service.compare_answers import compare_answer, compare_table
    from twin_app.service.shifts import chosen
    from twin_app.service.telling import told

    line = load(arguments.layout)
    this = Which(path=chosen(line, arguments.this), shift=arguments.shift, start=arguments.start, end=arguments.end)
    other = Which(path=chosen(line, arguments.other), shift=arguments.other_shift, start=arguments.other_start, end=arguments.other_end)
    length_ns = parse_duration_ns(arguments.length) if arguments.length else None
    with told(N_("Comparing: {share}")) as pace:
        found = compare(line, this, other, length_ns=length_ns, pace=pace)
    print(as_json(compare_answer(found)) if arguments.json else compare_table(line, found))
    return 0


COMPARE = Command(name="compare", help=N_("compare two recordings or two of their shifts, figure by figure"), add=add, run=run)
