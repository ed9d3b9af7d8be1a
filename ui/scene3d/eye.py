"""The eye of one view: moved by a hand at once, sent somewhere by an eased flight, tied to a vehicle, or taken for a walk. No pictures."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ui.scene3d.bounds import Bounds
from ui.scene3d.camera import Camera

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from ui.scene3d.tour import Tour

    Floats = NDArray[np.float64]

_STEP_MS = 16
_SHORT_FLIGHT_S, _FLIGHT_S, _LONG_FLIGHT_S = 0.16, 0.45, 1.3
_SETTLE_MS = 160


class Eye(QObject):
    """Where the room is seen from, and where it is going.

    Signals:
        moved: `camera` is another one, or it has come to rest.
        tour_ended: the walk has ended, because somebody did something.
    """

    moved = Signal()
    tour_ended = Signal()

    def __init__(self, parent: QObject) -> None:
        """Start anywhere; `home` says where it belongs."""
        super().__init__(parent)
        self.camera = Camera()
        self.bounds = Bounds()
        self.touched = False
        """Whether somebody has chosen what is seen; else the whole line stays in view."""
        self.calm = False
        """Go at once, without flying."""
        self.followed: int | None = None
        """The row of the unit that the eye is tied to."""
        self.tour: Tour | None = None
        self.abnormal: Collection[int] = ()
        """Rows at which a walk stays a while."""
        self._at: Floats | None = None
        self._route = (self.camera, self.camera, 0.0, 1.0)
        self._flight = QTimer(self)
        self._flight.setInterval(_STEP_MS)
        self._flight.setTimerType(Qt.TimerType.PreciseTimer)
        self._flight.timeout.connect(self._on_stepped)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.moved)
        self._stepped_s = 0.0

    @property
    def moving(self) -> bool:
        """Whether another picture is about to follow: this one may be rough."""
        return self._flight.isActive() or self._settle.isActive()

    @property
    def goal(self) -> Camera:
        """Where the eye is going, or is."""
        return self._route[1] if self._flight.isActive() and self.tour is None else self.camera

    def put(self, camera: Camera) -> None:
        """Be there, without anybody having asked for it."""
        self._flight.stop()
        self.camera = camera

    def take(self, camera: Camera) -> None:
        """Be there at once, as a hand asks."""
        self._interrupt()
        self.touched = True
        self.camera = self.bounds.kept(camera)
        self._settle.start()
        self.moved.emit()

    def ease(self, camera: Camera) -> None:
        """Go there shortly, as a wheel asks."""
        self.touched = True
        self.fly(self.bounds.kept(camera), _SHORT_FLIGHT_S)

    def fly(self, goal: Camera, takes_s: float | None = None) -> None:
        """Fly there: the further, the longer."""
        self._interrupt()
        if self.calm:
            self.camera = goal
            self._settle.start()
            self.moved.emit()
            return
        longer = _FLIGHT_S + 0.12 * self.camera.way_to(goal)
        self._route = (self.camera, goal, perf_counter(), takes_s or min(longer, _LONG_FLIGHT_S))
        self._flight.start()

    def follow(self, row: int | None, place: Floats | None = None) -> None:
        """Go along with a unit from where it is now, shape (3,), or with none any more."""
        self.followed, self._at = row, place

    def carried(self, place: Floats) -> None:
        """The unit that the eye is tied to is there now: go along, as far as it went."""
        if self._at is None or self.tour is not None:
            return
        way = place - self._at
        self._at = place
        if way.any():
            start, goal, began, takes = self._route
            self.camera = _moved(self.camera, way)
            self._route = (_moved(start, way), _moved(goal, way), began, takes)

    def walk(self, tour: Tour) -> None:
        """Take a walk until somebody does something."""
        self._flight.stop()
        self.follow(None)
        self.touched = True
        self.tour, self._stepped_s = tour, perf_counter()
        self._flight.start()

    def rest(self) -> None:
        """End a walk."""
        if self.tour is not None:
            self.tour = None
            self._flight.stop()
            self.tour_ended.emit()
            self.moved.emit()

    def stop(self) -> None:
        """Move no more."""
        self._flight.stop()
        self._settle.stop()

    def _interrupt(self) -> None:
        self.rest()
        self._flight.stop()

    def _on_stepped(self) -> None:
        now = perf_counter()
        if self.tour is not None:
            elapsed, self._stepped_s = now - self._stepped_s, now
            self.camera = self.tour.step(elapsed, self.abnormal, jump=self.calm)
        else:
            start, goal, began, takes = self._route
            share = (now - began) / takes
            if share >= 1:
                self._flight.stop()
            self.camera = start.towards(goal, share) if share < 1 else goal
        self.moved.emit()


def _moved(camera: Camera, way: Floats) -> Camera:
    x, y, z = (np.array(camera.focus) + way).tolist()
    return replace(camera, focus=(x, y, z))
