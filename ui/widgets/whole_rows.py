"""A table of which rows are chosen: keys that come to it choose the row they are at. Not for what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class WholeRows(QTableView):
    """Qt makes the first row the current one without choosing it: an only row could then be chosen by nobody who presses Down."""

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        chosen = self.selectionModel()
        if event.reason() in BY_KEYS and chosen.currentIndex().isValid() and not chosen.hasSelection():
            self.selectRow(chosen.currentIndex().row())
