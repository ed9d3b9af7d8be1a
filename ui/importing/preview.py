"""The first rows of a table as they are read, with the time that each would have. Not for changing how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from typing_extensions import override

from twin_app.text import clock_time, offset_name, tr

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from PySide6.QtCore import QObject

    from twin_app.service.looking import Look
    from ui.context import Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
OWN = 1
"""Columns before those of the table."""


class PreviewModel(QAbstractTableModel):
    """A row a row of the file; before its cells the time as read, in the line's zone."""

    def __init__(self, theme: Theme, zone: ZoneInfo, parent: QObject) -> None:
        """Start without rows; times are shown in `zone`."""
        super().__init__(parent)
        self._theme, self._zone = theme, zone
        self._look: Look | None = None
        self._targets: dict[int, str] = {}

    def show(self, look: Look | None) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._look = look
        self._targets = {}
        if look is not None and not look.long:
            targets = {named.name: named.target for named in look.named if named.target}
            self._targets = {
                i: targets[name] for i, name in enumerate(look.headings) if name in targets and i not in {look.time, look.clock}
            }
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self._look is None else len(self._look.rows)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self._look is None else OWN + len(self._look.headings)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        look = self._look
        if look is None:
            return None
        row, place = index.row(), index.column() - OWN
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            reason = self._reason(look, row, place) if role == Qt.ItemDataRole.ToolTipRole else ""
            text = self._time(look, row) if place < 0 else self._cell(look, row, place)
            return tr("{text}: left out, {reason}.", text=text, reason=tr(reason)) if reason else text
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(getattr(self._theme.palette, "aborted" if self._reason(look, row, place) else self._color(look, place)))
        return None

    def _reason(self, look: Look, row: int, place: int) -> str:
        """Return why a cell is left out; of the time's own column that of the time."""
        return look.wrong.get((look.numbers[row], look.time if place < 0 else place), "")

    def _color(self, look: Look, place: int) -> str:
        """Return the role of a cell that is read, or that nobody reads."""
        used = place < 0 or place in {look.time, look.clock, look.signal, look.value} or place in self._targets or place in look.own
        return "text" if used else "dim"

    def _time(self, look: Look, row: int) -> str:
        """Return a row's time, worded."""
        at_ns = look.times[row]
        return "—" if at_ns is None else clock_time(at_ns, self._zone, date=True, digits=3)

    @staticmethod
    def _cell(look: Look, row: int, place: int) -> str:
        """Return a cell; a row may be short."""
        cells = look.rows[row]
        return cells[place] if place < len(cells) else ""

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        look = self._look
        if look is None or role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            return left if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal else None
        if orientation is Qt.Orientation.Vertical:
            return str(look.numbers[section])
        place = section - OWN
        if place < 0:
            first = next((at for at in look.times if at is not None), None)
            return tr("Time as read") + ("" if first is None else f"\n{offset_name(first, self._zone)}")
        used = {look.time: tr("the time"), look.clock: tr("the time"), look.signal: tr("the signal"), look.value: tr("the value")}
        return f"{look.headings[place]}\n{used.get(place) or self._targets.get(place) or look.own.get(place) or '—'}"
