"""Whether a window is low for the text it is written in, so that what stands above its docks leaves them room. Not for widths: see `ui.docks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

LOWISH_EM, LOW_EM, VERY_LOW_EM = 60.0, 50.0, 44.0
"""In a window of fewer lines of text than this what nobody may miss is given room by its neighbours, cards and the sentence are lower, and
remarks are left out."""

FOLLOWING = frozenset({QEvent.Type.Show, QEvent.Type.ParentChange})
TELLING = FOLLOWING | {QEvent.Type.Resize, QEvent.Type.FontChange, QEvent.Type.StyleChange}


class Lowness(QObject):
    """Watches the window that a widget stands in.

    Signals:
        changed(): it has become low, or is so no longer.
    """

    changed = Signal()

    def __init__(self, widget: QWidget, *, below_em: float = LOW_EM) -> None:
        """Start with the window that the widget has now, and follow it into others; below so many lines of text it is low."""
        super().__init__(widget)
        self._widget, self._window, self._was = widget, widget.window(), False
        self._below_em = below_em
        widget.installEventFilter(self)
        self._window.installEventFilter(self)

    @property
    def low(self) -> bool:
        """Whether the window is low now."""
        return self._widget.window().height() < self._below_em * QFontMetricsF(QApplication.font()).height()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._widget and kind in FOLLOWING:
            self._follow()
        if kind in TELLING:
            self._tell()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        """Watch the window that the widget stands in now."""
        if self._widget.window() is not self._window:
            if isValid(self._window):
                self._window.removeEventFilter(self)
            self._window = self._widget.window()
            self._window.installEventFilter(self)

    def _tell(self) -> None:
        """Tell of a change."""
        if self.low is not self._was:
            self._was = self.low
            self.changed.emit()
