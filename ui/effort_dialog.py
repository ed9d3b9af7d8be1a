"""Frame work: what each panel takes of the window's thread, second by second, while the window is used. Not for counting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHeaderView, QLabel, QTableWidget, QTableWidgetItem, QVBoxLayout
from typing_extensions import override

from twin_app.text import N_, number, tr
from ui.effort import BLOCK_MS, Effort, Tally
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QHideEvent, QShowEvent

    from ui.effort import Account
    from ui.main_window import MainWindow
    from ui.panels.base import Panel

EVERY_MS = 1000
HEADS = (N_("Part"), N_("Frames a second"), N_("ms a frame"), N_("Painting, ms a frame"), N_("Share of the thread"), N_("Longest, ms"))
SIZE_PX = (860, 620)
ROW_AIR_PX = 6


class EffortDialog(QDialog):
    """Stands beside the window and counts while it is seen."""

    def __init__(self, window: MainWindow) -> None:
        """Count nothing before it is shown."""
        super().__init__(window)
        self.setWindowTitle(tr("Frame work"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window = window
        self.effort = Effort(self._panels, self)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.table = QTableWidget(0, len(HEADS), self)
        self.table.setHorizontalHeaderLabels([tr(head) for head in HEADS])
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + ROW_AIR_PX)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        note = QLabel(
            tr(
                "Time of the window's thread. Painting is counted while this is open, which itself costs a little. "
                "The hall's pictures are drawn in a thread of their own, beside it."
            ),
            self,
        )
        note.setWordWrap(True)
        set_role(note, "small")
        layout = QVBoxLayout(self)
        for widget in (self.said, self.table, note):
            layout.addWidget(widget)
        self.resize(*SIZE_PX)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._own()
        self.effort.begin()
        self._timer.start()
        self.said.setText(tr("Counting …"))

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self.effort.end()

    def look(self) -> None:
        """Write what was counted since the last time."""
        account = self.effort.take()
        rows = [row for row in self._rows(account) if any(word not in {"", "–"} for word in row[1:])]
        self.table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, word in enumerate(row):
                item = QTableWidgetItem(word)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(place, column, item)
        longest = number(account.waits.longest_ns / 1e6, 0)
        said = tr("Longest wait {ms} ms; waits beyond {most} ms: {count}", ms=longest, most=BLOCK_MS, count=account.blocked)
        self.said.setText(said)

    def _rows(self, account: Account) -> Iterator[tuple[str, ...]]:
        """Yield the table's rows: what makes frames, what shows them, and what is drawn elsewhere."""
        for title, tally in (
            (tr("Line at the playhead"), self._window.bridge.advanced),
            (tr("Answers about the past"), self._window.bridge.query.delivered),
        ):
            yield _worded(title, tally.taken(), Tally(), account.lasted_s)
        panels = {panel.key: panel for panel in self._panels()}
        for row in account.rows:
            yield _worded(tr(panels[row.key].title), row.shown, row.painted, account.lasted_s)
        yield _worded(tr("Bars, menus and dialogs"), Tally(), account.bars, account.lasted_s)
        for panel in panels.values():
            if (drawn := panel.drawn()) is not None:
                yield _worded(
                    tr("{panel}: pictures, in a thread of their own", panel=tr(panel.title)), drawn.taken(), Tally(), account.lasted_s
                )

    def _panels(self) -> list[Panel]:
        """Return everything that shows frames, in every window."""
        return self._window.screens.panels()

    def _own(self) -> None:
        """Let go of what was counted before anybody looked."""
        for tally in (self._window.bridge.advanced, self._window.bridge.query.delivered, *(p.drawn() for p in self._panels())):
            if tally is not None:
                tally.taken()


def _worded(title: str, shown: Tally, painted: Tally, lasted_s: float) -> tuple[str, ...]:
    """Return a row: times a second, ms each, painting beside it, per cent of the time, and the longest."""
    if not (shown.count or painted.count):
        return (title, "", "", "", "", "")
    frames = shown.count or painted.count
    each = number(shown.spent_ns / shown.count / 1e6, 2) if shown.count else "–"
    painting = number(painted.spent_ns / frames / 1e6, 2) if painted.count else "–"
    share = (shown.spent_ns + painted.spent_ns) / (lasted_s * 1e7)
    longest = number(max(shown.longest_ns, painted.longest_ns) / 1e6, 1)
    return (title, number(frames / lasted_s, 1), each, painting, f"{number(share, 1)} %", longest)
