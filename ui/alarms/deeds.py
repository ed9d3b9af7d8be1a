"""What a person may do to alarms, as commands with their keys: none is a single letter. Not for what comes of it: see `alarms`."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from twin_app.alarms.words import alarm_text, unit_title
from twin_app.clock import SECOND_NS
from twin_app.errors import TwinError, UsageError
from twin_app.model.alarm import AlarmState, Why
from twin_app.text import N_, tr
from ui.alarms.dialogs import ReasonDialog
from ui.commands import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from twin_app.model.alarm import AlarmActions
    from ui.alarms.entries import Entry
    from ui.context import Context, LineView

MENU = N_("Alarms")
FLY = "view.scene.fly"
ASKED_AT_ONCE = 3
"""So many alarms are named in a dialog; more are counted."""


class Deeds(QObject):
    """The commands on the chosen alarms."""

    def __init__(
        self, context: Context, chosen: Callable[[], Sequence[Entry]], in_view: Callable[[], Sequence[Entry]], parent: QWidget
    ) -> None:
        """Register the commands; `chosen` and `in_view` give the lines they act on."""
        super().__init__(parent)
        self._context, self._chosen, self._in_view, self._window = context, chosen, in_view, parent
        self._view: LineView | None = None
        add = context.commands.add
        self._acknowledge = add(
            Command(id="alarms.acknowledge", text=N_("Acknowledge"), keys=("Ctrl+Shift+A",), menu=MENU), self.acknowledge
        )
        self._note = add(
            Command(id="alarms.note", text=N_("Acknowledge with a note…"), keys=("Ctrl+Alt+A",), menu=MENU), self.acknowledge_with_note
        )
        self._all = add(
            Command(id="alarms.view", text=N_("Acknowledge what is in view"), keys=("Ctrl+Shift+Return",), menu=MENU), self.acknowledge_view
        )
        self._shelve = add(Command(id="alarms.shelve", text=N_("Shelve…"), keys=("Ctrl+Shift+H",), menu=MENU), self.shelve)
        self._unshelve = add(Command(id="alarms.unshelve", text=N_("Unshelve"), menu=MENU), self.unshelve)
        self._out = add(Command(id="alarms.out", text=N_("Take out of service…"), menu=MENU), self.take_out)
        self._back = add(Command(id="alarms.back", text=N_("Put back in service"), menu=MENU), self.put_back)
        self._reset = add(Command(id="alarms.reset", text=N_("Reset"), keys=("Ctrl+Shift+R",), menu=MENU), self.reset)
        self._jump = add(Command(id="alarms.jump", text=N_("Go to its moment"), keys=("Ctrl+Shift+J",), menu=MENU), self.jump)
        self._fly = add(Command(id="alarms.fly", text=N_("Show its machine"), keys=("Ctrl+Shift+G",), menu=MENU), self.fly)
        self.main: tuple[QAction, ...] = (self._acknowledge, self._shelve, self._reset)
        self.more: tuple[QAction, ...] = (self._note, self._all, self._unshelve, self._out, self._back, self._jump, self._fly)

    @property
    def _actions(self) -> AlarmActions | None:
        return self._view.alarms if self._view else None

    def open_line(self, view: LineView | None) -> None:
        """Act on another line's alarms."""
        self._view = view

    def allow(self) -> None:
        """Allow what may be done to the chosen alarms now, and say why the rest may not."""
        chosen = [entry.now.alarm.key for entry in self._chosen()]
        waiting = [entry.now.alarm.key for entry in self._in_view() if entry.now.state.unacknowledged]
        for action, what, alarms in (
            (self._acknowledge, Why.ACKNOWLEDGE, chosen), (self._note, Why.ACKNOWLEDGE, chosen), (self._all, Why.ACKNOWLEDGE, waiting),
            (self._shelve, Why.SHELVE, chosen), (self._unshelve, Why.UNSHELVE, chosen), (self._out, Why.OUT_OF_SERVICE, chosen),
            (self._back, Why.IN_SERVICE, chosen), (self._reset, Why.RESET, chosen),
        ):  # fmt: skip
            refused = self._refused(what, alarms)
            if action.isEnabled() is not (not refused):
                action.setEnabled(not refused)
            action.setToolTip(refused or action.text())
        for action in (self._jump, self._fly):
            action.setEnabled(bool(chosen))

    def _refused(self, what: Why, alarms: Sequence[str]) -> str:
        """Return why none of some alarms may be acted on, empty where one may."""
        if not alarms or self._actions is None:
            return tr("No alarm is chosen.")
        if refused := self._context.station.refusal():
            return refused
        reasons = [self._actions.refusal(what, alarm) for alarm in alarms]
        return "" if "" in reasons else reasons[0]

    # -- what the commands do -----------------------------------------------------------------------------------

    def acknowledge(self) -> None:
        """Acknowledge the chosen alarms that are in view."""
        self._do(Why.ACKNOWLEDGE, self._seen())

    def acknowledge_view(self) -> None:
        """Acknowledge whatever waits in view; what is out of sight waits on."""
        self._do(Why.ACKNOWLEDGE, [entry for entry in self._in_view() if entry.now.state.unacknowledged])

    def acknowledge_with_note(self) -> None:
        """Acknowledge and write something beside it."""
        alarms = self._seen()
        if dialog := self._ask(tr("Acknowledge"), alarms, needed=False):
            self._do(Why.ACKNOWLEDGE, alarms, note=dialog.note)

    def shelve(self) -> None:
        """Shelve for a time, or until they clear, with a reason."""
        alarms = self._seen()
        most_s = min((entry.now.alarm.shelve_max_s for entry in alarms), default=0.0)
        dialog = self._ask(tr("Shelve"), alarms, needed=True, most_s=most_s)
        if dialog and self._view:
            lasts_ns = round(dialog.lasts_s * SECOND_NS)
            self._do(Why.SHELVE, alarms, note=dialog.note, lasts_ns=lasts_ns, one_shot=dialog.once.isChecked())

    def unshelve(self) -> None:
        """End the shelving."""
        self._do(Why.UNSHELVE, self._seen())

    def take_out(self) -> None:
        """Take out of service, with a reason."""
        alarms = self._seen()
        if dialog := self._ask(tr("Take out of service"), alarms, needed=True):
            self._do(Why.OUT_OF_SERVICE, alarms, note=dialog.note)

    def put_back(self) -> None:
        """Put back in service."""
        self._do(Why.IN_SERVICE, self._seen())

    def reset(self) -> None:
        """Reset what is latched and acknowledged."""
        self._do(Why.RESET, [entry for entry in self._seen() if entry.now.state is AlarmState.LATCHED_ACKNOWLEDGED])

    def jump(self) -> None:
        """Go to the moment at which the alarm occurred."""
        if chosen := self._chosen():
            self._context.transport.seek(chosen[-1].now.since_ns)
            self.fly()

    def fly(self) -> None:
        """Select the machine of the alarm, and look at it."""
        chosen = self._chosen()
        if chosen and not chosen[-1].now.alarm.unit.startswith("@"):
            self._context.selection.select(chosen[-1].now.alarm.unit)
            with suppress(KeyError):  # without a hall there is nowhere to fly to
                self._context.commands.run(FLY)

    def _seen(self) -> list[Entry]:
        """Return the chosen lines that are in view: nobody acts on what they do not see."""
        seen = {entry.now.alarm.key for entry in self._in_view()}
        return [entry for entry in self._chosen() if entry.now.alarm.key in seen]

    def _ask(self, title: str, alarms: Sequence[Entry], *, needed: bool, most_s: float = 0.0) -> ReasonDialog | None:
        """Ask for a note or a reason; None where the person thought better of it."""
        if self._view is None or not alarms:
            return None
        line = self._view.line
        named = [
            f"{unit_title(line, entry.now.alarm.unit)}: {alarm_text(line, entry.now.alarm, entry.now.detail)}"
            for entry in alarms[:ASKED_AT_ONCE]
        ]
        if len(alarms) > ASKED_AT_ONCE:
            named.append(tr("and {count} more", count=len(alarms) - ASKED_AT_ONCE))
        dialog = ReasonDialog(title, named, self._window, needed=needed, most_s=most_s)
        done = dialog.exec()
        dialog.deleteLater()
        return dialog if done else None

    def _do(self, what: Why, alarms: Sequence[Entry], *, note: str = "", lasts_ns: int = 0, one_shot: bool = False) -> None:
        """Do it to those of some alarms to which it may be done."""
        actions = self._actions
        if actions is None:
            return
        if refused := self._context.station.refusal():  # whoever was asked may have been signed off meanwhile
            self._context.station.tell(UsageError(refused))
            return
        allowed = [entry.now.alarm.key for entry in alarms if not actions.refusal(what, entry.now.alarm.key)]
        try:
            actions.act(what, allowed, who=self._context.station.person, note=note, lasts_ns=lasts_ns, one_shot=one_shot)
        except TwinError as error:
            self._context.station.tell(error)
        self.allow()
