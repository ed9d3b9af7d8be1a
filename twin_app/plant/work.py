"""What one unit works on through time: product, order, planned quantity, as its signals tell or as people say. Not for what that costs: see `duty`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import zip_longest
from math import isfinite, isnan, nan
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.signal import NO_ORDER_WORDS
from twin_app.model.work import NO_TASK, Run, Task
from twin_app.plant.track import FAR_FUTURE, FAR_PAST, Track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.samples import TextTable


class Work:
    """A unit's product, order and planned quantity by time. What people say of a span stands above what signals do."""

    def __init__(self, texts: TextTable) -> None:
        """Start with nothing told; `texts` are what codes of products and orders stand for."""
        self._texts = texts
        self._words: dict[float, str] = {}
        self.product, self.order = Track(np.float64), Track(np.float64)
        """Codes of texts."""
        self.quantity = Track(np.float64)
        self._starts: Sequence[int] = (FAR_PAST,)
        self._said: Sequence[Task] = (NO_TASK,)

    def declare(self, starts_ns: Sequence[int], said: Sequence[Task]) -> int | None:
        """Let people's word be this from each of some ascending instants on; what of it is None the signals tell.

        Returns:
            The first instant from which it differs from what it was, None where it does not.
        """
        changed = next((min(new[0], old[0]) for new, old in zip_longest(
            zip(starts_ns, said, strict=True), zip(self._starts, self._said, strict=True), fillvalue=(FAR_FUTURE, NO_TASK),
        ) if new != old), None)  # fmt: skip
        self._starts, self._said = starts_ns, said
        return changed

    def told(self, at_ns: int) -> bool:
        """Tell whether anything of product or order was told by an instant, or said of it."""
        first_ns = min((int(track.times[0]) for track in (self.product, self.order) if len(track)), default=FAR_FUTURE)
        return first_ns <= at_ns or self._word(at_ns) != NO_TASK

    def at(self, at_ns: int) -> Task:
        """Return what it works on at an instant."""
        said = self._word(at_ns)
        product = self._product(at_ns)
        if said.order is not None:
            return Task(product, said.order, said.quantity)
        quantity = _number(self.quantity, at_ns)
        return Task(product, self._order(at_ns), quantity if isfinite(quantity) else None)

    def _word(self, at_ns: int) -> Task:
        """Return what people say of an instant."""
        row = bisect_right(self._starts, at_ns) - 1
        return self._said[row] if row >= 0 else NO_TASK

    def products(self, start_ns: int, end_ns: int) -> list[tuple[int, str | None]]:
        """Return the products of [start_ns, end_ns), each with the instant from which on it is; of two neighbours another. Cheaper than `runs`."""
        times = self.product.times
        told = times[times.searchsorted(start_ns, "right") : times.searchsorted(end_ns, "left")].tolist()
        said = self._starts[bisect_right(self._starts, start_ns) : bisect_left(self._starts, end_ns)]
        found: list[tuple[int, str | None]] = []
        for at_ns in [start_ns, *sorted({*told, *said})]:
            product = self._product(at_ns)
            if not found or found[-1][1] != product:
                found.append((at_ns, product))
        return found

    def _product(self, at_ns: int) -> str | None:
        """Return the product at an instant: what people say, else what is told."""
        said = self._word(at_ns).product
        return self._text(self.product, at_ns) or None if said is None else said

    def turns(self, start_ns: int, end_ns: int) -> list[int]:
        """Return the instants within (start_ns, end_ns) at which something was told or said; ascending."""
        found = set(self._starts[bisect_right(self._starts, start_ns) : bisect_left(self._starts, end_ns)])
        for track in (self.product, self.order, self.quantity):
            times = track.times
            found.update(times[times.searchsorted(start_ns, "right") : times.searchsorted(end_ns, "left")].tolist())
        return sorted(found)

    def runs(self, start_ns: int, end_ns: int) -> list[Run]:
        """Return what it worked on in [start_ns, end_ns], one run behind the other without a gap; of two neighbours something differs."""
        edges = [start_ns, *self.turns(start_ns, end_ns)]
        found: list[Run] = []
        for at_ns in edges:
            task = self.at(at_ns)
            if not found or found[-1].task != task:
                found.append(Run(at_ns, end_ns, task))
        ends = [*(run.start_ns for run in found[1:]), end_ns]
        return [Run(run.start_ns, stop, run.task) for run, stop in zip(found, ends, strict=True)]

    def _order(self, at_ns: int) -> str | None:
        """Return the order, empty where the unit says that it has none, None where it says nothing."""
        told = self._text(self.order, at_ns)
        return "" if told is not None and told.casefold() in NO_ORDER_WORDS else told

    def _text(self, track: Track[np.float64], at_ns: int) -> str | None:
        code = _number(track, at_ns)
        if isnan(code):
            return None
        if code not in self._words:
            self._words[code] = self._texts.text(int(code)).strip()
        return self._words[code]


def _number(track: Track[np.float64], at_ns: int) -> float:
    """Return the value in force, NaN before the first."""
    row = track.row_at(at_ns)
    return float(track.values[row]) if row >= 0 else nan
