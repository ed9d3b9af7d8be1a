"""What a timeline shows of the open line: lanes, alarms, plan and cuts, asked for as the view needs them. No painting, no mouse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from twin_app.clock import SECOND_NS
from twin_app.model.frame import NO_ALARMS
from ui.timeline.lane_alarms import Heads, LaneAlarms
from ui.timeline.lane_data import LaneData
from ui.timeline.lanes import NOTHING_YET, Row, interleaved, led_by, rows_of, worst_of
from ui.timeline.picture import Beside, Lane
from ui.timeline.raster import shares, worst_per_pixel
from ui.timeline.wording import words_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from twin_app.clock import Cuts
    from twin_app.model.alarm import AlarmPicture
    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from twin_app.model.historian import Span
    from twin_app.model.overview import AlarmTicks
    from twin_app.model.plan import ShiftSpan
    from twin_app.model.timeline import Intervals
    from ui.context import Query
    from ui.timeline.picture import Marks
    from ui.timeline.scale import TimeScale

AHEAD_NS = 24 * 3600 * SECOND_NS
"""So far ahead of what is known the plan is asked for."""


@dataclass(slots=True)
class _Covered:
    """Over which stretch something was asked for, and whether it may be another by now."""

    start_ns: int = 0
    end_ns: int = -1
    outdated: bool = True

    def lacks(self, first_ns: int, last_ns: int, grown_ns: int = 0) -> bool:
        """Tell whether a stretch must be asked for; a few ns that were added at its end may wait."""
        return self.outdated or first_ns < self.start_ns or last_ns - self.end_ns > grown_ns

    def take(self, start_ns: int, end_ns: int) -> None:
        """Note that a stretch was asked for."""
        self.start_ns, self.end_ns, self.outdated = start_ns, end_ns, False


@dataclass(frozen=True, slots=True)
class OtherLanes:
    """Another shift whose states stand below each lane: whom to ask, where it stands, what it is called. Nothing at first."""

    query: Query | None = None
    span: Span | None = None
    title: str = ""
    ahead_ns: int = 0
    """Its own time less the time it stands at."""


class Content(QObject):
    """The line's lanes and what stands beside them.

    Signals:
        changed(): something is to be painted anew.
        rows_changed(): there are other lanes.
    """

    changed = Signal()
    rows_changed = Signal()

    def __init__(self, query: Query, parent: QObject) -> None:
        """Know nothing yet."""
        super().__init__(parent)
        self._query = query
        self.line: Line | None = None
        self.rows: tuple[Row, ...] = ()
        self.beside = Beside()
        self.alarms: AlarmPicture = NO_ALARMS
        """All alarms at the playhead."""
        self._heads = Heads()
        self.lanes = LaneData(query, self)
        self.lanes.arrived.connect(self.changed)
        self._folded: set[str] = set()
        self._ticks, self._shifts, self._dead = _Covered(), _Covered(), _Covered()
        self._skipping = False
        self._other: LaneData | None = None
        self._stands = OtherLanes()
        self._first: frozenset[str] = frozenset()

    # What is shown

    def lead(self, units: frozenset[str]) -> None:
        """Show some units' lanes first: those that somebody looks for where not all have room."""
        if units != self._first:
            self._first = units
            self._make_rows()

    def stand_beside(self, other: OtherLanes) -> None:
        """Show what another shift did below each lane, or no longer."""
        if self._other is not None:
            self._other.deleteLater()
        self._stands = other
        self._other = LaneData(other.query, self) if other.query is not None else None
        if self._other is not None:
            self._other.arrived.connect(self.changed)
            self._other.open(unit.id for unit in self.line.units) if self.line else None
        self._make_rows()
        self.changed.emit()

    @property
    def beside_title(self) -> str:
        """Return what the other shift is called, empty where there is none."""
        return self._stands.title

    def intervals(self, row: Row, unit: str, known_end_ns: int) -> Intervals | None:
        """Return a unit's intervals as a lane shows them: this shift's, or the other's."""
        if row.other:
            return None if self._other is None or self._stands.span is None else self._other.intervals(unit, self._stands.span.end_ns)
        return self.lanes.intervals(unit, known_end_ns)

    def known(self, row: Row, own: Span | None) -> Span | None:
        """Return from when to when a lane tells of anything: this shift's, or where the other stands."""
        return self._stands.span if row.other else own

    def ahead_ns(self, row: Row) -> int:
        """Return how far a lane's own time is ahead of the time it stands at."""
        return self._stands.ahead_ns if row.other else 0

    def open(self, line: Line | None) -> None:
        """Take another line: nothing is known of it yet."""
        self.line = line
        self._folded.clear()
        self.forget()
        self._make_rows()

    def forget(self) -> None:
        """Know nothing of the same line any more."""
        self.lanes.open(unit.id for unit in self.line.units) if self.line else self.lanes.open(())
        self._ticks, self._shifts, self._dead = _Covered(), _Covered(), _Covered()
        self.beside, self.alarms, self._heads = Beside(marks=self.beside.marks), NO_ALARMS, Heads()
        self.changed.emit()

    def fold(self, group: str) -> None:
        """Fold a group's lanes into one, or unfold them."""
        self._folded ^= {group}
        self._make_rows()

    def fold_all(self, *, folded: bool) -> None:
        """Fold every group, or none."""
        self._folded = {row.group for row in self.rows if row.group} if folded else set()
        self._make_rows()

    def _make_rows(self) -> None:
        own = led_by(rows_of(self.line, self._folded), self._first)
        self.rows = interleaved(own, self._stands.title) if self._other is not None else own
        self.rows_changed.emit()

    def show_frame(self, frame: Frame) -> bool:
        """Take over what a frame says is new; tell whether anything must be asked for."""
        changes = frame.changes
        if changes.all or changes.units:
            self.lanes.outdate(None if changes.all else changes.units)
        if changes.all or changes.alarms:
            self._ticks.outdated = True
            self._take_alarms(frame.alarms)
        if changes.all:
            self._dead.outdated = self._shifts.outdated = True
        if frame.bookmarks is not self.beside.bookmarks:
            self._put(replace(self.beside, bookmarks=frame.bookmarks))
        return bool(changes.all or changes.units or changes.alarms)

    def _take_alarms(self, alarms: AlarmPicture) -> None:
        """Let the lanes' heads say what stands and waits now."""
        before, self.alarms, self._heads = self._heads, alarms, Heads(alarms)
        if any(before.of(row.units) != self._heads.of(row.units) for row in self.rows):
            self.changed.emit()

    def set_marks(self, marks: Marks) -> None:
        """Show other loop marks."""
        self._put(replace(self.beside, marks=marks))

    def select_span(self, span: tuple[int, int] | None) -> None:
        """Show another selected stretch, or none."""
        self._put(replace(self.beside, span=span))

    def skip(self, *, skipping: bool) -> None:
        """Show what is passed over while dead time is skipped."""
        if skipping != self._skipping:
            self._skipping = skipping
            self._dead.outdated = True
            self._put(replace(self.beside, cuts=()))

    def _put(self, beside: Beside) -> None:
        if beside != self.beside:
            self.beside = beside
            self.changed.emit()

    # What is asked for

    def want(self, visible: Iterable[int], scale: TimeScale, known: Span) -> None:
        """Ask for what the visible lanes and their surroundings lack."""
        visible = list(visible)
        units = dict.fromkeys(unit for i in visible for unit in self._shown_by(self.rows[i]))
        self.lanes.want(units, scale, known)
        if self._other is not None and self._stands.span is not None:
            self._other.want(units, scale, self._stands.span)
        slack = scale.span_ns // 2
        first, last = max(scale.start_ns, known.start_ns), min(scale.end_ns, known.end_ns)
        grown_ns = max(SECOND_NS, round(scale.ns_per_px))
        if last > first and self._ticks.lacks(first, last, grown_ns):
            around = max(first - slack, known.start_ns), min(last + slack, known.end_ns)
            self._ticks.take(*around)
            self._query.alarm_ticks("timeline/alarms", *around, self._on_ticks)
        if self._shifts.lacks(scale.start_ns, scale.end_ns):
            plan = scale.start_ns - slack, max(scale.end_ns + slack, known.end_ns + AHEAD_NS)
            self._shifts.take(*plan)
            self._query.shifts("timeline/shifts", *plan, self._on_shifts)
        if self._skipping and self._dead.lacks(known.start_ns, known.end_ns, 10 * SECOND_NS):
            self._dead.take(known.start_ns, known.end_ns)
            self._query.dead_time("timeline/dead", known.start_ns, known.end_ns, self._on_dead)

    @staticmethod
    def _shown_by(row: Row) -> tuple[str, ...]:
        """Return the units whose states a lane shows; an open group's own lane shows none."""
        return row.units if row.unit or row.folded else ()

    def _on_ticks(self, ticks: AlarmTicks) -> None:
        self._put_anyway(replace(self.beside, ticks=ticks))

    def _on_shifts(self, shifts: Sequence[ShiftSpan]) -> None:
        self._put(replace(self.beside, shifts=tuple(shifts)))

    def _on_dead(self, cuts: Cuts) -> None:
        if self._skipping:
            self._put(replace(self.beside, cuts=tuple(cuts)))

    def _put_anyway(self, beside: Beside) -> None:
        """Show what holds arrays: those are not compared."""
        self.beside = beside
        self.changed.emit()

    # What a lane shows

    def lane(self, row: Row, scale: TimeScale, ratio: float, known: Span | None, width_of: Callable[[str], int]) -> Lane:
        """Return a lane's columns, shares and words; no columns while its answer is awaited."""
        shown = [] if known is None else [self.intervals(row, unit, known.end_ns) for unit in self._shown_by(row)]
        found = [intervals for intervals in shown if intervals is not None]
        alarms = LaneAlarms() if row.other else self._heads.of(self._shown_by(row))
        if not found:
            return Lane(row, NOTHING_YET, None, (), alarms)
        span = scale.start_ns, scale.end_ns
        pixels = round(scale.width_px * ratio)
        columns = worst_of([worst_per_pixel(intervals, *span, pixels) for intervals in found])
        parts = [part for intervals in found if (part := shares(intervals, *span)) is not None]
        mean = None if not parts else parts[0] if len(parts) == 1 else _mean(parts)
        return Lane(row, columns, mean, words_on(found[0], scale, width_of) if row.unit else (), alarms)


def _mean(parts: list[tuple[int, int, int, int]]) -> tuple[int, int, int, int]:
    """Return the mean of several units' shares in whole per cent."""
    run, external, stop, blind = (round(sum(part[i] for part in parts) / len(parts)) for i in range(4))
    return run, external, stop, blind
