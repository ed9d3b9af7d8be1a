"""What the live line is like while somebody looks back, and the way back to it. Cannot be closed. Not for the past: see the panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from twin_app.alarms.words import alarm_text, unit_title
from twin_app.analyse.wording import calm, told
from twin_app.text import N_, clock_time, tr
from ui.panels.base import Panel
from ui.theme import mixed, set_role
from ui.widgets.labels import ElidedLabel, SteadyLabel
from ui.widgets.priority import paint_priority

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from twin_app.model.alarm import AlarmNow
    from twin_app.model.frame import Frame, LiveNow
    from ui.context import Context, LineView, Theme

MARK_PX = 18
EDGE_PX = 8
PAD_Y_PX = 4


class LiveStrip(Panel):
    """One row below the top bar: the live line's sentence, its newest unacknowledged alarms, the way back. Without height while live."""

    key = "live_strip"
    title = N_("The live line")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Take no room yet."""
        super().__init__(context, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._when = SteadyLabel(self, role="bold")
        self._head, self._rest = QLabel(self), ElidedLabel(self, role="dim")
        set_role(self._head, "bold")
        self.alarms = _Newest(context.theme, self)
        self.countdown = QLabel(self)
        set_role(self.countdown, "alarm2")
        self.back = QPushButton(self)
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(self._on_back_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(EDGE_PX + 10, PAD_Y_PX, 8, PAD_Y_PX)
        row.setSpacing(14)
        row.addWidget(self._when)
        row.addWidget(self._head)
        row.addWidget(self._rest, 1)
        for widget in (self.alarms, self.countdown, self.back):
            row.addWidget(widget)
        self._abnormal = False
        context.theme.changed.connect(self.update)
        self.retranslate()
        self._stand(shown=False)

    @property
    def sentence(self) -> str:
        """Return what is said of the live line."""
        return " ".join(part for part in (self._head.text(), self._rest.text()) if part)

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self._stand(shown=False)

    @override
    def show_frame(self, frame: Frame) -> None:
        self._stand(shown=frame.live is not None)
        if frame.live is not None and self.view is not None:
            self._say(frame.live, self.view)
            waiting = [now for now in (frame.live_alarms.listed if frame.live_alarms else ()) if now.state.unacknowledged]
            self.alarms.show_newest(sorted(waiting, key=lambda now: -now.since_ns), self.view)

    def _say(self, live: LiveNow, view: LineView) -> None:
        """Say how the live line is."""
        self._when.show_text(tr("Live now, {time}:", time=clock_time(live.at_ns, view.line.tz)))
        words = told(view.line, live.story) if live.story else None
        head = words.head if words and words.head else calm(view.line, live.story)
        self._head.setText(head)
        self._rest.show_text(words.rest if words else "")
        abnormal = bool(words and words.head)
        if abnormal != self._abnormal:
            self._abnormal = abnormal
            self.update()

    def count_down(self, left_s: int | None) -> None:
        """Announce that the line returns to live by itself, None: it does not for now."""
        self.countdown.setText("" if left_s is None else tr("Nobody here? Returning to live in {s} s", s=left_s))
        self.countdown.setVisible(left_s is not None)

    def _stand(self, *, shown: bool) -> None:
        """Take room, or none: the strip stays a visible widget, so that frames reach it."""
        height = self.sizeHint().height() if shown else 0
        if height != self.height() or not shown:
            self.setFixedHeight(height)

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, self.back.sizeHint().height() + 2 * PAD_Y_PX)

    @override
    def retranslate(self) -> None:
        self.back.setText(tr("Back to live  (End)"))
        self.count_down(None)

    def _on_back_clicked(self) -> None:
        self.context.transport.follow()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the unit that ails the live line."""
        frame = self.frame
        if event.button() is Qt.MouseButton.LeftButton and frame and frame.live and frame.live.story and frame.live.story.causes:
            self.context.selection.select(frame.live.story.causes[0].unit)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.context.theme.palette
        painter = QPainter(self)
        painter.fillRect(self.rect(), mixed(palette.selection, palette.panel, 0.12))
        edge = palette.aborted if self._abnormal else palette.running
        painter.fillRect(QRectF(0, 0, EDGE_PX, self.height()), QColor(edge))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(palette.line))


class _Newest(QWidget):
    """The newest alarm that waits to be acknowledged, and how many more do."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._priority = 0
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    def show_newest(self, waiting: list[AlarmNow], view: LineView) -> None:
        """Show what waits, the newest first."""
        text, priority = "", 0
        if waiting:
            newest = waiting[0]
            priority = newest.alarm.priority
            text = f"{unit_title(view.line, newest.alarm.unit)}: {alarm_text(view.line, newest.alarm, newest.detail)}"
            text += f"  +{len(waiting) - 1}" if len(waiting) > 1 else ""
        if (text, priority) != (self.text, self._priority):
            self.text, self._priority = text, priority
            self.setToolTip(tr("Unacknowledged on the live line: {n}", n=len(waiting)) if waiting else "")
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    @override
    def sizeHint(self) -> QSize:
        if not self._priority:
            return QSize(0, MARK_PX)
        return QSize(min(MARK_PX + 8 + self.fontMetrics().horizontalAdvance(self.text), 420), MARK_PX)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._priority:
            return
        painter = QPainter(self)
        top = (self.height() - MARK_PX) / 2
        paint_priority(painter, QRectF(0, top, MARK_PX, MARK_PX), self._priority, self._theme.palette)
        painter.setPen(QColor(self._theme.palette.text))
        room = QRectF(MARK_PX + 6, 0, self.width() - MARK_PX - 6, self.height())
        text = self.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, round(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
