"""What does not change while a line is simulated: who feeds whom, ratios, laws and streams. Not for what changes: see `state`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.packml import STATE_BY_NAME, State
from twin_app.simulate.elementary import exp
from twin_app.simulate.laws import SECOND_NS, Law, LawKind
from twin_app.simulate.spec import AlarmOn, Blocked, UnitSpec
from twin_app.simulate.state import Buffer, Machine
from twin_app.simulate.streams import LAPSE, NOISE, SHARE, Stream

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.simulate.spec import Scenario
    from twin_app.simulate.streams import Draws

OWN_MEAN = frozenset({LawKind.EMPIRICAL, LawKind.TRIANGULAR, LawKind.UNIFORM})
"""Laws that say their mean themselves."""
UNKNOWN_CYCLE_S = 10.0
"""The cycle of a unit for which neither the scenario nor any product has one."""
_WORKING = frozenset({State.EXECUTE, State.STARTING, State.UNHOLDING, State.UNSUSPENDING, State.COMPLETING})
_STANDING = frozenset({State.STOPPED, State.ABORTED, State.STOPPING, State.ABORTING, State.CLEARING})


class Wiring:
    """A line and its scenario, laid out as machines and buffers that know each other. Products and crews are indices; times are ns."""

    def __init__(self, line: Line, scenario: Scenario, seed: int) -> None:
        """Lay everything out."""
        self.seed = seed
        self.line = line
        self.streams: list[Stream] = []
        self.products = tuple(product.id for product in line.products) or ("",)
        specs = scenario.units
        self.machines = [Machine(u, unit.id, specs.get(unit.id, UnitSpec())) for u, unit in enumerate(line.units)]
        self.units = tuple(machine.id for machine in self.machines)
        self.by_id = {machine.id: machine for machine in self.machines}
        self.crew_names = tuple(scenario.crews)
        self.crew_sizes = tuple(scenario.crews.values())
        self.orders = tuple((self.products.index(order.product), order.quantity, order.id) for order in scenario.orders)
        self.repeat_orders = scenario.repeat_orders
        self.buffers: list[Buffer] = []
        for machine in self.machines:
            _set_down(machine, self)
            self._number_streams(machine)
        self._lay_out(scenario.default_buffer)
        for machine in self.machines:
            self._join(machine)

    def _lay_out(self, default_places: int) -> None:
        """Make the buffers: one for each feed, but vehicles share those in which they fetch and bring."""
        shared: dict[tuple[str, str], Buffer] = {}
        for unit in self.line.units:
            for feed in unit.feeds:
                feeder, taker = self.by_id[unit.id], self.by_id[feed.to]
                by_vehicle = feeder.is_vehicle or taker.is_vehicle
                key = ("from", unit.id) if taker.is_vehicle else ("to", feed.to) if feeder.is_vehicle else (unit.id, feed.to)
                buffer = shared.get(key)
                if buffer is None:
                    buffer = shared[key] = Buffer(len(self.buffers))
                    self.buffers.append(buffer)
                    smallest = min(*self._base_units(unit.id), *self._base_units(feed.to))
                    buffer.places = default_places if feed.buffer_capacity is None else int(feed.buffer_capacity / smallest)
                    buffer.places = max(buffer.places, 1) if by_vehicle else buffer.places  # a vehicle needs a place to fetch from
                buffer.feeders = tuple(dict.fromkeys((*buffer.feeders, feeder)))
                buffer.takers = tuple(dict.fromkeys((*buffer.takers, taker)))
                buffer.feeder = buffer.feeders[0] if len(buffer.feeders) == 1 else None
                buffer.taker = None if taker.is_vehicle else taker

    def _base_units(self, unit: str) -> list[float]:
        """Return the base units in one count of a unit, by product."""
        return [self.line.base_units(unit, product or None) for product in self.products]

    def _join(self, m: Machine) -> None:
        """Tell a machine its buffers, how many pieces it takes and how many it hands on, by product."""
        m.inlets = tuple(b for b in self.buffers if m in b.takers)
        m.rework_outlet = self.outlet_to(m, m.spec.rework_to)
        m.outlets = tuple(b for b in self.buffers if m in b.feeders and b is not m.rework_outlet)
        m.rounds_in, m.rounds_out = _rounds(m.inlets), _rounds(m.outlets)
        own = self._base_units(m.id)
        before = [self._base_units(b.feeders[0].id) for b in m.inlets]
        behind = [self._base_units(b.takers[0].id) for b in m.outlets]
        m.need = [max([1, *(round(own[p] / other[p]) for other in before)]) for p in range(len(own))]
        m.pieces = [max([1, *(round(own[p] / other[p]) for other in behind)]) for p in range(len(own))]
        m.is_plain = max(m.need) == 1 and max(m.pieces) == 1 and not m.is_vehicle
        m.inlet = m.inlets[0] if len(m.inlets) == 1 and m.is_plain else None
        m.outlet = m.outlets[0] if len(m.outlets) == 1 and m.is_plain and not m.rework_outlet else None

    def outlet_to(self, m: Machine, to: str) -> Buffer | None:
        """Return the buffer by which a machine feeds another, None where it does not."""
        return next((b for b in self.buffers if to and m in b.feeders and self.by_id[to] in b.takers), None)

    def _stream(self, m: Machine, purpose: str, draws: Draws) -> Stream:
        stream = Stream(self.seed, m.id, purpose, draws)
        self.streams.append(stream)
        return stream

    def _number_streams(self, m: Machine) -> None:
        """Give a machine a stream for each purpose."""
        spec = m.spec
        m.cycle = [self._stream(m, f"cycle {product}", self._cycle(m, product)) for product in self.products]
        m.failure = self._stream(m, "failure", _scaled(spec.failure, spec.mttf_s))
        m.repair = self._stream(m, "repair", _scaled(spec.repair, spec.mttr_s))
        m.lapse = self._stream(m, "micro-stop", LAPSE)
        m.micro_stop = self._stream(m, "micro-stop length", spec.micro_stop)
        m.quality, m.inspection, m.rework = (self._stream(m, purpose, SHARE) for purpose in ("quality", "inspection", "rework"))
        m.sensors = tuple(
            (s, sensor.rest, sensor.running - sensor.rest, _gain(spec.sample_s, sensor.settle_s), sensor.noise, noise)
            for s, (sensor, noise) in enumerate((sensor, self._stream(m, f"noise {sensor.name}", NOISE)) for sensor in spec.sensors)
        )
        m.choice = self._stream(m, "alarm", SHARE)
        m.lead = self._stream(m, "lead", spec.stock.lead if spec.stock else Law())

    def _cycle(self, m: Machine, product: str) -> Law:
        """Return the law of a machine's cycle for a product: the scenario's, or the layout's ideal at the unit's pace."""
        spec, line = m.spec, self.line
        if product in spec.cycle:
            return spec.cycle[product]
        ideal = line.ideal_cycle_s(m.id, product) or line.ideal_cycle_s(line.constraint, product) or UNKNOWN_CYCLE_S
        return Law(kind=spec.cycle_kind, mean_s=ideal / spec.pace, cv=spec.cycle_cv)

    def setup_ns(self, m: Machine, product: int) -> int:
        """Return how long a machine needs to change over to a product."""
        key = f"{self.products[m.setup]} > {self.products[product]}"
        return round(m.spec.setups.get(key, m.spec.setup_s) * SECOND_NS)

    def order_called(self, order: int) -> str:
        """Return what the machines call an order, by its number; orders that come again get the round behind their name."""
        if not order or not self.orders:
            return ""
        again, which = divmod(order - 1, len(self.orders))
        name = self.orders[which][2] or str(which + 1)
        return f"{name}-{again + 1}" if again else name

    def order_size(self, order: int) -> float:
        """Return how much an order is planned to be, in base units of the line, 0 for none."""
        if not order or not self.orders:
            return 0.0
        product, quantity, _ = self.orders[(order - 1) % len(self.orders)]
        first = next(m for m in self.machines if not m.inlets)
        return quantity * self.line.base_units(first.id, self.products[product] or None)

    def drive_ns(self, m: Machine, end: Machine) -> int:
        """Return how long a vehicle drives from where it is, along the aisles: lengthwise, then across."""
        vehicle, start = m.spec.vehicle, self.machines[m.place]
        distance_m = abs(start.at[0] - end.at[0]) + abs(start.at[1] - end.at[1])
        return round(distance_m / vehicle.speed_m_s * SECOND_NS) if vehicle else 0

    def destination(self, m: Machine) -> Buffer:
        """Return the buffer to which a vehicle brings what it has fetched."""
        found = m.reach.get(m.origin)
        if found is None:
            vehicle = m.spec.vehicle
            to = vehicle.routes.get(self.buffers[m.origin].feeders[0].id, "") if vehicle else ""
            found = m.reach[m.origin] = self.outlet_to(m, to) or m.outlets[0]
        return found


def _rounds(buffers: tuple[Buffer, ...]) -> tuple[tuple[Buffer, ...], ...]:
    """Return the buffers beginning with each of them in turn."""
    return tuple(buffers[turn:] + buffers[:turn] for turn in range(len(buffers)))


def state_of(name: str) -> int:
    """Return the number of a PackML state by its name."""
    return int(STATE_BY_NAME[name.casefold()])


def _set_down(m: Machine, wiring: Wiring) -> None:
    """Write what a machine's specification says as numbers."""
    spec = m.spec
    m.reach = {}
    placement = wiring.line.unit(m.id).placement
    vehicle = spec.vehicle
    m.is_vehicle = vehicle is not None
    m.full_ns = round(vehicle.range_s * SECOND_NS) if vehicle else 0
    m.low_ns = vehicle.charge_below * vehicle.range_s * SECOND_NS if vehicle else 0
    m.handling_ns = round(vehicle.handling_s * SECOND_NS) if vehicle else 0
    m.at = (placement.x_m, placement.y_m)
    m.sample_ns = round(spec.sample_s * SECOND_NS)
    m.suspend_ns = round(spec.suspend_after_s * SECOND_NS)
    m.acting_ns = _acting(spec)
    m.watts = _watts(spec)
    m.loses = spec.when_blocked is Blocked.LOSE
    m.may_spoil = bool(spec.scrap or spec.defect or spec.detects or spec.false_reject or spec.repairs)
    m.tests = int(m.may_spoil)
    m.spoils = spec.scrap + spec.defect
    m.inspects = bool(spec.detects or spec.false_reject)
    m.never_fails = spec.mttf_s <= 0 and spec.failure.kind not in OWN_MEAN
    m.crews = tuple(wiring.crew_names.index(name) if name else -1 for name in (spec.repair_crew, spec.stop_crew, spec.setup_crew))
    m.alarms = {on: found for on in AlarmOn if (found := tuple(alarm.number for alarm in spec.alarms if alarm.on is on))}


def _scaled(law: Law, mean_s: float) -> Law:
    """Return a law with the unit's mean, where it has none of its own."""
    return law if law.kind in OWN_MEAN else replace(law, mean_s=mean_s)


def _acting(spec: UnitSpec) -> list[int]:
    """Return how long each state lasts by itself, ns, by PackML number."""
    lasts = [0] * len(State)
    for name, seconds in spec.acting_s.items():
        lasts[state_of(name)] = round(seconds * SECOND_NS)
    return lasts


def _watts(spec: UnitSpec) -> list[int]:
    """Return the power in each state, W, by PackML number."""
    running, waiting, stopped = (round(kw * 1000) for kw in (spec.running_kw, spec.waiting_kw, spec.stopped_kw))
    return [running if s in _WORKING else stopped if s in _STANDING else waiting for s in State]


def _gain(sample_s: float, settle_s: float) -> float:
    """Return the share of a step that a measurement follows between two samples."""
    return 1.0 if settle_s <= 0 else 1.0 - float(exp(np.array([-sample_s / settle_s]))[0])
