"""A line as a tile: its name and mode, what ails it, OEE, output, its units' states, alarms. Painted in one go, read from across the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from twin_app.model.packml import Category, State
from twin_app.text import number, tr
from ui.overview.glance import Glance
from ui.palette import glyph, state_color
from ui.theme import font
from ui.widgets.priority import paint_priority

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from ui.context import Theme
    from ui.palette import Palette

PAD = 0.05
"""Of the tile's height, free at its sides."""
ROWS, WIDE = 10, 16
"""A tile is so many rows high; in a narrow one a row's letters are so much smaller that this many stand side by side."""
SAID = (0.85, 0.7, 0.55, 0.45)
"""Heights of a row in which it is written what ails a line: the first that finds room."""
EDGE_PX = 8
RADIUS_PX = 5
CHIP_GAP_PX = 3
WIDEST_CHIP = 1.6
"""A unit's mark is at most so many times as wide as high."""
LEAST_GLYPH_PX = 11
_SEEN_AS = {State.ABORTING: State.ABORTED, State.HOLDING: State.HELD, State.SUSPENDING: State.SUSPENDED}


class LineTile(QWidget):
    """Paints one `Glance`.

    Signals:
        chosen(): a person wants to see the line.
    """

    chosen = Signal()

    def __init__(self, number_: int, theme: Theme, parent: QWidget | None = None) -> None:
        """Start blank; `number_` is the key that opens the line, from 1."""
        super().__init__(parent)
        self._theme = theme
        self._number = number_
        self.glance = Glance("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_glance(self, glance: Glance) -> None:
        """Show a line as it is now; the same again paints nothing."""
        if glance == self.glance:
            return
        self.glance = glance
        said = glance.trouble or " ".join(filter(None, (glance.head, glance.rest)))
        self.setAccessibleName(" · ".join((glance.title, said, tr("OEE"), glance.oee)))
        self.setToolTip("\n".join(filter(None, (glance.title, said))))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, 260)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(220, 140)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    # -- painting -------------------------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette, seen = QPainter(self), self._theme.palette, self.glance
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(palette.selection if self.hasFocus() else palette.line), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(palette.raised))
        painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)
        if seen.priority:
            painter.fillRect(QRectF(1, RADIUS_PX, EDGE_PX, self.height() - 2 * RADIUS_PX), QColor(palette.priority[seen.priority - 1]))
        pad = max(min(self.height(), self.width()) * PAD, 8.0)
        inner = box.adjusted(pad + EDGE_PX / 2, pad * 0.8, -pad, -pad * 0.8)
        row = inner.height() / ROWS
        letters = min(row, inner.width() / WIDE)
        for paint, first, rows in (
            (self._paint_head, 0.0, 2.4),
            (self._paint_said, 2.5, 3.1),
            (self._paint_figures, 5.7, 2.4),
            (self._paint_states, 8.3, 1.7),
        ):
            if not seen.trouble or paint in {self._paint_head, self._paint_said}:
                high = rows if not seen.trouble or paint == self._paint_head else ROWS - first  # there is nothing else to tell
                paint(painter, QRectF(inner.left(), inner.top() + first * row, inner.width(), high * row), letters, palette)

    def _paint_head(self, painter: QPainter, box: QRectF, letters: float, palette: Palette) -> None:
        """Write number and name beside the counts of alarms, and below how what is shown relates to the plant, and when it is."""
        top = QRectF(box.left(), box.top(), box.width(), box.height() * 0.6)
        painter.setFont(_sized(letters * 0.62))
        right = self._paint_alarms(painter, QRectF(top), letters, palette)
        name = QRectF(top.left(), top.top(), right - top.left(), top.height())
        _write(painter, name, f"{self._number}  {self.glance.title}", _sized(letters * 0.95, bold=True), QColor(palette.text))
        when = " · ".join(filter(None, (self.glance.mode, self.glance.at)))
        below = QRectF(box.left(), top.bottom(), box.width(), box.height() * 0.4)
        _write(painter, below, when, _sized(letters * 0.52), QColor(palette.dim))

    def _paint_alarms(self, painter: QPainter, box: QRectF, letters: float, palette: Palette) -> float:
        """Paint the marks of the alarms with their counts, from the right; return where they begin."""
        size, metrics, x = letters * 0.8, QFontMetricsF(painter.font()), box.right()
        for priority in range(len(self.glance.alarms), 0, -1):
            count = self.glance.alarms[priority - 1]
            if not count:
                continue
            words = number(count)
            x -= metrics.horizontalAdvance(words)
            painter.setPen(QColor(palette.text))
            painter.drawText(QPointF(x, box.center().y() + metrics.capHeight() / 2), words)
            x -= size * 1.2
            paint_priority(painter, QRectF(x, box.center().y() - size / 2, size, size), priority, palette)
            x -= size * 0.5
        return x

    def _paint_said(self, painter: QPainter, box: QRectF, letters: float, palette: Palette) -> None:
        """Write what ails the line: large where something does."""
        seen = self.glance
        loud = bool(seen.priority or seen.trouble)
        head = seen.trouble or (seen.head.rstrip(".。") + tr(".") if seen.priority else seen.head)
        painter.setPen(QColor(palette.text if loud else palette.dim))
        wrapped, used = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), QRectF()
        for size in SAID if loud else SAID[1:]:  # the largest letters in which all of it is read
            painter.setFont(_sized(letters * size, bold=loud))
            used = painter.boundingRect(box, wrapped, head)
            if used.height() <= box.height():
                break
        painter.save()
        painter.setClipRect(box)
        painter.drawText(box, wrapped, head)
        below = QRectF(box.left(), min(used.bottom(), box.bottom()), box.width(), max(box.bottom() - used.bottom(), 0.0))
        painter.setFont(_sized(letters * 0.6))
        painter.setPen(QColor(palette.dim))
        if below.height() >= QFontMetricsF(painter.font()).height():
            painter.drawText(below, wrapped, seen.rest)
        painter.restore()

    def _paint_figures(self, painter: QPainter, box: QRectF, letters: float, palette: Palette) -> None:
        """Write OEE and output, each below its name."""
        seen, half = self.glance, box.width() / 2
        oee = tr("OEE") + (f" · {seen.blind}" if seen.blind else "")
        good = tr("Good of target") if "/" in seen.good else tr("Good")
        for i, (name, figure) in enumerate(((oee, seen.oee), (good, seen.good))):
            part = QRectF(box.left() + i * half, box.top(), half - letters * 0.5, box.height())
            above = QRectF(part.left(), part.top(), part.width(), part.height() * 0.36)
            _write(painter, above, name, _sized(letters * 0.52), QColor(palette.dim))
            below = QRectF(part.left(), above.bottom(), part.width(), part.height() * 0.64)
            _write(painter, below, figure, _fitting(figure, letters * 1.3, below.width()), QColor(palette.text))

    def _paint_states(self, painter: QPainter, box: QRectF, letters: float, palette: Palette) -> None:
        """Paint a mark a unit along the flow: grey where all is well, colour, height and a sign where not, hatched where nobody knows."""
        states = self.glance.states
        if not states:
            return
        box = QRectF(box.left(), box.bottom() - min(box.height(), letters * 1.7), box.width(), min(box.height(), letters * 1.7))
        wide = min((box.width() + CHIP_GAP_PX) / len(states) - CHIP_GAP_PX, box.height() * WIDEST_CHIP)
        for i, (state, category) in enumerate(states):
            blind = state is None or category is Category.BLIND
            calm = category in {Category.PRODUCTION, Category.WAITING} and not blind
            room = box.adjusted(0, box.height() * 0.3, 0, -box.height() * 0.3) if calm else box
            chip = QRectF(box.left() + i * (wide + CHIP_GAP_PX), room.top(), max(wide, 1.0), room.height())
            color = QColor(state_color(palette, state, category))
            if blind:
                painter.fillRect(chip, QColor(palette.panel))
                painter.fillRect(chip, _hatch(QColor(palette.dim)))
            else:
                painter.fillRect(chip, color)
            if not calm and wide >= LEAST_GLYPH_PX:
                painter.setFont(_sized(min(wide, chip.height()) * 0.6, bold=True))
                painter.setPen(QColor(palette.text if blind else palette.raised))
                painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, chip_glyph(state))


def chip_glyph(state: State | None) -> str:
    """Return a unit's sign where no word stands beside: what is about to stand has the sign that its colour has."""
    return glyph(_SEEN_AS.get(state, state) if state is not None else None)


def _hatch(color: QColor) -> QBrush:
    """Return what marks the unknown."""
    return QBrush(color, Qt.BrushStyle.BDiagPattern)


def _sized(height_px: float, *, bold: bool = False) -> QFont:
    """Return the application's font in letters so high."""
    made = font(10.0, bold=bold)
    made.setPixelSize(max(round(height_px), 9))
    return made


def _fitting(words: str, height_px: float, width_px: float) -> QFont:
    """Return letters so high, or as high as lets the words fit, but no lower than half."""
    made = _sized(height_px, bold=True)
    wide = QFontMetricsF(made).horizontalAdvance(words)
    return made if wide <= width_px else _sized(height_px * max(width_px / wide * 0.98, 0.5), bold=True)


def _write(painter: QPainter, box: QRectF, words: str, letters: QFont, color: QColor) -> None:
    """Write one line at the left, elided where it is too long."""
    painter.setFont(letters)
    painter.setPen(color)
    fits = QFontMetricsF(letters).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fits)
