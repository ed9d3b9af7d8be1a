"""A recording is decoded anew from the messages it keeps: under the same layout to the same bits, under a corrected one as if that had been there."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.history.test_sealed import as_rows
from twin_app.__main__ import main
from twin_app.errors import RecordingError, UsageError
from twin_app.history import about
from twin_app.history.limits import Limits
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.samples import Kind, TextTable
from twin_app.service.remapping import remap
from twin_app.sources.capture import Capture, Captured
from twin_app.sources.intake import Intake
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d" / "lines" / "packaging.toml"
STREAM = ROOT / "sample_streams" / "packaging.jsonl"
MESSAGES = 1500


@pytest.fixture(scope="module")
def heard() -> list[Captured]:
    found: list[Captured] = []
    with contextlib.closing(Capture(STREAM)) as capture:
        for one in capture:
            if isinstance(one, Captured):
                found.append(one)
            if len(found) == MESSAGES:
                break
    return found


def recorded(path: Path, layout: Path, heard: Sequence[Captured], *, raw_days: float = 7.0) -> Path:
    """Record messages as a live line does."""
    line = load(layout)
    signals, texts = signal_table(line), TextTable()
    with contextlib.closing(Store.reopen(path, signals=signals, texts=texts, limits=Limits(raw_days=raw_days))) as store:
        (intake,) = (Intake(line, source, store=store, signals=signals, texts=texts) for source in line.sources)
        store.describe(line, heard[0].received_ns)
        intake.connected(heard[0].received_ns)
        for one in heard:
            intake.receive(one.topic, one.payload, received_ns=one.received_ns, qos=one.qos, retain=one.retain)
        intake.finish()
        while store.folded < store.watermark:
            store.fold()
        store.seal(everything=True)
    return path


def said(path: Path) -> list[tuple[object, ...]]:
    """Return all samples of a recording by what they mean, message numbers left out: those are a run's own."""
    with Recording(path) as recording:
        rows: list[tuple[object, ...]] = []
        for row in as_rows(list(recording.samples())):
            signal, effective, source, received, kind, quality, _, value = row
            meant = recording.texts.text(round(float_of(value))) if kind == Kind.TEXT else value
            rows.append((recording.signals[int(str(signal))].path, effective, source, received, kind, quality, meant))
        return sorted(rows, key=str)


def float_of(bits: object) -> float:
    import struct

    return float(struct.unpack("<d", struct.pack("<q", bits))[0])


def test_that_the_same_layout_gives_the_same_samples_to_the_bit(tmp_path: Path, heard: list[Captured]) -> None:
    path = recorded(tmp_path / "shift.twinrec", LAYOUT, heard)
    before = path.read_bytes()
    done = remap(path, LAYOUT, tmp_path / "again.twinrec")
    assert done.messages == MESSAGES
    assert said(tmp_path / "again.twinrec") == said(path)
    assert path.read_bytes() == before, "what is read is not changed"
    with Recording(tmp_path / "again.twinrec") as found:
        assert about.parent(found) == str(path.resolve())


def test_that_a_corrected_layout_gives_what_it_would_have_given_from_the_start(tmp_path: Path, heard: list[Captured]) -> None:
    """As it was written first, the layout took the filler's temperature for something else."""
    text = LAYOUT.read_text()
    wrong, right = tmp_path / "wrong.toml", tmp_path / "right.toml"
    wrong.write_text(text.replace('"Status/Parameter/0/Value" = "ProductTemperature"', '"Status/Parameter/0/Value" = "Pressure"'))
    right.write_text(text)
    path = recorded(tmp_path / "shift.twinrec", wrong, heard)
    remap(path, right, tmp_path / "mended.twinrec")
    assert said(tmp_path / "mended.twinrec") != said(path)
    assert said(tmp_path / "mended.twinrec") == said(recorded(tmp_path / "ideal.twinrec", right, heard))


def test_that_a_recording_that_keeps_no_messages_is_refused_and_nothing_is_left_of_it(tmp_path: Path, heard: list[Captured]) -> None:
    path = recorded(tmp_path / "shift.twinrec", LAYOUT, heard[:200], raw_days=0.0)
    with pytest.raises(RecordingError, match=r"No messages of .*shift\.twinrec are kept .*recording\.raw_days"):
        remap(path, LAYOUT, tmp_path / "again.twinrec")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["shift.twinrec"]


def test_that_messages_that_are_gone_are_told_and_the_rest_is_decoded_where_that_is_asked_for(
    tmp_path: Path, heard: list[Captured]
) -> None:
    path = tmp_path / "shift.twinrec"
    recorded(path, LAYOUT, heard[:400], raw_days=0.0)
    recorded(path, LAYOUT, heard[1000:])
    oldest = iso_utc(heard[1000].received_ns)
    with pytest.raises(RecordingError) as told:
        remap(path, LAYOUT, tmp_path / "again.twinrec")
    assert f"before {oldest} are gone" in str(told.value)
    assert f"--from {oldest}" in str(told.value)
    done = remap(path, LAYOUT, tmp_path / "again.twinrec", start_ns=heard[1000].received_ns)
    assert done.messages == MESSAGES - 1000


def test_that_nothing_is_written_over(tmp_path: Path, heard: list[Captured]) -> None:
    path = recorded(tmp_path / "shift.twinrec", LAYOUT, heard[:50])
    with pytest.raises(UsageError, match="is there already"):
        remap(path, LAYOUT, path)
    with pytest.raises(UsageError, match=r"does not end in \.twinrec"):
        remap(path, LAYOUT, tmp_path / "again.csv")


def test_that_the_command_line_decodes_anew_and_tells_what_a_recording_holds(
    tmp_path: Path, heard: list[Captured], capsys: pytest.CaptureFixture[str]
) -> None:
    path, again = recorded(tmp_path / "shift.twinrec", LAYOUT, heard), tmp_path / "again.twinrec"
    assert main(["remap", str(path), "--layout", str(LAYOUT), "-o", str(again)]) == 0
    assert f"{MESSAGES:,} messages decoded anew" in capsys.readouterr().err.replace("\u2009", ",")
    assert main(["contents", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["raw"]["messages"] == MESSAGES
    assert [one["name"] for one in answer["layouts"]] == ["packaging.toml"]
    assert main(["contents", str(again), "--layouts", str(tmp_path / "layouts")]) == 0
    words = capsys.readouterr().out
    assert f"Made of {path.resolve()}." in words
    assert [one.read_bytes() for one in (tmp_path / "layouts").iterdir()] == [LAYOUT.read_bytes()]
