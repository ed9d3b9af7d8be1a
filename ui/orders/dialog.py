"""What a person is asked for an entry: what, of which unit, from when to when. Not for keeping it: see `deeds`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout

from twin_app.errors import TwinError, UsageError
from twin_app.model.entry import KIND_WORDS, Entry, EntryKind
from twin_app.text import N_, clock_time, tr
from ui.theme import set_role
from ui.timeline.entry import parse

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from twin_app.model.equipment import Line
    from twin_app.model.historian import Span

LEAST_WIDTH_PX = 420


class EntryDialog(QDialog):
    """Asks for one entry; Enter is enough where what stands there is right."""

    def __init__(self, line: Line, entry: Entry, span: Span, parent: QWidget, *, fresh: bool) -> None:
        """Ask about `entry` as it stands; `span` is what is known of the line, `fresh` whether it was not said before."""
        super().__init__(parent)
        self._line, self._entry, self._span = line, entry, span
        self.setWindowTitle(tr("Enter") if fresh else tr("Correct"))
        self.setMinimumWidth(LEAST_WIDTH_PX)
        self.kind = self._choices([(kind, tr(words)) for kind, words in KIND_WORDS.items() if kind is not EntryKind.REASON], entry.kind)
        self.kind.setEnabled(fresh)
        self.unit = self._choices([("", tr("The whole line")), *((unit.id, unit.title) for unit in line.units)], entry.unit)
        self.order = QLineEdit(entry.order, self)
        self.product = self._choices([("", tr("as the machines tell")), *((one.id, one.title) for one in line.products)], entry.product)
        self.quantity = QLineEdit("" if entry.quantity is None else f"{entry.quantity:.15g}", self)
        self.quantity.setPlaceholderText(tr("no plan"))
        self.start = QLineEdit(clock_time(entry.start_ns, line.tz, date=True), self)
        self.end = QLineEdit("" if entry.end_ns is None else clock_time(entry.end_ns, line.tz, date=True), self)
        self.end.setPlaceholderText(tr("until further notice"))
        self.note = QLineEdit(entry.note, self)
        self.wrong = QLabel(self)
        self.wrong.setWordWrap(True)
        set_role(self.wrong, "warning")
        self._lay_out()
        self._show_fields()
        (self.order if entry.kind is EntryKind.ORDER else self.product if entry.kind is EntryKind.PRODUCT else self.start).setFocus()

    def _lay_out(self) -> None:
        form = QFormLayout()
        planned = tr("Planned ({unit})", unit=self._line.unit_of_count) if self._line.unit_of_count else tr("Planned")
        rows = (
            (tr("What"), self.kind), (tr("Unit"), self.unit), (tr("Order"), self.order), (tr("Product"), self.product), (planned, self.quantity),
            (tr("Start"), self.start), (tr("End"), self.end), (tr("Note"), self.note),
        )  # fmt: skip
        for name, field in rows:
            form.addRow(name, field)
        self._form = form
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.windowTitle())
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("Cancel"))
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.addLayout(form)
        whole.addWidget(self.wrong)
        whole.addWidget(buttons)
        self.wrong.hide()
        self.kind.currentIndexChanged.connect(self._show_fields)

    def _choices(self, choices: list[tuple[str, str]], chosen: str) -> QComboBox:
        box = QComboBox(self)
        for value, words in choices:
            box.addItem(words, value)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        return box

    def _show_fields(self) -> None:
        """Show what the kind asks for."""
        kind = EntryKind(self.kind.currentData())
        self._form.setRowVisible(self.order, kind is EntryKind.ORDER)
        self._form.setRowVisible(self.quantity, kind is EntryKind.ORDER)
        self._form.setRowVisible(self.product, kind.of_work)

    def entry(self) -> Entry:
        """Return what is asked for; raises UsageError where something typed is no time or no number."""
        kind = EntryKind(self.kind.currentData())
        return replace(
            self._entry, kind=kind, unit=self.unit.currentData(), start_ns=self._instant(self.start.text()),
            end_ns=self._instant(self.end.text()) if self.end.text().strip() else None, note=self.note.text(),
            order=self.order.text() if kind is EntryKind.ORDER else "", product=self.product.currentData() if kind.of_work else "",
            quantity=self._number() if kind is EntryKind.ORDER else None,
        )  # fmt: skip

    def _instant(self, typed: str) -> int:
        return parse(typed, at_ns=self._entry.start_ns, span=self._span, zone=self._line.tz)

    def _number(self) -> float | None:
        typed = "".join(self.quantity.text().split())
        if not typed:
            return None
        try:
            return float(typed)
        except ValueError:
            raise UsageError(N_("“{typed}” is not a number."), typed=typed[:40]) from None

    def _on_accepted(self) -> None:
        """Take it, or say what is wrong."""
        try:
            self.entry()
        except TwinError as error:
            self.wrong.setText(error.worded())
            self.wrong.show()
            return
        self.accept()
