"""From when to when each file of a recording reaches, and what tells that it is another than before. Not for what is in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history.files import files_of
from twin_app.history.reader import Reader
from twin_app.history.recording import Recording
from twin_app.history.schema import MARK
from twin_app.sources.twin import SIMULATED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_HEAD_BYTES = 100
_SPANS = ("SELECT min(first_effective), max(last_effective) FROM journal", "SELECT min(t0), max(t1) FROM slab")


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """One file of a recording that holds samples."""

    start_ns: int
    end_ns: int
    path: Path
    print: str
    """Another one whenever the file is: from size, time and head of the file and of its write-ahead log."""
    simulated: bool = False
    """Whether it says that no plant said this."""


def reaches(path: Path) -> tuple[tuple[Reach, ...], tuple[str, ...]]:
    """Return the files of a recording (a file or a folder) in order of time, and what is wrong with others, worded.

    Raises:
        RecordingError: there is none that can be read.
    """
    found: list[Reach] = []
    errors: list[RecordingError] = []
    damaged: set[Path] = set()
    for file in files_of(path):
        try:
            reach, lost = _reach(file)
        except RecordingError as error:
            errors.append(error)
        else:
            found += [reach] if reach else []
            damaged |= {file} if lost else set()
    if errors and not found:
        raise errors[0]
    return tuple(sorted(found)), (*(error.worded() for error in errors), *(_damage(path, damaged, found) if damaged else ()))


def _damage(path: Path, damaged: set[Path], files: Sequence[Reach]) -> tuple[str, ...]:
    """Return what is wrong with damaged files, beside those that tell of the same time: a sound copy may be among them."""
    spans = [file for file in files if file.path in damaged]
    beside = {one.path for one in files for file in spans if one.start_ns < file.end_ns and file.start_ns < one.end_ns}
    with Recording(path, among=damaged | beside) as recording:
        return recording.damage()


def around(files: Sequence[Reach], start_ns: int, end_ns: int) -> tuple[Reach, ...]:
    """Return the files that reach into a span, with the one before them and the one behind: what began before, and how a stop went on."""
    within = [i for i, file in enumerate(files) if file.end_ns >= start_ns and file.start_ns < end_ns]
    return tuple(files[max(within[0] - 1, 0) : within[-1] + 2]) if within else ()


def _reach(path: Path) -> tuple[Reach | None, bool]:
    """Return how far a file reaches (None where it holds nothing), and whether something of it is lost."""
    with Reader(path) as reader:
        asked = _SPANS if reader.version != "1" else _SPANS[:1]
        spans = [span for question in asked for span in reader.query(question) if span[0] is not None]
        simulated, lost = bool(reader.words().get(MARK + SIMULATED)), bool(reader.losses())
    if not spans:
        return None, lost
    return Reach(min(int(start) for start, _ in spans), max(int(end) for _, end in spans), path, _print(path), simulated), lost


def _print(path: Path) -> str:
    """Return what changes with a file."""
    digest = hashlib.sha256()
    for one in (path, path.with_name(f"{path.name}-wal")):
        if one.is_file():
            about = one.stat()
            with one.open("rb") as file:
                digest.update(f"{about.st_size} {about.st_mtime_ns} ".encode() + file.read(_HEAD_BYTES))
    return digest.hexdigest()
