"""Reading the slabs of one file: its index, pages, single signals, all samples. From any thread. Not for the journal: see `reader`.

What does not match its checksum is counted and shown as unknown, never as data.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from twin_app.errors import RecordingError
from twin_app.history import slab
from twin_app.history.curve import Curve, curve_of
from twin_app.history.files import files_of
from twin_app.history.identity import Identity
from twin_app.history.ordering import settled_ties
from twin_app.history.page import Columns, Page, Parts
from twin_app.history.reader import Reader
from twin_app.history.rolled import Rolled
from twin_app.history.rollup import Curves
from twin_app.history.slab import BlockRow, Entry, KeyframeRow, entries_after, unpack_block, unpack_keyframe, with_messages
from twin_app.history.snapshot import NOTHING, View, forget, never_heard, rows_of
from twin_app.history.twice import once
from twin_app.model.samples import NEVER, Kind, Quality, Samples

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from twin_app.history import decimals
    from twin_app.model.historian import Latest
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import SignalTable

_ENTRIES = "SELECT id, t0, t1, n, facts, blocks, ties, version, crc FROM slab ORDER BY t0"
_KEYFRAME = f"SELECT {', '.join(KeyframeRow._fields)} FROM keyframe WHERE slab = ?"  # noqa: S608 - names of columns
_ENTRY = f"SELECT {', '.join(KeyframeRow._fields[:-3])} FROM keyframe WHERE slab = ?"  # noqa: S608 - names of columns
_BLOCKS = f"SELECT {', '.join(BlockRow._fields)} FROM block WHERE key >= ? AND key < ?"  # noqa: S608 - names of columns
_CURVES = f"SELECT {', '.join(BlockRow._fields[:-1])} FROM block WHERE key >= ? AND key < ?"  # noqa: S608 - names of columns
_HEADS = "SELECT key, fact, first_sid, last_sid FROM block WHERE key >= ? AND key < ?"
_NUMBERS_OF_FACTS = "SELECT facts FROM message WHERE slab = ?"
_OF_SIGNAL = " AND first_sid <= ? AND last_sid >= ?"
_NO_BLOB = b""


class StaleError(Exception):
    """The file has another version of the slab by now: refresh the index and ask again."""


class Sealed:
    """The slabs of one file in the run's numbers."""

    def __init__(self, reader: Reader, identity: Identity) -> None:
        """Read with `reader`; `identity` knows the file's signals and texts."""
        self.reader, self.identity = reader, identity
        self._lock = threading.Lock()
        self._damaged: set[tuple[str, int]] = set()
        self.entries: tuple[Entry, ...] = ()
        self.elsewhere: tuple[int, int] | None = None
        """From when to when, both included, a sound copy of the file counts in its place."""
        self.rolled = Rolled(self._query, identity)
        """The pyramid over them."""
        self.refresh()

    def refresh(self) -> None:
        """Read the index anew; where a part of it is not what was written, from a copy that was mended."""
        if self.reader.version == "1":
            return
        told = self.reader.slabs()  # before: more may be sealed meanwhile
        rows = self.reader.query(_ENTRIES)
        entries = tuple(entry for row in rows if (entry := Entry.believed(row)) is not None)
        short = told is not None and len(entries) < told
        if (len(entries) < len(rows) or short) and self.reader.heal("slab: checksum"):
            self.refresh()
            return
        for row in rows:
            if Entry.believed(row) is None:
                self._note("slab", row[0])
        first_ns, last_ns = self.elsewhere or (0, -1)
        self.entries = tuple(entry for entry in entries if not (first_ns <= entry.start_ns and entry.end_ns - 1 <= last_ns))
        self.rolled.refresh(self.entries)

    @property
    def damaged(self) -> int:
        """Blobs met that could not be believed."""
        return len(self._damaged) + self.rolled.damaged

    def page(self, entry: Entry, signals: int) -> Page:
        """Return a slab as a page of at least `signals` signals."""
        rows = [BlockRow._make((*row, _NO_BLOB)) for row in self._query(_CURVES, *entry.keys)]
        entries = self._entries(entry, signals)
        curves = []
        for row in rows:
            try:
                curves.append(curve_of(row))
            except ValueError:
                self._blame(entry, "block", row.key)
                self._blank(entries, row)
        self._blank_missing(entries, entry, rows)
        if not entry.ties:
            try:
                return self._page(entry, entries, curves)
            except ValueError:  # of signals or texts that the file does not name: those are left out one by one
                pass
        return Page.of(self.keyframe(entry), self.samples(entry), signals)

    def _page(self, entry: Entry, entries: Latest, curves: Sequence[Curve]) -> Page:
        """Return the page of blocks that need no more ordering."""
        ends = np.cumsum([curve.times.n for curve in curves], dtype=np.int64)
        times = np.empty(int(ends[-1]) if curves else 0, np.int64)
        for curve, start, end in zip(curves, [0, *ends.tolist()], ends.tolist(), strict=False):
            curve.times.into(times[start:end])
        value, kind, quality = (
            Parts(dtype, parts, ends)
            for dtype, parts in (
                (np.float64, [self._values(curve) for curve in curves]),
                (np.uint8, [curve.kind for curve in curves]),
                (np.uint8, [curve.quality for curve in curves]),
            )
        )
        columns = Columns(times, value, kind, quality, lambda: self._numbers(entry, len(times)))
        signal, count = (np.concatenate([np.empty(0, np.int64), *(curve.runs[i] for curve in curves)]) for i in range(2))
        return Page(entries, self.identity.signals_to_run(signal), count, columns)

    def _values(self, curve: Curve) -> decimals.Packed | NDArray[np.float64]:
        """Return a block's values with the run's codes of texts; where there are none, to be made when asked for."""
        if curve.kind.bounds()[1] <= Kind.BOOL:
            return curve.packed
        return self.identity.values_to_run(curve.kind.all().astype(np.uint8), curve.packed.all())[0]

    def keyframe(self, entry: Entry) -> Samples:
        """Return each signal's last samples before a slab, in the run's numbers; none where they are damaged."""
        return self.identity.to_run(self.keyframe_in_file(entry))

    def keyframe_in_file(self, entry: Entry) -> Samples:
        """Return the same in the file's numbers."""
        for row in self._query(_KEYFRAME, entry.slab):
            try:
                return unpack_keyframe(KeyframeRow(*row))
            except ValueError:
                self._blame(entry, "keyframe", entry.slab)
        return Samples.empty()

    def carried(self, entry: Entry) -> bytes:
        """Return what else was kept for a slab's start."""
        return next((bytes(row[-1]) for row in self._query(_KEYFRAME, entry.slab)), b"")

    def samples(self, entry: Entry, signals: Collection[int] | None = None) -> Samples:
        """Return all samples of a slab, or those of some signals, by signal, time and arrival.

        For the signals of a damaged block stands one sample each, at the slab's start, of unknown quality and without a value.
        """
        if signals is None:
            return self.identity.to_run(Samples.concatenate(self._read(entry)))
        sids = self.identity.sids(signals)
        found = Samples.concatenate(self._read(entry, sids))
        return self.identity.to_run(found.take(np.isin(found.signal, sids)))

    def state_after(self, entry: Entry) -> Samples:
        """Return each signal's last samples of a slab or before it, in the run's numbers."""
        return entries_after(self.keyframe(entry), self.samples(entry))

    def state_after_in_file(self, entry: Entry) -> Samples:
        """Return the same in the file's numbers."""
        return entries_after(self.keyframe_in_file(entry), Samples.concatenate(self._read(entry)))

    def state_before_in_file(self) -> Samples:
        """Return each signal's last samples before the file, in the file's numbers."""
        for row in self._query(_KEYFRAME, 0) if self.reader.version != "1" else ():
            try:
                return unpack_keyframe(KeyframeRow(*row))
            except ValueError:
                self._note("keyframe", 0)
        return Samples.empty()

    def state_before(self) -> Samples:
        """Return the same in the run's numbers."""
        return self.identity.to_run(self.state_before_in_file())

    def whole(self, entry: Entry) -> Samples | None:
        """Return all samples of a slab in the file's numbers, None where some are damaged."""
        samples, lost = self._read(entry)
        return samples if len(samples) == entry.n and not len(lost) else None

    def _read(self, entry: Entry, sids: NDArray[np.int64] | None = None) -> tuple[Samples, Samples]:
        """Return the samples of whole blocks with their message numbers, and what stands for those of damaged ones.

        Of some signals the blocks that hold them are read, and of measurements no message numbers, unless the order of ties
        hangs on them.
        """
        some = None if entry.ties or sids is None else sids[self.identity.measured(sids)]
        heads = self._query(_HEADS, *entry.keys)
        keys = [key for key, fact, first, last in heads if some is None or fact or _meets(some, first, last)]
        spans = [entry.keys] if some is None else [(key, key + 1) for key in keys]
        rows = [BlockRow(*row) for span in spans for row in self._query(_BLOCKS, *span)]
        parts, lost = [], []
        for row in rows:
            try:
                parts.append(unpack_block(row))
            except ValueError:
                self._blame(entry, "block", row.key)
                lost += self._sids(row)
        if len(heads) < entry.blocks:
            self._blame(entry, "slab", entry.slab)
            lost = list(range(self.identity.named))
        whole = Samples.concatenate(parts)
        if lost:
            return whole, _unknown(lost, entry.start_ns)
        return with_messages(whole, self._message(entry, whole.received_ns, whole=len(whole) == entry.n)), Samples.empty()

    def series(self, entry: Entry, signal: int, start_ns: int, end_ns: int) -> View:
        """Return a signal's samples within [start_ns, end_ns] of one slab, message numbers left out (-1)."""
        sid = self.identity.sid(signal)
        if sid is None:
            return NOTHING
        if entry.ties:
            every = self.samples(entry)
            return _between(_settled(every.take(every.signal == signal)), start_ns, end_ns)
        found = [NOTHING]
        for row in self._query(_CURVES + _OF_SIGNAL, *entry.keys, sid, sid):
            try:
                curve = curve_of(BlockRow._make((*row, _NO_BLOB)))
            except ValueError:
                self._blame(entry, "block", row[0])
                continue
            found.append(_between(self._one(curve, sid), start_ns, end_ns))
        return View(np.concatenate([view.times for view in found]), np.concatenate([view.rows for view in found]))

    def curves(self, entry: Entry, first: int, last: int) -> Iterator[Curves]:
        """Yield the samples of the file's signals first to last, as they count, in the file's numbers; without damaged blocks."""
        if entry.ties:
            every = _settled(Samples.concatenate(self._read(entry)))
            yield _of_signals((every.signal.astype(np.int64), every.effective_ns, every.value, every.kind, every.quality), first, last)
            return
        for row in self._query(_CURVES + _OF_SIGNAL, *entry.keys, last, first):
            try:
                curve = curve_of(BlockRow._make((*row, _NO_BLOB)))
            except ValueError:
                self._blame(entry, "block", row[0])
                continue
            signal = np.repeat(curve.runs.signal, curve.runs.lengths)
            yield _of_signals((signal, curve.times.all(), curve.packed.all(), *curve.marks()), first, last)

    def _one(self, curve: Curve, sid: int) -> Samples:
        """Return one signal of a block in the run's numbers."""
        place = int(curve.runs.signal.searchsorted(sid))
        if place == len(curve.runs.signal) or curve.runs.signal[place] != sid:
            return Samples.empty()
        end = int(curve.runs.lengths[: place + 1].sum())
        part = slice(end - int(curve.runs.lengths[place]), end)
        times, (kind, quality) = curve.times.all()[part], (column[part] for column in curve.marks())
        return self.identity.to_run(
            Samples(
                np.full(len(times), sid, np.int32), times, times, times, curve.packed.all()[part], kind, quality,
                np.full(len(times), -1, np.int64),
            )
        )  # fmt: skip

    def _numbers(self, entry: Entry, n: int) -> NDArray[np.int64]:
        """Return the message numbers of a page's n samples, -1 where they cannot be known any more."""
        samples, lost = self._read(entry)
        return samples.message if len(samples) == n and not len(lost) else np.full(n, -1, np.int64)

    def _message(self, entry: Entry, received_ns: NDArray[np.int64], *, whole: bool) -> NDArray[np.int64]:
        """Return the message numbers of all samples, or of the facts alone; -1 where they are damaged."""
        numbers = np.full(len(received_ns), -1, np.int64)
        parts = (slice(0, entry.facts), slice(entry.facts, None))
        for row in self._query("SELECT facts, rest FROM message WHERE slab = ?" if whole else _NUMBERS_OF_FACTS, entry.slab):
            for number, part in enumerate(parts if whole else parts[:1]):
                try:
                    numbers[part] = slab.unpack_messages(entry.slab, number, row[number], received_ns[part])
                except ValueError:
                    self._blame(entry, "message", entry.slab)
        return numbers

    def _entries(self, entry: Entry, signals: int) -> Latest:
        """Return what is in force before a slab; where each signal has one last sample, its message's number is read when asked for."""
        try:
            for row in self._query(_ENTRY, entry.slab):
                if row[1] == row[2]:
                    return self._entered(entry, curve_of(KeyframeRow._make((*row, *(_NO_BLOB,) * 3))), signals)
        except ValueError:  # which part of it is wrong is seen when it is read as a whole
            pass
        return Page.of(self.keyframe(entry), Samples.empty(), signals).entries

    def _entered(self, entry: Entry, curve: Curve, signals: int) -> Latest:
        """Return a keyframe of a sample a signal as what is in force."""
        signal = self.identity.signals_to_run(curve.runs.signal)
        found = never_heard(max(signals, int(signal.max()) + 1))
        kind, quality = curve.marks()
        times, value = curve.times.all(), self._values(curve)
        value = value if isinstance(value, np.ndarray) else value.all()
        for column, told in ((found.effective_ns, times), (found.value, value), (found.kind, kind), (found.quality, quality)):
            column[signal] = told

        def numbers() -> NDArray[np.int64]:
            known, kept = np.full(len(found.kind), -1, np.int64), self.keyframe(entry)
            if np.array_equal(kept.signal, signal) and np.array_equal(kept.effective_ns, times):  # late ones may have come in meanwhile
                known[signal] = kept.message
            return known

        return replace(found, numbers=numbers)

    def _blank_missing(self, entries: Latest, entry: Entry, rows: Sequence[BlockRow]) -> None:
        """Where blocks are gone altogether, nobody knows whose."""
        if len(rows) < entry.blocks:
            self._blame(entry, "slab", entry.slab)
            forget(entries, np.arange(len(entries.kind)))

    def _blank(self, entries: Latest, row: BlockRow) -> None:
        """Make unknown what a damaged block would have told, by the signals it may hold."""
        forget(entries, np.array(self.identity.of_file(self._sids(row)), np.int64))

    def _sids(self, row: BlockRow) -> list[int]:
        """Return which of the file's signals a damaged block may hold: all, where even that is damaged."""
        named = self.identity.named
        if not slab.proven(row):
            return list(range(named))
        return list(range(max(row.first_sid, 0), min(row.last_sid + 1, named)))

    def _blame(self, entry: Entry, table: str, key: int) -> None:
        """Count what is damaged, unless the index is what is wrong.

        Raises:
            StaleError: the slab was rewritten since the index was read.
        """
        if [(entry.version,)] != self._query("SELECT version FROM slab WHERE id = ?", entry.slab):
            raise StaleError
        self._note(table, key)

    def _note(self, table: str, key: int) -> None:
        """Count what is damaged, once."""
        with self._lock:
            self._damaged.add((table, key))

    def _query(self, sql: str, *arguments: int) -> list[tuple[Any, ...]]:
        """Read."""
        return self.reader.query(sql, *arguments)


def sealed_before(path: Path, signals: SignalTable, texts: TextTable) -> tuple[Sealed, ...]:
    """Return the slabs of the files beside one and before it, those that can be read and are of the same line."""
    found = []
    for one in files_of(path.parent):
        if one.name >= path.name:
            break
        with contextlib.suppress(RecordingError), contextlib.ExitStack() as stack:
            reader = stack.enter_context(Reader(one))
            identity = Identity(signals, texts)
            identity.load(reader)
            found.append(Sealed(reader, identity))
            stack.pop_all()
    return once(found)[0]


def _of_signals(columns: tuple[NDArray[Any], ...], first: int, last: int) -> Curves:
    """Return the samples of signals first to last."""
    part = (columns[0] >= first) & (columns[0] <= last)
    signal, times, value, kind, quality = (column[part] for column in columns)
    return Curves(signal, times, value, kind, quality, np.ones(len(signal), np.int64))


def _meets(sids: NDArray[np.int64], first: object, last: object) -> bool:
    """Tell whether a block may hold one of the signals; so it may where nobody can say."""
    if not isinstance(first, int) or not isinstance(last, int):
        return True
    return bool(sids.searchsorted(first, "left") < sids.searchsorted(last, "right"))


def _unknown(sids: Sequence[int], at_ns: int) -> Samples:
    """Return samples that say that nobody knows what these signals were from an instant on."""
    n = len(sids)
    times = np.full(n, at_ns, np.int64)
    kind, quality = np.full(n, Kind.NULL, np.uint8), np.full(n, Quality.UNKNOWN, np.uint8)
    return Samples(np.array(sids, np.int32), times, np.full(n, NEVER), times, np.full(n, np.nan), kind, quality, np.full(n, -1))


def _settled(samples: Samples) -> Samples:
    """Return samples as they count."""
    order = settled_ties(samples) if len(samples) else None
    return samples if order is None else samples.take(order)


def _between(samples: Samples, start_ns: int, end_ns: int) -> View:
    """Return samples of one signal within a span."""
    times = samples.effective_ns
    part = samples.take(slice(int(times.searchsorted(start_ns, "left")), int(times.searchsorted(end_ns, "right"))))
    return View(part.effective_ns, rows_of(part))
