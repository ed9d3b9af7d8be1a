"""One operation of a net of functions of time, and what came of it. Not for what the operations are: see `operations`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.plant.track import FAR_PAST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from twin_app.plant.operations import Operation
    from twin_app.plant.steps import Steps, Times, Values


class Node:
    """One operation and what came of it. `waits_ns` after each change of the first input it may change by itself."""

    def __init__(self, out: Steps, inputs: Sequence[Steps], operation: Operation, waits_ns: Iterable[int] = ()) -> None:
        self.out = out
        self.inputs = tuple(inputs)
        self._operation = operation
        self._waits_ns = tuple(wait_ns for wait_ns in set(waits_ns) if wait_ns > 0)

    def assume(self) -> None:
        """Be since ever what follows from nothing heard: unknown, unless the layout assumes something."""
        ever = np.array([FAR_PAST])
        self.out.rewrite(FAR_PAST, ever, self._operation(ever, FAR_PAST))

    def derive(self, from_ns: int) -> int | None:
        """Follow inputs that changed from an instant on; return from when on the outcome differs, None where it does not."""
        at = self._instants(from_ns)
        values: Values = self._operation(at, from_ns) if len(at) else np.empty(0)
        return self.out.rewrite(from_ns, at, values)

    def _instants(self, from_ns: int) -> Times:
        """Return every instant from one on at which the outcome may change, ascending."""
        found = [steps.times[steps.times.searchsorted(from_ns, "left") :] for steps in self.inputs]
        for wait_ns in self._waits_ns:
            changes = self.inputs[0].times
            found.append(changes[changes.searchsorted(from_ns - wait_ns, "left") :] + wait_ns)
        return np.unique(np.concatenate(found)) if len(found) > 1 else found[0]
