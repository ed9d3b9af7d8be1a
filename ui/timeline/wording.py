"""Which states carry their word on a lane, and where it stands so that it can be read. No Qt, no painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.packml import State
from ui.timeline.picture import Word
from ui.words import state_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.timeline import Intervals
    from ui.timeline.scale import TimeScale

LEAST_PX = 44
"""Narrower bars have no room for any word."""
ROOM_PX = 14
"""Kept free beside a word, that the bar is still seen to be one."""
RUNNING_SHARE = 0.75
"""Running is what is normal: it carries its word only where it fills so much of the view."""
PAD_PX = 5


def words_on(intervals: Intervals, scale: TimeScale, width_of: Callable[[str], int]) -> tuple[Word, ...]:
    """Return the words of the states that have the room; of one that began off-screen the word stands where it is seen."""
    if not len(intervals):
        return ()
    begins = np.flatnonzero(np.concatenate((np.ones(1, bool), intervals.state[1:] != intervals.state[:-1])))
    starts = intervals.start_ns[begins]
    ends = np.append(starts[1:], np.int64(intervals.end_ns))
    left = np.clip((starts - scale.start_ns) / scale.ns_per_px, 0, scale.width_px)
    right = np.clip((ends - scale.start_ns) / scale.ns_per_px, 0, scale.width_px)
    found: list[Word] = []
    for i in np.flatnonzero(right - left >= LEAST_PX).tolist():
        number = int(intervals.state[begins[i]])
        state = State(number) if 0 <= number < len(State) else None
        if state is State.EXECUTE and right[i] - left[i] < RUNNING_SHARE * scale.width_px:
            continue
        text = state_word(state)
        wide = width_of(text) + 2 * PAD_PX
        if right[i] - left[i] >= wide + ROOM_PX:
            begin = round(float(left[i])) + ROOM_PX // 2
            found.append(Word(text, begin, begin + wide))
    return tuple(found)
