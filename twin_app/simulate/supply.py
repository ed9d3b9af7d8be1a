"""What comes into the line and what is taken out of it: orders, raw material, deliveries, shipments. Not for buffers within the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.simulate import alarms
from twin_app.simulate.events import Cause, Kind
from twin_app.simulate.parts import be_born, leave, note
from twin_app.simulate.paths import Code, schedule_free
from twin_app.simulate.spec import AlarmOn
from twin_app.simulate.state import SPOILT, Halt, Phase

if TYPE_CHECKING:
    from twin_app.simulate.state import Machine, Part, Run


def supply(run: Run, m: Machine) -> bool:
    """Load a new part into a first unit; return whether there were an order and material."""
    if m.short or not m.stock:
        alarms.come(run, m, alarms.LACKING, AlarmOn.NO_MATERIAL, Cause.SUPPLY)
        return False
    if m.raised[alarms.LACKING]:
        alarms.go(run, m, alarms.LACKING, Cause.DELIVERY)
    orders = run.wiring.orders
    if orders:
        if not run.order_left and not _next_order(run):
            m.halt |= Halt.NO_ORDER
            return False
        run.order_left -= 1
    product = orders[(run.order - 1) % len(orders)][0] if orders else 0
    m.loaded.append(be_born(run, m, [0, product, 0, 0, run.order], Cause.FLOW))
    if m.stock > 0:
        _use(run, m)
    return True


def stand_about(run: Run, share: float) -> None:
    """Put parts into buffers, and into the hands of units that collect several, as the shift before has left them."""
    orders = run.wiring.orders
    if share and orders:
        _next_order(run)
    like = [0, orders[0][0] if orders else 0, 0, 0, run.order]
    for buffer in run.buffers:
        buffer.queue += [be_born(run, buffer.feeders[0], like, Cause.START) for _ in range(round(share * buffer.places))]
    for m in run.machines:
        need = m.need[like[1]]
        if m.inlets and need > 1:
            m.loaded += [be_born(run, m.inlets[0].feeders[0], like, Cause.START) for _ in range(round(share * (need - 1)))]


def _next_order(run: Run) -> bool:
    """Begin the next order; return whether there is one."""
    orders = run.wiring.orders
    if run.order == len(orders) and not run.wiring.repeat_orders:
        return False
    run.order_left = orders[run.order % len(orders)][1]
    run.order += 1
    return True


def _use(run: Run, m: Machine) -> None:
    """Take one out of the stock before a first unit, and order anew where little is left."""
    stock = m.spec.stock
    _set(run, m, m.stock - 1, Cause.FLOW)
    if stock and m.stock + m.coming <= stock.reorder_at:
        m.coming += stock.quantity
        schedule_free(run, m.lead.draw_ns(), Code.DELIVERY, m.u)


def delivered(run: Run, m: Machine) -> None:
    """Put a delivery into the stock before a first unit; what has no room goes back."""
    stock = m.spec.stock
    if stock:
        m.coming -= stock.quantity
        _set(run, m, min(m.stock + stock.quantity, stock.capacity), Cause.DELIVERY)
    if m.phase == Phase.STARVED:
        run.ready.append(m)


def take_away(run: Run, m: Machine, part: Part) -> bool:
    """Let a part leave the line behind a last unit; return whether there was room for it in the stock there, if there is one."""
    stock = m.spec.stock if m.inlets else None  # before a unit that is first as well as last there is material
    if stock:
        if m.stock >= stock.capacity:
            alarms.come(run, m, alarms.LACKING, AlarmOn.FULL, Cause.NO_ROOM)
            return False
        _set(run, m, m.stock + 1, Cause.FLOW)
    leave(run, m, part, Cause.ESCAPED if part[3] & SPOILT else Cause.FLOW)
    return True


def shipped(run: Run, m: Machine) -> None:
    """Take a shipment out of the stock behind a last unit, and plan the next one."""
    stock = m.spec.stock
    if stock:
        _set(run, m, max(m.stock - stock.quantity, 0), Cause.SHIPMENT)
        schedule_free(run, m.lead.draw_ns(), Code.SHIPMENT, m.u)
    alarms.go(run, m, alarms.LACKING, Cause.SHIPMENT)
    if m.phase == Phase.BLOCKED:
        run.ready.append(m)


def _set(run: Run, m: Machine, level: int, cause: int) -> None:
    m.stock = level
    note(run, m, Kind.STOCK, level, cause)
