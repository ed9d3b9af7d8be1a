"""How messages go out: at once, or late, twice and in another order where a malfunction of data says so. Not for what they say: see `speech`.

A unit words its messages in the order of what happens to it; what befalls them on the way changes neither their times nor their words.
"""

from __future__ import annotations

import base64
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from twin_app.simulate.laws import SECOND_NS
from twin_app.simulate.malfunctions import size_of
from twin_app.simulate.spec import FaultKind
from twin_app.simulate.speech import Sent
from twin_app.simulate.streams import SHARE, Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from twin_app.simulate.engine import Simulation

ECHO_NS = 50_000_000
"""A message that comes twice comes again after this long."""


class Post:
    """The way of all messages of one simulation. Times are ns of the run; `utc` turns them into UTC."""

    def __init__(self, simulation: Simulation, utc: Callable[[int], int]) -> None:
        """Have nothing on its way."""
        self._simulation, self._utc = simulation, utc
        self._share = [Stream(simulation.wiring.seed, unit, "telling", SHARE) for unit in simulation.wiring.units]
        self._on_its_way: list[tuple[int, int, str, bytes]] = []
        self._sequence = 0

    def send(self, messages: Iterable[Sent], t_ns: int, unit: int, wrong: Sequence[int]) -> list[Sent]:
        """Take messages that a unit sends at an instant, and return those that come then, what was on its way first.

        Args:
            messages: in their order.
            t_ns: when.
            unit: whose they are, by its number.
            wrong: numbers of the malfunctions of data that the unit has.
        """
        found = self.due(t_ns)
        if not wrong:
            return [*found, *messages]
        for message in messages:
            for at_ns in self._arrivals(t_ns, unit, wrong):
                self._sequence += 1
                heappush(self._on_its_way, (at_ns, self._sequence, message.topic, message.payload))
        return found + self.due(t_ns)

    def due(self, until_ns: int) -> list[Sent]:
        """Return the messages that come up to and including an instant, of those on their way."""
        found = []
        while self._on_its_way and self._on_its_way[0][0] <= until_ns:
            at_ns, _, topic, payload = heappop(self._on_its_way)
            found.append(Sent(self._utc(at_ns), topic, payload))
        return found

    def state(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        waiting = [(at, number, topic, base64.b64encode(payload).decode()) for at, number, topic, payload in self._on_its_way]
        return {"waiting": waiting, "sequence": self._sequence, "drawn": [stream.drawn for stream in self._share]}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a state of the same simulation."""
        self._on_its_way = [(at, number, topic, base64.b64decode(payload)) for at, number, topic, payload in state["waiting"]]
        self._sequence = state["sequence"]
        for stream, drawn in zip(self._share, state["drawn"], strict=True):
            stream.drawn = drawn

    def _arrivals(self, t_ns: int, unit: int, wrong: Sequence[int]) -> list[int]:
        """Return when a message comes: once, or once more."""
        faults = [self._simulation.faults[number] for number in wrong]
        late_s = sum(size_of(fault) for fault in faults if fault.kind is FaultKind.LATE)
        late_s += sum(size_of(fault) * self._share[unit].draw() for fault in faults if fault.kind is FaultKind.OUT_OF_ORDER)
        found = [t_ns + round(late_s * SECOND_NS)]
        echoes = [fault for fault in faults if fault.kind is FaultKind.DUPLICATE and self._share[unit].draw() < size_of(fault)]
        return found + [found[0] + ECHO_NS for _ in echoes]
