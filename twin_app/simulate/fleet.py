"""How a driverless vehicle speaks VDA 5050: where it is, what it does, its battery, its errors, and whether it is there. Not for how it drives.

The vehicle's PackML state is not part of VDA 5050; `codec.vda5050_words` tells what the twin makes of what is said here.
"""

from __future__ import annotations

from math import atan2
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from twin_app.model.packml import State
from twin_app.simulate.addressing import TAG
from twin_app.simulate.events import Cause, Kind
from twin_app.simulate.speech import Sent
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin_app.simulate.addressing import Mouth
    from twin_app.simulate.saying import Said
    from twin_app.simulate.telling import Report
    from twin_app.simulate.wiring import Wiring

WILL_AFTER_NS = 22_500_000_000
"""One and a half times a keepalive of 15 s: so long after a link broke the broker publishes the vehicle's last will."""
_STOPPED_BY_ERROR = frozenset({State.ABORTING, State.ABORTED, State.CLEARING})
_HELD = frozenset({State.HOLDING, State.HELD})
_FULL_PERCENT = 100.0
_SECOND_NS = 1_000_000_000
Place: TypeAlias = tuple[float, float]
_REMEMBERED = ("_state", "_why", "_from", "_to", "_end", "_gone_m", "_at_ns", "_heading", "_battery", "_laden")


class VehicleSpeaker:
    """One vehicle."""

    gone_after_ns = WILL_AFTER_NS

    def __init__(self, mouth: Mouth, wiring: Wiring) -> None:
        """Start where the layout puts it, waiting."""
        self._mouth, self._wiring = mouth, wiring
        machine = wiring.by_id[mouth.unit.id]
        vehicle = machine.spec.vehicle
        self._speed_m_s = vehicle.speed_m_s if vehicle else 0.0
        self._brings_to = frozenset(feed.to for feed in mouth.unit.feeds)
        self._state, self._why = int(State.IDLE), Cause.NONE
        self._from: Place = machine.at
        self._to: Place = machine.at
        self._end = mouth.unit.id
        self._gone_m = 0.0
        self._at_ns = 0
        self._heading = 0.0
        self._battery = _FULL_PERCENT
        self._laden = False
        self._headers = 0
        self._levels = mouth.topic.split("/")

    def hear(self, reports: list[Report], at_ns: int, told_ns: int) -> Iterator[Sent]:
        """Give the state message that a change or a beat calls for."""
        self._drive(reports[0].t_ns)
        for report in reports:
            self._take(report)
        yield self._sent("state", at_ns, self._state_message(), told_ns)

    def introduce(self, words: Said, at_ns: int) -> list[Sent]:  # noqa: ARG002 - vehicles have no speed of design
        """Say nothing."""
        return []

    def state(self) -> dict[str, Any]:
        """Return where it is and all that it says of itself."""
        return {name: getattr(self, name) for name in _REMEMBERED}

    def restore(self, state: dict[str, Any]) -> None:
        """Be there again; its messages are numbered on."""
        for name in _REMEMBERED:
            value = state[name]
            setattr(self, name, tuple(value) if isinstance(value, list) else value)

    def link(self, at_ns: int, *, there: bool) -> list[Sent]:
        """Return the vehicle's own word that it is there, or its last will, at an instant in UTC ns."""
        word = "ONLINE" if there else "CONNECTIONBROKEN"
        return [self._sent("connection", at_ns, {"connectionState": word}, at_ns)]

    def _take(self, report: Report) -> None:
        """Learn what one report says."""
        if report.kind == Kind.STATE:
            self._state, self._why = int(report.value), report.cause
        elif report.kind == Kind.BATTERY:
            self._battery = report.value
            self._laden = self._laden and report.cause != Cause.FLOW  # told at the end of each leg: what it carried is handed over
        elif report.kind == Kind.TRIP:
            self._depart(self._wiring.machines[report.cause].at, int(report.value))

    def _depart(self, start: Place, end: int) -> None:
        """Set out for a unit."""
        machine = self._wiring.machines[end]
        self._from, self._to, self._end = start, machine.at, machine.id
        self._gone_m = 0.0
        self._laden = machine.id in self._brings_to

    def _drive(self, told: int) -> None:
        """Move on up to now (ns of the run), where the vehicle moves at all."""
        span, self._at_ns = max(told - self._at_ns, 0), told
        if self._state == State.EXECUTE or self._why == Cause.CHARGING:
            self._gone_m = min(self._gone_m + span * self._speed_m_s / _SECOND_NS, self._length_m)

    @property
    def _length_m(self) -> float:
        """Return the length of the leg, along the aisles."""
        return abs(self._to[0] - self._from[0]) + abs(self._to[1] - self._from[1])

    def _place(self) -> Place:
        """Return where the vehicle is: lengthwise first, then across."""
        (x0, y0), (x1, y1) = self._from, self._to
        along = min(self._gone_m, abs(x1 - x0))
        across = self._gone_m - along
        dx, dy = (along if x1 >= x0 else -along), (across if y1 >= y0 else -across)
        if self._gone_m:
            self._heading = atan2(dy, 0.0) if across else atan2(0.0, dx)
        return round(x0 + dx, 3), round(y0 + dy, 3)

    def _state_message(self) -> dict[str, Any]:
        """Return what the vehicle says of itself."""
        stops, held = self._state in _STOPPED_BY_ERROR, self._state in _HELD and self._why != Cause.CHARGING
        moves = (self._state == State.EXECUTE or self._why == Cause.CHARGING) and self._gone_m < self._length_m
        acts = self._state == State.EXECUTE and not moves
        x, y = self._place()
        action = {"actionId": f"{self._end}", "actionType": "drop" if self._laden else "pick", "actionStatus": "RUNNING"}
        error = {"errorType": "drive", "errorLevel": "FATAL", "errorDescription": "The vehicle has stopped and needs a person."}
        return {
            "orderId": self._end if self._end != self._mouth.unit.id else "", "lastNodeId": "", "driving": moves, "paused": held,
            "actionStates": [action] if acts else [], "errors": [error] if stops else [], "operatingMode": "AUTOMATIC",
            "agvPosition": {"positionInitialized": True, "mapId": "hall", "x": x, "y": y, "theta": round(self._heading, 4)},
            "velocity": {"vx": self._speed_m_s if moves else 0.0, "vy": 0.0},
            "batteryState": {"batteryCharge": self._battery, "charging": self._why == Cause.CHARGING and not moves},
            "loads": [{"loadType": self._wiring.line.unit(self._mouth.unit.id).unit_of_count or "load"}] if self._laden else [],
            "safetyState": {"eStop": "NONE", "fieldViolation": False},
        }  # fmt: skip

    def _sent(self, topic: str, at_ns: int, document: dict[str, Any], told_ns: int) -> Sent:
        """Return a message with VDA 5050's header."""
        self._headers += 1
        head = {
            "headerId": self._headers, "timestamp": iso_utc(told_ns // 1000 * 1000), "version": "2.0.0",
            "manufacturer": self._levels[-3] if len(self._levels) > 2 else "", "serialNumber": self._mouth.name,  # noqa: PLR2004 - interface/major/manufacturer/serial/topic
        }  # fmt: skip
        return Sent(
            at_ns,
            "/".join([*self._levels[:-1], topic]) if self._levels[-1] == TAG else self._mouth.topic,
            msgspec.json.encode(head | document),
        )
