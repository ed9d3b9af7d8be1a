"""The row above the list: search, priorities, what waits, this machine. Not for filtering: see `entries`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLineEdit, QToolButton, QWidget
from typing_extensions import override

from twin_app.model.alarm_rule import PRIORITIES
from twin_app.text import tr
from ui.widgets.priority import paint_priority

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.context import Theme

BUTTON_PX = 26


class PriorityButton(QAbstractButton):
    """A priority's mark that may be switched off: then it is paler and crossed out."""

    def __init__(self, priority: int, theme: Theme, parent: QWidget) -> None:
        """Start switched on."""
        super().__init__(parent)
        self.priority, self._theme = priority, theme
        self.setCheckable(True)
        self.setChecked(True)
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(BUTTON_PX, BUTTON_PX)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        palette, painter = self._theme.palette, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isChecked() else 0.45)
        paint_priority(painter, QRectF(self.rect()).adjusted(4, 4, -4, -4), self.priority, palette, outlined=not self.isChecked())
        painter.setOpacity(1.0)
        if not self.isChecked():
            painter.setPen(QPen(QColor(palette.dim), 1.5))
            painter.drawLine(5, self.height() - 5, self.width() - 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.selection), 1.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)


class FilterBar(QWidget):
    """What a person wants to see.

    Signals:
        changed(): they want something else.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Start with everything wanted."""
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.priorities = [PriorityButton(priority, theme, self) for priority in PRIORITIES]
        self.waiting, self.this_unit = QToolButton(self), QToolButton(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.search, 1)
        for button in self.priorities:
            layout.addWidget(button)
            button.toggled.connect(self.changed)
        for tool in (self.waiting, self.this_unit):
            tool.setCheckable(True)
            layout.addWidget(tool)
            tool.toggled.connect(self.changed)
        self.search.textChanged.connect(self.changed)
        self.retranslate()

    @property
    def shown(self) -> frozenset[int]:
        """The priorities that are wanted."""
        return frozenset(button.priority for button in self.priorities if button.isChecked())

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.search.setPlaceholderText(tr("Search alarms"))
        self.search.setAccessibleName(tr("Search alarms"))
        self.waiting.setText("●")
        self.waiting.setToolTip(tr("Only what waits to be acknowledged"))
        self.this_unit.setText("◎")
        self.this_unit.setToolTip(tr("Only the selected machine"))
        for tool in (self.waiting, self.this_unit):
            tool.setAccessibleName(tool.toolTip())
        for button in self.priorities:
            button.setToolTip(tr("Priority {priority}", priority=button.priority))
            button.setAccessibleName(button.toolTip())
