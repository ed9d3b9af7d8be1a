"""`twin-app acl`: what a broker's administrator must allow for a line, and the same for Mosquitto."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.commands.base import Command, add_json, add_layout
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Add whose rights, and in which form."""
    add_layout(parser)
    parser.add_argument("--source", default="", metavar="ID", help=tr("only this source"))
    parser.add_argument("--username", default="", help=tr("the user at the broker, where the layout names none"))
    parser.add_argument("--mosquitto", action="store_true", help=tr("print nothing but lines for Mosquitto's acl_file"))
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the rights."""
    from twin_app.commands.answers import as_json
    from twin_app.service import acl

    found = acl.accesses(arguments.layout, source=arguments.source, username=arguments.username)
    if arguments.json:
        print(as_json(acl.answer(found)))
    else:
        print(acl.mosquitto(found) if arguments.mosquitto else acl.told(found))
    return 0


ACL = Command(name="acl", help=N_("say what a broker's administrator must allow, and give Mosquitto's acl_file"), add=add, run=run)
