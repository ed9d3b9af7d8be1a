"""Which of a unit's words is its state: its names, or, where there are none, its numbers."""

from collections.abc import Callable
from typing import Any

import pytest

from twin_app.codec.refusal import Reason

Maker = Callable[..., Any]
NAME, NUMBER = "plant/Filler/Status/StateCurrentStr", "plant/Filler/Status/StateCurrent"
MODE_NAME, MODE_NUMBER = "plant/Filler/Status/UnitModeCurrentStr", "plant/Filler/Status/UnitModeCurrent"


def states(bench: Any) -> list[tuple[object, int]]:
    return [(s.value, s.at_ms) for s in bench.samples() if s.name == "State"]


@pytest.mark.parametrize("number_first", [True, False])
def test_that_a_number_beside_a_name_never_makes_a_state_whichever_comes_first(packml: Maker, number_first: bool) -> None:
    bench = packml()
    for at_ms, (name, number) in ((0, (b"Idle", b"1")), (5000, (b"Clearing", b"4"))):
        first, second = ((NUMBER, number), (NAME, name)) if number_first else ((NAME, name), (NUMBER, number))
        bench.say(*first, at_ms=at_ms)
        bench.say(*second, at_ms=at_ms + 1)
    bench.settle(60_000)
    assert [value for value, _ in states(bench)] == ["Idle", "Clearing"]


def test_that_the_number_is_kept_beside_the_name(packml: Maker) -> None:
    bench = packml()
    bench.say(NAME, b"Idle")
    bench.say(NUMBER, b"1")
    assert [(s.name, s.value) for s in bench.samples()] == [("State", "Idle"), ("StateNumber", 1.0)]


def test_that_a_unit_without_names_is_known_by_its_numbers_from_the_instant_they_were_said(packml: Maker) -> None:
    bench = packml()
    bench.say(NUMBER, b"4", at_ms=100)
    bench.say(NUMBER, b"6", at_ms=600)
    assert states(bench) == []
    bench.settle(1100)
    assert states(bench) == []
    bench.settle(1101)
    assert states(bench) == [("Idle", 100), ("Execute", 600)]
    bench.say(NUMBER, b"2", at_ms=2000)
    assert states(bench) == [("Stopped", 2000)]


def test_that_the_next_message_of_anybody_ends_the_waiting_too(packml: Maker) -> None:
    bench = packml()
    bench.say(NUMBER, b"4", at_ms=0)
    bench.say("plant/Capper/Status/CurMachSpeed", b"1", at_ms=1500)
    assert states(bench) == [("Idle", 0)]


def test_that_a_name_that_comes_later_takes_over(packml: Maker) -> None:
    bench = packml()
    bench.say(NUMBER, b"4", at_ms=0)
    bench.say(NAME, b"Held", at_ms=3000)
    bench.say(NUMBER, b"6", at_ms=3001)
    bench.settle(60_000)
    assert states(bench) == [("Idle", 0), ("Held", 3000)]


def test_that_each_unit_speaks_for_itself(packml: Maker) -> None:
    bench = packml()
    bench.say(NAME, b"Held")
    bench.say("plant/Capper/Status/StateCurrent", b"6")
    bench.settle(5000)
    assert [(s.unit, s.value) for s in bench.samples() if s.name == "State"] == [("Filler", "Held"), ("Capper", "Execute")]


def test_that_a_layout_may_call_the_number_the_state_and_is_then_obeyed_at_once(packml: Maker) -> None:
    bench = packml(signals={"Status/StateCurrent": "State"}, state_numbers={1: "idle"})
    bench.say(NUMBER, b"1")
    assert states(bench) == [("Idle", 0)]


def test_that_a_sources_own_numbers_override_the_standards(packml: Maker) -> None:
    bench = packml(state_numbers={1: "Idle", 4: "Clearing"})
    bench.say(NUMBER, b"4", at_ms=0)
    bench.say(NUMBER, b"6", at_ms=10)
    bench.settle(5000)
    assert states(bench) == [("Clearing", 0), ("Execute", 10)]


def test_that_a_sources_own_words_are_translated_and_strange_ones_kept_and_counted(packml: Maker) -> None:
    bench = packml(state_names={"Läuft": "execute", "6": "Held"})
    for at_ms, word in enumerate(("läuft", "6", "运行", "Warmup (zone 2)")):
        bench.say(NAME, word.encode(), at_ms=at_ms)
    assert [value for value, _ in states(bench)] == ["Execute", "Held", "运行", "Warmup (zone 2)"]
    assert bench.tally.unknown_states == {"Filler: 运行": 1, "Filler: Warmup (zone 2)": 1}


def test_that_a_number_no_map_names_is_kept_as_its_digits_and_counted(packml: Maker) -> None:
    bench = packml()
    bench.say(NUMBER, b"42")
    bench.settle(5000)
    assert states(bench) == [("42", 0)]
    assert bench.tally.unknown_states == {"Filler: 42": 1}


def test_that_modes_follow_the_same_rule_and_any_name_may_be_a_mode(packml: Maker) -> None:
    bench = packml(mode_names={"auto-clean": "Cleaning"}, mode_numbers={3: "Maintenance"})
    bench.say(MODE_NUMBER, b"3", at_ms=0)
    bench.settle(5000)
    bench.say(MODE_NAME, b"Auto-Clean", at_ms=6000)
    bench.say(MODE_NUMBER, b"1", at_ms=6001)
    bench.settle(60_000)
    assert bench.values("Mode") == ["Maintenance", "Cleaning"]
    assert bench.tally.unknown_states == {}


def test_that_a_refused_number_is_not_waited_with(packml: Maker) -> None:
    bench = packml()
    assert bench.say(NUMBER, b"six") == Reason.NOT_A_NUMBER
    bench.settle(60_000)
    assert bench.samples() == []
