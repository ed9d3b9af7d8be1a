"""PackML states and modes (ISA-TR88.00.02) and the time category each state costs. Not for transitions' legality."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from twin_app.text import N_


class State(IntEnum):
    """Status.StateCurrent of the PackTags; other numberings exist, so the name wins over the number."""

    UNDEFINED = 0
    CLEARING = 1
    STOPPED = 2
    STARTING = 3
    IDLE = 4
    SUSPENDED = 5
    EXECUTE = 6
    STOPPING = 7
    ABORTING = 8
    ABORTED = 9
    HOLDING = 10
    HELD = 11
    UNHOLDING = 12
    SUSPENDING = 13
    UNSUSPENDING = 14
    RESETTING = 15
    COMPLETING = 16
    COMPLETE = 17

    @property
    def title(self) -> str:
        """Return the standard's spelling, `Execute`; also the key in every JSON answer."""
        return self.name.capitalize()


STATE_BY_NAME = {state.name.casefold(): state for state in State}
"""Standard names, case-folded. Sources may add synonyms of their own."""

STATE_WORDS = (
    N_("Undefined"), N_("Clearing"), N_("Stopped"), N_("Starting"), N_("Idle"), N_("Suspended"), N_("Execute"),
    N_("Stopping"), N_("Aborting"), N_("Aborted"), N_("Holding"), N_("Held"), N_("Unholding"), N_("Suspending"),
    N_("Unsuspending"), N_("Resetting"), N_("Completing"), N_("Complete"),
)  # fmt: skip
"""Catalogue words of the states, by number."""

STATE_BRIEFS = {
    State.UNDEFINED: N_("Undef."), State.SUSPENDED: N_("Susp."), State.UNHOLDING: N_("Unhold."), State.SUSPENDING: N_("Suspg."),
    State.UNSUSPENDING: N_("Unsusp."), State.RESETTING: N_("Reset."), State.COMPLETING: N_("Compl."),
}  # fmt: skip
"""Shorter words for the longest of them, where there is no room for the whole."""

TRANSIENT = frozenset({
    State.CLEARING, State.STARTING, State.STOPPING, State.ABORTING, State.HOLDING, State.UNHOLDING,
    State.SUSPENDING, State.UNSUSPENDING, State.RESETTING, State.COMPLETING,
})  # fmt: skip
"""The acting states other than Execute: they end by themselves."""

FAILURES = frozenset({State.ABORTING, State.ABORTED, State.CLEARING})
"""The time of a malfunction, whatever the mode; entering it is one failure event."""


class Mode(IntEnum):
    """Status.UnitModeCurrent; numbers above 3 are the user's own."""

    UNDEFINED = 0
    PRODUCTION = 1
    MAINTENANCE = 2
    MANUAL = 3
    USER_DEFINED = 4
    CHANGEOVER = 5
    """A user's own mode, on the wire of any number above 3, whose name says that the machine is set up for another product."""


CHANGEOVER_WORDS = frozenset(
    {"changeover", "change over", "change-over", "change_over", "setup", "set up", "set-up", "set_up", "setting up", "product change"}
)
"""Names of modes, and of states beyond PackML's, that mean set-up for another product; case-folded."""

MODE_BY_NAME = {
    "production": Mode.PRODUCTION, "producing": Mode.PRODUCTION, "automatic": Mode.PRODUCTION, "auto": Mode.PRODUCTION,
    "maintenance": Mode.MAINTENANCE, "manual": Mode.MANUAL, "undefined": Mode.UNDEFINED, **dict.fromkeys(CHANGEOVER_WORDS, Mode.CHANGEOVER),
}  # fmt: skip
"""Names of modes, case-folded; any other name is USER_DEFINED."""


MODE_WORDS = (N_("Undefined"), N_("Production"), N_("Maintenance"), N_("Manual"), N_("User-defined"), N_("Changeover"))
"""Catalogue words of the modes, by number; numbers above are the user's own."""


class Category(StrEnum):
    """The parts of the time ledger; they add up to the window, to the nanosecond."""

    PRODUCTION = "production"
    MINOR_STOP = "minor_stop"
    SETUP = "setup"
    FAILURE = "failure"
    INTERNAL_STOP = "internal_stop"
    TRANSITION = "transition"
    STARVED = "starved"
    BLOCKED = "blocked"
    EXTERNAL = "external"
    """Suspended by a neighbour, and the machine does not say which side."""
    WAITING = "waiting"
    NO_ORDER = "no_order"
    PLANNED = "planned"
    BLIND = "blind"


CATEGORIES = tuple(Category)
"""The fixed order of the ledger's columns."""
CATEGORY_WORDS = {
    Category.PRODUCTION: N_("Production"), Category.MINOR_STOP: N_("Minor stop"), Category.SETUP: N_("Set-up"), Category.FAILURE: N_("Failure"),
    Category.INTERNAL_STOP: N_("Held or stopped"), Category.TRANSITION: N_("Change of state"), Category.STARVED: N_("Starved"),
    Category.BLOCKED: N_("Blocked"), Category.EXTERNAL: N_("Starved or blocked"), Category.WAITING: N_("Waiting"),
    Category.NO_ORDER: N_("No order"), Category.PLANNED: N_("Planned stop"), Category.BLIND: N_("No data"),
}  # fmt: skip
