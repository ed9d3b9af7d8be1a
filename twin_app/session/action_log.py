"""What people did to a line's alarms, kept in a side file: appended to, never changed, read again after a restart. Not for what follows from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from twin_app.history.side import SideFile
from twin_app.model.alarm import Action
from twin_app.text import tr

if TYPE_CHECKING:
    from pathlib import Path

KIND = "alarm action"


class ActionLog:
    """Actions in the order in which they were taken. Belongs to one thread."""

    def __init__(self, path: Path | None, *, writes: bool) -> None:
        """Name the file; without one actions last until the line is closed. A replay reads (`writes` false) and never writes."""
        self._file = SideFile(path) if path else None
        self._writes = writes

    def read_on(self) -> tuple[Action, ...]:
        """Return the actions that were written since the last time, by whomever; what is no action is somebody else's."""
        entries = self._file.read_on() if self._file else []
        return tuple(action for entry in entries if (action := action_of(entry)) is not None)

    def keep(self, action: Action) -> None:
        """Have an action on the disk before this returns; it comes out of `read_on` as others' do where there is a file.

        Raises:
            RecordingError: the file cannot be written.
        """
        if self._file and self._writes:
            self._file.append(line_of(action))

    @property
    def lasting(self) -> bool:
        """Tell whether what is kept is still there when the program has ended."""
        return self._file is not None and self._writes

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know: a worded sentence with its cure, or nothing."""
        if self._file is None or not self._file.unreadable:
            return ()
        what = tr(
            "{count} lines of {path} are damaged; what was done to alarms in them is not known.",
            count=self._file.unreadable, path=self._file.path,
        )  # fmt: skip
        return (f"{what} {tr('The recording itself is not touched. Copies of the file may hold them.')}",)


def line_of(action: Action) -> dict[str, Any]:
    """Return an action as a line of a side file."""
    return {**asdict(action), "what": KIND, "action": str(action.what)}


def action_of(entry: dict[str, Any]) -> Action | None:
    """Return an entry of the file as an action, None where it is none."""
    if entry.get("what") != KIND:
        return None
    try:
        return msgspec.convert({**entry, "what": entry.get("action")}, Action)
    except msgspec.ValidationError:
        return None
