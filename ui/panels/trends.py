"""Live efficiency: OEE, rate and output from the shift's start to the playhead. Asks and paces; `ui.plots` draws, imported at first sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QStackedLayout
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.text import N_, tr
from ui.panels.base import Panel
from ui.theme import set_role
from ui.widgets.pace import Pace

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from twin_app.model.frame import Frame
    from ui.context import Context, LineView
    from ui.plots.efficiency import EfficiencyPlots

POINTS = 300
POINT_NS = SECOND_NS
"""Points of a curve are no nearer to each other: machines tell nothing new so soon."""
EVERY_MS = 400
MAKE_AFTER_MS = 150
"""So long the line moves before its plots are made: their library takes the time of some frames to load. Never in another thread:
Qt's types are made when they are first used, and two threads that do so at once end the program."""
LAG_NS = 3 * SECOND_NS // 2
"""While time runs curves are asked for so seldom (in time as it would run at 1x): up to there they end in the frame's own figures."""


class TrendsPanel(Panel):
    """OEE of the line and of the selected unit, and the unit's rate against its ideal; the constraint's where none is selected."""

    key = "trends"
    title = N_("Efficiency")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Show a calm nothing; the plots are made when there is something to plot."""
        super().__init__(context, parent)
        self.plots: EfficiencyPlots | None = None
        self._shown: tuple[int, int, str] | None = None
        self._asked: tuple[int, int, str] | None = None
        self._pace = Pace(self._update, every_ms=EVERY_MS, parent=self)
        self._making = QTimer(self)
        self._making.setSingleShot(True)
        self._making.setInterval(MAKE_AFTER_MS)
        self._making.timeout.connect(self._make_plots)
        self._empty = QLabel(self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        set_role(self._empty, "dim")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        context.selection.unit_changed.connect(self._on_unit_selected)
        context.other.changed.connect(self._on_other_changed)
        self.retranslate()

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        self._shown = self._asked = None
        self._say()
        self._pace.stop()
        self._pages.setCurrentWidget(self._empty)
        if self.plots is not None:
            self.plots.open_line(view.line if view else None)

    @override
    def show_frame(self, frame: Frame) -> None:
        if frame.changes.all:
            self._shown = self._asked = None
        if self.plots is not None and (frame.changes.all or frame.changes.figures or frame.changes.signals):
            self.plots.show_now(frame)
        if self._question(frame) != self._shown or (not frame.playing and self._is_outdated(frame)):
            self._pace.ask()

    @override
    def settled(self) -> bool:
        return not (self._making.isActive() or self._pace.waiting)

    @override
    def retranslate(self) -> None:
        self._say()
        if self.plots is not None:
            self.plots.retranslate()

    def _say(self) -> None:
        """Say why there are no plots; while they are on their way, nothing."""
        waiting = self.plots is None and self.frame is not None and self.frame.span is not None
        self._empty.setText("" if waiting else tr("No data yet: efficiency is counted from the first state on."))

    def _on_unit_selected(self) -> None:
        if self.isVisible() and self.frame is not None and self.view is not None:
            self._pace.ask()

    def _on_other_changed(self) -> None:
        """Draw what another shift did beside this one, or no longer."""
        self._name_other()
        self._shown = self._asked = None
        if self.isVisible() and self.frame is not None and self.view is not None:
            self._pace.ask()

    def _name_other(self) -> None:
        """Say which other shift is drawn."""
        aligned = self.context.other.aligned
        if self.plots is not None:
            self.plots.show_other(aligned.name if aligned is not None else "")

    def _question(self, frame: Frame) -> tuple[int, int, str]:
        """Return what the plots depend on."""
        return frame.shift_start_ns, frame.at_ns, self.context.selection.unit

    def _is_outdated(self, frame: Frame) -> bool:
        """Tell whether curves asked for now would look other than those asked for last."""
        start_ns, at_ns, unit = self._question(frame)
        if self._asked is None or (self._asked[0], self._asked[2]) != (start_ns, unit):
            return True
        moved_ns = abs(at_ns - self._asked[1])
        return moved_ns > 0 and (not frame.playing or moved_ns >= max(LAG_NS * abs(frame.speed), (at_ns - start_ns) / POINTS))

    def _update(self) -> None:
        """Show everything up to the playhead, and ask for what is to be asked for."""
        frame, view = self.frame, self.view
        if frame is None or view is None or frame.span is None or not view.line.units:
            return
        if self.plots is None:
            self._say()
            if not self._making.isActive():
                self._making.start()
            return
        self._shown = self._question(frame)
        start, at = frame.shift_start_ns, frame.at_ns
        chosen = self.context.selection.unit in {unit.id for unit in view.line.units}
        unit = self.context.selection.unit if chosen else view.line.constraint
        plots = self.plots
        self._pages.setCurrentWidget(plots)
        plots.show_unit(unit, chosen=chosen)
        plots.show_now(frame)
        plots.show_window(start, at, None if frame.mode.grows else frame.span.end_ns)
        if at > start and self._is_outdated(frame):
            self._asked = self._shown
            points = min(POINTS, max(2, (at - start) // POINT_NS))
            end = frame.against.end_ns if frame.against is not None else at
            self.context.query.shifts("trends/shifts", start, end, plots.show_shifts)
            self.context.query.trend("trends/line", None, start, at, points, plots.show_line_trend)
            self.context.query.trend("trends/unit", unit, start, at, points, plots.show_unit_trend)
            self.context.query.timeline("trends/states", unit, start, at, plots.show_states)
            if other := self.context.other.query:
                other.trend("trends/other line", None, start, at, points, plots.show_other_line)
                other.trend("trends/other unit", unit, start, at, points, plots.show_other_unit)

    def _make_plots(self) -> None:
        """Make the plots and show what waited for them."""
        from ui.plots.efficiency import EfficiencyPlots

        self.plots = EfficiencyPlots(self.context.theme, self)
        self.plots.sought.connect(self.context.transport.seek)
        self._pages.addWidget(self.plots)
        self.plots.open_line(self.view.line if self.view else None)
        self._name_other()
        self._update()
