"""Writing the machine's tables, as an administrator does: persons come, change their PIN, and are erased. Not for reading them at work."""

from __future__ import annotations

import json
import os
import uuid
from typing import TYPE_CHECKING, Any

import msgspec

from twin_app.errors import UsageError
from twin_app.persons import places, secrets
from twin_app.persons.access import ROLES, SCHEMA, Access, Person, load
from twin_app.text import N_

if TYPE_CHECKING:
    from pathlib import Path


class Register:
    """The tables of a folder. Each change is on the disk at once or not at all; raises UsageError where it cannot be made."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read what there is; the access table is made with the first person."""
        self._folder = folder or places.folder()
        self.access: Access = load(self._folder)
        if self.access.signing and not self.access.roles:
            raise UsageError(N_("The tables in {folder} cannot be read."), tip=N_("Put a copy back, or remove them."), folder=self._folder)

    def add(self, name: str, role: str, pin: str, badge: str = "", login: str = "") -> Person:
        """Add a person; return the row with their new id. `login` is their account of the system, if they have one of their own."""
        access = self.access if self.access.signing else self._begun()
        name = " ".join(name.split())
        if role not in access.roles:
            raise UsageError(N_("There is no role {role}."), tip=N_("Roles are {roles}."), role=role, roles=", ".join(access.roles))
        if not name or access.find(name):
            raise UsageError(N_("A person needs a name of their own."))
        if badge and access.find(badge):
            raise UsageError(N_("This badge belongs to somebody already."))
        if login and access.by_login(login):
            raise UsageError(N_("This account belongs to somebody already."))
        kept = secrets.digest(badge.strip(), access.salt) if badge else ""
        person = Person(id=f"p-{uuid.uuid4().hex[:12]}", name=name, role=role, pin=_sealed(pin), badge=kept, login=login.strip())
        self._write_persons((*access.persons, person))
        return person

    def set_pin(self, name_or_id: str, pin: str) -> Person:
        """Give a person another PIN."""
        person = self._found(name_or_id)
        fresh = msgspec.structs.replace(person, pin=_sealed(pin))
        self._write_persons(tuple(fresh if one.id == person.id else one for one in self.access.persons))
        return fresh

    def erase(self, name_or_id: str) -> Person:
        """Erase a person: of what they did the id stays, which then is nobody's."""
        person = self._found(name_or_id)
        self._write_persons(tuple(one for one in self.access.persons if one.id != person.id))
        return person

    def _found(self, name_or_id: str) -> Person:
        """Return a person."""
        person = self.access.person(name_or_id) or self.access.find(name_or_id)
        if person is None:
            raise UsageError(N_("There is no person {name}."), tip=N_("See twin-app persons list."), name=name_or_id)
        return person

    def _begun(self) -> Access:
        """Make the access table with the roles that a new one begins with."""
        roles = {name: sorted(rights) for name, rights in ROLES.items()}
        self._write(places.ACCESS, {"nobody": ["view"], "roles": roles, "salt": secrets.salt()})
        self.access = load(self._folder)
        return self.access

    def _write_persons(self, persons: tuple[Person, ...]) -> None:
        """Write the table of persons, and read it again."""
        self._write(places.PERSONS, {"persons": [msgspec.to_builtins(person) for person in persons]})
        self.access = load(self._folder)

    def _write(self, name: str, table: dict[str, Any]) -> None:
        """Write a table, readable by all and writable by the administrator alone."""
        path = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            with fresh.open("w", encoding="utf-8") as file:
                json.dump({"schema": SCHEMA, **table}, file, indent=1, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            fresh.chmod(0o644)
            fresh.replace(path)
        except OSError as error:
            raise UsageError(
                N_("{path} cannot be written: {reason}."), tip=N_("Run this as the administrator of the computer."), path=path,
                reason=error.strerror or error,
            ) from error  # fmt: skip


def _sealed(pin: str) -> str:
    """Return what is kept of a PIN."""
    if len(pin) < secrets.LEAST_PIN:
        raise UsageError(N_("A PIN has at least {least} characters."), least=secrets.LEAST_PIN)
    return secrets.sealed(pin)
