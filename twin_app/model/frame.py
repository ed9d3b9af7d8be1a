"""One instant of a line, ready to be shown: what the session hands to the window, the terminal and the snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from twin_app.model.alarm import AlarmPicture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.model.against import Against
    from twin_app.model.bookmark import Bookmark
    from twin_app.model.buffer import BufferNow
    from twin_app.model.entry import Entry
    from twin_app.model.historian import Latest, Span
    from twin_app.model.kpi import LineFigures
    from twin_app.model.message import SourceHealth
    from twin_app.model.story import Story
    from twin_app.model.timeline import UnitNow
    from twin_app.model.training import Attempt


class Mode(StrEnum):
    """What the playhead shows; never in doubt on the screen."""

    LIVE = "live"
    LOOK_BACK = "look_back"
    """A live line, seen at an earlier instant."""
    REPLAY = "replay"
    SAMPLE = "sample"
    """A replay of the data bundled with the product."""
    SIMULATION = "simulation"
    """A line simulated while it is watched, at its newest instant; looked back at, it is in `LOOK_BACK`."""
    BLIND = "blind"
    """A replay that hides what was not yet known at the playhead: for training."""
    EMPTY = "empty"
    """No line is open."""

    @property
    def at_end(self) -> bool:
        """Say whether the playhead stays at the end of what grows."""
        return self in {Mode.LIVE, Mode.SIMULATION}

    @property
    def grows(self) -> bool:
        """Say whether more may come for ever."""
        return self in {Mode.LIVE, Mode.LOOK_BACK, Mode.SIMULATION}


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the frame before. `all` after a seek, a layout change, or a revision by late data."""

    all: bool = False
    units: frozenset[str] = frozenset()
    """Units whose state, mode, category or conflict changed."""
    signals: bool = False
    """Some signal's latest value changed."""
    figures: bool = False
    """The KPIs were computed anew."""
    alarms: bool = False
    """Some alarm, or how fast they come."""
    story: bool = False
    """Another cause, consequence or cost than before, or other levels of buffers."""
    health: bool = False
    span: bool = False
    bookmarks: bool = False


NO_ALARMS = AlarmPicture()
ALL = Changes(all=True, signals=True, figures=True, story=True, alarms=True, health=True, span=True, bookmarks=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveNow:
    """A live line at its newest instant, while it is looked back at."""

    at_ns: int
    story: Story | None
    """None: nothing is known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The plant at `at_ns`. Immutable; panels keep the newest."""

    at_ns: int
    mode: Mode
    playing: bool
    speed: float
    """Signed: negative is backwards."""
    span: Span | None
    shift_start_ns: int
    """Start of the window that the figures count from: the current shift's, or the first sample where there is no calendar."""
    latest: Latest
    units: Mapping[str, UnitNow]
    figures: LineFigures | None
    rates_per_min: Mapping[str, float]
    """Counts a minute before the playhead, by unit, over a minute or as long as three reports take (see `plant.pace`); NaN where not known."""
    cycles: Mapping[str, float]
    """How far each unit has run, in machine cycles; what the 3D view moves by."""
    health: tuple[SourceHealth, ...]
    changes: Changes
    alarms: AlarmPicture = NO_ALARMS
    live: LiveNow | None = None
    """While a live line is looked back at: how it is now."""
    live_alarms: AlarmPicture | None = None
    """While a live line is looked back at, its alarms at the live end: nobody is to miss one."""
    story: Story | None = None
    """What ails the line, told a few times a second while time runs; None before anything is known."""
    buffers: tuple[BufferNow, ...] = ()
    """Every buffer along the flow, as often as the story."""
    behind_s: float = 0.0
    """How far folding lags behind what was received."""
    simulated: bool = False
    """What is shown, or some of it, was made by a simulation: never to be taken for what a plant said."""
    bookmarks: tuple[Bookmark, ...] = ()
    """What people marked, in order of time; the same tuple while it is the same."""
    against: Against | None = None
    """Output of the line against the plan of the shift, as new as the figures; None outside of all shifts."""
    entries: tuple[Entry, ...] = ()
    """What people say of orders, products and exceptions of the calendar, as far as it is known; the same tuple while it is the same."""
    passed: Span | None = None
    """The dead time that was passed over on the way here."""
    attempt: Attempt | None = None
    """Of a blind replay: whose file takes what is done; None: nothing is hidden."""
    notices: tuple[str, ...] = ()
    """What a person must know about the recording, each a worded sentence with its cure; empty while all is well."""


def changes_between(before: Frame, after: Frame) -> Changes:
    """Return what differs between two frames of running time."""
    return Changes(
        units=frozenset(u for u, now in after.units.items() if before.units.get(u) != now),
        signals=after.latest is not before.latest,
        figures=after.figures is not before.figures,
        alarms=after.alarms is not before.alarms,
        story=after.story is not before.story or after.buffers is not before.buffers,
        health=after.health != before.health or after.notices != before.notices,
        span=after.span != before.span,
        bookmarks=after.bookmarks is not before.bookmarks,
    )
