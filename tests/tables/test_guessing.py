"""What first rows say of how a table is written; and what two readings leave to a person."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.tables.test_tables import TEMPERATURE, file, read
from twin_app.errors import SourceError, UsageError
from twin_app.tables import Given, open_table
from twin_app.tables.guessing import forms, settled
from twin_app.times import parse_instant_ns

BERLIN = "Europe/Berlin"


def found(tmp_path: Path, text: str, said: Given | None = None) -> Given:
    """Return what is found out of a table of a line in Berlin."""
    return settled(open_table(file(tmp_path, text), zone=BERLIN), said or Given(), BERLIN)


@pytest.mark.parametrize(
    ("times", "form"),
    [
        (["2026-11-23T09:26:00Z", "2026-11-23T09:26:01Z"], ("auto",)),
        (["1795426020", "1795426021"], ("auto",)),
        (["23.11.2026 17:26:00", "23.11.2026 17:26:01"], ("%d.%m.%Y %H:%M:%S",)),
        (["23.11.26 17:26", "23.11.26 17:27"], ("%d.%m.%y %H:%M",)),
        (["11/23/2026 05:26:00 PM", "11/23/2026 05:26:01 PM"], ("%m/%d/%Y %I:%M:%S %p",)),
        (["2026年11月23日 17:26:00"], ("%Y年%m月%d日 %H:%M:%S",)),
        (["03/04/2026 10:00:00", "03/04/2026 10:00:01"], ("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S")),
        (["31/03/2026 23:59:59", "01/04/2026 00:00:01"], ("%d/%m/%Y %H:%M:%S",)),
        (["03/04/2026 23:59:59", "04/04/2026 00:00:01"], ("%d/%m/%Y %H:%M:%S",)),
        (["yesterday"], ()),
        ([datetime(2026, 11, 23, 17, 26)], ("auto",)),  # noqa: DTZ001 - of Parquet, which may name no zone
    ],
)
def test_that_the_form_of_times_is_the_one_that_fits_and_goes_on_from_row_to_row(times: list[object], form: tuple[str, ...]) -> None:
    assert forms(times, BERLIN) == form


def test_that_one_torn_line_hides_no_form() -> None:
    assert forms(["23.11.2026 17:26:00"] * 19 + ["--"], BERLIN) == ("%d.%m.%Y %H:%M:%S",)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("time;a\n1;71,5\n2;n/a\n", ","),
        ("time;a\n1;71.5\n", "."),
        ("time\ta\n1\t71,5\n", ","),
        ("time,a\n1,71.5\n", "."),
        ("time;a\n1;71\n", ","),
        ("time\ta\n1\t71\n", "."),
    ],
)
def test_that_the_decimal_sign_is_what_stands_in_the_cells(tmp_path: Path, text: str, sign: str) -> None:
    assert found(tmp_path, text).decimal == sign


def test_that_a_column_of_dates_is_the_time_where_none_is_called_so(tmp_path: Path) -> None:
    text = "n,taken,temp\n1,23.11.2026 17:26:00,70\n2,23.11.2026 17:26:01,71\n"
    given = found(tmp_path, text)
    assert (given.time, given.time_unit) == ("taken", "%d.%m.%Y %H:%M:%S")
    assert found(tmp_path, "n,count\n1,2\n").time == ""


@pytest.mark.parametrize(
    ("text", "columns", "form"),
    [
        ("Datum;Zeit;temp\n23.11.2026;17:26:00;70,5\n", ("Datum", "Zeit"), "%d.%m.%Y %H:%M:%S"),
        ("Date,Time,temp\n2026-11-23,17:26:00.25,70.5\n", ("Date", "Time"), "auto"),
        ("n,day,hour,temp\n1,11/23/2026,5:26 PM,70.5\n", ("day", "hour"), "%m/%d/%Y %I:%M %p"),
        ("time,took,temp\n2026-11-23T09:26:00Z,00:05:00,70.5\n", ("time", ""), "auto"),
    ],
)
def test_that_a_date_and_the_time_of_day_beside_it_are_one_time(tmp_path: Path, text: str, columns: tuple[str, str], form: str) -> None:
    given = found(tmp_path, text)
    assert ((given.time, given.clock), given.time_unit) == (columns, form)


def test_that_what_stands_in_two_columns_is_read_from_both(tmp_path: Path) -> None:
    path = file(tmp_path, f"Datum;Uhrzeit;{TEMPERATURE}\n23.11.2026;17:26:00;70,5\n23.11.2026;--;71\n")
    said = Given(time="Datum", clock="Uhrzeit", time_unit="%d.%m.%Y %H:%M:%S", decimal=",")
    values, taking = read(path, said)
    assert values == {TEMPERATURE: [(parse_instant_ns("2026-11-23T09:26:00Z", 0), 70.5)]}  # the line is in Shanghai
    assert list(taking.counts.examples.values()) == ["3: 23.11.2026 --"]


def test_that_what_a_person_says_is_never_guessed_anew(tmp_path: Path) -> None:
    said = Given(time="b", time_unit="ms", decimal=".")
    assert found(tmp_path, "time;b\n23.11.2026 17:26:00;71,5\n", said) == said


def test_that_a_time_its_zone_skips_is_left_out_and_said_to_be_so(tmp_path: Path) -> None:
    """Berlin, 2026-03-29: clocks go from 02:00 to 03:00, so that 02:30 never was, and 03:00 is 01:00 UTC."""
    path = file(tmp_path, f"time,{TEMPERATURE}\n2026-03-29 01:59:59,1\n2026-03-29 02:30:00,2\n2026-03-29 03:00:00,3\n")
    values, taking = read(path, Given(zone=BERLIN))
    assert values[TEMPERATURE] == [(parse_instant_ns(f"2026-03-29T{at}Z", 0), value) for at, value in (("00:59:59", 1), ("01:00:00", 3))]
    assert list(taking.counts.refused.values()) == [1]
    assert next(iter(taking.counts.refused)).startswith("a time that its zone skips")


@pytest.mark.parametrize(
    "heading",
    ["Filler/ProductTemperature", "filler product temperature [°C]", "FILLER_PRODUCTTEMPERATURE", "Filler.Product_Temperature (C)"],
)
def test_that_a_signal_is_known_however_its_name_is_spelled(tmp_path: Path, heading: str) -> None:
    values, _ = read(file(tmp_path, f"time,{heading}\n2026-11-23T09:26:00Z,7\n"))
    assert list(values) == [TEMPERATURE]


def test_that_a_column_can_be_left_out_and_a_signal_has_one_column(tmp_path: Path) -> None:
    path = file(tmp_path, f"time,{TEMPERATURE},Filler Product Temperature\n2026-11-23T09:26:00Z,7,8\n")
    with pytest.raises(UsageError, match=r"Two columns are Filler/ProductTemperature"):
        read(path)
    values, _ = read(path, Given(mapped={TEMPERATURE: "-"}))
    assert [value for _, value in values[TEMPERATURE]] == [8]


def test_that_rows_are_samples_by_columns_of_any_name_once_they_are_said(tmp_path: Path) -> None:
    path = file(tmp_path, "time,where,what,how_much\n2026-11-23T09:26:00Z,x,Filler.ProductTemperature,7\n")
    values, _ = read(path, Given(shape="long", signal="what", value="how_much"))
    assert [value for _, value in values[TEMPERATURE]] == [7]
    with pytest.raises(UsageError, match="needs a column that names the signal"):
        read(path, Given(shape="long"))


def test_that_no_line_fills_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin_app.tables.reading.LONGEST_LINE", 100)
    path = file(tmp_path, f"time,{TEMPERATURE}\n2026-11-23T09:26:00Z,{'7' * 90}\n")
    with pytest.raises(SourceError, match="longer than 100 characters"):
        read(path)


def test_that_utf_16_without_a_mark_is_read(tmp_path: Path) -> None:
    table = open_table(file(tmp_path, f"time,{TEMPERATURE}\n2026-11-23T09:26:00Z,7\n".encode("utf-16-le")))
    assert (table.encoding, table.headings, table.marked) == ("utf-16-le", ("time", TEMPERATURE), False)


@pytest.mark.parametrize("said", [Given(zone="Mars/Base"), Given(separator="::"), Given(separator="\n"), Given(time_unit="fortnights")])
def test_that_what_cannot_be_meant_is_refused_with_a_cure(said: Given) -> None:
    with pytest.raises(UsageError) as refused:
        said.check()
    assert refused.value.tip


def test_that_parquet_counts_nanoseconds_and_holds_what_csv_does_not(tmp_path: Path) -> None:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    from decimal import Decimal

    path = tmp_path / "t.parquet"
    at = parse_instant_ns("2026-11-23T09:26:00Z", 0)
    columns = {
        "time": pa.array([at + 8 * 3600 * 10**9 + 1], pa.timestamp("ns")), TEMPERATURE: [Decimal("7.5")], "Filler/List": [[1, 2]],
    }  # fmt: skip
    parquet.write_table(pa.table(columns), path)
    values, taking = read(path)  # the line is in Shanghai
    assert values[TEMPERATURE] == [(at + 1, 7.5)]
    assert values["Filler/List"] == [(at + 1, "[1, 2]")]
    assert not taking.counts.refused
