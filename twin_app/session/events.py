"""Stepping by event: the kinds there are, and the nearest one of them. Not for what an event is: see `model.event`.

Adding a kind is a word in `EventKind` and a finder here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from twin_app.model.event import Event, EventKind

if TYPE_CHECKING:
    from twin_app.model.historian import Span
    from twin_app.session.known import Known

FIRST_LOOK_NS = 600_000_000_000
"""Alarms are looked for so far around at first."""
Finder = Callable[["Known", "str | None", int, int, "Span"], "tuple[int, str] | None"]
"""Known, unit (None: any), instant (UTC ns), direction (1 after it, -1 before), within a span: the nearest's instant and unit."""


def _state(known: Known, unit: str | None, at_ns: int, direction: int, within: Span) -> tuple[int, str] | None:
    """Find a change of state."""
    return known.plant.next_change(unit, at_ns, direction, within.start_ns, within.end_ns)


def _part(known: Known, unit: str | None, at_ns: int, direction: int, within: Span) -> tuple[int, str] | None:
    """Find a part that was counted."""
    return known.plant.next_part(unit, at_ns, direction, within.start_ns, within.end_ns)


def _alarm(known: Known, unit: str | None, at_ns: int, direction: int, within: Span) -> tuple[int, str] | None:
    """Find an alarm that occurred, looking further and further away."""
    near, step_ns = at_ns + direction, FIRST_LOOK_NS
    while within.start_ns <= near <= within.end_ns:
        far = min(max(near + direction * step_ns, within.start_ns), within.end_ns)
        rows = known.alarms.transitions(min(near, far), max(near, far))
        found = [(row.at_ns, row.alarm.unit) for row in rows if row.shown and unit in {None, row.alarm.unit}]
        if found:
            return found[0] if direction > 0 else found[-1]
        near, step_ns = far + direction, 4 * step_ns
    return None


FINDERS: dict[EventKind, Finder] = {EventKind.STATE: _state, EventKind.PART: _part, EventKind.ALARM: _alarm}


def nearest(known: Known, kinds: Collection[EventKind], unit: str | None, at_ns: int, direction: int) -> Event | None:
    """Return the next event (direction 1) of some kinds after an instant, or the last before it (-1); None where there is none."""
    within = known.span()
    if within is None:
        return None
    found = [(kind, FINDERS[kind](known, unit, at_ns, direction, within)) for kind in FINDERS if kind in kinds]
    events = [Event(one[0], kind, one[1]) for kind, one in found if one is not None]
    return min(events, key=lambda event: event.at_ns * direction, default=None)
