"""What a card shows, worded: a value. Not for wording or painting it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin_app.model.alarm import UnitAlarms


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """What a card shows, worded. `color` is the state's, empty for the quiet normal; `loud`: the card itself needs a person."""

    title: str = ""
    glyph: str = ""
    state: str = ""
    brief: str = ""
    """The state's word where there is no room for the whole one."""
    notes: tuple[str, ...] = ()
    """What of the state the machine did not tell itself, for the tip."""
    since: str = ""
    also: str = ""
    """Of a group: how the others are."""
    lead: str = ""
    """What stands dim before the rate: that it is the slowest of a group."""
    rate: str = ""
    ideal: str = ""
    """What stands dim behind the rate: `of 42/min`."""
    per: str = ""
    """What stands there instead where there is no room for it: `/min`."""
    oee: str = ""
    parts: str = ""
    """How many it has made in the shift, with what it counts."""
    reason: str = ""
    """Why it stands, where that is known."""
    color: str = ""
    loud: bool = False
    several: bool = False
    """It stands for a group: a card behind the card shows it."""
    blind: bool = False
    selected: bool = False
    alarms: UnitAlarms | None = None
    """What is marked of its alarms; None: it has none."""
