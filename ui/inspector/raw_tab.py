"""The newest messages of a machine as they came in, refused ones with the reason. Not for their meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from twin_app.text import clock_time, number, tr
from ui.inspector.readings import payload_text
from ui.inspector.table import Cell, Row, RowsModel, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.equipment import Unit
    from twin_app.model.frame import Frame
    from twin_app.model.message import RawMessage
    from ui.context import Context, LineView

COUNT = 200
READ_CHARACTERS = 20_000
"""Of one payload this much is shown whole; a payload may have 10 MB."""


class RawTab(QWidget):
    """Messages newest first, and the selected one in full."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._context = context
        self._zone = ZoneInfo("UTC")
        self._asked: tuple[str, int] | None = None
        self._messages: dict[int, RawMessage] = {}
        self._read: int | None = None
        self.model = RowsModel(4, self)
        self.table = Table(self.model, context.theme, self, stretch=(2, 3))
        self.detail = QPlainTextEdit(self)
        self.detail.setReadOnly(True)
        self.detail.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.detail.hide()
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.table)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(split)
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)  # a payload is read from its beginning
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.model.set_heads(("", tr("Received"), tr("Topic"), tr("Payload")))
        self.table.setAccessibleName(tr("Raw messages of the selected machine, newest first"))
        self.detail.setAccessibleName(tr("The selected message in full"))
        self.table.fit_columns("✕", "00:00:00.000")

    def forget(self) -> None:
        """Show nothing until it is asked for anew."""
        self._asked = None
        self._on_answered(())

    def show_frame(self, frame: Frame, view: LineView, unit: Unit) -> None:
        """Ask for the newest messages up to the playhead, unless they were asked for."""
        self._zone = ZoneInfo(view.line.zone)
        if (unit.id, frame.at_ns) != self._asked or frame.changes.all:
            self._asked = unit.id, frame.at_ns
            self._context.query.raw("inspector/raw", unit.id, frame.at_ns, COUNT, self._on_answered)

    def _on_answered(self, messages: Sequence[RawMessage]) -> None:
        """Show the answer, newest first."""
        self._messages = {raw.message.seq: raw for raw in messages}
        read = self._read  # another list than before lets go of the selection
        self.model.show([self._row(self._messages[seq]) for seq in sorted(self._messages, reverse=True)])
        if not self.table.selectionModel().hasSelection():
            row = next((i for i, row in enumerate(self.model.rows) if row.key == read), None)
            if row is None:
                self._show_message(None)
            else:
                self.table.selectRow(row)

    def _row(self, raw: RawMessage) -> Row:
        """Return one message's row."""
        message = raw.message
        mark, tip, color = "", "", "dim"
        if raw.refused:
            mark, tip, color = "✕", tr("Refused: {reason}", reason=raw.refused), self._context.theme.palette.priority[1]
        elif message.retain:
            mark, tip = "◇", tr("Retained by the broker: nobody knows how old it is, so it counts nothing.")
        topic = message.topic.partition(f"/{self._asked[0]}/")[2] if self._asked else ""
        return Row(
            message.seq,
            (
                Cell(text=mark, tip=tip, color=color, bold=True),
                Cell(text=clock_time(message.received_ns, self._zone, digits=3), color="dim"),
                Cell(text=topic or message.topic, tip=message.topic, tail=True),
                Cell(text=payload_text(message.payload), tip=tip or payload_text(message.payload)),
            ),
        )

    def _on_selected(self, selected: QItemSelection) -> None:
        """Show the selected message in full."""
        rows = {index.row() for index in selected.indexes()}
        key = self.model.rows[min(rows)].key if rows else None
        self._show_message(self._messages.get(key) if isinstance(key, int) else None)

    def _show_message(self, raw: RawMessage | None) -> None:
        """Show one message in full, or none."""
        self._read = raw.message.seq if raw else None
        self.detail.setVisible(raw is not None)
        if raw is not None:
            self.detail.setPlainText(self._in_full(raw))

    def _in_full(self, raw: RawMessage) -> str:
        """Return everything known about one message."""
        message = raw.message
        when = clock_time(message.received_ns, self._zone, date=True, digits=3)
        head = tr(
            "{topic}\n{when} · {bytes} bytes · QoS {qos}",
            topic=message.topic,
            when=when,
            bytes=number(len(message.payload)),
            qos=message.qos,
        )
        notes = [head]
        if message.retain:
            notes.append(tr("Retained by the broker: nobody knows how old it is, so it counts nothing."))
        if raw.refused:
            notes.append(tr("Refused: {reason}", reason=raw.refused))
        return "\n".join([*notes, payload_text(message.payload, READ_CHARACTERS)])
