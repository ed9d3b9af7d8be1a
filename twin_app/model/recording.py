"""How a recording is at a moment. Values only: the store tells them."""

from __future__ import annotations

from dataclasses import dataclass


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
