"""PackTags as bytes in, samples out."""

from collections.abc import Callable
from typing import Any

import pytest

from twin_app.codec.packml_tags import meaning
from twin_app.codec.refusal import Reason
from twin_app.model.samples import Kind, Quality
from twin_app.model.signal import Signal, SignalKind

Maker = Callable[..., Any]


@pytest.mark.parametrize(
    ("tag", "payload", "name", "value", "kind"),
    [
        ("Status/StateCurrentStr", b"Execute", "State", "Execute", Kind.TEXT),
        ("Status/StateCurrentName", b"  EXECUTE ", "State", "Execute", Kind.TEXT),
        ("Status/StateCurrentStr", b"Un-Holding", "State", "Unholding", Kind.TEXT),
        ("Status.StateCurrentStr", b"held", "State", "Held", Kind.TEXT),
        ("Status/StateCurrent", b"6", "StateNumber", 6.0, Kind.NUMBER),
        ("Status/StateCurrent", b"6.0", "StateNumber", 6.0, Kind.NUMBER),
        ("Status/UnitModeCurrentStr", b"producing", "Mode", "Production", Kind.TEXT),
        ("Status/UnitModeCurrentStr", b"Cleaning in place", "Mode", "Cleaning in place", Kind.TEXT),
        ("Status/UnitModeCurrent", b"1", "ModeNumber", 1.0, Kind.NUMBER),
        ("Status/CurMachSpeed", b"99.5", "CurMachSpeed", 99.5, Kind.NUMBER),
        ("Status/MachSpeed", b"-0", "MachSpeed", 0.0, Kind.NUMBER),
        ("Admin/MachDesignSpeed", b"1.2e3", "MachDesignSpeed", 1200.0, Kind.NUMBER),
        ("Admin/ProdConsumedCount/0/AccCount", b"209.94524994920377", "Consumed", 209.94524994920377, Kind.NUMBER),
        ("Admin/ProdProcessedCount[0]/AccCount", b"7", "Processed", 7.0, Kind.NUMBER),
        ("Admin.ProdDefectiveCount[0].AccCount", b"7", "Defective", 7.0, Kind.NUMBER),
        ("admin/prodprocessedcount/0/count", b"7", "ProcessedSinceReset", 7.0, Kind.NUMBER),
        ("Admin/ProdProcessedCount/2/Count", b"7", "ProcessedSinceReset[2]", 7.0, Kind.NUMBER),
        ("Admin/ProdProcessedCount/0/AccCount", b"9007199254740993", "Processed", "9007199254740993", Kind.BIG_INT),
        ("Status/EquipmentInterlock/Starved", b"True", "Starved", 1.0, Kind.BOOL),
        ("Status/EquipmentInterlock/Blocked", b"off", "Blocked", 0.0, Kind.BOOL),
        ("Status/Parameter/0/Value", b"72.5", "Parameter[0]", 72.5, Kind.NUMBER),
        ("Status/Parameter[3].Value", b"recipe 7", "Parameter[3]", "recipe 7", Kind.TEXT),
        ("Admin/StopReason", b"12", "StopReason", "12", Kind.TEXT),
        ("Status/Product/0/ProductID", b"4711", "Product", "4711", Kind.TEXT),
        ("Admin/Alarm/3/Trigger", b"true", "Alarm[3]", 1.0, Kind.BOOL),
        ("Admin.Alarm[3].ID", b"1004", "Alarm[3].ID", 1004.0, Kind.NUMBER),
        ("Admin/Alarm/12/Message", b"Guard open", "Alarm[12].Message", "Guard open", Kind.TEXT),
        ("Admin/Alarm/12/Category", b"1", "Alarm[12].Category", 1.0, Kind.NUMBER),
    ],
)
def test_that_a_tag_becomes_its_signal(packml: Maker, tag: str, payload: bytes, name: str, value: object, kind: Kind) -> None:
    bench = packml()
    assert bench.say(f"plant/Filler/{tag}", payload, at_ms=5) == ""
    assert [(s.unit, s.name, s.value, s.kind, s.at_ms, s.quality, s.source_ms) for s in bench.samples()] == [
        ("Filler", name, value, kind, 5, Quality.GOOD, None)
    ]


@pytest.mark.parametrize(
    ("tag", "payload", "reason"),
    [
        ("Status/CurMachSpeed", b"fast", Reason.NOT_A_NUMBER),
        ("Status/CurMachSpeed", b"1,5", Reason.NOT_A_NUMBER),
        ("Status/CurMachSpeed", b"1_000", Reason.NOT_A_NUMBER),
        ("Status/CurMachSpeed", "٣".encode(), Reason.NOT_A_NUMBER),
        ("Status/CurMachSpeed", b"0x1F", Reason.NOT_A_NUMBER),
        ("Status/CurMachSpeed", b"inf", Reason.NOT_A_NUMBER),
        ("Status/CurMachSpeed", b"1e999", Reason.OUT_OF_RANGE),
        ("Status/CurMachSpeed", b"9" * 5000, Reason.OUT_OF_RANGE),
        ("Status/CurMachSpeed", b"\xff\xfe\x00", Reason.NOT_UTF8),
        ("Status/CurMachSpeed", b"", Reason.EMPTY),
        ("Status/CurMachSpeed", b" \t\n", Reason.EMPTY),
        ("Status/CurMachSpeed", b"7" * 70_000, Reason.TOO_LARGE),
        ("Admin/ProdProcessedCount/0/AccCount", b"NaN", Reason.NO_VALUE),
        ("Admin/ProdProcessedCount/0/AccCount", b"true", Reason.NOT_A_NUMBER),
        ("Admin/ProdProcessedCount/0/AccCount", b'{"value": 3}', Reason.NOT_A_NUMBER),
        ("Status/StateCurrent", b"6.5", Reason.OUT_OF_RANGE),
        ("Status/StateCurrent", b"Execute", Reason.NOT_A_NUMBER),
        ("Status/StateCurrent", b"true", Reason.NOT_A_NUMBER),
        ("Status/StateCurrent", b"nan", Reason.NOT_A_NUMBER),
        ("Status/StateCurrent", b"1e300", Reason.OUT_OF_RANGE),
        ("Status/StateCurrentStr", b"6", Reason.NOT_A_STATE),
        ("Status/StateCurrentStr", b'{"state": "Execute"}', Reason.NOT_A_STATE),
        ("Status/StateCurrentStr", b"[[[[", Reason.NOT_A_STATE),
        ("Status/StateCurrentStr", b"Exe\x00cute", Reason.NOT_A_STATE),
        ("Status/StateCurrentStr", b"A" * 65, Reason.NOT_A_STATE),
        ("Status/EquipmentInterlock/Starved", b"2", Reason.NOT_A_FLAG),
        ("Status/EquipmentInterlock/Starved", b"maybe", Reason.NOT_A_FLAG),
        ("Admin/StopReason", b"x" * 5000, Reason.TEXT_TOO_LONG),
    ],
)
def test_that_a_hostile_payload_is_refused_with_its_reason_and_changes_nothing_else(
    packml: Maker, tag: str, payload: bytes, reason: Reason
) -> None:
    bench = packml()
    assert bench.say(f"plant/Filler/{tag}", payload) == reason
    bench.settle(10_000)
    assert bench.samples() == []
    assert bench.tally.refused == {reason: 1}
    assert (bench.tally.received, bench.tally.mapped) == (1, 0)


def test_that_a_sensor_that_says_nan_has_no_value_any_more(packml: Maker) -> None:
    bench = packml()
    bench.say("plant/Filler/Status/CurMachSpeed", b"NaN")
    assert [(s.value, s.kind, s.quality) for s in bench.samples()] == [(None, Kind.NULL, Quality.BAD)]


@pytest.mark.parametrize("tag", ["Command/Start", "Command/Parameter/0/Value", "Admin/ProdConsumedCount/0/Name", "Status/Parameter/0/ID"])
def test_that_orders_to_the_machine_and_descriptions_are_ignored_on_purpose(packml: Maker, tag: str) -> None:
    bench = packml()
    bench.say(f"plant/Filler/{tag}", b"1")
    assert (bench.samples(), bench.tally.ignored, bench.tally.unmapped) == ([], 1, {})


@pytest.mark.parametrize(
    "topic", ["plant/Filler/Status/Unheard/Of", "plant/Stranger/Status/StateCurrent", "elsewhere/Filler/Status/StateCurrent"]
)
def test_that_a_topic_nobody_maps_is_counted_by_its_name(packml: Maker, topic: str) -> None:
    bench = packml()
    bench.say(topic, b"1")
    bench.say(topic, b"2")
    assert (bench.samples(), bench.tally.unmapped) == ([], {topic: 2})


def test_that_a_layouts_own_names_come_before_the_dialects_in_any_spelling(packml: Maker) -> None:
    declared = Signal(path="S/A/L1/Filler/Temperature", unit="Filler", name="Temperature", kind=SignalKind.MEASUREMENT)
    bench = packml(signals={"Status.Parameter[0].Value": "Temperature", "Status/MachSpeed": ""}, declared=(declared,))
    bench.say("plant/Filler/Status/Parameter/0/Value", b"72.5")
    bench.say("plant/Filler/Status/MachSpeed", b"60")
    assert [(s.name, s.value) for s in bench.samples()] == [("Temperature", 72.5)]
    assert bench.tally.ignored == 1
    assert bench.say("plant/Filler/Status/Parameter/0/Value", b"warm") == Reason.NOT_A_NUMBER


def test_that_a_signal_nobody_declared_keeps_the_kind_of_its_first_value(packml: Maker) -> None:
    bench = packml()
    topic = "plant/Filler/Status/Parameter/5/Value"
    bench.say(topic, b"3.5")
    assert bench.say(topic, b"open") == Reason.NOT_A_NUMBER
    assert bench.signals[bench.signals.find("Filler", "Parameter[5]")].kind is SignalKind.MEASUREMENT
    assert bench.values("Parameter[5]") == [3.5]


def test_that_a_retained_message_is_kept_as_of_unknown_age(packml: Maker) -> None:
    bench = packml()
    bench.say("plant/Filler/Status/StateCurrentStr", b"Execute", at_ms=9, retain=True)
    assert [(s.value, s.quality, s.at_ms) for s in bench.samples()] == [("Execute", Quality.RETAINED, 9)]
    assert bench.tally.retained == 1


def test_that_a_unit_known_by_another_name_in_the_topic_is_translated(packml: Maker) -> None:
    bench = packml(units={"M1": "Filler"})
    bench.say("plant/M1/Status/StateCurrentStr", b"Held")
    bench.say("plant/Capper/Status/StateCurrentStr", b"Idle")
    assert [(s.unit, s.value) for s in bench.samples()] == [("Filler", "Held"), ("Capper", "Idle")]


def test_that_a_tag_outside_the_standards_part_in_use_is_not_guessed() -> None:
    assert meaning("Status/StateRequested") is None
    assert meaning("Admin/ProdProcessedCount/x/Count") is None
