"""How much of the window's thread each panel takes: what it does with a frame, and its painting. Not for making any of it cheaper.

What panels do with frames is always counted, which costs two looks at the clock a frame. Painting is counted only while somebody
looks (`Effort.begin`), because every event of the program is looked at then. All times are of the clock on the wall, which the person
waits by too; the processor's own clock is dear to ask, so it is asked once a beat.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

BEAT_MS = 10
BLOCK_MS = 50
"""Whoever presses a key waits as long as the longest block; beyond this it is felt."""


@dataclass(slots=True)
class Tally:
    """How often something was done, and how long it took."""

    count: int = 0
    spent_ns: int = 0
    longest_ns: int = 0

    def add(self, spent_ns: int) -> None:
        """Count it once more."""
        self.count += 1
        self.spent_ns += spent_ns
        self.longest_ns = max(self.longest_ns, spent_ns)

    def more(self, spent_ns: int) -> None:
        """Add to what was counted last."""
        self.spent_ns += spent_ns
        self.longest_ns = max(self.longest_ns, spent_ns)

    def taken(self) -> Tally:
        """Return what was counted, and count from nothing."""
        found = Tally(self.count, self.spent_ns, self.longest_ns)
        self.count = self.spent_ns = self.longest_ns = 0
        return found


class Worker(Protocol):
    """Whoever shows frames: see `ui.panels.base.Panel`."""

    key: str
    shown: Tally


@dataclass(frozen=True, slots=True)
class Row:
    """What one of them took: of frames, and of painting."""

    key: str
    shown: Tally
    painted: Tally


@dataclass(frozen=True, slots=True)
class Account:
    """What was counted for a while; `waits` are times in which nothing could be answered to a person, beyond the beat of 10 ms."""

    lasted_s: float
    rows: tuple[Row, ...]
    bars: Tally
    """Painting of what is no panel: bars, menus, dialogs."""
    waits: Tally
    worked: Tally
    """The processor's time between two beats: where a wait is longer, the thread waited for others, too."""
    blocked: int
    """How many of the waits were longer than 50 ms."""


class Effort(QObject):
    """Counts while it is told to."""

    def __init__(self, workers: Callable[[], Iterable[Worker]], parent: QObject) -> None:
        """Count nothing yet; `workers` are asked for anew each time, for panels come and go."""
        super().__init__(parent)
        self._workers = workers
        self._painted: dict[str, Tally] = {}
        self._waits, self._worked, self._blocked = Tally(), Tally(), 0
        self._owner: str | None = None
        self._since_ns = self._began_ns = self._beat_ns = self._own_ns = 0
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._on_beat)

    def begin(self) -> None:
        """Count from now on, from nothing."""
        self.take()
        if app := QApplication.instance():
            app.installEventFilter(self)
        QAbstractEventDispatcher.instance().aboutToBlock.connect(self._close)
        self._beat.start()

    def end(self) -> None:
        """Count no more; `take` still gives the last."""
        self._beat.stop()
        if app := QApplication.instance():
            app.removeEventFilter(self)
        QAbstractEventDispatcher.instance().aboutToBlock.disconnect(self._close)

    def take(self) -> Account:
        """Return what was counted since the last time, and count from nothing."""
        now = time.perf_counter_ns()
        rows = tuple(Row(worker.key, worker.shown.taken(), self._painted.pop(worker.key, Tally())) for worker in self._workers())
        found = Account(
            (now - self._began_ns) / 1e9, rows, self._painted.pop("", Tally()), self._waits.taken(), self._worked.taken(), self._blocked
        )
        self._painted.clear()
        self._began_ns = self._beat_ns = now
        self._own_ns = time.thread_time_ns()
        self._blocked = 0
        return found

    def _on_beat(self) -> None:
        """See how long this had to wait."""
        now, own = time.perf_counter_ns(), time.thread_time_ns()
        waited_ns = max(0, now - self._beat_ns - BEAT_MS * 1_000_000)
        self._worked.add(own - self._own_ns)
        self._beat_ns, self._own_ns = now, own
        self._waits.add(waited_ns)
        self._blocked += waited_ns > BLOCK_MS * 1_000_000

    def _close(self) -> None:
        """The event that was painted is over."""
        if self._owner is not None:
            self._painted.setdefault(self._owner, Tally()).add(time.perf_counter_ns() - self._since_ns)
            self._owner = None

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._close()  # one event ends where the next begins, or where the thread goes to sleep
        if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
            self._owner = _owner(watched)
            self._since_ns = time.perf_counter_ns()
        return False


def _owner(widget: QWidget) -> str:
    """Return the key of the panel that a widget belongs to, empty where it is part of none."""
    above: QWidget | None = widget
    while above is not None:
        if isinstance(getattr(above, "shown", None), Tally):
            return str(getattr(above, "key", ""))
        above = above.parentWidget()
    return ""
