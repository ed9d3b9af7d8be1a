"""How many alarms stand, by shape and count, for the top bar; and whether the sound is off. Not for the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from twin_app.model.alarm import AlarmPicture
from twin_app.model.alarm_rule import PRIORITIES
from twin_app.text import number, tr
from ui.theme import font
from ui.widgets.blink import Blink
from ui.widgets.priority import paint_priority

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from ui.context import Theme

MARK_PX = 18
GAP_PX = 4
AIR_PX = 9
HORN_PX = 18


class AlarmCounts(QWidget):
    """The four marks with their counts; outlined where all of a priority are over and wait, left out where there are none.

    Signals:
        pressed(): a person wants to see the list.
    """

    pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        """Start without alarms."""
        super().__init__(parent)
        self._theme = theme
        self._picture = AlarmPicture()
        self._muted = False
        self._blink = Blink(self)
        self._blink.beaten.connect(self.update)
        self.setObjectName("alarmCounts")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # it blinks; nothing behind it does
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self._word()

    def show_alarms(self, picture: AlarmPicture, *, muted: bool) -> None:
        """Show other alarms, and whether the sound is off; the same again costs nothing."""
        if picture is self._picture and muted is self._muted:
            return
        same = (picture.counts, picture.unacknowledged, picture.flood_since_ns is None, muted) == (
            self._picture.counts, self._picture.unacknowledged, self._picture.flood_since_ns is None, self._muted,
        )  # fmt: skip
        self._picture, self._muted = picture, muted
        if not same:
            self._blink.want(any(picture.unacknowledged))
            self._word()
            self.updateGeometry()
            self.update()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self._word()
        self.update()

    def _word(self) -> None:
        """Say in words what is painted."""
        picture = self._picture
        said = [
            tr(
                "Priority {priority}: {count} stand, {waiting} wait to be acknowledged",
                priority=p,
                count=number(count),
                waiting=number(waiting),
            )
            for p, count, waiting in zip(PRIORITIES, picture.counts, picture.unacknowledged, strict=True)
            if count or waiting
        ]
        said = said or [tr("No alarm")]
        if picture.flood_since_ns is not None:
            said.append(tr("Alarm flood"))
        if self._muted:
            said.append(tr("The sound of alarms is off"))
        self.setToolTip("\n".join(said))
        self.setAccessibleName(", ".join(said))

    def _parts(self) -> list[tuple[int, bool, str]]:
        """Return the priorities shown, whether any stands, and how many stand, else how many are over and wait."""
        rows = zip(PRIORITIES, self._picture.counts, self._picture.unacknowledged, strict=True)
        return [(p, bool(stand), number(stand or wait)) for p, stand, wait in rows if stand or wait]

    @override
    def sizeHint(self) -> QSize:
        measured = QFontMetrics(font(self.font().pointSizeF(), bold=True))
        width = sum(MARK_PX + GAP_PX + measured.horizontalAdvance(count) + AIR_PX for _, _, count in self._parts())
        width += HORN_PX + AIR_PX if self._muted else 0
        return QSize(width, MARK_PX + 6)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        palette, painter = self._theme.palette, QPainter(self)
        painter.fillRect(self.rect(), QColor(palette.panel))
        bold = font(self.font().pointSizeF(), bold=True)
        measured = QFontMetrics(bold)
        x, middle = 0.0, self.height() / 2
        for priority, stands, count in self._parts():
            waiting = self._picture.unacknowledged[priority - 1] > 0
            box = QRectF(x, middle - MARK_PX / 2, MARK_PX, MARK_PX)
            paint_priority(painter, box, priority, palette, outlined=not stands, dark=self._blink.dark and waiting and stands)
            x += MARK_PX + GAP_PX
            painter.setFont(bold)
            painter.setPen(QColor(palette.text if stands else palette.dim))
            width = measured.horizontalAdvance(count)
            painter.drawText(QRectF(x, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, count)
            x += width + AIR_PX
        if self._muted:
            self._paint_muted(painter, QRectF(x, middle - HORN_PX / 2, HORN_PX, HORN_PX))
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.selection), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _paint_muted(self, painter: QPainter, box: QRectF) -> None:
        """Paint a horn that is struck out."""
        color, size = QColor(self._theme.palette.priority[1]), box.width()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        outline = ((0.12, 0.38), (0.34, 0.38), (0.62, 0.16), (0.62, 0.84), (0.34, 0.62), (0.12, 0.62))
        painter.drawPolygon(QPolygonF([box.topLeft() + QPointF(x * size, y * size) for x, y in outline]))
        painter.drawLine(box.topLeft() + QPointF(0.74, 0.34) * size, box.topLeft() + QPointF(0.98, 0.66) * size)
        painter.drawLine(box.topLeft() + QPointF(0.98, 0.34) * size, box.topLeft() + QPointF(0.74, 0.66) * size)
