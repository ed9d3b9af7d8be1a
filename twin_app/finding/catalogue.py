"""The shifts of a recording: what each is known by, reckoned where nobody did before. Not for opening them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from twin_app.finding.cache import Cache
from twin_app.finding.reach import around, reaches
from twin_app.finding.reading import NO_PACE, reading
from twin_app.finding.slots import slots
from twin_app.finding.summary import nothing, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from twin_app.finding.reach import Reach
    from twin_app.finding.reading import Pace
    from twin_app.finding.slots import Slot
    from twin_app.finding.summary import Summary
    from twin_app.model.alarm import Action
    from twin_app.model.bookmark import Bookmark
    from twin_app.model.equipment import Line

AT_ONCE = 24
"""So many shifts are reckoned from files that are read in one go."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The shifts of a recording from its first to its last, those of which nothing was recorded among them."""

    summaries: tuple[Summary, ...]
    problems: tuple[str, ...]
    """What is wrong with files that could not be read, worded."""
    simulated: bool = False
    """Whether some of it was made by a simulation."""


def catalogue(
    line: Line, path: Path, *, actions: Sequence[Action] = (), notes: Sequence[Bookmark] = (), pace: Pace = NO_PACE
) -> Catalogue:  # fmt: skip
    """Return every shift of a recording.

    Args:
        line: the layout; its calendar says which shifts there are.
        path: a file, or a folder of files.
        actions: what people did to the line's alarms.
        notes: the bookmarks.
        pace: told how far it is.

    Raises:
        RecordingError: it cannot be read.
        GivenUpError: somebody gave up; what was reckoned by then is kept.
    """
    files, problems = reaches(path)
    if not files:
        return Catalogue((), problems)
    cache = Cache(path, line)
    every = slots(line, files[0].start_ns, max(file.end_ns for file in files))
    parts = {slot: around(files, slot.start_ns, slot.end_ns) for slot in every}
    keys = {slot: cache.key(slot, parts[slot], actions) for slot in every}
    found = {slot: nothing(slot) for slot in every if not _touched(parts[slot], slot)}
    found |= {slot: kept for slot in every if slot not in found and (kept := cache.get(keys[slot], slot)) is not None}
    due = [slot for slot in every if slot not in found]
    try:
        for summary in _reckoned(line, path, due, parts, actions, pace):
            found[summary.slot] = summary
            cache.put(keys[summary.slot], summary)
    finally:
        cache.write(keys.values())
    return Catalogue(
        tuple(_marked(found[slot], notes) for slot in _recorded(every, found)), problems, any(file.simulated for file in files)
    )


def _touched(files: Sequence[Reach], slot: Slot) -> bool:
    """Tell whether a file reaches into a slot: its neighbours are read for what they know of it."""
    return any(file.end_ns >= slot.start_ns and file.start_ns < slot.end_ns for file in files)


def _recorded(every: Sequence[Slot], found: Mapping[Slot, Summary]) -> list[Slot]:
    """Return the slots that are shown: from the first that was recorded to the last every shift, and of the time outside what was recorded."""
    recorded = [slot for slot in every if found[slot].recorded]
    return [slot for slot in every if found[slot].recorded or (slot.number and recorded and recorded[0] < slot < recorded[-1])]


def _reckoned(
    line: Line, path: Path, due: Sequence[Slot], parts: dict[Slot, tuple[Reach, ...]], actions: Sequence[Action], pace: Pace
) -> Iterator[Summary]:  # fmt: skip
    """Yield the summaries of slots, as many at a time as are read in one go."""
    for first in range(0, len(due), AT_ONCE):
        now = due[first : first + AT_ONCE]
        among = {file.path for slot in now for file in parts[slot]}
        with reading(line, path, among=among, actions=actions, pace=pace.part(first / len(due), (first + len(now)) / len(due))) as known:
            span = known.span()
            for slot in now:
                pace.at((first + len(now)) / len(due))
                yield summarise(known, slot, span.end_ns if span else slot.start_ns)


def _marked(summary: Summary, notes: Sequence[Bookmark]) -> Summary:
    """Return a summary with the number of its bookmarks."""
    return replace(summary, bookmarks=sum(summary.slot.start_ns <= note.at_ns < summary.slot.end_ns for note in notes))
