"""Ctrl+K: find a command, a unit, a signal or an alarm by a few letters and go there. Not for settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter
from PySide6.QtWidgets import QDialog, QLineEdit, QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout
from typing_extensions import override

from twin_app.alarms.words import alarm_text, unit_title
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from twin_app.model.alarm import AlarmNow
    from ui.commands import Commands
    from ui.context import LineView, Selection

WIDTH_PX, ROWS_SHOWN, AT_MOST = 560, 12, 200
RIGHT_ROLE = int(Qt.ItemDataRole.UserRole)
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that can be gone to: a command's id or a unit's, and the panel that shows what was found of it."""

    text: str
    right: str
    command: str = ""
    unit: str = ""
    panel: str = ""
    also: str = ""
    """What it is found by besides: a command by its English words, which a manual or a colleague may say."""
    keys: tuple[str, ...] = ()
    """What it is found by, too, as a person writes them: `ctrl+h`."""


def findings(commands: Commands, view: LineView | None, alarms: Sequence[AlarmNow] = ()) -> list[Finding]:
    """Return everything that can be found: enabled commands, those of late first, units, what alarms say now, signals."""
    found = [
        Finding(
            text=action.text().replace("&", ""), right=_keys(command.keys) or tr(command.menu), command=command.id, also=command.text,
            keys=tuple(key.casefold() for key in command.keys),
        )
        for command, action in sorted(commands, key=commands.lateness)
        if action.isEnabled() and action.isVisible()
    ]  # fmt: skip
    if view is None:
        return found
    titles = {unit.id: unit.title for unit in view.line.units}
    found += [Finding(text=title, right=tr("Unit"), unit=unit) for unit, title in titles.items()]
    for now in alarms:
        what, unit = alarm_text(view.line, now.alarm, now.detail), now.alarm.unit
        found.append(Finding(text=f"{unit_title(view.line, unit)} · {what}", right=tr("Alarm"), unit=unit, panel="alarms"))
    found += [
        Finding(text=f"{titles[s.unit]} · {s.name}", right=tr("Signal"), unit=s.unit, panel="inspector")
        for s in view.signals if s.unit in titles
    ]  # fmt: skip
    return found


def _keys(keys: tuple[str, ...]) -> str:
    """Return the first key as this system writes it."""
    return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""


def rank(text: str, wanted: str) -> int | None:
    """Return how well a text matches what was typed, less is better: start, start of a word, inside, letters in order; None: not."""
    text, wanted = text.casefold(), wanted.casefold().strip()
    if text.startswith(wanted):
        return 0
    if f" {wanted}" in text:
        return 1
    if wanted in text:
        return 2
    letters: Iterator[str] = iter(text)
    return 3 if all(letter in letters for letter in wanted if letter != " ") else None


def _rank(found: Finding, wanted: str) -> int | None:
    """Return how well something matches by its keys, by its words, or by its English ones."""
    if wanted.casefold().replace(" ", "") in found.keys:
        return 0
    own = rank(found.text, wanted)
    return own if own is not None or not found.also else rank(found.also, wanted)


class FindingsModel(QAbstractListModel):
    """What matches, best first."""

    def __init__(self, everything: list[Finding], parent: QWidget) -> None:
        """Start with everything."""
        super().__init__(parent)
        self._everything = everything
        self._nothing = tr("Nothing here is called that. Try fewer letters, an English word, or keys such as Ctrl+H.")
        self._shown = everything[:AT_MOST]

    def search(self, wanted: str) -> None:
        """Show what matches."""
        ranked = [(r, number, f) for number, f in enumerate(self._everything) if (r := _rank(f, wanted)) is not None]
        self.beginResetModel()
        self._shown = [f for _, _, f in sorted(ranked, key=_by_rank)][:AT_MOST]
        self.endResetModel()

    def finding(self, row: int) -> Finding | None:
        """Return what stands in a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else max(len(self._shown), 1)

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        found = self.finding(index.row())
        if found is None:
            return self._nothing if role == int(Qt.ItemDataRole.DisplayRole) and index.row() == 0 else None
        return {int(Qt.ItemDataRole.DisplayRole): found.text, RIGHT_ROLE: found.right}.get(role)


def _by_rank(ranked: tuple[int, int, Finding]) -> tuple[int, int]:
    """Sort by match, then by the order things were found in."""
    return ranked[0], ranked[1]


class _Row(QStyledItemDelegate):
    """What it is at the left, its key or kind dim at the right."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().paint(painter, option, index)
        dim: QColor = option.palette.placeholderText().color()
        painter.setPen(dim)
        rect = option.rect.adjusted(0, 0, -10, 0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(index.data(RIGHT_ROLE) or ""))

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return super().sizeHint(option, index) + QSize(0, 4)


class PaletteDialog(QDialog):
    """A field and a list; Enter does what is chosen, Escape nothing."""

    def __init__(
        self,
        commands: Commands,
        selection: Selection,
        view: LineView | None,
        parent: QWidget,
        *,
        alarms: Sequence[AlarmNow] = (),
        reveal: Callable[[str], None] | None = None,
    ) -> None:
        """Collect what can be found now; `reveal` brings a panel into sight."""
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("search")
        self.setWindowTitle(tr("Search everything"))
        self._commands, self._selection, self._reveal = commands, selection, reveal
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("A command, a machine, a signal, an alarm"))
        self.field.setAccessibleName(self.windowTitle())
        self.model = FindingsModel(findings(commands, view, alarms), self)
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Row(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.field.setFocus()  # a popup gives the keys to nobody by itself
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.field.textChanged.connect(self._on_text_changed)
        self.list.clicked.connect(self._on_list_clicked)
        self._on_text_changed("")
        row = max(self.list.sizeHintForRow(0), 20)
        self.resize(WIDTH_PX, row * ROWS_SHOWN + self.field.sizeHint().height() + 40)
        self.move(parent.mapToGlobal(parent.rect().center()).x() - WIDTH_PX // 2, parent.mapToGlobal(parent.rect().topLeft()).y() + 70)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS_SHOWN, Qt.Key.Key_PageUp: -ROWS_SHOWN}
        if (step := steps.get(Qt.Key(event.key()))) is not None:
            row = min(max(self.list.currentIndex().row() + step, 0), self.model.rowCount() - 1)
            self.list.setCurrentIndex(self.model.index(row))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._go()
        else:
            super().keyPressEvent(event)

    def _on_text_changed(self, wanted: str) -> None:
        """Show what matches and choose the best."""
        self.model.search(wanted)
        self.list.setCurrentIndex(self.model.index(0))

    def _on_list_clicked(self, _index: QModelIndex) -> None:
        """A person clicked a row."""
        self._go()

    def _go(self) -> None:
        """Close first (what is run may open a dialog of its own), then do what was chosen."""
        found = self.model.finding(self.list.currentIndex().row())
        if found is None:
            return
        self.accept()
        if found.command:
            self._commands.remember(found.command)
            self._commands.run(found.command)
            return
        if not found.unit.startswith("@"):
            self._selection.select(found.unit)
        if found.panel and self._reveal is not None:
            self._reveal(found.panel)
