"""The few facts a person asks first of a machine: state, since when, mode, rate, counts, material. Labels only, no table."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from twin_app.model.packml import MODE_WORDS, Mode
from twin_app.text import N_, clock_time, number, tr
from ui.hall.looks import notes_of
from ui.palette import glyph, state_color
from ui.theme import set_role
from ui.widgets.labels import ElidedLabel
from ui.words import counts, ideal_per_min, known, lasted, rate_of_ideal, state_word, unit_notes, unit_state

if TYPE_CHECKING:
    from twin_app.model.equipment import Unit
    from twin_app.model.frame import Frame
    from twin_app.model.timeline import UnitNow
    from ui.context import LineView, Theme

_HEADS = (N_("State"), N_("Since"), N_("Mode"), N_("Rate"), N_("Good · scrap"), N_("Material"))


class Facts(QWidget):
    """Six facts, each a dim name and a value that starts at the same column."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Show dashes."""
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[UnitNow, str] | None = None
        self._heads = [QLabel(self) for _ in _HEADS]
        self._values = [ElidedLabel(self) for _ in _HEADS]
        self._glyph = QLabel(self)
        self._notes = ElidedLabel(self, role="dim")
        self._conflict = ElidedLabel(self, role="alarm2")
        set_role(self._values[0], "bold")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        grid.setHorizontalSpacing(14)
        grid.setColumnStretch(1, 1)
        for row, (head, value) in enumerate(zip(self._heads, self._values, strict=True)):
            set_role(head, "dim")
            value.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            grid.addWidget(head, row, 0)
            if row:
                grid.addWidget(value, row, 1)
        state = QHBoxLayout()
        state.setSpacing(5)
        state.addWidget(self._glyph)
        state.addWidget(self._values[0], 1)
        grid.addLayout(state, 0, 1)
        grid.addWidget(self._notes, len(_HEADS), 0, 1, 2)
        grid.addWidget(self._conflict, len(_HEADS) + 1, 0, 1, 2)
        grid.setRowStretch(len(_HEADS) + 2, 1)
        self._notes.hide()
        self._conflict.hide()
        theme.changed.connect(self._dress)
        self.retranslate()

    def retranslate(self) -> None:
        """Word the names in the current language."""
        for head, text in zip(self._heads, _HEADS, strict=True):
            head.setText(tr(text))
        self._shown = None

    def show_unit(self, frame: Frame, view: LineView, unit: Unit) -> None:
        """Show a unit at the playhead; what has not changed costs nothing."""
        now = frame.units.get(unit.id)
        if now is None:
            return
        zone = ZoneInfo(view.line.zone)
        self._show_state(now)
        begun = f"{clock_time(now.since_ns, zone)} · {lasted(frame, now)}" if known(frame) else "–"
        self._values[1].show_text(begun)
        self._values[2].show_text(tr(MODE_WORDS[min(now.mode, len(MODE_WORDS) - 1)]) if now.mode > Mode.UNDEFINED else "–")
        rate = frame.rates_per_min.get(unit.id, float("nan"))
        self._values[3].show_text(rate_of_ideal(rate, ideal_per_min(view.line, unit.id, now.task.product)))
        self._values[4].show_text(_counts(frame, unit))
        self._values[5].show_text("   ".join(notes_of(unit, frame, view)) or "–")

    def _show_state(self, now: UnitNow) -> None:
        """Show state, glyph, what of it the machine did not tell, and a conflict between name and number."""
        shown = (now, self._theme.palette.name)
        if shown == self._shown:
            return
        self._shown = shown
        self._glyph.setText(glyph(now.state))
        self._glyph.setStyleSheet(f"color: {self._glyph_color(now)}; font-weight: 600;")
        self._values[0].show_text(unit_state(now))
        self._notes.setVisible(bool(notes := unit_notes(now)))
        self._notes.show_text(" · ".join(notes))
        self._values[0].setAccessibleName(f"{tr('State')} {state_word(now.state)}")
        self._conflict.setVisible(bool(now.conflict))
        self._conflict.show_text(tr("Name and number of the state disagree: {both}", both=now.conflict) if now.conflict else "")

    def _glyph_color(self, now: UnitNow) -> str:
        """Return the state's colour, dim where nobody knows it: a mark must be seen."""
        color = state_color(self._theme.palette, now.state, now.category)
        return self._theme.palette.dim if color == self._theme.palette.line else color

    def _dress(self) -> None:
        if self._shown is not None:
            self._show_state(self._shown[0])


def _counts(frame: Frame, unit: Unit) -> str:
    """Return `701 · 28 (bottle)` counted since the shift began."""
    figures = frame.figures.units.get(unit.id) if frame.figures else None
    good, scrap = (figures.kpi.good, figures.kpi.scrap) if figures else (None, None)
    return counts(f"{number(good)} · {number(scrap)}", unit.unit_of_count)
