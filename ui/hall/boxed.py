"""The list of machines in a box that a person drew in the hall: one of them is chosen, or all of them are looked at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu

from twin_app.text import number, tr
from ui.palette import glyph
from ui.words import unit_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from twin_app.model.frame import Frame
    from ui.context import LineView

_MOST = 40


class BoxedMenu(QMenu):
    """Deletes itself once it is closed.

    Signals:
        chosen: the id of one machine.
        shown: the ids of all of them, a tuple: they are to fill the view.
    """

    chosen = Signal(str)
    shown = Signal(object)

    def __init__(self, units: Sequence[str], view: LineView, frame: Frame, parent: QWidget) -> None:
        """List machines in the order given, the first of them where they are many."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.addAction(tr("Look at these {count} machines", count=number(len(units)))).triggered.connect(partial(self._show, tuple(units)))
        self.addSeparator()
        for unit in units[:_MOST]:
            now = frame.units.get(unit)
            state = unit_state(now) if now is not None and now.state is not None else tr("No data")
            sign = glyph(now.state if now else None)
            title = view.line.unit(unit).title.replace("&", "&&")
            self.addAction(f"{sign}  {title} · {state}").triggered.connect(partial(self._choose, unit))
        if len(units) > _MOST:
            self.addAction(tr("and {count} more", count=number(len(units) - _MOST))).setEnabled(False)

    def _choose(self, unit: str, *_: object) -> None:
        self.chosen.emit(unit)

    def _show(self, units: tuple[str, ...], *_: object) -> None:
        self.shown.emit(units)
