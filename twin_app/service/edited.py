"""Whether the layout of a line that is recorded was edited, and whether it can be used as it is now. Not for putting it in force: see `recorder`."""

from __future__ import annotations

import hashlib
import logging
import time
from typing import TYPE_CHECKING

from twin_app import layout
from twin_app.clock import now_ns
from twin_app.errors import LayoutError
from twin_app.model.recording import LayoutVersion
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.model.equipment import Line

LOGGER = logging.getLogger(__name__)
LOOK_S = 1.0
"""So often the file is looked at; it is read once it has stayed as it is since the last look."""
_NAMED = 2


class LayoutFile:
    """The layout's file while its line is recorded."""

    def __init__(self, line: Line) -> None:
        """Watch the file that a line was read from.

        Attributes:
            now: the layout that is in force.
            before: the one that was before it.
        """
        self._path, self._judged = line.path, line.content_hash
        self.before = self.now = self._version(layout.read_bytes(line.path))
        self._stamp = self._read_stamp = _stamp(line.path)
        self._due_s = time.monotonic() + LOOK_S
        self.trouble = ""
        """Why the file as it is now is not in force, worded; empty where it is."""

    def look(self, *, at_once: bool = False) -> Line | None:
        """Return the line that the file describes where it was edited and is sound; `at_once` looks now, settled or not."""
        if not at_once and time.monotonic() < self._due_s:
            return None
        self._due_s = time.monotonic() + LOOK_S
        before, self._stamp = self._stamp, _stamp(self._path)
        if not at_once and (self._stamp != before or self._stamp == self._read_stamp):
            return None
        self._read_stamp = self._stamp
        return self._read()

    def refuse(self, why: str) -> None:
        """Say that what the file describes could not be put in force."""
        what = N_("The layout {path} was edited and cannot be used; recording goes on under the one before: {why}")
        self.trouble = tr(what, path=self._path, why=why)
        LOGGER.warning("%s", self.trouble)

    def take_back(self, why: str) -> None:
        """Say that what was just read could not be put in force: the layout before it stays."""
        self.now = self.before
        self.refuse(why)

    def _read(self) -> Line | None:
        """Read the file, if it is another than was taken or refused last."""
        try:
            data = layout.read_bytes(self._path)
        except LayoutError as error:
            self._judged = ""
            self.refuse(error.worded())
            return None
        digest = hashlib.sha256(data).hexdigest()
        if digest == self._judged:
            return None
        self._judged = digest
        line, findings = layout.judge(self._path, data)
        if line is None:
            more = len(findings) - _NAMED
            said = [finding.sentence for finding in findings[:_NAMED]]
            self.refuse(" ".join([*said, tr("{n} more: twin-app check names them all.", n=more)] if more > 0 else said))
            return None
        self.trouble = ""
        self.before, self.now = self.now, self._version(data)
        return line

    def _version(self, data: bytes) -> LayoutVersion:
        """Return a layout as a recording keeps it."""
        return LayoutVersion(at_ns=now_ns(), content_hash=hashlib.sha256(data).hexdigest(), name=self._path.name, content=data)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what tells that a file was touched; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
