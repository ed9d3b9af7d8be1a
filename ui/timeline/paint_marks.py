"""Draws the row of marks between axis and lanes: the loop, bookmarks, alarms. Not for what they mean: see `picture`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

if TYPE_CHECKING:
    from ui.timeline.picture import Picture

MARKS_PX = 13
"""Height of the row."""
FLAG_PX = 8
"""Width and height of a bookmark's flag."""
_TICK_PX = (11, 9, 7, 5)
"""Height of an alarm's tick by priority: colour is not the only carrier."""


def draw_marks(painter: QPainter, picture: Picture) -> None:
    """Draw the row of marks, and the loop's brackets on the axis above it."""
    painter.save()
    painter.setClipRect(picture.scale.left_px, 0, picture.scale.width_px, picture.height_px)
    _draw_ticks(painter, picture)
    _draw_loop(painter, picture)
    _draw_bookmarks(painter, picture)
    painter.restore()


def _draw_ticks(painter: QPainter, picture: Picture) -> None:
    """Draw a tick in every pixel in which an alarm came, of the gravest; those of the selected machine stand out."""
    ticks, scale = picture.beside.ticks, picture.scale
    if ticks is None or not len(ticks.times_ns):
        return
    seen = (ticks.times_ns >= scale.start_ns) & (ticks.times_ns <= scale.end_ns)
    x = np.round(scale.left_px + (ticks.times_ns - scale.start_ns) / scale.ns_per_px).astype(np.int64)
    chosen = np.array([not picture.selected or unit == picture.selected for unit in ticks.units])
    bottom = picture.axis_px + MARKS_PX - 1
    for own in (False, True):
        for priority in (4, 3, 2, 1):  # the graver ones are drawn over the others
            color = QColor(picture.palette.priority[priority - 1])
            color.setAlphaF(1.0 if own else 0.3)
            high = _TICK_PX[priority - 1]
            for at in np.unique(x[seen & (ticks.priority == priority) & (chosen == own)]).tolist():
                painter.fillRect(at, bottom - high, 2, high, color)


def _draw_loop(painter: QPainter, picture: Picture) -> None:
    """Draw the loop as a band on the axis, and each end as a bracket."""
    scale, marks = picture.scale, picture.beside.marks
    color = QColor(picture.palette.selection)
    if loop := marks.both:
        band = QColor(color)
        band.setAlphaF(0.28)
        left, right = (_within(picture, scale.x(at_ns)) for at_ns in loop)
        painter.fillRect(QRectF(left, picture.axis_px - 5, right - left, 5), band)
    for at_ns, side in ((marks.in_ns, 1), (marks.out_ns, -1)):
        if at_ns is not None and scale.start_ns <= at_ns <= scale.end_ns:
            x = round(scale.x(at_ns))
            painter.fillRect(x - 1 if side < 0 else x, picture.axis_px - 9, 2, 9, color)
            painter.fillRect(x if side > 0 else x - 5, picture.axis_px - 9, 6, 2, color)
            painter.setPen(QPen(color, 1, Qt.PenStyle.DotLine))
            painter.drawLine(x, picture.axis_px, x, picture.height_px)


def _draw_bookmarks(painter: QPainter, picture: Picture) -> None:
    """Draw each bookmark as a flag on a fine line through the lanes; a stretch has a bar to its end."""
    scale, color = picture.scale, QColor(picture.palette.text)
    fine = QColor(color)
    fine.setAlphaF(0.4)
    top, bottom = picture.axis_px + 1, picture.axis_px + MARKS_PX
    for bookmark in picture.beside.bookmarks:
        end_ns = bookmark.at_ns if bookmark.end_ns is None else bookmark.end_ns
        if end_ns < scale.start_ns or bookmark.at_ns > scale.end_ns:
            continue
        x = round(_within(picture, scale.x(bookmark.at_ns)))
        painter.fillRect(QRectF(x, top, _within(picture, scale.x(end_ns)) - x, 2), color)
        painter.fillRect(x, top, 1, bottom - top, color)
        painter.setPen(QPen(fine, 1, Qt.PenStyle.DotLine))
        painter.drawLine(x, bottom, x, picture.height_px)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x + FLAG_PX, top + FLAG_PX / 2), QPointF(x, top + FLAG_PX)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _within(picture: Picture, x: float) -> float:
    """Return a pixel, or one just outside of the view instead of one far away: painters count in 32 bits."""
    return min(max(x, picture.scale.left_px - 2 * FLAG_PX), picture.scale.left_px + picture.scale.width_px + 2 * FLAG_PX)
