from typing import Any


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
