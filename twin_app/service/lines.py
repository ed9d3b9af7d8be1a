"""The lines of which there are recordings: those of this computer, and those that lie beside one that is looked at. Not for their shifts: see `shifts`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twin_app.errors import RecordingError
from twin_app.history import about
from twin_app.history.files import files_of, is_recording
from twin_app.history.recording import Recording
from twin_app.layout import load
from twin_app.service.carried import full_name, of_itself
from twin_app.settings import data_dir

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.model.equipment import Line

MOST = 200
"""So many folders are looked into at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLine:
    """A folder of recordings of one line."""

    path: Path
    title: str
    name: tuple[str, str, str] | None
    """Site, area and id as its newest file says; None: it does not."""

    @property
    def words(self) -> str:
        """Return what it is called where several are listed."""
        return f"{self.title}  ({' / '.join(self.name)})" if self.name else self.title


def recorded_lines(beside: Path | None = None) -> tuple[RecordedLine, ...]:
    """Return the lines of this computer's folder of recordings and of the folder that a recording lies in, by title; one that says nothing by its folder."""
    roots = [data_dir() / "recordings"]
    if beside is not None:
        roots.append(beside.parent if beside.is_dir() else beside.parent.parent)
    folders = {
        one.absolute() for root in roots if root.is_dir() for one in sorted(root.iterdir())[:MOST] if one.is_dir() and is_recording(one)
    }
    return tuple(sorted((_line_in(folder) for folder in folders), key=lambda one: (one.title.casefold(), str(one.path))))


def line_of(path: Path, line: Line | None) -> Line:
    """Return the line that a recording is of: the one given where the recording is of it or does not say, else by the layout that it carries last.

    Raises:
        RecordingError: it cannot be read, or carries no layout and none is given.
        LayoutError: the layout that it carries is none.
    """
    try:
        carried = load(of_itself(path).layout)
    except RecordingError:
        if line is None:
            raise
        return line
    return line if line is not None and full_name(line) == full_name(carried) else carried


def _line_in(folder: Path) -> RecordedLine:
    """Return what the newest file of a folder says of its line."""
    try:
        with Recording(files_of(folder)[-1]) as newest:
            kept = about.layouts(newest)
        said: dict[str, Any] = tomllib.loads(kept[-1].content.decode())["line"] if kept else {}
        name = said["site"], said["area"], said["id"]
        return RecordedLine(path=folder, title=str(said.get("title") or name[2]), name=(str(name[0]), str(name[1]), str(name[2])))
    except (RecordingError, ValueError, KeyError, TypeError):  # opening it will say what is wrong
        return RecordedLine(path=folder, title=folder.name, name=None)
