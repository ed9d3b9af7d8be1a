"""Files of a folder that tell of the same time twice, because one is a copy of the other: a sound one counts before a damaged one. Not for mending.

Copies are known by the word under which a file counts its transactions, else by slabs that are the same. What a damaged one
holds beyond the sound one still counts.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from twin_app.history import slab
from twin_app.history.ends import COMMITS
from twin_app.history.schema import ENDED, GIVEN
from twin_app.history.slab import BlockRow
from twin_app.model.recording import Why
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from twin_app.history.sealed import Sealed

_DAMAGED = frozenset({Why.DAMAGED, Why.END_DAMAGED})
_JOURNAL = "SELECT min(first_effective), max(last_effective) FROM journal"
_BLOCKS = f"SELECT {', '.join(BlockRow._fields)} FROM block WHERE key >= ? AND key < ?"  # noqa: S608 - names of columns


class Reach(NamedTuple):
    """From when to when a file tells something, both included."""

    start_ns: int
    end_ns: int

    def meets(self, other: Reach) -> bool:
        """Tell whether some of it is the other's, too."""
        return self.start_ns <= other.end_ns and other.start_ns <= self.end_ns

    def holds(self, other: Reach) -> bool:
        """Tell whether all of the other is its, too."""
        return self.start_ns <= other.start_ns and other.end_ns <= self.end_ns


class Covered(NamedTuple):
    """A damaged file of which a sound copy lies beside."""

    file: Sealed
    by: Path
    within: Reach
    """What the copy tells of."""
    wholly: bool
    """Whether the copy holds all that it ever held."""

    def worded(self) -> str:
        """Return what is to be said of it."""
        what = N_("{path} is damaged; what it held is shown from its sound copy {copy} beside it. Remove the damaged one.")
        more = N_(
            "{path} is damaged; up to {copy}, an earlier sound copy of it beside it, that one is shown, and behind that what is left."
        )
        return tr(what if self.wholly else more, path=self.file.reader.path, copy=self.by.name)


def once(files: Sequence[Sealed]) -> tuple[tuple[Sealed, ...], tuple[Covered, ...]]:
    """Return the files that count, and the damaged ones that have a sound copy among them: of those what the copy does not hold is left, or nothing."""
    found = covered([file for file in files if file.elsewhere is None])
    for one in found:
        if one.wholly:
            one.file.reader.close()
        else:
            one.file.elsewhere = one.within
            one.file.refresh()
    gone = [one.file for one in found if one.wholly]
    return tuple(file for file in files if file not in gone), tuple(found)


def covered(files: Sequence[Sealed]) -> list[Covered]:
    """Return the damaged ones among files of which a sound copy is among them, too."""
    reaches = sorted(((reach, file) for file in files if (reach := _reach(file)) is not None), key=lambda one: one[0])
    if not any(before.meets(after) for (before, _), (after, _) in pairwise(reaches)):  # as nearly always
        return []
    found = {}
    for reach, file in reaches:
        copies = [(other, one) for other, one in reaches if one is not file and reach.meets(other) and _is_copy(file, one)]
        if copies and not _is_sound(file):
            sound = max(((one.reader.extent()[0], other, one) for other, one in copies if _is_sound(one)), key=lambda c: c[0], default=None)
            if sound is not None:
                extent, other, one = sound
                wholly = other.holds(reach) and extent >= _held(file)
                found[file.reader.path] = Covered(file, one.reader.path, other, wholly)
    return list(found.values())


def _reach(file: Sealed) -> Reach | None:
    """Return how far a file reaches, None where it tells nothing."""
    first, last = file.reader.query(_JOURNAL)[0]
    starts = [*([first] if isinstance(first, int) else []), *(entry.start_ns for entry in file.entries[:1])]
    ends = [*([last] if isinstance(last, int) else []), *(entry.end_ns - 1 for entry in file.entries[-1:])]
    return Reach(min(starts), max(ends)) if starts and ends else None


def _held(file: Sealed) -> int:
    """Return how many samples a file says it ever held."""
    words = file.reader.words()
    return max(file.reader.extent()[0], *(int(word) for key in (ENDED, GIVEN) if (word := words.get(key, "0")).isdigit()))


def _is_copy(one: Sealed, other: Sealed) -> bool:
    """Tell whether two files are, or were, the same."""
    names = [file.reader.words().get(COMMITS, "").split(" ")[0] for file in (one, other)]
    if all(names):
        return names[0] == names[1]
    return not {*one.entries}.isdisjoint(other.entries)


def _is_sound(file: Sealed) -> bool:
    """Tell whether nothing of a file is damaged, having looked at all of it."""
    whole = all(_is_whole(file, entry) for entry in file.entries)
    for _ in file.reader.samples():
        """What does not match its checksum is met now."""
    gaps = file.reader.gaps()
    return whole and not file.damaged and not file.reader.damaged and not any(gap.why in _DAMAGED for gap in gaps)


def _is_whole(file: Sealed, entry: slab.Entry) -> bool:
    """Tell whether all blocks of a slab are what was written."""
    rows = [BlockRow(*row) for row in file.reader.query(_BLOCKS, *entry.keys)]
    return len(rows) == entry.blocks and all(map(slab.whole, rows))
