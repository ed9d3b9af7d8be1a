"""A recording as it was known at an instant: what had been received by then, and nothing else. Not for choosing the instant."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.historian import Span
from twin_app.model.signal import SignalTable
from twin_app.plant.plant import Plant
from twin_app.plant.track import FAR_PAST
from twin_app.session.arrivals import Arrivals
from twin_app.session.known import Folded, Known

if TYPE_CHECKING:
    from twin_app.model.samples import Samples
    from twin_app.session.trainee import Trainee

FOLD_SAMPLES = 20_000
LEAST_BEHIND_S = 0.001
"""What is not told of yet was received at the very first instant."""


class AsKnown(Known):
    """Rooms of their own, fed with the samples of others by time of receipt: what was not fed cannot be told of.

    Late samples come when they came, a silence is noticed when it was, and a name that nobody had heard yet is not in
    `signals`. What was fed stays in memory.
    """

    def __init__(self, whole: Known, arrivals: Arrivals, *, deeds: bool = True, trainee: Trainee | None = None) -> None:
        """Know nothing yet of all that `whole` knows and `arrivals` hand out; of what people did and said ever only with `deeds`.

        What a `trainee` says is known here alone.
        """
        arrivals.rewind()
        signals = signal_table(whole.line)
        store = Store(signals, whole.texts, journal=None)
        plant = Plant(whole.line, signals, whole.texts, store.range)
        super().__init__(whole.line, signals, whole.texts, store=store, plant=plant)
        self._own = store
        self.until_ns = FAR_PAST
        self._named: SignalTable = whole.signals
        self._arrivals = arrivals
        self._ids = np.empty(0, np.int32)
        self._reached_ns = FAR_PAST
        self._all = whole.store
        self._done = whole.actions if deeds else type(whole.actions)()
        self._everything = whole if deeds else None
        self._trainee = trainee
        self._heard = self._heard_trainee = self._done_heard = self._trainee_heard = 0

    def reach(self, until_ns: int, budget_s: float) -> Folded:
        """Let be known what had been received at an instant not before the last one, as far as `budget_s` allows."""
        self.until_ns = until_ns
        self.heed()
        ends, found = time.perf_counter() + budget_s, Folded(late=self.listen())
        if not self._arrivals.look_on(ends):  # what is not looked at yet may have come before all that is
            return found
        some = True  # however slow the computer is
        while self._waits() and (some or time.perf_counter() < ends):
            some, found = False, found.and_then(self.fold(FOLD_SAMPLES))
        self._reached_ns = until_ns if not self._waits() else max(self._reached_ns, found.received_ns)
        return found

    def heed(self) -> None:
        """Take in what people had done to alarms by the instant."""
        own = self._trainee.actions[self._trainee_heard :] if self._trainee else ()
        new, mine = (list(takewhile(lambda one: one.known_ns <= self.until_ns, done)) for done in (self._done[self._done_heard :], own))
        self._done_heard, self._trainee_heard = self._done_heard + len(new), self._trainee_heard + len(mine)
        self.act((*new, *mine))

    def listen(self) -> bool:
        """Take in what people had said by the instant; tell whether that was anything."""
        recorded = self._everything.told[self._heard :] if self._everything else ()
        trainee = self._trainee.entries[self._heard_trainee :] if self._trainee else ()
        new, own = (tuple(takewhile(lambda one: one.known_ns <= self.until_ns, said)) for said in (recorded, trainee))
        self._heard, self._heard_trainee = self._heard + len(new), self._heard_trainee + len(own)
        if new or own:
            self.tell((*new, *own))
        return bool(new or own)

    @property
    def behind_s(self) -> float:
        """Return of how many seconds before the instant what was received is not told of yet."""
        if self._reached_ns >= self.until_ns:
            return 0.0
        span = self._all.span()
        since_ns = max(span.start_ns, self._reached_ns) if span else self._reached_ns
        return max((self.until_ns - since_ns) / SECOND_NS, LEAST_BEHIND_S)

    @override
    def span(self) -> Span | None:
        """Return from the first sample to the instant: so much time is known, whether anything was said in it or not."""
        span = super().span()
        return None if span is None else Span(span.start_ns, self.until_ns)

    def _waits(self) -> bool:
        """Tell whether samples wait to be folded, having fetched those that are due."""
        if self.store.folded == self.store.watermark and (batch := self._arrivals.due(self.until_ns)) is not None:
            self._own.append(replace(batch, signal=self._own_ids(batch)))
        return self.store.folded < self.store.watermark

    def _own_ids(self, batch: Samples) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        """Return the batch's signals by their ids in `signals`, shape (n,); a name that is heard for the first time gets one now."""
        if len(self._named) > len(self._ids):
            self._ids = np.concatenate((self._ids, np.full(len(self._named) - len(self._ids), -1, np.int32)))
        heard, first = np.unique(batch.signal, return_index=True)
        for signal in heard[np.argsort(first)].tolist():
            if self._ids[signal] < 0:
                self._ids[signal] = self.signals.add(self._named[signal])
        return self._ids[batch.signal]
