"""What a writer does with a damaged recording: it gives way to a sound copy and is kept beside. Nothing is ever deleted. Not for what can be believed: see `salvage`."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history import ends
from twin_app.history.salvage import NothingLeftError, salvage
from twin_app.history.schema import sync_folder
from twin_app.text import N_

if TYPE_CHECKING:
    from pathlib import Path

_MENDING, _MENDED = ".mending", ".mended"
_LOG = "-wal"


def mend(path: Path, error: Exception) -> None:
    """Put a sound copy of what can be believed in the place of a damaged file, which is kept beside with its log.

    Raises:
        RecordingError: nothing is left of it, or there is no room; then it is kept beside as it is, and its name is free.
    """
    copy = path.with_name(path.name + _MENDING)
    copy.unlink(missing_ok=True)
    try:
        salvage(path, copy)
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        copy.replace(path.with_name(path.name + _MENDED))
    except (NothingLeftError, OSError):
        copy.unlink(missing_ok=True)
        raise _set_file_aside(path, error) from error
    finish(path)


def finish(path: Path) -> None:
    """Take the last steps of a mending, be it one that a power cut ended: the copy that is whole takes the file's name."""
    mended = path.with_name(path.name + _MENDED)
    if not mended.exists():
        return
    if path.exists():
        _keep(path)
    mended.replace(path)
    sync_folder(path.parent)


def _keep(path: Path) -> Path:
    """Give a file and its log another name; its own stays until something takes it, where the disk allows that."""
    aside = next(name for i in itertools.count(1) if not (name := path.with_name(f"{path.name}.damaged{i if i > 1 else ''}")).exists())
    log = path.with_name(path.name + _LOG)
    if log.exists():
        log.rename(aside.with_name(aside.name + _LOG))
    if ends.beside(path).exists():
        ends.beside(path).rename(ends.beside(aside))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)  # an index of the log, made anew by whoever opens it
    try:
        aside.hardlink_to(path)
    except OSError:  # a disk without such links
        path.rename(aside)
    sync_folder(path.parent)
    return aside


def _set_file_aside(path: Path, error: Exception) -> RecordingError:
    """Rename a file of which nothing can be read, and return the error that says so."""
    aside = _keep(path)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)
    return RecordingError(
        N_("The recording {path} is damaged ({reason}) and was kept untouched as {aside}."),
        tip=N_("Start again to record into a new file; restore the old one from a copy."), path=path, aside=aside.name, reason=error,
    )  # fmt: skip
