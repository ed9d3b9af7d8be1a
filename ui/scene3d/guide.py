"""Where the eye of a view goes on demand, and which tool is in hand: overview, plan, flights, following, walk, measuring. No pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal

from twin_app.text import tr
from ui.scene3d.attention import Attention
from ui.scene3d.bounds import Bounds
from ui.scene3d.camera import Camera
from ui.scene3d.eye import Eye
from ui.scene3d.measure import Measure, spot_at
from ui.scene3d.picker import boxed
from ui.scene3d.scene import ABNORMAL, corners
from ui.scene3d.tour import Tour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QKeyEvent

    from ui.scene3d.scene import UnitLook
    from ui.scene3d.view import SceneView

_SAY_MS = 3500
_ROOM, _ROOM_FOR_VEHICLES = 1.06, 1.3
_EDGE = 0.04
_CLOSE, _STOP, _BESIDE = 1.4, 1.6, 3.2
"""How much of its surroundings is seen with a unit: flown to, stopped at on a walk, gone along with."""


class Guide(QObject):
    """Serves one view.

    Signals:
        changed: a walk, a measurement or the tie to a unit has begun or ended.
    """

    changed = Signal()

    def __init__(self, view: SceneView) -> None:
        """Show nothing yet; `go_home` when there is something to see."""
        super().__init__(view)
        self._view = view
        self.eye, self.tool = Eye(self), Measure()
        self._before_plan: Camera | None = None
        self._attention = Attention(self)
        self._attention.stirred.connect(self.eye.rest)
        self.eye.tour_ended.connect(self.changed)
        self._said = ""
        self._saying = QTimer(self)
        self._saying.setSingleShot(True)
        self._saying.setInterval(_SAY_MS)
        self._saying.timeout.connect(self._on_said)

    # -- where to -----------------------------------------------------------------------------------------------

    def go_home(self) -> None:
        """Be where the whole line is seen, as at first."""
        self.end_tools()
        self.look_around()
        self.eye.touched, self._before_plan = False, None
        self.eye.put(self.whole())

    def look_around(self) -> None:
        """Learn how far all that stands there reaches."""
        self.eye.bounds = Bounds.around(self._view.points())

    def fit(self) -> None:
        """Fly to where the whole line fills the view."""
        self._let_go()
        self.eye.fly(self.whole())
        self.eye.touched = False

    def fly_to(self, *units: str) -> None:
        """Fly to where some units fill the view, seen from the same side; ids that are not there are left out."""
        if rows := [row for unit, row in self._view.rows().items() if unit in units]:
            self._fly(self._close(rows, _CLOSE))

    def top_view(self) -> None:
        """Fly to a plan of the whole line; from a plan back to where the eye came from."""
        goal = self.eye.goal
        if goal.parallel:
            self._fly(self._before_plan or self.whole())
        else:
            self._before_plan = goal
            self._fly(goal.from_above().fitted(self._view.points(), self._view.extent(), self._room()))

    def recall(self, camera: Camera) -> None:
        """Fly to a place that was kept; home, where nothing of the line is there any more."""
        if self.eye.bounds.holds(camera):
            self._fly(self.eye.bounds.kept(camera))
        else:
            self.fit()

    def whole(self) -> Camera:
        """Return the eye that sees the whole line, at an angle to its longer side."""
        points = self._view.points()
        if not len(points):
            return Camera()
        spread = points[:, :2].max(axis=0) - points[:, :2].min(axis=0)
        azimuth = 24.0 if spread[0] >= spread[1] else 66.0
        return Camera(azimuth_deg=azimuth).fitted(points, self._view.extent(), self._room())

    def _room(self) -> float:
        """Return how much is left around the whole line: vehicles carry what their boxes do not hold, and are on their way somewhere."""
        return _ROOM_FOR_VEHICLES if self._view.drives() else _ROOM

    def _fly(self, goal: Camera) -> None:
        self._let_go()
        self.eye.fly(goal)
        self.eye.touched = True

    def _close(self, rows: Sequence[int], margin: float) -> Camera:
        """Return the eye that sees some units and their surroundings, from the side where it is going to be."""
        boxes, stands = self._view.standing()
        points = corners(boxes[list(rows)], stands[list(rows)]).reshape(-1, 3)
        seen = self.eye.goal if self.eye.tour is None else self.whole()
        return self.eye.bounds.kept(seen.fitted(points, self._view.extent(), margin=margin))

    # -- what goes on there -------------------------------------------------------------------------------------

    def heed(self, looks: Sequence[UnitLook]) -> None:
        """Know which units need somebody."""
        self.eye.abnormal = [row for row, unit in enumerate(looks) if unit.look in ABNORMAL]

    def stay_with(self) -> None:
        """Vehicles have moved: go along with one, step back where nobody has chosen what is seen, and come home where all left."""
        self.look_around()
        if self.eye.followed is not None:
            self.eye.carried(self._view.standing()[1][self.eye.followed, :3, 3])
        elif self.eye.touched:
            if not self.eye.bounds.holds(self.eye.goal):
                self.fit()
        elif not self.eye.moving and self._crowded():
            self.eye.fly(self.eye.camera.fitted(self._view.points(), self._view.extent(), _ROOM_FOR_VEHICLES))

    def _crowded(self) -> bool:
        """Tell whether something is so near to the picture's edge that it is about to leave it."""
        width, height = self._view.extent()
        x, y, depth = self.eye.camera.project(self._view.points(), (width, height)).T
        aside, below = width * _EDGE, height * _EDGE
        return bool(((depth <= 0) | (x < aside) | (x > width - aside) | (y < below) | (y > height - below)).any())

    def follow(self, unit_id: str | None) -> None:
        """Fly to a unit and go along with it from now on; None: no more."""
        row = self._view.rows().get(unit_id) if unit_id is not None else None
        if row is not None:
            self.eye.fly(self._close([row], _BESIDE))
            self.eye.touched = True
        self.eye.follow(row, None if row is None else np.array(self._view.standing()[1][row, :3, 3]))
        self._changed()

    def following(self) -> str | None:
        """Return the id of the unit that the eye goes along with."""
        return None if self.eye.followed is None else self._view.unit_id(self.eye.followed)

    def walk(self, *, on: bool) -> None:
        """Walk along the line until somebody does something, or walk no more."""
        self.end_tools()
        places = self._view.standing()[1][:, :3, 3]
        if on and len(places):
            self.eye.walk(Tour(places.copy(), self.whole(), lambda row: self._close([row], _STOP), start=self.eye.camera))
            self._attention.watch()
        self._changed()

    def measure(self, *, on: bool) -> None:
        """Take the measuring tool in hand, or put it away."""
        if on:
            self.eye.rest()
            self.tool.start()
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.tool.stop()
        self._changed()

    def end_tools(self) -> None:
        """Measure, follow and walk no more."""
        self._attention.stop()
        self.eye.rest()
        self.eye.follow(None)
        self.tool.stop()
        self._changed()

    def stop(self) -> None:
        """Move no more."""
        self._attention.stop()
        self._saying.stop()
        self.eye.stop()

    # -- the hand -----------------------------------------------------------------------------------------------

    def click(self, x: float, y: float) -> None:
        """Pick the unit under a point, or set an end of what is measured."""
        if self.tool.active:
            self._point(x, y)
            self.tool.click(self.tool.pointer)
            self._view.update()
        elif (row := self._view.unit_at(x, y)) is not None:
            self._view.unit_picked.emit(self._view.unit_id(row))

    def box(self, band: QRectF) -> None:
        """Pick the units in a box of the picture."""
        corners_of = (band.left(), band.top(), band.right(), band.bottom())
        rows = boxed(corners_of, self.eye.camera, self._view.extent(), *self._view.standing())
        if rows:
            self._view.units_boxed.emit(tuple(self._view.unit_id(row) for row in rows))

    def point_at(self, x: float, y: float) -> None:
        """The pointer rests there."""
        if self.tool.active:
            self._point(x, y)
            self._view.update()

    def _point(self, x: float, y: float) -> None:
        self.tool.pointer = spot_at(x, y, self.eye.camera, self._view.extent(), *self._view.standing())

    def escapes(self, event: QKeyEvent) -> bool:
        """Put tools away on Esc, which else belongs to the window; False for all other keys."""
        held = self.tool.active or self.eye.followed is not None
        if not held or event.key() != Qt.Key.Key_Escape:
            return False
        if event.type() == QEvent.Type.KeyPress:
            self.end_tools()
        return event.type() in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress}

    # -- what is said of it -------------------------------------------------------------------------------------

    def say(self, sentence: str) -> None:
        """Write a sentence over the hall for a moment."""
        self._said = sentence
        self._saying.start()
        self._view.update()

    def hint(self) -> str:
        """Return what is to be said over the hall: the newest sentence, else what tool is in hand and how to put it away."""
        if self._said:
            return self._said
        if self.tool.active:
            return tr("Click two points; they hold on to corners, edges and middles. Esc ends.")
        if self.eye.tour is not None:
            return tr("A walk along the line. Any key or click ends it.")
        if self.eye.followed is not None:
            return tr("Following {unit}. Esc lets go.", unit=self._view.title_of(self.eye.followed))
        return ""

    def _on_said(self) -> None:
        self._said = ""
        self._view.update()

    def _let_go(self) -> None:
        """Go along with no unit."""
        if self.eye.followed is not None:
            self.eye.follow(None)
            self._changed()

    def _changed(self) -> None:
        self._view.setCursor(Qt.CursorShape.CrossCursor if self.tool.active else Qt.CursorShape.ArrowCursor)
        self.changed.emit()
        self._view.update()
