from typing import Any

import pytest

from twin_app.model.packml import CATEGORIES, State
from twin_app.model.samples import Quality
from twin_app.model.signal import BLOCKED, STARVED
from twin_app.model.timeline import BLIND_STATE

MIDNIGHT_NS = 1_767_225_600 * 10**9


def seconds(instants: Any) -> list[float]:
    return [(int(ns) - MIDNIGHT_NS) / 1e9 for ns in instants]


def at(second: float) -> int:
    return MIDNIGHT_NS + round(second * 1e9)


def test_that_a_unit_is_blind_until_it_first_speaks(bench: Any) -> None:
    bench.say(1, "Processed", 0.0)
    bench.states({4: "Execute"})
    assert bench.in_states(1, 10) == {"blind": 3, "Execute": 6}
    assert bench.spent(1, 10) == {"blind": 3, "production": 6}
    before = bench.plant.now("Filler", at(3))
    assert (before.state, before.since_ns) == (None, at(1))


def test_that_nothing_said_at_all_is_blind_and_never_zero(bench: Any) -> None:
    assert bench.spent(0, 10) == {"blind": 10}
    assert bench.plant.now("Filler", at(5)).since_ns == at(5)
    assert len(bench.plant.events(None, at(0), at(9))) == 0


def test_that_a_state_repeated_opens_no_interval(bench: Any) -> None:
    bench.states({0: "Execute", 3: "Execute", 6: "execute ", 9: "Held"})
    bench.fold()
    intervals = bench.plant.intervals("Filler", at(0), at(12))
    assert seconds(intervals.start_ns) == [0, 9]
    assert bench.plant.now("Filler", at(8)).since_ns == at(0)


def test_that_intervals_are_clipped_to_what_was_asked(bench: Any) -> None:
    bench.states({0: "Execute", 5: "Held", 200: "Execute"})
    bench.fold()
    intervals = bench.plant.intervals("Filler", at(2), at(7))
    assert seconds(intervals.start_ns) == [2, 5]
    assert list(intervals.state) == [State.EXECUTE, State.HELD]
    assert seconds([intervals.end_ns]) == [7]
    assert len(bench.plant.intervals("Filler", at(7), at(7))) == 0
    assert list(bench.plant.intervals("Filler", at(-5), at(-1)).state) == [BLIND_STATE]


def test_that_a_state_is_told_from_its_beginning_to_its_end_beyond_what_was_asked(bench: Any) -> None:
    """A change of mode does not end it; being blocked after being starved does."""
    bench.states({0: "Execute", 10: "Held", 90: "Execute"})
    bench.say(40, "Mode", "Maintenance")
    bench.fold()
    held = bench.plant.intervals("Filler", at(50), at(60))
    assert (seconds(held.start_ns), held.began_ns, held.over_ns) == ([50], at(10), at(90))
    newest = bench.plant.intervals("Filler", at(5), at(200))
    assert (newest.began_ns, newest.over_ns) == (at(0), None)
    bench.say(95, "Mode", "Production")
    bench.states({100: "Suspended"})
    for second, name, value in ((100, STARVED, 1.0), (130, STARVED, 0.0), (130, BLOCKED, 1.0), (150, "State", "Execute")):
        bench.say(second, name, value)
    bench.fold()
    ends = [(found.began_ns, found.over_ns) for t in (110, 140) if (found := bench.plant.intervals("Filler", at(t), at(t + 5)))]
    assert ends == [(at(100), at(130)), (at(130), at(150))]
    assert (bench.plant.intervals("Filler", at(7), at(7)).began_ns, bench.plant.intervals("Filler", at(7), at(7)).over_ns) == (None, None)


def test_that_a_retained_state_opens_nothing(bench: Any) -> None:
    bench.say(0, "State", "Execute", quality=Quality.RETAINED)
    bench.states({6: "Held"})
    assert bench.in_states(0, 10) == {"blind": 6, "Held": 4}


@pytest.mark.parametrize("word", ["Gone Fishing", "", None, 6.0])
def test_that_a_word_no_map_names_is_undefined_and_its_time_is_unknown_not_lost(bench: Any, word: float | str | None) -> None:
    bench.states({0: "Execute"})
    bench.say(4, "State", word)
    assert bench.in_states(0, 10) == {"Execute": 4, "Undefined": 6}
    assert bench.spent(0, 10) == {"production": 4, "blind": 6}
    assert bench.plant.now("Filler", at(5)).state is State.UNDEFINED


@pytest.mark.parametrize(
    ("state", "category"),
    [
        ("Execute", "production"), ("Held", "internal_stop"), ("Stopped", "internal_stop"), ("Suspended", "external"), ("Idle", "waiting"),
        ("Complete", "waiting"), ("Aborting", "failure"), ("Aborted", "failure"), ("Clearing", "failure"), ("Starting", "transition"),
        ("Stopping", "transition"), ("Holding", "transition"), ("Unholding", "transition"), ("Suspending", "transition"),
        ("Unsuspending", "transition"), ("Resetting", "transition"), ("Completing", "transition"),
    ],
)  # fmt: skip
def test_what_each_state_costs_in_production(bench: Any, state: str, category: str) -> None:
    bench.states({0: state})
    assert bench.category(1) == category
    bench.say(2, "Mode", "Production")
    assert bench.category(3) == category


@pytest.mark.parametrize(
    ("mode", "state", "category"),
    [
        ("Maintenance", "Execute", "internal_stop"), ("Manual", "Execute", "internal_stop"), ("Cleaning", "Execute", "internal_stop"),
        ("Maintenance", "Suspended", "internal_stop"), ("Manual", "Idle", "internal_stop"), ("Maintenance", "Aborted", "failure"),
        ("Cleaning", "Idle", "waiting"), ("Undefined", "Execute", "production"),
    ],
)  # fmt: skip
def test_that_only_production_mode_produces(bench: Any, mode: str, state: str, category: str) -> None:
    bench.states({0: state})
    bench.say(0, "Mode", mode)
    assert bench.category(1) == category


def test_that_a_change_of_mode_splits_the_interval_but_not_the_state(bench: Any) -> None:
    bench.states({0: "Execute"})
    bench.say(4, "Mode", "Maintenance")
    assert bench.spent(0, 10) == {"production": 4, "internal_stop": 6}
    now = bench.plant.now("Filler", at(9))
    assert (now.state, now.since_ns, now.mode) == (State.EXECUTE, at(0), 2)
    assert seconds(bench.plant.events("Filler", at(0), at(9))) == [0]


def test_that_a_suspended_unit_says_which_neighbour_it_waits_for(bench: Any) -> None:
    bench.states({0: "Suspended", 20: "Execute"})
    bench.say(2, STARVED, 1.0)
    bench.say(5, STARVED, 0.0)
    bench.say(5, BLOCKED, 1.0)
    bench.say(9, STARVED, 1.0)  # both sides at once is no answer
    assert bench.spent(0, 22) == {"external": 2 + 11, "starved": 3, "blocked": 4, "production": 2}
    intervals = bench.plant.intervals("Filler", at(0), at(22))
    assert [CATEGORIES[c].value for c in intervals.category] == ["external", "starved", "blocked", "external", "production"]


def test_that_stepping_meets_every_change_of_state_of_every_unit_once(bench: Any) -> None:
    bench.states({0: "Execute", 5: "Held", 9: "Execute"})
    bench.states({2: "Idle", 5: "Starting"}, unit="Capper")
    bench.fold()
    assert seconds(bench.plant.events(None, at(0), at(20))) == [0, 2, 5, 9]
    assert seconds(bench.plant.events("Capper", at(2), at(5))) == [2, 5]
    assert seconds(bench.plant.events("Capper", at(2.5), at(4.9))) == []


def test_that_a_window_that_ends_before_it_starts_is_refused(bench: Any) -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        bench.plant.ledger("Filler", at(2), at(1))


def test_that_a_revision_names_the_units_that_changed_and_how_far_back(bench: Any) -> None:
    bench.states({0: "Execute", 5: "Held"})
    assert bench.fold().units == {"Filler"}
    bench.states({8: "Held"})  # a repeat changes nothing
    assert bench.fold().units == frozenset()
    bench.states({9: "Execute"}, unit="Capper")
    assert (revision := bench.fold()).units == {"Capper"}
    assert revision.late_ns is None
    bench.states({3: "Suspended"})
    assert bench.fold().late_ns == at(3)
    assert bench.in_states(0, 9) == {"Execute": 3, "Suspended": 2, "Held": 4}


def test_that_of_two_states_at_one_instant_the_later_message_wins(bench: Any) -> None:
    bench.say(5, "State", "Held", message=9)
    bench.say(5, "State", "Execute", message=8)
    assert bench.in_states(5, 6) == {"Held": 1}


def test_that_signals_of_no_unit_of_the_line_are_left_alone(bench: Any) -> None:
    bench.say(1, "State", "Execute", unit="Palletiser")
    bench.say(1, "Temperature", 72.5)
    assert bench.fold().units == frozenset()
    assert bench.spent(0, 5) == {"blind": 5}
