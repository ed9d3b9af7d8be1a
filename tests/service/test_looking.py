"""A look at a table before it is imported, and what is kept of what a person said for the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables.test_tables import LAYOUT, TEMPERATURE, file
from twin_app.__main__ import main
from twin_app.errors import GivenUpError, UsageError
from twin_app.layout import load
from twin_app.service import importing, mappings
from twin_app.service.looking import KNOWN, LEFT, NEW, NOBODY, Look, look
from twin_app.tables import Given

LINE = load(LAYOUT)
GERMAN = f"Zeit;{TEMPERATURE};TT01;Bemerkung\n23.11.2026 17:26:00;70,5;1,5;x\n23.11.2026 17:26:01;n/a;2,5;x\nkaputt;1;2;x\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))


def seen(tmp_path: Path, text: str, given: Given | None = None) -> Look:
    return look(LINE, file(tmp_path, text), given)


def test_that_a_look_shows_what_each_column_would_become_and_which_cells_would_not(tmp_path: Path) -> None:
    shown = seen(tmp_path, GERMAN)
    assert (shown.separator, shown.given.decimal, shown.given.time_unit) == (";", ",", "auto"), "a third of the times is torn: no form fits"
    shown = seen(tmp_path, GERMAN, Given(time_unit="%d.%m.%Y %H:%M:%S", mapped={"TT01": "Filler/Draught", "Bemerkung": "-"}))
    assert [(one.name, one.is_a, one.target, one.taken, one.wrong) for one in shown.named] == [
        (TEMPERATURE, KNOWN, TEMPERATURE, 1, 1), ("TT01", NEW, "Filler/Draught", 2, 0), ("Bemerkung", LEFT, "", 0, 0),
    ]  # fmt: skip
    assert shown.wrong == {(3, 1): "not a number", (4, 0): "not a time, or one without a zone"}
    assert shown.times[0] == 1795426_000_000_000_000 - 40_000_000_000
    assert shown.times[2] is None
    assert shown.problem is None
    assert shown.whole


def test_that_tags_beside_a_unit_are_looked_at_and_mapped_with_it(tmp_path: Path) -> None:
    rows = "".join(f"2026-11-23T09:26:0{i}Z,{unit},Speed,{i}\n" for i, unit in enumerate(("Filler", "Capper", "Press 3", "Filler")))
    text = f"time,unit,signal,value\n{rows}"
    assert [(one.name, one.target, one.taken) for one in seen(tmp_path, text).named] == [
        ("Filler/Speed", "Filler/Speed", 2), ("Capper/Speed", "Capper/Speed", 1), ("Press 3/Speed", "", 0),
    ]  # fmt: skip
    said = seen(tmp_path, text, Given(mapped={"Press 3/Speed": "Labeller/Speed", "Capper/Speed": "-"}))
    assert [(one.target, one.taken) for one in said.named] == [("Filler/Speed", 2), ("", 0), ("Labeller/Speed", 1)]
    assert said.counts.samples == 3


def test_that_tags_of_a_column_of_signals_are_looked_at_one_by_one(tmp_path: Path) -> None:
    rows = "".join(f"2026-11-23T09:26:0{i}Z,{tag},{i}\n" for i, tag in enumerate(("Filler.ProductTemperature", "X9", "X9")))
    shown = seen(tmp_path, f"time,tag,value\n{rows}")
    assert shown.long
    assert [(one.name, one.is_a, one.taken) for one in shown.named] == [("Filler.ProductTemperature", KNOWN, 1), ("X9", NOBODY, 0)]
    assert shown.counts.nobody == {"X9": 2}


@pytest.mark.parametrize(
    ("text", "given", "words"),
    [
        ("time,colour\n2026-11-23T09:26:00Z,red\n", Given(), "No column of the table is a signal"),
        ("when,Filler/State\nx,Execute\n", Given(), "is called time"),
        (f"time,{TEMPERATURE}\n03/04/2026 10:00:00,7\n", Given(), "No time of the first 1 rows"),
        (f"time,{TEMPERATURE}\n2026-11-23T09:26:00Z,hot\n", Given(), "None of the first 1 rows holds a value"),
        (f"time,{TEMPERATURE}\n2026-11-23T09:26:00Z,7\n", Given(mapped={"a": "Nobody/x"}), "is no signal of"),
        (f"time,{TEMPERATURE}\n", Given(), "has no rows"),
    ],
)
def test_that_a_look_says_why_it_could_not_be_imported_and_still_shows_the_rows(
    tmp_path: Path, text: str, given: Given, words: str
) -> None:
    shown = seen(tmp_path, text, given)
    assert shown.problem is not None
    assert words in shown.problem.worded()
    assert len(shown.rows) == text.count("\n") - 1


def test_that_a_day_that_may_be_the_month_is_asked_for(tmp_path: Path) -> None:
    assert seen(tmp_path, f"time,{TEMPERATURE}\n03/04/2026 10:00:00,7\n").forms == ("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S")


def test_that_what_was_said_of_a_table_is_found_again_by_its_headings_and_used_by_the_command(tmp_path: Path) -> None:
    said = Given(time_unit="%d.%m.%Y %H:%M:%S", zone="Europe/Berlin", mapped={"TT01": TEMPERATURE, TEMPERATURE: "-"})
    shown = seen(tmp_path, GERMAN, said)
    kept = mappings.keep(LINE, shown.headings, said)
    again = seen(tmp_path, GERMAN)
    assert again.remembered
    assert again.asked == said
    assert [one.taken for one in again.named] == [0, 2, 0]
    out = tmp_path / "o.twinrec"
    assert main(["import", str(tmp_path / "t.csv"), "--layout", str(LAYOUT), "--mapping", str(kept), "-o", str(out)]) == 0
    assert not seen(tmp_path, GERMAN.replace("TT01", "TT02"), None).remembered


@pytest.mark.parametrize("text", ["", "[]", '{"mapped": 3}', "\xff"])
def test_that_a_mapping_that_is_none_is_named_with_the_cure(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(UsageError, match="is no mapping of a table") as refused:
        mappings.read(path)
    assert refused.value.tip


def test_that_an_import_is_given_up_between_rows_though_none_holds_a_sample(tmp_path: Path) -> None:
    table = file(tmp_path, f"time,{TEMPERATURE}\n" + "yesterday,1\n" * 1500)

    def stop(rows: int, share: float) -> None:
        assert rows == 1000
        assert 0 < share <= 1
        raise GivenUpError

    with pytest.raises(GivenUpError):
        importing.bring_in(LAYOUT, table, tmp_path / "o.twinrec", Given(), progress=stop)
    assert not list(tmp_path.glob("*.twinrec"))
