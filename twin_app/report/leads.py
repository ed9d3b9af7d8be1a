"""Where each line and figure of the sheet leads: the moment that says most of it, with the intervals it is made of. Not for wording them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, NamedTuple, Protocol

from twin_app.kpi.proof import weightiest
from twin_app.model.packml import CATEGORY_WORDS, Category

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twin_app.report.handover import Handover

Window = tuple[int, int]
ALARMS = "Alarms"
"""The figure that the journal of alarms is, see `service.link`."""


class LinkTo(Protocol):
    """Gives addresses."""

    def __call__(self, at_ns: int, unit: str, figure: str = "", span: Window | None = None) -> str:
        """Return the address of a moment; with a figure of a unit in a window that of its intervals."""
        ...


class Lead(NamedTuple):
    """Words that lead somewhere."""

    text: str
    address: str


class Leads:
    """The addresses of one sheet."""

    def __init__(self, sheet: Handover, link: LinkTo) -> None:
        """Lead through what was gathered."""
        self._sheet, self._link = sheet, link
        self.window: Window = (sheet.start_ns, sheet.end_ns)
        line = sheet.line
        self.constraint = line.constraint
        last = line.last_units or line.units
        self.last = max(last, key=lambda unit: _known(sheet.figures.units[unit.id].kpi.good)).id
        """The last unit, of several the one that gave most."""
        thrown_out = sheet.figures.thrown_out
        self.worst = max(thrown_out, key=lambda unit: _known(thrown_out[unit]), default=self.constraint)
        """The unit that threw out most."""

    def moment(self, at_ns: int, unit: str = "") -> str:
        """Return the address of a moment; a unit that the layout has not is left out."""
        return self._link(at_ns, unit if any(one.id == unit for one in self._sheet.line.units) else "")

    def figure(self, unit: str, name: str, span: Window | None = None) -> str:
        """Return the address of what a figure of a unit is made of, at the interval that says most; without one at the window's end."""
        start_ns, end_ns = span or self.window
        rows = (row for row in self._sheet.spent[unit] if row.end_ns > start_ns and row.start_ns < end_ns)
        found = weightiest(name, rows)
        return self._link(end_ns if found is None else max(found.start_ns, start_ns), unit, name, (start_ns, end_ns))

    def alarms(self, at_ns: int | None = None, unit: str = "") -> str:
        """Return the address of the journal of the window, at a moment of it or at its first alarm."""
        first = next((t.at_ns for t in self._sheet.alarms.transitions if t.shown), self.window[0])
        named = unit if any(one.id == unit for one in self._sheet.line.units) else ""
        return self._link(first if at_ns is None else at_ns, named, ALARMS, self.window)

    def blind(self) -> str:
        """Return the address of the longest gap; the OEE's range is that of the constraint and of the last units."""
        units = [self.constraint, *(unit.id for unit in self._sheet.line.last_units)]
        return self.figure(max(units, key=lambda unit: self._sheet.figures.units[unit].kpi.blind_s), "Blind time")

    def energy(self, category: Category | None = None) -> str:
        """Return the address of the machine that took most energy, in all or in time that counts as a category."""
        spent = {unit: _kwh(self._sheet, unit, category) for unit in self._sheet.details}
        unit = max(spent, key=lambda unit: spent[unit], default=self.constraint)
        return self.figure(unit, "Energy a good piece" if category is None else CATEGORY_WORDS[category])

    def figures(self, unit: str, told: Iterable[tuple[str, str]]) -> list[Lead]:
        """Return figures in words, each with the address of what it is made of; `told` are names and words."""
        return [Lead(words, self.figure(unit, name)) for name, words in told]


def _known(value: float) -> float:
    return value if isfinite(value) else -1.0


def _kwh(sheet: Handover, unit: str, category: Category | None) -> float:
    energy = sheet.details[unit].energy
    if energy is None:
        return -1.0
    return _known(energy.kwh) if category is None else energy.by_category.get(category, -1.0)
