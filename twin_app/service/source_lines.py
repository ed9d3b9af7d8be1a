"""How a source is, in a few lines for the terminal: connected since when, how fast, how old, what was refused and why. Not for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from twin_app.clock import SECOND_NS
from twin_app.model.message import STATUS_WORDS
from twin_app.text import duration, number, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.model.message import SourceHealth


class SourceLine(NamedTuple):
    """One line, and whether it says that something is not as it should be."""

    text: str
    wrong: bool = False


def source_lines(health: SourceHealth, now_ns: int) -> Iterator[SourceLine]:
    """Give the lines of a source at `now_ns` (UTC ns): what it is and gave, its last refusals by reason, what is wrong with its cure."""
    parts = [*(_flow(health, now_ns) if health.live else ()), *_counts(health)]
    yield SourceLine(f"{health.title}: " + " · ".join(parts))
    for reason, found in health.examples.items():
        yield SourceLine(
            tr("refused, {reason}: {count}, the last {example}", reason=reason, count=number(health.refused.get(reason, 0)), example=found)
        )
    for sentence in (health.error, *health.warnings):
        if sentence:
            yield SourceLine(sentence, wrong=True)


def _flow(health: SourceHealth, now_ns: int) -> Iterator[str]:
    """Give how a live source is at the moment."""
    yield tr("{status} for {span}", status=tr(STATUS_WORDS[health.status]), span=duration(_since(health.since_ns, now_ns)))
    yield tr("{rate} msg/s", rate=number(health.per_second))
    yield tr("{rate} samples/s", rate=number(health.samples_per_second))
    if health.recorded_by:
        yield tr("recorded by {who}", who=health.recorded_by)
    newest = health.newest_ns
    yield tr("nothing received yet") if newest is None else tr("newest {age}", age=duration(_since(newest, now_ns)))
    if health.clock_offset_s is not None:
        yield tr("received {time} s behind its own clock", time=number(health.clock_offset_s, 3))


def _since(at_ns: int, now_ns: int) -> float:
    """Return the seconds since an instant, 0 for one that lies ahead of our clock."""
    return max(0.0, (now_ns - at_ns) / SECOND_NS)


def _counts(health: SourceHealth) -> Iterator[str]:
    """Give what a source gave and what of it is not in the figures, by reason."""
    yield tr("{count} messages", count=number(health.received))
    yield tr("refused {count}", count=number(sum(health.refused.values())))
    yield tr("not mapped {count}", count=number(sum(health.unmapped.values())))
    if health.live:
        yield tr("dropped {count}", count=number(health.dropped))
    for count, part in (
        (health.retained, tr("of unknown age {count}", count=number(health.retained))),
        (health.odd_times, tr("without a believable time {count}", count=number(health.odd_times))),
        (health.duplicates, tr("sent twice {count}", count=number(health.duplicates))),
        (health.out_of_order, tr("late {count}", count=number(health.out_of_order))),
        (health.backlog if health.live else 0, tr("waiting {count}", count=number(health.backlog))),
        (health.reconnects, tr("reconnected {count}", count=number(health.reconnects))),
        (len(health.unknown_states), tr("unknown states: {states}", states=", ".join(health.unknown_states))),
        *((count, f"{note}: {number(count)}") for note, count in health.notes.items()),
    ):
        if count:
            yield part
