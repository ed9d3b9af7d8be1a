"""The list of alarms as a table: a mark, then words; selection and place stay while alarms come and go. Not for choosing what is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate
from typing_extensions import override

from twin_app.alarms.words import alarm_text, unit_title
from twin_app.model.alarm import ALARM_STATE_WORDS, AlarmState
from twin_app.text import N_, clock_time, number, tr
from ui.alarms.entries import By
from ui.alarms.model import KeyedModel
from ui.widgets.blink import Blink
from ui.widgets.plain_cell import PlainCell
from ui.widgets.priority import paint_priority
from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from twin_app.model.alarm import AlarmNow
    from twin_app.model.equipment import Line
    from ui.alarms.entries import Entry
    from ui.context import Theme

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = int(Qt.ItemDataRole.UserRole)
STATE_GLYPHS = ("", "●", "✓", "○", "■", "□", "◔", "⊖", "⊘")
"""A sign beside the word of each state, A to I."""
HEADS = (N_("Priority"), N_("Since"), N_("Unit"), N_("Alarm"), N_("State"), N_("Value"), N_("Count"))
COLUMNS = tuple(By)
AT_RIGHT = frozenset({By.VALUE, By.COUNT})
MARK_PX = 18
AIR_PX = 16
INDENT_PX = 14
LEAST_ROWS = 3
"""Other parts of the window give way before fewer alarms are seen."""
NARROW_PX, WIDE_PX = 400, 780
"""Below the first width states are signs without words and values are left out; above the second all is shown."""


def state_words(state: AlarmState) -> str:
    """Return the sign and the word of an alarm's state."""
    return f"{STATE_GLYPHS[state]} {tr(ALARM_STATE_WORDS[state])}".strip()


def is_bold(entry: Entry) -> bool:
    """Tell whether a line stands out: it stands, and nobody has acknowledged it."""
    return entry.now.state.unacknowledged and entry.now.active


def aligned(right: bool) -> Qt.AlignmentFlag:  # noqa: FBT001 - which side
    """Return where words stand in a cell."""
    return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)


class AlarmModel(KeyedModel["Entry"]):
    """Lines of the list as rows."""

    def __init__(self, parent: QObject) -> None:
        """Start empty."""
        super().__init__(len(HEADS), parent, key=lambda entry: entry.now.alarm.key)
        self.line: Line | None = None
        self.value: Callable[[AlarmNow], str] = lambda _now: ""
        """Words the value of an alarm's signal at the playhead beside its limit."""
        self.brief = False

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return "" if section == By.PRIORITY or (section == By.STATE and self.brief) else tr(HEADS[section])
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return tr(HEADS[section])
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return aligned(section in AT_RIGHT)
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(entry, By(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._whole(entry)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._whole(entry).replace("\n", ", ")
        if role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold if is_bold(entry) else QFont.Weight.Normal)
            return font
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return aligned(index.column() in AT_RIGHT)
        return entry if role == ENTRY_ROLE else None

    def words(self, entry: Entry, column: By) -> str:
        """Return the words of a cell."""
        now, line = entry.now, self.line
        if line is None or column is By.PRIORITY:
            return ""
        texts: dict[By, Callable[[], str]] = {
            By.SINCE: lambda: clock_time(now.since_ns, line.tz),
            By.UNIT: lambda: unit_title(line, now.alarm.unit),
            By.TEXT: lambda: alarm_text(line, now.alarm, now.detail) + self._fold(entry),
            By.STATE: lambda: STATE_GLYPHS[now.state] if self.brief else state_words(now.state),
            By.VALUE: lambda: self.value(now),
            By.COUNT: lambda: (number(now.count) if now.count > 1 else "") + (" ≋" if now.chattering else ""),
        }
        return texts[column]()

    @staticmethod
    def _fold(entry: Entry) -> str:
        """Return how many fold under a line, and whether they are shown."""
        return f"  {'▾' if entry.unfolded else '▸'} {number(entry.folded)}" if entry.folded else ""

    def _whole(self, entry: Entry) -> str:
        """Return everything about a line in words."""
        now, line = entry.now, self.line
        if line is None:
            return ""
        said = [
            f"{now.alarm.priority} · {unit_title(line, now.alarm.unit)}: {alarm_text(line, now.alarm, now.detail)}", state_words(now.state),
            tr("since {time}", time=clock_time(now.since_ns, line.tz, date=True)), self.value(now), now.alarm.guidance,
            tr("chattering") if now.chattering else "", tr("standing for over a day") if now.standing else "",
            tr("{count} follow from it", count=number(entry.folded)) if entry.folded else "",
        ]  # fmt: skip
        return "\n".join(filter(None, said))


class MarkDelegate(QStyledItemDelegate):
    """Paints the mark, and a line that stands under another one with an indent."""

    def __init__(self, theme: Theme, blink: Blink, rows: AlarmModel) -> None:
        """Paint rows in a theme, to a beat."""
        super().__init__(rows)
        self._theme, self._blink, self._rows = theme, blink, rows
        self._cell = PlainCell(theme)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry, column = self._rows.rows[index.row()], COLUMNS[index.column()]
        now = entry.now
        quiet = column is not By.TEXT and (not now.active or now.state.hidden)
        words = ("    " if entry.level and column is By.TEXT else "") + self._rows.words(entry, column)
        self._cell.paint(painter, option, words, bold=is_bold(entry), dim=quiet, right=column in AT_RIGHT)
        if column is By.PRIORITY:
            size = min(MARK_PX, option.rect.height() - 4)
            left = option.rect.left() + 5 + (INDENT_PX if entry.level else 0)
            box = QRectF(left, option.rect.center().y() - size / 2 + 0.5, size, size)
            hollow = bool(now.under) or now.state.hidden
            dark = self._blink.dark and now.state.unacknowledged
            paint_priority(painter, box, now.alarm.priority, self._theme.palette, outlined=hollow, dark=dark)


class AlarmTable(WholeRows):
    """The table.

    Signals:
        unfold_wanted(str, bool): a person wants what folds under an alarm (its key) shown, or hidden.
        jump_wanted(): a person pressed Enter on a line, or clicked it twice.
    """

    unfold_wanted = Signal(str, bool)
    jump_wanted = Signal()
    own_keys = frozenset({Qt.Key.Key_Right, Qt.Key.Key_Left})
    """Unfold and fold while it has the focus; the timeline goes back and forth by them."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Start empty."""
        super().__init__(parent)
        self.rows = AlarmModel(self)
        self._theme = theme
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else ten widgets behind it are painted at each beat
        self.blink = Blink(self)
        self.setModel(self.rows)
        self.setItemDelegate(MarkDelegate(theme, self.blink, self.rows))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMinimumWidth(160)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(16)
        header.setSectionsClickable(True)
        header.setSectionResizeMode(By.TEXT, QHeaderView.ResizeMode.Stretch)
        self.blink.beaten.connect(self._on_beaten)
        self.doubleClicked.connect(self.jump_wanted)
        theme.changed.connect(self.viewport().update)
        self.fit()

    def show_entries(self, shown: Sequence[Entry]) -> None:
        """Show other lines."""
        self.rows.show(shown)
        self.blink.want(any(entry.now.state.unacknowledged for entry in shown))

    def chosen(self) -> tuple[Entry, ...]:
        """Return the selected lines, from above."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self.rows.rows[n] for n in numbers)

    def in_view(self) -> tuple[Entry, ...]:
        """Return the lines that are wholly in view: nobody acts on what they do not see."""
        view = self.viewport().rect()
        first, last = self.rowAt(view.top()), self.rowAt(view.bottom())
        rows = range(max(first, 0), (last if last >= 0 else len(self.rows.rows) - 1) + 1)
        return tuple(self.rows.rows[n] for n in rows if view.contains(self.visualRect(self.rows.index(n, By.TEXT))))

    def fit(self) -> None:
        """Give rows and columns their room in the present font; what is unacknowledged is bold, and wider."""
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        measured, width = QFontMetrics(bold), self.width()
        wide = width >= WIDE_PX
        self.rows.brief = not wide
        row = max(measured.height() + 8, MARK_PX + 6)
        self.verticalHeader().setDefaultSectionSize(row)
        self.setMinimumHeight(self.horizontalHeader().sizeHint().height() + LEAST_ROWS * row + 2 * self.frameWidth())
        self.setColumnWidth(By.PRIORITY, MARK_PX + 10 + INDENT_PX)
        self.setColumnWidth(By.SINCE, measured.horizontalAdvance("00:00:00") + AIR_PX)
        self.setColumnWidth(By.VALUE, measured.horizontalAdvance("000.0 > 000 mm/s") + AIR_PX)
        self.setColumnWidth(By.COUNT, measured.horizontalAdvance("00 ≋") + AIR_PX)
        words = max((measured.horizontalAdvance(state_words(state)) for state in AlarmState if state), default=0)
        self.setColumnWidth(By.STATE, (words if wide else measured.horizontalAdvance("●")) + AIR_PX)
        self.setColumnHidden(By.VALUE, not wide)
        self.setColumnHidden(By.COUNT, width < NARROW_PX)
        titles = [unit.title for unit in self.rows.line.units] if self.rows.line else []
        unit = max((measured.horizontalAdvance(title) for title in titles), default=60) + AIR_PX
        self.setColumnWidth(By.UNIT, min(unit, width // 5))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._theme.palette.panel))
        painter.end()
        super().paintEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            QTimer.singleShot(0, self, self.fit)  # the head is dressed after this

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}
        current = self.currentIndex()
        if event.key() in keys and current.isValid():
            entry = self.rows.rows[current.row()]
            self.unfold_wanted.emit(entry.now.under or entry.now.alarm.key, keys[Qt.Key(event.key())])
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and current.isValid():
            self.jump_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _on_beaten(self) -> None:
        """Paint the marks that blink."""
        column = self.columnViewportPosition(By.PRIORITY)
        self.viewport().update(column, 0, self.columnWidth(By.PRIORITY), self.viewport().height())
