"""Rows of a table as values, and the model that tells a view exactly what changed. Not for what stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate
from typing_extensions import override

from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from ui.context import Theme

Index = QModelIndex | QPersistentModelIndex
CELL_ROLE = int(Qt.ItemDataRole.UserRole)
_NOWHERE = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one cell shows."""

    text: str
    tip: str = ""
    color: str = ""
    """A role of the palette, or `#RRGGBB`; empty: text."""
    right: bool = False
    bold: bool = False
    hatched: bool = False
    """Shown as not to be trusted: stale or never heard."""
    tail: bool = False
    """Where room is short its end is shown, not its beginning: the end of a topic says what it is."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with what it is known by while its cells change."""

    key: Hashable
    cells: tuple[Cell, ...]


def inserted_above(old: Sequence[Row], new: Sequence[Row]) -> int | None:
    """Return how many rows came in above the old ones (rows may have left below); None where it is not that simple."""
    if not old or not new:
        return None
    above = next((i for i, row in enumerate(new) if row.key == old[0].key), None)
    if above is None:
        return None
    kept = [row.key for row in new[above:]]
    return above if kept == [row.key for row in old[: len(kept)]] else None


class RowsModel(QAbstractTableModel):
    """A table of rows; `show` works out what a view has to repaint, so that selection and scrolling stay."""

    def __init__(self, columns: int, parent: QObject) -> None:
        """Start without rows and heads."""
        super().__init__(parent)
        self._columns = columns
        self._heads: tuple[str, ...] = ("",) * columns
        self._rows: list[Row] = []

    @property
    def rows(self) -> Sequence[Row]:
        """Return the rows shown."""
        return self._rows

    def set_heads(self, heads: tuple[str, ...]) -> None:
        """Word the columns."""
        self._heads = heads
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self._columns - 1)

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        above = inserted_above(self._rows, rows)
        if above is None:
            if self._rows or rows:
                self.beginResetModel()
                self._rows = list(rows)
                self.endResetModel()
            return
        self._insert(rows[:above])
        self._cut(len(rows))
        self._replace(rows)

    def _insert(self, rows: Sequence[Row]) -> None:
        if rows:
            self.beginInsertRows(_NOWHERE, 0, len(rows) - 1)
            self._rows[:0] = rows
            self.endInsertRows()

    def _cut(self, count: int) -> None:
        if len(self._rows) > count:
            self.beginRemoveRows(_NOWHERE, count, len(self._rows) - 1)
            del self._rows[count:]
            self.endRemoveRows()

    def _replace(self, rows: Sequence[Row]) -> None:
        """Take the new cells; only cells that differ are told."""
        for number, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
            if old != new:
                self._rows[number] = new
                changed = [column for column, (a, b) in enumerate(zip(old.cells, new.cells, strict=True)) if a != b]
                self.dataChanged.emit(self.index(number, changed[0]), self.index(number, changed[-1]))

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._columns

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self._rows[index.row()].cells[index.column()]
        answers = {
            Qt.ItemDataRole.DisplayRole: cell.text, Qt.ItemDataRole.ToolTipRole: cell.tip or None, CELL_ROLE: cell,
            Qt.ItemDataRole.TextAlignmentRole: RIGHT if cell.right else LEFT,
        }  # fmt: skip
        return answers.get(role)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        right = bool(self._rows) and self._rows[0].cells[section].right
        return (RIGHT if right else LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None


class CellDelegate(QStyledItemDelegate):
    """Paints what the cell says about itself: colour, weight, hatching."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        """Paint in a theme."""
        super().__init__(parent)
        self._theme = theme

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        cell: Cell = index.data(CELL_ROLE)
        if cell.color:
            color = cell.color if cell.color.startswith("#") else getattr(self._theme.palette, cell.color)
            for role in (option.palette.ColorRole.Text, option.palette.ColorRole.HighlightedText):
                option.palette.setColor(role, QColor(color))
        if cell.tail:
            option.textElideMode = Qt.TextElideMode.ElideLeft
        if cell.bold:
            font = QFont(option.font)
            font.setWeight(QFont.Weight.DemiBold)
            option.font = font

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Cell = index.data(CELL_ROLE)
        if cell.hatched:
            room: QRect = option.rect
            painter.fillRect(room.adjusted(0, 1, 0, -1), QBrush(QColor(self._theme.palette.line), Qt.BrushStyle.BDiagPattern))
        super().paint(painter, option, index)


class Table(WholeRows):
    """A calm table: no grid, whole rows, some columns that take what room is left."""

    def __init__(self, model: RowsModel, theme: Theme, parent: QWidget, *, stretch: tuple[int, ...]) -> None:
        """Show a model; the columns of `stretch` share the room that the others leave."""
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(theme, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMinimumSize(120, 40)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(16)
        for column in stretch:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        theme.changed.connect(self.viewport().update)
        self.fit_rows()

    def fit_columns(self, *widest: str) -> None:
        """Give each column but the stretched ones the room of its widest text; empty leaves it."""
        for column, text in enumerate(widest):
            if text:
                self.setColumnWidth(column, self.fontMetrics().horizontalAdvance(text) + 18)

    def fit_rows(self) -> None:
        """Give each row the height of a line of text."""
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
