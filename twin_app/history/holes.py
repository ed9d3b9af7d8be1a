"""Time between the files of a recording in which nobody recorded, told as what it is: unknown. Not for outages that a file tells of itself.

A file that goes on from another says so; where it does not, or the file between was lost, the line is not known from the last
sample before until something is known to hold again: at the latest what the next file begins with.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from twin_app.history.files import start_of
from twin_app.history.schema import MARK
from twin_app.model.samples import NEVER, Kind, Quality, Samples
from twin_app.model.signal import CONNECTED, source_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.history.sealed import Sealed
    from twin_app.model.signal import SignalTable

FOLLOWS = "follows"
"""The mark of a file that names the one it goes on from."""


def holes(files: Sequence[Sealed], signals: SignalTable) -> Samples:
    """Return what is to be believed of the time between files that do not go on from each other, as samples in the run's numbers.

    Nothing where no source of the recording ever told of its connection: then nobody can tell.
    """
    links = [number for number, signal in enumerate(signals) if signal.name == CONNECTED and signal.unit.startswith(source_unit(""))]
    apart = [(before, after) for before, after in pairwise(sorted(files, key=_begins)) if not _goes_on(before, after)]
    return Samples.concatenate([part for before, after in apart for part in _hole(before, after, links)]) if links else Samples.empty()


def _begins(file: Sealed) -> int:
    """Return when a file begins: what its name says, else its first sample, for people call exported files as they like."""
    named_ns = start_of(file.reader.path)
    return named_ns if named_ns is not None else _oldest(file) or 0


def _goes_on(before: Sealed, after: Sealed) -> bool:
    """Tell whether a file goes on where another ends; one that says nothing of it does where it began with no more than that one's state."""
    words = after.reader.words()
    if before.elsewhere is not None or after.elsewhere is not None:  # what is left of it goes on from its copy
        return True
    if MARK + FOLLOWS in words:
        return words[MARK + FOLLOWS] == before.reader.path.name
    state, newest_ns = after.state_before(), _newest(before)
    return bool(len(state)) and newest_ns is not None and int(state.effective_ns.max()) <= newest_ns


def _hole(before: Sealed, after: Sealed, links: Sequence[int]) -> list[Samples]:
    """Return that all sources were lost behind a file, and what is known again: the last samples before the next file."""
    lost_ns, start_ns = _newest(before), _oldest(after)
    if lost_ns is None or start_ns is None or start_ns <= lost_ns + 1:
        return []
    named_ns, state = start_of(after.reader.path), after.state_before()
    if named_ns is not None and lost_ns + 1 < named_ns < start_ns:
        start_ns = named_ns
    missed = state.effective_ns > lost_ns
    held = state.take(~missed)
    at_start = np.full(len(held), start_ns, np.int64)
    again_ns = lost_ns + 2 if len(state) else start_ns
    return [
        _connected(links, lost_ns + 1, there=False), _connected(links, again_ns, there=True), state.take(missed),
        replace(held, effective_ns=at_start, received_ns=at_start, message=np.full(len(held), -1, np.int64)),
    ]  # fmt: skip


def _connected(links: Sequence[int], at_ns: int, *, there: bool) -> Samples:
    """Return a sample of every source's connection."""
    n = len(links)
    at = np.full(n, at_ns, np.int64)
    return Samples(
        np.array(links, np.int32), at, np.full(n, NEVER), at, np.full(n, float(there)), np.full(n, Kind.BOOL, np.uint8),
        np.full(n, Quality.GOOD, np.uint8), np.full(n, -1, np.int64),
    )  # fmt: skip


def _newest(file: Sealed) -> int | None:
    """Return when the last sample of a file is effective, None where it holds none."""
    found = file.reader.query("SELECT max(last_effective) FROM journal")[0][0]
    last = file.samples(file.entries[-1]).effective_ns if file.entries else np.empty(0, np.int64)
    return max([*([found] if isinstance(found, int) else []), *([int(last.max())] if len(last) else [])], default=None)


def _oldest(file: Sealed) -> int | None:
    """Return when the first sample of a file is effective, None where it holds none."""
    found = file.reader.query("SELECT min(first_effective) FROM journal")[0][0]
    first = file.samples(file.entries[0]).effective_ns if file.entries else np.empty(0, np.int64)
    return min([*([found] if isinstance(found, int) else []), *([int(first.min())] if len(first) else [])], default=None)
