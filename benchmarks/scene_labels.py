"""What the hall's labels cost a frame, beside labels that VTK places; and what telling the hall of its units costs. Figures of `scene.py`."""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication

from benchmarks.scene_peer import Naive, spent
from ui.scene3d.labelling import Labels
from ui.scene3d.request import Picture
from ui.scene3d.scene import Look, SceneUnit, UnitLook
from ui.scene3d.theme import LIGHT
from ui.scene3d.view import SceneView

if TYPE_CHECKING:
    from benchmarks.scene import Hall
    from ui.scene3d.rig import Rig

_FRAMES = 12
_IDLE_S = 2.0


def label_figures(placed: Hall, rig: Rig, *, peer: bool) -> dict[str, float | None]:
    """Return what a label on every machine costs a frame with the eye still and with the eye on the move, and VTK's of the same."""
    application = QApplication.instance() or QApplication([])
    found: dict[str, float | None] = {"labels_ms": _ours(placed, step=0.0), "labels_moving_eye_ms": _ours(placed, step=0.2)}
    found["labels_vtk_ms"], found["labels_vtk_moving_eye_ms"] = _theirs(placed, rig) if peer else (None, None)
    for ours, theirs, name in (
        ("labels_ms", "labels_vtk_ms", "labels_vs_vtk"),
        ("labels_moving_eye_ms", "labels_vtk_moving_eye_ms", "labels_moving_eye_vs_vtk"),
    ):
        a, b = found[ours], found[theirs]
        found[name] = None if a is None or b is None else round(a / b, 4)
    found |= {"tell_ms": _told(placed), "idle_percent": _idle(placed)}
    del application
    return found


def _looks(count: int, frame: int) -> tuple[UnitLook, ...]:
    return tuple(UnitLook(Look.RUNNING, "Execute", f"{frame // 30} s", "▶", frame * 0.01 + row) for row in range(count))


def _ours(placed: Hall, *, step: float) -> float:
    """Return the milliseconds a frame that laying out and painting the labels takes."""
    labels, image = Labels(), QImage(*placed.size, QImage.Format.Format_RGB32)
    labels.every = True
    boxes, looks = placed.scene.boxes(), _looks(len(placed.scene.units), 0)
    times = []
    for frame in range(_FRAMES):
        camera = replace(placed.camera, azimuth_deg=placed.camera.azimuth_deg + step * frame)
        request = replace(placed.request(frame), camera=camera, draft=step > 0)
        picture = Picture(request, image.constBits(), boxes, request.bases()[:, :3, 3], (), "", 0.0)

        def paint(seen: Picture = picture) -> None:
            labels.forget()
            labels.changed(placed.scene, looks, (), LIGHT)
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            labels.paint(painter, seen, looks, (), LIGHT, (float(placed.size[0]), float(placed.size[1])))
            painter.end()

        times.append(spent(paint)[0])
    return round(median(times[2:]), 2)


def _theirs(placed: Hall, rig: Rig) -> tuple[float, float]:
    """Return how much longer a frame of the peer takes with VTK's labels than without, the eye still and on the move."""
    naive = Naive(rig.bodies[:1], 1, placed.camera, placed.size)

    def frames(*, turning: bool) -> float:
        times = []
        for frame in range(8):
            if turning:
                naive.turn(frame)
            times.append(spent(naive.draw)[0])
        return median(times[2:])

    plain = frames(turning=False), frames(turning=True)
    naive.label(placed.scene.bases()[:, :3, 3], [f"{unit.title}\nExecute" for unit in placed.scene.units])
    labelled = frames(turning=False), frames(turning=True)
    naive.close()
    return round(labelled[0] - plain[0], 2), round(labelled[1] - plain[1], 2)


def _told(placed: Hall) -> float:
    """Return what it costs the window's thread to tell the hall of all its units, each a step further."""
    view = SceneView()
    view.resize(*placed.size)
    units: list[SceneUnit] = list(placed.scene.units)
    view.set_scene(units, [], "Hall")
    view.show()
    told = [dict(zip((unit.unit_id for unit in units), _looks(len(units), frame), strict=True)) for frame in range(_FRAMES)]
    times = [spent(lambda looks=looks: view.show_looks(looks))[0] for looks in told]
    view.stop()
    return round(median(times[2:]), 2)


def _idle(placed: Hall) -> float:
    """Return how much of a core is used while nothing changes, per cent, the window open and drawn."""
    view = SceneView()
    view.resize(*placed.size)
    view.set_scene(list(placed.scene.units), [], "Hall")
    view.show()
    while not view.settled():
        QGuiApplication.processEvents()
        time.sleep(0.01)
    _wait(0.5)
    cpu, wall = time.process_time(), time.perf_counter()
    _wait(_IDLE_S)
    used = (time.process_time() - cpu) / (time.perf_counter() - wall)
    view.stop()
    return round(used * 100, 2)


def _wait(seconds: float) -> None:
    """Let the window's loop run for a while."""
    waiting = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), waiting.quit)
    waiting.exec()
