"""The 3D view: a plain widget that shows the newest picture and lays labels and tools over it. Moves of the eye: see `eye`. No VTK."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from twin_app.text import tr
from ui.scene3d.extras import Extras
from ui.scene3d.gestures import Gestures
from ui.scene3d.guide import Guide
from ui.scene3d.labelling import Labels
from ui.scene3d.notes import paint_band, paint_hint, paint_loading, paint_sentence
from ui.scene3d.picker import pick
from ui.scene3d.request import Profile, Request, low_profile
from ui.scene3d.scene import UNKNOWN_LOOK, Scene, corners
from ui.scene3d.sharpness import Sharpness
from ui.scene3d.sign import letters
from ui.scene3d.theme import LIGHT, SceneTheme
from ui.scene3d.trails import gathered
from ui.scene3d.worker import RenderWorker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QResizeEvent, QShowEvent

    from twin_app.model.alarm import UnitAlarms
    from twin_app.model.premises import Aisle, Fence
    from ui.scene3d.camera import Camera
    from ui.scene3d.ghosts import Ghosts
    from ui.scene3d.request import Picture
    from ui.scene3d.scene import Legend, SceneLink, SceneUnit, UnitLook

    Floats = NDArray[np.float64]

_STILL_MS = 300
"""Without motion for so long a picture is drawn for looking at, not for the next one to follow."""
_TOO_SMALL_PX = 16


class SceneView(QWidget):
    """Machines in motion on the hall's floor.

    Signals:
        unit_picked: the id of the machine a person clicked.
        units_boxed: the ids of the machines in a box that a person drew, a tuple, nearest first.
        failed: a sentence: there is no OpenGL, or a model could not be shown.
    """

    unit_picked = Signal(str)
    units_boxed = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, profile: Profile = Profile.AUTO) -> None:
        """Make an empty room; nothing is loaded before it is seen."""
        super().__init__(parent)
        # First: Qt sends events from the very next call on.
        self._gestures = Gestures(self)
        self.guide = Guide(self)
        self.eye, self.extras = self.guide.eye, Extras(self.guide.tool)
        self._scene = Scene((), (), "")
        self.setMinimumSize(160, 120)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("3D view of the line"))
        self._profile = profile
        self._boxes = self._scene.boxes()
        self._looks: tuple[UnitLook, ...] = ()
        self._vehicles: list[str] = []
        self._stands = self._scene.bases()
        self._away = self.picturing = False
        self._phases = np.empty(0)
        self._lying: Floats | None = None
        self._trails: Floats | None = None
        self._theme = LIGHT
        self._selected: int | None = None
        self._sharpness = Sharpness()
        self._asked: Request | None = None
        self._picture: Picture | None = None
        self._image = QImage()
        self._sentence = ""
        self._told: set[str] = set()
        self._labels = Labels()
        self._heat: tuple[str, ...] = ()
        self.eye.moved.connect(self._changed)
        self._running = QTimer(self)
        self._running.setSingleShot(True)
        self._running.setInterval(_STILL_MS)
        self._running.timeout.connect(self._changed)
        self._start_worker()

    def _start_worker(self) -> None:
        # No parent: the thread may outlive this widget by the picture it is just drawing.
        self._worker = RenderWorker()
        self.drawn, self.hungry, self.sated = self._worker.drawn, self._worker.hungry, self._worker.sated
        self._worker.picture_finished.connect(self._on_picture_finished, Qt.ConnectionType.QueuedConnection)
        self._worker.failed.connect(self._on_worker_failed, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(self._worker.stop)

    def set_scene(
        self, units: Sequence[SceneUnit], links: Sequence[SceneLink], title: str, *,
        aisles: Sequence[Aisle] | None = None, fences: Sequence[Fence] | None = None, keep_eye: bool = False,
    ) -> None:  # fmt: skip
        """Show another line, or with `keep_eye` the same one laid out otherwise; every unit is unknown until `show_looks`.

        Aisles and fences of which nothing is told stay as they are.
        """
        aisles, fences = (self._scene.aisles if aisles is None else aisles), (self._scene.fences if fences is None else fences)
        names = tuple(letters(aisle.name) for aisle in aisles)
        self._scene = Scene(tuple(units), tuple(links), title, letters(title), tuple(aisles), names, tuple(fences))
        self._vehicles = [self._scene.units[row].unit_id for row in self._scene.vehicles()]
        self._boxes = self._scene.boxes()
        self._stands = self._scene.bases()
        self._away = False
        self._looks = (UNKNOWN_LOOK,) * len(units)
        self._phases = np.zeros(len(units))
        self._lying = None
        self.show_trails({})
        self._heat = ()
        self._selected = None
        self._gestures.hovered = None
        self._gestures.cancel()
        if keep_eye:
            self.guide.look_around()
        else:
            self.guide.go_home()
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
        if self.isVisible() and not self.picturing and not np.array_equal(before, self._phases, equal_nan=True):
            self._running.start(_STILL_MS + round(2000 * self._worker.period_s))  # shown no oftener than drawn, they run on meanwhile
        left, self._away = self._away, any(unit.pose is not None for unit in self._looks)
        if left or self._away:
            self._stands = self._scene.standing(self._looks)
            self.guide.stay_with()
        self.guide.heed(self._looks)
        self._changed()

    def show_trails(self, ways: Mapping[str, Floats]) -> None:
        """Show with the next looks the ways that vehicles came, oldest first: x, y and how fresh (0 to 1), NaN between parts, shape (m, 3)."""
        self._trails = gathered(ways, self._vehicles) if self._vehicles else None

    def set_notes(self, notes: Callable[[str], tuple[str, ...]]) -> None:
        """Have it told what else to write on the label of a unit that somebody points at, a line each."""
        self._labels.notes = notes

    def show_alarms(self, alarms: Mapping[str, UnitAlarms], ghosts: Ghosts | None = None) -> None:
        """Mark the gravest alarm of each unit that has any, and how many it has; and what another shift's units did at the same time."""
        self._labels.alarms, self._labels.ghosts = alarms, ghosts

    def show_heat(self, colours: Mapping[str, str], legend: Legend | None) -> None:
        """Lay figures over the units as colours, `?` where nobody knows them; without a legend there are none."""
        self._heat = tuple(colours.get(unit.unit_id, "?") for unit in self._scene.units) if legend else ()
        self._labels.legend = legend

    def label_all(self, *, every: bool) -> None:
        """Label each unit that finds room for it, or only those that need somebody."""
        self._labels.every = every
        self._changed()

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

    def stop(self) -> None:
        """End the render thread; the view shows its last picture from now on."""
        self.guide.stop()
        self._running.stop()
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
        return self.eye.camera

    def picture(self) -> Picture | None:
        """Return the picture on the screen, which follows eye and window; None before the first."""
        return self._picture

    def move_camera(self, camera: Camera) -> None:
        """Take another place at once, as a person's hand asks."""
        self.eye.take(camera)

    def unit_at(self, x: float, y: float) -> int | None:
        """Return the row of the unit under a point of the widget."""
        return pick(*self.eye.camera.ray(x, y, self.extent()), self._boxes, self._stands)

    def unit_id(self, row: int) -> str:
        """Return the id of the unit in a row."""
        return self._scene.units[row].unit_id

    def hover_changed(self) -> None:
        """Show which unit lies under the pointer."""
        if not self.guide.tool.active:
            self.setCursor(Qt.CursorShape.PointingHandCursor if self._gestures.hovered is not None else Qt.CursorShape.ArrowCursor)
        self._changed()

    def extent(self) -> tuple[float, float]:
        """Return how large the view is, in pixels of the window."""
        return float(max(1, self.width())), float(max(1, self.height()))

    def points(self) -> Floats:
        """Return the corners of all that stands there, metres, shape (m, 3)."""
        return corners(self._boxes, self._stands).reshape(-1, 3)

    def standing(self) -> tuple[Floats, Floats]:
        """Return the box of each unit through all its motion, shape (n, 2, 3), and where it stands now, shape (n, 4, 4)."""
        return self._boxes, self._stands

    def rows(self) -> dict[str, int]:
        """Return the row of each unit by its id."""
        return self._scene.numbers()

    def drives(self) -> bool:
        """Tell whether there are vehicles."""
        return bool(self._vehicles)

    def title_of(self, row: int) -> str:
        """Return what people call the unit in a row."""
        return self._scene.units[row].title

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
        software = low_profile(self.graphics())
        ratio = self.devicePixelRatioF() * self._sharpness.share(moving=software and self.eye.moving)
        return Request(
            scene=self._scene,
            theme=self._theme,
            profile=self._profile,
            camera=self.eye.camera,
            size=(round(self.width() * ratio), round(self.height() * ratio)),
            looks=tuple(unit.look for unit in self._looks),
            phases=self._phases,
            selected=self._selected,
            hovered=self._gestures.hovered,
            draft=self.eye.moving,
            leisure=self.eye.tour is not None,
            heat=self._heat,
            stands=self._stands if self._away else None,
            lying=self._lying,
            trails=self._trails,
            stored=np.array([unit.stored for unit in self._looks], dtype=np.float64),
            running=self._running.isActive() and software,
            onward=self._running.isActive(),
        )

    def _on_picture_finished(self) -> None:
        picture = self._worker.take()
        if picture is None:
            return
        self._picture = picture
        height, width, _ = picture.pixels.shape
        self._image = QImage(picture.pixels.data, width, height, width * 4, QImage.Format.Format_RGBX8888)
        if picture.request.draft:
            self._sharpness.learn(picture.render_ms, height / max(1.0, self.height() * self.devicePixelRatioF()))
        if picture.request.scene is self._scene and picture.boxes is not self._boxes:
            self._boxes = picture.boxes
            self.guide.look_around()
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
                self.extras.below(painter, self._picture, self._looks, self._chosen(), self._theme, self.extent())
                self._labels.paint(painter, self._picture, self._looks, self._chosen(), self._theme, self.extent())
                self.extras.above(painter, self._picture, self._theme, self.extent())
            paint_loading(painter, self.rect(), self._picture.loading, self._theme)
            paint_hint(painter, self.rect(), self.guide.hint(), self._theme)
            paint_band(painter, self._gestures.band, self._theme)
        if self._sentence:
            paint_sentence(painter, self.rect(), self._sentence, self._theme)

    def _chosen(self) -> set[int]:
        """Return the rows of the units that somebody points at."""
        return {row for row in (self._selected, self._gestures.hovered) if row is not None}

    @override
    def event(self, event: QEvent) -> bool:
        if self._gestures.handle(event) or (isinstance(event, QKeyEvent) and self.guide.escapes(event)):
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
        if not self.eye.touched:
            self.eye.put(self.guide.whole())
        self._changed()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.eye.stop()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._labels.forget()
        if not self.eye.touched:
            self.eye.put(self.guide.whole())
        self._changed()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self.isWindow():
            self.stop()
