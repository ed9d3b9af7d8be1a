"""One open line under one clock: folds what came in, moves the playhead, answers for every instant. Not for showing or opening files.

The one owner of plant and clock. Window, terminal and command line all stand on this class, which is why they
give the same numbers. Only `advance` and the transport are for the owner's thread; the questions may be asked from any.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from math import isfinite, nan
from typing import TYPE_CHECKING

import numpy as np

from twin_app.clock import SECOND_NS, Clock, now_ns
from twin_app.errors import UsageError
from twin_app.history.envelope import series_of
from twin_app.kpi.figures import figures, trend
from twin_app.kpi.turn import Turn
from twin_app.model.frame import ALL, Frame, Mode, changes_between
from twin_app.model.historian import Span
from twin_app.model.message import Status
from twin_app.model.samples import NEVER
from twin_app.plant.motion import Motion
from twin_app.plant.staleness import Staleness
from twin_app.sources.simulated import SimulatedSource
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.history.store import Store
    from twin_app.kpi.turn import Reckoned
    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest, Series
    from twin_app.model.instructor import Instructor
    from twin_app.model.kpi import LineFigures, Trend
    from twin_app.model.message import Message, RawMessage, SourceHealth
    from twin_app.model.samples import Samples, TextTable
    from twin_app.model.signal import SignalTable
    from twin_app.model.timeline import Intervals, UnitNow
    from twin_app.plant.plant import Plant
    from twin_app.sources.base import Source

FOLD_BUDGET_S = 0.008
"""Folding leaves a frame its time to be painted; what is left waits for the next one and shows as BEHIND."""
FOLD_SAMPLES = 20_000
FIGURES_EVERY_NS = SECOND_NS // 5
FIGURES_BUDGET_S = 0.0005
"""While time runs a frame reckons figures for about so long; large lines are refreshed less often instead of jerkily."""
HEALTH_EVERY_NS = SECOND_NS // 4
_NOTHING_NS = 2**63 - 1
_READING = frozenset({Status.IDLE, Status.LOADING, Status.CONNECTING})


@dataclass(frozen=True, slots=True)
class Opened:
    """The rooms of one line, put together by `service.opening`."""

    line: Line
    signals: SignalTable
    texts: TextTable
    store: Store
    plant: Plant
    sources: tuple[Source, ...]
    sample: bool = False
    begin_ns: int = 0
    """How far into a recording the playhead begins: shortly before something happens."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What folding brought."""

    first_ns: int = _NOTHING_NS
    """The earliest effective time among the new samples; the end of time where there were none."""
    late: bool = False
    """Whether something that was derived already is different now."""


class Session:
    """A line at the playhead.

    Attributes:
        line: the layout.
        signals: its signals; grows as unknown names appear.
        texts: the texts that sample values stand for.
        live: whether more may come for ever.
        clock: the playhead; moved by this session alone.
    """

    def __init__(self, opened: Opened, *, now: Callable[[], int] = now_ns) -> None:
        """Take over an opened line; nothing runs before `start`. `now` gives UTC ns."""
        self.line = opened.line
        self.signals = opened.signals
        self.texts = opened.texts
        self.live = any(source.live for source in opened.sources)
        self.clock = Clock(following=self.live, playing=True)
        self._store, self._plant, self._sources = opened.store, opened.plant, opened.sources
        self._sample, self._begin_ns = opened.sample, opened.begin_ns
        self._motion = Motion(opened.line, opened.signals, opened.plant)
        self._staleness = Staleness(opened.line, opened.signals, opened.plant)
        self._now = now
        self._frame: Frame | None = None
        self._started = False
        self._begun = self.live
        self._jumped = self._outdated = True
        self._more = True
        self._until_health_ns = self._until_figures_ns = 0
        self._health: tuple[SourceHealth, ...] = ()
        self._folded_ns = NEVER
        self._turn: Turn | None = None
        self._reckoned: Reckoned | None = None

    def start(self) -> None:
        """Let every source run; starting twice is once."""
        if not self._started:
            self._started = True
            for source in self._sources:
                source.start()

    def close(self) -> None:
        """Stop the sources, commit what they gave and let go of the file.

        Raises:
            RecordingError: the last samples could not be written.
        """
        for source in self._sources:
            source.stop()
        self._store.close()

    # -- moving the playhead ------------------------------------------------------------------------------------

    def play(self) -> None:
        """Let time run; from the end of a replay, from its start again."""
        span = self.span()
        at_end = span is not None and not self.live and not self._more and self.clock.at_ns >= span.end_ns
        if span and at_end and self.clock.speed > 0:
            self.seek(span.start_ns)
        self.clock.playing = True

    def pause(self) -> None:
        """Stop time. A live line goes on behind; what is shown stays where it is."""
        self.clock.playing = self.clock.following = False

    def toggle(self) -> None:
        """Play or pause."""
        if self.clock.playing:
            self.pause()
        else:
            self.play()

    def set_speed(self, speed: float) -> None:
        """Set the speed, negative for backwards; a live line is then looked back at.

        Raises:
            UsageError: it is zero, infinite or no number.
        """
        if not isfinite(speed) or speed == 0.0:
            raise UsageError(
                N_("{speed} is not a speed."), tip=N_("Give a number such as 0.5 or 60; a negative one runs backwards."), speed=speed
            )
        if speed != 1.0:
            self.clock.following = False
        self.clock.speed = speed

    def seek(self, at_ns: int) -> None:
        """Go to an instant (UTC ns), clipped to what is known."""
        span = self.span()
        self.clock.seek(min(max(at_ns, span.start_ns), span.end_ns) if span else at_ns)
        self._jumped = True
        self._begun = self._begun or span is not None

    def follow(self) -> None:
        """Go to the live end and stay there; of a replay, stand at its end."""
        if self.live:
            self.clock.follow()
            self._jumped = True
        elif span := self.span():
            self.seek(span.end_ns)
            self.clock.playing = False

    # -- the frame ----------------------------------------------------------------------------------------------

    def advance(self, elapsed_ns: int) -> Frame:
        """Fold what came in, move by `elapsed_ns` of wall time and return what is then to be seen."""
        loading = self._more and self.loading  # asked before folding: a source that ended by now gave all it had
        folded = self.fold(FOLD_BUDGET_S)
        self._more = loading or self._waiting > 0
        span = self.span()
        self._move(elapsed_ns, span)
        self._until_figures_ns -= elapsed_ns
        self._refresh_health(elapsed_ns)
        before, at_ns = self._frame, self.clock.at_ns
        jumped = self._jumped or folded.late or before is None
        self._jumped = False
        fresh = before if before and not jumped and before.at_ns == at_ns < folded.first_ns else None
        frame = self._make(before, fresh, span, jumped=jumped)
        self._frame = replace(frame, changes=ALL if jumped or before is None else changes_between(before, frame))
        return self._frame

    def fold(self, budget_s: float = 1e9) -> Folded:
        """Fold what waits at this moment, for at most about `budget_s`."""
        first_ns, late = _NOTHING_NS, False
        ends, goal = time.perf_counter() + budget_s, self._store.watermark
        while self._store.folded < goal and time.perf_counter() < ends:
            batch: Samples = self._store.fold(FOLD_SAMPLES)
            if len(batch):
                revision = self._plant.fold(batch)
                self._motion.fold(batch, revision.units, revision.first_ns)
                first_ns = min(first_ns, int(batch.effective_ns.min()))
                late |= revision.late_ns is not None
                self._folded_ns = int(batch.received_ns[-1])
        return Folded(first_ns, late)

    @property
    def _waiting(self) -> int:
        """Return how many samples wait to be folded."""
        return self._store.watermark - self._store.folded

    def _move(self, elapsed_ns: int, span: Span | None) -> None:
        """Move the playhead within what is known; while nothing is, a live line shows now, and a file the time it was opened."""
        clock = self.clock
        if span is None:
            clock.at_ns = self._now() if self.live or not clock.at_ns else clock.at_ns
            clock.playing = clock.playing and (self.live or self._more)
            return
        if not self._begun:
            self._begin(span)
            return
        was_playing = clock.playing
        clock.advance(elapsed_ns, span.start_ns, span.end_ns)
        if was_playing and not clock.playing and clock.speed > 0:
            self._reached_end(span)

    def _begin(self, span: Span) -> None:
        """Put the playhead where a replay begins, as soon as so much of it is read; until then at its start."""
        at_ns = span.start_ns + self._begin_ns
        self._begun = at_ns <= span.end_ns or not self._more
        self.clock.at_ns = at_ns if at_ns <= span.end_ns else span.start_ns
        self._jumped = True

    def _reached_end(self, span: Span) -> None:
        """At the end of what is known: follow a live line, wait while more loads, go round if it is the sample, else stand."""
        if self.live:
            self.clock.follow()
            return
        self.clock.playing = self._more or self._sample
        if self._sample and not self._more:
            self._begin(span)

    @property
    def loading(self) -> bool:
        """Tell whether a file is still being read."""
        return any(source.health().status in _READING for source in self._sources if not source.live)

    def _refresh_health(self, elapsed_ns: int) -> None:
        """Ask the sources how they are, a few times a second."""
        self._until_health_ns -= elapsed_ns
        if self._until_health_ns <= 0 or not self._health:
            self._until_health_ns = HEALTH_EVERY_NS
            self._health = self.health()

    def _make(self, before: Frame | None, fresh: Frame | None, span: Span | None, *, jumped: bool) -> Frame:
        """Return the frame at the playhead; `fresh` is the one before where nothing at the playhead can differ from it."""
        at_ns = self.clock.at_ns
        start_ns = self.window_start(at_ns)
        units = fresh.units if fresh else {unit.id: self._plant.now(unit.id, at_ns) for unit in self.line.units}
        self._reckon(start_ns, same=fresh is not None, at_once=jumped)
        known = self._reckoned if span else None
        return Frame(
            at_ns=at_ns, mode=self.mode, playing=self.clock.playing, speed=self.clock.speed,
            span=span,
            shift_start_ns=start_ns,
            latest=fresh.latest if fresh else _same_or_new(before, self.latest(at_ns)),
            units=units,
            figures=known.figures if known else None,
            rates_per_min={u: known.rates_per_min[u] if known and now.state is not None else nan for u, now in units.items()},
            cycles=fresh.cycles if fresh else {unit: self._motion.cycles(unit, at_ns) for unit in units},
            health=self._health,
            notices=self._store.notices(),
            changes=ALL,
            behind_s=self._behind_s(),
            simulated=self.simulated,
        )  # fmt: skip

    def _reckon(self, start_ns: int, *, same: bool, at_once: bool) -> None:
        """Bring figures and rates up to date: a few times a second and a unit at a time while time runs, at once when it stands."""
        self._outdated = self._outdated or not same
        whole = at_once or (not self.clock.playing and (self._outdated or self._turn is not None))
        if whole or (self._outdated and self._turn is None and self._until_figures_ns <= 0):
            self._turn = Turn(self.line, self._plant, start_ns, self.clock.at_ns)
            self._outdated = False
            self._until_figures_ns = FIGURES_EVERY_NS
        reckoned = self._turn.go_on(float("inf") if whole else FIGURES_BUDGET_S) if self._turn else None
        if reckoned:
            self._reckoned, self._turn = reckoned, None

    def _behind_s(self) -> float:
        """Return how far what is folded lags behind what was received, in seconds of receive time; 0 when nothing waits."""
        if not self.live or not self._waiting or self._folded_ns == NEVER:
            return 0.0
        newest_ns = max((h.newest_ns for h in self._health if h.newest_ns is not None), default=self._now())
        return max(0.0, (newest_ns - self._folded_ns) / SECOND_NS)

    # -- questions ----------------------------------------------------------------------------------------------

    @property
    def mode(self) -> Mode:
        """Return what the playhead shows."""
        if self.live and self.clock.following:
            return Mode.SIMULATION if self.simulated else Mode.LIVE
        if self.live:
            return Mode.LOOK_BACK
        return Mode.SAMPLE if self._sample else Mode.REPLAY

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
        span = self._store.span()
        if span is None or not self.live:
            return span
        return Span(span.start_ns, max(span.end_ns, self._now()))

    def window_start(self, at_ns: int) -> int:
        """Return from when the figures at an instant count: the shift in force, else the first sample."""
        start_ns = self._plant.shift_start(at_ns)
        if start_ns is not None:
            return start_ns
        span = self._store.span()
        return min(span.start_ns, at_ns) if span else at_ns

    def latest(self, at_ns: int) -> Latest:
        """Return every signal's latest value at an instant; what was not refreshed since its source was away is STALE."""
        latest = self._store.state_at(at_ns)
        self._plant.write_derived(latest, at_ns)
        self._staleness.mark(latest, at_ns)
        return latest

    def unit_now(self, unit: str, at_ns: int) -> UnitNow:
        """Return a unit's state at an instant."""
        return self._plant.now(unit, at_ns)

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of a span, or their envelope; of a derived one its changes."""
        derived = self._plant.derived(signal, start_ns, end_ns)
        whole = (start_ns, end_ns, pixels)
        return self._store.range(signal, *whole) if derived is None else series_of(derived, *whole)

    def timeline(self, unit: str, start_ns: int, end_ns: int) -> Intervals:
        """Return a unit's state intervals, clipped to the span."""
        return self._plant.intervals(unit, start_ns, end_ns)

    def events(self, unit: str | None, start_ns: int, end_ns: int) -> Sequence[int]:
        """Return when states changed, of one unit or of all."""
        return list(self._plant.events(unit, start_ns, end_ns).tolist())

    def figures(self, start_ns: int, end_ns: int) -> LineFigures:
        """Return every figure of a window."""
        return figures(self.line, self._plant, start_ns, end_ns)

    def trend(self, unit: str | None, start_ns: int, end_ns: int, points: int) -> Trend:
        """Return figures through a span, each counted from its start; unit None is the line."""
        return trend(self.line, self._plant, unit, start_ns, end_ns, points)

    def raw(self, unit: str | None, at_ns: int, count: int) -> Sequence[RawMessage]:
        """Return the newest raw messages received at or before an instant, newest first; of one unit or of all."""
        wanted = self._topics_of(unit) if unit else None
        return self._store.raw.newest(at_ns, count, wanted)

    def _topics_of(self, unit: str) -> Callable[[Message], bool]:
        """Return the test whether a message speaks of a unit."""
        sources = {source.id: source for source in self._sources}
        return lambda message: message.source in sources and sources[message.source].unit_of(message.topic) == unit

    def health(self) -> tuple[SourceHealth, ...]:
        """Return how every source is."""
        return tuple(source.health() for source in self._sources)


def _same_or_new(before: Frame | None, latest: Latest) -> Latest:
    """Return the latest of the frame before where nothing differs, so that views know it by its identity."""
    if before is None:
        return latest
    columns = ("effective_ns", "message", "quality", "kind")
    same = all(np.array_equal(getattr(before.latest, name), getattr(latest, name)) for name in columns)
    return before.latest if same and before.latest.value.tobytes() == latest.value.tobytes() else latest
