"""A line's own 3D models as a recording keeps them: gathered beside the layout, a piece at a time into the file, and back. Not for what is in them: see `shapes`.

Each file stands once in a recording's file, however many layouts and units name it. The models that ship with the program are
not kept: every installation has them under their names.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from twin_app import assets
from twin_app.history import checks
from twin_app.layout import stays_inside
from twin_app.model.recording import KeptModel
from twin_app.shapes import files_of_model
from twin_app.shapes.shape import MAX_FILE_BYTES, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from twin_app.model.equipment import Line

PIECE_BYTES = 2**20
"""So much is written at once at most: samples do not wait for longer than that takes."""
_MOST_BYTES = 2**30
"""Of all models that are taken from a recording."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model."""

    name: str
    """Relative to the layout's folder, with `/`."""
    size: int
    digest: str
    """Of its content, SHA-256; empty where it is not kept."""
    packed: bytes
    """Deflated."""

    def pieces(self) -> list[bytes]:
        """Return what is written one by one."""
        return [self.packed[at : at + PIECE_BYTES] for at in range(0, len(self.packed), PIECE_BYTES)]


def gathered(line: Line, most_bytes: int) -> list[ModelFile]:
    """Return the files of the models that lie beside a line's layout, the smallest models first, deflated, together at most `most_bytes`.

    Those that would be more have no digest. Models that cannot be read are left out: who shows the line says so.
    """
    shipped = assets.ROOT / "models3d" / "machines"
    models = []
    for name in dict.fromkeys(unit.placement.model for unit in line.units if unit.placement.model):
        path = assets.model_file(line.path, name)
        if path.is_relative_to(shipped):
            continue
        try:
            models.append([(called, content) for called, content in files_of_model(path, PurePosixPath(name)) if stays_inside(called)])
        except (OSError, Refusal):
            continue
    found: dict[str, ModelFile] = {}
    left, known = most_bytes, set()
    for model in sorted(models, key=lambda files: sum(len(content) for _, content in files)):
        files = [_packed(name, content) for name, content in model]
        needs = sum(len(file.packed) for file in files if file.digest not in known)
        if needs > left:
            files = [ModelFile(file.name, file.size, "", b"") for file in files]
        else:
            left -= needs
            known |= {file.digest for file in files}
        found |= {file.name: file for file in files if file.digest or file.name not in found}
    return list(found.values())


def _packed(name: str, content: bytes) -> ModelFile:
    """Return a file as it is kept."""
    return ModelFile(name, len(content), hashlib.sha256(content).hexdigest(), zlib.compress(content, 1))


Step = tuple[str, tuple[object, ...]]
"""A table and what goes into it, without a number."""


class Waiting:
    """What is still to be written into a file of the models of the layouts that were in force in it. Belongs to `beside.Beside`, under its lock."""

    def __init__(self) -> None:
        """Nothing waits."""
        self._layouts: dict[str, Sequence[ModelFile]] = {}
        self._steps: list[Step] = []
        self._there: set[tuple[str, ...]] | None = None

    def add(self, layout: str, files: Sequence[ModelFile]) -> None:
        """Have the models of a layout kept, which is named by its hash."""
        if layout not in self._layouts:
            self._layouts[layout] = files
            self._steps += _steps(layout, files)

    def goes_on(self, layout: str | None) -> None:
        """Begin again, for another file, with the models of the layout in force."""
        self._layouts = {name: files for name, files in self._layouts.items() if name == layout}
        self._steps = [step for name, files in self._layouts.items() for step in _steps(name, files)]
        self._there = None

    def __bool__(self) -> bool:
        """Tell whether something waits."""
        return bool(self._steps)

    def take(self, there: Iterable[tuple[str, ...]], *, everything: bool) -> list[Step]:
        """Return what is to be written next, table and row without its number: a piece at most, or everything.

        `there` are the rows that the file has of `named`: layout, name, digest.
        """
        if self._there is None:
            self._there = {*there}
        self._steps = list(_missing(self._steps, self._there))
        count = next((i + 1 for i, (table, _) in enumerate(self._steps) if table == "piece"), len(self._steps))
        return self._steps[:] if everything else self._steps[:count]

    def written(self, steps: Sequence[Step]) -> None:
        """Note what was written."""
        self._steps = self._steps[len(steps) :]
        named: set[tuple[str, ...]] = {(str(row[0]), str(row[1]), str(row[2])) for table, row in steps if table == "named"}
        self._there = (self._there or set()) | named


def _steps(layout: str, files: Sequence[ModelFile]) -> Iterator[Step]:
    """Yield the rows of a layout's models: a name behind all pieces of its file, so that what is named is whole."""
    for file in files:
        yield from (("piece", (file.digest, number, piece)) for number, piece in enumerate(file.pieces()))
        yield "named", (layout, file.name, file.digest)


def _missing(steps: Iterable[Step], there: set[tuple[str, ...]]) -> Iterator[Step]:
    """Yield the rows that a file with these names has not, each once."""
    named: set[tuple[object, ...]] = {*there}
    kept: set[object] = {digest for _, _, digest in there}
    for table, row in steps:
        if table == "named" and row not in named:
            named.add(row)
            kept.add(row[2])
            yield table, row
        elif table == "piece" and row[0] not in kept:
            yield table, row


def numbered(number: int, row: tuple[object, ...]) -> tuple[object, ...]:
    """Return a row of table `named` or `piece` with its number and its checksum."""
    return number, *row, checks.of_row(number, *row)


def unpacked(digest: str, pieces: Sequence[bytes], left: int = MAX_FILE_BYTES) -> bytes | None:
    """Return a file's content, None where it is not what was written, or more than `left` bytes."""
    inflate = zlib.decompressobj()
    try:
        content = inflate.decompress(b"".join(pieces), max(1, min(left, MAX_FILE_BYTES)))
    except zlib.error:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def kept(rows: Iterable[tuple[str, str, str]], pieces: dict[str, dict[int, bytes]]) -> dict[str, tuple[KeptModel, ...]]:
    """Return the model files of each layout, by its hash.

    Args:
        rows: layout, name and digest of each.
        pieces: of each digest, by number.
    """
    contents: dict[str, bytes | None] = {}
    found: dict[str, dict[str, KeptModel]] = {}
    left = _MOST_BYTES
    for layout, name, digest in rows:
        if not stays_inside(name):
            continue
        if digest not in contents:
            parts = pieces.get(digest, {})
            contents[digest] = unpacked(digest, [parts[i] for i in sorted(parts)], left) if digest else None
            left -= len(contents[digest] or b"")
        found.setdefault(layout, {})[name] = KeptModel(name=name, content=contents[digest], kept=bool(digest))
    return {layout: tuple(files.values()) for layout, files in found.items()}


def laid(name: str, folder: Path) -> Path | None:
    """Return where a kept file is laid below a folder, None where its name or a link there would lead out of it."""
    path = folder / name
    return path if stays_inside(name) and path.resolve().is_relative_to(folder.resolve()) else None
