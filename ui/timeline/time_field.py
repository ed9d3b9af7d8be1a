"""The playhead's time, which can be typed over. Not for understanding what was typed: see `entry`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QSizePolicy
from shiboken6 import isValid
from typing_extensions import override

from twin_app.errors import UsageError
from twin_app.model.historian import Span
from twin_app.service import link as links
from twin_app.text import clock_time, tr
from ui.timeline.entry import parse

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent
    from PySide6.QtWidgets import QWidget


class TimeField(QLineEdit):
    """Shows the time of the playhead; takes a time while it has the focus.

    Signals:
        typed(object): an instant (int ns) to go to.
        linked(object): a link (`service.link.Link`) to follow.
        refused(str): why what was typed is no time; empty when it is again.
    """

    typed = Signal(object)
    linked = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._came_from: QWidget | None = None
        self._at_ns = 0
        self._digits = 0
        self._span = Span(0, 0)
        self._zone = ZoneInfo("UTC")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMaxLength(links.LONGEST)  # a link to a moment may be pasted
        self.returnPressed.connect(self._on_returned)
        self._fit_width()
        self.retranslate()

    def show_nothing(self) -> None:
        """Show that there is no time."""
        self.clearFocus()
        self.setText("–")

    def show_time(self, at_ns: int, span: Span, zone: ZoneInfo, *, digits: int) -> None:
        """Show an instant, unless the person is typing."""
        self._at_ns, self._span, self._zone, self._digits = at_ns, span, zone, digits
        if not self.hasFocus():
            self._show()

    def enter(self) -> None:
        """Let the person type a time; then the keyboard goes back to where it was."""
        if not self.hasFocus():
            self._came_from = QApplication.focusWidget()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.setAccessibleName(tr("Time of the playhead"))
        self.setToolTip(tr("Type a time to go to (G): 14:03:10, +90s from the start, -2min before the end; or paste a link to a moment"))

    def _show(self) -> None:
        text = clock_time(self._at_ns, self._zone, digits=self._digits)
        if text != self.text():
            self.setText(text)

    def _fit_width(self) -> None:
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("0000-00-00 00:00") + 18)

    def _on_returned(self) -> None:
        text, link, at_ns = self.text(), None, 0
        try:
            if links.is_link(text):
                link = links.read(text)
            else:
                at_ns = parse(text, at_ns=self._at_ns, span=self._span, zone=self._zone)
        except UsageError as error:
            self.refused.emit(error.worded())
            self.selectAll()
            return
        self.refused.emit("")
        self._leave()
        if link is None:
            self.typed.emit(at_ns)
        else:
            self.linked.emit(link)

    def _leave(self) -> None:
        """Give the keyboard back."""
        before, self._came_from = self._came_from, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()
        else:
            self.clearFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.refused.emit("")
            self._leave()
            return
        super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.deselect()
        if self.isEnabled():
            self._show()
