"""What a person said of a table's columns, kept as a file for the next table with these headings. Not for what columns are guessed to be."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import msgspec

from twin_app.errors import SettingsError, UsageError
from twin_app.service.places import folder_name
from twin_app.settings import config_dir
from twin_app.tables import Given
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from twin_app.model.equipment import Line


def path_of(line: Line, headings: Sequence[str]) -> Path:
    """Return the file of a line's tables with some headings; it need not be there."""
    digest = hashlib.sha256("\0".join(headings).encode()).hexdigest()[:16]
    return config_dir() / "tables" / folder_name(f"{line.site}.{line.area}.{line.id}") / f"{digest}.json"


def read(path: Path) -> Given:
    """Return what a file says.

    Raises:
        UsageError: it is not there, or is no such file.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Given)
    except OSError as error:
        raise UsageError(N_("{path} cannot be read: {reason}."), tip=N_("Check the path."), path=path, reason=error.strerror) from error
    except (msgspec.DecodeError, UnicodeError) as error:
        what, tip = N_("{path} is no mapping of a table: {reason}."), N_("Remove it, or correct it.")
        raise UsageError(what, tip=tip, path=path, reason=str(error)) from error


def kept(line: Line, headings: Sequence[str]) -> Given | None:
    """Return what was said of such a table the last time, None where nothing was.

    Raises:
        UsageError: the file cannot be read.
    """
    path = path_of(line, headings)
    return read(path) if path.exists() else None


def keep(line: Line, headings: Sequence[str], given: Given) -> Path:
    """Keep what was said, whole or not at all; return the file.

    Raises:
        SettingsError: it cannot be written.
    """
    path = path_of(line, headings)
    told = {"headings": list(headings), **asdict(given), "mapped": dict(given.mapped)}
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise SettingsError(N_("{path} cannot be written: {reason}."), path=path, reason=error.strerror or error) from error
    return path
