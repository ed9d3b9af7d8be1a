"""The 3D view: a plain widget that shows the newest picture, lays labels over it and turns the mouse into a moving eye. No VTK."""

from __future__ import annotations

from math import nan
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from twin_app.text import tr
from ui.scene3d.camera import Camera
from ui.scene3d.gestures import Gestures
from ui.scene3d.labelling import Labels
from ui.scene3d.notes import paint_loading, paint_sentence
from ui.scene3d.picker import pick
from ui.scene3d.request import Profile, Request, low_profile
from ui.scene3d.scene import UNKNOWN_LOOK, Scene, corners
from ui.scene3d.sign import letters
from ui.scene3d.theme import LIGHT, SceneTheme
from ui.scene3d.worker import RenderWorker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QResizeEvent, QShowEvent

    from twin_app.model.alarm import UnitAlarms
    from ui.scene3d.request import Picture
    from ui.scene3d.scene import Legend, SceneLink, SceneUnit, UnitLook

_FLIGHT_S = 0.5
_FLIGHT_STEP_MS = 30
_SETTLE_MS = 160
_STILL_MS = 300
"""Without motion for so long a picture is drawn for looking at, not for the next one to follow."""
_TOO_SMALL_PX = 16


class SceneView(QWidget):
    """Machines in motion on the hall's floor.

    Signals:
        unit_picked: the id of the machine a person clicked.
        failed: a sentence: there is no OpenGL, or a model could not be shown.
    """

    unit_picked = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, profile: Profile = Profile.AUTO) -> None:
        """Make an empty room; nothing is loaded before it is seen."""
        super().__init__(parent)
        # First: Qt sends events from the very next call on.
        self._gestures = Gestures(self)
        self._scene = Scene((), (), "")
        self.setMinimumSize(160, 120)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("3D view of the line"))
        self._profile = profile
        self._boxes = self._scene.boxes()
        self._looks: tuple[UnitLook, ...] = ()
        self._stands = self._scene.bases()
        self._away = False
        self._phases = np.empty(0)
        self._lying: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None = None
        self._theme = LIGHT
        self._selected: int | None = None
        self._camera = Camera()
        self._touched = False
        self._asked: Request | None = None
        self._picture: Picture | None = None
        self._image = QImage()
        self._sentence = ""
        self._told: set[str] = set()
        self._labels = Labels()
        self._heat: tuple[str, ...] = ()
        self._flight = QTimer(self)
        self._flight.setInterval(_FLIGHT_STEP_MS)
        self._flight.timeout.connect(self._on_flight_stepped)
        self._route = (self._camera, self._camera, 0.0)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._changed)
        self._running = QTimer(self)
        self._running.setSingleShot(True)
        self._running.setInterval(_STILL_MS)
        self._running.timeout.connect(self._changed)
        self._start_worker()

    def _start_worker(self) -> None:
        # No parent: the thread may outlive this widget by the picture it is just drawing.
        self._worker = RenderWorker()
        self._worker.picture_finished.connect(self._on_picture_finished, Qt.ConnectionType.QueuedConnection)
        self._worker.failed.connect(self._on_worker_failed, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(self._worker.stop)

    def set_scene(self, units: Sequence[SceneUnit], links: Sequence[SceneLink], title: str) -> None:
        """Show another line; every unit is unknown until `show_looks`."""
        self._scene = Scene(tuple(units), tuple(links), title, letters(title))
        self._boxes = self._scene.boxes()
        self._stands = self._scene.bases()
        self._away = False
        self._looks = (UNKNOWN_LOOK,) * len(units)
        self._phases = np.zeros(len(units))
        self._lying = None
        self._heat = ()
        self._selected = None
        self._gestures.hovered = None
        self._touched = False
        self._camera = self._whole()
        self._changed()

    def show_looks(self, looks: Mapping[str, UnitLook], levels: Mapping[tuple[str, str], tuple[float, float]] | None = None) -> None:
        """Show how the units look at this instant; units left out keep their look.

        `levels` tells, by feeding and fed unit, how much lies between them and how much fits there, in base units of the line; NaN,
        or left out: nobody knows.
        """
        levels = levels or {}
        self._lying = np.array([levels.get((link.source, link.target), (nan, nan)) for link in self._scene.links]).reshape(-1, 2)
        self._looks = tuple(looks.get(unit.unit_id, old) for unit, old in zip(self._scene.units, self._looks, strict=True))
        before, self._phases = self._phases, np.array([unit.phase_cycles for unit in self._looks], dtype=np.float64)
        if self.isVisible() and not np.array_equal(before, self._phases, equal_nan=True):
            self._running.start()
        left, self._away = self._away, any(unit.pose is not None for unit in self._looks)
        if left or self._away:
            self._stands = self._scene.standing(self._looks)
            self._keep_in_sight()
        self._changed()

    def set_notes(self, notes: Callable[[str], tuple[str, ...]]) -> None:
        """Have it told what else to write on the label of a unit that somebody points at, a line each."""
        self._labels.notes = notes

    def show_alarms(self, alarms: Mapping[str, UnitAlarms]) -> None:
        """Mark the gravest alarm of each unit that has any, and how many it has."""
        self._labels.alarms = alarms

    def show_heat(self, colours: Mapping[str, str], legend: Legend | None) -> None:
        """Lay figures over the units as colours, `?` where nobody knows them; without a legend there are none."""
        self._heat = tuple(colours.get(unit.unit_id, "?") for unit in self._scene.units) if legend else ()
        self._labels.legend = legend

    def label_all(self, *, every: bool) -> None:
        """Label each unit that finds room for it, or only those that need somebody."""
        self._labels.every = every
        self._changed()

    def _keep_in_sight(self) -> None:
        """Step back when a vehicle drives out of a picture that nobody has chosen otherwise."""
        if self._touched or not len(self._stands):
            return
        width, height = self._size()
        x, y, depth = self._camera.project(self._points(), (width, height)).T
        if ((depth <= 0) | (x < 0) | (x > width) | (y < 0) | (y > height)).any():
            self._camera = self._whole()

    def set_selected(self, unit_id: str | None) -> None:
        """Mark one unit as selected, or none."""
        self._selected = self._scene.numbers().get(unit_id) if unit_id is not None else None
        self._changed()

    def set_theme(self, theme: SceneTheme) -> None:
        """Change all colours."""
        self._theme = theme
        self._changed()

    def set_profile(self, profile: Profile) -> None:
        """Choose how much work a picture may be."""
        if profile is not self._profile:
            self._profile = profile
            self._changed()

    def fit(self) -> None:
        """Fly to where the whole line fills the view."""
        self._touched = False
        self._fly(self._whole())

    def fly_to(self, unit_id: str) -> None:
        """Fly to one unit, seen from the same side."""
        row = self._scene.numbers().get(unit_id)
        if row is not None:
            points = corners(self._boxes[row : row + 1], self._stands[row : row + 1]).reshape(-1, 3)
            self._touched = True
            self._fly(self._camera.fitted(points, self._size(), margin=1.4))

    def top_view(self) -> None:
        """Fly to straight above the line."""
        self._touched = True
        self._fly(self._camera.from_above().fitted(self._points(), self._size()))

    def stop(self) -> None:
        """End the render thread; the view shows its last picture from now on."""
        for timer in (self._flight, self._settle, self._running):
            timer.stop()
        self._worker.stop()

    def retranslate(self) -> None:
        """Take the present language; the words on labels come with the next looks."""
        self.setAccessibleName(tr("3D view of the line"))

    def settled(self) -> bool:
        """Say whether the picture on the screen is the one asked for last."""
        shown = self._picture is not None and self._picture.request is self._asked and not self._picture.loading
        return bool(self._sentence) or (shown and not self._running.isActive())

    def sentence(self) -> str:
        """Return why nothing is drawn, which the view says itself; empty while something is."""
        return self._sentence

    def graphics(self) -> str:
        """Return what draws, as OpenGL names itself; empty at first."""
        return self._picture.graphics if self._picture else ""

    def camera(self) -> Camera:
        """Return the eye."""
        return self._camera

    def move_camera(self, camera: Camera) -> None:
        """Take another place at once, as a person's hand asks."""
        self._flight.stop()
        self._touched = True
        self._camera = camera
        self._settle.start()
        self._changed()

    def unit_at(self, x: float, y: float) -> int | None:
        """Return the row of the unit under a point of the widget."""
        return pick(*self._camera.ray(x, y, self._size()), self._boxes, self._stands)

    def unit_id(self, row: int) -> str:
        """Return the id of the unit in a row."""
        return self._scene.units[row].unit_id

    def hover_changed(self) -> None:
        """Show which unit lies under the pointer."""
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._gestures.hovered is not None else Qt.CursorShape.ArrowCursor)
        self._changed()

    def _size(self) -> tuple[float, float]:
        return float(max(1, self.width())), float(max(1, self.height()))

    def _points(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return corners(self._boxes, self._stands).reshape(-1, 3)

    def _whole(self) -> Camera:
        """Return the eye that sees the whole line, at an angle to its longer side."""
        points = self._points()
        if not len(points):
            return Camera()
        spread = points[:, :2].max(axis=0) - points[:, :2].min(axis=0)
        azimuth = 24.0 if spread[0] >= spread[1] else 66.0
        return Camera(azimuth_deg=azimuth).fitted(points, self._size())

    def _changed(self) -> None:
        """Ask for a picture if it would differ from the one asked for last, and paint the labels anew if they would."""
        if not self.isVisible() or min(self.width(), self.height()) < _TOO_SMALL_PX:
            self._labels.forget()
            return
        request = self._request()
        if not request.same_picture(self._asked):
            self._asked = request
            self._worker.submit(request)
        if self._labels.changed(self._scene, self._looks, self._chosen(), self._theme):
            self.update()

    def _request(self) -> Request:
        ratio = self.devicePixelRatioF()
        return Request(
            scene=self._scene,
            theme=self._theme,
            profile=self._profile,
            camera=self._camera,
            size=(round(self.width() * ratio), round(self.height() * ratio)),
            looks=tuple(unit.look for unit in self._looks),
            phases=self._phases,
            selected=self._selected,
            hovered=self._gestures.hovered,
            draft=self._flight.isActive() or self._settle.isActive(),
            heat=self._heat,
            stands=self._stands if self._away else None,
            lying=self._lying,
            stored=np.array([unit.stored for unit in self._looks], dtype=np.float64),
            running=self._running.isActive() and low_profile(self.graphics()),
        )

    def _on_picture_finished(self) -> None:
        picture = self._worker.take()
        if picture is None:
            return
        self._picture = picture
        height, width, _ = picture.pixels.shape
        self._image = QImage(picture.pixels.data, width, height, width * 4, QImage.Format.Format_RGBX8888)
        if picture.request.scene is self._scene:
            self._boxes = picture.boxes
        for problem in picture.problems:
            self._tell(problem.worded())
        self._labels.forget()
        self.update()

    def _on_worker_failed(self, sentence: str) -> None:
        self._sentence = sentence
        # The last picture would go on looking like the present.
        self._picture = None
        self._tell(sentence)
        self.update()

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self.failed.emit(sentence)

    def _fly(self, goal: Camera) -> None:
        if not self.isVisible():
            self._camera = goal
            return
        self._route = (self._camera, goal, perf_counter())
        self._flight.start()

    def _on_flight_stepped(self) -> None:
        start, goal, began = self._route
        share = (perf_counter() - began) / _FLIGHT_S
        if share >= 1:
            self._flight.stop()
        self._camera = start.towards(goal, share) if share < 1 else goal
        self._changed()

    @override
    def sizeHint(self) -> QSize:
        return QSize(800, 450)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._picture is None or self._image.isNull():
            painter.fillRect(self.rect(), QColor(self._theme.hall))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=True)
            painter.drawImage(QRectF(self.rect()), self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            if self._picture.request.scene is self._scene:
                self._labels.paint(painter, self._picture, self._looks, self._chosen(), self._theme, self._size())
            paint_loading(painter, self.rect(), self._picture.loading, self._theme)
        if self._sentence:
            paint_sentence(painter, self.rect(), self._sentence, self._theme)

    def _chosen(self) -> set[int]:
        """Return the rows of the units that somebody points at."""
        return {row for row in (self._selected, self._gestures.hovered) if row is not None}

    @override
    def event(self, event: QEvent) -> bool:
        if self._gestures.handle(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._changed()
        return super().event(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._labels.rewrite()
            self._changed()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._touched:
            self._camera = self._whole()
        self._changed()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._flight.stop()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._labels.forget()
        if not self._touched:
            self._camera = self._whole()
        self._changed()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self.isWindow():
            self.stop()
