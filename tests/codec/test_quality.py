"""What machines say of the quality of their own values: a bad one is shown, and known to nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin_app.codec.quality import CODES, quality_of
from twin_app.model.samples import Kind, Quality

Maker = Callable[..., Any]
TOPIC = "plant/Filler"
NOON_MS = 1_795_425_957_000
GOOD, UNCERTAIN, BAD, RETAINED = Quality.GOOD, Quality.UNCERTAIN, Quality.BAD, Quality.RETAINED


def told(bench: Any, document: Any, *, retain: bool = False) -> list[tuple[str, Any, Quality]]:
    """Feed one document and return name, value and quality of each sample."""
    assert bench.say(TOPIC, json.dumps(document).encode(), retain=retain) == ""
    return [(s.name, s.value, s.quality) for s in bench.samples()]


@pytest.mark.parametrize(
    ("said", "quality"),
    [
        (True, GOOD), (False, BAD), ("Good", GOOD), ("GOOD", GOOD), (" good ", GOOD), ("GoodClamped", GOOD), ("Bad", BAD), ("bad", BAD),
        ("BadSensorFailure", BAD), ("Bad_NoCommunication", BAD), ("Uncertain", UNCERTAIN), ("UncertainLastUsableValue", UNCERTAIN),
        ("ok", GOOD), ("true", GOOD), ("false", BAD), ("invalid", BAD), ("questionable", UNCERTAIN), ("stale", UNCERTAIN),
        (0, GOOD), (0.0, GOOD), ("0", GOOD), ("0x00000000", GOOD), (192, GOOD), (0x00A40000, GOOD), (0x40000000, UNCERTAIN),
        (0x40900000, UNCERTAIN), (2147483648, BAD), (-2147483648, BAD), ("2147483648", BAD), ("0x80000000", BAD), (0x808C0000, BAD),
        (2147483648.0, BAD), (0xC0000000, BAD), ({"Code": 2147483648, "Symbol": "Bad"}, BAD), ({"Symbol": "Uncertain"}, UNCERTAIN),
        ("seldom", None), ("", None), (None, None), (1.5, None), (2**40, None), (10**400, None), ([1], None), ({}, None), ({"Code": {}}, None),
        (float("nan"), None), (float("inf"), None), ("9999999999", None),
    ],
)  # fmt: skip
def test_what_opc_ua_and_words_mean(said: Any, quality: Quality | None) -> None:
    assert quality_of(said, "opc_ua") is quality


@pytest.mark.parametrize(
    ("codes", "said", "quality"),
    [
        ("opc_da", 192, GOOD), ("opc_da", 216, GOOD), ("opc_da", 0, BAD), ("opc_da", 24, BAD), ("opc_da", 64, UNCERTAIN), ("opc_da", 88, UNCERTAIN),
        ("opc_da", 128, None), ("opc_da", 0x1C0, GOOD), ("opc_da", "192", GOOD), ("opc_da", "bad", BAD), ("flag", 1, GOOD), ("flag", 0, BAD),
        ("flag", "1", GOOD), ("flag", True, GOOD),
    ],
)  # fmt: skip
def test_what_other_codes_mean(codes: str, said: Any, quality: Quality | None) -> None:
    assert quality_of(said, codes) is quality


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["Code", "Symbol", "x"]), inner, max_size=3), max_leaves=6,
)  # fmt: skip


@given(json_values, st.sampled_from(sorted(CODES)))
def test_that_anything_said_has_a_quality_or_none(said: Any, codes: str) -> None:
    assert quality_of(said, codes) in {GOOD, UNCERTAIN, BAD, None}


@given(st.integers(0, 2**32 - 1))
def test_that_the_two_highest_bits_of_a_status_code_decide_signed_or_not(code: int) -> None:
    signed = code - 2**32 if code >= 2**31 else code
    expected = (GOOD, UNCERTAIN, BAD, BAD)[code // 2**30]
    assert [quality_of(one, "opc_ua") for one in (code, signed, str(code), hex(code), float(code))] == [expected] * 5


def test_that_kepware_says_the_quality_of_each_value(by_rule: Maker) -> None:
    bench = by_rule(
        topic="plant/{unit}", dialect="json", each="values", name_field="id", value_field="v", time_field="t", time_unit="ms", quality_field="q",
        signals={"L1.Filler.State": "State", "L1.Filler.Count": "Processed", "L1.Filler.Temp": "OvenTemp", "timestamp": ""},
    )  # fmt: skip
    values = [
        {"id": "L1.Filler.State", "v": "Execute", "q": True, "t": NOON_MS}, {"id": "L1.Filler.Count", "v": 12, "q": True, "t": NOON_MS},
        {"id": "L1.Filler.Temp", "v": 0, "q": False, "t": NOON_MS},
    ]  # fmt: skip
    assert told(bench, {"timestamp": NOON_MS, "values": values}) == [("State", "Execute", GOOD), ("Processed", 12, GOOD)], (
        "no signal is made by a bad value"
    )
    good = [{"id": "L1.Filler.Temp", "v": 71.5, "q": True, "t": NOON_MS + 1}]
    assert told(bench, {"timestamp": NOON_MS, "values": good}) == [("OvenTemp", 71.5, GOOD)]
    bad = [
        {"id": name, "v": value, "q": False, "t": NOON_MS + 2}
        for name, value in (("L1.Filler.State", ""), ("L1.Filler.Count", 0), ("L1.Filler.Temp", None))
    ]
    assert told(bench, {"timestamp": NOON_MS, "values": bad}) == [("State", None, BAD), ("Processed", 0, BAD), ("OvenTemp", None, BAD)]
    assert (bench.tally.unknown_states, bench.tally.refused, bench.tally.notes) == ({}, {}, {})


def test_that_opc_ua_publishers_give_status_codes_where_they_are_not_good(by_rule: Maker) -> None:
    bench = by_rule(
        topic="plant/{unit}", dialect="json", each="Messages[*].Payload.*", time_field="SourceTimestamp", quality_field="StatusCode",
        signals={"Temp.Value.Body": "OvenTemp", "Temp.Value.Type": "", "MessageId": ""},
    )  # fmt: skip

    def message(**more: Any) -> dict[str, Any]:
        value = {"Value": {"Type": 11, "Body": 70.25}, "SourceTimestamp": "2026-11-23T09:25:57Z"}
        return {"MessageId": "1", "Messages": [{"Payload": {"Temp": value | more}}]}

    assert told(bench, message()) == [("OvenTemp", 70.25, GOOD)]
    assert told(bench, message(StatusCode={"Code": 0x40900000, "Symbol": "UncertainLastUsableValue"})) == [("OvenTemp", 70.25, UNCERTAIN)]
    assert told(bench, message(StatusCode=2147483648)) == [("OvenTemp", 70.25, BAD)]


def test_that_the_quality_of_a_message_is_that_of_all_it_says(by_rule: Maker) -> None:
    bench = by_rule(topic="plant/{unit}", dialect="json_flat", quality_field="quality", signals={"t": "OvenTemp"})
    assert told(bench, {"t": 70, "quality": "Good"}) == [("OvenTemp", 70, GOOD)]
    assert told(bench, {"t": 71, "quality": "Uncertain"}) == [("OvenTemp", 71, UNCERTAIN)]
    assert told(bench, {"t": 72, "quality": "Bad"}) == [("OvenTemp", 72, BAD)]
    assert told(bench, {"t": 73}) == [("OvenTemp", 73, GOOD)], "who says nothing of it means well"
    unknown = [("State", None, BAD), ("StateNumber", None, BAD), ("Starved", None, BAD)]
    assert told(bench, {"State": "Execute", "StateNumber": 6, "Starved": "?", "quality": 2147483648}) == unknown


def test_that_a_bad_state_is_none_and_no_word_is_unknown_for_it(by_rule: Maker) -> None:
    bench = by_rule(topic="plant/{unit}", dialect="json_flat", quality_field="q")
    assert told(bench, {"State": "Execute", "Processed": 7, "q": True}) == [("State", "Execute", GOOD), ("Processed", 7, GOOD)]
    assert told(bench, {"State": "#ERR", "Processed": "#ERR", "q": False}) == [("State", None, BAD), ("Processed", None, BAD)]
    assert (bench.tally.unknown_states, bench.tally.refused) == ({}, {})


def test_that_a_quality_nobody_knows_is_uncertain_and_counted(by_rule: Maker) -> None:
    bench = by_rule(topic="plant/{unit}", dialect="json_flat", quality_field="q", signals={"t": "OvenTemp"})
    assert told(bench, {"t": 70, "q": "so-so"}) == [("OvenTemp", 70, UNCERTAIN)]
    nested = by_rule(topic="plant/{unit}", dialect="json", quality_field="q", signals={"a.t": "OvenTemp"})
    assert told(nested, {"a": {"t": 70}, "q": []}) == [("OvenTemp", 70, UNCERTAIN)]
    for one in (bench, nested):
        assert one.tally.notes == {"Messages that give a quality nobody knows: their values count as uncertain": 1}


def test_that_what_the_broker_had_kept_stays_of_unknown_age_but_for_what_is_bad(by_rule: Maker) -> None:
    bench = by_rule(topic="plant/{unit}", dialect="json_flat", quality_field="q", signals={"t": "OvenTemp"})
    assert told(bench, {"t": 70, "q": True}, retain=True) == [("OvenTemp", 70, RETAINED)]
    assert told(bench, {"t": 70, "q": "uncertain"}, retain=True) == [("OvenTemp", 70, RETAINED)]
    assert told(bench, {"t": 70, "q": False}, retain=True) == [("OvenTemp", 70, BAD)]


def test_that_columns_and_rows_bear_qualities_of_their_own(by_rule: Maker) -> None:
    bench = by_rule(
        topic="plant/{unit}",
        dialect="json",
        time_field="t",
        time_unit="ms",
        quality_field="q",
        quality_codes="opc_da",
        signals={"v": "Torque"},
    )
    document = {"t": [NOON_MS, NOON_MS + 1, NOON_MS + 2], "v": [1, 2, 3], "q": [192, 64, 0]}
    assert told(bench, document) == [("Torque", 1, GOOD), ("Torque", 2, UNCERTAIN), ("Torque", 3, BAD)]
    rows = by_rule(
        topic="plant/{unit}", dialect="json", each="rows", time_field="[0]", time_unit="ms", quality_field="[2]", signals={"[1]": "Torque"}
    )
    assert told(rows, {"rows": [[NOON_MS, 1, "Good"], [NOON_MS + 1, 2, "Uncertain"]]}) == [("Torque", 1, GOOD), ("Torque", 2, UNCERTAIN)]


def test_that_the_message_speaks_for_elements_that_give_none(by_rule: Maker) -> None:
    bench = by_rule(
        topic="plant/{unit}", dialect="json", each="a", name_field="n", quality_field="q", signals={"x": "OvenTemp", "y": "Torque"}
    )
    assert told(bench, {"q": "Uncertain", "a": [{"n": "x", "value": 1}, {"n": "y", "value": 2, "q": "Good"}]}) == [
        ("OvenTemp", 1, UNCERTAIN), ("Torque", 2, GOOD),
    ]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # a maker of benches, each used once
@given(document=json_values, nested=st.booleans())
def test_that_any_json_is_taken_or_refused_whatever_its_quality(by_rule: Maker, document: Any, nested: bool) -> None:
    rule = {"each": "a", "name_field": "Symbol", "value_field": "x"} if nested else {}
    bench = by_rule(topic="plant/{unit}", dialect="json" if nested else "json_flat", quality_field="Code", **rule)
    bench.say(TOPIC, json.dumps({"a": [document, document], "Code": document, "x": 1.0}).encode())
    for sample in bench.samples():
        assert sample.quality in {GOOD, UNCERTAIN, BAD}
        assert sample.quality is BAD or sample.kind is not Kind.NULL
