"""Labels whose neighbours never jump: widths only grow, long texts give way in the middle. Not for editing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy
from typing_extensions import override

from ui.theme import set_role

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget


def line_height(label: QLabel) -> int:
    """Return the height of one line by the font alone: a fallback font for a single character would make the row jump."""
    return label.fontMetrics().height() + 2


class SteadyLabel(QLabel):
    """A label that never gets narrower while the same thing is shown, so that changing digits move nothing."""

    def __init__(self, parent: QWidget | None = None, *, role: str = "") -> None:
        """Start empty, written in a role of the theme."""
        super().__init__(parent)
        self._widest = 0
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            set_role(self, role)

    def show_text(self, text: str) -> None:
        """Show a text; the same again costs nothing."""
        if text != self.text():
            self.setText(text)

    def settle(self) -> None:
        """Forget the widest text: another line, language or size is shown from now on."""
        self._widest = 0
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        self._widest = max(self._widest, hint.width())
        return QSize(self._widest, line_height(self))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() in {event.Type.FontChange, event.Type.StyleChange}:
            self._widest = 0
        super().changeEvent(event)


class ElidedLabel(QLabel):
    """A label that takes the room there is and shortens its text with an ellipsis; the whole text is its tool tip."""

    def __init__(self, parent: QWidget | None = None, *, role: str = "") -> None:
        """Start empty, written in a role of the theme."""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            set_role(self, role)

    def show_text(self, text: str) -> None:
        """Show a text; the same again costs nothing."""
        if text != self.text():
            self.setText(text)
            self.setToolTip(text)

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), line_height(self))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, line_height(self))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), shown)
