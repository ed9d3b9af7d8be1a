"""A stretch of time as a table: seconds per state, output and OEE of every unit and of the line; on the screen and as CSV. No Qt."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.model.packml import TRANSIENT, State
from twin_app.text import duration, number, percent, tr
from twin_app.times import iso_utc
from ui.palette import TRANSITION_GLYPH, glyph
from ui.words import oee, state_word

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Kpi, LineFigures


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One unit, or the line: ns by state (None: nobody knows), and its figures."""

    key: str
    title: str
    state_ns: dict[State | None, int]
    kpi: Kpi


def span_rows(line: Line, figures: LineFigures) -> list[SpanRow]:
    """Return a row a unit, in order of the layout, and the line's last; the line has no state of its own."""
    rows = []
    for unit in line.units:
        found = figures.units[unit.id]
        times: dict[State | None, int] = {state: ns for state, ns in found.ledger.state_ns.items() if ns}
        if found.ledger.blind_ns:
            times[None] = found.ledger.blind_ns
        rows.append(SpanRow(unit.id, unit.title, times, found.kpi))
    return [*rows, SpanRow("", tr("Line"), {}, figures.line)]


def states_of(rows: list[SpanRow]) -> list[State | None]:
    """Return the states that occurred, those that took most time first; unknown last."""
    totals: dict[State | None, int] = {}
    for row in rows:
        for state, ns in row.state_ns.items():
            totals[state] = totals.get(state, 0) + ns
    return sorted(totals, key=lambda state: (state is None, -totals[state]))


def heads(states: list[State | None]) -> tuple[str, ...]:
    """Return the columns' heads: on the screen the states that pass by themselves are one."""
    lasting = [f"{glyph(state)} {state_word(state)}" for state in states if state not in TRANSIENT]
    passing = (f"{TRANSITION_GLYPH} {tr('in transition')}",) if any(state in TRANSIENT for state in states) else ()
    return (tr("Unit"), *lasting, *passing, tr("Produced"), tr("Good"), tr("Scrap"), "A %", "E %", "Q %", "OEE %")


def cells(row: SpanRow, states: list[State | None]) -> tuple[str, ...]:
    """Return a row's cells, as people read them; a state that did not occur is left blank."""
    kpi = row.kpi
    lasting = [row.state_ns.get(state, 0) for state in states if state not in TRANSIENT]
    passing = [sum(ns for state, ns in row.state_ns.items() if state in TRANSIENT)] if any(state in TRANSIENT for state in states) else []
    times = (duration(ns / SECOND_NS) if ns else "" for ns in (*lasting, *passing))
    shares = (percent(share).removesuffix(" %") for share in (kpi.availability, kpi.effectiveness, kpi.quality_ratio))
    return (row.title, *times, number(kpi.produced), number(kpi.good), number(kpi.scrap), *shares, oee(kpi).removesuffix(" %"))


def time_tips(row: SpanRow, states: list[State | None]) -> tuple[str, ...]:
    """Return what the cells with times say besides: seconds to the digit, the share of the stretch, and of passing states which."""
    whole = sum(row.state_ns.values())
    passing = {state for state in states if state in TRANSIENT}
    found = [{state} for state in states if state not in TRANSIENT] + ([passing] if passing else [])
    told = ([(state, ns) for state, ns in sorted(row.state_ns.items(), key=lambda one: -one[1]) if state in group] for group in found)
    return tuple("\n".join(f"{state_word(state)}: {_seconds(ns)} s ({percent(ns / whole)})" for state, ns in times) for times in told)


def csv_text(rows: list[SpanRow], figures: LineFigures) -> str:
    """Return the table as CSV: comma, decimal point, UTC, seconds, shares of one; what is unknown is empty."""
    states = states_of(rows)
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(("from", iso_utc(figures.start_ns), "to", iso_utc(figures.end_ns)))
    names = ("unknown" if state is None else state.title for state in states)
    write((
        "id", "unit", *(f"{name}_s" for name in names), "produced", "good", "scrap",
        "availability", "effectiveness", "quality_ratio", "oee_index", "oee_low", "oee_high",
    ))  # fmt: skip
    for row in rows:
        kpi = row.kpi
        times = (_seconds(row.state_ns.get(state, 0)) if row.state_ns else "" for state in states)
        figures_of = (
            kpi.produced, kpi.good, kpi.scrap, kpi.availability, kpi.effectiveness, kpi.quality_ratio, kpi.oee_index, kpi.oee_low, kpi.oee_high,
        )  # fmt: skip
        write((row.key, row.title, *times, *map(_plain, figures_of)))
    return text.getvalue()


def _seconds(ns: int) -> str:
    """Return a length of time in seconds, exact: those of a month must add up to it, too."""
    whole, rest = divmod(ns, SECOND_NS)
    return f"{whole}.{rest:09d}".rstrip("0").rstrip(".")


def _plain(value: float) -> str:
    """Return a number as any spreadsheet takes it."""
    return f"{value:.9g}" if math.isfinite(value) else ""
