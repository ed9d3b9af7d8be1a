"""What a person is asked before an alarm is acted on: a note, a reason, for how long. Not for acting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout

from twin_app.text import N_, duration, tr
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

SPANS_S = (600.0, 1800.0, 3600.0, 2 * 3600.0, 4 * 3600.0, 8 * 3600.0, 24 * 3600.0, 7 * 24 * 3600.0)
"""What is offered for a shelf, as far as the layout allows it."""
REASONS = (
    N_("Known, a fitter is on the way"), N_("The sensor is faulty"), N_("Work on the machine"), N_("Start-up or changeover"),
)  # fmt: skip
"""Reasons that are offered; any other may be typed."""
LEAST_WIDTH_PX = 380


class ReasonDialog(QDialog):
    """Asks for a note or a reason, and of a shelf for how long."""

    def __init__(self, title: str, about: Sequence[str], parent: QWidget, *, needed: bool, most_s: float = 0.0) -> None:
        """Ask about some alarms, named in words; `needed`: not without a reason; `most_s` above 0: how long it is to last at most."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(LEAST_WIDTH_PX)
        self._needed = needed
        layout = QVBoxLayout(self)
        shown = QLabel("\n".join(about), self)
        shown.setWordWrap(True)
        set_role(shown, "bold")
        layout.addWidget(shown)
        self.reason = QComboBox(self)
        self.reason.setEditable(True)
        self.reason.addItems([tr(reason) for reason in REASONS] if needed else [])
        self.reason.setCurrentText("")
        edit = self.reason.lineEdit()
        if isinstance(edit, QLineEdit):
            edit.setPlaceholderText(tr("Reason") if needed else tr("Note"))
            self.reason.setAccessibleName(edit.placeholderText())
            edit.setMaxLength(500)
        layout.addWidget(self.reason)
        self.span = QComboBox(self)
        for span_s in SPANS_S:
            if span_s <= most_s:
                self.span.addItem(tr("for {span}", span=duration(span_s)), span_s)
        if most_s and not self.span.count():
            self.span.addItem(tr("for {span}", span=duration(most_s)), most_s)
        self.span.setAccessibleName(tr("For how long"))
        self.span.setVisible(most_s > 0)
        self.once = QCheckBox(tr("Once: ends when the alarm clears"), self)
        self.once.setVisible(most_s > 0)
        layout.addWidget(self.span)
        layout.addWidget(self.once)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(title)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("Cancel"))
        layout.addWidget(buttons)
        self.reason.currentTextChanged.connect(self._on_reason_changed)
        self._on_reason_changed(self.note)

    @property
    def note(self) -> str:
        """What was written."""
        return self.reason.currentText().strip()

    @property
    def lasts_s(self) -> float:
        """For how long it is to last, seconds; 0 where that was not asked."""
        return float(self.span.currentData() or 0.0)

    def _on_reason_changed(self, text: str) -> None:
        """Allow it once there is a reason."""
        self.ok.setEnabled(bool(text.strip()) or not self._needed)
