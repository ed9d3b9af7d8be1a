"""Reading the pyramid of one file: which chunks can be believed, and a level of one signal. From any thread. Not for slabs: see `sealed`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin_app.history import planes, rollup
from twin_app.history.envelope import Thin
from twin_app.history.rollup import Chunk, key_of
from twin_app.history.snapshot import NOTHING, VALUE, kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from twin_app.history.identity import Identity
    from twin_app.history.slab import Entry

_THERE = "SELECT count(*) FROM sqlite_master WHERE name = 'chunk'"
_CHUNKS = "SELECT id, t0, t1, slabs, stamp, sids, crc FROM chunk ORDER BY t0"
_LEVEL = tuple(
    f"SELECT (level_{n} IS NOT NULL) * {n + 1}, level_{n} FROM rollup WHERE key = ?"  # noqa: S608 - names of columns
    for n in range(5)
)
NOTHING_THIN = Thin(NOTHING, np.empty(0, np.int64))


class Level(NamedTuple):
    """What is kept of a signal in a chunk, and the number of its level: the one asked for, or the next finer there is."""

    thin: Thin
    level: int


class Rolled:
    """The chunks of one file."""

    def __init__(self, query: Callable[..., list[tuple[Any, ...]]], identity: Identity) -> None:
        """Read with `query(sql, *arguments)`; `identity` knows the file's signals and texts."""
        self._query, self._identity = query, identity
        self.chunks: tuple[tuple[Chunk, NDArray[np.int64]], ...] = ()
        """Those made of the slabs as they are, each with its signals in the file's numbers, by time."""
        self.newest = 0
        """The largest number of a chunk in the file."""
        self.damaged = 0
        """Chunks and blobs met that could not be believed; what they say is read from the slabs."""

    def refresh(self, entries: Sequence[Entry]) -> None:
        """Read the index anew, for slabs that stand by time."""
        if self._query(_THERE) == [(0,)]:
            return
        starts = np.array([entry.start_ns for entry in entries], np.int64)
        chunks = []
        for row in self._query(_CHUNKS):
            chunk = Chunk.believed(row)
            if chunk is None:
                self.damaged += 1
                continue
            self.newest = max(self.newest, chunk.number)
            first, stop = (int(i) for i in starts.searchsorted((chunk.start_ns, chunk.end_ns)))
            if chunk.is_of(entries[first:stop]):
                try:
                    chunks.append((chunk, _numbers(chunk.sids)))
                except ValueError:
                    self.damaged += 1
        self.chunks = tuple(chunks)

    def level(self, chunk: Chunk, sids: NDArray[np.int64], sid: int, level: int) -> Level | None:
        """Return what is kept of a signal at a level or the next finer there is, None where the slabs must be asked."""
        at = int(sids.searchsorted(sid))
        if at == len(sids) or sids[at] != sid:
            return Level(NOTHING_THIN, level)
        for number, blob in self._blobs(key_of(chunk.number, sid), level):
            try:
                found = rollup.unpack(blob, rollup.place_of(chunk.number, sid, number), number)
                return Level(self._to_run(found), number)
            except ValueError:
                self.damaged += 1
                return None
        return None

    def _blobs(self, key: int, level: int) -> Iterator[tuple[int, object]]:
        """Yield the levels of a row that are there, from the one asked for to the finest."""
        for number in range(level, -1, -1):
            for there, blob in self._query(_LEVEL[number], key):
                if there:
                    yield number, blob

    def _to_run(self, thin: Thin) -> Thin:
        """Return a signal's samples with the run's texts; ValueError where the file does not name them."""
        rows = thin.view.rows
        value, changed = self._identity.values_to_run(kinds(rows), rows[:, VALUE].view(np.float64))
        if changed:
            rows[:, VALUE].view(np.float64)[:] = value
        return thin


def packed_numbers(sids: NDArray[np.int64]) -> bytes:
    """Return ascending numbers as bytes."""
    return len(sids).to_bytes(4, "little") + planes.pack(sids, differences=True)


def _numbers(blob: bytes) -> NDArray[np.int64]:
    """Return the numbers of bytes that match their checksum."""
    return planes.unpack(blob, 4, int.from_bytes(blob[:4], "little"))[0]
