"""Roles with their rights and persons with their roles, read from the machine's tables, and who a name or badge with a PIN is. Not for writing.

Without an access table nobody needs to sign on: everybody is the local user and may do everything. A table that cannot be
read gives nobody more than to look.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from twin_app.persons import places, secrets
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = 1
TRIES = 5
LOCKED_S = 60.0
"""After so many wrong tries nobody may try for a while."""


class Right(StrEnum):
    """What a role may do."""

    VIEW = "view"
    ALARMS = "alarms"
    """Acknowledge, shelve, take out of service, reset."""
    REASONS = "reasons"
    """Enter reasons of stops, orders, exceptions of the calendar and bookmarks."""
    LAYOUT = "layout"
    """Change layout and mapping."""
    PUBLISH = "publish"
    EXPORT = "export"


RIGHT_WORDS: Mapping[Right, str] = {
    Right.VIEW: N_("look at the line"), Right.ALARMS: N_("act on alarms"), Right.REASONS: N_("enter reasons, orders and notes"),
    Right.LAYOUT: N_("change the layout"), Right.PUBLISH: N_("publish"), Right.EXPORT: N_("export"),
}  # fmt: skip
ALL_RIGHTS = frozenset(Right)
ROLES: Mapping[str, frozenset[Right]] = {
    "operator": frozenset({Right.VIEW, Right.ALARMS, Right.REASONS}),
    "lead": frozenset({Right.VIEW, Right.ALARMS, Right.REASONS, Right.EXPORT}),
    "engineer": frozenset({Right.VIEW, Right.ALARMS, Right.REASONS, Right.LAYOUT, Right.EXPORT}),
    "administrator": ALL_RIGHTS,
}
"""The roles that a new table begins with."""
ROLE_WORDS: Mapping[str, str] = {
    "operator": N_("operator"), "lead": N_("lead"), "engineer": N_("engineer"), "administrator": N_("administrator"),
}  # fmt: skip


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table of persons. What they do is kept under their id alone."""

    id: str
    name: str
    role: str
    pin: str
    badge: str = ""
    login: str = ""
    """Account of the computer's system under which they are known on the command line without a PIN: the system let them in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may do what.

    Attributes:
        signing: whether anybody needs to sign on at all.
        problems: what is wrong with the tables, each a worded sentence.
    """

    signing: bool = False
    nobody: frozenset[Right] = ALL_RIGHTS
    """What whoever is not signed on may do."""
    roles: Mapping[str, frozenset[Right]] = field(default_factory=dict)
    persons: tuple[Person, ...] = ()
    salt: str = ""
    """Under which badges are kept: one for all, so that a badge is found without trying every row."""
    problems: tuple[str, ...] = ()

    def rights(self, person_id: str) -> frozenset[Right]:
        """Return what somebody may do; empty is nobody."""
        person = self.person(person_id)
        return self.nobody if person is None else self.roles.get(person.role, frozenset({Right.VIEW}))

    def person(self, person_id: str) -> Person | None:
        """Return a person by id, None for nobody and for who was erased."""
        return next((person for person in self.persons if person_id and person.id == person_id), None)

    def roles_with(self, right: Right) -> tuple[str, ...]:
        """Return the roles that have a right, in the order of the table."""
        return tuple(role for role, rights in self.roles.items() if right in rights)

    def by_login(self, login: str) -> Person | None:
        """Return whose account of the computer's system this is."""
        return next((person for person in self.persons if login and person.login == login), None)

    def find(self, name_or_badge: str) -> Person | None:
        """Return who a name or a badge belongs to."""
        said = name_or_badge.strip()
        named = [person for person in self.persons if person.name.casefold() == said.casefold()]
        if len(named) == 1:
            return named[0]
        badge = secrets.digest(said, self.salt) if said and self.salt else ""
        return next((person for person in self.persons if person.badge and hmac.compare_digest(person.badge, badge)), None)


def refused(access: Access, right: Right, person_id: str) -> str:
    """Return why somebody (empty: nobody is signed on) may not do something, and which roles may, worded; empty where they may."""
    if right is Right.VIEW or right in access.rights(person_id):
        return ""
    words, person = tr(RIGHT_WORDS[right]), access.person(person_id)
    what = tr("{name} may not {right} here.", name=person.name, right=words) if person else tr("Sign on to {right}.", right=words)
    roles = ", ".join(role_word(role) for role in access.roles_with(right))
    return f"{what} {tr('These roles may: {roles}.', roles=roles) if roles else tr('No role may.')}"


def role_word(role: str) -> str:
    """Return what people call a role; of one that an administrator named, its name."""
    return tr(ROLE_WORDS[role]) if role in ROLE_WORDS else role


class Door:
    """Lets persons in who know their PIN, and nobody for a while after too many wrong tries."""

    def __init__(self, access: Access, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Guard what a table says."""
        self._access, self._clock = access, clock
        self._wrong = 0
        self._opens_s = 0.0

    def guard(self, access: Access) -> None:
        """Guard what the tables say now; wrong tries still count."""
        self._access = access

    @property
    def locked_s(self) -> float:
        """For how many seconds nobody may try."""
        return max(0.0, self._opens_s - self._clock())

    def let_in(self, name_or_badge: str, pin: str) -> Person | None:
        """Return the person, None where name and PIN do not belong together or nobody may try now."""
        if self.locked_s:
            return None
        person = self._access.find(name_or_badge)
        # A name that nobody has takes as long as a wrong PIN, so that names cannot be guessed by the time it takes.
        right = secrets.opens(pin, person.pin if person else f"{'00' * 16}:00")
        if person is not None and right:
            self._wrong = 0
            return person
        self._wrong += 1
        if self._wrong >= TRIES:
            self._wrong, self._opens_s = 0, self._clock() + LOCKED_S
        return None


def load(folder: Path | None = None) -> Access:
    """Read the machine's tables; never raises."""
    folder = folder or places.folder()
    path, persons_path = folder / places.ACCESS, folder / places.PERSONS
    if not (places.is_there(path) or places.is_there(persons_path)):
        return Access()
    try:
        table = _object(path)
        roles = {str(name): frozenset(Right(right) for right in rights) for name, rights in table["roles"].items()}
        nobody = frozenset(Right(right) for right in table.get("nobody", ["view"]))
        persons = tuple(msgspec.convert(row, Person) for row in _object(persons_path)["persons"]) if places.is_there(persons_path) else ()
        salt = str(table.get("salt", ""))
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        problem = tr("The tables of persons and rights in {folder} cannot be read; nobody may do more than look.", folder=folder)
        return Access(signing=True, nobody=frozenset({Right.VIEW}), problems=(problem,))
    open_ = [p for p in (path, persons_path) if places.open_to_all(p)]
    problems = tuple(tr("{path} can be changed by anybody who uses this computer, so it protects nothing.", path=p) for p in open_)
    if not persons:
        problems += (tr("There is nobody in {path}, so nobody can sign on. Put a copy back, or add persons.", path=persons_path),)
    return Access(signing=True, nobody=nobody, roles=roles, persons=persons, salt=salt, problems=problems)


def _object(path: Path) -> dict[str, Any]:
    """Return a table's file; ValueError where it is none that this program knows."""
    found = json.loads(path.read_bytes())
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise ValueError(path)
    return found
