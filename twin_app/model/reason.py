"""Why a unit stood: the tree of reasons that people choose from, and stops with what is known of them. Values; `session.stops` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.packml import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason of the tree."""

    id: str
    title: str = ""
    below: str = ""
    """Id of the reason that it is a part of; empty: it stands at the top."""
    matches: tuple[str, ...] = ()
    """Patterns of what a machine says of a stop (`*jam*`), whose first proposes this reason."""


ORDINARY = (
    Reason(id="machine", title=N_("Machine")),
    Reason(id="jam", title=N_("Jam"), below="machine", matches=("*jam*", "*stuck*", "*卡*")),
    Reason(
        id="drive", title=N_("Drive, motor, mechanics"), below="machine", matches=("*drive*", "*motor*", "*overload*", "*电机*", "*驱动*")
    ),
    Reason(
        id="control", title=N_("Control, sensor, network"), below="machine", matches=("*sensor*", "*bus*", "*network*", "*plc*", "*传感器*")
    ),
    Reason(id="tool", title=N_("Tool, wear part"), below="machine", matches=("*tool*", "*wear*", "*torn*", "*broken*", "*刀具*")),
    Reason(id="safety", title=N_("Safety"), matches=("*door*", "*guard*", "*emergency*", "*light curtain*", "*安全*", "*急停*")),
    Reason(id="material", title=N_("Material missing or bad"), matches=("*material*", "*empty*", "*no room*", "*缺料*")),
    Reason(id="quality", title=N_("Quality, inspection"), matches=("*quality*", "*reject*", "*质量*")),
    Reason(id="people", title=N_("Nobody there"), matches=("*crew*", "*operator*", "*人员*")),
    Reason(id="cleaning", title=N_("Cleaning"), matches=("*clean*", "*清洁*")),
    Reason(id="adjusting", title=N_("Adjusting, set-up"), matches=("*set-up*", "*setup*", "*adjust*", "*调整*")),
    Reason(id="media", title=N_("Power, air, water"), matches=("*air*", "*power*", "*pressure*", "*气压*")),
    Reason(id="other", title=N_("Other")),
)
"""The tree of a layout that has none; its titles are the catalogue's."""


def path_of(reasons: Sequence[Reason], reason: str) -> tuple[Reason, ...]:
    """Return a reason with all that it is below, the topmost first; empty where there is none of that id."""
    known = {one.id: one for one in reasons}
    path: list[Reason] = []
    while (one := known.get(reason)) is not None and one not in path:
        path.insert(0, one)
        reason = one.below
    return tuple(path)


def reason_words(reasons: Sequence[Reason], reason: str) -> str:
    """Return a reason with all that it is below, in words: `Machine / Jam`; empty where there is none of that id."""
    return " / ".join(tr(one.title) for one in path_of(reasons, reason))


def proposed(reasons: Sequence[Reason], said: str) -> str:
    """Return the id of the first reason that matches what a machine said, empty where none does."""
    folded = said.casefold()
    return next((one.id for one in reasons for pattern in one.matches if folded and fnmatchcase(folded, pattern.casefold())), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stretch in which a unit stood by itself, through however many states; where people gave parts of it different reasons, such a part."""

    unit: str
    start_ns: int
    end_ns: int
    state: State | None
    """The gravest it went through, of these the longest."""
    said: str = ""
    """What the unit's first alarm of the stop said, or its stop reason; empty: nothing."""
    proposed: str = ""
    """The reason that follows from what was said; empty: none does."""
    reason: str = ""
    """The reason that a person gave; empty: nobody did yet."""
    note: str = ""
    who: str = ""
    """Id of the person who gave it; empty: the local user, or nobody."""
    entry: str = ""
    """Id of what was entered; empty: nothing was."""
    part: bool = False
    """Whether the stop is longer than this part of it."""
