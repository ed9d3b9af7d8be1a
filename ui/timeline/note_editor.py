"""The small field in which a person writes beside a bookmark. Not for keeping it: see `marking`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton
from typing_extensions import override

from twin_app.text import clock_time, tr
from ui.theme import set_role

if TYPE_CHECKING:
    from datetime import tzinfo

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from twin_app.model.bookmark import Bookmark

WIDE_PX = 330
LONGEST = 500


class NoteEditor(QFrame):
    """Return keeps what was written, Escape leaves it as it was.

    Signals:
        written(str, str): the bookmark's id and what stands beside it now.
        removed(str): the bookmark of this id is to go.
    """

    written = Signal(str, str)
    removed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        """Start out of sight."""
        super().__init__(parent)
        self.setObjectName("card")
        self._around = parent
        self.bookmark = ""
        self._when = QLabel(self)
        set_role(self._when, "small")
        self.text = QLineEdit(self)
        self.text.setMaxLength(LONGEST)
        self.text.returnPressed.connect(self._on_returned)
        self._remove = QToolButton(self)
        self._remove.setText("✕")
        self._remove.clicked.connect(self._on_remove_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 4, 4)
        row.addWidget(self._when)
        row.addWidget(self.text, 1)
        row.addWidget(self._remove)
        self.setFixedWidth(WIDE_PX)
        self.hide()
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.text.setPlaceholderText(tr("What happened here?"))
        self.text.setAccessibleName(tr("Note beside the bookmark"))
        self._remove.setToolTip(tr("Remove the bookmark"))
        self._remove.setAccessibleName(tr("Remove the bookmark"))

    def edit(self, bookmark: Bookmark, zone: tzinfo, below: QPoint, *, refused: str = "") -> None:
        """Let a person write beside a bookmark; the field stands below a point of its parent, within it. Where they may not they only read."""
        self.text.setReadOnly(bool(refused))
        self.text.setToolTip(refused)
        self._remove.setEnabled(not refused)
        self._remove.setToolTip(refused or tr("Remove the bookmark"))
        self.bookmark = bookmark.id
        self._when.setText(f"⚑ {clock_time(bookmark.at_ns, zone)}")
        self.text.setText(bookmark.text)
        self.adjustSize()
        room = self._around.rect()
        self.move(
            min(max(below.x() - 12, room.left()), room.right() - self.width()), min(below.y(), max(room.bottom() - self.height(), 0))
        )  # fmt: skip
        self.show()
        self.raise_()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def leave(self) -> None:
        """Go out of sight; the keys are the timeline's again."""
        if self.isVisible():
            self.text.clearFocus()
            self.hide()

    def _on_returned(self) -> None:
        bookmark, text = self.bookmark, self.text.text()
        self.leave()
        self.written.emit(bookmark, text)

    def _on_remove_clicked(self) -> None:
        bookmark = self.bookmark
        self.leave()
        self.removed.emit(bookmark)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)
