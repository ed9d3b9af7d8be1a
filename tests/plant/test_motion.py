"""How far the machines have run: what a stopwatch and a speedometer would give."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plant.conftest import LINE, Bench, at
from twin_app.model.equipment import Product
from twin_app.model.samples import Samples
from twin_app.plant.motion import FASTEST_PER_MIN, Motion

if TYPE_CHECKING:
    from collections.abc import Callable


class Runner:
    """A bench whose folded samples also drive the motion."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.motion = Motion(bench.line, bench.signals, bench.plant, bench.past)

    def fold(self, samples: Samples | None = None) -> Samples:
        """Fold what was said since the last call, or given samples."""
        batch = self.bench.remembered(samples)
        self.motion.fold(batch, self.bench.plant.fold(batch).units)
        return batch

    def cycles(self, second: float, unit: str = "Filler") -> float:
        """Return the cycles done by a second, everything said being folded."""
        self.fold()
        return self.motion.cycles(unit, at(second))


@pytest.fixture
def runner(bench: Bench) -> Runner:
    return Runner(bench)


def test_that_sixty_a_minute_for_ten_seconds_are_ten_cycles(runner: Runner) -> None:
    runner.bench.say(0, "State", "Execute")
    runner.bench.say(0, "CurMachSpeed", 60.0)
    assert runner.cycles(10) == pytest.approx(10)
    assert runner.cycles(0) == 0
    assert runner.cycles(-5) == 0


def test_that_a_change_of_speed_counts_from_its_own_instant(runner: Runner) -> None:
    runner.bench.say(0, "State", "Execute")
    for second, speed in {0: 60.0, 4: 120.0, 7: 30.0}.items():
        runner.bench.say(second, "CurMachSpeed", speed)
        runner.fold()
    assert runner.cycles(9) == pytest.approx(4 * 1 + 3 * 2 + 2 * 0.5)


def test_that_a_machine_stands_while_it_is_stopped_and_goes_on_from_where_it_stood(runner: Runner) -> None:
    runner.bench.say(0, "CurMachSpeed", 60.0)  # and it never says that its speed is nought
    runner.bench.states({0: "Execute", 10: "Held", 40: "Execute"})
    assert runner.cycles(25) == runner.cycles(10) == pytest.approx(10)
    assert runner.cycles(45) == pytest.approx(15)


def test_that_a_machine_on_its_way_to_a_stop_moves_by_its_speed(runner: Runner) -> None:
    runner.bench.say(0, "CurMachSpeed", 60.0)
    runner.bench.states({0: "Execute", 10: "Stopping", 14: "Stopped"})
    runner.bench.say(12, "CurMachSpeed", 30.0)
    assert runner.cycles(60) == pytest.approx(10 + 2 + 1)


def test_that_a_speed_that_comes_late_counts_from_when_it_was(runner: Runner) -> None:
    runner.bench.say(0, "State", "Execute")
    runner.bench.say(0, "CurMachSpeed", 60.0)
    runner.bench.say(20, "CurMachSpeed", 60.0)
    assert runner.cycles(30) == pytest.approx(30)
    runner.bench.say(10, "CurMachSpeed", 120.0)
    assert runner.cycles(30) == pytest.approx(10 + 20 + 10)
    assert runner.cycles(10) == pytest.approx(10)


def test_that_a_stop_that_becomes_known_late_takes_its_cycles_back(runner: Runner) -> None:
    runner.bench.say(0, "CurMachSpeed", 60.0)
    runner.bench.states({0: "Execute"})
    assert runner.cycles(30) == pytest.approx(30)
    runner.bench.states({10: "Held", 15: "Execute"})
    assert runner.cycles(30) == pytest.approx(25)


def test_that_a_machine_nobody_knows_of_stands_since_its_source_was_last_alive(runner: Runner) -> None:
    runner.bench.link(0, up=True)
    runner.bench.say(0, "CurMachSpeed", 60.0)
    runner.bench.states({0: "Execute"})
    assert runner.cycles(60) == pytest.approx(60)
    runner.bench.link(20, up=False)
    assert runner.cycles(60) == pytest.approx(20)
    runner.bench.link(70, up=True)
    runner.bench.states({75: "Execute"})
    assert runner.cycles(80) == pytest.approx(25)


def test_that_without_a_speed_the_time_in_execute_over_the_ideal_cycle_counts(make_bench: type[Bench]) -> None:
    bottle = Product(id="bottle", title="", ideal_cycle_s={"Filler": 0.5})
    runner = Runner(make_bench(products=(bottle,)))
    runner.bench.states({0: "Starting", 5: "Execute", 15: "Completing", 18: "Complete"})
    assert runner.cycles(60) == pytest.approx(20)
    runner.bench.states({0: "Execute"}, "Capper")
    assert runner.cycles(60, "Capper") == pytest.approx(30)  # no ideal cycle either: two seconds each


def test_that_the_first_speed_does_not_make_the_machine_jump(make_bench: type[Bench]) -> None:
    bottle = Product(id="bottle", title="", ideal_cycle_s={"Filler": 0.5})
    runner = Runner(make_bench(products=(bottle,)))
    runner.bench.states({0: "Execute"})
    assert runner.cycles(10) == pytest.approx(20)
    runner.bench.say(10, "CurMachSpeed", 60.0)
    assert runner.cycles(10) == pytest.approx(20)
    assert runner.cycles(20) == pytest.approx(30)


@pytest.mark.parametrize(("said", "taken"), [(float("nan"), 0.0), (float("inf"), 0.0), (-60.0, 0.0), (1e300, FASTEST_PER_MIN)])
def test_that_a_nonsense_speed_neither_drives_nor_breaks_the_picture(runner: Runner, said: float, taken: float) -> None:
    runner.bench.say(0, "State", "Execute")
    runner.bench.say(0, "CurMachSpeed", said)
    assert runner.cycles(60) == pytest.approx(taken)


def test_that_of_two_speeds_of_one_instant_the_later_message_drives(runner: Runner) -> None:
    runner.bench.say(0, "State", "Execute", message=1)
    runner.bench.say(0, "CurMachSpeed", 120.0, message=3)
    runner.fold()
    runner.bench.say(0, "CurMachSpeed", 60.0, message=2)
    assert runner.cycles(60) == pytest.approx(120)


def test_that_a_unit_that_is_not_in_the_line_is_no_unit(runner: Runner) -> None:
    runner.bench.say(0, "CurMachSpeed", 60.0, unit="Stranger")
    with pytest.raises(KeyError):
        runner.cycles(0, "Stranger")


SAID = st.lists(
    st.tuples(
        st.integers(0, 60_000),
        st.sampled_from([("State", "Execute"), ("State", "Held"), ("State", "Stopping"), ("CurMachSpeed", 61.7), ("CurMachSpeed", 0.0)]),
    ),
    min_size=1,
    max_size=30,
)


@given(said=SAID, seed=st.integers(0, 2**32), cut=st.integers(1, 5))
def test_that_order_and_batches_leave_no_bit_behind(
    make_bench: Callable[..., Bench], said: list[tuple[int, tuple[str, float | str]]], seed: int, cut: int
) -> None:
    whole, pieces = Runner(make_bench()), Runner(make_bench())
    for runner in (whole, pieces):
        for number, (millisecond, (name, value)) in enumerate(said):
            runner.bench.say(millisecond / 1000, name, value, message=number)
    whole.fold()
    samples = pieces.bench._said.take_all()
    shuffled = samples.take(np.random.default_rng(seed).permutation(len(samples)))
    for start in range(0, len(samples), cut):
        pieces.fold(shuffled.take(slice(start, start + cut)))
    for second in range(0, 70, 3):
        assert whole.motion.cycles("Filler", at(second)) == pieces.motion.cycles("Filler", at(second))


def test_that_a_reader_in_another_thread_never_sees_the_machine_run_backwards(runner: Runner) -> None:
    assert runner.bench.line.units == LINE.units
    runner.bench.say(0, "State", "Execute")
    runner.bench.say(0, "CurMachSpeed", 60.0)
    runner.fold()
    found: list[float] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            found.append(runner.motion.cycles("Filler", at(1000)))

    reader = threading.Thread(target=read)
    reader.start()
    for second in range(1, 300):
        runner.bench.say(second, "CurMachSpeed", 60.0 + second)  # ever faster: every fold adds to the cycles done by then
        runner.fold()
    done.set()
    reader.join()
    assert found == sorted(found)
