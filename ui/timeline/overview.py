"""The strip of the whole recording: what line and units did, alarms, bookmarks, and which part of it the lanes show. Not for the lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.model.historian import Span
from twin_app.text import duration, tr
from ui.theme import mixed
from ui.timeline.overview_image import pixels
from ui.timeline.scale import TimeScale
from ui.widgets.pace import Pace
from ui.words import known

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from twin_app.model.frame import Frame
    from twin_app.model.overview import Overview
    from ui.context import Context
    from ui.timeline.canvas import TimelineCanvas

HIGH_PX = 36
ASK_EVERY_MS = 2000
DRAG_PX = 4
_PAD = 8
_NOTCH = 120
_ZOOM_A_NOTCH = 1.25


class OverviewStrip(QWidget):
    """All that is known on one strip; drag the frame to move what the lanes show, click to go there.

    Signals:
        sought(object): the person points at an instant (int ns) to go to.
    """

    sought = Signal(object)

    def __init__(self, context: Context, canvas: TimelineCanvas, parent: QWidget) -> None:
        """Show nothing yet; the strip stands above the canvas' own time."""
        super().__init__(parent)
        self._context, self._canvas = context, canvas
        self._known: Span | None = None
        self._overview: Overview | None = None
        self._image: QImage | None = None
        self._pixels = b""
        self._at_ns = 0
        self._asked: tuple[int, int, int] | None = None
        self._pressed: float | None = None
        self._dragged = False
        self._asking = Pace(self._ask, every_ms=ASK_EVERY_MS, parent=self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HIGH_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        canvas.view_changed.connect(self._on_view_changed)
        canvas.content.changed.connect(self.update)
        context.theme.changed.connect(self._on_theme_changed)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.setAccessibleName(tr("The whole recording"))
        self.setToolTip(
            tr(
                "The whole recording: how many machines stood, and why; below it the one that sets the pace.\nDrag the frame, or click to go there."
            )
        )
        self.update()

    def forget(self) -> None:
        """Show nothing until it is asked for anew."""
        self._known, self._overview, self._image, self._asked = None, None, None, None
        self._asking.stop()
        self.update()

    def settled(self) -> bool:
        """Say whether everything asked for was asked."""
        return not self.isVisible() or not self._asking.waiting

    def show_frame(self, frame: Frame) -> None:
        """Move the playhead; ask anew where more is known, or something is known otherwise."""
        span, before = known(frame), self._playhead_px()
        if span != self._known or frame.changes.all:
            self._asked = None if frame.changes.all else self._asked
            if self._known is None or span is None:
                self.update()
            self._known = span
            self._want()
        self._at_ns = frame.at_ns
        after = self._playhead_px()
        for x in {before, after} - {None} if before != after else ():
            self.update(QRect((x or 0) - 3, 0, 6, self.height()))

    def _want(self) -> None:
        """Ask as soon as the pace allows, where there is anything to be asked for."""
        if self._known is not None:
            self._asking.ask()

    def _ask(self) -> None:
        """Ask for as many columns as there are pixels, unless that was asked for."""
        if self._known is None or not self.isVisible():
            return
        question = self._known.start_ns, self._known.end_ns, max(self._scale().width_px, 1)
        if question != self._asked:
            self._asked = question
            self._context.query.overview("timeline/overview", *question, self._on_answered)

    def _on_answered(self, overview: Overview) -> None:
        self._overview, self._image = overview, None
        self.update()

    def _on_view_changed(self) -> None:
        self._want()
        self.update()

    def _on_theme_changed(self) -> None:
        self._image = None
        self.update()

    # Geometry

    def _scale(self) -> TimeScale:
        """Return the whole known time over the pixels that the lanes have, too."""
        lanes = self._canvas.scale
        span = self._known or Span(0, 1)
        return TimeScale(span.start_ns, max(span.end_ns, span.start_ns + 1), lanes.left_px, lanes.width_px)

    def _playhead_px(self) -> int | None:
        """Return the playhead's pixel, None while nothing is known."""
        return None if self._known is None else round(self._scale().x(min(max(self._at_ns, self._known.start_ns), self._known.end_ns)))

    def _frame(self) -> tuple[float, float]:
        """Return where the part that the lanes show begins and ends."""
        scale, view = self._scale(), self._canvas.scale
        right = float(scale.left_px + scale.width_px)
        return max(scale.x(view.start_ns), float(scale.left_px)), min(scale.x(view.end_ns), right)

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._context.theme.palette
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(self.rect(), QColor(palette.panel))
        if self._known is None:
            return
        scale = self._scale()
        room = QRect(scale.left_px, 2, scale.width_px, self.height() - 5)
        painter.fillRect(room, mixed(palette.text, palette.panel, 0.045))
        self._draw_image(painter, room)
        self._draw_marks(painter, room)
        self._draw_frame(painter, room)
        painter.setPen(QColor(palette.dim))
        whole = duration((self._known.end_ns - self._known.start_ns) / SECOND_NS)
        text = painter.fontMetrics().elidedText(tr("all of {span}", span=whole), Qt.TextElideMode.ElideRight, scale.left_px - 2 * _PAD)
        painter.drawText(QRect(_PAD, 0, scale.left_px - _PAD, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        painter.fillRect((self._playhead_px() or 0) - 1, 0, 2, self.height(), QColor(palette.selection))

    def _draw_image(self, painter: QPainter, room: QRect) -> None:
        """Draw the columns, over the time they were reckoned for."""
        if self._overview is None:
            return
        ratio = self.devicePixelRatioF()
        if self._image is None or self._image.height() != round(room.height() * ratio):
            found = pixels(self._overview, round(room.height() * ratio), self._context.theme.palette)
            self._pixels = found.tobytes()
            self._image = QImage(
                self._pixels, found.shape[1], found.shape[0], 4 * found.shape[1], QImage.Format.Format_ARGB32_Premultiplied
            )
        scale = self._scale()
        left, right = scale.x(self._overview.start_ns), scale.x(self._overview.end_ns)
        painter.drawImage(QRectF(left, room.top(), right - left, room.height()), self._image)

    def _draw_marks(self, painter: QPainter, room: QRect) -> None:
        """Draw alarms as ticks from above and bookmarks as flags."""
        scale, palette, overview = self._scale(), self._context.theme.palette, self._overview
        if overview is not None:
            for priority in (4, 3, 2, 1):
                for column in (overview.alarms == priority).nonzero()[0].tolist():
                    at_ns = overview.start_ns + (overview.end_ns - overview.start_ns) * column // len(overview.alarms)
                    painter.fillRect(round(scale.x(at_ns)), room.top(), 1, 7 - priority, QColor(palette.priority[priority - 1]))
        painter.setPen(QPen(QColor(palette.text), 1))
        for bookmark in self._canvas.content.beside.bookmarks:
            if not scale.start_ns <= bookmark.at_ns <= scale.end_ns:
                continue
            x = round(scale.x(bookmark.at_ns))
            painter.drawLine(x, room.top(), x, room.bottom())
            painter.fillRect(x, room.top(), 4, 4, QColor(palette.text))

    def _draw_frame(self, painter: QPainter, room: QRect) -> None:
        """Veil what the lanes do not show, and frame what they do."""
        palette = self._context.theme.palette
        left, right = self._frame()
        if right - left >= room.width() - 1:
            return
        veil = QColor(palette.panel)
        veil.setAlphaF(0.62)
        for a, b in ((room.left(), left), (right, room.left() + room.width())):
            painter.fillRect(QRectF(a, room.top(), b - a, room.height()), veil)
        painter.setPen(QPen(QColor(palette.selection), 1))
        painter.drawRect(QRectF(QPointF(left, room.top() + 0.5), QPointF(max(right, left + 3) - 1, room.bottom() + 0.5)))

    # The mouse

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._known is not None:
            self._pressed, self._dragged = event.position().x(), False

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        x = event.position().x()
        if self._dragged or abs(x - self._pressed) >= DRAG_PX:
            self._dragged = True
            moved_ns = (x - self._pressed) * self._scale().ns_per_px
            self._canvas.pan_px(-moved_ns / self._canvas.scale.ns_per_px)
            self._pressed = x

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._dragged:
            scale = self._scale()
            self.sought.emit(scale.at(min(max(event.position().x(), scale.left_px), scale.left_px + scale.width_px)))
        self._pressed = None

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._canvas.fit()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        at_ns = self._scale().at(event.position().x())
        if along := event.angleDelta().y():
            lanes = self._canvas.scale
            self._canvas.zoom(_ZOOM_A_NOTCH ** (along / _NOTCH), min(max(lanes.x(at_ns), lanes.left_px), lanes.left_px + lanes.width_px))
        event.accept()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._want()
