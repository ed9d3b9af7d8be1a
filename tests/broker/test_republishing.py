"""A recording back on a real mosquitto: byte for byte, in time, under a prefix, never into the plant, and only by those who may."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.broker.plant import HOST, until
from twin_app.__main__ import main
from twin_app.history.limits import Limits
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.samples import TextTable
from twin_app.persons import places, secrets
from twin_app.persons.register import Register
from twin_app.sources.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.broker.plant import Broker

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d" / "lines" / "packaging.toml"
PAYLOADS = [(0.0, "PlantA/Packaging/Filler/Status/StateCurrent", "6"), (0.5, "other/topic", "\u2603"), (1.0, "PlantA/x", "last")]


@pytest.fixture(autouse=True)
def no_persons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "folder", lambda: tmp_path / "machine")
    monkeypatch.setattr(secrets, "_COST", {"n": 16, "r": 1, "p": 1})


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "short.jsonl"
    lines = [
        json.dumps({"t": 1_795_425_957.0 + t, "topic": topic, "payload": payload, "qos": 1, "retain": True})
        for t, topic, payload in PAYLOADS
    ]
    lines.insert(1, "no message")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def heard(broker: Broker) -> Iterator[list[tuple[float, str, bytes, bool]]]:
    """All that the broker delivers, as it comes: when, topic, payload, retained."""
    got: list[tuple[float, str, bytes, bool]] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _c, _d, message: got.append((time.monotonic(), message.topic, bytes(message.payload), message.retain))
    ready: list[bool] = []
    client.on_subscribe = lambda *_: ready.append(True)
    client.connect(HOST, broker.port)
    client.subscribe("#", 1)
    client.loop_start()
    until(lambda: ready)
    yield got
    client.disconnect()
    client.loop_stop()


def publish(capture: Path, broker: Broker, *words: str) -> int:
    return main(["publish", "--layout", str(LAYOUT), "--source", str(capture), "--broker", f"mqtt://{HOST}:{broker.port}", *words])


def test_that_messages_go_out_byte_for_byte_in_time_under_a_prefix_and_aloud(
    capture: Path, broker: Broker, heard: list[tuple[float, str, bytes, bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(capture, broker, "--speed", "2", "--yes") == 0
    until(lambda: len(heard) == 3)
    assert [(topic, payload.decode()) for _, topic, payload, _ in heard] == [
        (f"replayed/{topic}", payload) for _, topic, payload in PAYLOADS
    ]
    assert not any(retained for *_, retained in heard)
    assert heard[2][0] - heard[0][0] >= 0.45  # a second at twice the speed
    said = capsys.readouterr().err
    assert "PUBLISHING A RECORDING" in said
    assert "Lines that are no messages: 1." in said


def test_that_a_window_is_published_under_its_own_topics_to_another_broker(
    capture: Path, broker: Broker, heard: list[tuple[float, str, bytes, bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(capture, broker, "--as-recorded", "--from", "+400ms", "--to", "+300ms", "--speed", "100", "--yes") == 0
    until(lambda: heard)
    assert [topic for _, topic, _, _ in heard] == ["other/topic"]
    assert "THE TOPICS OF THE MACHINES THEMSELVES" in capsys.readouterr().err


def test_that_what_a_recording_keeps_as_it_came_is_published_too(
    capture: Path, broker: Broker, heard: list[tuple[float, str, bytes, bool]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.twinrec"
    line, table = load(LAYOUT), signal_table(load(LAYOUT))
    texts, at_ns = TextTable(), 1_795_425_957 * 10**9
    store = Store.reopen(kept, signals=table, texts=texts, limits=Limits(raw_days=7.0))
    intake = Intake(line, line.sources[0], store=store, signals=table, texts=texts)
    intake.connected(at_ns)
    intake.receive("PlantA/Packaging/Filler/Status/StateCurrent", b"6", received_ns=at_ns, qos=1)
    intake.receive("elsewhere", bytes(range(256)), received_ns=at_ns + 10**8)
    intake.finish()
    store.commit()
    store.close()
    assert publish(kept, broker, "--speed", "100", "--yes") == 0
    until(lambda: len(heard) == 2)
    assert [(topic, payload) for _, topic, payload, _ in heard] == [
        ("replayed/PlantA/Packaging/Filler/Status/StateCurrent", b"6"), ("replayed/elsewhere", bytes(range(256))),
    ]  # fmt: skip


def test_that_nothing_goes_under_the_machines_topics_to_the_plants_own_broker(
    capture: Path, broker: Broker, heard: list[tuple[float, str, bytes, bool]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plants = tmp_path / "plant.toml"
    text = LAYOUT.read_text(encoding="utf-8").replace('title = "Plant broker"', f'title = "Plant broker"\naddress = "mqtt://{HOST}:1883"')
    plants.write_text(text, encoding="utf-8")
    words = [
        "publish",
        "--layout",
        str(plants),
        "--source",
        str(capture),
        "--broker",
        f"mqtt://{HOST}:{broker.port}",
        "--as-recorded",
        "--yes",
    ]
    assert main(words) == 2
    assert "plant's own broker" in capsys.readouterr().err
    assert heard == []


def test_that_without_a_terminal_and_without_yes_nothing_is_published(
    capture: Path, broker: Broker, heard: list[tuple[float, str, bytes, bool]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(capture, broker) == 2
    assert "whether this is meant" in capsys.readouterr().err
    assert heard == []


def test_that_only_a_role_with_the_right_publishes(
    capture: Path,
    broker: Broker,
    heard: list[tuple[float, str, bytes, bool]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register = Register()
    register.add("Mary", "operator", "4711")
    register.add("Ada", "administrator", "2580")
    for name, pin, code in (("", "", 2), ("Mary", "4711", 2), ("Ada", "9999", 2), ("Ada", "2580", 0)):
        monkeypatch.setenv("TWIN_APP_PIN", pin)
        assert publish(capture, broker, "--yes", "--speed", "1000", *(["--person", name] if name else [])) == code
    until(lambda: len(heard) == 3)
    said = capsys.readouterr().err
    assert "Sign on to publish. These roles may: administrator." in said
    assert "Mary may not publish here. These roles may: administrator." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--prefix", "a/#"], "no prefix"), (["--speed", "0"], "is not a speed"), (["--from", "+5s", "--to", "+0s"], "ends before it starts")],
)
def test_that_what_makes_no_sense_is_refused(
    capture: Path, broker: Broker, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(capture, broker, "--yes", *words) == 2
    assert said in capsys.readouterr().err
