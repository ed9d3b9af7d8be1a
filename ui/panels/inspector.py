"""Everything about the selected machine: now, trends, states, figures with their proof, raw messages. Joins the tabs of `ui.inspector`; paints nothing itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.model.frame import ALL, Changes
from twin_app.text import N_, tr
from ui.inspector.figures_tab import FiguresTab
from ui.inspector.now_tab import NowTab
from ui.inspector.raw_tab import RawTab
from ui.inspector.states_tab import StatesTab
from ui.inspector.trends_tab import TrendsTab
from ui.panels.base import Panel
from ui.theme import set_role
from ui.widgets.labels import ElidedLabel
from ui.widgets.pace import Pace

if TYPE_CHECKING:
    from twin_app.model.equipment import Unit
    from twin_app.model.frame import Frame
    from ui.context import Context, LineView

EVERY_MS = 250
"""Figures that change more often cannot be read."""
TABS = (N_("Now"), N_("Trends"), N_("States"), N_("Figures"), N_("Raw"))


class InspectorPanel(Panel):
    """The selected unit in five tabs; nothing selected says how to select."""

    key = "inspector"
    title = N_("Inspector")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the tabs; nothing is selected."""
        super().__init__(context, parent)
        self.now, self.states = NowTab(context, self), StatesTab(context, self)
        self.trends, self.raw, self.figures = TrendsTab(context, self), RawTab(context, self), FiguresTab(context, self)
        self._missed = ALL
        self._tabs = (self.now, self.trends, self.states, self.figures, self.raw)
        self._pace = Pace(self._paint, every_ms=EVERY_MS, parent=self)
        self._name = ElidedLabel(self)
        set_role(self._name, "heading")
        self._bar = QTabBar(self)
        self._bar.setDrawBase(False)
        self._bar.setExpanding(False)
        for _ in TABS:
            self._bar.addTab("")
        self._pages = QStackedWidget(self)
        for tab in self._tabs:
            self._pages.addWidget(tab)
        self._empty = QLabel(self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        set_role(self._empty, "dim")
        self._lay_out()
        self._bar.currentChanged.connect(self.show_tab)
        self.states.sought.connect(context.transport.seek)
        self.trends.sought.connect(context.transport.seek)
        self.figures.sought.connect(context.transport.seek)
        context.selection.unit_changed.connect(self._on_unit_selected)
        self.retranslate()
        self._show_page()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(10, 2, 4, 0)
        head.addWidget(self._name, 1)
        head.addWidget(self._bar)
        self._inspected = QWidget(self)
        column = QVBoxLayout(self._inspected)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._inspected)
        whole.addWidget(self._empty)

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self._pace.stop()
        self._show_page()

    @override
    def forget(self, view: LineView) -> None:
        super().forget(view)
        for tab in (self.states, self.trends, self.raw):
            tab.forget()

    @override
    def show_frame(self, frame: Frame) -> None:
        self._missed = _merged(self._missed, frame.changes)
        if self._unit() is not None:
            self._pace.ask()

    @override
    def retranslate(self) -> None:
        for i, title in enumerate(TABS):
            self._bar.setTabText(i, tr(title))
        self._bar.setAccessibleName(tr("Views of the selected machine"))
        self._empty.setText(tr("Select a machine in the tree, the hall or a lane."))
        for tab in self._tabs:
            tab.retranslate()
        self._repaint()

    @override
    def save(self) -> dict[str, object]:
        return {"tab": self._bar.currentIndex()}

    @override
    def restore(self, saved: dict[str, object]) -> None:
        tab = saved.get("tab")
        if isinstance(tab, int) and 0 <= tab < len(TABS):
            self.show_tab(tab)

    def show_tab(self, index: int) -> None:
        """Show a tab by its place."""
        self._bar.setCurrentIndex(index)
        self._pages.setCurrentIndex(index)
        self._repaint()

    def open_figure(self, name: str) -> None:
        """Show what a figure of the selected unit is made of."""
        self.show_tab(self._tabs.index(self.figures))
        self.figures.choose(name)

    def _unit(self) -> Unit | None:
        """Return the selected unit, None where nothing of the open line is selected."""
        units = self.view.line.units if self.view else ()
        return next((unit for unit in units if unit.id == self.context.selection.unit), None)

    def _on_unit_selected(self) -> None:
        self._show_page()
        self._repaint()

    def _show_page(self) -> None:
        """Show the tabs, or how to get something to show in them."""
        unit = self._unit()
        self._inspected.setVisible(unit is not None)
        self._empty.setVisible(unit is None)
        if unit is not None:
            self._name.show_text(unit.title)

    def _repaint(self) -> None:
        """Paint everything as soon as the pace allows, if anybody can see it."""
        self._missed = ALL
        if self.isVisible() and self.frame is not None and self._unit() is not None:
            self._pace.ask()

    def _paint(self) -> None:
        """Show the newest frame in the tab that is open."""
        unit = self._unit()
        if self.frame is not None and self.view is not None and unit is not None:
            frame, self._missed = replace(self.frame, changes=self._missed), Changes()
            self._tabs[self._pages.currentIndex()].show_frame(frame, self.view, unit)


def _merged(one: Changes, other: Changes) -> Changes:
    """Return all that changed over two frames: what a pause between two paintings must not lose."""
    return Changes(
        all=one.all or other.all, units=one.units | other.units, signals=one.signals or other.signals,
        figures=one.figures or other.figures, health=one.health or other.health, span=one.span or other.span,
    )  # fmt: skip
