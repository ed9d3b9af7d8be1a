"""`twin-app simulate` writes what anybody can read again, with the truth beside, and publishes nothing by mistake."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from pathlib import Path

import pytest

from twin_app.__main__ import INPUT_IS_WRONG, USAGE, main
from twin_app.codec.sparkplug import wire
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.message import Status
from twin_app.model.samples import NEVER, Kind, TextTable
from twin_app.service import simulating
from twin_app.sources.capture import Capture, Captured
from twin_app.sources.intake import Intake
from twin_app.sources.recording import RecordingSource

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d/lines/packaging.toml"
BOTTLING = ROOT / "models3d/lines/bottling.toml"


def run(out: Path, *words: str) -> int:
    return main(["simulate", "--layout", str(LAYOUT), "--duration", "10min", "--out", str(out), *words])


def test_that_one_seed_writes_the_same_messages_zipped_or_not_and_another_seed_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "a.jsonl") == 0
    assert run(tmp_path / "b.jsonl.gz") == 0
    assert run(tmp_path / "c.jsonl", "--seed", "2") == 0
    plain, zipped = (tmp_path / "a.jsonl").read_bytes(), (tmp_path / "b.jsonl.gz").read_bytes()
    assert gzip.decompress(zipped) == plain
    assert (tmp_path / "c.jsonl").read_bytes() != plain
    assert hashlib.sha256(plain).hexdigest() in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.jsonl", "a.truth.jsonl", "b.jsonl.gz", "b.truth.jsonl.gz", "c.jsonl", "c.truth.jsonl",
    ]  # fmt: skip


def test_that_every_single_line_says_that_it_is_simulated(tmp_path: Path) -> None:
    run(tmp_path / "a.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert {row["simulated"] for row in rows} == {True}
    assert [row["t"] for row in rows] == sorted(row["t"] for row in rows)


def test_that_the_file_read_again_shows_the_states_and_counts_of_the_truth_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path / "a.jsonl")
    capsys.readouterr()
    truth = [json.loads(line) for line in (tmp_path / "a.truth.jsonl").read_text().splitlines()]
    head, foot = truth[0], truth[-1]
    end = "+" + str(foot["end_ns"] // 10**9 - 1) + "s"
    assert main(["kpi", "--layout", str(LAYOUT), "--source", str(tmp_path / "a.jsonl"), "--to", end, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    for unit in head["units"]:
        entered = [row for row in truth[1:-1] if row["unit"] == unit and row["event"] == "state"]
        last = entered[-1]["state"]
        seconds: dict[str, float] = {}
        for row, following in zip(entered, [*entered[1:], {"t_ns": foot["end_ns"] - 10**9}], strict=True):
            if following["t_ns"] > row["t_ns"]:
                seconds[row["state"]] = seconds.get(row["state"], 0.0) + (following["t_ns"] - row["t_ns"]) / 1e9
        assert answer["units"][unit]["state_s"] == pytest.approx(seconds, abs=0.001 * len(entered)), last
        parts = sum(row["unit"] == unit and row["event"] == "part" for row in truth[1:-1])
        bad = sum(row["unit"] == unit and row["event"] == "scrap" for row in truth[1:-1])
        assert answer["units"][unit]["counters"]["Processed"]["last"] == pytest.approx(parts - bad, abs=3.5)  # a beat before the end
        assert foot["made"][unit] == parts


def test_that_a_recording_holds_what_the_capture_holds_and_says_that_it_is_simulated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "a.twinrec") == 0
    assert run(tmp_path / "a.jsonl") == 0
    told = capsys.readouterr().out
    assert told.count(hashlib.sha256((tmp_path / "a.jsonl").read_bytes()).hexdigest()) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "a.truth.jsonl", "a.truth.jsonl.gz", "a.twinrec"]
    stores = Store.reopen(tmp_path / "a.twinrec"), read_again(tmp_path / "a.jsonl")
    assert stores[0].marked("simulated") == "seed 1"
    for store in stores:
        while store.folded < store.watermark:
            store.fold()
    span = stores[0].span()
    assert span is not None
    assert span == stores[1].span()
    assert stores[0].watermark == stores[1].watermark > 5000
    for share in (0.0, 0.1, 0.37, 0.5, 0.93, 1.0):
        at_ns = span.start_ns + round(share * (span.end_ns - span.start_ns))
        assert values_at(stores[0], at_ns) == values_at(stores[1], at_ns)
    for store in stores:
        store.close()


def read_again(capture: Path) -> Store:
    """Return a store that has read a capture with the same layout."""
    line = load(LAYOUT)
    signals, texts = signal_table(line), TextTable()
    store = Store.temporary(signals, texts)
    source = RecordingSource(Intake(line, line.sources[0], store=store, signals=signals, texts=texts), capture)
    source.start()
    ends = time.monotonic() + 20
    while source.health().status is not Status.COMPLETE and time.monotonic() < ends:
        time.sleep(0.01)
    source.stop()
    return store


def values_at(store: Store, at_ns: int) -> dict[str, tuple[int, object]]:
    """Return when each signal said last what, by path; texts as words."""
    latest = store.state_at(at_ns)
    found: dict[str, tuple[int, object]] = {}
    for i, signal in enumerate(store.signals):
        if latest.effective_ns[i] > NEVER:
            value = float(latest.value[i])
            found[signal.path] = int(latest.effective_ns[i]), store.texts.text(int(value)) if latest.kind[i] == Kind.TEXT else value
    return found


def test_that_a_simulated_recording_opened_as_a_source_says_so_in_every_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path / "a.twinrec")
    capsys.readouterr()
    for words in (["state", "--at", "+60s"], ["kpi"]):
        assert main([words[0], "--layout", str(LAYOUT), "--source", str(tmp_path / "a.twinrec"), *words[1:], "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["simulated"] is True


def test_that_a_recording_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.twinrec").write_bytes(b"what a plant said")
    assert run(tmp_path / "a.twinrec") == run(tmp_path / "a.twinrec", "--force") == USAGE
    assert "never written over" in capsys.readouterr().err
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.twinrec", b"what a plant said")]


def test_that_bytes_that_are_no_text_are_written_so_that_they_can_be_read_again(tmp_path: Path) -> None:
    layout = tmp_path / "cell.toml"
    text = LAYOUT.read_text(encoding="utf-8")
    layout.write_text(text[: text.index("[[source]]")] + CELL + text[text.index("[[unit]]") :], encoding="utf-8")
    assert main(["simulate", "--layout", str(layout), "--duration", "60s", "--out", str(tmp_path / "a.jsonl")]) == 0
    capture = Capture(tmp_path / "a.jsonl")
    messages = list(capture)
    capture.close()
    assert {message.topic.split("/")[2] for message in messages if isinstance(message, Captured)} == {"NBIRTH", "DBIRTH", "DDATA"}
    assert b'"enc":"base64"' in (tmp_path / "a.jsonl").read_bytes()
    assert all(wire.read(message.payload).metrics for message in messages if isinstance(message, Captured))


CELL = """\
[[source]]
id = "plant"
[[source.map]]
topic = "spBv1.0/G/+/E/{unit}/{tag...}"
dialect = "sparkplug_b"

"""


def test_that_a_run_nobody_dates_begins_with_the_first_shift_of_the_line() -> None:
    # 2026-01-05 is a Monday; six in the morning in Shanghai is 22:00 UTC the day before.
    for layout in (LAYOUT, BOTTLING):  # one without and one with a calendar
        assert simulating.first_shift_ns(load(layout)) == 1_767_564_000 * 10**9


def test_that_a_given_start_dates_the_first_message(tmp_path: Path) -> None:
    run(tmp_path / "a.jsonl", "--start", "2026-11-23T06:00:00+08:00")
    with (tmp_path / "a.jsonl").open() as file:
        assert json.loads(file.readline())["t"] == 1_795_384_800.0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--out", "shift.csv"], "shift.csv is no name for recorded messages. Let it end with .jsonl"),
        (["--out", "nowhere/shift.jsonl"], "cannot be a file"),
        (["--out", "a.jsonl", "--duration", "0s"], "A simulation of no length says nothing."),
        (["--out", "a.jsonl", "--duration", "long"], "“long” is not a duration."),
        (["--broker", "mqtt://localhost:1", "--prefix", ""], "“” is no prefix for topics of our own."),
        (["--broker", "mqtt://localhost:1", "--prefix", "a/#"], "“a/#” is no prefix for topics of our own."),
        (["--broker", "mqtt://localhost:1", "--speed", "0"], "0.0 is not a speed."),
    ],
)
def test_that_what_makes_no_sense_is_refused_in_a_sentence(
    words: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", "--layout", str(LAYOUT), *words]) == USAGE
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_that_a_wrong_scenario_is_told_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = tmp_path / "s.toml"
    scenario.write_text('schema = 1\n[[malfunction]]\nkind = "stop"\nunit = "Fller"\nat_s = 1\n')
    assert run(tmp_path / "a.jsonl", "--scenario", str(scenario)) == INPUT_IS_WRONG
    assert "Fller" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["s.toml"]


def test_that_neither_file_nor_broker_is_wrong_usage_for_simulating_says_where_to() -> None:
    with pytest.raises(SystemExit) as left:
        main(["simulate", "--layout", str(LAYOUT)])
    assert left.value.code == USAGE
