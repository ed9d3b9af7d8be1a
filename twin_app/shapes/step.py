"""Reading STEP (ISO 10303-21) through OpenCASCADE, which comes with an extra; without it a sentence says which. Not for its own geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.shapes.gltf import read_gltf
from twin_app.shapes.shape import CONTRADICTS, Refusal, require
from twin_app.text import N_

if TYPE_CHECKING:
    from twin_app.shapes.beside import Folder
    from twin_app.shapes.shape import Model

_CHORD_MM, _ANGLE_RAD = 1.0, 0.5
"""How far a flat triangle may lie from the surface that it stands for."""


def read_step(data: bytes, folder: Folder) -> Model:
    """Return the solids of a STEP file in metres, Z up, whatever unit they were drawn in.

    Raises:
        Refusal: the library is not installed, or it cannot make anything of the file.
    """
    require(data.lstrip()[:12].upper() == b"ISO-10303-21", N_("it is no STEP"))
    try:
        import cascadio  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise Refusal(N_("reading STEP needs a library that is not installed: pip install 'twin-app[step]'")) from error
    made = cascadio.to_glb_bytes(data, tol_linear=_CHORD_MM, tol_angular=_ANGLE_RAD)
    require(made, CONTRADICTS)
    return read_gltf(made, folder)
