"""The line in the terminal: the same session as the window, as a live table. Not for how cells are worded: see `tables`."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from twin_app.clock import SECOND_NS, now_ns
from twin_app.errors import SourceError
from twin_app.model.frame import Mode
from twin_app.model.message import Status
from twin_app.service.moment import asked_for
from twin_app.service.opening import open_request
from twin_app.service.source_lines import source_lines
from twin_app.service.tables import NO_EDGE, console, marked, oee, state_word
from twin_app.settings import load as load_settings
from twin_app.text import N_, clock_time, duration, number, offset_name, percent, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from twin_app.model.frame import Frame
    from twin_app.model.kpi import Kpi
    from twin_app.model.message import SourceHealth
    from twin_app.service.request import Typed
    from twin_app.session import Session

FRAME_S = 0.25
QUIET_EVERY_S = 10.0
"""Without a terminal (a log file, a pipe) a table is printed this often instead of being repainted."""
BEHIND_WORTH_SAYING_S = 1.0


def run(typed: Typed, *, speed: float = 1.0, duration_ns: int | None = None) -> int:
    """Show a line until the replay ends, `duration_ns` of wall time has passed, or someone stops it. Return the exit code.

    Raises:
        TwinError: what is asked for cannot be opened, or a source failed; what it gave until then was shown.
    """
    settings = load_settings().settings
    ends_s = time.monotonic() + (float("inf") if duration_ns is None else duration_ns / SECOND_NS)
    request, lost = asked_for(typed, settings), True
    while lost:
        session = open_request(request, settings, kind="terminal")
        try:
            session.set_speed(speed)
            session.start()
            with _stopped_calmly():
                _show(session, console(), ends_s)
            lost = session.lost and time.monotonic() < ends_s
            request = replace(request, recordings=session.recordings or request.recordings)
            if not lost:
                _raise_failure(session.health())
        finally:
            session.close()
    return 0


@contextmanager
def _stopped_calmly() -> Iterator[None]:
    """Let Ctrl+C, and the signal a service is stopped with, end what is shown without a fuss."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        console().print(tr("Stopped."))
    finally:
        signal.signal(signal.SIGTERM, before)


def _raise_failure(health: Sequence[SourceHealth]) -> None:
    """Raise what a source failed of, for whoever called."""
    for source in health:
        if source.status is Status.FAILED:
            raise SourceError(N_("{error}"), error=source.error)


def _show(session: Session, output: Console, ends_s: float) -> None:
    """Repaint one table in place, or print one now and then where nothing can be repainted."""
    if not output.is_terminal:
        _print(session, output, ends_s)
        return
    with Live(console=output, auto_refresh=False) as live:
        for frame in _frames(session, ends_s):
            live.update(picture(session, frame, output), refresh=True)


def _print(session: Session, output: Console, ends_s: float) -> None:
    """Print a table now and then, and the last one."""
    last: Frame | None = None
    due_s = 0.0
    for frame in _frames(session, ends_s):
        last = frame
        if time.monotonic() >= due_s and frame.span is not None:
            output.print(picture(session, frame, output))
            due_s, last = time.monotonic() + QUIET_EVERY_S, None
    if last is not None:
        output.print(picture(session, last, output))


def _frames(session: Session, ends_s: float) -> Iterator[Frame]:
    """Yield frames at the terminal's pace until the end."""
    before_ns, stood = time.monotonic_ns(), False
    while time.monotonic() < ends_s and not session.lost:
        now_ns = time.monotonic_ns()
        frame = session.advance(now_ns - before_ns)
        before_ns = now_ns
        yield frame
        stands = not session.live and not frame.playing and not session.loading
        if stands and stood:  # twice: what was read last before it ended is in the second frame
            return
        stood = stands
        time.sleep(FRAME_S)


def picture(session: Session, frame: Frame, output: Console) -> Group:
    """Return the table of one frame with its headline and how the sources are.

    Where the terminal is too narrow for all columns, those go that the others imply: OEE stays, and so does blind time.
    """
    headings = _headings()
    rows = _rows(session, frame)
    left_out: set[int] = set()
    table = _table(headings, rows, left_out)
    unbounded = output.options.update(max_width=NO_EDGE)
    for column in _EXPENDABLE:
        if Measurement.get(output, unbounded, table).maximum <= output.width:
            break
        left_out.add(column)
        table = _table(headings, rows, left_out)
    return Group(Text(_headline(session, frame), style="bold"), table, *_below(frame))


def _headings() -> tuple[str, ...]:
    """Return the headings of all columns."""
    return (
        tr("Unit"), tr("State"), tr("Since"), tr("Rate /min"), tr("Good"),
        tr("Availability"), tr("Effectiveness"), tr("Quality"), tr("OEE"), tr("Blind"),
    )  # fmt: skip


_EXPENDABLE = (6, 5, 7, 2, 4)
"""Columns in the order in which they go: effectiveness, availability, quality, since, good."""
_WORDS = 2
"""The first columns are words and stand left, figures stand right."""


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], left_out: set[int]) -> Table:
    """Return the table without some columns; the last row is the line's."""
    kept = [column for column in range(len(headings)) if column not in left_out]
    table = Table()
    for column in kept:
        table.add_column(headings[column], justify="left" if column < _WORDS else "right", no_wrap=True)
    for row in rows[:-1]:
        table.add_row(*(row[column] for column in kept))
    table.add_section()
    table.add_row(*(rows[-1][column] for column in kept), style="bold")
    return table


def _rows(session: Session, frame: Frame) -> list[tuple[str, ...]]:
    """Return the cells of every unit and of the line."""
    rows = []
    for unit in session.line.units:
        now = frame.units[unit.id]
        since = duration(max(0.0, (frame.at_ns - now.since_ns) / SECOND_NS))
        figures = frame.figures.units[unit.id].kpi if frame.figures else None
        guessed = now.state is not None and (now.derived or now.inferred)
        word = marked(state_word(now.state.title if now.state is not None else None), guessed=guessed)
        rows.append((unit.title, word, since, number(frame.rates_per_min[unit.id], 1), *_figures(figures)))
    return [*rows, (tr("Line"), "", "", "", *_figures(frame.figures.line if frame.figures else None))]


def _figures(kpi: Kpi | None) -> tuple[str, ...]:
    """Return the cells of good pieces, availability, effectiveness, quality, OEE and blind time."""
    if kpi is None:
        return ("–",) * 6
    shares = (percent(kpi.availability), percent(kpi.effectiveness), percent(kpi.quality_ratio))
    return (number(kpi.good), *shares, oee(kpi.oee_index, kpi.oee_low, kpi.oee_high, early=kpi.early), duration(kpi.blind_s))


def _headline(session: Session, frame: Frame) -> str:
    """Return line, mode and time in one line."""
    zone = session.line.tz
    return f"{session.line.title} · {_mode(frame)} · {clock_time(frame.at_ns, zone, date=True)} {offset_name(frame.at_ns, zone)}"


def _mode(frame: Frame) -> str:
    """Return `LIVE`, `LIVE −12 min 34 s`, `REPLAY 60×` or `SAMPLE`."""
    if frame.mode is Mode.LIVE:
        return tr("LIVE")
    if frame.mode is Mode.LOOK_BACK:
        back_s = (frame.span.end_ns - frame.at_ns) / SECOND_NS if frame.span else 0.0
        back = f"−{duration(back_s)}"
        return tr("SIMULATION {back}", back=back) if frame.simulated else tr("LIVE {back}", back=back)
    if frame.mode is Mode.SIMULATION:
        return tr("SIMULATION")
    word = {Mode.SAMPLE: tr("SAMPLE"), Mode.BLIND: tr("BLIND REPLAY")}.get(frame.mode, tr("REPLAY"))
    word = tr("{mode} · SIMULATED", mode=word) if frame.simulated else word
    return word if frame.speed == 1.0 else f"{word} {frame.speed:g}×".replace("-", "−")


def _below(frame: Frame) -> list[Text]:
    """Return how the sources are, and how far behind folding is; one sentence a line."""
    rows = [Text(notice, style="bold") for notice in frame.notices]
    for health in frame.health:
        rows += [Text(line.text, style="bold" if line.wrong else "dim") for line in source_lines(health, now_ns())]
    if frame.behind_s >= BEHIND_WORTH_SAYING_S:
        rows.append(Text(tr("behind {span}", span=duration(frame.behind_s)), style="bold"))
    return rows
