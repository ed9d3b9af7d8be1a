"""Words for what lies under the mouse on a lane: state, since when, for how long. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.clock import SECOND_NS
from twin_app.model.historian import Span
from twin_app.model.packml import CATEGORIES, State
from twin_app.text import clock_time, duration, offset_name, tr
from ui.palette import glyph
from ui.timeline.raster import bar, classes
from ui.words import GUESSED, state_notes, state_word

if TYPE_CHECKING:
    from datetime import tzinfo

    from twin_app.model.equipment import Unit
    from twin_app.model.timeline import Intervals


def worst_between(intervals: Intervals, start_ns: int, end_ns: int) -> int | None:
    """Return the index of the worst interval within [start_ns, end_ns): the one whose class the pixel shows; None outside."""
    if not len(intervals) or end_ns <= intervals.start_ns[0] or start_ns >= intervals.end_ns:
        return None
    first = max(int(np.searchsorted(intervals.start_ns, start_ns, "right")) - 1, 0)
    last = max(int(np.searchsorted(intervals.start_ns, end_ns, "left")), first + 1)
    return first + int(np.argmax(classes(intervals)[first:last]))


def moment(at_ns: int, zone: tzinfo, known: Span, *, digits: int = 0) -> str:
    """Return an instant as it must be told within what is known: with the date where that is of several days, the offset where the clocks change."""
    days = {clock_time(end_ns, zone, date=True)[:10] for end_ns in (known.start_ns, known.end_ns)}
    offsets = {offset_name(end_ns, zone) for end_ns in (known.start_ns, known.end_ns)}
    words = clock_time(at_ns, zone, date=len(days) > 1, digits=digits)
    return f"{words} {offset_name(at_ns, zone)}" if len(offsets) > 1 else words


def lane_tip(unit: Unit, intervals: Intervals, index: int, zone: tzinfo, known: Span, *, ahead_ns: int = 0) -> str:
    """Return the unit, its state with the glyph, whom it waits for and what of that the machine did not tell, since when, for how long.

    A shift that stands beside another is told on its own clock, which is `ahead_ns` ahead of where it stands.
    """
    number = int(intervals.state[index])
    state = State(number) if 0 <= number < len(State) else None
    start, over = bar(intervals, index, known)
    lasted = (known.end_ns if over is None else over) - start
    own = Span(known.start_ns + ahead_ns, known.end_ns + ahead_ns)
    since = moment(start + ahead_ns, zone, own, digits=0 if lasted >= 60 * SECOND_NS else 1)
    words = tr("since {time}, {length} so far") if over is None else tr("from {time}, for {length}")
    inferred = intervals.inferred is not None and bool(intervals.inferred[index])
    derived = unit.derives_state and state is not None
    word = f"{GUESSED} {state_word(state)}" if inferred or derived else state_word(state)
    notes = state_notes(CATEGORIES[int(intervals.category[index])], inferred=inferred, derived=derived)
    return "\n".join((unit.title, f"{glyph(state)} {word}", *notes, words.format(time=since, length=duration(lasted / SECOND_NS))))
