"""The whole way: a simulated line published through a real mosquitto, and a twin that listens with a layout of the same rules."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.broker.plant import until
from tests.simulate.conftest import row
from tests.simulate.test_emit import LIVELY
from twin_app.errors import SourceError
from twin_app.layout import load
from twin_app.model.equipment import MapRule, SourceSpec
from twin_app.model.frame import Mode
from twin_app.model.message import Status
from twin_app.model.packml import State
from twin_app.service.answers import kpi_answer, state_answer
from twin_app.service.opening import open_request
from twin_app.service.publishing import publish
from twin_app.service.request import OpenRequest
from twin_app.service.simulating import Plan, plan
from twin_app.settings import Settings, data_dir
from twin_app.simulate import Kind, Order, Scenario, Simulation
from twin_app.simulate.addressing import mouths
from twin_app.sources.prefixed import parse_published

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broker.plant import Broker, Listener
    from twin_app.model.equipment import Line
    from twin_app.service.answers import UnitAnswer, WindowAnswer
    from twin_app.simulate import Event

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d/lines/bottling.toml"
SPEED = 120.0
MINUTES = 8
NS = 10**9
POLYGLOT = """\
schema = 1
[line]
id = "L1"
site = "S"
area = "A"
zone = "UTC"
constraint = "Press"
[[source]]
id = "plc"
[[source.map]]
topic = "deep/{unit}"
dialect = "json"
units = { press = "Press" }
signals = { "status.state" = "State", "n.all" = "Processed" }
time_field = "ts"
time_unit = "ms"
[[source.map]]
topic = "raw/{unit}/{tag...}"
dialect = "scalar"
units = { oven = "Oven" }
[[source.map]]
topic = "umh/v1/acme/s/a/Paint/_historian/#"
dialect = "umh"
unit = "Paint"
[[source.map]]
topic = "spBv1.0/G/+/E/{unit}/{tag...}"
dialect = "sparkplug_b"
[[unit]]
id = "Press"
type = "machine"
feeds = [{ to = "Oven", buffer_capacity = 4 }]
[[unit]]
id = "Oven"
type = "machine"
feeds = [{ to = "Paint", buffer_capacity = 4 }]
[[unit]]
id = "Paint"
type = "machine"
feeds = [{ to = "Pack", buffer_capacity = 4 }]
[[unit]]
id = "Pack"
type = "machine"
[[product]]
id = "lid"
ideal_cycle_s = { Press = 2, Oven = 2.4, Paint = 2, Pack = 2.2 }
"""


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """Return the bottling line without its calendar: what is planned must not depend on the hour of the test."""
    path = tmp_path / "bottling.toml"
    path.write_text(LAYOUT.read_text(encoding="utf-8").split("[[shift]]")[0], encoding="utf-8")
    shutil.copy(LAYOUT.with_name("bottling_faults.csv"), tmp_path)
    return path


@pytest.fixture
def shift(layout: Path) -> Plan:
    """Return the first minutes of the good shift: PackML tags, flat JSON and VDA 5050 side by side."""
    return plan(layout, ROOT / "sample_streams/good_shift.toml", seed=3, start="2026-11-23T06:00:00+08:00", duration_ns=MINUTES * 60 * NS)


@pytest.fixture
def polyglot(tmp_path: Path) -> Plan:
    """Return five minutes of four machines that fail and stop often, of four makers: nested JSON, scalars, UMH, Sparkplug B."""
    path = tmp_path / "polyglot.toml"
    path.write_text(POLYGLOT, encoding="utf-8")
    line = load(path)
    scenario = Scenario(
        units={u.id: replace(LIVELY, mttf_s=200.0, scrap=0.05) for u in line.units}, orders=(Order(product="lid", quantity=20),)
    )
    return Plan(line=line, scenario=scenario, seed=1, start_ns=0, duration_ns=MINUTES * 60 * NS)


@dataclass
class Watched:
    """What a twin knew at the end, and how it said so."""

    answer: WindowAnswer
    states: dict[str, list[int]]
    values: dict[str, dict[str, object]]


def watched(shift: Plan, broker: Broker) -> Watched:
    """Publish a run, and return what a twin that listens with the run's own layout knows once it has heard the last message."""
    request = OpenRequest(layout=shift.line.path, addresses={shift.line.sources[0].id: f"sim+{broker.address}/simulated"})
    session = open_request(request, Settings())
    try:
        session.start()
        until(lambda: session.health()[0].status is Status.CONNECTED)
        sent = publish(shift, broker.address, speed=SPEED)
        until(lambda: session.health()[0].received >= sent)
        (health,) = session.health()
        assert (health.received, dict(health.refused), dict(health.unmapped), health.dropped) == (sent, {}, {}, 0)
        assert (dict(health.notes), dict(health.unknown_states)) == ({}, {})
        until(lambda: not session.fold().late and session._waiting == 0)
        frame = session.advance(33_000_000)
        assert (frame.mode, frame.simulated, health.simulated, session.simulated) == (Mode.SIMULATION, True, True, True)
        assert not list(data_dir().rglob("*.twinrec"))
        span = session.span()
        assert span is not None
        lanes = [session.timeline(unit, span.start_ns, span.end_ns) for unit in timed(shift.line)]
        began_ns = min(int(lane.start_ns[lane.state > 0][0]) for lane in lanes)
        answer = kpi_answer(session.figures(began_ns, began_ns + round(shift.duration_ns / SPEED)), simulated=session.simulated)
        assert answer["simulated"]
        states = {unit.id: session.timeline(unit.id, span.start_ns, span.end_ns).state.tolist() for unit in shift.line.units}
        known = state_answer(session, span.end_ns)["units"]
        return Watched(answer, states, {unit: {name: said["value"] for name, said in known[unit]["signals"].items()} for unit in known})
    finally:
        session.close()


@pytest.mark.parametrize("which", ["shift", "polyglot"])
def test_that_the_twin_shows_states_counts_and_oee_of_the_truth_in_any_dialect(
    broker: Broker, which: str, request: pytest.FixtureRequest
) -> None:
    run: Plan = request.getfixturevalue(which)
    seen = watched(run, broker)
    simulation = Simulation(run.line, run.scenario, seed=run.seed, start_ns=run.start_ns)
    events = simulation.run_until(run.duration_ns)
    for u, unit in enumerate(run.line.units):
        of_unit = [event for event in events if event[1] == u]
        if unit.type == "agv":  # vehicles say where they are; PackML's states are no part of VDA 5050
            battery = [value for _, _, kind, value, _ in of_unit if kind == Kind.BATTERY]
            assert seen.values[unit.id]["Battery"] == (battery[-1] if battery else 100.0)
            continue
        assert is_within(lasting(of_unit, run.duration_ns), [State(int(s)) for s in seen.states[unit.id] if s > 0]), unit.id
        check_counts(of_unit, seen.answer["units"][unit.id], run.line.products[0].ideal_cycle_s[unit.id])
        taken_up = [run.line.products[int(value)].id for _, _, kind, value, _ in of_unit if kind == Kind.PRODUCT]
        assert seen.values[unit.id].get("Product") == (taken_up[-1] if taken_up else None)
        assert seen.values[unit.id]["Energy"] in shown_lately(of_unit, Kind.ENERGY, run.duration_ns)
    check_categories(run, events, seen)


def shown_lately(events: list[Event], kind: int, end_ns: int) -> set[float]:
    """Return what an instrument showed in the last beat but one: a beat is a second of the wall, `SPEED` seconds of the line."""
    return {event[3] for event in events if event[2] == kind and event[0] > end_ns - 2 * SPEED * NS}


def timed(line: Line) -> list[str]:
    """Return the units whose messages tell when it was: of the others the twin knows when it heard of it, which is later on a busy computer."""
    told = [mouth.rule.time_field or mouth.rule.dialect in {"umh", "sparkplug_b"} for mouth in mouths(line)]
    return [unit.id for unit, has_time in zip(line.units, told, strict=True) if has_time and unit.type != "agv"]


def check_categories(run: Plan, events: list[Event], seen: Watched) -> None:
    """See that the ledger is the truth's: the time of each unit in each state, to the millisecond that messages have, and what it counts as."""
    for unit in timed(run.line):
        u = [one.id for one in run.line.units].index(unit)
        entered = [(t, int(value)) for t, v, kind, value, _ in events if (v, kind) == (u, Kind.STATE)] + [(run.duration_ns, 0)]
        spent = {state: sum(b[0] - a[0] for a, b in pairwise(entered) if a[1] == state) / NS / SPEED for state in State}
        told, resolution_s = seen.answer["units"][unit], 0.001 * len(entered)
        for state, seconds in spent.items():
            assert told["state_s"].get(state.title, 0.0) == pytest.approx(seconds, abs=resolution_s), (unit, state.title)
        assert told["category_s"]["production"] == pytest.approx(spent[State.EXECUTE], abs=resolution_s), unit
        waited = told["category_s"]["starved"] + told["category_s"]["blocked"]
        assert waited == pytest.approx(spent[State.SUSPENDED], abs=resolution_s), unit


def lasting(events: list[Event], end_ns: int) -> list[State]:
    """Return the states that last for a tenth of a second of the wall at least: shorter ones may share a millisecond."""
    entered = [(t, State(int(value))) for t, _, kind, value, _ in events if kind == Kind.STATE]
    ends = [t for t, _ in entered[1:]] + [end_ns]
    return [state for (t, state), until_ns in zip(entered, ends, strict=True) if until_ns - t > SPEED * NS / 10]


def is_within(wanted: list[State], seen: list[State]) -> bool:
    """Tell whether all states were seen in their order, with shorter ones between."""
    rest = iter(seen)
    return all(any(state is other for other in rest) for state in wanted)


def check_counts(events: list[Event], told: UnitAnswer, ideal_s: float) -> None:
    """See that counters are a beat old at most, and that OEE follows from them: ideal cycle x good / time."""
    made = sum(kind == Kind.PART for _, _, kind, _, _ in events)
    bad = sum(kind in (Kind.SCRAP, Kind.REWORK) for _, _, kind, _, _ in events)
    last_beat = SPEED / ideal_s * 1.1 + 1  # a beat is a second of the wall, `SPEED` seconds of the line
    counted = told["counters"]["Processed"]["last"]
    assert counted is not None
    assert 0 <= made - counted <= last_beat
    oee, known_s = told["kpi"]["oee_index"], sum(told["state_s"].values()) * SPEED
    assert oee is not None
    low, high = (ideal_s * good / known_s for good in (made - bad - last_beat - 1, made - bad + 1))
    assert low <= oee / SPEED <= high


def test_that_messages_go_under_the_prefix_alone_and_nothing_stays_on_the_broker(
    broker: Broker, listen: Callable[..., Listener], capsys: pytest.CaptureFixture[str]
) -> None:
    rule = MapRule(topic="line/{unit}/{tag...}", dialect="packml_tags")
    line = replace(row([2.0, 2.4], [4]), sources=(SourceSpec(id="plc", title="PLC", rules=(rule,)),))
    everything = listen(broker.address, spec={"subscribe": ("#",)}).start().connected()
    sent = publish(
        Plan(line=line, scenario=Scenario(), seed=1, start_ns=0, duration_ns=60 * NS), broker.address, prefix="training/a", speed=60.0
    )
    until(lambda: everything.health.received >= sent > 20)
    assert all(topic.startswith("training/a/line/") for topic in everything.health.unmapped)
    err = capsys.readouterr().err
    assert "PUBLISHING SIMULATED DATA" in err
    assert "training/a/…" in err
    late = listen(broker.address, spec={"subscribe": ("#",)}).start().connected()
    assert late.health.retained == 0


def test_that_nobody_there_is_said_before_anything_is_simulated(shift: Plan) -> None:
    with pytest.raises(SourceError, match="Nothing listens"):
        publish(shift, "mqtt://127.0.0.1:1")


@pytest.mark.parametrize(
    "address", ["sim+mqtt://host", "sim+mqtt://host/a/#", "sim+mqtt://host/a+/b", "sim+http://host/a", "sim+mqtt://user:secret@host/a"]
)
def test_that_an_address_without_prefix_or_broker_is_refused(address: str) -> None:
    with pytest.raises(SourceError) as refusal:
        parse_published(address)
    assert "secret" not in str(refusal.value)


def test_that_a_simulation_and_a_plant_do_not_stand_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "two.toml"
    more = '[[unit]]\nid = "Saw"\ntype = "machine"\nsource = "other"\n[[source]]\nid = "other"\n[[source.map]]\ntopic = "a/{unit}"\ndialect = "json"\n'
    path.write_text(POLYGLOT.replace('type = "machine"', 'type = "machine"\nsource = "plc"') + more, encoding="utf-8")
    addresses = {"plc": "sim+mqtt://localhost/simulated", "other": "mqtt://localhost"}
    with pytest.raises(SourceError, match="simulated source and a real one"):
        open_request(OpenRequest(layout=path, addresses=addresses), Settings())
