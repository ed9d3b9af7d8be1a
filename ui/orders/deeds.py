"""Entering orders, products and exceptions of the calendar, in two keys or with a dialog, at the playhead. Not for showing them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from twin_app.errors import TwinError, UsageError
from twin_app.model.entry import Entry, EntryKind
from twin_app.persons.access import Right
from twin_app.text import N_, clock_time, tr
from ui.commands import Command
from ui.orders.dialog import EntryDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from twin_app.model.entry import WorkEntries
    from twin_app.model.frame import Frame
    from ui.context import Context, LineView

MENU = N_("Orders")
LETTERS = {
    EntryKind.ORDER: "O", EntryKind.PRODUCT: "P", EntryKind.CHANGEOVER: "C", EntryKind.NO_ORDER: "N", EntryKind.CLEANING: "L",
    EntryKind.BREAK: "B", EntryKind.OVERTIME: "T",
}  # fmt: skip
"""The second key of each kind."""
SAYS = {
    EntryKind.ORDER: N_("Order begins…"), EntryKind.PRODUCT: N_("Other product…"), EntryKind.CHANGEOVER: N_("Changeover begins"),
    EntryKind.NO_ORDER: N_("Order ends: no order"), EntryKind.CLEANING: N_("Cleaning begins"), EntryKind.BREAK: N_("Break begins"),
    EntryKind.OVERTIME: N_("Overtime begins"),
}  # fmt: skip
GOES_ON, UNDO = N_("Work goes on"), N_("Undo the last entry")


class Deeds(QObject):
    """The commands, each at the playhead and of the whole line; the dialog can say otherwise."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        """Register the commands."""
        super().__init__(parent)
        self._context, self._window = context, parent
        self._view: LineView | None = None
        self._frame: Frame | None = None
        self._last = ""
        add = context.commands.add
        self.actions: list[QAction] = [
            add(Command(id="orders.enter", text=N_("Enter order, changeover, break…"), keys=("Ctrl+J",), menu=MENU), self.ask_what)
        ]
        for kind, words in SAYS.items():
            self.actions.append(add(Command(id=f"orders.{kind}", text=words, menu=MENU), partial(self.begin, kind)))
        self.actions.append(add(Command(id="orders.goes_on", text=GOES_ON, menu=MENU), self.go_on))
        self.actions.append(add(Command(id="orders.undo", text=UNDO, menu=MENU), self.undo_last))

    def open_line(self, view: LineView | None) -> None:
        """Enter things of another line."""
        self._view, self._frame, self._last = view, None, ""

    def show_frame(self, frame: Frame) -> None:
        """Know where the playhead is, and allow what may be done there."""
        self._frame = frame
        self.allow()

    def allow(self) -> None:
        """Allow what may be done at the playhead, and say why the rest may not."""
        refused = self.refusal()
        for action in self.actions:
            action.setEnabled(not refused)
            action.setToolTip(refused or action.text())

    @property
    def _entries(self) -> WorkEntries | None:
        return self._view.entries if self._view else None

    def refusal(self) -> str:
        """Return why nothing may be entered, worded; empty where it may."""
        if self._entries is None or self._frame is None or self._frame.span is None:
            return tr("No line is open.")
        return self._context.station.refusal(Right.REASONS)

    # -- what the commands do -----------------------------------------------------------------------------------

    def ask_what(self) -> None:
        """Let the second key say what is entered."""
        menu = self.menu()
        menu.exec(self._window.window().mapToGlobal(self._window.window().rect().center()) - menu.rect().center())
        menu.deleteLater()

    def menu(self) -> QMenu:
        """Return the choice of what may be entered, each with its letter."""
        menu = QMenu(self._window)
        if self._view is not None and self._frame is not None:
            at = clock_time(self._frame.at_ns, self._view.line.tz)
            menu.addAction(tr("{line}, from {time} on:", line=self._view.line.title, time=at)).setEnabled(False)
        for kind, letter in LETTERS.items():
            menu.addAction(f"&{letter}   {tr(SAYS[kind])}").triggered.connect(partial(self.begin, kind))
        menu.addSeparator()
        menu.addAction(f"&G   {tr(GOES_ON)}").triggered.connect(self.go_on)
        menu.addAction(f"&U   {tr(UNDO)}").triggered.connect(self.undo_last)
        return menu

    def begin(self, kind: str, *_: object) -> None:
        """Enter that something begins at the playhead; of orders and products ask which."""
        if self._frame is None or self.refusal():
            return
        entry = Entry(id="", kind=EntryKind(kind), start_ns=self._frame.at_ns, known_ns=0)
        self.ask(entry) if entry.kind.of_work else self._enter(entry)

    def go_on(self) -> None:
        """End whatever keeps the line from working until further notice."""
        at_ns = self._frame.at_ns if self._frame and not self.refusal() else 0
        for entry in self._entries.current if at_ns and self._entries else ():
            if entry.end_ns is None and not entry.kind.of_work and entry.start_ns < at_ns:
                self.correct(replace(entry, end_ns=at_ns))

    def ask(self, entry: Entry) -> None:
        """Let a person say what exactly, and enter it, or correct it where it was said before."""
        if self._view is None or self._frame is None or self._frame.span is None:
            return
        dialog = EntryDialog(self._view.line, entry, self._frame.span, self._window, fresh=not entry.id)
        done = dialog.exec()
        dialog.deleteLater()
        if done:
            self.correct(dialog.entry()) if entry.id else self._enter(dialog.entry())

    def correct(self, entry: Entry) -> None:
        """Say an entry anew."""
        if self._entries is not None:
            self._try(lambda entries: entries.correct(entry, who=self._context.station.person))

    def undo(self, entry: str) -> None:
        """Let an entry count no longer."""
        self._try(lambda entries: entries.undo(entry, who=self._context.station.person))

    def undo_last(self) -> None:
        """Undo what was said last, by whomever."""
        said = max(self._entries.current, key=lambda entry: entry.known_ns, default=None) if self._entries else None
        if said is not None:
            self.undo(said.id)

    def _enter(self, entry: Entry) -> None:
        """Keep an entry."""
        fields = {name: getattr(entry, name) for name in ("end_ns", "unit", "order", "product", "quantity", "note")}
        self._try(lambda entries: entries.enter(entry.kind, entry.start_ns, who=self._context.station.person, **fields))

    def _try(self, what: Callable[[WorkEntries], object]) -> None:
        """Do something to the entries, or show why not."""
        if self._entries is None:
            return
        if refused := self.refusal():  # whoever was asked may have been signed off meanwhile
            self._context.station.tell(UsageError(refused))
            return
        try:
            what(self._entries)
        except TwinError as error:
            self._context.station.tell(error)
