"""What the derived timelines answer: state intervals and the time ledger. Values only; `plant` computes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.model.work import NO_TASK, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

BLIND_STATE = -1
"""In `Intervals.state`: nobody knows (before the first state, or the source was away)."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """k consecutive intervals clipped to a span, each array of shape (k,); interval i ends where i + 1 starts, the last at `end_ns`."""

    start_ns: NDArray[np.int64]
    state: NDArray[np.int16]
    """PackML state number, `BLIND_STATE` where unknown."""
    mode: NDArray[np.int16]
    category: NDArray[np.uint8]
    """Index into `CATEGORIES`."""
    end_ns: int
    inferred: NDArray[np.bool_] | None = None
    """Whether the side that starves or blocks it was inferred from its neighbours; None: nothing was."""
    began_ns: int | None = None
    """When the state of the first interval began, before the span too; None: nobody said."""
    over_ns: int | None = None
    """When the state of the last interval was over, behind the span too; None: it goes on as far as is known."""

    def __len__(self) -> int:
        """Return k."""
        return len(self.start_ns)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Time of one unit in a window, int64 ns, exact: the categories add up to the window, and so do the states with blind."""

    start_ns: int
    end_ns: int
    category_ns: Mapping[Category, int]
    state_ns: Mapping[State, int]
    """Time per state while known; planned stops included (a machine has a state in its break, too)."""
    blind_ns: int
    """Time in which nobody knows the state, planned or not."""

    def __post_init__(self) -> None:
        """Refuse a ledger that does not add up."""
        window = self.end_ns - self.start_ns
        assert sum(self.category_ns.get(c, 0) for c in CATEGORIES) == window, self.category_ns  # noqa: S101 - the invariant every figure rests on
        assert sum(self.state_ns.values()) + self.blind_ns == window, self.state_ns  # noqa: S101


@dataclass(frozen=True, slots=True)
class CounterReading:
    """A counter in a window: last value seen (None before the first), and total counted within, over restarts."""

    last: float | None
    total: float
    resets: int = 0


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit at the playhead. `state` is None while blind; `since_ns` is then the start of the blindness."""

    unit_id: str
    state: State | None
    since_ns: int
    mode: int
    category: Category
    conflict: str = ""
    """`name/number` where the source's state name and number disagree under the source's number map."""
    inferred: bool = False
    """Whether the side that starves or blocks it was inferred from its neighbours, not told by the machine."""
    derived: bool = False
    """Whether the layout derives its state from other signals: the machine does not tell one."""
    task: Task = NO_TASK
    """What it works on."""
