"""Room for long arrays that no memory need hold: pieces of temporary files, mapped. Not for what is kept: see `history`.

What the plant heard of a day may be more than memory has room for, and is seldom looked at again. Mapped, the system writes it out
when memory is wanted for something else and reads it back when it is asked for; nothing else differs. Nor does the process hold on to
what it wrote or read: after some of it the pages are the system's, and come again one by one where somebody looks. The files have no name (or lose it
at once), lie where files last, not in memory, and are gone with the last array in them.
"""

from __future__ import annotations

import logging
import mmap
import os
import tempfile
import threading
import weakref
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T", bound=np.generic)
LOGGER = logging.getLogger(__name__)
SPILL_BYTES = 1 << 16
"""Shorter arrays lie in memory."""
PIECE_BYTES, LARGEST_PIECE_BYTES = 1 << 24, 1 << 27
"""Each piece is an open file: they grow, so that there are few."""
HELD_BYTES = 1 << 24
"""After so many were written or read, all pages are given to the system."""
_LASTING = Path("/var/tmp")  # noqa: S108 - no name is used there; `/tmp` may lie in memory
_ALIGNED = 64


class _Ground:
    """Takes room from one piece after the other. Safe from any thread; a piece is held by the arrays in it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._piece: mmap.mmap | None = None
        self._pieces: list[weakref.ref[mmap.mmap]] = []
        self._touched = 0
        self._at = 0
        self._next = PIECE_BYTES
        self._full = False

    def take(self, size: int) -> memoryview | None:
        """Return room of so many bytes, None where no disk gives it."""
        with self._lock:
            if self._full:
                return None
            if self._piece is None or self._at + size > len(self._piece):
                self._piece, self._at = self._new(max(size, self._next)), 0
                self._next = min(2 * self._next, LARGEST_PIECE_BYTES)
            if self._piece is None:
                return None
            at, self._at = self._at, self._at + size + -size % _ALIGNED
            return memoryview(self._piece)[at : at + size]

    def touched(self, size: int) -> None:
        """Note that so many bytes of arrays were written or read; let go of all pages where it is time (not where the system knows no such thing)."""
        with self._lock:
            self._touched += size
            if self._touched < HELD_BYTES or not hasattr(mmap, "MADV_DONTNEED"):
                return
            self._touched = 0
            pieces = [piece for known in self._pieces if (piece := known()) is not None]
            self._pieces = [weakref.ref(piece) for piece in pieces]
        for piece in pieces:
            piece.madvise(mmap.MADV_DONTNEED)  # of a file that is shared nothing is lost by that

    def _new(self, size: int) -> mmap.mmap | None:
        """Return a new piece, all of it on the disk already: to write where there is no room would end the program."""
        try:
            with tempfile.TemporaryFile(dir=_LASTING if os.access(_LASTING, os.W_OK) else None) as file:
                _allot(file, size)
                piece = mmap.mmap(file.fileno(), size)
                if hasattr(mmap, "MADV_RANDOM"):
                    piece.madvise(mmap.MADV_RANDOM)  # else a page that is written brings 2 MiB around it into this process
                self._pieces.append(weakref.ref(piece))
                return piece
        except OSError as error:
            self._full = True  # once is enough: from now on memory holds everything, as without a disk
            LOGGER.warning("No temporary file can be made: what is long lies in memory. %s", error)
            return None


_GROUND = _Ground()


def room(shape: tuple[int, ...], dtype: np.dtype[T]) -> NDArray[T]:
    """Return an array to be written, in memory where it is short."""
    size = int(np.prod(shape)) * dtype.itemsize
    piece = _GROUND.take(size) if size >= SPILL_BYTES else None
    return np.empty(shape, dtype) if piece is None else np.frombuffer(piece, dtype).reshape(shape)


def touched(size: int) -> None:
    """Note that so many bytes were written or read of arrays that `room` gave."""
    _GROUND.touched(size)


def _allot(file: IO[bytes], size: int) -> None:
    """Give a file its size, and its room on the disk."""
    allot = getattr(os, "posix_fallocate", None)
    if allot is not None:
        allot(file.fileno(), 0, size)
        return
    for _ in range(0, size, PIECE_BYTES):
        file.write(bytes(min(size, PIECE_BYTES)))
    file.truncate(size)
    file.flush()
