"""`twin-app links`: a click on a `twin:` link opens the program, or no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.commands.base import Command
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add the way back."""
    parser.add_argument("--forget", action="store_true", help=tr("let a click open nothing any more"))


def run(arguments: argparse.Namespace) -> int:
    """Tell the desktop."""
    from twin_app.service import scheme

    if arguments.forget:
        scheme.withdraw()
        print(tr("A click on a link opens nothing any more."))
        return 0
    entry = scheme.announce()
    print(tr("A click on a twin: link of a sheet or a note opens this program now.") + (f" ({entry})" if entry else ""))
    return 0


LINKS = Command(name="links", help=N_("let a click on a link of a sheet open the program"), add=add, run=run)
