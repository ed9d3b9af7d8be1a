"""What a lane says of a state under the mouse: whom it waits for, when it was, on which clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.ui.panels.doubles import at, make_line
from twin_app.clock import SECOND_NS
from twin_app.model.derive import StateRule
from twin_app.model.historian import Span
from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.model.timeline import Intervals
from ui.timeline.tips import lane_tip


@pytest.mark.parametrize(
    ("zone", "first", "told"),
    [
        ("Asia/Shanghai", "2026-11-23T15:59:00Z", "from 2026-11-24 00:00:00.0, for 1.0 s"),
        ("Europe/Berlin", "2026-10-25T00:59:00Z", "from 02:00:00.0 UTC+1, for 1.0 s"),
        ("Europe/Berlin", "2026-03-29T00:59:00Z", "from 03:00:00.0 UTC+2, for 1.0 s"),
    ],
)
def test_that_a_tip_has_the_date_where_there_are_several_days_and_the_offset_where_the_clocks_change(
    zone: str, first: str, told: str
) -> None:
    start = round(datetime.fromisoformat(first).timestamp()) * SECOND_NS
    lane_of = Intervals(
        np.array([start, start + 60 * SECOND_NS, start + 61 * SECOND_NS], np.int64), np.array([6, 9, 6], np.int16), np.ones(3, np.int16),
        np.zeros(3, np.uint8), start + 120 * SECOND_NS,
    )  # fmt: skip
    tip = lane_tip(make_line("Filler").units[0], lane_of, 1, ZoneInfo(zone), Span(start, start + 120 * SECOND_NS))
    assert tip.splitlines()[-1] == told


def test_that_a_shift_beside_another_is_told_on_its_own_clock() -> None:
    lane_of = Intervals(
        np.array([at(0), at(61)], np.int64), np.array([9, 6], np.int16), np.ones(2, np.int16), np.zeros(2, np.uint8), at(120)
    )
    tip = lane_tip(make_line("Filler").units[0], lane_of, 0, UTC, Span(at(0), at(120)), ahead_ns=-2 * 3600 * SECOND_NS)
    assert tip.splitlines()[-1] == "from 07:25:57, for 1 min 01 s"


def test_that_a_tip_says_whom_a_unit_waits_for_and_what_of_it_is_guessed() -> None:
    unit = make_line("Filler").units[0]
    since = np.array([at(0)], np.int64)
    told = Intervals(
        since, np.array([State.SUSPENDED], np.int16), np.ones(1, np.int16), np.array([CATEGORIES.index(Category.BLOCKED)]), at(90)
    )
    guessed, span = replace(told, inferred=np.ones(1, np.bool_)), Span(at(0), at(90))
    assert lane_tip(unit, told, 0, UTC, span).splitlines()[1:3] == ["▷ Suspended", "blocked"]
    assert lane_tip(unit, guessed, 0, UTC, span).splitlines()[1:3] == ["▷ ≈ Suspended", "blocked, inferred from its neighbours"]
    ruled = replace(unit, state_rules=(StateRule(state="Suspended"),))
    assert lane_tip(ruled, told, 0, UTC, span).splitlines()[1:4] == ["▷ ≈ Suspended", "blocked", "state derived by the layout's rules"]
