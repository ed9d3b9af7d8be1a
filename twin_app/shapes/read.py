"""One file of any kind to one model, or to one sentence that says why not. Not for where the file lies: see `assets`."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from twin_app.errors import ModelError
from twin_app.shapes.beside import Folder
from twin_app.shapes.fit import Fit, fitted
from twin_app.shapes.gltf import read_gltf
from twin_app.shapes.obj import read_obj
from twin_app.shapes.ply import read_ply
from twin_app.shapes.shape import Refusal, checked
from twin_app.shapes.step import read_step
from twin_app.shapes.stl import read_stl
from twin_app.shapes.urdf import read_urdf
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from twin_app.shapes.shape import Model

    Reader = Callable[[bytes, Folder], Model]

_READERS: Mapping[str, tuple[Reader, str]] = {
    ".glb": (read_gltf, "y"),
    ".gltf": (read_gltf, "y"),
    ".obj": (read_obj, "z"),
    ".stl": (lambda data, _folder: read_stl(data), "z"),
    ".ply": (lambda data, _folder: read_ply(data), "z"),
    ".step": (read_step, "z"),
    ".stp": (read_step, "z"),
    ".urdf": (read_urdf, "z"),
}
"""By the end of the name: how a file is read, and which axis its format has up."""
SUFFIXES = tuple(_READERS)
_TIP = N_("A plain box stands in its place.")


def read_model(path: Path, fit: Fit | None = None) -> Model:
    """Return the model in a file, in metres with Z up, its pivot at the origin.

    Args:
        path: The file; what it refers to must lie in its folder or below it.
        fit: What the layout says of it; None: nothing.

    Raises:
        ModelError: the file is missing, too large, or not a model that can be shown; names the file and the reason.
    """
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise ModelError(
            N_("The 3D model {file} cannot be shown: its name must end in one of {known}."),
            file=path.name, known=" ".join(SUFFIXES), tip=_TIP,
        )  # fmt: skip
    read, own_up = _READERS[suffix]
    try:
        folder = Folder(path)
        return fitted(checked(read(folder.bytes_of(path), folder)), fit or Fit(), own_up)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelError(N_("The 3D model {file} cannot be opened: {reason}."), file=path.name, reason=reason, tip=_TIP) from error
    except Refusal as refusal:
        raise _refused(path, tr(refusal.reason, **refusal.arguments)) from refusal
    except (
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        MemoryError,
        struct.error,
    ) as error:
        raise _refused(path, tr("its contents contradict each other")) from error


def _refused(path: Path, reason: str) -> ModelError:
    return ModelError(N_("The 3D model {file} cannot be shown: {reason}."), file=path.name, reason=reason, tip=_TIP)
