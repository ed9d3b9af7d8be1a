from typing import Any

import numpy as np
import pytest

from twin_app.model.historian import Latest
from twin_app.model.samples import Quality
from twin_app.plant.staleness import Staleness


def test_that_a_lost_link_blinds_until_the_next_state_after_its_return(bench: Any) -> None:
    bench.link(0, up=True)
    bench.states({1: "Execute"})
    bench.link(10, up=False)
    bench.link(20, up=True)
    bench.states({26: "Execute"})  # the same word, but fresh knowledge
    assert bench.spent(0, 30) == {"blind": 1 + 16, "production": 9 + 4}
    assert bench.in_states(10, 26) == {"blind": 16}


def test_that_blindness_starts_when_the_link_was_lost(bench: Any) -> None:
    bench.states({1: "Execute"})
    bench.link(10, up=False)
    bench.link(20, up=True)
    bench.fold()
    now = bench.plant.now("Filler", bench_at(25))
    assert (now.state, now.since_ns, now.category) == (None, bench_at(10), "blind")


def test_that_a_loss_noticed_late_is_counted_from_the_last_proof_of_life(bench: Any) -> None:
    bench.link(0, up=True)
    bench.states({1: "Execute"})
    assert bench.spent(0, 50) == {"blind": 1, "production": 49}
    bench.states({40: "Held"}, unit="Capper")
    bench.fold()
    bench.link(12, up=False)  # noticed at 40 s, dated back
    assert bench.fold().late_ns == bench_at(12)
    assert bench.spent(0, 50) == {"blind": 1 + 38, "production": 11}


def test_that_a_state_said_in_the_very_instant_of_the_loss_is_not_known_after_it(bench: Any) -> None:
    bench.states({1: "Idle", 5: "Execute"})
    bench.link(5, up=False)
    assert bench.spent(0, 10) == {"blind": 1 + 5, "waiting": 4}


def test_that_a_state_said_in_the_very_instant_of_the_return_counts(bench: Any) -> None:
    bench.states({1: "Execute"})
    bench.link(5, up=False)
    bench.link(8, up=True)
    bench.states({8: "Execute"})
    assert bench.spent(1, 10) == {"production": 4 + 2, "blind": 3}


def test_that_the_first_word_of_a_link_does_not_unsay_what_was_said_before(bench: Any) -> None:
    bench.states({1: "Execute"})
    bench.link(3, up=True)
    assert bench.spent(1, 10) == {"production": 9}


def test_that_hearing_twice_that_the_link_is_up_is_not_a_return(bench: Any) -> None:
    bench.link(0, up=True)
    bench.states({1: "Execute"})
    bench.link(4, up=True)
    assert bench.spent(1, 10) == {"production": 9}


def test_that_one_lost_source_blinds_all_its_units(bench: Any) -> None:
    bench.states({0: "Execute"})
    bench.states({0: "Execute"}, unit="Capper")
    bench.fold()
    bench.link(4, up=False)
    assert bench.fold().units == {"Filler", "Capper"}
    ledger = bench.plant.ledger("Capper", bench_at(0), bench_at(10))
    assert ledger.blind_ns == 6 * 10**9


def bench_at(second: float) -> int:
    return 1_767_225_600 * 10**9 + round(second * 1e9)


def way(bench: Any, second: float, up: bool, name: str = "Connected/Filler/cell/edge", quality: Quality = Quality.GOOD) -> None:
    bench.say(second, name, float(up), unit="@plc", quality=quality)


def qualities(bench: Any, second: float, *names: str, missed: str = "") -> list[Quality]:
    """Return what values of the first second are worth at an instant; on the way `missed` something was at the fifth."""
    asked = [bench.signal(*name.split("/")[::-1]) for name in names]
    rule = Staleness(bench.line, bench.signals, bench.plant)
    n = len(bench.signals)
    latest = Latest(
        effective_ns=np.full(n, bench_at(1)), value=np.zeros(n), kind=np.zeros(n, np.uint8), quality=np.zeros(n, np.uint8),
        numbers=np.zeros(n, np.int64),
    )  # fmt: skip
    for i, signal in enumerate(bench.signals):
        if signal.unit == "@plc" and missed == signal.name:
            latest.effective_ns[i], latest.quality[i] = bench_at(5), Quality.UNCERTAIN
    rule.mark(latest, bench_at(second))
    return [Quality(latest.quality[signal]) for signal in asked]


def test_that_a_lost_way_to_one_unit_blinds_it_alone_until_its_next_state_after_the_return(bench: Any) -> None:
    bench.link(0, up=True)
    bench.states({1: "Execute"})
    bench.states({1: "Execute"}, unit="Capper")
    way(bench, 1, up=True)
    way(bench, 10, up=False)
    way(bench, 20, up=True)
    bench.states({26: "Execute"})
    assert bench.spent(0, 30) == {"blind": 1 + 16, "production": 9 + 4}
    assert bench.plant.ledger("Capper", bench_at(1), bench_at(30)).blind_ns == 0


def test_that_a_unit_heard_by_two_ways_is_known_only_while_both_are_up(bench: Any) -> None:
    bench.states({0: "Execute"})
    way(bench, 0, up=True, name="Connected/Filler/a")
    way(bench, 0, up=True, name="Connected/Filler/b")
    way(bench, 4, up=False, name="Connected/Filler/a")
    way(bench, 6, up=False, name="Connected/Filler/b")
    way(bench, 8, up=True, name="Connected/Filler/a")
    way(bench, 9, up=True, name="Connected/Filler/b")
    bench.states({8.5: "Execute", 12: "Execute"})
    assert bench.in_states(0, 20) == {"Execute": 4 + 8, "blind": 8}


def test_that_pieces_counted_over_a_lost_way_belong_to_no_known_time(bench: Any) -> None:
    bench.states({0: "Execute"})
    bench.say(0, "Processed", 0)
    way(bench, 0, up=True)
    bench.say(10, "Processed", 10)
    way(bench, 12, up=False)
    way(bench, 18, up=True)
    bench.states({18: "Execute"})
    bench.say(20, "Processed", 100)
    bench.say(30, "Processed", 110)
    bench.fold()
    known = bench.plant.known_counts("Filler", bench_at(0), bench_at(30), [(bench_at(12), bench_at(18))])
    assert known["Processed"] == 10 + 10


@pytest.mark.parametrize("name", ["Connected/Nobody", "Connected/", "Elsewhere/Filler"])
def test_that_a_way_to_nobody_of_this_line_changes_nothing(bench: Any, name: str) -> None:
    bench.states({0: "Execute"})
    way(bench, 5, up=False, name=name)
    assert bench.spent(0, 10) == {"production": 10}


def test_that_values_of_the_unit_are_stale_while_its_way_is_down_and_others_are_not(bench: Any) -> None:
    way(bench, 0, up=True)
    way(bench, 10, up=False)
    bench.fold()
    assert qualities(bench, 9, "Filler/Speed", "Capper/Speed") == [Quality.GOOD, Quality.GOOD]
    assert qualities(bench, 10, "Filler/Speed", "Capper/Speed") == [Quality.STALE, Quality.GOOD]


def test_that_values_from_before_something_was_missed_are_uncertain(bench: Any) -> None:
    way(bench, 0, up=True)
    bench.fold()
    found = qualities(bench, 9, "Filler/Speed", "Capper/Speed", missed="Connected/Filler/cell/edge")
    assert found == [Quality.UNCERTAIN, Quality.GOOD]
