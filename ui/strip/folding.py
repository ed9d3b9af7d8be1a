"""Which neighbours along the flow one card stands for where a line has more units than there is room for cards. Not for what cards say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.equipment import Unit

NUMBERED = re.compile(r"^(.*?)(\d+)$")
FEWEST = 4
"""Of fewer neighbours no group is made where there is no room for all."""
LONGEST_ID = 8
"""An identifier longer than this names nothing at a glance."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbours along the flow, never none; one alone has a card of its own."""

    units: tuple[Unit, ...]
    name: str = ""
    """What the layout calls them, empty where it has no word for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many cards there is room for: of single units, and of groups, which are wider."""

    singles: int
    groups: int


def folded(units: Sequence[Unit], room: Room, opened: frozenset[str] = frozenset()) -> tuple[Run, ...]:
    """Return the runs of a line whose units stand in flow order: no more than there is room for.

    The layout's own groups where it names some, else neighbourhoods of equal length. What is `opened` shows its units, or where they are
    many its parts; what lies before and behind it is then one run each.
    """
    ordered = [unit for run in _sections(units) for unit in run.units]
    inside = [i for i, unit in enumerate(ordered) if unit.id in opened]
    if not inside:
        return _parted(units, room)
    before, behind = tuple(ordered[: inside[0]]), tuple(ordered[inside[-1] + 1 :])
    ends = sum(1 for end in (before, behind) if end)
    left = Room(singles=max(room.singles - 2 * ends, 1), groups=max(room.groups - ends, 1))
    within = _parted(ordered[inside[0] : inside[-1] + 1], left)
    return (*([Run(before)] if before else ()), *within, *([Run(behind)] if behind else ()))


def called(run: Run) -> str:
    """Return what a run of several is called: the layout's word, `Filler 12–19`, `M12–M19`, or where identifiers are long the titles."""
    first, last = run.units[0], run.units[-1]
    if run.name:
        return run.name
    found = [NUMBERED.match(unit.title) for unit in run.units]
    if (end := found[-1]) is not None and {match[1] if match else "" for match in found} == {end[1]}:
        return f"{first.title}–{end[2]}"
    short = max(len(first.id), len(last.id)) <= LONGEST_ID
    return f"{first.id}–{last.id}" if short else f"{first.title} – {last.title}"


def _parted(units: Sequence[Unit], room: Room) -> tuple[Run, ...]:
    """Return units as runs: each alone where there is room, by the layout's groups where there are several, else of equal length."""
    if len(units) <= room.singles:
        return tuple(Run((unit,)) for unit in units)
    sections = _sections(units)
    if len(sections) > 1:
        return _merged(sections, room.groups)
    size = max(ceil(len(units) / room.groups), FEWEST)
    count = ceil(len(units) / size)
    edges = [round(i * len(units) / count) for i in range(count + 1)]
    return tuple(Run(tuple(units[a:b])) for a, b in pairwise(edges))


def _sections(units: Sequence[Unit]) -> list[Run]:
    """Return units by the layout's groups, a group where its first unit stands; neighbours of no group stand together."""
    members: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.group:
            members.setdefault(unit.group, []).append(unit)
    found: list[Run] = []
    for group, some in groupby(units, key=lambda unit: unit.group):
        if not group:
            found.append(Run(tuple(some)))
        elif group in members:
            found.append(Run(tuple(members.pop(group)), group))
    return found


def _merged(runs: list[Run], most: int) -> tuple[Run, ...]:
    """Return no more runs than `most`: the smallest neighbours are taken together."""
    runs = list(runs)
    while len(runs) > most:
        at = min(range(len(runs) - 1), key=lambda i: len(runs[i].units) + len(runs[i + 1].units))
        first, second = runs[at : at + 2]
        name = " – ".join((first.name.partition(" – ")[0], second.name.rpartition(" – ")[2])) if first.name and second.name else ""
        runs[at : at + 2] = [Run((*first.units, *second.units), name)]
    return tuple(runs)
