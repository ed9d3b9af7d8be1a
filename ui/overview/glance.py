"""What is said of a whole line at a glance, worded once for its tile. Not for painting it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from twin_app.analyse.wording import calm, told
from twin_app.clock import now_ns
from twin_app.model.packml import Category
from twin_app.text import clock_time, number, percent, tr
from ui.health import trouble
from ui.panels.sentence import priority_of
from ui.words import mode_word, oee

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from twin_app.model.packml import State


@dataclass(frozen=True, slots=True)
class Glance:
    """A line at the playhead."""

    title: str
    mode: str = ""
    """How what is shown relates to the plant now: LIVE, REPLAY …"""
    head: str = ""
    """What ails it, or that nothing does."""
    rest: str = ""
    priority: int = 0
    """1 to 4; 0: nothing needs a person."""
    oee: str = "–"
    good: str = "–"
    blind: str = ""
    """How much of the shift nobody knows; empty: nothing."""
    states: tuple[tuple[State | None, Category], ...] = ()
    """Of the units in flow order."""
    alarms: tuple[int, ...] = ()
    """How many are listed, by priority from 1."""
    at: str = ""
    source: str = ""
    """What is wrong with a source of it; empty: nothing."""
    trouble: str = ""
    """Why it cannot be shown; empty: it is."""


def glance(line: Line, frame: Frame) -> Glance:
    """Return what a frame says of its line."""
    story, kpi = frame.story, frame.figures.line if frame.figures else None
    words = told(line, story, buffers=frame.buffers) if story and story.causes else None
    troubles = [found.what for health in frame.health if (found := trouble(health, now_ns()))]
    target = line.targets.good_per_shift
    good = "–" if kpi is None or not isfinite(kpi.good) else number(kpi.good)
    units = [frame.units.get(unit.id) for unit in line.flow_order]
    return Glance(
        title=line.title, mode=mode_word(frame),
        head=words.head if words else troubles[0] if troubles else calm(line, story), rest=words.rest if words else troubles[0] if troubles and story else "",
        priority=priority_of(story, story.causes[0], frame.at_ns) if story and story.causes else 2 if troubles else 0,
        oee=oee(kpi) if kpi else "–",
        good=f"{good} / {number(target)}" if target else good,
        blind=tr("{share} unknown", share=percent(_blind_share(frame))) if _blind_share(frame) > 0 else "",
        states=tuple((None, Category.BLIND) if now is None else (now.state, now.category) for now in units),
        alarms=tuple(frame.alarms.counts), at=clock_time(frame.at_ns, line.tz), source=troubles[0] if troubles else "",
    )  # fmt: skip


def _blind_share(frame: Frame) -> float:
    """Return the share of the time since the shift began of which nobody knows what the line did."""
    span_s = (frame.at_ns - frame.shift_start_ns) / 1e9
    blind_s = frame.figures.line.blind_s if frame.figures else 0.0
    return blind_s / span_s if span_s > 0 and isfinite(blind_s) else 0.0
