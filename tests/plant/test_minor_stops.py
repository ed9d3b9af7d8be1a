from typing import Any

import pytest


def test_that_a_short_finished_stop_is_minor_whatever_it_is_made_of(bench: Any) -> None:
    bench.states({0: "Execute", 100: "Holding", 110: "Held", 150: "Unholding", 160: "Execute"})
    assert bench.spent(0, 200) == {"production": 140, "minor_stop": 60}


@pytest.mark.parametrize(("end", "expected"), [(219.999, {"minor_stop": 119.999}), (220, {"failure": 120})])
def test_that_only_what_is_shorter_than_the_threshold_is_minor(bench: Any, end: float, expected: dict[str, float]) -> None:
    bench.states({0: "Execute", 100: "Aborted", end: "Execute"})
    assert bench.spent(100, end) == expected


def test_that_a_stop_keeps_its_own_categories_until_it_ends(bench: Any) -> None:
    bench.states({0: "Execute", 100: "Holding", 110: "Held"})
    assert bench.spent(0, 130) == {"production": 100, "transition": 10, "internal_stop": 20}
    bench.states({140: "Execute"})
    assert bench.spent(0, 150) == {"production": 110, "minor_stop": 40}


def test_that_a_stop_that_ends_after_the_playhead_is_unfinished_there(bench: Any) -> None:
    bench.states({0: "Execute", 20: "Idle", 30: "Execute", 100: "Holding", 110: "Held", 140: "Execute", 150: "Idle", 155: "Execute"})
    assert bench.spent(0, 130) == {"production": 90, "minor_stop": 10, "transition": 10, "internal_stop": 20}
    assert bench.spent(0, 139.999)["internal_stop"] == 29.999
    assert bench.spent(0, 140) == {"production": 90, "minor_stop": 50}
    assert bench.spent(0, 130, known_to=145) == {"production": 90, "minor_stop": 40}
    assert bench.spent(0, 160, known_to=120) == {
        "production": 90 + 10 + 5, "minor_stop": 10, "transition": 10, "internal_stop": 30, "waiting": 5,
    }  # fmt: skip


def test_that_the_lanes_show_at_an_instant_what_was_known_then(bench: Any) -> None:
    bench.states({0: "Execute", 100: "Held", 140: "Execute"})
    bench.fold()
    ns = 1_767_225_600 * 10**9
    unfinished = bench.plant.intervals("Filler", ns, ns + 120 * 10**9)
    finished = bench.plant.intervals("Filler", ns, ns + 150 * 10**9)
    assert [list(i.category) for i in (unfinished, finished)] == [[0, 4], [0, 1, 0]]


def test_that_a_neighbours_fault_is_never_minor_but_the_way_into_it_is(bench: Any) -> None:
    bench.states({0: "Execute", 100: "Suspending", 107: "Suspended", 150: "Unsuspending", 152: "Execute"})
    assert bench.spent(0, 200) == {"production": 148, "minor_stop": 9, "external": 43}


def test_that_a_stop_beside_the_unknown_is_not_called_minor(bench: Any) -> None:
    bench.states({10: "Held", 20: "Execute", 30: "Held"})
    bench.link(35, up=False)
    bench.link(40, up=True)
    bench.states({42: "Stopped", 50: "Execute", 60: "Held", 65: "What?", 70: "Idle", 75: "Execute"})
    assert bench.spent(0, 80) == {
        "blind": 10 + 7 + 5, "internal_stop": 10 + 5 + 8 + 5, "production": 10 + 10 + 5, "waiting": 5,
    }  # fmt: skip


def test_that_the_threshold_is_the_lines(make_bench: Any) -> None:
    bench = make_bench(minor_stop_s=5.0)
    bench.states({0: "Execute", 10: "Idle", 14: "Execute", 20: "Idle", 25: "Execute"})
    assert bench.spent(0, 30) == {"production": 21, "minor_stop": 4, "waiting": 5}
