"""What a simulated line says is what the twin understands: states, counters and figures as they truly were."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.simulate.conftest import line_of, row, unit
from tests.simulate.told import SECOND, START, heard, said, truth
from twin_app.codec import packml_tags
from twin_app.errors import SourceError
from twin_app.model.equipment import MapRule, SourceSpec
from twin_app.service.answers import kpi_answer
from twin_app.simulate import Fault, FaultKind, LawKind, Scenario, Sensor, Simulation, UnitSpec, Vehicle
from twin_app.simulate.emit import Emitter
from twin_app.simulate.spec import LIVELY_ACTING_S
from twin_app.simulate.speech import TAGS as TAGS_OF

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.simulate.speech import Sent

SPAN_S = 1200
TAGS = MapRule(topic="S/A/{unit}/{tag...}", dialect="packml_tags", signals={"Status/Parameter/0/Value": "Heat"})
OBJECT = MapRule(topic="edge/{unit}/now", dialect="json_flat", time_field="at")
NESTED = MapRule(
    topic="deep/{unit}", dialect="json", signals={"status.state": "State", "n.all": "Processed"}, time_field="ts", time_unit="ms"
)
PATTERN = MapRule(
    topic="deep/{unit}", dialect="json", signals={"status.state": "State", "n.all": "Processed"}, time_field="ts",
    time_unit="%d.%m.%Y %H:%M:%S.%f", time_zone="Europe/Berlin",
)  # fmt: skip
SCALARS = MapRule(topic="raw/{unit}/{tag...}", dialect="scalar")
NAMESPACE = MapRule(topic="umh/v1/acme/s/a/+/_historian/#", dialect="umh")
FLEET = MapRule(topic="uagv/v2/Maker/{unit}/+", dialect="vda5050")
CELL = MapRule(topic="spBv1.0/G/+/E/{unit}/{tag...}", dialect="sparkplug_b")
WAYS = {
    "packml_tags": TAGS,
    "json_flat": OBJECT,
    "json": NESTED,
    "json by a pattern": PATTERN,
    "scalar": SCALARS,
    "umh": NAMESPACE,
    "sparkplug_b": CELL,
}
LIVELY = UnitSpec(
    cycle_kind=LawKind.LOGNORMAL, mttf_s=400.0, mttr_s=60.0, micro_stop_every_s=150.0, scrap=0.02, suspend_after_s=1.0,
    acting_s=LIVELY_ACTING_S, running_kw=3.0, sensors=(Sensor(name="Heat", rest=20, running=60, noise=0.5),), sample_s=5.0,
)  # fmt: skip


def speaking(line: Line, *rules: MapRule, **settings: object) -> Line:
    """Return a line whose units speak by some rules."""
    source = SourceSpec(**{"id": "plc", "title": "PLC", "rules": rules, **settings})  # type: ignore[arg-type] # any of its fields
    return replace(line, sources=(source,), constraint=line.units[1].id if len(line.units) > 1 else line.units[0].id)


def three(*rules: MapRule, **settings: object) -> Line:
    return speaking(row([2.0, 2.4, 2.0], [4, 4]), *rules, **settings)


def lively(line: Line) -> Scenario:
    return Scenario(units={u.id: LIVELY for u in line.units})


def with_fault(line: Line, kind: FaultKind, **fields: object) -> Scenario:
    fault = Fault(kind=kind, unit="M2", at_s=300.0, lasts_s=120.0, **fields)  # type: ignore[arg-type] # any of its fields
    return replace(lively(line), faults=(fault,))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("good_only", [False, True])
def test_that_the_twin_knows_every_state_and_count_of_what_a_line_says(way: str, good_only: bool) -> None:
    line = three(WAYS[way], processed_includes_defective=not good_only)
    sent, events = said(line, lively(line), SPAN_S)
    answer = kpi_answer(heard(line, sent).figures(START, START + SPAN_S * SECOND))
    known = truth(line, events, SPAN_S)
    for name, facts in known.items():
        told = answer["units"][name]
        assert told["state_s"] == pytest.approx(facts.state_s, abs=0.5), name
        assert sum(told["state_s"].values()) == pytest.approx(SPAN_S, abs=0.002)
        assert told["counters"]["Processed"]["last"] in range(facts.made - facts.bad * good_only - 1, facts.made + 1)
    assert len(known["M2"].state_s) >= 8


@pytest.mark.parametrize("way", ["packml_tags", "json_flat"])
def test_that_ledger_and_oee_are_the_truths_within_the_resolution_of_messages(way: str) -> None:
    # OEE = ideal cycle of the unit x good / planned time, all three from the events alone; a millisecond a boundary for the clock.
    line = three(WAYS[way])
    sent, events = said(line, lively(line), SPAN_S)
    answer = kpi_answer(heard(line, sent).figures(START, START + SPAN_S * SECOND))
    for name, facts in truth(line, events, SPAN_S).items():
        told = answer["units"][name]
        changes = sum(1 for _, u, kind, _, _ in events if u >= 0 and line.units[u].id == name and kind == 0)
        assert told["state_s"] == pytest.approx(facts.state_s, abs=0.001 * changes), name
        category = told["category_s"]
        assert category["production"] == pytest.approx(facts.state_s["Execute"], abs=0.001 * changes)
        failed = sum(facts.state_s.get(state, 0.0) for state in ("Aborting", "Aborted", "Clearing"))
        assert category["failure"] + category["minor_stop"] >= failed - 0.001 * changes
        assert category["starved"] + category["blocked"] == pytest.approx(facts.state_s.get("Suspended", 0.0), abs=0.001 * changes)
        ideal_s = line.products[0].ideal_cycle_s[name]
        assert told["kpi"]["oee_index"] == pytest.approx(ideal_s * (facts.made - facts.bad) / SPAN_S, abs=ideal_s * 1.5 / SPAN_S)


def test_that_the_same_seed_gives_the_same_bytes_however_the_run_is_cut() -> None:
    line = three(TAGS)
    whole, _ = said(line, lively(line), 600, step_s=600)
    pieces, _ = said(line, lively(line), 600, step_s=7)
    other, _ = said(line, lively(line), 600, seed=2)
    assert digest(whole) == digest(pieces)
    assert digest(whole) != digest(other)


def digest(sent: list[Sent]) -> str:
    return hashlib.sha256(repr([tuple(message) for message in sent]).encode()).hexdigest()


def test_that_a_source_is_spoken_to_in_its_own_words_and_numbers() -> None:
    rule = replace(TAGS, signals={"Status/StateCurrentStr": "State"})
    line = three(rule, state_names={"läuft": "Execute"}, state_numbers={1: "Idle", 4: "Clearing"})
    sent, events = said(line, lively(line), SPAN_S)
    words = {message.payload.decode() for message in sent if message.topic.endswith("StateCurrentStr")}
    assert "läuft" in words
    assert "Execute" not in words
    clearing = [i for i, message in enumerate(sent) if message.payload == b"Clearing"]
    assert clearing
    assert {sent[i + 1].payload for i in clearing} == {b"4"}
    session = heard(line, sent)
    told = kpi_answer(session.figures(START, START + SPAN_S * SECOND))["units"]["M2"]["state_s"]
    assert told == pytest.approx(truth(line, events, SPAN_S)["M2"].state_s, abs=0.2)


@pytest.mark.parametrize("name", TAGS_OF)
def test_that_every_tag_spoken_means_what_the_twin_calls_it(name: str) -> None:
    meant = packml_tags.meaning(TAGS_OF[name])
    assert meant is not None
    assert meant.name == name


def test_that_each_unit_speaks_by_the_rule_made_for_it() -> None:
    line = three(replace(OBJECT, units={"left": "M1"}), replace(OBJECT, topic="own/{unit}", units={"right": "M3"}), TAGS)
    topics = {message.topic for message in said(line, Scenario(), 20)[0]}
    assert {"edge/left/now", "own/right"} <= topics
    assert {topic.split("/")[2] for topic in topics if topic.startswith("S/A/")} == {"M2"}


def test_that_a_line_nobody_can_speak_for_is_refused_with_the_unit_and_the_cure() -> None:
    line = three(replace(TAGS, ignore=True))
    with pytest.raises(SourceError, match=r"M1.*plc.*packml_tags, json_flat"):
        Emitter(Simulation(line, Scenario()))


def test_that_a_cut_wire_loses_messages_and_no_counts() -> None:
    line = three(TAGS)
    scenario = with_fault(line, FaultKind.COMMUNICATION_LOSS)
    sent, events = said(line, scenario, SPAN_S)
    from_m2 = [(message.at_ns - START) / SECOND for message in sent if "/M2/" in message.topic]
    assert [t for t in from_m2 if 300.0 < t < 420.0] == []
    assert 420.0 in from_m2
    facts = truth(line, events, SPAN_S)["M2"]
    counters = kpi_answer(heard(line, sent).figures(START, START + SPAN_S * SECOND))["units"]["M2"]["counters"]
    assert counters["Processed"]["last"] in (facts.made - 1, facts.made)
    assert counters["Defective"]["last"] == facts.bad


def test_that_messages_told_twice_change_nothing_the_twin_shows() -> None:
    line = three(OBJECT)
    once, _ = said(line, lively(line), SPAN_S)
    twice, _ = said(line, with_fault(line, FaultKind.DUPLICATE, size=1.0), SPAN_S)
    assert len(twice) > len(once) + 100
    window = (START, START + SPAN_S * SECOND)
    assert kpi_answer(heard(line, twice).figures(*window)) == kpi_answer(heard(line, once).figures(*window))


@pytest.mark.parametrize(("kind", "size"), [(FaultKind.LATE, 10.0), (FaultKind.OUT_OF_ORDER, 2.0)])
def test_that_late_and_unordered_messages_with_a_time_of_their_own_take_their_place(kind: FaultKind, size: float) -> None:
    line = three(OBJECT)
    wrong, events = said(line, with_fault(line, kind, size=size), SPAN_S)
    own = [(message.at_ns, _seconds(json.loads(message.payload)["at"])) for message in wrong if "/M2/" in message.topic]
    times = [seconds for _, seconds in own]
    lags = [round((at_ns - START) / SECOND - seconds, 2) for at_ns, seconds in own if 300.0 < seconds < 420.0]
    assert times != sorted(times)
    assert set(lags) == {10.0} if kind is FaultKind.LATE else (min(lags) >= 0.0 and 1.5 < max(lags) <= size)
    told = kpi_answer(heard(line, wrong).figures(START, START + SPAN_S * SECOND))["units"]["M2"]["state_s"]
    assert told == pytest.approx(truth(line, events, SPAN_S)["M2"].state_s, abs=0.2)


def test_that_a_clock_that_goes_ahead_shows_in_the_messages_own_time_alone() -> None:
    line = three(OBJECT)
    sent, _ = said(line, with_fault(line, FaultKind.CLOCK_SKEW, size=30.0), 600)
    ahead: dict[bool, set[float]] = {}
    for message in sent:
        if "/M2/" in message.topic:
            at_s = (message.at_ns - START) / SECOND
            own = json.loads(message.payload)
            ahead.setdefault(300.0 <= at_s < 420.0, set()).add(round(_seconds(own["at"]) - at_s, 2))
    assert ahead == {False: {0.0}, True: {30.0}}
    assert all("State" in json.loads(message.payload) for message in sent if "/M2/" in message.topic)


def _seconds(iso: str) -> float:
    hours, minutes, seconds = iso.split("T")[1].rstrip("Z").split(":")
    return (int(hours) - 12) * 3600 + int(minutes) * 60 + float(seconds)


def test_that_a_state_told_wrongly_is_told_and_not_done() -> None:
    line = three(TAGS)
    scenario = with_fault(line, FaultKind.WRONG_STATE, state="Idle")
    sent, events = said(line, scenario, SPAN_S)
    told = kpi_answer(heard(line, sent).figures(START, START + SPAN_S * SECOND))["units"]["M2"]["state_s"]
    assert told["Idle"] == pytest.approx(120.0, abs=0.1)
    assert truth(line, events, SPAN_S)["M2"].state_s.get("Idle", 0.0) < 20.0


def transport() -> tuple[Line, Scenario]:
    """A press feeds a cart that drives 12 m along the hall to a store, at 1 m/s, with 5 s to load and 5 s to unload."""
    units = (unit("Press", "Cart"), replace(unit("Cart", "Store"), type="agv"), unit("Store", x_m=12.0))
    line = speaking(line_of(units, {"Press": 60.0, "Store": 1.0}), FLEET, TAGS)
    return line, Scenario(units={"Cart": UnitSpec(vehicle=Vehicle(speed_m_s=1.0, handling_s=5.0))})


def test_that_a_vehicle_is_where_a_person_works_out() -> None:
    # The press ends a part at 60 s. The cart stands beside it: 5 s to load, 12 m at 1 m/s, 5 s to unload; then it waits until 120 s.
    line, scenario = transport()
    sent, _ = said(line, scenario, 130)
    # Second of three units, it speaks 0.667 s after each second.
    states = [(round((m.at_ns - START) / SECOND, 3), json.loads(m.payload)) for m in sent if m.topic == "uagv/v2/Maker/Cart/state"]
    at = {second: (s["agvPosition"]["x"], s["driving"], len(s["loads"])) for second, s in states}
    assert at[59.667] == (0.0, False, 0)
    assert at[62.667] == (0.0, False, 0)
    assert at[69.667] == (4.667, True, 1)
    assert at[75.667] == (10.667, True, 1)
    assert at[78.667] == (12.0, False, 1)
    assert at[99.667] == (12.0, False, 0)
    session = heard(line, sent)
    told = kpi_answer(session.figures(START, START + 120 * SECOND))["units"]["Cart"]["state_s"]
    assert told == pytest.approx({"Execute": 22.0, "Idle": 98.0}, abs=1.1)


def test_that_a_vehicle_cut_off_leaves_its_last_will_and_is_known_no_longer() -> None:
    line, scenario = transport()
    lost = Fault(kind=FaultKind.COMMUNICATION_LOSS, unit="Cart", at_s=100.0, lasts_s=60.0)
    sent, _ = said(line, replace(scenario, faults=(lost,)), 200)
    links = [
        (round((m.at_ns - START) / SECOND, 1), json.loads(m.payload)["connectionState"]) for m in sent if m.topic.endswith("connection")
    ]
    # A broker waits one and a half keepalives of 15 s before it publishes a will.
    assert links == [(0.0, "ONLINE"), (122.5, "CONNECTIONBROKEN"), (160.0, "ONLINE")]
    told = kpi_answer(heard(line, sent).figures(START, START + 200 * SECOND))["units"]["Cart"]
    assert told["blind_s"] == pytest.approx(60.0, abs=1.1)


def test_that_a_run_goes_on_from_a_snapshot_as_it_went_then() -> None:
    line, scenario = three(TAGS), lively(three(TAGS))
    simulation = Simulation(line, scenario, seed=4, start_ns=START)
    emitter = Emitter(simulation)
    emitter.word(simulation.run_until(300 * SECOND), 300 * SECOND)
    kept = simulation.snapshot(), json.dumps(emitter.state())
    first = emitter.word(simulation.run_until(600 * SECOND), 600 * SECOND)
    simulation.restore(kept[0])
    again = emitter.restore(json.loads(kept[1]))
    states = {m.topic.split("/")[2] for m in again if m.topic.endswith("StateCurrentStr")}
    assert states == {"M1", "M2", "M3"}
    second = emitter.word(simulation.run_until(600 * SECOND), 600 * SECOND)
    of_states = [[m for m in sent if "/Status/" in m.topic] for sent in (first, second)]
    assert of_states[0] == of_states[1]
