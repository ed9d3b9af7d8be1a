"""A machine that sends bits, words and a count: what follows, second by second, worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from twin_app.model.derive import Derive, Fault, FaultWord, StateRule
from twin_app.model.equipment import Product, SignalSpec, Unit
from twin_app.model.historian import Latest
from twin_app.model.samples import Kind, Quality
from twin_app.model.signal import SignalKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MIDNIGHT_NS = 1_767_225_600 * 10**9
CYCLE_S = 2.0
PRODUCTS = (Product(id="p", title="", ideal_cycle_s={"Filler": CYCLE_S}),)


def ns(second: float) -> int:
    return MIDNIGHT_NS + round(second * 1e9)


@pytest.fixture
def machine(make_bench: Any) -> Callable[..., Any]:
    """Return a maker of benches whose filler has what a test gives it."""

    def make(*derives: Derive, **given: Any) -> Any:
        filler = Unit(id="Filler", title="", type="machine", source="plc", derives=derives, **given)
        capper = Unit(id="Capper", title="", type="machine", source="plc")
        return make_bench(units=(filler, capper), products=PRODUCTS)

    return make


def told(bench: Any, name: str, said: Mapping[Any, Any]) -> Any:
    """Say the values of a signal by second, and fold."""
    for second, value in said.items():
        bench.say(second, name, value)
    bench.fold()
    return bench


def changes(bench: Any, name: str) -> dict[float, float | str | None]:
    """Return what a derived signal becomes, by second; None where it is unknown."""
    found = bench.plant.derived(bench.signals.find("Filler", name), ns(0), ns(1000))
    shown = [
        None if np.isnan(value) else bench.texts.text(int(value)) if kind == Kind.TEXT else value
        for value, kind in zip(found.value.tolist(), found.kind.tolist(), strict=True)
    ]
    return dict(zip(((found.effective_ns - MIDNIGHT_NS) / 1e9).tolist(), shown, strict=True))


def latest(bench: Any, name: str, second: float) -> tuple[float, float | None, str]:
    """Return since when a signal has a value at an instant, the value (None unknown), and its quality."""
    n = len(bench.signals)
    times, codes = np.zeros(n, np.int64), np.zeros(n, np.uint8)
    all_ = Latest(times, np.zeros(n), codes, codes.copy(), times.copy())
    bench.plant.write_derived(all_, ns(second))
    i = bench.signals.find("Filler", name)
    value = None if np.isnan(all_.value[i]) else float(all_.value[i])
    return (int(all_.effective_ns[i]) - MIDNIGHT_NS) / 1e9, value, Quality(all_.quality[i]).name


def test_that_a_bit_of_a_word_is_yes_or_no_and_of_half_a_word_nobody_knows_it(machine: Any) -> None:
    bench = told(machine(Derive(name="Running", of="Word", bit=3)), "Word", {0: 7, 1: 8, 2: 13, 3: 8.5, 4: -1, 5: None, 6: 0})
    assert changes(bench, "Running") == {0: 0, 1: 1, 3: None, 4: 1, 5: None, 6: 0}


def test_that_several_bits_are_a_number_and_a_table_names_it(machine: Any) -> None:
    step = Derive(name="Step", of="Word", bit=4, bits=3)
    word = Derive(name="StepName", of="Step", values={"0": "Stopped", "5": "Execute"})
    bench = told(machine(step, word), "Word", {0: 0x0F, 1: 0x50, 2: 0xF0})
    assert changes(bench, "Step") == {0: 0, 1: 5, 2: 7}
    assert changes(bench, "StepName") == {0: "Stopped", 1: "Execute", 2: "7"}


def test_that_a_table_takes_words_and_numbers_without_regard_to_case(machine: Any) -> None:
    named = Derive(name="State", of="Status", values={"run": "Execute", "2": "Held"})
    bench = told(machine(named), "Status", {0: "RUN", 10: 2, 20: "out to lunch", 30: "run "})
    assert bench.in_states(0, 40) == {"Execute": 20, "Held": 10, "Undefined": 10}


def test_that_a_measurement_is_scaled_and_shifted_into_its_unit(machine: Any) -> None:
    celsius = Derive(name="Temperature", of="Raw", scale=0.5, offset=-40.0, unit_of_measure="°C")
    bench = told(machine(celsius), "Raw", {0: 80, 1: 200, 2: 200, 3: 100.5})
    assert changes(bench, "Temperature") == {0: 0, 1: 60, 3: 10.25}
    assert bench.signals[bench.signals.find("Filler", "Temperature")].unit_of_measure == "°C"
    assert latest(bench, "Temperature", 2.5) == (1, 60, "GOOD")


def test_that_a_threshold_holds_until_the_value_is_back_by_the_hysteresis(machine: Any) -> None:
    hot = Derive(name="Hot", of="Temp", above=80.0, hysteresis=2.0)
    cold = Derive(name="Cold", of="Temp", below=10.0, hysteresis=1.0)
    said = {0: 79, 1: 80, 2: 80.5, 3: 78.5, 4: 78, 5: 79.9, 6: 9.9, 7: 10.5, 8: 11}
    bench = told(machine(hot, cold), "Temp", said)
    assert changes(bench, "Hot") == {0: 0, 2: 1, 4: 0}
    assert changes(bench, "Cold") == {0: 0, 6: 1, 8: 0}


def test_that_a_combination_needs_all_any_and_none_and_an_unknown_one_counts_only_where_it_decides(machine: Any) -> None:
    ready = Derive(name="Ready", all_of=("A", "B"))
    either = Derive(name="Either", any_of=("A", "B"))
    neither = Derive(name="Neither", none_of=("A", "B"))
    both = Derive(name="Both", all_of=("A",), any_of=("B", "A"), none_of=("Off",))
    bench = machine(ready, either, neither, both, Derive(name="Off", of="C", bit=0, assume=0.0))
    told(bench, "A", {0: 1, 2: 0, 3: 0, 5: 1})
    told(bench, "B", {3: 1, 4: 0, 6: 1})
    assert changes(bench, "Ready") == {2: 0, 6: 1}  # from 0 on B is unknown and decides
    assert changes(bench, "Either") == {0: 1, 2: None, 3: 1, 4: 0, 5: 1}
    assert changes(bench, "Neither") == {0: 0, 2: None, 3: 0, 4: 1, 5: 0}
    assert changes(bench, "Both") == {0: 1, 2: 0, 5: 1}


def test_that_delays_want_a_condition_to_last_and_fire_where_nothing_is_said(machine: Any) -> None:
    jam = Derive(name="Jam", of="Sensor", bit=0, on_delay_s=3.0, off_delay_s=2.0)
    bench = told(machine(jam), "Sensor", {0: 0, 10: 1, 12: 0, 20: 1, 21: 1, 30: 0, 31: 1, 40: 0})
    assert changes(bench, "Jam") == {2: 0, 23: 1, 42: 0}


def test_that_no_part_for_five_ideal_cycles_is_known_at_the_instant_it_comes_true(machine: Any) -> None:
    standing = Derive(name="Standing", of="Parts", no_part_cycles=5.0)
    bench = told(machine(standing), "Parts", {0: 100, 2: 101, 4: 102, 6: 102, 30: 103})
    assert changes(bench, "Standing") == {2: 0, 14: 1, 30: 0, 40: 1}
    assert latest(bench, "Standing", 13.999) == (2, 0, "GOOD")
    assert latest(bench, "Standing", 14) == (14, 1, "GOOD")
    assert latest(bench, "Standing", 39) == (30, 0, "GOOD")  # what a delay will bring is not known before
    assert latest(bench, "Standing", 999) == (40, 1, "GOOD")


def test_that_a_counter_set_back_makes_no_part_and_one_that_rolls_over_does(machine: Any) -> None:
    standing = Derive(name="Standing", of="Parts", no_part_s=10.0)
    spec = SignalSpec(name="Parts", kind=SignalKind.COUNTER, rolls_over_at=65536.0)
    said = {0: 65_530, 5: 65_534, 8: 2, 12: 30_000, 14: 0}
    assert changes(told(machine(standing), "Parts", said | {40: 1}), "Standing") == {5: 0, 22: 1, 40: 0, 50: 1}
    said = {0: 65_530, 9: 65_534, 18: 2, 30: 2}
    assert changes(told(machine(standing), "Parts", said), "Standing") == {9: 0, 19: 1}
    assert changes(told(machine(standing, signals=(spec,)), "Parts", said), "Standing") == {9: 0, 28: 1}


def test_that_edges_are_counted_into_a_counter(machine: Any) -> None:
    parts = Derive(name="Processed", of="Sensor", count_edges=True)
    bench = told(machine(parts), "Sensor", {0: 1, 1: 0, 2: 1, 3: 1, 4: 0, 5: None, 6: 1, 7: 0, 8: 1})
    assert changes(bench, "Processed") == {0: 0, 2: 1, 5: None, 6: 1, 8: 2}
    reading = bench.plant.counters("Filler", ns(0), ns(9))["Processed"]
    assert (reading.last, reading.total, reading.resets) == (2, 2, 0)


def test_that_the_first_rule_that_holds_gives_the_state_and_the_mode(machine: Any) -> None:
    fault, running = Derive(name="Fault", of="Word", bit=0), Derive(name="Running", of="Word", bit=1)
    rules = (
        StateRule(when="Fault", state="Aborted"), StateRule(when="Service", mode="Maintenance"), StateRule(when="Running", state="Execute"),
        StateRule(state="Stopped", mode="Production"),
    )  # fmt: skip
    bench = machine(fault, running, Derive(name="Service", of="Word", bit=2), state_rules=rules)
    told(bench, "Word", {0: 2, 10: 3, 15: 1, 20: 0, 30: 2, 40: 6})
    assert bench.in_states(0, 50) == {"Execute": 30, "Aborted": 10, "Stopped": 10}
    assert bench.spent(0, 50) == {"production": 20, "minor_stop": 20, "internal_stop": 10}  # Execute in Maintenance makes nothing
    assert changes(bench, "Mode") == {0: "Production", 40: "Maintenance"}


def test_that_a_state_whose_rule_is_not_known_is_blind_unless_the_layout_assumes(machine: Any) -> None:
    rules = (StateRule(when="Fault", state="Aborted"), StateRule(when="Running", state="Execute"), StateRule(state="Stopped"))
    strict = machine(Derive(name="Fault", of="FaultWord", bit=0), state_rules=rules)
    told(strict, "Running", {0: 1})
    told(strict, "FaultWord", {6: 0})
    assert strict.in_states(0, 10) == {"blind": 6, "Execute": 4}
    assuming = machine(Derive(name="Fault", of="FaultWord", bit=0, assume=0.0), state_rules=rules)
    told(assuming, "Running", {0: 1})
    assert assuming.in_states(0, 10) == {"Execute": 10}
    assert latest(assuming, "Fault", 5)[1:] == (None, "UNKNOWN")  # assumed by others, and shown as what it is


def test_that_what_follows_from_assumptions_alone_is_uncertain(machine: Any) -> None:
    calm = Derive(name="Calm", none_of=("Fault",))
    bench = told(machine(Derive(name="Fault", of="FaultWord", bit=0, assume=0.0), calm), "Running", {3: 1})
    assert latest(bench, "Calm", 2)[2] == "GOOD"  # nothing was heard yet: not touched
    told(bench, "FaultWord", {6: 0, 8: 1})
    assert latest(bench, "Calm", 7) == (3, 1, "UNCERTAIN")
    assert latest(bench, "Calm", 8) == (8, 0, "GOOD")


def test_that_active_faults_are_counted_and_the_gravest_is_the_reason(machine: Any) -> None:
    faults = (Fault(bit=0, text="Door open", priority=2), Fault(bit=5, text="Drive 1/2 tripped", priority=1))
    bench = machine(fault_words=(FaultWord(of="FaultWord", file="f.csv", faults=faults),))
    told(bench, "FaultWord", {0: 0, 1: 1, 2: 33, 3: 32, 4: 0})
    assert changes(bench, "ActiveFaults") == {0: 0, 1: 1, 2: 2, 3: 1, 4: 0}
    assert changes(bench, "StopReason") == {0: "", 1: "Door open", 2: "Drive 1/2 tripped", 4: ""}
    assert changes(bench, "Drive 1-2 tripped") == {0: 0, 2: 1, 4: 0}


def test_that_a_lost_link_blinds_what_is_derived_and_keeps_its_last_value_to_be_shown_as_stale(machine: Any) -> None:
    rules = (StateRule(when="Running", state="Execute"), StateRule(state="Stopped"))
    bench = machine(Derive(name="Edges", of="Running", count_edges=True), state_rules=rules)
    bench.link(0, up=True)
    told(bench, "Running", {1: 0, 2: 1})
    bench.link(10, up=False)
    bench.link(20, up=True)
    told(bench, "Running", {26: 1, 30: 0})
    assert bench.in_states(0, 40) == {"blind": 1 + 16, "Stopped": 1 + 10, "Execute": 8 + 4}
    assert changes(bench, "Edges") == {1: 0, 2: 1, 10: None, 26: 1}  # a rise that nobody saw is none
    assert latest(bench, "Edges", 15) == (2, 1, "GOOD")  # from before the loss: `staleness` calls it stale by its time
    assert latest(bench, "Edges", 0.5)[1:] == (None, "UNKNOWN")


def test_that_what_the_machine_sends_under_a_derived_name_is_not_mixed_with_it(machine: Any) -> None:
    bench = machine(Derive(name="Processed", of="Sensor", count_edges=True))
    told(bench, "Processed", {0: 500, 5: 600})
    told(bench, "Sensor", {0: 0, 1: 1})
    assert bench.plant.counters("Filler", ns(0), ns(9))["Processed"].last == 1


def test_that_a_late_sample_of_a_derived_counter_is_told_as_a_revision(machine: Any) -> None:
    bench = machine(Derive(name="Processed", of="Sensor", count_edges=True))
    told(bench, "Sensor", {0: 0, 1: 1, 20: 0})
    bench.say(5, "Sensor", 0)
    assert bench.fold().late_ns is None  # nothing differs: there was one edge
    bench.say(10, "Sensor", 1)
    assert bench.fold().late_ns == ns(10)


def test_that_a_derived_signal_says_of_itself_that_it_is(machine: Any) -> None:
    bench = machine(Derive(name="Running", of="Word", bit=3))
    assert bench.signals[bench.signals.find("Filler", "Running")].derived
    told(bench, "Word", {0: 1})
    assert not bench.signals[bench.signals.find("Filler", "Word")].derived
    assert bench.plant.derived(bench.signals.find("Filler", "Word"), ns(0), ns(1)) is None
