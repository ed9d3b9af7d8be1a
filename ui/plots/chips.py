"""The legend that is also the readout and the switch: a line sample, a name, the figure at the playhead. Knows no pyqtgraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.palette import Palette
    from ui.plots.time_plot import Inked

_SAMPLE = QSize(22, 10)
_RATIO = 2


class Chip(QToolButton):
    """A checkable button that names a curve."""

    def __init__(self, ink: Inked, parent: QWidget, *, checked: bool = True, checkable: bool = True) -> None:
        """Show the curve's line; nothing is written yet."""
        super().__init__(parent)
        self.ink = ink
        self._name = ""
        self._figure = ""
        self.setCheckable(checkable)
        self.setChecked(checked)
        self.setIconSize(_SAMPLE)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def show_name(self, name: str, explanation: str) -> None:
        """Name the curve."""
        self._name = name
        self.setToolTip(explanation)
        self.setAccessibleName(explanation)
        self._write()

    @property
    def name(self) -> str:
        """Return what the curve is called."""
        return self._name

    def show_figure(self, figure: str) -> None:
        """Show the curve's figure at the playhead; the same again costs nothing."""
        if figure != self._figure:
            self._figure = figure
            self._write()

    def dress(self, palette: Palette) -> None:
        """Draw the line sample in a theme."""
        pixmap = QPixmap(_SAMPLE * _RATIO)
        pixmap.setDevicePixelRatio(_RATIO)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setPen(self.ink.pen(palette))
        painter.drawLine(0, _SAMPLE.height() // 2, _SAMPLE.width(), _SAMPLE.height() // 2)
        painter.end()
        self.setIcon(QIcon(pixmap))

    def _write(self) -> None:
        self.setText(f" {self._name}  {self._figure}" if self._figure else f" {self._name}")
