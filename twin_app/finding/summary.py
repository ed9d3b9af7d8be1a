"""What a calendar says of one shift: OEE, output, the biggest stop, alarms, gaps. The same figures as everywhere, asked of what is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.finding.stops import gaps, merged, stops, stretches
from twin_app.model.kpi import Kpi

if TYPE_CHECKING:
    from twin_app.finding.slots import Slot
    from twin_app.finding.stops import Stop
    from twin_app.session.known import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One shift of a recording."""

    slot: Slot
    end_ns: int
    """Up to when it is told of: the shift's end, or where the recording ends."""
    kpi: Kpi
    """The line's."""
    stop: Stop | None
    """The longest in which a unit stood by itself; None: none that is worth talking about, or nothing recorded."""
    stops: int
    alarms: int
    """Activations that somebody was shown."""
    gaps: tuple[tuple[int, int], ...]
    """Where nobody knows what the line's OEE rests on, UTC ns, ascending and apart; to the shift's end where the recording stops before."""
    bookmarks: int = 0

    @property
    def recorded(self) -> bool:
        """Tell whether anything of it was recorded."""
        return self.end_ns > self.slot.start_ns

    @property
    def gap_ns(self) -> int:
        """Return for how long nobody knows."""
        return sum(end_ns - start_ns for start_ns, end_ns in self.gaps)


def nothing(slot: Slot) -> Summary:
    """Return what is said of a shift of which nothing was recorded."""
    return Summary(slot=slot, end_ns=slot.start_ns, kpi=Kpi(), stop=None, stops=0, alarms=0, gaps=((slot.start_ns, slot.end_ns),))


def summarise(known: Known, slot: Slot, recorded_to_ns: int) -> Summary:
    """Return what is said of a shift; the recording goes on to `recorded_to_ns`."""
    line, start_ns, end_ns = known.line, slot.start_ns, min(slot.end_ns, recorded_to_ns)
    if end_ns <= start_ns:
        return nothing(slot)
    rows = {unit.id: stretches(known.timeline(unit.id, start_ns, end_ns)) for unit in line.flow_order}
    alarms = known.alarm_report(start_ns, end_ns)
    found = [stop for unit in line.flow_order for stop in stops(line, unit.id, rows[unit.id], alarms)]
    weighty = {line.constraint, *(unit.id for unit in line.last_units)} & rows.keys()
    dark = [(gap.start_ns, gap.end_ns) for unit in weighty for gap in gaps(unit, rows[unit])]
    rest = [(end_ns, slot.end_ns)] if end_ns < slot.end_ns else []
    return Summary(
        slot=slot, end_ns=end_ns, kpi=known.figures(start_ns, end_ns).line, stop=max(found, key=_length, default=None), stops=len(found),
        alarms=alarms.activations, gaps=tuple(merged(dark + rest)),
    )  # fmt: skip


def _length(stop: Stop) -> tuple[int, int]:
    """Return how long a stop is; of two as long the first is the bigger."""
    return stop.end_ns - stop.start_ns, -stop.start_ns
