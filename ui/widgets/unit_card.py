"""A unit on one card: name, state as glyph, word and colour, rate beside the ideal, OEE. Normal is quiet, abnormal is not."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.legibility import at_least
from ui.strip.plan import COMPACT, FULL
from ui.theme import font
from ui.widgets.blink import Blink
from ui.widgets.card_face import CardFace
from ui.widgets.card_words import CONDENSED, GAP_PX, advance, condensed, first_fitting, fitted, write_name, write_row
from ui.widgets.priority import paint_unit_alarms, unit_alarms_words
from ui.words import of_ideal

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from ui.context import Theme

PAD_PX = 9.0
MARK_PX = 17.0
"""Room of an alarm's mark in the corner."""
STRIPE_PX = 7
STACK_PX = 3.0
"""So much of the card behind it is seen of a group."""
TOLD_EM = 5.5
"""So many heights of its letters wide the name of a failed unit is written at least, or whole."""
RATED = 888
"""A rate that a card has room for beside its ideal."""
LINES = {FULL: 5, COMPACT: 4}
"""Lines of plain letters that a quiet card has room for."""
SINCE = 0.45
"""How large it is told how long and why, beside the large letters of name and state."""
GROWN, NAME_GROWN, SMALL = 1.25, 1.8, 0.94
"""How many times as large as elsewhere what a card says may be written where it has room, its name, and what stands beside."""
LEADING = 1.22
"""Height of a row in line heights."""
LEAN = 0.95
"""Height of a row of large letters in line heights."""


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
        self.large = False
        """Whether it is written to be read from afar."""
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

    def write_in(self, rows: int, capital_px: float, *, large: bool) -> None:
        """Write in so many rows; a `large` card has capitals of at least `capital_px`, and the room of one of such letters is kept anyway."""
        if (rows, capital_px, large) != (self._rows, self._capital, self.large):
            self._rows, self._capital, self.large = rows, capital_px, large
            self.updateGeometry()
            self.draw_anew()

    def large_px(self) -> tuple[float, float]:
        """Return how wide it is at least in large letters, so that its state is read whole and its name told, and how wide for all of it."""
        metrics, small = QFontMetricsF(self._large_font()), QFontMetricsF(self._since_font())
        mark = MARK_PX + 2 if self._face.alarms else 0.0
        title, state = metrics.horizontalAdvance(self._face.title), metrics.horizontalAdvance(self._face.state)
        name = title + GAP_PX + metrics.horizontalAdvance(self._face.glyph) + mark
        told = min(title * CONDENSED / 100 + mark, metrics.height() * TOLD_EM)
        since = GAP_PX + small.horizontalAdvance(self._face.since) if self._rows == COMPACT else 0.0
        edges = 2 * PAD_PX + 8
        return max(state, told) + edges, max(name, state + since) + edges

    def quiet_px(self, name: str, rows: int) -> tuple[float, float]:
        """Return how wide a card of that name is at least in plain letters, condensed, and how wide for all of it to be read at ease.

        What is to be read is the name, over two rows where there are so many, and a rate of three figures beside its ideal.
        """
        points = self.font().pointSizeF()
        plain, bold, rated = font(points), font(points, bold=True), f"{RATED} {of_ideal(RATED)}"
        lines = [(rated, plain), *((line, bold) for line in (name.rpartition(" ")[::2] if rows == FULL else (name,)))]
        edges = 2 * PAD_PX - 2
        least = max(QFontMetricsF(condensed(written)).horizontalAdvance(line) for line, written in lines)
        return least + edges, max(QFontMetricsF(written).horizontalAdvance(line) for line, written in lines) + edges

    def _large_font(self) -> QFont:
        """Return the font in which name and state are read from afar."""
        return at_least(font(self.font().pointSizeF() * 1.15, bold=True), self._capital)

    def _since_font(self) -> QFont:
        """Return the font in which a large card tells how long and why."""
        return font(max(self.font().pointSizeF(), self._large_font().pointSizeF() * SINCE), bold=True)

    @override
    def sizeHint(self) -> QSize:
        line, large = QFontMetricsF(self.font()).height(), QFontMetricsF(self._large_font()).height() * LEAN
        if self._rows == FULL:
            third = max(line, QFontMetricsF(self._since_font()).height()) * LEADING
            return QSize(150, round(max((FULL + 1) * line + 2, 2 * large + third) + 2 * PAD_PX))
        return QSize(120, round(max((COMPACT + 1) * line + 4, 2 * large) + PAD_PX))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

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
        (self._paint_large if self.large else self._paint_quiet)(painter)
        painter.end()
        return drawn

    def _paint_ground(self, painter: QPainter) -> None:
        """Paint the card, hatched while nobody knows, framed while it needs a person or is selected."""
        face, palette = self._face, self._theme.palette
        marked = face.selected or self.hasFocus()
        width = 2.0 if face.loud or self.large or marked else 1.0
        rect = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        if face.several:
            painter.setPen(QPen(QColor(palette.dim), 1.0))
            painter.setBrush(QColor(palette.panel))
            painter.drawRoundedRect(rect.adjusted(STACK_PX, STACK_PX, 0, 0), 4, 4)
            rect.adjust(0, 0, -STACK_PX, -STACK_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.panel if face.blind else palette.raised))
        painter.drawRoundedRect(rect, 4, 4)
        if face.blind:  # nobody knows what is true of this unit
            painter.setBrushOrigin(0, self.height() % STRIPE_PX)
            painter.fillRect(rect.toAlignedRect().adjusted(1, 1, -1, -1), _hatching(palette.line))
        edge = face.color if face.loud else palette.text if self.large else palette.selection if marked else palette.line
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 4, 4)
        if marked and (face.loud or self.large):  # the alarm's colour keeps the edge, the selection stands inside it
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

    def _paint_large(self, painter: QPainter) -> None:
        """Write name and state so that they are read from afar; how long and why below them, or where two rows are all, behind the state."""
        face, palette = self._face, self._theme.palette
        large, bold = self._large_font(), self._since_font()
        text, accent = QColor(palette.text), QColor(face.color or palette.text)
        pad = PAD_PX if self._rows == FULL else PAD_PX / 2
        height = QFontMetricsF(large).height() if self._rows == FULL else (self.height() - 2 * pad) / 2
        row = QRectF(PAD_PX + 1, pad, self.width() - 2 * PAD_PX - 2, height)
        named = row.adjusted(0, 0, -self._mark_px, 0)
        name, sign = (face.title, text, large), (face.glyph, accent, large)
        write_row(painter, named, [name], sign)  # where there is no room for both, the state's word tells what the sign does
        state = (face.state, accent, large)
        row.translate(0, height)
        since = " · ".join(filter(None, (face.since, face.reason)))
        if self._rows == FULL:
            write_row(painter, row, [state], ("", text, bold))
            write_row(
                painter, QRectF(row.left(), row.bottom(), row.width(), self.height() - pad - row.bottom()), [(since, text, bold)], _NOTHING
            )
        else:
            room = row.width() - advance(state) - GAP_PX - 4
            write_row(painter, row, [state], (first_fitting((since, face.since, ""), bold, room), text, bold))

    def _points(self, most: float) -> float:
        """Return how large plain letters are: larger, up to `most` times, on a card that is high and wide for them, as beside large ones."""
        plain, rows = self.font().pointSizeF(), LINES[self._rows]
        high = (self.height() - 2 * PAD_PX) / (rows * LEADING * QFontMetricsF(font(plain)).height())
        wide = self.width() / self.quiet_px(self._face.title, self._rows)[1]
        return plain * max(1.0, min(high, wide, most))

    def _paint_quiet(self, painter: QPainter) -> None:
        """Write name, state and rate in rows of plain letters, and where there is room what was made, or how the others of a group are."""
        face, palette = self._face, self._theme.palette
        points, called = self._points(GROWN), font(self._points(NAME_GROWN), bold=True)
        plain, small = font(points), font(points * SMALL)
        text, dim = QColor(palette.text), QColor(palette.dim)
        line = QFontMetricsF(plain).height()
        inset = PAD_PX - 3 if self._rows == FULL else PAD_PX / 2
        several = STACK_PX if face.several else 0.0
        room = QRectF(PAD_PX - 2, inset, self.width() - 2 * PAD_PX + 4 - several, self.height() - 2 * inset - several)
        lines = 2 if self._rows == FULL and not face.several else 1
        used = (
            write_name(painter, room.adjusted(0, 0, -self._mark_px, 0), face.title, called, text, lines=lines)
            * QFontMetricsF(called).height()
        )
        left = int((room.height() - used) // line)
        more = (face.also, text, small) if face.several else (face.parts, dim, small)
        rows = [self._paint_state, self._paint_rate]
        if more[0] and left > len(rows):
            rows.insert(1 if face.several else 0, partial(write_row, left=[more], right=_NOTHING))
        elif face.also and left <= len(rows):
            rows[-1] = partial(write_row, left=[more], right=_NOTHING)
        spare = (room.height() - used - len(rows) * line) / len(rows)
        gap = min(2.0, spare) if self._rows == FULL else spare
        for number, write in enumerate(reversed(rows)):
            write(painter, QRectF(room.left(), room.bottom() - number * (line + gap) - line, room.width(), line))

    def _paint_state(self, painter: QPainter, row: QRectF) -> None:
        """Write the state's shape and word, in short where it must be, and since when where there is room for it."""
        face, palette, points = self._face, self._theme.palette, self._points(GROWN)
        accent = QColor(face.color or (palette.dim if face.blind else palette.text))
        sign = (face.glyph, QColor(face.color or palette.dim), font(points))
        said, room = font(points, bold=bool(face.color)), row.width() - advance(sign) - 4
        words = first_fitting([word for word in (face.state, face.brief) if word] or [""], said, room)
        runs = [sign, (words, accent, fitted(said, words, room))]
        write_row(painter, row, runs, (face.since, QColor(palette.dim), font(points * SMALL)))

    def _paint_rate(self, painter: QPainter, row: QRectF) -> None:
        """Write the rate beside its ideal, and the OEE where there is room for it."""
        face, palette, points = self._face, self._theme.palette, self._points(GROWN)
        plain = font(points)
        if not face.rate:
            return
        dim = QColor(palette.dim)
        ways = [
            f"{face.lead} {face.rate} {face.ideal}".strip(),
            *(f"{face.rate} {behind}".strip() for behind in (face.ideal, face.per, "")),
        ]
        shown = first_fitting(ways, plain, row.width())
        plain = fitted(plain, shown, row.width())
        lead, _, behind = shown.partition(face.rate)
        runs = [(lead.strip(), dim, plain), (face.rate, dim if face.blind else QColor(palette.text), plain), (behind.strip(), dim, plain)]
        write_row(painter, row, [run for run in runs if run[0]], (face.oee, dim, font(points * SMALL)))


_NOTHING = ("", QColor(), QFont())


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
