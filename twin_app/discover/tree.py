"""The topics as a tree that a person can take in: machines of a kind stand in one row, and so do siblings that are alike. Not for drawing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin_app.discover.speech import Speech
from twin_app.discover.words import natural, words_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from twin_app.discover.profile import TopicProfile
    from twin_app.discover.suggestion import Suggestion

ALIKE = 3
"""So many siblings with the same below them, or with the same name but for a number, stand in one row."""
MANY = 12
"""More siblings than this that only hold the same kind of value stand in one row, too, whatever their names."""
NAMED = 4


@dataclass(slots=True)
class Node:
    """A row of the tree: a level, or several that are alike, with the topics that end here."""

    names: tuple[str, ...] = ()
    children: dict[Hashable, Node] = field(default_factory=dict)
    topics: list[TopicProfile] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Return the level's name; of several their names in braces."""
        if len(self.names) == 1:
            return self.names[0]
        shown = ", ".join(self.names[:NAMED])
        return f"{{{shown}}}" if len(self.names) <= NAMED else f"{{{shown}, … {len(self.names)}}}"

    def leaves(self) -> Iterator[TopicProfile]:
        """Give every topic at and below this row."""
        yield from self.topics
        for child in self.children.values():
            yield from child.leaves()


def tree_of(topics: Iterable[TopicProfile], suggestion: Suggestion | None) -> Node:
    """Return the tree's root; with a suggestion the levels that name its units stand in one row where they have one parent."""
    unit_levels = _unit_levels(suggestion)
    root = Node()
    for profile in topics:
        node = root
        above: tuple[str, ...] = ()
        for level in shown_topic(profile).split("/"):
            real = (*above, level)
            is_unit = real in unit_levels
            key: Hashable = ("unit",) if is_unit else level
            child = node.children.setdefault(key, Node())
            if level not in child.names:
                child.names = (*child.names, level)
            node, above = child, real
        node.topics.append(profile)
    _gather(root)
    return _shortened(root)


def shown_topic(profile: TopicProfile) -> str:
    """Return a topic as people know it: births, deaths and data of a Sparkplug sender stand together."""
    if profile.speech is not Speech.SPARKPLUG:
        return profile.topic
    levels = profile.topic.split("/")
    kind = levels.index("spBv1.0") + 2
    if len(levels) > kind and levels[kind] in {"NDATA", "DDATA"}:
        levels[kind] = f"{levels[kind][0]}BIRTH+{levels[kind]}"
    return "/".join(levels)


def _unit_levels(suggestion: Suggestion | None) -> frozenset[tuple[str, ...]]:
    """Return the places of all units, as the tree spells them."""
    if suggestion is None:
        return frozenset()
    spelled = {"NDATA": "NBIRTH+NDATA", "DDATA": "DBIRTH+DDATA"}
    return frozenset(
        tuple(spelled.get(level, level) if "spBv1.0" in machine.path else level for level in machine.path)
        for machine in suggestion.machines
    )


def _gather(node: Node) -> None:
    """Put siblings that are alike into one row, from the leaves upwards."""
    for child in node.children.values():
        _gather(child)
    groups: dict[Hashable, list[Hashable]] = defaultdict(list)
    for key, child in node.children.items():
        groups[_signature(child)].append(key)
    for signature, keys in groups.items():
        for group in _alike(node, signature, keys):
            first = node.children[group[0]]
            for key in group[1:]:
                _join(first, node.children.pop(key))
    ordered = sorted(node.children.items(), key=lambda pair: natural(pair[1].names[0]))
    node.children = dict(ordered)


def _alike(node: Node, signature: Hashable, keys: list[Hashable]) -> list[list[Hashable]]:
    """Return which of some siblings of one signature go into one row."""
    is_leaf = isinstance(signature, tuple) and signature[:1] == ("leaf",)
    if len(keys) < ALIKE:
        return []
    if not is_leaf or len(keys) > MANY:
        return [keys]
    numbered: dict[tuple[str, ...], list[Hashable]] = defaultdict(list)
    for key in keys:
        words = words_of(node.children[key].names[0])
        if any(word.isdecimal() for word in words):
            numbered[tuple("0" if word.isdecimal() else word for word in words)].append(key)
    return [group for group in numbered.values() if len(group) >= ALIKE]


def _signature(node: Node) -> Hashable:
    """Return what siblings must share to be alike: what stands below them."""
    if not node.children:
        forms = frozenset((profile.form, tuple(sorted(profile.fields)[:8])) for profile in node.topics)
        return ("leaf", forms)
    return ("node", frozenset((child.title, hash(_signature(child))) for child in node.children.values()))


def _join(into: Node, other: Node) -> None:
    """Add one row to another."""
    into.names = (*into.names, *(name for name in other.names if name not in into.names))
    into.topics += other.topics
    for key, child in other.children.items():
        if key in into.children:
            _join(into.children[key], child)
        else:
            into.children[key] = child


def _shortened(node: Node) -> Node:
    """Write levels that lead to a single one below as one row, `PlantA/Packaging`."""
    for key, child in list(node.children.items()):
        made = child
        while len(made.children) == 1 and not made.topics:
            only = next(iter(made.children.values()))
            if len(made.names) > 1 or len(only.names) > 1:
                break
            only.names = (f"{made.names[0]}/{only.names[0]}",)
            made = only
        node.children[key] = _shortened(made)
    return node
