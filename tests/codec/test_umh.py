"""UMH's unified namespace: topics and payloads in, samples out."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from twin_app.codec.refusal import Reason

Maker = Callable[..., Any]
NOON_MS = 1_795_425_957_000
UMH = {"topic": "umh/v1/#", "dialect": "umh"}
PLACE = "umh/v1/acme/cologne/packaging/line1"


@pytest.mark.parametrize(
    ("topic", "unit", "name"),
    [
        (f"{PLACE}/Filler/_historian/temp", "Filler", "temp"),
        (f"{PLACE}/Filler/_historian/head/outer/temp", "Filler", "head.outer.temp"),
        (f"{PLACE}/Filler/plc7/_raw/temp", "Filler", "plc7.temp"),
        ("umh/v1/acme/Filler/_historian/temp", "Filler", "temp"),
        ("umh/v1/acme/Capper/Filler/_historian/temp", "Filler", "temp"),
        (f"{PLACE}/Filler/_pump_v1/_inner/temp", "Filler", "_inner.temp"),
        (f"{PLACE}/Filler/_historian", "Filler", "value"),
    ],
)
def test_that_the_unit_is_the_deepest_place_that_the_line_knows_however_deep_the_place(
    by_rule: Maker, topic: str, unit: str, name: str
) -> None:
    bench = by_rule(**UMH)
    assert bench.say(topic, b'{"timestamp_ms":1795425957000,"value":71.5}', at_ms=40) == ""
    assert [(s.unit, s.name, s.value, s.at_ms, s.source_ms) for s in bench.samples()] == [(unit, name, 71.5, 0, 0)]
    assert bench.decoder.unit_of(topic) == unit


@pytest.mark.parametrize(
    ("units", "topic"),
    [
        ({"f-01": "Filler"}, f"{PLACE}/f-01/_historian/temp"),
        ({"line1/main": "Filler", "line2/main": "Capper"}, f"{PLACE}/main/_historian/temp"),
        ({"packaging/line1": "Filler"}, f"{PLACE}/_historian/temp"),
    ],
)
def test_that_a_rule_may_name_the_unit_of_a_place_by_its_last_levels(by_rule: Maker, units: dict[str, str], topic: str) -> None:
    bench = by_rule(**UMH, units=units)
    bench.say(topic, b'{"timestamp_ms":1795425957000,"value":1}')
    assert [(s.unit, s.name) for s in bench.samples()] == [("Filler", "temp")]


def test_that_a_rule_for_one_unit_takes_whatever_its_filter_lets_in(by_rule: Maker) -> None:
    bench = by_rule(topic="umh/v1/acme/+/+/+/+/_historian/#", dialect="umh", unit="Capper")
    bench.say(f"{PLACE}/whoever/_historian/torque", b'{"timestamp_ms":1795425957000,"value":1}')
    assert [(s.unit, s.name) for s in bench.samples()] == [("Capper", "torque")]


@pytest.mark.parametrize(
    ("tag", "document", "found"),
    [
        ("/axis", {"x": 1, "y": 2}, [("axis.x", 1), ("axis.y", 2)]),
        ("", {"x": 1, "y": 2}, [("x", 1), ("y", 2)]),
        ("/axis", {"value": {"x": 1}}, [("axis.x", 1)]),
        ("/axis", {"value": [1, 2]}, [("axis[0]", 1), ("axis[1]", 2)]),
        ("/State", {"value": "Execute"}, [("State", "Execute")]),
        ("/door", {"value": True, "values": 3}, [("door", 1), ("door.values", 3)]),
    ],
)
def test_that_several_values_have_names_below_their_topics(by_rule: Maker, tag: str, document: dict[str, Any], found: list[Any]) -> None:
    bench = by_rule(**UMH)
    bench.say(f"{PLACE}/Filler/_historian{tag}", json.dumps({"timestamp_ms": NOON_MS, **document}).encode())
    assert [(s.name, s.value) for s in bench.samples()] == found


def test_that_the_rule_gives_signals_names_of_their_own(by_rule: Maker) -> None:
    bench = by_rule(**UMH, signals={"plc7.st": "State", "cnt.good": "Processed"})
    bench.say(f"{PLACE}/Filler/plc7/_historian/st", b'{"timestamp_ms":1795425957000,"value":"Held"}')
    bench.say(f"{PLACE}/Filler/_historian/cnt", b'{"timestamp_ms":1795425957010,"good":4}', at_ms=20)
    assert [(s.name, s.value, s.at_ms) for s in bench.samples()] == [("State", "Held", 0), ("Processed", 4, 10)]


@pytest.mark.parametrize("topic", [f"{PLACE}/Stranger/_historian/temp", f"{PLACE}/Filler/temp", "umh/v1/_historian/temp"])
def test_that_a_topic_of_no_known_unit_or_without_a_contract_is_counted(by_rule: Maker, topic: str) -> None:
    bench = by_rule(**UMH)
    assert bench.say(topic, b'{"timestamp_ms":1795425957000,"value":1}') == ""
    assert bench.tally.unmapped == {topic: 1}


def test_that_a_topic_without_a_contract_is_no_units_whatever_the_rule_says(by_rule: Maker) -> None:
    bench = by_rule(topic="umh/v1/#", dialect="umh", unit="Capper")
    bench.say(f"{PLACE}/Capper/temp", b'{"timestamp_ms":1795425957000,"value":1}')
    assert (bench.samples(), bench.tally.unmapped) == ([], {f"{PLACE}/Capper/temp": 1})


def test_that_the_rules_name_for_a_place_is_not_translated_again(by_rule: Maker) -> None:
    bench = by_rule(**UMH, units={"f-01": "Filler", "Filler": "Capper"})
    bench.say(f"{PLACE}/f-01/_historian/temp", b'{"timestamp_ms":1795425957000,"value":1}')
    assert [s.unit for s in bench.samples()] == ["Filler"]


@pytest.mark.parametrize("time", ["", '"timestamp_ms":null,', '"timestamp_ms":[1],', '"timestamp_ms":"soon",'])
def test_that_a_message_without_its_time_stands_at_its_receipt_and_is_counted(by_rule: Maker, time: str) -> None:
    bench = by_rule(**UMH)
    assert bench.say(f"{PLACE}/Filler/_historian/temp", f'{{{time}"value":1}}'.encode(), at_ms=5) == ""
    assert [(s.at_ms, s.source_ms) for s in bench.samples()] == [(5, None)]
    assert bench.tally.odd_times == 1


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"71.5", Reason.NOT_AN_OBJECT),
        (b"[1]", Reason.NOT_AN_OBJECT),
        (b"{", Reason.NOT_JSON),
        (b"\x80", Reason.NOT_JSON),
    ],
)
def test_that_what_is_no_object_is_refused(by_rule: Maker, payload: bytes, reason: Reason) -> None:
    bench = by_rule(**UMH)
    assert bench.say(f"{PLACE}/Filler/_historian/temp", payload) == reason
