"""What another shift's units did at the same time, as hollow dashed marks at the machines' feet. Never in the colours of this shift. No VTK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.scene3d.request import Picture
    from ui.scene3d.theme import SceneTheme

_PAD, _RADIUS, _BELOW_PX, _EDGE = 6.0, 4.0, 10.0, 12.0
SIGN = "⤷"
"""Stands before whatever is said of the other shift, as in the timeline."""


@dataclass(frozen=True, slots=True)
class Ghosts:
    """What is shown of another shift."""

    title: str
    """What it is called."""
    words: Mapping[str, tuple[str, str]]
    """Glyph and word of the state by unit, the word empty where it says nothing new; units that are left out were not recorded then."""


def paint_ghosts(painter: QPainter, picture: Picture, ghosts: Ghosts | None, theme: SceneTheme, size: tuple[float, float]) -> None:
    """Paint a mark at each unit's foot, and what the marks mean; nothing where no other shift stands beside this one."""
    if ghosts is None:
        return
    units = picture.request.scene.units
    feet = picture.request.camera.project(picture.request.bases()[:, :3, 3], size)
    told = [(row, ghosts.words[unit.unit_id]) for row, unit in enumerate(units) if unit.unit_id in ghosts.words]
    for row, words in sorted(told, key=lambda one: bool(one[1][1])):  # what is to be read lies above
        x, y, depth = feet[row].tolist()
        if depth > 0:
            _paint_mark(painter, x, y + _BELOW_PX, f"{SIGN} {' '.join(words).strip()}", theme)
    _paint_meaning(painter, tr("{sign} dashed: {shift}", sign=SIGN, shift=ghosts.title), theme, size)


def _paint_mark(painter: QPainter, x: float, y: float, words: str, theme: SceneTheme) -> None:
    """Paint a hollow mark whose upper edge is centred at a point."""
    metrics = QFontMetricsF(painter.font())
    width, height = metrics.horizontalAdvance(words) + 2 * _PAD, metrics.height() + _PAD / 2
    card = QRectF(x - width / 2, y, width, height)
    _paint_hollow(painter, card, theme)
    painter.setPen(QColor(theme.dim))
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, words)


def _paint_hollow(painter: QPainter, card: QRectF, theme: SceneTheme) -> None:
    """Paint a dashed frame through which the hall is seen."""
    ground = QColor(theme.card)
    ground.setAlpha(170)
    pen = QPen(QColor(theme.dim), 1.2, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(ground)
    painter.drawRoundedRect(card, _RADIUS, _RADIUS)


def _paint_meaning(painter: QPainter, words: str, theme: SceneTheme, size: tuple[float, float]) -> None:
    """Paint what the marks mean, in the lower right corner."""
    metrics = QFontMetricsF(painter.font())
    width, height = metrics.horizontalAdvance(words) + 2 * _PAD, metrics.height() + _PAD
    card = QRectF(size[0] - width - _EDGE, size[1] - height - _EDGE, width, height)
    _paint_hollow(painter, card, theme)
    painter.setPen(QColor(theme.text))
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, words)
