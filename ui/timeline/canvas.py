"""The painted timeline: axis, marks, lanes, playhead. Static parts are cached; a frame repaints only the playhead's strip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QScrollBar, QSizePolicy, QWidget
from typing_extensions import override

from twin_app.text import tr
from ui.theme import font
from ui.timeline import paint
from ui.timeline.content import Content
from ui.timeline.lanes import index_of
from ui.timeline.paint_marks import MARKS_PX
from ui.timeline.picture import Gutter, Picture
from ui.timeline.pointer import Pointer
from ui.timeline.rows import LEAST_PITCH_PX, Rows
from ui.timeline.telling import Telling
from ui.timeline.view import TimeView
from ui.widgets.pace import Pace
from ui.words import is_abnormal, known

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from twin_app.model.bookmark import Bookmark
    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from ui.context import Context
    from ui.timeline.lanes import Row
    from ui.timeline.picture import Marks
    from ui.timeline.scale import TimeScale

_SCROLL_PX = 10
_SPACE_PX = 10
"""Between the gutter and the lanes."""
ASK_EVERY_MS = 200
GROW_EVERY_MS = 100
"""The end of a live line moves by so much at once: painting all lanes for every pixel takes a fifth of the window's time."""
LEAD_EVERY_MS = 2000
"""Where not all lanes have room they change their order no more often than this: what jumps cannot be read."""
LEAST_LANES = 4
"""As many lanes, if there are, keep their room in a low window."""
FLAG_REACH_PX = (-2, 9)
"""So far left and right of its pole a flag is pointed at."""


class TimelineCanvas(QWidget):
    """A lane a unit over one time axis.

    Signals:
        scrub_begun(): the person takes hold of the playhead.
        sought(object): the person points at an instant (int ns) to go to.
        returned(): the person takes back having gone there (a double click was meant).
        selected(str): the person points at a unit.
        span_selected(object): the person drew a stretch (start and end, int ns), or lets go of it (None).
        bookmark_pointed(str, bool): the person points at a bookmark by its id, to go there or to change it (True).
        view_changed(): another stretch of time is visible.
    """

    scrub_begun = Signal()
    sought = Signal(object)
    returned = Signal()
    selected = Signal(str)
    span_selected = Signal(object)
    bookmark_pointed = Signal(str, bool)
    view_changed = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._context = context
        self.zone = ZoneInfo("UTC")
        self.view = TimeView()
        self.content = Content(context.query, self)
        self._rows = Rows(0, 0, 1, 15)
        self._gutter = Gutter(0, 0)
        self._cache: QPixmap | None = None
        self._painted_end_px = -1
        self._asking = Pace(self._ask, every_ms=ASK_EVERY_MS, parent=self)
        self._growing = Pace(self.refresh, every_ms=GROW_EVERY_MS, parent=self)
        self._leading = Pace(self._lead, every_ms=LEAD_EVERY_MS, parent=self)
        self._abnormal: frozenset[str] = frozenset()
        self.telling = Telling(self, context.query)
        self._pointer = Pointer(self, self.telling)
        self._scroll = QScrollBar(Qt.Orientation.Vertical, self)
        self._scroll.setVisible(False)
        self._scroll.valueChanged.connect(self._on_scrolled)
        self.content.changed.connect(self.refresh)
        self.content.rows_changed.connect(self._lay_out)
        context.selection.unit_changed.connect(self._on_unit_selected)
        context.theme.changed.connect(self.refresh)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 60)
        self.retranslate()

    # What is shown

    def open_line(self, line: Line | None) -> None:
        """Take another line: nothing is known of it yet, and the view will fit what comes."""
        self.zone = ZoneInfo(line.zone if line else "UTC")
        self._asking.stop()
        self._growing.stop()
        self._leading.stop()
        self._abnormal = frozenset()
        self.view.clear()
        self.content.open(line)

    def forget(self) -> None:
        """Less is known of the same line: paint nothing of what was known, and look at the same time."""
        self._asking.stop()
        self.content.forget()

    def show_frame(self, frame: Frame, *, live: bool) -> None:
        """Move the playhead; take over what else has changed."""
        before_px, version = self.view.playhead_px(), self.view.version
        grown = self.view.follow(known(frame), frame.at_ns, live=live, plan_ns=self._planned_end(frame) if live else None)
        if self.content.show_frame(frame) or grown:
            self._want()
        self._view_taken(version)
        abnormal = frozenset(unit for unit, now in frame.units.items() if is_abnormal(now))
        if abnormal != self._abnormal:
            self._abnormal = abnormal
            self._leading.ask()
        if self.view.known_end_px() != self._painted_end_px:
            self._growing.ask()
        self._update_strips(before_px, self.view.playhead_px())

    def _planned_end(self, frame: Frame) -> int | None:
        """Return when the shift ends that the newest instant lies in, None where there is no plan."""
        if frame.span is None:
            return None
        now_ns = frame.span.end_ns
        return next((shift.end_ns for shift in self.content.beside.shifts if shift.start_ns <= now_ns < shift.end_ns), None)

    def set_marks(self, marks: Marks) -> None:
        """Show other loop marks."""
        self.content.set_marks(marks)

    def refresh(self) -> None:
        """Paint everything anew, once."""
        self._cache = None
        self.update()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.setAccessibleName(tr("States of the machines over time"))
        self.setAccessibleDescription(
            tr(
                "Drag on the axis to move the playhead, on the lanes to select a stretch; wheel to zoom, Shift and wheel to pan, "
                "double click to see everything."
            )
        )
        self._lay_out()

    # The view

    @property
    def scale(self) -> TimeScale:
        """Return which stretch of time is visible, and where."""
        return self.view.scale

    @property
    def rows(self) -> Rows:
        """Return where the lanes stand."""
        return self._rows

    @property
    def axis_px(self) -> int:
        """Return the height of the axis; below it are the marks."""
        return self.fontMetrics().height() + paint.HANDLE_HIGH_PX

    def row_at(self, y: float) -> Row | None:
        """Return the lane under a pixel."""
        index = self._rows.at(y)
        return None if index is None or index >= len(self.content.rows) else self.content.rows[index]

    def unit_at(self, y: float) -> str | None:
        """Return the unit whose lane is under a pixel."""
        row = self.row_at(y)
        return row.unit or None if row else None

    def bookmark_at(self, x: float, y: float) -> Bookmark | None:
        """Return the bookmark whose flag is under a pixel."""
        if not self.axis_px - 2 <= y <= self.axis_px + MARKS_PX:
            return None
        near = [(x - self.scale.x(b.at_ns), b) for b in self.content.beside.bookmarks]
        return next((b for apart, b in reversed(near) if FLAG_REACH_PX[0] <= apart <= FLAG_REACH_PX[1]), None)

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Zoom at a pixel; without one at the playhead if it is visible, else in the middle."""
        version = self.view.version
        self.view.zoom(factor, x)
        self._view_taken(version)

    def pan(self, share: float) -> None:
        """Move the view by a share of its width, positive into the future."""
        self.pan_px(-share * self.scale.width_px)

    def pan_px(self, dx_px: float) -> None:
        """Drag the content by pixels."""
        version = self.view.version
        self.view.pan_px(dx_px)
        self._view_taken(version)

    def fit(self) -> None:
        """Show all that is known, and keep showing it as it grows."""
        version = self.view.version
        self.view.fit()
        self._view_taken(version)

    def frame_span(self, start_ns: int, end_ns: int, *, around: float = 0.1) -> None:
        """Show a stretch of time with a share of it around."""
        version = self.view.version
        self.view.frame(start_ns, end_ns, around=around)
        self._view_taken(version)

    def reveal(self, at_ns: int) -> None:
        """Bring an instant into the view if it is outside."""
        version = self.view.version
        self.view.reveal(at_ns)
        self._view_taken(version)

    def scroll_rows(self, rows: float) -> None:
        """Scroll the lanes."""
        self._scroll.setValue(self._scroll.value() + round(rows * self._rows.pitch_px))

    def _view_taken(self, version: int) -> None:
        """Paint and ask anew if the view is another than at `version`."""
        if self.view.version != version:
            self.refresh()
            self._want()
            self.view_changed.emit()

    # Lanes

    def _want(self) -> None:
        """Ask for what the visible lanes lack, as soon as the pace allows."""
        if self.view.known is not None and self.content.line is not None:
            self._asking.ask()

    def _ask(self) -> None:
        if self.view.known is not None and self.content.line is not None:
            self.content.want(self._rows.visible, self.scale, self.view.known)

    def _lead(self) -> None:
        """Where not all lanes have room, show those of the selected and of abnormal units first."""
        crowded = self._rows.most_scroll_px > 0
        self.content.lead(self._abnormal | {self._context.selection.unit} if crowded else frozenset())

    def _on_unit_selected(self, unit: str) -> None:
        self._lead()  # now: what is scrolled to is where it stands then
        index = index_of(self.content.rows, unit)
        if index is not None:
            self._scroll.setValue(self._rows.revealing(index))
        self.refresh()

    def _on_scrolled(self, value: int) -> None:
        self._rows = replace(self._rows, scroll_px=value)
        self.refresh()
        self._want()

    # Geometry

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._lay_out()

    def _lay_out(self) -> None:
        """Share the room anew."""
        top = self.axis_px + MARKS_PX
        self._rows = Rows.fitting(
            len(self.content.rows), top_px=top, height_px=max(self.height() - top - 2, 1),
            text_px=self.fontMetrics().height(), scroll_px=self._scroll.value(),
        )  # fmt: skip
        most = self._rows.most_scroll_px
        self._scroll.setVisible(most > 0)
        self._scroll.setRange(0, most)
        self._scroll.setPageStep(self._rows.height_px)
        self._scroll.setSingleStep(self._rows.pitch_px)
        self._scroll.setGeometry(self.width() - _SCROLL_PX, top, _SCROLL_PX, max(self.height() - top, 1))
        self.setMinimumHeight(top + 4 + min(self._rows.count, LEAST_LANES) * max(LEAST_PITCH_PX, self.fontMetrics().height() + 2))
        self._leading.ask()
        self._gutter = self._measured()
        left = self._gutter.width_px + _SPACE_PX
        self.view.place(left, self.width() - left - _SCROLL_PX - 2)
        self.refresh()
        self._want()
        self.view_changed.emit()

    def _measured(self) -> Gutter:
        """Measure names and shares."""
        metrics = self.fontMetrics()
        bold = QFontMetrics(font(self.font().pointSizeF(), bold=True))  # as the selected lane's name is written
        names = (bold.horizontalAdvance(row.title) + (2 * paint.INDENT_PX if row.group else 0) for row in self.content.rows)
        column = max(metrics.horizontalAdvance(head) for head in paint.share_heads()) + 10
        name = (
            max(max(names, default=0), metrics.horizontalAdvance("0000-00-00 UTC+00") - paint.alarms_px(metrics))
            + 24
            + paint.alarms_px(metrics)
        )
        return Gutter.fitting(width_px=self.width(), name_px=name, column_px=column)

    # Painting

    def _update_strips(self, before_px: int | None, now_px: int | None) -> None:
        """Repaint where the playhead was and is, if it moved at all."""
        if before_px != now_px:
            for x in (before_px, now_px):
                if x is not None:
                    self.update(QRect(x - paint.HANDLE_PX - 1, 0, 2 * paint.HANDLE_PX + 2, self.height()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._cache is None or self._cache.devicePixelRatio() != ratio:
            self._cache = self._painted(ratio)
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.drawPixmap(QPoint(0, 0), self._cache)
        x = self.view.playhead_px()
        if x is not None:
            paint.draw_playhead(painter, x, self.axis_px, self.height(), self._context.theme.palette)

    def _painted(self, ratio: float) -> QPixmap:
        """Paint the static parts."""
        pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)
        painter.setFont(self.font())
        paint.draw(painter, self._picture(ratio))
        painter.end()
        self._painted_end_px = self.view.known_end_px()
        return pixmap

    def _picture(self, ratio: float) -> Picture:
        """Return what is to be painted."""
        scale, seen, width_of = self.scale, self.view.known, self.fontMetrics().horizontalAdvance
        lanes = tuple(self.content.lane(self.content.rows[i], scale, ratio, seen, width_of) for i in self._rows.visible)
        return Picture(
            width_px=self.width(), height_px=self.height(), axis_px=self.axis_px, ratio=ratio, scale=scale, rows=self._rows,
            gutter=self._gutter, lanes=lanes, selected=self._context.selection.unit, known=seen, beside=self.content.beside,
            zone=self.zone, palette=self._context.theme.palette,
        )  # fmt: skip

    # The mouse: see `pointer`

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.wheel(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._pointer.menu(event)
