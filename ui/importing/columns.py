"""Which signal each column (or tag) of a table is, chosen from the line's or typed. Not for guessing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtWidgets import QComboBox, QCompleter, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from twin_app.service.looking import LEFT, NEW, NOBODY, Named
from twin_app.tables.columns import LEFT_OUT
from twin_app.text import N_, number, tr
from ui.theme import ICONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QAbstractItemModel

    from ui.context import Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
NAME, EXAMPLE, TARGET, TAKEN, WRONG = range(5)
HEADS = (N_("Column"), N_("Example"), N_("Signal of the line"), N_("Samples"), N_("Left out"))
ARROW_PX = 12
TAG = N_("Tag")
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
STANDS_FOR = {NEW: N_("{target} (new to the line)"), LEFT: N_("left out"), NOBODY: N_("no signal: choose one")}


class ColumnsModel(QAbstractTableModel):
    """What is known of each column; a person's choice is told, and shown once the table was looked at anew.

    Signals:
        chosen(str, str): a column's name, and `UNIT/NAME`, `-` or nothing for it.
    """

    chosen = Signal(str, str)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        """Start without columns."""
        super().__init__(parent)
        self._theme = theme
        self.named: tuple[Named, ...] = ()
        self._long = self._counted = False

    def show(self, named: tuple[Named, ...], *, long: bool, counted: bool) -> None:
        """Show other columns; where they are the same, what was selected stays. `counted` tells whether their samples were."""
        self._counted = counted
        if named and [one.name for one in named] == [one.name for one in self.named]:
            self.named, self._long = named, long
            self.dataChanged.emit(self.index(0, 0), self.index(len(named) - 1, len(HEADS) - 1))
            return
        self.beginResetModel()
        self.named, self._long = named, long
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.named)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(HEADS)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = Qt.ItemFlag.ItemIsEditable if index.column() == TARGET else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | editable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.named[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(one)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(one.reason) if index.column() == WRONG and one.reason else self._texts(one)[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return LEFT_OUT if one.is_a == LEFT else one.target
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if index.column() in {TAKEN, WRONG} else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(getattr(self._theme.palette, self._color(one, index.column())))
        return None

    def _texts(self, one: Named) -> tuple[str, ...]:
        """Return a row's cells."""
        target = tr(STANDS_FOR[one.is_a], target=one.target) if one.is_a in STANDS_FOR else one.target
        counted = bool(one.target) and self._counted
        return one.name, one.example, target, number(one.taken) if counted else "", number(one.wrong) if one.wrong else ""

    @staticmethod
    def _color(one: Named, column: int) -> str:
        """Return a cell's role: what is left out is looked at, what is wrong as well."""
        if column == WRONG or (column == TARGET and one.target and not one.taken and one.wrong):
            return "aborted"
        return "dim" if one.is_a in {LEFT, NOBODY} or column == EXAMPLE else "text"

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        one, said = self.named[index.row()], str(value).strip()
        if index.column() != TARGET or said == self.data(index, Qt.ItemDataRole.EditRole):
            return False
        self.chosen.emit(one.name, said)
        return True

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(TAG) if self._long and section == NAME else tr(HEADS[section])
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return (RIGHT if section in {TAKEN, WRONG} else left) if role == Qt.ItemDataRole.TextAlignmentRole else None


class SignalDelegate(QStyledItemDelegate):
    """Lets a signal be chosen from a list that letters narrow, or typed."""

    def __init__(self, signals: Sequence[str], parent: QObject) -> None:
        """Offer the signals of a line."""
        super().__init__(parent)
        self._signals, self._arrow = signals, QIcon(f"{ICONS}/down.svg")

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the text, and behind it what says that there is a list."""
        super().paint(painter, option, index)
        place = QRect(option.rect.right() - ARROW_PX - 6, option.rect.center().y() - ARROW_PX // 2 + 1, ARROW_PX, ARROW_PX)
        self._arrow.paint(painter, place)

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        box = QComboBox(parent)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItem(tr("left out"), LEFT_OUT)
        for name in self._signals:
            box.addItem(name, name)
        completer = QCompleter(box.model(), box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        box.setCompleter(completer)
        box.activated.connect(self._on_activated)
        return box

    def _on_activated(self) -> None:
        """One is chosen: that is all."""
        box = self.sender()
        if isinstance(box, QComboBox):
            self.commitData.emit(box)
            self.closeEditor.emit(box)

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            said = index.data(Qt.ItemDataRole.EditRole)
            with QSignalBlocker(editor):
                editor.setCurrentIndex(editor.findData(said) if said else -1)
                if editor.currentIndex() < 0:
                    editor.setEditText(said)
            line = editor.lineEdit()
            if line is not None:
                line.setPlaceholderText(tr("UNIT/NAME"))
                line.selectAll()

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox):
            i = editor.findText(editor.currentText(), Qt.MatchFlag.MatchExactly)
            model.setData(index, editor.itemData(i) if i >= 0 else editor.currentText(), Qt.ItemDataRole.EditRole)
