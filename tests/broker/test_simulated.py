"""The whole way: a simulated line published through a real mosquitto, and a twin that listens with the same layout."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.broker.plant import until
from tests.simulate.conftest import row
from twin_app.errors import SourceError
from twin_app.model.equipment import MapRule, SourceSpec
from twin_app.model.frame import Mode
from twin_app.model.message import Status
from twin_app.model.packml import State
from twin_app.service.answers import kpi_answer
from twin_app.service.opening import open_request
from twin_app.service.publishing import publish
from twin_app.service.request import OpenRequest
from twin_app.service.simulating import Plan, plan
from twin_app.settings import Settings
from twin_app.simulate import Kind, Scenario, Simulation
from twin_app.sources.prefixed import parse_published

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broker.plant import Broker, Listener

LAYOUT = Path(__file__).resolve().parents[2] / "models3d/lines/bottling.toml"
SPEED = 120.0
MINUTES = 8
NS = 10**9


@pytest.fixture
def shift() -> Plan:
    """Return the first minutes of the good shift."""
    scenario = LAYOUT.parents[2] / "sample_streams/good_shift.toml"
    return plan(LAYOUT, scenario, seed=3, start="2026-11-23T06:00:00+08:00", duration_ns=MINUTES * 60 * NS)


def test_that_the_twin_shows_states_counts_and_oee_of_the_truth(broker: Broker, shift: Plan) -> None:
    # Published 120 times as fast: a second here is two minutes there, and a millisecond of a boundary 0.12 s.
    address = f"sim+{broker.address}/simulated"
    session = open_request(OpenRequest(layout=LAYOUT, addresses={"plant": address}), Settings())
    try:
        session.start()
        until(lambda: session.health()[0].status is Status.CONNECTED)
        time.sleep(0.3)  # the subscription is on its way
        began_ns = time.time_ns()
        sent = publish(shift, broker.address, speed=SPEED)
        until(lambda: session.health()[0].received >= sent)
        (health,) = session.health()
        assert (health.received, dict(health.refused), dict(health.unmapped), health.dropped) == (sent, {}, {}, 0)
        frame = session.advance(33_000_000)
        session.fold()
        assert (frame.mode, frame.simulated) == (Mode.SIMULATION, True)
        simulation = Simulation(shift.line, shift.scenario, seed=shift.seed, start_ns=shift.start_ns)
        events = simulation.run_until(shift.duration_ns)
        end_ns = began_ns + round(shift.duration_ns / SPEED)
        spans = {unit.id: session.timeline(unit.id, began_ns, end_ns) for unit in shift.line.units}
        answer = kpi_answer(session.figures(began_ns, end_ns), simulated=session.simulated)
    finally:
        session.close()
    for u, unit in enumerate(shift.line.units):
        if unit.type == "agv":
            continue
        entered = [(t, State(int(value))) for t, v, kind, value, _ in events if (v, kind) == (u, Kind.STATE)]
        lasting = [
            b
            for (t, b), (until_ns, _) in zip(entered, [*entered[1:], (shift.duration_ns, State.IDLE)], strict=True)
            if until_ns - t > SPEED * NS / 50
        ]
        seen = [State(int(s)) for s in spans[unit.id].state if s > 0]
        assert is_within(lasting, seen), unit.id
        made = sum(1 for _, v, kind, _, _ in events if (v, kind) == (u, Kind.PART))
        counter = answer["units"][unit.id]["counters"]["Processed"]
        assert counter["last"] is not None
        assert 0 <= made - counter["last"] <= SPEED * 2.5 * 1.1  # a beat and a bit of a machine that makes two a second
        executes = sum(
            b - a
            for (a, state), (b, _) in zip(entered, [*entered[1:], (shift.duration_ns, State.IDLE)], strict=True)
            if state is State.EXECUTE
        )
        told = answer["units"][unit.id]["state_s"].get("Execute", 0.0) * SPEED
        assert told == pytest.approx(executes / NS, abs=0.05 * SPEED * (1 + len(entered) / 20)), unit.id


def is_within(wanted: list[State], seen: list[State]) -> bool:
    """Tell whether all states were seen in their order, with shorter ones between."""
    rest = iter(seen)
    return all(any(state is other for other in rest) for state in wanted)


def test_that_messages_go_under_the_prefix_alone_and_nothing_stays_on_the_broker(
    broker: Broker, listen: Callable[..., Listener], capsys: pytest.CaptureFixture[str]
) -> None:
    rule = MapRule(topic="line/{unit}/{tag...}", dialect="packml_tags")
    line = row([2.0, 2.4], [4])
    line = replace(line, sources=(SourceSpec(id="plc", title="PLC", rules=(rule,)),))
    outside = listen(broker.address, spec={"subscribe": ("line/#",)}).start().connected()
    plan_ = Plan(line=line, scenario=Scenario(), seed=1, start_ns=0, duration_ns=60 * NS)
    assert publish(plan_, broker.address, prefix="training/a", speed=60.0) > 20
    err = capsys.readouterr().err
    assert "PUBLISHING SIMULATED DATA" in err
    assert "training/a/…" in err
    assert outside.health.received == 0
    late = listen(broker.address, spec={"subscribe": ("training/#",)}).start().connected()
    time.sleep(0.3)
    assert late.health.received == 0


def test_that_nobody_there_is_said_before_anything_is_simulated(shift: Plan) -> None:
    with pytest.raises(SourceError, match="Nothing listens"):
        publish(shift, "mqtt://127.0.0.1:1")


@pytest.mark.parametrize("address", ["sim+mqtt://host", "sim+mqtt://host/a/#", "sim+http://host/a", "sim+mqtt://user:secret@host/a"])
def test_that_an_address_without_prefix_or_broker_is_refused(address: str) -> None:
    with pytest.raises(SourceError) as refusal:
        parse_published(address)
    assert "secret" not in str(refusal.value)
