"""The table of reasons of stops, and what must fit together in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.layout.kinds import Listed, Name, Text
from twin_app.layout.table import Key, Table
from twin_app.model.reason import Reason
from twin_app.text import tr

if TYPE_CHECKING:
    from twin_app.layout.findings import At
    from twin_app.model.equipment import Line

_ID = Name(longest=60)

REASON = Table(
    "reason",
    "Why a unit may stand: an entry of the tree that people choose from. Without any there is an ordinary one: machine, safety, material, …",
    Reason,
    (
        Key("id", _ID, "Never changes, for what was entered names it."),
        Key("title", Text(longest=80), "What people call it.", instead="the id"),
        Key("below", Name(longest=60, or_empty=True), "Id of the reason that it is a part of.", instead="none: it stands at the top"),
        Key(
            "matches",
            Listed(Text(longest=100), most=50),
            "Patterns of what a machine says of a stop, `*jam*`: then this reason is proposed. `*` stands for any text.",
        ),
    ),
    make=lambda **read: Reason(**{"title": read.get("id", ""), **read}),
)


def check_reasons(line: Line, top: At) -> None:
    """Report reasons that are there twice, below none, or below themselves."""
    known: set[str] = set()
    for i, reason in enumerate(line.reasons):
        at = top.into("reason", i)
        if reason.id and reason.id in known:
            at.into("id").report(tr('found "{name}" a second time; each must differ', name=reason.id))
        known.add(reason.id)
    parents = {reason.id: reason.below for reason in line.reasons}
    for i, reason in enumerate(line.reasons):
        at = top.into("reason", i, "below")
        above, seen = reason.below, {reason.id}
        while above:
            if above not in parents:
                at.report(tr('found "{name}", which is no reason of this file', name=above))
                break
            if above in seen:
                at.report(tr("found a reason that is a part of itself"))
                break
            seen.add(above)
            above = parents[above]
