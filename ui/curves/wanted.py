"""What can be drawn as a curve: every number a unit says, and the KPIs that run through a shift. Not for asking: see `asking`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from twin_app.model.equipment import Limits
from twin_app.model.signal import SignalKind
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from twin_app.model.equipment import Line
    from ui.context import LineView

MIME = "application/x-twin-curves"
PERCENT = "%"
RATE = "rate_per_min"
KPIS = {
    "oee_index": N_("OEE"), "availability": N_("Availability"), "effectiveness": N_("Effectiveness"), "quality_ratio": N_("Quality ratio"),
    RATE: N_("Rate"),
}  # fmt: skip
"""By the field of `Trend`; shares are counted from the start of each shift, the rate as of that instant."""
LIMITS = {"high_high": N_("high-high limit"), "high": N_("high limit"), "low": N_("low limit"), "low_low": N_("low-low limit")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One curve: a signal of a unit by its name, or a KPI by its field; of the line where `unit` is empty."""

    unit: str
    name: str
    kpi: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A curve with what people call it, and what it is measured in."""

    wanted: Wanted
    title: str
    measure: str
    limits: Limits = field(default_factory=Limits)


def offers(view: LineView) -> list[Offer]:
    """Return everything that can be drawn: the line's KPIs, then each unit's and its signals."""
    return [offer for unit in ("", *(unit.id for unit in view.line.units)) for offer in _of_unit(view, unit)]


def _of_unit(view: LineView, unit: str) -> Iterator[Offer]:
    """Yield what can be drawn of a unit, or of the line."""
    for name in KPIS:
        if found := offer_of(view, Wanted(unit, name, kpi=True)):
            yield found
    for signal in view.signals.of_unit(unit) if unit else ():
        if found := offer_of(view, Wanted(unit, view.signals[signal].name)):
            yield found


def offer_of(view: LineView, wanted: Wanted) -> Offer | None:
    """Return a curve with its words, None where this line has no such thing."""
    line, unit = view.line, next((one for one in view.line.units if one.id == wanted.unit), None)
    if wanted.unit and unit is None:
        return None
    of_whom = unit.title if unit else line.title
    if wanted.kpi:
        if wanted.name not in KPIS or (unit is None and wanted.name == RATE):
            return None
        return Offer(wanted, f"{of_whom} · {tr(KPIS[wanted.name])}", _measure(line, wanted))
    signal = view.signals.find(wanted.unit, wanted.name)
    if signal is None or view.signals[signal].kind not in {SignalKind.MEASUREMENT, SignalKind.COUNTER}:
        return None
    spec = next((one for one in unit.signals if one.name == wanted.name), None) if unit else None
    title = spec.title if spec and spec.title else wanted.name
    return Offer(wanted, f"{of_whom} · {title}", view.signals[signal].unit_of_measure, spec.limits if spec else Limits())


def _measure(line: Line, wanted: Wanted) -> str:
    """Return what a KPI is measured in."""
    if wanted.name != RATE:
        return PERCENT
    return f"{line.unit(wanted.unit).unit_of_count or tr('pieces')}/min"


def to_mime(wanted: Sequence[Wanted]) -> QMimeData:
    """Return curves as they are dragged from one panel into another."""
    data = QMimeData()
    data.setData(MIME, json.dumps([[one.unit, one.name, one.kpi] for one in wanted]).encode())
    return data


def from_words(saved: object) -> list[Wanted]:
    """Return the curves that were kept as lists of unit, name and whether it is a KPI; what makes no sense is left out."""
    rows = saved if isinstance(saved, list) else []
    return [Wanted(row[0], row[1], bool(row[2])) for row in rows if isinstance(row, list) and [type(x) for x in row] == [str, str, bool]]


def from_mime(data: QMimeData) -> list[Wanted]:
    """Return the curves that were dragged here."""
    try:
        return from_words(json.loads(bytes(data.data(MIME).data()) or b"[]"))
    except ValueError:
        return []
