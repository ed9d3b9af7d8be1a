"""The recorder as a service: a real process, a real broker, a real signal."""

import contextlib
import io
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.broker.plant import Broker, Publisher, until
from tests.broker.test_complete import LAYOUT
from tests.service.program import Program
from twin_app.__main__ import main
from twin_app.commands.record import UNWELL
from twin_app.history.store import Store
from twin_app.service.recorder import STATUS

SPARING = LAYOUT.replace("complete = true\n", "")
"""The same line without a session that the broker keeps."""


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    path = tmp_path / "line.toml"
    path.write_text(SPARING)
    return path


@pytest.fixture
def recorder(tmp_path: Path, layout: Path, broker: Broker) -> Iterator[Program]:
    program = Program(tmp_path / "home", "record", "--layout", str(layout), "--source", broker.address, "--out", str(tmp_path / "shift"))
    yield program
    program.close()


def told(tmp_path: Path, **wanted: Any) -> dict[str, Any]:
    """Wait until the recorder tells what is wanted, and return all it tells."""

    def tells() -> dict[str, Any] | None:
        try:
            status: dict[str, Any] = json.loads((tmp_path / "shift" / STATUS).read_text())
        except FileNotFoundError:
            return None
        return status if all(status[key] == value for key, value in wanted.items()) else None

    return until(tells)  # type: ignore[no-any-return]  # until gives back what is true


def health(tmp_path: Path, layout: Path) -> tuple[int, dict[str, Any]]:
    """Ask as a monitor does, but in this process: it starts at once; return exit code and answer."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said):
        patch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
        code = main(["health", "--layout", str(layout), "--out", str(tmp_path / "shift"), "--json"])
    return code, json.loads(said.getvalue())


def test_that_a_service_records_until_it_is_told_to_stop_and_says_how_it_is(
    recorder: Program, publisher: Publisher, tmp_path: Path, layout: Path
) -> None:
    until(lambda: any(source["status"] == "connected" for source in told(tmp_path)["sources"].values()))
    for number in range(40):
        publisher.say("timed/Filler", json.dumps({"number": number, "at": time.time_ns() // 1_000_000 + number}))
    until(lambda: told(tmp_path, waiting=0)["samples"] >= 40)
    code, answer = health(tmp_path, layout)
    assert (code, answer["healthy"], answer["alive"], answer["problems"]) == (0, True, True, [])
    assert answer["pid"] == recorder.process.pid
    recorder.process.send_signal(signal.SIGTERM)
    assert recorder.ended().code == 0
    assert health(tmp_path, layout)[1]["problems"] == ["No recorder runs for this line."]
    (path,) = (tmp_path / "shift").glob("*.twinrec")
    store = Store.reopen(path)
    samples, _ = store.read_since(0, 2**62)
    assert samples.value[samples.signal == store.signals.find("Filler", "number")].tolist() == list(range(40))
    store.close()


def test_that_a_second_recorder_says_who_records_the_line(recorder: Program, broker: Broker, tmp_path: Path, layout: Path) -> None:
    told(tmp_path)
    second = Program(tmp_path / "home", "record", "--layout", str(layout), "--source", broker.address, "--out", str(tmp_path / "shift"))
    ended = second.ended()
    second.close()
    assert ended.code == 1
    assert f"is being written by process {recorder.process.pid} on " in ended.err


def test_that_a_killed_recorder_and_a_lost_broker_are_found_by_the_monitor(
    recorder: Program, broker: Broker, tmp_path: Path, layout: Path
) -> None:
    until(lambda: any(source["status"] == "connected" for source in told(tmp_path)["sources"].values()))
    broker.kill()
    until(lambda: all(source["status"] != "connected" for source in told(tmp_path)["sources"].values()))
    code, answer = health(tmp_path, layout)
    assert (code, answer["alive"]) == (UNWELL, True)
    assert answer["problems"][0].startswith("The source ")
    recorder.process.kill()
    recorder.process.wait()
    path = tmp_path / "shift" / STATUS
    status = json.loads(path.read_text())
    path.write_text(json.dumps({**status, "at_ns": status["at_ns"] - 60 * 10**9}))
    code, answer = health(tmp_path, layout)
    assert (code, answer["alive"]) == (UNWELL, False)
    assert "has not been heard of for 1 min" in answer["problems"][0]
