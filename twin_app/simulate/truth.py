"""The truth record: every event of a simulated run and its cause, a JSON object a line, so that analyses can be scored.

Not for messages: those may lie. The first row tells the run and its malfunctions, each with its domain: `machine` where what
is told is true, `data` where only the telling is wrong. The last row tells the sums. Rows between follow the order of time.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from twin_app.model.packml import Mode, State
from twin_app.simulate.events import LINE, Cause, Kind
from twin_app.simulate.malfunctions import size_of
from twin_app.simulate.spec import DATA_FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from twin_app.simulate.engine import Simulation
    from twin_app.simulate.events import Event
    from twin_app.simulate.spec import Fault

SCHEMA = 1
MEASURED = frozenset({Kind.SAMPLE, Kind.POWER, Kind.ENERGY, Kind.SPEED})
"""Events without a cause: readings of instruments. They are left out unless asked for."""


_KINDS, _CAUSES = Kind.names(), Cause.names()


class Truth:
    """Words the events of one simulation as rows of its truth record."""

    def __init__(self, simulation: Simulation, *, measurements: bool = False) -> None:
        """Keep whose truth it is, and whether readings of instruments belong to it."""
        self._simulation = simulation
        self._left_out = frozenset() if measurements else MEASURED

    def head(self) -> str:
        """Return the first line: what was run, with every malfunction known by now."""
        simulation = self._simulation
        line = simulation.line
        return _line({
            "schema": SCHEMA, "simulated": True, "line": line.id, "layout": line.content_hash, "seed": simulation.wiring.seed,
            "start_ns": simulation.start_ns, "units": list(simulation.wiring.units),
            "malfunctions": [malfunction(number, fault) for number, fault in enumerate(simulation.faults)],
        })  # fmt: skip

    def rows(self, events: Iterable[Event]) -> Iterator[str]:
        """Give a line for each event, in order."""
        for event in events:
            if event[2] not in self._left_out:
                yield _line(self._row(event))

    def foot(self) -> str:
        """Return the last line: what each unit made and what its time went into, up to now."""
        simulation = self._simulation
        return _line({"end_ns": simulation.now_ns, "made": simulation.made(), "spent_ns": simulation.spent_ns()})

    def _row(self, event: Event) -> dict[str, Any]:
        t_ns, unit, kind, value, cause = event
        row: dict[str, Any] = {"t_ns": t_ns, "unit": "" if unit == LINE else self._simulation.wiring.units[unit]}
        row["event"] = _KINDS[kind]
        row |= self._details(unit, kind, value, cause)
        if kind in MEASURED or kind == Kind.TRIP:
            return row
        if cause >= Cause.FAULT:
            return row | {"cause": "malfunction", "malfunction": cause - Cause.FAULT}
        return row | {"cause": _CAUSES[cause]}

    def _details(self, unit: int, kind: int, value: float, cause: int) -> dict[str, Any]:
        """Return what an event's value says, in words where there are any."""
        wiring = self._simulation.wiring
        number = int(value)
        match kind:
            case Kind.STATE:
                found: dict[str, Any] = {"state": State(number).title}
            case Kind.MODE:
                found = {"mode": Mode(number).name.lower()}
            case Kind.ENTER | Kind.PART | Kind.SCRAP | Kind.REWORK | Kind.LEAVE:
                found = {"part": number}
            case Kind.TRIP:
                found = {"from": wiring.units[cause], "to": wiring.units[number]}
            case Kind.SAMPLE:
                found = {"sensor": wiring.machines[unit].spec.sensors[cause].name, "value": value}
            case Kind.FAULT:
                which = abs(number) - 1
                found = {"begins": number > 0, **malfunction(which, self._simulation.faults[which])}
            case _:
                found = self._made_of(kind, number) or {"value": value}
        return found

    def _made_of(self, kind: int, number: int) -> dict[str, Any]:
        """Return what an event says of products, orders and alarms, nothing where it is of something else."""
        wiring = self._simulation.wiring
        match kind:
            case Kind.PRODUCT:
                return {"product": wiring.products[number]}
            case Kind.ORDER:
                return {"order": wiring.order_called(number), "planned": wiring.order_size(number)}
            case Kind.ALARM:
                return {"alarm": abs(number), "comes": number > 0}
            case _:
                return {}


def malfunction(number: int, fault: Fault) -> dict[str, Any]:
    """Return a malfunction as the record has it: with its number, its domain and what it does in full."""
    domain = "data" if fault.kind in DATA_FAULTS else "machine"
    known = {name: value for name, value in asdict(fault).items() if value not in (None, "")}
    return {"number": number, "domain": domain, **known, "size": size_of(fault)}


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str)
