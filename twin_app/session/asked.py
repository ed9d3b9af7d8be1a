"""What anybody may ask of an open line about any instant: the one set of answers behind window, terminal and command line. Not for moving time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from twin_app.clock import now_ns
from twin_app.history import about
from twin_app.history.replay import Replay
from twin_app.model.historian import Span
from twin_app.model.message import SourceHealth
from twin_app.session.action_log import ActionLog
from twin_app.session.events import nearest
from twin_app.session.known import Known
from twin_app.session.overview import alarm_ticks, overview
from twin_app.session.reasons import reason
from twin_app.session.stops import stops
from twin_app.sources.simulated import SimulatedSource

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from twin_app.history.kept import Kept
    from twin_app.model.against import Against
    from twin_app.model.alarm import AlarmPicture, AlarmReport
    from twin_app.model.equipment import Line
    from twin_app.model.event import Event, EventKind
    from twin_app.model.historian import Latest, Series
    from twin_app.model.instructor import Instructor
    from twin_app.model.kpi import Account, By, Detail, LineFigures, Part, Spent, Trend
    from twin_app.model.message import Message, RawMessage
    from twin_app.model.overview import AlarmTicks, Overview
    from twin_app.model.plan import ShiftSpan
    from twin_app.model.reason import Stop
    from twin_app.model.recording import LayoutVersion, RecordingNow
    from twin_app.model.samples import Samples, TextTable
    from twin_app.model.signal import SignalTable
    from twin_app.model.story import Story
    from twin_app.model.timeline import Intervals, UnitNow
    from twin_app.model.usage import Usage
    from twin_app.plant.plant import Plant
    from twin_app.session.deeds import Send
    from twin_app.sources.base import Source
    from twin_app.sources.intake import Intake


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A line that several programs of the computer have open, of which one writes it."""

    send: Send | None = None
    """Where another one writes: has deeds done there."""
    attend: Callable[[Callable[[dict[str, Any]], bytes]], None] = lambda _do: None
    """Where this one does: has what others sent done by a function, now, in the owner's thread."""
    folder: Path | None = None
    """Where another one writes: the folder it records into."""
    lost: Callable[[], bool] = lambda: False
    """Whether who wrote has gone, or was lost sight of: the line is to be opened anew."""
    readers: Callable[[], int] = int
    """How many programs read what this one writes."""
    refused: Callable[[], int] = int
    """How many were turned away."""
    close: Callable[[], None] = _nothing
    """Lets the others go, when the recording is closed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The rooms of one line, put together by `service.opening`."""

    line: Line
    signals: SignalTable
    texts: TextTable
    store: Kept
    plant: Plant
    sources: tuple[Source, ...]
    sample: bool = False
    begin_ns: int = 0
    """How far into a recording the playhead begins: shortly before something happens."""
    begin_at_ns: int | None = None
    """The instant at which it begins instead, UTC ns; of a live line the past is then looked back at."""
    paused: bool = False
    """Whether time stands at first."""
    notes: Path | None = None
    """The side file of bookmarks; None: they last until the line is closed."""
    attempts: Path | None = None
    """The side file that the files of trainees lie beside and are named by; None: the one of bookmarks, else of entries."""
    actions: ActionLog = field(default_factory=lambda: ActionLog(None, writes=False))
    """What people did to its alarms."""
    entries: Path | None = None
    """The side file of orders, products and exceptions of the calendar that people enter; None: they last until the line is closed."""
    intakes: tuple[Intake, ...] = ()
    """The doors of the sources; without them the line cannot come to other units while it is open."""
    shared: Shared = field(default_factory=Shared)
    """What there is to do with other programs that have the line open, too."""


class Asked:
    """The rooms of an open line, and what they answer. May be asked from any thread.

    Attributes:
        line: the layout.
        texts: the texts that sample values stand for.
        live: whether more may come for ever.
        shared: what there is to do with other programs that have the line open, too.
        sight: counts up whenever less is known than before: what was answered until then must be shown no more.
    """

    def __init__(self, opened: Opened, *, now: Callable[[], int] = now_ns) -> None:
        """Take over an opened line. `now` gives UTC ns."""
        self.line = opened.line
        self.texts = opened.texts
        self.live = any(source.live for source in opened.sources)
        self.sight = 0
        self._store, self._sources, self._intakes, self.shared = opened.store, opened.sources, opened.intakes, opened.shared
        self._whole = Known(opened.line, opened.signals, opened.texts, store=opened.store, plant=opened.plant)
        self._known = self._whole
        self._now = now
        self._health: tuple[SourceHealth, ...] = ()

    @property
    def signals(self) -> SignalTable:
        """Return the signals; more appear as unknown names do."""
        return self._known.signals

    @property
    def simulated(self) -> bool:
        """Tell whether some of what is shown was made by a simulation."""
        return any(health.simulated for health in self._health or self.health())

    @property
    def instructor(self) -> Instructor | None:
        """Return the controls of the simulated line, None where what is open is none."""
        return next((source.run for source in self._sources if isinstance(source, SimulatedSource)), None)

    def span(self) -> Span | None:
        """Return what time is known: from the first sample to the last, or to now while live."""
        span = self._known.span()
        if span is None or not self.live:
            return span
        return Span(span.start_ns, max(span.end_ns, self._now()))

    def window_start(self, at_ns: int) -> int:
        """Return from when the figures at an instant count: the shift in force, else the first sample."""
        start_ns = self._known.plant.shift_start(at_ns)
        if start_ns is not None:
            return start_ns
        span = self._known.span()
        return min(span.start_ns, at_ns) if span else at_ns

    def latest(self, at_ns: int) -> Latest:
        """Return every signal's latest value at an instant; what was not refreshed since its source was away is STALE."""
        return self._known.latest(at_ns)

    def kept_at(self, at_ns: int) -> Latest:
        """Return every signal's latest value at an instant as it was sent, whether its source was away since or not."""
        return self._known.store.state_at(at_ns)

    def age(self, latest: Latest, at_ns: int) -> None:
        """Set, in place, what was not refreshed by an instant since its source was away to STALE."""
        self._known.age(latest, at_ns)

    def samples(self, start_ns: int, end_ns: int, signals: Collection[int]) -> Iterator[Samples]:
        """Yield the samples of some signals in [start_ns, end_ns] as they were sent, some at a time, by effective time; repeats among them.

        Raises:
            RecordingError: they are not kept one by one.
        """
        return self._known.store.samples(start_ns, min(end_ns, self._known.until_ns), signals=signals)

    def messages(self, units: Collection[str] | None = None) -> Iterator[Message]:
        """Yield the messages that are kept as they came and were known by now, in order of arrival; with `units` those that speak of them."""
        speaks = [self._topics_of(unit) for unit in units or ()]
        for message in about.messages(self._store.recording) if isinstance(self._store, Replay) else self._store.raw.whole():
            if message.received_ns <= self._known.until_ns and (units is None or any(of(message) for of in speaks)):
                yield message

    def unit_now(self, unit: str, at_ns: int) -> UnitNow:
        """Return a unit's state at an instant."""
        return self._known.unit_now(unit, at_ns)

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of a span, or their envelope; of a derived one its changes."""
        return self._known.range(signal, start_ns, end_ns, pixels)

    def timeline(self, unit: str, start_ns: int, end_ns: int) -> Intervals:
        """Return a unit's state intervals, clipped to the span."""
        return self._known.timeline(unit, start_ns, end_ns)

    def events(self, unit: str | None, start_ns: int, end_ns: int) -> Sequence[int]:
        """Return when states changed, of one unit or of all."""
        return self._known.events(unit, start_ns, end_ns)

    def step(self, kinds: Collection[EventKind], unit: str | None, at_ns: int, direction: int) -> Event | None:
        """Return the next event (direction 1) of some kinds after an instant, or the last before it (-1), of one unit or of any."""
        return nearest(self._known, kinds, unit, at_ns, direction)

    def reason(self, unit: str, start_ns: int, end_ns: int) -> str:
        """Return in words why a unit was in a state within a span, empty where it did not say."""
        return reason(self._known, unit, start_ns, end_ns)

    def overview(self, start_ns: int, end_ns: int, pixels: int) -> Overview:
        """Return what line and units did over a span, on so many columns."""
        return overview(self._known, start_ns, end_ns, pixels)

    def alarm_ticks(self, start_ns: int, end_ns: int) -> AlarmTicks:
        """Return when alarms occurred that somebody was shown."""
        return alarm_ticks(self._known, start_ns, end_ns)

    def shifts(self, start_ns: int, end_ns: int) -> Sequence[ShiftSpan]:
        """Return the calendar's shifts that touch a span, with their breaks, past and to come: a plan, not something that is known."""
        return self._known.plant.shifts(start_ns, end_ns)

    def dead_time(self, start_ns: int, end_ns: int) -> Sequence[tuple[int, int]]:
        """Return the stretches of a span in which no unit acts and none changes its state; ascending, apart."""
        return self._known.dead_time(start_ns, end_ns)

    def figures(self, start_ns: int, end_ns: int) -> LineFigures:
        """Return every figure of a window."""
        return self._known.figures(start_ns, end_ns)

    def story(self, at_ns: int, units: Mapping[str, UnitNow] | None = None) -> Story:
        """Return what ails the line at an instant: causes, since when, who waits for them, what they cost so far."""
        return self._known.story(at_ns, units)

    def detail(self, unit: str | None, start_ns: int, end_ns: int) -> Detail:
        """Return the further figures of a unit (None: of the line) in a window: times, ratios, failures and losses."""
        return self._known.detail(unit, start_ns, end_ns)

    def parts(self, unit: str | None, by: By, start_ns: int, end_ns: int, *, energy: bool = False) -> Sequence[Part]:
        """Return the figures of a window by hour, shift, product or order, of a unit or of the line."""
        return self._known.parts(unit, by, start_ns, end_ns, energy=energy)

    def account(self, unit: str, start_ns: int, end_ns: int) -> Account:
        """Return all figures of a unit in a window with the intervals they are made of."""
        return self._known.account(unit, start_ns, end_ns)

    def against(self, unit: str | None, start_ns: int, at_ns: int) -> Against | None:
        """Return output against plan at an instant of the shift that begins at `start_ns`, of a unit or of the line; None where none does."""
        return self._known.against(unit, start_ns, at_ns)

    def usage(self, start_ns: int, at_ns: int) -> Usage:
        """Return when each unit gave its last part by an instant, and what it used of energy from `start_ns` on."""
        return self._known.usage(start_ns, at_ns)

    def spent(self, unit: str, start_ns: int, end_ns: int) -> Sequence[Spent]:
        """Return the intervals, with their counts, that a unit's figures of a window are made of."""
        return self._known.spent(unit, start_ns, end_ns)

    def stops(self, start_ns: int, end_ns: int) -> Sequence[Stop]:
        """Return the stops of a span that last, by when they begin, with what the machines said and what people say of them."""
        return stops(self._known, start_ns, min(end_ns, self._known.until_ns))

    def trend(self, unit: str | None, start_ns: int, end_ns: int, points: int) -> Trend:
        """Return figures through a span, each counted from its start; unit None is the line."""
        return self._known.trend(unit, start_ns, end_ns, points)

    def alarms(self, at_ns: int) -> AlarmPicture:
        """Return all alarms at an instant."""
        return self._known.alarms_at(at_ns)

    def alarm_report(self, start_ns: int, end_ns: int) -> AlarmReport:
        """Return the journal of alarms of a span, and what is counted from it."""
        return self._known.alarm_report(start_ns, end_ns)

    def raw(self, unit: str | None, at_ns: int, count: int) -> Sequence[RawMessage]:
        """Return the newest raw messages received at or before an instant, newest first; of one unit or of all."""
        wanted = self._topics_of(unit) if unit else None
        return self._store.raw.newest(min(at_ns, self._known.until_ns), count, wanted)

    def _topics_of(self, unit: str) -> Callable[[Message], bool]:
        """Return the test whether a message speaks of a unit."""
        sources = {source.id: source for source in self._sources}
        return lambda message: message.source in sources and sources[message.source].unit_of(message.topic) == unit

    @property
    def share(self) -> float:
        """Return how much of a recording's states and counters is known by now, 0 to 1; 1.0 of what grows."""
        return self._store.share

    @property
    def recorded(self) -> bool:
        """Tell whether what comes in is kept when the program has ended."""
        return self.live and self._store.recording_now().lasting

    def layouts(self) -> Sequence[LayoutVersion]:
        """Return the layouts that a recording keeps, each from an instant on; nothing of what is no recording."""
        return about.layouts(self._store.recording) if isinstance(self._store, Replay) else ()

    def recording_now(self) -> RecordingNow:
        """Return how the recording is at this moment."""
        return self._store.recording_now()

    def health(self) -> tuple[SourceHealth, ...]:
        """Return how every source is; where something is hidden, no more than that it is there: its counts tell of what lies ahead."""
        healths = tuple(source.health() for source in self._sources)
        return healths if self._known is self._whole else tuple(map(_hidden, healths))


def _hidden(health: SourceHealth) -> SourceHealth:
    """Return what may be told of a source while its recording is shown only up to an instant."""
    return SourceHealth(
        source=health.source, title=health.title, address=health.address, live=health.live, status=health.status, since_ns=health.since_ns,
        share=health.share, simulated=health.simulated, hidden=True,
    )  # fmt: skip
