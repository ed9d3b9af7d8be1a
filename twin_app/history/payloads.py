"""Messages as they came, many at a time, to bytes and back, exact. Not for when they are kept and how long: see `beside` and `housekeeping`.

Topics and sources stand once in a batch; numbers are columns, payloads lie behind each other; zlib over all of it.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_BYTES = 256 * 2**20
"""What a batch may become when it is unpacked: more was never written."""
_HEAD = 4
_LEVEL = 3
_COLUMNS = {"topic": "<u4", "source": "<u2", "received": "<i8", "seq": "<i8", "flags": "u1", "length": "<u4"}
_RETAIN = 4


def pack(messages: Sequence[Message]) -> bytes:
    """Return messages as bytes."""
    topics = {name: k for k, name in enumerate(dict.fromkeys(m.topic for m in messages))}
    sources = {name: k for k, name in enumerate(dict.fromkeys(m.source for m in messages))}
    columns = {
        "topic": [topics[m.topic] for m in messages], "source": [sources[m.source] for m in messages],
        "received": [m.received_ns for m in messages], "seq": [m.seq for m in messages],
        "flags": [m.qos | (_RETAIN if m.retain else 0) for m in messages], "length": [len(m.payload) for m in messages],
    }  # fmt: skip
    names = json.dumps({"n": len(messages), "topics": [*topics], "sources": [*sources]}).encode()
    parts = [len(names).to_bytes(_HEAD, "little"), names, *(np.array(columns[name], kind).tobytes() for name, kind in _COLUMNS.items())]
    return zlib.compress(b"".join([*parts, *(m.payload for m in messages)]), _LEVEL)


def unpack(packed: bytes) -> list[Message]:
    """Return the messages.

    Raises:
        ValueError: the bytes are no messages.
    """
    try:
        unpacking = zlib.decompressobj()
        whole = unpacking.decompress(packed, MOST_BYTES)
        if not unpacking.eof:
            raise ValueError("end")
        at = _HEAD + int.from_bytes(whole[:_HEAD], "little")
        names = json.loads(whole[_HEAD:at])
        columns: dict[str, NDArray[np.integer]] = {}
        for name, kind in _COLUMNS.items():
            columns[name] = np.frombuffer(whole, kind, names["n"], at)
            at += columns[name].nbytes
        ends = at + np.cumsum(columns["length"], dtype=np.int64)
        if int(ends[-1]) != len(whole):
            raise ValueError("length")
        rows = zip(*(columns[name].tolist() for name in _COLUMNS), ends.tolist(), strict=True)
        return [
            Message(seq, names["sources"][source], names["topics"][topic], whole[end - length : end], received, flags & ~_RETAIN, bool(flags & _RETAIN))
            for topic, source, received, seq, flags, length, end in rows
        ]  # fmt: skip
    except (zlib.error, KeyError, IndexError, TypeError) as error:
        raise ValueError(str(error)) from error
