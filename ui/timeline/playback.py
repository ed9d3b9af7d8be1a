"""Moving the playhead as a person means it: steps, state changes, shuttle, marks and the loop. Talks to the transport; no widgets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.timeline.picture import Marks
from ui.timeline.raster import next_change, previous_change
from ui.timeline.shuttle import shuttled

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from twin_app.model.frame import Frame
    from twin_app.model.timeline import Intervals
    from ui.context import Context


class Playback(QObject):
    """What keys and buttons of the timeline do to the playhead.

    Signals:
        marks_changed(): the loop's marks or the loop itself.
        sought(object): an instant (int ns) was gone to on purpose.
    """

    marks_changed = Signal()
    sought = Signal(object)

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
        self._armed = False
        self._search = 0

    def clear(self) -> None:
        """Forget marks and loop: another line was opened."""
        self.marks, self.looping, self._sought, self._armed = Marks(), False, None, False
        self.marks_changed.emit()

    # Playing

    def toggle(self) -> None:
        """Play or pause; at the end of a replay play it again from its start."""
        frame = self._frame()
        if frame is None or frame.span is None:
            return
        replay = not frame.mode.grows
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
        if frame.mode.at_end:
            self.seek(frame.at_ns)
        self._context.transport.set_speed(shuttled(frame.speed, direction, playing=frame.playing and not frame.mode.at_end))
        self._context.transport.play()

    # Going somewhere

    def seek(self, at_ns: int) -> None:
        """Go to an instant; clipped to what is known."""
        frame = self._frame()
        if frame is None or frame.span is None:
            return
        at_ns = min(max(at_ns, frame.span.start_ns), frame.span.end_ns)
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

    def to_change(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) change of state of the selected unit, of any unit where none is selected."""
        frame, at = self._frame(), self.at_ns()
        if frame is None or frame.span is None or at is None:
            return
        start, end = (at, frame.span.end_ns) if direction > 0 else (frame.span.start_ns, at)
        selected = self._context.selection.unit
        units = (selected,) if selected in self._units() else self._units()
        self._search += 1
        found: list[int] = []
        waiting = set(units)
        for unit in units:
            then = partial(self._on_changes, (self._search, at, direction), unit, waiting, found)
            self._context.query.timeline(f"time/change/{unit}", unit, start, end, then)

    def _on_changes(self, search: tuple[int, int, int], unit: str, waiting: set[str], found: list[int], intervals: Intervals) -> None:
        """Collect each unit's candidate; the last one decides."""
        number, at, direction = search
        if number != self._search:
            return
        candidate = (next_change if direction > 0 else previous_change)(_changes(intervals), at)
        if candidate is not None:
            found.append(candidate)
        waiting.discard(unit)
        if not waiting and found:
            self.seek(min(found) if direction > 0 else max(found))

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
        self._armed = False
        self.marks_changed.emit()

    def _mark(self, marks: Marks) -> None:
        self.marks = marks
        self.marks_changed.emit()

    def loop_ns(self, frame: Frame) -> tuple[int, int] | None:
        """Return the loop: between the marks; without both, a whole replay; nothing of a growing line."""
        if self.marks.both is not None or frame.span is None:
            return self.marks.both
        return None if frame.mode.grows else (frame.span.start_ns, frame.span.end_ns)

    def show_frame(self, frame: Frame) -> None:
        """Jump back where the playhead has run out of the loop it was in."""
        loop = self.loop_ns(frame) if self.looping else None
        if loop is None:
            return
        start, end = loop
        forwards = frame.speed > 0
        out = frame.at_ns >= end if forwards else frame.at_ns <= start
        if not out:
            self._armed = start <= frame.at_ns <= end and (frame.playing or self._armed)
        elif self._armed:
            self.seek(start if forwards else end)
            self._context.transport.play()


def _changes(intervals: Intervals) -> NDArray[np.int64]:
    """Return where the state becomes another one; a change of mode alone is none, nor is the cut at the span's start."""
    starts: NDArray[np.int64] = intervals.start_ns[1:][intervals.state[1:] != intervals.state[:-1]]
    return starts
