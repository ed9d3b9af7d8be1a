"""The lines that `twin-app acl` gives, in a real mosquitto: the twin hears all that its layout maps, and can publish nothing."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.broker.plant import HOST, Broker, Listener, until
from twin_app.layout import load
from twin_app.service import acl
from twin_app.sources.terms_of import DROPPED_TOPIC

ROOT = Path(__file__).resolve().parents[2]
PACKAGING, CAPTURE = ROOT / "models3d/lines/packaging.toml", ROOT / "sample_streams/packaging.jsonl"
TRIED = ("PlantA/Packaging/Filler/Command/Start", "PlantA/Packaging/Filler/Status/StateCurrentStr", "$SYS/broker/uptime", "anything")
PASSWORDS = {"twin": "reads", "machine": "speaks"}


@pytest.fixture
def broker(make_broker: Callable[..., Broker], tmp_path: Path) -> Broker:
    """Return a broker with the twin's lines as they are printed, and a machine that may do everything."""
    passwords, rights = tmp_path / "passwords", tmp_path / "acl"
    passwords.touch()
    for user, password in PASSWORDS.items():
        subprocess.run(["mosquitto_passwd", "-b", str(passwords), user, password], check=True, capture_output=True)
    passwords.chmod(0o644)
    rights.write_text(acl.mosquitto(acl.accesses(PACKAGING, username="twin")) + "\n\nuser machine\ntopic readwrite #\n")
    return make_broker(settings=f"allow_anonymous false\npassword_file {passwords}\nacl_file {rights}")


def client(broker: Broker, user: str) -> mqtt.Client:
    made = mqtt.Client(CallbackAPIVersion.VERSION2)
    made.username_pw_set(user, PASSWORDS[user])
    made.connect(HOST, broker.port)
    made.loop_start()
    return made


def test_that_the_twin_hears_everything_and_can_publish_nothing(broker: Broker, listen: Callable[..., Listener]) -> None:
    line = load(PACKAGING)
    listener = listen(broker.address, line, username="twin", password=lambda: "reads").start().connected()
    machine, twin = client(broker, "machine"), client(broker, "twin")
    rows = [json.loads(row) for row in CAPTURE.read_text(encoding="utf-8").splitlines()[:400]]
    for row in rows:
        machine.publish(row["topic"], row["payload"])
    subscribed = [row for row in rows if "/Command/" not in row["topic"]]
    until(lambda: listener.health.received >= len(subscribed))
    assert dict(listener.health.refused) == {}
    assert listener.health.error == ""
    until(lambda: listener.source._dropped_before >= 0)  # the broker's own counter is among the lines
    seen: list[str] = []
    machine.on_message = lambda _client, _data, message: seen.append(message.topic)
    machine.subscribe([("#", 0), ("$SYS/broker/uptime", 0)])
    until(machine.is_connected)
    for topic in TRIED:
        twin.publish(topic, "from the twin", qos=1).wait_for_publish(10)
    machine.publish("end", "", qos=1)
    until(lambda: "end" in seen)
    machine.loop_stop()
    twin.loop_stop()
    assert not {topic for topic in TRIED if topic != "$SYS/broker/uptime"} & set(seen)


def test_that_without_a_line_its_topic_is_not_heard(broker: Broker, listen: Callable[..., Listener]) -> None:
    """The broker really holds to the lines: what no rule maps does not come."""
    assert DROPPED_TOPIC in acl.mosquitto(acl.accesses(PACKAGING))
    listener = listen(broker.address, spec={"subscribe": ("#",)}, username="twin", password=lambda: "reads").start().connected()
    machine = client(broker, "machine")
    machine.publish("Secret/recipe", "7", qos=1).wait_for_publish(10)
    machine.publish("PlantA/Packaging/Filler/Status/CurMachSpeed", "7", qos=1).wait_for_publish(10)
    until(lambda: listener.health.received == 1)
    machine.loop_stop()
    assert "Secret/recipe" not in listener.health.unmapped
