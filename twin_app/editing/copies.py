"""Layouts that begin: written for the first time, or copied with the files that lie beside them. Not for saving what is being edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app import layout
from twin_app.editing import disk

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write a layout for the first time, in the place of whatever a person chose to replace.

    Raises:
        LayoutError: it cannot be written.
    """
    disk.replace(path, text.encode())


def copy(path: Path, to: Path) -> None:
    """Copy a layout, and beside it the files of faults that it names; what is there already under their names stays.

    Raises:
        LayoutError: it cannot be read or written.
    """
    line = layout.load(path)
    for name in sorted({word.file for unit in line.units for word in unit.fault_words if word.file}):
        data, beside = disk.on_disk(path.parent / name), to.parent / name
        if data is not None and not beside.exists():
            beside.parent.mkdir(parents=True, exist_ok=True)
            disk.replace(beside, data)
    disk.replace(to, layout.read_bytes(path))
