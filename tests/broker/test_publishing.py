"""The whole way: a simulated line published through a real mosquitto, and a twin that listens with a layout of the same rules."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.broker.plant import until
from tests.simulate.conftest import row
from twin_app.errors import SourceError
from twin_app.model.equipment import MapRule, SourceSpec
from twin_app.model.packml import State
from twin_app.service.answers import kpi_answer
from twin_app.service.opening import open_request
from twin_app.service.publishing import publish
from twin_app.service.request import OpenRequest
from twin_app.service.simulating import Plan, plan
from twin_app.settings import Settings
from twin_app.simulate import Kind, Scenario, Simulation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broker.plant import Broker, Listener
    from twin_app.service.answers import UnitAnswer
    from twin_app.simulate import Event

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d/lines/bottling.toml"
SPEED = 120.0
MINUTES = 8
NS = 10**9


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """Return the bottling line without its calendar: what is planned must not depend on the hour of the test."""
    path = tmp_path / "bottling.toml"
    path.write_text(LAYOUT.read_text(encoding="utf-8").split("[[shift]]")[0], encoding="utf-8")
    shutil.copy(LAYOUT.with_name("bottling_faults.csv"), tmp_path)
    return path


@pytest.fixture
def prefixed(layout: Path) -> Path:
    """Return the same line with rules for what lies under the simulation's prefix."""
    path = layout.with_name("prefixed.toml")
    path.write_text(layout.read_text(encoding="utf-8").replace('\ntopic = "', '\ntopic = "simulated/'), encoding="utf-8")
    return path


@pytest.fixture
def shift(layout: Path) -> Plan:
    """Return the first minutes of the good shift."""
    return plan(layout, ROOT / "sample_streams/good_shift.toml", seed=3, start="2026-11-23T06:00:00+08:00", duration_ns=MINUTES * 60 * NS)


def test_that_the_twin_shows_states_counts_and_oee_of_the_truth(broker: Broker, shift: Plan, prefixed: Path) -> None:
    session = open_request(OpenRequest(layout=prefixed, addresses={"plant": broker.address}), Settings(), record=False)
    try:
        session.start()
        until(lambda: getattr(getattr(session._sources[0], "_link", None), "subscribed", False))
        sent = publish(shift, broker.address, speed=SPEED)
        until(lambda: session.health()[0].received >= sent)
        (health,) = session.health()
        assert (health.received, dict(health.refused), dict(health.unmapped), health.dropped) == (sent, {}, {}, 0)
        until(lambda: not session.fold().late and session._waiting == 0)
        span = session.span()
        assert span is not None
        answer = kpi_answer(session.figures(span.start_ns, span.end_ns))
        seen = {unit.id: session.timeline(unit.id, span.start_ns, span.end_ns).state.tolist() for unit in shift.line.units}
    finally:
        session.close()
    simulation = Simulation(shift.line, shift.scenario, seed=shift.seed, start_ns=shift.start_ns)
    events = simulation.run_until(shift.duration_ns)
    for u, unit in enumerate(shift.line.units):
        if unit.type != "agv":  # vehicles say where they are; PackML's states are no part of VDA 5050
            of_unit = [event for event in events if event[1] == u]
            assert is_within(lasting(of_unit, shift.duration_ns), [State(int(s)) for s in seen[unit.id] if s > 0]), unit.id
            check_counts(of_unit, answer["units"][unit.id], shift.line.products[0].ideal_cycle_s[unit.id])


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
