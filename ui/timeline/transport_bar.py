"""The row of buttons over the lanes: step, play, speed, time, live, loop, fit. Not for what they do: they run commands."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from twin_app.clock import SPEEDS
from twin_app.model.frame import Mode
from twin_app.text import N_, clock_span, clock_time, offset_name, tr
from ui.theme import set_role
from ui.timeline.icons import icon
from ui.timeline.playback import STEPS
from ui.timeline.time_field import TimeField
from ui.widgets.labels import ElidedLabel
from ui.words import speed_word

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from ui.context import Context
    from ui.timeline.playback import Playback

STEP_WORDS = (N_("by state"), N_("by part"), N_("by alarm"), N_("by any event"))
"""Words of `playback.STEPS`, in their order."""
SAID_MS = 6000
"""So long what was said stays."""
_BUTTONS = (
    ("previous", "time.previous_event"), ("play", "play.toggle"), ("next", "time.next_event"),
    ("flag", "mark.add"), ("skip", "play.skip"), ("loop", "play.loop"), ("fit", "view.timeline.fit"),
)  # fmt: skip


class TransportBar(QWidget):
    """Buttons of the transport.

    Signals:
        time_typed(object): the person typed an instant (int ns) to go to.
    """

    time_typed = Signal(object)

    def __init__(self, context: Context, playback: Playback, parent: QWidget) -> None:
        """Build the row; the commands are registered already."""
        super().__init__(parent)
        self._context = context
        self._playback = playback
        self._zone = ZoneInfo("UTC")
        self._playing = False
        self._buttons = {sign: self._button(command) for sign, command in _BUTTONS}
        for sign in ("loop", "skip"):
            self._buttons[sign].setCheckable(True)
        self._steps = QComboBox(self)
        self._steps.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._steps.addItems([""] * len(STEP_WORDS))
        self._steps.activated.connect(self._on_steps_chosen)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self._on_said_long_enough)
        self._speed = QComboBox(self)
        self._speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for speed in SPEEDS:
            self._speed.addItem(speed_word(speed), speed)
        self._speed.activated.connect(self._on_speed_chosen)
        self.time = TimeField(self)
        self.time.linked.connect(context.selection.link_wanted)
        self.time.typed.connect(self.time_typed)
        self.time.refused.connect(self._on_time_refused)
        self._offset = QLabel(self)
        set_role(self._offset, "dim")
        self._live = QToolButton(self)
        self._live.setCheckable(True)
        self._live.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._live.clicked.connect(self._on_live_clicked)
        self._message = ElidedLabel(self)
        self._loop_text = QLabel(self)
        set_role(self._loop_text, "small")
        self._lay_out()
        playback.marks_changed.connect(self._on_marks_changed)
        playback.said.connect(self.say)
        context.theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.retranslate()
        self.show_nothing()

    def _button(self, command: str) -> QToolButton:
        """Make a button that runs a command."""
        button = QToolButton(self)
        button.setIconSize(QSize(16, 16))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setObjectName(f"button.{command}")
        button.clicked.connect(self._context.commands.action(command).trigger)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 8, 3)
        row.setSpacing(2)
        for sign in ("previous", "play", "next"):
            row.addWidget(self._buttons[sign])
        row.addSpacing(4)
        for widget, space in ((self._steps, 8), (self._speed, 10), (self.time, 4), (self._offset, 10), (self._live, 12)):
            row.addWidget(widget)
            row.addSpacing(space)
        row.addWidget(self._message, 1)
        row.addWidget(self._loop_text)
        for sign in ("loop", "skip", "flag", "fit"):
            row.addWidget(self._buttons[sign])

    # What is shown

    def open_line(self, line: Line | None) -> None:
        """Take another line's zone."""
        self._zone = ZoneInfo(line.zone if line else "UTC")
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show that no line is open, or that nothing came in yet."""
        self.time.show_nothing()
        self._offset.clear()
        self._message.clear()
        for widget in (*self._buttons.values(), self._steps, self._speed, self.time, self._live):
            widget.setEnabled(False)

    def show_frame(self, frame: Frame) -> None:
        """Show where the playhead is and how it moves; what has not changed costs nothing."""
        known = frame.span is not None
        for widget in (*self._buttons.values(), self._steps, self.time):
            widget.setEnabled(known)
        self._buttons["skip"].setEnabled(known and frame.mode is not Mode.BLIND)
        self._live.setEnabled(known and frame.mode.grows)
        self._live.setChecked(frame.mode.at_end)
        self._speed.setEnabled(known and not frame.mode.at_end)
        self._show_speed(frame.speed)
        if frame.playing != self._playing:
            self._playing = frame.playing
            self._show_play_sign()
        if frame.span is not None:
            calm = frame.playing and abs(frame.speed) >= 1
            self.time.show_time(frame.at_ns, frame.span, self._zone, digits=0 if calm else 1)
            zone = offset_name(frame.at_ns, self._zone)
            if zone != self._offset.text():
                self._offset.setText(zone)

    def _show_speed(self, speed: float) -> None:
        """Select the speed; one that is not offered, backwards among them, stands as text."""
        index = self._speed.findData(speed)
        if index != self._speed.currentIndex() or index < 0:
            self._speed.setCurrentIndex(index)
            self._speed.setPlaceholderText(speed_word(speed))

    def _show_play_sign(self) -> None:
        self._buttons["play"].setIcon(icon("pause" if self._playing else "play", self._context.theme.palette))

    def _on_theme_changed(self) -> None:
        for sign, button in self._buttons.items():
            button.setIcon(icon(sign, self._context.theme.palette))
        self._show_play_sign()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        for sign, command in _BUTTONS:
            action = self._context.commands.action(command)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            self._buttons[sign].setToolTip(f"{action.text()}  {keys}")
            self._buttons[sign].setAccessibleName(action.text())
        self._speed.setAccessibleName(tr("Speed"))
        self._speed.setToolTip(tr("Speed of the playback (J, K, L)"))
        for number, word in enumerate(STEP_WORDS):
            self._steps.setItemText(number, tr(word))
        self._steps.setAccessibleName(tr("What is stepped by"))
        self._steps.setToolTip(tr("What Ctrl and the arrows step by: of the selected machine, of any where none is selected"))
        self._live.setText(tr("Live"))
        self._live.setToolTip(tr("Return to now (End)"))
        self.time.retranslate()
        self._on_marks_changed()

    # What is done

    def _on_speed_chosen(self, index: int) -> None:
        self._context.transport.set_speed(float(self._speed.itemData(index)))

    def _on_steps_chosen(self, index: int) -> None:
        self._playback.step_by(STEPS[index])

    def say(self, what: str) -> None:
        """Say something for a while; nothing is said any more where it is empty."""
        self._message.show_text(what)
        if what:
            self._quiet.start(SAID_MS)
        else:
            self._quiet.stop()

    def _on_said_long_enough(self) -> None:
        self._message.show_text("")

    def _on_live_clicked(self) -> None:
        """Go live; the button stays lit by the frame, not by the click."""
        self._live.setChecked(False)
        self._context.commands.run("time.end")

    def _on_time_refused(self, why: str) -> None:
        """Say why, until a time is typed that is one."""
        self._quiet.stop()
        self._message.show_text(why)

    def _on_marks_changed(self) -> None:
        loop, marks = self._playback.marks.both, self._playback.marks
        self._buttons["loop"].setChecked(self._playback.looping)
        self._context.commands.action("play.loop").setChecked(self._playback.looping)
        self._buttons["skip"].setChecked(self._playback.skipping)
        self._context.commands.action("play.skip").setChecked(self._playback.skipping)
        if loop is not None:
            days = {clock_time(at_ns, self._zone, date=True)[:11] for at_ns in loop}
            text = clock_span(*loop, self._zone, short=True)
            text = text.removeprefix(days.pop()) if len(days) == 1 else text
        elif marks.in_ns is not None or marks.out_ns is not None:
            one = marks.in_ns if marks.in_ns is not None else marks.out_ns
            text = (tr("from {time}, O sets the end") if marks.out_ns is None else tr("to {time}, I sets the start")).format(
                time=clock_time(one or 0, self._zone)
            )
        else:
            text = ""
        self._loop_text.setText(text)
