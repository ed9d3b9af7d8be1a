"""What a broker's administrator is told: the filters, ids and ports that the sources really use, and nothing to publish."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from twin_app.__main__ import main
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.samples import TextTable
from twin_app.service import acl
from twin_app.sources.intake import Intake
from twin_app.sources.mqtt import MqttSource

ROOT = Path(__file__).resolve().parents[2]
LINES = sorted((ROOT / "models3d/lines").glob("*.toml"))
LAYOUT = """\
schema = 1
[line]
id = "L"
site = "S"
area = "A"
zone = "UTC"
constraint = "Robot1"
[[source]]
id = "cell"
address = "{address}"
protocol = 5
rebirth = {rebirth}
complete = {complete}
[[source.map]]
topic = "spBv1.0/Plant/DDATA/Cell/{{unit}}/{{tag...}}"
dialect = "sparkplug_b"
[[source.map]]
topic = "hall/+/noise"
ignore = true
[[unit]]
id = "Robot1"
type = "robot6"
"""


def layout(folder: Path, *, address: str = "mqtts://broker.example", rebirth: bool = False, complete: bool = False) -> Path:
    path = folder / "cell.toml"
    path.write_text(LAYOUT.format(address=address, rebirth=str(rebirth).lower(), complete=str(complete).lower()), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", LINES, ids=lambda path: path.stem)
def test_that_what_is_told_is_what_the_source_subscribes_to(path: Path) -> None:
    (access,) = acl.accesses(path)
    line = load(path)
    signals, texts = signal_table(line), TextTable()
    intake = Intake(line, line.sources[0], store=Store(signals, texts, journal=None), signals=signals, texts=texts)
    source = MqttSource(intake, address="mqtt://localhost")
    assert source._filters == access.reads
    assert source._client_id.startswith(access.client_ids.removesuffix("*"))
    assert access.publishes == ()


def test_that_port_tls_protocol_and_ids_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["acl", "--layout", str(layout(tmp_path))]) == 0
    out = capsys.readouterr().out
    assert "Host broker.example, port 8883, TCP with TLS, MQTT 5" in out
    assert "Client ids twin-app-cell-*, a new one at each start" in out
    assert "reads spBv1.0/Plant/+/Cell/#, quality of service 0" in out  # births and deaths of the node govern the device
    assert "publishes nothing" in out
    assert "noise" not in out  # what is ignored is not subscribed to


def test_that_only_requests_for_births_may_ever_be_published_and_only_where_the_layout_says_so(tmp_path: Path) -> None:
    (access,) = acl.accesses(layout(tmp_path, rebirth=True))
    assert access.publishes == ("spBv1.0/Plant/NCMD/Cell",)
    assert acl.mosquitto([access]).splitlines()[-1] == "topic write spBv1.0/Plant/NCMD/Cell"


def test_that_a_kept_session_has_one_id_and_quality_1(tmp_path: Path) -> None:
    (access,) = acl.accesses(layout(tmp_path, complete=True))
    assert (access.kept, access.client_ids) == (True, "twin*")
    assert access.reads[0] == ("spBv1.0/Plant/+/Cell/#", 1)


def test_that_a_script_reads_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["acl", "--layout", str(layout(tmp_path, address="ws://broker:9001/mqtt")), "--username", "twin", "--json"]) == 0
    (source,) = json.loads(capsys.readouterr().out)["sources"]
    assert (source["host"], source["port"], source["tls"], source["websocket"], source["username"]) == ("broker", 9001, False, True, "twin")
    assert source["reads"][0] == {"filter": "spBv1.0/Plant/+/Cell/#", "qos": 0}


def test_that_mosquittos_lines_stand_alone_and_those_without_a_user_come_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["acl", "--layout", str(layout(tmp_path)), "--username", "twin", "--mosquitto"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "user twin",
        "topic read spBv1.0/Plant/+/Cell/#",
        "topic read $SYS/broker/publish/messages/dropped",
    ]
    named, nameless = acl.accesses(layout(tmp_path), username="twin")[0], acl.accesses(layout(tmp_path))[0]
    rows = acl.mosquitto([named, nameless]).splitlines()
    assert rows.index("user twin") > rows.index("topic read spBv1.0/Plant/+/Cell/#")


def test_that_a_source_that_there_is_not_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["acl", "--layout", str(layout(tmp_path)), "--source", "hall"]) == 2
    assert "has no source hall. Its sources are cell." in capsys.readouterr().err
