"""Flat JSON as bytes in, samples out."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from twin_app.codec.refusal import Reason
from twin_app.codec.tally import MAX_KEYS, THE_REST
from twin_app.model.samples import Kind, Quality

Maker = Callable[..., Any]
TOPIC = "plant/Filler"


def test_that_an_object_becomes_a_sample_a_field(json_flat: Maker) -> None:
    bench = json_flat(signals={"st": "State", "good": "Processed"})
    bench.say(TOPIC, b'{"st":"execute","good":12,"temp":71.5,"door":true,"recipe":"cola","code":"007"}', at_ms=4)
    assert [(s.name, s.value, s.kind) for s in bench.samples()] == [
        ("State", "Execute", Kind.TEXT),
        ("Processed", 12.0, Kind.NUMBER),
        ("temp", 71.5, Kind.NUMBER),
        ("door", 1.0, Kind.BOOL),
        ("recipe", "cola", Kind.TEXT),
        ("code", "007", Kind.TEXT),
    ]
    assert bench.tally.mapped == 1


def test_that_the_engines_own_names_need_no_map(json_flat: Maker) -> None:
    bench = json_flat()
    bench.say(TOPIC, b'{"State":6,"Mode":"Manual","Processed":"13","Starved":0}')
    assert [(s.name, s.value) for s in bench.samples()] == [
        ("StateNumber", 6.0), ("State", "Execute"), ("Mode", "Manual"), ("Processed", 13.0), ("Starved", 0.0),
    ]  # fmt: skip


def test_that_a_number_in_the_state_field_is_only_compared_once_the_unit_has_sent_names(json_flat: Maker) -> None:
    bench = json_flat()
    bench.say(TOPIC, b'{"State":"Held"}')
    bench.say(TOPIC, b'{"State":6}', at_ms=50)
    assert [(s.name, s.value) for s in bench.samples()] == [("State", "Held"), ("StateNumber", 6.0)]


def test_that_nested_objects_give_dotted_names_and_arrays_are_counted_not_lost(json_flat: Maker) -> None:
    bench = json_flat(signals={"motor.current": "Current"})
    bench.say(TOPIC, b'{"motor":{"current":2.5,"bearing":{"temp":40}},"list":[1,2]}')
    assert [(s.name, s.value) for s in bench.samples()] == [("Current", 2.5), ("motor.bearing.temp", 40.0)]
    assert bench.tally.unmapped == {"plant/Filler · list": 1}


def test_that_a_slash_never_splits_a_signals_name_and_a_nameless_field_is_counted(json_flat: Maker) -> None:
    bench = json_flat()
    bench.say(TOPIC, b'{"drive/speed":2.5,"":1}')
    assert [(s.name, s.value) for s in bench.samples()] == [("drive.speed", 2.5)]
    assert bench.tally.unmapped == {TOPIC: 1}


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"not json", Reason.NOT_JSON),
        (b'{"a":1', Reason.NOT_JSON),
        (b'{"a":nan}', Reason.NOT_JSON),
        (b"{'a':1}", Reason.NOT_JSON),
        (b"[1,2,3]", Reason.NOT_AN_OBJECT),
        (b"7", Reason.NOT_AN_OBJECT),
        (b'"text"', Reason.NOT_AN_OBJECT),
        (b"null", Reason.NOT_AN_OBJECT),
        (b'{"a":"\xff\xfe"}', Reason.NOT_UTF8),
        (b"\x00\x01\x02\xff", Reason.NOT_JSON),
        (b'{"a":' * 100_000, Reason.TOO_DEEP),
        (b'{"a":{"b":{"c":{"d":{"e":1}}}}}', Reason.TOO_DEEP),
        (b'{"a":1e400}', Reason.OUT_OF_RANGE),
        (b'{"a":' + b"9" * 5000 + b"}", Reason.OUT_OF_RANGE),
        (b'{"a":"' + b"x" * 1024 * 1024 + b'"}', Reason.TOO_LARGE),
        (b'{"a":"' + b"x" * 5000 + b'"}', Reason.TEXT_TOO_LONG),
        (json.dumps({f"f{i}": 1 for i in range(1001)}).encode(), Reason.TOO_MANY_FIELDS),
        (b'{"Processed":null}', Reason.NO_VALUE),
        (b'{"Processed":true}', Reason.NOT_A_NUMBER),
        (b'{"Processed":"many"}', Reason.NOT_A_NUMBER),
        (b'{"State":null}', Reason.NOT_A_NUMBER),
        (b'{"State":true}', Reason.NOT_A_NUMBER),
        (b'{"State":""}', Reason.EMPTY),
    ],
)
def test_that_a_hostile_object_is_refused_with_its_reason(json_flat: Maker, payload: bytes, reason: Reason) -> None:
    bench = json_flat()
    assert bench.say(TOPIC, payload) == reason
    assert bench.samples() == []
    assert bench.tally.refused == {reason: 1}


def test_that_one_bad_field_does_not_take_the_good_ones_with_it(json_flat: Maker) -> None:
    bench = json_flat()
    assert bench.say(TOPIC, b'{"Processed":"many","State":"Execute","temp":70}') == Reason.NOT_A_NUMBER
    assert [(s.name, s.value) for s in bench.samples()] == [("State", "Execute"), ("temp", 70.0)]
    assert (bench.tally.mapped, bench.tally.refused) == (1, {Reason.NOT_A_NUMBER: 1})


def test_that_null_says_that_a_known_signal_has_no_value(json_flat: Maker) -> None:
    bench = json_flat()
    bench.say(TOPIC, b'{"temp":null}')
    assert bench.samples() == []
    bench.say(TOPIC, b'{"temp":70}')
    bench.say(TOPIC, b'{"temp":null}')
    assert [(s.value, s.kind, s.quality) for s in bench.samples()] == [(70.0, Kind.NUMBER, Quality.GOOD), (None, Kind.NULL, Quality.BAD)]


@pytest.mark.parametrize("value", [2**53 + 1, -(2**63), 2**64 + 1])
def test_that_an_integer_beyond_double_precision_stays_exact(json_flat: Maker, value: int) -> None:
    bench = json_flat()
    bench.say(TOPIC, f'{{"serial":{value},"edge":{2**53}}}'.encode())
    assert [(s.value, s.kind) for s in bench.samples()] == [(str(value), Kind.BIG_INT), (float(2**53), Kind.NUMBER)]


@pytest.mark.parametrize(
    ("unit", "written", "at_ms"),
    [
        ("iso8601", '"2026-11-23T09:25:57.250Z"', 250),
        ("iso8601", '"2026-11-23T17:25:57.250+08:00"', 250),
        ("s", "1795425957.25", 250),
        ("ms", "1795425957250", 250),
        ("ms", '"1795425957250"', 250),
        ("us", "1795425957250000", 250),
        ("ns", "1795425957250000000", 250),
    ],
)
def test_that_the_sources_own_time_orders_its_samples(json_flat: Maker, unit: str, written: str, at_ms: int) -> None:
    bench = json_flat(time_field="ts", time_unit=unit)
    bench.say(TOPIC, f'{{"ts":{written},"temp":1}}'.encode(), at_ms=400)
    assert [(s.name, s.at_ms, s.source_ms) for s in bench.samples()] == [("temp", at_ms, at_ms)]
    assert bench.tally.odd_times == 0


@pytest.mark.parametrize(
    ("written", "source_ms"),
    [
        ("1795426257001", 300_001),
        ("1794821156999", -604_800_001),
        ('"yesterday"', None),
        ("true", None),
        ("null", None),
        ("1e300", None),
        ("9223372036854775807", None),
    ],
)
def test_that_an_unbelievable_time_is_kept_beside_and_receive_time_counts(json_flat: Maker, written: str, source_ms: int | None) -> None:
    bench = json_flat(time_field="ts", time_unit="ms")
    assert bench.say(TOPIC, f'{{"ts":{written},"temp":1}}'.encode(), at_ms=0) == ""
    assert [(s.at_ms, s.source_ms, s.quality) for s in bench.samples()] == [(0, source_ms, Quality.GOOD)]
    assert bench.tally.odd_times == 1


def test_that_times_at_the_edge_of_belief_count(json_flat: Maker) -> None:
    bench = json_flat(time_field="ts", time_unit="ms")
    for at in (1795426257000, 1794821157000):
        bench.say(TOPIC, f'{{"ts":{at},"temp":1}}'.encode(), at_ms=0)
    assert [s.at_ms for s in bench.samples()] == [300_000, -604_800_000]


def test_that_a_time_without_a_zone_is_not_taken_for_any(json_flat: Maker) -> None:
    bench = json_flat(time_field="ts")
    bench.say(TOPIC, b'{"ts":"2026-11-23T09:25:57","temp":1}', at_ms=7)
    assert [(s.at_ms, s.source_ms) for s in bench.samples()] == [(7, None)]


def test_that_a_flood_of_invented_fields_stays_bounded_and_is_counted(json_flat: Maker) -> None:
    bench = json_flat()
    for i in range(5):
        bench.say(TOPIC, json.dumps({f"f{i}-{j}": 1 for j in range(500)}).encode())
    assert len(bench.signals) == MAX_KEYS
    assert len(bench.samples()) == 1000
    assert bench.tally.unmapped == {THE_REST: 1500}


def test_that_a_flood_of_topics_is_listed_up_to_a_thousand(json_flat: Maker) -> None:
    bench = json_flat()
    for i in range(1500):
        bench.say(f"noise/{i}", b"{}")
    assert len(bench.tally.unmapped) == MAX_KEYS + 1
    assert bench.tally.unmapped[THE_REST] == 500
