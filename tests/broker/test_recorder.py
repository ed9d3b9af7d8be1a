"""The recorder as a service: a real process, a real broker, a real signal."""

import contextlib
import hashlib
import io
import itertools
import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.broker.plant import Broker, Publisher, until
from tests.broker.test_complete import LAYOUT
from tests.service.program import Program
from twin_app.__main__ import main
from twin_app.commands.record import UNWELL
from twin_app.history import about
from twin_app.history.recording import Recording
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


EDITED = SPARING.replace("[[unit]]", '[[source.map]]\ntopic = "fresh/{unit}"\ndialect = "json_flat"\n[[unit]]', 1)


def recorded(folder: Path) -> set[int]:
    """Return the numbers that were recorded so far."""
    with Recording(folder) as recording:
        return {
            int(value)
            for samples in recording.samples()
            for value, number in zip(samples.value, samples.signal, strict=True)
            if recording.signals[int(number)].name == "number"
        }


def test_that_a_running_recorder_takes_an_edited_layout_and_loses_nothing_meanwhile(
    recorder: Program, publisher: Publisher, tmp_path: Path, layout: Path
) -> None:
    """A broken one is refused; a sound one brings its topics into the same recording, where it stands from that instant on."""
    until(lambda: any(source["status"] == "connected" for source in told(tmp_path)["sources"].values()))
    before, sent = told(tmp_path)["layout"], itertools.count()

    def say(topic: str) -> int:
        number = next(sent)
        publisher.say(topic, json.dumps({"number": number, "at": time.time_ns() // 1_000_000}))
        return number

    def is_so(wanted: Callable[[dict[str, Any]], bool]) -> bool:
        say("timed/Filler")
        return wanted(told(tmp_path))

    layout.write_text(SPARING.replace('"UTC"', '"nowhere"'))
    until(lambda: is_so(lambda now: bool(now["layout_trouble"])))
    code, answer = health(tmp_path, layout)
    assert (code, answer["layout"], answer["alive"]) == (UNWELL, before, True)
    assert "was edited and cannot be used; recording goes on under the one before: " in answer["problems"][0]
    layout.write_text(EDITED)
    recorder.process.send_signal(signal.SIGHUP)
    until(lambda: is_so(lambda now: now["layout"] != before and not now["layout_trouble"]))
    old = say("timed/Filler")
    until(lambda: say("fresh/Filler") > old and max(recorded(tmp_path / "shift")) > old)
    recorder.process.send_signal(signal.SIGTERM)
    assert recorder.ended().code == 0
    with Recording(tmp_path / "shift") as recording:
        assert [one.content_hash for one in about.layouts(recording)] == [before, hashlib.sha256(EDITED.encode()).hexdigest()]
        assert [gap.end_ns for gap in about.gaps(recording)] == [None], "but for what comes after its end"
    assert set(range(old + 1)) <= recorded(tmp_path / "shift"), "what came on the old topics is all there"
    assert len(list((tmp_path / "shift").glob("*.twinrec"))) == 1


def test_that_a_recorder_connects_anew_where_the_layout_asks_for_it_and_stays_connected_as_before_where_it_cannot(
    recorder: Program, publisher: Publisher, tmp_path: Path, layout: Path
) -> None:
    until(lambda: any(source["status"] == "connected" for source in told(tmp_path)["sources"].values()))
    layout.write_text(SPARING.replace("keepalive_s = 5", "keepalive_s = 7"))
    anew = told(tmp_path, layout=hashlib.sha256(layout.read_bytes()).hexdigest())
    assert anew["layout_trouble"] == ""
    layout.write_text(SPARING.replace('id = "plant"', 'id = "other"'))
    assert "line.toml names no address for its sources." in until(lambda: told(tmp_path)["layout_trouble"])
    assert told(tmp_path)["layout"] == anew["layout"]

    def heard() -> bool:
        publisher.say("timed/Filler", json.dumps({"number": 77, "at": time.time_ns() // 1_000_000}))
        return 77 in recorded(tmp_path / "shift")

    until(heard)
    recorder.process.send_signal(signal.SIGTERM)
    assert recorder.ended().code == 0
    assert len(list((tmp_path / "shift").glob("*.twinrec"))) == 1
