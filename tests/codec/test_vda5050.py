"""VDA 5050 as bytes in, samples out, in the words of 2.x and of 3.0."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from twin_app.codec.refusal import Reason
from twin_app.errors import SourceError
from twin_app.model.samples import Kind, Quality

Maker = Callable[..., Any]
VDA = {"topic": "uagv/v2/Robots/{unit}/+", "dialect": "vda5050"}
HEADER = {"headerId": 1, "timestamp": "2026-11-23T09:25:57.000Z", "version": "2.1.0", "manufacturer": "Robots", "serialNumber": "Filler"}
PLACE_2 = {"agvPosition": {"x": 1.5, "y": -2.0, "theta": 0.5, "mapId": "hall", "positionInitialized": True}}
PLACE_3 = {"mobileRobotPosition": {"x": 1.5, "y": -2.0, "theta": 0.5, "mapId": "hall", "localized": True}}
REST = {"orderId": "o1", "lastNodeId": "n3", "operatingMode": "AUTOMATIC", "driving": True, "paused": False, "errors": [], "loads": []}
STATE_2 = {**HEADER, **PLACE_2, **REST, "batteryState": {"batteryCharge": 80.5, "charging": True}, "safetyState": {"eStop": "NONE"}}
STATE_3 = {
    **HEADER,
    **PLACE_3,
    **REST,
    "powerSupply": {"stateOfCharge": 80.5, "charging": True},
    "safetyState": {"activeEmergencyStop": "NONE"},
}


def say(bench: Any, topic: str, document: dict[str, Any], at_ms: int = 20, **delivery: Any) -> dict[str, Any]:
    """Feed one message and return what it says, by signal."""
    assert bench.say(f"uagv/v2/Robots/Filler/{topic}", json.dumps(document).encode(), at_ms=at_ms, **delivery) == ""
    return {s.name: s.value for s in bench.samples()}


@pytest.mark.parametrize("document", [STATE_2, STATE_3], ids=["2.x", "3.0"])
def test_that_both_versions_say_the_same_of_a_vehicle(by_rule: Maker, document: dict[str, Any]) -> None:
    bench = by_rule(**VDA)
    assert say(bench, "state", document) == {
        "Connected/Filler": 1, "X": 1.5, "Y": -2.0, "Heading": 0.5, "Map": "hall", "Battery": 80.5, "Charging": 1, "Driving": 1, "Paused": 0,
        "OperatingMode": "AUTOMATIC", "Order": "o1", "LastNode": "n3", "State": "Execute", "Mode": "Production", "EmergencyStop": "NONE",
        "ErrorLevel": "NONE", "Errors": "[]", "ErrorCount": 0, "Load": "", "LoadCount": 0,
    }  # fmt: skip
    assert (bench.tally.mapped, bench.tally.unmapped, bench.tally.odd_times) == (1, {}, 0)
    measures = {s.name: s.unit_of_measure for s in bench.signals if s.unit_of_measure}
    assert measures == {"X": "m", "Y": "m", "Heading": "rad", "Battery": "%"}


@pytest.mark.parametrize("place", [PLACE_2, PLACE_3])
def test_that_a_visualization_moves_the_vehicle_and_says_no_state(by_rule: Maker, place: dict[str, Any]) -> None:
    found = say(by_rule(**VDA), "visualization", {**HEADER, **place, "velocity": {"vx": 0.3, "vy": 0.4, "omega": 0.1}})
    assert found == {"Connected/Filler": 1, "X": 1.5, "Y": -2.0, "Heading": 0.5, "Map": "hall", "Speed": pytest.approx(0.5)}


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"driving": True}, "Execute"),
        ({"driving": False}, "Idle"),
        ({"driving": False, "actionStates": [{"actionStatus": "WAITING"}, {"actionStatus": "RUNNING"}]}, "Execute"),
        ({"driving": False, "actionStates": [{"actionStatus": "WAITING"}, {"actionStatus": "FINISHED"}, 7]}, "Idle"),
        ({"driving": True, "paused": True}, "Held"),
        ({"driving": True, "errors": [{"errorLevel": "WARNING"}]}, "Execute"),
        ({"driving": True, "errors": [{"errorLevel": "URGENT"}]}, "Execute"),
        ({"driving": False, "errors": [{"errorLevel": "CRITICAL"}]}, "Held"),
        ({"driving": True, "errors": [{"errorLevel": "WARNING"}, {"errorLevel": "FATAL"}]}, "Aborted"),
        ({"driving": False, "paused": True, "errors": [{"errorLevel": "FATAL"}]}, "Aborted"),
        ({"driving": False, "safetyState": {"eStop": "MANUAL"}}, "Aborted"),
        ({"driving": False, "safetyState": {"activeEmergencyStop": "REMOTE"}}, "Aborted"),
        ({"paused": True}, "Held"),
        ({}, None),
        ({"driving": "yes", "errors": "none"}, None),
    ],
)
def test_that_packmls_state_follows_from_what_stops_or_moves_the_vehicle(by_rule: Maker, said: dict[str, Any], state: str | None) -> None:
    bench = by_rule(**VDA)
    bench.say("uagv/v2/Robots/Filler/state", json.dumps(HEADER | said).encode())
    assert bench.values("State") == ([state] if state else [])


@pytest.mark.parametrize(
    ("said", "mode"),
    [("AUTOMATIC", "Production"), ("SEMIAUTOMATIC", "Production"), ("MANUAL", "Manual"), ("SERVICE", "Maintenance"), ("TEACH_IN", "Manual"),
     ("TEACHIN", "Manual"), ("STARTUP", "STARTUP")],
)  # fmt: skip
def test_that_the_operating_mode_is_one_of_packmls_or_the_vehicles_own(by_rule: Maker, said: str, mode: str) -> None:
    found = say(by_rule(**VDA), "state", {**HEADER, "operatingMode": said})
    assert (found["Mode"], found["OperatingMode"]) == (mode, said)


def test_that_errors_are_told_the_gravest_first(by_rule: Maker) -> None:
    errors = [
        {"errorLevel": "WARNING", "errorType": "dust", "errorReferences": [{"referenceKey": "k", "referenceValue": "v"}]},
        {"errorLevel": "FATAL", "errorType": "batteryLow", "errorDescription": "empty"},
    ]
    found = say(by_rule(**VDA), "state", {**HEADER, "errors": errors})
    assert json.loads(found["Errors"]) == [
        {"errorLevel": "FATAL", "errorType": "batteryLow", "errorDescription": "empty"},
        {"errorLevel": "WARNING", "errorType": "dust"},
    ]
    assert (found["ErrorLevel"], found["ErrorCount"]) == ("FATAL", 2)


def test_that_more_errors_than_a_text_may_hold_are_still_counted_in_full(by_rule: Maker) -> None:
    errors = [{"errorLevel": "WARNING", "errorType": f"e{i}", "errorDescription": "x" * 200} for i in range(100)]
    errors.append({"errorLevel": "FATAL", "errorType": "worst"})
    found = say(by_rule(**VDA), "state", {**HEADER, "errors": errors})
    assert json.loads(found["Errors"])[0]["errorType"] == "worst"
    assert found["ErrorCount"] == 101


@pytest.mark.parametrize(
    ("loads", "load", "count"),
    [
        ([], "", 0),
        ([{"loadId": "R1", "loadType": "EPAL"}, {"loadType": "EPAL"}, {"loadId": ""}], "R1, EPAL, ?", 3),
    ],
)
def test_that_loads_are_named_by_what_is_known_of_them(by_rule: Maker, loads: list[Any], load: str, count: int) -> None:
    found = say(by_rule(**VDA), "state", {**HEADER, "loads": loads})
    assert (found["Load"], found["LoadCount"]) == (load, count)


def test_that_a_vehicle_that_cannot_see_its_load_says_nothing_of_it(by_rule: Maker) -> None:
    assert "Load" not in say(by_rule(**VDA), "state", {**HEADER, "driving": False})


@pytest.mark.parametrize(
    "place",
    [
        {"agvPosition": {"x": 1, "y": 2, "theta": 3, "mapId": "m", "positionInitialized": False}},
        {"mobileRobotPosition": {"x": 1, "y": 2, "theta": 3, "mapId": "m", "localized": False}},
    ],
)
def test_that_a_vehicle_that_lost_its_bearings_is_nowhere_not_where_it_was(by_rule: Maker, place: dict[str, Any]) -> None:
    bench = by_rule(**VDA)
    say(bench, "state", STATE_2)
    bench.say("uagv/v2/Robots/Filler/state", json.dumps(HEADER | place).encode(), at_ms=30)
    found = [(s.name, s.value, s.kind, s.quality) for s in bench.samples() if s.name in {"X", "Y", "Heading", "Map"}]
    assert found == [(name, None, Kind.NULL, Quality.BAD) for name in ("X", "Y", "Heading", "Map")]


def test_that_unknown_members_are_counted_and_the_rest_is_taken(by_rule: Maker) -> None:
    bench = by_rule(**VDA)
    assert say(bench, "state", {**STATE_3, "shoeSize": 44, "extras": {"a": 1}})["State"] == "Execute"
    assert bench.tally.unmapped == {"uagv/v2/Robots/Filler/state · shoeSize": 1, "uagv/v2/Robots/Filler/state · extras": 1}


def test_that_any_other_field_becomes_a_signal_by_its_path(by_rule: Maker) -> None:
    bench = by_rule(
        **VDA,
        signals={"batteryState.batteryVoltage": "Voltage", "safetyState.fieldViolation": "Blocked", "X": "East", "Y": ""},
        units_of_measure={"batteryState.batteryVoltage": "V"},
    )
    document = {**HEADER, **PLACE_2, "batteryState": {"batteryVoltage": 24.5}, "safetyState": {"fieldViolation": True}}
    found = say(bench, "state", document)
    assert {name: found.get(name) for name in ("Voltage", "Blocked", "East", "X", "Y")} == {
        "Voltage": 24.5, "Blocked": 1, "East": 1.5, "X": None, "Y": None,
    }  # fmt: skip
    with pytest.raises(SourceError):
        by_rule(**VDA, signals={"battery..": "B"})


@pytest.mark.parametrize("topic", ["order", "instantActions", "factsheet", "responses", "zoneSet"])
def test_that_orders_to_the_vehicle_are_ignored_whatever_they_hold(by_rule: Maker, topic: str) -> None:
    bench = by_rule(**VDA)
    assert bench.say(f"uagv/v2/Robots/Filler/{topic}", b"anything") == ""
    assert (bench.tally.ignored, bench.tally.mapped, bench.tally.unmapped) == (1, 0, {})


def test_that_an_order_is_no_proof_that_the_vehicle_is_there_and_a_factsheet_is(by_rule: Maker) -> None:
    bench = by_rule(**VDA)
    bench.say("uagv/v2/Robots/Filler/order", b"{}")
    assert bench.samples() == []
    bench.say("uagv/v2/Robots/Filler/factsheet", b"{}")
    assert bench.values("Connected/Filler") == [1.0]


def test_that_a_topic_of_another_kind_is_counted(by_rule: Maker) -> None:
    bench = by_rule(**VDA)
    assert say(bench, "gossip", HEADER) == {}
    assert bench.tally.unmapped == {"uagv/v2/Robots/Filler/gossip · gossip": 1}


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("state", b"", Reason.EMPTY),
        ("state", b"[]", Reason.NOT_AN_OBJECT),
        ("state", b"{", Reason.NOT_JSON),
        ("connection", b'{"connectionState":"ASLEEP"}', Reason.NOT_A_STATE),
        ("connection", b"{}", Reason.NOT_A_STATE),
        ("connection", b'{"connectionState":["ONLINE"]}', Reason.NOT_A_STATE),
        ("state", b'{"agvPosition":{"x":"far"},"driving":true}', Reason.NOT_A_NUMBER),
    ],
)
def test_that_what_cannot_be_understood_is_refused_with_its_reason(by_rule: Maker, topic: str, payload: bytes, reason: Reason) -> None:
    bench = by_rule(**VDA)
    assert bench.say(f"uagv/v2/Robots/Filler/{topic}", payload) == reason


def test_that_one_bad_field_does_not_take_the_good_ones_with_it(by_rule: Maker) -> None:
    bench = by_rule(**VDA)
    document = {
        **HEADER,
        "agvPosition": {"x": "far", "y": [1], "theta": 0.1},
        "velocity": {"vx": "fast"},
        "batteryState": 7,
        "driving": True,
    }
    assert bench.say("uagv/v2/Robots/Filler/state", json.dumps(document).encode()) == Reason.NOT_A_NUMBER
    assert {s.name: s.value for s in bench.samples()} == {"Connected/Filler": 1, "Heading": 0.1, "Driving": 1, "State": "Execute"}


def test_that_speed_is_the_length_of_the_velocity(by_rule: Maker) -> None:
    bench = by_rule(**VDA)
    assert say(bench, "visualization", {**HEADER, "velocity": {"vx": -2}})["Speed"] == 2.0
    assert math.isclose(say(bench, "visualization", {**HEADER, "velocity": {"vx": 1, "vy": 1}})["Speed"], math.sqrt(2))


def test_that_a_rule_may_ignore_what_the_dialect_derives(by_rule: Maker) -> None:
    bench = by_rule(**VDA, signals={"State": ""})
    assert "State" not in say(bench, "state", STATE_2)
