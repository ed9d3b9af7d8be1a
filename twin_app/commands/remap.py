"""`twin-app remap`: a recording decoded anew under a corrected layout. Not for what it holds: see `contents`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_layout, say
from twin_app.text import N_, number, tr
from twin_app.times import parse_instant_ns

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add which recording, which layout, and where to."""
    parser.add_argument("recording", type=Path, metavar="RECORDING", help=tr("a .twinrec file, or a folder of them"))
    add_layout(parser)
    parser.add_argument("--from", dest="start", metavar="T", help=tr("decode what came from then on: ISO 8601 with a zone"))
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="NEW.twinrec", help=tr("file to write"))


def run(arguments: argparse.Namespace) -> int:
    """Decode."""
    from twin_app.service.remapping import remap

    start_ns = None if arguments.start is None else parse_instant_ns(arguments.start, 0)
    done = remap(arguments.recording, arguments.layout, arguments.output, start_ns=start_ns)
    counts = {"messages": number(done.messages), "samples": number(done.samples), "refused": number(done.refused)}
    say(tr("{messages} messages decoded anew into {samples} samples; refused: {refused}.", **counts))
    if done.strange:
        say(tr("Messages of sources that the layout does not name, left out: {n}.", n=number(done.strange)))
    return 0


REMAP = Command(name="remap", help=N_("decode a recording's messages anew under a corrected layout"), add=add, run=run)
