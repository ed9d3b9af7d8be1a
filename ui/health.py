"""Source health in words: the top bar's line, and which troubles deserve a banner. Values in, sentences out; no widgets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.model.message import STATUS_WORDS, Status
from twin_app.text import duration, number, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.message import SourceHealth

STATUS_GLYPHS = {
    Status.IDLE: "○", Status.LOADING: "↻", Status.CONNECTING: "↻", Status.CONNECTED: "●",
    Status.DISCONNECTED: "✕", Status.FAILED: "✕", Status.COMPLETE: "●",
}  # fmt: skip
WORST_FIRST = (
    Status.FAILED, Status.DISCONNECTED, Status.CONNECTING, Status.LOADING, Status.IDLE, Status.CONNECTED, Status.COMPLETE,
)  # fmt: skip
PATIENCE_NS = 3 * SECOND_NS
"""How long a source may be connecting, or be heard without one mapped topic, before a banner says so."""
TOPICS_NAMED = 3
BEHIND_WORTH_SAYING_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong with a source: what happened, what the program does about it, what a person can do."""

    key: str
    what: str
    rest: str


def worst(health: Sequence[SourceHealth]) -> Status | None:
    """Return the status that a person should know first; None without sources."""
    found = {h.status for h in health}
    return next((status for status in WORST_FIRST if status in found), None)


def summary(health: Sequence[SourceHealth], now_ns: int, behind_s: float = 0.0) -> list[str]:
    """Return the parts of the top bar's line: status, rate, age of the newest, refused, dropped, who records it, and what is not as it should be."""
    if not health:
        return [tr("no source")]
    parts = [_status_part(health)]
    if any(h.hidden for h in health):
        return [parts[0], tr("what it counted is hidden")]
    if any(h.live for h in health):
        parts += [tr("{rate} msg/s", rate=number(sum(h.per_second for h in health if h.live))), _newest_part(health, now_ns)]
    else:
        parts.append(tr("{count} messages", count=number(sum(h.received for h in health))))
    parts += [tr("refused {count}", count=number(refused(health))), tr("dropped {count}", count=number(sum(h.dropped for h in health)))]
    if unmapped := sum(sum(h.unmapped.values()) for h in health):
        parts.append(tr("not mapped {count}", count=number(unmapped)))
    parts += sorted({tr("recorded by {who}", who=h.recorded_by) for h in health if h.recorded_by})
    if behind_s >= BEHIND_WORTH_SAYING_S:
        parts.append(tr("behind {span}", span=duration(behind_s)))
    return parts


def refused(health: Sequence[SourceHealth]) -> int:
    """Return how many messages were refused, of all sources and for all reasons."""
    return sum(sum(h.refused.values()) for h in health)


def _status_part(health: Sequence[SourceHealth]) -> str:
    """Return the one source's title and status, or how many of several are well."""
    if loading := [h for h in health if h.status is Status.LOADING and h.share is not None]:
        names = ", ".join(dict.fromkeys(PurePath(h.address).name for h in loading))
        return tr("{what} {status}", what=names, status=status_words(min(loading, key=lambda h: h.share or 0.0)))
    if len(health) == 1:
        return f"{health[0].title} {status_words(health[0])}"
    well = sum(h.status in {Status.CONNECTED, Status.COMPLETE} for h in health)
    return tr("{well} of {all} sources well", well=well, all=len(health))


def status_words(health: SourceHealth) -> str:
    """Return what a source is doing; of a file that is loading how much of it is there, rounded down: the last bit counts, too."""
    if health.status is Status.LOADING and health.share is not None:
        return tr("loading, {share} %", share=number(int(100 * min(max(health.share, 0.0), 0.99))))
    return tr(STATUS_WORDS[health.status])


def _newest_part(health: Sequence[SourceHealth], now_ns: int) -> str:
    """Return the age of the newest message of the live sources."""
    newest = max((h.newest_ns for h in health if h.live and h.newest_ns is not None), default=None)
    if newest is None:
        return tr("nothing received yet")
    return tr("newest {age}", age=duration(max(0.0, (now_ns - newest) / SECOND_NS)))


def trouble(health: SourceHealth, now_ns: int) -> Trouble | None:
    """Return what a banner must say about a source, None while all is well."""
    key, age_ns = f"source:{health.source}", now_ns - health.since_ns
    span = duration(max(0.0, age_ns / SECOND_NS))
    if health.status is Status.FAILED:
        what = tr("{title} failed.", title=health.title)
        return Trouble(key=key, what=what, rest=health.error or tr("Nothing more is known; the log has the details."))
    if health.unheard:
        return Trouble(key=key, what=tr("Nothing was heard of {title} for {span}.", title=health.title, span=span), rest=health.error)
    away = health.status is Status.DISCONNECTED or (health.status is Status.CONNECTING and age_ns > PATIENCE_NS)
    if health.live and away:
        return Trouble(key=key, what=tr("No connection to {title} for {span}.", title=health.title, span=span), rest=_away(health))
    if health.elsewhere:
        what = tr("{title} is connected, but nothing came on its topics.", title=health.title)
        rest = tr(
            "The broker speaks of {topics}. Correct the rules in the layout file, or wait if the line is silent now.",
            topics=_named(health.elsewhere),
        )
        return Trouble(key=key, what=what, rest=rest)
    seen = sum(health.unmapped.values())
    if seen and seen + sum(health.refused.values()) >= health.received and age_ns > PATIENCE_NS:
        return Trouble(key=key, what=tr("{title} is heard, but no topic of it is mapped.", title=health.title), rest=_unmapped(health))
    return None


def _away(health: SourceHealth) -> str:
    """Return what is done about a lost source, and its cure where one is known."""
    did = tr("Its units are shown as stale, the time counts as blind, and the connection is tried again and again.")
    return f"{did} {health.error}" if health.error else did


def _unmapped(health: SourceHealth) -> str:
    """Return which topics were seen, the loudest first."""
    topics = _named(sorted(health.unmapped, key=health.unmapped.__getitem__, reverse=True))
    return tr("Seen: {topics}. Add rules for them to the layout file; the panel Sources lists them all.", topics=topics)


def _named(topics: Sequence[str]) -> str:
    """Return the first of some topics, and how many more there are."""
    named, more = topics[:TOPICS_NAMED], len(topics) - TOPICS_NAMED
    return ", ".join(named) + (tr(" and {count} more", count=more) if more > 0 else "")
