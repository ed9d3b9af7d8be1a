"""The mode badge and the frame round the window: nobody takes what is not live for live. Not for deciding the mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from twin_app.model.frame import Mode
from ui.theme import font

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.context import Theme

BORDER_PX = 4


class ModeBadge(QWidget):
    """A filled lozenge with the mode's words: grey while live, the selection's blue while not; outlined in look-back."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        """Start with no line open."""
        super().__init__(parent)
        self._theme = theme
        self._mode = Mode.EMPTY
        self._words = ""
        self._widest = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_mode(self, mode: Mode, words: str) -> None:
        """Show a mode; the badge keeps its width while the mode stays."""
        if (mode, words) == (self._mode, self._words):
            return
        if mode is not self._mode:
            self._widest = 0
        self._mode, self._words = mode, words
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        """The words shown."""
        return self._words

    @override
    def sizeHint(self) -> QSize:
        measured = QFontMetrics(self._bold())
        self._widest = max(self._widest, measured.horizontalAdvance(self._words) + 20)
        return QSize(self._widest, measured.height() + 6)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        fill = QColor(palette.stopped if self._mode in {Mode.LIVE, Mode.EMPTY} else palette.selection)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._bold())
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        hollow = self._mode is Mode.LOOK_BACK
        painter.setPen(QPen(fill, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else fill)
        painter.drawRoundedRect(rect, 4, 4)
        painter.setPen(fill if hollow else QColor("#FFFFFF" if palette.name == "light" else palette.window))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._words)

    def _bold(self) -> QFont:
        """Return the badge's font, in the size the theme gave."""
        return font(self.font().pointSizeF(), bold=True)


class ModeFrame(QWidget):
    """The window's content with a border always reserved, coloured whenever what is shown is not live.

    Solid for a replay or the sample, striped in look-back: then a live plant goes on behind what is seen.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        """Start without colour."""
        super().__init__(parent)
        self._theme = theme
        self._mode = Mode.EMPTY
        theme.changed.connect(self.update)

    @property
    def mode(self) -> Mode:
        """The mode the border stands for."""
        return self._mode

    def show_mode(self, mode: Mode) -> None:
        """Paint the border of a mode."""
        if mode is not self._mode:
            self._mode = mode
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette.window))
        if self._mode in {Mode.LIVE, Mode.EMPTY}:
            return
        color = QColor(palette.selection)
        brush = QBrush(color, Qt.BrushStyle.BDiagPattern) if self._mode is Mode.LOOK_BACK else QBrush(color)
        w, h, b = self.width(), self.height(), BORDER_PX
        for rect in ((0, 0, w, b), (0, h - b, w, b), (0, b, b, h - 2 * b), (w - b, b, b, h - 2 * b)):
            painter.fillRect(*rect, brush)
