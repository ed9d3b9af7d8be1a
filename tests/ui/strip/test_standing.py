"""What is abnormal stands out of its group, as far as there is room, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.ui.shell import plant
from ui.strip.folding import Room, Run, folded
from ui.strip.standing import Piece, Widths, between, shares, standing

UNITS = plant.line(tuple(f"Machine {n}" for n in range(1, 201))).units
RUNS = folded(UNITS, Room(singles=10, groups=10))
"""Ten groups of twenty."""
WIDTHS = Widths(single=90.0, group=120.0, gap=5.0)
ROOM = 1000.0
"""Five groups take 5 x 120 + 4 x 5 = 620, so one of 200 and its gap find room beside them, a second does not."""


def shown(lines: list[list[Piece]]) -> list[str]:
    return [unit.id for line in lines for piece in line for unit in piece.units]


def large(lines: list[list[Piece]]) -> list[str]:
    return [piece.units[0].id for line in lines for piece in line if piece.large]


def test_that_all_is_well_is_two_lines_of_groups() -> None:
    lines = standing(RUNS, {}, WIDTHS, lines=2, room=ROOM)
    assert [[len(piece.units) for piece in line] for line in lines] == [[20] * 5, [20] * 5]


def test_that_what_stands_out_stands_behind_its_group_which_keeps_the_others() -> None:
    lines = standing(RUNS, {"M43": 200.0}, WIDTHS, lines=2, room=ROOM)
    assert [len(piece.units) for piece in lines[0]] == [20, 20, 19, 1, 20, 20]
    assert lines[0][3].units[0].id == "M43"
    assert [len(piece.units) for piece in lines[1]] == [20] * 5, "the other line stays as it was"


def test_that_lines_are_broken_anew_where_one_line_has_no_room_for_two() -> None:
    lines = standing(RUNS, {"M1": 200.0, "M2": 200.0}, WIDTHS, lines=2, room=ROOM)
    assert large(lines) == ["M1", "M2"]
    # Both lines as narrow as can be: 3 groups and both of 200 take 780, with a fourth 905; the other 7 groups take 870.
    assert [len(line) for line in lines] == [5, 7]


@pytest.mark.parametrize("failed", [3, 20, 200])
def test_that_what_finds_no_room_stays_in_its_group_and_the_root_cause_does_not(failed: int) -> None:
    wanted = {f"M{n}": 200.0 for n in (150, *(n for n in range(1, failed + 1) if n != 150))}
    lines = standing(RUNS, wanted, WIDTHS, lines=2, room=ROOM)
    assert "M150" in large(lines)
    assert sorted(shown(lines)) == sorted(unit.id for unit in UNITS)
    assert all(WIDTHS.of_line(line, wanted) <= ROOM for line in lines)
    assert len(large(lines)) >= 3


def test_that_a_unit_alone_leaves_no_empty_group_behind() -> None:
    runs = [Run((unit,)) for unit in UNITS[:8]]
    lines = standing(runs, {"M2": 200.0}, WIDTHS, lines=1, room=ROOM)
    assert [len(piece.units) for piece in lines[0]] == [1] * 8


def test_that_a_gauge_needs_its_room_too() -> None:
    gauged = Widths(single=90.0, group=120.0, gap=5.0, gauge=28.0, gauged=frozenset({"M1"}))
    assert [gauged.of(Piece(run.units, run), {}) for run in RUNS[:2]] == [148.0, 120.0]


def test_that_a_line_is_filled_by_weights_and_nobody_falls_below_what_it_needs() -> None:
    assert shares([10, 10, 10], [1, 1, 2], 80) == [20, 20, 40]
    assert shares([10, 50, 10], [1, 1, 2], 80) == [10, 50, 20]
    assert shares([40, 40], [1, 1], 40) == [20, 20], "too narrow even so: all shrink alike"


def test_that_cards_come_as_near_to_what_they_like_as_there_is_room_for() -> None:
    assert between([50, 100], [70, 180], 300) == [70, 180], "what is left over is shared out by weight"
    assert between([50, 100], [70, 180], 200) == [60, 140], "half the way: 50 of the 100 that all of it takes"
    assert between([50, 100], [70, 180], 120) == [50, 100]
    assert between([50, 100], [50, 100], 200) == [50, 100]
