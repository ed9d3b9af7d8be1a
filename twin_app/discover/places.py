"""Which level of a topic names the machine: worked out from all topics together. Not for protocols whose topics say it themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from twin_app.discover.words import machine_type_of, names_machine, names_part, names_place

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

Levels: TypeAlias = tuple[str, ...]
Alike: TypeAlias = "Counter[tuple[Levels, Levels, Hashable]]"
MAX_LEVELS = 24
"""Deeper topics are left alone."""
NOWHERE = -1
_IMPOSSIBLE = -100.0


@dataclass(frozen=True, slots=True)
class Spoken:
    """A topic as it is placed: its levels, and what its payload is like where it may stand at the machine itself."""

    levels: Levels
    shape: Hashable = None
    """Of a payload that names its signals itself; None for a single value, whose signal only the topic can name."""


@dataclass(slots=True)
class _Node:
    """A level of the tree: what it is worth to call the levels below it machines."""

    children: dict[str, _Node] = field(default_factory=dict)
    worth: float = 0.0
    """Sum over the topics below of how well the next level names their machine."""
    chosen: bool = False

    def choose(self) -> float:
        """Decide where machines stand at and below this level, for the greatest sum; return it."""
        below = sum(child.choose() for child in self.children.values())
        self.chosen = bool(self.children) and self.worth > below
        return self.worth if self.chosen else below


def place(topics: Mapping[str, Spoken]) -> dict[str, int]:
    """Return, for each topic, the number of the level that names its machine; `NOWHERE` where none can."""
    alike = _alike(topics.values())
    root = _Node()
    for spoken in topics.values():
        node = root
        for depth, level in enumerate(spoken.levels[:MAX_LEVELS]):
            node.worth += _worth(spoken, depth, alike)
            node = node.children.setdefault(level, _Node())
    root.choose()
    return {topic: _depth(spoken, root, alike) for topic, spoken in topics.items()}


def _depth(spoken: Spoken, root: _Node, alike: Alike) -> int:
    """Return at which level a topic meets the choice; where it meets none, its own best level."""
    node = root
    levels = spoken.levels[:MAX_LEVELS]
    for depth, level in enumerate(levels):
        if node.chosen:
            return depth
        node = node.children[level]
    best = max(range(len(levels)), key=lambda depth: _worth(spoken, depth, alike))
    return best if _worth(spoken, best, alike) > _IMPOSSIBLE else NOWHERE


def _alike(topics: Iterable[Spoken]) -> Alike:
    """Return by what stands before and behind a level (and the payload, where nothing stands behind) how many levels differ there."""
    seen: dict[tuple[Levels, Levels, Hashable], set[str]] = defaultdict(set)
    for spoken in topics:
        for depth, level in enumerate(spoken.levels[:MAX_LEVELS]):
            seen[_around(spoken, depth)].add(level)
    return Counter({around: len(levels) for around, levels in seen.items()})


def _around(spoken: Spoken, depth: int) -> tuple[Levels, Levels, Hashable]:
    """Return what stands around a level."""
    behind = spoken.levels[depth + 1 :]
    return spoken.levels[:depth], behind, None if behind else spoken.shape


def _worth(spoken: Spoken, depth: int, alike: Alike) -> float:
    """Return how well a level names the machine of a topic: by its name, and by neighbours that say the same."""
    level, behind = spoken.levels[depth], len(spoken.levels) - depth - 1
    if not level or (not behind and spoken.shape is None):
        return _IMPOSSIBLE  # nothing would be left to name the signal
    worth = 1.0 - 0.2 * behind - (0.5 if depth == 0 else 0.0)
    if names_machine(level):
        worth += 3.0 if machine_type_of(level) else 2.0
    elif names_place(level) or names_part(level):
        worth -= 3.0
    if level[-1].isdigit():
        worth += 0.5
    return worth + (2.0 if alike[_around(spoken, depth)] > 1 else 0.0)
