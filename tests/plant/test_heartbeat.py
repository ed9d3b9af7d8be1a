"""Machines that must be heard so often, and are not: what is blind then, and from when on. Worked out by hand."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin_app.model.equipment import SourceSpec, Unit
from twin_app.model.historian import Latest
from twin_app.model.samples import Quality
from twin_app.plant.motion import Motion
from twin_app.plant.staleness import Staleness

MIDNIGHT_NS = 1_767_225_600 * 10**9
PERIOD_S = 5.0


def ns(second: float) -> int:
    return MIDNIGHT_NS + round(second * 1e9)


@pytest.fixture
def bench(make_bench: Any) -> Any:
    """Return a bench whose filler must be heard every five seconds; its capper may be silent."""
    return beating(make_bench)


def beating(make_bench: Any, **source: Any) -> Any:
    filler = Unit(id="Filler", title="", type="machine", source="plc", heartbeat_s=None if source else PERIOD_S)
    return make_bench(
        units=(filler, Unit(id="Capper", title="", type="machine", source="plc")), sources=(SourceSpec(id="plc", title="", **source),)
    )


def beats(bench: Any, *seconds: float, unit: str = "Filler") -> None:
    for second in seconds:
        bench.say(second, "Temperature", 20.0, unit=unit)


def blind(bench: Any, end: float, unit: str = "Filler") -> list[tuple[float, float]]:
    """Return the blind spans of [0, end], seconds."""
    bench.fold()
    return [((a - MIDNIGHT_NS) / 1e9, (b - MIDNIGHT_NS) / 1e9) for a, b in bench.plant.blind(unit, ns(0), ns(end))]


def test_that_a_machine_which_is_heard_in_time_is_known_however_seldom_its_state_comes(bench: Any) -> None:
    bench.states({0: "Execute"})
    beats(bench, 5, 10, 15, 19)
    assert blind(bench, 20) == []


def test_that_a_silence_is_blind_from_the_last_sign_of_life_until_the_next_state(bench: Any) -> None:
    bench.states({0: "Execute"})
    beats(bench, 4, 8)
    beats(bench, 14, 17)
    bench.states({18: "Execute"})
    assert blind(bench, 20) == [(8, 18)]


def test_that_a_silence_which_goes_on_is_blind_from_when_it_became_one(bench: Any) -> None:
    bench.states({0: "Execute"})
    beats(bench, 4)
    bench.fold()
    assert bench.plant.now("Filler", ns(8.999)).state is not None
    now = bench.plant.now("Filler", ns(9))
    assert (now.state, now.since_ns) == (None, ns(9))
    assert blind(bench, 30) == [(9, 30)]
    beats(bench, 8.5)  # it was not silent: the message was late
    bench.fold()
    assert bench.plant.now("Filler", ns(13)).state is not None
    assert blind(bench, 30) == [(13.5, 30)]


def test_that_the_end_of_a_silence_is_told_as_a_revision_of_what_was_thought_before(bench: Any) -> None:
    bench.states({0: "Execute"})
    assert bench.fold().late_ns is None
    bench.states({20: "Execute"})
    revision = bench.fold()
    assert (revision.units, revision.first_ns) == (frozenset({"Filler"}), ns(0))


def test_that_others_may_be_silent_and_healthy(bench: Any) -> None:
    bench.states({0: "Execute"}, unit="Capper")
    beats(bench, 100)
    assert blind(bench, 1000, unit="Capper") == []


@pytest.mark.parametrize("quality", [Quality.RETAINED, Quality.UNCERTAIN])
def test_that_a_retained_message_is_no_sign_of_life(bench: Any, quality: Quality) -> None:
    bench.states({0: "Execute"})
    bench.say(6, "Temperature", 20.0, quality=quality)
    assert blind(bench, 10) == [(5, 10)]


def test_that_one_unit_keeps_all_of_a_source_alive_and_its_silence_blinds_all(make_bench: Any) -> None:
    bench = beating(make_bench, heartbeat_s=PERIOD_S)
    bench.states({0: "Execute"})
    bench.states({0: "Held"}, unit="Capper")
    beats(bench, 4, 8, unit="Capper")
    assert blind(bench, 20) == [(13, 20)]
    assert blind(bench, 20, unit="Capper") == [(13, 20)]


def test_that_values_of_a_silent_machine_are_stale_and_it_moves_no_more(bench: Any) -> None:
    motion = Motion(bench.line, bench.signals, bench.plant)
    rule = Staleness(bench.line, bench.signals, bench.plant)
    bench.states({0: "Execute"})
    beats(bench, 2)
    said = bench.remembered()
    motion.fold(said, bench.plant.fold(said).units)
    assert motion.cycles("Filler", ns(6)) == 3.0  # two seconds a cycle where nobody says otherwise
    assert motion.cycles("Filler", ns(60)) == motion.cycles("Filler", ns(7)) == 3.5
    quality = np.zeros(len(bench.signals), np.uint8)
    latest = Latest(np.full(len(quality), ns(2)), np.zeros(len(quality)), quality.copy(), quality, np.zeros(len(quality), np.int64))
    rule.mark(latest, ns(6.9))
    assert Quality(quality[0]) is Quality.GOOD
    rule.mark(latest, ns(7))
    assert Quality(quality[0]) is Quality.STALE


SIGNS = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=15)


@settings(max_examples=120, deadline=None)
@given(signs=SIGNS, rng=st.randoms(use_true_random=False))
def test_that_silences_are_the_same_in_whatever_order_signs_are_heard_and_questions_asked(
    make_bench: Any, signs: list[tuple[int, bool]], rng: random.Random
) -> None:
    bench = beating(make_bench)
    told = list(enumerate(signs))
    rng.shuffle(told)
    for number, (second, is_state) in told:
        bench.say(second, "State" if is_state else "Temperature", "Execute" if is_state else 1.0, message=number)
        if rng.random() < 0.5:
            bench.fold()
        if rng.random() < 0.3:
            bench.plant.now("Filler", ns(rng.randint(0, 70)))
    bench.fold()
    for t in range(70):
        assert (bench.plant.now("Filler", ns(t)).state is not None) == _known(signs, t), t


def _known(signs: list[tuple[int, bool]], t: int) -> bool:
    """Return whether the state is known in a second, by going through the seconds before."""
    alive, state = False, False
    seconds = sorted({second for second, _ in signs})
    for second in range(t + 1):
        before, after = [s for s in seconds if s <= second], [s for s in seconds if s > second]
        alive = bool(before) and (after[0] - before[-1] <= PERIOD_S if after else second - before[-1] < PERIOD_S)
        state = alive and (state or any(s == second and is_state for s, is_state in signs))
    return state
