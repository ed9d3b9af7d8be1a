"""What an engineer does to the units of a hall, as changes of the layout's text: add, place, turn, connect, duplicate, delete. Not for undoing.

Each takes the text and its outline and returns another text; nothing is made up that the engineer did not say.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.editing.outline import Outline, outline_of
from twin_app.editing.references import references
from twin_app.editing.sections import behind, copied, inserted
from twin_app.editing.values import Edit, with_element, with_value, with_values, without_value, without_values, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from twin_app.editing.outline import OutlineUnit

GRID_M = 0.5
TURN_DEG = 15.0
_BESIDE_M = 0.5
_ORDER = ("id", "title", "type", "source", "x_m", "y_m", "z_m", "heading_deg", "model", "group", "unit_of_count")
"""Behind which of the keys before it a new key of a unit goes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit is to stand: metres, degrees counter-clockwise."""

    x_m: float
    y_m: float
    heading_deg: float


def snapped(value_m: float, grid_m: float = GRID_M) -> float:
    """Return the nearest line of the grid, metres; with a grid of 0 the millimetre."""
    return round(round(value_m / grid_m) * grid_m, 3) + 0.0 if grid_m > 0 else round(value_m, 3) + 0.0


def turned(heading_deg: float, by_deg: float) -> float:
    """Return a heading after a turn, in [0, 360) degrees."""
    return round((heading_deg + by_deg) % 360.0, 3) % 360.0


def placed(text: str, outline: Outline, places: Mapping[str, Place]) -> str:
    """Return the text with some units (by key) elsewhere; keys that need not change stay as they are written."""
    edits: list[Edit] = []
    for key, place in places.items():
        unit = outline.unit(key)
        if unit is None:
            continue
        for name, before, now in (
            ("x_m", unit.x_m, place.x_m), ("y_m", unit.y_m, place.y_m), ("heading_deg", unit.heading_deg, place.heading_deg),
        ):  # fmt: skip
            if not math.isclose(before, now, abs_tol=5e-4):
                edits.append(_edit(unit, name, round(now, 3) + 0.0))
    return with_values(text, edits)


def with_field(text: str, units: Iterable[OutlineUnit], name: str, value: object) -> str:
    """Return the text with one key of some units set; None deletes it."""
    if value is None:
        return without_values(text, [("unit", unit.index, name) for unit in units])
    return with_values(text, [_edit(unit, name, value) for unit in units])


def _edit(unit: OutlineUnit, name: str, value: object) -> Edit:
    """Return how a key of a unit is set."""
    before = tuple(reversed(_ORDER[: _ORDER.index(name)])) if name in _ORDER else ("id",)
    return ("unit", unit.index, name), value, before


def added(text: str, outline: Outline, kind: str, place: Place, *, like: str, source: str = "") -> tuple[str, str]:
    """Return the text with a new unit of a machine type, and its id: `like`, with a number where that is taken.

    `source` is named where the layout has several; nothing maps to the new unit until the engineer says what. The first unit of a
    line without a constraint becomes it, for there is no other.
    """
    unit_id = outline.fresh_id(like)
    table: dict[str, object] = {"id": unit_id, "type": kind}
    if source:
        table["source"] = source
    table |= {"x_m": round(place.x_m, 3) + 0.0, "y_m": round(place.y_m, 3) + 0.0}
    if place.heading_deg:
        table["heading_deg"] = round(place.heading_deg, 3)
    text = _with_unit(text, table)
    if not outline.units and not outline.constraint:
        text = with_value(text, ("line", "constraint"), unit_id)
    return text, unit_id


def _with_unit(text: str, table: Mapping[str, object]) -> str:
    """Return the text with one more unit behind the others, in the form they have; the first one stands at the end."""
    held = tomllib.loads(text.replace("\r\n", "\n")).get("unit")
    if held is not None:
        return with_element(text, ("unit",), table)
    rows = "".join(f"{name} = {written(value)}\n" for name, value in table.items())
    return inserted(text, len(text), f"[[unit]]\n{rows}")


def connected(text: str, outline: Outline, source: str, target: str) -> str:
    """Return the text in which one unit (by key) feeds another; the same text where it does already, or would feed itself."""
    feeding, fed = outline.unit(source), outline.unit(target)
    if feeding is None or fed is None or feeding is fed or not fed.id or fed.id in feeding.feeds:
        return text
    return with_element(text, ("unit", feeding.index, "feeds"), {"to": fed.id})


def disconnected(text: str, outline: Outline, source: str, target: str) -> str:
    """Return the text in which one unit (by key) no longer feeds what has an id, be it there or not."""
    feeding = outline.unit(source)
    if feeding is None or target not in feeding.feeds:
        return text
    whole = len(feeding.feeds) == 1
    path = ("unit", feeding.index, "feeds")
    return without_value(text, path if whole else (*path, feeding.feeds.index(target)))


def deleted(text: str, outline: Outline, keys: Iterable[str]) -> str:
    """Return the text without some units (by key) and without what names them alone."""
    units = [unit for key in keys if (unit := outline.unit(key)) is not None]
    going = {unit.index for unit in units}
    others = {unit.id for unit in outline.units if unit.index not in going}
    ids = frozenset(unit.id for unit in units if unit.id) - others  # an id that another unit has, too, goes on meaning that
    data = tomllib.loads(text.replace("\r\n", "\n"))
    tables_of = [("unit", index) for index in sorted(going, reverse=True)]
    return without_values(text, [*references(data, ids), *tables_of])


def duplicated(text: str, outline: Outline, keys: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return the text with copies of some units (by key) beside them, and the copies' ids.

    A copy has what stands in the unit's own tables and a fresh id. It feeds nobody, no rule maps to it and no product gives it a
    cycle: that is for the engineer to say, and the layout's remarks ask for it.
    """
    copies: list[str] = []
    inline: list[dict[str, object]] = []
    made: list[str] = []
    for unit in (unit for key in keys if (unit := outline.unit(key)) is not None):
        fresh = outline.fresh_id(unit.id or unit.type, frozenset(made))
        own = copied(text, ("unit", unit.index))
        if own:
            copies.append(_renamed(own, fresh))
        else:
            held = tomllib.loads(text.replace("\r\n", "\n"))["unit"][unit.index]
            inline.append(
                tomllib.loads(_renamed("[[unit]]\n" + "".join(f"{k} = {written(v)}\n" for k, v in held.items()), fresh))["unit"][0]
            )
        made.append(fresh)
    if copies:
        text = inserted(text, behind(text, ("unit",)), "\n".join(one if one.endswith("\n") else f"{one}\n" for one in copies))
    for table in inline:
        text = with_element(text, ("unit",), table)
    return text, tuple(made)


def _renamed(table: str, fresh: str) -> str:
    """Return the text of a unit's own tables as a copy's: under a fresh id, a little aside, feeding nobody."""
    unit = outline_of(tomllib.loads(table.replace("\r\n", "\n"))).units[0]
    table = without_value(table, ("unit", 0, "feeds"))
    edits = [_edit(unit, "id", fresh), _edit(unit, "y_m", round(unit.y_m + _depth_m(unit), 3))]
    if unit.title != unit.id:
        edits.append(_edit(unit, "title", f"{unit.title} ({fresh})"[:200]))
    return with_values(table, edits)


def _depth_m(unit: OutlineUnit) -> float:
    """Return how far aside a copy stands so that both are seen, metres: a footprint and a step of the grid."""
    from twin_app.machines import machine_type  # noqa: PLC0415 - only copies ask

    return math.ceil((machine_type(unit.type).footprint_m[1] + _BESIDE_M) / GRID_M) * GRID_M
