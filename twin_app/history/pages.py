"""The rows that still stand in a damaged SQLite file, read page by page past whatever is broken. Not for what they mean: see `salvage`.

Follows the file format as SQLite documents it (pages of b-trees, cells, records, chains of overflow, the write-ahead
log). Everything is hostile here: no number is believed before it is bounded, and no loop is without an end.
"""

from __future__ import annotations

import contextlib
import mmap
import struct
import sys
import time
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader
    from pathlib import Path

    from numpy.typing import NDArray

Value = int | float | str | bytes | None
PAGE = 4096
"""Bytes of a page in every file of ours."""
_HEADER = 100
_LEAF, _INNER, _LEAF_KEYED, _INNER_KEYED = 0x0D, 0x05, 0x0A, 0x02
_TOLD, _FREE_TRUNK, _MASTER = 28, 32, 1
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WAL_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
_WHOLE_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_HELD: list[BufferedReader | mmap.mmap] = []
"""What is never closed: where a process closes a file, all locks go that it holds on it, those of SQLite, too (not on Windows)."""
_FLOAT, _BYTES, _MORE = 7, 12, 0x80
_MOST_BYTES = 1 << 30
_TRIES = 5
_WORD = 1 << 32


class Record(NamedTuple):
    """One row: its number (None in a table without) and its values, None where one could not be read."""

    number: int | None
    values: tuple[Value, ...]


class Pages:
    """The pages of a file, those of its log in their place up to the last commit that is whole."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            OSError: it cannot be read.
        """
        self._file: mmap.mmap | bytes = b""
        with contextlib.suppress(ValueError):  # it is empty
            file = path.open("rb")
            _HELD.append(file)
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            _HELD.append(self._file)
        log = _log_of(path)
        self.broken: set[int] = set()
        """Pages that were to be read and are none."""
        self._log = _committed(log.read_bytes(), self.broken) if log.exists() else {}
        self.count = max(-(-len(self._file) // PAGE), max(self._log, default=0))
        self.claimed: set[int] = set()
        """Pages that belong to something that was walked."""

    @property
    def short(self) -> bool:
        """Tell whether the file has fewer pages than it says, or ends within one."""
        (told,) = struct.unpack_from(">I", self.page(1), _TOLD)
        return told > self.count or len(self._file) % PAGE != 0

    def close(self) -> None:
        """Let the file go, where that does no harm."""
        if sys.platform == "win32":
            for held in _HELD:
                held.close()
            _HELD.clear()

    def page(self, number: int) -> bytes:
        """Return a page, filled up with noughts where the file ends."""
        if number in self._log:
            return self._log[number]
        return self._file[(number - 1) * PAGE : number * PAGE].ljust(PAGE, b"\0")

    def tables(self) -> dict[str, int]:
        """Return the first page of every table that the file's own index names."""
        rows = ((*record.values, None, None, None, None) for record in self.walk(_MASTER))
        return {row[1]: row[3] for row in rows if row[0] == "table" and isinstance(row[1], str) and isinstance(row[3], int)}

    def walk(self, root: int) -> Iterator[Record]:
        """Yield the rows of a table, of those pages that can be read."""
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if not 0 < number <= self.count or number in self.claimed:
                self.broken.add(number)
                continue
            self.claimed.add(number)
            if self._kind(number) not in {_LEAF, _INNER, _LEAF_KEYED, _INNER_KEYED}:
                self.broken.add(number)
                continue
            waiting += self._below(number)
            yield from self.records(number)

    def free(self) -> None:
        """Claim the pages that the file keeps for later: what stands there was given up."""
        (trunk,) = struct.unpack_from(">I", self.page(1), _FREE_TRUNK)
        while 0 < trunk <= self.count and trunk not in self.claimed:
            self.claimed.add(trunk)
            following, leaves = struct.unpack_from(">II", self.page(trunk))
            if leaves <= PAGE // 4 - 2:
                self.claimed.update(struct.unpack_from(f">{leaves}I", self.page(trunk), 8))
            trunk = following

    def lost(self) -> Iterator[int]:
        """Yield the leaves of tables that nothing leads to any more."""
        return (number for number in range(2, self.count + 1) if number not in self.claimed and self._kind(number) in {_LEAF, _LEAF_KEYED})

    def records(self, number: int) -> Iterator[Record]:
        """Yield the rows that stand on one page."""
        page, kind = self.page(number), self._kind(number)
        if kind == _INNER:
            return
        head = 12 if kind == _INNER_KEYED else 8
        start = _HEADER if number == 1 else 0
        (cells,) = struct.unpack_from(">H", page, start + 3)
        for k in range(min(cells, (PAGE - start - head) // 2)):
            (at,) = struct.unpack_from(">H", page, start + head + 2 * k)
            try:
                yield self._record(page, at, kind)
            except (IndexError, struct.error, ValueError):
                self.broken.add(number)

    def _kind(self, number: int) -> int:
        """Return what a page says it is."""
        return self.page(number)[_HEADER if number == 1 else 0]

    def _below(self, number: int) -> list[int]:
        """Return the pages below an inner one, the last one first."""
        page = self.page(number)
        start = _HEADER if number == 1 else 0
        if page[start] not in {_INNER, _INNER_KEYED}:
            return []
        (cells,) = struct.unpack_from(">H", page, start + 3)
        found = [struct.unpack_from(">I", page, start + 8)[0]]
        for k in range(min(cells, (PAGE - start - 12) // 2)):
            (at,) = struct.unpack_from(">H", page, start + 12 + 2 * k)
            if at + 4 <= PAGE:
                found.append(struct.unpack_from(">I", page, at)[0])
            else:
                self.broken.add(number)
        return [found[0], *reversed(found[1:])]

    def _record(self, page: bytes, at: int, kind: int) -> Record:
        """Return the row of a cell."""
        at += 4 if kind == _INNER_KEYED else 0
        size, at = _varint(page, at)
        number: int | None = None
        if kind == _LEAF:
            number, at = _varint(page, at)
            number -= (1 << 64) if number >> 63 else 0
        if size > _MOST_BYTES:
            raise ValueError("size")
        local = _local(size, PAGE - 35 if kind == _LEAF else (PAGE - 12) * 64 // 255 - 23)
        payload = page[at : at + local]
        if local < size and at + local + 4 <= PAGE:
            payload += self._overflow(struct.unpack_from(">I", page, at + local)[0], size - local)
        return Record(number, tuple(_values(payload)))

    def _overflow(self, number: int, size: int) -> bytes:
        """Return what stands in a chain of pages, as far as it goes."""
        parts: list[bytes] = []
        while size > 0 and 0 < number <= self.count and len(parts) <= self.count:
            self.claimed.add(number)
            page = self.page(number)
            parts.append(page[4 : 4 + size])
            size -= PAGE - 4
            (number,) = struct.unpack_from(">I", page)
        return b"".join(parts)


def _log_of(path: Path) -> Path:
    """Return the log of a file, which lies beside the file itself where `path` is a link."""
    path = path.resolve() if path.is_symlink() else path
    return path.with_name(path.name + "-wal")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes and where it ends."""
    value = 0
    for k in range(8):
        byte = data[at + k]
        value = value << 7 | byte & ~_MORE
        if byte < _MORE:
            return value, at + k + 1
    return value << 8 | data[at + 8], at + 9


def _local(size: int, most: int) -> int:
    """Return how many bytes of a row stand on its own page."""
    if size <= most:
        return size
    least = (PAGE - 12) * 32 // 255 - 23
    kept = least + (size - least) % (PAGE - 4)
    return kept if kept <= most else least


def _values(payload: bytes) -> Iterator[Value]:
    """Yield the values of a row; those that end beyond it are None."""
    head, at = _varint(payload, 0)
    kinds: list[int] = []
    while at < min(head, len(payload)):
        kind, at = _varint(payload, at)
        kinds.append(kind)
    at = head
    for kind in kinds:
        size = (kind - _BYTES) // 2 if kind >= _BYTES else 8 if kind == _FLOAT else _WHOLE_BYTES.get(kind, 0)
        found = payload[at : at + size]
        at += size
        yield None if len(found) < size else _value(kind, found)


def _value(kind: int, found: bytes) -> Value:
    """Return one value."""
    if kind in {8, 9}:
        return kind - 8
    if kind in _WHOLE_BYTES:
        return int.from_bytes(found, "big", signed=True)
    if kind == _FLOAT:
        return float(struct.unpack(">d", found)[0])
    if kind < _BYTES:
        return None
    return found if kind % 2 == 0 else found.decode("utf-8", "replace")


def log_is_torn(path: Path) -> bool:
    """Tell whether the log beside a file holds commits behind one that SQLite does not believe.

    One alone, the last, is what a crash left of a commit that was never made: each is on the disk before the next begins.
    """
    log = _log_of(path)
    for attempt in range(_TRIES):  # somebody may be writing it: the next moment it is whole
        time.sleep(0.01 * attempt)
        try:
            doubtful = _doubtful_commits(log.read_bytes())
        except OSError:
            return False
        if doubtful <= 1:
            return False
    return True


def _doubtful_commits(log: bytes) -> int:
    """Return how many commits stand behind the last one that can be believed, by their marks; many where the head of the log is damaged."""
    order = _WAL_MAGIC.get(int.from_bytes(log[:4], "big"))
    if len(log) < _WAL_HEADER + _FRAME_HEADER + PAGE:
        return 0
    if order is None or _summed(log[:24], (0, 0), order) != struct.unpack_from(">II", log, 24):
        return len(log)
    sums, doubtful, sound = struct.unpack_from(">II", log, 24), 0, True
    for at in range(_WAL_HEADER, len(log) - PAGE - _FRAME_HEADER + 1, PAGE + _FRAME_HEADER):
        own, commits = log[at + 8 : at + 16] == log[16:24], log[at + 4 : at + 8] != b"\0\0\0\0"
        sums = _summed(log[at : at + 8] + log[at + _FRAME_HEADER : at + _FRAME_HEADER + PAGE], sums, order) if sound else sums
        sound = sound and own and sums == struct.unpack_from(">II", log, at + 16)
        doubtful += own and commits and not sound
    return doubtful


def _committed(log: bytes, broken: set[int]) -> dict[int, bytes]:
    """Return the pages of a write-ahead log up to its last commit; those that were not what was written go to `broken`.

    Every frame carries a sum over all before it: after a broken one the sum that stands there is gone on with.
    """
    if len(log) < _WAL_HEADER:
        return {}
    magic, _, size, _ = struct.unpack_from(">IIII", log)
    order = _WAL_MAGIC.get(magic)
    if not order or size != PAGE:
        return {}
    sums: tuple[int, ...] | None = struct.unpack_from(">II", log, 24)
    found: dict[int, bytes] = {}
    fresh: dict[int, bytes] = {}
    bad: set[int] = set()
    for at in range(_WAL_HEADER, len(log) - PAGE - _FRAME_HEADER + 1, PAGE + _FRAME_HEADER):
        number, commits = struct.unpack_from(">II", log, at)
        page = log[at + _FRAME_HEADER : at + _FRAME_HEADER + PAGE]
        told = struct.unpack_from(">II", log, at + 16)
        if log[at + 8 : at + 16] != log[16:24]:  # what a checkpoint gave up, or no frame any more: then the next one's sum says nothing
            sums = None
            continue
        if sums is None or _summed(log[at : at + 8] + page, sums, order) == told:
            fresh[number] = page
            bad.discard(number)
        else:
            bad.add(number)
        sums = told
        if commits:
            found |= fresh
            broken |= bad
            fresh, bad = {}, set()
    return found


def _summed(data: bytes, sums: tuple[int, ...], order: str) -> tuple[int, int]:
    """Return the running sum of a log after more of it.

    For each pair of words (x, y): a += x + b; b += y + a, modulo 2^32. That is linear, so that all pairs are taken at once.
    """
    words = np.frombuffer(data, f"{order}u4").astype(np.uint32)
    powers = _powers(len(words) // 2)
    x, xy = words[::2], words[::2] + words[1::2]
    before = powers[-2::-1]
    a, b = (int((before[:, i, 0] * x + before[:, i, 1] * xy).sum(dtype=np.uint32)) for i in range(2))
    (aa, ab), (ba, bb) = powers[-1].tolist()
    return (a + aa * sums[0] + ab * sums[1]) % _WORD, (b + ba * sums[0] + bb * sums[1]) % _WORD


@lru_cache(8)
def _powers(pairs: int) -> NDArray[np.uint32]:
    """Return what so many steps, and all fewer, make of a sum alone, shape (pairs + 1, 2, 2)."""
    found = np.empty((pairs + 1, 2, 2), np.uint32)
    found[0] = np.eye(2, dtype=np.uint32)
    for k in range(pairs):
        found[k + 1, 0] = found[k, 0] + found[k, 1]
        found[k + 1, 1] = found[k, 0] + found[k, 1] + found[k, 1]
    return found
