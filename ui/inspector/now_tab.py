"""What a machine is doing now: the facts, and every signal with value, unit, age and trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QWidget
from typing_extensions import override

from twin_app.machines import machine_type
from twin_app.model import signal as names
from twin_app.model.samples import NEVER, Quality
from twin_app.text import tr
from ui.curves.wanted import MIME, Wanted, to_mime
from ui.inspector.facts import Facts
from ui.inspector.readings import UNKNOWN, Reading, quality_word, reading, spoken
from ui.inspector.table import Cell, Index, Row, RowsModel, Table
from ui.words import GUESSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData, QModelIndex, QObject
    from PySide6.QtGui import QResizeEvent

    from twin_app.model.equipment import Unit
    from twin_app.model.frame import Frame
    from twin_app.model.signal import SignalTable
    from ui.context import Context, LineView

WIDE_PX = 640
"""From this width on the facts stand beside the signals instead of above."""
_FACTS_PX = 225
_UNIT, _QUALITY = 2, 4
_ENGINE = frozenset({names.STATE, names.PROCESSED, names.DEFECTIVE})
"""Signals that every figure rests on: they have a row even while they were never heard."""


class SignalRows(RowsModel):
    """Rows of signals that can be dragged to where they are drawn as curves."""

    def __init__(self, columns: int, parent: QObject) -> None:
        """Start without rows; a row's key is its signal's number."""
        super().__init__(columns, parent)
        self.signals: SignalTable | None = None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        keys = [self.rows[row].key for row in sorted({index.row() for index in indexes})]
        signals = [self.signals[key] for key in keys if self.signals is not None and isinstance(key, int)]
        return to_mime([Wanted(signal.unit, signal.name) for signal in signals])


class NowTab(QWidget):
    """Facts and signals of one unit."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._facts = Facts(context.theme, self)
        self.model = SignalRows(5, self)
        self.table = Table(self.model, context.theme, self, stretch=(0,))
        self.table.setDragEnabled(True)
        self._widest_unit = ""
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(10, 8, 4, 4)
        self._box.setSpacing(10)
        self._box.addWidget(self._facts)
        self._box.addWidget(self.table, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self._facts.retranslate()
        self.model.set_heads((tr("Signal"), tr("Value"), tr("Eng. unit"), tr("Age"), tr("Quality")))
        self.table.setAccessibleName(tr("Signals of the selected machine"))
        self._widest_unit = ""
        self.table.fit_columns("", "000 000.00", tr("Eng. unit"), "00 min 00 s", tr("uncertain"))

    def show_frame(self, frame: Frame, view: LineView, unit: Unit) -> None:
        """Show a unit at the playhead."""
        self._facts.show_unit(frame, view, unit)
        self.model.signals = view.signals
        rows = [_row(frame, view, signal) for signal in view.signals.of_unit(unit.id) if _expected(frame, view, unit, signal)]
        self.model.show(rows)
        self.table.setColumnHidden(_QUALITY, not any(row.cells[_QUALITY].text for row in rows))
        widest = max((row.cells[_UNIT].text for row in rows), key=len, default="")
        if widest != self._widest_unit:
            self._widest_unit = widest
            self.table.fit_columns("", "", max(widest, tr("Eng. unit"), key=len))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE_PX
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._facts.setMaximumWidth(_FACTS_PX if wide else 16_777_215)
        self._facts.setMinimumWidth(_FACTS_PX if wide else 0)


def _expected(frame: Frame, view: LineView, unit: Unit, signal_id: int) -> bool:
    """Tell whether a signal has a row; one that only the machine's type suggests has none before it was heard."""
    if signal_id < len(frame.latest.effective_ns) and frame.latest.effective_ns[signal_id] != NEVER:
        return True
    name = view.signals[signal_id].name
    suggested = {spec.name for spec in machine_type(unit.type).signals} - {spec.name for spec in unit.signals} - _ENGINE
    return name not in suggested


def _row(frame: Frame, view: LineView, signal_id: int) -> Row:
    """Return a signal's row; what is not good is dim and says so, what is stale or unknown is hatched too."""
    signal = view.signals[signal_id]
    read = reading(frame.latest, signal_id, frame.at_ns, view.texts)
    trusted = read.quality is Quality.GOOD
    color = "" if trusted else "dim"
    hatched = read.quality in {Quality.STALE, Quality.UNKNOWN, Quality.BAD}
    value = spoken(signal, read.value)
    word = "" if read.value == UNKNOWN else quality_word(read.quality)
    origin = tr("Derived by the layout from other signals; the machine does not send it.") if signal.derived else ""
    return Row(
        signal_id,
        (
            Cell(
                text=f"{signal.name} {GUESSED}" if signal.derived else signal.name,
                tip="\n".join(filter(None, (signal.path, origin))),
                color=color,
            ),
            Cell(text=value, tip=f"{value} {signal.unit_of_measure} {word}".strip(), color=color, right=True, hatched=hatched),
            Cell(text=signal.unit_of_measure, color="dim", hatched=hatched),
            Cell(text=read.age, tip=_age_tip(read), color="dim", right=True, hatched=hatched),
            Cell(text=word, color="dim", hatched=hatched),
        ),
    )


def _age_tip(read: Reading) -> str:
    """Return why there is no age where there is none."""
    return tr("The broker had kept it: nobody knows how old it is, so it counts nothing.") if read.quality is Quality.RETAINED else ""
