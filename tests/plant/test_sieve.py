"""What a plant says again and again: it costs nothing, and counts after all where something late lies before it."""

from __future__ import annotations

from typing import Any

from tests.plant.conftest import at
from twin_app.model.packml import State
from twin_app.plant.sieve import OFTEN


def kept(bench: Any, name: str = "State") -> int:
    """Return how many samples of the filler the plant keeps."""
    unit = bench.plant._units["Filler"]
    return len(unit.facts.state if name == "State" else unit.counters[name]._track)


def test_that_a_thousand_times_the_same_is_kept_once(bench: Any) -> None:
    for second in range(1000):
        bench.say(second, "State", "Execute")
        bench.say(second, "Processed", 7.0)
        if second % 100 == 0:
            bench.fold()
    bench.fold()
    assert (kept(bench), kept(bench, "Processed")) == (1, 1)
    assert bench.in_states(0, 1000) == {"Execute": 1000}


def test_that_a_late_word_between_repeats_holds_until_the_next_of_them(bench: Any) -> None:
    for second in range(10):
        bench.say(second, "State", "Execute")
    bench.fold()
    bench.say(4.5, "State", "Held")
    assert bench.in_states(0, 10) == {"Execute": 9.5, "Held": 0.5}


def test_that_what_is_said_again_after_an_outage_is_known_again(bench: Any) -> None:
    bench.link(0, up=True)
    for second in (0, 1, 2):
        bench.say(second, "State", "Execute")
    bench.fold()
    bench.link(3, up=False)
    bench.link(5, up=True)
    bench.fold()
    bench.say(6, "State", "Execute")
    assert bench.in_states(0, 10) == {"Execute": 7, "blind": 3}


def test_that_an_outage_told_late_ends_with_the_repeat_after_it(bench: Any) -> None:
    for second in range(10):
        bench.say(second, "State", "Execute")
    bench.fold()
    bench.link(3.2, up=False)
    bench.link(5.5, up=True)
    assert bench.in_states(0, 10) == {"Execute": 7.2, "blind": 2.8}


def test_that_a_late_count_between_repeats_is_a_restart_and_a_new_run(bench: Any) -> None:
    for second in range(10):
        bench.say(second, "Processed", 100.0)
    bench.fold()
    bench.say(4.5, "Processed", 3.0)
    bench.fold()
    reading = bench.plant.counters("Filler", at(0), at(10))["Processed"]
    assert (reading.last, reading.total, reading.resets) == (100.0, 97.0, 1)


def test_that_of_a_signal_that_is_often_late_everything_is_kept(bench: Any) -> None:
    for i in range(OFTEN):
        bench.say(100 + i, "State", "Execute")
        bench.fold()
        bench.say(99.5 + i, "State", "Execute")
        bench.fold()
    before = kept(bench)
    for second in range(200, 210):
        bench.say(second, "State", "Execute")
    bench.fold()
    assert kept(bench) == before + 10
    bench.say(205.5, "State", "Held")
    bench.fold()
    assert bench.plant.now("Filler", at(205.7)).state is State.HELD
    assert bench.plant.now("Filler", at(206)).state is State.EXECUTE


def test_that_a_plant_without_a_history_keeps_everything(make_bench: Any) -> None:
    bench = make_bench(remembers=False)
    for second in range(5):
        bench.say(second, "State", "Execute")
    bench.fold()
    assert kept(bench) == 5
