"""Sparkplug B as simulated edge nodes speak it: births before data, numbers without a gap, deaths of what is cut off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.simulate.test_emit import CELL, LIVELY, lively, three, with_fault
from tests.simulate.told import SECOND, START, heard, said
from twin_app.codec.sparkplug import wire
from twin_app.model.equipment import MapRule
from twin_app.service.answers import kpi_answer
from twin_app.simulate import Fault, FaultKind, Scenario, UnitSpec

if TYPE_CHECKING:
    from twin_app.codec.sparkplug.wire import Payload
    from twin_app.simulate.speech import Sent

NODES = MapRule(topic="spBv1.0/G/+/{unit}/{tag...}", dialect="sparkplug_b")


class Heard(NamedTuple):
    """One message, taken apart."""

    at_s: float
    kind: str
    sender: str
    payload: Payload


def taken_apart(sent: list[Sent]) -> list[Heard]:
    found = []
    for message in sent:
        _, group, kind, *sender = message.topic.split("/")
        assert group == "G"
        found.append(Heard((message.at_ns - START) / SECOND, kind, "/".join(sender), wire.read(message.payload)))
    return found


def test_that_births_come_first_and_numbers_go_on_without_a_gap_from_255_to_0() -> None:
    line = three(CELL)
    messages = taken_apart(said(line, lively(line), 600)[0])
    assert [(m.kind, m.sender) for m in messages[:4]] == [("NBIRTH", "E"), ("DBIRTH", "E/M1"), ("DBIRTH", "E/M2"), ("DBIRTH", "E/M3")]
    assert {m.kind for m in messages[4:]} == {"DDATA"}
    assert len(messages) > 300
    assert [m.payload.seq for m in messages] == [i % 256 for i in range(len(messages))]


def test_that_data_bears_nothing_but_aliases_that_a_birth_has_declared() -> None:
    line = three(CELL)
    messages = taken_apart(said(line, lively(line), 600)[0])
    born = {m.sender: {metric.alias: metric.name for metric in m.payload.metrics} for m in messages if m.kind == "DBIRTH"}
    told = {(m.sender, metric.alias) for m in messages if m.kind == "DDATA" for metric in m.payload.metrics}
    assert all(alias in born[sender] for sender, alias in told)
    assert not any(metric.name for m in messages if m.kind == "DDATA" for metric in m.payload.metrics)
    names = {born[sender][alias] for sender, alias in told if sender == "E/M2"}
    assert {"Status/StateCurrentStr", "Admin/ProdProcessedCount/0/AccCount", "Heat", "Admin/Alarm/1/Trigger"} <= names
    assert len({alias for device in born.values() for alias in device}) == sum(map(len, born.values()))


def test_that_a_device_that_is_cut_off_is_dead_after_five_seconds_and_born_anew_when_it_is_back() -> None:
    line = three(CELL)
    sent, _ = said(line, with_fault(line, FaultKind.COMMUNICATION_LOSS), 600)
    of_m2 = [(m.at_s, m.kind) for m in taken_apart(sent) if m.sender == "E/M2" and m.kind != "DDATA"]
    assert of_m2 == [(0.0, "DBIRTH"), (305.0, "DDEATH"), (420.0, "DBIRTH")]
    answer = kpi_answer(heard(line, sent).figures(START, START + 600 * SECOND))
    assert answer["units"]["M2"]["blind_s"] == pytest.approx(115.0, abs=0.01)
    assert answer["units"]["M1"]["blind_s"] == answer["units"]["M3"]["blind_s"] == 0.0


def test_that_a_birth_after_a_death_claims_nothing_that_nobody_knows() -> None:
    line = three(CELL)
    messages = taken_apart(said(line, with_fault(line, FaultKind.COMMUNICATION_LOSS), 600)[0])
    again = next(m for m in messages if m.kind == "DBIRTH" and m.at_s == 420.0)
    known = {metric.name for metric in again.payload.metrics if not metric.is_null}
    assert "Admin/MachDesignSpeed" in known
    assert not known & {"Heat", "Status/StateCurrentStr", "Admin/ProdProcessedCount/0/AccCount"}


def test_that_what_no_birth_has_declared_is_declared_before_it_is_told() -> None:
    line = three(CELL)
    burst = Fault(kind=FaultKind.ALARM_BURST, unit="M2", at_s=20.0, lasts_s=60.0, size=1)
    messages = taken_apart(said(line, Scenario(faults=(burst,)), 60)[0])
    later = next(i for i, m in enumerate(messages) if m.kind == "DBIRTH" and m.at_s == 20.0)
    born = {metric.name: metric.alias for metric in messages[later].payload.metrics}
    assert messages[later + 1].sender == "E/M2"
    assert born["Admin/Alarm/100/Trigger"] in {metric.alias for metric in messages[later + 1].payload.metrics}


def test_that_a_unit_may_be_its_edge_node_and_dies_by_a_will_that_names_its_birth() -> None:
    line = three(NODES)
    sent, _ = said(line, with_fault(line, FaultKind.COMMUNICATION_LOSS), 600)
    of_m2 = [m for m in taken_apart(sent) if m.sender == "M2" and m.kind != "NDATA"]
    assert [(m.at_s, m.kind) for m in of_m2] == [(0.0, "NBIRTH"), (305.0, "NDEATH"), (420.0, "NBIRTH")]
    sessions = [next(metric.long_value for metric in m.payload.metrics if metric.name == "bdSeq") for m in of_m2]  # type: ignore[attr-defined] # protobuf ships no types
    assert sessions == [0, 0, 1]
    assert not of_m2[1].payload.HasField("seq")
    assert of_m2[2].payload.seq == 0
    assert kpi_answer(heard(line, sent).figures(START, START + 600 * SECOND))["units"]["M2"]["blind_s"] == pytest.approx(115.0, abs=0.01)


def test_that_sparkplug_speaks_in_the_sources_own_words_and_leaves_out_what_the_layout_ignores() -> None:
    rule = replace(CELL, signals={"Temp": "Heat", "Power": "", "Admin/StopReason": ""})
    line = three(rule, state_names={"läuft": "Execute"})
    messages = taken_apart(said(line, Scenario(units={"M2": replace(LIVELY, mttf_s=0.0), "M1": UnitSpec()}), 30)[0])
    names = {metric.name for m in messages if m.kind == "DBIRTH" for metric in m.payload.metrics}
    assert "Temp" in names
    assert not names & {"Heat", "Power", "Admin/StopReason"}
    words = {metric.string_value for m in messages for metric in m.payload.metrics if metric.WhichOneof("value") == "string_value"}  # type: ignore[attr-defined] # as above
    assert "läuft" in words
    assert "Execute" not in words
