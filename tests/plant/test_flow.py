"""A filler feeds a capper, which feeds a labeller: who waits for whom, where nobody says so. Worked out by hand."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin_app.model.equipment import Feed, Unit
from twin_app.model.packml import Category

MIDNIGHT_NS = 1_767_225_600 * 10**9
NAMES = ("Filler", "Capper", "Labeller")


def ns(second: float) -> int:
    return MIDNIGHT_NS + round(second * 1e9)


def line(make_bench: Any, *, infer: bool = True, level: str = "", capacity: float | None = None) -> Any:
    """Return a bench of three in a row."""
    feeds = {a: (Feed(to=b, level_signal=level, buffer_capacity=capacity),) for a, b in itertools.pairwise(NAMES)}
    units = tuple(Unit(id=n, title="", type="machine", source="plc", feeds=feeds.get(n, ()), infer_flow=infer) for n in NAMES)
    return make_bench(units=units, minor_stop_s=0.0)


def shares(bench: Any, unit: str, end: float) -> dict[str, float]:
    """Return the seconds of [0, end] by category."""
    bench.fold()
    ledger = bench.plant.ledger(unit, ns(0), ns(end))
    return {str(category): spent / 1e9 for category, spent in ledger.category_ns.items() if spent}


def test_that_a_machine_which_waits_after_the_one_before_it_stopped_is_starved_and_marked_as_inferred(make_bench: Any) -> None:
    bench = line(make_bench)
    bench.states({0: "Execute", 10: "Aborted", 40: "Execute"})
    bench.states({0: "Execute", 15: "Idle", 45: "Execute"}, unit="Capper")
    bench.states({0: "Execute", 20: "Stopped", 50: "Execute"}, unit="Labeller")
    assert shares(bench, "Filler", 60) == {"production": 30, "failure": 30}
    assert shares(bench, "Capper", 60) == {"production": 30, "starved": 25, "waiting": 5}  # the filler delivers again from 40 on
    assert shares(bench, "Labeller", 60) == {"production": 30, "starved": 25, "internal_stop": 5}
    now = bench.plant.now("Capper", ns(20))
    assert (now.category, now.inferred) == (Category.STARVED, True)
    assert not bench.plant.now("Filler", ns(20)).inferred
    assert bench.plant.intervals("Capper", ns(0), ns(60)).inferred.tolist() == [False, True, False, False]


def test_that_a_machine_which_waits_after_the_one_behind_it_stopped_is_blocked(make_bench: Any) -> None:
    bench = line(make_bench)
    bench.states({0: "Execute", 12: "Suspended"})
    bench.states({0: "Execute", 6: "Held"}, unit="Capper")
    assert shares(bench, "Filler", 20) == {"production": 12, "blocked": 8}
    assert shares(bench, "Capper", 20) == {"production": 6, "internal_stop": 14}  # Held is its own doing


def test_that_who_stopped_at_the_same_time_or_later_is_not_the_cause(make_bench: Any) -> None:
    bench = line(make_bench)
    for unit, second in (("Filler", 10), ("Capper", 10), ("Labeller", 12)):
        bench.states({0: "Execute", second: "Stopped"}, unit=unit)
    assert shares(bench, "Filler", 20) == {"production": 10, "internal_stop": 10}
    assert shares(bench, "Capper", 20) == {"production": 10, "internal_stop": 10}
    assert shares(bench, "Labeller", 20) == {"production": 12, "starved": 8}


@pytest.mark.parametrize("told", [{"Starved": 0.0}, {"Blocked": 1.0}])
def test_that_a_machine_which_ever_told_its_side_is_never_overruled(make_bench: Any, told: dict[str, float]) -> None:
    bench = line(make_bench)
    bench.states({0: "Execute", 10: "Aborted"})
    bench.states({0: "Execute", 15: "Suspended"}, unit="Capper")
    for name, value in told.items():
        bench.say(1, name, value, unit="Capper")
    assert shares(bench, "Capper", 20) == {"production": 15, "blocked" if "Blocked" in told else "external": 5}
    assert not bench.plant.now("Capper", ns(18)).inferred


def test_that_nothing_is_inferred_where_the_layout_does_not_ask_for_it_nor_from_a_blind_neighbour(make_bench: Any) -> None:
    bench = line(make_bench, infer=False)
    bench.states({0: "Execute", 10: "Aborted"})
    bench.states({0: "Execute", 15: "Idle"}, unit="Capper")
    assert shares(bench, "Capper", 20) == {"production": 15, "waiting": 5}
    blind = line(make_bench)
    blind.states({0: "Execute", 15: "Idle"}, unit="Capper")
    assert shares(blind, "Capper", 20) == {"production": 15, "waiting": 5}


def test_that_a_buffer_whose_level_is_known_decides_alone(make_bench: Any) -> None:
    bench = line(make_bench, level="Buffer", capacity=20.0)
    bench.states({0: "Execute", 10: "Aborted"})
    bench.states({0: "Execute", 15: "Idle"}, unit="Capper")
    bench.states({0: "Execute"}, unit="Labeller")
    for second, level in {0: 5, 18: 0, 24: 3}.items():
        bench.say(second, "Buffer", level)
    for second, level in {0: 19, 28: 20}.items():
        bench.say(second, "Buffer", level, unit="Capper")
    assert shares(bench, "Capper", 30) == {"production": 15, "waiting": 3 + 4, "starved": 6, "blocked": 2}


WORDS = ("Execute", "Execute", "Idle", "Stopped", "Suspended", "Aborted", "Nonsense")
STORY = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 10).map(lambda third: 3 * third), st.sampled_from(NAMES), st.just("State"), st.sampled_from(WORDS)),
        st.tuples(
            st.integers(0, 10).map(lambda third: 3 * third), st.sampled_from(NAMES), st.just("Buffer"), st.sampled_from([0.0, 7.0, 20.0])
        ),
        st.tuples(st.integers(0, 10).map(lambda third: 3 * third), st.just("@plc"), st.just("Connected"), st.sampled_from([0.0, 1.0])),
    ),
    max_size=30,
)


class SlowTwin:
    """The rules, second by second, from the whole story."""

    def __init__(self, story: list[tuple[int, str, str, Any]]) -> None:
        self.story = sorted(enumerate(story), key=lambda pair: (pair[1][0], pair[0]))

    def said(self, unit: str, name: str, t: int) -> Any:
        heard = [(second, value) for _, (second, who, what, value) in self.story if (who, what) == (unit, name) and second <= t]
        valid_from, up = -100, True
        for second, value in [(second, value) for _, (second, who, _, value) in self.story if who == "@plc" and second <= t]:
            valid_from = second if value and not up else valid_from
            up = bool(value)
        known = heard and up and heard[-1][0] >= valid_from and heard[-1][1] != "Nonsense"
        return heard[-1][1] if known else None

    def run(self, unit: str, names: set[str], t: int) -> int | None:
        """Return since when a unit's state is among some names without a break, None where it is not."""
        if self.said(unit, "State", t) not in names:
            return None
        while t >= 0 and self.said(unit, "State", t - 1) in names:
            t -= 1
        return t

    def cause(self, unit: str, other: str, feeder: str, t: int, *, full: bool) -> bool:
        level = self.said(feeder, "Buffer", t)
        if level is not None:
            return bool(level >= 20.0 if full else level <= 0.0)
        began, stood = self.run(unit, {"Idle", "Stopped", "Suspended"}, t), self.run(other, {"Idle", "Stopped", "Suspended", "Aborted"}, t)
        return stood is not None and began is not None and stood < began

    def category(self, unit: str, t: int) -> str:
        state = self.said(unit, "State", t)
        plain = {"Execute": "production", "Idle": "waiting", "Stopped": "internal_stop", "Suspended": "external", "Aborted": "failure"}
        if state not in {"Idle", "Stopped", "Suspended"}:
            return plain.get(state, "blind")
        i = NAMES.index(unit)
        starved = i > 0 and self.cause(unit, NAMES[i - 1], NAMES[i - 1], t, full=False)
        blocked = i < 2 and self.cause(unit, NAMES[i + 1], unit, t, full=True)
        if starved and blocked:
            return "external"
        return "starved" if starved else "blocked" if blocked else plain[state]


@settings(max_examples=50, deadline=None)
@given(story=STORY, rng=st.randoms(use_true_random=False))
def test_that_sides_are_the_same_in_whatever_order_the_line_is_heard(make_bench: Any, story: list[Any], rng: random.Random) -> None:
    bench, slow = line(make_bench, level="Buffer", capacity=20.0), SlowTwin(story)
    told = list(enumerate(story))
    rng.shuffle(told)
    for number, (second, unit, name, value) in told:
        bench.say(second, name, value, unit=unit, message=number)
        if rng.random() < 0.4:
            bench.fold()
    bench.fold()
    for unit in NAMES:
        for t in range(0, 32, 3):
            assert bench.plant.now(unit, ns(t)).category == slow.category(unit, t), (unit, t)
