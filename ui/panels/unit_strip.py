"""The flow strip: one card a unit in the line's order; normal small and quiet, abnormal wide and coloured. Not for figures of the line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.text import N_, percent, tr
from ui.palette import glyph, state_color
from ui.panels.base import Panel
from ui.widgets.sideways import Sideways
from ui.widgets.unit_card import CardFace, UnitCard
from ui.words import ideal_per_min, lasted, of_ideal, rate, state_word

if TYPE_CHECKING:
    from twin_app.model.equipment import Line, Unit
    from twin_app.model.frame import Frame
    from ui.context import Context, LineView


class UnitStrip(Panel):
    """Cards side by side in flow order."""

    key = "unit_strip"
    title = N_("Units")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Start without cards."""
        super().__init__(context, parent)
        self.cards: dict[str, UnitCard] = {}
        row = QWidget()
        self._layout = QHBoxLayout(row)
        self._layout.setContentsMargins(4, 6, 4, 0)
        self._layout.setSpacing(6)
        self._sideways = Sideways(row, self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._sideways)
        context.selection.unit_changed.connect(self._on_unit_changed)
        context.theme.changed.connect(self._on_theme_changed)

    @override
    def open_line(self, view: LineView | None) -> None:
        super().open_line(view)
        for card in self.cards.values():
            self._layout.removeWidget(card)
            card.deleteLater()
        self.cards = {}
        for unit in flow_order(view.line) if view else ():
            card = UnitCard(unit.id, self.context.theme, self)
            card.chosen.connect(self.context.selection.select)
            self._layout.addWidget(card, 2)
            self.cards[unit.id] = card

    @override
    def show_frame(self, frame: Frame) -> None:
        for index, card in enumerate(self.cards.values()):
            face = self._face(card.unit, frame)
            card.show_face(face)
            self._layout.setStretch(index, 4 if face.loud else 2)

    def _face(self, unit_id: str, frame: Frame) -> CardFace:
        """Return what a unit's card shows at the frame."""
        if self.view is None:
            return CardFace()
        line, palette = self.view.line, self.context.theme.palette
        unit, now = line.unit(unit_id), frame.units.get(unit_id)
        if now is None:
            return CardFace(title=unit.title, blind=True, glyph=glyph(None), state=state_word(None))
        color = state_color(palette, now.state, now.category)
        ideal = ideal_per_min(line, unit_id)
        figures = frame.figures.units.get(unit_id) if frame.figures else None
        oee = figures.kpi.oee_index if figures else math.nan
        return CardFace(
            title=unit.title, glyph=glyph(now.state), state=state_word(now.state),
            since=lasted(frame, now),
            rate=rate(frame.rates_per_min.get(unit_id, math.nan), ideal), ideal=of_ideal(ideal),
            per=of_ideal(None),
            oee=tr("OEE {oee}", oee=percent(oee)), color=color if color in palette.priority else "", loud=color in palette.priority[:2],
            blind=now.state is None, selected=self.context.selection.unit == unit_id,
        )  # fmt: skip

    def _on_unit_changed(self, unit: str) -> None:
        """Mark the selected card, and bring it into sight."""
        if card := self.cards.get(unit):
            self._sideways.ensureWidgetVisible(card)
        self._show_again()

    def _on_theme_changed(self) -> None:
        """Take the state colours of the new theme."""
        self._show_again()

    @override
    def retranslate(self) -> None:
        self._show_again()

    def _show_again(self) -> None:
        """Paint the newest frame anew."""
        if self.frame is not None and self.view is not None:
            self.show_frame(self.frame)


def flow_order(line: Line) -> tuple[Unit, ...]:
    """Return the units from first to last along the flow, those of the layout's order first where the flow does not say."""
    incoming = {feed.to for unit in line.units for feed in unit.feeds}
    ordered: dict[str, Unit] = {}
    waiting = [u for u in line.units if u.id not in incoming] + list(line.units)
    while waiting:
        unit = waiting.pop(0)
        if unit.id not in ordered:
            ordered[unit.id] = unit
            waiting[:0] = [line.unit(feed.to) for feed in unit.feeds]
    return tuple(ordered.values())
