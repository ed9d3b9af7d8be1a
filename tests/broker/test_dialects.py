"""Every dialect through a real broker, and all of them side by side on one."""

import json
import socket
import time
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.broker.plant import HOST, Broker, Listener, Publisher, until
from twin_app.model.equipment import MapRule

Listen = Callable[..., Listener]
RULES = (
    MapRule(topic="scalar/{unit}/{tag...}", dialect="scalar"),
    MapRule(topic="nested/{unit}", dialect="json", each="samples", time_field="t", time_unit="ns", signals={"v": "Torque"}),
    MapRule(topic="umh/v1/#", dialect="umh"),
    MapRule(topic="uagv/v2/Robots/{unit}/+", dialect="vda5050"),
)


@pytest.fixture
def listener(broker: Broker, listen: Listen) -> Listener:
    return listen(broker.address, spec={"rules": RULES}).start().connected()


def heard(listener: Listener, name: str) -> list[float]:
    return [value for _, value in listener.series("Filler", name)]


def test_that_plain_scalars_come_through(listener: Listener, publisher: Publisher) -> None:
    publisher.say("scalar/Filler/drive/speed", "2.5")
    publisher.say("scalar/Filler/State", "Held")
    until(lambda: heard(listener, "drive.speed") == [2.5] and listener.words("Filler", "State") == ["Held"])


def test_that_samples_with_times_of_their_own_come_through(listener: Listener, publisher: Publisher) -> None:
    first_ns = time.time_ns() // 1_000_000 * 1_000_000
    samples = [{"t": first_ns + i * 1_000_000, "v": i} for i in range(5)]
    publisher.say("nested/Filler", json.dumps({"samples": samples}))
    until(lambda: listener.series("Filler", "Torque") == [(first_ns + i * 1_000_000, float(i)) for i in range(5)])


def test_that_the_unified_namespace_comes_through(listener: Listener, publisher: Publisher) -> None:
    at_ms = time.time_ns() // 1_000_000
    publisher.say("umh/v1/acme/hall/Filler/_historian/oven/temp", f'{{"timestamp_ms":{at_ms},"value":180.5}}')
    until(lambda: listener.series("Filler", "oven.temp") == [(at_ms * 1_000_000, 180.5)])


def vehicle(port: int) -> mqtt.Client:
    """Return a vehicle that has left its last will with the broker, as the specification has it."""
    made = mqtt.Client(CallbackAPIVersion.VERSION2)
    will = {"timestamp": "2020-01-01T00:00:00.000Z", "connectionState": "CONNECTIONBROKEN"}
    made.will_set("uagv/v2/Robots/Filler/connection", json.dumps(will), retain=True)
    made.connect(HOST, port)
    made.loop_start()
    return made


def test_that_a_vehicle_whose_cable_is_cut_is_gone_by_its_last_will(listener: Listener, broker: Broker) -> None:
    agv = vehicle(broker.port)
    topic = "uagv/v2/Robots/Filler"
    agv.publish(f"{topic}/connection", '{"connectionState":"ONLINE"}', retain=True)
    agv.publish(f"{topic}/state", '{"driving":true,"agvPosition":{"x":1.5,"y":2}}', qos=1).wait_for_publish(5)
    until(lambda: heard(listener, "X") == [1.5] and listener.words("Filler", "State") == ["Execute"])
    agv.loop_stop()  # first, or it would connect anew
    link: Any = agv.socket()
    link.shutdown(socket.SHUT_RDWR)
    until(lambda: listener.words("Filler", "ConnectionState") == ["ONLINE", "CONNECTIONBROKEN"])
    assert [value for _, value in listener.series("@plant", "Connected/Filler")] == [1.0, 0.0]


def test_that_dialects_share_a_broker_and_nothing_is_unmapped(listener: Listener, publisher: Publisher) -> None:
    publisher.say("scalar/Filler/speed", "1")
    publisher.say("nested/Filler", '{"samples":[]}')
    publisher.say("umh/v1/acme/Filler/_historian/temp", '{"timestamp_ms":1,"value":1}')
    publisher.say("uagv/v2/Robots/Filler/state", '{"timestamp":"2020-01-01T00:00:00Z","driving":false}')
    until(lambda: listener.health.received == 4)
    assert (listener.health.refused, listener.health.unmapped) == ({}, {})
    assert listener.health.odd_times == 2
