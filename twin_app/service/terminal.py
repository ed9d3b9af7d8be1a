"""The line in the terminal: the same session as the window, as a live table of units, states, rates and OEE."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from twin_app.clock import SECOND_NS
from twin_app.model.frame import Mode
from twin_app.model.message import Status
from twin_app.service.opening import open_line
from twin_app.service.tables import state_word
from twin_app.text import clock_time, duration, number, offset_name, percent, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from twin_app.model.frame import Frame
    from twin_app.session import Session

FRAME_S = 0.25
QUIET_EVERY_S = 10.0
"""Without a terminal (a log file, a pipe) a table is printed this often instead of being repainted."""


def run(layout: Path | None, sources: Sequence[str], *, speed: float = 1.0, duration_ns: int | None = None) -> int:
    """Show a line until the replay ends, `duration_ns` of wall time has passed, or Ctrl+C. Return the exit code."""
    session = open_line(layout, sources)
    session.set_speed(speed)
    session.start()
    console = Console()
    ends = time.monotonic() + duration_ns / SECOND_NS if duration_ns is not None else float("inf")
    try:
        if console.is_terminal:
            _repaint(session, console, ends)
        else:
            _print(session, console, ends)
    except KeyboardInterrupt:
        console.print(tr("Stopped."))
    finally:
        session.close()
    return 0


def _repaint(session: Session, console: Console, ends: float) -> None:
    """Repaint one table in place."""
    with Live(console=console, auto_refresh=False) as live:
        for frame in _frames(session, ends):
            live.update(picture(session, frame), refresh=True)


def _print(session: Session, console: Console, ends: float) -> None:
    """Print a table now and then, and the last one."""
    last: Frame | None = None
    due = 0.0
    for frame in _frames(session, ends):
        last = frame
        if time.monotonic() >= due and frame.span is not None:
            console.print(picture(session, frame))
            due, last = time.monotonic() + QUIET_EVERY_S, None
    if last is not None:
        console.print(picture(session, last))


def _frames(session: Session, ends: float) -> Sequence[Frame]:
    """Yield frames at the terminal's pace until the end."""
    before = time.monotonic_ns()
    while time.monotonic() < ends:
        now = time.monotonic_ns()
        frame = session.advance(now - before)
        before = now
        yield frame
        if not session.live and not frame.playing and not session.loading:
            return
        time.sleep(FRAME_S)


def picture(session: Session, frame: Frame) -> Group:
    """Return the table of one frame with its headline and what is wrong with the sources."""
    line = session.line
    table = Table(title=_headline(session, frame), title_justify="left", expand=False)
    for heading in (tr("Unit"), tr("State"), tr("Since"), tr("Rate /min"), tr("Good"), tr("Availability"), tr("Effectiveness"), tr("Quality"), tr("OEE"), tr("Blind")):
        table.add_column(heading, justify="left" if heading in {tr("Unit"), tr("State")} else "right", no_wrap=True)
    for unit in line.units:
        now = frame.units[unit.id]
        kpi = frame.figures.units[unit.id].kpi if frame.figures else None
        ratios = (kpi.availability, kpi.effectiveness, kpi.quality_ratio, kpi.oee_index) if kpi else (None,) * 4
        table.add_row(
            unit.title, state_word(now.state.title if now.state is not None else None), duration((frame.at_ns - now.since_ns) / SECOND_NS),
            number(frame.rates_per_min[unit.id], 1), number(kpi.good if kpi else None, 1), *(percent(r) for r in ratios),
            duration(kpi.blind_s if kpi else 0.0),
        )  # fmt: skip
    if frame.figures:
        kpi = frame.figures.line
        table.add_section()
        ratios = (kpi.availability, kpi.effectiveness, kpi.quality_ratio, kpi.oee_index)
        table.add_row(tr("Line"), "", "", "", number(kpi.good, 1), *(percent(r) for r in ratios), duration(kpi.blind_s), style="bold")
    return Group(table, *_troubles(frame))


def _headline(session: Session, frame: Frame) -> str:
    """Return line, mode and time in one line."""
    zone = session.line.tz
    modes = {
        Mode.LIVE: tr("LIVE"), Mode.LOOK_BACK: tr("LOOK-BACK"), Mode.REPLAY: tr("REPLAY {speed}×", speed=f"{frame.speed:g}"),
        Mode.SAMPLE: tr("SAMPLE {speed}×", speed=f"{frame.speed:g}"), Mode.EMPTY: "",
    }  # fmt: skip
    return f"{session.line.title} · {modes[frame.mode]} · {clock_time(frame.at_ns, zone, date=True)} {offset_name(frame.at_ns, zone)}"


def _troubles(frame: Frame) -> list[Text]:
    """Return what a reader must know about the sources, one sentence a line."""
    rows = []
    for health in frame.health:
        refused = sum(health.refused.values())
        counts = tr("{source}: {received} messages, {refused} refused, {unmapped} of unmapped topics", source=health.title, received=health.received, refused=refused, unmapped=sum(health.unmapped.values()))
        rows.append(Text(counts, style="dim"))
        if health.error and health.status is not Status.CONNECTED:
            rows.append(Text(health.error, style="bold"))
    return rows
