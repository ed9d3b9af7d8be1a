"""What a unit works on, as values: product, order and planned quantity, and runs of them through time. `plant.work` finds them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """What a unit works on."""

    product: str | None = None
    """Id of the product; None: nobody tells."""
    order: str | None = None
    """The order; empty: it has none; None: nobody tells."""
    quantity: float | None = None
    """What is planned of the order, in base units of the line; None: nobody tells."""


NO_TASK = Task()
"""Nobody tells anything."""


@dataclass(frozen=True, slots=True)
class Run:
    """A span [start_ns, end_ns) in which a unit worked on the same."""

    start_ns: int
    end_ns: int
    task: Task
