"""The tables of what is painted or stands in the hall beside the machines, and what must fit together in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from twin_app.layout.kinds import Flag, Number, Text
from twin_app.layout.table import Key, Table, Tables
from twin_app.model.premises import Aisle, Fence, Gate
from twin_app.text import tr

if TYPE_CHECKING:
    from twin_app.layout.findings import At
    from twin_app.model.equipment import Line
    from twin_app.model.premises import Ways

_FARTHEST_M = 100_000.0
_CLOSEST_M = 0.01
_NARROWEST_M = 0.3


@dataclass(frozen=True, slots=True)
class Way:
    """Points on the floor, `[[0, 0], [12.5, 0]]`, in metres."""

    least: int = 2
    most: int = 200

    @property
    def blank(self) -> Ways:
        """What stands for a wrong value."""
        return ()

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        if self.least == self.most:
            return tr("{most} points [x, y] in metres: [[0, 0], [12.5, 3]]", most=self.most)
        return tr("{least} to {most} points [x, y] in metres: [[0, 0], [12.5, 0]]", least=self.least, most=self.most)

    def read(self, value: object, at: At) -> Ways:
        """Return the points; each but the first must lie elsewhere than the one before it."""
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            at.refuse(value, self.allowed())
            return self.blank
        points = tuple((float(point[0]), float(point[1])) for point in value if _is_point(point))
        if len(points) < len(value):
            wrong = next(i for i, point in enumerate(value) if not _is_point(point))
            at.into(wrong).refuse(value[wrong], tr("a point [x, y] in metres"))
            return self.blank
        for i, (before, after) in enumerate(pairwise(points), 1):
            if math.dist(before, after) < _CLOSEST_M:
                at.into(i).report(tr("found the same place as the point before it"))
        return points


def _is_point(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_metres(part) for part in value)  # noqa: PLR2004 - x, y


def _is_metres(value: object) -> bool:
    """Tell whether a value is a place in a hall. NaN compares false."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -_FARTHEST_M <= value <= _FARTHEST_M


AISLE = Table(
    "aisle",
    "A way for people and vehicles, painted on the hall's floor with its name: along a `line`, or a `rectangle`. Where there is any, none is "
    "painted beside the line by itself.",
    Aisle,
    (
        Key("name", Text(longest=40), "What people call it: it is written on the floor."),
        Key("line", Way(), "Points along its middle.", instead="the rectangle"),
        Key("rectangle", Way(2, 2), "Two opposite corners.", instead="the line"),
        Key("width_m", Number(0.5, 50), "How wide an aisle along a line is, metres."),
    ),
)

GATE = Table(
    "fence.gates",
    "An opening in a fence.",
    Gate,
    (
        Key("at_m", Number(0, _FARTHEST_M), "Where its middle is: metres along the fence from its first point."),
        Key("width_m", Number(0.5, 20), "How wide it is, metres."),
    ),
)

FENCE = Table(
    "fence",
    "A guard fence that stands in the hall.",
    Fence,
    (
        Key("line", Way(), "Points that it goes along."),
        Key("closed", Flag(), "Whether it goes on from the last point to the first."),
        Key("gates", Tables(GATE, most=50), "Openings in it."),
    ),
)


def check_hall(line: Line, top: At) -> None:
    """Report aisles that are nowhere or twice, and gates that are not in their fence."""
    for i, aisle in enumerate(line.aisles):
        at = top.into("aisle", i)
        if at.into("line").is_sound() and at.into("rectangle").is_sound() and bool(aisle.line) == bool(aisle.rectangle):
            at.report(tr("found both line and rectangle; allowed: one of the two") if aisle.line else tr("has neither line nor rectangle"))
        elif aisle.rectangle and min(abs(a - b) for a, b in zip(*aisle.rectangle, strict=True)) < _NARROWEST_M:
            at.into("rectangle").report(
                tr("found corners that are less than {least} m apart along or across the hall", least=f"{_NARROWEST_M:g}")
            )
    for i, fence in enumerate(line.fences):
        at = top.into("fence", i)
        if at.is_sound():
            _check_gates(fence, at)


def _check_gates(fence: Fence, at: At) -> None:
    length = sum(math.dist(before, after) for before, after in pairwise(fence.corners))
    taken: list[tuple[float, float]] = []
    for i, gate in enumerate(fence.gates):
        start, end = gate.at_m - gate.width_m / 2, gate.at_m + gate.width_m / 2
        if start < 0 or end > length:
            at.into("gates", i, "at_m").report(
                tr(
                    "found a gate from {start} m to {end} m; the fence is {length} m long",
                    start=f"{start:g}",
                    end=f"{end:g}",
                    length=f"{length:g}",
                )
            )
        elif any(start < other[1] and end > other[0] for other in taken):
            at.into("gates", i, "at_m").report(tr("found a gate that meets another; gates must not overlap"))
        taken.append((start, end))
