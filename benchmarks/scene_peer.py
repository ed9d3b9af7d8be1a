"""The hall as it is usually drawn with pyvista: one actor a part, its transform and colour set each frame. A peer of `scene.py`, not a benchmark.

The actors share their meshes and are given finished matrices, so that nothing is timed but pyvista, VTK and OpenGL.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ui.scene3d.body import Body
    from ui.scene3d.camera import Camera

    Floats = NDArray[np.float64]


class Naive:
    """One pyvista actor a part."""

    def __init__(self, bodies: Sequence[Body], machines: int, camera: Camera, size: tuple[int, int]) -> None:
        """Make the actors of all machines."""
        import pyvista  # noqa: PLC0415 - an extra, and slow to import

        self.plotter: Any = pyvista.Plotter(off_screen=True, window_size=list(size), lighting="light kit")
        meshes = []
        for body in bodies:
            faces = np.column_stack([np.full(len(body.triangles), 3), body.triangles]).reshape(-1)
            mesh = pyvista.PolyData(body.positions.astype(np.float32), faces)
            mesh.point_data.active_normals = body.normals.astype(np.float32)
            meshes.append(mesh)
        self.actors = []
        for _ in range(machines):
            for mesh in meshes:
                actor = pyvista.Actor(mapper=pyvista.DataSetMapper(mesh))
                self.plotter.renderer.AddActor(actor)
                self.actors.append(actor)
        eye = self.plotter.camera
        eye.position, eye.focal_point, eye.up = camera.eye().tolist(), camera.focus, camera.axes()[1].tolist()
        eye.view_angle = 28.0
        eye.clipping_range = (1.0, 2000.0)
        self.plotter.render_window.Render()

    def update(self, matrices: Floats, colours: Floats) -> None:
        """Set every actor's transform, shape (parts, 4, 4), and colour, shape (parts, 3)."""
        for actor, matrix, colour in zip(self.actors, matrices, colours, strict=True):
            actor.user_matrix = matrix
            actor.prop.color = colour

    def draw(self) -> None:
        """Draw a frame and wait for it."""
        self.plotter.render_window.Render()
        self.plotter.render_window.WaitForCompletion()

    def label(self, points: Floats, words: Sequence[str]) -> None:
        """Label points as pyvista does: VTK places the labels."""
        self.plotter.add_point_labels(
            points, list(words), font_size=12, shape_opacity=0.9, always_visible=True, show_points=False, render=False
        )

    def turn(self, step: int) -> None:
        """Look from a little further round."""
        self.plotter.camera.Azimuth(0.2 if step % 2 else -0.2)

    def close(self) -> None:
        """Give OpenGL back."""
        self.plotter.close()


def spent(work: Any) -> tuple[float, float]:  # noqa: ANN401 - any call
    """Return milliseconds of processor time (all threads) and of the clock that a call took."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3
