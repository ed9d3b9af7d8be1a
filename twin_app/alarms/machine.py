"""The state machine of one alarm: nine states, and what each event does in each. Pure; not for when events come: see `events`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from twin_app.model.alarm import AlarmState, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.model.alarm import Action

_A, _B, _C, _D, _E, _F, _G, _H, _I = AlarmState

OCCURS: Mapping[AlarmState, AlarmState] = {_A: _B, _D: _B, _E: _B, _F: _C}
RETURNS: Mapping[AlarmState, AlarmState] = {_B: _D, _C: _A}
RETURNS_LATCHING: Mapping[AlarmState, AlarmState] = {_B: _E, _C: _F}
ACKNOWLEDGE: Mapping[AlarmState, AlarmState] = {_B: _C, _D: _A, _E: _F}
RESET: Mapping[AlarmState, AlarmState] = {_F: _A}
_WHY_ACKNOWLEDGED = frozenset({Why.ACKNOWLEDGE, Why.ACKNOWLEDGED_AT_MACHINE})
_ENDS_SHELF = frozenset({Why.UNSHELVE, Why.SHELF_EXPIRES})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that may move an alarm. `action` is what a person did, None where the process or some logic did it."""

    at_ns: int
    why: Why
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """All that the past of an alarm means for its future."""

    state: AlarmState = _A
    active: bool = False
    """Whether its condition holds, whatever the state."""
    designed: bool = False
    """Whether logic suppresses it, whatever the state."""
    latched: bool = False
    """While hidden, of a latching one: it was in alarm since it was last reset."""
    until_ns: int = 0
    """While shelved: when that ends at the latest."""
    one_shot: bool = False
    """While shelved: it ends when the alarm clears."""


@dataclass(frozen=True, slots=True)
class Move:
    """One transition; before and after are equal where a hidden alarm's condition came or went: that is recorded, too."""

    event: Event
    before: AlarmState
    status: Status

    @property
    def activation(self) -> bool:
        """Tell whether it is an activation that somebody is shown."""
        return self.status.state is _B or (self.before is _F and self.status.state is _C)


def step(status: Status, event: Event, *, latching: bool) -> tuple[Move, ...]:
    """Return what an event moves: nothing where it means nothing in that state."""
    why = event.why
    if why in {Why.OCCURS, Why.RETURNS}:
        return _process(status, event, latching=latching)
    if why in {Why.SUPPRESS, Why.UNSUPPRESS}:
        return _design(status, event, latching=latching)
    if why in _WHY_ACKNOWLEDGED:
        return _along(status, event, ACKNOWLEDGE)
    if why is Why.RESET:
        return _along(status, event, RESET)
    return _hiding(status, event, latching=latching)


def _along(status: Status, event: Event, way: Mapping[AlarmState, AlarmState]) -> tuple[Move, ...]:
    """Go the way that leads on from a state, if one does."""
    after = way.get(status.state)
    return () if after is None else (Move(event, status.state, replace(status, state=after)),)


def _process(status: Status, event: Event, *, latching: bool) -> tuple[Move, ...]:
    """Follow the condition; hidden alarms are evaluated and recorded, too."""
    active = event.why is Why.OCCURS
    if active is status.active:
        return ()
    status = replace(status, active=active)
    if not status.state.hidden:
        return _along(status, event, OCCURS if active else RETURNS_LATCHING if latching else RETURNS)
    status = replace(status, latched=status.latched or latching)
    moves: tuple[Move, ...] = (Move(event, status.state, status),)
    if status.one_shot and not active and status.state is _G:
        moves += _leave(status, Event(event.at_ns, Why.SHELF_CLEARS, event.action), latching=latching)
    return moves


def _design(status: Status, event: Event, *, latching: bool) -> tuple[Move, ...]:
    """Follow the logic that suppresses by design; a person's hiding goes before it."""
    status = replace(status, designed=event.why is Why.SUPPRESS)
    if status.designed:
        return () if status.state.hidden else (_enter(status, event, _H, latching=latching),)
    return _leave(status, event, latching=latching) if status.state is _H else ()


def _hiding(status: Status, event: Event, *, latching: bool) -> tuple[Move, ...]:
    """Follow what hides an alarm, or ends that."""
    why, state = event.why, status.state
    if why is Why.SHELVE and not state.hidden and event.action is not None:
        shelf = replace(status, until_ns=event.action.until_ns, one_shot=event.action.one_shot)
        return (_enter(shelf, event, _G, latching=latching),)
    if why is Why.OUT_OF_SERVICE and state is not _I:
        return (_enter(replace(status, until_ns=0, one_shot=False), event, _I, latching=latching),)
    if (state is _G and why in _ENDS_SHELF) or (state is _I and why is Why.IN_SERVICE):
        return _leave(status, event, latching=latching)
    return ()


def _enter(status: Status, event: Event, state: AlarmState, *, latching: bool) -> Move:
    """Hide an alarm; what it latched is kept in mind."""
    latched = status.latched if status.state.hidden else latching and status.state is not _A
    return Move(event, status.state, replace(status, state=state, latched=latched))


def _leave(status: Status, event: Event, *, latching: bool) -> tuple[Move, ...]:
    """Hide an alarm no longer: it goes to what the process demands, or on to suppression where logic still demands that."""
    if status.designed:
        after = _H
    elif status.active:
        after = _B
    else:
        after = _E if latching and status.latched else _A
    still = status.latched and after is _H
    return (Move(event, status.state, replace(status, state=after, latched=still, until_ns=0, one_shot=False)),)
