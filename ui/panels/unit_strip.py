"""The flow strip: cards along the flow with the buffers between them; normal small and quiet, abnormal wide and loud. Not for the line's figures."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.analyse.buffers import groups
from twin_app.clock import SECOND_NS
from twin_app.model.frame import ALL
from twin_app.model.packml import Category
from twin_app.text import N_, number, percent, tr
from ui.legibility import capital_px
from ui.palette import coloured, glyph, state_color
from ui.panels.base import Panel
from ui.widgets.buffer_gauge import BufferGauge
from ui.widgets.flow_board import FlowBoard, Stand
from ui.widgets.unit_card import CardFace, UnitCard
from ui.words import ideal_per_min, known, lasted, of_ideal, rate, state_word, unit_notes, unit_state

if TYPE_CHECKING:
    from twin_app.model.frame import Frame
    from twin_app.model.timeline import UnitNow
    from ui.context import Context, LineView

LOUD_AFTER_S = 10.0
"""A stop that is no failure is loud after so long: the short ones would make the strip dance."""


class UnitStrip(Panel):
    """Cards in flow order."""

    key = "unit_strip"
    title = N_("Units")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Start without cards."""
        super().__init__(context, parent)
        self.cards: dict[str, UnitCard] = {}
        self.gauges: dict[str, tuple[BufferGauge, frozenset[tuple[str, str]]]] = {}
        """By the unit it stands before: the gauge, and the buffers it shows, by feeding and fed unit."""
        self._seconds: dict[str, int | None] = {}
        """What each card says of how long; of a frame that brings nothing else only what has become another second is worded anew."""
        self.board = FlowBoard(self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.board)
        context.selection.unit_changed.connect(self._on_unit_changed)
        context.theme.changed.connect(self._on_theme_changed)

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        for widget in (*self.cards.values(), *(gauge for gauge, _ in self.gauges.values())):
            widget.hide()
            widget.deleteLater()
        self.cards, self.gauges, self._seconds = {}, {}, {}
        for unit in view.line.flow_order if view else ():
            card = UnitCard(unit.id, self.context.theme, self.board)
            card.chosen.connect(self.context.selection.select)
            card.show()
            self.cards[unit.id] = card
        if view:
            self._make_gauges(view)
        self._place()

    def _make_gauges(self, view: LineView) -> None:
        """Put a gauge before the first unit of those that a group of buffers feeds."""
        for group in groups(view.line):
            first = min(group.targets, key=list(self.cards).index)
            if first not in self.gauges:
                keys = frozenset((source, feed.to) for source, feed in group.feeds)
                self.gauges[first] = (BufferGauge(self.context.theme, self.board), keys)

    def _place(self) -> None:
        """Hand cards and gauges to the board, with how large the operator's letters have to be."""
        look, size = self.context.settings.look, self.screen().size()
        wanted = capital_px((size.width(), size.height()), diagonal_in=look.diagonal_in, distance_m=look.distance_m)
        stands = [Stand(card, self.gauges[unit][0] if unit in self.gauges else None) for unit, card in self.cards.items()]
        self.board.place(stands, wanted if look.preset == "operator" else 0.0)

    @override
    def show_frame(self, frame: Frame) -> None:
        if self.view is None:
            return
        loud = [card.face.loud for card in self.cards.values()]
        changes = frame.changes
        anew = changes.all or changes.figures or changes.alarms or changes.story
        for unit, card in self.cards.items():
            seconds = _seconds(frame, unit)
            if anew or unit in changes.units or seconds != self._seconds.get(unit):
                self._seconds[unit] = seconds
                card.show_face(self._face(unit, frame))
        if frame.changes.all or frame.changes.story:
            causes = frame.story.causes if frame.story else ()
            ailing = frozenset(unit for cause in causes for unit in (cause.unit, *cause.waiting))
            for gauge, keys in self.gauges.values():
                gauge.show_buffers(self.view.line, tuple(b for b in frame.buffers if (b.unit, b.to) in keys), ailing)
        if loud != [card.face.loud for card in self.cards.values()]:
            self.board.arrange()

    def _face(self, unit_id: str, frame: Frame) -> CardFace:
        """Return what a unit's card shows at the frame."""
        if self.view is None:
            return CardFace()
        line, palette = self.view.line, self.context.theme.palette
        unit, now = line.unit(unit_id), frame.units.get(unit_id)
        if now is None:
            return CardFace(title=unit.title, blind=True, glyph=glyph(None), state=state_word(None))
        color = state_color(palette, now.state, now.category)
        ideal = ideal_per_min(line, unit_id, now.task.product)
        figures = frame.figures.units.get(unit_id) if frame.figures else None
        oee = figures.kpi.oee_told if figures else math.nan
        made = figures.kpi.produced if figures else math.nan
        causes = frame.story.causes if frame.story else ()
        return CardFace(
            title=unit.title, glyph=_sign(now), state=_condition(now), notes=tuple(unit_notes(now)),
            since=lasted(frame, now),
            rate=rate(frame.rates_per_min.get(unit_id, math.nan), ideal), ideal=of_ideal(ideal),
            per=of_ideal(None), parts=tr("{n} made", n=number(made)) if math.isfinite(made) else "",
            reason=next((cause.reason for cause in causes if cause.unit == unit_id), ""),
            oee=tr("OEE {oee}", oee=percent(oee)), color=color if coloured(palette, color) and now.state is not None else "",
            loud=color == palette.aborted or (color == palette.held and frame.at_ns - now.since_ns >= LOUD_AFTER_S * SECOND_NS),
            blind=now.state is None, selected=self.context.selection.unit == unit_id, alarms=frame.alarms.units.get(unit_id),
        )  # fmt: skip

    def _on_unit_changed(self, _unit: str) -> None:
        """Mark the selected card."""
        self._show_again()

    def _on_theme_changed(self) -> None:
        """Take the state colours of the new theme."""
        self._show_again()

    @override
    def retranslate(self) -> None:
        self._place()
        self._show_again()

    def _show_again(self) -> None:
        """Paint the newest frame anew."""
        if self.frame is not None and self.view is not None:
            self.show_frame(replace(self.frame, changes=ALL))


def _seconds(frame: Frame, unit: str) -> int | None:
    """Return for how many seconds a unit has been as it is, None where nothing is known."""
    now = frame.units.get(unit)
    return None if now is None or known(frame) is None else round((frame.at_ns - now.since_ns) / SECOND_NS)


def _condition(now: UnitNow) -> str:
    """Return a state's word; of one that waits for a neighbour, which side."""
    if now.category is Category.STARVED:
        word = tr("Starved")
    elif now.category is Category.BLOCKED:
        word = tr("Blocked")
    else:
        return unit_state(now)
    return tr("{word} (inferred)", word=word) if now.inferred else word


def _sign(now: UnitNow) -> str:
    """Return a state's shape; an arrow from the side a unit waits for."""
    arrows = {Category.STARVED: "⇥", Category.BLOCKED: "⇤"}
    return arrows.get(now.category, glyph(now.state))
