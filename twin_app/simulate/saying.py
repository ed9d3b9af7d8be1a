"""What a unit knows of itself from what it was told to tell, by the twin's names of signals. Not for how it is written: see `speech`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from twin_app.model import signal as names
from twin_app.model.packml import Mode, State
from twin_app.simulate.counting import COUNT, COUNTERS
from twin_app.simulate.events import Cause, Kind

if TYPE_CHECKING:
    from twin_app.simulate.spec import Alarm
    from twin_app.simulate.state import Machine
    from twin_app.simulate.telling import Report
    from twin_app.simulate.wiring import Wiring

Value: TypeAlias = str | int | float | bool
Said: TypeAlias = tuple[tuple[str, Value], ...]
"""Names of signals with their values, in the order in which they are said."""

FALSE_ALARM = "Bus node {node} does not answer"
"""What an alarm says that nothing has caused, where the machine has none for it."""
NO_REASON = "None"
CHANGEOVER = "Changeover"
"""The user's own mode in which units are set up for another product."""
_REASONS = {
    Cause.STARVED: "Starved", Cause.BLOCKED: "Blocked", Cause.FAILURE: "Failure", Cause.MICRO_STOP: "Short stop",
    Cause.CHANGEOVER: CHANGEOVER, Cause.CALENDAR: "Break", Cause.NO_ORDER: "No order", Cause.CHARGING: "Charging",
}  # fmt: skip
_WORKING = frozenset({State.EXECUTE, State.STARTING, State.RESETTING, State.UNHOLDING, State.UNSUSPENDING})
_MEASURED = {Kind.POWER: "Power", Kind.ENERGY: "Energy", Kind.SPEED: names.SPEED, Kind.STOCK: "Stock", Kind.BATTERY: "Battery"}
_OF_ALARM = {"ID": int, "Message": str, "Category": int}
_NOTHING: Said = ()
WAITS_FOR_NOBODY: Said = (("Starved", False), ("Blocked", False))
"""What a unit says of its neighbours when it is switched on."""


def said(report: Report, wiring: Wiring) -> Said:
    """Return what a report says of its unit's signals, nothing where it says nothing about any.

    A machine knows that it stands by a fault, not that a trainer has made it: every malfunction is the same reason.
    """
    kind, value = report.kind, report.value
    if kind == COUNT:
        return ((COUNTERS[report.cause], int(value)),)
    if kind in _MEASURED:
        return ((_MEASURED[kind], value),)
    if kind == Kind.SAMPLE:
        return ((wiring.machines[report.unit].spec.sensors[report.cause].name, value),)
    if kind == Kind.ALARM:
        return _of_alarm(wiring.machines[report.unit].spec.alarms, int(value))
    if kind == Kind.INTERLOCK:
        return (("Starved", value == 1), ("Blocked", value == 2))  # noqa: PLR2004 - as `Kind.INTERLOCK` has them
    return _of_condition(report, wiring)


def vocabulary(machine: Machine, fault_word: str = "") -> dict[str, type]:
    """Return the name of every signal that a unit may speak of, with what its values are, in the order of births."""
    spec = machine.spec
    found: dict[str, type] = {
        names.STATE: str, names.STATE_NUMBER: int, "StopReason": str, names.MODE: str, names.MODE_NUMBER: int, "Starved": bool,
        "Blocked": bool, names.PRODUCT: str, names.ORDER: str, names.ORDER_QUANTITY: float, "WaitsForCrew": bool,
        "MachDesignSpeed": float, "MachSpeed": float, names.SPEED: float, "Power": float, "Energy": float,
        **dict.fromkeys(COUNTERS, int), **{sensor.name: float for sensor in spec.sensors},
    }  # fmt: skip
    if spec.stock:
        found["Stock"] = int
    if spec.vehicle:
        found["Battery"] = float
    if fault_word:
        found[fault_word] = int
        del found["StopReason"]
    else:
        for alarm in spec.alarms:
            found |= {names.alarm(alarm.number): bool, **{f"{names.alarm(alarm.number)}.{part}": kind for part, kind in _OF_ALARM.items()}}
    return found


def _of_condition(report: Report, wiring: Wiring) -> Said:
    """Return what a report says of state, mode, product or crew."""
    kind, value = report.kind, int(report.value)
    if kind == Kind.STATE:
        return ((names.STATE, State(value).title), (names.STATE_NUMBER, value), ("StopReason", _reason(State(value), report.cause)))
    if kind == Kind.MODE:
        word = CHANGEOVER if value >= Mode.USER_DEFINED else Mode(value).name.capitalize()
        return ((names.MODE, word), (names.MODE_NUMBER, value))
    if kind == Kind.PRODUCT:
        return ((names.PRODUCT, wiring.products[value]),)
    if kind == Kind.ORDER:
        return ((names.ORDER, wiring.order_called(value) or names.NO_ORDER), (names.ORDER_QUANTITY, wiring.order_size(value)))
    if kind == Kind.CREW:
        return (("WaitsForCrew", bool(value)),)
    return _NOTHING


def _of_alarm(alarms: tuple[Alarm, ...], number: int) -> Said:
    """Return what a machine says of an alarm that comes or, below zero, goes: once it has gone, no more than that."""
    name = names.alarm(abs(number))
    if number < 0:
        return ((name, False),)
    known = next((alarm for alarm in alarms if alarm.number == number), None)
    text, category = (known.text, known.category) if known else (FALSE_ALARM.format(node=number), 3)
    return ((f"{name}.ID", number), (f"{name}.Message", text), (f"{name}.Category", category), (name, True))


def _reason(state: State, cause: int) -> str:
    """Return why a unit stands, as it would say itself."""
    if state in _WORKING:
        return NO_REASON
    return "Malfunction" if cause >= Cause.FAULT else _REASONS.get(cause, NO_REASON)
