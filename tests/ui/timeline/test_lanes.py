"""Lanes and their groups, words on bars, the table of a stretch, and the overview's pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.ui.panels.doubles import Plant, at, make_line
from twin_app.model.equipment import Line
from twin_app.model.kpi import LineFigures
from twin_app.model.overview import Overview
from twin_app.model.packml import State
from ui.palette import LIGHT
from ui.timeline.lane_image import argb
from ui.timeline.lanes import index_of, interleaved, led_by, rows_of, worst_of
from ui.timeline.overview_image import pixels
from ui.timeline.raster import LaneClass
from ui.timeline.scale import TimeScale
from ui.timeline.span_rows import cells, csv_text, heads, span_rows, states_of
from ui.timeline.wording import words_on


def grouped() -> Line:
    line = make_line("A", "B", "C", "D")
    units = tuple(replace(unit, group=group) for unit, group in zip(line.units, ("wet", "", "wet", "dry"), strict=True))
    return replace(line, units=units)


def test_that_units_of_a_group_stand_together_below_its_name_where_its_first_one_does() -> None:
    rows = rows_of(grouped(), ())
    assert [(row.title, row.unit) for row in rows] == [("wet", ""), ("A", "A"), ("C", "C"), ("B", "B"), ("dry", ""), ("D", "D")]
    assert rows[0].units == ("A", "C")


def test_that_a_folded_group_is_one_lane_that_stands_for_its_units() -> None:
    rows = rows_of(grouped(), {"wet"})
    assert [row.title for row in rows] == ["wet", "B", "dry", "D"]
    assert (index_of(rows, "C"), index_of(rows, "D"), index_of(rows, "nobody")) == (0, 3, None)


def test_that_a_line_without_groups_has_a_lane_a_unit() -> None:
    assert [row.unit for row in rows_of(make_line("A", "B"), ())] == ["A", "B"]
    assert rows_of(None, ()) == ()


def test_that_a_folded_lane_shows_the_worst_of_its_units_in_every_pixel() -> None:
    one = np.array([LaneClass.RUNNING, LaneClass.HELD, LaneClass.NOTHING], np.int8)
    other = np.array([LaneClass.ABORTED, LaneClass.RUNNING, LaneClass.NOTHING], np.int8)
    assert worst_of([one, other]).tolist() == [LaneClass.ABORTED, LaneClass.HELD, LaneClass.NOTHING]


def words(plant: Plant, start: float, end: float, wide: int = 1000) -> list[tuple[str, int]]:
    """Return the words of the filler and where each begins, with letters of 6 px."""
    scale = TimeScale(at(start), at(end), 0, wide)
    return [(w.text, w.left_px) for w in words_on(plant.intervals("F", at(0), at(200)), scale, lambda text: 6 * len(text))]


@pytest.fixture
def plant() -> Plant:
    return Plant(make_line("F"), 200.0, {"F": [(0.0, State.EXECUTE), (60.0, State.ABORTED), (100.0, State.HELD), (101.0, State.EXECUTE)]})


def test_that_a_wide_bar_carries_its_word_and_a_narrow_one_none(plant: Plant) -> None:
    assert words(plant, 0, 200) == [("Aborted", 307)]


def test_that_a_state_that_began_off_screen_carries_its_word_at_the_edge(plant: Plant) -> None:
    assert words(plant, 70, 110)[0] == ("Aborted", 7)


def test_that_running_is_named_only_where_there_is_little_else_to_see(plant: Plant) -> None:
    assert words(plant, 0, 80) == [("Execute", 7), ("Aborted", 757)]
    assert words(plant, 0, 90) == [("Aborted", 674)]


def figures(plant: Plant) -> LineFigures:
    of = {u.id: plant.figures(u.id, at(120), at(20)) for u in plant.line.units}
    return LineFigures(start_ns=at(20), end_ns=at(120), units=of, line=replace(of["F"].kpi, oee_low=0.71, oee_high=0.75))


def test_that_the_table_of_a_stretch_has_the_line_last_and_the_longest_state_first(plant: Plant) -> None:
    rows = span_rows(plant.line, figures(plant))
    states = states_of(rows)
    assert states == [State.EXECUTE, None]
    assert heads(states) == ("Unit", "▶ Execute", "? No data", "Produced", "Good", "Scrap", "A %", "E %", "Q %", "OEE %")
    assert cells(rows[0], states)[:6] == ("F", "59 s", "41 s", "729", "701", "28")
    assert cells(rows[-1], states)[0] == "Line"
    assert cells(rows[-1], states)[1:3] == ("", "")
    assert cells(rows[-1], states)[-1] == "71.0–75.0"


def test_that_passing_states_are_one_column_on_the_screen_and_all_of_them_in_the_csv(plant: Plant) -> None:
    found = figures(plant)
    unit = found.units["F"]
    ledger = replace(unit.ledger, state_ns={State.EXECUTE: 97 * 10**9, State.HOLDING: 10**9, State.UNHOLDING: 2 * 10**9}, blind_ns=0)
    rows = span_rows(plant.line, replace(found, units={"F": replace(unit, ledger=ledger)}))
    states = states_of(rows)
    assert heads(states)[1:3] == ("▶ Execute", "↻ in transition")
    assert cells(rows[0], states)[2] == "3.0 s"
    lines = csv_text(rows, found).splitlines()
    assert lines[0] == "from,2026-11-23T09:26:17.000Z,to,2026-11-23T09:27:57.000Z"
    assert lines[1].startswith("id,unit,Execute_s,Unholding_s,Holding_s,produced,good,scrap,availability")
    assert lines[2].startswith("F,F,97,2,1,729,701,28,")
    assert lines[3].startswith(",Line,,,,729,701,28,")
    assert lines[3].endswith(",0.71,0.75")


def test_that_an_overview_stacks_what_stood_and_shows_even_a_sliver() -> None:
    shares = np.zeros((4, len(State) + 1), np.float32)
    shares[:, State.EXECUTE + 1] = (1.0, 0.5, 0.999, 0.0)
    shares[:, State.ABORTED + 1] = (0.0, 0.5, 0.001, 0.0)
    picture = pixels(Overview(0, 4, shares, shares, np.zeros(4, np.uint8)), 27, LIGHT)
    red = argb(LIGHT.priority[0])
    stack = (picture[:19] == red).sum(axis=0).tolist()
    assert (picture[:19, 0] == 0).all()  # who runs leaves the ground as it is
    assert stack == [0, 10, 1, 0]  # half of nineteen rows, one for what is hardly there, and nothing where nothing is known
    band = [int(picture[-1, i]) for i in range(4)]
    assert band == [argb(LIGHT.running), red, red, 0]


def test_that_lanes_of_the_selected_and_abnormal_come_first_in_their_order_and_those_of_groups_stay() -> None:
    rows = rows_of(make_line("A", "B", "C", "D"), ())
    assert [row.unit for row in led_by(rows, {"D", "B"})] == ["B", "D", "A", "C"]
    assert led_by(rows, ()) == rows
    assert led_by(rows_of(grouped(), ()), {"D"}) == rows_of(grouped(), ())


def test_that_below_each_lane_stands_the_other_shifts_and_none_below_an_open_group() -> None:
    rows = interleaved(rows_of(grouped(), {"wet"}), "yesterday")
    told = [(row.title, row.unit, row.other) for row in rows]
    assert told == [
        ("wet", "", False), ("yesterday", "", True), ("B", "B", False), ("yesterday", "B", True), ("dry", "", False), ("D", "D", False),
        ("yesterday", "D", True),
    ]  # fmt: skip
    assert index_of(rows, "B") == 2, "a selection goes to this shift's lane"
