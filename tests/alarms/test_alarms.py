"""What becomes an alarm and when: limits, signals, states, links, faults, PackML's and vehicles' own. Times are seconds."""

from __future__ import annotations

import dataclasses

from tests.alarms.conftest import LINE, Bench, at
from twin_app.model.alarm import AlarmState, Why
from twin_app.model.alarm_rule import AlarmRule
from twin_app.model.derive import Derive, Fault, FaultWord
from twin_app.model.samples import Quality

JAM = AlarmRule(signal="Jam", priority=2, text="Bottle jam", guidance="Open the guard.")


def test_that_a_limit_alarms_above_it_and_ends_only_beyond_its_deadband(make_bench: type[Bench]) -> None:
    bench = make_bench()
    for second, value in enumerate([79.0, 80.0, 80.1, 79.0, 78.1, 78.0, 80.0]):
        bench.say(second, "Temp", value)
    assert bench.course("Filler/Temp.high") == [(2, "A>B occurs"), (5, "B>D returns")]
    now = bench.now(3, "Filler/Temp.high")
    assert now is not None
    assert (now.value, now.alarm.limit, now.alarm.priority) == (80.1, 80.0, 3)


def test_that_the_outer_limit_is_an_alarm_of_its_own_and_graver(make_bench: type[Bench]) -> None:
    bench = make_bench()
    bench.say(0, "Temp", 95.0)
    picture = bench.picture(1)
    assert [(now.alarm.key, now.alarm.priority) for now in picture.listed] == [("Filler/Temp.high_high", 2), ("Filler/Temp.high", 3)]
    assert (picture.units["Filler"].priority, picture.units["Filler"].count) == (2, 2)


def test_that_a_unit_is_marked_for_what_stands_and_not_for_what_is_over(make_bench: type[Bench]) -> None:
    bench = make_bench(AlarmRule(signal="Fire", priority=1), JAM)
    bench.pulse(0, name="Fire")
    bench.say(5, "Jam", 1.0)
    picture = bench.picture(6)
    assert (picture.units["Filler"].priority, picture.units["Filler"].count) == (2, 1)
    assert (picture.counts, picture.unacknowledged) == ((0, 1, 0, 0), (1, 1, 0, 0))


def test_that_delays_hold_back_both_ways(make_bench: type[Bench]) -> None:
    bench = make_bench(AlarmRule(signal="Jam", on_delay_s=5, off_delay_s=3))
    bench.pulse(0, lasts=4.9)  # too short
    bench.pulse(10, lasts=5)  # over just as it would count
    bench.pulse(20, 27, lasts=5.5)  # off for 1.5 s in between is too short to end it
    assert bench.course() == [(25, "A>B occurs"), (35.5, "B>D returns")]


def test_that_what_is_unknown_neither_raises_nor_ends_an_alarm(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    bench.say(0, "Jam", 1.0)
    bench.say(1, "Jam", None)
    bench.say(2, "Jam", 0.0, quality=Quality.BAD)
    bench.link(3, up=False)
    bench.link(4, up=True)
    assert bench.course() == [(0, "A>B occurs")]


def test_that_a_machine_that_aborts_alarms_at_once_and_a_held_one_after_a_while(make_bench: type[Bench]) -> None:
    bench = make_bench()
    bench.say(0, "State", "Execute")
    bench.say(10, "State", "Aborting")
    bench.say(11, "State", "Aborted")
    bench.say(11.5, "StopReason", "Jam at infeed")
    bench.say(60, "State", "Held", unit="Capper")
    assert bench.course("Filler/Aborted") == [(11, "A>B occurs")]
    assert bench.course("Capper/Held") == [(90, "A>B occurs")]
    assert [now.detail for now in bench.picture(11).listed] == [""]
    assert [now.detail for now in bench.picture(12).listed] == ["Jam at infeed"]


def test_that_the_layout_says_another_delay_and_priority_for_a_state(make_bench: type[Bench]) -> None:
    bench = make_bench(AlarmRule(name="Held", on_delay_s=5.0, priority=1), AlarmRule(name="Aborted", units=("Filler",), enabled=False))
    bench.say(0, "State", "Held")
    bench.say(0, "State", "Aborted", unit="Capper")
    bench.say(30, "State", "Aborted")
    assert {now.alarm.key: now.alarm.priority for now in bench.picture(40).listed} == {"Filler/Held": 1, "Capper/Aborted": 1}
    assert bench.course("Filler/Held") == [(5, "A>B occurs"), (30, "B>D returns")]


def test_that_a_source_that_is_down_is_one_alarm_and_no_storm(make_bench: type[Bench]) -> None:
    bench = make_bench()
    bench.link(0, up=True)
    bench.say(1, "State", "Execute")
    bench.link(5, up=False)
    bench.link(9, up=True)
    assert bench.course("@plc/Offline") == [(5, "A>B occurs"), (9, "B>D returns")]
    assert bench.listed(6) == ["@plc/Offline"]


def test_that_an_edge_nodes_death_is_an_alarm_of_its_units(make_bench: type[Bench]) -> None:
    bench = make_bench()
    bench.say(0, "Connected/Filler", 1.0, unit="@plc")
    bench.say(5, "Connected/Filler", 0.0, unit="@plc")
    bench.say(9, "Connected/Filler", 1.0, unit="@plc")
    assert bench.course("Filler/Offline") == [(5, "A>B occurs"), (9, "B>D returns")]
    assert bench.course("Capper/Offline") == []


def test_that_a_broken_heartbeat_alarms_when_it_is_known_and_stays_there_in_hindsight(make_bench: type[Bench]) -> None:
    filler = dataclasses.replace(LINE.units[0], heartbeat_s=10.0)
    bench = make_bench(units=(filler, *LINE.units[1:]))
    bench.say(0, "Temp", 20.0)
    assert bench.state(9, "Filler/Offline") == "A"
    assert bench.state(10, "Filler/Offline") == "B"
    bench.say(30, "Temp", 20.0)
    assert bench.course("Filler/Offline", end=39) == [(10, "A>B occurs"), (30, "B>D returns")]


def test_that_bad_quality_and_silence_are_alarms_where_the_layout_wants_them(make_bench: type[Bench]) -> None:
    bench = make_bench(AlarmRule(signal="Jam", bad=True), AlarmRule(signal="Jam", silent_s=60.0))
    bench.say(0, "Jam", 0.0)
    bench.say(10, "Jam", 0.0, quality=Quality.BAD)
    bench.say(20, "Jam", 0.0)
    bench.say(100, "Jam", 0.0)
    assert bench.course("Filler/Jam.bad") == [(10, "A>B occurs"), (20, "B>D returns")]
    assert bench.course("Filler/Jam.silent_s", end=150) == [(80, "A>B occurs"), (100, "B>D returns")]


def test_that_the_bits_of_a_fault_word_alarm_with_text_and_guidance(make_bench: type[Bench]) -> None:
    word = FaultWord(of="Word", file="f.csv", faults=(Fault(bit=0, text="Door open", priority=2, guidance="Close it."),))
    bench = make_bench(units=(dataclasses.replace(LINE.units[0], fault_words=(word,)), *LINE.units[1:]))
    bench.say(0, "Word", 0.0)
    bench.say(5, "Word", 1.0)
    bench.say(8, "Word", 0.0)
    assert bench.course("Filler/Door open") == [(5, "A>B occurs"), (8, "B>D returns")]
    now = bench.now(6, "Filler/Door open")
    assert now is not None
    assert (now.alarm.text, now.alarm.priority, now.alarm.guidance) == ("Door open", 2, "Close it.")


def test_that_a_derived_signal_with_limits_alarms_like_any_other(make_bench: type[Bench]) -> None:
    hot = Derive(name="Celsius", of="Raw", scale=0.1)
    bench = make_bench(AlarmRule(signal="Celsius", above=50.0), units=(dataclasses.replace(LINE.units[0], derives=(hot,)), *LINE.units[1:]))
    bench.say(0, "Raw", 400.0)
    bench.say(5, "Raw", 510.0)
    now = bench.now(6, "Filler/Celsius.above")
    assert now is not None
    assert now.value == 51.0


def test_that_packmls_alarms_say_their_message_and_are_acknowledged_where_the_machine_says_so(make_bench: type[Bench]) -> None:
    bench = make_bench()
    bench.say(0, "Alarm[3].Message", "Cap feeder empty")
    bench.say(0, "Alarm[3]", 1.0)
    bench.say(0.1, "Alarm[3].Category", 1.0)
    bench.say(20, "Alarm[3].AckDateTime", "2026-01-01T00:00:20Z")
    assert bench.course("Filler/Alarm[3]") == [(0, "A>B occurs"), (20, "B>C acknowledged at machine")]
    assert [(now.detail, now.alarm.priority) for now in bench.picture(1).listed] == [("Cap feeder empty", 1)]
    assert bench.picture(1).counts == (1, 0, 0, 0)
    assert bench.alarms.report(at(0), at(30)).by_priority == (1, 0, 0, 0)


def test_that_a_vehicles_errors_are_alarms_by_type_and_level(make_bench: type[Bench]) -> None:
    bench = make_bench()
    battery = '[{"errorType":"battery","errorLevel":"FATAL","errorDescription":"empty"}]'
    bench.say(0, "Errors", "[]")
    bench.say(5, "Errors", battery)
    bench.say(9, "Errors", "[]")
    bench.say(12, "Errors", '[{"errorType":"battery","errorLevel":"WARNING"}]')
    assert bench.course("Filler/battery FATAL") == [(5, "A>B occurs"), (9, "B>D returns")]
    now = bench.now(6, "Filler/battery FATAL")
    assert now is not None
    assert (now.alarm.priority, now.detail) == (1, "empty")
    assert bench.now(13, "Filler/battery WARNING") is not None


def test_that_words_are_compared_without_regard_to_case(make_bench: type[Bench]) -> None:
    bench = make_bench(AlarmRule(signal="Door", equals=("open", "2")))
    words: list[float | str] = ["Closed", "OPEN", 1.0, 2.0]
    for second, said in enumerate(words):
        bench.say(second, "Door", said)
    assert bench.course("Filler/Door.equals") == [(1, "A>B occurs"), (2, "B>D returns"), (3, "D>B occurs")]


def test_that_logic_of_the_layout_suppresses_by_design(make_bench: type[Bench]) -> None:
    bench = make_bench(
        AlarmRule(signal="Jam", suppressed_in_states=("Stopped",), suppressed_by="Cleaning", suppressed_in_modes=("Maintenance",))
    )
    bench.say(0, "State", "Execute")
    bench.say(1, "Jam", 1.0)
    bench.say(2, "State", "Stopped")
    bench.say(3, "Cleaning", 1.0)
    bench.say(4, "State", "Execute")
    bench.say(5, "Cleaning", 0.0)
    bench.say(6, "Mode", "Maintenance")
    bench.say(7, "Jam", 0.0)
    bench.say(8, "Mode", "Production")
    assert bench.course() == [
        (1, "A>B occurs"), (2, "B>H suppress"), (5, "H>B unsuppress"), (6, "B>H suppress"), (7, "H>H returns"), (8, "H>A unsuppress"),
    ]  # fmt: skip


def test_that_a_shelf_ends_by_itself_and_needs_no_word_for_it(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    bench.say(0, "Jam", 1.0)
    bench.act(10, Why.SHELVE, until=100)
    now = bench.now(50)
    assert now is not None
    assert (now.state, now.action.who if now.action else "") == (AlarmState.SHELVED, "p1")
    assert bench.state(99.999) == "G"
    assert bench.state(100) == "B"
    assert bench.course() == [(0, "A>B occurs"), (10, "B>G shelve"), (100, "G>B shelf expires")]


def test_that_late_news_moves_an_alarm_anew_and_lets_an_acknowledgement_lapse(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    bench.say(0, "Jam", 1.0)
    bench.act(10, Why.ACKNOWLEDGE)
    bench.say(20, "Jam", 0.0)
    assert bench.course() == [(0, "A>B occurs"), (10, "B>C acknowledge"), (20, "C>A returns")]
    bench.say(5, "Jam", 0.0)  # it had returned before it was acknowledged ...
    bench.say(15, "Jam", 1.0)  # ... and came again afterwards
    assert bench.course() == [(0, "A>B occurs"), (5, "B>D returns"), (10, "D>A acknowledge"), (15, "A>B occurs"), (20, "B>D returns")]


def test_that_an_action_waits_for_an_alarm_that_was_not_heard_of_yet(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    bench.act(0, Why.SHELVE, until=1000)
    bench.say(10, "Jam", 1.0)
    assert bench.state(20) == "G"


def test_that_the_same_picture_is_the_same_object_while_nothing_changes(make_bench: type[Bench]) -> None:
    bench = make_bench(JAM)
    bench.say(0, "Jam", 1.0)
    bench.fold()
    first = bench.alarms.picture(at(3))
    assert bench.alarms.picture(at(4)) is first
    bench.say(5, "Temp", 20.0)
    bench.fold()
    assert bench.alarms.picture(at(6)) is first
    assert bench.alarms.picture(at(61)) is first
