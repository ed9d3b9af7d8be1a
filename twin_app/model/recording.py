"""How a recording is at a moment. Values only: the store tells them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class RawKept:
    """Which messages of a recording are kept as they came."""

    count: int = 0
    size: int = 0
    """Bytes on the disk."""
    start_ns: int | None = None
    end_ns: int | None = None
    dropped: int = 0
    """Older ones that had to go, by age or for want of room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingNow:
    """What of a line is durable, what waits, and what is wrong with the disk."""

    lasting: bool = False
    """Whether what is committed is still there when the program has ended."""
    committed: int = 0
    """Samples that are durable."""
    waiting: int = 0
    """Samples that are not folded or not durable yet."""
    unrecorded: int = 0
    """Samples given up because the disk failed for too long."""
    damaged: int = 0
    trouble: str = ""
    """Why nothing is written at the moment, worded; empty while all is well."""
    notices: tuple[str, ...] = ()
    file: str = ""
    """The name of the newest file; empty where there is none."""
    raw: RawKept | None = None
    """Which messages are kept as they came, in all files of the folder, as of the last minute; None where nobody looked."""
    files_removed: int = 0
    """Files that had to go in this run, by age or for want of room."""
    bytes_removed: int = 0
    kept_within_bytes: int = 0
    """What all files may take; 0: without limit."""


class Why(StrEnum):
    """Why nobody knows what was said in a span of a recording."""

    DOWN = "down"
    """No recorder ran."""
    AWAY = "away"
    """A source was not there."""
    REFUSED = "refused"
    """Messages came that could not be understood."""
    GIVEN_UP = "given up"
    """The disk failed for too long."""
    DAMAGED = "damaged"
    """It was recorded, and is damaged by now."""
    END_DAMAGED = "damaged end"
    """It was recorded and stood at the end of a file, which is damaged, or was lost when a power cut met a disk that had not kept what it confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A span of a recording of which something is missing."""

    start_ns: int
    end_ns: int | None
    """None while it lasts, or where nobody knows."""
    why: Why
    source: str = ""
    """The source's id, empty where it is all of them."""
    count: int | None = None
    """How many samples or messages; None where nobody counted."""
    signals: tuple[str, ...] = ()
    """Of these signals, by path; empty where it may be any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptModel:
    """A file of a 3D model that a layout names, as a recording keeps it."""

    name: str
    """Relative to the layout's folder, with `/`."""
    content: bytes | None
    """None where it is not there."""
    kept: bool
    """Whether it was to be kept: False where there was no room for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutVersion:
    """A layout as a recording keeps it."""

    at_ns: int
    """From when on it was in force."""
    content_hash: str
    name: str
    """Of its file."""
    content: bytes
    beside: tuple[tuple[str, bytes], ...] = ()
    """Name and content of each file that it names and that lies beside it."""
    models: tuple[KeptModel, ...] = ()
    """The files of its own 3D models, where somebody asked for them."""
