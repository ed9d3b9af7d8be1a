"""Cards along the flow with their buffers between them, in lines over the whole width. Not for what cards say, nor for which there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.strip.standing import between, shares
from ui.widgets.buffer_gauge import WIDTH_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from ui.widgets.buffer_gauge import BufferGauge
    from ui.widgets.unit_card import UnitCard

GAP_PX = 4
EDGE_PX = 6
LARGE, ROOT = 2.2, 3.0
"""How many times as wide as a quiet card a large one may get, and that of the root cause, where there is room."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A place along the flow: its card, the gauge of what lies before it, how wide the card has to be and would like to be, and its weight."""

    card: UnitCard
    gauge: BufferGauge | None
    least_px: float
    liked_px: float
    weight: float = 1.0


class FlowBoard(QWidget):
    """Lays its cards out itself; what it is not given a place for it does not show.

    Signals:
        widened(): it has another width than before: there may be room for other cards.
    """

    widened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without cards."""
        super().__init__(parent)
        self._height = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def room_px(self) -> float:
        """How wide a line of cards may be."""
        return self.width() - 2.0 * EDGE_PX

    def place(self, lines: Sequence[Sequence[Stand]], card_px: int) -> None:
        """Show these cards in lines, each so high, and nothing else."""
        shown = {widget for line in lines for stand in line for widget in (stand.card, stand.gauge)}
        for child in self.findChildren(QWidget):
            if child not in shown:
                child.hide()
        for number, line in enumerate(lines):
            self._place_line(line, QRect(EDGE_PX, EDGE_PX + number * (card_px + GAP_PX), round(self.room_px), card_px))
        height = EDGE_PX + len(lines) * (card_px + GAP_PX) - GAP_PX + 2 if lines else 0
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def _place_line(self, stands: Sequence[Stand], line: QRect) -> None:
        """Place one line's cards and gauges over its whole width."""
        gauges = sum(1 for stand in stands if stand.gauge is not None)
        room = line.width() - gauges * WIDTH_PX - (len(stands) - 1) * GAP_PX
        least, liked = [stand.least_px for stand in stands], [stand.liked_px for stand in stands]
        large = [stand.liked_px if stand.card.large else stand.least_px for stand in stands]
        below, above = (large, liked) if sum(large) <= room else (least, large)
        widths = shares(between(below, above, room), [stand.weight for stand in stands], room)
        left = float(line.left())
        for stand, width in zip(stands, widths, strict=True):
            if stand.gauge is not None:
                stand.gauge.setGeometry(QRect(round(left), line.top(), WIDTH_PX, line.height()))
                stand.gauge.show()
                left += WIDTH_PX
            stand.card.setGeometry(QRect(round(left), line.top(), round(left + width) - round(left), line.height()))
            stand.card.show()
            left += width + GAP_PX

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, self._height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.widened.emit()
