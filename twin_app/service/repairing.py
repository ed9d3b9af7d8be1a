"""Damaged files of a recording given way to sound copies of what can be believed; each is kept beside. Not for looking at them: who reads mends for itself."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history import ends, schema, sound
from twin_app.history.files import files_of
from twin_app.history.journal import Journal
from twin_app.history.lock import WriterLock
from twin_app.history.recording import Recording
from twin_app.history.rolling import roll
from twin_app.text import N_, number, tr

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Repaired:
    """What became of one file."""

    path: Path
    mended: bool
    said: tuple[str, ...]
    """Sentences about what is lost, or why nothing could be done."""
    ended: str = ""
    """How a file came to its end that was not closed and is whole; empty where that cannot be told or is over."""


def repair(path: Path) -> list[Repaired]:
    """Look at every file of a recording, a file or a folder, and mend those that are damaged.

    Raises:
        RecordingError: there is none.
    """
    return [_repaired(one) for one in files_of(path)]


def _repaired(path: Path) -> Repaired:
    """Mend one file where that is needed."""
    mended = not _is_sound(path)
    ended = "" if mended else _ended(path)
    try:
        if mended:
            Journal(path).close(compact=True)
            with contextlib.suppress(RecordingError, sqlite3.Error):  # curves take longer without, and are the same
                roll(path)
        with Recording(path) as recording:
            for _ in recording.samples():
                """What does not match its checksum shows when it is read."""
            return Repaired(path, mended, recording.notices(), ended)
    except RecordingError as error:
        return Repaired(path, mended=False, said=(error.worded(),))


def _ended(path: Path) -> str:
    """Return what is to be said of a whole file that nobody closed and nobody writes."""
    end = ends.read(path)
    if end is None:
        return ""
    try:
        WriterLock(path).release()
    except RecordingError:
        return ""
    said = N_("It was not closed: the program was killed, or the power was cut. All {n} samples that it noted as written are there.")
    return tr(said, n=number(end.samples))


def _is_sound(path: Path) -> bool:
    """Tell whether a file can be read as it is."""
    try:
        with contextlib.closing(schema.connect(path)) as connection:
            sound.see(connection, path, closely=True)
    except sqlite3.Error:
        return False
    except RecordingError:  # a stranger, or of another version: it is told when it is opened
        return True
    return True
