"""Every malfunction as a person meets it: what the machines' messages say while it lasts, and what the twin shows of it."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.simulate.conftest import line_of, row, unit
from tests.simulate.test_emit import FLEET, OBJECT, speaking
from tests.simulate.told import SECOND, START, heard, said
from twin_app.model.packml import State
from twin_app.model.samples import Kind
from twin_app.service.answers import kpi_answer
from twin_app.simulate import Fault, FaultKind, Scenario, Sensor, UnitSpec, Vehicle
from twin_app.simulate.spec import DATA_FAULTS
from twin_app.simulate.truth import malfunction

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.equipment import Line
    from twin_app.session import Session

BEGINS_S, ENDS_S, SPAN_S = 120, 420, 520
SPEC = UnitSpec(
    running_kw=3.0,
    waiting_kw=1.0,
    stopped_kw=0.5,
    sample_s=5.0,
    sensors=(Sensor(name="Heat", rest=20, running=60, settle_s=1.0, noise=0.2),),
)


@dataclass(frozen=True)
class Shift:
    """A run of three machines of 2 s, 2.4 s and 2 s and a vehicle behind them: its messages and the twin that read them."""

    messages: tuple[tuple[float, float, str, dict[str, object]], ...]
    """(received, own time, unit, payload); seconds from the start."""
    session: Session

    def told(self, unit: str, field: str, *, within: tuple[float, float] = (BEGINS_S + 60, ENDS_S - 1)) -> list[object]:
        """Return what a unit's messages say in a field, of those received within a span."""
        return [
            payload[field] for at_s, _, name, payload in self.messages if name == unit and within[0] < at_s < within[1] and field in payload
        ]

    def shown(self, unit: str, name: str, at_s: float) -> object:
        """Return what the twin shows of a signal at an instant."""
        latest, signal = self.session.latest(START + round(at_s * SECOND)), self.session.signals.find(unit, name)
        assert signal is not None
        value = float(latest.value[signal])
        return self.session.texts.text(int(value)) if latest.kind[signal] == Kind.TEXT else value

    def seconds(self, unit: str, state: State) -> float:
        """Return the seconds that the twin counts a unit in a state while the malfunction lasts."""
        figures = kpi_answer(self.session.figures(START + BEGINS_S * SECOND, START + ENDS_S * SECOND))
        return figures["units"][unit]["state_s"].get(state.title, 0.0)

    def made(self, unit: str, counter: str = "processed") -> float:
        """Return what the twin counts of a unit's parts while the malfunction lasts."""
        figures = kpi_answer(self.session.figures(START + BEGINS_S * SECOND, START + ENDS_S * SECOND))
        of_unit = figures["units"][unit]
        found = of_unit["scrap"] if counter == "scrap" else of_unit["produced"]
        assert found is not None
        return found

    def category_s(self, unit: str, category: str) -> float:
        figures = kpi_answer(self.session.figures(START + BEGINS_S * SECOND, START + ENDS_S * SECOND))
        return figures["units"][unit]["category_s"][category]


def line() -> Line:
    made = speaking(row([2.0, 2.4, 2.0], [4, 4]), FLEET, OBJECT)
    cart, store = replace(unit("Cart", "Store", x_m=2.0), type="agv"), unit("Store", x_m=14.0)
    units = (*made.units[:2], replace(made.units[2], feeds=unit("M3", "Cart", places=4).feeds), cart, store)
    whole = line_of(units, {"M1": 2.0, "M2": 2.4, "M3": 2.0, "Store": 1.0})
    return replace(whole, sources=made.sources, constraint="M2")


@cache
def shift(kind: FaultKind | None = None, unit_: str = "M2", size: float | None = None, state: str = "") -> Shift:
    """Return the shift with a malfunction from 120 s to 420 s, or without one."""
    faults = () if kind is None else (Fault(kind=kind, unit=unit_, at_s=BEGINS_S, lasts_s=ENDS_S - BEGINS_S, size=size, state=state),)
    units = dict.fromkeys(("M1", "M2", "M3"), SPEC) | {
        "Cart": UnitSpec(vehicle=Vehicle(load=10, speed_m_s=6.0, handling_s=0.5)),
        "Store": UnitSpec(),
    }
    sent, _ = said(line(), Scenario(units=units, faults=faults), SPAN_S, beat_s=5.0)
    found = []
    for message in sent:
        payload = json.loads(message.payload)
        own = payload.get("at") or payload["timestamp"]
        hours, minutes, seconds = own.split("T")[1].rstrip("Z").split(":")
        own_s = (int(hours) - 12) * 3600 + int(minutes) * 60 + float(seconds)
        found.append(
            ((message.at_ns - START) / SECOND, own_s, message.topic.split("/")[1 if message.topic.startswith("edge") else 3], payload)
        )
    return Shift(tuple(found), heard(line(), sent))


def heats(run: Shift) -> list[float]:
    return [float(str(value)) for value in run.told("M2", "Heat")]


def stop() -> None:
    run = shift(FaultKind.STOP)
    assert set(run.told("M2", "State")) == {"Aborted"}
    assert set(run.told("M2", "Alarm[2]")) == {True}
    assert run.seconds("M2", State.ABORTED) == pytest.approx(300.0, abs=0.01)
    assert run.made("M2") == 0


def short_stops() -> None:
    run = shift(FaultKind.SHORT_STOPS, size=30.0)
    assert {"Held", "Execute"} <= set(run.told("M2", "State"))
    assert 20.0 < run.seconds("M2", State.HELD) < 200.0  # every 30 s at work one of 15 s or so
    assert shift().seconds("M2", State.HELD) == 0.0


def cycle_drift() -> None:
    # 120 % an hour, 10 % after five minutes: 125 parts become 300 / 2.4 x ln(1.1) / 0.1.
    run = shift(FaultKind.CYCLE_DRIFT, size=1.2)
    speeds = [float(str(value)) for value in run.told("M2", "CurMachSpeed") if value]
    assert speeds[0] > speeds[-1]
    assert speeds[-1] == pytest.approx(25.0 / 1.1, rel=0.01)
    assert run.made("M2") == pytest.approx(125 * 0.953, abs=2)


def quality_drift() -> None:
    # 120 % an hour: on average 5 % of 125.
    run = shift(FaultKind.QUALITY_DRIFT, size=1.2)
    assert abs(run.made("M2", "scrap") - 6.25) < 4 * 2.4
    assert shift().made("M2", "scrap") == 0
    assert max(int(str(value)) for value in run.told("M2", "Defective")) > 0


def buffer_jam() -> None:
    run = shift(FaultKind.BUFFER_JAM)
    assert (set(run.told("M2", "Starved")), set(run.told("M1", "Blocked"))) == ({True}, {True})
    assert run.category_s("M2", "starved") > 290.0
    assert run.category_s("M1", "blocked") > 290.0


def supply_shortage() -> None:
    run = shift(FaultKind.SUPPLY_SHORTAGE, "M1")
    assert set(run.told("M1", "Starved")) == {True}
    assert run.category_s("M1", "starved") > 290.0
    assert run.made("M1") <= 1


def agv_lost() -> None:
    run = shift(FaultKind.AGV_LOST, "Cart")
    (errors,) = {json.dumps(found) for found in run.told("Cart", "errors")}
    assert "FATAL" in errors
    assert len({json.dumps(place) for place in run.told("Cart", "agvPosition")}) == 1
    assert run.seconds("Cart", State.ABORTED) == pytest.approx(300.0, abs=1.0)
    assert run.category_s("M3", "blocked") > 200.0


def energy_rise() -> None:
    run, usual = shift(FaultKind.ENERGY_RISE, size=0.5), shift()
    assert float(str(run.told("M2", "Power")[-1])) == pytest.approx(1.5 * float(str(usual.told("M2", "Power")[-1])), abs=0.002)
    more = [float(str(s.shown("M2", "Energy", ENDS_S - 1.0))) - float(str(s.shown("M2", "Energy", BEGINS_S + 10.0))) for s in (run, usual)]
    assert more[0] == pytest.approx(1.5 * more[1], rel=0.02)
    assert run.made("M2") == usual.made("M2")


def sensor_freeze() -> None:
    run = shift(FaultKind.SENSOR_FREEZE)
    assert len(set(heats(run))) == 1
    assert run.shown("M2", "Heat", BEGINS_S + 100.0) == run.shown("M2", "Heat", ENDS_S - 1.0)
    assert len(set(heats(shift()))) > 30


def sensor_bias() -> None:
    run = shift(FaultKind.SENSOR_BIAS, size=7.0)
    assert statistics.mean(heats(run)) == pytest.approx(statistics.mean(heats(shift())) + 7.0, abs=1e-3)
    assert float(str(run.shown("M2", "Heat", 300.0))) == pytest.approx(float(str(shift().shown("M2", "Heat", 300.0))) + 7.0, abs=2e-3)


def sensor_noise() -> None:
    run = shift(FaultKind.SENSOR_NOISE, size=4.0)
    assert statistics.stdev(set(heats(shift()))) < 0.5
    assert 3.0 < statistics.stdev(set(heats(run))) < 5.0


def sensor_dropout() -> None:
    run = shift(FaultKind.SENSOR_DROPOUT)
    signal = run.session.signals.find("M2", "Heat")
    assert signal is not None
    values = run.session.range(signal, START + (BEGINS_S + 1) * SECOND, START + (ENDS_S - 1) * SECOND, 0).value
    assert len(set(values.tolist())) == 1  # the last one before it
    assert "Heat" in run.messages[-1][3] or run.told("M2", "Heat", within=(ENDS_S + 6, SPAN_S))


def communication_loss() -> None:
    run = shift(FaultKind.COMMUNICATION_LOSS)
    assert run.told("M2", "State") == []
    assert run.told("M2", "State", within=(ENDS_S - 0.001, ENDS_S + 0.001)) != []
    cut = shift(FaultKind.COMMUNICATION_LOSS, "Cart")
    assert cut.told("Cart", "connectionState", within=(BEGINS_S, ENDS_S)) == ["CONNECTIONBROKEN"]
    assert cut.category_s("Cart", "blind") == pytest.approx(
        300.0, abs=6.0
    )  # the last will dates nothing: it is as of the last sign of life


def duplicate() -> None:
    run, usual = shift(FaultKind.DUPLICATE, size=1.0), shift()
    assert len(run.told("M2", "State")) >= 1.9 * len(usual.told("M2", "State"))
    assert (run.made("M2"), run.seconds("M2", State.EXECUTE)) == (usual.made("M2"), usual.seconds("M2", State.EXECUTE))


def late() -> None:
    run = shift(FaultKind.LATE, size=10.0)
    lags = {round(at_s - own_s, 2) for at_s, own_s, name, _ in run.messages if name == "M2" and BEGINS_S < own_s < ENDS_S - 11}
    assert lags == {10.0}
    assert run.seconds("M2", State.EXECUTE) == pytest.approx(shift().seconds("M2", State.EXECUTE), abs=0.01)


def out_of_order() -> None:
    run = shift(FaultKind.OUT_OF_ORDER, size=15.0)
    own = [own_s for _, own_s, name, _ in run.messages if name == "M2"]
    assert own != sorted(own)
    assert run.seconds("M2", State.EXECUTE) == pytest.approx(shift().seconds("M2", State.EXECUTE), abs=0.01)


def clock_skew() -> None:
    run = shift(FaultKind.CLOCK_SKEW, size=40.0)
    assert {round(own_s - at_s, 2) for at_s, own_s, name, _ in run.messages if name == "M2" and BEGINS_S < at_s < ENDS_S} == {40.0}
    signal = run.session.signals.find("M2", "Processed")
    assert signal is not None
    times = run.session.range(signal, START + (ENDS_S + 5) * SECOND, START + (ENDS_S + 39) * SECOND, 0).times_ns
    assert len(times) > 10  # what was said ahead of its time lies there beside what was said in time


def wrong_state() -> None:
    run = shift(FaultKind.WRONG_STATE, state="Held")
    assert set(run.told("M2", "State")) == {"Held"}
    assert run.seconds("M2", State.HELD) == pytest.approx(300.0, abs=0.01)
    assert run.made("M2") == shift().made("M2") > 100  # its counters betray it


def alarm_burst() -> None:
    run = shift(FaultKind.ALARM_BURST, size=12.0)
    raised = [
        name
        for _, _, of, payload in run.messages
        if of == "M2"
        for name, value in payload.items()
        if name.startswith("Alarm[1") and value is True
    ]
    assert len(set(raised) - {"Alarm[1]"}) == 12
    assert run.shown("M2", "Alarm[100]", BEGINS_S + 1.0) == 1.0
    assert run.shown("M2", "Alarm[100]", BEGINS_S + 4.0) == 0.0


SHOWN: dict[FaultKind, Callable[[], None]] = {
    FaultKind.STOP: stop, FaultKind.SHORT_STOPS: short_stops, FaultKind.CYCLE_DRIFT: cycle_drift, FaultKind.QUALITY_DRIFT: quality_drift,
    FaultKind.BUFFER_JAM: buffer_jam, FaultKind.SUPPLY_SHORTAGE: supply_shortage, FaultKind.AGV_LOST: agv_lost,
    FaultKind.ENERGY_RISE: energy_rise, FaultKind.SENSOR_FREEZE: sensor_freeze, FaultKind.SENSOR_BIAS: sensor_bias,
    FaultKind.SENSOR_NOISE: sensor_noise, FaultKind.SENSOR_DROPOUT: sensor_dropout, FaultKind.COMMUNICATION_LOSS: communication_loss,
    FaultKind.DUPLICATE: duplicate, FaultKind.LATE: late, FaultKind.OUT_OF_ORDER: out_of_order, FaultKind.CLOCK_SKEW: clock_skew,
    FaultKind.WRONG_STATE: wrong_state, FaultKind.ALARM_BURST: alarm_burst,
}  # fmt: skip


@pytest.mark.parametrize("kind", FaultKind)
def test_that_a_malfunction_is_in_the_messages_and_on_the_screen_and_told_apart_in_the_truth(kind: FaultKind) -> None:
    SHOWN[kind]()
    assert malfunction(0, Fault(kind=kind, unit="M2"))["domain"] == ("data" if kind in DATA_FAULTS else "machine")
