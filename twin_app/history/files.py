"""The files of one recording: which they are, in what order, and what they are called. Not for what is in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history.schema import SUFFIX
from twin_app.text import N_

if TYPE_CHECKING:
    from pathlib import Path

_STAMP = "%Y%m%dT%H%M%SZ"


def file_name(start_ns: int) -> str:
    """Return the name of the file that begins at an instant, UTC ns."""
    return f"{datetime.fromtimestamp(start_ns // 1_000_000_000, UTC):{_STAMP}}{SUFFIX}"


def start_of(path: Path) -> int | None:
    """Return when a file begins by its name, UTC ns, None where its name does not say."""
    try:
        return int(datetime.strptime(path.name.removesuffix(SUFFIX), _STAMP).replace(tzinfo=UTC).timestamp()) * 1_000_000_000
    except ValueError:
        return None


def is_recording(path: Path) -> bool:
    """Return whether a path is a recording by its name, or a folder that holds some."""
    return path.suffix == SUFFIX or (path.is_dir() and any(path.glob(f"*{SUFFIX}")))


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the files of a recording, a file or a folder, in the order of their names: those begin with the time of their start.

    Raises:
        RecordingError: there is none.
    """
    found = tuple(sorted(one for one in path.glob(f"*{SUFFIX}") if one.is_file())) if path.is_dir() else (path,) if path.is_file() else ()
    if not found:
        raise RecordingError(N_("There is no recording {path}."), tip=N_("Check the path."), path=path)
    return found
