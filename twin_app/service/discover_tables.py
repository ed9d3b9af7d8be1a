"""What was discovered, as a person reads it in a terminal: filters, the tree of topics, what is left open. Not for scripts: see the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from twin_app.codec.topics import TopicPattern
from twin_app.discover.remarks import remarks
from twin_app.layout.sparkplug import NAMESPACE
from twin_app.service.discover_rows import HEADS, RIGHT, flattened, rate, rows_of, size
from twin_app.service.tables import console
from twin_app.text import duration, number, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from twin_app.discover.suggestion import Suggestion
    from twin_app.service.discover import Heard

MAX_ROWS = 400
"""Rows of the tree in a terminal; what is beyond is counted. `--json` has all."""


def report(heard: Heard, suggestion: Suggestion | None) -> str:
    """Return everything that was discovered, for a terminal."""
    output = console()
    parts: list[RenderableType] = [Text(headline(heard)), *(Text(row) for row in filters(heard))]
    if heard.survey.topics:
        parts += [Text(""), _table(heard, suggestion), Text("")]
    parts += [Text(f"- {sentence}") for sentence in (*warnings(heard), *remarks(suggestion, heard.survey))]
    with output.capture() as captured:
        output.print(Group(*parts))
    return captured.get().rstrip("\n")


def warnings(heard: Heard) -> list[str]:
    """Return what is not as it should be: an unprotected password, a connection that broke."""
    return [*heard.warnings, *([heard.trouble] if heard.trouble else [])]


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


def _table(heard: Heard, suggestion: Suggestion | None) -> Table:
    """Return the tree as a table."""
    table = Table()
    for i, heading in enumerate(HEADS):
        table.add_column(tr(heading), justify="right" if i in RIGHT else "left", no_wrap=True)
    rows = list(flattened(rows_of(heard.survey, suggestion, heard.listened_s)))
    for depth, row in rows[:MAX_ROWS]:
        table.add_row(*(Text(cell, overflow="ellipsis") for cell in ("  " * depth + row.cells[0], *row.cells[1:])))
    if len(rows) > MAX_ROWS:
        table.add_row(tr("… and {n} more rows", n=number(len(rows) - MAX_ROWS)), *[""] * (len(HEADS) - 1))
    return table
