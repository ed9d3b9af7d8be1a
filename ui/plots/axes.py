"""Axes with round local times and plain figures, in pyqtgraph's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.text import number
from ui.timeline.ticks import step_for, ticks

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from PySide6.QtGui import QFont

_TIME_GAP_PX = 80
_EDGE_PX = 9


class TimeAxis(pg.AxisItem):
    """Local time along the bottom; x counts seconds from `origin_ns`."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Start at 1970 in a zone."""
        super().__init__("bottom")
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


class FigureAxis(pg.AxisItem):
    """Plain figures along the left, with their unit after each."""

    def __init__(self, suffix: str) -> None:
        """Write `suffix` behind each figure."""
        super().__init__("left")
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
