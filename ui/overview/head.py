"""Whose page is shown on a wall: the line's name, how what is shown relates to the plant, its alarms, its time. Not for its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from twin_app.text import clock_time, offset_name
from ui.theme import set_role
from ui.widgets.alarm_counts import AlarmCounts
from ui.widgets.badge import ModeBadge
from ui.widgets.labels import ElidedLabel, SteadyLabel
from ui.words import mode_word

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from ui.context import Theme


class PageHead(QFrame):
    """One row, and below it why the line cannot be shown, where that is so."""

    def __init__(self, number: int, title: str, theme: Theme, parent: QWidget) -> None:
        """Name a line that is not open yet; `number` is the key that shows it, from 1."""
        super().__init__(parent)
        self.setObjectName("topBar")
        self._number = number
        self.title, self.badge, self.alarms = ElidedLabel(self, role="figure"), ModeBadge(theme, self), AlarmCounts(theme, self)
        self.time = SteadyLabel(self, role="figure")
        self.trouble = QLabel(self)
        self.trouble.setWordWrap(True)
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.trouble, "alarm1")
        row = QHBoxLayout()
        row.setSpacing(14)
        for part in (self.title, self.badge, self.alarms, self.time):
            row.addWidget(part, 1 if part is self.title else 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 14, 6)
        column.addLayout(row)
        column.addWidget(self.trouble)
        self.badge.hide()
        self.show_trouble(title, "")

    def show_trouble(self, title: str, trouble: str) -> None:
        """Name the line, and say why it cannot be shown."""
        self.title.show_text(f"{self._number}  {title}")
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))

    def show_frame(self, line: Line, frame: Frame) -> None:
        """Show mode, alarms and the playhead's time."""
        self.badge.setVisible(True)
        self.badge.show_mode(frame.mode, mode_word(frame))
        self.alarms.show_alarms(frame.alarms, muted=False)
        if frame.span is not None:
            self.time.show_text(f"{clock_time(frame.at_ns, line.tz)}  {offset_name(frame.at_ns, line.tz)}")

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.alarms.retranslate()
