"""The painted timeline: axis, lanes, playhead. Static parts are cached; a frame repaints only the playhead's strip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QScrollBar, QSizePolicy, QWidget
from typing_extensions import override

from twin_app.text import tr
from ui.timeline import paint
from ui.timeline.lane_data import LaneData
from ui.timeline.picture import Gutter, Lane, Marks, Picture
from ui.timeline.pointer import Pointer
from ui.timeline.raster import shares, worst_per_pixel
from ui.timeline.rows import LEAST_PITCH_PX, Rows
from ui.timeline.tips import lane_tip, worst_between
from ui.timeline.view import TimeView
from ui.widgets.pace import Pace
from ui.words import known

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from ui.context import Context
    from ui.timeline.scale import TimeScale

_SCROLL_PX = 10
_SPACE_PX = 10
"""Between the gutter and the lanes."""
ASK_EVERY_MS = 200
LEAST_LANES = 4
"""As many lanes, if there are, keep their room in a low window."""


class TimelineCanvas(QWidget):
    """A lane a unit over one time axis.

    Signals:
        scrub_begun(): the person takes hold of the playhead.
        sought(object): the person points at an instant (int ns) to go to.
        returned(): the person takes back having gone there (a double click was meant).
        selected(str): the person points at a unit.
        view_changed(): another stretch of time is visible.
    """

    scrub_begun = Signal()
    sought = Signal(object)
    returned = Signal()
    selected = Signal(str)
    view_changed = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._context = context
        self._line: Line | None = None
        self._zone = ZoneInfo("UTC")
        self.view = TimeView()
        self._rows = Rows(0, 0, 1, 15)
        self._marks = Marks()
        self._cache: QPixmap | None = None
        self._painted_end_px = -1
        self.lanes = LaneData(context.query, self)
        self._asking = Pace(self._ask, every_ms=ASK_EVERY_MS, parent=self)
        self._pointer = Pointer(self, self._tip_at)
        self._scroll = QScrollBar(Qt.Orientation.Vertical, self)
        self._scroll.setVisible(False)
        self._scroll.valueChanged.connect(self._on_scrolled)
        self.lanes.arrived.connect(self.refresh)
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
        self._line = line
        self._zone = ZoneInfo(line.zone if line else "UTC")
        self._marks = Marks()
        self._asking.stop()
        self.view.clear()
        self.lanes.open(unit.id for unit in line.units) if line else self.lanes.open(())
        self._lay_out()

    def show_frame(self, frame: Frame, *, live: bool) -> None:
        """Move the playhead; take over what else has changed."""
        before_px, version = self.view.playhead_px(), self.view.version
        grown = self.view.follow(known(frame), frame.at_ns, live=live)
        if frame.changes.all or frame.changes.units:
            self.lanes.outdate(None if frame.changes.all else frame.changes.units)
        if grown or frame.changes.all or frame.changes.units:
            self._want()
        self._view_taken(version)
        if self.view.known_end_px() != self._painted_end_px:
            self.refresh()
        self._update_strips(before_px, self.view.playhead_px())

    def set_marks(self, marks: Marks) -> None:
        """Show other loop marks."""
        if marks != self._marks:
            self._marks = marks
            self.refresh()

    def refresh(self) -> None:
        """Paint everything anew, once."""
        self._cache = None
        self.update()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.setAccessibleName(tr("States of the machines over time"))
        self.setAccessibleDescription(
            tr("Drag to move the playhead, wheel to zoom, Shift and wheel to pan, double click to see everything.")
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
        """Return the height of the axis."""
        return self.fontMetrics().height() + paint.HANDLE_HIGH_PX

    def unit_at(self, y: float) -> str | None:
        """Return the unit whose lane is under a pixel."""
        index = self._rows.at(y)
        return None if index is None or self._line is None else self._line.units[index].id

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

    def frame_span(self, start_ns: int, end_ns: int) -> None:
        """Show a stretch of time with a tenth around it."""
        version = self.view.version
        self.view.frame(start_ns, end_ns)
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
        if self.view.known is not None and self._line is not None:
            self._asking.ask()

    def _ask(self) -> None:
        if self.view.known is not None and self._line is not None:
            self.lanes.want((self._line.units[i].id for i in self._rows.visible), self.scale, self.view.known)

    def _on_unit_selected(self, unit: str) -> None:
        ids = [u.id for u in self._line.units] if self._line else []
        if unit in ids:
            self._scroll.setValue(self._rows.revealing(ids.index(unit)))
        self.refresh()

    def _on_scrolled(self, value: int) -> None:
        self._rows = replace(self._rows, scroll_px=value)
        self.refresh()
        self._want()

    def _tip_at(self, x: float, y: float) -> str:
        """Return the words for what lies under a pixel."""
        if y < self.axis_px and x < self.scale.left_px:
            return tr("Share of the visible time: running, held up by neighbours, not running, unknown.")
        index = self._rows.at(y)
        if index is None or self._line is None or self.view.known is None:
            return ""
        unit = self._line.units[index]
        if x < self.scale.left_px:
            return unit.title
        intervals = self.lanes.intervals(unit.id, self.view.known.end_ns)
        if intervals is None:
            return ""
        worst = worst_between(intervals, self.scale.at(int(x)), self.scale.at(int(x) + 1))
        return "" if worst is None else lane_tip(unit, intervals, worst, self._zone)

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
        self._rows = Rows.fitting(
            len(self._line.units) if self._line else 0, top_px=self.axis_px, height_px=max(self.height() - self.axis_px - 2, 1),
            text_px=self.fontMetrics().height(), scroll_px=self._scroll.value(),
        )  # fmt: skip
        most = self._rows.most_scroll_px
        self._scroll.setVisible(most > 0)
        self._scroll.setRange(0, most)
        self._scroll.setPageStep(self._rows.height_px)
        self._scroll.setSingleStep(self._rows.pitch_px)
        self._scroll.setGeometry(self.width() - _SCROLL_PX, self.axis_px, _SCROLL_PX, max(self.height() - self.axis_px, 1))
        self.setMinimumHeight(self.axis_px + 4 + min(self._rows.count, LEAST_LANES) * max(LEAST_PITCH_PX, self.fontMetrics().height() + 2))
        left = self._gutter().width_px + _SPACE_PX
        self.view.place(left, self.width() - left - _SCROLL_PX - 2)
        self.refresh()
        self._want()

    def _gutter(self) -> Gutter:
        """Measure names and shares."""
        metrics = self.fontMetrics()
        names = (metrics.horizontalAdvance(unit.title) for unit in (self._line.units if self._line else ()))
        column = max(metrics.horizontalAdvance(head) for head in paint.share_heads()) + 10
        name = max(max(names, default=0), metrics.horizontalAdvance("0000-00-00 UTC+00")) + 24
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
        units = self._line.units if self._line else ()
        return Picture(
            width_px=self.width(), height_px=self.height(), axis_px=self.axis_px, ratio=ratio, scale=self.scale, rows=self._rows,
            gutter=self._gutter(), lanes=tuple(self._lane(units[i].id, units[i].title, ratio) for i in self._rows.visible),
            selected=self._context.selection.unit, known=self.view.known, marks=self._marks, zone=self._zone,
            palette=self._context.theme.palette,
        )  # fmt: skip

    def _lane(self, unit: str, title: str, ratio: float) -> Lane:
        """Return one lane's columns and shares; no columns while its answer is awaited."""
        scale, known = self.scale, self.view.known
        intervals = self.lanes.intervals(unit, known.end_ns) if known else None
        if intervals is None:
            return Lane(unit, title, np.empty(0, np.int8), None)
        columns = worst_per_pixel(intervals, scale.start_ns, scale.end_ns, round(scale.width_px * ratio))
        return Lane(unit, title, columns, shares(intervals, scale.start_ns, scale.end_ns))

    # The mouse: see `pointer`

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.wheel(event)
