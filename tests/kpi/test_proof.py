"""Which interval says most about a figure, by hand."""

from __future__ import annotations

import pytest

from twin_app.kpi.proof import MADE_OF, weightiest
from twin_app.model.kpi import Spent
from twin_app.model.packml import Category, State


def spent(start_s: float, end_s: float, state: State | None, category: Category, produced: float = 0.0, scrap: float = 0.0) -> Spent:
    """Return an interval."""
    return Spent(round(start_s * 1e9), round(end_s * 1e9), state, category, produced, produced - scrap, scrap)


ROWS = (
    spent(0, 100, State.EXECUTE, Category.PRODUCTION, 50, 1),  # 2 s a piece
    spent(100, 130, State.HELD, Category.MINOR_STOP),
    spent(
        130, 190, State.EXECUTE, Category.PRODUCTION, 20
    ),  # 3 s a piece: 160 s for 70 pieces are 2.29 s on average, so that this lost 14 s
    spent(190, 200, State.ABORTED, Category.FAILURE),
    spent(200, 205, State.STARTING, Category.TRANSITION, 4, 3),
    spent(205, 900, State.IDLE, Category.PLANNED),
    spent(900, 920, None, Category.BLIND),
)


@pytest.mark.parametrize(
    ("figure", "start_s"),
    [
        ("OEE index", 100), ("Availability", 100), ("Technical efficiency", 100), ("Effectiveness", 130), ("Reduced speed", 130), ("Good pieces", 0),
        ("Quality ratio", 200), ("Start-up losses", 200), ("Process defects", 0), ("Failures", 190), ("MTTR", 190), ("Blind time", 900), ("Planned stop", 205),
    ],
)  # fmt: skip
def test_that_a_figure_leads_to_the_interval_that_says_most_of_it(figure: str, start_s: float) -> None:
    found = weightiest(figure, ROWS)
    assert found is not None
    assert found.start_ns == start_s * 1e9


def test_that_a_figure_that_nothing_happened_of_leads_nowhere() -> None:
    assert weightiest("Set-up and adjustment", ROWS) is None
    assert all(weightiest(figure, ()) is None for figure in MADE_OF)


def test_that_availability_of_a_unit_that_never_stopped_leads_to_its_production() -> None:
    assert weightiest("Availability", ROWS[:1]) is ROWS[0]
