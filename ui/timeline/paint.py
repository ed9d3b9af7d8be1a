"""Draws a timeline's picture with QPainter. Not for deciding what it shows: see `canvas`; nor for geometry: see `scale`, `rows`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPolygonF

from twin_app.text import clock_time, offset_name, tr
from ui.timeline.paint_lanes import draw_lanes
from ui.timeline.paint_marks import draw_marks
from ui.timeline.ticks import step_for, ticks
from ui.widgets.hairline import upright
from ui.widgets.priority import paint_unit_alarms

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetrics

    from ui.palette import Palette
    from ui.timeline.picture import Lane, Picture

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter
HANDLE_PX = 7
"""Half the width of the playhead's handle."""
HANDLE_HIGH_PX = 11
"""Its height; the times stand above it."""
_PAD = 8
MARK_GAP_PX = 3
OVER = "○"
"""The sign of alarms that are over, but still wait to be acknowledged; as in the list of alarms."""
INDENT_PX = 12
"""The names of a group's units stand so far in."""


def draw(painter: QPainter, picture: Picture) -> None:
    """Draw all but the playhead."""
    painter.fillRect(0, 0, picture.width_px, picture.height_px, QColor(picture.palette.panel))
    painter.save()
    painter.setClipRect(0, picture.rows.top_px, picture.width_px, picture.height_px - picture.rows.top_px)
    draw_lanes(painter, picture)
    painter.restore()
    if picture.known is None:
        _draw_nothing(painter, picture)
    else:
        _draw_axis(painter, picture)
        draw_marks(painter, picture)
    _draw_gutter(painter, picture)


def _draw_nothing(painter: QPainter, picture: Picture) -> None:
    """Say that nothing came in yet; an axis would have to invent its times."""
    scale = picture.scale
    painter.fillRect(scale.left_px, picture.axis_px - 1, scale.width_px, 1, QColor(picture.palette.line))
    painter.setPen(QColor(picture.palette.dim))
    painter.drawText(QRect(scale.left_px, picture.axis_px, scale.width_px, picture.height_px - picture.axis_px), CENTER, tr("No data yet"))


def _draw_axis(painter: QPainter, picture: Picture) -> None:
    """Draw the ticks with their times and faint lines through the lanes."""
    scale, palette = picture.scale, picture.palette
    metrics = painter.fontMetrics()
    step = step_for(scale.span_ns, scale.width_px, metrics.horizontalAdvance("00:00:00.000"[: _characters(picture)]) + 28)
    grid = QColor(palette.text)
    grid.setAlphaF(0.10)
    through = upright(grid.rgba(), picture.height_px - picture.axis_px + 5)
    for tick in ticks(scale.start_ns, scale.end_ns, step, picture.zone):
        x = round(scale.x(tick.at_ns))
        painter.drawPixmap(x, picture.axis_px - 5, through)
        width = metrics.horizontalAdvance(tick.text)
        if scale.left_px + width // 2 <= x <= picture.width_px - width // 2:
            painter.setPen(QColor(palette.text if tick.major else palette.dim))
            painter.drawText(QRect(x - width // 2 - 2, 0, width + 4, picture.axis_px - HANDLE_HIGH_PX + 2), CENTER, tick.text)
    painter.fillRect(scale.left_px, picture.axis_px - 1, scale.width_px, 1, QColor(palette.line))


def _characters(picture: Picture) -> int:
    """Return how many characters a tick's time needs at this zoom: `00:00:00.000`, without a fraction, or without seconds."""
    seconds_apart = picture.scale.span_ns / 1e9 / max(picture.scale.width_px / 100, 1)
    return 12 if seconds_apart < 1 else 8


def _draw_gutter(painter: QPainter, picture: Picture) -> None:
    """Draw the zone, the columns' heads and each visible lane's name and shares."""
    palette, gutter = picture.palette, picture.gutter
    painter.setPen(QColor(palette.dim))
    if picture.known is not None:
        _draw_day(painter, picture)
    for column, head in enumerate(share_heads()):
        if gutter.column_px:
            painter.drawText(_cell(picture, column, 0, picture.axis_px - HANDLE_HIGH_PX + 2), RIGHT, head)
    painter.save()
    painter.setClipRect(0, picture.rows.top_px, gutter.width_px + _PAD, picture.height_px - picture.rows.top_px)
    for index, lane in zip(picture.rows.visible, picture.lanes, strict=True):
        _draw_lane_head(painter, picture, lane, picture.rows.y(index))
    painter.restore()


def _draw_day(painter: QPainter, picture: Picture) -> None:
    """Draw the axis' first day and zone, the zone alone where there is no room for both."""
    zone = offset_name(picture.scale.start_ns, picture.zone)
    both = f"{clock_time(picture.scale.start_ns, picture.zone, date=True)[:10]} {zone}"
    room = QRect(_PAD, 0, picture.gutter.name_px - _PAD, picture.axis_px - HANDLE_HIGH_PX + 2)
    painter.drawText(room, LEFT, both if painter.fontMetrics().horizontalAdvance(both) <= room.width() else zone)


def share_heads() -> tuple[str, str, str, str]:
    """Return the words over the shares: running, held up by neighbours, stopped, unknown."""
    return tr("run %"), tr("ext"), tr("stop"), tr("blind")


def _draw_lane_head(painter: QPainter, picture: Picture, lane: Lane, top: int) -> None:
    """Draw one lane's name and shares; noughts are dim. A group has a sign that tells whether it is folded."""
    palette, pitch, row = picture.palette, picture.rows.pitch_px, lane.row
    heads = not row.unit
    painter.setFont(_weighted(painter.font(), bold=not row.other and (heads or row.unit == picture.selected)))
    painter.setPen(QColor(palette.dim if row.other else palette.text))
    left = _PAD + (INDENT_PX if row.group and not heads else 0)
    room = picture.gutter.name_px - left - _PAD - _draw_alarms(painter, picture, lane, top)
    title = f"⤷ {row.title}" if row.other else f"{'▸' if row.folded else '▾'} {row.title}" if heads else row.title
    painter.drawText(QRect(left, top, room + _PAD, pitch), LEFT, painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room))
    painter.setFont(_weighted(painter.font(), bold=False))
    if not picture.gutter.column_px or (heads and not row.folded):
        return
    for column in range(4):
        share = None if lane.shares is None else lane.shares[column]
        painter.setPen(QColor(palette.text if share and column else palette.dim))
        painter.drawText(_cell(picture, column, top, pitch), RIGHT, "–" if share is None else str(share))


def _draw_alarms(painter: QPainter, picture: Picture, lane: Lane, top: int) -> int:
    """Draw the mark of a lane's alarms and how many wait to be acknowledged, right in the room for names. Return the width it takes."""
    alarms, palette, pitch, metrics = lane.alarms, picture.palette, picture.rows.pitch_px, painter.fontMetrics()
    if alarms.mark is None and not alarms.waiting:
        return 0
    high = min(metrics.height(), pitch - 2)
    right = picture.gutter.name_px - _PAD
    count = str(alarms.waiting) if alarms.waiting else ""
    wide = metrics.horizontalAdvance("00")
    painter.setPen(QColor(palette.text))
    painter.drawText(
        QRect(right - max(wide, metrics.horizontalAdvance(count)), top, max(wide, metrics.horizontalAdvance(count)), pitch), RIGHT, count
    )
    box = QRect(right - wide - MARK_GAP_PX - high, top + (pitch - high) // 2, high, high)
    if alarms.mark is not None:
        paint_unit_alarms(painter, QRectF(box), alarms.mark, palette)
    else:
        painter.drawText(box, CENTER, OVER)
    return high + MARK_GAP_PX + wide + _PAD


def alarms_px(metrics: QFontMetrics) -> int:
    """Return how much room a lane's head keeps for its alarms."""
    return metrics.height() + MARK_GAP_PX + metrics.horizontalAdvance("00") + _PAD


def _cell(picture: Picture, column: int, top: int, height: int) -> QRect:
    """Return the room of one share."""
    gutter = picture.gutter
    return QRect(gutter.name_px + column * gutter.column_px, top, gutter.column_px, height)


def _weighted(font: QFont, *, bold: bool) -> QFont:
    """Return the font in the weight asked for."""
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def draw_playhead(painter: QPainter, x: float, axis_px: int, height_px: int, palette: Palette) -> None:
    """Draw the playhead: a line through all lanes and a handle on the axis to take it by."""
    color = QColor(palette.selection)
    left = round(x) - 1
    painter.fillRect(left, axis_px - 6, 2, height_px - axis_px + 6, color)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    top, tip, middle = axis_px - HANDLE_HIGH_PX, axis_px, left + 1
    painter.drawPolygon(
        QPolygonF([
            QPointF(middle - 6, top), QPointF(middle + 6, top), QPointF(middle + 6, top + 4), QPointF(middle, tip), QPointF(middle - 6, top + 4),
        ])
    )  # fmt: skip
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
