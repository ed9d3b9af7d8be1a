"""The mouse on aisles and fences in edit mode: draw them point by point, drag points, put some in and take some out. Not for machines: see `floor`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt

from twin_app.editing.units import GRID_M, snapped
from twin_app.editing.ways import CORNERS, FENCE, LEAST, Point, Points, Way, apart, moved, sound, split, without
from twin_app.text import N_
from ui.editing.handles import REACH_PX, Eye
from ui.editing.way_marks import WayMarks, middles

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QMouseEvent

    from ui.editing.desk import EditDesk
    from ui.editing.overlay import Overlay
    from ui.scene3d.view import SceneView

_FREE = Qt.KeyboardModifier.AltModifier
_STRAIGHT = Qt.KeyboardModifier.ShiftModifier
_CLICK_PX = 4.0


@dataclass(slots=True)
class _Held:
    """What the hand holds of the chosen way: a point, a place between two (`between`), or all of it (-1)."""

    way: Way
    number: int
    between: bool
    pressed: QPointF
    floor: Point
    moved: bool = False


class WayTool:
    """The hand on the aisles and fences of one view; `on_unit` tells whether a machine lies under a pixel, which comes first."""

    def __init__(self, view: SceneView, desk: EditDesk, overlay: Overlay, on_unit: Callable[[QPointF], bool]) -> None:
        """Hold nothing."""
        self._view, self._desk, self._overlay, self._on_unit = view, desk, overlay, on_unit
        self.drawing = ""
        """Which kind is being drawn, empty for none."""
        self._points: Points = ()
        self._held: _Held | None = None

    def begin(self, kind: str) -> None:
        """Let the next clicks be points of an aisle or a fence."""
        self._desk.choose(())
        self.drawing, self._points, self._held = kind, (), None
        self._view.setCursor(Qt.CursorShape.CrossCursor)
        self.refresh()

    def cancel(self) -> bool:
        """Let go of whatever is held or drawn; return whether it was something."""
        held = self._held is not None or bool(self.drawing)
        if self.drawing:
            self._view.unsetCursor()
        self.drawing, self._points, self._held = "", (), None
        self.refresh()
        return held

    def finish(self) -> None:
        """Add what was drawn, if it is a way."""
        kind, points = self.drawing, sound(self._points)
        closed = kind == FENCE and len(points) > LEAST + 1 and points[0] == points[-1]
        self.cancel()
        if len(points) >= LEAST:
            self._desk.draw_way(kind, points[:-1] if closed else points, closed=closed)

    def refresh(self) -> None:
        """Show the chosen way, or what is being drawn."""
        way = self._desk.way
        marks = (
            WayMarks(way.points, way.outline, between=way.form != CORNERS, closed=way.closed) if way is not None and way.points else None
        )
        self._overlay.way = WayMarks(self._points, self._points, between=False) if self.drawing else marks
        self._overlay.update()

    # -- events -------------------------------------------------------------------------------------------------

    def mouse(self, event: QMouseEvent) -> bool:
        """Act on the mouse; False leaves it to the machines and the eye."""
        kind, at = event.type(), event.position()
        if kind is QEvent.Type.MouseMove:
            return self._move(at, event.modifiers())
        if event.button() is not Qt.MouseButton.LeftButton:
            return False
        if kind is QEvent.Type.MouseButtonPress:
            return self._press(at, event.modifiers())
        if kind is QEvent.Type.MouseButtonRelease:
            return self._release(at, event.modifiers())
        return kind is QEvent.Type.MouseButtonDblClick and self._double(at)

    def take_back(self) -> bool:
        """Take the last point back that was drawn; return whether something is being drawn."""
        if self.drawing:
            self._points = self._points[:-1]
            self.refresh()
        return bool(self.drawing)

    def _press(self, at: QPointF, how: Qt.KeyboardModifier) -> bool:
        if self.drawing:
            self._add(at, how)
            return True
        floor = Eye(self._view).floor(at)
        held = self._grip(at) if floor is not None else None
        if held is None and floor is not None and not self._on_unit(at) and (way := self._under(at)) is not None:
            self._desk.choose_way(way.key)
            held = (-1, False)
        chosen = self._desk.way
        if held is None or chosen is None or floor is None:
            self._desk.choose_way("")
            return False
        self._held = _Held(chosen, *held, at, floor)
        return True

    def _add(self, at: QPointF, how: Qt.KeyboardModifier) -> None:
        """Add a point to what is drawn; the first one again closes a fence."""
        point = self._point(at, how, self._points[-1] if self._points else None)
        if point is None or (self._points and point == self._points[-1]):
            return
        self._points = (*self._points, point)
        if self.drawing == FENCE and len(self._points) > LEAST + 1 and point == self._points[0]:
            self.finish()
        else:
            self.refresh()

    def _move(self, at: QPointF, how: Qt.KeyboardModifier) -> bool:
        if self.drawing:
            self._show_drawing(at, how)
            return True
        held = self._held
        if held is None:
            return self._hover(at)
        held.moved = held.moved or (at - held.pressed).manhattanLength() > _CLICK_PX
        if held.moved:
            points, number = self._reshaped(held, at, how)
            seen = Way(kind=held.way.kind, index=held.way.index, points=points, form=held.way.form, closed=held.way.closed)
            self._overlay.way = WayMarks(points, seen.outline, between=False, told=number, closed=seen.closed)
            self._overlay.update()
        return True

    def _show_drawing(self, at: QPointF, how: Qt.KeyboardModifier) -> None:
        """Show where the next point would be."""
        point = self._point(at, how, self._points[-1] if self._points else None)
        points = (*self._points, point) if point is not None else self._points
        self._overlay.way = WayMarks(points, points, between=False, told=len(points) - 1 if point is not None else None)
        self._overlay.update()

    def _hover(self, at: QPointF) -> bool:
        """Show by the pointer that a point could be taken hold of."""
        if self._grip(at) is not None:
            self._view.setCursor(Qt.CursorShape.SizeAllCursor)
            return True
        return False

    def _release(self, at: QPointF, how: Qt.KeyboardModifier) -> bool:
        held, self._held = self._held, None
        if held is None:
            return bool(self.drawing)
        if held.moved:
            points, _ = self._reshaped(held, at, how)
            self._desk.reshape_way(points, N_("Add a point") if held.between else N_("Move"))
        self.refresh()
        return True

    def _double(self, at: QPointF) -> bool:
        """End what is drawn; or take a point out."""
        if self.drawing:
            self.finish()
            return True
        way, held = self._desk.way, self._grip(at)
        self._held = None
        if way is not None and held is not None and not held[1]:
            self._desk.reshape_way(without(way, held[0]), N_("Remove a point"))
        return way is not None and held is not None

    def choose_ground(self, at: QPointF) -> bool:
        """Choose the aisle whose ground was clicked; return whether there is one."""
        floor = Eye(self._view).floor(at)
        found = [way for way in self._desk.ways if floor is not None and way.holds(floor)]
        if found:
            self._desk.choose_way(found[-1].key)
        return bool(found)

    # -- where things are ---------------------------------------------------------------------------------------

    def _reshaped(self, held: _Held, at: QPointF, how: Qt.KeyboardModifier) -> tuple[Points, int | None]:
        """Return the points as they would be if the hand let go, and the one that moves."""
        way, floor = held.way, Eye(self._view).floor(at)
        if floor is None:
            return way.points, None
        if held.number < 0:
            grid = 0.0 if how & _FREE else GRID_M
            dx, dy = (snapped(floor[i] - held.floor[i], grid) for i in (0, 1))
            return tuple((round(x + dx, 3), round(y + dy, 3)) for x, y in way.points), 0
        point = self._point(at, how, way.points[held.number - 1] if held.number else None) or way.points[held.number]
        if held.between:
            return split(way, held.number, point), held.number + 1
        return moved(way, held.number, point), held.number

    def _point(self, at: QPointF, how: Qt.KeyboardModifier, before: Point | None) -> Point | None:
        """Return the place on the floor under a pixel, on the grid unless it is left, and straight from the one before where that is wanted."""
        floor = Eye(self._view).floor(at)
        if floor is None:
            return None
        grid = 0.0 if how & _FREE else GRID_M
        x, y = snapped(floor[0], grid), snapped(floor[1], grid)
        if how & _STRAIGHT and before is not None:
            return (x, before[1]) if abs(x - before[0]) >= abs(y - before[1]) else (before[0], y)
        return x, y

    def _grip(self, at: QPointF) -> tuple[int, bool] | None:
        """Return which point of the chosen way lies under a pixel, or between which ones (True) it does; None for neither."""
        way = self._desk.way
        if way is None:
            return None
        for points, between in ((way.points, False), (middles(way.points, closed=way.closed) if way.form != CORNERS else (), True)):
            for number, point in enumerate(points):
                seen = Eye(self._view).pixels([(*point, 0.0)])
                if seen and math.hypot(seen[0].x() - at.x(), seen[0].y() - at.y()) <= REACH_PX:
                    return number, between
        return None

    def _under(self, at: QPointF) -> Way | None:
        """Return the aisle or fence whose line is nearest to a pixel, within reach."""
        eye, nearest, best = Eye(self._view), REACH_PX, None
        for way in self._desk.ways:
            for one, other in pairwise(way.outline):
                seen = eye.pixels([(*one, 0.0), (*other, 0.0)])
                if seen and (far := apart(_xy(at), _xy(seen[0]), _xy(seen[1]))) < nearest:
                    nearest, best = far, way
        return best


def _xy(at: QPointF) -> Point:
    """Return a pixel as a pair."""
    return at.x(), at.y()
