"""This station: who is signed on at it and what they may do, its horn, and where it tells that something was not done. Not for signing on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from twin_app.errors import TwinError


class Station(QObject):
    """Handed to every panel.

    Signals:
        changed(): somebody else is signed on, or nobody.
        failed(object): a `TwinError` that a person must be shown.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start with nobody signed on, at a station where nobody needs to be."""
        super().__init__(parent)
        self.person = ""
        """Id of who is signed on, empty for the local user."""

    def refusal(self) -> str:
        """Return why whoever is signed on may not act on alarms, worded; empty where they may."""
        return ""

    def name_of(self, person: str) -> str:
        """Return what a person is called, from their id."""
        return person

    def tell(self, error: TwinError) -> None:
        """Have an error shown."""
        self.failed.emit(error)
