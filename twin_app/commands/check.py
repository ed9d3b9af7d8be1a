"""`twin-app check`: everything that is wrong with a layout file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.commands.base import Command
from twin_app.text import N_

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add which file."""
    parser.add_argument("layout", type=Path)


def run(arguments: argparse.Namespace) -> int:
    """Check the file."""
    from twin_app.service.check import check

    print(check(arguments.layout))
    return 0


CHECK = Command(name="check", help=N_("check a layout file and say everything that is wrong with it"), add=add, run=run)
