"""Where people act on alarms: what is allowed, when it counts, and that it is kept before it does. Not for what actions move: see `alarms`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.model.alarm import Action, AlarmState, Why
from twin_app.session.deeds import Act
from twin_app.text import N_, duration, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from twin_app.model.alarm import Alarm
    from twin_app.session.action_log import ActionLog
    from twin_app.session.as_known import AsKnown
    from twin_app.session.deeds import Send
    from twin_app.session.known import Known
    from twin_app.session.trainee import Trainee

LONGEST_NOTE = 500
_FROM = {
    Why.ACKNOWLEDGE: frozenset({AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED_UNACKNOWLEDGED, AlarmState.LATCHED_UNACKNOWLEDGED}),
    Why.RESET: frozenset({AlarmState.LATCHED_ACKNOWLEDGED}),
    Why.SHELVE: frozenset(state for state in AlarmState if not state.hidden),
    Why.UNSHELVE: frozenset({AlarmState.SHELVED}),
    Why.OUT_OF_SERVICE: frozenset(state for state in AlarmState if state is not AlarmState.OUT_OF_SERVICE),
    Why.IN_SERVICE: frozenset({AlarmState.OUT_OF_SERVICE}),
}
"""The states in which an action means something."""
NEEDS_REASON = frozenset({Why.SHELVE, Why.OUT_OF_SERVICE})


class Desk:
    """`model.alarm.AlarmActions` of an open line. Belongs to the owner's thread."""

    def __init__(
        self, known: Known, log: ActionLog, *, live_at: Callable[[], int | None], live_end: Callable[[], int | None],
        blind: Callable[[], tuple[AsKnown, Trainee] | None] = lambda: None, send: Send | None = None,
    ) -> None:  # fmt: skip
        """Let people act on alarms at the instant that `live_at` gives, UTC ns; None while what is shown is not live.

        `live_end` gives the live end whatever is shown; None where there is none.
        `blind` gives the rooms of a blind replay and its trainee, who then acts at the playhead as if it were live, in these rooms alone.
        Where another program writes the line, `send` has it done there.
        """
        self._known, self._log, self._live_at, self._live_end = known, log, live_at, live_end
        self._blind, self._send = blind, send
        self.refresh()

    def move(self, known: Known) -> None:
        """Act on the alarms of other rooms from now on, in which everything that was done was done, too."""
        known.act(self._known.actions)
        self._known = known

    @property
    def lasting(self) -> bool:
        """Tell whether what is done is still known when the program has ended."""
        return self._log.lasting

    def refresh(self) -> None:
        """Take in what other windows wrote, and what was written by this one."""
        self._take(self._log.read_on())

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know about the record of actions, each a worded sentence."""
        return self._log.notices()

    def refusal(self, what: Why, alarm: str) -> str:
        """Return why somebody may not do something to an alarm now, worded; empty where they may."""
        rooms = self._blind()
        return self._trained(rooms[0], what, alarm) if rooms else self._refusal(self._known, what, alarm, self._live_at())

    def live_refusal(self, what: Why, alarm: str) -> str:
        """Return why somebody may not do something to an alarm as it is live, whatever is looked at, worded; empty where they may."""
        return self._refusal(self._known, what, alarm, self._live_end())

    def _trained(self, known: AsKnown, what: Why, alarm: str) -> str:
        """Return why a trainee may not do something to an alarm at the playhead, worded; empty where they may."""
        if known.behind_s > 0:
            return tr("What was known here is still being learned anew.")
        return self._refusal(known, what, alarm, known.until_ns)

    @staticmethod
    def _refusal(known: Known, what: Why, alarm: str, at_ns: int | None) -> str:
        """Return why somebody may not do something to an alarm at an instant, worded; None: what is shown is not live."""
        if at_ns is None:
            return tr("What is shown is not live. Alarms are acted on at the live end of a line alone.")
        found = known.alarms.known(alarm)
        if found is None:
            return tr("There is no alarm {alarm}.", alarm=alarm)
        if what is Why.SHELVE and not found.shelve_max_s:
            return tr("This alarm may not be shelved: the layout says so.")
        return "" if known.alarms.state(alarm, at_ns) in _FROM[what] else tr("This alarm is in a state in which that means nothing.")

    def act(self, what: Why, alarms: Collection[str], *, who: str = "", note: str = "", lasts_ns: int = 0, one_shot: bool = False) -> None:
        """Do something to some alarms; each is kept before it counts.

        Raises:
            UsageError: it is not allowed now (see `refusal`), lacks its reason or its end, or is to last too long.
            RecordingError: it could not be kept, or not be delivered to who keeps it, so it does not count.
        """
        deed = Act(what=what, alarms=tuple(alarms), note=note, lasts_ns=lasts_ns, one_shot=one_shot)
        if (rooms := self._blind()) is not None:
            known, trainee = rooms
            if refused := next(filter(None, (self._trained(known, what, alarm) for alarm in deed.alarms)), ""):
                raise UsageError(refused)
            for action in self._made(known, known.until_ns, deed, who):
                trainee.act(action)
            known.heed()
        else:
            self._act_live_at(self._live_at(), deed, who)

    def act_live(self, what: Why, alarms: Collection[str], *, who: str = "") -> None:
        """Do something to live alarms, whatever is looked at. Raises as `act`."""
        self._act_live_at(self._live_end(), Act(what=what, alarms=tuple(alarms)), who)

    def _act_live_at(self, at_ns: int | None, deed: Act, who: str) -> None:
        """Do something to live alarms, here or where the line is written."""
        if self._send is None:
            self.act_at(at_ns, deed, who=who)
            return
        self._made(self._known, at_ns, deed, who)  # what makes no sense is said here, at once
        self._send(deed, who)
        self.refresh()

    def act_at(self, at_ns: int | None, deed: Act, *, who: str) -> None:
        """Do something to some alarms at an instant, UTC ns. Raises as `act`."""
        for action in self._made(self._known, at_ns, deed, who):
            self._log.keep(action)
            if not self._log.lasting:
                self._take((action,))
        self.refresh()

    def _made(self, known: Known, at_ns: int | None, deed: Act, who: str) -> list[Action]:
        """Return what is to be kept of a deed; raises UsageError where it is not allowed."""
        for alarm in deed.alarms:
            refused = self._refusal(known, deed.what, alarm, at_ns)
            if refused or at_ns is None:
                raise UsageError(refused)
        note = " ".join(deed.note.split())[:LONGEST_NOTE]
        if deed.what in NEEDS_REASON and not note:
            raise UsageError(N_("Say why: it is kept with who did it and when."))
        made = []
        for alarm in deed.alarms:
            until_ns = self._until(known.alarms.known(alarm), at_ns or 0, deed.lasts_ns) if deed.what is Why.SHELVE else 0
            made.append(Action(
                what=deed.what, alarm=alarm, effective_ns=at_ns or 0, known_ns=at_ns or 0, who=who, note=note, until_ns=until_ns,
                one_shot=deed.one_shot,
            ))  # fmt: skip
        return made

    @staticmethod
    def _until(alarm: Alarm | None, at_ns: int, lasts_ns: int) -> int:
        """Return when a shelf ends."""
        most_s = alarm.shelve_max_s if alarm else 0.0
        if not 0 < lasts_ns <= round(most_s * SECOND_NS):
            raise UsageError(N_("This alarm may be shelved for at most {span}, and not into the past."), span=duration(most_s))
        return at_ns + lasts_ns

    def _take(self, actions: Sequence[Action]) -> None:
        """Let actions count."""
        if actions:
            self._known.act(actions)
