"""Where what belongs to a line lies on this computer: folders named after it. Not for what lies there."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.settings import data_dir
from twin_app.sources.kinds import TWIN, kind_of
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.model.equipment import Line

_NAME_BYTES = 255
_HEAD_BYTES = 65_536
NOTES = "notes.jsonl"
ACTIONS = "alarm_actions.jsonl"
ENTRIES = "entries.jsonl"
_INTO = "recorded_into"
"""The file in a line's own folder that says where it is recorded."""


def recordings_folder(line: Line) -> Path:
    """Return the folder of a line's recordings; it need not be there yet."""
    return data_dir() / "recordings" / folder_name(f"{line.site}.{line.area}.{line.id}")


def remember(line: Line, folder: Path) -> None:
    """Keep where a line is recorded into, for who says something of it while nobody records."""
    own = recordings_folder(line)
    with contextlib.suppress(OSError):  # then it is the line's own folder
        own.mkdir(parents=True, exist_ok=True)
        fresh = own / f"{_INTO}.tmp"
        fresh.write_text(str(folder.absolute()), encoding="utf-8")
        fresh.replace(own / _INTO)


def recorded_last(line: Line) -> Path | None:
    """Return the folder that a line was recorded into last, None where nobody knows or it is not there."""
    try:
        with (recordings_folder(line) / _INTO).open(encoding="utf-8") as file:
            found = Path(file.read(_HEAD_BYTES))
        return found if found.is_absolute() and found.is_dir() else None
    except (OSError, ValueError):
        return None


def take_along(line: Line, folder: Path) -> None:
    """Let a recording that is begun in a folder of its own go on with what people did so far, as it lies in the line's own folder.

    Raises:
        RecordingError: it cannot be copied.
    """
    own = recordings_folder(line)
    for name in (NOTES, ACTIONS, ENTRIES):
        if (folder / name).exists() or not (own / name).is_file():
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            fresh = folder / f"{name}.tmp"
            shutil.copyfile(own / name, fresh)
            fresh.replace(folder / name)
        except OSError as error:
            raise RecordingError(
                N_("{path} cannot be written: {reason}."), tip=N_("Choose a folder you may write to."), path=folder / name,
                reason=error.strerror or error,
            ) from error  # fmt: skip


def actions_path(line: Line, addresses: Mapping[str, str] | None = None, into: Path | None = None) -> Path:
    """Return the side file of what people did to a line's alarms while it was live: beside its recording.

    A live line's lies in the folder that it is recorded `into` (None: the line's own), a recording's that was brought along with its own there.
    """
    return _brought(line, addresses or {}, ACTIONS) or (into or recordings_folder(line)) / ACTIONS


def _brought(line: Line, addresses: Mapping[str, str], name: str) -> Path | None:
    """Return a side file that lies beside a recording which is not this computer's own of the line, None where there is none."""
    for address in filter(None, addresses.values()):
        if kind_of(address) == TWIN:
            path = Path(address)
            folder = path if path.is_dir() else path.parent
            if folder.absolute() != recordings_folder(line).absolute() and (folder / name).is_file():
                return folder / name
    return None


def entries_path(line: Line, addresses: Mapping[str, str], into: Path | None = None) -> Path | None:
    """Return the side file of what people say of a line's orders and calendar; None where nothing of what is open lasts.

    There is one a line: what was said while it was live counts where its recordings are looked at, and can be corrected there.
    It lies in the folder that the line is recorded `into` (None: the line's own); a recording elsewhere with its side files has those.
    Other files have their own, as their bookmarks have, for they may be of another plant, or simulated.
    """
    kinds = {kind_of(address) for address in addresses.values() if address}
    if TWIN in kinds or any(kind.live and kind.recorded for kind in kinds):
        return _brought(line, addresses, ENTRIES) or (into or recordings_folder(line)) / ENTRIES
    notes = notes_path(line, addresses)
    return notes.with_name(f"{notes.stem}.{ENTRIES}") if notes else None


def notes_path(line: Line, addresses: Mapping[str, str], into: Path | None = None) -> Path | None:
    """Return the side file of a line's bookmarks; None where nothing of what is open lasts.

    A live line's lies among its recordings, in the folder that it is recorded `into` (None: the line's own), and so does that of a folder of recordings that is replayed. A replayed file's is
    named by what the file begins with, so that it is found again however the file is called, wherever it lies, and while it still grows.
    """
    kinds = {address: kind_of(address) for address in addresses.values() if address}
    if any(kind.live for kind in kinds.values()):
        return (into or recordings_folder(line)) / NOTES if any(kind.live and kind.recorded for kind in kinds.values()) else None
    folder = next((Path(address) for address in kinds if Path(address).is_dir()), None)
    if folder is not None:
        return folder / NOTES
    digest = hashlib.sha256()
    try:
        for address in sorted(kinds):
            digest.update(_head(Path(address)))
    except OSError:
        return None  # opening the file will say what is wrong with it
    return data_dir() / "notes" / folder_name(f"{line.site}.{line.area}.{line.id}") / f"{digest.hexdigest()[:24]}.jsonl"


def _head(path: Path) -> bytes:
    """Return what a file begins with."""
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def folder_name(name: str) -> str:
    """Return a line's full name as any file system takes it, at most 255 bytes: cut names stay apart by a digest of the whole."""
    allowed = re.sub(r"[^\w.-]", "_", name)
    if len(allowed.encode()) <= _NAME_BYTES:
        return allowed
    return allowed.encode()[: _NAME_BYTES - 17].decode(errors="ignore") + "." + hashlib.sha256(name.encode()).hexdigest()[:16]
