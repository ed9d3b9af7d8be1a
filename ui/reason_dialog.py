"""Choosing a reason from the layout's tree: type a part of it, or walk the tree; Enter takes it. Not for keeping it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout
from typing_extensions import override

from twin_app.text import tr
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QWidget

    from twin_app.model.reason import Reason

SIZE_PX = (420, 440)
ID_ROLE = int(Qt.ItemDataRole.UserRole)


class ReasonChoice(QDialog):
    """A search line over a tree, and a note."""

    def __init__(self, about: str, reasons: Sequence[Reason], chosen: str, note: str, parent: QWidget) -> None:
        """Offer a tree; `about` says what is to be explained."""
        super().__init__(parent)
        self.setWindowTitle(tr("Reason of a stop"))
        self.resize(*SIZE_PX)
        said = QLabel(about, self)
        said.setWordWrap(True)
        set_role(said, "dim")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search reasons"))
        self.search.setAccessibleName(tr("Search reasons"))
        self.tree = QTreeWidget(self)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(tr("Reasons"))
        self._items = self._fill(reasons)
        self.note = QLineEdit(note, self)
        self.note.setPlaceholderText(tr("Note (may stay empty)"))
        self.note.setAccessibleName(tr("Note"))
        buttons = QDialogButtonBox(self)
        self.take = buttons.addButton(tr("Take it"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.take.setDefault(True)
        column = QVBoxLayout(self)
        for widget in (said, self.search, self.tree, self.note, buttons):
            column.addWidget(widget)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.tree.itemActivated.connect(lambda *_: self.accept())
        self.tree.currentItemChanged.connect(lambda *_: self.take.setEnabled(bool(self.reason)))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        if chosen in self._items:
            self.tree.setCurrentItem(self._items[chosen])
        self.take.setEnabled(bool(self.reason))
        self.search.setFocus()

    @property
    def reason(self) -> str:
        """Return the id of the chosen reason, empty for none."""
        item = self.tree.currentItem()
        return str(item.data(0, ID_ROLE)) if item is not None and not item.isHidden() else ""

    def _fill(self, reasons: Sequence[Reason]) -> dict[str, QTreeWidgetItem]:
        """Build the tree, each below what it is a part of."""
        items = {reason.id: QTreeWidgetItem([tr(reason.title)]) for reason in reasons}
        for reason in reasons:
            items[reason.id].setData(0, ID_ROLE, reason.id)
            if above := items.get(reason.below):
                above.addChild(items[reason.id])
            else:
                self.tree.addTopLevelItem(items[reason.id])
        self.tree.expandAll()
        return items

    def _filter(self, words: str) -> None:
        """Show what holds the words, with what it is below; the first of them is chosen."""
        folded = words.casefold().strip()
        shown: set[int] = set()
        first: QTreeWidgetItem | None = None
        for item in self._items.values():
            if folded in item.text(0).casefold():
                first = first or item
                above: QTreeWidgetItem | None = item
                while above is not None:
                    shown.add(id(above))
                    above = above.parent()
        for item in self._items.values():
            item.setHidden(id(item) not in shown)
        if folded and first is not None:
            self.tree.setCurrentItem(first)
        self.take.setEnabled(bool(self.reason))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        key = getattr(event, "key", None)
        if watched is self.search and event.type() is event.Type.KeyPress and key is not None and key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.tree.setFocus()
            return True
        return super().eventFilter(watched, event)
