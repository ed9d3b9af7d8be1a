"""Complete recording: nothing that was acknowledged is lost, whoever is killed, and nothing is kept twice."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.broker.plant import HOST, Broker, Listener, until
from tests.service.program import Program
from twin_app.__main__ import main
from twin_app.history.store import Store
from twin_app.model.equipment import MapRule
from twin_app.model.message import Status
from twin_app.sources.kept import SessionFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOPIC = "timed/Filler"
COUNT = 600
RULES = (MapRule(topic="timed/{unit}", dialect="json_flat", time_field="at", time_unit="ms"),)
LAYOUT = """schema = 1
[line]
id = "L1"
site = "S"
area = "A"
zone = "UTC"
constraint = "Filler"
[[source]]
id = "plant"
complete = true
keepalive_s = 5
[[source.map]]
topic = "timed/{unit}"
dialect = "json_flat"
time_field = "at"
time_unit = "ms"
[[unit]]
id = "Filler"
type = "filler"
"""


class Machine:
    """Sends numbered messages of quality 1, each with a time of its own, and sends again what no broker took."""

    def __init__(self, port: int) -> None:
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="machine", clean_session=False)
        self.client.reconnect_delay_set(1, 1)
        self.client.max_queued_messages_set(0)
        self.client.on_publish = self._on_published
        self.client.connect(HOST, port)
        self.client.loop_start()
        self.started_ms = time.time_ns() // 1_000_000
        self.said = self.taken = 0

    def say(self, count: int, *, every_s: float = 0.0) -> None:
        for _ in range(count):
            self.client.publish(TOPIC, f'{{"at": {self.started_ms + self.said}, "number": {self.said}}}', qos=1)
            self.said += 1
            time.sleep(every_s)

    def heard(self) -> None:
        """Wait until a broker has taken everything."""
        until(lambda: self.taken == self.said, seconds=20)

    def _on_published(self, *_arguments: object) -> None:
        self.taken += 1

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def lasting_broker(make_broker: Callable[..., Broker], tmp_path: Path) -> Broker:
    """Return a broker with the settings that the README recommends."""
    return make_broker(settings=f"allow_anonymous true\npersistence true\npersistence_location {tmp_path}/\nautosave_interval 1")


@pytest.fixture
def machine(lasting_broker: Broker) -> Iterator[Machine]:
    made = Machine(lasting_broker.port)
    yield made
    made.close()


def complete(listen: Callable[..., Listener], broker: Broker, folder: Path, **spec: object) -> Listener:
    """Return a listener with a session that its broker keeps."""
    listener = listen(broker.address, spec={"complete": True, "rules": RULES, **spec}, kept_in=folder)
    assert listener.source._kept
    return listener


def numbers(listener: Listener) -> list[float]:
    return [value for _, value in listener.series("Filler", "number")]


@pytest.mark.parametrize("protocol", [4, 5])
def test_that_what_is_said_while_nobody_listens_is_delivered_later(
    lasting_broker: Broker, machine: Machine, listen: Callable[..., Listener], tmp_path: Path, protocol: int
) -> None:
    complete(listen, lasting_broker, tmp_path, protocol=protocol).start().connected().source.stop()
    machine.say(50)
    machine.heard()
    again = complete(listen, lasting_broker, tmp_path, protocol=protocol).start()
    until(lambda: numbers(again) == list(range(50)))
    assert again.health.duplicates == 0


def test_that_a_killed_broker_loses_nothing_and_what_it_repeats_is_dropped(
    lasting_broker: Broker, machine: Machine, listen: Callable[..., Listener], tmp_path: Path
) -> None:
    listener = complete(listen, lasting_broker, tmp_path).start().connected()
    until(lambda: list(tmp_path.glob("mosquitto.db")), seconds=5)  # the session is on the broker's disk
    for part in range(3):
        until(lambda: listener.health.status is Status.CONNECTED)
        machine.say(COUNT // 3, every_s=0.001)
        if part < 2:
            lasting_broker.kill()
            until(lambda: listener.health.status is Status.DISCONNECTED)
            machine.say(20)
            lasting_broker.start()
    machine.heard()
    said = machine.said
    until(lambda: set(numbers(listener)) >= set(range(said)), seconds=20)
    assert numbers(listener) == list(range(said))
    health = listener.health
    assert health.status is Status.CONNECTED
    assert health.warnings == ()
    assert health.reconnects == 2


def test_that_a_frozen_broker_loses_nothing(
    lasting_broker: Broker, machine: Machine, listen: Callable[..., Listener], tmp_path: Path
) -> None:
    listener = complete(listen, lasting_broker, tmp_path, keepalive_s=1).start().connected()
    machine.say(100)
    lasting_broker.send_signal(signal.SIGSTOP)
    machine.say(100)
    until(lambda: listener.health.status is Status.DISCONNECTED, seconds=5)
    lasting_broker.send_signal(signal.SIGCONT)
    machine.heard()
    until(lambda: numbers(listener) == list(range(200)))


@pytest.mark.allow_logs
def test_that_a_broker_that_forgot_the_session_is_told_of(
    make_broker: Callable[..., Broker], listen: Callable[..., Listener], tmp_path: Path
) -> None:
    broker = make_broker()
    listener = complete(listen, broker, tmp_path).start().connected()
    broker.kill()
    until(lambda: listener.health.status is Status.DISCONNECTED)
    broker.start()
    (warning,) = until(lambda: listener.health.warnings)
    assert "no longer had the session: what was said while the connection was down is not recorded. Let the broker keep" in warning


def recorded(home: Path) -> list[float]:
    """Return every number in the recordings of a home, as often as it stands there."""
    found: list[float] = []
    for path in sorted(home.rglob("*.twinrec")):
        store = Store.reopen(path)
        samples, _ = store.read_since(0, 2**62)
        signal_id = store.signals.find("Filler", "number")
        found += [] if signal_id is None else samples.value[samples.signal == signal_id].tolist()
        store.close()
    return found


def test_that_our_own_violent_end_loses_nothing_that_was_acknowledged_and_its_session_can_be_removed(
    lasting_broker: Broker, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, layout = tmp_path / "home", tmp_path / "line.toml"
    layout.write_text(LAYOUT)
    words = ("open", "--headless", str(layout), "--source", lasting_broker.address)
    for _ in range(2):
        program = Program(home, *words, columns=120)
        program.until("connected for")  # before that the first session of all does not stand, and nobody keeps anything
        machine.say(COUNT // 3, every_s=0.002)
        program.process.kill()
        program.close()
        machine.say(50)
    machine.heard()
    said = machine.said
    last = Program(home, *words, columns=120)
    last.until("connected for")
    last.until("LIVE", last.out.count("LIVE") + 8)
    last.process.send_signal(signal.SIGINT)
    last.ended()
    last.close()
    found = recorded(home)
    assert sorted(set(found)) == list(range(said)), f"{said - len(set(found))} lost"
    assert len(found) == said, f"{len(found) - said} twice"

    monkeypatch.setenv("TWIN_APP_HOME", str(home))
    assert main(["forget-session", "--layout", str(layout)]) == 0
    assert "no longer keeps the session" in capsys.readouterr().out
    assert not list((home / "data" / "sessions").glob("*.json"))


def test_that_a_session_is_only_kept_where_a_recording_outlives_the_program(
    lasting_broker: Broker, listen: Callable[..., Listener]
) -> None:
    listener = listen(lasting_broker.address, spec={"complete": True})
    assert not listener.source._kept


def test_that_two_sources_of_one_name_in_two_lines_have_sessions_of_their_own(listen: Callable[..., Listener], tmp_path: Path) -> None:
    line = listen("mqtt://127.0.0.1:1").line
    assert SessionFile(tmp_path, line, "plant").path != SessionFile(tmp_path, line, "other").path
