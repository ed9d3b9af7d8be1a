"""What the hall says in words over its picture: why there is none, and which models are still being read. Qt painting, no VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.scene3d.theme import SceneTheme

_EDGE, _PAD, _RADIUS = 12.0, 9.0, 6.0
_LONGEST_NAME = 40


def paint_sentence(painter: QPainter, area: QRect, sentence: str, theme: SceneTheme) -> None:
    """Paint a sentence in the middle."""
    margin = min(48, area.width() // 8)
    painter.setPen(QColor(theme.dim))
    words = area.adjusted(margin, margin, -margin, -margin)
    painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), sentence)


def paint_loading(painter: QPainter, area: QRect, names: Sequence[str], theme: SceneTheme) -> None:
    """Paint which model is being read and how many wait, in the lower right corner; nothing while there is none."""
    if not names:
        return
    name = names[0] if len(names[0]) <= _LONGEST_NAME else names[0][: _LONGEST_NAME - 1] + "…"
    rest = len(names) - 1
    words = tr("Reading {file}, {count} more to come …", file=name, count=rest) if rest else tr("Reading {file} …", file=name)
    metrics = QFontMetricsF(painter.font())
    width, height = metrics.horizontalAdvance(words) + 2 * _PAD, metrics.height() + _PAD
    card = QRectF(area.right() - width - _EDGE, area.bottom() - height - _EDGE, width, height)
    painter.setPen(QPen(QColor(theme.line), 1.0))
    painter.setBrush(QColor(theme.card))
    painter.drawRoundedRect(card, _RADIUS, _RADIUS)
    painter.setPen(QColor(theme.dim))
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, words)
