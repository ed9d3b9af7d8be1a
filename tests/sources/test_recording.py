import base64
import gzip
import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from twin_app.errors import SourceError
from twin_app.model.message import Status
from twin_app.model.samples import Quality
from twin_app.sources.capture import MAX_LINE_BYTES, Broken, Capture, Captured
from twin_app.sources.leisure import Leisure
from twin_app.sources.recording import RecordingSource

T0 = 1_795_425_957.0
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a writer of files made of lines."""

    def make(*lines: object, name: str = "capture.jsonl") -> Path:
        path = tmp_path / name
        data = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
        path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
        return path

    return make


def said(state: str, at_s: float, **more: object) -> dict[str, object]:
    return {"t": T0 + at_s, "topic": "plant/Filler/Status/StateCurrentStr", "payload": state, **more}


@pytest.mark.parametrize("name", ["capture.jsonl", "capture.jsonl.gz", "zipped_without_saying_so.gz"])
def test_that_a_capture_is_read_to_its_end(bench: Any, write: Write, name: str) -> None:
    source = RecordingSource(bench.intake, write(said("Idle", 0.0004), said("Execute", 1.0019), name=name))
    source.read()
    assert bench.rows("Filler", "State") == [(0, "Idle", Quality.GOOD), (1001, "Execute", Quality.GOOD)]
    assert [(at, value) for at, value, _ in bench.rows("@plant", "Connected")] == [(0, 1.0)]
    health = source.health()
    assert (health.status, health.live, health.received, health.error, source.progress) == (Status.COMPLETE, False, 2, "", 1.0)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_that_a_pipe_nobody_writes_to_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="is no file but a pipe"):
        Capture(tmp_path / "pipe")


def test_that_a_thread_reads_the_file_and_its_end_can_be_waited_for(bench: Any, write: Write) -> None:
    source = RecordingSource(bench.intake, write(*(said("Idle", i * 0.01) for i in range(500))))
    assert (source.id, source.health().status) == ("plant", Status.IDLE)
    source.start()
    assert source.wait(30)
    source.stop()
    assert len(bench.rows("Filler", "State")) == 500


def test_that_a_reader_at_leisure_rests_and_shows_what_it_has_read_so_far(
    bench: Any, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = RecordingSource(bench.intake, write(*(said("Idle", float(i)) for i in range(5))))
    source.leisure = Leisure(3 * 10**9)
    clock = iter([100.0, *(100.0 + i * 0.01 for i in range(20))])
    monkeypatch.setattr("twin_app.sources.recording.time.monotonic", lambda: next(clock))
    rests: list[tuple[float, int]] = []
    monkeypatch.setattr(source._stopping, "wait", lambda s: rests.append((round(s, 6), len(bench.rows("Filler", "State")))))
    source.read()
    assert rests == [(0.02, 5)]  # the fourth message begins the leisure; 10 ms later, after the fifth, it rests for 20
    assert source.health().received == 5


def test_that_stopping_keeps_what_was_read_so_far(bench: Any, write: Write) -> None:
    source = RecordingSource(bench.intake, write(*(said("Idle", i * 0.01) for i in range(500))))
    source._stopping.set()
    source.read()
    assert len(bench.rows("Filler", "State")) == 1


def test_that_binary_payloads_and_delivery_marks_survive(write: Write) -> None:
    payload = bytes(range(256))
    row = {"t": T0, "topic": "a", "payload": base64.b64encode(payload).decode(), "enc": "base64", "qos": 1, "retain": True}
    with closing(Capture(write(row))) as capture:
        assert list(capture) == [Captured("a", payload, int(T0) * 10**9, 1, True)]


BROKEN = (
    b"{", b"[]", b"\xff\xfe", b'{"t": "now", "topic": "a", "payload": "b"}', b'{"t": 1, "payload": "b"}', b'{"t": -1, "topic": "a", "payload": "b"}',
    b'{"t": 1e300, "topic": "a", "payload": "b"}', b'{"t": 1, "topic": "a", "payload": "=", "enc": "base64"}',
    b'{"t": 1, "topic": "a", "payload": "b", "enc": "rot13"}', b"[" * 100_000, b'{"t": 1, "topic": "' + b"a" * MAX_LINE_BYTES + b'", "payload": ""}',
)  # fmt: skip


@pytest.mark.parametrize("line", BROKEN)
def test_that_a_broken_line_is_named_by_its_number_and_the_rest_is_read(bench: Any, write: Write, line: bytes) -> None:
    source = RecordingSource(bench.intake, write(said("Idle", 0), line, b"", said("Execute", 1)))
    source.read()
    assert [number for number, _ in source.broken] == [2]
    assert [value for _, value, _ in bench.rows("Filler", "State")] == ["Idle", "Execute"]
    health = source.health()
    assert health.refused == {"a line that is no message of a capture": 1}
    assert health.received == 3
    assert "line 2" in health.error
    refused = [raw for raw in bench.store.raw.newest(2**62, 10) if raw.refused]
    assert [raw.message.topic for raw in refused] == ["capture.jsonl:2"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty. A capture has one message a line"),
        (b"\n \n", "is no capture: line 1: there are only empty lines"),
        (b"\x7fELF\x00\x01" * 400, "is no capture: line 1"),
        (b"name,value\n" * 1000, "is no capture: line 1"),
        (gzip.compress(b"hello", mtime=0), "is no capture: line 1"),
        (b"\x1f\x8bnot gzip at all", "is damaged after line 0"),
    ],
)
def test_that_a_file_that_is_no_capture_is_refused_in_a_sentence(bench: Any, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_bytes(content)
    source = RecordingSource(bench.intake, path)
    source.start()
    with pytest.raises(SourceError) as caught:
        source.wait()
    source.stop()
    assert sentence in caught.value.worded()
    assert (source.health().status, source.health().error) == (Status.FAILED, caught.value.worded())


def test_that_a_missing_file_is_named(bench: Any, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.jsonl cannot be read: No such file or directory\. Check the path\."):
        RecordingSource(bench.intake, tmp_path / "nowhere.jsonl").read()


def test_that_a_copy_that_breaks_off_keeps_what_it_has_and_says_so(bench: Any, write: Write) -> None:
    whole = write(*(said(f"Phase {i}", i) for i in range(2000)), name="torn.gz")
    whole.write_bytes(whole.read_bytes()[:-2000])
    source = RecordingSource(bench.intake, whole)
    with pytest.raises(SourceError, match="breaks off or is damaged after line"):
        source.read()
    assert source.health().status is Status.FAILED
    assert 0 < len(bench.rows("Filler", "State")) < 2000


def test_that_an_endless_line_is_skipped_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless.gz"
    row = json.dumps(said("Idle", 0)).encode() + b"\n"
    path.write_bytes(gzip.compress(row + b"x" * (3 * MAX_LINE_BYTES + 5) + b"\n" + row, 1))
    with closing(Capture(path)) as capture:
        found = list(capture)
    assert [type(each) for each in found] == [Captured, Broken, Captured]
    assert isinstance(found[1], Broken)
    assert len(found[1].line) == 1000
