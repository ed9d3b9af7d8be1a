"""The line's story as the one sentence that window, terminal and report say. Not for finding it: see `story`."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from twin_app.model.packml import STATE_WORDS
from twin_app.model.story import CauseKind, Effect
from twin_app.text import N_, clock_time, duration, number, tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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

    @property
    def whole(self) -> str:
        """Return the one sentence."""
        return tr(", ").join(part for part in (self.head, self.rest) if part)


def told(line: Line, story: Story, reasons: Mapping[str, str] | None = None, buffers: Sequence[BufferNow] = ()) -> Told:
    """Return the story in words. `reasons` gives words for why, by unit; `buffers` tell who is next to wait."""
    if not story.causes or story.effect is None:
        return Told()
    first = story.causes[0]
    what = _cause(line, first, (reasons or {}).get(first.unit, ""))
    head = tr(_OPENING[story.effect], since=clock_time(first.since_ns, line.tz), what=what)
    rest = []
    if first.starved:
        rest.append(tr("{units} starved", units=_names(line, first.starved)))
    if first.blocked:
        rest.append(tr("{units} blocked", units=_names(line, first.blocked)))
    if coming := _next(line, first, buffers):
        rest.append(coming)
    if story.effect is Effect.BUFFERED:
        rest.append(tr("the line runs on out of its buffers"))
    elif story.effect is Effect.UNKNOWN:
        rest.append(tr("whether the line runs is not known"))
    elif isfinite(story.lost) and story.lost >= 1:
        unit, n = line.unit_of_count, number(story.lost)
        rest.append(tr("~{n} lost so far (unit: {unit})", n=n, unit=unit) if unit else tr("~{n} parts lost so far", n=n))
    return Told(head[:1].upper() + head[1:], tr(", ").join(rest))


def _next(line: Line, cause: Cause, buffers: Sequence[BufferNow]) -> str:
    """Return who waits next because of a cause, and when; empty where nobody does soon."""
    ailing = {cause.unit, *cause.waiting}
    coming = [(b.full_in_s, _BLOCKS, b.unit) for b in buffers if b.to in ailing and b.unit not in ailing and 0 < b.full_in_s <= SOON_S]
    coming += [(b.empty_in_s, _STARVES, b.to) for b in buffers if b.unit in ailing and b.to not in ailing and 0 < b.empty_in_s <= SOON_S]
    if not coming:
        return ""
    seconds, words, unit = min(coming)
    return tr(words, unit=line.unit(unit).title, time=duration(seconds))


def sentence(line: Line, story: Story, reasons: Mapping[str, str] | None = None) -> str:
    """Return the story in one sentence, empty where nothing ails the line."""
    return told(line, story, reasons).whole


def others(line: Line, story: Story) -> list[str]:
    """Return a short sentence for each further cause."""
    return [
        tr("{what} since {since}", what=_cause(line, cause, ""), since=clock_time(cause.since_ns, line.tz)) for cause in story.causes[1:]
    ]


def _cause(line: Line, cause: Cause, reason: str) -> str:
    """Return what a cause is, `M7 aborted (jam)`."""
    word = "" if cause.state is None else tr(STATE_WORDS[cause.state]).lower()
    return tr(_KIND[cause.kind], unit=line.unit(cause.unit).title, state=word, reason=tr(" ({reason})", reason=reason) if reason else "")


def _names(line: Line, units: Sequence[str]) -> str:
    """Return units' names, or the first, the last and how many there are."""
    titles = [line.unit(name).title for name in units]
    if len(titles) <= NAMES:
        return tr(", ").join(titles)
    return tr("{first} – {last} ({n})", first=titles[0], last=titles[-1], n=len(titles))
