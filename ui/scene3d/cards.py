"""The label cards over the picture: which units carry one, how large it is and how it is painted. Qt painting, no VTK."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

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

_PAD, _GAP, _RADIUS, _EDGE = 9.0, 7.0, 6.0, 2.0
FOOT_PX = 44.0
"""What lies at the foot of the hall, such as the choice of overlays, is not covered by labels."""
_FILLED = frozenset({Look.ABORTED, Look.HELD})
_TRIES = 6
"""A label that nobody needs takes one of the places beside its machine, or none."""
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
    sides = np.column_stack([low[:, :2], high[:, :2] - low[:, :2]]).tolist()
    return [Rect(*each) if front else None for each, front in zip(sides, (low[:, 2] > 0).tolist(), strict=True)]


def cards(
    picture: Picture, looks: Sequence[UnitLook], notes: Mapping[int, tuple[str, ...]], font: QFont, size: tuple[float, float],
    *, every: bool = False, marks: Mapping[int, Rect] = MappingProxyType({}),
) -> list[Card]:  # fmt: skip
    """Return the cards of abnormal and chosen (hovered, selected) units where they find room in a picture shown at `size`.

    `notes` has what else is written on the chosen ones, by row; `every` labels all units; `marks` are where alarms are marked, by row:
    no card covers one.
    """
    abnormal = [row for row, unit in enumerate(looks) if unit.look in ABNORMAL]
    rows = sorted(range(len(looks)) if every else {*abnormal, *notes})
    if not rows:
        return []
    scene, camera = picture.request.scene, picture.request.camera
    rects = machine_rects(picture.request.bases()[rows], picture.boxes[rows], camera, size)
    seen = {row: rect for row, rect in zip(rows, rects, strict=True) if rect is not None and rect.overlap(Rect(0, 0, *size)) > 0}
    order = sorted(
        seen, key=lambda row: (row not in notes, _URGENCY.index(looks[row].look) if looks[row].look in ABNORMAL else len(_URGENCY))
    )
    texts = {row: (scene.units[row].title, _lines(looks[row], notes.get(row))) for row in order}
    ruler = _Ruler(font)
    asked = {*abnormal, *notes}
    around = {row: rect.around(marks[row]) if row in marks else rect for row, rect in seen.items()}
    wanted = [Wanted(row, around[row], *ruler.extent(*texts[row]), *(() if row in asked else (_TRIES,))) for row in order]
    kept_clear = {**marks, **{row: around[row] for row in asked if row in around}}
    places = placed(wanted, kept_clear, (area := (size[0], size[1] - FOOT_PX)))
    if lost := [each for each in wanted if each.row in notes and each.row not in places]:  # what is asked may hide those that only wait
        loud = {row: rect for row, rect in kept_clear.items() if row in notes or looks[row].look is not Look.SUSPENDED}
        over = placed(lost, {**marks, **loud}, area)
        places = over | placed(
            [each for each in wanted if each.row not in over], {**kept_clear, **{~row: at for row, at in over.items()}}, area
        )
    shown = list(places)
    beacons = dict(zip(shown, camera.project(picture.beacons[shown], size)[:, :2].tolist(), strict=True))
    return [Card(row, places[row], seen[row], (beacons[row][0], beacons[row][1]), *texts[row], looks[row]) for row in shown]


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


class _Ruler:
    """Measures cards in one font."""

    def __init__(self, font: QFont) -> None:
        self._plain, self._bold = QFontMetricsF(font), QFontMetricsF(_bold(font))
        self._lines: dict[str, float] = {}

    def extent(self, title: str, lines: tuple[str, ...]) -> tuple[float, float]:
        """Return width and height of a card with a title and lines below it."""
        for line in lines:
            if line not in self._lines:
                self._lines[line] = self._plain.horizontalAdvance(line)
        glyph = self._bold.height()
        width = max(glyph + _GAP + self._bold.horizontalAdvance(title), *(self._lines[line] for line in lines), 0.0)
        return width + 2 * _PAD, _PAD * 1.4 + glyph + len(lines) * (self._plain.height() + 1)


def moved(cards: Sequence[Card], picture: Picture, size: tuple[float, float]) -> list[Card]:
    """Return the cards taken along with their machines into another picture; those of machines that left it are left out."""
    rows = [card.row for card in cards]
    camera = picture.request.camera
    rects = machine_rects(picture.request.bases()[rows], picture.boxes[rows], camera, size)
    beacons = camera.project(picture.beacons[rows], size)[:, :2].tolist()
    found = []
    for card, rect, (x, y) in zip(cards, rects, beacons, strict=True):
        if rect is not None and rect.overlap(Rect(0, 0, *size)) > 0:
            place = Rect(card.rect.x + x - card.beacon[0], card.rect.y + y - card.beacon[1], card.rect.width, card.rect.height)
            found.append(replace(card, rect=place, machine=rect, beacon=(x, y)))
    return found


def paint_card(painter: QPainter, card: Card, body: QPixmap, border: QColor) -> None:
    """Paint a card's body and the line that ties it to its machine."""
    _paint_leader(painter, card, border)
    ratio = body.devicePixelRatio()
    # On whole pixels, where letters stay sharp.
    painter.drawPixmap(QPointF(round((card.rect.x - _EDGE) * ratio) / ratio, round((card.rect.y - _EDGE) * ratio) / ratio), body)


def border_of(card: Card, theme: SceneTheme, *, selected: bool) -> QColor:
    """Return the colour of a card's border and of its line."""
    if card.unit.look in ABNORMAL:
        return QColor(colour_of(card.unit.look, theme))
    return QColor(theme.selection if selected else theme.line)


def body_of(card: Card, theme: SceneTheme, font: QFont, ratio: float, *, selected: bool) -> QPixmap:
    """Return the picture of a card without its line, with a clear edge around it, for a screen of so many pixels a point."""
    picture = QPixmap(ceil((card.rect.width + 2 * _EDGE) * ratio), ceil((card.rect.height + 2 * _EDGE) * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    rect = QRectF(_EDGE, _EDGE, card.rect.width, card.rect.height)
    painter.setPen(QPen(border_of(card, theme, selected=selected), 1.6 if card.unit.look in ABNORMAL or selected else 1.0))
    ground = QColor(theme.card)
    ground.setAlpha(244)
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    _write(painter, rect, card, theme, font)
    painter.end()
    return picture


def _write(painter: QPainter, rect: QRectF, card: Card, theme: SceneTheme, font: QFont) -> None:
    """Write a card's glyph, title and lines."""
    bold, plain = _bold(font), QFontMetricsF(font)
    height = QFontMetricsF(bold).height()
    glyph = QRectF(rect.x() + _PAD, rect.y() + _PAD * 0.7, height, height)
    _paint_glyph(painter, glyph, card.unit, QColor(colour_of(card.unit.look, theme)), theme, bold)
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
