"""What stands in the hall by a layout's text, sound or not: each unit as far as it can be told. Not the line: see `layout`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineUnit:
    """One unit of the text; what is missing or wrong there has the value that counts where nothing is said."""

    index: int
    """Its number among the units, from 0."""
    key: str
    """The id, told apart where several units have the same."""
    id: str
    title: str
    type: str
    x_m: float = 0.0
    y_m: float = 0.0
    z_m: float = 0.0
    heading_deg: float = 0.0
    model: str = ""
    model_scale: float = 1.0
    feeds: tuple[str, ...] = ()
    """Ids of the units that it feeds, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Outline:
    """All units of the text, and the names around them."""

    units: tuple[OutlineUnit, ...]
    title: str
    constraint: str
    sources: tuple[str, ...]
    products: tuple[str, ...]
    """Ids of the products, in the order of the file; empty where one has none."""

    def unit(self, key: str) -> OutlineUnit | None:
        """Return a unit by its key, None where there is none."""
        return next((unit for unit in self.units if unit.key == key), None)

    def fresh_id(self, like: str, besides: frozenset[str] = frozenset()) -> str:
        """Return an id that no unit has, nor stands in `besides`: the name with the next number that is free."""
        taken = {name.casefold() for name in (*(unit.id for unit in self.units), *besides)}
        stem = like.rstrip("0123456789") or like
        number = int(like[len(stem) :] or "2")
        if like.casefold() not in taken:
            return like
        while f"{stem}{number}".casefold() in taken:
            number += 1
        return f"{stem}{number}"


def outline_of(data: Mapping[str, Any]) -> Outline:
    """Return the outline of a parsed layout."""
    line = _table(data.get("line"))
    units: list[OutlineUnit] = []
    keys: set[str] = set()
    for index, table in enumerate(tables(data.get("unit"))):
        unit_id = _text(table.get("id"))
        key = unit_id if unit_id and unit_id not in keys else f"{unit_id}#{index + 1}"
        keys.add(key)
        feeds = tuple(to for feed in tables(table.get("feeds")) if (to := _text(feed.get("to"))))
        units.append(
            OutlineUnit(
                index=index, key=key, id=unit_id, title=_text(table.get("title")) or unit_id, type=_text(table.get("type")), feeds=feeds,
                x_m=_number(table.get("x_m")), y_m=_number(table.get("y_m")), z_m=_number(table.get("z_m")),
                heading_deg=_number(table.get("heading_deg")), model=_text(table.get("model")),
                model_scale=_number(table.get("model_scale"), 1.0),
            )
        )  # fmt: skip
    sources = tuple(_text(source.get("id")) for source in tables(data.get("source")))
    products = tuple(_text(product.get("id")) for product in tables(data.get("product")))
    return Outline(tuple(units), _text(line.get("title")) or _text(line.get("id")), _text(line.get("constraint")), sources, products)


def tables(value: object) -> tuple[Mapping[str, Any], ...]:
    """Return the elements of what should be an array of tables; whatever is none counts as an empty one, so that numbers stay."""
    return tuple(_table(each) for each in value) if isinstance(value, list) else ()


def _table(value: object) -> Mapping[str, Any]:
    """Return a table, empty where it is none."""
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """Return a text, empty where it is none."""
    return value if isinstance(value, str) else ""


def _number(value: object, otherwise: float = 0.0) -> float:
    """Return a finite number, `otherwise` where it is none."""
    sound = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e9 and math.isfinite(value)  # noqa: PLR2004 - no hall is larger
    return float(value) if sound and isinstance(value, (int, float)) else otherwise
