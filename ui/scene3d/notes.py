"""What the hall says in words over its picture: why there is none, and which models are still being read. Qt painting, no VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QLinearGradient, QPainter, QPen

from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.scene3d.scene import Legend
    from ui.scene3d.theme import SceneTheme

_EDGE, _PAD, _RADIUS = 12.0, 9.0, 6.0
_LONGEST_NAME = 40
_BAR_PX, _BAR_H_PX = 190.0, 12.0
_FOOT_PX = 48.0
"""Below the legend lies the choice of overlays."""


def paint_sentence(painter: QPainter, area: QRect, sentence: str, theme: SceneTheme) -> None:
    """Paint a sentence in the middle."""
    margin = min(48, area.width() // 8)
    painter.setPen(QColor(theme.dim))
    words = area.adjusted(margin, margin, -margin, -margin)
    painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), sentence)


def paint_loading(painter: QPainter, area: QRect, names: Sequence[str], theme: SceneTheme) -> None:
    """Paint which model is being read and how many wait, at the top right; nothing while there is none."""
    if not names:
        return
    name = names[0] if len(names[0]) <= _LONGEST_NAME else names[0][: _LONGEST_NAME - 1] + "…"
    rest = len(names) - 1
    words = tr("Reading {file}, {count} more to come …", file=name, count=rest) if rest else tr("Reading {file} …", file=name)
    metrics = QFontMetricsF(painter.font())
    width, height = metrics.horizontalAdvance(words) + 2 * _PAD, metrics.height() + _PAD
    card = QRectF(area.right() - width - _EDGE, area.top() + _EDGE, width, height)
    painter.setPen(QPen(QColor(theme.line), 1.0))
    painter.setBrush(QColor(theme.card))
    painter.drawRoundedRect(card, _RADIUS, _RADIUS)
    painter.setPen(QColor(theme.dim))
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, words)


def paint_legend(painter: QPainter, area: QRect, legend: Legend | None, theme: SceneTheme) -> None:
    """Paint what the colours of an overlay mean, in the lower left corner; nothing without one."""
    if legend is None:
        return
    metrics = QFontMetricsF(painter.font())
    line = metrics.height()
    ends = metrics.horizontalAdvance(legend.low) + metrics.horizontalAdvance(legend.high) + 3 * _PAD
    wide = max(_BAR_PX, ends, metrics.horizontalAdvance(legend.title), metrics.horizontalAdvance(legend.unknown) + _BAR_H_PX + _PAD)
    card = QRectF(area.left() + _EDGE, area.bottom() - _FOOT_PX - 4 * line - 3 * _PAD, wide + 2 * _PAD, 4 * line + 3 * _PAD)
    painter.setPen(QPen(QColor(theme.line), 1.0))
    painter.setBrush(QColor(theme.card))
    painter.drawRoundedRect(card, _RADIUS, _RADIUS)
    x, y = card.x() + _PAD, card.y() + _PAD
    painter.setPen(QColor(theme.text))
    painter.drawText(QRectF(x, y, wide, line), Qt.AlignmentFlag.AlignLeft, legend.title)
    bar = QRectF(x, y + line + _PAD / 2, wide, _BAR_H_PX)
    ramp = QLinearGradient(bar.topLeft(), bar.topRight())
    for number, colour in enumerate(legend.ramp):
        ramp.setColorAt(number / (len(legend.ramp) - 1), QColor(colour))
    painter.fillRect(bar, ramp)
    ends_at = QRectF(x, bar.bottom() + 2, wide, line)
    painter.setPen(QColor(theme.dim))
    painter.drawText(ends_at, Qt.AlignmentFlag.AlignLeft, legend.low)
    painter.drawText(ends_at, Qt.AlignmentFlag.AlignRight, legend.high)
    swatch = QRectF(x, ends_at.bottom() + _PAD / 2, 2 * _BAR_H_PX, _BAR_H_PX)
    painter.fillRect(swatch, QBrush(QColor(theme.dim), Qt.BrushStyle.FDiagPattern))
    painter.drawText(QRectF(swatch.right() + _PAD, swatch.y() - line * 0.15, wide, line), Qt.AlignmentFlag.AlignLeft, legend.unknown)


def paint_hint(painter: QPainter, area: QRect, words: str, theme: SceneTheme) -> None:
    """Paint what is being done in the hall, at the top; nothing where there is nothing to say."""
    if not words:
        return
    metrics = QFontMetricsF(painter.font())
    widest = area.width() - 2 * _EDGE - 2 * _PAD
    words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, widest)
    width, height = metrics.horizontalAdvance(words) + 2 * _PAD, metrics.height() + _PAD
    card = QRectF(area.center().x() - width / 2, area.top() + _EDGE, width, height)
    painter.setPen(QPen(QColor(theme.line), 1.0))
    painter.setBrush(QColor(theme.card))
    painter.drawRoundedRect(card, _RADIUS, _RADIUS)
    painter.setPen(QColor(theme.text))
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, words)


def paint_band(painter: QPainter, band: QRectF | None, theme: SceneTheme) -> None:
    """Paint the box that is being drawn around machines."""
    if band is None:
        return
    ground = QColor(theme.selection)
    ground.setAlpha(40)
    painter.setPen(QPen(QColor(theme.selection), 1.4))
    painter.setBrush(ground)
    painter.drawRect(band)
