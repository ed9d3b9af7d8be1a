"""What a person reads in the terminal for what a script reads as JSON."""

from __future__ import annotations

from math import inf, nan

import pytest

from twin_app.model.kpi import Kpi, LineFigures, UnitFigures
from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.model.samples import Kind, TextTable
from twin_app.model.timeline import CounterReading, Ledger
from twin_app.service.answers import StateAnswer, known, kpi_answer, value_of
from twin_app.service.tables import kpi_table, oee, state_table, state_word

MINUTE_NS = 60 * 10**9


def figures(kpi: Kpi) -> LineFigures:
    """Return the figures of a minute of which 45 s were production."""
    spent = dict.fromkeys(CATEGORIES, 0) | {Category.PRODUCTION: 45 * 10**9, Category.BLIND: 15 * 10**9}
    ledger = Ledger(0, MINUTE_NS, spent, {State.EXECUTE: 45 * 10**9}, 15 * 10**9)
    unit = UnitFigures(
        ledger=ledger, counters={"Processed": CounterReading(12.0, 10.0, 1), "Defective": CounterReading(None, 0.0)}, kpi=kpi
    )
    return LineFigures(start_ns=0, end_ns=MINUTE_NS, units={"Filler": unit}, line=kpi)


KPI = Kpi(
    availability=0.75, effectiveness=0.9, quality_ratio=0.8, oee_index=0.54, oee_low=0.5, oee_high=0.75,
    produced=10.0, good=8.0, scrap=2.0, planned_busy_s=45.0, production_s=45.0, blind_s=15.0,
)  # fmt: skip


def test_that_the_answer_holds_what_the_figures_do() -> None:
    answer = kpi_answer(figures(KPI))
    assert (answer["from"], answer["to"]) == ("1970-01-01T00:00:00.000Z", "1970-01-01T00:01:00.000Z")
    unit = answer["units"]["Filler"]
    assert unit["state_s"] == {"Execute": 45.0}
    assert unit["category_s"]["production"] == 45.0
    assert sum(unit["category_s"].values()) == 60.0
    assert unit["blind_s"] == 15.0
    assert unit["counters"]["Processed"] == {"last": 12.0, "total": 10.0, "resets": 1}
    assert unit["counters"]["Defective"]["last"] is None
    assert (unit["produced"], unit["good"], unit["scrap"]) == (10.0, 8.0, 2.0)
    assert unit["kpi"]["oee_index"] == 0.54
    assert answer["line"]["good"] == 8.0


def test_that_a_table_gives_the_oee_with_the_range_that_blind_time_leaves_open() -> None:
    row = next(line for line in kpi_table(kpi_answer(figures(KPI))).splitlines() if "Filler" in line)
    assert [cell.strip() for cell in row.strip("│ ").split("│")] == [
        "Filler", "8", "2", "75.0 %", "90.0 %", "80.0 %", "54.0 % (50.0–75.0)", "15 s",
    ]  # fmt: skip


def test_that_unknown_figures_are_dashes_and_null() -> None:
    answer = kpi_answer(figures(Kpi(blind_s=15.0)))
    assert answer["line"]["oee_index"] is None
    assert answer["units"]["Filler"]["good"] is None
    row = next(line for line in kpi_table(answer).splitlines() if "Filler" in line)
    assert row.count("–") == 6


@pytest.mark.parametrize("value", [nan, inf, -inf, None])
def test_that_what_is_no_figure_is_unknown(value: float | None) -> None:
    assert known(value) is None
    assert known(0.0) == 0.0


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.71, 0.742, "72.4 % (71.0–74.2)"), (0.7238, 0.7242, "72.4 %"), (None, None, "72.4 %")],
)
def test_that_a_range_is_said_where_it_is_wider_than_the_digits_shown(low: float | None, high: float | None, said: str) -> None:
    assert oee(0.724, low, high) == said


def test_that_every_state_has_its_word() -> None:
    assert {state_word(state.title) for state in State} == {state.title for state in State}
    assert state_word(None) == "No data"


def test_that_a_table_of_states_lists_units_with_and_without_signals() -> None:
    answer: StateAnswer = {
        "at": "2026-11-23T00:00:00.000Z",
        "simulated": False,
        "sources": {},
        "units": {
            "Filler": {
                "state": "Execute",
                "since": "S1",
                "category": "production",
                "derived": True,
                "inferred": False,
                "signals": {
                    "Speed": {"value": 57.5, "at": "T", "quality": "GOOD", "derived": True},
                    "Recipe": {"value": None, "at": "T", "quality": "STALE", "derived": False},
                },
            },
            "Capper": {"state": None, "since": "S2", "category": "blind", "derived": True, "inferred": False, "signals": {}},
            "Labeller": {"state": "Idle", "since": "S3", "category": "starved", "derived": False, "inferred": True, "signals": {}},
        },
    }
    rows = [[cell.strip() for cell in line[1:-1].split("│")] for line in state_table(answer).splitlines() if line.startswith("│")]
    assert rows == [
        ["Filler", "≈ Execute", "S1", "Speed", "57.5", "GOOD, derived"],
        ["", "", "", "Recipe", "–", "STALE"],
        ["Capper", "No data", "S2", "", "", ""],
        ["Labeller", "≈ Idle", "S3", "", "", ""],
    ]


def test_that_values_of_every_kind_can_be_carried_by_json() -> None:
    texts = TextTable()
    big, blob, text = texts.code("9007199254740993"), texts.code(b"\xff\x00"), texts.code("Räuber")
    assert value_of(1.5, Kind.NUMBER, texts) == 1.5
    assert value_of(nan, Kind.NUMBER, texts) is None
    assert value_of(1.0, Kind.BOOL, texts) is True
    assert value_of(text, Kind.TEXT, texts) == "Räuber"
    assert value_of(big, Kind.BIG_INT, texts) == 9007199254740993
    assert value_of(blob, Kind.BLOB, texts) == "/wA="
    assert value_of(nan, Kind.NULL, texts) is None
