"""Where messages come from and what became of them: refused by reason, topics no rule maps, unknown state words. Nothing is lost silently."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QVBoxLayout
from typing_extensions import override

from twin_app.clock import SECOND_NS, now_ns
from twin_app.model.message import Status
from twin_app.text import N_, duration, number, tr
from ui.health import STATUS_GLYPHS, status_words
from ui.panels.base import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from twin_app.model.frame import Frame
    from twin_app.model.message import SourceHealth
    from ui.context import Context, LineView, Theme

WHAT, HOW_MANY = range(2)
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(slots=True)
class Row:
    """One row: what it is, its figure, and what stands below it."""

    what: str
    figure: str = ""
    bad: bool = False
    head: bool = False
    changing: bool = False
    """Its words change as its figure would."""
    below: list[Row] = field(default_factory=list)
    above: Row | None = None
    place: int = 0
    number: int = 0

    def shape(self) -> tuple[object, ...]:
        """Return what must be equal for the rows to be updated in place."""
        return ("" if self.changing else self.what, tuple(row.shape() for row in self.below))


def rows(health: Sequence[SourceHealth]) -> list[Row]:
    """Return a row a source, its counts and its lists below it."""
    return [_source_row(h) for h in health]


def _source_row(h: SourceHealth) -> Row:
    """Return one source with everything counted about it."""
    bad = h.status in {Status.FAILED, Status.DISCONNECTED}
    row = Row(h.title, f"{STATUS_GLYPHS[h.status]} {status_words(h)}", bad=bad, head=True)
    row.below.append(Row(tr("Address"), h.address))
    if h.hidden:
        row.below.append(Row(tr("What it counted is hidden: it tells of what lies ahead.")))
        return row
    if h.recorded_by:
        row.below.append(Row(tr("Recorded by"), h.recorded_by))
    if h.error:
        row.below.append(Row(h.error, bad=True))
    row.below += [Row(warning, bad=True) for warning in h.warnings]
    row.below.append(Row(tr("Received"), number(h.received)))
    if h.live:
        row.below += _live_rows(h)
    row.below += [
        Row(tr("Sent twice, left out"), number(h.duplicates)), Row(tr("Late, put where they belong"), number(h.out_of_order)),
        Row(tr("Without a believable time"), number(h.odd_times)), Row(tr("Retained, age unknown"), number(h.retained)), Row(tr("Ignored on purpose"), number(h.ignored)),
        Row(tr("Dropped by the broker"), number(h.dropped), bad=h.dropped > 0),
        _refused_row(h), _list_row(tr("Topics no rule maps"), h.unmapped, bad=False),
        _list_row(tr("State words no map names"), h.unknown_states, bad=True),
    ]  # fmt: skip
    if h.notes:
        row.below.append(_list_row(tr("Noticed"), h.notes, bad=False))
    return row


def _live_rows(h: SourceHealth) -> list[Row]:
    """Return how a source is that goes on for ever: its rates, what waits, and its clock."""
    offset = "–" if h.clock_offset_s is None else tr("{time} s", time=number(h.clock_offset_s, 3))
    connected = _since(h.since_ns) if h.status is Status.CONNECTED else "–"
    newest = tr("none yet") if h.newest_ns is None else _since(h.newest_ns)
    return [
        Row(tr("Connected for"), connected), Row(tr("Age of the newest message"), newest), Row(tr("Messages a second"), number(h.per_second, 1)),
        Row(tr("Samples a second"), number(h.samples_per_second, 1)), Row(tr("Samples waiting"), number(h.backlog)),
        Row(tr("Received behind its own clock"), offset), Row(tr("Reconnected"), number(h.reconnects)),
    ]  # fmt: skip


def _since(at_ns: int) -> str:
    """Return how long ago an instant was."""
    return duration(max(0.0, (now_ns() - at_ns) / SECOND_NS))


def _refused_row(h: SourceHealth) -> Row:
    """Return what was refused, by reason, each with its last example."""
    row = _list_row(tr("Refused"), h.refused, bad=True)
    for reason in row.below:
        if reason.what in h.examples:
            reason.below = [Row(tr("The last: {example}", example=h.examples[reason.what]), changing=True)]
    return row


def _list_row(title: str, counts: Mapping[str, int], *, bad: bool) -> Row:
    """Return a sum with its parts below it, in the order of their names."""
    row = Row(title, number(sum(counts.values())), bad=bad and bool(counts))
    row.below = [Row(what, number(counts[what])) for what in sorted(counts)]
    return row


class SourcesModel(QAbstractItemModel):
    """Rows of all sources; changes figures in place while the shape stays."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Start empty."""
        super().__init__(parent)
        self._theme = theme
        self._root = Row("")
        self._all: list[Row] = [self._root]

    def show_rows(self, fresh: list[Row]) -> bool:
        """Show other rows; True if their shape changed and the view must be expanded anew."""
        root = Row("", below=fresh)
        reset = root.shape() != self._root.shape()
        if reset:
            self.beginResetModel()
        self._root = root
        self._all = list(_numbered(root))
        if reset:
            self.endResetModel()
        else:
            self._tell_changed()
        return reset

    def _tell_changed(self) -> None:
        """Tell the view that every figure may differ."""
        for row in self._all:
            if row.below:
                first = self.createIndex(0, WHAT, row.below[0].number)
                self.dataChanged.emit(first, self.createIndex(len(row.below) - 1, HOW_MANY, row.below[-1].number))

    def row_of(self, index: Index) -> Row:
        """Return the row behind an index; the invisible root for an invalid one."""
        return self._all[index.internalId()] if index.isValid() else self._root

    @override
    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        below = self.row_of(parent).below
        if not 0 <= row < len(below) or not 0 <= column <= HOW_MANY:
            return QModelIndex()
        return self.createIndex(row, column, below[row].number)

    @override
    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]  # Qt has two overloads, of which one is overridden
        above = self.row_of(index).above if index.isValid() else None
        return QModelIndex() if above is None or above is self._root else self.createIndex(above.place, WHAT, above.number)

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.column() > WHAT else len(self.row_of(parent).below)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 2

    @override
    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        row = self.row_of(index)
        text = row.what if index.column() == WHAT else row.figure
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return text
        if role == Qt.ItemDataRole.ForegroundRole:
            palette = self._theme.palette
            return QColor(palette.priority[0] if row.bad else palette.text if row.head or index.column() == HOW_MANY else palette.dim)
        if role == Qt.ItemDataRole.FontRole and row.head:
            bold = QFont()
            bold.setWeight(QFont.Weight.DemiBold)
            return bold
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == HOW_MANY:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


def _numbered(row: Row) -> Iterator[Row]:
    """Yield a row and all below it, each told its place, its number and what stands above it."""
    waiting, number_ = [row], 0
    while waiting:
        current = waiting.pop(0)
        current.number = number_
        number_ += 1
        yield current
        for place, child in enumerate(current.below):
            child.above, child.place = current, place
            waiting.append(child)


class SourcesPanel(Panel):
    """The tree of all counts."""

    key = "sources"
    title = N_("Sources")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the empty tree."""
        super().__init__(context, parent)
        self.model = SourcesModel(context.theme, self)
        self.tree = QTreeView(self)
        self.tree.setModel(self.model)
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(14)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(60)
        header.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(HOW_MANY, QHeaderView.ResizeMode.ResizeToContents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.tree)
        self.retranslate()

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self.model.show_rows([])

    @override
    def show_frame(self, frame: Frame) -> None:
        if frame.changes.all or frame.changes.health:
            self._show(frame)

    @override
    def retranslate(self) -> None:
        self.tree.setAccessibleName(tr(self.title))
        if self.frame is not None:
            self._show(self.frame)

    def _show(self, frame: Frame) -> None:
        """Show the counts; where rows come or go the view stays where a person had scrolled it."""
        bar = self.tree.verticalScrollBar()
        at = bar.value()
        if self.model.show_rows(rows(frame.health)):
            self.tree.expandAll()
            bar.setValue(at)
