"""All figures of a machine in the shift up to the playhead; a click on one opens the intervals it is made of, each leads to its moment."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.model.kpi import Loss
from twin_app.text import clock_time, duration, number, tr
from ui.inspector.proof import ENERGY, FIGURES, LOSSES, Figure, energy_a_piece, share_lost
from ui.inspector.table import Cell, Row, RowsModel, Table
from ui.palette import glyph
from ui.theme import set_role
from ui.widgets.labels import ElidedLabel
from ui.words import state_word

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from twin_app.model.equipment import Unit
    from twin_app.model.frame import Frame
    from twin_app.model.kpi import Account, Spent
    from ui.context import Context, LineView

MOST_ROWS = 500
WIDE = 1.8
"""In a tab so much wider than high the intervals stand beside the figures, else below."""

MICROSECOND_NS = 1000
"""Instants in links are no finer."""
LEAST_BESIDE_PX = 640
"""In a narrower tab how a figure is formed finds no room beside the intervals."""


class FiguresTab(QWidget):
    """Figures above, the intervals of the chosen one below.

    Signals:
        sought(object): the person points at an instant (int ns).
    """

    sought = Signal(object)

    def __init__(self, context: Context, parent: QWidget, *, key: str = "inspector/figures") -> None:
        """Show nothing yet; `key` names what it asks for beside what others like it ask for."""
        super().__init__(parent)
        self._context, self._key = context, key
        self._span: tuple[int, int] | None = None
        self._wanted_ns: int | None = None
        self._zone = ZoneInfo("UTC")
        self._unit = ""
        self._account: Account | None = None
        self.chosen: Figure = FIGURES[0]
        self._listed: tuple[Figure, ...] = FIGURES
        self.figures, self.proof = RowsModel(3, self), RowsModel(6, self)
        self.table = Table(self.figures, context.theme, self, stretch=(2,))
        self.intervals = Table(self.proof, context.theme, self, stretch=(1,))
        self._head = ElidedLabel(self)
        set_role(self._head, "small")
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._head)
        column.addWidget(self.intervals, 1)
        self._split = split = QSplitter(Qt.Orientation.Vertical, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(below)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4, 4, 4, 4)
        whole.addWidget(split)
        self.table.clicked.connect(self._on_figure_chosen)
        self.table.activated.connect(self._on_figure_chosen)
        self.intervals.clicked.connect(self._on_interval_chosen)
        self.intervals.activated.connect(self._on_interval_chosen)
        self.retranslate()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE * self.height()
        self._split.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        self.table.setColumnHidden(2, wide and self.width() < LEAST_BESIDE_PX)

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.figures.set_heads((tr("Figure"), tr("Value"), tr("Formed from")))
        self.proof.set_heads(("", tr("State"), tr("Start"), tr("Duration"), tr("Produced"), tr("Scrap")))
        self.table.setAccessibleName(tr("Figures of the selected machine in this shift"))
        self.intervals.setAccessibleName(tr("Intervals that the chosen figure is made of, newest first"))
        self.table.fit_columns("Utilization efficiency 00", "00 min 00 s 00", "")
        self.intervals.fit_columns("▶", "", "00:00:00 00", "00 min 00 s", "Produced 0", "00 000")
        self._write()

    def choose(self, name: str) -> None:
        """Show the intervals of a figure by its catalogue name; of none that there is, those shown so far."""
        self.chosen = next((figure for figure in (*FIGURES, *LOSSES, *ENERGY.values()) if figure.name == name), self.chosen)
        self._write()
        row = next((i for i, figure in enumerate(self._listed) if figure is self.chosen), 0)
        self.table.scrollTo(self.figures.index(row, 0))

    def show_span(self, view: LineView, unit: Unit, span: tuple[int, int], name: str, at_ns: int) -> None:
        """Show the figures of one window, wherever the playhead is, with the intervals of a figure; that at an instant is chosen."""
        self._zone, self._unit, self._span, self._account, self._wanted_ns = view.line.tz, unit.id, span, None, at_ns
        self.choose(name)
        self.ask()

    def ask(self) -> None:
        """Ask for the figures of the window that `show_span` named."""
        if self._span is not None:
            self._context.query.account(self._key, self._unit, *self._span, self._on_answered)

    def show_frame(self, frame: Frame, view: LineView, unit: Unit) -> None:
        """Ask anew whenever the figures were reckoned anew."""
        self._zone = ZoneInfo(view.line.zone)
        if unit.id != self._unit:
            self._unit, self._account = unit.id, None
            self._write()
        if frame.span is not None and (self._account is None or frame.changes.all or frame.changes.figures):
            self._context.query.account(self._key, unit.id, frame.shift_start_ns, frame.at_ns, self._on_answered)

    def _on_answered(self, account: Account) -> None:
        self._account = account
        self._write()
        self._point_out()

    def _point_out(self) -> None:
        """Choose the interval that was asked for and the figure it is of, once they are listed; a person's own choice stays."""
        wanted_ns, spent = self._wanted_ns, self._account.spent if self._account is not None else ()
        if wanted_ns is None or not spent:
            return
        row = next((i for i, figure in enumerate(self._listed) if figure is self.chosen), 0)
        start_ns = next((one.start_ns for one in spent if one.start_ns - MICROSECOND_NS < wanted_ns < one.end_ns), None)
        at = next((i for i, one in enumerate(self.proof.rows) if one.key == start_ns), None)
        if self.figures.rows:
            self.table.selectRow(row)
            self.table.scrollTo(self.figures.index(row, 0))
        if at is not None:
            self._wanted_ns = None
            self.intervals.selectRow(at)
            self.intervals.scrollTo(self.proof.index(at, 0))

    def _write(self) -> None:
        """Show figures, losses, and the intervals of the chosen one."""
        if self._account is None:
            self.figures.show([])
            self.proof.show([])
            self._head.show_text("")
            return
        account = self._account
        used = account.detail.energy.by_category if account.detail.energy else ()
        rows = [self._figure(figure) for figure in FIGURES]
        rows += [
            self._figure(figure, f"{share_lost(account, loss)} {tr(figure.formula)}") for figure, loss in zip(LOSSES, Loss, strict=True)
        ]
        rows += [self._figure(ENERGY[category], *energy_a_piece(account, category), name=tr("Energy: {what}")) for category in used]
        self._listed = (*FIGURES, *LOSSES, *(ENERGY[category] for category in used))
        self.figures.show(rows)
        made_of = [row for row in account.spent if self.chosen.picks(row)]
        total_s = sum(row.end_ns - row.start_ns for row in made_of) / SECOND_NS
        words = tr("{figure}: {n} intervals, {time} together", figure=tr(self.chosen.name), n=number(len(made_of)), time=duration(total_s))
        self._head.show_text(words)
        self.proof.show([self._interval(row) for row in reversed(made_of[-MOST_ROWS:])])

    def _figure(self, figure: Figure, formed: str = "", tip: str = "", *, name: str = "{what}") -> Row:
        """Return one figure's row; `formed` says how it is formed where the figure itself does not know, `name` what stands around its name."""
        assert self._account is not None  # noqa: S101 - only called where there is one
        formula = formed or tr(figure.formula)
        value = figure.shown(self._account.kpi, self._account.detail)
        chosen = figure is self.chosen
        return Row(
            (figure.name, name),
            (
                Cell(text=name.format(what=tr(figure.name)), bold=chosen),
                Cell(text=value, right=True, bold=True),
                Cell(text=formula, tip=tip or formula, color="dim"),
            ),
        )

    def _interval(self, row: Spent) -> Row:
        """Return one interval's row."""
        return Row(
            row.start_ns,
            (
                Cell(text=glyph(row.state)),
                Cell(text=state_word(row.state), hatched=row.state is None),
                Cell(text=clock_time(row.start_ns, self._zone), right=True, tip=clock_time(row.start_ns, self._zone, date=True, digits=3)),
                Cell(text=duration((row.end_ns - row.start_ns) / SECOND_NS), right=True),
                Cell(text=number(row.produced), right=True),
                Cell(text=number(row.scrap), right=True),
            ),
        )

    def _on_figure_chosen(self, index: QModelIndex) -> None:
        self.chosen = self._listed[index.row()]
        self._write()

    def _on_interval_chosen(self, index: QModelIndex) -> None:
        key = self.proof.rows[index.row()].key
        if isinstance(key, int):
            self.sought.emit(key)
