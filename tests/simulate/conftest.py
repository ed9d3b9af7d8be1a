"""Lines to simulate: rows of machines, and the same with everything going on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from twin_app.model.equipment import Feed, Line, Placement, Product, Unit
from twin_app.simulate import (
    Fault,
    FaultKind,
    Law,
    LawKind,
    Order,
    Scenario,
    Sensor,
    Stock,
    UnitSpec,
    Vehicle,
)
from twin_app.simulate.spec import LIVELY_ACTING_S

if TYPE_CHECKING:
    from collections.abc import Sequence

SECOND = 1_000_000_000
FOREVER_S = 1e7


class Row(Protocol):
    """Makes a line of machines M1, M2, ... in a row."""

    def __call__(self, cycles_s: Sequence[float], places: Sequence[int]) -> Line: ...


def row(cycles_s: Sequence[float], places: Sequence[int]) -> Line:
    ids = [f"M{i + 1}" for i in range(len(cycles_s))]
    feeds = [(Feed(to=to, buffer_capacity=capacity),) for to, capacity in zip(ids[1:], places, strict=True)]
    units = tuple(Unit(id=unit, title=unit, type="machine", source="plc", feeds=feed) for unit, feed in zip(ids, [*feeds, ()], strict=True))
    return line_of(units, dict(zip(ids, cycles_s, strict=True)))


def line_of(units: tuple[Unit, ...], cycles_s: dict[str, float]) -> Line:
    return Line(
        path=Path("line.toml"), content_hash="", id="L1", title="L1", enterprise="", site="S", area="A", zone="UTC", unit_of_count="part",
        constraint=units[0].id, units=units, sources=(), products=(Product(id="lid", title="lid", ideal_cycle_s=cycles_s),),
    )  # fmt: skip


def unit(name: str, *to: str, places: float | None = 3, x_m: float = 0.0, base_units: float = 1.0) -> Unit:
    feeds = tuple(Feed(to=other, buffer_capacity=places) for other in to)
    return Unit(
        id=name, title=name, type="machine", source="plc", placement=Placement(x_m=x_m), feeds=feeds, base_units_per_count=base_units
    )


@pytest.fixture
def in_a_row() -> Row:
    """Return a function that makes a line of machines M1, M2, ... with the given cycles and places between them."""
    return row


@pytest.fixture
def busy_line() -> Line:
    """Return a line with everything in it: parallel presses, an inspection with rework, vehicles, a packer of cases of four."""
    units = (
        unit("Saw", "PressA", "PressB", places=4),
        unit("PressA", "Check", places=4),
        unit("PressB", "Check", places=4),
        unit("Check", "Cart1", "Cart2", "Repair", places=4, x_m=10.0),
        unit("Repair", "Check", places=2),
        unit("Cart1", "Packer", places=6, x_m=12.0),
        unit("Cart2", "Packer", places=6, x_m=14.0),
        unit("Packer", "Store", places=8, x_m=40.0, base_units=4.0),
        unit("Store", x_m=45.0, base_units=4.0),
    )
    cycles = {"Saw": 4.0, "PressA": 8.5, "PressB": 8.5, "Check": 4.0, "Repair": 20.0, "Packer": 15.0, "Store": 5.0}
    made = line_of(units, cycles)
    slow = Product(id="pan", title="pan", ideal_cycle_s={name: 1.5 * cycle for name, cycle in cycles.items()})
    return replace(made, products=(*made.products, slow))


@pytest.fixture
def busy() -> Scenario:
    """Return a scenario for `busy_line` in which all of the simulator is at work."""
    ordinary = UnitSpec(
        cycle_kind=LawKind.LOGNORMAL, cycle_cv=0.1, mttf_s=1800.0, mttr_s=120.0, failure=Law(kind=LawKind.WEIBULL, shape=1.5),
        repair=Law(kind=LawKind.LOGNORMAL, cv=0.5), micro_stop_every_s=300.0, scrap=0.01, defect=0.02, setup_s=60.0, repair_crew="fitters",
        stop_crew="operators", setup_crew="operators", suspend_after_s=1.0, acting_s=LIVELY_ACTING_S, running_kw=5.0, waiting_kw=2.0,
        stopped_kw=0.5, sensors=(Sensor(name="Heat", rest=20.0, running=60.0, settle_s=300.0, noise=0.5),), sample_s=10.0,
    )  # fmt: skip
    cart = UnitSpec(
        vehicle=Vehicle(load=3, range_s=1800.0, charge_s=300.0), acting_s=LIVELY_ACTING_S, running_kw=1.0, sample_s=10.0, mttf_s=7200.0,
    )  # fmt: skip
    units = dict.fromkeys(("PressA", "PressB", "Packer"), ordinary)
    units["Saw"] = replace(ordinary, stock=Stock(at_start=200, reorder_at=100, quantity=200, lead=Law(mean_s=900.0)))
    units["Check"] = replace(ordinary, detects=0.95, false_reject=0.01, rework_to="Repair", rework_share=0.8)
    units["Repair"] = replace(ordinary, repairs=0.9)
    units["Cart1"] = units["Cart2"] = cart
    units["Store"] = replace(ordinary, stock=Stock(capacity=400, quantity=100, lead=Law(mean_s=3600.0)))
    faults = (
        Fault(kind=FaultKind.STOP, unit="PressB", at_s=1200.0, lasts_s=300.0),
        Fault(kind=FaultKind.CYCLE_DRIFT, unit="Check", at_s=2000.0, lasts_s=1500.0),
        Fault(kind=FaultKind.BUFFER_JAM, unit="Packer", at_s=2500.0, lasts_s=120.0),
    )
    orders = (Order(product="lid", quantity=150), Order(product="pan", quantity=80))
    return Scenario(units=units, crews={"fitters": 1, "operators": 2}, orders=orders, faults=faults)
