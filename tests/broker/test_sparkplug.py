"""An edge node that lives and dies at a real broker, and whether anything is published to it."""

from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.broker.plant import HOST, until
from tests.codec.sparkplug import encoding as sp
from tests.codec.sparkplug.encoding import metric, payload, session
from twin_app.model.equipment import MapRule

pytestmark = pytest.mark.broker
RULE = MapRule(topic="spBv1.0/G/+/E/{unit}/{tag...}", dialect="sparkplug_b")
WAY = "Connected/Filler/G/E/Filler"


class Node:
    """An edge node with a last will, and the orders that it hears."""

    def __init__(self, port: int) -> None:
        self.orders: list[tuple[str, bytes]] = []
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self.client.will_set("spBv1.0/G/NDEATH/E", payload(session(5)))
        self.client.on_connect = lambda client, *_: client.subscribe("spBv1.0/+/NCMD/#")
        self.client.on_message = lambda _client, _user, message: self.orders.append((message.topic, bytes(message.payload)))
        self.client.connect(HOST, port)
        self.client.loop_start()

    def say(self, kind: str, *metrics: bytes, seq: int, device: str = "") -> None:
        self.client.publish(f"spBv1.0/G/{kind}/E" + (f"/{device}" if device else ""), payload(*metrics, seq=seq))

    def killed(self) -> None:
        """Break the connection without a word."""
        connection = self.client.socket()
        assert connection is not None
        self.client.loop_stop()
        connection.close()


@pytest.mark.parametrize("allowed", [False, True])
def test_that_a_killed_node_is_offline_by_its_will_and_is_asked_for_nothing_unless_allowed(broker: Any, listen: Any, allowed: bool) -> None:
    listener = listen(broker.address, spec={"rules": (RULE,), "rebirth": allowed}).start().connected()
    node = Node(broker.port)
    until(node.client.is_connected)
    node.say("NDATA", metric(None, 1, "int", alias=9), seq=77)  # late: what is 9?
    if allowed:
        until(lambda: node.orders)
        assert node.orders[0][0] == "spBv1.0/G/NCMD/E"
        assert b"Node Control/Rebirth" in node.orders[0][1]
    node.say("NBIRTH", session(5), seq=0)
    node.say("DBIRTH", metric("Status/StateCurrentStr", "Execute", "string", datatype=sp.STRING), device="Filler", seq=1)
    until(lambda: listener.words("Filler", "State") == ["Execute"])
    node.killed()
    until(lambda: [value for _, value in listener.series("@plant", WAY)] == [1.0, 0.0])
    assert listener.words("Filler", "State") == ["Execute"]
    assert len(node.orders) == allowed
    assert listener.health.refused == {}
