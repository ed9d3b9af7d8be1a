"""Tables that other programs wrote: separators, encodings, times, commas, words of states; and the twin's own export, back to the bit."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin_app.__main__ import main
from twin_app.errors import SourceError, UsageError
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.samples import Kind, Quality, Samples, TextTable
from twin_app.service.opening import open_line, read_through
from twin_app.tables import Given, Taking, open_table, understood
from twin_app.tables.columns import Targets
from twin_app.times import parse_instant_ns

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d" / "lines" / "packaging.toml"
CAPTURE = ROOT / "sample_streams" / "packaging.jsonl"
TEMPERATURE = "Filler/ProductTemperature"


def read(path: Path, said: Given | None = None, **other: str) -> tuple[dict[str, list[tuple[int, object]]], Taking]:
    """Return (UTC ns, value) by `UNIT/NAME`, texts as texts, and what took them."""
    said = said or Given()
    line = load(LAYOUT)
    signals, texts = signal_table(line), TextTable()
    targets = Targets(line, signals, said.mapped)
    table = open_table(path, **other)
    taking = Taking(
        line,
        signals,
        texts,
        columns=understood(table.headings, said, targets),
        given=said,
        targets=targets,
        message=iter(range(10**9)).__next__,
    )
    for number, cells in table.rows:
        taking.take(number, cells)
    samples: Samples = taking.samples.take_all()
    found: dict[str, list[tuple[int, object]]] = {}
    for i in range(len(samples)):
        signal = signals[int(samples.signal[i])]
        value: object = float(samples.value[i])
        if samples.kind[i] in {Kind.TEXT, Kind.BIG_INT}:
            value = texts.text(int(samples.value[i]))
        found.setdefault(f"{signal.unit}/{signal.name}", []).append((int(samples.effective_ns[i]), value))
    return found, taking


def file(tmp_path: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_that_a_german_table_is_read_with_its_commas_and_its_zone(tmp_path: Path) -> None:
    text = "Zeit;Filler/ProductTemperature;Filler/State\r\n23.11.2026 17:26:00;71,5;Execute\r\n23.11.2026 17:26:01;1.071,25;held\r\n"
    path = file(tmp_path, text.encode("cp1252"))
    found, taking = read(path, Given(time_unit="%d.%m.%Y %H:%M:%S", decimal=","))
    at = parse_instant_ns("2026-11-23T17:26:00+08:00", 0)  # the line is in Shanghai
    assert found[TEMPERATURE] == [(at, 71.5), (at + 10**9, 1071.25)]
    assert found["Filler/State"] == [(at, "Execute"), (at + 10**9, "Held")]
    assert not taking.counts.refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252"])
def test_that_any_common_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    word = "温度" if encoding in {"utf-8", "utf-8-sig", "utf-16", "gb18030"} else "Größe"
    path = file(tmp_path, f"time,{word}\n2026-11-23T09:26:00Z,7\n".encode(encoding))
    found, _ = read(path, Given(mapped={word: TEMPERATURE}), zone="Europe/Berlin" if encoding == "cp1252" else "Asia/Shanghai")
    assert [value for _, value in found[TEMPERATURE]] == [7.0]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_that_any_common_separator_is_found_out(tmp_path: Path, separator: str) -> None:
    rows = [["ts", "Filler.ProductTemperature", "Capper.Processed"], ["1795425960", "70", "3"], ["1795425961000", "71", "4"]]
    path = file(tmp_path, gzip.compress("\n".join(separator.join(row) for row in rows).encode()), "t.csv.gz")
    found, _ = read(path)
    assert found[TEMPERATURE] == [(1795425960 * 10**9, 70.0), (1795425961 * 10**9, 71.0)]  # seconds and milliseconds, by their size
    assert [value for _, value in found["Capper/Processed"]] == [3.0, 4.0]


def test_that_a_row_a_sample_is_read_by_its_tags(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "timestamp,tag,value,quality\n2026-11-23T09:26:00Z,TT01,70.5,good\n2026-11-23T09:26:01Z,TT01,,bad\n"
        "2026-11-23T09:26:01Z,TT01,71,bad\n2026-11-23T09:26:02Z,XX,1,good\n",
    )
    found, taking = read(path, Given(mapped={"TT01": TEMPERATURE}))
    assert [value for _, value in found[TEMPERATURE]] == [70.5, 71.0]
    assert taking.counts.nobody == {"XX": 1}


def test_that_what_cannot_be_understood_is_counted_with_its_row(tmp_path: Path) -> None:
    path = file(
        tmp_path, "time,Filler/ProductTemperature,Filler/State\nyesterday,70,Execute\n2026-11-23T09:26:00Z,hot,\n\n2026-11-23T09:26:01Z\n"
    )
    found, taking = read(path)
    assert found == {}
    assert taking.counts.rows == 3
    assert taking.counts.refused == {"not a time, or one without a zone": 1, "not a number": 1}
    assert taking.counts.examples["not a number"] == "3: hot"


def test_that_a_cell_of_any_length_is_counted_not_fatal(tmp_path: Path) -> None:
    """Longer than 131,072 signs, where Python's own reader gives up."""
    found, taking = read(file(tmp_path, f"time,Filler/ProductTemperature\n2026-11-23T09:26:00Z,{'9' * 200_000}\n2026-11-23T09:26:01Z,70\n"))
    assert [value for _, value in found[TEMPERATURE]] == [70]
    assert taking.counts.refused.total() == 1


def test_that_of_the_hour_that_occurs_twice_rows_in_order_stay_in_order(tmp_path: Path) -> None:
    """Berlin, 2026-10-25: 03:00 summer time becomes 02:00 again, so 02:30 is 00:30 and then 01:30 UTC."""
    times = ["2026-10-25 02:30:00", "2026-10-25 02:59:59", "2026-10-25 02:00:00", "2026-10-25 02:30:00", "2026-10-25 03:00:00"]
    path = file(tmp_path, "time,Filler/ProductTemperature\n" + "".join(f"{time},{i}\n" for i, time in enumerate(times)))
    found, _ = read(path, Given(zone="Europe/Berlin"))
    utc = [parse_instant_ns(f"2026-10-25T{time}Z", 0) for time in ("00:30:00", "00:59:59", "01:00:00", "01:30:00", "02:00:00")]
    assert [at for at, _ in found[TEMPERATURE]] == utc


@pytest.mark.parametrize(
    ("text", "said", "words"),
    [
        ("", Given(), "is empty"),
        ("time\n1\n", Given(), "fewer than two headings"),
        ("when,Filler/State\n1,Execute\n", Given(), "is called time"),
        ("time,Filler/State\n1,Execute\n", Given(time="clock"), "has no column"),
        ("time,colour\n1,red\n", Given(), "No column of the table is a signal"),
        ("time,colour\n1,red\n", Given(mapped={"colour": "Nobody/Colour"}), "is no signal of"),
    ],
)
def test_that_a_table_that_says_nothing_is_refused_with_a_cure(tmp_path: Path, text: str, said: Given, words: str) -> None:
    with pytest.raises((SourceError, UsageError)) as refused:
        read(file(tmp_path, text), said)
    assert words in refused.value.worded()
    assert refused.value.tip


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_that_no_bytes_bring_the_reader_down(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = file(tmp_path_factory.mktemp("any"), data)
    try:
        read(path)
    except (SourceError, UsageError):
        return


def test_that_json_lines_are_rows_by_their_keys_and_torn_ones_are_counted(tmp_path: Path) -> None:
    huge = "1" + "0" * 400
    text = f"""{{"time":"2026-11-23T09:26:00Z","tag":"{TEMPERATURE}","value":20.5}}
{{"time":"2026-11-23T09:26:01Z","tag":"{TEMPERATURE}","val

{{"value":{huge},"type":"number","time":"2026-11-23T09:26:02Z","tag":"{TEMPERATURE}"}}
[1,2]
{{"time":"2026-11-23T09:26:03Z","tag":"{TEMPERATURE}","value":{{"x":1}}}}
"""
    found, taking = read(file(tmp_path, text, "t.jsonl"))
    start = parse_instant_ns("2026-11-23T09:26:00Z", 0)
    assert found == {TEMPERATURE: [(start, 20.5), (start + 2 * 10**9, float("inf"))]}
    assert sum(taking.counts.refused.values()) == 3


def test_that_headings_that_are_the_same_are_told_apart_so_that_one_can_be_left_out(tmp_path: Path) -> None:
    path = file(tmp_path, f"time,{TEMPERATURE}, {TEMPERATURE} ,\n2026-11-23T09:26:00Z,1,2,\n2026-11-23T09:26:01Z,3,4,\n")
    assert open_table(path).headings == ("time", TEMPERATURE, f"{TEMPERATURE} (2)", "")
    with pytest.raises(UsageError):
        read(path)
    found, _ = read(path, Given(mapped={TEMPERATURE: "-"}))
    assert [value for _, value in found[TEMPERATURE]] == [2.0, 4.0]


def figures(path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what the command line counts, without the counters that no layout describes: a table does not say that they are any."""
    assert main(["kpi", "--layout", str(LAYOUT), "--source", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    for unit in answer["units"].values():
        unit.pop("counters", None)
    return answer


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_that_an_export_comes_back_to_the_bit(tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str) -> None:
    if ending == "parquet":
        pytest.importorskip("pyarrow")
    table, back = tmp_path / f"all.{ending}", tmp_path / "back.twinrec"
    assert main(["export", "--layout", str(LAYOUT), "--source", str(CAPTURE), "-o", str(table)]) == 0
    assert main(["import", str(table), "--layout", str(LAYOUT), "-o", str(back)]) == 0
    assert "1 757 samples" in capsys.readouterr().err.replace("\u202f", " ").replace("\u2009", " ")
    assert figures(back, capsys) == figures(CAPTURE, capsys)
    answers = []
    for path in (CAPTURE, back):
        session = open_line(LAYOUT, [str(path)], record=False)
        read_through(session, None)
        wanted = session.signals.find("Filler", "ProductTemperature")
        assert wanted is not None
        span = session.span()
        assert span is not None
        answers.append(session.range(wanted, span.start_ns, span.end_ns, 10**6))
        session.close()
    for name in ("times_ns", "value", "kind", "quality"):
        assert np.array_equal(getattr(answers[0], name), getattr(answers[1], name))


def test_that_a_simulated_table_stays_simulated_and_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = file(tmp_path, "time,simulated,Filler/State\n2026-11-23T09:26:00Z,true,Execute\n2026-11-23T09:27:00Z,true,Stopped\n")
    out = tmp_path / "made.twinrec"
    assert main(["import", str(table), "--layout", str(LAYOUT), "-o", str(out)]) == 0
    session = open_line(LAYOUT, [str(out)], record=False)
    read_through(session, None)
    assert session.simulated
    assert session.timeline("Filler", *(parse_instant_ns(f"2026-11-23T09:{m}:00Z", 0) for m in ("26", "27"))).state.tolist() == [6]
    session.close()
    assert main(["import", str(table), "--layout", str(LAYOUT), "-o", str(out)]) == 2
    assert "never written over" in capsys.readouterr().err


def test_that_a_table_without_a_sample_leaves_no_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = file(tmp_path, "time,Filler/ProductTemperature\n2026-11-23T09:26:00Z,hot\n")
    assert main(["import", str(table), "--layout", str(LAYOUT), "-o", str(tmp_path / "o.twinrec")]) == 2
    said = capsys.readouterr().err
    assert "holds no sample of the line in its 1 rows" in said
    assert "the first in row 2: hot" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.csv"]


def test_that_times_in_another_form_are_named_with_the_cure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = file(tmp_path, "time;Filler/State\n25-10-26 at 02:30:00;Execute\n")
    words = ["import", str(table), "--layout", str(LAYOUT), "-o", str(tmp_path / "o.twinrec")]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "row 2: 25-10-26 at 02:30:00" in said
    assert '--time-format "%d.%m.%Y %H:%M:%S"' in said
    assert main([*words, "--time-format", "%d-%m-%y at %H:%M:%S"]) == 0


def test_that_a_signal_nobody_described_keeps_the_unit_its_rows_say(tmp_path: Path) -> None:
    table = file(tmp_path, "time,unit,signal,type,value,unit_of_measure\n2026-11-23T09:26:00Z,Filler,Draught,number,3.5,mbar\n")
    out = tmp_path / "o.twinrec"
    assert main(["import", str(table), "--layout", str(LAYOUT), "-o", str(out)]) == 0
    session = open_line(LAYOUT, [str(out)], record=False)
    read_through(session, None)
    found = session.signals.find("Filler", "Draught")
    assert found is not None
    assert session.signals[found].unit_of_measure == "mbar"
    session.close()


def test_that_qualities_are_taken_over(tmp_path: Path) -> None:
    path = file(tmp_path, "time,tag,value,quality\n2026-11-23T09:26:00Z,Filler/ProductTemperature,1,bad\n")
    _, taking = read(path)
    assert taking.counts.samples == 1
    line = load(LAYOUT)
    signals = signal_table(line)
    targets = Targets(line, signals, {})
    table = open_table(path)
    again = Taking(
        line, signals, TextTable(), columns=understood(table.headings, Given(), targets), given=Given(), targets=targets, message=lambda: 0
    )
    for number, cells in table.rows:
        again.take(number, cells)
    assert again.samples.take_all().quality.tolist() == [Quality.BAD]
