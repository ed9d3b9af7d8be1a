"""What people say a line or a unit works on, and what it is there for, where no signal tells or it tells wrongly. The value; `session.entries` keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class EntryKind(StrEnum):
    """What is said."""

    ORDER = "order"
    PRODUCT = "product"
    CHANGEOVER = "changeover"
    NO_ORDER = "no_order"
    CLEANING = "cleaning"
    BREAK = "break"
    """A break beyond the calendar's, or an end before it."""
    REASON = "reason"
    """Why a unit stood; it changes no figure but says of time what it was lost to."""
    OVERTIME = "overtime"
    """Work while the calendar plans none."""

    @property
    def of_work(self) -> bool:
        """Tell whether it says what is worked on, not what the time is for."""
        return self in {EntryKind.ORDER, EntryKind.PRODUCT}


KIND_WORDS = {
    EntryKind.ORDER: N_("Order"), EntryKind.PRODUCT: N_("Product"), EntryKind.CHANGEOVER: N_("Changeover"),
    EntryKind.NO_ORDER: N_("No order"), EntryKind.CLEANING: N_("Cleaning"), EntryKind.BREAK: N_("Break"), EntryKind.OVERTIME: N_("Overtime"),
    EntryKind.REASON: N_("Reason of a stop"),
}  # fmt: skip
"""Catalogue words of the kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One of them, as it was said once. A correction says it anew under the same id; nothing is ever taken out of the file."""

    id: str
    kind: EntryKind
    start_ns: int
    known_ns: int
    """When it was said: on the line's own clock while it is live, else by the clock on the wall."""
    end_ns: int | None = None
    """None: until further notice."""
    unit: str = ""
    """Empty: the whole line."""
    order: str = ""
    product: str = ""
    """Id of a product of the layout; empty: not said."""
    quantity: float | None = None
    """What is planned of the order, in base units of the line."""
    reason: str = ""
    """Id of a reason of the layout's tree."""
    note: str = ""
    who: str = ""
    """Id of a person; empty: the local user."""
    undone: bool = False
    """Whether it is not to count any longer."""


def in_force(told: Iterable[Entry]) -> list[Entry]:
    """Return what counts of all that was told, in the order in which it was told last: of each id the last word, unless it was undone."""
    last: dict[str, Entry] = {}
    for entry in told:
        last.pop(entry.id, None)
        last[entry.id] = entry
    return [entry for entry in last.values() if not entry.undone]


def by_start(told: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return what counts of all that was told, by when it begins."""
    return tuple(sorted(in_force(told), key=lambda entry: (entry.start_ns, entry.known_ns)))


class WorkEntries(Protocol):
    """Saying what the open line works on, and what its time is for."""

    @property
    def current(self) -> Sequence[Entry]:
        """Return what counts of what is known where the playhead is, by when it begins."""
        ...

    @property
    def said(self) -> Sequence[Entry]:
        """Return everything that was ever said, reasons of stops, corrections and undoings too, the first first."""
        ...

    def history(self, entry: str) -> Sequence[Entry]:
        """Return everything that was ever said under an id, the first first."""
        ...

    def enter(  # noqa: PLR0913 - one argument a field
        self, kind: EntryKind, start_ns: int, *, end_ns: int | None = None, unit: str = "", order: str = "", product: str = "",
        quantity: float | None = None, reason: str = "", note: str = "", who: str = "",
    ) -> str:  # fmt: skip
        """Say something; return its id. Raises UsageError where it makes no sense, RecordingError where it cannot be kept."""
        ...

    def correct(self, entry: Entry, *, who: str = "") -> None:
        """Say something anew under the id it has. Raises as `enter`."""
        ...

    def undo(self, entry: str, *, who: str = "") -> None:
        """Let something count no longer. Raises as `enter`."""
        ...
