"""Draws the lanes of a timeline's picture: states, words, what is unknown, selected or passed over. Not for axis and gutter: see `paint`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPen

from twin_app.clock import SECOND_NS
from twin_app.text import clock_time, duration, tr
from ui.theme import mixed
from ui.timeline.lane_image import Look, lane_pixels, patterns

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ui.timeline.picture import Lane, Picture

CENTER = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
WORD_PAD_PX = 5
"""Around a state's word; the panel's colour behind it keeps it readable on every bar."""
_NOTE_PX = 4
OTHER_OPACITY = 0.55
"""Of the lanes of the other shift: paler than any of this one's."""


def draw_lanes(painter: QPainter, picture: Picture) -> None:
    """Draw what lies below the axis."""
    _draw_selection(painter, picture)
    _draw_unknown(painter, picture)
    _draw_plan(painter, picture)
    look = Look(max(round(picture.rows.pitch_px * picture.ratio), 4), picture.ratio, picture.palette)
    table = patterns(look)
    for index, lane in zip(picture.rows.visible, picture.lanes, strict=True):
        if len(lane.columns):
            pixels = lane_pixels(lane.columns, look, table)
            image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], 4 * pixels.shape[1], QImage.Format.Format_ARGB32_Premultiplied)
            image.setDevicePixelRatio(picture.ratio)
            painter.setOpacity(OTHER_OPACITY if lane.row.other else 1.0)
            painter.drawImage(QPointF(picture.scale.left_px, picture.rows.y(index)), image)
            painter.setOpacity(1.0)
            _draw_words(painter, picture, lane, picture.rows.y(index))
    _draw_cuts(painter, picture)
    _draw_span(painter, picture)


def _draw_selection(painter: QPainter, picture: Picture) -> None:
    """Tint the selected lane."""
    for index, lane in zip(picture.rows.visible, picture.lanes, strict=True):
        if picture.selected and picture.selected == lane.row.unit:
            top, pitch = picture.rows.y(index), picture.rows.pitch_px
            painter.fillRect(0, top, picture.width_px, pitch, mixed(picture.palette.selection, picture.palette.panel, 0.13))
            painter.fillRect(0, top, 3, pitch, QColor(picture.palette.selection))
        elif lane.row.other:
            shade = mixed(picture.palette.text, picture.palette.panel, 0.05)
            painter.fillRect(0, picture.rows.y(index), picture.width_px, picture.rows.pitch_px, shade)


def _draw_unknown(painter: QPainter, picture: Picture) -> None:
    """Shade the time before the first and after the newest sample."""
    scale = picture.scale
    left, right = float(scale.left_px), float(scale.left_px + scale.width_px)
    top, height = picture.rows.top_px, picture.height_px - picture.rows.top_px
    shade = mixed(picture.palette.text, picture.palette.panel, 0.055)
    edges = (right, right) if picture.known is None else (scale.x(picture.known.start_ns), scale.x(picture.known.end_ns))
    first, last = (min(max(edge, left), right) for edge in edges)
    painter.fillRect(QRectF(left, top, first - left, height), shade)
    painter.fillRect(QRectF(last, top, right - last, height), shade)


def _draw_plan(painter: QPainter, picture: Picture) -> None:
    """Draw what is planned: breaks as bands, the ends of shifts as lines; words where nothing has happened yet."""
    known, palette = picture.known, picture.palette
    band, line = mixed(palette.text, palette.panel, 0.11), QPen(QColor(palette.dim), 1, Qt.PenStyle.DashLine)
    for shift in picture.beside.shifts:
        for pause in shift.breaks:
            _fill(painter, picture, pause.start_ns, pause.end_ns, band)
            if known is not None and pause.start_ns >= known.end_ns:
                _note(painter, picture, pause.start_ns, pause.end_ns, pause.name or tr("break"))
        for at_ns in (shift.start_ns, shift.end_ns):
            x = round(picture.scale.x(at_ns))
            if picture.scale.left_px < x < picture.scale.left_px + picture.scale.width_px:
                painter.setPen(line)
                painter.drawLine(x, picture.axis_px, x, picture.height_px)
        if known is not None and shift.start_ns <= known.end_ns < shift.end_ns:
            _end_of_shift(
                painter, picture, shift.end_ns, tr("{shift} ends {time}", shift=shift.name, time=clock_time(shift.end_ns, picture.zone)[:5])
            )


def _end_of_shift(painter: QPainter, picture: Picture, at_ns: int, text: str) -> None:
    """Write when the shift ends left of its line, if there is room between now and then."""
    scale, metrics = picture.scale, painter.fontMetrics()
    x, now = round(scale.x(at_ns)), scale.x(picture.known.end_ns if picture.known else at_ns)
    width = metrics.horizontalAdvance(text)
    if scale.left_px < x <= scale.left_px + scale.width_px + 1 and x - now > width + 3 * _NOTE_PX:
        painter.setPen(QColor(picture.palette.dim))
        painter.drawText(
            QRect(x - width - 2 * _NOTE_PX, picture.rows.top_px + metrics.height(), width + _NOTE_PX, metrics.height()), LEFT, text
        )


def _fill(painter: QPainter, picture: Picture, start_ns: int, end_ns: int, brush: QColor | QBrush) -> None:
    """Fill a stretch of time over the lanes."""
    scale = picture.scale
    left, right = max(scale.x(start_ns), scale.left_px), min(scale.x(end_ns), scale.left_px + scale.width_px)
    if right > left:
        painter.fillRect(QRectF(left, picture.rows.top_px, right - left, picture.height_px - picture.rows.top_px), brush)


def _note(painter: QPainter, picture: Picture, start_ns: int, end_ns: int, text: str) -> None:
    """Write a word into a stretch of time, if it has the room."""
    scale, metrics = picture.scale, painter.fontMetrics()
    left, right = max(scale.x(start_ns), scale.left_px), min(scale.x(end_ns), scale.left_px + scale.width_px)
    if right - left > metrics.horizontalAdvance(text) + 2 * _NOTE_PX:
        painter.setPen(QColor(picture.palette.dim))
        painter.drawText(QRectF(left, picture.rows.top_px, right - left, metrics.height()), CENTER, text)


def _draw_words(painter: QPainter, picture: Picture, lane: Lane, top: int) -> None:
    """Draw states' words on their bars, each on a patch of the panel."""
    metrics, pitch = painter.fontMetrics(), picture.rows.pitch_px
    high = min(metrics.height(), pitch - 1)
    for word in lane.words:
        room = QRect(picture.scale.left_px + word.left_px, top + (pitch - high) // 2, word.right_px - word.left_px, high)
        painter.fillRect(room, QColor(picture.palette.panel))
        painter.setPen(QColor(picture.palette.dim if lane.row.other else picture.palette.text))
        painter.drawText(room, CENTER, word.text)


def _draw_cuts(painter: QPainter, picture: Picture) -> None:
    """Hatch the dead time that is passed over, with a pair of scissors where there is room."""
    scale, palette = picture.scale, picture.palette
    hatch = QBrush(QColor(palette.selection), Qt.BrushStyle.BDiagPattern)
    veil = QColor(palette.panel)
    veil.setAlphaF(0.72)
    for start_ns, end_ns in picture.beside.cuts:
        left, right = scale.x(start_ns), scale.x(end_ns)
        if right < scale.left_px or left > scale.left_px + scale.width_px:
            continue
        _fill(painter, picture, start_ns, end_ns, veil)
        _fill(painter, picture, start_ns, end_ns, hatch)
        middle = (max(left, scale.left_px) + min(right, scale.left_px + scale.width_px)) / 2
        mark = QRectF(middle - 9, picture.rows.top_px + 1, 18, painter.fontMetrics().height())
        painter.fillRect(mark, QColor(palette.panel))
        painter.setPen(QColor(palette.selection))
        painter.drawText(mark, CENTER, "✂")


def _draw_span(painter: QPainter, picture: Picture) -> None:
    """Tint the selected stretch, with its length."""
    if picture.beside.span is None:
        return
    start_ns, end_ns = picture.beside.span
    scale, palette, metrics = picture.scale, picture.palette, painter.fontMetrics()
    tint = QColor(palette.selection)
    tint.setAlphaF(0.16)
    _fill(painter, picture, start_ns, end_ns, tint)
    for at_ns in (start_ns, end_ns):
        x = round(scale.x(at_ns))
        if scale.left_px <= x <= scale.left_px + scale.width_px:
            painter.fillRect(x, picture.axis_px, 1, picture.height_px - picture.axis_px, QColor(palette.selection))
    text = duration((end_ns - start_ns) / SECOND_NS)
    wide = metrics.horizontalAdvance(text) + 12
    middle = (max(scale.x(start_ns), scale.left_px) + min(scale.x(end_ns), scale.left_px + scale.width_px)) / 2
    label = QRectF(
        min(max(middle - wide / 2, scale.left_px), scale.left_px + scale.width_px - wide),
        picture.rows.top_px + 2,
        wide,
        metrics.height() + 2,
    )
    painter.fillRect(label, QColor(palette.selection))
    painter.setPen(QColor("#FFFFFF" if palette.name == "light" else palette.window))
    painter.drawText(label, CENTER, text)
