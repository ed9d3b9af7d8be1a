"""`twin-app simulate`: a simulated line into a file with its truth beside, or onto a broker. Not for the window: see `sources.simulated`."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from datetime import time as time_of_day
from typing import TYPE_CHECKING, NamedTuple

from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.layout import load
from twin_app.plant.calendar import Calendar
from twin_app.service.simulated_files import CAPTURES, SUFFIXES, capture_line, recording, whole
from twin_app.simulate import Simulation, scenario
from twin_app.simulate.emit import BEAT_NS, Emitter
from twin_app.simulate.truth import Truth
from twin_app.text import N_, number, tr
from twin_app.times import parse_instant_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from twin_app.model.equipment import Line
    from twin_app.simulate import Event, Scenario
    from twin_app.simulate.speech import Sent

STEP_NS = 60 * SECOND_NS
"""A file is written in steps of the run's time; they don't matter to what is written."""
_FIRST_DAY = (2026, 1, 5)
"""A Monday: a run that nobody dates begins with its first shift, so that the same seed gives the same bytes at any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be simulated."""

    line: Line
    scenario: Scenario
    seed: int
    start_ns: int
    """UTC ns."""
    duration_ns: int
    beat_ns: int = BEAT_NS
    """How often units speak unasked."""


class Written(NamedTuple):
    """What a file holds."""

    messages: int
    sha256: str
    """Of the messages as an uncompressed capture, hexadecimal."""
    truth: Path
    made: dict[str, int]
    """Parts that each unit has processed."""


def plan(layout: Path, scenario_file: Path | None, *, seed: int, start: str | None, duration_ns: int, beat_ns: int = BEAT_NS) -> Plan:
    """Return what a command line asks for; without a scenario units behave as machines ordinarily do.

    Raises:
        LayoutError: the layout is wrong.
        ScenarioError: the scenario is wrong.
        UsageError: the start is no time, or there is nothing to run.
    """
    line = load(layout)
    if duration_ns <= 0 or beat_ns <= 0:
        raise UsageError(N_("A simulation of no length says nothing."), tip=N_("Give a duration such as 8h."))
    found = scenario.load(scenario_file, line)[1] if scenario_file else scenario.lively(line)
    default_ns = first_shift_ns(line)
    start_ns = default_ns if start is None else parse_instant_ns(start, default_ns)
    return Plan(line=line, scenario=found, seed=seed, start_ns=start_ns, duration_ns=duration_ns, beat_ns=beat_ns)


def first_shift_ns(line: Line) -> int:
    """Return when a run begins that nobody dates, UTC ns: the line's first shift from a fixed Monday on, else six in its morning."""
    midnight = datetime.combine(datetime(*_FIRST_DAY, tzinfo=line.tz).date(), time_of_day(), tzinfo=line.tz)
    midnight_ns = int(midnight.timestamp()) * SECOND_NS
    ahead = [at for at in Calendar(line).bounds(midnight_ns, midnight_ns + 8 * 86_400 * SECOND_NS)[::2].tolist() if at >= midnight_ns]
    return ahead[0] if ahead else midnight_ns + 6 * 3600 * SECOND_NS


def write(plan_: Plan, out: Path, *, kept: Callable[[Event], bool] | None = None) -> Written:
    """Write every message of a run to a file, and the truth beside it; files appear only once they are whole.

    Args:
        plan_: what to run.
        out: `NAME.jsonl`, `NAME.jsonl.gz` or, as a twin would have recorded it, `NAME.twinrec`; the truth goes to
            `NAME.truth.jsonl`, zipped unless the first is not.
        kept: which events the truth record keeps; without it all.

    Raises:
        UsageError: the file's name ends otherwise, or it cannot be written, or it is a recording that is there already.
        RecordingError: the recording cannot be written.
        SourceError: a unit of the line cannot speak.
    """
    suffix, truth_path = _suffix(out), truth_of(out)
    simulation = Simulation(plan_.line, plan_.scenario, seed=plan_.seed, start_ns=plan_.start_ns)
    emitter, truth, sha, messages = Emitter(simulation, beat_ns=plan_.beat_ns), Truth(simulation), hashlib.sha256(), 0
    with ExitStack() as files:
        record = files.enter_context(whole(truth_path, zipped=truth_path.name.endswith(".gz")))
        stream: Callable[[bytes], object] = _nowhere
        keep: Callable[[list[Sent]], object] = _nowhere
        if suffix in CAPTURES:
            stream = files.enter_context(whole(out, zipped=suffix.endswith(".gz")))
        else:
            keep = files.enter_context(recording(out, plan_.line, f"seed {plan_.seed}"))
        record(f"{truth.head()}\n".encode())
        for until in _steps(plan_.duration_ns):
            events = simulation.run_until(until)
            sent = emitter.word(events, until)
            block = b"".join(capture_line(message) for message in sent)
            sha.update(block)
            stream(block)
            keep(sent)
            messages += len(sent)
            record("".join(f"{row}\n" for row in truth.rows(filter(kept, events))).encode())
        record(f"{truth.foot()}\n".encode())
    return Written(messages, sha.hexdigest(), truth_path, simulation.made())


def truth_of(out: Path) -> Path:
    """Return the file of the truth beside a file of messages.

    Raises:
        UsageError: the file's name says no form.
    """
    suffix = _suffix(out)
    return out.with_name(out.name.removesuffix(suffix) + ".truth" + (".jsonl" if suffix == ".jsonl" else ".jsonl.gz"))


def _suffix(out: Path) -> str:
    """Return what a file's name ends with, which says its form."""
    suffix = next((s for s in SUFFIXES if out.name.endswith(s)), None)
    if suffix is None:
        raise UsageError(
            N_("{path} is no name for recorded messages."),
            tip=N_("Let it end with .jsonl, .jsonl.gz to be compressed, or .twinrec."),
            path=out,
        )
    return suffix


def _nowhere(_what: object) -> None:
    """Write nothing."""


def told(written: Written, out: Path) -> str:
    """Return what was written, worded."""
    return tr(
        "{out}: {messages} simulated messages, SHA-256 of them uncompressed {sha}\nThe truth is in {truth}.",
        out=out, messages=number(written.messages), sha=written.sha256, truth=written.truth,
    )  # fmt: skip


def _steps(duration_ns: int) -> Iterator[int]:
    """Give the times up to which a run is written one after the other."""
    yield from range(STEP_NS, duration_ns, STEP_NS)
    yield duration_ns
