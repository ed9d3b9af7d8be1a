"""Draws a timeline's picture with QPainter. Not for deciding what it shows: see `canvas`; nor for geometry: see `scale`, `rows`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

from twin_app.text import clock_time, offset_name, tr
from ui.theme import mixed
from ui.timeline.lane_image import Look, lane_pixels, patterns
from ui.timeline.ticks import step_for, ticks

if TYPE_CHECKING:
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


def draw(painter: QPainter, picture: Picture) -> None:
    """Draw all but the playhead."""
    painter.fillRect(0, 0, picture.width_px, picture.height_px, QColor(picture.palette.panel))
    painter.save()
    painter.setClipRect(0, picture.axis_px, picture.width_px, picture.height_px - picture.axis_px)
    _draw_selection(painter, picture)
    _draw_lanes(painter, picture)
    painter.restore()
    if picture.known is None:
        _draw_nothing(painter, picture)
    else:
        _draw_axis(painter, picture)
        _draw_marks(painter, picture)
    _draw_gutter(painter, picture)


def _draw_selection(painter: QPainter, picture: Picture) -> None:
    """Tint the selected lane."""
    for index, lane in zip(picture.rows.visible, picture.lanes, strict=True):
        if lane.unit == picture.selected:
            top, pitch = picture.rows.y(index), picture.rows.pitch_px
            painter.fillRect(0, top, picture.width_px, pitch, mixed(picture.palette.selection, picture.palette.panel, 0.13))
            painter.fillRect(0, top, 3, pitch, QColor(picture.palette.selection))


def _draw_lanes(painter: QPainter, picture: Picture) -> None:
    """Draw each lane's pixels; what lies outside the known time is shaded."""
    scale, ratio = picture.scale, picture.ratio
    _draw_unknown(painter, picture)
    look = Look(max(round(picture.rows.pitch_px * ratio), 4), ratio, picture.palette)
    table = patterns(look)
    for index, lane in zip(picture.rows.visible, picture.lanes, strict=True):
        if not len(lane.columns):
            continue
        pixels = lane_pixels(lane.columns, look, table)
        image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], 4 * pixels.shape[1], QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(scale.left_px, picture.rows.y(index)), image)


def _draw_unknown(painter: QPainter, picture: Picture) -> None:
    """Shade the time before the first and after the newest sample."""
    scale = picture.scale
    left, right = float(scale.left_px), float(scale.left_px + scale.width_px)
    top, height = picture.axis_px, picture.height_px - picture.axis_px
    shade = mixed(picture.palette.text, picture.palette.panel, 0.055)
    edges = (right, right) if picture.known is None else (scale.x(picture.known.start_ns), scale.x(picture.known.end_ns))
    first, last = (min(max(edge, left), right) for edge in edges)
    painter.fillRect(QRectF(left, top, first - left, height), shade)
    painter.fillRect(QRectF(last, top, right - last, height), shade)


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
    for tick in ticks(scale.start_ns, scale.end_ns, step, picture.zone):
        x = round(scale.x(tick.at_ns))
        painter.fillRect(x, picture.axis_px - 5, 1, picture.height_px - picture.axis_px + 5, grid)
        width = metrics.horizontalAdvance(tick.text)
        if scale.left_px + width // 2 <= x <= picture.width_px - width // 2:
            painter.setPen(QColor(palette.text if tick.major else palette.dim))
            painter.drawText(QRect(x - width // 2 - 2, 0, width + 4, picture.axis_px - HANDLE_HIGH_PX + 2), CENTER, tick.text)
    painter.fillRect(scale.left_px, picture.axis_px - 1, scale.width_px, 1, QColor(palette.line))


def _characters(picture: Picture) -> int:
    """Return how many characters a tick's time needs at this zoom: `00:00:00.000`, without a fraction, or without seconds."""
    seconds_apart = picture.scale.span_ns / 1e9 / max(picture.scale.width_px / 100, 1)
    return 12 if seconds_apart < 1 else 8


def _draw_marks(painter: QPainter, picture: Picture) -> None:
    """Draw the loop as a band on the axis, and each end as a bracket."""
    scale, marks = picture.scale, picture.marks
    color = QColor(picture.palette.selection)
    painter.save()
    painter.setClipRect(scale.left_px, 0, scale.width_px, picture.height_px)
    if loop := marks.both:
        band = QColor(color)
        band.setAlphaF(0.28)
        left, right = scale.x(loop[0]), scale.x(loop[1])
        painter.fillRect(QRectF(left, picture.axis_px - 5, right - left, 5), band)
    for at_ns, side in ((marks.in_ns, 1), (marks.out_ns, -1)):
        if at_ns is not None:
            x = round(scale.x(at_ns))
            painter.fillRect(x - 1 if side < 0 else x, picture.axis_px - 9, 2, 9, color)
            painter.fillRect(x if side > 0 else x - 5, picture.axis_px - 9, 6, 2, color)
            dotted = QPen(color, 1, Qt.PenStyle.DotLine)
            painter.setPen(dotted)
            painter.drawLine(x, picture.axis_px, x, picture.height_px)
    painter.restore()


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
    painter.setClipRect(0, picture.axis_px, gutter.width_px + _PAD, picture.height_px - picture.axis_px)
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
    """Draw one lane's name and shares; noughts are dim."""
    palette, pitch = picture.palette, picture.rows.pitch_px
    chosen = lane.unit == picture.selected
    painter.setFont(_weighted(painter.font(), bold=chosen))
    painter.setPen(QColor(palette.text))
    room = picture.gutter.name_px - 2 * _PAD
    name = painter.fontMetrics().elidedText(lane.title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRect(_PAD, top, room + _PAD, pitch), LEFT, name)
    painter.setFont(_weighted(painter.font(), bold=False))
    if not picture.gutter.column_px:
        return
    for column in range(4):
        share = None if lane.shares is None else lane.shares[column]
        painter.setPen(QColor(palette.text if share and column else palette.dim))
        painter.drawText(_cell(picture, column, top, pitch), RIGHT, "–" if share is None else str(share))


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
