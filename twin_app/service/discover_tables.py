"""What was discovered, as a person reads it in a terminal: filters, the tree of topics, what is left open. Not for scripts: see the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.console import Group
from rich.table import Table
from rich.text import Text

from twin_app.codec.topics import TopicPattern
from twin_app.discover.draft import seen
from twin_app.discover.fields import FieldProfile, merged
from twin_app.discover.mapped import Fate, Mapped, Mapping
from twin_app.discover.remarks import remarks
from twin_app.discover.tree import Node, tree_of
from twin_app.layout.sparkplug import NAMESPACE
from twin_app.service.tables import console
from twin_app.text import duration, number, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from twin_app.discover.profile import TopicProfile
    from twin_app.discover.suggestion import Suggestion
    from twin_app.service.discover import Heard

MAX_ROWS = 400
"""Rows of the tree; what is beyond is counted. `--json` has all."""
MAX_FIELDS = 40
_FEW = 3
_KILO, _SLOW = 1024, 0.995


class Row(NamedTuple):
    """A row of the tree, as texts."""

    topic: str
    dialect: str
    rate: str
    size: str
    retained: str
    seen: str
    becomes: str


def report(heard: Heard, suggestion: Suggestion | None) -> str:
    """Return everything that was discovered, for a terminal."""
    output = console()
    sentences = [*heard.warnings, *([heard.trouble] if heard.trouble else []), *remarks(suggestion, heard.survey)]
    parts: list[RenderableType] = [Text(headline(heard)), *(Text(row) for row in filters(heard))]
    if heard.survey.topics:
        parts += [Text(""), _table(heard, suggestion), Text("")]
    parts += [Text(f"- {sentence}") for sentence in sentences]
    with output.capture() as captured:
        output.print(Group(*parts))
    return captured.get().rstrip("\n")


def headline(heard: Heard) -> str:
    """Return how much was heard, in one line."""
    survey = heard.survey
    return tr(
        "{where}: {n} messages on {topics} topics in {time}, {rate}/s, {size}; {retained} were retained.", where=heard.where,
        n=number(survey.messages), topics=number(len(survey.topics) + survey.further_topics), time=duration(heard.listened_s),
        rate=rate(survey.messages, heard.listened_s), size=size(survey.size),
        retained=number(sum(profile.retained for profile in survey.topics.values())),
    )  # fmt: skip


def filters(heard: Heard) -> Iterator[str]:
    """Give what the broker said to each filter, a line each."""
    for answer in heard.answers:
        if answer.refused:
            yield tr(
                "Filter {filter}: REFUSED with code {code} ({words}). Ask the broker's administrator to let this user read it.",
                filter=answer.filter, code=answer.code, words=answer.words,
            )  # fmt: skip
        elif NAMESPACE in answer.filter or any(
            TopicPattern(answer.filter).match(profile.topic) for profile in heard.survey.topics.values()
        ):
            yield tr("Filter {filter}: granted.", filter=answer.filter)
        else:
            yield tr(
                "Filter {filter}: granted, but nothing came on it. Nobody spoke, or the broker holds it back: some grant what they never deliver.",
                filter=answer.filter,
            )  # fmt: skip


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
    words = {Fate.TIME: tr("(time)"), Fate.IGNORED: tr("(of no interest)"), Fate.UNMAPPED: tr("(not mapped)")}
    return words[fates[0].fate] if fates else ""


def rows_of(root: Node, mapping: Mapping, seconds: float) -> Iterator[Row]:
    """Give the rows of the tree from the top."""
    for child in root.children.values():
        yield from _rows(child, mapping, seconds, 0, "")


def _table(heard: Heard, suggestion: Suggestion | None) -> Table:
    """Return the tree as a table."""
    table = Table()
    for heading in (tr("Topic"), tr("Dialect"), tr("msg/s"), tr("Size"), tr("Retained"), tr("Seen"), tr("Becomes")):
        table.add_column(heading, justify="right" if heading in {tr("msg/s"), tr("Size"), tr("Retained")} else "left", no_wrap=True)
    rows = list(rows_of(tree_of(heard.survey.topics.values(), suggestion), Mapping(suggestion), heard.listened_s))
    for row in rows[:MAX_ROWS]:
        table.add_row(*(Text(cell, overflow="ellipsis") for cell in row))
    if len(rows) > MAX_ROWS:
        table.add_row(tr("… and {n} more rows", n=number(len(rows) - MAX_ROWS)), *[""] * 6)
    return table


def _rows(node: Node, mapping: Mapping, seconds: float, depth: int, above: str) -> Iterator[Row]:
    """Give a node's row, its fields', and those below."""
    leaves = list(node.leaves())
    dialects = {_dialect(profile, mapping) for profile in leaves}
    dialect = dialects.pop() if len(dialects) == 1 else ""
    said = dialect if dialect != above else ""
    title = "  " * depth + node.title
    own = node.topics
    fields = _fields(own)
    alone = fields.get("") if len(fields) == 1 else None
    if own:
        cells = _counts(own, seconds)
        yield Row(title, said, *cells, _seen(alone) if alone else _kind(own), becomes(_fates(own, "", mapping)) if alone else "")
    else:
        yield Row(title, said, rate(sum(leaf.messages for leaf in leaves), seconds), "", _retained(leaves), "", "")
    if alone is None:
        for name in list(fields)[:MAX_FIELDS]:
            yield Row(
                "  " * (depth + 1) + f"· {name or tr('(value)')}", "", "", "", "", _seen(fields[name]), becomes(_fates(own, name, mapping))
            )
        if len(fields) > MAX_FIELDS:
            yield Row("  " * (depth + 1) + tr("… and {n} more fields", n=len(fields) - MAX_FIELDS), "", "", "", "", "", "")
    for child in node.children.values():
        yield from _rows(child, mapping, seconds, depth + 1, dialect or above)


def _dialect(profile: TopicProfile, mapping: Mapping) -> str:
    """Return the dialect that would read a topic; that none understands it; empty where none would read it."""
    return mapping.rule_of(profile) or (tr("not understood") if profile.is_foreign else "")


def _fields(topics: list[TopicProfile]) -> dict[str, FieldProfile]:
    """Return the fields of some topics by name, those of one name as one."""
    names = dict.fromkeys(name for profile in topics for name in profile.fields)
    return {name: merged(profile.fields[name] for profile in topics if name in profile.fields) for name in names}


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
    return f"{one.kind} · {seen(one, bare=True)}{unit}" if one.example else one.kind


def _kind(topics: list[TopicProfile]) -> str:
    """Return what topics hold that have several fields, or none."""
    profile = topics[0]
    return tr(profile.trouble) + (f": {profile.example}" if profile.example else "") if profile.is_foreign and profile.trouble else ""
