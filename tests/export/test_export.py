"""Samples for other programs, by the real command from real files and from values chosen to be hard."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from twin_app.__main__ import main
from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.export import FORMS, WIDE, Choice, Tally, chosen
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.samples import Kind, Quality, SampleColumns, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.plant.plant import Plant
from twin_app.session import Opened, Session
from twin_app.sources.intake import Intake
from twin_app.sources.recording import RecordingSource

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d/lines/packaging.toml"
CAPTURE = ROOT / "sample_streams/packaging.jsonl"
ON_CAPTURE = ("--layout", str(LAYOUT), "--source", str(CAPTURE))
T0 = 1_795_425_957 * SECOND_NS
"""2026-11-23T09:25:57Z"""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a person's settings and recordings out of the tests."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))


def exported(file: Path, *words: str) -> list[dict[str, str]]:
    """Export to a file of CSV and return its rows."""
    assert main(["export", *words, "-o", str(file)]) == 0
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return the sentence with which an export is refused as wrong usage."""
    assert main(["export", *words]) == 2
    return capsys.readouterr().err


# -- the capture ------------------------------------------------------------------------------------------------------


def test_that_every_speed_of_the_capture_is_exported_at_its_time_to_the_bit(tmp_path: Path) -> None:
    said = [json.loads(line) for line in CAPTURE.read_text().splitlines()]
    speeds = [
        (m["topic"].split("/")[2], round(m["t"] * 1000), float(m["payload"])) for m in said if m["topic"].endswith("Status/CurMachSpeed")
    ]
    names = [word for unit in ("Filler", "Capper", "Labeller") for word in ("--signal", f"{unit}/CurMachSpeed")]
    found = exported(tmp_path / "speeds.csv", *ON_CAPTURE, *names)
    assert len(found) == len(speeds) > 100
    for unit in ("Filler", "Capper", "Labeller"):
        rows = [(float(row["value"]), row["received_time"]) for row in found if row["unit"] == unit]
        assert [value for value, _ in rows] == [value for name, _, value in speeds if name == unit]
        fractions = [int(at[-4:-1]) for _, at in rows]
        for fraction, ms in zip(fractions, [ms for name, ms, _ in speeds if name == unit], strict=True):
            assert abs(fraction - ms % 1000) <= 1 or {fraction, ms % 1000} == {0, 999}
    assert {row["unit_of_measure"] for row in found} == {"1/min"}
    assert {row["simulated"] for row in found} == {"false"}


def test_that_the_first_words_of_the_capper_are_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "capper.csv"
    exported(file, *ON_CAPTURE, "--signal", "Capper/Mode", "--signal", "Capper/MachSpeed", "--to", "+0s")
    assert file.read_text() == (
        "time,source_time,received_time,unit,signal,type,value,unit_of_measure,quality,simulated\n"
        '2026-11-23T09:25:57.481Z,,2026-11-23T09:25:57.481Z,"Capper","Mode",text,"Production",,good,false\n'
        '2026-11-23T09:25:57.481Z,,2026-11-23T09:25:57.481Z,"Capper","MachSpeed",number,100,"1/min",good,false\n'
    )


def test_that_a_window_holds_both_its_ends_and_nothing_else(tmp_path: Path) -> None:
    whole = exported(tmp_path / "whole.csv", *ON_CAPTURE)
    start, end = whole[300]["time"], whole[900]["time"]
    part = exported(tmp_path / "part.csv", *ON_CAPTURE, "--from", start, "--to", end)
    assert part == [row for row in whole if start <= row["time"] <= end]


def test_that_a_recording_and_the_capture_it_was_made_of_are_exported_alike(tmp_path: Path) -> None:
    line, texts, path = load(LAYOUT), TextTable(), tmp_path / "line.twinrec"
    signals = signal_table(line)
    with closing(Store.reopen(path, signals=signals, texts=texts)) as store:
        RecordingSource(Intake(line, line.sources[0], store=store, signals=signals, texts=texts), CAPTURE).read()
    recorded = exported(tmp_path / "recorded.csv", "--layout", str(LAYOUT), "--source", str(path))
    assert recorded == exported(tmp_path / "captured.csv", *ON_CAPTURE)
    assert len(recorded) == 1757


def test_that_json_lines_hold_the_same_as_csv(tmp_path: Path) -> None:
    rows = exported(tmp_path / "a.csv", *ON_CAPTURE)
    assert main(["export", *ON_CAPTURE, "-o", str(tmp_path / "a.jsonl")]) == 0
    found = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [list(row) for row in found[:1]] == [list(rows[0])]
    for row, other in zip(found, rows, strict=True):
        assert (row["time"], row["unit"], row["signal"], row["quality"]) == (
            other["time"],
            other["unit"],
            other["signal"],
            other["quality"],
        )
        assert row["type"] != "number" or row["value"] == float(other["value"])
        assert row["type"] != "text" or row["value"] == other["value"]


def test_that_what_was_simulated_is_marked_in_every_row(tmp_path: Path) -> None:
    file = tmp_path / "simulated.jsonl.gz"
    assert main(["simulate", "--layout", str(LAYOUT), "--duration", "30s", "--out", str(file)]) == 0
    rows = exported(tmp_path / "simulated.csv", "--layout", str(LAYOUT), "--source", str(file))
    assert {row["simulated"] for row in rows} == {"true"}


# -- values that are hard ---------------------------------------------------------------------------------------------

HARD = 'say "no", then\nwait, 等'


@pytest.fixture
def told() -> Iterator[Callable[..., Session]]:
    """Return a maker of sessions on the packaging line that were told some samples: seconds, unit, name, value, and what differs."""
    opened: list[Session] = []

    def make(*samples: tuple[float, str, str, Any, dict[str, Any]]) -> Session:
        line, texts = load(LAYOUT), TextTable()
        signals, columns = signal_table(line), SampleColumns()
        store = Store.temporary(signals, texts)
        for number, (at_s, unit, name, value, more) in enumerate(samples):
            signal = signals.add(Signal(path=f"x/{unit}/{name}", unit=unit, name=name, kind=SignalKind.MEASUREMENT))
            at_ns = T0 + round(at_s * SECOND_NS)
            code = texts.code(value) if isinstance(value, str | bytes) else value
            columns.append(signal, effective_ns=at_ns, received_ns=at_ns, value=code, message=number, **more)
        store.append(columns.take_all())
        opened.append(Session(Opened(line, signals, texts, store, Plant(line, signals, texts, store.range), ())))
        opened[-1].fold()
        return opened[-1]

    yield make
    for session in opened:
        session.close()


def written(session: Session, form: str, *names: str, tally: Tally | None = None, start_s: float = 0.0) -> bytes:
    """Return what is exported of a session."""
    out = BytesIO()
    choice = Choice(chosen(session.signals, names), T0 + round(start_s * SECOND_NS), T0 + 1000 * SECOND_NS)
    (WIDE if form == "wide" else FORMS[form])(out, session, choice, tally or Tally(), lambda _: None)
    return out.getvalue()


HARD_ONES: tuple[tuple[float, str, str, Any, dict[str, Any]], ...] = (
    (0, "Filler", "V", -0.0, {}),
    (1, "Filler", "V", 0.1 + 0.2, {}),
    (2, "Filler", "V", 5e-324, {}),
    (3, "Filler", "V", math.nan, {}),
    (4, "Filler", "V", -math.inf, {"quality": Quality.BAD}),
    (5, "Filler", "V", "9007199254740993", {"kind": Kind.BIG_INT}),
    (6, "Filler", "V", HARD, {"kind": Kind.TEXT}),
    (7, "Filler", "V", "", {"kind": Kind.TEXT}),
    (8, "Filler", "V", b"\x00\xff", {"kind": Kind.BLOB}),
    (9, "Filler", "V", 0.0, {"kind": Kind.NULL}),
    (10, "Filler", "V", 1.0, {"kind": Kind.BOOL, "source_ns": T0 + 10 * SECOND_NS - 7}),
)


def test_that_hard_values_are_exact_in_csv(told: Callable[..., Session]) -> None:
    head, _, body = written(told(*HARD_ONES), "csv", "Filler/V").decode().partition("\n")
    assert head.startswith("time,source_time")
    cells = [row[5:7] for row in csv.reader(body.splitlines(keepends=True))]
    assert cells == [
        ["number", "-0.0"],
        ["number", "0.30000000000000004"],
        ["number", "5e-324"],
        ["number", "NaN"],
        ["number", "-Infinity"],
        ["integer", "9007199254740993"],
        ["text", HARD],
        ["text", ""],
        ["bytes", "AP8="],
        ["null", ""],
        ["boolean", "true"],
    ]
    assert '"Filler","V",text,"",,good' in body
    assert '"Filler","V",null,,,good' in body
    assert '2026-11-23T09:26:07.000Z,2026-11-23T09:26:06.999999993Z,2026-11-23T09:26:07.000Z,"Filler","V",boolean' in body


def test_that_hard_values_are_exact_in_json_lines(told: Callable[..., Session]) -> None:
    values = [json.loads(line)["value"] for line in written(told(*HARD_ONES), "jsonl", "Filler/V").splitlines()]
    assert values == [-0.0, 0.1 + 0.2, 5e-324, "NaN", "-Infinity", 2**53 + 1, HARD, "", "AP8=", None, True]
    assert math.copysign(1, values[0]) == -1


def test_that_hard_values_are_exact_in_parquet(told: Callable[..., Session]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = parquet.read_table(BytesIO(written(told(*HARD_ONES), "parquet", "Filler/V")))
    assert str(arrow.schema.field("time").type) == "timestamp[ns, tz=UTC]"
    assert [scalar.value for scalar in arrow.column("source_time")] == [*[None] * 10, T0 + 10 * SECOND_NS - 7]
    table = arrow.drop_columns(["time", "source_time", "received_time"]).to_pydict()
    numbers = table["number"]
    assert math.copysign(1, numbers[0]) == -1
    assert numbers[1:3] == [0.1 + 0.2, 5e-324]
    assert math.isnan(numbers[3])
    assert numbers[4:] == [-math.inf, *[None] * 6]
    assert table["integer"][5] == "9007199254740993"
    assert table["text"][6:8] == [HARD, ""]
    assert table["bytes"][8] == b"\x00\xff"
    assert table["boolean"][9:] == [None, True]
    assert [table["quality"][4], table["type"][9], set(table["simulated"])] == ["bad", "null", {False}]


def test_that_an_exact_repeat_is_left_out_and_counted(told: Callable[..., Session]) -> None:
    again = (1, "Filler", "V", 5.0, {"source_ns": T0 + SECOND_NS})
    tally = Tally()
    body = written(told(again, again, (2, "Filler", "V", 5.0, {})), "csv", "Filler/V", tally=tally)
    assert body.count(b"\n") == 1 + 2
    assert tally == Tally(samples=2, repeats=1)


def test_that_the_wide_form_holds_what_is_in_force_and_nothing_while_it_is_stale(told: Callable[..., Session]) -> None:
    link = {"kind": Kind.BOOL}
    session = told(
        (0, "@plant", "Connected", 1.0, link),
        (1, "Filler", "V", 1.5, {}),
        (1, "Capper", "V", "a,b", {"kind": Kind.TEXT}),
        (2, "Filler", "V", 2.0, {}),
        (3, "Capper", "V", 7.0, {"quality": Quality.BAD}),
        (4, "Capper", "V", 8.0, {}),
        (5, "@plant", "Connected", 0.0, link),
        (6, "@plant", "Connected", 1.0, link),
        (7, "Capper", "V", 9.0, {}),
    )
    assert written(session, "wide", "Filler/V", "Capper/V").decode().splitlines() == [
        'time,simulated,"Filler/V","Capper/V"',
        "2026-11-23T09:25:57.000Z,false,,",
        '2026-11-23T09:25:58.000Z,false,1.5,"a,b"',
        '2026-11-23T09:25:59.000Z,false,2,"a,b"',
        "2026-11-23T09:26:00.000Z,false,2,",
        "2026-11-23T09:26:01.000Z,false,2,8",
        "2026-11-23T09:26:02.000Z,false,,",
        "2026-11-23T09:26:03.000Z,false,,",
        "2026-11-23T09:26:04.000Z,false,,9",
    ]
    assert written(session, "wide", "Filler/V", start_s=3.5).decode().splitlines()[1] == "2026-11-23T09:26:02.000Z,false,"
    assert written(session, "wide", "Filler/V", "Capper/V", start_s=4).decode().splitlines()[1].endswith("false,2,8")


# -- refusals ---------------------------------------------------------------------------------------------------------


def test_that_a_file_is_written_over_only_by_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("mine")
    assert "--force" in refused(capsys, *ON_CAPTURE, "-o", str(file))
    assert file.read_text() == "mine"
    assert len(exported(file, *ON_CAPTURE, "--force")) == 1757


def test_that_what_is_read_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(CAPTURE.read_bytes())
    assert str(copy) in refused(capsys, "--layout", str(LAYOUT), "--source", f"plant={copy}", "--force", "-o", str(copy))
    assert copy.read_bytes() == CAPTURE.read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--signal", "Filler/CurMachSped"), "Filler/CurMachSpeed"),
        (("--signal", "Fillr"), "Filler"),
        (("--wide", "--format", "jsonl"), "CSV"),
        (("--from", "+20s", "--to", "+10s"), "ends before it starts"),
    ],
)
def test_that_wrong_usage_is_told_with_its_cure_and_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert said in refused(capsys, *ON_CAPTURE, *words, "-o", str(folder / "x.csv"))
    assert not list(folder.iterdir())


def test_that_a_missing_folder_is_told_before_anything_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "folder" in refused(capsys, "--layout", str(LAYOUT), "--source", "nowhere.jsonl", "-o", str(tmp_path / "no" / "x.csv"))


def test_that_hard_values_are_exact_in_mcap(told: Callable[..., Session]) -> None:
    reader = pytest.importorskip("mcap.reader")
    found = list(reader.make_reader(BytesIO(written(told(*HARD_ONES), "mcap", "Filler/V"))).iter_messages())
    assert {channel.topic for _, channel, _ in found} == {"Filler/V"}
    assert {schema.encoding for schema, _, _ in found} == {"jsonschema"}
    objects = [json.loads(message.data) for _, _, message in found]
    assert [one["value"] for one in objects] == [-0.0, 0.1 + 0.2, 5e-324, "NaN", "-Infinity", 2**53 + 1, HARD, "", "AP8=", None, True]
    assert [message.log_time for _, _, message in found] == sorted(message.log_time for _, _, message in found)
    assert found[-1][2].publish_time == T0 + 10 * SECOND_NS - 7


@pytest.mark.parametrize(("ending", "module"), [("parquet", "pyarrow.parquet"), ("mcap", "mcap")])
def test_that_a_format_without_its_library_names_the_extra(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ending: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert "twin-app[export]" in refused(capsys, *ON_CAPTURE, "-o", str(tmp_path / f"x.{ending}"))


def test_that_a_derived_signal_is_refused_where_it_is_named_and_left_out_where_all_are_meant() -> None:
    sent = Signal(path="x", unit="Filler", name="Sent", kind=SignalKind.MEASUREMENT)
    signals = SignalTable([sent, replace(sent, name="Reckoned", derived=True)])
    assert chosen(signals, ()) == chosen(signals, ("Filler",)) == (0,)
    with pytest.raises(UsageError, match="Reckoned"):
        chosen(signals, ("Filler/Reckoned",))


def test_that_an_interrupted_export_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(out: Any, *_: object) -> None:
        out.write(b"half")
        raise KeyboardInterrupt

    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setitem(FORMS, "csv", interrupted)
    assert main(["export", *ON_CAPTURE, "-o", str(folder / "x.csv")]) == 130
    assert not list(folder.iterdir())
