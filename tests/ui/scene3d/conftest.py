"""A short line, requests for pictures of it, and a renderer shared by the tests of this folder (opening one takes half a second)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ui.scene3d.camera import Camera
from ui.scene3d.request import Profile, Request
from ui.scene3d.scene import Look, Scene, SceneLink, SceneUnit, corners
from ui.scene3d.theme import LIGHT

if TYPE_CHECKING:
    from ui.scene3d.renderer import SceneRenderer

SIZE = (480, 270)


def unit(number: int, kind: str = "machine", *, model: Path | None = None, heading: float = 0.0) -> SceneUnit:
    return SceneUnit(f"u{number}", f"M{number}", kind, model, 1.0, number * 5.0, 0.0, 0.0, heading)


@pytest.fixture
def line() -> Scene:
    units = tuple(unit(number, kind) for number, kind in enumerate(("filler", "capper", "labeller")))
    return Scene(units, (SceneLink("u0", "u1"), SceneLink("u1", "u2")), "Line")


@pytest.fixture
def ask(line: Scene) -> Callable[..., Request]:
    """Make a request for the line, with some of its fields changed."""

    def make(**changes: object) -> Request:
        scene = changes.get("scene", line)
        assert isinstance(scene, Scene)
        count = len(scene.units)
        camera = Camera().fitted(corners(scene.boxes(), scene.bases()).reshape(-1, 3), SIZE)
        request = Request(scene, LIGHT, Profile.LOW, camera, SIZE, (Look.RUNNING,) * count, np.full(count, 0.25))
        return replace(request, **changes)  # type: ignore[arg-type]  # any field may be replaced

    return make


@pytest.fixture(scope="session")
def renderer() -> "Iterator[SceneRenderer]":
    from ui.scene3d.renderer import SceneRenderer

    opened = SceneRenderer()
    yield opened
    opened.close()
