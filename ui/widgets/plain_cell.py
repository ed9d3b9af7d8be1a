"""A list's cell of words, painted as the style sheet has it at a sixth of what Qt takes: for lists that change several times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF
from PySide6.QtWidgets import QStyle

from ui.theme import mixed

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from ui.context import Theme

PAD_PX = 7
"""Left and right of the words: `padding` of the style sheet and the margin that every style adds."""
_SELECTED, _POINTED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_MouseOver.value
_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_SIDES = Qt.AlignmentFlag.AlignLeft | _LINE, Qt.AlignmentFlag.AlignRight | _LINE
"""Made once: joining flags takes longer than painting words."""


class PlainCell:
    """Paints cells in the theme there is; the two fonts are kept as long as the view's stays."""

    def __init__(self, theme: Theme) -> None:
        """Paint in a theme."""
        self._theme = theme
        self._font = QFont()
        self._written: tuple[tuple[QFont, QFontMetricsF], ...] = ()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, words: str, *, bold: bool = False, dim: bool = False, right: bool = False
    ) -> None:
        """Paint the ground of a selected row or one that is pointed at, then the words, shortened where they find no room."""
        palette, rect, state = self._theme.palette, QRectF(option.rect), option.state.value
        if state & _SELECTED:
            painter.fillRect(rect, mixed(palette.selection, palette.panel, 0.22))
        elif state & _POINTED:
            painter.fillRect(rect, mixed(palette.text, palette.raised, 0.07))
        if not words:
            return
        font, metrics = self._fonts(option.font)[bold]
        room = rect.adjusted(PAD_PX, 0, -PAD_PX, 0)
        painter.setFont(font)
        painter.setPen(QColor(palette.dim if dim else palette.text))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _SIDES[right], shown)

    def _fonts(self, font: QFont) -> tuple[tuple[QFont, QFontMetricsF], ...]:
        """Return the plain font and the bold one with what measures them."""
        if not self._written or font != self._font:
            self._font = QFont(font)
            plain, bold = QFont(font), QFont(font)
            bold.setWeight(QFont.Weight.DemiBold)
            self._written = tuple((each, QFontMetricsF(each)) for each in (plain, bold))
        return self._written
