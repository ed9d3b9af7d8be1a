"""Nested JSON as bytes in, samples out."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from twin_app.codec.refusal import Reason
from twin_app.errors import SourceError
from twin_app.model.samples import Kind

Maker = Callable[..., Any]
TOPIC = "plant/Filler"
NOON_MS = 1_795_425_957_000
NESTED = {"topic": "plant/{unit}", "dialect": "json"}


def told(bench: Any, document: Any, at_ms: int = 900) -> list[tuple[str, Any, int]]:
    """Feed one document and return name, value and time (ms from noon) of each sample."""
    assert bench.say(TOPIC, json.dumps(document).encode(), at_ms=at_ms) == ""
    return [(s.name, s.value, s.at_ms) for s in bench.samples()]


def test_that_nested_values_are_signals_by_their_paths(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, signals={"st": "State", "count.good": "Processed", "zones[1].t": "OvenTemp", "junk": ""})
    document = {"st": "held", "count": {"good": 12}, "zones": [{"t": 180}, {"t": 210.5}], "junk": {"x": 1}}
    assert told(bench, document) == [
        ("State", "Held", 900), ("Processed", 12, 900), ("zones[0].t", 180, 900), ("OvenTemp", 210.5, 900), ("junk.x", 1, 900),
    ]  # fmt: skip


def test_that_a_name_for_any_index_keeps_the_index_behind_it(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, signals={"motors[*].amps": "Current", "motors[*].id": ""})
    document = {"motors": [{"id": "M1", "amps": 2.5}, {"id": "M2", "amps": 3.5}]}
    assert told(bench, document) == [("Current[0]", 2.5, 900), ("Current[1]", 3.5, 900)]


def test_that_samples_stand_at_their_own_times(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, each="samples", time_field="t", time_unit="ms", signals={"v": "Torque"})
    document = {"device": "x", "samples": [{"t": NOON_MS, "v": 1.5}, {"t": NOON_MS + 100, "v": 1.75}]}
    assert told(bench, document) == [("device", "x", 900), ("Torque", 1.5, 0), ("Torque", 1.75, 100)]
    assert bench.tally.odd_times == 0


def test_that_columns_are_read_row_by_row(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, time_field="t", time_unit="ms", signals={"v": "Torque"})
    document = {"t": [NOON_MS, NOON_MS + 50], "v": [1, 2], "w": [True, None], "short": [9], "unit": "N m"}
    assert told(bench, document) == [("unit", "N m", 900), ("Torque", 1, 0), ("w", 1, 0), ("Torque", 2, 50), ("w", None, 50)]
    assert bench.tally.unmapped == {"plant/Filler · short": 1}
    assert bench.tally.odd_times == 0


def test_that_named_metrics_become_signals_of_their_names(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, each="data.metrics", name_field="name", time_field="ts", time_unit="auto", signals={"temp": "OvenTemp"})
    document = {
        "ts": NOON_MS + 7,
        "data": {
            "metrics": [{"name": "temp", "value": 3, "ts": "2026-11-23T09:25:57.040Z"}, {"name": "drive/speed", "value": 8}, {"value": 4}]
        },
    }
    assert told(bench, document) == [("OvenTemp", 3, 40), ("drive.speed", 8, 7)]
    assert bench.tally.unmapped == {"plant/Filler · data.metrics[]": 1}


def test_that_the_members_of_an_object_name_their_signals(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, each="metrics.*", time_field="at", time_unit="s", signals={"temp.value": "OvenTemp"})
    document = {"metrics": {"temp": {"value": 70.5, "at": NOON_MS / 1000}, "door": False}, "seq": 4}
    assert told(bench, document) == [("seq", 4, 900), ("OvenTemp", 70.5, 0), ("door", 0, 900)]


def test_that_arrays_within_arrays_and_pairs_are_reached(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, each="lines[*].points", time_field="[0]", time_unit="ms", signals={"[1]": "Torque"})
    assert told(bench, {"lines": [{"points": [[NOON_MS, 1], [NOON_MS + 1, 2]]}, {"points": [[NOON_MS + 2, 3]]}]}) == [
        ("Torque", 1, 0), ("Torque", 2, 1), ("Torque", 3, 2),
    ]  # fmt: skip


def test_that_a_message_that_is_an_array_is_read_element_by_element(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, time_field="ts", time_zone="Europe/Berlin")
    document = [{"ts": "2026-11-23T10:25:57.010", "temp": 1}, {"ts": "/Date(1795425957020)/", "temp": 2}]
    assert told(bench, document) == [("temp", 1, 10), ("temp", 2, 20)]


def test_that_a_sample_without_a_believable_time_stands_at_its_receipt_and_the_message_is_counted_once(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, each="s", time_field="t", time_unit="ms")
    assert told(bench, {"s": [{"t": "?", "v": 1}, {"v": 2}, {"t": NOON_MS + 301_000, "v": 3}, {"t": NOON_MS, "v": 4}]}, at_ms=5) == [
        ("v", 1, 5), ("v", 2, 5), ("v", 3, 5), ("v", 4, 0),
    ]  # fmt: skip
    assert bench.tally.odd_times == 1


def test_that_late_samples_of_a_state_open_it_at_their_own_times(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, each="log", time_field="t", time_unit="ms", signals={"s": "State"})
    assert told(bench, {"log": [{"t": NOON_MS, "s": "Execute"}, {"t": NOON_MS + 300, "s": "Held"}]}) == [
        ("State", "Execute", 0), ("State", "Held", 300),
    ]  # fmt: skip


def test_that_units_of_measure_go_with_new_signals(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, signals={"oven.t": "OvenTemp"}, units_of_measure={"oven.t": "°C", "speed": "m/s"})
    told(bench, {"oven": {"t": 1}, "speed": 2, "count": 3})
    assert [(s.name, s.unit_of_measure) for s in bench.signals] == [("OvenTemp", "°C"), ("speed", "m/s"), ("count", "")]


def test_that_one_bad_sample_does_not_take_the_good_ones_with_it(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, each="s", signals={"n": "Processed"})
    assert bench.say(TOPIC, b'{"s":[{"n":1},{"n":"many"},{"n":3}]}') == Reason.NOT_A_NUMBER
    assert [s.value for s in bench.samples()] == [1, 3]
    assert (bench.tally.mapped, bench.tally.refused) == (1, {Reason.NOT_A_NUMBER: 1})


def test_that_big_integers_stay_exact_in_arrays_too(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, each="s")
    bench.say(TOPIC, b'{"s":[{"n":-9223372036854775808}]}')
    assert [(s.value, s.kind) for s in bench.samples()] == [("-9223372036854775808", Kind.BIG_INT)]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"7", Reason.NOT_AN_OBJECT),
        (b'"text"', Reason.NOT_AN_OBJECT),
        (b"null", Reason.NOT_AN_OBJECT),
        (b'{"s":[1', Reason.NOT_JSON),
        (b'{"s":nan}', Reason.NOT_JSON),
        (b"\xff\xfe", Reason.NOT_JSON),
        (b"[" * 100_000, Reason.TOO_DEEP),
        (b'{"a":' * 17 + b"1" + b"}" * 17, Reason.TOO_DEEP),
        (b'{"s":[' + b"1," * 20_000 + b"1]}", Reason.TOO_MANY_FIELDS),
        (b'{"s":"' + b"x" * 1024 * 1024 + b'"}', Reason.TOO_LARGE),
    ],
)
def test_that_a_hostile_message_is_refused_with_its_reason(by_rule: Maker, payload: bytes, reason: Reason) -> None:
    bench = by_rule(**NESTED, each="s")
    assert bench.say(TOPIC, payload) == reason
    assert bench.samples() == []


def test_that_columns_without_end_are_refused(by_rule: Maker) -> None:
    bench = by_rule(**NESTED, time_field="t")
    assert bench.say(TOPIC, json.dumps({"t": [0] * 15_000, "v": [1] * 15_000}).encode()) == Reason.TOO_MANY_FIELDS


def test_that_a_rule_with_a_wrong_path_is_told_before_anything_is_heard(by_rule: Maker) -> None:
    with pytest.raises(SourceError):
        by_rule(**NESTED, each="a..b")
