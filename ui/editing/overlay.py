"""What is painted over the hall in edit mode: frames round what is chosen, handles, the ghost of what moves with its numbers. Not for the mouse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from twin_app.editing.units import GRID_M, Place
from twin_app.text import number, tr
from ui.editing.handles import Eye, Grip, corners_of, spot_of
from ui.editing.way_marks import WayMarks, paint_way

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QPaintEvent

    from twin_app.editing import OutlineUnit
    from ui.context import Theme
    from ui.scene3d.view import SceneView

_KNOB_PX = 9.0
_SIDES = ((0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (4, 5, 6, 7))
_GRID_REACH_M = 4
_FLOOR_REACH_M = 10


@dataclass(frozen=True, slots=True)
class Ghost:
    """A unit that is on its way: where it would stand if it were let go now."""

    unit: OutlineUnit
    place: Place


@dataclass(frozen=True, slots=True)
class Band:
    """A flow that is being drawn: from a point of the hall to the pointer, and whether it may end there."""

    start: tuple[float, float, float]
    end: QPointF
    good: bool


class Overlay(QWidget):
    """Lies over the view and lets the mouse through."""

    def __init__(self, view: SceneView, theme: Theme) -> None:
        """Cover a view."""
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view, self._theme = view, theme
        self.chosen: tuple[tuple[OutlineUnit, Place], ...] = ()
        self.ghosts: tuple[Ghost, ...] = ()
        self.band: Band | None = None
        self.way: WayMarks | None = None
        self.box: QRectF | None = None
        self.empty = False
        """Whether nothing stands in the hall: then a floor is painted to begin on, for the view draws none."""
        self.snaps = True
        """Whether what moves keeps to the grid, which is then seen around it."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        eye, accent = Eye(self._view), QColor(self._theme.palette.selection)
        if self.empty:
            self._paint_floor(painter, eye)
        if self.ghosts:
            self._paint_ghosts(painter, eye, accent)
        else:
            self._paint_chosen(painter, eye, accent)
        if self.way is not None:
            paint_way(painter, eye, self.way, self._theme.palette)
        if self.band is not None:
            self._paint_band(painter, eye, self.band, accent)
        if self.box is not None:
            self._paint_box(painter, self.box, accent)

    def _paint_floor(self, painter: QPainter, eye: Eye) -> None:
        """Paint metres around the hall's origin, and how to begin."""
        palette, reach = self._theme.palette, _FLOOR_REACH_M
        for step in range(-reach, reach + 1):
            painter.setPen(QPen(QColor(palette.dim if step == 0 else palette.line), 1.6 if step == 0 else 1.0))
            for line in ([(step, -reach, 0.0), (step, reach, 0.0)], [(-reach, step, 0.0), (reach, step, 0.0)]):
                if seen := eye.pixels([(float(x), float(y), z) for x, y, z in line]):
                    painter.drawLine(*seen)
        painter.setPen(QColor(palette.text))
        words = tr("An empty hall. Drag the first machine in from the library below.")
        painter.drawText(self.rect().adjusted(0, 24, 0, 0), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)

    def _paint_chosen(self, painter: QPainter, eye: Eye, accent: QColor) -> None:
        """Paint frames round what is chosen, and the handles of the one whose fields are shown."""
        for unit, place in self.chosen:
            self._paint_frame(painter, eye, corners_of(unit, place), accent)
        if self.chosen and self.band is None:
            self._paint_handles(painter, eye, *self.chosen[-1], accent)

    def _paint_ghosts(self, painter: QPainter, eye: Eye, accent: QColor) -> None:
        """Paint what is on its way, with the numbers of the last one."""
        if self.snaps:
            self._paint_grid(painter, eye, self.ghosts[-1], accent)
        for ghost in self.ghosts:
            self._paint_ghost(painter, eye, ghost, accent)
        self._paint_numbers(painter, eye, self.ghosts[-1], accent)

    def _paint_frame(self, painter: QPainter, eye: Eye, corners: Sequence[tuple[float, float, float]], accent: QColor) -> None:
        """Paint the outline of a unit's place on the floor."""
        if seen := eye.pixels(corners[:4]):
            painter.setPen(QPen(accent, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolygon(QPolygonF(seen))

    def _paint_handles(self, painter: QPainter, eye: Eye, unit: OutlineUnit, place: Place, accent: QColor) -> None:
        """Paint the handle that turns a unit, and the one from which its flow is drawn."""
        middle = (place.x_m, place.y_m, unit.z_m)
        for grip in (Grip.TURN, Grip.FLOW):
            seen = eye.pixels([middle, spot_of(eye, grip, unit, place)])
            if not seen:
                continue
            painter.setPen(QPen(accent, 1.6, Qt.PenStyle.DotLine))
            painter.drawLine(seen[0], seen[1])
            painter.setPen(QPen(accent, 2.0))
            painter.setBrush(QColor(self._theme.palette.raised))
            painter.drawEllipse(seen[1], _KNOB_PX, _KNOB_PX)
            if grip is Grip.FLOW:
                _paint_out(painter, seen[0], seen[1], accent)
            else:
                _paint_turn(painter, seen[1], accent)

    def _paint_ghost(self, painter: QPainter, eye: Eye, ghost: Ghost, accent: QColor) -> None:
        """Paint the space that a unit would take, and which way it would face."""
        seen = eye.pixels([*corners_of(ghost.unit, ghost.place), spot_of(eye, Grip.TURN, ghost.unit, ghost.place)])
        if not seen:
            return
        fill = QColor(accent)
        fill.setAlpha(38)
        painter.setPen(QPen(accent, 1.2))
        painter.setBrush(fill)
        for side in _SIDES:
            painter.drawPolygon(QPolygonF([seen[i] for i in side]))
        painter.setPen(QPen(accent, 2.2))
        painter.drawPolygon(QPolygonF(seen[:4]))
        middle = eye.pixels([(ghost.place.x_m, ghost.place.y_m, ghost.unit.z_m)])
        if middle:
            painter.drawLine(middle[0], seen[8])
            painter.setBrush(accent)
            _paint_arrow(painter, middle[0], seen[8], accent)

    def _paint_grid(self, painter: QPainter, eye: Eye, ghost: Ghost, accent: QColor) -> None:
        """Paint the lines that places snap to, around the unit that moves."""
        faint = QColor(accent)
        faint.setAlpha(70)
        painter.setPen(QPen(faint, 1.0))
        x, y, z = round(ghost.place.x_m), round(ghost.place.y_m), ghost.unit.z_m
        for step in range(round(-_GRID_REACH_M / GRID_M), round(_GRID_REACH_M / GRID_M) + 1):
            off = step * GRID_M
            for line in (
                [(x + off, y - _GRID_REACH_M, z), (x + off, y + _GRID_REACH_M, z)],
                [(x - _GRID_REACH_M, y + off, z), (x + _GRID_REACH_M, y + off, z)],
            ):
                if seen := eye.pixels(line):
                    painter.drawLine(*seen)

    def _paint_numbers(self, painter: QPainter, eye: Eye, ghost: Ghost, accent: QColor) -> None:
        """Write where the unit would stand."""
        seen = eye.pixels(corners_of(ghost.unit, ghost.place))
        if not seen:
            return
        text = place_words(ghost.place)
        measured = QFontMetricsF(painter.font())
        width, height = measured.horizontalAdvance(text) + 16, measured.height() + 8
        left = sum(point.x() for point in seen) / len(seen) - width / 2
        top = min(point.y() for point in seen) - height - 8
        chip = QRectF(min(max(left, 4), self.width() - width - 4), min(max(top, 4), self.height() - height - 4), width, height)
        painter.setPen(QPen(accent, 1.4))
        painter.setBrush(QColor(self._theme.palette.raised))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setPen(QColor(self._theme.palette.text))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_band(self, painter: QPainter, eye: Eye, band: Band, accent: QColor) -> None:
        """Paint a flow on its way."""
        seen = eye.pixels([band.start])
        if not seen:
            return
        painter.setPen(QPen(accent, 2.4, Qt.PenStyle.SolidLine if band.good else Qt.PenStyle.DashLine))
        painter.drawLine(seen[0], band.end)
        painter.setBrush(accent if band.good else Qt.BrushStyle.NoBrush)
        _paint_arrow(painter, seen[0], band.end, accent)

    def _paint_box(self, painter: QPainter, box: QRectF, accent: QColor) -> None:
        """Paint the rectangle that chooses."""
        fill = QColor(accent)
        fill.setAlpha(30)
        painter.setPen(QPen(accent, 1.0, Qt.PenStyle.DashLine))
        painter.setBrush(fill)
        painter.drawRect(box)


def place_words(place: Place) -> str:
    """Return a place in words: `x 12.50 m   y −3.00 m   15°`."""
    degrees = number(place.heading_deg, 0 if place.heading_deg == round(place.heading_deg) else 1)
    return f"x {number(place.x_m, 2)} m   y {number(place.y_m, 2)} m   {degrees}°"


def places_of(units: Sequence[OutlineUnit]) -> Mapping[str, Place]:
    """Return where units stand by the draft."""
    return {unit.key: Place(unit.x_m, unit.y_m, unit.heading_deg) for unit in units}


def _paint_arrow(painter: QPainter, start: QPointF, end: QPointF, colour: QColor) -> None:
    """Paint a head of an arrow at the end of a line."""
    angle = math.atan2(end.y() - start.y(), end.x() - start.x())
    head = [end] + [
        QPointF(end.x() - 10 * math.cos(angle + turn), end.y() - 10 * math.sin(angle + turn)) for turn in (0.45, -0.45)
    ]  # fmt: skip
    painter.save()
    painter.setPen(QPen(colour, 1.2))
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF(head))
    painter.restore()


def _paint_turn(painter: QPainter, at: QPointF, colour: QColor) -> None:
    """Paint the sign of turning into a handle."""
    painter.save()
    painter.setPen(QPen(colour, 1.6))
    painter.drawArc(QRectF(at.x() - 4.0, at.y() - 4.0, 8.0, 8.0), 20 * 16, 270 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(
        QPolygonF([QPointF(at.x() + 1.4, at.y() - 1.0), QPointF(at.x() + 6.4, at.y() - 1.0), QPointF(at.x() + 3.9, at.y() + 3.0)])
    )
    painter.restore()


def _paint_out(painter: QPainter, start: QPointF, at: QPointF, colour: QColor) -> None:
    """Paint the sign of flow that leaves into a handle: a head of an arrow that points away."""
    angle = math.atan2(at.y() - start.y(), at.x() - start.x())
    points = [
        QPointF(at.x() + r * math.cos(angle + turn), at.y() + r * math.sin(angle + turn))
        for r, turn in ((5.0, 0.0), (4.4, 2.3), (4.4, -2.3))
    ]
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF(points))
    painter.restore()
