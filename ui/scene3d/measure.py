"""Measuring in the hall: two clicks on the floor or on machines, and how far they are apart. Finding the spots is pure; painting is Qt's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from twin_app.text import number, tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ui.scene3d.camera import Camera
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]

SNAP_PX, _EDGE_PX = 13.0, 8.0
_PAD, _RADIUS, _DOT_PX = 8.0, 6.0, 4.5


class Hold(Enum):
    """What a spot has snapped to."""

    FLOOR = auto()
    MIDDLE = auto()
    CORNER = auto()
    EDGE = auto()


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the hall, metres, and what it holds on to."""

    x_m: float
    y_m: float
    z_m: float
    hold: Hold = Hold.FLOOR
    row: int | None = None

    def place(self) -> Floats:
        """Return it as an array of shape (3,)."""
        return np.array((self.x_m, self.y_m, self.z_m))


def spot_at(x: float, y: float, camera: Camera, size: tuple[float, float], boxes: Floats, bases: Floats) -> Spot | None:
    """Return the spot under a pixel: a machine's middle, corner or edge on the floor where one is near, else the floor; None beside it.

    `boxes` are lower and upper corners in the machines' own frames, shape (n, 2, 3); `bases` where they stand, shape (n, 4, 4).
    """
    floor = float(bases[:, 2, 3].min()) if len(bases) else 0.0
    under = camera.on_floor(x, y, size, floor)
    if len(bases):
        found = _nearest_point(np.array((x, y)), camera, size, boxes, bases) or _nearest_edge(
            np.array((x, y)), under, camera, size, boxes, bases
        )
        if found is not None:
            return found
    return None if under is None else _spot(under)


def _spot(place: Floats, hold: Hold = Hold.FLOOR, row: int | None = None) -> Spot:
    return Spot(float(place[0]), float(place[1]), float(place[2]), hold, row)


def _feet(boxes: Floats, bases: Floats) -> Floats:
    """Return each machine's middle and the four corners of its footprint on its floor, in order round it, shape (n, 5, 3)."""
    low, high = boxes[:, 0, :2], boxes[:, 1, :2]
    local = np.zeros((len(boxes), 5, 3))
    for corner, (right, back) in enumerate(((0, 0), (1, 0), (1, 1), (0, 1)), 1):
        local[:, corner, 0] = (high if right else low)[:, 0]
        local[:, corner, 1] = (high if back else low)[:, 1]
    feet: Floats = np.einsum("nij,nkj->nki", bases[:, :3, :3], local) + bases[:, None, :3, 3]
    return feet


def _nearest_point(at: Floats, camera: Camera, size: tuple[float, float], boxes: Floats, bases: Floats) -> Spot | None:
    feet = _feet(boxes, bases)
    seen = camera.project(feet.reshape(-1, 3), size)
    away = np.where(seen[:, 2] > 0, np.hypot(*(seen[:, :2] - at).T), np.inf)
    nearest = int(away.argmin())
    if away[nearest] > SNAP_PX:
        return None
    row, corner = divmod(nearest, 5)
    return _spot(feet[row, corner], Hold.CORNER if corner else Hold.MIDDLE, row)


def _nearest_edge(
    at: Floats, under: Floats | None, camera: Camera, size: tuple[float, float], boxes: Floats, bases: Floats
) -> Spot | None:  # fmt: skip
    """Return the nearest point of any footprint's edge to a point of the floor, where it is seen near the pixel."""
    if under is None:
        return None
    corners = _feet(boxes, bases)[:, 1:]
    ways = np.roll(corners, -1, axis=1) - corners
    length = np.maximum((ways[..., :2] ** 2).sum(axis=-1), 1e-12)
    share = np.clip(((under - corners)[..., :2] * ways[..., :2]).sum(axis=-1) / length, 0.0, 1.0)
    points = (corners + ways * share[..., None]).reshape(-1, 3)
    nearest = int(np.hypot(*(points - under)[:, :2].T).argmin())
    seen = camera.project(points[nearest][None], size)[0]
    if seen[2] <= 0 or np.hypot(*(seen[:2] - at)) > _EDGE_PX:
        return None
    return _spot(points[nearest], Hold.EDGE, nearest // 4)


class Measure:
    """The tool: `spots` are the ends that were clicked, `pointer` is where the next would be."""

    def __init__(self) -> None:
        """Put away."""
        self.active = False
        self.spots: tuple[Spot, ...] = ()
        self.pointer: Spot | None = None

    def start(self) -> None:
        """Take it in hand; nothing is measured yet."""
        self.active, self.spots, self.pointer = True, (), None

    def stop(self) -> None:
        """Put it away."""
        self.active, self.spots, self.pointer = False, (), None

    def click(self, spot: Spot | None) -> None:
        """Set one end after the other; a third begins anew."""
        if spot is not None:
            self.spots = (*self.spots, spot) if len(self.spots) < 2 else (spot,)  # noqa: PLR2004 - two ends

    def ends(self) -> tuple[Spot, ...]:
        """Return what is measured between, the pointer being the end that is not yet set."""
        if len(self.spots) == 1 and self.pointer is not None:
            return (*self.spots, self.pointer)
        return self.spots


def words(first: Spot, second: Spot) -> tuple[str, str]:
    """Return how far two spots are apart, and how far along and across the hall."""
    way = second.place() - first.place()
    parts = tr("Δx {x} m · Δy {y} m", x=number(way[0], 2), y=number(way[1], 2))
    if abs(way[2]) > 0.005:  # noqa: PLR2004 - half a centimetre
        parts += " · " + tr("Δz {z} m", z=number(way[2], 2))
    return tr("{distance} m", distance=number(float(np.linalg.norm(way)), 2)), parts


def paint_measure(painter: QPainter, tool: Measure, camera: Camera, size: tuple[float, float], theme: SceneTheme) -> None:
    """Paint the ends, the line between them and how long it is; nothing while the tool is put away."""
    if not tool.active:
        return
    pen = QPen(QColor(theme.selection), 2.0)
    painter.setPen(pen)
    ends = tool.ends()
    for spot in (*tool.spots, *((tool.pointer,) if tool.pointer else ())):
        _paint_spot(painter, _pixel(spot, camera, size), spot, theme)
    if len(ends) == 2:  # noqa: PLR2004 - two ends
        first, second = (_pixel(spot, camera, size) for spot in ends)
        if first is not None and second is not None:
            pen.setStyle(Qt.PenStyle.SolidLine if len(tool.spots) == 2 else Qt.PenStyle.DashLine)  # noqa: PLR2004 - two ends
            painter.setPen(pen)
            painter.drawLine(QLineF(first, second))
            _paint_words(painter, (first + second) / 2, words(*ends), size, theme)


def _pixel(spot: Spot, camera: Camera, size: tuple[float, float]) -> QPointF | None:
    x, y, depth = camera.project(spot.place()[None], size)[0].tolist()
    return QPointF(x, y) if depth > 0 else None


def _paint_spot(painter: QPainter, at: QPointF | None, spot: Spot, theme: SceneTheme) -> None:
    """Paint an end: a ring on a middle, a square on a corner or an edge, a dot on the floor."""
    if at is None:
        return
    painter.setPen(QPen(QColor(theme.selection), 2.0))
    painter.setBrush(QColor(theme.card))
    if spot.hold is Hold.MIDDLE:
        painter.drawEllipse(at, _DOT_PX + 3, _DOT_PX + 3)
    elif spot.hold in {Hold.CORNER, Hold.EDGE}:
        painter.drawRect(QRectF(at.x() - _DOT_PX, at.y() - _DOT_PX, 2 * _DOT_PX, 2 * _DOT_PX))
    painter.setBrush(QColor(theme.selection))
    painter.drawEllipse(at, 2.5, 2.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_words(painter: QPainter, at: QPointF, said: tuple[str, str], size: tuple[float, float], theme: SceneTheme) -> None:
    plain = painter.font()
    bold = painter.font()
    bold.setBold(True)
    large, small = QFontMetricsF(bold), QFontMetricsF(plain)
    wide = max(large.horizontalAdvance(said[0]), small.horizontalAdvance(said[1])) + 2 * _PAD
    high = large.height() + small.height() + 1.5 * _PAD
    x = min(max(at.x() - wide / 2, 4.0), max(4.0, size[0] - wide - 4.0))
    y = min(max(at.y() - high - 12.0, 4.0), max(4.0, size[1] - high - 4.0))
    card = QRectF(x, y, wide, high)
    painter.setPen(QPen(QColor(theme.selection), 1.4))
    painter.setBrush(QColor(theme.card))
    painter.drawRoundedRect(card, _RADIUS, _RADIUS)
    painter.setPen(QColor(theme.text))
    painter.setFont(bold)
    centre = Qt.AlignmentFlag.AlignHCenter
    painter.drawText(card.adjusted(0, _PAD * 0.7, 0, 0), centre | Qt.AlignmentFlag.AlignTop, said[0])
    painter.setFont(plain)
    painter.setPen(QColor(theme.dim))
    painter.drawText(card.adjusted(0, 0, 0, -_PAD * 0.7), centre | Qt.AlignmentFlag.AlignBottom, said[1])
