"""The line as a tree: site, area, line, units with their state. Not for the units' values: see the inspector."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QVBoxLayout
from typing_extensions import override

from twin_app.model.packml import Category
from twin_app.text import N_, tr
from ui.palette import glyph, state_color
from ui.panels.base import Panel
from ui.widgets.blink import Blink
from ui.widgets.priority import paint_unit_alarms, unit_alarms_words
from ui.words import state_word, unit_notes, unit_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from twin_app.model.alarm import UnitAlarms
    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from twin_app.model.timeline import UnitNow
    from ui.context import Context, LineView, Theme

NAME, STATE = range(2)
ROW_AIR_PX = 8
UNIT_ROLE = int(Qt.ItemDataRole.UserRole)
ALARMS_ROLE = UNIT_ROLE + 1
MARK_PX, MARK_AIR_PX = 16, 2
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(slots=True)
class _Node:
    """One row; `number` is its place in the model's list, `unit` empty above the units."""

    number: int
    title: str
    parent: _Node | None
    row: int = 0
    unit: str = ""
    children: list[_Node] = field(default_factory=list)


class LineModel(QAbstractItemModel):
    """Site > area > line > units; the state column changes with the frames."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Start without a line."""
        super().__init__(parent)
        self._theme = theme
        self._nodes = [_Node(0, "", None)]
        self._now: Mapping[str, UnitNow] = {}
        self._alarms: Mapping[str, UnitAlarms] = {}

    def open_line(self, line: Line | None) -> None:
        """Show another line."""
        self.beginResetModel()
        self._nodes, self._now, self._alarms = [_Node(0, "", None)], {}, {}
        if line is not None:
            above = self._nodes[0]
            for title in (" · ".join(t for t in (line.enterprise, line.site) if t), line.area, line.title):
                above = self._add(above, title) if title else above
            for unit in line.units:
                self._add(above, unit.title, unit.id)
        self.endResetModel()

    def _add(self, parent: _Node, title: str, unit: str = "") -> _Node:
        """Append a row below another."""
        node = _Node(len(self._nodes), title, parent, len(parent.children), unit)
        parent.children.append(node)
        self._nodes.append(node)
        return node

    def show_units(self, now: Mapping[str, UnitNow], changed: frozenset[str] | None) -> None:
        """Take the states of a frame; `changed` None: all of them."""
        self._now = now
        for node in self._nodes:
            if node.unit and (changed is None or node.unit in changed):
                index = self.createIndex(node.row, STATE, node.number)
                self.dataChanged.emit(index, index)

    def show_alarms(self, alarms: Mapping[str, UnitAlarms]) -> None:
        """Mark units with alarms."""
        before, self._alarms = self._alarms, alarms
        for node in self._nodes:
            if node.unit and before.get(node.unit) != alarms.get(node.unit):
                index = self.createIndex(node.row, NAME, node.number)
                self.dataChanged.emit(index, index)

    @property
    def blinks(self) -> bool:
        """Whether some unit has an alarm that waits."""
        return any(alarms.unacknowledged for alarms in self._alarms.values())

    def index_of(self, unit: str) -> QModelIndex:
        """Return where a unit stands; invalid where it does not."""
        for node in self._nodes:
            if unit and node.unit == unit:
                return self.createIndex(node.row, NAME, node.number)
        return QModelIndex()

    @override
    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        children = self._node(parent).children
        if not 0 <= row < len(children) or not 0 <= column <= STATE:
            return QModelIndex()
        return self.createIndex(row, column, children[row].number)

    @override
    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]  # Qt has two overloads, of which one is overridden
        above = self._node(index).parent if index.isValid() else None
        return QModelIndex() if above is None or above.number == 0 else self.createIndex(above.row, NAME, above.number)

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.column() > NAME else len(self._node(parent).children)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 2

    @override
    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        node = self._node(index)
        if role == UNIT_ROLE:
            return node.unit
        if role == ALARMS_ROLE:
            return self._alarms.get(node.unit) if node.unit else None
        if role == Qt.ItemDataRole.ToolTipRole and node.unit and index.column() == NAME:
            return "\n".join(filter(None, (node.title, unit_alarms_words(self._alarms.get(node.unit)))))
        if index.column() == NAME:
            return _name_data(node, role)
        return self._state_data(node, role) if node.unit else None

    def _state_data(self, node: _Node, role: int) -> Any:  # noqa: ANN401 - as Qt's data
        """Return glyph, word and colour of a unit's state."""
        now = self._now.get(node.unit)
        state = now.state if now else None
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{glyph(state)}  {unit_state(now) if now else state_word(None)}"
        if role == Qt.ItemDataRole.ToolTipRole and now is not None:
            return "\n".join(unit_notes(now)) or None
        if role == Qt.ItemDataRole.ForegroundRole:
            palette = self._theme.palette
            color = state_color(palette, state, now.category if now else Category.BLIND)
            return QColor(color if color in palette.priority else palette.dim)
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr("Unit") if section == NAME else tr("State")
        return None

    def _node(self, index: Index) -> _Node:
        """Return the row behind an index; the invisible root for an invalid one."""
        return self._nodes[index.internalId()] if index.isValid() else self._nodes[0]


def _name_data(node: _Node, role: int) -> Any:  # noqa: ANN401 - as Qt's data
    """Return the name of a row; what stands above units is bold."""
    if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
        return node.title
    if role == Qt.ItemDataRole.FontRole and not node.unit:
        bold = QFont()
        bold.setWeight(QFont.Weight.DemiBold)
        return bold
    return None


class _Rows(QStyledItemDelegate):
    """Gives rows air, keeps a state's colour in a selected row, and marks units with alarms at the end of their name."""

    def __init__(self, theme: Theme, blink: Blink, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._blink = theme, blink

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.column() == NAME and (alarms := index.data(ALARMS_ROLE)):
            box = QRectF(option.rect.right() - MARK_PX - MARK_AIR_PX, option.rect.center().y() - MARK_PX / 2 + 0.5, MARK_PX, MARK_PX)
            paint_unit_alarms(painter, box, alarms, self._theme.palette, dark=self._blink.dark)

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        color = index.data(Qt.ItemDataRole.ForegroundRole)
        palette = QPalette(option.palette)
        palette.setColor(QPalette.ColorRole.HighlightedText, color or palette.color(QPalette.ColorRole.Text))
        option.palette = palette
        if index.column() == NAME and index.data(ALARMS_ROLE) and option.rect.width() > 0:  # the mark stands behind the name, not upon it
            room = option.rect.width() - MARK_PX - 3 * MARK_AIR_PX
            option.text = option.fontMetrics.elidedText(option.text, Qt.TextElideMode.ElideRight, room)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), option.fontMetrics.height() + ROW_AIR_PX)


class TreePanel(Panel):
    """The tree; choosing a unit selects it everywhere, and the other way round."""

    key = "tree"
    title = N_("Line")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the empty tree."""
        super().__init__(context, parent)
        self.model = LineModel(context.theme, self)
        self.tree = QTreeView(self)
        self.tree.setModel(self.model)
        self.blink = Blink(self.tree)
        self.blink.beaten.connect(self.tree.viewport().update)
        self.tree.setItemDelegate(_Rows(context.theme, self.blink, self.tree))
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(11)
        self.tree.setUniformRowHeights(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(STATE, QHeaderView.ResizeMode.ResizeToContents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 0, 4)
        layout.addWidget(self.tree)
        self.tree.selectionModel().selectionChanged.connect(self._on_selection_changed)
        context.selection.unit_changed.connect(self._on_unit_changed)
        context.theme.changed.connect(self._on_theme_changed)
        self.retranslate()

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self.model.open_line(view.line if view else None)
        self.tree.expandAll()

    @override
    def show_frame(self, frame: Frame) -> None:
        if frame.changes.all or frame.changes.units:
            self.model.show_units(frame.units, None if frame.changes.all else frame.changes.units)
        if frame.changes.all or frame.changes.alarms:
            self.model.show_alarms(frame.alarms.units)
            self.blink.want(self.model.blinks)

    @override
    def retranslate(self) -> None:
        self.tree.setAccessibleName(tr("Units of the line"))
        if self.frame is not None:
            self.model.show_units(self.frame.units, None)

    def _on_selection_changed(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        """A person chose a row; rows above the units select nothing."""
        for index in selected.indexes()[:1]:
            if unit := index.data(UNIT_ROLE):
                self.context.selection.select(unit)

    def _on_unit_changed(self, unit: str) -> None:
        """Another view selected a unit, or none."""
        index = self.model.index_of(unit)
        chosen = self.tree.selectionModel()
        if not index.isValid():
            chosen.clearSelection()
        elif not chosen.isSelected(index):
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            chosen.select(index, flags)
            self.tree.scrollTo(index)

    def _on_theme_changed(self) -> None:
        """Take the new theme's colours."""
        self.retranslate()
