"""One open line under one clock: folds what came in, moves the playhead, answers for every instant. Not for showing or opening files.

The one owner of plant and clock. Window, terminal and command line all stand on this class, which is why they
give the same numbers. Only `advance` and the transport are for the owner's thread; the questions may be asked from any.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from twin_app.clock import SECOND_NS, now_ns
from twin_app.kpi.turn import Turn
from twin_app.layout.signals import signal_table
from twin_app.model.entry import EntryKind, by_start
from twin_app.model.frame import ALL, Changes, Frame, LiveNow, Mode, changes_between
from twin_app.model.samples import NEVER
from twin_app.plant.plant import Plant
from twin_app.session.as_known import AsKnown
from twin_app.session.deeds import done
from twin_app.session.desk import Desk
from twin_app.session.entries import Entries
from twin_app.session.known import Folded, Known
from twin_app.session.moving import Moving
from twin_app.session.relaying import Way, way
from twin_app.sources.mqtt import MqttSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from twin_app.kpi.turn import Reckoned
    from twin_app.model.alarm import AlarmPicture
    from twin_app.model.buffer import BufferNow
    from twin_app.model.entry import Entry
    from twin_app.model.equipment import Line
    from twin_app.model.historian import Latest, Span
    from twin_app.model.story import Story
    from twin_app.model.timeline import UnitNow
    from twin_app.session.asked import Opened

FOLD_BUDGET_S = 0.008
"""Folding leaves a frame its time to be painted; what is left waits for the next one and shows as BEHIND."""
CATCH_UP_BUDGET_S = 0.03
REACHING_BUDGET_S = 0.12
FAR_BEHIND_S = 0.25
"""So far behind the plant a picture that is late is worth less than one that is jerky."""
FOLD_SAMPLES = 20_000
RELAY_BUDGET_S = 0.2
REFOLD_BUDGET_S = 0.04
"""So long the window may wait for a layout that was just saved, and in each frame after that while it is being derived from much."""
FIGURES_EVERY_NS = SECOND_NS // 5
FIGURES_BUDGET_S = 0.0005
"""While time runs a frame reckons figures for about so long; large lines are refreshed less often instead of jerkily."""
STORY_EVERY_NS = SECOND_NS // 4
STORY_SHARE = 0.02
"""Of the time while it runs, at most so much goes into the line's story: of a line of hundreds it is told less often."""
STORY_AT_LAST_NS = SECOND_NS
"""However long a telling takes: who stops is to be named within two seconds."""
FAST = 60.0
"""Where time runs faster, alarms are pictured as often as figures are reckoned: a list of others with every frame nobody reads."""
HEALTH_EVERY_NS = SECOND_NS // 4
LIVE_EVERY_NS = SECOND_NS


class Session(Moving):
    """A line at the playhead.

    Attributes:
        desk: where people act on its alarms.
        entries: where people say what it works on and what its time is for.
    """

    def __init__(self, opened: Opened, *, now: Callable[[], int] = now_ns) -> None:
        """Take over an opened line; nothing runs before `start`. `now` gives UTC ns."""
        super().__init__(opened, now=now)
        send = opened.shared.send
        self.desk = Desk(self._whole, opened.actions, live_at=self._live_at, live_end=self._live_end, blind=self._blind, send=send)
        self.entries = Entries(self._whole, opened.entries, now=self._known_now, blind=self._blind, send=send)
        self._told: tuple[Entry, ...] = ()
        self._counting: tuple[Entry, ...] = ()
        self._frame: Frame | None = None
        self._started = False
        self._outdated = True
        self._until_health_ns = self._until_figures_ns = self._until_story_ns = self._until_alarms_ns = 0
        self._story: Story | None = None
        self._live: LiveNow | None = None
        self._buffers: tuple[BufferNow, ...] = ()
        self._told_ns = NEVER
        self._folded_ns = NEVER
        self._turn: Turn | None = None
        self._reckoned: Reckoned | None = None
        self._refolds_to = 0

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
        try:
            for source in self._sources:
                source.stop()
            self._leave_trainee()
            self._store.close()
        finally:
            self.shared.close()

    # -- other programs that have the line open -------------------------------------------------------------------

    def attend(self) -> None:
        """Do what people did at other windows of the line, where this program writes it."""
        self.shared.attend(partial(done, self))

    @property
    def lost(self) -> bool:
        """Tell whether the program that writes the line has gone, or was lost sight of: the line is to be opened anew."""
        return self.shared.lost()

    @property
    def recordings(self) -> Path | None:
        """Return the folder that another program records the line into, None where none does: who goes on with the line goes on there."""
        return self.shared.folder

    def live_ns(self) -> int:
        """Return the live end, UTC ns, whatever is shown."""
        return self._now()

    # -- another layout -----------------------------------------------------------------------------------------

    def relay(self, line: Line) -> bool:
        """Go on with another layout: history, playhead and what people did stay, all that follows is derived anew.

        `line` is in force once `self.line` is it; where much is to be derived that takes some frames, and the last one stays meanwhile.
        Return False where the line must be opened anew, because its sources or their words are others.
        """
        before = self._whole.line  # another one may still be on its way
        how = way(before, line, self._sources, self._whole.signals)
        impossible = how is Way.ANEW or (how is Way.UNITS and not self._intakes)
        if impossible or (how in {Way.UNITS, Way.DERIVED} and not self._store.refold()):
            return False
        self._store.describe(line, self._known_now())
        if how in {Way.NOTHING, Way.PLACES}:
            self._whole.line = line
            if before is self.line:
                self.line = self._known.line = line
                self._jumped = self._jumped or how is Way.PLACES
            return True
        for intake in self._intakes if how is Way.UNITS else ():
            intake.relay(line)
        for source in self._sources if how is Way.UNITS else ():
            if isinstance(source, MqttSource):
                source.relay()
        signals = self._whole.signals
        for signal in signal_table(line):
            signals.add(signal)
        self._whole = Known(line, signals, self.texts, store=self._store, plant=Plant(line, signals, self.texts, self._store.range))
        self._refolds_to = self._store.watermark
        self._go_on_refolding(RELAY_BUDGET_S)
        return True

    def keep_up(self) -> None:
        """Fold what came in, for who shows nothing; where another layout was given, derive anew by it first, a while at a time."""
        if not self._go_on_refolding(REFOLD_BUDGET_S):
            self.fold()

    def _go_on_refolding(self, budget_s: float) -> bool:
        """Derive anew for about so long; return whether there is more. With the last of it the new layout is in force."""
        if self._whole.line is self.line:
            return False
        self.fold(budget_s)
        if self._store.folded < self._refolds_to:
            return True
        self.line = self._whole.line
        self.desk.move(self._whole)
        self.entries.move(self._whole)
        self._reckoned, self._turn, self._story, self._cuts_of = None, None, None, -1
        self._show(self._begun_anew() if self.hiding else self._whole)
        return False

    def _live_end(self) -> int | None:
        """Return the live end, UTC ns, whatever is shown; None where there is none."""
        return self.live_ns() if self.live else None

    def _live_at(self) -> int | None:
        """Return the live end while it is shown, UTC ns; None while it is not, or where there is none."""
        shown = self.mode.at_end and self._known is self._whole
        return max(self.clock.at_ns, self._now()) if shown else None

    # -- the frame ----------------------------------------------------------------------------------------------

    def advance(self, elapsed_ns: int) -> Frame:
        """Fold what came in, move by `elapsed_ns` of wall time and return what is then to be seen."""
        self.attend()
        if self._go_on_refolding(REFOLD_BUDGET_S) and self._frame is not None:
            return replace(self._frame, changes=Changes())
        loading = self._more and self.loading  # asked before folding: a source that ended by now gave all it had
        folded = self.fold(self._fold_budget_s())
        self._more = loading or self._waiting > 0
        span = self._limits()
        self._move(elapsed_ns, span)
        if self._known is not self._whole:
            folded, span = self._reveal(), self.span()
        self._until_figures_ns -= elapsed_ns
        self._until_story_ns -= elapsed_ns
        self._until_alarms_ns -= elapsed_ns
        self._refresh_health(elapsed_ns)
        if self._told is not self._known.told:
            self._told, self._jumped = self._known.told, True
            self._counting = tuple(entry for entry in by_start(self._told) if entry.kind is not EntryKind.REASON)
        before, at_ns = self._frame, self.clock.at_ns
        jumped = self._jumped or folded.late or before is None
        self._jumped = False
        fresh = before if before and not jumped and before.at_ns == at_ns < folded.first_ns else None
        frame = self._make(before, fresh, span, jumped=jumped)
        self._frame = replace(frame, changes=ALL if jumped or before is None else changes_between(before, frame))
        return self._frame

    def _fold_budget_s(self) -> float:
        """Return for how long a frame may fold: where the playhead is to begin at an instant that is not read yet, nothing else is waited for."""
        if not (self._begun or self.live) and self.share < 1.0:
            return REACHING_BUDGET_S
        return FOLD_BUDGET_S if self._behind_s() < FAR_BEHIND_S else CATCH_UP_BUDGET_S

    def fold(self, budget_s: float = 1e9) -> Folded:
        """Fold what waits at this moment, for at most about `budget_s`; however busy the computer is, a little of it."""
        found = Folded()
        ends, goal, some = time.perf_counter() + budget_s, self._store.watermark, budget_s > 0
        while self._store.folded < goal and (some or time.perf_counter() < ends):
            some = False
            found = found.and_then(self._whole.fold(FOLD_SAMPLES))
        self._folded_ns = max(self._folded_ns, found.received_ns)
        return found

    @property
    def _waiting(self) -> int:
        """Return how many samples wait to be folded."""
        return self._store.watermark - self._store.folded

    def _refresh_health(self, elapsed_ns: int) -> None:
        """Ask the sources how they are, a few times a second."""
        self._until_health_ns -= elapsed_ns
        if self._until_health_ns <= 0 or not self._health:
            self._until_health_ns = HEALTH_EVERY_NS
            self._health = self.health()
            self.notes.refresh()
            self.desk.refresh()
            self.entries.refresh()

    def _make(self, before: Frame | None, fresh: Frame | None, span: Span | None, *, jumped: bool) -> Frame:
        """Return the frame at the playhead; `fresh` is the one before where nothing at the playhead can differ from it."""
        at_ns = self.clock.at_ns
        start_ns = self.window_start(at_ns)
        units = fresh.units if fresh else {unit.id: self._known.unit_now(unit.id, at_ns) for unit in self.line.units}
        self._reckon(start_ns, same=fresh is not None, at_once=jumped)
        known = self._reckoned if span else None
        latest = fresh.latest if fresh else _same_or_new(before, self.latest(at_ns))
        self._tell(units, latest, same=fresh is not None, at_once=jumped)
        return Frame(
            at_ns=at_ns, mode=self.mode, playing=self.clock.playing, speed=self.clock.speed,
            span=span,
            shift_start_ns=start_ns,
            latest=latest,
            units=units,
            figures=known.figures if known else None,
            rates_per_min={u: known.rates_per_min[u] if known and now.state is not None else nan for u, now in units.items()},
            cycles=fresh.cycles if fresh else {unit: self._known.cycles(unit, at_ns) for unit in units},
            alarms=self._picture(None if jumped else before),
            live=self._live_now(),
            live_alarms=self._whole.alarms.picture(self._now(), "live") if self.mode is Mode.LOOK_BACK else None,
            story=self._story if span else None,
            buffers=self._buffers if span else (),
            health=self._health,
            notices=() if self.hiding else self._notices(),
            changes=ALL,
            behind_s=self._behind_s(),
            simulated=self.simulated,
            passed=self._passed,
            bookmarks=self.notes.seen(at_ns),
            entries=self._counting,
            against=known.against if known else None,
            attempt=self._trainee.attempt if self._trainee else None,
        )  # fmt: skip

    def _picture(self, before: Frame | None) -> AlarmPicture:
        """Return the alarms at the playhead; where time is fast those of the frame before, so that they are pictured some times a second."""
        if before and self._until_alarms_ns > 0 and self.clock.playing and abs(self.clock.speed) > FAST:
            return before.alarms
        self._until_alarms_ns = FIGURES_EVERY_NS
        return self._known.alarms.picture(min(self.clock.at_ns, self._known.until_ns))

    def _notices(self) -> tuple[str, ...]:
        """Return what a person must know about recording and side files; where something is hidden it would tell what lies ahead."""
        return (*self._store.notices(), *self.notes.notices(), *self.desk.notices(), *self.entries.notices())

    def _live_now(self) -> LiveNow | None:
        """Return how the live line is while it is looked back at; looked at anew once a second."""
        if self.mode is not Mode.LOOK_BACK:
            self._live = None
        elif self._live is None or not 0 <= self._now() - self._live.at_ns < LIVE_EVERY_NS:
            at_ns = self._now()
            self._live = LiveNow(at_ns=at_ns, story=self._whole.story(at_ns) if self._whole.span() else None)
        return self._live

    def _reckon(self, start_ns: int, *, same: bool, at_once: bool) -> None:
        """Bring figures and rates up to date: a few times a second and a unit at a time while time runs, at once when it stands."""
        self._outdated = self._outdated or not same
        whole = at_once or (not self.clock.playing and (self._outdated or self._turn is not None))
        if whole or (self._outdated and self._turn is None and self._until_figures_ns <= 0):
            self._turn = Turn(self.line, self._known.plant, start_ns, self.clock.at_ns)
            self._outdated = False
            self._until_figures_ns = FIGURES_EVERY_NS
        reckoned = self._turn.go_on(float("inf") if whole else FIGURES_BUDGET_S) if self._turn else None
        if reckoned:
            self._reckoned, self._turn = reckoned, None

    def _tell(self, units: Mapping[str, UnitNow], latest: Latest, *, same: bool, at_once: bool) -> None:
        """Tell the line's story and its buffers anew: at once when the playhead jumped or stands, else as often as its cost allows."""
        at_ns = self.clock.at_ns
        due = at_once or self._until_story_ns <= 0 or not self.clock.playing
        if not due or (same and at_ns == self._told_ns):
            return
        began_s = time.thread_time()  # not what others took meanwhile: on a busy computer the line would say nothing for long
        story, before = self.story(at_ns, units), self._story
        self._buffers = self._known.buffers(at_ns, units, latest)
        self._told_ns = at_ns
        self._until_story_ns = min(max(STORY_EVERY_NS, round((time.thread_time() - began_s) * SECOND_NS / STORY_SHARE)), STORY_AT_LAST_NS)
        alike = before is not None and not at_once and replace(before, at_ns=at_ns) == story
        self._story = before if alike else story

    def _behind_s(self) -> float:
        """Return how far what is folded lags behind what was received, in seconds of receive time; 0 when nothing waits."""
        if isinstance(self._known, AsKnown):
            return self._known.behind_s
        if not self.live or not self._waiting or self._folded_ns == NEVER:
            return 0.0
        newest_ns = max((h.newest_ns for h in self._health if h.newest_ns is not None), default=self._now())
        return max(0.0, (newest_ns - self._folded_ns) / SECOND_NS)


def _same_or_new(before: Frame | None, latest: Latest) -> Latest:
    """Return the latest of the frame before where nothing differs, so that views know it by its identity."""
    if before is None:
        return latest
    columns = ["effective_ns", "quality", "kind"]
    if not (callable(before.latest.numbers) or callable(latest.numbers)):
        columns.append("numbers")  # else read back from a file: the newest sample of an instant has one number, and all would cost a read
    same = before.latest.value.tobytes() == latest.value.tobytes()
    same = same and all(np.array_equal(getattr(before.latest, name), getattr(latest, name)) for name in columns)
    return before.latest if same else latest
