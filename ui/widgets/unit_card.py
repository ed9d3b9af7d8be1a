"""A unit on one card: name, state as glyph, word and colour, rate beside the ideal, OEE. Normal is quiet, abnormal is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.theme import font

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from ui.context import Theme

PAD_PX = 9.0
GAP_PX = 8.0
STRIPE_PX = 7
ROWS = 3
LEADING = 1.22
"""Height of a row in line heights."""
CONDENSED = 82
"""Width of letters in per cent where a word would not fit otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """What a card shows, worded. `color` is the state's, empty for the quiet normal; `loud`: the card itself needs a person."""

    title: str = ""
    glyph: str = ""
    state: str = ""
    since: str = ""
    rate: str = ""
    ideal: str = ""
    """What stands dim behind the rate: `of 42/min`."""
    per: str = ""
    """What stands there instead where there is no room for it: `/min`."""
    oee: str = ""
    color: str = ""
    loud: bool = False
    blind: bool = False
    selected: bool = False


class UnitCard(QWidget):
    """Paints one `CardFace` and tells when it was chosen.

    Signals:
        chosen(str): a person clicked the card or pressed Enter on it; the unit's id.
    """

    chosen = Signal(str)

    def __init__(self, unit: str, theme: Theme, parent: QWidget | None = None) -> None:
        """Start blank, for one unit."""
        super().__init__(parent)
        self.unit = unit
        self._theme = theme
        self._face = CardFace()
        self.setObjectName(f"card-{unit}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def face(self) -> CardFace:
        """What is shown now."""
        return self._face

    def show_face(self, face: CardFace) -> None:
        """Show another face; the same again paints nothing."""
        if face == self._face:
            return
        self._face = face
        state = ", ".join(filter(None, (face.state, face.since)))
        figures = " · ".join(filter(None, (f"{face.rate} {face.ideal}".strip(), face.oee)))
        self.setAccessibleName(", ".join(filter(None, (face.title, state, figures))))
        self.setToolTip("\n".join(filter(None, (f"{face.title}: {face.glyph} {state}", figures))))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        line = QFontMetricsF(self.font()).height()
        return QSize(150, round(ROWS * line * LEADING + 2 * PAD_PX))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(84, self.sizeHint().height())

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(self.unit)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.chosen.emit(self.unit)
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_words(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        """Paint the card, hatched while nobody knows, framed while it needs a person or is selected."""
        face, palette = self._face, self._theme.palette
        marked = face.selected or self.hasFocus()
        width = 2.0 if face.loud or marked else 1.0
        rect = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.panel if face.blind else palette.raised))
        painter.drawRoundedRect(rect, 4, 4)
        if face.blind:
            self._hatch(painter, rect)
        edge = face.color if face.loud else palette.selection if marked else palette.line
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 4, 4)
        if marked and face.loud:  # the alarm's colour keeps the edge, the selection stands inside it
            painter.setPen(QPen(QColor(palette.selection), 1.5))
            painter.drawRoundedRect(rect.adjusted(3, 3, -3, -3), 2, 2)

    def _hatch(self, painter: QPainter, rect: QRectF) -> None:
        """Hatch the card: nobody knows what is true of this unit."""
        painter.save()
        painter.setClipRect(rect)
        painter.setPen(QPen(QColor(self._theme.palette.line), 1.5))
        for x in range(-self.height(), self.width(), STRIPE_PX):
            painter.drawLine(QPointF(x, self.height()), QPointF(x + self.height(), 0))
        painter.restore()

    def _paint_words(self, painter: QPainter) -> None:
        """Write three rows: name and glyph; state and since when; rate and OEE."""
        face, palette = self._face, self._theme.palette
        points = self.font().pointSizeF()
        text, dim = QColor(palette.text), QColor(palette.dim)
        accent = QColor(face.color) if face.color else dim if face.blind else text
        plain, bold, small = font(points), font(points, bold=True), font(points * 0.94)
        big = font(points * 1.15, bold=True) if face.loud else font(points, bold=bool(face.color))
        self._write_row(painter, 0, [(face.title, text, bold)], (face.glyph, QColor(face.color or palette.dim), big))
        self._write_row(painter, 1, [(face.state, accent, big)], (face.since, text if face.loud else dim, plain if face.loud else small))
        room = self.width() - 2 * PAD_PX - 6 - QFontMetricsF(plain).horizontalAdvance(face.rate + face.ideal)
        ideal = face.ideal if room >= 0 else face.per
        self._write_row(painter, 2, [(face.rate, dim if face.blind else text, plain), (ideal, dim, plain)], (face.oee, dim, small))

    def _write_row(self, painter: QPainter, row: int, left: list[_Run], right: _Run) -> None:
        """Write runs from the left and one at the right; what finds no room is left out, the right first; a name is shortened instead."""
        line = (self.height() - 2 * PAD_PX) / ROWS
        rect = QRectF(PAD_PX + 1, PAD_PX + row * line, self.width() - 2 * PAD_PX - 2, line)
        aligned = Qt.AlignmentFlag.AlignVCenter
        wanted = sum(_advance(run) + 4 for run in left)
        room = rect.width()
        if row == 0 or wanted + GAP_PX + _advance(right) <= room:
            painter.setFont(right[2])
            painter.setPen(right[1])
            painter.drawText(rect, aligned | Qt.AlignmentFlag.AlignRight, right[0])
            room -= _advance(right) + GAP_PX
        for number, (words, color, written) in enumerate(left):
            wanted = _advance((words, color, written))
            if number and wanted > room:
                return
            if wanted > room:
                written.setStretch(CONDENSED)
            painter.setFont(written)
            painter.setPen(color)
            shown = QFontMetricsF(written).elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(rect, aligned | Qt.AlignmentFlag.AlignLeft, shown)
            rect.setLeft(rect.left() + wanted + 4)
            room -= wanted + 4


_Run = tuple[str, QColor, QFont]


def _advance(run: _Run) -> float:
    """Return how wide a run of text is."""
    return QFontMetricsF(run[2]).horizontalAdvance(run[0])
