"""The line's story as the one sentence that window, terminal and report say. Not for finding it: see `story`."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from twin_app.model.packml import STATE_WORDS
from twin_app.model.story import CauseKind, Effect
from twin_app.text import N_, clock_time, duration, number, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.buffer import BufferNow
    from twin_app.model.equipment import Line
    from twin_app.model.story import Cause, Story

NAMES = 3
"""So many units are named; more are named by the first and the last."""
SOON_S = 600.0
"""Who waits within so long is said to be next."""
_BLOCKS, _STARVES = N_("{unit} blocks in {time}"), N_("{unit} starves in {time}")
_OPENING = {
    Effect.STOPPED: N_("Line stopped since {since}: {what}"),
    Effect.SLOWED: N_("Line slowed since {since}: {what}"),
    Effect.BUFFERED: N_("{what} since {since}"),
    Effect.UNKNOWN: N_("{what} since {since}"),
}
_KIND = {
    CauseKind.FAILED: N_("{unit} {state}{reason}"),
    CauseKind.STOPPED: N_("{unit} {state}{reason}"),
    CauseKind.SETUP: N_("{unit} is being set up"),
    CauseKind.SILENT: N_("no data from {unit}"),
    CauseKind.SUPPLY: N_("{unit} has no supply"),
    CauseKind.OUTLET: N_("what leaves {unit} is not taken away"),
    CauseKind.SLOW: N_("{unit} is slow{reason}"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A story in words: what happened, and behind it whom it concerns and what it costs. Both empty where nothing ails the line."""

    head: str = ""
    rest: str = ""
    shorter: tuple[str, ...] = ()
    """The rest in ever fewer words, for less room; the last of them says only what it costs."""

    @property
    def whole(self) -> str:
        """Return the one sentence."""
        return tr(", ").join(part for part in (self.head, self.rest) if part)


def told(line: Line, story: Story, buffers: Sequence[BufferNow] = ()) -> Told:
    """Return the story in words; `buffers` tell who is next to wait."""
    if not story.causes or story.effect is None:
        return Told()
    first = story.causes[0]
    head = tr(_OPENING[story.effect], since=clock_time(first.since_ns, line.tz), what=_cause(line, first))
    sides = ((N_("{units} starved"), first.starved), (N_("{units} blocked"), first.blocked))
    named = [tr(words, units=_names(line, units)) for words, units in sides if units]
    counted = [tr(words, units=number(len(units))) for words, units in sides if units]
    coming, outcome = _next(line, first, buffers), _outcome(line, story)
    # While buffers hide the cause, who waits next and when matters more than that they do.
    urgent = ((*counted, coming), (coming,)) if coming and story.effect is Effect.BUFFERED else ()
    ways = ((*named, coming, outcome), (*counted, coming, outcome), *urgent, (*counted, outcome), (outcome,))
    rest, *shorter = dict.fromkeys(tr(", ").join(filter(None, way)) for way in ways)
    return Told(head[:1].upper() + head[1:], rest, tuple(filter(None, shorter)))


def calm(line: Line, story: Story | None) -> str:
    """Return what is said of a line that nothing ails, None: of which nothing is known yet."""
    if story is None:
        return tr("Nothing is known yet.")
    if story.pause is not None:
        name, end = story.pause.name or tr("Break"), clock_time(story.pause.end_ns, line.tz)[: len("06:00")]
        return tr("{pause}, planned until {time}.", pause=name, time=end)
    return tr("The line stands as planned.") if story.planned else tr("Nothing is wrong on the line.")


def _outcome(line: Line, story: Story) -> str:
    """Return what becomes of the line because of its first cause, or what it has cost so far."""
    if story.effect is Effect.BUFFERED:
        return tr("the line runs on out of its buffers")
    if story.effect is Effect.UNKNOWN:
        return tr("whether the line runs is not known")
    if not isfinite(story.lost) or story.lost < 1:
        return ""
    unit, n = line.unit_of_count, number(story.lost)
    return tr("~{n} lost so far (unit: {unit})", n=n, unit=unit) if unit else tr("~{n} parts lost so far", n=n)


def _next(line: Line, cause: Cause, buffers: Sequence[BufferNow]) -> str:
    """Return who waits next because of a cause, and when; empty where nobody does soon."""
    ailing = {cause.unit, *cause.waiting}
    coming = [(b.full_in_s, _BLOCKS, b.unit) for b in buffers if b.to in ailing and b.unit not in ailing and 0 < b.full_in_s <= SOON_S]
    coming += [(b.empty_in_s, _STARVES, b.to) for b in buffers if b.unit in ailing and b.to not in ailing and 0 < b.empty_in_s <= SOON_S]
    if not coming:
        return ""
    seconds, words, unit = min(coming)
    return tr(words, unit=line.unit(unit).title, time=duration(seconds))


def sentence(line: Line, story: Story) -> str:
    """Return the story in one sentence, empty where nothing ails the line."""
    return told(line, story).whole


def others(line: Line, story: Story) -> list[str]:
    """Return a short sentence for each further cause."""
    return [tr("{what} since {since}", what=_cause(line, cause), since=clock_time(cause.since_ns, line.tz)) for cause in story.causes[1:]]


def _cause(line: Line, cause: Cause) -> str:
    """Return what a cause is, `M7 aborted (jam)`."""
    word = "" if cause.state is None else tr(STATE_WORDS[cause.state]).lower()
    reason = tr(" ({reason})", reason=cause.reason) if cause.reason else ""
    return tr(_KIND[cause.kind], unit=line.unit(cause.unit).title, state=word, reason=reason)


def _names(line: Line, units: Sequence[str]) -> str:
    """Return units' names, or the first, the last and how many there are."""
    titles = [line.unit(name).title for name in units]
    if len(titles) <= NAMES:
        return tr(", ").join(titles)
    return tr("{first} – {last} ({n})", first=titles[0], last=titles[-1], n=len(titles))
