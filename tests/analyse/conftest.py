"""Lines whose units are as a test says they are; times are seconds after a fixed midnight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from twin_app.model.equipment import Feed, Line, Product, SourceSpec, Unit
from twin_app.model.packml import Category, State
from twin_app.model.timeline import UnitNow

STATES = {
    Category.PRODUCTION: State.EXECUTE, Category.FAILURE: State.ABORTED, Category.INTERNAL_STOP: State.HELD, Category.STARVED: State.SUSPENDED,
    Category.BLOCKED: State.SUSPENDED, Category.EXTERNAL: State.SUSPENDED, Category.WAITING: State.IDLE, Category.PLANNED: State.STOPPED,
    Category.SETUP: State.EXECUTE, Category.TRANSITION: State.STARTING,
}  # fmt: skip


def line_of(flow: Mapping[str, tuple[str, ...]], constraint: str) -> Line:
    """Return a line that makes a bottle a second, with these units feeding those."""
    units = tuple(
        Unit(id=n, title=f"{n} machine", type="filler", source="plc", feeds=tuple(Feed(to=to) for to in fed)) for n, fed in flow.items()
    )
    return Line(
        path=Path("line.toml"), content_hash="", id="L", title="", enterprise="", site="", area="", zone="UTC", unit_of_count="bottle",
        constraint=constraint, units=units, sources=(SourceSpec(id="plc", title=""),),
        products=(Product(id="p", title="", ideal_cycle_s=dict.fromkeys(flow, 1.0)),),
    )  # fmt: skip


def now(line: Line, **said: Category) -> dict[str, UnitNow]:
    """Return every unit in production but for those said, each since its place in the layout, in seconds."""
    found: dict[str, UnitNow] = {}
    for second, unit in enumerate(line.units):
        category = said.get(unit.id, Category.PRODUCTION)
        found[unit.id] = UnitNow(unit.id, STATES.get(category), second * 10**9, 1, category)
    return found


@pytest.fixture(scope="session")
def flow_line() -> Callable[[Mapping[str, tuple[str, ...]], str], Line]:
    return line_of


@pytest.fixture(scope="session")
def units_now() -> Callable[..., dict[str, UnitNow]]:
    return now
