"""Rows of the orders panel: parts of the shift, and entries. Not for asking for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.kpi.order_words import pace_told, remarks
from twin_app.model.entry import KIND_WORDS
from twin_app.model.kpi import By
from twin_app.model.reason import reason_words
from twin_app.service.parts_answers import part_name
from twin_app.text import clock_time, number, percent, tr
from ui.inspector.table import Cell, Row
from ui.words import oee

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from twin_app.model.entry import Entry
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Part


def part_row(part: Part, by: By, line: Line) -> Row:
    """Return a part's row: name, product, good of planned, scrap, A, E, Q, OEE, first piece."""
    kpi, zone = part.kpi, line.tz
    planned = number(part.quantity) if part.quantity is not None else tr("no plan")
    good = tr("{good} of {planned}", good=number(kpi.good), planned=planned) if by is By.ORDER else number(kpi.good)
    start_ns = part.spans[0][0] if part.spans else part.first_piece_ns
    first = "–" if part.first_piece_ns is None else clock_time(part.first_piece_ns, zone)[: len("06:00")]
    start = "–" if start_ns is None else clock_time(start_ns, zone)[: len("06:00")]
    cells = (
        Cell(text=part_name(part.name, by), bold=True, tip=product_title(line, part.product) or ""), Cell(text=start, right=True),
        Cell(text=first, right=True), Cell(text=good, right=True, bold=True, tip=remarks(part)),
        Cell(text=number(kpi.scrap), right=True), Cell(text=percent(kpi.availability), right=True),
        Cell(text=percent(kpi.effectiveness), right=True), Cell(text=percent(kpi.quality_ratio), right=True),
        Cell(text=oee(kpi), right=True, bold=True, tip=pace_told(part.course) if part.course else ""),
    )  # fmt: skip
    return Row(start_ns if start_ns is not None else str(part.name), cells)


def product_title(line: Line, product: str | None) -> str | None:
    """Return what people call a product; of one that the layout has not, its id."""
    return next((one.title for one in line.products if one.id == product), product)


def entry_row(entry: Entry, line: Line, called: Callable[[str], str]) -> Row:
    """Return an entry's row as it was said once: what, of what, from, to, who, when it was said."""
    zone = line.tz
    reason = reason_words(line.reason_tree, entry.reason) or entry.reason
    what = " · ".join(part for part in (entry.order, product_title(line, entry.product), reason, entry.note) if part)
    kind = tr(KIND_WORDS[entry.kind]) + (f" ({tr('undone')})" if entry.undone else "")
    if entry.quantity is not None:
        what += " · " + tr("{n} planned", n=number(entry.quantity))
    units = {unit.id: unit.title for unit in line.units}
    end = tr("until further notice") if entry.end_ns is None else _time(entry.end_ns, zone)
    return Row(
        (entry.id, entry.known_ns),
        (
            Cell(text=kind, bold=True, color="dim" if entry.undone else ""), Cell(text=units.get(entry.unit, tr("The whole line")) if entry.unit else tr("The whole line")),
            Cell(text=what, tip=what), Cell(text=_time(entry.start_ns, zone), right=True, tip=clock_time(entry.start_ns, zone, date=True)),
            Cell(text=end, right=True), Cell(text=called(entry.who), tip=tr("entered at {time}", time=clock_time(entry.known_ns, zone, date=True))),
            Cell(text=clock_time(entry.known_ns, zone, date=True)[len("2026-") : len("2026-11-23 06:00")], right=True),
        ),
    )  # fmt: skip


def _time(at_ns: int, zone: ZoneInfo) -> str:
    return clock_time(at_ns, zone)[: len("06:00")]
