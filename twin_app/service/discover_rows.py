"""The tree of topics as rows of texts, for the terminal's table and the window's tree alike. Not for drawing either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.discover.draft import seen
from twin_app.discover.fields import FieldProfile, Kind, merged
from twin_app.discover.mapped import Fate, Mapped, Mapping
from twin_app.discover.tree import Node, tree_of
from twin_app.text import N_, number, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sized

    from twin_app.discover.profile import TopicProfile
    from twin_app.discover.suggestion import Suggestion
    from twin_app.discover.survey import Survey

KIND_WORDS = {
    Kind.NUMBER: N_("number"),
    Kind.FLAG: N_("yes or no"),
    Kind.TEXT: N_("text"),
    Kind.NOTHING: N_("no value"),
    Kind.UNFIT: N_("array"),
}
HEADS = (N_("Topic"), N_("Dialect"), N_("msg/s"), N_("Size"), N_("Retained"), N_("Seen"), N_("Becomes"))
RIGHT = frozenset({2, 3, 4})
"""Columns of figures."""
MOST = 2000
"""Rows in all; a tree of more shows fewer below each row, and counts the rest."""
LIMITS = (200, 60, 20, 8, 3)
"""How many rows below one row are shown: the first of these by which there are not too many in all."""
_FEW = 3
_KILO, _SLOW = 1024, 0.995
_NOTHING = ("",) * 6


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what it is known by among its siblings, a text a column, and the rows below it."""

    key: str
    cells: tuple[str, ...]
    children: tuple[Row, ...] = ()
    quiet: bool = False
    """Nothing of it becomes a signal."""


def rows_of(survey: Survey, suggestion: Suggestion | None, seconds: float) -> tuple[Row, ...]:
    """Return the tree's rows; `seconds` is how long was listened."""
    root = tree_of(survey.topics.values(), suggestion)
    limit = next((limit for limit in LIMITS if _count(root, limit) <= MOST), LIMITS[-1])
    maker = _Maker(Mapping(suggestion), seconds, limit)
    return maker.limited(root.children, maker.rows_below(root, ""))


def flattened(rows: Iterable[Row], depth: int = 0) -> Iterator[tuple[int, Row]]:
    """Give the rows from the top, each with its depth."""
    for row in rows:
        yield depth, row
        yield from flattened(row.children, depth + 1)


def rate(count: float, seconds: float) -> str:
    """Return how often something came a second, with digits where it is seldom."""
    per_s = count / seconds if seconds > 0 else 0.0
    return number(per_s, 0 if per_s >= 100 else 1 if per_s >= _SLOW else 2)  # noqa: PLR2004 - three digits at most


def size(count: int) -> str:
    """Return bytes as people read them."""
    for unit, factor in (("GB", _KILO**3), ("MB", _KILO**2), ("kB", _KILO)):
        if count >= factor:
            return f"{number(count / factor, 1)} {unit}"
    return f"{count} B"


def becomes(found: Iterable[Mapped]) -> str:
    """Return what some fields of one row become: their signals, that they are the time, ignored, or mapped by nothing."""
    fates = list(found)
    signals = list(dict.fromkeys(one.signal for one in fates if one.fate is Fate.SIGNAL))
    if signals:
        return ", ".join(signals[:_FEW]) + (f", … {len(signals)}" if len(signals) > _FEW else "")
    words = {
        Fate.TIME: tr("(time)"),
        Fate.QUALITY: tr("(quality)"),
        Fate.IGNORED: tr("(of no interest)"),
        Fate.UNMAPPED: tr("(not mapped)"),
    }
    return words[fates[0].fate] if fates else ""


def _count(node: Node, limit: int) -> int:
    """Return how many rows a node would have below it."""
    own = _field_names(node.topics)
    shown = list(node.children.values())[:limit]
    return min(len(own), limit) + len(shown) + sum(_count(child, limit) for child in shown)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes rows of nodes."""

    mapping: Mapping
    seconds: float
    limit: int

    def rows_below(self, node: Node, above: str) -> tuple[Row, ...]:
        """Return the rows below a node, as many as are shown."""
        return tuple(self._row(str(key), child, above) for key, child in list(node.children.items())[: self.limit])

    def limited(self, of: Sized, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Return rows with a last one that counts those that are not shown."""
        if len(of) <= self.limit:
            return rows
        return (*rows, Row("…", (tr("… and {n} more rows", n=number(len(of) - self.limit)), *_NOTHING), quiet=True))

    def _row(self, key: str, node: Node, above: str) -> Row:
        """Return a node's row with its fields' and those below."""
        leaves = list(node.leaves())
        dialects = {_dialect(profile, self.mapping) for profile in leaves}
        dialect = dialects.pop() if len(dialects) == 1 else ""
        said = dialect if dialect != above else ""
        own = node.topics
        fields = _fields(own)
        alone = fields.get("") if len(fields) == 1 else None
        if own:
            ends = (_seen(alone), becomes(_fates(own, "", self.mapping))) if alone is not None else (_kind(own), "")
            cells = (node.title, said, *_counts(own, self.seconds), *ends)
        else:
            cells = (node.title, said, rate(sum(leaf.messages for leaf in leaves), self.seconds), "", _retained(leaves), "", "")
        below: tuple[Row, ...] = ()
        if alone is None:
            below = self.limited(fields, tuple(self._field(name, one, own) for name, one in list(fields.items())[: self.limit]))
        below += self.limited(node.children, self.rows_below(node, dialect or above))
        quiet = not any(found.fate is Fate.SIGNAL for leaf in leaves for found in self.mapping.fields(leaf).values())
        return Row(key, cells, below, quiet)

    def _field(self, name: str, one: FieldProfile, topics: list[TopicProfile]) -> Row:
        """Return the row of one field of some topics."""
        fates = _fates(topics, name, self.mapping)
        quiet = not any(found.fate is Fate.SIGNAL for found in fates)
        return Row(f"· {name}", (f"· {name or tr('(value)')}", "", "", "", "", _seen(one), becomes(fates)), quiet=quiet)


def _dialect(profile: TopicProfile, mapping: Mapping) -> str:
    """Return the dialect that would read a topic; that none understands it; empty where none would read it."""
    return mapping.rule_of(profile) or (tr("not understood") if profile.is_foreign else "")


def _fields(topics: list[TopicProfile]) -> dict[str, FieldProfile]:
    """Return the fields of some topics by name, those of one name as one."""
    return {name: merged(profile.fields[name] for profile in topics if name in profile.fields) for name in _field_names(topics)}


def _field_names(topics: list[TopicProfile]) -> dict[str, None]:
    """Return the names of the fields of some topics."""
    return dict.fromkeys(name for profile in topics for name in profile.fields)


def _fates(topics: list[TopicProfile], name: str, mapping: Mapping) -> list[Mapped]:
    """Return what becomes of a field of some topics."""
    return [found for profile in topics if (found := mapping.fields(profile).get(name)) is not None]


def _counts(topics: list[TopicProfile], seconds: float) -> tuple[str, str, str]:
    """Return rate, largest size and retained messages of some topics."""
    most = max(profile.largest for profile in topics)
    return rate(sum(profile.messages for profile in topics), seconds), size(most), _retained(topics)


def _retained(topics: list[TopicProfile]) -> str:
    """Return how many messages of some topics were retained, empty for none."""
    count = sum(profile.retained for profile in topics)
    return number(count) if count else ""


def _seen(one: FieldProfile) -> str:
    """Return a field's type and what it looked like."""
    unit = f" {one.unit_of_measure}" if one.unit_of_measure else ""
    kind = tr(KIND_WORDS[one.kind])
    return f"{kind} · {seen(one, bare=True)}{unit}" if one.example else kind


def _kind(topics: list[TopicProfile]) -> str:
    """Return what topics hold that have several fields, or none."""
    profile = topics[0]
    return tr(profile.trouble) + (f": {profile.example}" if profile.example else "") if profile.is_foreign and profile.trouble else ""
