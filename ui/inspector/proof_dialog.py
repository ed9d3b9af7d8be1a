"""The window with a machine's figures of a named window of time, as a shift's sheet says them, and the intervals of one. Not for the shift up to the playhead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from twin_app.clock import SECOND_NS
from twin_app.text import clock_span, duration, tr
from ui.inspector.figures_tab import FiguresTab
from ui.theme import set_role

if TYPE_CHECKING:
    from twin_app.model.equipment import Unit
    from twin_app.model.frame import Frame
    from ui.context import Context, LineView

SIZE_PX = (820, 460)
KEY = "proof"


class ProofDialog(QDialog):
    """All figures of one machine in one window, and what the chosen one is made of. It stays open while the playhead is moved."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        """Start empty, over the window `parent`."""
        super().__init__(parent)
        self._window = parent
        self._view: LineView | None = None
        self._unit: Unit | None = None
        self._span = (0, 0)
        self.head = QLabel(self)
        set_role(self.head, "heading")
        self.figures = FiguresTab(context, self, key=KEY)
        self.figures.sought.connect(context.transport.seek)
        self.close_it = QPushButton(self)
        self.close_it.setAutoDefault(False)
        self.close_it.clicked.connect(self.hide)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.close_it)
        column = QVBoxLayout(self)
        column.addWidget(self.head)
        column.addWidget(self.figures, 1)
        column.addLayout(below)
        self.resize(*SIZE_PX)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.setWindowTitle(tr("What a figure is made of"))
        self.close_it.setText(tr("Close"))
        self.figures.retranslate()
        self._write_head()

    def open_line(self) -> None:
        """Show nothing: another line is open, or none, or it is laid out otherwise."""
        self._view = self._unit = None
        self.hide()

    def show_figure(self, view: LineView, unit: Unit, span: tuple[int, int], name: str, at_ns: int) -> None:
        """Show a unit's figures of [start, end] with the intervals of the one of that name; the interval at `at_ns` is chosen."""
        self._view, self._unit, self._span = view, unit, span
        self._write_head()
        self.figures.show_span(view, unit, span, name, at_ns)
        window = self._window.frameGeometry()
        self.resize(min(SIZE_PX[0], window.width() - 40), min(SIZE_PX[1], window.height() - 120))
        self.move(window.left() + (window.width() - self.width()) // 2, window.top() + (window.height() - self.height()) // 3)
        self.show()
        self.raise_()

    def show_frame(self, frame: Frame) -> None:
        """Ask anew while more of the window becomes known: a recording is still being read, or what came late changed it."""
        if self.isVisible() and self._view is not None and (frame.changes.all or frame.changes.figures or frame.changes.span):
            self.figures.ask()

    def _write_head(self) -> None:
        """Say whose figures these are, and of when."""
        if self._view is None or self._unit is None:
            return
        zone, (start_ns, end_ns) = self._view.line.tz, self._span
        when = f"{clock_span(start_ns, end_ns, zone)} · {duration((end_ns - start_ns) / SECOND_NS)}"
        self.head.setText(f"{self._unit.title} · {when}")
