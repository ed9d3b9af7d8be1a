"""The bookmarks of a line: kept in a side file where there is one, and read again when somebody else wrote there. Not for showing them."""

from __future__ import annotations

import uuid
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import msgspec

from twin_app.history.side import SideFile
from twin_app.model.bookmark import Bookmark
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KIND = "bookmark"
LONGEST_TEXT = 2000


class Notebook:
    """Bookmarks in order of time. Belongs to one thread."""

    def __init__(self, path: Path | None = None, *, write: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Begin with what the file holds; without a file they last until the line is closed. `write` is who writes into a file of several."""
        self._file = SideFile(path) if path else None
        self._append = write or (self._file.append if self._file else None)
        self._by_id: dict[str, Bookmark] = {}
        self.bookmarks: tuple[Bookmark, ...] = ()
        """In order of time; replaced, never changed in place."""
        self.refresh()

    def refresh(self) -> None:
        """Read what was written since."""
        entries = self._file.read_on() if self._file else []
        for entry in entries:
            self._take(entry)
        if entries:
            self._sort()

    def put(self, bookmark: Bookmark) -> None:
        """Keep a bookmark, or other words beside one that is there.

        Raises:
            RecordingError: the file cannot be written.
        """
        bookmark = replace(bookmark, text=bookmark.text.strip()[:LONGEST_TEXT])
        self._write({"what": KIND, **asdict(bookmark)})
        self._by_id[bookmark.id] = bookmark
        self._sort()

    def remove(self, bookmark: str) -> None:
        """Take a bookmark away; where there is none nothing happens.

        Raises:
            RecordingError: the file cannot be written.
        """
        if bookmark in self._by_id:
            self._write({"what": KIND, "id": bookmark, "removed": True})
            del self._by_id[bookmark]
            self._sort()

    def find(self, bookmark: str) -> Bookmark | None:
        """Return the bookmark of an id."""
        return self._by_id.get(bookmark)

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know: a worded sentence with its cure, or nothing."""
        if self._file is None or not self._file.unreadable:
            return ()
        what = tr(
            "{count} lines of {path} are damaged; the notes in them are not shown.", count=self._file.unreadable, path=self._file.path
        )
        return (f"{what} {tr('The recording itself is not touched. Copies of the file may hold them.')}",)

    def _write(self, entry: dict[str, Any]) -> None:
        if self._append is not None:
            self._append(entry)

    def _take(self, entry: dict[str, Any]) -> None:
        """Take in an entry of the file; what is no bookmark is somebody else's."""
        if entry.get("what") == KIND and entry.get("removed"):
            self._by_id.pop(str(entry.get("id")), None)
        elif (bookmark := bookmark_of(entry)) is not None:
            self._by_id[bookmark.id] = bookmark

    def _sort(self) -> None:
        self.bookmarks = tuple(sorted(self._by_id.values(), key=lambda one: (one.at_ns, one.id)))


def bookmark_of(raw: dict[str, Any]) -> Bookmark | None:
    """Return the bookmark of a side file's line, None where it is something else."""
    if raw.get("what") != KIND or raw.get("removed"):
        return None
    try:
        return msgspec.convert({key: value for key, value in raw.items() if key != "what"}, Bookmark)
    except msgspec.ValidationError:
        return None


def new_id() -> str:
    """Return an id that no other window gives."""
    return uuid.uuid4().hex
