"""The three questions that serve every view, in memory and from disk alike. The protocol; `history` and `plant` answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from twin_app.model.timeline import Intervals


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last effective time of everything known, UTC ns."""

    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest value of every signal at or before an instant, arrays of shape (signals,), indexed by signal id.

    `effective_ns` is `NEVER` and `kind` is NULL where a signal was never heard. Message numbers may be fetched when they
    are first asked for.
    """

    effective_ns: NDArray[np.int64]
    value: NDArray[np.float64]
    kind: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    numbers: NDArray[np.int64] | Callable[[], NDArray[np.int64]]
    """The message numbers, or what gives them."""

    @property
    def message(self) -> NDArray[np.int64]:
        """Return the number of the message in which each value came, -1 where it came in none."""
        if callable(self.numbers):
            object.__setattr__(self, "numbers", self.numbers())
        return cast("NDArray[np.int64]", self.numbers)

    def came_in_none(self, signals: NDArray[np.int64]) -> None:
        """Give signals the number -1, in place; where numbers are not fetched yet, once they are."""
        numbers = self.numbers
        if not callable(numbers):
            numbers[signals] = -1
            return

        def later() -> NDArray[np.int64]:
            fetched = numbers()
            fetched[signals] = -1
            return fetched

        object.__setattr__(self, "numbers", later)


@dataclass(frozen=True, slots=True)
class Series:
    """Samples of one signal in time order, arrays of shape (n,).

    Where a span was asked for on pixels, each column gives up to five samples at their own times: the first and the last, the
    lowest and the highest that can be believed, and the first that cannot, so that no short peak and no short gap is lost.
    `envelope` says whether any were left out.
    """

    times_ns: NDArray[np.int64]
    value: NDArray[np.float64]
    kind: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    numbers: NDArray[np.int64] | Callable[[], NDArray[np.int64]]
    """The message numbers, or what gives them."""
    envelope: bool = False

    @property
    def message(self) -> NDArray[np.int64]:
        """Return the number of the message that said each, which decides between samples of one instant; -1 where it is lost."""
        if callable(self.numbers):
            object.__setattr__(self, "numbers", self.numbers())
        return cast("NDArray[np.int64]", self.numbers)


class Historian(Protocol):
    """The past and the present of one line. Every answer is a copy or read-only: safe from any thread."""

    def span(self) -> Span | None:
        """Return what time is known, None before the first sample."""
        ...

    def state_at(self, at_ns: int) -> Latest:
        """Return the latest value, time and quality of every signal at or before `at_ns`."""
        ...

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Return the samples of [start_ns, end_ns] with the one in force at its start, or an envelope of `pixels` columns."""
        ...

    def timeline(self, unit: str, start_ns: int, end_ns: int) -> Intervals:
        """Return the state intervals of a unit, clipped to the span."""
        ...
