"""The flow of one unit in the property panel: whom it feeds, through how large a buffer, and whom else it could. Not for drawing flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from twin_app.editing.outline import tables
from twin_app.text import tr
from ui.editing.fields import Choice, Measure
from ui.theme import set_role

if TYPE_CHECKING:
    from twin_app.editing import Draft, OutlineUnit


class FlowList(QWidget):
    """A row for each unit that is fed.

    Signals:
        joined(str): a unit is to be fed, its key.
        parted(str): one is to be fed no longer.
        sized(int, object): the buffer of a row is to hold so much; None: not known.
    """

    joined = Signal(str)
    parted = Signal(str)
    sized = Signal(int, object)

    def __init__(self, parent: QWidget) -> None:
        """Start empty."""
        super().__init__(parent)
        self.rows: list[QWidget] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.more = Choice(self)
        self.more.entered.connect(self._on_more_entered)
        self._layout.addWidget(self.more)
        self._shown: object = None

    def show_unit(self, draft: Draft, unit: OutlineUnit) -> None:
        """Show whom a unit feeds."""
        feeds = tables(draft.data["unit"][unit.index].get("feeds"))
        named = {other.id: other for other in draft.outline.units}
        free = {other.key: other.title for other in draft.outline.units if other.key != unit.key and other.id not in unit.feeds}
        shown = (unit.key, repr(feeds), tuple(free.items()), tuple((one.id, one.title) for one in draft.outline.units))
        if shown == self._shown:
            return
        self._shown = shown
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for number, feed in enumerate(feeds):
            to = str(feed.get("to", ""))
            row = self._row(number, to, named[to].title if to in named else to, feed.get("buffer_capacity"))
            self._layout.insertWidget(number, row)
            self.rows.append(row)
        self.more.show_choices(free, "", tr("Feed another …"))
        self.more.setEnabled(bool(free))

    def _row(self, number: int, key: str, title: str, capacity: object) -> QWidget:
        """Return one row."""
        row = QWidget(self)
        name = QLabel(f"→ {title}", row)
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setMinimumWidth(40)
        name.setToolTip(title)
        holds = Measure("", row, step=1.0, decimals=0, known=False)
        holds.setSpecialValueText(tr("buffer ?"))
        holds.setToolTip(tr("What fits between the two, in base units of the line"))
        holds.setAccessibleName(holds.toolTip())
        holds.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        holds.setFixedWidth(92)
        holds.show_value(float(capacity) if isinstance(capacity, (int, float)) and not isinstance(capacity, bool) else None)
        holds.setProperty("row", number)
        holds.entered.connect(self._on_sized)
        part = QToolButton(row)
        part.setText("✕")
        part.setToolTip(tr("Disconnect flow"))
        part.setAccessibleName(tr("Disconnect flow"))
        part.setProperty("key", key)
        part.clicked.connect(self._on_part_clicked)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(name, 1)
        layout.addWidget(holds)
        layout.addWidget(part)
        set_role(name, "")
        return row

    def _on_more_entered(self, key: str) -> None:
        """Somebody else is to be fed."""
        if key:
            self.joined.emit(key)

    def _on_part_clicked(self) -> None:
        """Somebody is to be fed no longer."""
        if (button := self.sender()) is not None:
            self.parted.emit(str(button.property("key")))

    def _on_sized(self, value: object) -> None:
        """A buffer holds something else."""
        if (field := self.sender()) is not None:
            self.sized.emit(int(field.property("row")), value)
