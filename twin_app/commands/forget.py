"""`twin-app forget-session`: the sessions that brokers keep for complete recording are removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_layout
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add whose sessions are to go."""
    add_layout(parser)
    parser.add_argument("--source", default="", metavar="ID", help=tr("only this source"))


def run(arguments: argparse.Namespace) -> int:
    """Remove sessions at the brokers."""
    from twin_app.service.forget import forget_sessions

    print("\n".join(forget_sessions(arguments.layout, arguments.source)))
    return 0


FORGET = Command(name="forget-session", help=N_("remove the sessions that brokers keep for complete recording"), add=add, run=run)
