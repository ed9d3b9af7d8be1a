"""From journal rows to slabs: what is due, what becomes of late samples, and the transaction that moves them. Not for threads: see `store`.

A slab ends at a multiple of 300 s, or sooner where it has enough samples. What came later than that goes into the slab
of its time, which is rewritten, and into the keyframes after it, until its signal's next sample. Every sample is in the
journal or in a slab, never in both.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from twin_app.clock import SECOND_NS
from twin_app.history.slab import Entry, KeyframeRow, SlabRows, entries_after, pack, pack_keyframe
from twin_app.model.samples import Samples
from twin_app.model.signal import SignalKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.history.journal import Journal
    from twin_app.history.sealed import Sealed
    from twin_app.history.shelf import Shelf

SLAB_NS = 300 * SECOND_NS
PATIENCE_NS = 2 * SECOND_NS
"""Samples that come so late are still waited for before a slab ends."""
LEAST_SAMPLES = 131_072
SAMPLES_A_SIGNAL = 8
_NEVER_NS = 2**63 - 1
_AT_ONCE = 1_048_576
"""Samples of the journal that are read for one transaction."""


@dataclass(slots=True)
class _Plan:
    """What one transaction writes, by slab number."""

    slabs: dict[int, SlabRows] = field(default_factory=dict)
    keyframes: dict[int, tuple[Entry, KeyframeRow]] = field(default_factory=dict)


class Sealer:
    """Seals one file. Belongs to one thread at a time."""

    def __init__(self, journal: Journal, sealed: Sealed, shelf: Shelf) -> None:
        """Seal the rows of `journal`; `sealed` knows the slabs that are there, and `shelf` shows them."""
        self._journal, self._sealed, self._shelf = journal, sealed, shelf
        self._is_fact = np.zeros(0, np.bool_)
        self._state: Samples | None = None
        self.sealed_to = 0
        """Number after the last sample that was sealed when somebody sealed last."""
        self.waiting_since_ns = _NEVER_NS
        """When the oldest sample that then waited is effective."""

    def enough(self, signals: int) -> int:
        """Return how many samples make a slab before its time is over."""
        return max(LEAST_SAMPLES, SAMPLES_A_SIGNAL * signals)

    def seal(self, stop: int, *, signals: int, everything: bool = False) -> bool:
        """Seal what is due of the samples numbered below `stop`, or all of them; return whether anything was.

        Raises:
            sqlite3.Error: the disk is full or failing; nothing was written.
            RecordingError: the file cannot be read.
        """
        waiting, stop = self._waiting(stop)
        self._waits(stop, waiting)
        if not len(waiting):
            return False
        last_ns = int(waiting.effective_ns.max()) + 1 if everything else self._settled_ns(waiting)
        plan, state, rest = _Plan(), self._state_after_last(), waiting
        late = waiting.effective_ns < self._end_ns
        if late.any():
            sealed, state = self._take_late(waiting, late, state, plan)
            rest, late = waiting.take(~sealed), late[~sealed]
        old, rest = rest.take(late), rest.take(~late)
        while len(rest) and (cut_ns := self._cut(rest, last_ns, signals, everything=everything)) is not None:
            now = rest.effective_ns < cut_ns
            state = self._add(rest.take(now), state, cut_ns, plan)
            rest = rest.take(~now)
        if not plan.slabs:
            return False
        with self._shelf.turn:
            self._journal.seal(stop, Samples.concatenate([old, rest]), plan.slabs.values(), plan.keyframes.values())
            self._sealed.refresh()
            self._shelf.changed()
        self._state = state
        self._waits(stop, rest)
        return True

    def _waits(self, stop: int, samples: Samples) -> None:
        """Note what is left."""
        self.sealed_to = stop - len(samples)
        self.waiting_since_ns = int(samples.effective_ns.min()) if len(samples) else _NEVER_NS

    @property
    def _end_ns(self) -> int:
        """Return from when on nothing is sealed."""
        entries = self._sealed.entries
        return entries[-1].end_ns if entries else np.iinfo(np.int64).min

    def _waiting(self, stop: int) -> tuple[Samples, int]:
        """Return the samples of whole rows that are numbered below `stop`, in order of arrival, and the number after them."""
        parts: list[Samples] = []
        count = reached = 0
        for seq, samples in self._journal.reader.samples(0, stop):
            if seq + len(samples) > stop or count > _AT_ONCE:
                break
            parts.append(samples)
            count, reached = count + len(samples), seq + len(samples)
        return Samples.concatenate(parts), reached

    @staticmethod
    def _settled_ns(waiting: Samples) -> int:
        """Return before when no more samples are waited for; one from the future does not hurry the others."""
        return min(int(waiting.effective_ns.max()), int(waiting.received_ns.max())) - PATIENCE_NS

    def _cut(self, rest: Samples, last_ns: int, signals: int, *, everything: bool) -> int | None:
        """Return where the next slab ends, None where it is not due yet."""
        times = rest.effective_ns
        end_ns = (int(times.min()) // SLAB_NS + 1) * SLAB_NS
        enough = self.enough(signals)
        if np.count_nonzero(times < min(end_ns, last_ns)) > 2 * enough:
            return int(np.partition(times, enough)[enough]) + 1
        if end_ns <= last_ns:
            return end_ns
        if everything:
            return last_ns
        ready = np.count_nonzero(times < last_ns)
        return last_ns if ready >= enough else None

    def _add(self, samples: Samples, state: Samples, end_ns: int, plan: _Plan) -> Samples:
        """Plan a new slab; return the state after it."""
        entries, numbers = self._sealed.entries, [*plan.slabs, *(entry.slab for entry in self._sealed.entries)]
        planned = [rows.entry.end_ns for rows in plan.slabs.values()]
        start_ns = max([*planned, *(entry.end_ns for entry in entries[-1:])], default=int(samples.effective_ns.min()))
        number = max(numbers, default=0) + 1
        plan.slabs[number] = pack((number, start_ns, end_ns), samples, state, is_fact=self._facts(samples))
        return entries_after(state, samples)

    def _take_late(self, waiting: Samples, late: NDArray[np.bool_], state: Samples, plan: _Plan) -> tuple[NDArray[np.bool_], Samples]:
        """Plan to put late samples into the slabs of their time and the keyframes after those.

        A slab that is damaged stays as it is, and the samples where they are.

        Returns:
            Which samples that will be, shape (n,), and the state after the last slab.
        """
        entries = self._sealed.entries
        starts = np.array([entry.start_ns for entry in entries])
        place = np.where(late, np.maximum(starts.searchsorted(waiting.effective_ns, "right") - 1, 0), len(entries))
        taken = np.zeros(len(waiting), np.bool_)
        last = int(place[late].max())
        for i in range(int(place.min()), len(entries)):
            keyframe = self._sealed.keyframe_in_file(entries[i])
            mended = entries_after(keyframe, waiting.take(taken))
            news = _differs(keyframe, mended)
            mine = place == i
            if mine.any() and (rows := self._rewritten(entries[i], waiting.take(mine), mended)) is not None:
                plan.slabs[entries[i].slab] = rows
                taken |= mine
            elif news:
                plan.keyframes[entries[i].slab] = self._mended(entries[i], mended)
            elif i > last:
                break
        return taken, entries_after(state, waiting.take(taken))

    def _mended(self, entry: Entry, keyframe: Samples) -> tuple[Entry, KeyframeRow]:
        """Return a slab's next version, of which only the keyframe is another."""
        return replace(entry, version=entry.version + 1), pack_keyframe(entry.slab, keyframe, self._sealed.carried(entry))

    def _rewritten(self, entry: Entry, late: Samples, keyframe: Samples) -> SlabRows | None:
        """Return a slab with late samples in it, None where it is damaged."""
        old = self._sealed.whole(entry)
        if old is None:
            return None
        samples = Samples.concatenate([old, late])
        start_ns = min(entry.start_ns, int(late.effective_ns.min()))
        return pack(
            (entry.slab, start_ns, entry.end_ns), samples, keyframe, is_fact=self._facts(samples), version=entry.version + 1,
            carried=self._sealed.carried(entry),
        )  # fmt: skip

    def _state_after_last(self) -> Samples:
        """Return each signal's last samples of all that is sealed, in the file's numbers."""
        if self._state is None:
            entries = self._sealed.entries
            self._state = self._sealed.state_after_in_file(entries[-1]) if entries else Samples.empty()
        return self._state

    def _facts(self, samples: Samples) -> NDArray[np.bool_]:
        """Return which signals are facts, by their number in the file; what nobody named is a measurement."""
        highest = int(samples.signal.max())
        if highest >= len(self._is_fact):
            named = self._journal.reader.signals()
            self._is_fact = np.zeros(max(highest, *(sid for sid, _ in named), 0) + 1, np.bool_)
            for sid, signal in named:
                self._is_fact[sid] = signal.kind is not SignalKind.MEASUREMENT
        return self._is_fact


def _differs(old: Samples, new: Samples) -> bool:
    """Tell whether a keyframe has other samples than before: all of it stands by signal and arrival."""
    return len(old) != len(new) or not np.array_equal(old.effective_ns, new.effective_ns) or not np.array_equal(old.signal, new.signal)
