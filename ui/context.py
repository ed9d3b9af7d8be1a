"""What a panel may touch: queries, commands, the transport, the selection, settings and colours. Panels never see the Session."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from ui.editing.desk import EditDesk
from ui.other import OtherShift
from ui.palette import LIGHT, Palette
from ui.station import Station

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from twin_app.clock import Cuts
    from twin_app.model.alarm import AlarmActions, AlarmReport
    from twin_app.model.bookmark import Notes
    from twin_app.model.entry import WorkEntries
    from twin_app.model.equipment import Line
    from twin_app.model.event import Event, EventKind
    from twin_app.model.historian import Series
    from twin_app.model.instructor import Instructor
    from twin_app.model.kpi import Account, By, Detail, LineFigures, Part, Trend
    from twin_app.model.message import RawMessage
    from twin_app.model.overview import AlarmTicks, Overview
    from twin_app.model.plan import ShiftSpan
    from twin_app.model.reason import Stop
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import SignalTable
    from twin_app.model.timeline import Intervals
    from twin_app.model.training import Training
    from twin_app.model.usage import Usage
    from twin_app.settings import Settings
    from ui.commands import Commands


@dataclass(frozen=True, slots=True)
class LineView:
    """The line that is open, and the words its numbers stand for."""

    line: Line
    signals: SignalTable
    texts: TextTable
    instructor: Instructor | None = None
    """The controls of a simulated line; None: it is none."""
    alarms: AlarmActions | None = None
    """Where its alarms are acted on."""
    notes: Notes | None = None
    """Where bookmarks are written."""
    entries: WorkEntries | None = None
    """Where people say what the line works on and what its time is for."""
    training: Training | None = None
    """The attempts of trainees at it."""


class Query(Protocol):
    """Asynchronous questions. `key` names the asker's slot: a newer question of the same key replaces an older one.

    `then` is called in the GUI thread with the answer, never after the line was closed.
    """

    def range(self, key: str, signal: int, start_ns: int, end_ns: int, pixels: int, then: Callable[[Series], None]) -> None:
        """Ask for the samples of a span."""
        ...

    def timeline(self, key: str, unit: str, start_ns: int, end_ns: int, then: Callable[[Intervals], None]) -> None:
        """Ask for the state intervals of a unit."""
        ...

    def trend(self, key: str, unit: str | None, start_ns: int, end_ns: int, points: int, then: Callable[[Trend], None]) -> None:
        """Ask for figures through a span, counted from its start; unit None is the line."""
        ...

    def parts(self, key: str, unit: str | None, by: By, start_ns: int, end_ns: int, then: Callable[[Sequence[Part]], None]) -> None:
        """Ask for the figures of a window by hour, shift, product or order, of a unit or (None) of the line."""
        ...

    def detail(self, key: str, unit: str | None, start_ns: int, end_ns: int, then: Callable[[Detail], None]) -> None:
        """Ask for the further figures of a unit or (None) of the line in a window: ratios, losses, energy."""
        ...

    def account(self, key: str, unit: str, start_ns: int, end_ns: int, then: Callable[[Account], None]) -> None:
        """Ask for all figures of a unit in a window with their intervals."""
        ...

    def figures(self, key: str, start_ns: int, end_ns: int, then: Callable[[LineFigures], None]) -> None:
        """Ask for all figures of a window."""
        ...

    def alarm_report(self, key: str, start_ns: int, end_ns: int, then: Callable[[AlarmReport], None]) -> None:
        """Ask for the journal of alarms of a span, and what is counted from it."""
        ...

    def step(
        self, key: str, kinds: Collection[EventKind], unit: str | None, at_ns: int, direction: int, then: Callable[[Event | None], None]
    ) -> None:  # fmt: skip
        """Ask for the next event (direction 1) of some kinds after an instant, or the last before it (-1), of a unit or of any."""
        ...

    def dead_time(self, key: str, start_ns: int, end_ns: int, then: Callable[[Cuts], None]) -> None:
        """Ask for the stretches of a span in which no unit acts and none changes its state."""
        ...

    def overview(self, key: str, start_ns: int, end_ns: int, pixels: int, then: Callable[[Overview], None]) -> None:
        """Ask for what line and units did over a span, on so many columns."""
        ...

    def alarm_ticks(self, key: str, start_ns: int, end_ns: int, then: Callable[[AlarmTicks], None]) -> None:
        """Ask when alarms occurred that somebody was shown."""
        ...

    def reason(self, key: str, unit: str, start_ns: int, end_ns: int, then: Callable[[str], None]) -> None:
        """Ask in words why a unit was in a state within a span; the answer is empty where it did not say."""
        ...

    def stops(self, key: str, start_ns: int, end_ns: int, then: Callable[[Sequence[Stop]], None]) -> None:
        """Ask for the stops of a span with what is known of them."""
        ...

    def shifts(self, key: str, start_ns: int, end_ns: int, then: Callable[[Sequence[ShiftSpan]], None]) -> None:
        """Ask for the calendar's shifts that touch a span, past and to come."""
        ...

    def usage(self, key: str, start_ns: int, at_ns: int, then: Callable[[Usage], None]) -> None:
        """Ask when each unit gave its last part by an instant, and what it used of energy from `start_ns` on."""
        ...

    def raw(self, key: str, unit: str | None, at_ns: int, count: int, then: Callable[[Sequence[RawMessage]], None]) -> None:
        """Ask for the newest `count` raw messages of a unit received at or before an instant (None: of all, refused ones too)."""
        ...


class Transport(Protocol):
    """Moving the playhead."""

    def play(self) -> None:
        """Let time run."""
        ...

    def pause(self) -> None:
        """Stop time."""
        ...

    def toggle(self) -> None:
        """Play or pause."""
        ...

    def set_speed(self, speed: float) -> None:
        """Set the speed, negative for backwards."""
        ...

    def seek(self, at_ns: int) -> None:
        """Go to an instant, clipped to what is known."""
        ...

    def follow(self) -> None:
        """Go to the live end, or to the end of a replay."""
        ...

    def loop(self, start_ns: int | None, end_ns: int | None) -> None:
        """Play round and round between two instants; None: no longer."""
        ...

    def skip_dead_time(self, *, on: bool) -> None:
        """Pass over time in which nothing happens, or no longer."""
        ...

    def blindfold(self, *, on: bool, hide_notes: bool = True) -> None:
        """Tell only what was known at the playhead, or everything again."""
        ...

    def train(self, attempt: str = "", *, trainee: str = "", hide_notes: bool = True) -> None:
        """Tell a trainee only what was known at the playhead: in a new attempt, or in one that is gone on with."""
        ...


class Selection(QObject):
    """The one selection: tree, 3D pick, lane and inspector share it.

    Signals:
        unit_changed(str): the selected unit's id, empty for none.
        span_wanted(object, object): a stretch of time (start and end, int ns) is to be seen from end to end.
        link_wanted(object): a person pasted a link (`service.link.Link`) and wants to be where it leads.
    """

    unit_changed = Signal(str)
    span_wanted = Signal(object, object)
    link_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start with nothing selected."""
        super().__init__(parent)
        self.unit = ""
        self.span: tuple[int, int] | None = None
        """The stretch of time that a person marked, start and end in UTC ns."""

    def select(self, unit: str) -> None:
        """Select a unit; empty selects none. Telling the same again is silent."""
        if unit != self.unit:
            self.unit = unit
            self.unit_changed.emit(unit)

    def show_span(self, start_ns: int, end_ns: int) -> None:
        """Let a stretch of time be seen from end to end."""
        self.span_wanted.emit(start_ns, end_ns)


class Theme(QObject):
    """The palette in force.

    Signals:
        changed(): every painted thing must be painted anew.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Start light."""
        super().__init__(parent)
        self.palette: Palette = LIGHT

    def use(self, palette: Palette) -> None:
        """Switch to another palette."""
        if palette is not self.palette:
            self.palette = palette
            self.changed.emit()


@dataclass(frozen=True, slots=True)
class Context:
    """Handed to every panel."""

    query: Query
    commands: Commands
    transport: Transport
    selection: Selection
    settings: Settings
    theme: Theme
    station: Station = field(default_factory=Station)
    editing: EditDesk = field(default_factory=lambda: EditDesk(Station()))
    other: OtherShift = field(default_factory=OtherShift)
