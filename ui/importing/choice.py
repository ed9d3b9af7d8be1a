"""A field that stands at what was found out until a person says otherwise. Not for what is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_LETTERS = 9


class Choice(QComboBox):
    """Its first entry is what was found out and says nothing; others are said, and of some anything may be typed.

    Signals:
        said_otherwise(): a person chose or typed.
    """

    said_otherwise = Signal()

    def __init__(self, parent: QWidget, *, typed: bool = False) -> None:
        """Start without entries; `typed` lets a person write what is not offered."""
        super().__init__(parent)
        self.setEditable(typed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(LEAST_LETTERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(16)
        self.activated.connect(self._on_activated)
        line = self.lineEdit()
        if line is not None:
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            completer = QCompleter(self.model(), self)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self.setCompleter(completer)
            line.editingFinished.connect(self._on_typed)
        self._before = ""

    @property
    def said(self) -> str:
        """What a person says; empty where it is left to what is found out."""
        place = self.findText(self.currentText()) if self.isEditable() else self.currentIndex()
        return str(self.itemData(place)) if place >= 0 else self.currentText().strip()

    def offer(self, found: str, words: Sequence[tuple[str, str]], said: str) -> None:
        """Offer what holds without a word, further (text, value), and stand at what is said."""
        with QSignalBlocker(self):
            self.clear()
            self.addItem(found, "")
            for text, value in words:
                self.addItem(text, value)
            place = self.findData(said)
            self.setCurrentIndex(max(place, 0))
            line = self.lineEdit()
            if place < 0 and line is not None:
                self.setEditText(said)
            elif line is not None:
                line.setCursorPosition(0)
        self.setToolTip(self.currentText())
        self._before = self.said

    def _on_activated(self) -> None:
        self._tell()

    def _on_typed(self) -> None:
        self._tell()

    def _tell(self) -> None:
        """Tell what is said now, once."""
        if self.said != self._before:
            self._before = self.said
            self.said_otherwise.emit()
