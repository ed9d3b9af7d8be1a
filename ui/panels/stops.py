"""The stops of the shift: when, who, what the machine said, and the reason that a person confirms with one key. Changes nothing that was recorded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtWidgets import QCheckBox, QDockWidget, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.errors import TwinError
from twin_app.model.entry import EntryKind
from twin_app.model.equipment import Line
from twin_app.model.packml import STATE_WORDS
from twin_app.model.reason import Stop, path_of, reason_words
from twin_app.persons.access import Right
from twin_app.text import N_, clock_time, duration, number, tr
from ui.commands import Command
from ui.inspector.table import Cell, Row, RowsModel, Table
from ui.panels.base import Panel
from ui.theme import set_role
from ui.widgets.pace import Pace
from ui.words import GUESSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from twin_app.model.frame import Frame
    from ui.context import Context, LineView

EVERY_MS = 1000
MENU = N_("Marks")
SHORT = (N_("Confirm"), N_("Choose…"), N_("Split"), N_("Join…"), N_("Take back"))
"""What the buttons say, in the order of the commands."""
COLUMNS = (N_("Start"), N_("Duration"), N_("Unit"), N_("State"), N_("The machine said"), N_("Reason"))
START, LASTED, UNIT, STATE, SAID, WHY = range(len(COLUMNS))
WIDEST = ("00:00:00", "00 min 00 s", "", "Suspended", "", "")
LONGEST_NAME = 20
"""Of how many letters a unit's name is shown whole."""
NARROW_PX = 620
"""In a narrower panel the state has no column, and a reason stands without what it is below."""
SORTS: dict[int, Callable[[Stop, Line], Any]] = {
    START: lambda stop, _: -stop.start_ns,
    LASTED: lambda stop, _: stop.start_ns - stop.end_ns,
    UNIT: lambda stop, line: line.unit(stop.unit).title.casefold(),
    SAID: lambda stop, _: (not stop.said, stop.said.casefold()),
    WHY: lambda stop, line: (not stop.reason, reason_words(line.reason_tree, stop.reason or stop.proposed)),
}
"""What a click on a head sorts by: the newest and the longest first."""


class StopsPanel(Panel):
    """A table of stops, the newest first or as a click on a head asks, over what may be done to them."""

    key = "stops"
    title = N_("Stops")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the table and register the commands."""
        super().__init__(context, parent)
        self.stops: list[Stop] = []
        self._asked: tuple[int, int] | None = None
        self._by, self._turned = START, False
        self._pace = Pace(self._ask, every_ms=EVERY_MS, parent=self)
        self.model = RowsModel(len(COLUMNS), self)
        self.table = Table(self.model, context.theme, self, stretch=(4, 5))
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.table.setSelectionMode(Table.SelectionMode.ExtendedSelection)
        self.table.setSelectionBehavior(Table.SelectionBehavior.SelectRows)
        self.said = QLabel(self)
        set_role(self.said, "small")
        self.this_unit = QCheckBox(self)
        self.this_unit.toggled.connect(self._show)
        commands = (
            (Command(id="stops.confirm", text=N_("Confirm the proposed reason"), keys=("Ctrl+Return",), menu=MENU), self.confirm),
            (Command(id="stops.choose", text=N_("Choose a reason…"), keys=("Ctrl+R",), menu=MENU), self.choose),
            (Command(id="stops.split", text=N_("Split the stop at the playhead"), keys=("Ctrl+Alt+R",), menu=MENU), self.split),
            (Command(id="stops.merge", text=N_("One reason for the selected stops…"), keys=("Ctrl+Alt+J",), menu=MENU), self.merge),
            (Command(id="stops.undo", text=N_("Take the reason back"), keys=("Ctrl+Alt+Z",), menu=MENU), self.undo),
        )
        self.actions_ = [context.commands.add(command, run) for command, run in commands]
        self._lay_out()
        self.table.doubleClicked.connect(self._on_double_clicked)
        self.table.horizontalHeader().setSectionsClickable(True)
        self.table.horizontalHeader().sectionClicked.connect(self._on_head_clicked)
        self.table.selectionModel().selectionChanged.connect(self._allow)
        context.selection.unit_changed.connect(self._show)
        context.station.changed.connect(self._allow)
        self.retranslate()

    def _lay_out(self) -> None:
        """Put the parts in their places."""
        head = QHBoxLayout()
        head.setContentsMargins(10, 6, 8, 2)
        head.addWidget(self.said, 1)
        head.addWidget(self.this_unit)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 6)
        for action in self.actions_:
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setProperty("framed", "true")
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(row)

    # What every panel does

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self.stops, self._asked = [], None
        self._pace.stop()
        self._fit()
        self._show()

    def _fit(self) -> None:
        """Give the columns the room of what is longest in them; names of units, too, up to a length."""
        names = [unit.title[:LONGEST_NAME] for unit in self.view.line.units] if self.view else []
        self.table.fit_columns(*WIDEST[:UNIT], max(names, key=self.fontMetrics().horizontalAdvance, default=""), *WIDEST[UNIT + 1 :])

    @override
    def show_frame(self, frame: Frame) -> None:
        if frame.changes.all:
            self._asked = None
        if self._asked != (frame.shift_start_ns, frame.at_ns):
            self._pace.ask()

    @override
    def settled(self) -> bool:
        return not self._pace.waiting

    @override
    def retranslate(self) -> None:
        self._word_heads()
        self.table.setAccessibleName(tr("Stops"))
        self._fit()
        self.this_unit.setText(tr("Only the selected unit"))
        for action, short in zip(self.actions_, SHORT, strict=True):
            action.setIconText(tr(short))
        self._show()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.table.isColumnHidden(STATE) != self._narrow:
            self.table.setColumnHidden(STATE, self._narrow)
            self._show()

    # What is shown

    @property
    def _narrow(self) -> bool:
        return self.width() < NARROW_PX

    def _word_heads(self) -> None:
        """Word the heads; an arrow stands where the rows are sorted by."""
        arrow = "▴" if self._turned else "▾"
        self.model.set_heads(tuple(f"{tr(head)} {arrow}" if i == self._by else tr(head) for i, head in enumerate(COLUMNS)))
        self.table.horizontalHeader().setToolTip(tr("A click on a head sorts by it."))

    def _on_head_clicked(self, column: int) -> None:
        """Sort by a column, and the other way round at a second click."""
        if column in SORTS:
            self._turned = column == self._by and not self._turned
            self._by = column
            self._word_heads()
            self._show()
            self.table.scrollToTop()

    def _ask(self) -> None:
        """Ask for the stops of the shift up to the playhead."""
        if self.frame is None or self.view is None or self.frame.at_ns <= self.frame.shift_start_ns:
            return
        self._asked = self.frame.shift_start_ns, self.frame.at_ns
        self.context.query.stops("stops", *self._asked, self._on_answered)

    def _on_answered(self, stops: Sequence[Stop]) -> None:
        """Show the stops, the newest first; the same again paints nothing."""
        fresh = list(reversed(stops))
        if fresh != self.stops:
            self.stops = fresh
            self._show()

    def _shown(self) -> list[Stop]:
        """Return the stops that are listed."""
        if self.view is None:
            return []
        unit, line = self.context.selection.unit if self.this_unit.isChecked() else "", self.view.line
        listed = [stop for stop in self.stops if unit in {"", stop.unit}]
        return sorted(listed, key=lambda stop: SORTS[self._by](stop, line), reverse=self._turned)

    def _show(self, *_: object) -> None:
        """Show rows and sum."""
        if self.view is None:
            self.model.show([])
            self.said.setText("")
            return
        shown = self._shown()
        chosen = {(stop.unit, stop.start_ns) for stop in self.chosen()}
        self.model.show([Row((stop.unit, stop.start_ns), self._cells(stop)) for stop in shown])
        self._select([n for n, stop in enumerate(shown) if (stop.unit, stop.start_ns) in chosen])
        lasted_s = sum(stop.end_ns - stop.start_ns for stop in shown) / SECOND_NS
        open_ = sum(not stop.reason for stop in shown)
        said = (
            tr("{n} stops, {lasted}", n=number(len(shown)), lasted=duration(lasted_s)) if shown else tr("No stops of ten seconds or more.")
        )
        self.said.setText(f"{said} · {tr('{n} without a reason', n=number(open_))}" if open_ else said)
        self._allow()

    def _cells(self, stop: Stop) -> tuple[Cell, ...]:
        """Return a stop's cells; what is only proposed is dim and marked as a guess."""
        assert self.view is not None  # noqa: S101 - asked by its caller
        line = self.view.line
        words = reason_words(line.reason_tree, stop.reason or stop.proposed)
        path = path_of(line.reason_tree, stop.reason or stop.proposed)
        short = tr(path[-1].title) if path and self._narrow else words
        reason = short if stop.reason or not words else f"{GUESSED} {short}?"
        tip = "\n".join(filter(None, (words, stop.note, self.context.station.name_of(stop.who) if stop.who else "")))
        part = tr(" (a part)") if stop.part else ""
        return (
            Cell(text=clock_time(stop.start_ns, line.tz)),
            Cell(text=duration((stop.end_ns - stop.start_ns) / SECOND_NS) + part, right=True),
            Cell(text=line.unit(stop.unit).title),
            Cell(text=tr(STATE_WORDS[stop.state]) if stop.state is not None else ""),
            Cell(text=stop.said, tip=stop.said, color="dim"),
            Cell(
                text=f"{reason} · {stop.note}" if stop.note and stop.reason else reason,
                tip=tip,
                color="" if stop.reason else "dim",
                bold=bool(stop.reason),
            ),
        )

    # What a person does

    def chosen(self) -> list[Stop]:
        """Return the selected stops, the earliest first."""
        keys = {self.model.rows[index.row()].key for index in self.table.selectionModel().selectedRows()}
        return sorted((stop for stop in self.stops if (stop.unit, stop.start_ns) in keys), key=lambda stop: stop.start_ns)

    def _select(self, rows: Sequence[int]) -> None:
        """Have these rows selected, and no others."""
        if rows == sorted(index.row() for index in self.table.selectionModel().selectedRows()):
            return
        wanted = QItemSelection()
        for row in rows:
            wanted.select(self.model.index(row, 0), self.model.index(row, len(COLUMNS) - 1))
        self.table.selectionModel().select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _allow(self, *_: object) -> None:
        """Allow what makes sense and may be done."""
        chosen = self.chosen()
        entries = self.view.entries if self.view else None
        allowed = entries is not None and self.context.station.may(Right.REASONS)
        may = allowed and bool(chosen)
        confirm, choose, split, merge, undo = self.actions_
        confirm.setEnabled(may and all(stop.proposed for stop in chosen) if chosen else allowed and any(map(_waits, self.stops)))
        choose.setEnabled(may)
        at_ns = self.frame.at_ns if self.frame else 0
        split.setEnabled(may and len(chosen) == 1 and chosen[0].start_ns < at_ns <= chosen[0].end_ns)
        merge.setEnabled(may and len(chosen) > 1 and len({stop.unit for stop in chosen}) == 1)
        undo.setEnabled(may and any(stop.entry for stop in chosen))
        refused = self.context.station.refusal(Right.REASONS) if not self.context.station.may(Right.REASONS) else ""
        for action in self.actions_:
            action.setToolTip(refused or action.text())

    def confirm(self) -> None:
        """Take the proposed reason for each selected stop and go on to the next; what nobody sees is only shown first."""
        chosen = self.chosen() if self.table.isVisible() and not self.table.visibleRegion().isEmpty() else []
        for stop in chosen:
            self._enter(stop.unit, stop.start_ns, stop.end_ns, stop.proposed, "")
        self._go_on(chosen)

    def _go_on(self, after: Sequence[Stop]) -> None:
        """Select the next stop in the list that waits for its proposal to be confirmed; without one before it, the first."""
        if not after:
            self._come_to_front()
        shown = self._shown()
        begin = max((shown.index(stop) for stop in after), default=-1) + 1
        following = next((n for n in range(begin, len(shown)) if _waits(shown[n])), None)
        if following is not None:
            self._select([following])
            self.table.scrollTo(self.model.index(following, 0))

    def _come_to_front(self) -> None:
        """Have the dock around the panel shown, before others in its place."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QDockWidget):
            around = around.parentWidget()
        if around is not None:
            around.show()
            around.raise_()

    def choose(self) -> None:
        """Ask for a reason for each of the selected stops."""
        chosen = self.chosen()
        if chosen and (answer := self._answer(chosen)):
            for stop in chosen:
                self._enter(stop.unit, stop.start_ns, stop.end_ns, *answer)

    def split(self) -> None:
        """Ask for a reason for the part of the stop up to the playhead; the rest of it, which may be to come, keeps its own."""
        chosen, at_ns = self.chosen(), self.frame.at_ns if self.frame is not None else 0
        if len(chosen) == 1 and chosen[0].start_ns < at_ns <= chosen[0].end_ns and (answer := self._answer(chosen)):
            self._enter(chosen[0].unit, chosen[0].start_ns, at_ns, *answer, goes_on=False)

    def merge(self) -> None:
        """Ask for one reason from the start of the first selected stop to the end of the last."""
        chosen = self.chosen()
        if len(chosen) > 1 and (answer := self._answer(chosen)):
            self._enter(chosen[0].unit, chosen[0].start_ns, max(stop.end_ns for stop in chosen), *answer)

    def undo(self) -> None:
        """Let the reasons of the selected stops count no longer."""
        entries = self.view.entries if self.view else None
        for entry in dict.fromkeys(stop.entry for stop in self.chosen() if stop.entry):
            if entries is not None:
                self._try(partial(entries.undo, entry, who=self.context.station.person))

    def _answer(self, chosen: Sequence[Stop]) -> tuple[str, str] | None:
        """Return the reason and note that a person chooses, None where none is."""
        from ui.reason_dialog import ReasonChoice

        if self.view is None:
            return None
        line, first = self.view.line, chosen[0]
        lasted = duration(sum(stop.end_ns - stop.start_ns for stop in chosen) / SECOND_NS)
        about = tr("{unit}, {time}, {lasted}", unit=line.unit(first.unit).title, time=clock_time(first.start_ns, line.tz), lasted=lasted)
        dialog = ReasonChoice(
            " · ".join(filter(None, (about, first.said))), line.reason_tree, first.reason or first.proposed, first.note, self
        )
        answer = (dialog.reason, dialog.note.text()) if dialog.exec() and dialog.reason else None
        dialog.deleteLater()
        return answer

    def _enter(self, unit: str, start_ns: int, end_ns: int, reason: str, note: str, *, goes_on: bool = True) -> None:
        """Say why a unit stood; a stop that goes on (unless it is cut here) has the reason until it ends."""
        entries = self.view.entries if self.view else None
        if entries is None:
            return
        goes_on = goes_on and self.frame is not None and self.frame.mode.at_end and end_ns >= self.frame.at_ns - EVERY_MS * 2_000_000
        self._try(
            lambda: entries.enter(
                EntryKind.REASON, start_ns, end_ns=None if goes_on else end_ns, unit=unit, reason=reason, note=note,
                who=self.context.station.person,
            )
        )  # fmt: skip

    def _try(self, what: Callable[[], object]) -> None:
        """Do something to the entries, say why it was refused, and show what counts now."""
        if refused := self.context.station.refusal(Right.REASONS):  # whoever was asked may have been signed off meanwhile
            self.said.setText(refused)
            return
        try:
            what()
        except TwinError as error:
            self.said.setText(error.worded())
            return
        self._ask()

    def _on_double_clicked(self, _index: object) -> None:
        """Go to the stop, and select its unit."""
        chosen = self.chosen()
        if chosen:
            self.context.selection.select(chosen[0].unit)
            self.context.transport.seek(chosen[0].start_ns)


def _waits(stop: Stop) -> bool:
    """Tell whether a stop has a proposal that nobody has confirmed or replaced."""
    return bool(stop.proposed) and not stop.reason
