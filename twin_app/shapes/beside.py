"""Files that a model refers to: only from its own folder or below it, and no more bytes than a model may have. Not for what is in them."""

from __future__ import annotations

import re
from stat import S_ISREG
from typing import TYPE_CHECKING
from urllib.parse import unquote

from twin_app.shapes.shape import MAX_FILE_BYTES, Refusal, require
from twin_app.text import N_

if TYPE_CHECKING:
    from pathlib import Path

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST = 1000
_MAX_FILES = 1000
OUTSIDE = N_("it refers to {found}, which is not a file in its own folder")
NO_FILE = N_("it is no plain file")
TOO_LARGE = N_("it is larger than 64 MB, with the files that it refers to")
MISSING = N_("it refers to {found}, which cannot be opened")


class Folder:
    """The folder of one model while it is read; counts what was read of it."""

    def __init__(self, model: Path) -> None:
        """Take the folder that a model file lies in."""
        self.root = model.resolve().parent
        self._left = MAX_FILE_BYTES
        self._files = 0

    def bytes_of(self, path: Path) -> bytes:
        """Return a whole file, at most as much as a model may still have; OSError where it cannot be read."""
        found = path.stat()
        # Opening a pipe would wait for somebody to write into it.
        require(S_ISREG(found.st_mode), NO_FILE)
        require(found.st_size <= self._left, TOO_LARGE)
        with path.open("rb") as file:
            data = file.read(self._left + 1)
        self._left -= len(data)
        self._files += 1
        require(self._left >= 0 and self._files <= _MAX_FILES, TOO_LARGE)
        return data

    def named(self, name: str) -> Path:
        """Return where a file lies that is named by a model, in the way of any system.

        Raises:
            Refusal: the name is an address, absolute, or leads out of the folder, be it through a link.
        """
        plain = unquote(name).replace("\\", "/")
        shown = plain[:80]
        fits = len(plain) <= _LONGEST and plain.isprintable() and not _SCHEME.match(plain) and not plain.startswith("/")
        require(fits and plain and ".." not in plain.split("/"), OUTSIDE, found=shown)
        path = (self.root / plain).resolve()
        require(path.is_relative_to(self.root), OUTSIDE, found=shown)
        require(path.is_file(), MISSING, found=shown)
        return path

    def read(self, name: str) -> bytes:
        """Return the bytes of a file that a model names; refuse what `named` refuses, and what cannot be read."""
        path = self.named(name)
        try:
            return self.bytes_of(path)
        except OSError as error:
            raise Refusal(MISSING, found=name[:80]) from error
