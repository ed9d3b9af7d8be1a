"""A simulated line, the twin that reads what it says, and the truth worked out from events alone. Not through any of the twin's rooms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.session.plant import Rooms
from twin_app.model.packml import State
from twin_app.simulate import Kind, Simulation
from twin_app.simulate.emit import Emitter

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.session import Session
    from twin_app.simulate import Event, Scenario
    from twin_app.simulate.speech import Sent

SECOND = 1_000_000_000
START = 1_795_435_200 * SECOND  # 2026-11-23T12:00:00Z, a Monday


@dataclass
class Known:
    """The truth of one unit: seconds in each state, and what it made."""

    state_s: dict[str, float] = field(default_factory=dict)
    made: int = 0
    bad: int = 0


def said(
    line: Line, scenario: Scenario, seconds: int, *, seed: int = 1, beat_s: float = 1.0, step_s: int = 7
) -> tuple[list[Sent], list[Event]]:
    """Return every message of a run, and every event; the run is taken in steps, which must not matter."""
    simulation = Simulation(line, scenario, seed=seed, start_ns=START)
    emitter = Emitter(simulation, beat_ns=round(beat_s * SECOND))
    sent: list[Sent] = []
    events: list[Event] = []
    for until in [*range(step_s, seconds, step_s), seconds]:
        new = simulation.run_until(until * SECOND)
        events += new
        sent += emitter.word(new, until * SECOND)
    return sent, events


def heard(line: Line, sent: list[Sent]) -> Session:
    """Return a session over a twin that has read some messages with the same layout, folded to the end."""
    rooms = Rooms(line)
    intake = rooms.intake()
    for message in sent:
        intake.receive(message.topic, message.payload, received_ns=message.at_ns // 1_000_000 * 1_000_000)
    intake.finish()
    health = intake.health(address="", live=False, status="complete", since_ns=0)  # type: ignore[arg-type] # of no matter here
    assert (dict(health.refused), dict(health.unmapped), health.odd_times, dict(health.unknown_states)) == ({}, {}, 0, {})
    session = rooms.session()
    session.fold()
    return session


def truth(line: Line, events: list[Event], end_s: int) -> dict[str, Known]:
    """Return what each unit did up to `end_s`."""
    known = {unit.id: Known() for unit in line.units}
    current: dict[str, tuple[int, int]] = {}
    for t, u, kind, value, _ in events:
        if u < 0:
            continue
        unit = line.units[u].id
        if kind == Kind.STATE:
            _book(known[unit], current.get(unit), t)
            current[unit] = (t, int(value))
        known[unit].made += kind == Kind.PART
        known[unit].bad += kind in (Kind.SCRAP, Kind.REWORK)
    for unit, entered in current.items():
        _book(known[unit], entered, end_s * SECOND)
    return known


def _book(known: Known, entered: tuple[int, int] | None, until: int) -> None:
    if entered is not None and until > entered[0]:
        title = State(entered[1]).title
        known.state_s[title] = known.state_s.get(title, 0.0) + (until - entered[0]) / SECOND
