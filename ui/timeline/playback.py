"""Moving the playhead as a person means it: steps, state changes, shuttle, marks and the loop. Talks to the transport; no widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from twin_app.clock import SECOND_NS
from twin_app.model.event import EventKind
from twin_app.model.frame import Mode
from twin_app.text import duration, percent, tr
from ui.timeline.picture import Marks
from ui.timeline.shuttle import CREEP, shuttled
from ui.timeline.stepping import Stepping

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.event import Event
    from twin_app.model.frame import Frame
    from ui.context import Context

STEPS = (
    frozenset({EventKind.STATE}), frozenset({EventKind.PART}), frozenset({EventKind.ALARM}), frozenset(EventKind),
)  # fmt: skip
"""What Ctrl and the arrows may step by; the first one is chosen at first."""

BLIND_STEP_NS = 10 * SECOND_NS
"""A blind replay does not run backwards: it steps, and learns anew what was known there."""


class Playback(QObject):
    """What keys and buttons of the timeline do to the playhead.

    Signals:
        marks_changed(): the loop's marks, the loop itself, or whether dead time is skipped.
        sought(object): an instant (int ns) was gone to on purpose.
        said(str): what a person should know; empty when it is over.
    """

    marks_changed = Signal()
    sought = Signal(object)
    said = Signal(str)

    def __init__(self, context: Context, frame: Callable[[], Frame | None], units: Callable[[], tuple[str, ...]], parent: QObject) -> None:
        """Act on whatever frame is the newest; without one do nothing."""
        super().__init__(parent)
        self._context = context
        self._frame = frame
        self._units = units
        self.marks = Marks()
        self.looping = False
        self._sought: tuple[int, Frame] | None = None
        self._before_scrub: tuple[int, bool] | None = None
        self._told_loop: tuple[int, int] | None = None
        self.skipping = self._learning = False
        self.kinds = STEPS[0]
        self.slowly: Callable[[], bool] = bool
        """Whether J and L play slowly now, until they are let go of."""
        self._creeping = False
        self._stepping = Stepping(self._ask_event)

    def clear(self) -> None:
        """Forget marks, loop and skipping: another line was opened."""
        self.marks, self.looping, self.skipping, self._sought, self._told_loop = Marks(), False, False, None, None
        self.marks_changed.emit()

    # Playing

    def toggle(self) -> None:
        """Play or pause; at the end of a replay play it again from its start. What played backwards plays forwards again, as on an editing desk."""
        frame = self._frame()
        if frame is None or frame.span is None:
            return
        if not frame.playing and frame.speed < 0:
            self._context.transport.set_speed(-frame.speed)
        replay = frame.mode in {Mode.REPLAY, Mode.SAMPLE}
        if replay and not frame.playing and frame.speed > 0 and frame.at_ns >= frame.span.end_ns:
            self.seek(frame.span.start_ns)
            self._context.transport.play()
        else:
            self._context.transport.toggle()

    def pause(self) -> None:
        """Stop time."""
        if self._frame() is not None:
            self._context.transport.pause()

    def shuttle(self, direction: int) -> None:
        """Play forwards (1) or backwards (-1), faster with each press; backwards leaves the live end."""
        frame = self._frame()
        if frame is None or (frame.mode.at_end and direction > 0):
            return
        if frame.mode is Mode.BLIND and direction < 0:
            self._context.transport.pause()
            self.step(-BLIND_STEP_NS)
            return
        if frame.mode.at_end:
            self.seek(frame.at_ns)
        self._creeping = self.slowly()
        playing = frame.playing and not frame.mode.at_end
        self._context.transport.set_speed(direction * CREEP if self._creeping else shuttled(frame.speed, direction, playing=playing))
        self._context.transport.play()

    def let_go(self) -> None:
        """A key of the shuttle was let go of: what plays slowly stands."""
        if self._creeping:
            self._creeping = False
            self.pause()

    # Going somewhere

    def seek(self, at_ns: int) -> None:
        """Go to an instant; clipped to what is known, but for a blind replay: there what comes is learned by going there."""
        frame = self._frame()
        if frame is None or frame.span is None:
            return
        at_ns = max(at_ns, frame.span.start_ns)
        at_ns = at_ns if frame.mode is Mode.BLIND else min(at_ns, frame.span.end_ns)
        self._sought = at_ns, frame
        self._context.transport.seek(at_ns)
        self.sought.emit(at_ns)

    def at_ns(self) -> int | None:
        """Return where the playhead is, or is about to be: keys repeat faster than frames come."""
        frame = self._frame()
        if self._sought is not None and self._sought[1] is frame:
            return self._sought[0]
        return None if frame is None else frame.at_ns

    def step(self, ns: int) -> None:
        """Move by a length of time."""
        at = self.at_ns()
        if at is not None:
            self.seek(at + ns)

    def start(self) -> None:
        """Go to the first sample."""
        frame = self._frame()
        if frame is not None and frame.span is not None:
            self.seek(frame.span.start_ns)

    def end(self) -> None:
        """Go to the live end, or the end of a replay."""
        frame = self._frame()
        if frame is not None and frame.span is not None:
            self._sought = None
            self._context.transport.follow()
            self.sought.emit(frame.span.end_ns)

    def to_event(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) event of the chosen kinds: the selected unit's, any unit's where none is selected."""
        self._stepping.press(direction)

    def _ask_event(self, direction: int) -> bool:
        at = self.at_ns()
        if at is not None:
            selected = self._context.selection.unit
            unit = selected if selected in self._units() else None
            self._context.query.step("time/event", self.kinds, unit, at, direction, self._on_stepped)
        return at is not None

    def _on_stepped(self, event: Event | None) -> None:
        """Go there, or say that there is none."""
        if event is None:
            self.said.emit(tr("There is no further event in this direction."))
        else:
            self.said.emit("")
            self.seek(event.at_ns)
        self._stepping.answered(found=event is not None)

    def step_by(self, kinds: frozenset[EventKind]) -> None:
        """Let events of other kinds be gone to."""
        self.kinds = kinds

    # Scrubbing, with a way back

    def begin_scrub(self) -> None:
        """Remember where the playhead was taken from; the first of two quick takes counts."""
        frame = self._frame()
        at = self.at_ns()
        if frame is not None and at is not None:
            self._before_scrub = at, frame.mode.at_end

    def undo_scrub(self) -> None:
        """Go back to where the playhead was taken from."""
        if self._before_scrub is None:
            return
        at_ns, was_live = self._before_scrub
        if was_live:
            self._context.transport.follow()
        else:
            self.seek(at_ns)

    # The loop

    def mark_in(self) -> None:
        """Let the loop begin at the playhead."""
        self._mark(Marks(self.at_ns(), self.marks.out_ns))

    def mark_out(self) -> None:
        """Let the loop end at the playhead."""
        self._mark(Marks(self.marks.in_ns, self.at_ns()))

    def clear_marks(self) -> None:
        """Take both marks away, and the loop with them."""
        self.looping = False
        self._mark(Marks())

    def toggle_loop(self) -> None:
        """Play round and round between the marks, or no longer."""
        self.looping = not self.looping
        self._tell_loop()
        self.marks_changed.emit()

    def mark_span(self, start_ns: int, end_ns: int) -> None:
        """Set both marks."""
        self._mark(Marks(start_ns, end_ns))

    def _mark(self, marks: Marks) -> None:
        self.marks = marks
        self._tell_loop()
        self.marks_changed.emit()

    def loop_ns(self) -> tuple[int, int] | None:
        """Return the loop: between the marks; without both, a whole replay; nothing of what grows or is hidden."""
        frame = self._frame()
        if self.marks.both is not None or frame is None or frame.span is None:
            return self.marks.both
        whole = frame.mode in {Mode.REPLAY, Mode.SAMPLE} and frame.span.end_ns > frame.span.start_ns
        return (frame.span.start_ns, frame.span.end_ns) if whole else None

    def _tell_loop(self) -> None:
        """Tell the transport where to go round, if that has changed."""
        loop = self.loop_ns() if self.looping else None
        if loop != self._told_loop:
            self._told_loop = loop
            self._context.transport.loop(*(loop or (None, None)))

    def take(self, marks: Marks, *, looping: bool, skipping: bool) -> None:
        """Take over marks, the loop between them, and whether dead time is passed over."""
        self.looping = looping
        if skipping != self.skipping:
            self.toggle_skip()
        self._mark(marks)

    # Dead time

    def toggle_skip(self) -> None:
        """Pass over time in which nothing happens, or no longer."""
        self.skipping = not self.skipping
        self._context.transport.skip_dead_time(on=self.skipping)
        self.marks_changed.emit()

    def show_frame(self, frame: Frame) -> None:
        """Follow a span that grew; say what was passed over."""
        if self.looping and frame.changes.span:
            self._tell_loop()
        if frame.mode is Mode.BLIND and frame.behind_s > 0 and frame.span is not None:
            length_s = max((frame.at_ns - frame.span.start_ns) / SECOND_NS, frame.behind_s)
            self._learning = True
            self.said.emit(tr("Learning anew what was known here: {share}", share=percent(1.0 - frame.behind_s / length_s, 0)))
        elif self._learning:
            self._learning = False
            self.said.emit("")
        if frame.passed is not None:
            length = duration((frame.passed.end_ns - frame.passed.start_ns) / SECOND_NS)
            self.said.emit(tr("✂ {length} in which nothing happened were skipped", length=length))
