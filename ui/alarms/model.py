"""A table of rows known by a key: what is selected or in view stays so while rows come, go and change places. Not for what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
RowT = TypeVar("RowT")


class KeyedModel(QAbstractTableModel, Generic[RowT]):
    """Tells a view what was removed, moved, inserted and changed, and nothing else."""

    def __init__(self, columns: int, parent: QObject, *, key: Callable[[RowT], str]) -> None:
        """Start without rows; `key` names a row while it changes."""
        super().__init__(parent)
        self._columns, self._key = columns, key
        self._rows: list[RowT] = []

    @property
    def rows(self) -> Sequence[RowT]:
        """Return the rows shown."""
        return self._rows

    def show(self, rows: Sequence[RowT]) -> None:
        """Show other rows; no key stands twice."""
        place = {self._key(row): number for number, row in enumerate(rows)}
        self._remove([n for n, row in enumerate(self._rows) if self._key(row) not in place])
        self._reorder(place)
        self._insert(rows)
        for number, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
            if old != new:
                self._rows[number] = new
                self.dataChanged.emit(self.index(number, 0), self.index(number, self._columns - 1))

    def _remove(self, numbers: Sequence[int]) -> None:
        """Take rows away, from below, those that touch together."""
        while numbers:
            last = numbers[-1]
            first, count = last, 1
            while count < len(numbers) and numbers[-count - 1] == first - 1:
                first, count = first - 1, count + 1
            self.beginRemoveRows(_NOWHERE, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
            numbers = numbers[:-count]

    def _reorder(self, place: dict[str, int]) -> None:
        """Put the rows that stay into their new order."""
        before = [self._key(row) for row in self._rows]
        after = sorted(before, key=place.__getitem__)
        if before == after:
            return
        self.layoutAboutToBeChanged.emit()
        by_key = dict(zip(before, self._rows, strict=True))
        moved = {key: number for number, key in enumerate(after)}
        self._rows = [by_key[key] for key in after]
        kept = self.persistentIndexList()
        self.changePersistentIndexList(kept, [self.index(moved[before[index.row()]], index.column()) for index in kept])
        self.layoutChanged.emit()

    def _insert(self, rows: Sequence[RowT]) -> None:
        """Put the rows that are new between the others, those that touch together."""
        known = {self._key(row) for row in self._rows}
        number = 0
        while number < len(rows):
            end = number
            while end < len(rows) and self._key(rows[end]) not in known:
                end += 1
            if end > number:
                self.beginInsertRows(_NOWHERE, number, end - 1)
                self._rows[number:number] = rows[number:end]
                self.endInsertRows()
            number = end + 1

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._columns
