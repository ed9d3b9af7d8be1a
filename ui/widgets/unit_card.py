"""A unit on one card: name, state as glyph, word and colour, rate beside the ideal, OEE. Normal is quiet, abnormal is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from twin_app.model.alarm import UnitAlarms
from ui.legibility import at_least
from ui.theme import font
from ui.widgets.blink import Blink
from ui.widgets.priority import paint_unit_alarms, unit_alarms_words

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from ui.context import Theme

PAD_PX = 9.0
GAP_PX = 8.0
MARK_PX = 18.0
"""Room of an alarm's mark in the corner."""
STRIPE_PX = 7
FULL, COMPACT, TINY = 3, 2, 1
"""Rows a card is written in: name, state, rate; name and rate; the name alone."""
LEADING = 1.22
"""Height of a row in line heights."""
MARK_PX = 17.0
CONDENSED = 82
"""Width of letters in per cent where a word would not fit otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """What a card shows, worded. `color` is the state's, empty for the quiet normal; `loud`: the card itself needs a person."""

    title: str = ""
    glyph: str = ""
    state: str = ""
    notes: tuple[str, ...] = ()
    """What of the state the machine did not tell itself, for the tip."""
    since: str = ""
    rate: str = ""
    ideal: str = ""
    """What stands dim behind the rate: `of 42/min`."""
    per: str = ""
    """What stands there instead where there is no room for it: `/min`."""
    oee: str = ""
    parts: str = ""
    """How many it has made in the shift, with what it counts."""
    reason: str = ""
    """Why it stands, where that is known."""
    color: str = ""
    loud: bool = False
    blind: bool = False
    selected: bool = False
    alarms: UnitAlarms | None = None
    """What is marked of its alarms; None: it has none."""


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
        self._rows = FULL
        self._capital = 0.0
        self._drawn: QPixmap | None = None
        """All but the mark that blinks, as long as it stays so."""
        self._blink = Blink(self)
        self._blink.beaten.connect(self._on_beaten)
        self.setObjectName(f"card-{unit}")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.draw_anew)

    @property
    def face(self) -> CardFace:
        """What is shown now."""
        return self._face

    def show_face(self, face: CardFace) -> None:
        """Show another face; the same again paints nothing."""
        before, self._face = self._face, face
        if face == before:
            return
        self._blink.want(face.alarms is not None and face.alarms.unacknowledged)
        state = ", ".join(filter(None, (face.state, face.since, face.reason)))
        figures = " · ".join(filter(None, (f"{face.rate} {face.ideal}".strip(), face.parts, face.oee)))
        alarms = unit_alarms_words(face.alarms)
        self.setAccessibleName(", ".join(filter(None, (face.title, state, *face.notes, figures, alarms))))
        self.setToolTip("\n".join(filter(None, (f"{face.title}: {face.glyph} {state}", *face.notes, figures, alarms))))
        if (face.alarms is None) is (before.alarms is None) and face == replace(before, alarms=face.alarms):
            self._on_beaten()
        else:
            self.draw_anew()

    def draw_anew(self) -> None:
        """Draw the whole card again, once it is seen."""
        self._drawn = None
        self.update()

    def _on_beaten(self) -> None:
        """Paint the mark that blinks, and nothing else."""
        self.update(self._mark_rect().toAlignedRect())

    def write_in(self, rows: int, capital_px: float) -> None:
        """Write in so many rows; a loud card of the full size has capitals of at least `capital_px`."""
        if (rows, capital_px) != (self._rows, self._capital):
            self._rows, self._capital = rows, capital_px
            self.updateGeometry()
            self.draw_anew()

    def _loud_font(self) -> QFont:
        """Return the font a loud card's name and state are written in."""
        bold = font(self.font().pointSizeF() * 1.15, bold=True)
        if self._rows == TINY:
            return font(self.font().pointSizeF(), bold=True)
        return at_least(bold if self._rows == FULL else font(self.font().pointSizeF(), bold=True), self._capital)

    def loud_width(self) -> float:
        """Return the width in which the name finds room beside its sign in the letters of a loud card."""
        metrics = QFontMetricsF(self._loud_font())
        signs = metrics.horizontalAdvance(self._face.glyph) + 2 * GAP_PX
        name, state = (metrics.horizontalAdvance(words) for words in (self._face.title, self._face.state))
        words = name + state + GAP_PX if self._rows == COMPACT else max(name, state - signs - MARK_PX)
        return words + signs + MARK_PX + 2 * PAD_PX + 6

    @override
    def sizeHint(self) -> QSize:
        line = QFontMetricsF(self.font()).height()
        if self._rows == FULL:
            loud = QFontMetricsF(self._loud_font()).height()
            return QSize(150, round(max((FULL + 1) * line + 2, 2 * loud + line * LEADING) + 2 * PAD_PX))
        if self._rows == TINY:
            return QSize(120, round(line * LEADING + PAD_PX / 2))
        loud = QFontMetricsF(self._loud_font()).height()
        return QSize(120, round(max(COMPACT * line * LEADING, loud + line) + PAD_PX))

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
        self.draw_anew()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.draw_anew()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.LanguageChange}:
            self.draw_anew()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        wanted = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._drawn is None or self._drawn.size() != wanted or self._drawn.devicePixelRatio() != ratio:
            self._drawn = self._draw(wanted, ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        if self._face.alarms:
            paint_unit_alarms(painter, self._mark_rect(), self._face.alarms, self._theme.palette, dark=self._blink.dark)

    def _draw(self, size: QSize, ratio: float) -> QPixmap:
        """Return the card without the mark of its alarms, on the window's ground."""
        drawn = QPixmap(size)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(QColor(self._theme.palette.window))
        painter = QPainter(drawn)
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_words(painter)
        painter.end()
        return drawn

    def _paint_ground(self, painter: QPainter) -> None:
        """Paint the card, hatched while nobody knows, framed while it needs a person or is selected."""
        face, palette = self._face, self._theme.palette
        marked = face.selected or self.hasFocus()
        width = 2.0 if face.loud or marked else 1.0
        rect = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.panel if face.blind else palette.raised))
        painter.drawRoundedRect(rect, 4, 4)
        if face.blind:  # nobody knows what is true of this unit
            painter.setBrushOrigin(0, self.height() % STRIPE_PX)
            painter.fillRect(rect.toAlignedRect().adjusted(1, 1, -1, -1), _hatching(palette.line))
        edge = face.color if face.loud else palette.selection if marked else palette.line
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 4, 4)
        if marked and face.loud:  # the alarm's colour keeps the edge, the selection stands inside it
            painter.setPen(QPen(QColor(palette.selection), 1.5))
            painter.drawRoundedRect(rect.adjusted(3, 3, -3, -3), 2, 2)

    def _mark_rect(self) -> QRectF:
        """Return where the mark of its alarms stands: the upper right corner."""
        size = min(MARK_PX, self.height() - 4)
        return QRectF(self.width() - size - 5, min(5.0, (self.height() - size) / 2), size, size)

    @property
    def _mark_px(self) -> float:
        """The room that the mark takes from the name."""
        return self._mark_rect().width() + 2 if self._face.alarms else 0.0

    def _paint_words(self, painter: QPainter) -> None:
        """Write the card's rows; what is loud in large letters."""
        face, palette = self._face, self._theme.palette
        points = self.font().pointSizeF()
        text, dim = QColor(palette.text), QColor(palette.dim)
        accent = QColor(face.color) if face.color else dim if face.blind else text
        plain, bold, small = font(points), font(points, bold=True), font(points * 0.94)
        if self._rows == FULL and not face.loud:
            self._paint_quiet(painter)
            return
        loud = self._loud_font() if face.loud else None
        state = loud or font(points, bold=bool(face.color))
        sign = (face.glyph, QColor(face.color or palette.dim), state)
        rows = self._row_rects(loud)
        rows[0].setRight(rows[0].right() - self._mark_px)
        name = [(face.title, accent if loud and self._rows == TINY else text, loud or bold)]
        if loud and self._rows == COMPACT:  # name and state in one row, so that both are read from afar; the name gives way
            said = (face.state, accent, loud)
            left = rows[0].width() - _advance(said) - _advance(sign) - GAP_PX - 8
            written = QFont(loud)
            if QFontMetricsF(loud).horizontalAdvance(face.title) > left:
                written.setStretch(CONDENSED)
            name = [(QFontMetricsF(written).elidedText(face.title, Qt.TextElideMode.ElideRight, left), text, written), said]
        self._write_row(painter, rows[0], name, sign, shorten=True)
        if self._rows == FULL:
            since = (face.since, text if face.loud else dim, small)
            self._write_row(painter, rows[1], [(face.state, accent, state)], ("", dim, small) if loud else since)
        if self._rows > TINY:
            room = self.width() - 2 * PAD_PX - 6 - QFontMetricsF(plain).horizontalAdvance(face.rate + face.ideal)
            ideal = face.ideal if room >= 0 else face.per
            rate = [(face.rate, dim if face.blind else text, plain), (ideal, dim, plain)]
            if face.loud:
                rate = [(" · ".join(filter(None, (face.since, face.reason))), text, bold)]
            self._write_row(painter, rows[-1], rate, (face.oee if self._rows == FULL else "", dim, small))

    def _paint_quiet(self, painter: QPainter) -> None:
        """Write a full card that needs nobody: the name over two lines where it must, state and rate below."""
        face, palette = self._face, self._theme.palette
        points = self.font().pointSizeF()
        text, dim = QColor(palette.text), QColor(palette.dim)
        plain, bold, small = font(points), font(points, bold=True), font(points * 0.94)
        line = QFontMetricsF(plain).height()
        room = QRectF(PAD_PX - 2, PAD_PX - 3, self.width() - 2 * PAD_PX + 4, self.height() - 2 * PAD_PX + 6)
        used = _write_name(painter, QRectF(room.left(), room.top(), room.width() - self._mark_px, 2 * line), face.title, bold, text)
        parts = QRectF(room.left(), room.bottom() - 3 * line - 4, room.width(), line)
        if parts.top() >= room.top() + used:
            self._write_row(painter, parts, [(face.parts, dim, small)], ("", dim, small))
        accent = QColor(face.color) if face.color else dim if face.blind else text
        state = QRectF(room.left(), room.bottom() - 2 * line - 2, room.width(), line)
        sign = (face.glyph, QColor(face.color or palette.dim), plain)
        word = (face.state, accent, font(points, bold=bool(face.color)))
        both = _advance(sign) + _advance(word) + 8 <= room.width()  # the word alone says it, where there is room for one of the two
        self._write_row(painter, state, [sign, word] if both else [word], (face.since, dim, small))
        rate = QRectF(room.left(), room.bottom() - line, room.width(), line)
        if QFontMetricsF(plain).horizontalAdvance(face.rate + face.ideal) > room.width() - GAP_PX:
            plain.setStretch(CONDENSED)
        wide = room.width() - QFontMetricsF(plain).horizontalAdvance(face.rate + face.ideal) >= GAP_PX / 2
        runs = [(face.rate, dim if face.blind else text, plain), (face.ideal if wide else face.per, dim, plain)]
        self._write_row(painter, rate, runs, (face.oee, dim, small))

    def _row_rects(self, loud: QFont | None) -> list[QRectF]:
        """Return where the rows stand, from the top; the large ones are as high as they are written."""
        pad = PAD_PX if self._rows == FULL else PAD_PX / 2 if self._rows == COMPACT else 2.0
        room = self.height() - 2 * pad
        last = room / self._rows
        if loud is not None and self._rows > TINY:
            last = room - (self._rows - 1) * QFontMetricsF(loud).height()
        height = (room - last) / (self._rows - 1) if self._rows > 1 else room
        heights = [height] * (self._rows - 1) + [last]
        tops = [pad + sum(heights[:row]) for row in range(self._rows)]
        return [QRectF(PAD_PX + 1, top, self.width() - 2 * PAD_PX - 2, h) for top, h in zip(tops, heights, strict=True)]

    def _write_row(self, painter: QPainter, rect: QRectF, left: list[_Run], right: _Run, *, shorten: bool = False) -> None:
        """Write runs from the left and one at the right; what finds no room is left out, the right first; a name is shortened instead."""
        aligned = Qt.AlignmentFlag.AlignVCenter
        room, widths, last = rect.width(), [_advance(run) for run in left], _advance(right)
        if shorten or sum(widths) + 4 * len(left) + GAP_PX + last <= room:
            if right[0]:
                painter.setFont(right[2])
                painter.setPen(right[1])
                painter.drawText(rect, aligned | Qt.AlignmentFlag.AlignRight, right[0])
            room -= last + GAP_PX
        for number, (wanted, (words, color, written)) in enumerate(zip(widths, left, strict=True)):
            if number and wanted > room:
                return
            if wanted > room:
                written.setStretch(CONDENSED)
                # of many alike the end tells them apart, `Packer 38`
                mode = Qt.TextElideMode.ElideMiddle if self._rows == TINY else Qt.TextElideMode.ElideRight
                words = QFontMetricsF(written).elidedText(words, mode, room)  # noqa: PLW2901 - as much of it as there is room for
            painter.setFont(written)
            painter.setPen(color)
            painter.drawText(rect, aligned | Qt.AlignmentFlag.AlignLeft, words)
            rect.setLeft(rect.left() + wanted + 4)
            room -= wanted + 4


_Run = tuple[str, QColor, QFont]


def _write_name(painter: QPainter, rect: QRectF, name: str, written: QFont, color: QColor) -> float:
    """Write a name over at most two lines, condensed where one of its words is too long, shortened where that is not enough; return its height."""
    metrics = QFontMetricsF(written)
    first, _, second = name.rpartition(" ") if metrics.horizontalAdvance(name) > rect.width() else (name, "", "")
    lines = [line for line in (first, second) if line]
    if any(metrics.horizontalAdvance(line) > rect.width() for line in lines):
        written.setStretch(CONDENSED)
        metrics = QFontMetricsF(written)
    painter.setFont(written)
    painter.setPen(color)
    for number, line in enumerate(lines):
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, rect.width())
        row = QRectF(rect.left(), rect.top() + number * rect.height() / 2, rect.width(), rect.height() / 2)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    return len(lines) * rect.height() / 2


@lru_cache(maxsize=4)
def _hatching(color: str) -> QBrush:
    """Return slanted stripes that fill a card."""
    tile = QPixmap(STRIPE_PX, STRIPE_PX)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(color), 1.5))
    for x in (-STRIPE_PX, 0, STRIPE_PX):
        painter.drawLine(QPointF(x, STRIPE_PX), QPointF(x + STRIPE_PX, 0))
    painter.end()
    return QBrush(tile)


def _advance(run: _Run) -> float:
    """Return how wide a run of text is."""
    return QFontMetricsF(run[2]).horizontalAdvance(run[0]) if run[0] else 0.0
