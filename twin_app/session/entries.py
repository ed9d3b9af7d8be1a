"""Where people say what the line works on and what its time is for: what makes sense, and that it is kept before it counts. Not for figures: see `plant.declared`."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.history.side import SideFile
from twin_app.model.entry import Entry, EntryKind, by_start, in_force
from twin_app.session.deeds import Correct, Enter, Undo
from twin_app.session.notebook import new_id
from twin_app.session.trainee import KIND, entry_of
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from twin_app.model.equipment import Line
    from twin_app.session.as_known import AsKnown
    from twin_app.session.deeds import Deed, Send
    from twin_app.session.known import Known
    from twin_app.session.trainee import Trainee

LONGEST_TEXT = 200
MOST_QUANTITY = 1e12


class Entries:
    """`model.entry.WorkEntries` of an open line. Belongs to the owner's thread."""

    def __init__(
        self, known: Known, path: Path | None, *, now: Callable[[], int], blind: Callable[[], tuple[AsKnown, Trainee] | None],
        send: Send | None = None,
    ) -> None:  # fmt: skip
        """Begin with what a side file holds (None: what is said lasts until the line is closed).

        `now` gives UTC ns by the clock that decides when something became known; `blind` the rooms of a blind replay and its trainee, who
        is then the one that speaks, for these rooms alone.
        Where another program writes the line, `send` has it kept there.
        """
        self._known, self._now, self._blind, self._send = known, now, blind, send
        self._file = SideFile(path) if path else None
        self._shown: tuple[Sequence[Entry], tuple[Entry, ...]] = ((), ())
        self.refresh()

    def move(self, known: Known) -> None:
        """Say it of other rooms of the same line."""
        told = self._known.told
        self._known = known
        self._take(told)

    def refresh(self) -> bool:
        """Take in what was written since, by whomever; tell whether that was anything."""
        return self._take([entry for raw in (self._file.read_on() if self._file else []) if (entry := entry_of(raw)) is not None])

    @property
    def current(self) -> Sequence[Entry]:
        """Return what counts, by when it begins; the same tuple while it is the same."""
        told = self.said
        if self._shown[0] is not told:
            self._shown = told, tuple(entry for entry in by_start(told) if entry.kind is not EntryKind.REASON)
        return self._shown[1]

    @property
    def said(self) -> Sequence[Entry]:
        """Return everything that was ever said, reasons of stops too, the first first; in a blind replay what is known of it there."""
        blind = self._blind()
        return blind[0].told if blind else self._known.told

    @property
    def lasts(self) -> bool:
        """Tell whether what is said is kept when the line is closed."""
        return self._file is not None

    def history(self, entry: str) -> Sequence[Entry]:
        """Return everything that was ever said under an id, the first first."""
        return [told for told in self.said if told.id == entry]

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know, each a worded sentence with its cure."""
        if self._file is None or not self._file.unreadable:
            return ()
        what = tr(
            "{count} lines of {path} are damaged; the orders and breaks in them do not count.",
            count=self._file.unreadable,
            path=self._file.path,
        )
        return (f"{what} {tr('The recording itself is not touched. Copies of the file may hold them.')}",)

    def enter(  # noqa: PLR0913 - one argument a field
        self, kind: EntryKind, start_ns: int, *, end_ns: int | None = None, unit: str = "", order: str = "", product: str = "",
        quantity: float | None = None, reason: str = "", note: str = "", who: str = "",
    ) -> str:  # fmt: skip
        """Say something; what was said until further notice before and contradicts it ends there. Return its id.

        Raises:
            UsageError: it makes no sense, or may not be said now.
            RecordingError: it could not be kept, or not be delivered to who keeps it, so it does not count.
        """
        if self._send is not None:
            return self._sent(Enter(
                kind=kind, start_ns=start_ns, end_ns=end_ns, unit=unit, order=order, product=product, quantity=quantity, reason=reason,
                note=note,
            ), who)  # fmt: skip
        end_ns = self._next(kind, unit, start_ns) if end_ns is None and kind is not EntryKind.REASON else end_ns
        made = self._checked(Entry(
            id=new_id(), kind=kind, start_ns=start_ns, known_ns=self._now(), end_ns=end_ns, unit=unit, order=order, product=product,
            quantity=quantity, reason=reason, note=note, who=who,
        ))  # fmt: skip
        self._keep(*(replace(open_, end_ns=start_ns, who=who, known_ns=made.known_ns) for open_ in self._contradicted(made)), made)
        return made.id

    def correct(self, entry: Entry, *, who: str = "") -> None:
        """Say something anew under the id it has. Raises as `enter`."""
        if not self.history(entry.id):
            raise UsageError(N_("There is no such entry."))
        if self._send is not None:
            self._sent(Correct(entry=entry), who)
            return
        self._keep(replace(self._checked(entry), who=who, known_ns=self._now(), undone=False))

    def undo(self, entry: str, *, who: str = "") -> None:
        """Let something count no longer; that it was said stays in the file. Raises as `enter`."""
        said = next((one for one in in_force(self.said) if one.id == entry), None)
        if said is None:
            raise UsageError(N_("There is no such entry."))
        if self._send is not None:
            self._sent(Undo(entry=entry), who)
            return
        self._keep(replace(said, undone=True, who=who, known_ns=self._now()))

    def _sent(self, deed: Deed, who: str) -> str:
        """Have something kept by who writes the line; return the id of what was made."""
        made = self._send(deed, who) if self._send is not None else ""
        self.refresh()
        return made

    def _checked(self, entry: Entry) -> Entry:
        """Return an entry with its words as they are kept; refuse what makes no sense."""
        entry = replace(entry, order=_words(entry.order), product=_words(entry.product), note=_words(entry.note))
        _check(entry, self._known.line)
        return entry

    def _contradicted(self, made: Entry) -> list[Entry]:
        """Return what was said until further notice of the same units and ends where this begins."""
        if made.kind is EntryKind.REASON:
            return []
        ends_work = made.kind in {EntryKind.ORDER, EntryKind.NO_ORDER}
        ends_duty = made.kind is not EntryKind.PRODUCT
        return [
            entry for entry in self.current
            if entry.end_ns is None and entry.unit == made.unit and entry.start_ns < made.start_ns
            and ((ends_duty and not entry.kind.of_work) or (ends_work and entry.kind is EntryKind.ORDER))
        ]  # fmt: skip

    def _next(self, kind: EntryKind, unit: str, start_ns: int) -> int | None:
        """Return when the next of its sort begins that was said already: something entered afterwards ends there."""
        sort = {EntryKind.ORDER, EntryKind.NO_ORDER} if kind in {EntryKind.ORDER, EntryKind.NO_ORDER} else {kind}
        sort |= set() if kind.of_work else {other for other in EntryKind if not other.of_work} | {EntryKind.ORDER}
        return min((e.start_ns for e in self.current if e.unit == unit and e.start_ns > start_ns and e.kind in sort), default=None)

    def _keep(self, *entries: Entry) -> None:
        """Have entries on the disk, then let them count."""
        if (blind := self._blind()) is not None:
            for entry in entries:
                blind[1].keep(entry)
            blind[0].listen()
            return
        for entry in entries:
            if self._file:
                self._file.append({"what": KIND, **asdict(entry), "kind": str(entry.kind)})
        if self._file:
            self.refresh()
        else:
            self._take(entries)

    def _take(self, entries: Sequence[Entry]) -> bool:
        """Let entries count."""
        if entries:
            self._known.tell(entries)
        return bool(entries)


def _check(entry: Entry, line: Line) -> None:
    """Refuse what makes no sense."""
    if entry.end_ns is not None and entry.end_ns <= entry.start_ns:
        raise UsageError(N_("It ends before it begins."), tip=N_("Give an end after the start, or none."))
    if entry.unit and entry.unit not in {unit.id for unit in line.units}:
        raise UsageError(N_("The layout has no unit {unit}."), unit=entry.unit)
    if entry.product and line.products and entry.product not in {product.id for product in line.products}:
        raise UsageError(
            N_("The layout has no product {product}."), tip=N_("Its products are {known}."), product=entry.product,
            known=", ".join(product.id for product in line.products),
        )  # fmt: skip
    if entry.quantity is not None and not 0 < entry.quantity <= MOST_QUANTITY:
        raise UsageError(N_("A planned quantity is above 0."))
    _check_kind(entry, line)


def _check_kind(entry: Entry, line: Line) -> None:
    """Refuse what lacks what its kind needs."""
    if entry.kind is EntryKind.REASON and (not entry.unit or entry.reason not in {one.id for one in line.reason_tree}):
        raise UsageError(N_("A reason is one of the layout's tree, and of a unit."))
    if entry.kind is EntryKind.ORDER and not entry.order:
        raise UsageError(N_("An order has a name."), tip=N_("Write its number."))
    if entry.kind is EntryKind.PRODUCT and not entry.product:
        raise UsageError(N_("Say which product."))


def _words(text: str) -> str:
    """Return what somebody wrote as it is kept: on one line, of bearable length."""
    return " ".join(text.split())[:LONGEST_TEXT]
