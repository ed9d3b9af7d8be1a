from typing import Any

import pytest

from twin_app.model.equipment import SourceSpec
from twin_app.model.samples import Kind, Quality, SampleColumns


def at(second: float) -> int:
    return 1_767_225_600 * 10**9 + round(second * 1e9)


def conflict(bench: Any, second: float) -> str:
    bench.fold()
    found = bench.plant.now("Filler", at(second)).conflict
    assert isinstance(found, str)
    return found


def test_that_a_number_that_means_another_state_is_a_conflict_after_a_second(bench: Any) -> None:
    bench.states({10: "Clearing"})
    bench.say(10.2, "StateNumber", 4.0)  # PackTags: 4 is Idle
    assert [conflict(bench, t) for t in (10.1, 10.9, 11.1, 11.2, 50)] == ["", "", "", "Clearing/4", "Clearing/4"]


def test_that_the_sources_own_numbers_are_no_conflict(make_bench: Any) -> None:
    bench = make_bench(sources=(SourceSpec(id="plc", title="", state_numbers={1: "Idle", 4: "Clearing"}),))
    bench.states({10: "Clearing", 20: "Execute", 30: "Idle"})
    for second, number in ((10, 4.0), (20, 6.0), (30, 4.0)):
        bench.say(second, "StateNumber", number)
    assert [conflict(bench, t) for t in (15, 25, 35)] == ["", "", "Idle/4"]


def test_that_name_and_number_may_arrive_one_after_the_other(bench: Any) -> None:
    bench.say(0, "StateNumber", 6.0)
    bench.states({0: "Execute", 10: "Held"})
    bench.say(10.9, "StateNumber", 11.0)
    assert [conflict(bench, t) for t in (5, 10.5, 10.95, 12)] == ["", "", "", ""]


@pytest.mark.parametrize(("number", "shown"), [(99.0, "Execute/99"), (6.5, "Execute/6.5")])
def test_that_a_number_nobody_knows_is_a_conflict_too(bench: Any, number: float, shown: str) -> None:
    bench.states({0: "Execute"})
    bench.say(0, "StateNumber", number)
    assert conflict(bench, 2) == shown


def test_that_where_the_name_is_unknown_there_is_nothing_to_contradict(bench: Any) -> None:
    bench.say(0, "StateNumber", 6.0)
    assert conflict(bench, 5) == ""
    bench.states({6: "Hibernating"})
    assert conflict(bench, 9) == ""


def test_that_a_number_never_opens_an_interval_but_its_unit_changed(bench: Any) -> None:
    bench.say(3, "StateNumber", 6.0)
    assert bench.fold().units == {"Filler"}
    assert bench.spent(0, 10) == {"blind": 10}


def counts(bench: Any, said: dict[float, float], name: str = "Processed") -> None:
    for second, value in said.items():
        bench.say(second, name, value)


def test_that_retained_counts_count_nothing(bench: Any) -> None:
    bench.say(0, "Processed", 1.0, quality=Quality.UNCERTAIN)
    bench.say(5, "Processed", 100.0)
    bench.say(6, "Processed", 101.0)
    bench.fold()
    reading = bench.plant.counters("Filler", at(0), at(9))["Processed"]
    assert (reading.last, reading.total) == (101.0, 1.0)


def test_that_a_count_beyond_2_to_the_53_is_read_from_its_text_and_one_beyond_all_floats_is_none(bench: Any) -> None:
    columns = SampleColumns()
    for second, number in ((1, 2**60), (2, 2**60 + 2**20), (3, 10**400)):
        columns.append(
            bench.signal("Consumed"), effective_ns=at(second), received_ns=at(second), kind=Kind.BIG_INT, value=bench.texts.code(str(number)),
        )  # fmt: skip
    bench.plant.fold(columns.take_all())
    assert bench.plant.counters("Filler", at(0), at(9))["Consumed"].total == 2.0**20
