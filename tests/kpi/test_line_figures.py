import csv
import itertools
import json
from math import isnan
from pathlib import Path
from typing import Any

import pytest

LINES = Path(__file__).parents[1] / "data/lines"
WORDS = {"RUNNING": "Execute", "STARVED": "Suspended", "BLOCKED": "Suspended", "DOWN": "Aborted"}


def test_units_of_count_bottles_cases_and_pallets_at_full_speed(shop: Any) -> None:
    # 600 bottles, 50 cases of 12, 0.8333 pallets of 60 cases a minute, for 72 min: 43,200 bottles are 3,600 cases are 60 pallets
    cycles = {"Filler": 60 / 600, "Packer": 60 / 50, "Palletiser": 60 / (50 / 60)}
    made = shop(cycles, constraint="Packer", ratios={"Packer": 12, "Palletiser": 12 * 60})
    for unit, total in (("Filler", 43200.0), ("Packer", 3600.0), ("Palletiser", 60.0)):
        made.states(unit, {0: "Execute"})
        made.counts(unit, {0: 0.0, 72 * 60: total}, {0: 0.0})
    found = made.figures(0, 72 * 60)
    for unit in cycles:
        assert found.units[unit].kpi.effectiveness == pytest.approx(1, rel=1e-12)
        assert found.units[unit].kpi.oee_index == pytest.approx(1, rel=1e-12)
    assert found.line.good == 43200
    assert found.scrapped == 0
    assert found.line.oee_index == pytest.approx(1, rel=1e-12)
    rates = made.trend(None, 0, 72 * 60, 1)
    assert rates.oee_index == [pytest.approx(1, rel=1e-12)]


def test_that_the_line_is_measured_by_its_constraint_and_its_end_never_by_an_average(shop: Any) -> None:
    made = shop({"A": 1.0, "B": 2.0, "C": 1.0}, constraint="B")
    for unit, good in (("A", 50.0), ("B", 45.0), ("C", 40.0)):
        made.states(unit, {0: "Execute"})
        made.counts(unit, {0: 0.0, 100: good}, {0: 0.0, 100: 1.0})
    found = made.figures(0, 100)
    line = found.line
    assert line.oee_index == 2.0 * 39 / 100
    assert (line.produced, line.good, line.scrap) == (40, 39, 1)
    assert found.scrapped == 3
    assert (line.availability, line.effectiveness) == (1, 0.9)


def test_that_scrap_is_summed_in_base_units_over_those_that_count(shop: Any) -> None:
    # 5 bottles and 2 cases of 12 thrown out; the palletiser counts nothing, and so neither adds nor hides
    made = shop({"Filler": 1.0, "Packer": 12.0, "Palletiser": 720.0}, constraint="Packer", ratios={"Packer": 12, "Palletiser": 720})
    for unit, scrap in (("Filler", 5.0), ("Packer", 2.0)):
        made.states(unit, {0: "Execute"})
        made.counts(unit, {0: 0.0, 100: 90.0}, {0: 0.0, 100: scrap})
    found = made.figures(0, 100)
    assert dict(found.thrown_out) == {"Filler": 5.0, "Packer": 24.0}
    assert found.scrapped == 29


def test_that_scrap_is_unknown_where_a_machine_counts_pieces_but_not_scrap(shop: Any) -> None:
    made = shop({"A": 1.0, "B": 1.0})
    made.counts("A", {0: 0.0, 100: 90.0}, {0: 0.0, 100: 3.0})
    made.counts("B", {0: 0.0, 100: 90.0}, {})
    assert isnan(made.figures(0, 100).scrapped)


def test_that_a_line_with_two_ends_counts_both(shop: Any) -> None:
    import dataclasses

    made = shop({"A": 1.0, "B": 1.0, "C": 1.0})
    a, b, c = made.line.units
    forked = dataclasses.replace(made.line, units=(a, dataclasses.replace(b, feeds=()), c))
    made = shop({"A": 1.0, "B": 1.0, "C": 1.0}, units=forked.units)
    for unit, good in (("A", 80.0), ("B", 30.0), ("C", 45.0)):
        made.states(unit, {0: "Execute"})
        made.counts(unit, {0: 0.0, 100: good}, {0: 0.0})
    assert made.figures(0, 100).line.oee_index == 0.75


def test_that_a_line_whose_flow_nobody_described_has_no_output_of_its_own(shop: Any) -> None:
    import dataclasses

    apart = tuple(dataclasses.replace(unit, feeds=()) for unit in shop({"A": 1.0, "B": 1.0}).line.units)
    made = shop({"A": 1.0, "B": 1.0}, units=apart)
    for unit in ("A", "B"):
        made.states(unit, {0: "Execute"})
        made.counts(unit, {0: 0.0, 100: 90.0}, {0: 0.0})
    found = made.figures(0, 100)
    assert found.units["A"].kpi.oee_index == 0.9
    assert isnan(found.line.oee_index)  # not 180 %: what both make may be the same pieces
    assert isnan(found.line.good)
    assert isnan(made.trend(None, 0, 100, 1).oee_index[0])


def test_that_the_line_is_known_while_its_constraint_and_its_end_are(shop: Any) -> None:
    made = shop({"A": 1.0, "B": 1.0}, constraint="A")
    made.states("A", {10: "Execute"})
    made.states("B", {30: "Execute"})
    made.counts("A", {0: 0.0, 100: 90.0}, {0: 0.0})
    made.counts("B", {0: 0.0, 30: 12.0, 100: 47.0}, {0: 0.0})
    line = made.figures(0, 100).line
    assert (line.blind_s, line.planned_busy_s, line.good) == (30, 70, 35)
    assert (line.oee_index, line.oee_low, line.oee_high) == (0.5, 0.35, 0.65)


def test_that_an_end_that_counts_nothing_leaves_the_line_unknown(shop: Any) -> None:
    made = shop({"A": 1.0, "B": 1.0})
    for unit in ("A", "B"):
        made.states(unit, {0: "Execute"})
    made.counts("A", {0: 0.0, 100: 90.0}, {0: 0.0})
    found = made.figures(0, 100)
    assert found.units["A"].kpi.oee_index == 0.9
    assert isnan(found.line.oee_index)
    assert isnan(found.line.good)


def test_that_an_empty_window_is_unknown_and_no_error(shop: Any) -> None:
    made = shop({"A": 1.0})
    found = made.figures(5, 5)
    assert isnan(found.line.oee_index)
    assert isnan(found.units["A"].kpi.oee_low)
    assert list(made.trend("A", 5, 5, 10).times_ns) == []


def test_a_simulated_line_of_five_machines_whose_third_is_the_constraint(shop: Any) -> None:
    truth = json.loads((LINES / "fixed_M3_truth.json").read_text())
    made = shop({f"M{i + 1}": float(cycle) for i, cycle in enumerate(truth["cycle_times"])}, constraint="M3")
    with (LINES / "fixed_M3_states.csv").open() as file:
        for row in csv.DictReader(file):
            made.say(float(row["t_start_s"]), row["machine"], "State", WORDS[row["state"]])
    with (LINES / "fixed_M3_parts.csv").open() as file:
        for row in csv.DictReader(file):
            made.say(float(row["t_s"]), row["machine"], "Processed", float(row["cumulative_parts"]))
    for machine in truth["summary"]:
        made.say(0, machine, "Defective", 0.0)
    found = made.figures(0, truth["T"])
    assert found.line.good == truth["sink"] == 957
    assert found.line.oee_index == 30 * 957 / 28800
    for machine, facts in truth["summary"].items():
        unit = found.units[machine]
        assert unit.kpi.production_s == facts["RUNNING"]
        assert sum(ns for c, ns in unit.ledger.category_ns.items() if c == "external") == (facts["STARVED"] + facts["BLOCKED"]) * 10**9
        assert unit.kpi.produced == facts["parts"]


def test_that_a_trend_counts_each_instant_from_the_windows_start(shop: Any) -> None:
    made = shop({"A": 1.0})
    made.states("A", {0: "Execute", 50: "Held", 75: "Execute"})
    made.counts("A", {0: 0.0, 25: 20.0, 50: 45.0, 100: 60.0}, {0: 0.0, 100: 6.0})
    found = made.trend("A", 0, 100, 4)
    assert [(ns - 1_767_225_600 * 10**9) / 1e9 for ns in found.times_ns] == [25, 50, 75, 100]
    assert list(found.availability) == [1, 1, 50 / 75, 75 / 100]
    assert list(found.oee_index) == [20 / 25, 45 / 50, 45 / 75, 54 / 100]
    assert list(found.quality_ratio) == [1, 1, 1, 54 / 60]
    assert list(found.effectiveness) == [20 / 25, 45 / 50, 45 / 50, 60 / 75]
    # Unknown before a second report; 25 in 25 s; 45 in 50 s, the next was due at 75 s; 40 from the first report on.
    assert isnan(found.rate_per_min[0])
    assert list(found.rate_per_min[1:]) == [60, 54, 32]
    assert list(found.good) == [20, 45, 45, 54]
    assert list(found.gone_s) == [25, 50, 75, 100]


def test_that_figures_at_an_instant_are_the_same_in_look_back_as_they_were_live(shop: Any) -> None:
    story = {0: "Execute", 20: "Holding", 25: "Held", 70: "Execute", 80: "Idle", 90: "Execute"}
    whole = shop({"A": 1.0})
    whole.states("A", story)
    whole.counts("A", {float(s): float(s) for s in range(0, 101, 5)}, {0: 0.0})
    whole.figures(0, 100)
    live = shop({"A": 1.0})
    live.counts("A", {0: 0.0}, {0: 0.0})
    said = sorted([*((s, "State", w) for s, w in story.items()), *((s, "Processed", float(s)) for s in range(0, 101, 5))])
    for second, now in itertools.groupby(said, key=lambda s: s[0]):
        for _, name, value in now:
            live.say(second, "A", name, value)
        assert repr(live.figures(0, second)) == repr(whole.figures(0, second))  # to the last bit, unknown ones too


def test_that_a_trend_of_the_line_is_its_figures_at_each_instant_over_outages_too(shop: Any) -> None:
    made = shop({"A": 1.0, "B": 1.0, "C": 1.0}, constraint="B")
    for unit in "ABC":
        made.states(unit, {0: "Execute", 31: "Held", 44: "Execute", 71: "Execute"})
        made.counts(unit, {0: 0.0, 20: 18.0, 40: 30.0, 70: 55.0, 100: 80.0}, {0: 0.0, 100: 3.0})
    for second, there in {0: 1.0, 55: 0.0, 66: 1.0, 96: 0.0}.items():
        made.say(second, "@plc", "Connected", there)
    found = made.trend(None, 0, 110, 22)
    for i, second in enumerate(range(5, 111, 5)):
        now = made.figures(0, second).line
        expected = (now.oee_told, now.availability, now.effectiveness, now.quality_ratio)
        assert repr(expected) == repr((found.oee_index[i], found.availability[i], found.effectiveness[i], found.quality_ratio[i])), second
        assert repr((now.good, now.planned_busy_s + now.blind_s)) == repr((found.good[i], found.gone_s[i])), second
    assert made.figures(0, 110).line.blind_s == 11 + 5 + 14, (
        "from 55 until the link is back, and until the next word of a state; from 96 on"
    )
