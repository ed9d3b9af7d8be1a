"""A slab: all samples of one span of time in blocks, with the line's state before it, to table rows and back. Not for when: see `sealing`.

Blocks hold facts (states, counters, texts) before measurements, each by signal, time and arrival, and are cut at a
signal's end. So a curve reads the blocks of one signal, and figures read facts alone.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from twin_app.history import block, messages, planes
from twin_app.history.block import CODEC, runs_of, seal, unseal
from twin_app.history.ordering import settled_ties
from twin_app.model.samples import NEVER, Samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

BLOCK_SAMPLES = 8_192
_BLOCK_BITS = 16
_SHORT = 1 << 16
MOST_SLABS = 2**18
"""A file has fewer slabs."""
_MOST = 2**62


@dataclass(frozen=True, slots=True)
class Entry:
    """A slab as the index of its file knows it: all that is effective within [start_ns, end_ns)."""

    slab: int
    start_ns: int
    end_ns: int
    n: int
    facts: int
    """How many of the n samples stand in the blocks of facts."""
    blocks: int
    ties: int
    """Whether samples of one signal and instant must be set in order of their messages, or among them are exact repeats."""
    version: int
    """Grows when late samples came in."""

    def crc(self) -> int:
        """Return the checksum of the row."""
        head = f"{self.slab} {self.start_ns} {self.end_ns} {self.n} {self.facts} {self.blocks} {self.ties} {self.version}"
        return zlib.crc32(head.encode())

    @classmethod
    def believed(cls, row: tuple[Any, ...]) -> Self | None:
        """Return what a row of table `slab` says, None where it is not what was written, or not possible."""
        if len(row) != len(cls.__slots__) + 1 or not all(isinstance(value, int) for value in row):
            return None
        found = cls(*row[:-1])
        possible = 0 < found.slab < MOST_SLABS and 0 <= found.blocks < 1 << _BLOCK_BITS and 0 <= found.facts <= found.n < _MOST
        sound = possible and found.start_ns <= found.end_ns and max(abs(found.start_ns), abs(found.end_ns)) < _MOST
        return found if sound and found.crc() == row[-1] else None

    def row(self) -> tuple[int, ...]:
        """Return the values of the row in table `slab`."""
        return self.slab, self.start_ns, self.end_ns, self.n, self.facts, self.blocks, self.ties, self.version, self.crc()

    @property
    def keys(self) -> tuple[int, int]:
        """Return the first key of its blocks and the one after the last."""
        return self.slab << _BLOCK_BITS, (self.slab << _BLOCK_BITS) + self.blocks


class BlockRow(NamedTuple):
    """One row of table `block`, the columns in the order in which readers want them."""

    key: int
    fact: int
    first_sid: int
    last_sid: int
    signals: int
    n: int
    codec: int
    runs: bytes
    times: bytes
    vals: bytes
    marks: bytes
    delays: bytes

    @property
    def place(self) -> str:
        """Return what the checksums of its blobs cover besides."""
        return f"{self.key} {self.fact} {self.first_sid} {self.last_sid} {self.signals} {self.n} {self.codec}"


class KeyframeRow(NamedTuple):
    """One row of table `keyframe`: each signal's last samples before a slab, as a block with its message numbers."""

    slab: int
    signals: int
    n: int
    codec: int
    runs: bytes
    times: bytes
    vals: bytes
    marks: bytes
    delays: bytes
    messages: bytes
    carried: bytes

    @property
    def place(self) -> str:
        """Return what the checksums of its blobs cover besides."""
        return f"keyframe {self.slab} {self.signals} {self.n} {self.codec}"


class SlabRows(NamedTuple):
    """All rows of a slab; `messages` is (slab, of the facts, of the rest)."""

    entry: Entry
    keyframe: KeyframeRow
    blocks: tuple[BlockRow, ...]
    messages: tuple[int, bytes, bytes]


def slab_keys(slab: int) -> tuple[int, int]:
    """Return the first key that a slab's blocks may have and the one after the last."""
    return slab << _BLOCK_BITS, slab + 1 << _BLOCK_BITS


def pack(
    entry: tuple[int, int, int], samples: Samples, keyframe: Samples, *, is_fact: NDArray[np.bool_], version: int = 1, carried: bytes = b"",
    rest: Callable[[], None] = lambda: None,
) -> SlabRows:  # fmt: skip
    """Return the rows of slab (number, start_ns, end_ns).

    Args:
        entry: the slab's number and span.
        samples: all of the span, in order of arrival; at least one.
        keyframe: see `entries_after`.
        is_fact: by signal id, at least as long as the largest.
        version: of the slab.
        carried: whatever else shall be at hand at its start.
        rest: called after each block.
    """
    slab, start_ns, end_ns = entry
    ordered = samples.take(_order(samples, is_fact))
    cuts = _cuts(ordered.signal, is_fact)
    facts = int(is_fact[ordered.signal].sum())
    first_key = slab << _BLOCK_BITS
    blocks = []
    for i, (a, b) in enumerate(pairwise(cuts)):
        blocks.append(_block(first_key + i, ordered.take(slice(a, b)), is_fact))
        rest()
    told = [ordered.take(part) for part in (slice(0, facts), slice(facts, None))]
    numbers = [seal(messages.pack(part.message, part.received_ns), f"messages {slab} {i}") for i, part in enumerate(told)]
    found = Entry(slab, start_ns, end_ns, len(samples), facts, len(blocks), int(settled_ties(ordered) is not None), version)
    return SlabRows(found, pack_keyframe(slab, keyframe, carried), tuple(blocks), (slab, *numbers))  # type: ignore[arg-type] # there are two


def pack_keyframe(slab: int, keyframe: Samples, carried: bytes = b"") -> KeyframeRow:
    """Return the row of a keyframe, samples by signal; `carried` is whatever else shall be at hand at a slab's start."""
    if not len(keyframe):
        return KeyframeRow(slab, 0, 0, CODEC, b"", b"", b"", b"", b"", b"", carried)
    row = KeyframeRow(slab, len(runs_of(keyframe.signal).signal), len(keyframe), CODEC, b"", b"", b"", b"", b"", b"", carried)
    blobs = block.pack(keyframe, row.place)
    numbers = seal(planes.pack(keyframe.message), f"{row.place} messages")
    return row._replace(**blobs._asdict(), messages=numbers)


def unpack_keyframe(row: KeyframeRow) -> Samples:
    """Return the samples of a keyframe; ValueError where they are not what was written."""
    if not row.n:
        return Samples.empty()
    samples = unpack_block(row)
    return with_messages(samples, unpack_numbers(row))


def unpack_numbers(row: KeyframeRow) -> NDArray[np.int64]:
    """Return the message numbers of a keyframe; ValueError where they are not what was written."""
    return planes.unpack(unseal(row.messages, f"{row.place} messages"), 0, row.n)[0]


def unpack_block(row: BlockRow | KeyframeRow) -> Samples:
    """Return all columns of a block but the message numbers, which are -1; ValueError where they are not what was written."""
    known_codec(row.codec)
    runs = block.unpack_runs(row.runs, row.place, row.signals, row.n)
    times = block.read_times(row.times, row.place, row.n).all()
    marks = block.unpack_marks(row.marks, row.place, times)
    return Samples(
        np.repeat(runs.signal, runs.lengths).astype(np.int32), times, marks.source_ns,
        times + block.unpack_delays(row.delays, row.place, row.n), block.read_values(row.vals, row.place, runs).all(),
        marks.kind, marks.quality, np.full(row.n, -1, np.int64),
    )  # fmt: skip


def unpack_messages(slab: int, part: int, blob: object, received_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the message numbers of the facts (part 0) or of the rest (1)."""
    return messages.unpack(unseal(blob, f"messages {slab} {part}"), received_ns)


def proven(row: BlockRow) -> bool:
    """Tell whether a block's numbers are what was written, though some of it is damaged: the checksum of any of its blobs covers them."""
    return any(_is_sealed(getattr(row, name), f"{row.place} {name}") for name in block.Blobs._fields)


def whole(row: BlockRow) -> bool:
    """Tell whether all of a block is what was written, without unpacking it."""
    return row.codec == CODEC and all(_is_sealed(getattr(row, name), f"{row.place} {name}") for name in block.Blobs._fields)


def _is_sealed(blob: object, place: str) -> bool:
    """Tell whether a blob is what was written there."""
    try:
        unseal(blob, place)
    except ValueError:
        return False
    return True


def known_codec(codec: object) -> None:
    """Refuse a block of a codec from the future."""
    if codec != CODEC:
        raise ValueError("codec")


def with_messages(samples: Samples, message: NDArray[np.int64]) -> Samples:
    """Return samples with other message numbers."""
    return Samples(
        samples.signal, samples.effective_ns, samples.source_ns, samples.received_ns, samples.value, samples.kind, samples.quality, message
    )


def entries_after(keyframe: Samples, samples: Samples) -> Samples:
    """Return each signal's last samples (all of its newest instant, in order of arrival) of a keyframe and what came after or late.

    `samples` stand behind the keyframe in order of arrival. The result stands by signal.
    """
    parts = [part for part in (keyframe, samples) if len(part)]
    if not parts:
        return Samples.empty()
    newest = np.full(max(int(part.signal.max()) for part in parts) + 1, NEVER)
    for part in parts:
        np.maximum.at(newest, part.signal.astype(np.intp), part.effective_ns)
    kept = Samples.concatenate([part.take(np.flatnonzero(part.effective_ns == newest[part.signal])) for part in parts])
    return kept.take(kept.signal.argsort(kind="stable"))


def _order(samples: Samples, is_fact: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the order by facts first, signal, effective time, arrival."""
    rank = np.argsort(np.argsort(~is_fact, kind="stable"), kind="stable")[samples.signal]
    rank = rank.astype(np.uint16) if len(is_fact) <= _SHORT else rank
    times = samples.effective_ns
    if np.all(times[1:] >= times[:-1]):
        return rank.argsort(kind="stable")
    by_time = times.argsort(kind="stable")
    order: NDArray[np.intp] = by_time[rank[by_time].argsort(kind="stable")]
    return order


def _cuts(signal: NDArray[np.int32], is_fact: NDArray[np.bool_]) -> list[int]:
    """Return where blocks begin and end: at a signal's end, once there are enough, and between facts and the rest."""
    ends = np.append(np.flatnonzero(signal[1:] != signal[:-1]) + 1, len(signal))
    fact = is_fact[signal[ends - 1]]
    borders = [*ends[:-1][fact[1:] != fact[:-1]].tolist(), len(signal)]
    cuts = [0]
    for border in borders:
        while cuts[-1] < border:
            enough = int(ends[min(int(ends.searchsorted(cuts[-1] + BLOCK_SAMPLES)), len(ends) - 1)])
            cuts.append(min(enough, border))
    return cuts


def _block(key: int, samples: Samples, is_fact: NDArray[np.bool_]) -> BlockRow:
    """Return one block's row."""
    first, last = int(samples.signal[0]), int(samples.signal[-1])
    signals = int(np.count_nonzero(samples.signal[1:] != samples.signal[:-1])) + 1
    row = BlockRow(key, int(is_fact[first]), first, last, signals, len(samples), CODEC, b"", b"", b"", b"", b"")
    return row._replace(**block.pack(samples, row.place)._asdict())
