"""Time in which the line stands still and nothing happens: what a hurried eye may pass over. Not for passing over it: see `clock`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.packml import TRANSIENT, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.plant.timeline import Timeline

LEAST_NS = 30_000_000_000
"""Shorter stretches are not worth a cut."""
LEAD_NS = 3_000_000_000
"""So much stays on either side, that what happened last is seen, and what happens next is seen coming."""
_ACTS = np.array([False, *(state is State.EXECUTE or state in TRANSIENT for state in State)])
"""By state + 1: something is being done. A state nobody knows is no deed."""


def dead_time(timelines: Sequence[Timeline], start_ns: int, end_ns: int) -> list[tuple[int, int]]:
    """Return the stretches of [start_ns, end_ns] in which no unit acts and none changes its state; ascending, apart."""
    if end_ns - start_ns < LEAST_NS or not timelines:
        return []
    changes = np.unique(np.concatenate([np.array([start_ns, end_ns]), *(t.changes(start_ns, end_ns) for t in timelines)]))
    long = np.flatnonzero(np.diff(changes) >= LEAST_NS)
    begins = changes[long]
    still = np.ones(len(begins), bool)
    for timeline in timelines:
        still &= ~_ACTS[timeline.rows.state[timeline.rows.start.searchsorted(begins, "right") - 1] + 1]
    return [(begin + LEAD_NS, end - LEAD_NS) for begin, end in zip(begins[still].tolist(), changes[long + 1][still].tolist(), strict=True)]
