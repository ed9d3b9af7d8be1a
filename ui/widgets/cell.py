"""One cell of the KPI strip: what it is, its figure, what stands beside it. Not for computing figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout
from typing_extensions import override

from ui.legibility import at_least
from ui.theme import set_role
from ui.widgets.labels import ElidedLabel, line_height

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget


LEFT_PX, SIDES_PX = 14, 24
"""Air at the left of the figure, and at both its sides."""


class Remark(QLabel):
    """One line of rich text whose height is its font's alone."""

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), line_height(self))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(10, self.sizeHint().height())


class KpiCell(QFrame):
    """Three lines: a dim title, a large figure, a dim remark. Its width is the strip's, never its text's.

    Signals:
        pressed(str): a person asks what the figure is made of; the cell's key.
    """

    pressed = Signal(str)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        """Start with dashes; `key` names the cell."""
        super().__init__(parent)
        self.setObjectName(key)
        self.setProperty("cell", "true")
        self.title = ElidedLabel(self, role="small")
        self.figure = ElidedLabel(self, role="figure")
        self.remark = Remark(self)
        self.remark.setTextFormat(Qt.TextFormat.RichText)
        set_role(self.remark, "small")
        layout = self._rows = QVBoxLayout(self)
        layout.setContentsMargins(LEFT_PX, 6, SIDES_PX - LEFT_PX, 7)
        layout.setSpacing(0)
        for label in (self.title, self.figure, self.remark):
            layout.addWidget(label)
        self._remark = ""
        self._enlarged = (0.0, 0.0, "")

    def enlarge(self, capital_px: float, small_px: float = 0.0, *, widest: str = "") -> None:
        """Write the figure with capitals of at least so many pixels, title and remark with smaller ones, and keep room for the widest figure.

        0 as every figure is written.
        """
        if (capital_px, small_px, widest) == self._enlarged:
            return
        self._enlarged = (capital_px, small_px, widest)
        for label, least_px in ((self.title, small_px), (self.figure, capital_px), (self.remark, small_px)):
            label.setStyleSheet("")
            written = at_least(label.font(), least_px)
            if written.pointSizeF() > label.font().pointSizeF():
                label.setStyleSheet(f"font-size: {written.pointSizeF():.2f}pt")
        room = QFontMetricsF(at_least(self.figure.font(), capital_px)).horizontalAdvance(widest)
        self.setMinimumWidth(round(room) + SIDES_PX if widest else 0)

    def shorten(self, *, short: bool) -> None:
        """Leave the remark out, or no longer: the tool tip tells it then."""
        self.remark.setHidden(short)
        above, below = (3, 3) if short else (6, 7)
        self._rows.setContentsMargins(LEFT_PX, above, SIDES_PX - LEFT_PX, below)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self.objectName())
        super().mouseReleaseEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # else the release goes to another widget

    def show_figure(self, figure: str, remark: str, *, whole: str = "") -> None:
        """Show a figure and a remark (rich text); `whole` is the sentence behind them, as the cell's tool tip."""
        self.figure.show_text(figure)
        if remark != self._remark:
            self._remark = remark
            self.remark.setText(remark)
        self.setToolTip(whole or remark)
