"""Figures in the making: however they are cut up, the whole is the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.plant.conftest import LINE, Bench, at
from twin_app.kpi.figures import figures
from twin_app.kpi.turn import MOST_STEPS, Turn


@pytest.fixture(params=[2, 7, 65])
def bench(request: pytest.FixtureRequest) -> Bench:
    """Return a bench of so many units, each of which made a piece a second for ten seconds."""
    units = tuple(replace(LINE.units[1], id=f"U{number}") for number in range(request.param))
    bench = Bench(units=units, constraint="U0")
    for unit in units:
        bench.say(0, "State", "Execute", unit=unit.id)
        for second in range(11):
            bench.say(second, "Processed", second, unit=unit.id)
            bench.say(second, "Defective", 0, unit=unit.id)
    bench.fold()
    return bench


def test_that_in_steps_it_comes_to_the_same_as_in_one_go(bench: Bench) -> None:
    turn, steps = Turn(bench.line, bench.plant, at(0), at(10)), 1
    while not (reckoned := turn.go_on(0.0)):
        steps += 1
    assert repr(reckoned.figures) == repr(figures(bench.line, bench.plant, at(0), at(10)))
    assert reckoned.rates_per_min == {unit.id: pytest.approx(60) for unit in bench.line.units}
    assert steps == {2: 2, 7: 7, 65: 22}[len(bench.line.units)]  # one unit a step; of 65 three, not to take more than 30
    assert steps <= MOST_STEPS


def test_that_with_time_enough_it_is_there_at_once(bench: Bench) -> None:
    reckoned = Turn(bench.line, bench.plant, at(0), at(10)).go_on(float("inf"))
    assert reckoned is not None
    assert reckoned.figures.units["U0"].kpi.good == 10
