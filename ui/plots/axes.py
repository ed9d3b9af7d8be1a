"""Axes with round local times and plain figures, in pyqtgraph's terms."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetrics
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.text import number
from ui.timeline.ticks import step_for, ticks
from ui.widgets.hairline import upright

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from PySide6.QtGui import QFont, QPainter, QPen
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

_TIME_GAP_PX = 80
_EDGE_PX = 9


class _Axis(pg.AxisItem):
    """Draws its marks and words straight away: played back from a `QPicture`, as pyqtgraph keeps them, words take twenty times as long."""

    picture: Any
    _specs: Any = None

    @override
    def paint(self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.picture is None:  # set back wherever anything of it is another
            if (font := self.style["tickFont"]) is not None:
                p.setFont(font)
            self.picture, self._specs = True, self.generateDrawSpecs(p)
        if self._specs is not None:
            self.drawPicture(p, *self._specs)

    @override
    def drawPicture(self, p: QPainter, axisSpec: Any, tickSpecs: list[tuple[QPen, QPointF, QPointF]], textSpecs: Any) -> None:
        super().drawPicture(p, axisSpec, [], textSpecs)
        place = p.transform()
        for pen, a, b in tickSpecs:
            x = floor(min(a.x(), b.x()) + place.dx()) - place.dx()  # whole pixels, as a line would have them
            y = floor(min(a.y(), b.y()) + place.dy()) - place.dy()
            high = ceil(abs(b.y() - a.y()))
            if high > 1:
                p.drawPixmap(QPointF(x, y), upright(pen.color().rgba(), high))
            else:
                p.fillRect(QRectF(x, y, max(ceil(abs(b.x() - a.x())), 1), 1), pen.color())


class TimeAxis(_Axis):
    """Local time along the bottom; x counts seconds from `origin_ns`."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Start at 1970 in a zone."""
        super().__init__("bottom")
        self.enableAutoSIPrefix(False)
        self.origin_ns = 0
        self.zone = zone
        self._texts: dict[float, str] = {}

    @override
    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        start, end = (self.origin_ns + round(v * SECOND_NS) for v in (minVal, maxVal))
        if size <= 0 or end <= start:
            return []
        step = step_for(end - start, round(size), _TIME_GAP_PX)
        found = ticks(start, end, step, self.zone)
        self._texts = {(t.at_ns - self.origin_ns) / SECOND_NS: t.text for t in found}
        return [(step / SECOND_NS, list(self._texts))]

    @override
    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [self._texts.get(value, "") for value in values]


class FigureAxis(_Axis):
    """Plain figures along the left, with their unit after each."""

    def __init__(self, suffix: str) -> None:
        """Write `suffix` behind each figure."""
        super().__init__("left")
        self.enableAutoSIPrefix(False)
        self.suffix = suffix

    @override
    def tickValues(self, minVal: float, maxVal: float, size: float) -> Any:
        levels = super().tickValues(minVal, maxVal, size)
        return levels[:1]

    @override
    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        return [(round_step(maxVal - minVal, size), 0.0)]

    @override
    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        digits = 0 if spacing >= 1 else 1 if spacing >= 0.1 else 2  # noqa: PLR2004 - as fine as the step
        return [number(value * scale, digits) + self.suffix for value in values]

    @override
    def boundingRect(self) -> QRectF:
        room: QRectF = super().boundingRect()
        return room.adjusted(0, -_EDGE_PX, 0, _EDGE_PX)  # the lowest and the highest figure may stand half outside: they say the range

    def fit(self, font: QFont, widest: str) -> None:
        """Take the room of the widest text, so that plots above each other share their left edge."""
        self.setWidth(QFontMetrics(font).horizontalAdvance(widest) + 12)


def round_step(span: float, size_px: float, gap_px: float = 34.0) -> float:
    """Return the least step of 1, 2 or 5 times a power of ten that keeps figures `gap_px` apart."""
    least = span * gap_px / max(size_px, 1.0)
    if least <= 0:
        return 1.0
    power = 10.0 ** int(f"{least:e}".split("e")[1])
    return next(power * n for n in (1.0, 2.0, 5.0, 10.0) if power * n >= least)
