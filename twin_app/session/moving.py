"""What moves the playhead of an open line: the transport, loops, cuts, and what is hidden of a recording. Not for making frames.

Only for the owner's thread.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS, Clock, now_ns
from twin_app.errors import UsageError
from twin_app.model.frame import Mode
from twin_app.model.historian import Span
from twin_app.model.message import Status
from twin_app.session.arrivals import Arrivals
from twin_app.session.as_known import AsKnown
from twin_app.session.asked import Asked
from twin_app.session.known import Folded
from twin_app.session.noted import Noted
from twin_app.session.training import Attempts
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.clock import Cuts
    from twin_app.session.asked import Opened
    from twin_app.session.known import Known
    from twin_app.session.trainee import Trainee

_READING = frozenset({Status.IDLE, Status.LOADING, Status.CONNECTING})
REVEAL_BUDGET_S = 0.05
"""So long a frame of a blind replay may take to learn what was known at a playhead that went back."""
CUTS_EVERY_NS = SECOND_NS
"""While samples come in, dead time is looked for no more often than this."""


class Moving(Asked):
    """A line and its playhead.

    Attributes:
        clock: the playhead; moved by this class alone.
        skipping: whether playing passes over time in which nothing happens.
        hiding: whether nothing is told that was not known at the playhead.
        notes: the bookmarks.
        training: the attempts of trainees at a recording.
    """

    def __init__(self, opened: Opened, *, now: Callable[[], int] = now_ns) -> None:
        """Stand at the beginning, or at the live end."""
        super().__init__(opened, now=now)
        self.clock = Clock(following=self.live, playing=True)
        self.skipping = self.hiding = self._hides_deeds = False
        self._trainee: Trainee | None = None
        beside = opened.attempts or opened.notes or opened.entries
        self.training = Attempts(beside, known=lambda: self._whole, hiding=lambda: self.hiding, wall=now)
        self.notes = Noted(opened.notes, self._known_now, opened.shared.send)
        self._sample, self._begin_ns, self._begin_at_ns = opened.sample, opened.begin_ns, opened.begin_at_ns
        self._begun = self.live and opened.begin_at_ns is None
        if opened.paused or not self._begun:
            self.clock.following, self.clock.playing = False, not opened.paused
        self._jumped = True
        self._more = True
        self._passed: Span | None = None
        self._cuts: Cuts = ()
        self._cuts_of = -1
        self._until_cuts_ns = 0
        self._arrivals: Arrivals | None = None

    def play(self) -> None:
        """Let time run; from the end of a replay, from its start again."""
        span = self._limits()
        at_end = span is not None and not self.live and not self._more and self.clock.at_ns >= span.end_ns
        if span and at_end and self.clock.speed > 0 and not self.hiding:
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
            UsageError: it is zero, infinite or no number, or backwards where the future is hidden.
        """
        if not isfinite(speed) or speed == 0.0:
            raise UsageError(
                N_("{speed} is not a speed."), tip=N_("Give a number such as 0.5 or 60; a negative one runs backwards."), speed=speed
            )
        if speed < 0 and self.hiding:
            raise UsageError(N_("A blind replay does not run backwards."), tip=N_("Step back, or go to an earlier time."))
        if speed != 1.0:
            self.clock.following = False
        self.clock.speed = speed

    def seek(self, at_ns: int) -> None:
        """Go to an instant (UTC ns), clipped to what there is."""
        span = self._limits()
        self.clock.seek(min(max(at_ns, span.start_ns), span.end_ns) if span else at_ns)
        self._jumped = True
        self._begun = self._begun or span is not None
        self._hide()

    def stand_at(self, at_ns: int) -> None:
        """Be at an instant (UTC ns) as if time had run there, and stand: every figure is that of the instant, however quickly one is asked."""
        self.pause()
        self.clock.at_ns = at_ns

    def follow(self) -> None:
        """Go to the live end and stay there; of a replay, stand at its end, but where it is hidden: there is nobody to see it."""
        if self.live:
            self.clock.follow()
            self._jumped = True
        elif not self.hiding and (span := self.span()):
            self.seek(span.end_ns)
            self.clock.playing = False

    def loop(self, start_ns: int | None, end_ns: int | None) -> None:
        """Play round and round between two instants, once the playhead has run into them; None: no longer.

        Raises:
            UsageError: the end is not after the start.
        """
        if start_ns is None or end_ns is None:
            self.clock.loop = None
        elif start_ns < end_ns:
            self.clock.loop = start_ns, end_ns
        else:
            raise UsageError(N_("A loop ends after it starts."))

    def skip_dead_time(self, *, on: bool) -> None:
        """Pass over time in which no unit acts or changes, or no longer; where the future is hidden nothing is passed over."""
        self.skipping = on

    # -- what is hidden -----------------------------------------------------------------------------------------

    def blindfold(self, *, on: bool, hide_notes: bool = True) -> None:
        """Tell from now on only what was known at the playhead, or everything again.

        With `hide_notes` not even what people had written and acknowledged by then: it would tell a trainee what to find.

        Raises:
            UsageError: the line is live.
        """
        if on and not self.hiding:
            self.train(hide_notes=hide_notes)
        elif not on and self.hiding:
            self._train(None, hides_deeds=False)

    def train(self, attempt: str = "", *, trainee: str = "", hide_notes: bool = True) -> None:
        """Replay blind for a trainee, a person's id or what they call themselves: a new attempt, or one that is gone on with.

        Raises:
            UsageError: the line is live, or there is no such attempt.
        """
        if self.live:
            raise UsageError(N_("A live line hides nothing."), tip=N_("Open a recording for a blind replay."))
        self._train(self.training.open(attempt, trainee, hid=hide_notes), hides_deeds=hide_notes)

    def _train(self, trainee: Trainee | None, *, hides_deeds: bool) -> None:
        """Let a trainee see what was known at the playhead; None: everything is told again."""
        self._leave_trainee()
        self.hiding, self._hides_deeds, self._trainee = trainee is not None, hides_deeds, trainee
        self.notes.blindfold(trainee.notebook if trainee else None, hide_recorded=hides_deeds)
        self.clock.following = False
        self.clock.speed = abs(self.clock.speed)
        self._show(self._begun_anew() if trainee else self._whole)

    def _leave_trainee(self) -> None:
        """Keep how far the trainee came whose attempt it was."""
        if self._trainee is not None:
            self._trainee.leave()

    def as_known_at(self, until_ns: int) -> None:
        """Answer from now on what would have been answered at an instant: from what had been received by then, about time until then."""
        span = self._limits()
        known = self._begun_anew()
        known.reach(min(until_ns, span.end_ns) if span else until_ns, float("inf"))
        self._show(known)

    def _blind(self) -> tuple[AsKnown, Trainee] | None:
        """Return the rooms of a blind replay and who speaks in it, None where nothing is hidden."""
        known = self._known
        return (known, self._trainee) if self._trainee and isinstance(known, AsKnown) else None

    def _known_now(self) -> int:
        """Return when something becomes known that a person does now: at the playhead where the future is hidden."""
        return self.clock.at_ns if self.hiding else self._now()

    def _begun_anew(self) -> AsKnown:
        """Return rooms that know nothing yet."""
        self._arrivals = self._arrivals or Arrivals(self._store)
        return AsKnown(self._whole, self._arrivals, deeds=not self._hides_deeds, trainee=self._trainee)

    def _show(self, known: Known) -> None:
        """Answer from other rooms."""
        self._known = known
        self.sight += 1
        self._jumped = True
        self._health = ()

    def _hide(self) -> None:
        """Forget what was not known at a playhead that went back."""
        known, at_ns = self._known, self.clock.at_ns
        if self.hiding and isinstance(known, AsKnown) and at_ns < known.until_ns:
            self._show(self._begun_anew())

    def _reveal(self) -> Folded:
        """Learn what was known at the playhead."""
        self._hide()
        known = self._known
        if not isinstance(known, AsKnown) or not self.hiding:
            return Folded()
        was_behind = known.behind_s > 0
        found = known.reach(self.clock.at_ns, REVEAL_BUDGET_S)
        if self._trainee is not None and known.behind_s <= 0 and known.span() is not None:
            self._trainee.saw(self.clock.at_ns)
        self._jumped = self._jumped or was_behind or known.behind_s > 0  # what was shown meanwhile lacked something
        return found

    def _limits(self) -> Span | None:
        """Return where the playhead may go: wherever anything is known, hidden or not."""
        span = self._whole.span()
        return Span(span.start_ns, max(span.end_ns, self._now())) if span and self.live else span

    # -- moving on ----------------------------------------------------------------------------------------------

    def _move(self, elapsed_ns: int, span: Span | None) -> None:
        """Move the playhead within what is known; while nothing is, a live line shows now, and a file the time it was opened."""
        clock = self.clock
        self._passed = None
        if span is None:
            clock.at_ns = self._now() if self.live or not clock.at_ns else clock.at_ns
            clock.playing = clock.playing and (self.live or self._more)
            return
        if not self._begun:
            self._begin(span)
            return
        was_playing = clock.playing
        self._run(elapsed_ns, span)
        if was_playing and not clock.playing and clock.speed > 0:
            self._reached_end(span)

    def _run(self, elapsed_ns: int, span: Span) -> None:
        """Let the clock run, round the loop and over the cuts."""
        cuts = self._dead_time(elapsed_ns, span) if self.skipping and self.clock.playing and not self.hiding else ()
        if self.clock.advance(elapsed_ns, span.start_ns, span.end_ns, cuts):
            self._jumped = True
            self._passed = Span(*self.clock.cut) if self.clock.cut else None

    def _dead_time(self, elapsed_ns: int, span: Span) -> Cuts:
        """Return where nothing happens, looked for anew now and then while more comes in."""
        self._until_cuts_ns -= elapsed_ns
        if self._cuts_of < 0 or (self._cuts_of != self._store.folded and self._until_cuts_ns <= 0):
            self._cuts_of, self._until_cuts_ns = self._store.folded, CUTS_EVERY_NS
            self._cuts = self._whole.dead_time(span.start_ns, span.end_ns)
        return self._cuts

    def _begin(self, span: Span) -> None:
        """Put the playhead where it is to begin, as soon as so much is read; until then at the start."""
        at_ns = max(span.start_ns + self._begin_ns if self._begin_at_ns is None else self._begin_at_ns, span.start_ns)
        there = at_ns <= span.end_ns
        self._begun = there or self.live or not self._more
        missed_ns = span.start_ns if self._begin_at_ns is None or not self._begun else span.end_ns
        self.clock.at_ns = at_ns if there else missed_ns
        self._jumped = True
        if self.live and not there:
            self.clock.follow()

    def _reached_end(self, span: Span) -> None:
        """At the end of what is known: follow a live line, wait while more loads, go round if it is the sample, else stand."""
        if self.live:
            self.clock.follow()
            return
        round_again = self._sample and not self.hiding
        self.clock.playing = self._more or round_again
        if round_again and not self._more:
            self._begin_at_ns = None
            self._begin(span)

    @property
    def loading(self) -> bool:
        """Tell whether a file is still being read."""
        return any(source.health().status in _READING for source in self._sources if not source.live)

    @property
    def mode(self) -> Mode:
        """Return what the playhead shows."""
        if self.live and self.clock.following:
            return Mode.SIMULATION if self.simulated else Mode.LIVE
        if self.live:
            return Mode.LOOK_BACK
        if self.hiding:
            return Mode.BLIND
        return Mode.SAMPLE if self._sample else Mode.REPLAY
