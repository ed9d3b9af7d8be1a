"""One open line under one clock: folds what came in, moves the playhead, answers for every instant. Not for showing or opening files.

The one owner of plant and clock. Window, terminal and command line all stand on this class, which is why they
give the same numbers. Only `advance` and the transport are for the owner's thread; the questions may be asked from any.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from twin_app.clock import SECOND_NS, Clock, now_ns
from twin_app.kpi.figures import figures, trend
from twin_app.model.frame import ALL, Changes, Frame, Mode
from twin_app.model.historian import Span
from twin_app.model.message import Status
from twin_app.model.packml import State
from twin_app.model.samples import Kind, Quality
from twin_app.model.signal import CONNECTED, source_unit
from twin_app.plant.motion import Motion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.history.store import Store
    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest, Series
    from twin_app.model.kpi import LineFigures, Trend
    from twin_app.model.message import RawMessage, SourceHealth
    from twin_app.model.samples import Samples, TextTable
    from twin_app.model.signal import SignalTable
    from twin_app.model.timeline import Intervals, UnitNow
    from twin_app.plant.plant import Plant
    from twin_app.sources.base import Source

FOLD_BUDGET_S = 0.008
"""Folding leaves a frame its time to be painted; what is left waits for the next one and shows as BEHIND."""
FOLD_SAMPLES = 20_000
FIGURES_EVERY_NS = SECOND_NS // 5
HEALTH_EVERY_NS = SECOND_NS // 4
SAMPLE_LEAD_NS = 3 * SECOND_NS
"""The bundled sample opens this long before its first unit executes, so that a newcomer sees the line start."""


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


class Session:
    """A line at the playhead."""

    def __init__(self, opened: Opened, *, now: Callable[[], int] = now_ns) -> None:
        """Take over an opened line; nothing runs before `start`."""
        self.line = opened.line
        self.signals = opened.signals
        self.texts = opened.texts
        self.live = any(source.live for source in opened.sources)
        self.clock = Clock(following=self.live, playing=True)
        self._store, self._plant, self._sources, self._sample = opened.store, opened.plant, opened.sources, opened.sample
        self._motion = Motion(opened.line, opened.signals, opened.plant)
        self._now = now
        self._frame: Frame | None = None
        self._jumped = True
        self._behind = 0
        self._until_health_ns = self._until_figures_ns = 0
        self._health: tuple[SourceHealth, ...] = ()

    def start(self) -> None:
        """Let every source run."""
        for source in self._sources:
            source.start()

    def close(self) -> None:
        """Stop the sources, commit what they gave and let go of the file."""
        for source in self._sources:
            source.stop()
        self._store.close()

    # -- moving the playhead ------------------------------------------------------------------------------------

    def play(self) -> None:
        """Let time run; from the end of a replay, from its start again."""
        span = self.span()
        if span and not self.live and self.clock.speed > 0 and self.clock.at_ns >= span.end_ns:
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
        """Set the speed, negative for backwards; a live line is then looked back at."""
        if self.clock.following and speed != 1.0:
            self.clock.following = False
        self.clock.speed = speed

    def seek(self, at_ns: int) -> None:
        """Go to an instant, clipped to what is known."""
        span = self.span()
        self.clock.seek(min(max(at_ns, span.start_ns), span.end_ns) if span else at_ns)
        self._jumped = True

    def follow(self) -> None:
        """Go to the live end and stay there; of a replay, go to its end."""
        if self.live:
            self.clock.follow()
        elif span := self.span():
            self.clock.seek(span.end_ns)
        self._jumped = True

    # -- the frame ----------------------------------------------------------------------------------------------

    def advance(self, elapsed_ns: int) -> Frame:
        """Fold what came in, move by `elapsed_ns` of wall time and return what is then to be seen."""
        folded, late = self.fold(FOLD_BUDGET_S)
        span = self.span()
        self._move(elapsed_ns, span)
        self._refresh_health(elapsed_ns)
        before = self._frame
        jumped, self._jumped = self._jumped or late or before is None, False
        moved = before is None or before.at_ns != self.clock.at_ns or folded or jumped
        frame = self._make(before, span, elapsed_ns=elapsed_ns, moved=moved)
        self._frame = replace(frame, changes=ALL if jumped or before is None else _changes(before, frame))
        return self._frame

    def fold(self, budget_s: float = 1e9) -> tuple[bool, bool]:
        """Fold what waits, for at most `budget_s`. Return whether anything came, and whether late data changed the past."""
        folded = late = False
        ends = time.perf_counter() + budget_s
        while time.perf_counter() < ends:
            batch: Samples = self._store.fold(FOLD_SAMPLES)
            if not len(batch):
                break
            folded = True
            late |= self._plant.fold(batch).late_ns is not None
            self._motion.fold(batch)
        self._behind = self._store.watermark - self._store.folded
        return folded, late

    def _move(self, elapsed_ns: int, span: Span | None) -> None:
        """Move the playhead within what is known."""
        if span is None:
            self.clock.at_ns = self._now()
            return
        if not self.live and (self._frame is None or self._frame.span is None):
            self._begin(span)
            elapsed_ns = 0
        was_playing = self.clock.playing
        self.clock.advance(elapsed_ns, span.start_ns, span.end_ns)
        if was_playing and not self.clock.playing:
            self._ended(span)

    def _begin(self, span: Span) -> None:
        """Put the playhead where a replay begins."""
        self.clock.at_ns = span.start_ns
        if self._sample:
            self.clock.at_ns = max(span.start_ns, self._first_execute(span) - SAMPLE_LEAD_NS)

    def _first_execute(self, span: Span) -> int:
        """Return when the first unit executes, or the start where none does."""
        starts = [span.end_ns]
        for unit in self.line.units:
            intervals = self._plant.intervals(unit.id, span.start_ns, span.end_ns)
            starts.extend(intervals.start_ns[intervals.state == State.EXECUTE][:1].tolist())
        first = min(starts)
        return first if first < span.end_ns else span.start_ns

    def _ended(self, span: Span) -> None:
        """At the end of what is known: wait for more while it loads, go round if it is the sample, else stand."""
        forward = self.clock.speed > 0
        if forward and self.live:
            self.clock.follow()
        elif forward and self.loading:
            self.clock.playing = True
        elif forward and self._sample:
            self._begin(span)
            self.clock.playing = self._jumped = True

    @property
    def loading(self) -> bool:
        """Tell whether a file is still being read."""
        return any(s.health().status in {Status.LOADING, Status.IDLE, Status.CONNECTING} for s in self._sources if not s.live)

    def _refresh_health(self, elapsed_ns: int) -> None:
        """Ask the sources how they are, a few times a second."""
        self._until_health_ns -= elapsed_ns
        if self._until_health_ns <= 0 or not self._health:
            self._until_health_ns = HEALTH_EVERY_NS
            self._health = self.health()

    def _make(self, before: Frame | None, span: Span | None, *, elapsed_ns: int, moved: bool) -> Frame:
        """Return the frame at the playhead, keeping from the one before what cannot have changed."""
        at_ns, start_ns = self.clock.at_ns, self.window_start(self.clock.at_ns)
        state = {
            "mode": self.mode, "playing": self.clock.playing, "speed": self.clock.speed, "span": span, "shift_start_ns": start_ns,
            "figures": self._figures(before, start_ns, elapsed_ns, moved=moved), "health": self._health, "behind_s": self._behind_s(),
        }  # fmt: skip
        if before is not None and not moved:
            return replace(before, **state)
        units = {u.id: self._plant.now(u.id, at_ns) for u in self.line.units}
        return Frame(
            at_ns=at_ns, latest=self.latest(at_ns), units=units, changes=ALL,
            rates_per_min={u: self._plant.rate_per_min(u, at_ns) if now.state is not None else nan for u, now in units.items()},
            cycles={u: self._motion.cycles(u, at_ns) for u in units}, **state,
        )  # fmt: skip

    def _figures(self, before: Frame | None, start_ns: int, elapsed_ns: int, *, moved: bool) -> LineFigures | None:
        """Return figures, computed anew a few times a second while time runs, and at once when it stands."""
        self._until_figures_ns -= elapsed_ns
        old = before.figures if before else None
        at_ns = self.clock.at_ns
        exact = old is not None and old.end_ns == at_ns and not moved
        if old is not None and (exact or (self.clock.playing and self._until_figures_ns > 0 and not self._jumped)):
            return old
        self._until_figures_ns = FIGURES_EVERY_NS
        return figures(self.line, self._plant, start_ns, at_ns) if at_ns > start_ns else old

    def _behind_s(self) -> float:
        """Return how far what is folded lags behind what was received, in seconds of receive time; 0 when nothing waits."""
        if not self._behind or not self.live:
            return 0.0
        newest = max((h.newest_ns for h in self._health if h.newest_ns is not None), default=None)
        span = self._store.span()
        return max(0.0, (newest - span.end_ns) / SECOND_NS) if newest is not None and span else 0.0

    # -- questions ----------------------------------------------------------------------------------------------

    @property
    def mode(self) -> Mode:
        """Return what the playhead shows."""
        if self.live:
            return Mode.LIVE if self.clock.following else Mode.LOOK_BACK
        return Mode.SAMPLE if self._sample else Mode.REPLAY

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
        quality = latest.quality.copy()
        for source in self.line.sources:
            connected = self.signals.find(source_unit(source.id), CONNECTED)
            if connected is None or connected >= len(quality) or latest.kind[connected] == Kind.NULL:
                continue
            own = [i for u in self.line.units if u.source == source.id for i in self.signals.of_unit(u.id) if i < len(quality)]
            old = np.array(own, np.intp)
            if latest.value[connected]:
                old = old[latest.message[old] < latest.message[connected]]
            quality[old] = np.maximum(quality[old], Quality.STALE)
        return replace(latest, quality=quality)

    def unit_now(self, unit: str, at_ns: int) -> UnitNow:
        """Return a unit's state at an instant."""
        return self._plant.now(unit, at_ns)

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return a signal's samples of a span, or their envelope."""
        return self._store.range(signal, start_ns, end_ns, pixels)

    def timeline(self, unit: str, start_ns: int, end_ns: int) -> Intervals:
        """Return a unit's state intervals, clipped to the span."""
        return self._plant.intervals(unit, start_ns, end_ns)

    def events(self, unit: str | None, start_ns: int, end_ns: int) -> Sequence[int]:
        """Return when states changed, of one unit or of all."""
        return self._plant.events(unit, start_ns, end_ns)

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

    def _topics_of(self, unit: str) -> Callable[[RawMessage], bool]:
        """Return the test whether a raw message speaks of a unit."""
        sources = {source.id: source for source in self._sources}
        return lambda raw: raw.message.source in sources and sources[raw.message.source].unit_of(raw.message.topic) == unit

    def health(self) -> tuple[SourceHealth, ...]:
        """Return how every source is."""
        return tuple(source.health() for source in self._sources)


def _changes(before: Frame, after: Frame) -> Changes:
    """Return what differs between two frames of running time."""
    return Changes(
        units=frozenset(u for u, now in after.units.items() if before.units.get(u) != now),
        signals=after.latest is not before.latest,
        figures=after.figures is not before.figures,
        health=after.health != before.health,
        span=after.span != before.span,
    )
