"""A moment, or a stretch of time, that a person marked, and what they wrote beside it. The value; `session.notebook` keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """One of them. It is no part of the recording and never changes it."""

    id: str
    at_ns: int
    known_ns: int
    """When it was written: on the line's own clock while it is live, else by the clock on the wall."""
    text: str = ""
    end_ns: int | None = None
    """Where the stretch ends; None: it is a moment."""
    unit: str = ""
    """The unit that was selected; empty: none was."""


class Notes(Protocol):
    """Writing bookmarks of the open line; `who` is the id of the person, empty for nobody. Each raises RecordingError where they cannot be kept."""

    def bookmark(self, at_ns: int, text: str = "", *, end_ns: int | None = None, unit: str = "", who: str = "") -> str:
        """Mark a moment or a stretch; return the bookmark's id."""
        ...

    def reword_bookmark(self, bookmark: str, text: str, *, who: str = "") -> None:
        """Write something else beside it."""
        ...

    def remove_bookmark(self, bookmark: str, *, who: str = "") -> None:
        """Take it away; what was kept of it stays in the file."""
        ...
