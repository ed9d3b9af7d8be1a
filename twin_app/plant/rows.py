"""The rows of one unit's timeline and their running sums. Derived from facts by `timeline`; not for queries in words of the plant."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.plant.category import CODE, IS_STOP
from twin_app.plant.column import Column

OWN = slice(0, len(CATEGORIES))
"""Columns of the sums: time per category, each stop under its own."""
SETTLED = slice(OWN.stop, 2 * len(CATEGORIES))
"""Time per category with finished short stops under minor stop."""
STATES = slice(SETTLED.stop, SETTLED.stop + len(State) + 1)
"""Time per state, shifted by one: blind first."""


@dataclass(frozen=True, slots=True)
class Tail:
    """n rows: intervals that follow each other without a gap, each array of shape (n,)."""

    start: NDArray[np.int64]
    state: NDArray[np.int16]
    mode: NDArray[np.int16]
    own: NDArray[np.uint8]
    inferred: NDArray[np.bool_]

    def take(self, index: NDArray[np.bool_] | slice) -> Tail:
        """Return the rows that a mask or slice picks."""
        return Tail(*(getattr(self, f.name)[index] for f in fields(self)))

    def equals(self, other: Tail) -> bool:
        """Tell whether both hold the same rows."""
        return all(np.array_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(self))


class Rows:
    """Intervals of one unit in time order; row i lasts until row i + 1 starts, the last for ever.

    `sums[i]` is the time of all rows before i, by category, by settled category and by state, int64 ns.
    """

    def __init__(self, minor_stop_ns: int) -> None:
        """Start without rows; stops shorter than `minor_stop_ns` are minor."""
        self._minor_stop_ns = minor_stop_ns
        self._start: Column[np.int64] = Column(np.int64)
        self._state: Column[np.int16] = Column(np.int16)
        self._mode: Column[np.int16] = Column(np.int16)
        self._own: Column[np.uint8] = Column(np.uint8)
        self._inferred: Column[np.bool_] = Column(np.bool_)
        self._settled: Column[np.uint8] = Column(np.uint8)
        self._since: Column[np.int64] = Column(np.int64)  # start of the run of equal states
        self._first: Column[np.int64] = Column(np.int64)  # first row of the stop a row belongs to, else the row itself
        self._slots: Column[np.int64] = Column(np.int64, width=3)  # the three sums that a row adds to
        self._sums: Column[np.int64] = Column(np.int64, width=STATES.stop)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._start)

    @property
    def start(self) -> NDArray[np.int64]:
        """Return where each row starts, UTC ns."""
        return self._start.view

    @property
    def state(self) -> NDArray[np.int16]:
        """Return each row's state, `BLIND_STATE` where unknown."""
        return self._state.view

    @property
    def mode(self) -> NDArray[np.int16]:
        """Return each row's mode."""
        return self._mode.view

    @property
    def own(self) -> NDArray[np.uint8]:
        """Return each row's category while its stop is unfinished."""
        return self._own.view

    @property
    def inferred(self) -> NDArray[np.bool_]:
        """Return whether each row's side was inferred from its neighbours."""
        return self._inferred.view

    @property
    def settled(self) -> NDArray[np.uint8]:
        """Return each row's category once its stop is finished."""
        return self._settled.view

    @property
    def since(self) -> NDArray[np.int64]:
        """Return since when each row's state lasts, over changes of mode and calendar."""
        return self._since.view

    def row_at(self, at_ns: int) -> int:
        """Return the row that holds an instant."""
        return int(self.start.searchsorted(at_ns, "right")) - 1

    def unfinished_at(self, at_ns: int) -> int:
        """Return the first row that is not settled at an instant: the first one of the stop that goes on, else the row itself."""
        return int(self._first.view[self.row_at(at_ns)])

    def kept_before(self, from_ns: int) -> int:
        """Return how many rows stay as they are when facts change from `from_ns` on: none within or behind an open stop."""
        row = int(self.start.searchsorted(from_ns, "left")) - 1
        if row < 0:
            return 0
        return int(self._first.view[row]) if IS_STOP[self.own[row]] else row + 1

    def tail(self, keep: int) -> Tail:
        """Return a view of the rows behind the first `keep`."""
        return Tail(self.start, self.state, self.mode, self.own, self.inferred).take(slice(keep, None))

    def sums_at(self, at_ns: int) -> NDArray[np.int64]:
        """Return the time of all rows up to an instant, shape (STATES.stop,), ns."""
        row = self.row_at(at_ns)
        sums: NDArray[np.int64] = self._sums.view[row].copy()
        sums[self._slots.view[row]] += at_ns - self._start.view[row]
        return sums

    def replace(self, keep: int, tail: Tail) -> None:
        """Keep the first `keep` rows and put `tail` behind them; row keep - 1, if any, is not part of a stop."""
        before = max(keep - 1, 0)
        lead = keep - before
        kept = self.tail(before).take(slice(0, lead))
        rows = Tail(*(np.concatenate((getattr(kept, f.name), getattr(tail, f.name))) for f in fields(tail)))
        settled, first = _settle(rows, self._minor_stop_ns)
        since = _since(rows, int(self.since[before]) if lead else int(rows.start[0]))
        start_sums = self._sums.view[before] if lead else np.zeros(STATES.stop, np.int64)
        slots: NDArray[np.int64] = np.column_stack(
            (rows.own, SETTLED.start + settled.astype(np.int64), STATES.start + 1 + rows.state.astype(np.int64))
        )
        sums = _sums(rows.start, slots, start_sums)
        self._start.replace(keep, rows.start[lead:])
        self._state.replace(keep, rows.state[lead:])
        self._mode.replace(keep, rows.mode[lead:])
        self._own.replace(keep, rows.own[lead:])
        self._inferred.replace(keep, rows.inferred[lead:])
        self._settled.replace(keep, settled[lead:])
        self._since.replace(keep, since[lead:])
        self._first.replace(keep, first[lead:] + before)
        self._slots.replace(keep, slots[lead:])
        self._sums.replace(keep, sums[lead:])


def _settle(rows: Tail, minor_stop_ns: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return each row's category once finished stops are settled, and the first row of its stop; row 0 is no stop.

    Source: DOMAIN, minor stop = maximal span of stop categories, finished, known on both sides, shorter than the threshold.
    """
    stop = IS_STOP[rows.own]
    begins = stop & ~np.concatenate((np.zeros(1, bool), stop[:-1]))
    index = np.arange(len(stop))
    first = np.maximum.accumulate(np.where(begins | ~stop, index, 0))
    ends = np.flatnonzero(~stop[1:] & stop[:-1]) + 1
    starts = np.flatnonzero(begins)[: len(ends)]
    short = rows.start[ends] - rows.start[starts] < minor_stop_ns
    bordered = (rows.state[starts - 1] > State.UNDEFINED) & (rows.state[ends] > State.UNDEFINED)
    minor = np.zeros(len(stop), bool)
    minor[starts[short & bordered]] = True
    settled = np.where(stop & minor[first] & (rows.own != CODE[Category.SETUP]), np.uint8(CODE[Category.MINOR_STOP]), rows.own)
    return settled, first


def _since(rows: Tail, first_since: int) -> NDArray[np.int64]:
    """Return since when each row's state lasts; row 0's is given."""
    changed = np.concatenate((np.zeros(1, bool), rows.state[1:] != rows.state[:-1]))
    starts = np.where(changed, rows.start, first_since)
    return np.maximum.accumulate(starts)


def _sums(start: NDArray[np.int64], slots: NDArray[np.int64], start_sums: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the running sums at each row's start, shape (n, STATES.stop); row 0's are given."""
    steps = np.zeros((len(start), STATES.stop), np.int64)
    steps[0] = start_sums
    steps[np.arange(1, len(start))[:, np.newaxis], slots[:-1]] += np.diff(start)[:, np.newaxis]
    return np.cumsum(steps, axis=0)
