"""Which lanes there are: a unit each, and where the layout names parts of the line, a lane a part that its units fold into. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ui.timeline.raster import LaneClass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from twin_app.model.equipment import Line


@dataclass(frozen=True, slots=True)
class Row:
    """One lane: a unit's, or a group's."""

    title: str
    units: tuple[str, ...]
    """Whose states it shows."""
    unit: str = ""
    """The unit; empty: it is a group's."""
    group: str = ""
    """The group it is of, or belongs to."""
    folded: bool = False
    """Whether a group's units have no lanes of their own."""
    other: bool = False
    """Whether it shows what the other shift did that stands beside this one."""


def rows_of(line: Line | None, folded: Collection[str]) -> tuple[Row, ...]:
    """Return the lanes in order of the layout; a group stands where its first unit does, above its units."""
    found: list[Row] = []
    grouped = _grouped(line)
    for group, units in grouped:
        if group:
            found.append(Row(group, tuple(unit for unit, _ in units), group=group, folded=group in folded))
        if group not in folded:
            found += [Row(title, (unit,), unit, group) for unit, title in units]
    return tuple(found)


def led_by(rows: tuple[Row, ...], first: Collection[str]) -> tuple[Row, ...]:
    """Return the lanes with those of some units before the others, both in their order; lanes of groups stay where they are."""
    if any(row.group for row in rows):
        return rows
    return tuple(sorted(rows, key=lambda row: row.unit not in first))


def interleaved(rows: tuple[Row, ...], title: str) -> tuple[Row, ...]:
    """Return the lanes with one below each that shows states, for what the other shift did; they are called by its title."""
    pairs = [(row, replace(row, title=title, other=True)) if row.unit or row.folded else (row,) for row in rows]
    return tuple(row for pair in pairs for row in pair)


def _grouped(line: Line | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return ids and titles of the units by group; one of no group stands for itself."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    place: dict[str, list[tuple[str, str]]] = {}
    for unit in line.units if line else ():
        if unit.group in place:
            place[unit.group].append((unit.id, unit.title))
            continue
        units = [(unit.id, unit.title)]
        found.append((unit.group, units))
        if unit.group:
            place[unit.group] = units
    return found


def index_of(rows: Iterable[Row], unit: str) -> int | None:
    """Return the place of the lane that shows a unit: its own, else that of the group it is folded into."""
    return next((i for i, row in enumerate(rows) if row.unit == unit or (row.folded and unit in row.units)), None)


def worst_of(columns: list[NDArray[np.int8]]) -> NDArray[np.int8]:
    """Return the worst class of several lanes in every column; nothing where nothing is known of any."""
    return np.maximum.reduce(columns) if columns else np.empty(0, np.int8)


NOTHING_YET = np.empty(0, np.int8)
assert LaneClass.NOTHING < LaneClass.RUNNING  # noqa: S101 - `worst_of` rests on it
