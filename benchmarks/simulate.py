"""How fast the simulator runs with all of its features on, and against simpy on a line that both can have.

`python benchmarks/simulate.py [--quick]`: one core, CPU time; the last line is one JSON object. An event is one entry of the
calendar that was executed: the end of a cycle or of a leg, a breakdown, a step from state to state, one reading of all of a
unit's instruments, a delivery. Entries that had become void are not counted, nor the three or four lines that each event leaves
in the event log (`log_entries_per_s`).

simpy (the `bench` extra) gets the same row of machines with the same laws of cycles, failures and micro-stops, the same blocking
after service, and keeps the same list of parts and states; what is compared is parts worked on a second. It does without what
the other side does besides: PackML's states in between, ledgers of time and energy, orders, random numbers by (seed, machine,
purpose), and being put into a snapshot.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from twin_app.model.equipment import Feed, Line, Placement, Product, Unit
from twin_app.simulate import Law, LawKind, Order, Scenario, Sensor, Simulation, Stock, UnitSpec, Vehicle
from twin_app.simulate.spec import LIVELY_ACTING_S

if TYPE_CHECKING:
    from collections.abc import Iterator

SECOND = 1_000_000_000
SHIFT_S = 8 * 3600
ROW = 12


def unit(name: str, *to: str, places: float = 8, x_m: float = 0.0) -> Unit:
    """Return a unit that feeds others."""
    feeds = tuple(Feed(to=other, buffer_capacity=places) for other in to)
    return Unit(id=name, title=name, type="machine", source="plc", placement=Placement(x_m=x_m), feeds=feeds)


def line_of(units: tuple[Unit, ...], cycle_s: float) -> Line:
    """Return a line of these units with two products."""
    cycles = {u.id: cycle_s for u in units}
    products = tuple(Product(id=name, title=name, ideal_cycle_s=cycles) for name in ("A", "B"))
    return Line(
        path=Path("line.toml"), content_hash="", id="L", title="", enterprise="", site="S", area="A", zone="UTC", unit_of_count="",
        constraint=units[0].id, units=units, sources=(), products=products,
    )  # fmt: skip


def everything(cycle_s: float) -> tuple[Line, Scenario]:
    """Return a line of twelve units with everything in it: parallel units, inspection, rework, vehicles, crews, stock, orders."""
    units = (
        unit("Saw", "PressA", "PressB"), unit("PressA", "Check"), unit("PressB", "Check"), unit("Check", "Wash", "Mend"),
        unit("Mend", "Check"), unit("Wash", "Oven"), unit("Oven", "Cart1", "Cart2"), unit("Cart1", "Paint", x_m=10.0),
        unit("Cart2", "Paint", x_m=12.0), unit("Paint", "Label", x_m=20.0), unit("Label", "Pack"), unit("Pack"),
    )  # fmt: skip
    spec = UnitSpec(
        cycle_kind=LawKind.LOGNORMAL, cycle_cv=0.1, mttf_s=3600.0, failure=Law(kind=LawKind.WEIBULL, shape=1.5), mttr_s=180.0,
        repair=Law(kind=LawKind.LOGNORMAL, cv=0.7), micro_stop_every_s=600.0, scrap=0.005, defect=0.01, setup_s=120.0,
        repair_crew="fitters", stop_crew="operators", setup_crew="operators", suspend_after_s=2.0, acting_s=LIVELY_ACTING_S,
        running_kw=5.0, waiting_kw=2.0, stopped_kw=0.4, sample_s=10.0,
        sensors=(Sensor(name="Heat", noise=0.3, running=60.0), Sensor(name="Vibration", noise=0.1, running=3.0, settle_s=2.0)),
    )  # fmt: skip
    specs = {u.id: spec for u in units}
    for press in ("PressA", "PressB"):
        specs[press] = replace(spec, pace=0.5)
    specs["Saw"] = replace(spec, stock=Stock(at_start=400, reorder_at=200, quantity=400, lead=Law(mean_s=1200.0)))
    specs["Check"] = replace(spec, detects=0.95, false_reject=0.002, rework_to="Mend")
    specs["Mend"] = replace(spec, repairs=0.9)
    specs["Cart1"] = specs["Cart2"] = replace(spec, vehicle=Vehicle(load=8, handling_s=2.0, speed_m_s=3.0), scrap=0.0, defect=0.0)
    specs["Pack"] = replace(spec, stock=Stock(capacity=2000, quantity=500, lead=Law(mean_s=3600.0)))
    orders = (Order(product="A", quantity=900), Order(product="B", quantity=600))
    return line_of(units, cycle_s), Scenario(units=specs, crews={"fitters": 2, "operators": 4}, orders=orders)


def row(cycle_s: float) -> tuple[Line, Scenario]:
    """Return the row of machines that simpy gets too."""
    names = [f"M{i}" for i in range(ROW)]
    units = tuple(unit(name, *names[i + 1 : i + 2], places=5) for i, name in enumerate(names))
    spec = UnitSpec(
        cycle_kind=LawKind.EXPONENTIAL, mttf_s=3600.0, mttr_s=180.0, micro_stop_every_s=600.0,
        micro_stop=Law(kind=LawKind.EXPONENTIAL, mean_s=15.0), suspend_after_s=2.0,
    )  # fmt: skip
    return line_of(units, cycle_s), Scenario(units=dict.fromkeys(names, spec))


def ours(line: Line, scenario: Scenario, seconds: int) -> tuple[float, int, int, int]:
    """Return CPU seconds, log entries, calendar entries and parts worked on of one run, taken an hour at a time."""
    run = Simulation(line, scenario, seed=1)
    gc.collect()
    start, events = time.process_time(), 0
    for until in range(600, seconds + 1, 600):
        events += len(run.run_until(until * SECOND))
    return time.process_time() - start, events, run.executed, sum(run.made().values())


class Theirs:
    """The row in simpy."""

    def __init__(self, cycle_s: float) -> None:
        """Lay the row out."""
        import simpy  # noqa: PLC0415 - the one part that needs the `bench` extra

        self.env = simpy.Environment()
        self.stores = [simpy.Store(self.env, capacity=5) for _ in range(ROW - 1)]
        self.draw = random.Random(1).expovariate  # noqa: S311 - a simulation, no secret
        self.cycle_s = cycle_s
        self.log: list[tuple[float, int, int, int, int]] = []
        self.made = [0] * ROW
        for m in range(ROW):
            self.env.process(self.machine(m))

    def run(self, seconds: int) -> tuple[float, int]:
        """Return CPU seconds and parts worked on."""
        gc.collect()
        start = time.process_time()
        self.env.run(until=seconds)
        return time.process_time() - start, sum(self.made)

    def machine(self, m: int) -> Iterator[object]:
        """Take, work, hand on, for ever."""
        clocks = [self.draw(1 / 3600.0), self.draw(1 / 600.0)]
        while True:
            since = self.env.now
            part = (yield self.stores[m - 1].get()) if m else [len(self.log), 0, since, 0]
            self.wait(m, since, 2)
            yield from self.work(m, self.draw(1 / self.cycle_s), clocks)
            self.made[m] += 1
            since = self.env.now
            self.log.append((since, m, 4, part[0], 1))
            if m < ROW - 1:
                yield self.stores[m].put(part)
            self.wait(m, since, 3)

    def work(self, m: int, lasts: float, clocks: list[float]) -> Iterator[object]:
        """Work, with failures and micro-stops in working time."""
        while lasts > min(clocks):
            which = 0 if clocks[0] <= clocks[1] else 1
            used = clocks[which]
            yield self.env.timeout(used)
            lasts -= used
            clocks[1 - which] -= used
            self.log.append((self.env.now, m, 0, 9, which))
            yield self.env.timeout(self.draw(1 / (180.0, 15.0)[which]))
            self.log.append((self.env.now, m, 0, 6, which))
            clocks[which] = self.draw(1 / (3600.0, 600.0)[which])
        yield self.env.timeout(lasts)
        clocks[0] -= lasts
        clocks[1] -= lasts

    def wait(self, m: int, since: float, why: int) -> None:
        """Note a wait of over two seconds once it is over."""
        if self.env.now > since + 2.0:
            self.log.append((self.env.now, m, 0, 6, why))


def main() -> None:
    """Print the figures, the last line as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a shorter run, below 50 s")
    rounds = 3 if parser.parse_args().quick else 9
    fast, slow = everything(2.0), everything(30.0)
    full = [ours(*fast, SHIFT_S // 4) for _ in range(rounds)]
    shift = min(ours(*slow, SHIFT_S)[0] for _ in range(rounds))
    pairs = []
    for _ in range(rounds):  # in turns, so that both have the same machine
        mine, theirs = ours(*row(2.0), SHIFT_S // 4), Theirs(2.0).run(SHIFT_S // 4)
        pairs.append(((mine[3] / mine[0]) / (theirs[1] / theirs[0]), mine[3] / mine[0], theirs[1] / theirs[0]))
    seconds, events, executed, parts = min(full)
    run = Simulation(*slow, seed=1)
    run.run_until(SHIFT_S // 2 * SECOND)
    saved = []
    for _ in range(50):
        start = time.perf_counter()
        snapshot = run.snapshot()
        middle = time.perf_counter()
        run.restore(snapshot)
        saved.append((middle - start, time.perf_counter() - middle))
    figures = {
        "events_per_s": round(executed / seconds),
        "log_entries_per_s": round(events / seconds),
        "parts_worked_on_per_s": round(parts / seconds),
        "vs_simpy": round(statistics.median(ratio for ratio, _, _ in pairs), 2),
        "row_parts_per_s": round(max(mine for _, mine, _ in pairs)),
        "simpy_parts_per_s": round(max(theirs for _, _, theirs in pairs)),
        "shift_of_12_units_s": round(shift, 3),
        "snapshot_ms": round(min(save for save, _ in saved) * 1e3, 3),
        "restore_ms": round(min(back for _, back in saved) * 1e3, 3),
    }
    for name, value in figures.items():
        print(f"{name:>24}: {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
