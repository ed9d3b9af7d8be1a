"""What `compare` prints: both windows and their differences as JSON, stable, because scripts rely on it, and as a table. Not for reckoning."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, TypedDict

from rich.table import Table

from twin_app.service.answers import Known, known
from twin_app.service.tables import rendered
from twin_app.text import clock_time, duration, number, offset_name, percent, tr
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.finding.comparing import Difference, Kind, Window
    from twin_app.model.equipment import Line
    from twin_app.service.compare import Compared

SideAnswer = TypedDict("SideAnswer", {"name": str, "from": str, "to": str})
"""One window, ISO 8601 in UTC."""


class DifferenceAnswer(TypedDict):
    """One figure: shares of one, counts or seconds (`kind`); `difference` is this less the other."""

    kind: str
    this: Known
    other: Known
    difference: Known


class CompareAnswer(TypedDict):
    """What `compare --json` prints."""

    this: SideAnswer
    other: SideAnswer
    line: dict[str, DifferenceAnswer]
    units: dict[str, dict[str, DifferenceAnswer]]


def compare_answer(found: Compared) -> CompareAnswer:
    """Return the object that `twin-app compare --json` prints."""
    by_unit: dict[str, dict[str, DifferenceAnswer]] = {}
    for one in found.differences:
        by_unit.setdefault(one.unit, {})[one.measure] = {
            "kind": one.kind, "this": known(one.this), "other": known(one.other), "difference": known(one.difference),
        }  # fmt: skip
    return {"this": _side(found.this), "other": _side(found.other), "line": by_unit.pop(""), "units": by_unit}


def _side(window: Window) -> SideAnswer:
    return {"name": window.name, "from": iso_utc(window.start_ns), "to": iso_utc(window.end_ns)}


def figure(kind: Kind, value: float) -> str:
    """Return a figure as it is shown; a dash where it is unknown."""
    if not isfinite(value):
        return "–"
    return {"share": lambda: percent(value), "count": lambda: number(value), "seconds": lambda: duration(value)}[kind]()


def change(kind: Kind, value: float) -> str:
    """Return a difference with its sign; shares in points of a hundred. What rounds to nothing has no side."""
    if not isfinite(value):
        return "–"
    words = tr("{points} pts", points=number(abs(value) * 100, 1)) if kind == "share" else figure(kind, abs(value))
    nothing = not any(digit in words for digit in "123456789")
    return ("±" if nothing else "+" if value > 0 else "−") + words


def side_name(line: Line, window: Window) -> str:
    """Return what a window is called: its shift, else its start."""
    start = clock_time(window.start_ns, line.tz, date=True)
    return window.name or f"{start} {offset_name(window.start_ns, line.tz)}"


def compare_table(line: Line, found: Compared) -> str:
    """Return the figures of both as a table."""
    titles = {unit.id: unit.title for unit in line.units}
    table = Table()
    table.add_column(tr("Unit"))
    table.add_column(tr("Figure"))
    for heading in (side_name(line, found.this), side_name(line, found.other), tr("Difference")):
        table.add_column(heading, justify="right")
    before = ""
    for one in _told(found.differences):
        if one.unit != before:
            table.add_section()
        head = (titles.get(one.unit, tr("Line")) if one.unit != before or one.measure == "availability" else "", tr(one.words))
        before = one.unit
        table.add_row(*head, figure(one.kind, one.this), figure(one.kind, one.other), change(one.kind, one.difference))
    return rendered(table)


def _told(rows: Sequence[Difference]) -> list[Difference]:
    """Return the figures that say anything: not those that are nothing in both."""
    return [row for row in rows if row.this != 0 or row.other != 0]
