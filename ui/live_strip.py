"""What the live line is like while somebody looks back, acknowledging its alarms, and the way back to it. Cannot be closed. Not for the past."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from twin_app.alarms.words import alarm_text, unit_title
from twin_app.analyse.wording import calm, told
from twin_app.errors import TwinError
from twin_app.model.alarm import Why
from twin_app.text import N_, clock_time, tr
from ui.commands import Command
from ui.panels.base import Panel
from ui.theme import mixed, set_role
from ui.widgets.labels import ElidedLabel, SteadyLabel
from ui.widgets.priority import paint_priority

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from twin_app.model.alarm import AlarmNow
    from twin_app.model.frame import Frame, LiveNow
    from ui.context import Context, LineView, Theme

ACKNOWLEDGE = Command(
    id="alarms.live", text=N_("Acknowledge the newest alarm of the live line"), keys=("Ctrl+Alt+L",), menu=N_("Alarms")
)  # fmt: skip
SETTLED_MS = 400
"""So long an alarm that has just become the newest cannot be acknowledged: nobody acts on what they have not seen, nor twice by one press."""
LISTED = 12
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
        self.alarms.pressed.connect(self._on_alarms_pressed)
        self.acknowledge = QPushButton(self)
        self.acknowledge.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.action = context.commands.add(ACKNOWLEDGE, self._on_acknowledge)
        self.acknowledge.clicked.connect(self.action.trigger)
        self.action.changed.connect(self._on_action_changed)
        self._waiting: tuple[AlarmNow, ...] = ()
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLED_MS)
        self._settling.timeout.connect(self._allow)
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
        for widget in (self.alarms, self.acknowledge, self.countdown, self.back):
            row.addWidget(widget)
        self._abnormal = False
        context.theme.changed.connect(self.update)
        context.station.changed.connect(self._allow)
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
        self._wait_for(())

    @override
    def show_frame(self, frame: Frame) -> None:
        self._stand(shown=frame.live is not None)
        if frame.live is not None and self.view is not None:
            self._say(frame.live, self.view)
        waiting = [now for now in (frame.live_alarms.listed if frame.live_alarms else ()) if now.state.unacknowledged]
        self._wait_for(tuple(sorted(waiting, key=lambda now: -now.since_ns)))

    def _wait_for(self, waiting: tuple[AlarmNow, ...]) -> None:
        """Show what waits, the newest first; what has just come to be the newest is acknowledged only once a person could read it."""
        other = waiting[:1] and [now.alarm.key for now in self._waiting[:1]] != [waiting[0].alarm.key]
        self._waiting = waiting
        if self.view is not None:
            self.alarms.show_newest(waiting, self.view)
        if other:
            self._settling.start()
        self._allow()

    def _allow(self) -> None:
        """Allow the newest alarm to be acknowledged, or say why it may not be."""
        actions = self.view.alarms if self.view else None
        newest = self._waiting[0] if self._waiting else None
        refused = tr("No alarm of the live line waits.") if newest is None or actions is None else ""
        if newest is not None and actions is not None:
            refused = self.context.station.refusal() or actions.live_refusal(Why.ACKNOWLEDGE, newest.alarm.key)
        allowed = not refused and not self._settling.isActive()
        if self.action.isEnabled() is not allowed:
            self.action.setEnabled(allowed)
        tip = refused or tr("Acknowledges on the live line, while the past is looked at.")
        if self.action.toolTip() != tip:
            self.action.setToolTip(tip)
        self.acknowledge.setVisible(newest is not None)

    def _on_action_changed(self) -> None:
        """Let the button be as its command is."""
        self.acknowledge.setEnabled(self.action.isEnabled())
        self.acknowledge.setToolTip(self.action.toolTip())

    def _on_acknowledge(self) -> None:
        """Acknowledge the alarm that is shown, on the live line."""
        if self._waiting:
            self._acknowledge(self._waiting[0].alarm.key)

    def _acknowledge(self, alarm: str) -> None:
        actions = self.view.alarms if self.view else None
        if actions is None or self.context.station.refusal():
            return
        try:
            actions.act_live(Why.ACKNOWLEDGE, [alarm], who=self.context.station.person)
        except TwinError as error:
            self.context.station.tell(error)
        self._wait_for(tuple(now for now in self._waiting if not actions.live_refusal(Why.ACKNOWLEDGE, now.alarm.key)))

    def _on_alarms_pressed(self) -> None:
        """List what waits on the live line; choosing one acknowledges it."""
        menu = self.menu()
        menu.popup(self.alarms.mapToGlobal(self.alarms.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """Return what waits on the live line, the newest first, each to be acknowledged by choosing it."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addSection(tr("Acknowledge on the live line"))
        for now in self._waiting[:LISTED]:
            said = f"{clock_time(now.since_ns, self.view.line.tz)}  {words_of(now, self.view)}" if self.view else ""
            action = menu.addAction(said.replace("&", "&&"), partial(self._acknowledge, now.alarm.key))
            action.setEnabled(not self.context.station.refusal())
        if len(self._waiting) > LISTED:
            menu.addAction(tr("and {count} more", count=len(self._waiting) - LISTED)).setEnabled(False)
        return menu

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
        self.acknowledge.setText(tr("Acknowledge"))
        self.acknowledge.setAccessibleName(tr(ACKNOWLEDGE.text))
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


def words_of(now: AlarmNow, view: LineView) -> str:
    """Return what an alarm says, and of which unit."""
    return f"{unit_title(view.line, now.alarm.unit)}: {alarm_text(view.line, now.alarm, now.detail)}"


class _Newest(QWidget):
    """The newest alarm that waits to be acknowledged, and how many more do.

    Signals:
        pressed(): a person wants to see all that wait.
    """

    pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._priority = 0
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    def show_newest(self, waiting: Sequence[AlarmNow], view: LineView) -> None:
        """Show what waits, the newest first."""
        text, priority = "", 0
        if waiting:
            newest = waiting[0]
            priority = newest.alarm.priority
            text = words_of(newest, view)
            text += f"  +{len(waiting) - 1}" if len(waiting) > 1 else ""
        if (text, priority) != (self.text, self._priority):
            self.text, self._priority = text, priority
            self.setToolTip(tr("Unacknowledged on the live line: {n}", n=len(waiting)) if waiting else "")
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._priority:
            self.pressed.emit()

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
