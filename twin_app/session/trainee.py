"""What a trainee says of orders, breaks and stops in a blind replay: kept in a file of its own, known from when it was said on. Not for what was recorded."""

from __future__ import annotations

from bisect import insort
from dataclasses import asdict
from operator import attrgetter
from typing import TYPE_CHECKING

from twin_app.history.side import SideFile

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.model.entry import Entry

KIND = "work entry"


class Trainee:
    """One blind replay's own entries. Belongs to the owner's thread.

    Attributes:
        name: of this replay; its files are called by it.
        entries: what was said, by when it became known on the playhead's clock.
    """

    def __init__(self, name: str, recorded: Path | None) -> None:
        """Say nothing yet; the file lies beside the recorded one (None: there is none, and what is said is forgotten with the replay)."""
        self.name = name
        self.entries: list[Entry] = []
        self._file = SideFile(recorded.with_name(f"{recorded.stem}.{name}{recorded.suffix}")) if recorded else None

    def keep(self, entry: Entry) -> None:
        """Have an entry on the disk before it counts.

        Raises:
            RecordingError: the file cannot be written.
        """
        if self._file:
            self._file.append({"what": KIND, **asdict(entry), "kind": str(entry.kind)})
        insort(self.entries, entry, key=attrgetter("known_ns"))
