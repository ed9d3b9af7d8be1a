"""The top bar: menus, line, mode badge, source health, clock. Not for figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenuBar, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from twin_app.clock import now_ns
from twin_app.model.frame import Mode
from twin_app.model.message import Status
from twin_app.text import clock_time, offset_name, tr
from ui.health import summary, worst
from ui.theme import set_role
from ui.widgets.alarm_counts import AlarmCounts
from ui.widgets.badge import ModeBadge
from ui.widgets.labels import ElidedLabel, SteadyLabel
from ui.words import mode_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction, QMouseEvent, QResizeEvent

    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from twin_app.model.training import Attempt
    from ui.context import LineView, Theme

TRAINEE_PX = 170
PARTS = 8
"""Parts of the health line at most, see `ui.health.summary`."""


def _now_ns(frame: Frame) -> int:
    """Return now, UTC ns: on a simulated line its own, which may run faster or stand."""
    return frame.span.end_ns if frame.simulated and frame.span else now_ns()


class HealthLine(QWidget):
    """The sources in one line, part by part in fixed places; what does not fit is left out from the right.

    Signals:
        pressed(): a person wants to know more.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._labels = [SteadyLabel(self, role="small") for _ in range(PARTS)]
        self._texts: list[str] = []
        self._alarmed = False

    def show_parts(self, parts: list[str], *, alarmed: bool) -> None:
        """Show the parts; `alarmed` writes the first in the first alarm colour. The same again costs nothing."""
        if (parts, alarmed) == (self._texts, self._alarmed):
            return
        self._alarmed = alarmed
        for number, label in enumerate(self._labels):
            text, before = (listed[number] if number < len(listed) else "" for listed in (parts, self._texts))
            if _wording(text) != _wording(before):
                label.settle()
        self._texts = parts
        for number, label in enumerate(self._labels):
            text = parts[number] if number < len(parts) else ""
            label.show_text(text if number == 0 or not text else f"·  {text}")
        set_role(self._labels[0], "alarm1" if alarmed else "small")
        self.setToolTip("\n".join(parts))
        self._place()

    def text(self) -> str:
        """Return all parts, those without room too."""
        return " · ".join(self._texts)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self._labels[0].sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._place()

    def _place(self) -> None:
        """Put the parts side by side as far as there is room."""
        x = 0
        for label in self._labels:
            hint = label.sizeHint()
            fits = bool(label.text()) and x + hint.width() <= self.width()
            label.setVisible(fits)
            label.setGeometry(x, (self.height() - hint.height()) // 2, hint.width(), hint.height())
            x += (hint.width() + 8) if label.text() else 0


def _wording(part: str) -> str:
    """Return a part without its figures: while only they change it keeps its width, other words take their own."""
    return "".join(letter for letter in part if letter.isalpha())


class TopBar(QFrame):
    """One row above everything; shown in every preset and on the wall.

    Signals:
        health_pressed(): the person wants to see the sources.
    """

    health_pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        """Build the row; no line is open."""
        super().__init__(parent)
        self.setObjectName("topBar")
        self.menu_bar = QMenuBar(self)
        self.menu_bar.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.line = ElidedLabel(self, role="heading")
        self.line.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.badge = ModeBadge(theme, self)
        self.trainee = QToolButton(self)
        self.trainee.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.trainee.setVisible(False)
        self.health = HealthLine(self)
        self.health.pressed.connect(self.health_pressed)
        self.alarms = AlarmCounts(theme, self)
        self.person, self.preset = QToolButton(self), QToolButton(self)
        set_role(self.person, "dim")
        self.preset.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_role(self.preset, "dim")
        self.date, self.clock, self.zone = (
            SteadyLabel(self, role="small"),
            SteadyLabel(self, role="heading"),
            SteadyLabel(self, role="small"),
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 3, 14, 3)
        layout.setSpacing(12)
        row: tuple[QWidget, ...] = (
            self.menu_bar,
            self.line,
            self.badge,
            self.trainee,
            self.health,
            self.alarms,
            self.person,
            self.preset,
            self.date,
            self.clock,
            self.zone,
        )
        for widget in row:
            layout.addWidget(widget, 1 if widget is self.health else 0)
        self._view: Line | None = None
        self.name_of: Callable[[str], str] = str
        """What a person is called, from their id."""
        self.retranslate()

    def open_line(self, view: LineView | None) -> None:
        """Name the line; None: none is open."""
        self._view = view.line if view else None
        self.line.show_text(self._view.title if self._view else "")
        self.badge.setVisible(view is not None)
        self.trainee.setVisible(False)
        self.badge.show_mode(Mode.EMPTY, tr("NO LINE") if view is None else tr("OPENING"))  # until its first frame tells its mode
        if view is None:
            self.health.show_parts([], alarmed=False)
            for label in (self.date, self.clock, self.zone):
                label.show_text("")
                label.settle()

    def show_frame(self, frame: Frame) -> None:
        """Show mode, health and the playhead's time."""
        self.badge.show_mode(frame.mode, mode_word(frame))
        self._show_trainee(frame.attempt)
        alarmed = worst(frame.health) in {Status.FAILED, Status.DISCONNECTED}
        self.health.show_parts(summary(frame.health, _now_ns(frame), frame.behind_s), alarmed=alarmed)
        if self._view is None or frame.span is None:  # no sample, no time: a clock would show 1970
            return
        zone = self._view.tz
        self.date.show_text(clock_time(frame.at_ns, zone, date=True).split(" ")[0])
        self.clock.show_text(clock_time(frame.at_ns, zone))
        self.zone.show_text(offset_name(frame.at_ns, zone))

    def _show_trainee(self, attempt: Attempt | None) -> None:
        """Say whose file takes what is done in a blind replay."""
        if attempt is not None:
            name = self.name_of(attempt.trainee) or tr("no name")
            whole = tr("Trainee: {name}", name=name)
            self.trainee.setText(self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, TRAINEE_PX))
            self.trainee.setToolTip(tr("{name}: all that is done in this replay goes to the file {file}.", name=name, file=attempt.name))
        self.trainee.setVisible(attempt is not None)

    def show_preset(self, title: str, choices: list[QAction]) -> None:
        """Name the arrangement in force and offer the others."""
        self.preset.setText(f"{title} ▾")
        if self.preset.actions() != choices:
            for action in choices:
                self.preset.addAction(action)

    def retranslate(self) -> None:
        """Word what does not come with a frame."""
        self.alarms.retranslate()
        if self._view is None:
            self.open_line(None)
