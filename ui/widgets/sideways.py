"""A row that scrolls sideways where a narrow window has no room for it, and is only as high as it has to be. Not for wrapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

LEAST_PX = 120


class Sideways(QScrollArea):
    """Shows one widget; its scroll bar stands below it, where one is needed, and covers nothing."""

    def __init__(self, row: QWidget, parent: QWidget) -> None:
        """Show a row in its whole height."""
        super().__init__(parent)
        self._row = row
        self.setWidget(row)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        bar = self.horizontalScrollBar().sizeHint().height() if self._row.minimumSizeHint().width() > self.width() else 0
        return self._row.sizeHint() + QSize(0, bar)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_PX, self.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()
