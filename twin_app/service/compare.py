"""Two recordings, or two shifts of one, compared for the command line: which windows are meant, and what comes of them. Not for reckoning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from twin_app.errors import TwinError, UsageError
from twin_app.finding.comparing import differences, window
from twin_app.finding.reach import around, reaches
from twin_app.finding.reading import NO_PACE, reading
from twin_app.plant.calendar import Calendar
from twin_app.service.shifts import actions
from twin_app.text import N_
from twin_app.times import parse_instant_ns

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.finding.comparing import Difference, Window
    from twin_app.finding.reading import Pace
    from twin_app.model.equipment import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """What is typed of one side: a shift, or a start (and an end), or nothing for all of it."""

    path: Path
    shift: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """Both windows and every figure of both."""

    this: Window
    other: Window
    differences: tuple[Difference, ...]


def compare(line: Line, this: Which, other: Which, *, length_ns: int | None = None, pace: Pace = NO_PACE) -> Compared:
    """Return two windows of recordings compared.

    Args:
        line: the layout both are read by.
        this: the first.
        other: what it is compared with.
        length_ns: both windows are so long, from their starts.
        pace: told how far it is.

    Raises:
        RecordingError: one of them cannot be read.
        UsageError: what is typed of one makes no sense.
        TwinError: one holds nothing.
    """
    found = [_read(line, which, length_ns, pace.part(0.5 * n, 0.5 * n + 0.5)) for n, which in enumerate((this, other))]
    return Compared(found[0], found[1], differences([unit.id for unit in line.flow_order], found[0], found[1]))


def _read(line: Line, which: Which, length_ns: int | None, pace: Pace) -> Window:
    """Return all figures of one side."""
    files, _ = reaches(which.path)
    if not files:
        raise TwinError(N_("The recording {path} holds nothing."), path=which.path)
    name, start_ns, end_ns = _meant(line, which, files[0].start_ns, max(file.end_ns for file in files))
    end_ns = end_ns if length_ns is None else start_ns + length_ns
    among = {file.path for file in around(files, start_ns, end_ns)}
    if not among or end_ns <= start_ns:
        raise UsageError(
            N_("Nothing of {path} was recorded in this time."), tip=N_("See which shifts there are: twin-app shifts."), path=which.path
        )
    with reading(line, which.path, among=among, actions=actions(line, which.path), pace=pace) as known:
        span = known.span()
        return window(known, start_ns, min(end_ns, span.end_ns) if span else end_ns, name)


def _meant(line: Line, which: Which, first_ns: int, last_ns: int) -> tuple[str, int, int]:
    """Return name, start and end of the window that is meant."""
    if which.shift and (which.start or which.end):
        raise UsageError(N_("A shift and a window are given."), tip=N_("Give --shift, or --from and --to."))
    if which.shift:
        return _shift(line, which.shift)
    start_ns = parse_instant_ns(which.start, first_ns) if which.start else first_ns
    return "", start_ns, parse_instant_ns(which.end, first_ns) if which.end else last_ns


def _shift(line: Line, text: str) -> tuple[str, int, int]:
    """Return name, start and end of a shift by its local day and number."""
    day, _, number = text.partition("/")
    try:
        found = Calendar(line).named(date.fromisoformat(day), int(number or "1"))
    except ValueError:
        found = None
    if found is None:
        raise UsageError(
            N_("“{text}” is no shift of {line}."),
            tip=N_("Write its local day and its number, such as 2026-11-23/2."),
            text=text,
            line=line.title,
        )
    name, start_ns, end_ns = found
    return f"{day} {name}", start_ns, end_ns
