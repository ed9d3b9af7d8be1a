"""`twin-app repair`: damaged files of a recording give way to sound copies. Not for what a recording holds: see `contents`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add which recording."""
    parser.add_argument("recording", type=Path, metavar="RECORDING", help=tr("a .twinrec file, or a folder of them"))


def run(arguments: argparse.Namespace) -> int:
    """Mend, and say what was found; 1 where something is lost or could not be mended."""
    from twin_app.service.repairing import repair

    lost = False
    for one in repair(arguments.recording):
        print(
            tr("{path}: mended, the damaged file is kept beside.", path=one.path) if one.mended else tr("{path}: looked at.", path=one.path)
        )
        for sentence in (*((one.ended,) if one.ended else ()), *one.said):
            print(f"  {sentence}")
        lost = lost or bool(one.said)
    return int(lost)


REPAIR = Command(name="repair", help=N_("mend the damaged files of a recording; each is kept beside"), add=add, run=run)
