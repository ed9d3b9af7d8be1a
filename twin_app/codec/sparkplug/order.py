"""The order of an edge node's messages: sequence numbers modulo 256, with patience for what was overtaken. Not for their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from twin_app.clock import SECOND_NS

PATIENCE_NS = 2 * SECOND_NS
"""How long a message that came too early waits for those before it, of receive time."""
MAX_WAITING = 64
"""Messages that may wait at one edge node; one more, and the wait is over."""
_NUMBERS = 256
_LATE = 16
"""A number up to so far back is a message that was overtaken or sent twice; further back it is a jump ahead."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gap(Generic[T]):
    """The end of a wait in vain."""

    missed: int
    """Messages that did not come."""
    over_zero: bool
    """Whether a birth may be among them: number 0 is."""
    items: list[T]
    """What may go on now, in order."""


class Order(Generic[T]):
    """One edge node's sequence. `T` is whatever carries a number."""

    def __init__(self) -> None:
        """Start without an expectation: the first number sets it."""
        self.late = 0
        """Messages that came after their turn."""
        self._expected: int | None = None
        self._waiting: list[tuple[int, int, T]] = []  # number, until when (ns of receive time), item

    def restart(self, number: int | None) -> None:
        """Expect what follows a birth's number; None: whatever comes next. What waited must have been taken out before."""
        self._expected = None if number is None else (number + 1) % _NUMBERS
        self._waiting.clear()

    def offer(self, number: int, item: T, received_ns: int) -> list[T]:
        """Take a message; return those whose turn it is now, in order."""
        if self._expected is None:
            self._expected = number
        ahead = (number - self._expected) % _NUMBERS
        if ahead == 0:
            self._expected = (number + 1) % _NUMBERS
            return [item, *self._follow()]
        if ahead >= _NUMBERS - _LATE:
            self.late += 1
            return [item]
        self._waiting.append((number, received_ns + PATIENCE_NS, item))
        return []

    @property
    def due_ns(self) -> int | None:
        """Return the receive time at which a wait ends, None where nothing waits."""
        if len(self._waiting) > MAX_WAITING:
            return 0
        return min((until_ns for _, until_ns, _ in self._waiting), default=None)

    def give_up(self, now_ns: int) -> Gap[T] | None:
        """Return what goes on because the wait before it is over at `now_ns`, None while there is time."""
        due_ns = self.due_ns
        if due_ns is None or now_ns <= due_ns or self._expected is None:
            return None
        expected = self._expected
        missed, number = min(((n - expected) % _NUMBERS, n) for n, _, _ in self._waiting)
        self._expected = number
        return Gap(missed, (0 - expected) % _NUMBERS < missed, self._follow())

    def _follow(self) -> list[T]:
        """Return the waiting messages whose turn it is, one after the other."""
        found: list[T] = []
        while self._waiting and (now := [entry for entry in self._waiting if entry[0] == self._expected]):
            found += [item for _, _, item in now]
            self._waiting = [entry for entry in self._waiting if entry[0] != self._expected]
            self._expected = (now[0][0] + 1) % _NUMBERS
        return found
