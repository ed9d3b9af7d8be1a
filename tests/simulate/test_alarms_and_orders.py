"""Alarms and orders of a simulated line, as its machines tell them and as the twin shows them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.simulate.conftest import SECOND, row
from tests.simulate.test_emit import OBJECT, TAGS, WAYS, speaking, three
from tests.simulate.told import START, heard, said
from twin_app.model.derive import Fault as Bit
from twin_app.model.derive import FaultWord
from twin_app.service.answers import state_answer
from twin_app.simulate import Fault, FaultKind, Kind, Order, Scenario, Simulation, Stock, UnitSpec
from twin_app.simulate.emit import Emitter
from twin_app.simulate.laws import Law, LawKind
from twin_app.simulate.spec import Alarm, AlarmOn
from twin_app.simulate.truth import Truth

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.simulate.speech import Sent

JAM = Alarm(number=3, text="Bottle fallen", on=AlarmOn.SHORT_STOP, category=3)
GUARD = Alarm(number=4, text="Guard open", on=AlarmOn.STOP, category=1)
DRIVES = tuple(Alarm(number=n, text=f"Drive {n} overloaded", on=AlarmOn.FAILURE) for n in (5, 6, 7))
STOP = Fault(kind=FaultKind.STOP, unit="M2", at_s=20.0, lasts_s=30.0)
WORD = FaultWord(
    of="Faults", file="m2.csv", faults=(Bit(bit=2, text="Bottle fallen", priority=3), Bit(bit=3, text="Guard open", priority=1))
)


def shown(line: Line, sent: list[Sent], unit: str, at_s: float) -> dict[str, object]:
    """Return what the twin shows of a unit's signals after some seconds."""
    answer = state_answer(heard(line, sent), START + round(at_s * SECOND))
    return {name: value["value"] for name, value in answer["units"][unit]["signals"].items()}


def test_that_a_stop_is_an_alarm_with_its_number_text_and_category_until_it_is_over() -> None:
    line = three(TAGS)
    sent, _ = said(line, Scenario(units={"M2": UnitSpec(alarms=(JAM, GUARD))}, faults=(STOP,)), 90)
    before, meanwhile, after = (shown(line, sent, "M2", at_s) for at_s in (10.0, 30.0, 60.0))
    assert (before["Alarm[3]"], before["Alarm[4]"]) == (False, False)
    assert {name: meanwhile[f"Alarm[4]{name}"] for name in ("", ".ID", ".Message", ".Category")} == {
        "": True, ".ID": 4, ".Message": "Guard open", ".Category": 1,
    }  # fmt: skip
    assert (meanwhile["Alarm[3]"], after["Alarm[4]"], after["Alarm[4].Message"]) == (False, False, "Guard open")


def test_that_a_unit_with_a_fault_word_has_its_alarms_in_its_bits_and_the_twin_in_words() -> None:
    line = three(OBJECT)
    line = replace(line, units=(line.units[0], replace(line.units[1], fault_words=(WORD,)), line.units[2]))
    sent, _ = said(line, Scenario(units={"M2": UnitSpec(alarms=(JAM, GUARD))}, faults=(STOP,)), 90)
    words = [json.loads(m.payload)["Faults"] for m in sent if m.topic == "edge/M2/now"]
    assert [words[0], *{*words}, words[-1]] == [0, 0, 8, 0]
    meanwhile, after = (shown(line, sent, "M2", at_s) for at_s in (30.0, 60.0))
    assert (meanwhile["Guard open"], meanwhile["Bottle fallen"], meanwhile["StopReason"]) == (True, False, "Guard open")
    assert (after["Guard open"], after["StopReason"]) == (False, "")


def test_that_each_of_several_alarms_for_a_failure_comes_as_often_as_the_others() -> None:
    # 900 failures or so: each of three is a binomial count, 300 +- 4 x 14.
    spec = UnitSpec(mttf_s=10.0, mttr_s=1.0, repair=Law(kind=LawKind.DETERMINISTIC), alarms=DRIVES)
    run = Simulation(row([1.0], []), Scenario(units={"M1": spec}), seed=3)
    alarms = [int(event[3]) for event in run.run_until(9900 * SECOND) if event[2] == Kind.ALARM]
    came = [number for number in alarms if number > 0]
    assert len(came) > 800
    assert all(abs(came.count(number) - len(came) / 3) < 56 for number in (5, 6, 7))
    assert all(-b == a for a, b in zip(alarms[::2], alarms[1::2], strict=False))


def test_that_material_and_room_that_lack_are_alarms_until_they_are_there() -> None:
    # Ten parts at 1 s each, the next ten 100 s after the order at 0 left: M1 stands from 10 s to 100 s.
    lead = Law(mean_s=100.0)
    first = UnitSpec(
        stock=Stock(at_start=10, reorder_at=9, quantity=10, lead=lead), alarms=(Alarm(number=1, text="", on=AlarmOn.NO_MATERIAL),)
    )
    last = UnitSpec(stock=Stock(capacity=4, quantity=4, lead=Law(mean_s=50.0)), alarms=(Alarm(number=2, text="", on=AlarmOn.FULL),))
    run = Simulation(row([1.0, 1.0], [50]), Scenario(units={"M1": first, "M2": last}))
    alarms = [(event[0] // SECOND, event[1], event[3]) for event in run.run_until(101 * SECOND) if event[2] == Kind.ALARM]
    assert alarms == [(6, 1, 2), (10, 0, 1), (50, 1, -2), (54, 1, 2), (100, 0, -1), (100, 1, -2)]


def test_that_two_malfunctions_at_once_are_one_alarm_until_both_are_over() -> None:
    longer = replace(STOP, at_s=25.0, lasts_s=40.0)
    run = Simulation(three(TAGS), Scenario(faults=(STOP, longer)))
    assert [(e[0] // SECOND, e[3]) for e in run.run_until(90 * SECOND) if e[2] == Kind.ALARM] == [(20, 2), (65, -2)]


def test_that_an_alarm_that_came_or_went_while_a_unit_was_cut_off_is_told_when_it_is_back() -> None:
    line = three(TAGS)
    cut = Fault(kind=FaultKind.COMMUNICATION_LOSS, unit="M2", at_s=40.0, lasts_s=60.0)
    later = replace(STOP, at_s=80.0, lasts_s=60.0)
    sent, _ = said(line, Scenario(units={"M2": UnitSpec(alarms=(GUARD,))}, faults=(replace(STOP, lasts_s=50.0), cut, later)), 160)
    told = [((m.at_ns - START) / SECOND, m.payload) for m in sent if m.topic.endswith("Alarm/4/Trigger")]
    assert told == [(0.0, b"false"), (20.0, b"true"), (140.0, b"false")]  # gone at 70, come at 80: nothing to tell at 100
    sent, _ = said(line, Scenario(units={"M2": UnitSpec(alarms=(GUARD,))}, faults=(STOP, cut)), 160)
    told = [((m.at_ns - START) / SECOND, m.payload) for m in sent if m.topic.endswith("Alarm/4/Trigger")]
    assert told == [(0.0, b"false"), (20.0, b"true"), (100.0, b"false")]


def test_that_after_a_back_track_the_alarms_told_are_those_that_stand() -> None:
    line = three(TAGS)
    simulation = Simulation(line, Scenario(units={"M2": UnitSpec(alarms=(GUARD,))}, faults=(STOP,)), start_ns=START)
    emitter = Emitter(simulation)
    emitter.word(simulation.run_until(10 * SECOND), 10 * SECOND)
    kept = simulation.snapshot(), json.dumps(emitter.state())
    emitter.word(simulation.run_until(30 * SECOND), 30 * SECOND)
    simulation.restore(kept[0])
    told = {m.topic: m.payload for m in emitter.restore(json.loads(kept[1]))}
    assert told["S/A/M2/Admin/Alarm/4/Trigger"] == b"false"


def test_that_a_burst_is_heard_alarm_by_alarm_and_nothing_stands_after_it() -> None:
    line = three(TAGS)
    burst = Fault(kind=FaultKind.ALARM_BURST, unit="M2", at_s=10.0, lasts_s=60.0, size=12)
    sent, events = said(line, Scenario(faults=(burst,)), 120)
    raised = [(m.at_ns - START) // SECOND for m in sent if "/Admin/Alarm/1" in m.topic and m.payload == b"true"]
    assert raised == list(range(10, 70, 5))
    assert not [event for event in events if event[2] == Kind.ALARM]
    told = shown(line, sent, "M2", 11.0)
    assert (told["Alarm[100]"], told["Alarm[100].Message"]) == (True, "Bus node 100 does not answer")
    assert not any(value is True for name, value in shown(line, sent, "M2", 100.0).items() if name.startswith("Alarm"))


ORDERS = (Order(id="PO-7", product="lid", quantity=5), Order(product="pan", quantity=4))


def two_products(way: str) -> Line:
    line = speaking(row([2.0, 2.0, 2.0], [4, 4]), WAYS[way])
    return replace(line, products=(*line.products, replace(line.products[0], id="pan", title="pan")))


@pytest.mark.parametrize("way", WAYS)
def test_that_every_unit_tells_the_order_it_works_on_its_product_and_its_size(way: str) -> None:
    # M3 takes the first pan 2 s x 5 + 4 s after the start; the tenth part is the first of the second round.
    line = two_products(way)
    rule = WAYS[way]
    if way == "packml_tags":
        rule = replace(rule, signals={**rule.signals, "Status/Parameter/20/Value": "Order", "Status/Parameter/21/Value": "OrderQuantity"})
        line = speaking(line, rule)
    sent, _ = said(line, Scenario(orders=ORDERS), 60)
    told = [{name: shown(line, sent, "M3", at_s)[name] for name in ("Order", "Product", "OrderQuantity")} for at_s in (10.5, 20.5, 30.5)]
    assert told == [
        {"Order": "PO-7", "Product": "lid", "OrderQuantity": 5},
        {"Order": "2", "Product": "pan", "OrderQuantity": 4},
        {"Order": "PO-7-2", "Product": "lid", "OrderQuantity": 5},
    ]


def test_that_a_unit_without_an_order_says_so() -> None:
    line = two_products("scalar")
    sent, _ = said(line, Scenario(orders=ORDERS, repeat_orders=False), 60)
    told = shown(line, sent, "M1", 40.0)
    assert (told["State"], told["Order"], told["OrderQuantity"]) == ("Complete", "No order", 0)


def test_that_the_truth_names_orders_and_alarms() -> None:
    run = Simulation(two_products("scalar"), Scenario(orders=ORDERS, faults=(STOP,)))
    rows = [json.loads(row) for row in Truth(run).rows(run.run_until(60 * SECOND))]
    orders = [(row["t_ns"] // SECOND, row["order"], row["planned"]) for row in rows if row["event"] == "order" and row["unit"] == "M1"]
    assert orders[:3] == [(0, "PO-7", 5.0), (10, "2", 4.0), (18, "PO-7-2", 5.0)]
    alarms = [(row["unit"], row["alarm"], row["comes"], row["cause"]) for row in rows if row["event"] == "alarm"]
    assert alarms == [("M2", 2, True, "malfunction"), ("M2", 2, False, "malfunction")]


def test_that_products_that_need_the_same_time_are_one_ideal_and_others_none() -> None:
    line = two_products("scalar")
    assert line.ideal_cycle_s("M2") == 2.0
    slower = replace(line.products[1], ideal_cycle_s={"M2": 3.0})
    line = replace(line, products=(line.products[0], slower))
    assert line.ideal_cycle_s("M2") is None
    assert line.ideal_cycle_s("M2", "pan") == 3.0
