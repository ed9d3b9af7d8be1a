"""The KPI strip: the line's OEE with its parts, good of target, the constraint's rate, scrap, blind time, energy, first pass yield. Not for single units."""

from __future__ import annotations

import html
import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.kpi.energy_words import co2_per_good, coverage_told, per_good
from twin_app.kpi.plan_words import ahead_told, projection_told
from twin_app.kpi.scrap_words import scrapped_told
from twin_app.text import N_, clock_time, duration, number, percent, tr
from ui.legibility import capital_px
from ui.panels.base import Panel
from ui.theme import set_role
from ui.widgets.cell import KpiCell
from ui.widgets.lowness import VERY_LOW_EM, Lowness
from ui.widgets.pace import Pace
from ui.words import ideal_per_min, oee, product_of, rate_of_ideal

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from twin_app.model.against import Against
    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from twin_app.model.kpi import Detail, Kpi
    from ui.context import Context, LineView

CELLS = {
    "oee": N_("OEE"), "good": N_("Good"), "rate": N_("Rate of the constraint"), "scrap": N_("Scrap"), "blind": N_("Blind time"),
    "energy": N_("Energy a good piece"), "fpy": N_("First pass yield"),
}  # fmt: skip
"""Every cell with its name, in their order; a right click on the strip says which are shown."""
MADE_OF = {
    "oee": (True, "OEE index"), "good": (False, "Good pieces"), "rate": (True, "Effectiveness"), "scrap": (False, "Scrap ratio"),
    "blind": (True, "Blind time"), "energy": (True, "Energy a good piece"), "fpy": (False, "First pass yield"),
}  # fmt: skip
"""Which figure of the inspector a cell opens: of the constraint (True), by whose time the line is measured, or of the last unit, whose pieces
count. Scrap opens that of the unit that threw out most."""
WIDE = frozenset({"oee", "good"})
ASKED = frozenset({"energy", "fpy"})
"""Cells whose figures are asked for, for they are not part of every frame."""
LEAST_CELL_EM = 16.4
"""Below this width, in heights of a line of text, a cell is left out, from the right: the OEE cell names blind time too."""
EVERY_MS = 3000
SOON_MS = 300
"""After a jump the old figures may stand for so long at most."""
BESIDE, SMALL = 0.55, 0.3
"""Least height of the other figures, of titles and remarks in that of the output: on a large display they are not lost beside it."""


class KpiStrip(Panel):
    """One row of cells of equal width, so that no digit moves another cell.

    Signals:
        hidden_chosen(str): the keys of the cells that a person wants left out, with spaces between.
        figure_wanted(str, str): a person asks what a figure is made of: the unit and the figure that say it.
    """

    hidden_chosen = Signal(str)
    figure_wanted = Signal(str, str)

    key = "kpi_strip"
    title = N_("Figures")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the cells."""
        super().__init__(context, parent)
        self.cells = {key: KpiCell(key, self) for key in CELLS}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for key, cell in self.cells.items():
            layout.addWidget(cell, 3 if key in WIDE else 2)
            cell.pressed.connect(self._on_cell_pressed)
        self.lowness = Lowness(self, below_em=VERY_LOW_EM)
        self.lowness.changed.connect(self._on_lowness_changed)
        self._detail: Detail | None = None
        self._pace = Pace(self._ask, every_ms=EVERY_MS, parent=self)
        self._soon = Pace(self._ask, every_ms=SOON_MS, parent=self)
        context.theme.changed.connect(self._on_theme_changed)
        self.retranslate()

    @override
    def show_frame(self, frame: Frame) -> None:
        if self.view is None or not (frame.changes.all or frame.changes.figures or frame.changes.signals):
            return
        line, kpi = self.view.line, frame.figures.line if frame.figures else None
        if not ASKED.isdisjoint(self._shown()) and (frame.changes.all or frame.changes.figures):
            (self._soon if frame.changes.all else self._pace).ask()
        self._show_titles(line, frame)
        self._show_rate(line, frame)
        if kpi is None:
            for key in ("oee", "good", "scrap", "blind"):
                self.cells[key].show_figure("–", "")
            return
        self._show_oee(line, kpi)
        self._show_good(line, frame, kpi)
        self._show_scrap(line, frame)
        self._show_blind(frame, kpi)

    def _show_titles(self, line: Line, frame: Frame) -> None:
        """Say since when is counted."""
        since = clock_time(frame.shift_start_ns, line.tz)[: len("06:00")]
        key = N_("OEE this shift, since {since}") if line.shifts else N_("OEE since {since}")
        words = tr(key, since=since) if frame.span else tr("OEE")
        if line.targets.oee_index is not None:
            words += " · " + tr("target {share}", share=percent(line.targets.oee_index, 0))
        self.cells["oee"].title.show_text(words)
        target = line.targets.good_per_shift
        self.cells["good"].title.show_text(tr("Good of target") if target else tr("Good"))

    def _show_oee(self, line: Line, kpi: Kpi) -> None:
        """Show the line's OEE and its constraint's factors; an effectiveness above one is flagged, never capped.

        The factors' product is the constraint's OEE, not the line's: behind it pieces wait and are rejected.
        """
        constraint = line.unit(line.constraint).title
        effectiveness = f"E {number(kpi.effectiveness * 100, 1)}"
        exceeded = math.isfinite(kpi.effectiveness) and kpi.effectiveness > 1
        last = ", ".join(unit.title for unit in line.last_units)
        whole = tr(
            "Ideal cycle of the constraint {unit} × good units out of {last} / planned busy time. Beside it the constraint's own "
            "availability, effectiveness and quality ratio (ISO 22400-2).", unit=constraint, last=last,
        )  # fmt: skip
        if exceeded:
            effectiveness = f'<span style="color:{self._warning}; font-weight:600">▲ {effectiveness}</span>'
            whole += "\n" + tr(
                "Effectiveness is above 100 %: {unit} made more than its ideal cycle allows for in the time it executed. "
                "Either the ideal in the layout is too slow, or pieces are made outside of Execute.", unit=constraint,
            )  # fmt: skip
        factors = " · ".join((f"A {number(kpi.availability * 100, 1)}", effectiveness, f"Q {percent(kpi.quality_ratio)}"))
        own = kpi.availability * kpi.effectiveness * kpi.quality_ratio
        product = f" {number(own * 100, 1)} = " if math.isfinite(own) else ": "
        parts = html.escape(constraint) + product + factors
        if exceeded:
            parts += f" · {tr('ideal exceeded')}"
        if kpi.early:
            whole += "\n" + tr(
                "It is told once ten counts fit into the planned time: one count of {last} is {time} of the line, so that a single one still "
                "changes it too much. Pieces that the shift before began leave the line in this one, too.", last=last, time=duration(kpi.grain_s),
            )  # fmt: skip
        if kpi.blind_s > 0:
            whole += "\n" + tr("The range counts the blind time once as lost and once as ideal.")
        self.cells["oee"].show_figure(oee(kpi), parts, whole=whole)

    def _show_good(self, line: Line, frame: Frame, kpi: Kpi) -> None:
        """Show good units beside the target, how they stand to the plan and where the rate leads."""
        against = frame.against
        target = line.targets.good_per_shift
        figure = f"{number(kpi.good)} / {number(target)}" if target else number(kpi.good)
        counted = tr("unit: {unit}", unit=line.unit_of_count) if line.unit_of_count else ""
        words = [ahead_told(against), projection_told(against, line.tz)] if against is not None else [counted]
        if not line.flow_is_known:
            words = [tr("the layout does not say who feeds whom")]
        whole = "\n".join(filter(None, (*words, counted, _due(against))))
        self.cells["good"].show_figure(figure, html.escape(" · ".join(filter(None, words))), whole=whole)

    def _show_scrap(self, line: Line, frame: Frame) -> None:
        """Show what all machines threw out, whatever reached the end of the line."""
        if frame.figures is not None:
            self.cells["scrap"].show_figure(number(frame.figures.scrapped), html.escape(scrapped_told(line, frame.figures)))

    def _enlarge(self) -> None:
        """Write the output as large as the operator's display asks, wide enough for the whole target."""
        look, size = self.context.settings.look, self.screen().size()
        capital = capital_px((size.width(), size.height()), diagonal_in=look.diagonal_in, distance_m=look.distance_m)
        target = self.view.line.targets.good_per_shift if self.view else None
        capital = capital if look.preset == "operator" else 0.0
        for key, cell in self.cells.items():
            if key != "good":
                cell.enlarge(capital * BESIDE, capital * SMALL)
        self.cells["good"].enlarge(capital, capital * SMALL, widest=f"{number(target)} / {number(target)}" if target else "")

    def _show_rate(self, line: Line, frame: Frame) -> None:
        """Show the constraint's rate beside its ideal: the line can be no faster."""
        unit = line.unit(line.constraint)
        per_min = frame.rates_per_min.get(unit.id, math.nan)
        self.cells["rate"].show_figure(
            rate_of_ideal(per_min, ideal_per_min(line, unit.id, product_of(frame, unit.id))),
            tr("{unit}, last minute or longer", unit=html.escape(unit.title)),
            whole=tr("Made by {unit} over the last minute, or as long as three of its reports take.", unit=unit.title),
        )

    def _show_blind(self, frame: Frame, kpi: Kpi) -> None:
        """Show how much of the window nobody knows."""
        window_s = (frame.figures.end_ns - frame.figures.start_ns) / SECOND_NS if frame.figures else math.nan
        cell = self.cells["blind"]
        cell.show_figure(duration(kpi.blind_s) if kpi.blind_s > 0 else tr("none"), tr("of {span}", span=duration(window_s)))
        set_role(cell.figure, "figure")

    def _ask(self) -> None:
        """Ask for what is not part of every frame."""
        if self.view is not None and self.frame is not None and self.frame.span is not None:
            self.context.query.detail(f"kpi_strip/{id(self)}", None, self.frame.shift_start_ns, self.frame.at_ns, self._on_detail_told)

    def _on_detail_told(self, detail: Detail) -> None:
        """Show energy and first pass yield."""
        self._detail = detail
        energy, simulated = detail.energy, self.frame is not None and self.frame.simulated
        idle = tr("idle {share}", share=percent(energy.idle_share, 0)) if energy and energy.metered_s else ""
        told = [word for word in (co2_per_good(energy), idle, coverage_told(energy)) if word]
        whole = "\n".join([*told, self._factor(), tr("The meters are simulated.") if simulated else ""]).strip()
        self.cells["energy"].show_figure(per_good(energy), " · ".join((told[0], *told[1:][-1:])), whole=whole)
        known = math.isfinite(detail.first_pass_yield)
        why = tr("of all pieces made") if known else tr("no count of reworked pieces")
        self.cells["fpy"].show_figure(percent(detail.first_pass_yield), why)

    def _factor(self) -> str:
        """Return where the factor of CO2 comes from."""
        factor = self.view.line.energy if self.view else None
        if factor is None:
            return ""
        return tr(
            "{kg} kg CO2e/kWh: {source}, {region}, {year}",
            kg=factor.kg_co2e_per_kwh,
            source=factor.source,
            region=factor.region,
            year=factor.year,
        )

    def let_open(self) -> None:
        """Show that a click opens what a figure is made of; where nobody listens to `figure_wanted` it would promise too much."""
        for cell in self.cells.values():
            cell.setCursor(Qt.CursorShape.PointingHandCursor)

    def _on_cell_pressed(self, key: str) -> None:
        """Ask for what a figure is made of."""
        if self.view is not None:
            line = self.view.line
            by_constraint, figure = MADE_OF[key]
            unit = line.constraint if by_constraint or not line.last_units else line.last_units[-1].id
            if key == "scrap" and self.frame is not None and self.frame.figures is not None:
                thrown_out = self.frame.figures.thrown_out
                unit = max(thrown_out, key=lambda unit: thrown_out[unit], default=unit)
            self.figure_wanted.emit(unit, figure)

    @property
    def _warning(self) -> str:
        """The colour of a figure that asks for a look."""
        return self.context.theme.palette.priority[2]

    def _on_theme_changed(self) -> None:
        """Paint coloured figures in the new theme's colours."""
        if self.frame is not None:
            self.offer(self.frame)

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self._pace.stop()
        self._soon.stop()
        self._detail = None
        self._enlarge()
        for key in ASKED:
            self.cells[key].show_figure("–", "")

    @override
    def retranslate(self) -> None:
        for key, words in CELLS.items():
            self.cells[key].title.show_text(tr(words))
        self._enlarge()
        if self.frame is not None:
            self.offer(self.frame)
        if self._detail is not None:
            self._on_detail_told(self._detail)

    def _on_lowness_changed(self) -> None:
        """In a very low window the remarks give way; a tool tip still tells what they say."""
        for cell in self.cells.values():
            cell.shorten(short=self.lowness.low)

    def _shown(self) -> list[str]:
        """Return the cells that are shown: those that a person wants, as far as there is room."""
        hidden = self.context.settings.window.hidden_figures.split()
        wanted = [key for key in CELLS if key not in hidden] or ["oee"]
        return wanted[: max(2, int(self.width() / (LEAST_CELL_EM * self.fontMetrics().height())))]

    def arrange(self) -> None:
        """Show the cells that are to be shown."""
        shown = self._shown()
        for key, cell in self.cells.items():
            cell.setVisible(key in shown)
            cell.setProperty("cell", "last" if key == shown[-1] else "true")
            cell.style().unpolish(cell)
            cell.style().polish(cell)
        if not ASKED.isdisjoint(shown):
            self._pace.ask()

    def menu(self) -> QMenu:
        """Return the choice of cells."""
        menu, hidden = QMenu(self), self.context.settings.window.hidden_figures.split()
        for key, words in CELLS.items():
            action = menu.addAction(tr(words))
            action.setCheckable(True)
            action.setChecked(key not in hidden)
            action.triggered.connect(partial(self._on_cell_chosen, key))
        return menu

    def _on_cell_chosen(self, key: str, *_: object) -> None:
        """Show a cell that was left out, or leave it out."""
        hidden = set(self.context.settings.window.hidden_figures.split()) ^ {key}
        self.hidden_chosen.emit(" ".join(name for name in CELLS if name in hidden))
        self.arrange()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.exec(event.globalPos())
        menu.deleteLater()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()


def _due(against: Against | None) -> str:
    """Return what the plan has by now, and what the projection is."""
    if against is None or against.target is None:
        return ""
    return tr(
        "The plan of {target} is spread over the planned busy time, {due} by now. A projection goes on at the rate of the shift so far.",
        target=number(against.target), due=number(against.due),
    )  # fmt: skip
