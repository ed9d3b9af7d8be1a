"""Questions about the past, answered on one worker thread so that no frame waits for them. Not for the newest frame.

Of a key the newest question wins. While it is worked on, an answer to an older question about the same thing is still
delivered (it names its own times), so that a view that asks faster than can be answered is not starved.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal

from ui.effort import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from twin_app.clock import Cuts
    from twin_app.model.alarm import AlarmReport
    from twin_app.model.event import Event, EventKind
    from twin_app.model.historian import Series
    from twin_app.model.kpi import Account, By, Detail, LineFigures, Part, Trend
    from twin_app.model.message import RawMessage
    from twin_app.model.overview import AlarmTicks, Overview
    from twin_app.model.plan import ShiftSpan
    from twin_app.model.reason import Stop
    from twin_app.model.timeline import Intervals
    from twin_app.model.usage import Usage

LOG = logging.getLogger(__name__)


class Answers(Protocol):
    """The part of a session that may be asked from any thread."""

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of a span."""
        ...

    def timeline(self, unit: str, start_ns: int, end_ns: int) -> Intervals:
        """Return a unit's state intervals."""
        ...

    def figures(self, start_ns: int, end_ns: int) -> LineFigures:
        """Return every figure of a window."""
        ...

    def detail(self, unit: str | None, start_ns: int, end_ns: int) -> Detail:
        """Return the further figures of a window."""
        ...

    def account(self, unit: str, start_ns: int, end_ns: int) -> Account:
        """Return all figures of a unit in a window with their intervals."""
        ...

    def parts(self, unit: str | None, by: By, start_ns: int, end_ns: int) -> Sequence[Part]:
        """Return the figures of a window in parts."""
        ...

    def trend(self, unit: str | None, start_ns: int, end_ns: int, points: int) -> Trend:
        """Return figures through a span."""
        ...

    def alarm_report(self, start_ns: int, end_ns: int) -> AlarmReport:
        """Return the journal of alarms of a span, and what is counted from it."""
        ...

    def step(self, kinds: Collection[EventKind], unit: str | None, at_ns: int, direction: int) -> Event | None:
        """Return the neighbouring event."""
        ...

    def dead_time(self, start_ns: int, end_ns: int) -> Cuts:
        """Return where nothing happens."""
        ...

    def overview(self, start_ns: int, end_ns: int, pixels: int) -> Overview:
        """Return what line and units did."""
        ...

    def alarm_ticks(self, start_ns: int, end_ns: int) -> AlarmTicks:
        """Return when alarms occurred."""
        ...

    def reason(self, unit: str, start_ns: int, end_ns: int) -> str:
        """Return why a unit was in a state."""
        ...

    def stops(self, start_ns: int, end_ns: int) -> Sequence[Stop]:
        """Return the stops of a span."""
        ...

    def shifts(self, start_ns: int, end_ns: int) -> Sequence[ShiftSpan]:
        """Return the shifts of a span."""
        ...

    def usage(self, start_ns: int, at_ns: int) -> Usage:
        """Return last parts and energy used."""
        ...

    def raw(self, unit: str | None, at_ns: int, count: int) -> Sequence[RawMessage]:
        """Return the newest raw messages."""
        ...


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of `line` number so and so, and who is told."""

    line: int
    key: str
    method: str
    subject: object
    arguments: tuple[Any, ...]
    then: Callable[[Any], None]

    def same_matter(self, other: _Question) -> bool:
        """Tell whether an answer to this is about the same thing as the other, though of another span."""
        return (self.line, self.method, self.subject, self.then) == (other.line, other.method, other.subject, other.then)


class SessionQuery(QObject):
    """`ui.context.Query` over the session of the open line."""

    _answered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start the worker; it sleeps until asked."""
        super().__init__(parent)
        self._asked = threading.Condition()
        self._waiting: OrderedDict[str, _Question] = OrderedDict()
        self._newest: dict[str, _Question] = {}
        self._answers: deque[tuple[_Question, Any]] = deque()
        self._source: Answers | None = None
        self._line = 0
        self._stopping = self._working = False
        self.delivered = Tally()
        """What views made of the answers, in the GUI thread."""
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._worker = threading.Thread(target=self._work, name="query", daemon=True)
        self._worker.start()

    def open(self, source: Answers | None) -> None:
        """Ask another line from now on; what was asked of the one before is never answered."""
        with self._asked:
            self._line += 1
            self._source = source
            self._waiting.clear()
            self._newest.clear()

    @property
    def idle(self) -> bool:
        """Whether every question was answered and delivered."""
        with self._asked:
            return not (self._waiting or self._working or self._answers)

    def stop(self) -> None:
        """End the worker and wait for it; nothing is delivered any more."""
        self.open(None)
        with self._asked:
            self._stopping = True
            self._asked.notify()
        self._worker.join()

    def range(self, key: str, signal: int, start_ns: int, end_ns: int, pixels: int, then: Callable[[Series], None]) -> None:
        """Ask for the samples of a span."""
        self._ask(key, "range", signal, (signal, start_ns, end_ns, pixels), then)

    def timeline(self, key: str, unit: str, start_ns: int, end_ns: int, then: Callable[[Intervals], None]) -> None:
        """Ask for the state intervals of a unit."""
        self._ask(key, "timeline", unit, (unit, start_ns, end_ns), then)

    def trend(self, key: str, unit: str | None, start_ns: int, end_ns: int, points: int, then: Callable[[Trend], None]) -> None:
        """Ask for figures through a span."""
        self._ask(key, "trend", unit, (unit, start_ns, end_ns, points), then)

    def parts(self, key: str, unit: str | None, by: By, start_ns: int, end_ns: int, then: Callable[[Sequence[Part]], None]) -> None:
        """Ask for the figures of a window in parts."""
        self._ask(key, "parts", (unit, by), (unit, by, start_ns, end_ns), then)

    def detail(self, key: str, unit: str | None, start_ns: int, end_ns: int, then: Callable[[Detail], None]) -> None:
        """Ask for the further figures of a window."""
        self._ask(key, "detail", unit, (unit, start_ns, end_ns), then)

    def account(self, key: str, unit: str, start_ns: int, end_ns: int, then: Callable[[Account], None]) -> None:
        """Ask for all figures of a unit in a window with their intervals."""
        self._ask(key, "account", unit, (unit, start_ns, end_ns), then)

    def figures(self, key: str, start_ns: int, end_ns: int, then: Callable[[LineFigures], None]) -> None:
        """Ask for all figures of a window."""
        self._ask(key, "figures", None, (start_ns, end_ns), then)

    def alarm_report(self, key: str, start_ns: int, end_ns: int, then: Callable[[AlarmReport], None]) -> None:
        """Ask for the journal of alarms of a span."""
        self._ask(key, "alarm_report", None, (start_ns, end_ns), then)

    def step(
        self, key: str, kinds: Collection[EventKind], unit: str | None, at_ns: int, direction: int, then: Callable[[Event | None], None]
    ) -> None:  # fmt: skip
        """Ask for the neighbouring event."""
        self._ask(key, "step", (frozenset(kinds), unit, direction), (frozenset(kinds), unit, at_ns, direction), then)

    def dead_time(self, key: str, start_ns: int, end_ns: int, then: Callable[[Cuts], None]) -> None:
        """Ask where nothing happens."""
        self._ask(key, "dead_time", None, (start_ns, end_ns), then)

    def overview(self, key: str, start_ns: int, end_ns: int, pixels: int, then: Callable[[Overview], None]) -> None:
        """Ask for what line and units did."""
        self._ask(key, "overview", pixels, (start_ns, end_ns, pixels), then)

    def alarm_ticks(self, key: str, start_ns: int, end_ns: int, then: Callable[[AlarmTicks], None]) -> None:
        """Ask when alarms occurred."""
        self._ask(key, "alarm_ticks", None, (start_ns, end_ns), then)

    def reason(self, key: str, unit: str, start_ns: int, end_ns: int, then: Callable[[str], None]) -> None:
        """Ask why a unit was in a state."""
        self._ask(key, "reason", (unit, start_ns), (unit, start_ns, end_ns), then)

    def stops(self, key: str, start_ns: int, end_ns: int, then: Callable[[Sequence[Stop]], None]) -> None:
        """Ask for the stops of a span."""
        self._ask(key, "stops", None, (start_ns, end_ns), then)

    def shifts(self, key: str, start_ns: int, end_ns: int, then: Callable[[Sequence[ShiftSpan]], None]) -> None:
        """Ask for the shifts of a span."""
        self._ask(key, "shifts", None, (start_ns, end_ns), then)

    def usage(self, key: str, start_ns: int, at_ns: int, then: Callable[[Usage], None]) -> None:
        """Ask for last parts and energy used."""
        self._ask(key, "usage", None, (start_ns, at_ns), then)

    def raw(self, key: str, unit: str | None, at_ns: int, count: int, then: Callable[[Sequence[RawMessage]], None]) -> None:
        """Ask for the newest raw messages."""
        self._ask(key, "raw", unit, (unit, at_ns, count), then)

    def _ask(self, key: str, method: str, subject: object, arguments: tuple[Any, ...], then: Callable[[Any], None]) -> None:
        """Put a question into its slot; a newer one keeps the older one's place in the row."""
        with self._asked:
            if self._source is None:
                return
            question = _Question(self._line, key, method, subject, arguments, then)
            self._waiting[key] = self._newest[key] = question
            self._asked.notify()

    def _work(self) -> None:
        """Answer one question after another; the only thing told to the GUI thread is that there are answers."""
        while True:
            with self._asked:
                while not self._waiting and not self._stopping:
                    self._asked.wait()
                if self._stopping:
                    return
                _, question = self._waiting.popitem(last=False)
                source = self._source
                self._working = True
            try:
                answer = getattr(source, question.method)(*question.arguments)
            except Exception:  # a thread that dies would leave every view without answers; the log has it once
                LOG.exception("A view's question could not be answered: %s %s", question.method, question.arguments)
                with self._asked:
                    self._working = False
                continue
            with self._asked:
                self._working = False
                self._answers.append((question, answer))
                if not self._stopping:
                    self._answered.emit()

    def _on_answered(self) -> None:
        """Deliver in the GUI thread what is still wanted."""
        while self._answers:
            question, answer = self._answers.popleft()
            newest = self._newest.get(question.key)
            if newest is not None and (newest is question or newest.same_matter(question)):
                began_ns = time.perf_counter_ns()
                question.then(answer)
                self.delivered.add(time.perf_counter_ns() - began_ns)
