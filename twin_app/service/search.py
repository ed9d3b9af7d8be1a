"""Searching a line's recordings for moments: what command line and window share. Not for finding: see `finding.search`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.errors import TwinError, UsageError
from twin_app.finding.reach import around, reaches
from twin_app.finding.reading import NO_PACE, reading
from twin_app.finding.search import search
from twin_app.service.link import Link
from twin_app.service.shifts import actions
from twin_app.text import N_

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.finding.reading import Pace
    from twin_app.finding.search import Moment
    from twin_app.finding.wanted import Wanted
    from twin_app.model.equipment import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was found in which span."""

    start_ns: int
    end_ns: int
    moments: tuple[Moment, ...]
    simulated: bool
    problems: tuple[str, ...]
    """What is wrong with files that could not be read, worded."""


def find(
    line: Line, path: Path, wanted: Wanted, *, start_ns: int | None = None, end_ns: int | None = None, last_ns: int | None = None,
    pace: Pace = NO_PACE,
) -> Search:  # fmt: skip
    """Return the moments of a span of a recording.

    Args:
        line: the layout.
        path: a file, or a folder of files.
        wanted: what is searched for.
        start_ns: UTC ns; None: from the recording's start.
        end_ns: UTC ns; None: to its end.
        last_ns: search so much time before the end.
        pace: told how far it is.

    Raises:
        RecordingError: it cannot be read.
        UsageError: the recording knows no signal of the name that is searched for, or nothing of this time.
        TwinError: it holds nothing.
        GivenUpError: somebody gave up.
    """
    files, problems = reaches(path)
    if not files:
        raise TwinError(N_("The recording {path} holds nothing."), path=path)
    end_ns = max(file.end_ns for file in files) if end_ns is None else end_ns
    start_ns = max(files[0].start_ns if start_ns is None else start_ns, end_ns - last_ns if last_ns is not None else files[0].start_ns)
    simulated = any(file.simulated for file in files)
    among = {file.path for file in around(files, start_ns, end_ns)}
    if not among or end_ns <= start_ns:
        raise UsageError(
            N_("Nothing of {path} was recorded in this time."), tip=N_("See which shifts there are: twin-app shifts."), path=path
        )
    with reading(line, path, among=among, actions=actions(line, path), pace=pace) as known:
        span = known.span()
        end_ns = min(end_ns, span.end_ns) if span else start_ns
        found = search(known, wanted, start_ns, end_ns)
    return Search(start_ns=start_ns, end_ns=end_ns, moments=found, simulated=simulated, problems=problems)


def link_to(line: Line, path: Path, moment: Moment) -> str:
    """Return the deep link that opens a moment."""
    unit = moment.unit if any(one.id == moment.unit for one in line.units) else ""
    return Link(layout=line.path, at_ns=moment.at_ns, unit=unit, sources={source.id: str(path) for source in line.sources}).written()
