"""Alarms (ISA-18.2, IEC 62682) as values: states, what moves them, what is shown of them at an instant. `alarms` computes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from math import nan
from typing import TYPE_CHECKING, Protocol

from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class AlarmState(IntEnum):
    """The nine states; their letters are the standard's."""

    NORMAL = 0
    UNACKNOWLEDGED = 1
    ACKNOWLEDGED = 2
    RETURNED_UNACKNOWLEDGED = 3
    LATCHED_UNACKNOWLEDGED = 4
    LATCHED_ACKNOWLEDGED = 5
    SHELVED = 6
    SUPPRESSED_BY_DESIGN = 7
    OUT_OF_SERVICE = 8

    @property
    def letter(self) -> str:
        """Return the standard's letter, A to I."""
        return "ABCDEFGHI"[self]

    @property
    def shown(self) -> bool:
        """Tell whether it stands in the list of alarms: B to F."""
        return AlarmState.UNACKNOWLEDGED <= self <= AlarmState.LATCHED_ACKNOWLEDGED

    @property
    def hidden(self) -> bool:
        """Tell whether somebody or some logic keeps it out of the list: G, H, I. It is evaluated all the same."""
        return self >= AlarmState.SHELVED

    @property
    def stands(self) -> bool:
        """Tell whether it is listed and not over: its condition holds, or it is latched."""
        return self.shown and self is not AlarmState.RETURNED_UNACKNOWLEDGED

    @property
    def unacknowledged(self) -> bool:
        """Tell whether it waits for somebody to acknowledge it: B, D, E."""
        return self in UNACKNOWLEDGED


UNACKNOWLEDGED = frozenset({AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED_UNACKNOWLEDGED, AlarmState.LATCHED_UNACKNOWLEDGED})
ACTIVE = frozenset({AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED})
"""States in which the alarm's condition holds."""
ALARM_STATE_WORDS = (
    N_("Normal"), N_("Unacknowledged"), N_("Acknowledged"), N_("Returned, unacknowledged"), N_("Latched, unacknowledged"),
    N_("Latched, acknowledged"), N_("Shelved"), N_("Suppressed by design"), N_("Out of service"),
)  # fmt: skip
"""Catalogue words of the states, by number."""


class Why(StrEnum):
    """What moved an alarm."""

    OCCURS = "occurs"
    RETURNS = "returns"
    ACKNOWLEDGE = "acknowledge"
    ACKNOWLEDGED_AT_MACHINE = "acknowledged at machine"
    RESET = "reset"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    SHELF_EXPIRES = "shelf expires"
    SHELF_CLEARS = "shelf clears"
    """A one-shot shelf ends with the alarm."""
    SUPPRESS = "suppress"
    UNSUPPRESS = "unsuppress"
    OUT_OF_SERVICE = "out of service"
    IN_SERVICE = "in service"


WHY_WORDS: Mapping[Why, str] = {
    Why.OCCURS: N_("Occurs"), Why.RETURNS: N_("Returns to normal"), Why.ACKNOWLEDGE: N_("Acknowledged here"),
    Why.ACKNOWLEDGED_AT_MACHINE: N_("Acknowledged at the machine"), Why.RESET: N_("Reset"), Why.SHELVE: N_("Shelved"),
    Why.UNSHELVE: N_("Unshelved"), Why.SHELF_EXPIRES: N_("Shelving expired"), Why.SHELF_CLEARS: N_("Shelving ended with the alarm"),
    Why.SUPPRESS: N_("Suppressed by design"), Why.UNSUPPRESS: N_("No longer suppressed"), Why.OUT_OF_SERVICE: N_("Taken out of service"),
    Why.IN_SERVICE: N_("Back in service"),
}  # fmt: skip
ACTIONS = (Why.ACKNOWLEDGE, Why.RESET, Why.SHELVE, Why.UNSHELVE, Why.OUT_OF_SERVICE, Why.IN_SERVICE)
"""What a person may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something a person did to an alarm: a recorded input, never changed."""

    what: Why
    alarm: str
    """The alarm's key."""
    effective_ns: int
    """When it applies, UTC ns."""
    known_ns: int
    """When it was entered."""
    who: str = ""
    """Id of the person, empty where nobody had signed on."""
    note: str = ""
    until_ns: int = 0
    """Of shelving: when it ends at the latest."""
    one_shot: bool = False
    """Of shelving: it ends with the alarm."""


class AlarmActions(Protocol):
    """Acting on the alarms of the open line: on live ones alone, or as a trainee in a blind replay."""

    @property
    def lasting(self) -> bool:
        """Tell whether what is done is still known when the program has ended."""
        ...

    def refusal(self, what: Why, alarm: str) -> str:
        """Return why somebody may not do something to an alarm (its key) now, worded; empty where they may."""
        ...

    def act(self, what: Why, alarms: Collection[str], *, who: str = "", note: str = "", lasts_ns: int = 0, one_shot: bool = False) -> None:
        """Do something to some alarms; raises UsageError where it is not allowed now, RecordingError where it cannot be kept."""
        ...

    def live_refusal(self, what: Why, alarm: str) -> str:
        """Return why somebody may not do something to an alarm as it is live, whatever is looked at, worded; empty where they may."""
        ...

    def act_live(self, what: Why, alarms: Collection[str], *, who: str = "") -> None:
        """Do something to live alarms, whatever is looked at. Raises as `act`."""
        ...


class Form(StrEnum):
    """What an alarm is made of."""

    LIMIT = "limit"
    SIGNAL = "signal"
    STATE = "state"
    QUALITY = "quality"
    LINK = "link"
    FAULT = "fault"
    PACKML = "packml"
    ERROR = "error"
    """Reported by a vehicle (VDA 5050)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm of one unit (or source), rationalised: everything about it that does not change with time."""

    key: str
    """`unit/name`, stable."""
    unit: str
    """Id of the unit, `@source` where it is of a whole source."""
    name: str
    form: Form
    priority: int = 3
    text: str = ""
    """What it says, in the layout's or the machine's words; empty: it is worded from its form."""
    guidance: str = ""
    group: str = ""
    latching: bool = False
    signal: str = ""
    limit: float = nan
    shelve_max_s: float = 0.0
    consequence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmNow:
    """An alarm at the playhead that is not normal."""

    alarm: Alarm
    state: AlarmState
    since_ns: int
    """When it last occurred; for one that is hidden and never did, when it was hidden."""
    changed_ns: int
    """When its state last changed."""
    detail: str = ""
    """What the machine said when it occurred: the message, the reason of the stop."""
    value: float = nan
    """The signal's value when it occurred."""
    count: int = 0
    """How often it occurred, shown, in the 24 hours before."""
    chattering: bool = False
    standing: bool = False
    """In alarm for over 24 hours."""
    active: bool = False
    """Whether its condition holds, hidden or not."""
    until_ns: int = 0
    """While shelved: when that ends at the latest."""
    one_shot: bool = False
    """While shelved: it ends with the alarm."""
    under: str = ""
    """Key of the alarm that came first on its cause and that it folds under; empty: it stands for itself."""
    why: Why = Why.OCCURS
    """What moved it last."""
    action: Action | None = None
    """The action that moved it last, where it was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAlarms:
    """What every view of a unit shows alike: the highest priority of its alarms that stand, and how many do."""

    priority: int
    count: int
    unacknowledged: bool
    """Whether one of that priority waits to be acknowledged."""
    consequence: bool
    """Whether all of that priority follow from another unit's: then the mark is outlined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmPicture:
    """All alarms at one instant."""

    listed: tuple[AlarmNow, ...] = ()
    """Those in states B to F: what stands and waits, what stands, what is over; within these the gravest, then the newest first."""
    hidden: tuple[AlarmNow, ...] = ()
    """Those in states G, H and I."""
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    """How many stand, by priority 1 to 4."""
    unacknowledged: tuple[int, int, int, int] = (0, 0, 0, 0)
    """How many wait to be acknowledged, those that are over included."""
    units: Mapping[str, UnitAlarms] = field(default_factory=dict)
    rate: int = 0
    """Activations shown in the ten minutes before."""
    flood_since_ns: int | None = None
    """Since when there is a flood; None: there is none."""

    @property
    def chattering(self) -> int:
        """Return how many chatter."""
        return sum(now.chattering for now in self.listed)

    @property
    def standing(self) -> int:
        """Return how many stand for over a day."""
        return sum(now.standing for now in self.listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One row of the journal."""

    at_ns: int
    alarm: Alarm
    before: AlarmState
    after: AlarmState
    why: Why
    shown: bool
    """Whether it is an activation that somebody was shown."""
    detail: str = ""
    value: float = nan
    action: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequent:
    """How often an alarm was shown, and what the machine said the last time."""

    alarm: Alarm
    count: int
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmReport:
    """What a span held: the journal's rows and what is counted from them."""

    start_ns: int
    end_ns: int
    transitions: tuple[Transition, ...]
    activations: int
    """Shown ones within the span."""
    by_priority: tuple[int, int, int, int]
    by_alarm: tuple[Frequent, ...]
    """The most frequent first."""
    bins: tuple[tuple[int, int], ...]
    """Start (UTC ns, aligned to the clock) and activations of every ten minutes."""
    floods: tuple[tuple[int, int], ...]
    """Spans of flood, clipped to the report's."""
    chattering: tuple[Alarm, ...]
    """Those that chattered within the span."""
    standing: tuple[Alarm, ...]
    """Those that stand for over a day at its end."""

    @property
    def flood_share(self) -> float:
        """Return the share of the span spent in flood, NaN for an empty span."""
        span = self.end_ns - self.start_ns
        return sum(end - start for start, end in self.floods) / span if span else nan
