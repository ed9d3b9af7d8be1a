"""The mouse on the hall in edit mode: choose, drag, turn, draw flow, place from the library. What it does not take turns the eye as ever."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from typing_extensions import override

from twin_app.editing import OutlineUnit
from twin_app.editing.units import GRID_M, TURN_DEG, Place, snapped, turned
from twin_app.machines import machine_type
from twin_app.text import N_, tr
from ui.editing.handles import Eye, Grip, Hit, hit, spot_of, within
from ui.editing.overlay import Band, Ghost, Overlay, places_of
from ui.editing.ways import WayTool

if TYPE_CHECKING:
    from ui.context import Theme
    from ui.editing.desk import EditDesk
    from ui.scene3d.view import SceneView

_CLICK_PX = 4.0
_FREE = Qt.KeyboardModifier.AltModifier
_MORE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_CURSORS = {Grip.UNIT: Qt.CursorShape.SizeAllCursor, Grip.TURN: Qt.CursorShape.CrossCursor, Grip.FLOW: Qt.CursorShape.PointingHandCursor}


@dataclass(slots=True)
class _Drag:
    """What the hand holds since it was pressed."""

    hit: Hit
    pressed: QPointF
    floor: tuple[float, float] | None
    boxes: bool = False
    """Whether a rectangle is drawn, which chooses."""
    moved: bool = False


class FloorTool(QObject):
    """The hand on one view. `placing` is the machine type that waits to be put down, empty for none.

    Signals:
        placing_changed(): another type waits, or none.
    """

    placing_changed = Signal()

    def __init__(self, view: SceneView, desk: EditDesk, theme: Theme) -> None:
        """Watch a view; nothing happens while nothing is being edited."""
        super().__init__(view)
        self._view, self._desk = view, desk
        self.overlay = Overlay(view, theme)
        self.overlay.hide()
        self.ways = WayTool(view, desk, self.overlay, self._on_unit)
        desk.drawing_wanted.connect(self._on_drawing_wanted)
        self.placing = ""
        self._heading = 0.0
        self._drag: _Drag | None = None
        self._pointer = QPointF(-1, -1)
        view.installEventFilter(self)
        desk.begun.connect(self._on_begun)
        desk.ended.connect(self._on_ended)
        desk.changed.connect(self.refresh)
        desk.chosen_changed.connect(self.refresh)

    # -- what others ask for ------------------------------------------------------------------------------------

    def begin_placing(self, kind: str) -> None:
        """Let a machine of a type hang at the pointer until it is put down; empty: none any more."""
        if kind:
            self.ways.cancel()
        self.placing, self._heading = kind, 0.0
        self.overlay.ghosts = ()
        self.overlay.update()
        self.placing_changed.emit()

    def show_placing(self, at: QPointF, *, free: bool = False) -> None:
        """Show where the machine that hangs at the pointer would stand."""
        self._pointer = at
        place = self._place_at(at, free=free)
        self.overlay.snaps = not free
        self.overlay.ghosts = (Ghost(self._waiting(), place),) if place and self._view.rect().contains(at.toPoint()) else ()
        self.overlay.update()

    def put_down(self, at: QPointF, *, free: bool = False, more: bool = False) -> bool:
        """Put the machine that hangs at the pointer down; return whether it stands. `more`: another one hangs there then."""
        place = self._place_at(at, free=free)
        if not self.placing or place is None or not self._view.rect().contains(at.toPoint()):
            return False
        kind = self.placing
        if not more:
            self.begin_placing("")
        self._desk.add(kind, place)
        return True

    def cancel(self) -> bool:
        """Let go of whatever the hand holds, as if it had never been taken; return whether it held something."""
        held = self.ways.cancel() or self._drag is not None or bool(self.placing)
        self._drag = None
        if self.placing:
            self.begin_placing("")
        self._clear()
        return held

    def turn(self, by_deg: float) -> None:
        """Turn what hangs at the pointer, else what is chosen."""
        if self.placing:
            self._heading = turned(self._heading, by_deg)
            self.show_placing(self._pointer)
        else:
            self._desk.turn(by_deg)

    def refresh(self) -> None:
        """Show what is chosen where it stands now."""
        chosen = self._desk.chosen_units()
        places = places_of(chosen)
        self.overlay.chosen = tuple((unit, places[unit.key]) for unit in chosen)
        self.overlay.empty = self._desk.outline is not None and not self._desk.outline.units
        first = self._desk.first
        self._view.set_selected(first.key if first else None)
        self.ways.refresh()
        self.overlay.update()

    # -- events -------------------------------------------------------------------------------------------------

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.Resize:
            self.overlay.resize(self._view.size())
        if self._desk.draft is None or self._view.guide.tool.active:
            return False
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if kind is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        if kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event.key())
        if kind is QEvent.Type.Leave and self.placing:
            self._clear()
        return False

    def _key(self, key: int) -> bool:
        """Act on a key; False leaves it to the eye."""
        if key == Qt.Key.Key_Escape:
            return self.escape()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.ways.drawing:
            self.ways.finish()
            return True
        return key == Qt.Key.Key_Backspace and self.ways.take_back()

    def _on_drawing_wanted(self, kind: str) -> None:
        """Let an aisle or a fence be drawn."""
        self.begin_placing("")
        self._view.setFocus()
        self.ways.begin(kind)

    def _on_unit(self, at: QPointF) -> bool:
        """Tell whether a machine, or a handle of one, lies under a pixel."""
        return self._hit(at).grip is not Grip.FLOOR

    def escape(self) -> bool:
        """Let go, else choose nothing; return whether there was anything of the two."""
        if self.cancel():
            return True
        if self._desk.chosen or self._desk.way is not None:
            self._desk.choose(())
            return True
        return False

    def _mouse(self, event: QMouseEvent) -> bool:
        """Act on the mouse; False leaves it to the eye."""
        if not self.placing and self._drag is None and self.ways.mouse(event):
            return True
        kind = event.type()
        if kind is QEvent.Type.MouseButtonPress:
            return self._press(event)
        if kind is QEvent.Type.MouseMove:
            return self._move(event)
        if kind is QEvent.Type.MouseButtonRelease:
            return self._release(event)
        return kind is QEvent.Type.MouseButtonDblClick and hit(self._view, event.position(), None, None).grip is Grip.UNIT

    def _press(self, event: QMouseEvent) -> bool:
        self._view.setFocus()
        if event.button() is not Qt.MouseButton.LeftButton:
            return False
        at, free = event.position(), bool(event.modifiers() & _FREE)
        if self.placing:
            self.put_down(at, free=free, more=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return True
        found = self._hit(at)
        boxing = found.grip is Grip.FLOOR and bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        unit = self._unit(found.key)
        floor = Eye(self._view).floor(at, unit.z_m if unit else 0.0)
        self._drag = _Drag(found, at, floor, boxes=boxing)
        if found.grip is Grip.UNIT:
            self._choose(found.key, more=bool(event.modifiers() & _MORE))
        return found.grip is not Grip.FLOOR or boxing

    def _choose(self, key: str, *, more: bool) -> None:
        """Choose what was pressed; of several chosen ones all stay, so that they can be dragged together."""
        if more:
            self._desk.toggle(key)
        elif key not in self._desk.chosen:
            self._desk.choose([key])

    def _move(self, event: QMouseEvent) -> bool:
        at, free = event.position(), bool(event.modifiers() & _FREE)
        self._pointer = at
        if self.placing:
            self.show_placing(at, free=free)
            return True
        drag = self._drag
        if drag is None:
            return self._hover(at)
        drag.moved = drag.moved or (at - drag.pressed).manhattanLength() > _CLICK_PX
        boxing = drag.hit.grip is Grip.FLOOR and drag.boxes
        if drag.hit.grip is Grip.FLOOR and not boxing:
            return False
        if drag.moved:
            self.overlay.snaps = not free and drag.hit.grip is Grip.UNIT
            self._show_drag(drag, at, free=free)
        return True

    def _hover(self, at: QPointF) -> bool:
        """Show by the pointer what could be taken hold of."""
        first = self._desk.first
        found = hit(self._view, at, first, self._place(first)) if first else Hit(Grip.FLOOR)
        if found.grip in {Grip.TURN, Grip.FLOW}:
            self._view.setCursor(_CURSORS[found.grip])
            return True
        return False

    def _show_drag(self, drag: _Drag, at: QPointF, *, free: bool) -> None:
        """Show what would be if the hand let go now."""
        if drag.hit.grip is Grip.FLOOR:
            self.overlay.box = QRectF(drag.pressed, at).normalized()
        elif drag.hit.grip is Grip.FLOW:
            self._show_flow(drag, at)
        else:
            self.overlay.ghosts = tuple(
                Ghost(unit, place) for key, place in self._dragged(drag, at, free=free).items() if (unit := self._unit(key)) is not None
            )
        self.overlay.update()

    def _show_flow(self, drag: _Drag, at: QPointF) -> None:
        """Show the flow that is being drawn."""
        unit = self._unit(drag.hit.key)
        if unit is not None and (place := self._place(unit)) is not None:
            target = self._hit(at, handles=False)
            self.overlay.band = Band(
                spot_of(Eye(self._view), Grip.FLOW, unit, place), at, good=target.grip is Grip.UNIT and target.key != unit.key
            )

    def _release(self, event: QMouseEvent) -> bool:
        drag, self._drag = self._drag, None
        if drag is None or event.button() is not Qt.MouseButton.LeftButton:
            return False
        at, free = event.position(), bool(event.modifiers() & _FREE)
        boxed = self.overlay.box
        self._clear()
        if drag.hit.grip is Grip.FLOOR:
            return self._release_on_floor(drag, at, boxed)
        if not drag.moved:
            if drag.hit.grip is Grip.UNIT and not event.modifiers() & _MORE:
                self._desk.choose([drag.hit.key])
            return True
        if drag.hit.grip is Grip.FLOW:
            target = self._hit(at, handles=False)
            if target.grip is Grip.UNIT:
                self._desk.connect_flow(drag.hit.key, target.key)
            return True
        self._desk.place(self._dragged(drag, at, free=free), N_("Rotate") if drag.hit.grip is Grip.TURN else N_("Move"))
        return True

    def _release_on_floor(self, drag: _Drag, at: QPointF, boxed: QRectF | None) -> bool:
        """Choose what a rectangle holds, or nothing where the floor was clicked; a drag of the eye is not ours."""
        if boxed is not None:
            units = self._desk.outline.units if self._desk.outline else ()
            places = places_of(units)
            self._desk.choose(within(self._view, boxed, {unit.key: (unit, places[unit.key]) for unit in units}))
            return True
        if not drag.moved and (at - drag.pressed).manhattanLength() <= _CLICK_PX and not self.ways.choose_ground(at):
            self._desk.choose(())
        return False

    # -- where things are ---------------------------------------------------------------------------------------

    def _dragged(self, drag: _Drag, at: QPointF, *, free: bool) -> dict[str, Place]:
        """Return where what is dragged would stand."""
        unit = self._unit(drag.hit.key)
        place = self._place(unit)
        floor = Eye(self._view).floor(at, unit.z_m if unit else 0.0)
        if unit is None or place is None or floor is None or drag.floor is None:
            return {}
        if drag.hit.grip is Grip.TURN:
            angle = math.degrees(math.atan2(floor[1] - place.y_m, floor[0] - place.x_m))
            angle = round(angle, 1) if free else round(angle / TURN_DEG) * TURN_DEG
            return {unit.key: Place(place.x_m, place.y_m, turned(angle, 0.0))}
        grid = 0.0 if free else GRID_M
        dx = snapped(place.x_m + floor[0] - drag.floor[0], grid) - place.x_m
        dy = snapped(place.y_m + floor[1] - drag.floor[1], grid) - place.y_m
        chosen = self._desk.chosen_units()
        moved = {one.key: Place(round(one.x_m + dx, 3), round(one.y_m + dy, 3), one.heading_deg) for one in chosen}
        return moved if unit.key in moved else {unit.key: Place(round(place.x_m + dx, 3), round(place.y_m + dy, 3), place.heading_deg)}

    def _place_at(self, at: QPointF, *, free: bool) -> Place | None:
        """Return the place on the floor under a pixel."""
        floor, grid = Eye(self._view).floor(at), 0.0 if free else GRID_M
        return Place(snapped(floor[0], grid), snapped(floor[1], grid), self._heading) if floor else None

    def _waiting(self) -> OutlineUnit:
        """Return what hangs at the pointer, as a unit."""
        return OutlineUnit(index=-1, key="", id="", title="", type=self.placing)

    def _hit(self, at: QPointF, *, handles: bool = True) -> Hit:
        """Return what lies under a pixel."""
        first = self._desk.first if handles else None
        return hit(self._view, at, first, self._place(first))

    def _unit(self, key: str) -> OutlineUnit | None:
        """Return a unit of the draft."""
        return self._desk.outline.unit(key) if self._desk.outline else None

    @staticmethod
    def _place(unit: OutlineUnit | None) -> Place | None:
        """Return where a unit stands by the draft."""
        return Place(unit.x_m, unit.y_m, unit.heading_deg) if unit else None

    def _clear(self) -> None:
        """Paint nothing any more of what was on its way."""
        self.overlay.ghosts, self.overlay.band, self.overlay.box = (), None, None
        self.overlay.update()

    def _on_begun(self) -> None:
        """Show the overlay, and take keys."""
        self.overlay.resize(self._view.size())
        self.overlay.show()
        self.overlay.raise_()
        self._view.setFocus()
        self.refresh()

    def _on_ended(self) -> None:
        """Leave the hall as it was."""
        self.cancel()
        self.overlay.chosen, self.overlay.way = (), None
        self.overlay.hide()


def kind_words(kind: str) -> str:
    """Return what a machine type is called, with its size."""
    found = machine_type(kind)
    size = tr("{length} x {width} x {height} m", length=found.footprint_m[0], width=found.footprint_m[1], height=found.height_m)
    return f"{tr(found.title)}\n{size}"
