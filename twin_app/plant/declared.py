"""From what people entered to functions of time: a unit's duty, product and order. What was said last of an instant counts. Not for keeping entries."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from twin_app.model.entry import Entry, EntryKind
from twin_app.model.work import NO_TASK, Task
from twin_app.plant.duty import Duty
from twin_app.plant.track import FAR_FUTURE, FAR_PAST

T = TypeVar("T")
DUTIES = {
    EntryKind.CHANGEOVER: Duty.SET_CHANGE, EntryKind.NO_ORDER: Duty.SET_IDLE, EntryKind.CLEANING: Duty.SET_PLANNED,
    EntryKind.BREAK: Duty.SET_PLANNED, EntryKind.OVERTIME: Duty.SET_OVERTIME,
}  # fmt: skip


class Painted(Generic[T]):
    """A function of time that is painted span over span; None where nothing is painted."""

    def __init__(self) -> None:
        """Start with nothing painted."""
        self.starts: list[int] = [FAR_PAST]
        self.values: list[T | None] = [None]

    def paint(self, start_ns: int, end_ns: int, value: T) -> None:
        """Let the function be `value` in [start_ns, end_ns)."""
        if end_ns <= start_ns:
            return
        after = self.values[bisect_right(self.starts, end_ns) - 1]
        first, behind = bisect_left(self.starts, start_ns), bisect_right(self.starts, end_ns)
        tail_starts, tail_values = ([end_ns], [after]) if end_ns < FAR_FUTURE else ([], [])
        self.starts[first:behind] = [start_ns, *tail_starts]
        self.values[first:behind] = [value, *tail_values]


def duties(entries: Iterable[Entry], unit: str) -> tuple[Sequence[int], Sequence[Duty | None]]:
    """Return a unit's duty from each instant on, None where nobody says it. Entries stand in the order in which they were told."""
    painted: Painted[Duty] = Painted()
    _paint(painted, entries, unit, lambda entry: DUTIES.get(entry.kind))
    return painted.starts, painted.values


def tasks(entries: Sequence[Entry], unit: str) -> tuple[Sequence[int], Sequence[Task]]:
    """Return what people say a unit works on from each instant on; what of it is None nobody says."""
    products: Painted[str] = Painted()
    orders: Painted[Task] = Painted()
    _paint(products, entries, unit, lambda entry: entry.product or None if entry.kind.of_work else None)
    _paint(orders, entries, unit, _order)
    starts = sorted({*products.starts, *orders.starts})
    return starts, [_joined(_at(products, at_ns), _at(orders, at_ns)) for at_ns in starts]


def _order(entry: Entry) -> Task | None:
    """Return the order that an entry says, None where it says none."""
    if entry.kind is EntryKind.NO_ORDER:
        return Task(order="")
    return Task(order=entry.order, quantity=entry.quantity) if entry.kind is EntryKind.ORDER else None


def _joined(product: str | None, order: Task | None) -> Task:
    order = order or NO_TASK
    return Task(product, order.order, order.quantity)


def _paint(painted: Painted[T], entries: Iterable[Entry], unit: str, value_of: Callable[[Entry], T | None]) -> None:
    """Paint what concerns a unit."""
    for entry in entries:
        value = value_of(entry) if entry.unit in {"", unit} else None
        if value is not None:
            painted.paint(entry.start_ns, FAR_FUTURE if entry.end_ns is None else entry.end_ns, value)


def _at(painted: Painted[T], at_ns: int) -> T | None:
    return painted.values[bisect_right(painted.starts, at_ns) - 1]
