"""From journal rows to slabs: what is due, what becomes of late samples, and the transaction that moves them. Not for threads: see `store`.

A slab ends at a multiple of 300 s, or sooner where it has enough samples. What came later than that goes into the slab
of its time, which is rewritten, and into the keyframes after it, until its signal's next sample. Every sample is in the
journal or in a slab, never in both.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from twin_app.clock import SECOND_NS
from twin_app.history.journal import Done
from twin_app.history.rolling import Beside, Roller
from twin_app.history.slab import Entry, KeyframeRow, SlabRows, entries_after, pack, pack_keyframe
from twin_app.model.samples import NEVER, Samples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from twin_app.history.journal import Journal
    from twin_app.history.sealed import Sealed
    from twin_app.history.shelf import Shelf
    from twin_app.model.signal import Signal

SLAB_NS = 300 * SECOND_NS
PATIENCE_NS = 2 * SECOND_NS
"""Samples that come so late are still waited for before a slab ends."""
LEAST_SAMPLES = 49_152
SAMPLES_A_SIGNAL = 4
_NEVER_NS = 2**63 - 1
_AT_ONCE = 1_048_576
"""Samples of the journal that are read for one transaction."""


class Older(Protocol):
    """The files before the one that is sealed, into which its late samples may belong."""

    def take(self, late: Samples, numbers: NDArray[np.int64], stop: int) -> NDArray[np.bool_] | None:
        """Put samples (in the numbers of the file that is sealed, in order of arrival) into the slabs of older files.

        Those numbered below `stop` are never given again; `numbers` are their own. Returns which lie there now, shape (n,), and
        None where no file is older.
        """
        ...


@dataclass(slots=True)
class _Plan:
    """What one transaction writes, by slab number."""

    slabs: dict[int, SlabRows] = field(default_factory=dict)
    keyframes: dict[int, tuple[Entry, KeyframeRow]] = field(default_factory=dict)
    rest: Callable[[], None] = lambda: None
    before: tuple[KeyframeRow, ...] = ()
    """The line's state before the file, where it is another."""

    def __bool__(self) -> bool:
        return bool(self.slabs or self.keyframes or self.before)

    def done(self, **more: Any) -> Done:  # noqa: ANN401 - the fields of `Done`
        """Return the transaction."""
        entries, keyframes = zip(*self.keyframes.values(), strict=True) if self.keyframes else ((), ())
        return Done(slabs=tuple(self.slabs.values()), entries=entries, keyframes=(*keyframes, *self.before), **more)


class Sealer:
    """Seals one file. Belongs to one thread at a time."""

    def __init__(self, journal: Journal, sealed: Sealed, shelf: Shelf, *, start_ns: int = NEVER, older: Older | None = None) -> None:
        """Seal the rows of `journal`; `sealed` knows the slabs that are there, and `shelf` shows them.

        What is effective before `start_ns` belongs into `older` files, where there are some.
        """
        self._journal, self._sealed, self._shelf = journal, sealed, shelf
        self._start_ns, self._older = start_ns, older
        self._roller = Roller(journal, sealed)
        self._beside = Beside(journal.path, shelf) if older else None
        self._is_fact = np.zeros(0, np.bool_)
        self._state: Samples | None = None
        self.rest: Callable[[], None] = _no_rest
        """Called between pieces of work, where nobody waits for their end."""
        self.sealed_to = 0
        """Number after the last sample that was sealed when somebody sealed last."""
        self.waiting_since_ns = _NEVER_NS
        """When the oldest sample that then waited is effective."""

    def enough(self, signals: int) -> int:
        """Return how many samples make a slab before its time is over."""
        return max(LEAST_SAMPLES, SAMPLES_A_SIGNAL * signals)

    def seal(self, stop: int, *, signals: int, everything: bool = False, until_ns: int | None = None) -> bool:
        """Seal what is due of the samples numbered below `stop`, or all of them, else make some of the pyramid; return whether anything was.

        `until_ns` is where the last slab of the file shall end, at least: no more will come.

        Raises:
            sqlite3.Error: the disk is full or failing; nothing was written.
            RecordingError: the file cannot be read.
        """
        return self._seal_due(stop, (signals, everything, until_ns)) or self.roll(finished=until_ns is not None)

    def roll(self, *, finished: bool) -> bool:
        """Make a chunk of the pyramid that is due; return whether one was. `finished` says that no slab will come.

        Raises:
            sqlite3.Error: the disk is full or failing.
        """
        if self._roller.step(finished=finished):
            self._shelf.changed()
            return True
        return self._beside is not None and self._beside.step()

    def _seal_due(self, stop: int, how: tuple[int, bool, int | None]) -> bool:
        """Seal what is due; see `seal`."""
        signals, everything, until_ns = how
        waiting, numbers, stop = self._waiting(stop)
        self._waits(stop, waiting)
        if not len(waiting):
            return False
        strange = waiting.effective_ns < self._start_ns
        with self._shelf.turn if strange.any() else nullcontext():
            elsewhere = np.zeros(len(waiting), np.bool_)
            if strange.any() and self._older:
                placed = self._older.take(waiting.take(strange), numbers[strange], stop)
                strange &= placed is not None  # where no file is older, this one holds what is
                elsewhere[strange] = placed if placed is not None else False
                if self._beside:
                    self._beside.look_again()
            last_ns = max(int(waiting.effective_ns.max()) + 1, until_ns or 0) if everything else self._settled_ns(waiting)
            return self._seal(waiting, stop, (elsewhere, strange & ~elsewhere), (last_ns, signals, everything))

    def take(
        self, late: Samples, mine: NDArray[np.bool_], *, names: Mapping[str, Sequence[Any]], mark: tuple[str, int]
    ) -> NDArray[np.bool_]:  # fmt: skip
        """Put those samples of another file's journal that are `mine` into the slabs of this one; the others only mend keyframes.

        `late` is in this file's numbers, `names` are those it needs, and `mark` is kept in `meta` with them.

        Returns:
            Whether that was done, shape (n,): not where a slab is damaged or there is none.
        """
        plan = _Plan()
        if not self._sealed.entries and mine.any():
            return np.zeros(len(late), np.bool_)
        taken, state = self._take_late(late, mine, ~mine, plan)
        if not taken.all():  # all or none: the mark speaks of all of them
            return np.zeros(len(late), np.bool_)
        if plan:
            self._journal.seal(plan.done(**names, meta=dict([mark])))
            self._show(state)
        return mine

    def state(self) -> Samples:
        """Return each signal's last samples of all that is sealed, in the file's numbers."""
        if self._state is None:
            entries = self._sealed.entries
            self._state = self._sealed.state_after_in_file(entries[-1]) if entries else self._sealed.state_before_in_file()
        return self._state

    def begin(self, state: Samples, *, signals: Sequence[tuple[int, Signal]], texts: Sequence[tuple[int, bytes]]) -> None:
        """Begin a file with the line's state before it, in the file's numbers, and the names it needs."""
        self._journal.seal(Done(keyframes=(pack_keyframe(0, state),), signals=signals, texts=texts))
        self._state = None

    def _seal(
        self, waiting: Samples, stop: int, strange: tuple[NDArray[np.bool_], NDArray[np.bool_]], limits: tuple[int, int, bool]
    ) -> bool:  # fmt: skip
        """Seal what is due; of the `strange` samples the first lie in another file already, and the others belong there."""
        elsewhere, stays = strange
        alone = not (elsewhere | stays).any()  # else readers of the shelf wait meanwhile
        plan, state = _Plan(rest=self.rest if alone else _no_rest), self.state()
        last_ns, signals, everything = limits
        late = (waiting.effective_ns < self._end_ns) & ~elsewhere & ~stays
        taken = elsewhere
        if late.any() or elsewhere.any():
            taken, state = self._take_late(waiting, late, elsewhere, plan)
        stays |= late & ~taken
        old, rest = waiting.take(stays), waiting.take(~stays & ~taken) if stays.any() or taken.any() else waiting
        while len(rest) and (cut_ns := self._cut(rest, last_ns, signals, everything=everything)) is not None:
            now, rest = _parted(rest, rest.effective_ns < cut_ns)
            state = self._add(now, state, cut_ns, plan)
        if not plan.slabs and not elsewhere.any():
            return False
        with self._shelf.turn:
            self._journal.seal(plan.done(stop=stop, rest=Samples.concatenate([old, rest])))
            self._show(state)
        self._waits(stop - len(old), rest)
        return True

    def _show(self, state: Samples) -> None:
        """Let readers see what was sealed."""
        self._sealed.refresh()
        self._shelf.changed()
        self._state = state

    def _waits(self, stop: int, samples: Samples) -> None:
        """Note what is left."""
        self.sealed_to = stop - len(samples)
        self.waiting_since_ns = int(samples.effective_ns.min()) if len(samples) else _NEVER_NS

    @property
    def _end_ns(self) -> int:
        """Return from when on nothing is sealed."""
        entries = self._sealed.entries
        return entries[-1].end_ns if entries else np.iinfo(np.int64).min

    def _waiting(self, stop: int) -> tuple[Samples, NDArray[np.int64], int]:
        """Return the samples of whole rows that are numbered below `stop`, in order of arrival, their numbers, and the one after them."""
        parts: list[Samples] = []
        numbers = [np.empty(0, np.int64)]
        count = reached = 0
        for seq, samples in self._journal.reader.samples(0, stop):
            if seq + len(samples) > stop or count > _AT_ONCE:
                break
            self.rest()
            parts.append(samples)
            numbers.append(np.arange(seq, seq + len(samples)))
            count, reached = count + len(samples), seq + len(samples)
        return Samples.concatenate(parts), np.concatenate(numbers), reached

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
        plan.slabs[number] = pack((number, start_ns, end_ns), samples, state, is_fact=self._facts(samples), rest=plan.rest)
        return entries_after(state, samples)

    def _take_late(
        self, waiting: Samples, late: NDArray[np.bool_], elsewhere: NDArray[np.bool_], plan: _Plan
    ) -> tuple[NDArray[np.bool_], Samples]:  # fmt: skip
        """Plan to put late samples into the slabs of their time and the keyframes after those.

        A slab that is damaged stays as it is, and the samples where they are. Those that lie `elsewhere` only mend keyframes.

        Returns:
            Which samples are or will be in slabs, shape (n,), and the state after the last slab.
        """
        entries = self._sealed.entries
        starts = np.array([entry.start_ns for entry in entries])
        place = np.where(late, np.maximum(starts.searchsorted(waiting.effective_ns, "right") - 1, 0), len(entries))
        taken = elsewhere.copy()
        last = int(place[late].max(initial=-1))
        first = 0 if elsewhere.any() else int(place.min())
        if elsewhere.any():
            before = self._sealed.state_before_in_file()
            mended = entries_after(before, waiting.take(elsewhere))
            plan.before = (pack_keyframe(0, mended),) if _differs(before, mended) else ()
        for i in range(first, len(entries)):
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
        return taken, entries_after(self.state(), waiting.take(taken))

    def _mended(self, entry: Entry, keyframe: Samples) -> tuple[Entry, KeyframeRow]:
        """Return a slab's next version, of which only the keyframe is another."""
        return replace(entry, version=entry.version + 1), pack_keyframe(entry.slab, keyframe, self._sealed.carried(entry))

    def _rewritten(self, entry: Entry, late: Samples, keyframe: Samples) -> SlabRows | None:
        """Return a slab with late samples in it, None where it is damaged."""
        old = self._sealed.whole(entry)
        if old is None:
            return None
        samples = Samples.concatenate([old, late])
        start_ns, end_ns = min(entry.start_ns, int(late.effective_ns.min())), max(entry.end_ns, int(late.effective_ns.max()) + 1)
        return pack(
            (entry.slab, start_ns, end_ns), samples, keyframe, is_fact=self._facts(samples), version=entry.version + 1,
            carried=self._sealed.carried(entry),
        )  # fmt: skip

    def _facts(self, samples: Samples) -> NDArray[np.bool_]:
        """Return which signals are facts, by their number in the file; what nobody named is a measurement."""
        highest = int(samples.signal.max())
        if highest >= len(self._is_fact):
            self._is_fact = self._sealed.identity.facts(highest + 1)
        return self._is_fact


def _parted(samples: Samples, first: NDArray[np.bool_]) -> tuple[Samples, Samples]:
    """Return those samples and the others; where they stand in front, as they mostly do, nothing is copied."""
    count = int(np.count_nonzero(first))
    if first[:count].all():
        return samples.take(slice(0, count)), samples.take(slice(count, None))
    return samples.take(first), samples.take(~first)


def _no_rest() -> None:
    """Go on."""


def _differs(old: Samples, new: Samples) -> bool:
    """Tell whether a keyframe has other samples than before: all of it stands by signal and arrival."""
    return len(old) != len(new) or not np.array_equal(old.effective_ns, new.effective_ns) or not np.array_equal(old.signal, new.signal)
