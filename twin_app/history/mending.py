"""The holes of a salvaged recording: names, slabs, keyframes and journal are made whole where that follows from the rest, else marked as unknown.

Not for reading a damaged file: see `salvage`. Everything happens in one transaction of the copy.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin_app.history import checks, ends, slab
from twin_app.history.columns import pack as pack_row
from twin_app.history.gaps import gap_row
from twin_app.history.rollup import SIGNAL_BITS, Chunk
from twin_app.history.rows import MOST_NAMES, Row, damaged_signal, damaged_text, kind_of
from twin_app.history.schema import ENDED, GIVEN, NAMES, SEALED, SEALED_MESSAGE, SLABS
from twin_app.history.slab import BlockRow, Entry, KeyframeRow, entries_after, pack_keyframe, unpack_block, unpack_keyframe
from twin_app.model.recording import Gap, Why
from twin_app.model.samples import NEVER, Kind, Quality, Samples
from twin_app.model.signal import CONNECTED, SignalKind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from twin_app.history.ends import End

_MOST = 2**62
_NAMED = 8
"""So many signals of a loss are named; where there are more it is said to be any."""
State = Callable[[], Samples | None]
"""What gives the state at a slab's start, None where that is unknown: few slabs need it, so that few are unpacked."""


@dataclass(slots=True)
class _Piece:
    """What is left of one slab."""

    entry: Entry | None
    n: int
    """So many samples are left."""
    lost: tuple[int, ...] | None
    """Signals of damaged blocks; None where nobody knows whose are missing, empty where nothing is."""
    start_ns: int | None = None
    """From when to when it answers, by the index, else by its samples; None where nothing is left of it."""
    end_ns: int | None = None


class Mending:
    """Mends the copy behind one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Learn which signals there are."""
        self._connection = connection
        self._words = {key: value for key, value, _ in connection.execute("SELECT * FROM meta")}
        self._paths: dict[int, str] = {}
        self._is_fact = np.zeros(0, np.bool_)
        self._sources: list[int] = []
        self._reached = 0
        self._since_ns: int | None = None
        self._torn: set[int] = set()
        """Slabs of which something is lost."""

    def names(self) -> None:
        """Give every number a name: what stands under one that is lost shall not be taken for another's."""
        put = self._connection.execute
        told = [min(int(word), MOST_NAMES) if word.isdecimal() else 0 for word in self._words.get(NAMES, "").split()] or [0, 0]
        known = {sid for (sid,) in put("SELECT sid FROM signal")}
        used = [int(samples.signal.max()) for _, samples in self._journal()]
        count = min(MOST_NAMES, max([self._one("SELECT ifnull(max(last_sid), -1) FROM block"), told[0] - 1, *known, *used], default=-1) + 1)
        nameless = tuple(sid for sid in range(count) if sid not in known)
        self._put("signal", (checks.signal_row(sid, damaged_signal(sid)) for sid in nameless))
        there = {code for (code,) in put("SELECT code FROM text")}
        lost = set(range(min(MOST_NAMES, max([told[-1] - 1, *there], default=-1) + 1))) - there
        self._put("text", (checks.text_row(code, damaged_text(code)) for code in sorted(lost)))
        self._is_fact = np.zeros(max(count, 1), np.bool_)
        for sid, path, unit, name, kind in put("SELECT sid, path, unit, name, kind FROM signal"):
            self._paths[sid] = path
            self._is_fact[sid] = kind_of(kind) is not SignalKind.MEASUREMENT
            if unit.startswith("@") and name == CONNECTED:
                self._sources.append(sid)
        if nameless:
            self._gap(self._one("SELECT ifnull(min(t0), 0) FROM slab"), None, None, nameless)

    def slabs(self) -> None:
        """Make the index whole again; where a slab is gone stands one that says that nobody knows."""
        entries = {row[0]: Entry(*row[:-1]) for row in self._connection.execute("SELECT * FROM slab")}
        seen = [number for (number,) in self._connection.execute("SELECT DISTINCT key >> 16 FROM block")]
        last = min(max([*entries, *seen, self._number(SLABS)], default=0), slab.MOST_SLABS)
        pieces = {number: self._piece(number, entries.get(number)) for number in range(1, last + 1)}
        self._place(pieces)
        state: State = _nobody_knows
        for number, piece in pieces.items():
            state = self._mend(number, piece, state)
        self._word(SLABS, last)
        self._torn = {number for number, piece in pieces.items() if piece.lost != ()}

    def pyramid(self) -> None:
        """Leave out what was made of slabs that are others now, or of which something is lost: what nobody can look up any more is not drawn."""
        entries = [Entry(*row[:-1]) for row in self._connection.execute("SELECT * FROM slab ORDER BY t0")]
        for *values, _ in self._connection.execute("SELECT * FROM chunk").fetchall():
            chunk = Chunk(*values)
            within = [entry for entry in entries if chunk.start_ns <= entry.start_ns < chunk.end_ns]
            if not chunk.is_of(within) or not self._torn.isdisjoint(entry.slab for entry in within):
                self._connection.execute("DELETE FROM chunk WHERE id = ?", (chunk.number,))
        self._connection.execute("DELETE FROM rollup WHERE key >> ? NOT IN (SELECT id FROM chunk)", (SIGNAL_BITS,))

    def journal(self) -> None:
        """Leave out what lies in slabs, and say in the place of rows that are gone that the sources were away."""
        sealed = self._number(SEALED) or sum(n for (n,) in self._connection.execute("SELECT n FROM slab"))
        self._connection.execute("DELETE FROM journal WHERE seq < ?", (sealed,))
        reached, since_ns, message = sealed, self._sealed_ns(), self._number(SEALED_MESSAGE, -1)
        for row, samples in list(self._journal()):
            if row.seq < reached:
                self._connection.execute("DELETE FROM journal WHERE seq = ?", (row.seq,))
                continue
            if row.seq > reached:
                start_ns = int(samples.received_ns.min()) if since_ns is None else since_ns
                self._gap(start_ns, max(start_ns, int(samples.received_ns.min())), row.seq - reached)
                self._fill(reached, row.seq - reached, (start_ns, max(start_ns, int(samples.received_ns.min()))), message)
            reached, since_ns, message = row.seq + row.n, row.received_ns, max(message, row.last_message)
        self._word(SEALED, sealed)
        self._reached, self._since_ns = reached, since_ns

    def end(self, end: End | None, begins_ns: int) -> None:
        """Say what is missing at the end: of a file that was closed, or of one that had got as far as `end`."""
        reached, closed = max(self._reached, self._number(GIVEN)), self._number(ENDED)
        since_ns = begins_ns if self._since_ns is None else self._since_ns
        if end is not None and end.samples > max(closed, reached):
            self._gap(since_ns, max(since_ns, end.at_ns), end.samples - reached, why=Why.END_DAMAGED)
        elif closed > reached:
            self._gap(since_ns, None, closed - reached)
        elif end is not None and end.news > self._news():
            self._gap(since_ns, max(since_ns, end.at_ns), None, why=Why.END_DAMAGED)
        given = max(closed, end.samples if end is not None else 0)
        if given > reached:
            self._word(GIVEN, given)
        self._word(ENDED, self._reached)

    def _news(self) -> int:
        """Return how many of the transactions that are left brought something new."""
        here = ends.reached(self._connection)
        return here.news if here is not None else 0

    def doubt(self) -> None:
        """Note that something may be missing where nothing shows what."""
        reasons = (str(Why.DAMAGED), str(Why.END_DAMAGED))
        (known,) = self._connection.execute("SELECT count(*) FROM gap WHERE reason IN (?, ?)", reasons).fetchone()
        if not known:
            (reached,) = self._connection.execute("SELECT ifnull(max(received), 0) FROM journal").fetchone()
            self._gap(max(reached, self._sealed_ns() or 0), None, None)

    def _piece(self, number: int, entry: Entry | None) -> _Piece:
        """Return what is left of a slab."""
        keys = slab.slab_keys(number)
        rows = [BlockRow(*row) for row in self._connection.execute("SELECT * FROM block WHERE key >= ? AND key < ?", keys)]
        broken = [row for row in rows if not slab.whole(row)]
        lost = tuple(sorted({sid for row in broken for sid in range(row.first_sid, row.last_sid + 1)}))
        n = sum(row.n for row in rows)
        complete = [row.key for row in rows] == list(range(number << 16, (number << 16) + len(rows)))
        if entry is None:
            samples = _samples_of(rows)
            times = samples.effective_ns
            span = (int(times.min()), int(times.max()) + 1) if len(times) else (None, None)
            return _Piece(None, len(samples), () if complete and not lost and self._numbered(number, rows, samples) else None, *span)
        span = entry.start_ns, entry.end_ns
        left = n - sum(row.n for row in broken)
        if complete and len(rows) == entry.blocks and n == entry.n:
            return _Piece(entry, left, lost, *span)
        if complete and len(rows) == entry.blocks:  # of another version than the index
            self._connection.execute("DELETE FROM block WHERE key >= ? AND key < ?", keys)
            left = 0
        return _Piece(entry, left, None, *span)

    def _numbered(self, number: int, rows: list[BlockRow], samples: Samples) -> bool:
        """Tell whether the messages of a slab fit its samples: then no block is missing at its end."""
        facts = sum(row.n for row in rows if row.fact)
        row = self._connection.execute("SELECT facts, rest FROM message WHERE slab = ?", (number,)).fetchone()
        try:
            for i, part in enumerate((slice(0, facts), slice(facts, None)) if row else ()):
                slab.unpack_messages(number, i, row[i], samples.received_ns[part])
        except ValueError:
            return False
        return row is not None and len(rows) > 0

    @staticmethod
    def _place(pieces: dict[int, _Piece]) -> None:
        """Find the spans of slabs that the index has lost: their samples', else between their neighbours, all but the first a nanosecond."""
        after_ns: int | None = None
        for piece in reversed(pieces.values()):
            if piece.start_ns is None and after_ns is not None:
                piece.start_ns, piece.end_ns = after_ns - 1, after_ns
            after_ns = piece.start_ns
        before_ns = 0
        for piece in pieces.values():
            if piece.start_ns is None or piece.end_ns is None:
                piece.start_ns, piece.end_ns = before_ns, before_ns + 1
            elif piece.entry is None and before_ns:
                piece.start_ns = min(piece.start_ns, before_ns)
            before_ns = piece.end_ns

    def _mend(self, number: int, piece: _Piece, before: State) -> State:
        """Write what is missing of a slab; return the state after it."""
        assert piece.start_ns is not None  # noqa: S101 - `_place` saw to it
        assert piece.end_ns is not None  # noqa: S101 - `_place` saw to it
        row = self._connection.execute("SELECT * FROM keyframe WHERE slab = ?", (number,)).fetchone()
        known = None
        if row is None:
            known = before()
            self._put("keyframe", [pack_keyframe(number, Samples.empty() if known is None else known)])
        if piece.entry is None and not piece.n:
            unknown = self._unknown_slab(number, piece.start_ns, piece.end_ns)
            return lambda: unknown
        if piece.entry is None:
            self._index(number, piece)
        elif piece.lost != ():
            n = piece.entry.n - piece.n
            self._gap(piece.start_ns, piece.end_ns, n, piece.lost or ())
        return lambda: self._after(number, piece, known if row is None else unpack_keyframe(KeyframeRow(*row)))

    def _after(self, number: int, piece: _Piece, before: Samples | None) -> Samples | None:
        """Return the state after a slab, None where that is unknown."""
        if before is None or piece.lost != ():
            return None
        rows = self._connection.execute("SELECT * FROM block WHERE key >= ? AND key < ?", slab.slab_keys(number))
        return entries_after(before, _samples_of([BlockRow(*row) for row in rows]))

    def _index(self, number: int, piece: _Piece) -> None:
        """Write the row of a slab that the index has lost; one more block than there is where nobody can say that all are there."""
        (blocks, n, facts) = self._connection.execute(
            "SELECT max(key & 65535) + 1, sum(n), sum(n * (fact != 0)) FROM block WHERE key >= ? AND key < ?", slab.slab_keys(number)
        ).fetchone()
        sure = piece.lost == ()
        assert piece.start_ns is not None  # noqa: S101 - see `_mend`
        assert piece.end_ns is not None  # noqa: S101 - see `_mend`
        entry = Entry(number, piece.start_ns, piece.end_ns, n, facts, blocks + (not sure), 1, 1)
        self._put("slab", [entry.row()])
        if not sure:
            self._gap(piece.start_ns, piece.end_ns, None)

    def _unknown_slab(self, number: int, start_ns: int, end_ns: int) -> Samples:
        """Write a slab that says that nobody knows anything; return the state after it."""
        samples = self._unknown(start_ns, end_ns, -1)
        self._gap(start_ns, end_ns, None)
        if not len(samples):
            samples = _samples([0], start_ns, Kind.NULL, np.nan, Quality.UNKNOWN, -1)
        rows = slab.pack((number, start_ns, end_ns), samples, Samples.empty(), is_fact=self._is_fact)
        for table, put in (("slab", [rows.entry.row()]), ("block", rows.blocks), ("message", [rows.messages])):
            self._put(table, put)
        return entries_after(Samples.empty(), samples)

    def _unknown(self, start_ns: int, end_ns: int, message: int) -> Samples:
        """Return samples of every signal that say that nobody knows it from an instant on, sources that they were away first."""
        others = [sid for sid in self._paths if sid not in self._sources]
        return Samples.concatenate(
            [
                _samples(self._sources, start_ns, Kind.BOOL, 0.0, Quality.GOOD, message),
                _samples(self._sources, max(start_ns, end_ns - 1), Kind.BOOL, 1.0, Quality.GOOD, message),
                _samples(others, start_ns, Kind.NULL, np.nan, Quality.UNKNOWN, message),
            ]
        )

    def _fill(self, first: int, room: int, span: tuple[int, int], message: int) -> None:
        """Put into the place of journal rows that are gone what says so, as far as it has room there."""
        samples = self._unknown(*span, message)
        if 2 * len(self._sources) <= room and len(samples):
            samples = samples.take(slice(0, room))
            row = Row(first, span[0], int(samples.effective_ns.max()), span[1], message, len(samples), pack_row(samples))
            self._put(
                "journal", [(first, row.first_effective_ns, row.last_effective_ns, row.received_ns, message, row.n, row.crc(), row.columns)]
            )

    def _journal(self) -> Iterable[tuple[Row, Samples]]:
        """Yield the rows of the journal."""
        for values in self._connection.execute("SELECT * FROM journal ORDER BY seq").fetchall():
            row = Row.believed(*values)
            yield row, row.samples()

    def _one(self, sql: str) -> int:
        """Return the one number that is asked for."""
        return int(self._connection.execute(sql).fetchone()[0])

    def _sealed_ns(self) -> int | None:
        """Return until when slabs reach."""
        found = self._connection.execute("SELECT max(t1) FROM slab").fetchone()[0]
        return None if found is None else int(found)

    def _gap(
        self, start_ns: int, end_ns: int | None, count: int | None, sids: tuple[int, ...] = (), *, why: Why = Why.DAMAGED
    ) -> None:  # fmt: skip
        """Note a loss."""
        number = self._connection.execute("SELECT ifnull(max(id), 0) + 1 FROM gap").fetchone()[0]
        signals = tuple(self._paths[sid] for sid in sids if sid in self._paths) if len(sids) <= _NAMED else ()
        self._put("gap", [gap_row(number, Gap(start_ns=start_ns, end_ns=end_ns, why=why, count=count, signals=signals))])

    def _number(self, key: str, otherwise: int = 0) -> int:
        """Return a number among the words."""
        word = self._words.get(key, "")
        return int(word) if word.removeprefix("-").isdecimal() and abs(int(word)) < _MOST else otherwise

    def _word(self, key: str, value: object) -> None:
        """Write a word."""
        self._put("meta", [checks.word_row(key, value)])

    def _put(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Write rows."""
        for row in rows:
            self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - names of our tables


def mend(connection: sqlite3.Connection, *, doubtful: bool, end: End | None, begins_ns: int | None) -> None:
    """Make a recording whole into which was poured what could be believed of another; `doubtful` says that more may have stood there.

    `end` is how far it had got, None where nobody says; it began at `begins_ns`, None where its name does not say.
    """
    mending = Mending(connection)
    mending.names()
    mending.slabs()
    mending.pyramid()
    mending.journal()
    mending.end(end, begins_ns or 0)
    if doubtful:
        mending.doubt()


def _nobody_knows() -> Samples | None:
    """Return the state before all slabs: unknown."""
    return None


def _samples_of(rows: Iterable[BlockRow]) -> Samples:
    """Return the samples of the blocks that can be believed."""
    parts: list[Samples] = []
    for row in rows:
        with contextlib.suppress(ValueError):
            parts.append(unpack_block(row))
    return Samples.concatenate(parts)


def _samples(sids: list[int], at_ns: int, kind: Kind, value: float, quality: Quality, message: int) -> Samples:
    """Return one sample of each of some signals."""
    n = len(sids)
    times = np.full(n, at_ns, np.int64)
    return Samples(
        np.array(sids, np.int32), times, np.full(n, NEVER), times, np.full(n, value), np.full(n, kind, np.uint8),
        np.full(n, quality, np.uint8), np.full(n, message),
    )  # fmt: skip
