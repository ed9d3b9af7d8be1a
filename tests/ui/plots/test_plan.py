"""Plan and projection through a shift with a break, by hand."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING

from twin_app.model.against import Against
from twin_app.model.plan import BreakSpan
from ui.plots.plan import plan_line, projection_line

if TYPE_CHECKING:
    from ui.plots.plan import Corners

H = 3_600_000_000_000
LUNCH = BreakSpan("lunch", 4 * H, 5 * H)
AT_TWO = Against(
    start_ns=0, end_ns=8 * H, at_ns=2 * H, target=7000.0, due=2000.0, good=1500.0, gone_s=7200.0, left_s=5 * 3600.0, projected=5250.0
)  # fmt: skip
"""Two of seven busy hours are gone, and 750 an hour were made."""


def corners(found: Corners) -> list[tuple[float, float]]:
    """Hours and pieces, to a millionth."""
    times, values = found
    return [(t / H, round(v, 6)) for t, v in zip(times.tolist(), values.tolist(), strict=True)]


def test_that_the_plan_rises_evenly_stands_in_the_break_and_ends_in_the_target() -> None:
    known = plan_line(AT_TWO, [H, 2 * H], [3600.0, 7200.0], [LUNCH])
    assert corners(known) == [(0, 0), (1, 1000), (2, 2000), (4, 4000), (5, 4000), (8, 7000)]


def test_that_the_plan_so_far_stood_while_nothing_was_planned() -> None:
    """Half an hour without an order: 6.5 busy hours in all, so that at two o'clock 1.5 of them are gone."""
    against = replace(AT_TWO, gone_s=5400.0, due=7000 * 1.5 / 6.5)
    found = corners(plan_line(against, [H // 2, H], [1800.0, 1800.0], [LUNCH]))
    assert found[1] == (0.5, round(7000 * 0.5 / 6.5, 6))
    assert found[2] == (1.0, round(7000 * 0.5 / 6.5, 6))
    assert found[3] == (2.0, round(7000 * 1.5 / 6.5, 6))
    assert found[-1] == (8.0, 7000.0)


def test_that_the_projection_goes_on_from_what_is_made_and_stands_in_the_break() -> None:
    assert corners(projection_line(AT_TWO, AT_TWO.projected, [LUNCH])) == [
        (2, 1500),
        (4, 3000),
        (5, 3000),
        (8, 5250),
    ]


def test_that_in_the_middle_of_a_break_it_stands_first() -> None:
    against = replace(AT_TWO, at_ns=4 * H + H // 2, good=3000.0, left_s=3 * 3600.0)
    assert corners(projection_line(against, 5250.0, [LUNCH])) == [(4.5, 3000), (4.5, 3000), (5, 3000), (8, 5250)]


def test_that_without_a_plan_or_before_it_can_be_told_there_is_no_line() -> None:
    assert corners(plan_line(replace(AT_TWO, target=None, due=nan), [H], [3600.0], [])) == []
    assert corners(plan_line(replace(AT_TWO, due=nan), [H], [3600.0], [])) == []
    assert corners(projection_line(AT_TWO, nan, [])) == []
    assert corners(projection_line(replace(AT_TWO, good=nan), 5250.0, [])) == []
    assert corners(projection_line(replace(AT_TWO, at_ns=8 * H, left_s=0.0), 5250.0, [])) == []
