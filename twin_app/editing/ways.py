"""What an engineer does to the aisles and fences of a hall, as changes of the layout's text: draw, reshape, delete. Not for machines: see `units`."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeGuard

from twin_app.editing.outline import tables
from twin_app.editing.sections import behind, inserted
from twin_app.editing.values import with_element, with_value, without_value, written
from twin_app.model.premises import Aisle, Fence, Gate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AISLE, FENCE = "aisle", "fence"
CORNERS = "rectangle"
LEAST = 2
"""Points of a way."""
Point = tuple[float, float]
Points = tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An aisle or a fence of the text; one that is none has no points."""

    kind: str
    index: int
    """Its number among its kind, from 0."""
    points: Points = ()
    """Along it, metres; of a rectangle two opposite corners."""
    form: str = "line"
    """The key that holds the points: `line`, or `rectangle`."""
    name: str = ""
    width_m: float = 3.0
    closed: bool = False

    @property
    def key(self) -> str:
        """What it is known by while the text stays as it is."""
        return f"{self.kind}#{self.index}"

    def holds(self, at: Point) -> bool:
        """Tell whether a place lies on an aisle's ground; a fence has none."""
        if self.kind != AISLE:
            return False
        if self.form == CORNERS and len(self.points) == LEAST:
            (left, low), (right, high) = self.points
            return min(left, right) <= at[0] <= max(left, right) and min(low, high) <= at[1] <= max(low, high)
        return any(apart(at, one, other) <= self.width_m / 2 for one, other in pairwise(self.points))

    @property
    def outline(self) -> Points:
        """The points that are seen: of a rectangle all four corners, of what is closed the first once more."""
        points = self.points
        if self.form == CORNERS and len(points) == LEAST:
            (left, low), (right, high) = points
            return (left, low), (right, low), (right, high), (left, high), (left, low)
        return (*points, points[0]) if self.closed and points else points


def apart(at: Point, one: Point, other: Point) -> float:
    """Return how far a place lies from the stretch between two."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    long = dx * dx + dy * dy
    share = 0.0 if long == 0 else min(max(((at[0] - one[0]) * dx + (at[1] - one[1]) * dy) / long, 0.0), 1.0)
    return math.hypot(at[0] - one[0] - share * dx, at[1] - one[1] - share * dy)


def ways_of(data: Mapping[str, Any]) -> tuple[Way, ...]:
    """Return the aisles and fences of a parsed layout, sound or not."""
    found = []
    for kind in (AISLE, FENCE):
        for index, table in enumerate(tables(data.get(kind))):
            form = CORNERS if kind == AISLE and "line" not in table and CORNERS in table else "line"
            width, name = table.get("width_m"), table.get("name")
            found.append(
                Way(
                    kind=kind, index=index, points=_points(table.get(form)), form=form, name=name if isinstance(name, str) else "",
                    width_m=float(width) if _is_number(width) and width > 0 else 3.0, closed=kind == FENCE and table.get("closed") is True,
                )
            )  # fmt: skip
    return tuple(found)


def seen_of(data: Mapping[str, Any]) -> tuple[tuple[Aisle, ...], tuple[Fence, ...]]:
    """Return the aisles and fences of a parsed layout that can be drawn, sound or not."""
    ways = [way for way in ways_of(data) if len(way.points) >= LEAST]
    aisles = tuple(Aisle(name=way.name, width_m=way.width_m, **{way.form: way.points}) for way in ways if way.kind == AISLE and _broad(way))
    fences = tuple(Fence(line=way.points, closed=way.closed, gates=_gates(data, way)) for way in ways if way.kind == FENCE)
    return aisles, fences


def drawn(text: str, kind: str, points: Sequence[Point], *, name: str = "", closed: bool = False) -> str:
    """Return the text with a further aisle or fence along some points; an aisle has to have a name."""
    table: dict[str, object] = {"name": name, "line": _written(points)} if kind == AISLE else {"line": _written(points)}
    table = {**table, "closed": True} if closed else table
    if kind in tomllib.loads(text.replace("\r\n", "\n")):
        return with_element(text, (kind,), table)
    rows = "".join(f"{key} = {written(value)}\n" for key, value in table.items())
    return inserted(text, behind(text, (kind,)), f"[[{kind}]]\n{rows}")


def reshaped(text: str, way: Way, points: Sequence[Point]) -> str:
    """Return the text with an aisle or fence along other points."""
    return with_value(text, (way.kind, way.index, way.form), _written(points))


def deleted(text: str, way: Way) -> str:
    """Return the text without an aisle or a fence."""
    return without_value(text, (way.kind, way.index))


def moved(way: Way, number: int, to: Point) -> Points:
    """Return the points of a way with one elsewhere."""
    return (*way.points[:number], to, *way.points[number + 1 :])


def split(way: Way, number: int, at: Point) -> Points:
    """Return the points of a way with a further one behind the one of a number."""
    return (*way.points[: number + 1], at, *way.points[number + 1 :])


def without(way: Way, number: int) -> Points:
    """Return the points of a way without one; fewer than two are no way, so that then all stay."""
    least = LEAST + 1 if way.closed else LEAST
    return way.points if way.form == CORNERS or len(way.points) <= least else (*way.points[:number], *way.points[number + 1 :])


def sound(points: Sequence[Point]) -> Points:
    """Return points without those that stand where the one before them stands."""
    kept: list[Point] = []
    for point in points:
        if not kept or point != kept[-1]:
            kept.append(point)
    return tuple(kept)


def _gates(data: Mapping[str, Any], way: Way) -> tuple[Gate, ...]:
    """Return the gates of a fence that lie in it."""
    length = sum(math.dist(a, b) for a, b in pairwise(way.outline))
    found = []
    for gate in tables(tables(data[way.kind])[way.index].get("gates")):
        at, width = gate.get("at_m"), gate.get("width_m", 1.2)
        if _is_number(at) and _is_number(width) and at - width / 2 >= 0 and at + width / 2 <= length:
            found.append(Gate(at_m=float(at), width_m=float(width)))
    ends = sorted(found, key=lambda gate: gate.at_m)
    apart = all(a.at_m + a.width_m / 2 <= b.at_m - b.width_m / 2 for a, b in pairwise(ends))
    return tuple(found) if apart else ()


def _broad(way: Way) -> bool:
    """Tell whether an aisle has a ground to paint."""
    return way.form != CORNERS or all(a != b for a, b in zip(*way.points[:LEAST], strict=True))


def _points(value: object) -> Points:
    """Return the points of a value, none where it holds anything else; what stands where the one before it does is left out."""
    if not isinstance(value, list):
        return ()
    points = [(float(p[0]), float(p[1])) for p in value if isinstance(p, list) and len(p) == LEAST and all(map(_is_number, p))]
    return sound(points) if len(points) == len(value) else ()


def _is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a number that a hall has room for."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6  # noqa: PLR2004 - as above


def _written(points: Sequence[Point]) -> list[list[float]]:
    """Return points as they are written: whole metres without a fraction."""
    return [[int(part) if part == int(part) else round(part, 3) for part in point] for point in points]
