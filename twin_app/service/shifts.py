"""The catalogue of a line's recordings for command line and window: where they lie, with what people noted. Not for reckoning: see `finding`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.finding.aligned import Aligned
from twin_app.finding.catalogue import catalogue
from twin_app.finding.reach import around, reaches
from twin_app.finding.reading import NO_PACE, reading
from twin_app.history.files import is_recording
from twin_app.service.places import actions_path, notes_path, recordings_folder
from twin_app.session.action_log import ActionLog
from twin_app.session.notebook import Notebook
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twin_app.finding.catalogue import Catalogue
    from twin_app.finding.reading import Pace
    from twin_app.finding.slots import Slot
    from twin_app.model.alarm import Action
    from twin_app.model.equipment import Line


def shifts(line: Line, path: Path | None = None, *, pace: Pace = NO_PACE) -> Catalogue:
    """Return the shifts of a recording, of the line's own on this computer where none is given.

    Raises:
        RecordingError: there is none, or it cannot be read.
        GivenUpError: somebody gave up.
    """
    path = chosen(line, path)
    notes = Notebook(notes_path(line, dict.fromkeys([source.id for source in line.sources], str(path)))).bookmarks
    return catalogue(line, path, actions=actions(line, path), notes=notes, pace=pace)


def beside(
    line: Line, path: Path, slot: Slot, ahead_ns: int, *, name: str = "", pace: Pace = NO_PACE
) -> tuple[Aligned, Callable[[], None]]:
    """Return a shift of a recording, `ahead_ns` later on its own clock than where it stands, and what lets go of its files.

    Raises:
        RecordingError: it cannot be read.
        GivenUpError: somebody gave up.
    """
    files, _ = reaches(path)
    among = {file.path for file in around(files, slot.start_ns, slot.end_ns)}
    with ExitStack() as stack:
        known = stack.enter_context(reading(line, path, among=among, actions=actions(line, path), pace=pace))
        span = known.span()
        end_ns = min(slot.end_ns, span.end_ns) if span else slot.end_ns
        return Aligned(known, name, slot.start_ns, max(end_ns, slot.start_ns), ahead_ns), stack.pop_all().close


def chosen(line: Line, path: Path | None) -> Path:
    """Return a recording of the line, in full.

    Raises:
        RecordingError: there is none.
    """
    return existing(path or recordings_folder(line))


def existing(path: Path) -> Path:
    """Return the path of a recording in full; raises RecordingError where there is none."""
    found = path.absolute()
    if not is_recording(found):
        raise RecordingError(
            N_("There is no recording {path}."), tip=N_("Name a .twinrec file or a folder that holds some."), path=found
        )  # fmt: skip
    return found


def actions(line: Line, path: Path) -> tuple[Action, ...]:
    """Return what people did to the line's alarms, as it lies beside a recording or on this computer."""
    return ActionLog(actions_path(line, {"": str(path)}), writes=False).read_on()
