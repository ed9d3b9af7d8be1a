"""The alarms that machines raise, by what happens to them. Not for alarms that nothing has caused: see `telling`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.simulate.events import Kind
from twin_app.simulate.parts import note

if TYPE_CHECKING:
    from twin_app.simulate.spec import AlarmOn
    from twin_app.simulate.state import Machine, Run

FAILED, STRUCK, LACKING = range(3)
"""What an alarm of `Machine.raised` stands for: a stop of the machine's own, a malfunction, no material or no room."""


def come(run: Run, m: Machine, slot: int, on: AlarmOn, cause: int) -> None:
    """Raise an alarm, where the machine has one for it and none stands there already; of several any."""
    numbers = m.alarms.get(on)
    if not numbers or m.raised[slot]:
        return
    number = numbers[int(m.choice.draw() * len(numbers))] if len(numbers) > 1 else numbers[0]
    m.raised[slot] = number
    note(run, m, Kind.ALARM, number, cause)


def go(run: Run, m: Machine, slot: int, cause: int) -> None:
    """Let an alarm go, where one stands."""
    if m.raised[slot]:
        note(run, m, Kind.ALARM, -m.raised[slot], cause)
        m.raised[slot] = 0
