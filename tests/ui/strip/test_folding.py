"""Neighbours share a card where a line is long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.shell import plant
from twin_app.model.equipment import Unit
from ui.strip.folding import Room, Run, called, folded

ROOM = Room(singles=18, groups=14)


def units(count: int, **groups: range) -> list[Unit]:
    of = plant.line(tuple(f"Machine {n}" for n in range(1, count + 1)))
    named = {n: name for name, span in groups.items() for n in span}
    return [replace(unit, group=named.get(n, "")) for n, unit in enumerate(of.units, 1)]


def ids(run: Run) -> list[str]:
    return [unit.id for unit in run.units]


def test_that_units_have_cards_of_their_own_while_there_is_room() -> None:
    assert [len(run.units) for run in folded(units(18), ROOM)] == [1] * 18


@pytest.mark.parametrize(("count", "lengths"), [(19, [4, 4, 3, 4, 4]), (40, [4] * 10), (80, [6, 6, 6, 5, 6, 6, 6, 5, 6, 6, 6, 5, 6, 5])])
def test_that_a_longer_line_folds_into_neighbourhoods_of_about_equal_length(count: int, lengths: list[int]) -> None:
    runs = folded(units(count), ROOM)
    assert sorted(len(run.units) for run in runs) == sorted(lengths)
    assert [name for run in runs for name in ids(run)] == [f"M{n}" for n in range(1, count + 1)]


def test_that_two_hundred_units_fold_into_as_many_groups_as_find_room() -> None:
    runs = folded(units(200), ROOM)
    assert len(runs) == 14
    assert {len(run.units) for run in runs} == {14, 15}


def test_that_the_layouts_own_groups_are_kept_and_called_by_their_names() -> None:
    runs = folded(units(40, Filling=range(1, 21), Packing=range(25, 41)), ROOM)
    assert [(called(run), len(run.units)) for run in runs] == [("Filling", 20), ("Machine 21–24", 4), ("Packing", 16)]


def test_that_a_group_stands_where_its_first_unit_does_though_the_flow_leaves_it_in_between() -> None:
    interleaved = [replace(unit, group="odd" if n % 2 else "even") for n, unit in enumerate(units(30), 1)]
    odd, even = folded(interleaved, ROOM)
    assert (odd.name, ids(odd)[:3]) == ("odd", ["M1", "M3", "M5"])
    assert (even.name, len(even.units)) == ("even", 15)


def test_that_more_groups_than_find_room_are_taken_together_by_neighbours() -> None:
    cells = {f"Cell {n}": range(5 * n - 4, 5 * n + 1) for n in range(1, 9)}
    runs = folded(units(40, **cells), Room(singles=10, groups=6))
    assert len(runs) == 6
    assert sum(len(run.units) for run in runs) == 40
    assert called(runs[0]) == "Cell 1 – Cell 2"


def test_that_an_open_group_shows_its_units_and_one_card_before_and_behind_it() -> None:
    whole = folded(units(200), ROOM)
    runs = folded(units(200), ROOM, frozenset(ids(whole[3])))
    assert [len(run.units) for run in runs] == [43, *[1] * 14, 143]
    assert [name for run in runs for name in ids(run)] == [f"M{n}" for n in range(1, 201)]


def test_that_an_open_group_of_many_shows_its_parts() -> None:
    line = units(1000)
    whole = folded(line, ROOM)
    parts = folded(line, ROOM, frozenset(ids(whole[0])))
    assert len(parts) <= 14
    assert max(len(run.units) for run in parts[:-1]) <= 8
    assert sum(len(run.units) for run in parts) == 1000


@pytest.mark.parametrize(
    ("ends", "name"),
    [
        ((("M1", "Filler 1"), ("M9", "Filler 9")), "Filler 1–9"),
        ((("M1", "Filler 1"), ("M9", "Capper 9")), "M1–M9"),
        ((("M1", "Filler 1"), ("M2", "Capper 2"), ("M9", "Filler 9")), "M1–M9"),
        ((("depalletiser_a", "Depalletiser A"), ("wrapper_north", "Wrapper")), "Depalletiser A – Wrapper"),
    ],
)
def test_that_a_neighbourhood_is_called_by_its_ends(ends: tuple[tuple[str, str], ...], name: str) -> None:
    any_unit = units(1)[0]
    assert called(Run(tuple(replace(any_unit, id=key, title=title) for key, title in ends))) == name
