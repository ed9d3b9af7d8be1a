"""The month of shifts, painted: a cell a day, a row a shift with its OEE and a calm bar, hatched where nobody knows. Not for what stands beside."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QEvent, QLocale, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from twin_app.service.shift_tables import slot_name
from twin_app.text import language, percent, tr
from ui.finding.month import DAYS, Month
from ui.theme import font, mixed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from twin_app.finding.summary import Summary
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Kpi
    from ui.context import Theme

LEAST_ROW_PX, MOST_ROW_PX = 8, 30
GAP_PX = 2
BAR_PX = 4
STRIP_PX = 8
UNSURE = 0.05
"""Bounds of OEE further apart than this are shown in its place."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class MonthGrid(QWidget):
    """One month.

    Signals:
        chosen(object): another `Summary` is selected.
        opened(object): the person wants to see one.
        turned(): another month is shown.
    """

    chosen = Signal(object)
    opened = Signal(object)
    turned = Signal()

    def __init__(self, theme: Theme, parent: QWidget, *, tip: Callable[[Summary], str]) -> None:
        """Show nothing yet; `tip` words a shift."""
        super().__init__(parent)
        self._theme, self._tip = theme, tip
        self._line: Line | None = None
        today = QDate.currentDate()
        self.month = Month.of(today.toPython())  # type: ignore[arg-type] # a date
        self.selected: Summary | None = None
        self.compared: Summary | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Shifts of a month"))
        theme.changed.connect(self.update)

    def show_month(self, line: Line, month: Month) -> None:
        """Show another month."""
        self._line, before, self.month = line, self.month.first, month
        self.update()
        if before != month.first:
            self.turned.emit()

    def choose(self, summary: Summary | None) -> None:
        """Select a shift, turning to its month."""
        self.selected = summary
        if summary is not None and self._line is not None:
            self.show_month(self._line, Month.of(summary.slot.day, self.month.summaries))
        self.setAccessibleDescription(self._tip(summary) if summary else "")
        self.update()
        self.chosen.emit(summary)

    def turn(self, months: int) -> None:
        """Show a month before or behind."""
        if self._line is not None:
            self.show_month(self._line, self.month.turned(months))

    @override
    def sizeHint(self) -> QSize:
        return QSize(780, 480)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(420, 220)

    # Where things stand

    def _head_px(self) -> int:
        return self.fontMetrics().height() + 6

    def _cell(self, week: int, column: int) -> QRect:
        """Return the room of a day."""
        weeks, top = len(self.month.weeks), self._head_px()
        height = self.height() - top
        x, y = self.width() * column // DAYS, top + height * week // weeks
        return QRect(x, y, self.width() * (column + 1) // DAYS - x, top + height * (week + 1) // weeks - y).adjusted(0, 0, -GAP_PX, -GAP_PX)

    def rows(self) -> list[tuple[Summary, QRect]]:
        """Return every shift that is shown, with its room."""
        found = []
        for week, days in enumerate(self.month.weeks):
            for column, day in enumerate(days):
                shifts = self.month.on(day) if day.month == self.month.first.month else ()
                found += list(zip(shifts, self._rooms(self._cell(week, column), shifts), strict=True))
        return found

    def _rooms(self, cell: QRect, shifts: Sequence[Summary]) -> list[QRect]:
        """Return the rooms of shifts in the cell of a day; beside shifts the time outside of them is no more than a strip."""
        top = cell.top() + self.fontMetrics().height() + 2
        thin = [not one.slot.number and any(other.slot.number for other in shifts) for one in shifts]
        high = max(len(shifts) - sum(thin), 1)
        height = min(max((cell.bottom() - top - sum(thin) * STRIP_PX) // high, LEAST_ROW_PX), MOST_ROW_PX)
        rooms = []
        for is_thin in thin:
            room = QRect(cell.left() + 4, top, cell.width() - 8, (STRIP_PX if is_thin else height) - GAP_PX)
            rooms.append(room)
            top += room.height() + GAP_PX
        return rooms

    def _at(self, x: float, y: float) -> Summary | None:
        """Return the shift under a pixel."""
        return next((summary for summary, room in self.rows() if room.contains(round(x), round(y))), None)

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._draw_heads(painter)
        for week, days in enumerate(self.month.weeks):
            for column, day in enumerate(days):
                self._draw_day(painter, self._cell(week, column), day)
        for summary, room in self.rows():
            self._draw_shift(painter, room, summary)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.palette.selection), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _draw_heads(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.palette.dim))
        locale = QLocale(language())
        for column in range(DAYS):
            room = QRect(self.width() * column // DAYS, 0, self.width() // DAYS, self._head_px())
            painter.drawText(room.adjusted(6, 0, 0, 0), LEFT, locale.standaloneDayName(column + 1, QLocale.FormatType.ShortFormat))

    def _draw_day(self, painter: QPainter, cell: QRect, day: date) -> None:
        palette = self._theme.palette
        within = day.month == self.month.first.month
        painter.fillRect(cell, QColor(palette.panel if within else palette.window))
        if within:
            painter.setPen(QColor(palette.dim))
            painter.drawText(cell.adjusted(6, 1, -4, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, str(day.day))

    def _draw_shift(self, painter: QPainter, room: QRect, summary: Summary) -> None:
        """Draw one shift: its time hatched where nobody knows, its name and OEE, the bar with the target."""
        palette = self._theme.palette
        painter.fillRect(room, QColor(palette.raised))
        slot = summary.slot
        for start_ns, end_ns in summary.gaps:
            left, right = (
                room.left() + room.width() * (at - slot.start_ns) / max(slot.end_ns - slot.start_ns, 1) for at in (start_ns, end_ns)
            )
            painter.fillRect(
                QRectF(left, room.top(), max(right - left, 2.0), room.height()),
                QBrush(mixed(palette.text, palette.raised, 0.22), Qt.BrushStyle.BDiagPattern),
            )
        if room.height() >= self.fontMetrics().height():
            self._draw_words(
                painter, room.adjusted(5, 0, -5, -BAR_PX if room.height() > self.fontMetrics().height() + BAR_PX else 0), summary
            )
        if slot.number and summary.recorded:
            self._draw_bar(painter, QRectF(room.left(), room.bottom() + 1 - BAR_PX, room.width(), BAR_PX), summary)
        if summary in {self.selected, self.compared}:
            pen = QPen(QColor(palette.selection), 2)
            pen.setStyle(Qt.PenStyle.SolidLine if summary is self.selected else Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room.adjusted(0, 0, -1, -1))

    def _draw_words(self, painter: QPainter, room: QRect, summary: Summary) -> None:
        palette, line = self._theme.palette, self._line
        if line is None:
            return
        oee = oee_words(summary.kpi) if summary.recorded and summary.slot.number else "–"
        painter.setFont(font(self.font().pointSizeF(), bold=True))
        painter.setPen(QColor(palette.text if summary.recorded else palette.dim))
        painter.drawText(room, RIGHT, oee)
        taken = painter.fontMetrics().horizontalAdvance(oee) + 6
        painter.setFont(self.font())
        painter.setPen(QColor(palette.dim))
        flag = f"  ⚑{summary.bookmarks}" if summary.bookmarks else ""
        words = painter.fontMetrics().elidedText(slot_name(line, summary.slot) + flag, Qt.TextElideMode.ElideRight, room.width() - taken)
        painter.drawText(room, LEFT, words)

    def _draw_bar(self, painter: QPainter, room: QRectF, summary: Summary) -> None:
        palette, kpi = self._theme.palette, summary.kpi
        painter.fillRect(room, QColor(palette.line))
        if isfinite(kpi.oee_index) and not kpi.oee_high - kpi.oee_low > UNSURE:
            painter.fillRect(
                QRectF(room.left(), room.top(), room.width() * min(kpi.oee_index, 1.0), room.height()), QColor(palette.running)
            )
        target = self._line.targets.oee_index if self._line else None
        if target is not None:
            x = room.left() + room.width() * target
            painter.setPen(QPen(QColor(palette.text), 1))
            painter.drawLine(QPointF(x, room.top() - 2), QPointF(x, room.bottom()))

    # Mouse and keys

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().x(), event.position().y())
        if found is not None:
            self.choose(found)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._at(event.position().x(), event.position().y()) is not None and self.selected is not None:
            self.opened.emit(self.selected)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            help_event: QHelpEvent = event  # type: ignore[assignment] # what Qt sends with this type
            found = self._at(help_event.pos().x(), help_event.pos().y())
            QToolTip.showText(help_event.globalPos(), self._tip(found) if found else "", self)
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._go(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def _go(self, key: Qt.Key) -> bool:
        """Do what a key says; tell whether it says anything."""
        turns = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if key in turns:
            self.turn(turns[key])
            return True
        here = self.selected or next(iter(self.month.summaries), None)
        if here is None:
            return False
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit(here)
            return True
        ways: dict[Qt.Key, Callable[[], Summary]] = {
            Qt.Key.Key_Up: lambda: self.month.beside(here, -1), Qt.Key.Key_Down: lambda: self.month.beside(here, 1),
            Qt.Key.Key_Left: lambda: self.month.across(here, -1), Qt.Key.Key_Right: lambda: self.month.across(here, 1),
            Qt.Key.Key_Home: lambda: self.month.summaries[0], Qt.Key.Key_End: lambda: self.month.summaries[-1],
        }  # fmt: skip
        if key not in ways:
            return False
        self.choose(ways[key]())
        return True


def oee_words(kpi: Kpi) -> str:
    """Return OEE as it stands in a cell; where too much is not known, only between what bounds it lies."""
    if kpi.oee_high - kpi.oee_low > UNSURE:
        return f"{kpi.oee_low * 100:.0f}–{percent(kpi.oee_high, 0)}"
    return percent(kpi.oee_told)
