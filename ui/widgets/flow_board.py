"""Cards along the flow with their buffers between them, in as many rows as a line needs. Not for what cards say."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.widgets.buffer_gauge import WIDTH_PX
from ui.widgets.unit_card import COMPACT, FULL, TINY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from ui.widgets.buffer_gauge import BufferGauge
    from ui.widgets.unit_card import UnitCard

GAP_PX = 4
EDGE_PX = 6
LEAST_PX = {FULL: 86, COMPACT: 92, TINY: 78}
"""Least width of a card, by the rows it is written in."""
LOUD = 2.2
"""A loud card is at least so much wider than a quiet one may be."""
MOST_SHARE = 0.26
"""Of a line's width for one loud card."""
MOST_ROWS = {FULL: 1, COMPACT: 2}
MOST_LINES = 9
"""However long the line, the rest of the window keeps its room: cards then get narrower."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A unit's place along the flow: its card, and the gauge of what lies before it, if anything does."""

    card: UnitCard
    gauge: BufferGauge | None = None


class FlowBoard(QWidget):
    """Lays its cards out itself: full ones in a row, compact ones in two, and of a long line small ones in as many as it takes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without cards."""
        super().__init__(parent)
        self._stands: tuple[Stand, ...] = ()
        self._capital = 0.0
        self._rows = FULL
        self._height = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def place(self, stands: Sequence[Stand], capital_px: float) -> None:
        """Take the cards along the flow; loud full ones have capitals of at least `capital_px`."""
        self._stands, self._capital = tuple(stands), capital_px
        self.arrange()

    def arrange(self) -> None:
        """Give every card its place: after a resize, or when another card is loud."""
        if not self._stands:
            self._take_height(0)
            return
        rows = self._density()
        for stand in self._stands:
            stand.card.write_in(rows, self._capital)
            if stand.gauge is not None:
                stand.gauge.setVisible(rows > TINY)
        per_line = self._per_line(rows)
        height = self._stands[0].card.sizeHint().height()
        lines = [self._stands[i : i + per_line] for i in range(0, len(self._stands), per_line)]
        for number, line in enumerate(lines):
            empty = per_line - len(line) if rows == TINY else 0
            self._place_line(line, QRect(EDGE_PX, EDGE_PX + number * (height + GAP_PX), self.width() - 2 * EDGE_PX, height), rows, empty)
        self._take_height(EDGE_PX + len(lines) * (height + GAP_PX) - GAP_PX + 2)

    def _take_height(self, height: int) -> None:
        """Ask for another height, where it is one."""
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def _density(self) -> int:
        """Return in how many rows cards are written, by the room there is; a loud card more changes nothing."""
        for rows in (FULL, COMPACT):
            if ceil(len(self._stands) / self._capacity(rows)) <= MOST_ROWS[rows]:
                return rows
        return TINY

    def _capacity(self, rows: int) -> int:
        """Return how many cards find room side by side, one of them loud."""
        between = GAP_PX + (WIDTH_PX if rows > TINY else 0)
        room = self.width() - 2 * EDGE_PX - (LOUD - 1) * LEAST_PX[rows]
        return max(ceil(len(self._stands) / MOST_LINES), int(room // (LEAST_PX[rows] + between)))

    def _per_line(self, rows: int) -> int:
        """Return how many cards stand in a line, all lines about equally long."""
        lines = ceil(len(self._stands) / self._capacity(rows))
        return ceil(len(self._stands) / lines)

    def _place_line(self, stands: Sequence[Stand], line: QRect, rows: int, empty: int) -> None:
        """Place one line's cards and gauges over its whole width, less the room of so many cards that are not there."""
        gauges = sum(1 for stand in stands if stand.gauge is not None and rows > TINY)
        room = line.width() - gauges * WIDTH_PX - (len(stands) + empty - 1) * GAP_PX
        parts = sum(LOUD if stand.card.face.loud else 1.0 for stand in stands) + empty
        widths = [max(room * LOUD / parts, _loud_px(stand.card, room)) if stand.card.face.loud else 0.0 for stand in stands]
        quiet = (room - sum(widths)) / max(widths.count(0.0) + empty, 1)
        least = room / (len(stands) + empty) / 2
        if quiet < least:  # so many are loud that the others would vanish
            quiet, loud_px = least, (room - least * (widths.count(0.0) + empty)) / max(len(widths) - widths.count(0.0), 1)
            widths = [loud_px if width else 0.0 for width in widths]
        left = float(line.left())
        for stand, loud in zip(stands, widths, strict=True):
            if stand.gauge is not None and rows > TINY:
                stand.gauge.setGeometry(QRect(round(left), line.top(), WIDTH_PX, line.height()))
                left += WIDTH_PX
            width = loud or quiet
            stand.card.setGeometry(QRect(round(left), line.top(), round(left + width) - round(left), line.height()))
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
            self.arrange()


def _loud_px(card: UnitCard, room: float) -> float:
    """Return how wide a loud card is: its name is read whole, but several of them leave the others their room."""
    return min(max(card.loud_width(), LOUD * LEAST_PX[COMPACT]), room * MOST_SHARE)
