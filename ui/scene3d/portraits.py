"""The pictures of the library in edit mode, one of each model and theme: `python -m ui.scene3d.portraits` makes them anew. Not the contact sheet."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from twin_app.assets import picture_file
from twin_app.machines import MACHINE_TYPES
from ui.scene3d.camera import Camera
from ui.scene3d.renderer import SceneRenderer
from ui.scene3d.request import Profile, Request
from ui.scene3d.scene import Look, Scene, SceneUnit, corners
from ui.scene3d.theme import DARK, LIGHT

SIZE = (252, 162)
"""Drawn at three times what a card of the library shows, so that dense screens have what they need."""
_QUALITY = 82


def make(folder: Path | None = None) -> tuple[Path, ...]:
    """Draw every model in both themes and save the pictures where the product looks for them, or below `folder`; return the files."""
    renderer = SceneRenderer()
    made = []
    for theme in (LIGHT, DARK):
        for kind in {kind.model: kind for kind in reversed(MACHINE_TYPES)}.values():
            unit = SceneUnit(kind.key, "", kind.key, None, 1.0, 0.0, 0.0, 0.0, 0.0)
            scene = Scene((unit,), (), "")
            camera = Camera(azimuth_deg=32.0, elevation_deg=24.0).fitted(
                corners(scene.boxes(), scene.bases()).reshape(-1, 3), SIZE, margin=1.06
            )
            request = Request(scene, theme, Profile.HIGH, camera, SIZE, (Look.IDLE,), np.zeros(1))
            picture = renderer.render(request)
            height, width, _ = picture.pixels.shape
            path = picture_file(kind.model, theme.name)
            path = path if folder is None else folder / theme.name / path.name
            path.parent.mkdir(parents=True, exist_ok=True)
            image = QImage(picture.pixels.data, width, height, width * 4, QImage.Format.Format_RGBX8888)
            image.save(str(path), quality=_QUALITY)
            made.append(path)
    renderer.close()
    return tuple(made)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    make()
