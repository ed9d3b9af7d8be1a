"""Colours and lines for many curves side by side: eight hues that stay apart for the colour-blind, each in three lines. Knows no pyqtgraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

if TYPE_CHECKING:
    from ui.palette import Palette

ON_LIGHT = ("#0064A8", "#A85A00", "#00765A", "#9B4A86", "#2B3036", "#5F8A00", "#2E8FB5", "#7A5AC8")
ON_DARK = ("#56B4E9", "#E69F00", "#3FC79A", "#E08BC4", "#D5D9DD", "#B6D957", "#8FD3EE", "#B39DF0")
"""After Okabe and Ito (2008), Color Universal Design, https://jfly.uni-koeln.de/color/, darker or lighter until they stand off a panel 3:1.
None is red: red is an alarm's."""
LINES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
HALF = 128


@dataclass(frozen=True, slots=True)
class CurveInk:
    """The ink of a curve by its number, from 0; colour is never the only difference once the hues are used up."""

    number: int
    other: bool = False
    """Whether it is what another shift did: the same hue, thin and dashed."""

    def pen(self, palette: Palette) -> QPen:
        """Return the pen in a theme; its width does not grow with the data."""
        hues = ON_DARK if QColor(palette.panel).lightness() < HALF else ON_LIGHT
        line = Qt.PenStyle.DashLine if self.other else LINES[self.number // len(hues) % len(LINES)]
        pen = QPen(QColor(hues[self.number % len(hues)]), 1.1 if self.other else 1.6, line)
        pen.setCosmetic(True)
        return pen
