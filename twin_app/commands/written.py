"""The file that a command writes: refused before anything long begins, where something would be lost. Not for writing it: see `export.unfinished`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.text import N_, tr

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

PICTURES = frozenset({".png", ".jpg", ".jpeg"})


def add_force(parser: argparse.ArgumentParser) -> None:
    """Add that a file may be lost."""
    parser.add_argument("--force", action="store_true", help=tr("write over a file that exists"))


def check_written(path: Path, *, read: Iterable[str | Path] = (), force: bool) -> None:
    """Refuse a file that is read (named as a layout or as a source, `id=FILE`, is), exists without `force`, or can be none.

    Raises:
        UsageError: it says which of them.
    """
    from twin_app.export.unfinished import check_free

    names = {Path(word).resolve() for text in map(str, read) for word in (text, text.partition("=")[2]) if word}
    if path.resolve() in names:
        raise UsageError(N_("{path} is what is read."), tip=N_("Choose another name."), path=path)
    check_free(path, force=force)


def check_picture(path: Path) -> None:
    """Refuse a file that is no picture by its name; one that exists is replaced.

    Raises:
        UsageError: it is none, or can be no file.
    """
    if path.suffix.casefold() not in PICTURES:
        raise UsageError(N_("“{path}” is not named as a picture."), tip=N_("Let its name end in .png or .jpg."), path=path)
    check_written(path, force=True)
