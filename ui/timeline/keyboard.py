"""The timeline's commands and keys, and who else may have a key first. Not for what they do: see `playback` and `canvas`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QTreeView,
    QWidget,
)
from typing_extensions import override

from twin_app.clock import MILLISECOND_NS, SECOND_NS
from twin_app.text import N_
from ui.commands import Command

if TYPE_CHECKING:
    from ui.commands import Commands
    from ui.timeline.canvas import TimelineCanvas
    from ui.timeline.marking import Marking
    from ui.timeline.playback import Playback

PLAYBACK = N_("Playback")
MARKS = N_("Marks")
VIEW = N_("View")
ZOOM_A_KEY = 1.6
PAN_A_KEY = 0.15

IDS = (
    "play.toggle", "play.backwards", "play.pause", "play.forwards", "play.loop", "play.clear_marks", "play.mark_in", "play.mark_out",
    "play.skip", "play.blind", "time.back", "time.forward", "time.back_far", "time.forward_far", "time.back_fine", "time.forward_fine",
    "time.previous_event", "time.next_event", "time.previous_alarm", "time.next_alarm", "time.start", "time.end", "time.enter",
    "mark.add", "mark.previous", "mark.next", "mark.link", "span.table", "view.timeline.frame", "view.timeline.fit",
    "view.timeline.zoom_in", "view.timeline.zoom_out", "view.timeline.pan_left", "view.timeline.pan_right",
)  # fmt: skip
"""All commands of the timeline, enabled while a line is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What keys do that is done by the panel itself."""

    enter: Callable[[], None]
    """Let a time be typed."""
    frame: Callable[[], None]
    """Show the selection's present state from end to end."""
    blind: Callable[[], None]
    """Hide what was not known at the playhead, or show it again."""
    table: Callable[[], None]
    """Show the table of the selected stretch."""
    let_go: Callable[[], None]
    """Let go of the selected stretch."""


def register(commands: Commands, playback: Playback, marking: Marking, canvas: TimelineCanvas, acts: Acts) -> None:
    """Add the timeline's commands."""
    _register_playing(commands, playback, acts)
    _register_going(commands, playback, acts)
    _register_marking(commands, marking, acts)
    _register_view(commands, canvas, acts)


def _register_playing(commands: Commands, playback: Playback, acts: Acts) -> None:
    """Add what plays and loops."""
    for command, run in (
        (Command(id="play.toggle", text=N_("Play or pause"), keys=("Space",), menu=PLAYBACK, repeats=False), playback.toggle),
        (
            Command(id="play.backwards", text=N_("Play backwards, faster"), keys=("J",), menu=PLAYBACK, repeats=False),
            partial(playback.shuttle, -1),
        ),
        (Command(id="play.pause", text=N_("Pause"), keys=("K",), menu=PLAYBACK, repeats=False), playback.pause),
        (
            Command(id="play.forwards", text=N_("Play forwards, faster"), keys=("L",), menu=PLAYBACK, repeats=False),
            partial(playback.shuttle, 1),
        ),
        (Command(id="play.mark_in", text=N_("Loop from here"), keys=("I",), menu=MARKS), playback.mark_in),
        (Command(id="play.mark_out", text=N_("Loop to here"), keys=("O",), menu=MARKS), playback.mark_out),
        (Command(id="play.loop", text=N_("Loop"), keys=("Ctrl+L",), menu=PLAYBACK, checkable=True), playback.toggle_loop),
        (Command(id="play.clear_marks", text=N_("Clear the loop's marks"), keys=("Ctrl+Shift+L",), menu=MARKS), playback.clear_marks),
        (
            Command(id="play.skip", text=N_("Skip time in which nothing happens"), keys=("X",), menu=PLAYBACK, checkable=True),
            playback.toggle_skip,
        ),
        (
            Command(
                id="play.blind", text=N_("Blind replay: hide what was not known yet"), keys=("Ctrl+Shift+B",), menu=PLAYBACK, checkable=True
            ),
            acts.blind,
        ),
    ):
        commands.add(command, run)


def _register_going(commands: Commands, playback: Playback, acts: Acts) -> None:
    """Add what goes to another instant."""
    tenth = 100 * MILLISECOND_NS
    steps = (
        ("time.back", N_("Back 1 s"), "Left", -SECOND_NS), ("time.forward", N_("Forward 1 s"), "Right", SECOND_NS),
        ("time.back_far", N_("Back 10 s"), "Shift+Left", -10 * SECOND_NS), ("time.forward_far", N_("Forward 10 s"), "Shift+Right", 10 * SECOND_NS),
        ("time.back_fine", N_("Back 0.1 s"), "Alt+Left", -tenth), ("time.forward_fine", N_("Forward 0.1 s"), "Alt+Right", tenth),
    )  # fmt: skip
    for command_id, text, key, ns in steps:
        commands.add(Command(id=command_id, text=text, keys=(key,), menu=PLAYBACK), partial(playback.step, ns))
    for command, run in (
        (Command(id="time.previous_event", text=N_("Previous event"), keys=("Ctrl+Left",), menu=PLAYBACK), partial(playback.to_event, -1)),
        (Command(id="time.next_event", text=N_("Next event"), keys=("Ctrl+Right",), menu=PLAYBACK), partial(playback.to_event, 1)),
        (Command(id="time.start", text=N_("Go to the start"), keys=("Home",), menu=PLAYBACK), playback.start),
        (Command(id="time.end", text=N_("Go to the end, live"), keys=("End",), menu=PLAYBACK), playback.end),
        (Command(id="time.enter", text=N_("Go to a time…"), keys=("G",), menu=PLAYBACK, repeats=False), acts.enter),
    ):
        commands.add(command, run)


def _register_marking(commands: Commands, marking: Marking, acts: Acts) -> None:
    """Add what has to do with bookmarks, alarms and stretches of time."""
    for command, run in (
        (
            Command(id="time.previous_alarm", text=N_("Previous alarm or bookmark"), keys=("Up",), menu=MARKS),
            partial(marking.to_alarm_or_bookmark, -1),
        ),
        (
            Command(id="time.next_alarm", text=N_("Next alarm or bookmark"), keys=("Down",), menu=MARKS),
            partial(marking.to_alarm_or_bookmark, 1),
        ),
        (Command(id="mark.add", text=N_("Bookmark with a note"), keys=("M",), menu=MARKS, repeats=False), marking.mark),
        (Command(id="mark.previous", text=N_("Previous bookmark"), keys=("[",), menu=MARKS), partial(marking.to_bookmark, -1)),
        (Command(id="mark.next", text=N_("Next bookmark"), keys=("]",), menu=MARKS), partial(marking.to_bookmark, 1)),
        (Command(id="mark.link", text=N_("Copy a link to this moment"), keys=("C",), menu=MARKS, repeats=False), marking.copy_link),
        (Command(id="span.table", text=N_("Table of the selected stretch"), keys=("T",), menu=MARKS, repeats=False), acts.table),
        (Command(id="span.clear", text=N_("Let go of the selected stretch"), keys=("Escape",), menu=MARKS), acts.let_go),
    ):
        commands.add(command, run)


def _register_view(commands: Commands, canvas: TimelineCanvas, acts: Acts) -> None:
    """Add what shows another stretch of time."""
    for command_id, text, key, run in (
        ("view.timeline.frame", N_("Timeline: frame the selection"), "F", acts.frame),
        ("view.timeline.fit", N_("Timeline: show everything"), "Ctrl+0", canvas.fit),
        ("view.timeline.zoom_in", N_("Timeline: zoom in"), "W", partial(canvas.zoom, ZOOM_A_KEY)),
        ("view.timeline.zoom_out", N_("Timeline: zoom out"), "S", partial(canvas.zoom, 1 / ZOOM_A_KEY)),
        ("view.timeline.pan_left", N_("Timeline: earlier"), "A", partial(canvas.pan, -PAN_A_KEY)),
        ("view.timeline.pan_right", N_("Timeline: later"), "D", partial(canvas.pan, PAN_A_KEY)),
    ):
        commands.add(Command(id=command_id, text=text, keys=(key,), menu=VIEW), run)


_ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End})
_SHUTTLE = frozenset({Qt.Key.Key_J, Qt.Key.Key_K, Qt.Key.Key_L})
_OWN_KEYS: tuple[tuple[type[QWidget], frozenset[Qt.Key]], ...] = (
    (QAbstractButton, frozenset({Qt.Key.Key_Space})),
    (QComboBox, _ARROWS | {Qt.Key.Key_Space}),
    (QAbstractSlider, _ARROWS),
    (QTabBar, frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right})),
    (QTreeView, frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right})),
    (QAbstractItemView, frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down})),
)
"""Bare keys that the widget with the focus needs itself; a widget of ours may name more as its `own_keys`."""


class KeyGuard(QObject):
    """Lets the widget with the focus have the keys it needs before any command takes them: text is typed, buttons are pressed.

    Signals:
        released(): one of J, K and L that commands had was let go of.
    """

    released = Signal()

    def __init__(self, parent: QObject) -> None:
        """Watch whichever widget has the focus, and no other: a filter on the whole application would see every event there is."""
        super().__init__(parent)
        self._held: set[int] = set()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
            self._on_focus_changed(None, app.focusWidget())

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        self._held.clear()
        if old is not None:
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)

    def holds_k(self) -> bool:
        """Tell whether K is held down: with it J and L play slowly, as on an editing desk."""
        return Qt.Key.Key_K in self._held

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if event.type() is QEvent.Type.KeyRelease:
            self._let_go(event)
        if event.type() is not QEvent.Type.ShortcutOverride:
            return False
        if needed := needs(watched, event):
            event.accept()
        elif event.key() in _SHUTTLE and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._held.add(event.key())
        return needed

    def _let_go(self, event: QKeyEvent) -> None:
        """Forget a key that is no longer held; the system repeats keys by letting them go, too."""
        if not event.isAutoRepeat() and event.key() in self._held:
            self._held.discard(event.key())
            self.released.emit()


def needs(focus: QWidget | None, event: QKeyEvent) -> bool:
    """Tell whether a key belongs to the widget with the focus rather than to a command."""
    if _takes_text(focus):
        commanding = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier)
        printable = bool(event.text().strip()) or event.key() == Qt.Key.Key_Space
        return event.key() in _ARROWS or event.key() == Qt.Key.Key_Escape or (printable and not commanding)
    bare = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
    own: frozenset[Qt.Key] = getattr(focus, "own_keys", frozenset())
    return bare and (event.key() in own or any(isinstance(focus, kind) and event.key() in keys for kind, keys in _OWN_KEYS))


def _takes_text(focus: QWidget | None) -> bool:
    """Tell whether letters can be typed into a widget."""
    if isinstance(focus, QLineEdit | QTextEdit | QPlainTextEdit):
        return not focus.isReadOnly()
    return isinstance(focus, QAbstractSpinBox) or (isinstance(focus, QComboBox) and focus.isEditable())
