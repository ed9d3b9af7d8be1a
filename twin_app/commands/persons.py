"""`twin-app persons`: an administrator's way to the tables of persons and rights of this computer."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import TYPE_CHECKING

from twin_app.commands.base import Command
from twin_app.errors import UsageError
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse

    from twin_app.persons.access import Access


def add(parser: argparse.ArgumentParser) -> None:
    """Add what is to be done, and to whom."""
    parser.add_argument("what", choices=("list", "add", "pin", "erase"), help=tr("what is to be done; PINs are asked for"))
    parser.add_argument("name", nargs="?", default="", help=tr("name of the person, or id"))
    parser.add_argument("--role", default="operator", help=tr("role of a new person, such as operator, lead, engineer, administrator"))
    parser.add_argument(
        "--login", default="", metavar="ACCOUNT",
        help=tr("account of the computer's system that is a new person's own; on the command line it stands for their PIN"),
    )  # fmt: skip
    parser.add_argument("--badge", default="", help=tr("what the badge of a new person says when it is read"))


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    from twin_app.persons.register import Register

    register = Register()
    if arguments.what == "list":
        print(listed(register.access))
        return 0
    if not arguments.name:
        raise UsageError(N_("Name the person."))
    if arguments.what == "add":
        person = register.add(arguments.name, arguments.role, _pin(), arguments.badge, arguments.login)
    elif arguments.what == "pin":
        person = register.set_pin(arguments.name, _pin())
    else:
        person = register.erase(arguments.name)
    print(f"{person.id}\t{person.role}\t{person.name}")
    return 0


def listed(access: Access) -> str:
    """Return the persons as lines; without a table that nobody needs to sign on."""
    if not access.signing:
        return tr("There is no table of persons: everybody is the local user and may do everything.")
    rows = [f"{person.id}\t{person.role}\t{person.name}" for person in access.persons]
    return "\n".join([*rows, *access.problems])


def _pin() -> str:
    """Ask for a PIN; where there is no terminal it is a line of the input."""
    if sys.stdin.isatty():
        return getpass(tr("PIN: "))
    return sys.stdin.readline().rstrip("\n")


PERSONS = Command(name="persons", help=N_("list, add and erase the persons who may sign on at this computer"), add=add, run=run)
