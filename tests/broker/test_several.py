"""One line on two brokers that mix dialects: what each says is the line's, and each is away for itself alone."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.broker.plant import Broker, Publisher, until
from tests.codec.sparkplug import encoding as sp
from twin_app.clock import SECOND_NS
from twin_app.model.message import Status
from twin_app.model.packml import State
from twin_app.service.answers import state_answer
from twin_app.service.opening import open_request
from twin_app.service.request import OpenRequest
from twin_app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from twin_app.session import Session

LAYOUT = """schema = 1
[line]
id = "L1"
site = "S"
area = "A"
zone = "UTC"
constraint = "Filler"
[[source]]
id = "hall"
[[source.map]]
topic = "plant/{unit}/{tag...}"
dialect = "packml_tags"
[[source.map]]
topic = "spBv1.0/G/+/E/{unit}/{tag...}"
dialect = "sparkplug_b"
[[source.map]]
topic = "json/{unit}"
dialect = "json_flat"
time_field = "at"
time_unit = "ms"
[[source]]
id = "fleet"
protocol = 5
[[source.map]]
topic = "uagv/v2/Robots/{unit}/+"
dialect = "vda5050"
[[source.map]]
topic = "umh/v1/#"
dialect = "umh"
[[unit]]
id = "Filler"
type = "filler"
source = "hall"
[[unit]]
id = "Capper"
type = "capper"
source = "hall"
[[unit]]
id = "AGV"
type = "agv"
source = "fleet"
"""


@pytest.fixture
def brokers(make_broker: Callable[..., Broker]) -> dict[str, Broker]:
    return {"hall": make_broker(), "fleet": make_broker()}


@pytest.fixture
def live(brokers: dict[str, Broker], tmp_path: Path) -> Iterator[Session]:
    layout = tmp_path / "line.toml"
    layout.write_text(LAYOUT)
    session = open_request(OpenRequest(layout=layout, addresses={k: b.address for k, b in brokers.items()}), Settings(), record=False)
    session.start()
    until(lambda: all(health.status is Status.CONNECTED for health in session.health()))
    yield session
    session.close()


def values(session: Session, unit: str) -> dict[str, Any]:
    """Fold what came and return a unit's values by name."""
    session.advance(0)
    answer = state_answer(session, time.time_ns())["units"][unit]
    return {name: told["value"] for name, told in answer["signals"].items()}


def test_that_two_brokers_and_five_dialects_make_one_line_and_one_brokers_end_blinds_its_own_units(
    live: Session, brokers: dict[str, Broker]
) -> None:
    hall, fleet = (Publisher(broker.port) for broker in brokers.values())
    now_ms = time.time_ns() // 1_000_000
    hall.say("plant/Filler/Status/StateCurrentStr", "Execute")
    hall.say("spBv1.0/G/NBIRTH/E", sp.payload(sp.session(0), seq=0, at_ms=now_ms))
    hall.say("spBv1.0/G/DBIRTH/E/Capper", sp.payload(sp.metric("Speed", 0xFFFFFFFE, "int", datatype=sp.INT32), seq=1, at_ms=now_ms))
    hall.say("json/Capper", json.dumps({"at": now_ms, "State": "Held", "torque": 1.5}))
    fleet.say("uagv/v2/Robots/AGV/state", json.dumps({"driving": True, "agvPosition": {"x": 6.408, "y": 0}}))
    fleet.say("umh/v1/works/hall/AGV/_historian/deck/temp", json.dumps({"timestamp_ms": now_ms, "value": 21.5}))
    until(lambda: [health.received for health in live.health()] == [4, 2])
    until(lambda: values(live, "AGV").get("deck.temp") == 21.5 and values(live, "Capper").get("torque") == 1.5)
    assert values(live, "Filler")["State"] == "Execute"
    assert (values(live, "Capper")["Speed"], values(live, "Capper")["State"]) == (-2.0, "Held")
    assert (values(live, "AGV")["X"], values(live, "AGV")["State"]) == (6.408, "Execute")
    assert all(not (health.refused or health.unmapped) for health in live.health())
    brokers["fleet"].kill()
    until(lambda: [health.status for health in live.health()] == [Status.CONNECTED, Status.DISCONNECTED])
    until(lambda: live.advance(SECOND_NS).units["AGV"].state is None)
    assert {unit: now.state for unit, now in live.advance(0).units.items()} == {
        "Filler": State.EXECUTE, "Capper": State.HELD, "AGV": None,
    }  # fmt: skip
    for publisher in (hall, fleet):
        publisher.close()
