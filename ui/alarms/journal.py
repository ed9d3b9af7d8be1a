"""The journal of alarms: every transition of a span, the newest first, sought and filtered like the list. Not for asking for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QTableView
from typing_extensions import override

from twin_app.alarms.words import alarm_text, unit_title
from twin_app.model.alarm import WHY_WORDS
from twin_app.text import N_, clock_time, tr
from ui.alarms.model import KeyedModel
from ui.alarms.table import MARK_PX, STATE_GLYPHS, aligned, state_words
from ui.widgets.priority import paint_priority

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from twin_app.model.alarm import Transition
    from twin_app.model.equipment import Line
    from ui.alarms.entries import Wanted
    from ui.context import Theme

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
HEADS = (N_("Priority"), N_("Time"), N_("Unit"), N_("Alarm"), N_("What"), N_("Who"))
MARK, TIME, UNIT, TEXT, WHAT, WHO = range(len(HEADS))
MOST_ROWS = 2000
"""So many of the newest rows are listed; the export holds all."""
WIDE_PX = 560


def wanted_rows(line: Line, rows: Sequence[Transition], wanted: Wanted) -> list[Transition]:
    """Return the rows that somebody wants to see, the newest first."""
    return [row for row in reversed(rows) if _fits(line, row, wanted)]


def _fits(line: Line, row: Transition, wanted: Wanted) -> bool:
    """Tell whether somebody wants to see a row."""
    alarm = row.alarm
    if alarm.priority not in wanted.priorities or (wanted.unit and alarm.unit != wanted.unit):
        return False
    note = row.action.note if row.action else ""
    said = f"{unit_title(line, alarm.unit)} {alarm.unit} {alarm_text(line, alarm, row.detail)} {alarm.name} {tr(WHY_WORDS[row.why])} {note}".casefold()
    return all(word in said for word in wanted.words.casefold().split())


class JournalModel(KeyedModel["Transition"]):
    """Rows of the journal."""

    def __init__(self, parent: QObject) -> None:
        """Start empty."""
        super().__init__(len(HEADS), parent, key=_key)
        self.line: Line | None = None
        self.person: Callable[[str], str] = str
        """Words a person's id."""

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return "" if section == MARK else tr(HEADS[section])
        return aligned(False) if role == Qt.ItemDataRole.TextAlignmentRole else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, line = self.rows[index.row()], self.line
        if line is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(row, line)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            note = row.action.note if row.action else ""
            change = f"{state_words(row.before)} → {state_words(row.after)}"
            return "\n".join(filter(None, (alarm_text(line, row.alarm, row.detail), change, note)))
        return row if role == ROW_ROLE else None

    def _texts(self, row: Transition, line: Line) -> tuple[str, ...]:
        """Return the words of a row's cells."""
        change = f"{STATE_GLYPHS[row.before]}→{STATE_GLYPHS[row.after]}"
        who = self.person(row.action.who) if row.action else ""
        text = alarm_text(line, row.alarm, row.detail)
        return "", clock_time(row.at_ns, line.tz), unit_title(line, row.alarm.unit), text, f"{change}  {tr(WHY_WORDS[row.why])}", who


class _Marks(QStyledItemDelegate):
    """Paints the mark of each row, filled where somebody was shown an activation."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.column() == MARK:
            row: Transition = index.data(ROW_ROLE)
            size = min(MARK_PX, option.rect.height() - 4) - 2
            box = QRectF(option.rect.left() + 6, option.rect.center().y() - size / 2 + 0.5, size, size)
            paint_priority(painter, box, row.alarm.priority, self._theme.palette, outlined=not row.shown)


class JournalTable(QTableView):
    """The table.

    Signals:
        jump_wanted(object): a person wants to see the moment of a row (a `Transition`).
    """

    jump_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Start empty."""
        super().__init__(parent)
        self.rows = JournalModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Marks(theme, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMinimumSize(160, 24)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(16)
        self.horizontalHeader().setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        self.activated.connect(self._on_activated)
        theme.changed.connect(self.viewport().update)
        self.fit()

    def fit(self) -> None:
        """Give rows and columns their room in the present font."""
        measured, width = self.fontMetrics(), self.width()
        self.verticalHeader().setDefaultSectionSize(max(measured.height() + 6, MARK_PX + 4))
        self.setColumnWidth(MARK, MARK_PX + 10)
        self.setColumnWidth(TIME, measured.horizontalAdvance("00:00:00") + 16)
        self.setColumnWidth(UNIT, min(measured.horizontalAdvance("Label inspection") + 16, width // 5))
        self.setColumnWidth(WHAT, min(measured.horizontalAdvance("●→○  " + tr(N_("Returns to normal"))) + 16, width // 3))
        self.setColumnWidth(WHO, measured.horizontalAdvance("Mary Miller") + 16)
        self.setColumnHidden(WHO, width < WIDE_PX)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def _on_activated(self, index: QModelIndex) -> None:
        """Enter or a double click."""
        self.jump_wanted.emit(index.data(ROW_ROLE))


def _key(row: Transition) -> str:
    """Return what a row is known by."""
    return f"{row.at_ns} {row.alarm.key} {row.before} {row.after} {row.why}"
