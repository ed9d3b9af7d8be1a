"""Whatever goes wrong at whatever time, nobody is stuck, nothing is lost and every change of state is one PackML allows."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.simulate.test_run import is_legal
from twin_app.model.equipment import Break, Shift
from twin_app.model.packml import State
from twin_app.simulate import Fault, FaultKind, Kind, Phase, Scenario, Simulation, digest

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.simulate.state import Machine

SECOND = 1_000_000_000
END = 7200 * SECOND
WORKING = (Phase.STARVED, Phase.BLOCKED)
DAYS = tuple(range(7))
SHIFTS = (
    Shift(
        name="One", start=dt.time(0, 10), end=dt.time(1), days=DAYS, breaks=(Break(name="Tea", start=dt.time(0, 20), end=dt.time(0, 25)),)
    ),
    Shift(name="Two", start=dt.time(1, 10), end=dt.time(4), days=DAYS),
)
KINDS = (
    *[FaultKind.STOP] * 4, FaultKind.SHORT_STOPS, FaultKind.CYCLE_DRIFT, FaultKind.QUALITY_DRIFT, FaultKind.BUFFER_JAM,
    FaultKind.SUPPLY_SHORTAGE,
)  # fmt: skip


def storm(line: Line, scenario: Scenario, seed: int) -> tuple[Line, Scenario]:
    """Return the line, half the time with shifts, and a scenario with a dozen malfunctions at odd times."""
    chance = random.Random(seed)
    faults = []
    for _ in range(12):
        kind = chance.choice(KINDS)
        fed = [unit.id for unit in line.units[1:]]
        unit = line.units[0].id if kind is FaultKind.SUPPLY_SHORTAGE else chance.choice(fed)
        lasts = chance.choice([0.1, 1.0, 10.0, 100.0, 1000.0, None])
        faults.append(Fault(kind=kind, unit=unit, at_s=chance.uniform(0, 6000), lasts_s=lasts))
    at_once = seed % 4 == 0
    units = {
        unit: replace(spec, sample_s=0.0, acting_s={} if at_once else spec.acting_s) for unit, spec in scenario.units.items()
    }  # fmt: skip
    scenario = replace(scenario, faults=tuple(faults), repeat_orders=seed % 3 > 0, units=units)
    return replace(line, shifts=SHIFTS if seed % 2 else ()), scenario


def why_stuck(run: Simulation, m: Machine) -> str:
    """Return in what way a unit stands that nothing will ever wake, empty where all is well."""
    waits_for_crew = any(entry[0] == m.u for queue in run._run.crew_queue for entry in queue)
    steps = [entry for entry in run._run.heap if entry[2] < 4 and entry[3] == m.u and entry[4] == m.ticket]
    if len(steps) > 1:
        return "has two next steps"
    if m.phase == Phase.STARVED and m.is_plain and not m.missing and any(b.queue and not b.jam for b in m.inlets):
        return "starves before a full buffer"
    if m.phase == Phase.BLOCKED and m.outlet is not None and not m.outlet.jam and len(m.outlet.queue) < m.outlet.places:
        return "is blocked before an empty place"
    idle = m.phase in WORKING or m.phase == Phase.OFF
    return "" if idle or steps or waits_for_crew or m.locked else "has no next step"


@pytest.mark.parametrize("seed", range(8))
def test_that_a_storm_of_malfunctions_leaves_nobody_stuck(busy_line: Line, busy: Scenario, seed: int) -> None:
    line, scenario = storm(busy_line, busy, seed)
    run = Simulation(line, scenario, seed=seed)
    events = run.run_until((seed * 911 % 7200) * SECOND)
    snapshot = run.snapshot()
    rest = run.run_until(END)
    current: dict[int, State] = {}
    for t, unit, kind, value, _ in (*events, *rest):
        if kind == Kind.STATE:
            after = State(int(value))
            assert unit not in current or is_legal(current[unit], after), (t / SECOND, run.wiring.units[unit], current[unit], after)
            current[unit] = after
    assert {sum(spent.values()) for spent in run.spent_ns().values()} == {END}
    assert {m.id: why for m in run.wiring.machines if (why := why_stuck(run, m))} == {}
    assert all(0 <= free <= size for free, size in zip(run._run.crew_free, run.wiring.crew_sizes, strict=True))
    run.restore(snapshot)
    assert digest(run.run_until(END)) == digest(rest)


def test_that_a_stop_at_the_very_instant_a_cycle_ends_neither_loses_nor_doubles_the_part(busy_line: Line, busy: Scenario) -> None:
    calm = replace(busy, faults=(), units={})
    ends = [t for t, unit, kind, _, _ in Simulation(busy_line, calm).run_until(300 * SECOND) if (unit, kind) == (0, Kind.PART)]
    stops = tuple(Fault(kind=FaultKind.STOP, unit="Saw", at_s=t / SECOND, lasts_s=1.0) for t in ends[:20:3])
    run = Simulation(busy_line, replace(calm, faults=stops))
    serials = [value for _, unit, kind, value, _ in run.run_until(400 * SECOND) if (unit, kind) == (0, Kind.PART)]
    assert serials == sorted(set(serials))
    assert run.spent_ns()["Saw"]["down"] == len(stops) * SECOND
