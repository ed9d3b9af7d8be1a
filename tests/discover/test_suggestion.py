"""What is suggested for machines of many makers: rules, units, signals, states; and nothing that was not seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.codec.sparkplug.encoding import INT32, STRING, metric, payload
from tests.discover.plant import NOON_NS, Said, fates, heard, read_back, rules, suggested
from twin_app.discover.suggestion import MAX_UNITS
from twin_app.machines import machine_type
from twin_app.model.derive import StateRule
from twin_app.model.signal import SignalKind

MS = NOON_NS // 10**6


def test_that_a_machine_without_packml_gets_its_states_from_its_bits(tmp_path: Path) -> None:
    survey = heard(*(("hall2/Press", {"run": 1, "fault": 0, "count": 1000 + i}) for i in range(40)))
    found = suggested(survey)
    (rule,) = rules(found)
    assert (rule.topic, rule.dialect, rule.signals) == ("hall2/{unit}", "json_flat", {"count": "Processed"})
    (press,) = found.line.units
    assert (press.id, press.type) == ("Press", "press")
    assert press.state_rules == (
        StateRule(when="fault", state="Aborted"),
        StateRule(when="run", state="Execute"),
        StateRule(state="Stopped"),
    )
    assert found.line.products[0].ideal_cycle_s == {"Press": 1.0}  # one a second is the fastest that was seen
    assert read_back(found, survey, tmp_path) == found.line


def messages_of_two_presses() -> list[Said]:
    return [
        (f"acme/hall/press{k}/{topic}", payload)
        for i in range(30)
        for k in (1, 2)
        for topic, payload in (
            ("state", {"ts": MS + i * 6000, "state": "running" if i % 7 else "Störung"}),
            ("counters", {"ts": MS + i * 6000, "total": i * 3, "good": i * 3 - i // 5, "bad": i // 5}),
            ("telemetry", {"oil_temp_degC": 40 + i, "drive": {"current": 3.2}}),
        )
    ]


def test_that_messages_of_several_kinds_come_to_one_machine(tmp_path: Path) -> None:
    survey = heard(*messages_of_two_presses())
    found = suggested(survey)
    by_topic = {rule.topic: rule for rule in rules(found)}
    assert set(by_topic) == {f"acme/hall/{{unit}}/{kind}" for kind in ("state", "counters", "telemetry")}
    assert by_topic["acme/hall/{unit}/counters"].signals == {"total": "Processed", "bad": "Defective"}
    assert (by_topic["acme/hall/{unit}/state"].time_field, by_topic["acme/hall/{unit}/state"].time_unit) == ("ts", "ms")
    assert found.line.sources[0].state_names == {"running": "Execute", "störung": "Aborted"}
    signals = {spec.name: spec for spec in found.line.unit("press1").signals}
    assert (signals["oil_temp_degC"].unit_of_measure, signals["drive.current"].unit_of_measure) == ("°C", "A")
    assert signals["good"].kind is SignalKind.COUNTER
    assert read_back(found, survey, tmp_path) == found.line


def test_that_a_name_says_its_unit_and_a_usual_one_is_marked_as_a_guess() -> None:
    (press, _) = suggested(heard(*messages_of_two_presses())).machines
    assert not press.described["oil_temp_degC"].is_guess
    assert press.described["drive.current"].is_guess


def test_that_good_pieces_alone_are_said_to_be_so() -> None:
    found = suggested(heard(*(("hall/press/now", {"good": i * 3, "scrap": i // 5, "state": "Execute"}) for i in range(20))))
    assert rules(found)[0].signals == {"state": "State", "good": "Processed", "scrap": "Defective"}
    assert not found.line.sources[0].processed_includes_defective


@pytest.mark.parametrize("word", ["energy", "runtime_hours", "gas"])
def test_that_what_is_metered_is_no_count_of_pieces(word: str) -> None:
    found = suggested(heard(*(("hall/press/now", {f"{word}": {"total": i}, "state": "Execute"}) for i in range(20))))
    assert "Processed" not in rules(found)[0].signals.values()


def test_that_plain_topics_are_signals_below_their_machine() -> None:
    found = suggested(
        heard(
            *((f"f/hall/press{k}/{tag}", value) for i in range(30) for k in (1, 2) for tag, value in (("temp", str(50 + i)), ("running", "true"), ("parts", str(i * 7)))),
            ("f/hall/press1/picture", b"\xff\xd8\xff"),
        )
    )  # fmt: skip
    (rule,) = rules(found)
    assert (rule.topic, rule.dialect, rule.signals) == ("f/hall/{unit}/{tag...}", "scalar", {"parts": "Processed"})
    assert found.line.unit("press2").state_rules[0] == StateRule(when="running", state="Execute")


def test_that_machines_of_one_name_in_two_places_stay_two(tmp_path: Path) -> None:
    survey = heard(
        *((f"umh/v1/acme/leipzig/assembly/line{line}/filler/_historian/motor/temp", {"timestamp_ms": MS, "value": 40}) for line in (1, 2))
    )
    found = suggested(survey)
    assert [unit.id for unit in found.line.units] == ["line1.filler", "line2.filler"]
    assert set(fates(survey, found).values()) == {"line1.filler.motor.temp", "line2.filler.motor.temp"}
    assert (found.line.enterprise, found.line.site, found.line.area, found.line.id) == ("acme", "leipzig", "assembly", "line1")
    assert read_back(found, survey, tmp_path) == found.line


def test_that_a_namespace_is_mapped_with_all_its_contracts() -> None:
    survey = heard(
        ("umh/v1/acme/leipzig/line/press/_historian/temp", {"timestamp_ms": MS, "value": 40}),
        ("umh/v1/acme/leipzig/line/press/_packml/state", {"timestamp_ms": MS, "value": "Execute"}),
        ("umh/v1/acme/leipzig/line/press/_energy/meter", {"timestamp_ms": MS, "kWh": 4, "kW": 2}),
    )
    assert set(fates(survey, suggested(survey)).values()) == {"press.temp", "press.State", "press.meter.kWh", "press.meter.kW"}


def test_that_packtags_that_the_engine_does_not_know_keep_a_name_of_their_own() -> None:
    survey = heard(
        ("A/B/Filler/Status/StateCurrentStr", "Execute"), ("A/B/Filler/Admin/Custom/7/Value", "true"), ("A/B/Filler/oil/temp", "40"),
        ("A/B/Filler/energy", {"power_kW": 3}),
    )  # fmt: skip
    assert fates(survey, suggested(survey)) == {
        ("A/B/Filler/Status/StateCurrentStr", ""): "Filler.State", ("A/B/Filler/Admin/Custom/7/Value", ""): "Filler.Custom[7].Value",
        ("A/B/Filler/oil/temp", ""): "Filler.oil.temp", ("A/B/Filler/energy", "power_kW"): "Filler.power_kW",
    }  # fmt: skip


def test_that_a_topic_that_another_rule_would_take_gets_a_rule_of_its_own(tmp_path: Path) -> None:
    survey = heard(
        *((f"hall/press{k}/now", {"state": "Execute", "ts": MS}) for k in (1, 2, 3)), ("hall/press4/now", {"samples": [{"name": "temp", "value": 3, "ts": MS}]}),
    )  # fmt: skip
    found = suggested(survey)
    assert "UNMAPPED" not in fates(survey, found).values()
    assert fates(survey, found)["hall/press4/now", "temp"] == "press4.temp"
    assert read_back(found, survey, tmp_path) == found.line


def test_that_an_edge_node_that_speaks_for_several_machines_is_taken_apart() -> None:
    metrics = [metric(f"{unit}/State", "Execute", "string", datatype=STRING) for unit in ("Filler", "Capper")]
    metrics += [metric(f"{unit}/Count", 3, "int", datatype=INT32) for unit in ("Filler", "Capper")]
    survey = heard(("spBv1.0/Plant/NBIRTH/Gateway", payload(*metrics, seq=0)))
    found = suggested(survey)
    assert [unit.id for unit in found.line.units] == ["Filler", "Capper"]
    assert fates(survey, found)["spBv1.0/Plant/NDATA/Gateway", "Filler/State"] == "Filler.State"


def test_that_states_in_words_nobody_knows_are_said_and_not_guessed() -> None:
    found = suggested(heard(*(("hall/press", {"state": word}) for word in ("running", "Phase 7"))))
    assert found.unknown_words == ("Phase 7",)
    assert found.line.sources[0].state_names == {"running": "Execute"}


def test_that_a_number_without_names_is_no_state_unless_it_looks_like_packmls() -> None:
    assert rules(suggested(heard(*(("hall/press", {"status": n}) for n in (100, 200)))))[0].signals == {}
    assert rules(suggested(heard(*(("hall/press", {"state": n}) for n in (6, 11)))))[0].signals == {"state": "State"}


def test_that_times_without_a_zone_are_not_taken_and_said() -> None:
    found = suggested(heard(("hall/press", {"time": "2026-11-23T09:25:57", "state": "Execute"})))
    assert rules(found)[0].time_field == ""
    assert found.branches[0].local_time == "time"


def test_that_machines_stand_side_by_side_and_none_in_anothers_way() -> None:
    names = [
        "depal",
        "rinser",
        "filler",
        "capper",
        "labeller",
        "packer",
        "palletiser",
        "wrapper",
        "store",
        *(f"machine{i}" for i in range(60)),
    ]
    units = suggested(heard(*((f"hall/{name}/temp", "3") for name in names), ("hall/agv1/temp", "3"))).line.units
    assert len(units) == len(names) + 1
    boxes = [
        (u.placement.x_m - length / 2, u.placement.x_m + length / 2, u.placement.y_m - width / 2, u.placement.y_m + width / 2)
        for u in units
        for length, width in (machine_type(u.type).footprint_m,)
    ]
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[1] < b[0] or b[1] < a[0] or a[3] < b[2] or b[3] < a[2]


def test_that_a_plant_of_a_thousand_machines_gives_the_line_of_those_that_say_most(tmp_path: Path) -> None:
    survey = heard(
        *((f"hall/machine{i}/{tag}", "1") for i in range(1000) for tag in (("temp", "speed") if i >= 900 else ("temp",))), every_s=0.001
    )
    found = suggested(survey)
    assert (len(found.line.units), found.units_left) == (MAX_UNITS, 1000 - MAX_UNITS)
    assert {f"machine{i}" for i in range(900, 1000)} <= {unit.id for unit in found.line.units}
    assert read_back(found, survey, tmp_path) == found.line


def test_that_who_joins_late_gets_the_sender_though_its_metrics_have_no_names_yet() -> None:
    survey = heard(("spBv1.0/Plant/DDATA/Edge/Robot1", payload(metric(alias=7, value=3.0, kind="double"), seq=3)))
    found = suggested(survey)
    assert [unit.id for unit in found.line.units] == ["Robot1"]
    assert survey.topics["spBv1.0/Plant/DDATA/Edge/Robot1"].notes == {"values whose name a birth is yet to tell": 1}


def wrapped(**values: object) -> list[Said]:
    """Say values wrapped with time and quality, each on a topic of its own, as many machines of a unified namespace do."""
    return [
        (f"acme/hall/press{k}/{tag.replace('__', '/')}", {"value": value[i] if isinstance(value, list) else value, "timestamp": MS + i * 5000, "quality": 192})
        for i in range(20)
        for k in (1, 2)
        for tag, value in values.items()
    ]  # fmt: skip


def test_that_a_value_wrapped_with_its_time_is_named_by_its_topic(tmp_path: Path) -> None:
    survey = heard(*wrapped(temp_degC=21.5, Counts__Total=list(range(20)), Counts__Scrap=0, Run=True, Fault=False), every_s=0.5)
    found = suggested(survey)
    assert len(rules(found)) == 5
    total = next(rule for rule in rules(found) if rule.topic.endswith("Total"))
    assert (total.topic, total.signals, total.time_field, total.quality_field) == (
        "acme/hall/{unit}/Counts/Total",
        {"value": "Processed"},
        "timestamp",
        "quality",
    )
    assert set(found.machines[0].signals) == {"temp_degC", "Processed", "Defective", "Run", "Fault"}
    assert [rule.state for rule in found.line.units[0].state_rules] == ["Aborted", "Execute", "Stopped"]
    assert read_back(found, survey, tmp_path) == found.line


def test_that_wrapped_packtags_mean_what_packtags_mean(tmp_path: Path) -> None:
    tags = {
        "Status__StateCurrentStr": "Execute",
        "Admin__ProdProcessedCount__0__AccCount": list(range(20)),
        "Status__CurMachSpeed": 60,
        "Command__Start": 1,
    }
    survey = heard(*wrapped(**tags), every_s=0.5)
    found = suggested(survey)
    assert set(found.machines[0].signals) == {"State", "Processed", "CurMachSpeed"}
    assert fates(survey, found)["acme/hall/press1/Command/Start", "value"] == "IGNORED"
    assert read_back(found, survey, tmp_path) == found.line


def test_that_a_field_of_qualities_is_named_in_the_rule_and_is_no_signal(tmp_path: Path) -> None:
    survey = heard(*(("hall/oven/now", {"temp_degC": 180 + i, "state": "running", "quality": 0 if i == 3 else 192}) for i in range(20)))
    found = suggested(survey)
    (rule,) = rules(found)
    assert (rule.quality_field, rule.quality_codes) == ("quality", "opc_da")
    assert {spec.name for spec in found.line.unit("oven").signals} == {"temp_degC"}
    assert read_back(found, survey, tmp_path) == found.line


def test_that_a_share_of_good_parts_is_a_measurement() -> None:
    for values in ((0.97, 1.0), (97, 99), (1, 1)):
        found = suggested(heard(*(("hall/oven/now", {"state": "running", "quality": values[i % 2]}) for i in range(20))))
        assert rules(found)[0].quality_field == ""
        assert {spec.name for spec in found.line.unit("oven").signals} == {"quality"}


def test_that_a_wrapped_value_keeps_its_quality(tmp_path: Path) -> None:
    said: list[Said] = [
        (f"hall/press/{tag}", {"value": value, "quality": "Good", "timestamp": MS + i * 1000})
        for i in range(20)
        for tag, value in (("count", 100 + i), ("state", "running"))
    ]
    survey = heard(*said)
    found = suggested(survey)
    assert {rule.topic: (rule.quality_field, rule.signals) for rule in rules(found)} == {
        "hall/{unit}/count": ("quality", {"value": "Processed"}), "hall/{unit}/state": ("quality", {"value": "State"}),
    }  # fmt: skip
    assert read_back(found, survey, tmp_path) == found.line


def test_that_the_time_of_a_message_is_no_signal_where_its_elements_bear_their_own(tmp_path: Path) -> None:
    survey = heard(
        *(
            ("gateway/press", {"timestamp": MS + i, "values": [{"id": "Press.Count", "v": i, "q": True, "t": MS + i}, {"id": "Press.Run", "v": 1, "q": True, "t": MS + i}]})
            for i in range(20)
        )
    )  # fmt: skip
    found = suggested(survey)
    (rule,) = rules(found)
    assert (rule.each, rule.name_field, rule.value_field, rule.time_field, rule.quality_field) == ("values", "id", "v", "t", "q")
    assert rule.signals["timestamp"] == ""
    assert "timestamp" not in {spec.name for spec in found.line.unit("press").signals}
    assert read_back(found, survey, tmp_path) == found.line
