"""A file that is there whole, or not at all. Not for what is written into it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from twin_app.errors import UsageError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def check_free(path: Path, *, force: bool) -> None:
    """Refuse a file that must not be written.

    Raises:
        UsageError: it exists and `force` is not given, or its folder does not.
    """
    if not path.parent.is_dir() or (path.exists() and not path.is_file()):  # a device would be replaced by a file of its name
        raise UsageError(
            N_("{path} cannot be a file: it is a folder or a device, or its folder is missing."), tip=N_("Choose another name."), path=path
        )
    if path.exists() and not force:
        raise UsageError(N_("{path} exists already."), tip=N_("Choose another name, or write over it with --force."), path=path)


@contextmanager
def whole_or_gone(path: Path, *, force: bool) -> Iterator[Path]:
    """Give the path of a file that takes its name when all is written, and goes when that fails or is interrupted.

    Raises:
        UsageError: see `check_free`; somebody else may have written the file meanwhile.
        OSError: the disk is full.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        yield part
        check_free(path, force=force)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def finished_or_gone(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """Give a file to write to, see `whole_or_gone`."""
    with whole_or_gone(path, force=force) as part, part.open("wb") as out:
        yield out
