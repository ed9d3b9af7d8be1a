"""The layout that a recording carries, laid where it can be opened, so that a recording opens anywhere with nothing else. Not for opening it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError, UsageError
from twin_app.history import about
from twin_app.history.files import start_of
from twin_app.history.models import laid
from twin_app.history.recording import Recording
from twin_app.history.schema import SUFFIX
from twin_app.layout import load
from twin_app.service.request import OpenRequest
from twin_app.settings import data_dir
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.equipment import Line
    from twin_app.model.recording import LayoutVersion


def of_itself(recording: Path, sources: Sequence[str] = ()) -> OpenRequest:
    """Return the request for a recording, a file or a folder, under the layout that was in force last in it, or under those of their time.

    Raises:
        UsageError: sources are given besides.
        RecordingError: it cannot be read, or carries no layout.
        LayoutError: the layout that it carries is none.
    """
    if sources:
        raise UsageError(N_("A recording is all that its line says; nothing can stand beside it."), tip=N_("Leave --source out."))
    kept = _kept(recording)
    path = _laid(kept[-1])
    addresses = {source.id: str(recording.absolute()) for source in load(path).sources}
    return OpenRequest(layout=path, addresses=addresses, of_time=kept[0])  # that of the beginning, where a playhead begins


def _kept(recording: Path) -> list[LayoutVersion]:
    """Return the layouts that a recording keeps, by time; there is one at least."""
    with Recording(recording) as opened:
        found = about.layouts(opened, with_models=True)
    if not found:
        raise RecordingError(
            N_("{path} does not say which layout it was recorded with."), tip=N_("Give the line's layout file, and this as --source."),
            path=recording,
        )  # fmt: skip
    return found


def _laid(layout: LayoutVersion) -> Path:
    """Return a file with a layout, and beside it those it names."""
    return write_layout(layout, laid_folder(layout), Path(layout.name).name)


def laid_folder(layout: LayoutVersion) -> Path:
    """Return where a layout that a recording carries is laid: named by what it says itself, for what a file says of it may lead anywhere."""
    return data_dir() / "layouts" / hashlib.sha256(layout.content).hexdigest()[:16]


def write_layout(layout: LayoutVersion, folder: Path, name: str) -> Path:
    """Write a layout under a name into a folder, with the files it names beside it and below; return its path.

    What would leave the folder by its name is left out.

    Raises:
        RecordingError: one of them cannot be written.
    """
    target = folder / name
    for path, content in _files(layout, folder, name):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_file() or path.read_bytes() != content:
                path.write_bytes(content)
        except OSError as error:
            raise RecordingError(N_("{path} cannot be written: {reason}."), path=path, reason=error.strerror or error) from error
    return target


def overwrites(layout: LayoutVersion, folder: Path, name: str) -> bool:
    """Tell whether a layout written under a name into a folder would take the place of something else there."""
    return any(path.exists() and not (path.is_file() and path.read_bytes() == content) for path, content in _files(layout, folder, name))


def _files(layout: LayoutVersion, folder: Path, name: str) -> list[tuple[Path, bytes]]:
    """Return where a layout and the files it names go, and what stands in each; what would leave the folder by its name is left out."""
    named = [*layout.beside, *((model.name, model.content) for model in layout.models if model.content is not None)]
    beside = [(path, content) for called, content in named if (path := laid(called, folder)) is not None and path != folder / name]
    return [(folder / name, layout.content), *beside]


def picked(path: Path, line: Line | None) -> OpenRequest:
    """Return the request for a recording that somebody picked: of a recorder's files all that lie together, from the start of the one picked on.

    The layout is that of `line`, which is open, where the recording is of that line or does not say; else the one that it carries.

    Raises:
        RecordingError: it cannot be read, or carries no layout and none is open.
        LayoutError: the layout that it carries is none.
    """
    begin_ns = start_of(path)
    together = (
        begin_ns is not None and len(found := list(path.parent.glob(f"*{SUFFIX}"))) > 1 and all(start_of(one) is not None for one in found)
    )
    recording = path.parent if together else path
    try:
        request = of_itself(recording)
    except RecordingError:
        if line is None:
            raise
        known, of_time = line, None
    else:
        carried = load(request.layout)
        known = line if line is not None and full_name(line) == full_name(carried) else carried
        of_time = request.of_time if known is carried else None
    return OpenRequest(
        layout=known.path, addresses={source.id: str(recording.absolute()) for source in known.sources},
        begin_at_ns=begin_ns if together else None, of_time=of_time,
    )  # fmt: skip


def full_name(line: Line) -> tuple[str, str, str]:
    """Return what a line is called among all lines."""
    return line.site, line.area, line.id
