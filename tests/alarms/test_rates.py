"""Flood and chattering as ISA-18.2 counts them; the vectors were worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.alarms.conftest import MIDNIGHT_NS, Bench, at
from twin_app.alarms.rates import Floods, bins
from twin_app.model.alarm import Why
from twin_app.model.alarm_rule import AlarmRule

JAM = AlarmRule(signal="Jam*", priority=2)


def flood_since(bench: Bench, second: float) -> float | None:
    since_ns = bench.picture(second).flood_since_ns
    return None if since_ns is None else (since_ns - MIDNIGHT_NS) / 1e9


def test_that_one_alarm_at_0_12_and_25_s_chatters_from_25_s_on(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    bench.pulse(0, 12, 25)
    chattering = {second: bench.picture(second).chattering for second in (24.9, 25, 59.9, 60)}
    assert chattering == {24.9: 0, 25: 1, 59.9: 1, 60: 0}  # at 60 s the one at 0 s has left the minute


def test_that_ten_alarms_within_599_s_are_a_flood_at_the_tenth(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    for number in range(10):
        bench.pulse(number * 66.5, name=f"Jam{number}")  # 0, 66.5, ... 598.5
    assert flood_since(bench, 598.4) is None
    assert flood_since(bench, 598.5) == 598.5
    # Fewer than five are left once the sixth has left the window: 332.5 + 600 s.
    assert flood_since(bench, 932.4) == 598.5
    assert flood_since(bench, 932.5) is None


def test_that_a_flood_needs_ten_within_ten_minutes(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    for number in range(10):
        bench.pulse(number * 66.7, name=f"Jam{number}")  # the tenth comes at 600.3 s: the first has left
    assert flood_since(bench, 600.3) is None
    assert bench.picture(600.3).rate == 9


def test_that_a_flood_lasts_while_five_come_in_ten_minutes(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    for number in range(10):
        bench.pulse(number, name=f"Jam{number}")
    bench.pulse(*range(120, 1200, 119), name="Jam", lasts=1)  # one in 119 s: five or six in ten minutes
    assert flood_since(bench, 1100) == 9
    # The last came at 1191 s; four are left once that of 1191 - 4 * 119 = 715 s has gone: at 1315 s.
    assert flood_since(bench, 1314.9) == 9
    assert flood_since(bench, 1315) is None


def test_that_what_is_acknowledged_or_shelved_is_not_counted(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    bench.pulse(0, 10, 20)
    bench.act(5, Why.ACKNOWLEDGE)
    assert bench.picture(30).rate == 3
    bench.act(31, Why.SHELVE, until=1000)
    bench.pulse(40, 50, 60)
    assert bench.picture(70).rate == 3


def test_that_what_comes_back_in_alarm_from_a_shelf_is_shown_and_counted(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    bench.say(0, "Jam", 0.0)
    bench.act(1, Why.SHELVE, until=100)
    bench.say(50, "Jam", 1.0)
    assert [bench.picture(second).rate for second in (60, 99.9, 100)] == [0, 0, 1]


def test_that_an_alarm_stands_after_a_day(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    bench.say(0, "Jam", 1.0)
    bench.act(5, Why.ACKNOWLEDGE)
    assert bench.picture(86_400).standing == 0
    assert bench.picture(86_400.001).standing == 1


def test_that_reports_count_by_the_clock_and_not_by_their_start() -> None:
    times = np.array([at(second) for second in (599, 600, 1199.9, 1800)])
    found = [((start - MIDNIGHT_NS) / 1e9, count) for start, count in bins(times, at(590), at(1800))]
    assert found == [(0, 1), (600, 2), (1200, 0), (1800, 1)]


@pytest.mark.parametrize("cut", [0, 3, 9, 10, 25, 59])
def test_that_floods_found_anew_from_anywhere_are_those_found_at_once(cut: int) -> None:
    rng = np.random.default_rng(7)
    times = np.sort(np.concatenate([rng.integers(0, 6000, 40), rng.integers(2000, 2300, 20)])) * 10**9
    whole, pieces = Floods(), Floods()
    whole.rewrite(-(2**60), times)
    pieces.rewrite(-(2**60), times[:cut])
    begin = int(times[cut])
    pieces.rewrite(begin, times[times > begin - 600 * 10**9])
    assert pieces.within(0, 10**13) == whole.within(0, 10**13)
    assert whole.within(0, 10**13)
