"""Payloads of any form: what is taken apart, and why the rest is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.discover.plant import NOON_NS, payload_of
from twin_app.discover.forms import Form, look
from twin_app.discover.profile import MAX_FIELDS, TopicProfile
from twin_app.discover.speech import Speech, speech_of

MS = NOON_NS // 10**6


def profile(*payloads: object, topic: str = "plant/press") -> TopicProfile:
    found = TopicProfile(topic, speech_of(topic))
    for payload in payloads:
        data = payload_of(payload)
        found.count(len(data), NOON_NS, retain=False)
        found.look_into(data, NOON_NS, 10_000, fresh=True)
    return found


@pytest.mark.parametrize(
    ("payload", "form"),
    [
        (b"", Form.EMPTY), (b"  ", Form.EMPTY), (b"21.5", Form.SCALAR), ("läuft".encode(), Form.SCALAR), (b'"text"', Form.SCALAR),
        (b'{"a": 1}', Form.OBJECT), (b' {"a": {"b": {"c": 1}}}', Form.OBJECT), (b'{"a": [1]}', Form.ARRAYS), (b"[1, 2]", Form.ARRAYS),
        (b'{"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}', Form.ARRAYS), (b"{not json", Form.BROKEN), (b"<a>1</a>", Form.XML), (b"a;b\nc;d", Form.LINES),
        (b"\xff\xd8\xff\xe0", Form.BINARY), (b"\x00\x01\x02", Form.BINARY), (b"x" * 5000, Form.LONG), (b"x" * 100_000, Form.LARGE),
        (b"[" * 100_000, Form.BROKEN),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_that_the_form_of_a_payload_is_told_before_any_dialect(payload: bytes, form: Form) -> None:
    assert look(payload).form is form


@given(st.binary(max_size=200))
def test_that_any_bytes_have_a_form(payload: bytes) -> None:
    found = profile(payload)
    assert found.form in Form
    assert found.example.isprintable() or not payload


def test_that_the_fields_of_an_object_have_the_names_that_its_dialect_gives() -> None:
    assert set(profile({"run": 1, "motor": {"amps": 3}}).fields) == {"run", "motor.amps"}
    assert set(profile({"zones": [{"t": 180}, {"t": 181}]}).fields) == {"zones[0].t", "zones[1].t"}


def test_that_named_metrics_are_read_one_by_one() -> None:
    found = profile({"samples": [{"name": "Temp", "value": 180.2, "ts": MS}, {"name": "Run", "value": True, "ts": MS}]})
    assert found.shape is not None
    assert (found.shape.each, found.shape.name_field, found.shape.value_field) == ("samples", "name", "value")
    assert (found.shape.time_field, found.shape.time_unit) == ("ts", "ms")
    assert (found.fields["Temp"].last, set(found.fields)) == (180.2, {"Temp", "Run"})


def test_that_columns_beside_a_column_of_times_are_signals() -> None:
    found = profile({"time": [MS, MS + 10, MS + 20], "force": [1, 5, 2], "lot": "A7"})
    assert found.shape is not None
    assert (found.shape.each, found.shape.time_field, found.shape.time_unit) == ("", "time", "ms")
    assert (found.fields["force"].count, found.fields["force"].high) == (3, 5)


def test_that_an_array_of_samples_with_times_is_read_sample_by_sample() -> None:
    found = profile([{"t": MS, "speed": 1}, {"t": MS + 10, "speed": 2}])
    assert found.shape is not None
    assert (found.shape.each, found.shape.time_field) == ("", "t")
    assert found.fields["speed"].count == 2


def test_that_an_array_of_parts_stays_part_by_part() -> None:
    assert profile({"motors": [{"amps": 1}, {"amps": 2}]}).shape is None


def test_that_members_that_each_bear_a_time_are_read_member_by_member() -> None:
    found = profile({"metrics": {"temp": {"value": 1, "ts": MS, "q": [0]}, "speed": {"value": 2, "ts": MS, "q": [0]}}})
    assert found.shape is not None
    assert found.shape.each == "metrics.*"
    assert {"temp.value", "speed.value"} <= set(found.fields)


def test_that_a_topic_like_a_vehicles_without_its_header_is_plain() -> None:
    topic = "shop/v2/line/press/state"
    assert profile({"state": "running"}, topic=topic).speech is Speech.PLAIN
    header = {"headerId": 1, "timestamp": "2026-11-23T09:25:57Z", "version": "2.0.0", "manufacturer": "m", "serialNumber": "1"}
    assert profile(header | {"driving": True}, topic=topic).speech is Speech.VEHICLE


@pytest.mark.parametrize(
    ("topic", "speech"),
    [
        ("spBv1.0/G/DDATA/E/D", Speech.SPARKPLUG), ("bridge/spBv1.0/G/NDATA/E", Speech.SPARKPLUG), ("uagv/v2/m/001/state", Speech.VEHICLE),
        ("umh/v1/acme/site/_historian/temp", Speech.UMH), ("$SYS/broker/uptime", Speech.BROKER), ("plant/press/state", Speech.PLAIN),
        ("umh/v1/acme/no/contract", Speech.PLAIN), ("state", Speech.PLAIN),
    ],
)  # fmt: skip
def test_that_some_protocols_are_told_by_the_topic(topic: str, speech: Speech) -> None:
    assert speech_of(topic) is speech


def test_that_what_is_not_understood_says_why() -> None:
    found = profile(b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1")
    assert (found.is_foreign, found.trouble, found.example) == (True, "binary", "ff d8 ff e1")


def test_that_fields_are_bounded_and_the_rest_counted() -> None:
    found = profile({f"f{i}": i for i in range(1000)}, *({f"g{i}_{n}": i for i in range(1000)} for n in range(3)))
    assert (len(found.fields), found.fields_left) == (MAX_FIELDS, 2000)
    assert profile(json.dumps({"x" * 150: 1})).fields_left == 1


def test_that_kepware_s_values_bear_their_quality() -> None:
    values = [{"id": "Ch1.Press.Temp", "v": 180.2, "q": True, "t": MS}, {"id": "Ch1.Press.Run", "v": 0, "q": False, "t": MS}]
    found = profile({"timestamp": MS, "values": values})
    assert found.shape is not None
    assert (found.shape.each, found.shape.name_field, found.shape.value_field) == ("values", "id", "v")
    assert (found.shape.time_field, found.shape.quality_field, found.shape.quality_codes) == ("t", "q", "opc_ua")
    assert {"Ch1.Press.Temp", "Ch1.Press.Run"} <= set(found.fields)


@pytest.mark.parametrize(
    ("qualities", "codes"),
    [([192, 192], "opc_da"), ([192, 0], "opc_da"), ([0, 2147483648], "opc_ua"), ([1, 0], "flag"), (["Good", "Bad"], "opc_ua")],
)
def test_that_numbers_tell_which_codes_they_are(qualities: list[object], codes: str) -> None:
    found = profile([{"t": MS, "speed": 1, "q": qualities[0]}, {"t": MS + 10, "speed": 2, "q": qualities[1]}])
    assert found.shape is not None
    assert (found.shape.quality_field, found.shape.quality_codes) == ("q", codes)
    assert "q" not in found.fields
    columns = profile({"t": [MS, MS + 10], "speed": [1, 2], "q": qualities})
    assert columns.shape is not None
    assert (columns.shape.quality_field, columns.shape.quality_codes) == ("q", codes)


@pytest.mark.parametrize("qualities", [[0, 0], [7, 3], [0.97, 1.0], ["A", "B"], [[0], [0]]])
def test_that_what_may_be_anything_is_called_no_quality(qualities: list[object]) -> None:
    found = profile([{"t": MS, "speed": 1, "q": qualities[0]}, {"t": MS + 10, "speed": 2, "q": qualities[1]}])
    assert found.shape is not None
    assert found.shape.quality_field == ""


def test_that_values_a_machine_calls_bad_itself_tell_nothing() -> None:
    found = profile(
        {"values": [{"id": "Count", "v": 100, "q": True, "t": MS}]}, {"values": [{"id": "Count", "v": 0, "q": False, "t": MS}]},
        {"values": [{"id": "Count", "v": 101, "q": True, "t": MS}, {"id": "State", "v": "", "q": False, "t": MS}]},
    )  # fmt: skip
    count, state = found.fields["Count"], found.fields["State"]
    assert (count.low, count.high, count.falls, count.nulls, count.counts) == (100, 101, 0, 1, True)
    assert (state.words, state.nulls) == ({}, 1)
    flat = profile(*({"count": value, "quality": word} for value, word in ((100, "Good"), (0, "Bad"), (101, "Good"))))
    assert (flat.fields["count"].low, flat.fields["count"].falls) == (100, 0)
