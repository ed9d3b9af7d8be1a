"""This station: who is signed on at it and what they may do, and where it tells that something was not done. Not for the dialog."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from twin_app.persons import places
from twin_app.persons.access import Access, Door, Person, Right, load, refused
from twin_app.persons.deeds import right_of
from twin_app.text import tr

if TYPE_CHECKING:
    from twin_app.errors import TwinError


class Station(QObject):
    """Handed to every panel.

    Signals:
        changed(): somebody else is signed on, or nobody.
        answered(bool): whether whoever tried to sign on was let in.
        failed(object): a `TwinError` that a person must be shown.
    """

    changed = Signal()
    answered = Signal(bool)
    failed = Signal(object)
    _tried = Signal(object)

    def __init__(self, parent: QObject | None = None, access: Access | None = None) -> None:
        """Start with nobody signed on; without a table nobody needs to be."""
        super().__init__(parent)
        self.access = access or Access()
        self.person = ""
        """Id of who is signed on; empty for nobody, who is the local user where nobody needs to sign on."""
        self._door = Door(self.access)
        self._stamp = places.stamp()
        self._trying: threading.Thread | None = None
        self._tried.connect(self._on_tried, Qt.ConnectionType.QueuedConnection)

    @property
    def signing(self) -> bool:
        """Whether anybody needs to sign on."""
        return self.access.signing

    @property
    def locked_s(self) -> float:
        """For how many seconds nobody may try to sign on."""
        return self._door.locked_s

    def may(self, right: Right) -> bool:
        """Tell whether whoever is signed on may do something."""
        return right is Right.VIEW or right in self.access.rights(self.person)

    def refusal(self, right: Right = Right.ALARMS) -> str:
        """Return why whoever is signed on may not do something, and which roles may, worded; empty where they may."""
        return refused(self.access, right, self.person)

    def refuses(self, deed: str) -> str:
        """Return why whoever is signed on may not do something of `twin_app.persons.deeds`, worded; empty where they may."""
        return self.refusal(right_of(deed))

    def name_of(self, person: str) -> str:
        """Return what a person is called, from their id; of one who was erased the id is left."""
        found = self.access.person(person)
        if found is not None:
            return found.name
        return person or ("" if self.signing else tr("local user"))

    def sign_on(self, name_or_badge: str, pin: str) -> None:
        """Try to sign somebody on, in place of whoever is; `answered` tells. What a PIN costs to check, no frame waits for."""
        if self._trying is None:
            self._trying = threading.Thread(target=self._try, args=(name_or_badge, pin), name="sign-on", daemon=True)
            self._trying.start()

    def reread(self) -> None:
        """Take what an administrator wrote into the tables meanwhile; who no longer stands there is signed off."""
        stamp = places.stamp()
        if stamp == self._stamp or self._trying is not None:
            return
        self._stamp, self.access = stamp, load()
        self._door.guard(self.access)
        if self.access.person(self.person) is None:
            self.person = ""
        self.changed.emit()

    def sign_off(self) -> None:
        """Let nobody be signed on."""
        if self.person:
            self.person = ""
            self.changed.emit()

    def tell(self, error: TwinError) -> None:
        """Have an error shown."""
        self.failed.emit(error)

    def _try(self, name_or_badge: str, pin: str) -> None:
        """Ask the door, in a thread."""
        self._tried.emit(self._door.let_in(name_or_badge, pin))

    def _on_tried(self, person: Person | None) -> None:
        """Let somebody in, or not."""
        if self._trying is not None:
            self._trying.join()
            self._trying = None
        if person is not None and person.id != self.person:
            self.person = person.id
            self.changed.emit()
        self.answered.emit(person is not None)
