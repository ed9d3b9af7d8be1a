"""The tree of what was discovered, as a model that grows while somebody listens: rows keep their place, selection and folds. Not for listening."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QGuiApplication
from typing_extensions import override

from twin_app.service.discover_rows import HEADS, RIGHT, Row
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
SEARCHED_ROLE = int(Qt.ItemDataRole.UserRole)
"""All texts of a row in one, for the filter."""


@dataclass(slots=True, eq=False)
class _Node:
    """A row that is shown."""

    row: Row
    parent: _Node | None
    place: int = 0
    children: list[_Node] = field(default_factory=list)


class DiscoverModel(QAbstractItemModel):
    """Topics, their fields, and what they would become; `show_rows` tells a view exactly what changed."""

    def __init__(self, parent: QObject) -> None:
        """Start without rows."""
        super().__init__(parent)
        self._root = _Node(Row("", ()), None)
        self._nodes: dict[int, _Node] = {id(self._root): self._root}

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; those of the same key stay where they are."""
        self._update(self._root, _ROOT, rows)

    def _update(self, node: _Node, index: QModelIndex, rows: Sequence[Row]) -> None:
        """Bring the rows below one up to date: take away, put in, change, in this order."""
        wanted = {row.key for row in rows}
        for place in range(len(node.children) - 1, -1, -1):
            if node.children[place].row.key not in wanted:
                self._remove(node, index, place)
        place = 0
        while place < len(rows):
            run = self._new_run(node, rows, place)
            if run:
                self._put(node, index, place, rows[place : place + run])
                place += run
                continue
            self._change(node, index, place, rows[place])
            place += 1

    def _change(self, node: _Node, index: QModelIndex, place: int, row: Row) -> None:
        """Let a row that is there say what it says now; one that stood further down is taken from there."""
        if node.children[place].row.key != row.key:
            later = next(i for i in range(place, len(node.children)) if node.children[i].row.key == row.key)
            self._remove(node, index, later)
            self._put(node, index, place, (row,))
            return
        child = node.children[place]
        here = self.createIndex(place, 0, id(child))
        differs = (child.row.cells, child.row.quiet) != (row.cells, row.quiet)
        child.row = row
        if differs:
            self.dataChanged.emit(here, self.createIndex(place, len(HEADS) - 1, id(child)))
        self._update(child, here, row.children)

    @staticmethod
    def _new_run(node: _Node, rows: Sequence[Row], place: int) -> int:
        """Return how many rows from one on are new: they go in together."""
        known = {child.row.key for child in node.children[place:]}
        return next((i for i, row in enumerate(rows[place:]) if row.key in known), len(rows) - place)

    def _put(self, node: _Node, index: QModelIndex, place: int, rows: Sequence[Row]) -> None:
        """Put rows in with all below them: a view is told once."""
        self.beginInsertRows(index, place, place + len(rows) - 1)
        node.children[place:place] = [self._made(row, node) for row in rows]
        self._number(node, place)
        self.endInsertRows()

    def _made(self, row: Row, parent: _Node) -> _Node:
        """Return a new row with all below it."""
        made = _Node(row, parent)
        self._nodes[id(made)] = made
        made.children = [self._made(child, made) for child in row.children]
        self._number(made, 0)
        return made

    def _remove(self, node: _Node, index: QModelIndex, place: int) -> None:
        """Take a row away with all below it."""
        self.beginRemoveRows(index, place, place)
        gone = node.children.pop(place)
        self._number(node, place)
        waiting = [gone]
        while waiting:
            one = waiting.pop()
            waiting += one.children
            del self._nodes[id(one)]
        self.endRemoveRows()

    @staticmethod
    def _number(node: _Node, start: int) -> None:
        """Note where the rows from `start` on stand now."""
        for place in range(start, len(node.children)):
            node.children[place].place = place

    @override
    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        children = self._node(parent).children
        if not 0 <= row < len(children) or not 0 <= column < len(HEADS):
            return QModelIndex()
        return self.createIndex(row, column, id(children[row]))

    @override
    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]  # Qt has two overloads, of which one is overridden
        above = self._node(index).parent if index.isValid() else None
        return QModelIndex() if above is None or above is self._root else self.createIndex(above.place, 0, id(above))

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.column() > 0 else len(self._node(parent).children)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return len(HEADS)

    @override
    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        cells = self._node(index).row.cells
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return cells[index.column()]
        if role == SEARCHED_ROLE:
            return "\n".join(cells)
        if role == Qt.ItemDataRole.ForegroundRole and self._node(index).row.quiet:
            return QGuiApplication.palette().placeholderText()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() in RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(HEADS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and section in RIGHT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _node(self, index: Index) -> _Node:
        """Return the row behind an index; the invisible root for an invalid one."""
        return self._nodes[index.internalId()] if index.isValid() else self._root


class Found(QSortFilterProxyModel):
    """Only rows that hold some letters, with those above and below them."""

    def __init__(self, model: DiscoverModel) -> None:
        """Let everything through."""
        super().__init__(model)
        self.setSourceModel(model)
        self.setFilterRole(SEARCHED_ROLE)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setRecursiveFilteringEnabled(True)
        self.setAutoAcceptChildRows(True)
