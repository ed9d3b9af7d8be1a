"""What the line works on: the shift by order, product, hour or shift, and what people entered. Not for entering: see `ui.orders.deeds`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QSplitter, QTabBar, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.model.kpi import By
from twin_app.text import N_, number, tr
from ui.inspector.table import RowsModel, Table
from ui.orders.deeds import Deeds
from ui.orders.rows import entry_row, part_row, product_title
from ui.panels.base import Panel
from ui.theme import set_role
from ui.widgets.labels import ElidedLabel
from ui.widgets.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from twin_app.model.frame import Frame
    from twin_app.model.kpi import Part
    from ui.context import Context, LineView

EVERY_MS = 1000
TABS = ((By.ORDER, N_("Orders")), (By.PRODUCT, N_("Products")), (By.HOUR, N_("Hours")), (By.SHIFT, N_("Shifts")))
DAY_NS = 86_400 * 10**9
SAID_AT = 6
"""Column of the entries that says when something was said."""
GIVE_WAY = (((2,), 800), ((5, 6, 7), 700), ((4,), 500))
"""Columns that are left out of a panel narrower than so many pixels, so that the name can be read: first piece, then A, E and Q, then scrap."""


class OrdersPanel(Panel):
    """Above the shift in parts, below what people entered."""

    key = "orders"
    title = N_("Orders")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the tables; nothing is known yet."""
        super().__init__(context, parent)
        self.deeds = Deeds(context, self)
        self.by = By.ORDER
        self._parts: Sequence[Part] = ()
        self._pace = Pace(self._ask, every_ms=EVERY_MS, parent=self)
        self.parts, self.said = RowsModel(9, self), RowsModel(7, self)
        self.table = Table(self.parts, context.theme, self, stretch=(0,))
        self.entries = Table(self.said, context.theme, self, stretch=(2,))
        self.head, self.below = ElidedLabel(self), ElidedLabel(self)
        set_role(self.head, "heading")
        set_role(self.below, "small")
        self.bar = QTabBar(self)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        for _ in TABS:
            self.bar.addTab("")
        self.enter, self.correct, self.undo = QPushButton(self), QPushButton(self), QPushButton(self)
        self.audit = QCheckBox(self)
        self.audit.toggled.connect(self._on_audit_toggled)
        self._lay_out()
        self.bar.currentChanged.connect(self._on_tab_changed)
        self.enter.clicked.connect(self.deeds.ask_what)
        self.correct.clicked.connect(self._on_correct_pressed)
        self.undo.clicked.connect(self._on_undo_pressed)
        self.entries.activated.connect(self._on_correct_pressed)
        self.entries.selectionModel().selectionChanged.connect(self._allow)
        self.table.activated.connect(self._on_part_chosen)
        self.table.doubleClicked.connect(self._on_part_chosen)
        context.station.changed.connect(self._allow)
        self.retranslate()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(6, 2, 0, 0)
        head.addWidget(self.head, 1)
        head.addWidget(self.bar)
        upper = QWidget(self)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setContentsMargins(6, 2, 0, 0)
        row.addWidget(self.below, 1)
        for widget in (self.audit, self.enter, self.correct, self.undo):
            row.addWidget(widget)
        lower = QWidget(self)
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.entries, 1)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.setChildrenCollapsible(False)
        split.addWidget(upper)
        split.addWidget(lower)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4, 4, 4, 4)
        whole.addWidget(split)

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self._pace.stop()
        self._parts = ()
        self.deeds.open_line(view)
        self._write()

    @override
    def offer(self, frame: Frame) -> None:
        self.deeds.show_frame(frame)  # keys work though nobody sees the panel
        super().offer(frame)

    @override
    def show_frame(self, frame: Frame) -> None:
        if frame.changes.all or frame.changes.figures:
            self._pace.ask()
        self._show_head(frame)
        if frame.changes.all:
            self._show_entries(frame)

    def _ask(self) -> None:
        """Ask for the parts up to the playhead: of the shift, of shifts those of a week."""
        if self.frame is None or self.view is None or self.frame.span is None:
            return
        start_ns = self.frame.shift_start_ns
        if self.by is By.SHIFT:
            start_ns = max(self.frame.span.start_ns, self.frame.at_ns - 7 * DAY_NS)
        if start_ns < self.frame.at_ns:
            self.context.query.parts("orders", None, self.by, start_ns, self.frame.at_ns, self._on_parts_told)

    def _on_parts_told(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._write()

    def _write(self) -> None:
        if self.view is not None:
            self.parts.show([part_row(part, self.by, self.view.line) for part in reversed(self._parts)])  # the newest is what is worked on
        else:
            self.parts.show([])
            self.said.show([])
            self.head.show_text("")

    def _show_head(self, frame: Frame) -> None:
        """Say what the constraint works on now."""
        assert self.view is not None  # noqa: S101 - a frame comes with a line
        line = self.view.line
        now = frame.units.get(line.constraint)
        task = now.task if now else None
        if task is None or (task.order is None and task.product is None):
            self.head.show_text(tr("Nobody tells order or product"))
            return
        order = tr("No order") if task.order == "" else task.order or ""
        planned = tr("{n} planned", n=number(task.quantity)) if task.quantity is not None and task.order else ""
        words = [word for word in (order, product_title(line, task.product), planned) if word]
        self.head.show_text(" · ".join(words))

    def _show_entries(self, frame: Frame) -> None:
        assert self.view is not None  # noqa: S101
        line = self.view.line
        listed = self.view.entries.said if self.audit.isChecked() and self.view.entries else frame.entries
        self.said.show([entry_row(entry, line, self.context.station.name_of) for entry in reversed(listed)])
        self.below.show_text(
            tr("Entered by people: {n}", n=number(len(frame.entries))) if frame.entries else tr("Nothing was entered by people")
        )
        self._allow()

    def _chosen(self) -> str:
        """Return the id of the chosen entry, empty where none is."""
        rows = self.entries.selectionModel().selectedRows()
        key = self.said.rows[rows[0].row()].key if rows and rows[0].row() < len(self.said.rows) else None
        return str(key[0]) if isinstance(key, tuple) else ""

    def _allow(self, *_: object) -> None:
        refused = self.deeds.refusal()
        self.enter.setEnabled(not refused)
        self.enter.setToolTip(refused)
        for button in (self.correct, self.undo):
            button.setEnabled(not refused and self._chosen() in {entry.id for entry in self.frame.entries} if self.frame else False)

    def _on_correct_pressed(self, *_: object) -> None:
        chosen = next((entry for entry in self.frame.entries if entry.id == self._chosen()), None) if self.frame else None
        if chosen is not None and not self.deeds.refusal():
            self.deeds.ask(chosen)

    def _on_undo_pressed(self) -> None:
        if chosen := self._chosen():
            self.deeds.undo(chosen)

    def _on_audit_toggled(self, *_: object) -> None:
        """List all that was ever said, or only what counts."""
        for column in (1, 5, SAID_AT):
            self.entries.setColumnHidden(column, self._gives_way(column))
        if self.frame is not None and self.view is not None:
            self._show_entries(self.frame)

    def _gives_way(self, column: int) -> bool:
        """Tell whether a column of the entries has no room; when something was said is shown among all that was."""
        if column == SAID_AT:
            return not self.audit.isChecked()
        return self.width() < GIVE_WAY[1 if column == 1 else 2][1]

    def _on_part_chosen(self, index: QModelIndex) -> None:
        key = self.parts.rows[index.row()].key
        if isinstance(key, int):
            self.context.transport.seek(key)

    def _on_tab_changed(self, index: int) -> None:
        self.by = TABS[index][0]
        self.parts.show([])
        self.retranslate()
        self._ask()

    @override
    def retranslate(self) -> None:
        for i, (_, words) in enumerate(TABS):
            self.bar.setTabText(i, tr(words))
        self.table.setAccessibleName(tr("Figures of the line by order, product, hour or shift"))
        self.entries.setAccessibleName(tr("Orders and exceptions that were entered"))
        first = {By.ORDER: tr("Order"), By.PRODUCT: tr("Product"), By.HOUR: tr("Hour"), By.SHIFT: tr("Shift")}[self.by]
        good = tr("Good of planned") if self.by is By.ORDER else tr("Good")
        self.parts.set_heads((first, tr("Start"), tr("First piece"), good, tr("Scrap"), "A", "E", "Q", tr("OEE")))
        self.said.set_heads((tr("What"), tr("Unit"), "", tr("Start"), tr("End"), tr("Who"), tr("Said")))
        widest = (
            max(tr("Start"), "00:00 ", key=len), max(tr("First piece"), "00:00 ", key=len),
            max(tr("{good} of {planned}", good="000 000", planned="000 000"), tr("Good of planned"), key=len),
            max(tr("Scrap"), "00 000", key=len), "100.0 %", "100.0 %", "100.0 %", max(tr("too early to tell"), "100.0–100.0 %", key=len),
        )  # fmt: skip
        self.table.fit_columns("", *widest)
        self.entries.fit_columns(
            tr("Changeover"), tr("The whole line"), "", "00:00 ", tr("until further notice"), "00000000", "00-00 00:00 "
        )
        self.audit.setText(tr("All that was ever said"))
        self.audit.setToolTip(tr("Reasons of stops, corrections and undoings too, as they were said: nothing is ever taken out."))
        self.enter.setText(tr("Enter…"))
        self.correct.setText(tr("Correct…"))
        self.undo.setText(tr("Undo"))
        self.deeds.allow()
        if self.frame is not None and self.view is not None:
            self._write()
            self._show_head(self.frame)
            self._show_entries(self.frame)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for columns, least_px in GIVE_WAY:
            for column in columns:
                self.table.setColumnHidden(column, self.width() < least_px)
        for column in (1, 5, SAID_AT):
            self.entries.setColumnHidden(column, self._gives_way(column))

    @override
    def save(self) -> dict[str, object]:
        return {"by": str(self.by)}

    @override
    def restore(self, saved: dict[str, object]) -> None:
        found = next((i for i, (by, _) in enumerate(TABS) if str(by) == saved.get("by")), None)
        if found is not None:
            self.bar.setCurrentIndex(found)
