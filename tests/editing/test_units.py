"""What an engineer does to the units of a hall: what changes in the file, and above all what does not."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.editing.conftest import HALL
from twin_app import layout
from twin_app.editing.outline import Outline, outline_of
from twin_app.editing.units import (
    Place,
    added,
    connected,
    deleted,
    disconnected,
    duplicated,
    placed,
    snapped,
    turned,
    with_field,
)

if TYPE_CHECKING:
    from pathlib import Path

INLINE = (
    'schema = 1\nunit = [\n  { id = "a", type = "press", x_m = 1 },   # first\n  { id = "b", type = "press" },\n]\n\n[line]\nid = "l"\n'
)


def outline(text: str) -> Outline:
    return outline_of(tomllib.loads(text))


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came, told apart by what is common at both ends of a naive comparison."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_that_a_moved_unit_keeps_its_comment_and_the_file_every_other_line() -> None:
    text = placed(HALL, outline(HALL), {"Filler": Place(12.5, 3.0, 90.0)})
    gone, come = changed_lines(HALL, text)
    assert gone == ["x_m = 12                 # by the wall"]
    assert come == ["x_m = 12.5                 # by the wall", "y_m = 3.0", "heading_deg = 90.0"]
    assert text.index("x_m = 12.5") < text.index("y_m = 3.0") < text.index("heading_deg") < text.index('{ to = "Capper"')


def test_that_a_unit_that_stands_where_it_stood_changes_nothing() -> None:
    assert placed(HALL, outline(HALL), {"Filler": Place(12.0, 0.0, 0.0), "Nobody": Place(1, 1, 1)}) == HALL


def test_that_a_unit_in_an_inline_table_is_moved_there() -> None:
    text = placed(INLINE, outline(INLINE), {"a": Place(2.5, 0.0, 0.0), "b": Place(0.0, -1.5, 0.0)})
    assert tomllib.loads(text)["unit"] == [{"id": "a", "type": "press", "x_m": 2.5}, {"id": "b", "type": "press", "y_m": -1.5}]
    assert "# first" in text


def test_that_a_new_unit_stands_behind_the_others_and_says_only_what_the_engineer_did() -> None:
    text, unit = added(HALL, outline(HALL), "press", Place(1.5, 2.0, 0.0), like="Filler")
    assert unit == "Filler2"
    assert text.replace('[[unit]]\nid = "Filler2"\ntype = "press"\nx_m = 1.5\ny_m = 2.0\n\n', "") == HALL
    assert outline(text).units[-1].id == "Filler2"


def test_that_a_new_unit_joins_an_inline_array_in_its_form() -> None:
    text, _ = added(INLINE, outline(INLINE), "press", Place(1.0, 2.0, 15.0), like="c")
    assert tomllib.loads(text)["unit"][2] == {"id": "c", "type": "press", "x_m": 1.0, "y_m": 2.0, "heading_deg": 15}


def test_that_the_first_unit_of_a_hall_sets_its_pace_and_the_second_does_not(tmp_path: Path) -> None:
    empty = 'schema = 1\n\n[line]\nid = "l"\nsite = "S"\narea = "A"\nzone = "UTC"\n\n[[source]]\nid = "p"\n'
    text, _ = added(empty, outline(empty), "press", Place(0, 0, 0), like="Press")
    text, _ = added(text, outline(text), "press", Place(5, 0, 0), like="Press")
    line, findings = layout.judge(tmp_path / "l.toml", text.encode())
    assert findings == ()
    assert line is not None
    assert (line.constraint, [unit.id for unit in line.units]) == ("Press", ["Press", "Press2"])


def test_that_flow_is_joined_and_parted_in_every_form_of_the_list() -> None:
    text = connected(HALL, outline(HALL), "Capper", "Reject")
    assert changed_lines(HALL, text) == ([], ['feeds = [{ to = "Reject" }]'])
    text = connected(text, outline(text), "Capper", "Filler")
    assert 'feeds = [{ to = "Reject" }, { to = "Filler" }]' in text
    text = disconnected(text, outline(text), "Capper", "Reject")
    text = disconnected(text, outline(text), "Capper", "Filler")
    assert text == HALL
    sections = 'schema = 1\n[[unit]]\nid = "a"\n[[unit.feeds]]\nto = "b"\n\n[[unit]]\nid = "b"\n[[unit]]\nid = "c"\n'
    more = connected(sections, outline(sections), "a", "c")
    assert [feed["to"] for feed in tomllib.loads(more)["unit"][0]["feeds"]] == ["b", "c"]
    assert outline(disconnected(more, outline(more), "a", "b")).units[0].feeds == ("c",)


@pytest.mark.parametrize("pair", [("Filler", "Filler"), ("Filler", "Capper"), ("Nobody", "Capper"), ("Filler", "Nobody")])
def test_that_a_flow_that_is_there_or_leads_nowhere_is_not_joined(pair: tuple[str, str]) -> None:
    assert connected(HALL, outline(HALL), *pair) == HALL


def test_that_a_deleted_unit_takes_along_what_names_it_alone(tmp_path: Path) -> None:
    text = deleted(HALL, outline(HALL), ["Capper"])
    data = tomllib.loads(text)
    assert "Capper" not in text
    assert [unit["id"] for unit in data["unit"]] == ["Filler", "Reject"]
    assert [rule["topic"] for rule in data["source"][0]["map"]] == ["S/A/{unit}/{tag...}"]
    assert data["product"][0]["ideal_cycle_s"] == {"Filler": 1.5}
    assert [alarm["units"] for alarm in data["alarm"]] == [["Filler"]]
    assert "# it closes" not in text
    assert "# ---- What leaves the line on the side" in text
    assert "# the big one" in text
    assert layout.judge(tmp_path / "l.toml", text.encode())[1] == ()


def test_that_a_constraint_that_is_deleted_is_asked_for(tmp_path: Path) -> None:
    text = deleted(HALL, outline(HALL), ["Filler"])
    (finding,) = layout.judge(tmp_path / "l.toml", text.encode())[1]
    assert finding.path == ("line", "constraint")


def test_that_of_two_units_with_one_id_only_the_chosen_one_goes() -> None:
    twice = HALL.replace('id = "Reject"', 'id = "Capper"')
    found = outline(twice)
    assert [unit.key for unit in found.units] == ["Filler", "Capper", "Capper#3"]
    text = deleted(twice, found, ["Capper#3"])
    assert [unit.id for unit in outline(text).units] == ["Filler", "Capper"]
    assert 'c1 = "Capper"' in text


def test_that_all_units_may_go_and_come_again() -> None:
    text = deleted(HALL, outline(HALL), ["Filler", "Capper", "Reject"])
    assert outline(text).units == ()
    text, _ = added(text, outline(text), "press", Place(0, 0, 0), like="Press")
    assert [unit.id for unit in outline(text).units] == ["Press"]


def test_that_a_copy_has_the_units_own_tables_and_no_mapping_flow_or_cycle() -> None:
    text, copies = duplicated(HALL, outline(HALL), ["Filler", "Capper"])
    assert copies == ("Filler2", "Capper2")
    units = tomllib.loads(text)["unit"]
    assert units[3]["signal"] == units[0]["signal"]
    assert units[3]["targets"] == {"availability": 0.9}
    assert "feeds" not in units[3]
    assert units[3]["title"] == "Füller 灌装机 (Filler2)"
    assert text.count("Filler2") == 2
    assert all(line in text.splitlines() for line in HALL.splitlines())


def test_that_fields_are_set_in_place_and_taken_out_again() -> None:
    found = outline(HALL)
    text = with_field(HALL, [found.units[0]], "title", 'Filler "B"\\')
    assert tomllib.loads(text)["unit"][0]["title"] == 'Filler "B"\\'
    text = with_field(HALL, [found.units[1]], "title", "Closer")
    assert text.replace('title = "Closer"\n', "") == HALL
    assert with_field(text, [outline(text).units[1]], "title", None) == HALL


@pytest.mark.parametrize(("value", "grid", "line"), [(1.26, 0.5, 1.5), (1.2, 0.5, 1.0), (-0.2, 0.5, 0.0), (1.2345, 0.0, 1.234)])
def test_that_places_snap_to_the_nearest_line_of_the_grid(value: float, grid: float, line: float) -> None:
    assert repr(snapped(value, grid)) == repr(line)


@pytest.mark.parametrize(("heading", "by", "then"), [(0.0, -15.0, 345.0), (350.0, 15.0, 5.0), (-90.0, 0.0, 270.0), (359.9999, 0.0, 0.0)])
def test_that_headings_stay_below_a_full_turn(heading: float, by: float, then: float) -> None:
    assert turned(heading, by) == then
