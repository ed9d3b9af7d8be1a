"""Which files a 3D model is made of: its own and those it refers to. Found by a look at it, without reading its triangles. Not for what is in them: see `read`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from twin_app.shapes.beside import Folder
from twin_app.shapes.gltf import chunks
from twin_app.shapes.shape import Refusal
from twin_app.shapes.urdf import mesh_name, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path, PurePosixPath

_LIBRARY = re.compile(rb"^[ \t]*mtllib[ \t]+([^\r\n#]+)", re.MULTILINE)


def files_of_model(path: Path, name: PurePosixPath) -> list[tuple[str, bytes]]:
    """Return name and content of each file that a model is made of, the model's own first; it is called `name`, the others lie beside or below it.

    What it refers to and is not there, or must not be read, is left out: whoever reads the model says so.

    Raises:
        OSError: the model cannot be read.
        Refusal: it is too large, or no plain file.
    """
    folder = Folder(path)
    found = {name.as_posix(): folder.bytes_of(path)}
    waiting = [(path.suffix.lower(), found[name.as_posix()])]
    while waiting:
        for word in _words(*waiting.pop()):
            try:
                beside = folder.named(word)
                called = (name.parent / beside.relative_to(folder.root).as_posix()).as_posix()
                if called not in found:
                    found[called] = folder.bytes_of(beside)
                    waiting.append((beside.suffix.lower(), found[called]))
            except (OSError, Refusal):
                continue
    return list(found.items())


def _words(suffix: str, content: bytes) -> list[str]:
    """Return what a file calls the files that it refers to."""
    try:
        if suffix in {".gltf", ".glb"}:
            return list(_of_gltf(content))
        if suffix == ".obj":
            return [" ".join(word.decode("utf-8", "replace").split()) for word in _LIBRARY.findall(content)]
        return [mesh_name(str(mesh.get("filename"))) for mesh in parsed(content).iter("mesh")] if suffix == ".urdf" else []
    except (Refusal, ValueError, TypeError, AttributeError, RecursionError):
        return []


def _of_gltf(content: bytes) -> Iterator[str]:
    """Yield the addresses of buffers and pictures that stand in files of their own."""
    document = json.loads(content if content.lstrip()[:1] == b"{" else chunks(content)[0])
    for entry in (*document.get("buffers", ()), *document.get("images", ())):
        address = str(entry.get("uri", "data:"))
        if not address.startswith("data:"):
            yield address
