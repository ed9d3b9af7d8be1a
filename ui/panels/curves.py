"""Any numbers against time: signals and KPIs side by side, from a minute to a month, with one cursor. Asks and paces; `ui.plots` draws."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.clock import SECOND_NS
from twin_app.text import N_, clock_time, number, tr
from ui.curves.wanted import LIMITS, MIME, Wanted, from_mime, from_words, offer_of, offers
from ui.inspector.readings import figure
from ui.panels.base import Panel
from ui.theme import set_role
from ui.widgets.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent

    from twin_app.model.frame import Frame
    from twin_app.model.plan import ShiftSpan
    from ui.context import Context, LineView
    from ui.curves.asking import Asking
    from ui.curves.bar import Bar
    from ui.curves.wanted import Offer
    from ui.plots.curve_ink import CurveInk
    from ui.plots.curve_stack import CurveStack

EVERY_MS = 100
OFFER_EVERY_MS = 1000
SHORTEST_NS, LONGEST_NS = SECOND_NS // 10, 92 * 86_400 * SECOND_NS
MOST = 24
"""Curves at once: as many as there are inks."""
_OTHER = "other"
"""Of the key of a curve that another shift drew."""


class CurvesPanel(Panel):
    """Plots by unit of measure below a legend. A person adds curves by name or by dragging signals here."""

    key = "curves"
    title = N_("Curves")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Show how to begin; the plots are made with the first curve."""
        super().__init__(context, parent)
        self.curves: list[Wanted] = []
        self._offered: list[Offer] = []
        self._known = 0
        """How many signals the line had when they were offered."""
        self._window = (0, 1)
        self._following = True
        self._hover_ns: int | None = None
        self._shifts: Sequence[ShiftSpan] = ()
        self.bar: Bar | None = None
        self.stack: CurveStack | None = None
        self._asking: Asking | None = None
        self._asking_other: Asking | None = None
        self._length_s = 0
        self._pace = Pace(self._update, every_ms=EVERY_MS, parent=self)
        self._offering = Pace(self._offer, every_ms=OFFER_EVERY_MS, parent=self)
        self._empty = QLabel(self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        set_role(self._empty, "dim")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty)
        self._column.addLayout(self._pages, 1)
        self.setAcceptDrops(True)
        context.other.changed.connect(self._on_other_changed)
        self.retranslate()

    # What every panel does

    @override
    def open_line(self, view: LineView | None) -> None:
        before = self.view.line.path if self.view else None
        super().open_line(view)
        self._shifts, self._offered, self._known = (), [], 0
        if self._asking is not None:
            self._asking.forget()
        if view is None or (before is not None and view.line.path != before):
            self._following = True
        self._show_curves()

    @override
    def show_frame(self, frame: Frame) -> None:
        self._make()
        if frame.changes.all and self._asking is not None:
            self._asking.forget()
        if self.view is not None and len(self.view.signals) != self._known:
            self._offering.ask()
        self._follow(frame)
        if self.stack is not None:
            self.stack.show_playhead(frame.at_ns)
        self._pace.ask()
        self._read()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.bar is not None:
            self.bar.fit(self.height())

    @override
    def settled(self) -> bool:
        return not (self._pace.waiting or (self._asking is not None and self.curves and self._asking.busy))

    @override
    def retranslate(self) -> None:
        self._empty.setText(tr("Add a curve above, or drag signals here from the inspector."))
        if self.bar is not None:
            self.bar.retranslate()
            self._offer()
            self._show_curves()

    @override
    def save(self) -> dict[str, object]:
        length = self.bar.length.currentData() if self.bar else self._length_s
        return {"curves": [[one.unit, one.name, one.kpi] for one in self.curves], "length_s": length}

    @override
    def restore(self, saved: dict[str, object]) -> None:
        self.curves = from_words(saved.get("curves"))[:MOST]
        length = saved.get("length_s")
        self._length_s = length if isinstance(length, int) else 0
        if self.bar is not None:
            self._restore_length()
        self._show_curves()

    # What a person does

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        for wanted in from_mime(event.mimeData()):
            self.add(wanted)
        event.acceptProposedAction()

    def add(self, wanted: Wanted) -> None:
        """Draw another curve; one that is there already, or that this line does not have, changes nothing."""
        if wanted not in self.curves and len(self.curves) < MOST and self.view is not None and offer_of(self.view, wanted):
            self.curves.append(wanted)
            self._show_curves()
            self._pace.ask()

    def remove(self, wanted: Wanted) -> None:
        """Draw a curve no more."""
        if wanted in self.curves:
            self.curves.remove(wanted)
            self._show_curves()

    def zoom(self, about_ns: int, factor: float) -> None:
        """Show more or less time about an instant; one at the right edge while following goes on following."""
        start, end = self._window
        length = min(max(round((end - start) * factor), SHORTEST_NS), LONGEST_NS)
        share = min(max((about_ns - start) / max(end - start, 1), 0.0), 1.0)
        self._stay(about_ns - round(length * share), length)

    def pan(self, by_ns: int) -> None:
        """Show an earlier or a later time of the same length."""
        start, end = self._window
        self._stay(start + by_ns, end - start)

    def _stay(self, start_ns: int, length_ns: int) -> None:
        """Show a stretch of time from now on, whatever the playhead does."""
        self._following = False
        if self.bar is not None:
            self.bar.show_following(following=False)
        self._window = start_ns, start_ns + length_ns
        self._show_window()
        self._pace.ask()

    def _on_follow_wanted(self, following: bool) -> None:  # noqa: FBT001 - a slot
        self._following = following
        if self.frame is not None:
            self._follow(self.frame)
            self._pace.ask()

    def _on_length_chosen(self) -> None:
        if self.bar is not None:
            self.bar.show_following(following=True)
        self._on_follow_wanted(following=True)

    # What is shown

    def _make(self) -> None:
        """Make the controls and the plots, at first sight: their library takes the time of some frames to load."""
        if self.bar is not None:
            return
        from ui.curves.asking import Asking
        from ui.curves.bar import Bar
        from ui.plots.curve_stack import CurveStack

        self.bar, self.stack = Bar(self.context.theme, self), CurveStack(self.context.theme, self)
        self._asking = Asking(self.context.query, self._on_answered)
        self._column.insertWidget(0, self.bar)
        self._pages.addWidget(self.stack)
        self.bar.added.connect(self.add)
        self.bar.removed.connect(self.remove)
        self.bar.toggled.connect(self._show_curves)
        self.bar.length_chosen.connect(self._on_length_chosen)
        self.bar.follow_wanted.connect(self._on_follow_wanted)
        self.stack.sought.connect(self.context.transport.seek)
        self.stack.hovered.connect(self._on_hovered)
        self.stack.zoomed.connect(self.zoom)
        self.stack.panned.connect(self.pan)
        self._restore_length()
        self._offer()
        self._show_curves()

    def _restore_length(self) -> None:
        """Take the length that was kept."""
        assert self.bar is not None  # noqa: S101 - asked by its callers
        index = self.bar.length.findData(self._length_s)
        if index >= 0:
            self.bar.length.setCurrentIndex(index)

    def _offer(self) -> None:
        """Offer what the line has by now: unknown names appear as it runs."""
        if self.bar is not None and self.view is not None:
            self._known = len(self.view.signals)
            self._offered = offers(self.view)
            self.bar.offer(self._offered)

    def _show_curves(self) -> None:
        """Show legend and plots of what is wanted and there."""
        from ui.plots.curve_ink import CurveInk

        if self.bar is None or self.stack is None:
            return
        found = [(offer, CurveInk(i)) for i, one in enumerate(self.curves) if self.view and (offer := offer_of(self.view, one))]
        if {offer.wanted for offer, _ in found} != set(self.bar.chips) or [o.title for o, _ in found] != [
            c.name for c in self.bar.chips.values()
        ]:
            self.bar.show_curves(found)
        self._draw([(offer, ink) for offer, ink in found if self.bar.chips[offer.wanted].isChecked()])
        self._pages.setCurrentWidget(self.stack if found else self._empty)

    def _draw(self, shown: list[tuple[Offer, CurveInk]]) -> None:
        """Show the plots of these curves."""
        from ui.plots.curve_stack import Drawn

        assert self.stack is not None  # noqa: S101 - asked by its caller
        drawn = [
            Drawn(
                offer.wanted, offer.measure, ink,
                {tr(words): value for name, words in LIMITS.items() if (value := getattr(offer.limits, name)) is not None},
            )
            for offer, ink in shown
        ]  # fmt: skip
        beside = shown if self.context.other.query else []
        others = [Drawn((_OTHER, offer.wanted), offer.measure, replace(ink, other=True), {}) for offer, ink in beside]
        self.stack.set_curves(drawn + others)
        self._show_window()
        if self.frame is not None:
            self.stack.show_playhead(self.frame.at_ns)
        self._read()

    def _follow(self, frame: Frame) -> None:
        """End the window at the playhead, if it follows."""
        if self._following and self.bar is not None:
            length = int(self.bar.length.currentData()) * SECOND_NS
            if self._window != (frame.at_ns - length, frame.at_ns):
                self._window = frame.at_ns - length, frame.at_ns
                self._show_window()

    def _show_window(self) -> None:
        """Show the window in every plot."""
        if self.stack is not None and self.view is not None:
            self.stack.set_window(self.view.line.tz, *self._window)
            self.stack.show_shifts(self._shifts)

    def _update(self) -> None:
        """Ask for all that is seen."""
        if self.frame is None or self.view is None or self._asking is None or self.stack is None or not self.curves:
            return
        from ui.curves.asking import segments

        span_ns = self.frame.span.start_ns if self.frame.span else self.frame.at_ns
        parts = segments(self._shifts, max(self.frame.shift_start_ns, span_ns), self.frame.at_ns)
        self.context.query.shifts("curves/shifts", *self._window, self._on_shifts)
        self._asking.ask(self.view, self.curves, self._window, self.frame.at_ns, max(self.stack.width(), 200), parts)
        self._ask_other()

    def _ask_other(self) -> None:
        """Ask what signals and KPIs were in another shift that stands beside this one; its KPIs count from its own start."""
        from ui.curves.asking import Asking

        other, frame, stack = self.context.other, self.frame, self.stack
        if other.query is None or other.aligned is None or frame is None or stack is None or self.view is None:
            return
        self._asking_other = self._asking_other or Asking(other.query, self._on_other_answered)
        units = {"", *(unit.id for unit in other.aligned.known.line.units)}
        curves = [one for one in self.curves if one.unit in units]
        its_view, its = replace(self.view, signals=other.aligned.known.signals), other.aligned.span
        self._asking_other.ask(its_view, curves, self._window, frame.at_ns, max(stack.width(), 200), [(its.start_ns, its.end_ns + 1)])

    def _on_other_changed(self) -> None:
        """Another shift stands beside this one, or elsewhere, or none does."""
        self._asking_other = None
        self._show_curves()
        self._pace.ask()

    def _on_other_answered(self, wanted: Wanted, times_ns: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Draw what another shift did."""
        if self.stack is not None:
            self.stack.show_points((_OTHER, wanted), times_ns, values)

    def _on_shifts(self, shifts: Sequence[ShiftSpan]) -> None:
        """The plan of the window: KPIs begin anew with each shift."""
        fresh = tuple(shifts)
        if fresh != self._shifts:
            self._shifts = fresh
            self._show_window()
            self._pace.ask()

    def _on_answered(self, wanted: Wanted, times_ns: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Draw an answer."""
        if self.stack is not None:
            self.stack.show_points(wanted, times_ns, values)
            self._read()

    def _on_hovered(self, at_ns: int | None) -> None:
        self._hover_ns = at_ns
        if self.stack is not None:
            self.stack.show_cursor(at_ns)
        self._read()

    def _read(self) -> None:
        """Write the values at the mouse, else at the playhead, into the legend."""
        if self.bar is None or self.stack is None or self.frame is None or self.view is None:
            return
        from ui.plots.shapes import value_at

        at = self.frame.at_ns if self._hover_ns is None else min(self._hover_ns, self.frame.at_ns)
        for wanted, chip in self.bar.chips.items():
            points = self.stack.points(wanted)
            offer = offer_of(self.view, wanted)
            value = value_at(*points, at) if points and len(points[0]) else float("nan")
            said = number(value, 1) if wanted.kpi else figure(value) if isfinite(value) else ""
            chip.show_figure(f"{said} {offer.measure if offer else ''}".strip() if isfinite(value) else "–")
        self.bar.when.setText("" if self._hover_ns is None else clock_time(at, self.view.line.tz, digits=1))
