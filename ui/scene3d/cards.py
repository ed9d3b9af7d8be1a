"""The label cards over the picture: which units carry one, how large it is and how it is painted. Qt painting, no VTK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ui.scene3d.labels import Rect, Wanted, placed
from ui.scene3d.marks import colour_of
from ui.scene3d.scene import ABNORMAL, Look, UnitLook, corners

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ui.scene3d.camera import Camera
    from ui.scene3d.request import Picture
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]

_PAD, _GAP, _RADIUS = 9.0, 7.0, 6.0
FOOT_PX = 44.0
"""What lies at the foot of the hall, such as the choice of overlays, is not covered by labels."""
_FILLED = frozenset({Look.ABORTED, Look.HELD})
_URGENCY = (Look.ABORTED, Look.HELD, Look.UNKNOWN, Look.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Card:
    """One label: its unit's row, where it, the machine and the beacon lie in the picture, and what it says."""

    row: int
    rect: Rect
    machine: Rect
    beacon: tuple[float, float]
    title: str
    lines: tuple[str, ...]
    """What stands under the title: the state, and what else is said of a unit that somebody points at."""
    unit: UnitLook


def machine_rects(bases: Floats, boxes: Floats, camera: Camera, size: tuple[float, float]) -> list[Rect | None]:
    """Return where each machine lies in the picture, None for those behind the eye; arrays of shape (n, 4, 4) and (n, 2, 3)."""
    seen = camera.project(corners(boxes, bases).reshape(-1, 3), size).reshape(-1, 8, 3)
    low, high = seen.min(axis=1), seen.max(axis=1)
    return [
        Rect(float(a[0]), float(a[1]), float(b[0] - a[0]), float(b[1] - a[1])) if a[2] > 0 else None for a, b in zip(low, high, strict=True)
    ]


def cards(
    picture: Picture, looks: Sequence[UnitLook], notes: Mapping[int, tuple[str, ...]], font: QFont, size: tuple[float, float],
    *, every: bool = False,
) -> list[Card]:  # fmt: skip
    """Return the cards of abnormal and chosen (hovered, selected) units where they find room in a picture shown at `size`.

    `notes` has what else is written on the chosen ones, by row; `every` labels all units.
    """
    rows = [row for row, unit in enumerate(looks) if every or unit.look in ABNORMAL or row in notes]
    if not rows:
        return []
    scene, camera = picture.request.scene, picture.request.camera
    rects = machine_rects(picture.request.bases(), picture.boxes, camera, size)
    beacons = camera.project(picture.beacons, size)
    rows.sort(key=lambda row: (row not in notes, _URGENCY.index(looks[row].look) if looks[row].look in ABNORMAL else len(_URGENCY)))
    texts = {row: (scene.units[row].title, _lines(looks[row], notes.get(row))) for row in rows}
    wanted = []
    for row in rows:
        rect = rects[row]
        if rect is not None and rect.overlap(Rect(0, 0, *size)) > 0:
            wanted.append(Wanted(row, rect, *_extent(*texts[row], font)))
    abnormal = {row: rect for row, rect in enumerate(rects) if rect is not None and looks[row].look in ABNORMAL}
    places = placed(wanted, abnormal, (size[0], size[1] - FOOT_PX))
    return [
        Card(
            label.row,
            places[label.row],
            label.machine,
            (float(beacons[label.row, 0]), float(beacons[label.row, 1])),
            *texts[label.row],
            looks[label.row],
        )
        for label in wanted
        if label.row in places
    ]


def _lines(unit: UnitLook, notes: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the lines under the title; a starved or blocked neighbour of the trouble has only its name, unless it is asked."""
    if unit.look is Look.SUSPENDED and notes is None:
        return ()
    state = " · ".join(part for part in (unit.word, unit.detail) if part)
    return tuple(line for line in (state, *(notes or ())) if line)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold


def _extent(title: str, lines: tuple[str, ...], font: QFont) -> tuple[float, float]:
    """Return width and height of a card with a title and lines below it."""
    plain, bold = QFontMetricsF(font), QFontMetricsF(_bold(font))
    glyph = bold.height()
    width = max(glyph + _GAP + bold.horizontalAdvance(title), *(plain.horizontalAdvance(line) for line in lines), 0.0)
    return width + 2 * _PAD, _PAD * 1.4 + bold.height() + len(lines) * (plain.height() + 1)


def paint_card(painter: QPainter, card: Card, theme: SceneTheme, font: QFont, *, selected: bool) -> None:
    """Paint a card and the line that ties it to its machine."""
    colour = QColor(colour_of(card.unit.look, theme))
    abnormal = card.unit.look in ABNORMAL
    border = colour if abnormal else QColor(theme.selection if selected else theme.line)
    rect = QRectF(card.rect.x, card.rect.y, card.rect.width, card.rect.height)
    _paint_leader(painter, card, border)
    painter.setPen(QPen(border, 1.6 if abnormal or selected else 1.0))
    ground = QColor(theme.card)
    ground.setAlpha(244)
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    bold, plain = _bold(font), QFontMetricsF(font)
    height = QFontMetricsF(bold).height()
    glyph = QRectF(rect.x() + _PAD, rect.y() + _PAD * 0.7, height, height)
    _paint_glyph(painter, glyph, card.unit, colour, theme, bold)
    painter.setFont(bold)
    painter.setPen(QColor(theme.text))
    title = QRectF(glyph.right() + _GAP, glyph.y(), rect.width(), height)
    painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, card.title)
    painter.setFont(font)
    painter.setPen(QColor(theme.dim))
    for number, line in enumerate(card.lines):
        place = QRectF(rect.x() + _PAD, glyph.bottom() + 1 + number * (plain.height() + 1), rect.width(), plain.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)


def _paint_leader(painter: QPainter, card: Card, colour: QColor) -> None:
    """Paint the line from the card's nearest edge to its machine: to the beacon, or to the foot when it lies below."""
    rect, machine = card.rect, card.machine
    below = rect.y > machine.y + machine.height
    target = QPointF(machine.x + machine.width / 2, machine.y + machine.height * 0.88) if below else QPointF(*card.beacon)
    x = min(max(target.x(), rect.x + _RADIUS), rect.x + rect.width - _RADIUS)
    y = min(max(target.y(), rect.y), rect.y + rect.height)
    painter.setPen(QPen(colour, 1.2))
    painter.drawLine(QPointF(x, y), target)
    painter.setBrush(colour)
    painter.drawEllipse(target, 2.4, 2.4)


def _paint_glyph(painter: QPainter, rect: QRectF, unit: UnitLook, colour: QColor, theme: SceneTheme, font: QFont) -> None:
    """Paint the state's glyph: on a filled square for what needs a person, in an outlined one for its consequences."""
    filled = unit.look in _FILLED
    painter.setPen(QPen(colour, 1.4))
    painter.setBrush(colour if filled else QColor(0, 0, 0, 0))
    painter.drawRoundedRect(rect.adjusted(0.7, 0.7, -0.7, -0.7), 3, 3)
    painter.setFont(font)
    painter.setPen(QColor(theme.card) if filled else QColor(theme.text))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, unit.glyph)
