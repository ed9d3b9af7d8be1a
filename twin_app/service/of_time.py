"""The layouts that a recording keeps, and which was in force when. Not for what they say: see `layout`; nor for switching: see `ui`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app import layout
from twin_app.errors import LayoutError
from twin_app.history import about
from twin_app.history.recording import Recording
from twin_app.service.carried import laid_folder, write_layout
from twin_app.sources.kinds import TWIN, kind_of
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.equipment import Line
    from twin_app.model.recording import LayoutVersion


def kept_layouts(address: str) -> Sequence[LayoutVersion]:
    """Return the layouts that a recording keeps, by time; nothing where it is no recording of the twin.

    Raises:
        RecordingError: it cannot be read.
    """
    if not address or kind_of(address) is not TWIN:
        return ()
    with Recording(Path(address)) as recording:
        return about.layouts(recording, with_models=True)


def in_force(versions: Sequence[LayoutVersion], at_ns: int) -> LayoutVersion | None:
    """Return the layout that was in force at an instant (UTC ns): before the first, the first; None where none is kept."""
    return next((one for one in reversed(versions) if one.at_ns <= at_ns), versions[0] if versions else None)


def line_of(path: Path, version: LayoutVersion) -> Line:
    """Return the line that a kept layout describes: beside `path`, where its file lies now, if what it names is there as it was, else beside copies.

    Raises:
        LayoutError: it cannot be used here, and why.
        RecordingError: the copies cannot be written.
    """
    named = (*version.beside, *((model.name, model.content) for model in version.models if model.content is not None))
    if not all(_same(path.parent / name, content) for name, content in named):
        path = write_layout(version, laid_folder(version), Path(version.name).name)
    line, findings = layout.judge(path, version.content)
    if line is None:
        sentences = tuple(finding.sentence for finding in findings)
        raise LayoutError(N_("The layout {name} that the recording keeps cannot be used here:"), findings=sentences, name=version.name)
    return line


def _same(path: Path, content: bytes) -> bool:
    """Tell whether a file is as it was."""
    try:
        return path.read_bytes() == content
    except OSError:
        return False
