"""Who is at the command line, and whether they may do what they ask for. Not for what is asked: see `persons.deeds`.

The system knows whose account it is: a person whom the table gives that account needs no PIN. Anybody else says who they are with
`--person`, and their PIN. Whoever says nothing is nobody, as at a window where nobody is signed on.
"""

from __future__ import annotations

import os
import sys
from getpass import getpass
from typing import TYPE_CHECKING

from twin_app.commands.base import say
from twin_app.errors import UsageError
from twin_app.persons import places
from twin_app.persons.access import Door, Right, load, refused
from twin_app.persons.deeds import deed_of
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse

    from twin_app.persons.access import Access, Person

PIN_VARIABLE = "TWIN_APP_PIN"


def add_person(parser: argparse.ArgumentParser, word: str) -> None:
    """Add who it is, to a word of the command line that needs more than to look."""
    if deed_of(word).right is not Right.VIEW:
        parser.add_argument(
            "--person", default="", metavar="NAME",
            help=tr("who does it, where this computer has a table of persons; the PIN is asked for, or taken from TWIN_APP_PIN"),
        )  # fmt: skip


def admit(arguments: argparse.Namespace, word: str) -> None:
    """Set `arguments.who` to the id of who asks, empty for nobody.

    Raises:
        UsageError: their role may not do it, or name and PIN do not belong together.
    """
    deed = deed_of(word)
    arguments.who = ""
    if deed.right is Right.VIEW:
        return
    access = load()
    for problem in access.problems:
        say(problem)
    person = _who(access, arguments.person)
    arguments.who = person.id if person else ""
    if deed.option and not getattr(arguments, deed.option):
        return
    if why := refused(access, deed.right, arguments.who):
        raise UsageError(why, tip=N_("Say who you are with --person NAME; the PIN is asked for, or taken from TWIN_APP_PIN."))


def _who(access: Access, name: str) -> Person | None:
    """Return who a name and a PIN are, without a name whose account of the system this is; None is nobody.

    Raises:
        UsageError: they do not belong together, or there is no table in which anybody stands.
    """
    if not name:
        return access.by_login(places.login())
    if not access.signing:
        raise UsageError(
            N_("This computer has no table of persons, so nobody is known by name."), tip=N_("Leave out --person, or see twin-app persons.")
        )
    person = Door(access).let_in(name, _pin())
    if person is None:
        raise UsageError(N_("Name or badge and PIN do not belong together."))
    return person


def _pin() -> str:
    """Return the PIN: from the environment, else as it is typed where somebody sits at a terminal."""
    given = os.environ.get(PIN_VARIABLE, "")
    return given or (getpass(tr("PIN: ")) if sys.stdin is not None and sys.stdin.isatty() else "")
