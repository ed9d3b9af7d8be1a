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
from twin_app.kpi.turn import Turn
from twin_app.model.frame import ALL, Frame, Mode, changes_between
from twin_app.model.message import Status
from twin_app.model.samples import NEVER
from twin_app.session.asked import Asked
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.kpi.turn import Reckoned
    from twin_app.model.historian import Latest, Span
    from twin_app.model.samples import Samples
    from twin_app.session.asked import Opened

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
class Folded:
    """What folding brought."""

    first_ns: int = _NOTHING_NS
    """The earliest effective time among the new samples; the end of time where there were none."""
    late: bool = False
    """Whether something that was derived already is different now."""


class Session(Asked):
    """A line at the playhead.

    Attributes:
        clock: the playhead; moved by this session alone.
    """

    def __init__(self, opened: Opened, *, now: Callable[[], int] = now_ns) -> None:
        """Take over an opened line; nothing runs before `start`. `now` gives UTC ns."""
        super().__init__(opened, now=now)
        self.clock = Clock(following=self.live, playing=True)
        self._sample, self._begin_ns = opened.sample, opened.begin_ns
        self._frame: Frame | None = None
        self._started = False
        self._begun = self.live
        self._jumped = self._outdated = True
        self._more = True
        self._until_health_ns = self._until_figures_ns = 0
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

    @property
    def mode(self) -> Mode:
        """Return what the playhead shows."""
        if self.live and self.clock.following:
            return Mode.SIMULATION if self.simulated else Mode.LIVE
        if self.live:
            return Mode.LOOK_BACK
        return Mode.SAMPLE if self._sample else Mode.REPLAY


def _same_or_new(before: Frame | None, latest: Latest) -> Latest:
    """Return the latest of the frame before where nothing differs, so that views know it by its identity."""
    if before is None:
        return latest
    columns = ("effective_ns", "message", "quality", "kind")
    same = all(np.array_equal(getattr(before.latest, name), getattr(latest, name)) for name in columns)
    return before.latest if same and before.latest.value.tobytes() == latest.value.tobytes() else latest
