"""What a table's first rows say of how it is written: which column is the time, in which form, and its decimal sign. Not for reading it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from twin_app.codec.times import source_time_ns
from twin_app.tables.columns import TIME_HEADINGS, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.tables.columns import Given
    from twin_app.tables.reading import Table

_DATES = (
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%Y年%m月%d日",
)
_CLOCKS = ("%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%S,%f", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H.%M.%S", "%H时%M分%S秒")
PATTERNS = tuple(f"{date} {clock}" for date in _DATES for clock in _CLOCKS)
"""Forms of a local time that are tried where ISO 8601 and counts do not fit."""
NEARLY_ALL = 0.9
LONGEST_NS = 20 * 86_400 * 10**9
"""Between the first and the last of the first rows: a day taken for a month makes more."""
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\d{4}年\d{1,2}月\d{1,2}日")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?(?: ?[AaPp][Mm])?")
_COMMA = re.compile(r"[+-]?\d+(?:[.\u00a0\u202f ]\d{3})*,\d+")
_POINT = re.compile(r"[+-]?\d+\.\d+(?:[eE][+-]?\d+)?")
_COUNT = re.compile(r"[+-]?\d+(?:[.,]\d*)?")


def settled(table: Table, given: Given, zone: str) -> Given:
    """Return what is given with what its first rows say of the rest; what they leave open stays open. `zone` is the line's."""
    rows = table.first
    place = _time_place(table.headings, rows, given, zone)
    place, clock = _date_and_clock(table.headings, rows, given, place)
    found = replace(
        given, time=table.headings[place] if place >= 0 else given.time, clock=table.headings[clock] if clock >= 0 else given.clock
    )
    unit = given.time_unit
    if unit == "auto" and place >= 0:
        fit = forms(times(table.headings, rows, found), given.zone or zone)
        unit = fit[0] if len(fit) == 1 else "auto"
    return replace(found, time_unit=unit, decimal=given.decimal or _decimal(rows, table.separator, place))


def times(headings: Sequence[str], rows: Sequence[Sequence[Any]], found: Given) -> list[Any]:
    """Return the first rows' times, as they are read."""
    if found.time not in headings:
        return []
    cells = _column(rows, headings.index(found.time))
    if found.clock not in headings:
        return cells
    return [joined(date, clock) for date, clock in zip(cells, _column(rows, headings.index(found.clock)), strict=False)]


def _date_and_clock(headings: Sequence[str], rows: Sequence[Sequence[Any]], given: Given, place: int) -> tuple[int, int]:
    """Return where the dates and where the times of day stand; (`place`, -1) where they stand together."""
    if given.clock:
        return place, list(headings).index(given.clock) if given.clock in headings else -1
    are = [_all(_column(rows, i), _DATE) - _all(_column(rows, i), _CLOCK) for i in range(len(headings))]  # 1: dates, -1: times of day
    if place >= 0 and are[place] == 1 and -1 in are:
        return place, are.index(-1)
    if (place < 0 or are[place] == -1) and 1 in are and -1 in are and not given.time:
        return are.index(1), place if place >= 0 else are.index(-1)
    return place, -1


def _all(cells: Sequence[Any], form: re.Pattern[str]) -> bool:
    """Tell whether a column's cells all are of a form, and there are any."""
    said = [str(cell).strip() for cell in cells if cell not in (None, "")]
    return bool(said) and all(form.fullmatch(cell) for cell in said)


def forms(cells: Sequence[Any], zone: str) -> tuple[str, ...]:
    """Return the forms by which the first times can be read: `auto` alone where it does, else patterns; several where the day may be the month.

    Where only one of several has the rows in ascending order, it is that one.
    """
    said = [cell for cell in cells if cell not in (None, "")]
    if not said or all(not isinstance(cell, str) for cell in said) or _reads(said, "auto", zone):
        return ("auto",)
    fit = tuple(pattern for pattern in PATTERNS if _reads(said, pattern, zone))
    rising = tuple(pattern for pattern in fit if _rises(said, pattern, zone))
    return rising if len(rising) == 1 else fit


def _reads(cells: Sequence[Any], unit: str, zone: str) -> bool:
    """Tell whether nearly all of the first times can be read so: a torn line is no reason to read none."""
    read = sum(source_time_ns(_plain(cell), unit, zone) is not None for cell in cells)
    return read >= NEARLY_ALL * len(cells)


def _rises(cells: Sequence[Any], unit: str, zone: str) -> bool:
    """Tell whether the times go on, and at a pace that a day for a month would not have."""
    at = [at_ns for cell in cells if (at_ns := source_time_ns(_plain(cell), unit, zone)) is not None]
    return len(at) > 1 and all(before <= after for before, after in pairwise(at)) and 0 < at[-1] - at[0] < LONGEST_NS


def _plain(cell: Any) -> Any:  # noqa: ANN401 - a cell
    """Return a cell as the reader of times takes it."""
    return cell.isoformat() if isinstance(cell, datetime) else cell


def _time_place(headings: Sequence[str], rows: Sequence[Sequence[Any]], given: Given, zone: str) -> int:
    """Return which column holds the time: the one that is said, else one called so, else the first that holds dates; -1 for none."""
    if given.time:
        return list(headings).index(given.time) if given.time in headings else -1
    folded = [heading.casefold() for heading in headings]
    called = next((folded.index(word) for word in TIME_HEADINGS if word in folded), -1)
    return called if called >= 0 else next((i for i in range(len(headings)) if _holds_dates(_column(rows, i), given.zone or zone)), -1)


def _holds_dates(cells: Sequence[Any], zone: str) -> bool:
    """Tell whether a column's cells are dates; a plain number could be anything."""
    said = [cell for cell in cells if cell not in (None, "")]
    if not said or any(isinstance(cell, str) and _COUNT.fullmatch(cell.strip()) for cell in said):
        return False
    if all(isinstance(cell, datetime) for cell in said):
        return True
    return all(isinstance(cell, str) for cell in said) and (_reads(said, "auto", zone) or any(_reads(said, one, zone) for one in PATTERNS))


def _decimal(rows: Sequence[Sequence[Any]], separator: str, time: int) -> str:
    """Return the decimal sign: what stands in the cells; where they leave it open, a comma behind `;`, which stands there because of it."""
    texts = [cell.strip() for row in rows for i, cell in enumerate(row) if i != time and isinstance(cell, str)]
    commas, points = (sum(form.fullmatch(text) is not None for text in texts) for form in (_COMMA, _POINT))
    if separator != "," and commas != points:
        return "," if commas > points else "."
    return "," if separator == ";" else "."


def _column(rows: Sequence[Sequence[Any]], place: int) -> list[Any]:
    """Return a column's cells."""
    return [row[place] for row in rows if place < len(row)]
