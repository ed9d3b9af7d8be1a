"""A layout's file: whether it is still what was read, and putting another in its place whole or not at all. Not for what is in it."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING

from twin_app.errors import LayoutError
from twin_app.text import N_

if TYPE_CHECKING:
    from pathlib import Path


def on_disk(path: Path) -> bytes | None:
    """Return the file's bytes, None where there is none to be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def replace(path: Path, data: bytes) -> None:
    """Put bytes in a file's place, so that whoever reads it sees the old or the new, even after a power cut. A link stays a link.

    Raises:
        LayoutError: it cannot be written; then the old file is as it was.
    """
    target = path.resolve()
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):  # the first time there is none to be like
            fresh.chmod(target.stat().st_mode & 0o7777)
        fresh.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise LayoutError(
            N_("{path} cannot be written: {reason}."), tip=N_("Nothing is lost while the window is open: save it elsewhere, or free the file."),
            path=path, reason=error.strerror or error,
        ) from error  # fmt: skip


def _sync_folder(folder: Path) -> None:
    """Have the new name outlast a power cut, where the system lets a folder be synchronised."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def free_name(path: Path) -> Path:
    """Return a name beside a file that nothing has: `line-2.toml`."""
    number = 2
    while (found := path.with_name(f"{path.stem}-{number}{path.suffix}")).exists():
        number += 1
    return found
