"""A simulated line on the wire: its events as the messages that real machines would send, in the layout's own topics and dialects.

The same events give the same bytes. Not for when they are published, nor where to: see `service.simulating` and `sources.simulated`.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from twin_app.layout.sparkplug import DIALECT as SPARKPLUG
from twin_app.simulate.addressing import mouths
from twin_app.simulate.counting import LINK, Counting
from twin_app.simulate.edge import EdgeNode, EdgeSpeaker
from twin_app.simulate.events import Cause, Kind
from twin_app.simulate.fleet import VehicleSpeaker
from twin_app.simulate.laws import SECOND_NS
from twin_app.simulate.post import Post
from twin_app.simulate.saying import WAITS_FOR_NOBODY
from twin_app.simulate.speech import ObjectSpeaker, Sent, Speaker, TagSpeaker, Words
from twin_app.simulate.telling import LASTING, Teller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from twin_app.simulate.addressing import Mouth
    from twin_app.simulate.engine import Simulation
    from twin_app.simulate.events import Event
    from twin_app.simulate.saying import Said
    from twin_app.simulate.state import Machine
    from twin_app.simulate.telling import Report
    from twin_app.simulate.wiring import Wiring

BEAT_NS = SECOND_NS
_Link: TypeAlias = tuple[int, int, bool]
"""(t_ns, unit, there): a unit's link breaks, as the broker notices it, or is up again."""
_LINKED = (VehicleSpeaker, EdgeSpeaker)
"""Whom somebody misses who is cut off: a broker by a last will, an edge node its devices."""
_OBJECTS = frozenset({"json", "json_flat"})
_MINUTE_S = 60.0


class Emitter:
    """Words everything that happens in one simulation."""

    def __init__(self, simulation: Simulation, *, beat_ns: int = BEAT_NS, utc: Callable[[int], int] | None = None) -> None:
        """Read the layout's rules backwards.

        Args:
            simulation: whose events come; nothing of it may have been taken away yet.
            beat_ns: how often units speak unasked.
            utc: gives the UTC ns of a time of the run; without it the run's own clock counts.

        Raises:
            SourceError: a unit cannot speak in any dialect that the simulator knows.
        """
        self.mouths = mouths(simulation.line)
        wiring = simulation.wiring
        self._simulation = simulation
        self._utc = utc or (lambda t_ns: simulation.start_ns + t_ns)
        self._counting = Counting(simulation, beat_ns=beat_ns, good_only=lambda u: not self.mouths[u].source.processed_includes_defective)
        self._teller = Teller(simulation)
        self._post = Post(simulation, self._utc)
        nodes: dict[str, EdgeNode] = {}
        self._speakers: tuple[Speaker, ...] = tuple(_speaker(mouth, wiring, nodes) for mouth in self.mouths)
        self._wills: dict[int, int] = {}
        """When the broker will publish the last will of a vehicle that is cut off, ns of the run, by unit."""
        self._begun = False

    def word(self, events: Iterable[Event], until_ns: int) -> list[Sent]:
        """Return the messages sent up to and including `until_ns`, given all events up to then, in the order in which they are sent."""
        found = [] if self._begun else self._introductions()
        self._begun = True
        links: list[_Link] = []
        plain: list[Event] = []
        for event in self._counting.count(events, until_ns):
            if event[2] == LINK:
                self._turn(event, links)
            else:
                plain.append(event)
        self._leave_wills(until_ns, links)
        return found + self._worded(self._teller.tell(plain, until_ns), links) + self._post.due(until_ns)

    def state(self) -> dict[str, Any]:
        """Return what there is to be kept in a snapshot beside the simulation's own, as JSON has it."""
        return {
            "counting": self._counting.state(), "teller": self._teller.state(), "post": self._post.state(), "wills": list(self._wills.items()),
            "speakers": [speaker.state() for speaker in self._speakers],
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> list[Sent]:
        """Go back to a state of the same simulation, and return the messages by which every unit says how it is now."""
        self._counting.restore(state["counting"])
        self._counting.tell_all()
        alarms = self._teller.shown_alarms
        self._teller.restore(state["teller"])
        self._teller.shown_alarms = alarms  # what has been heard meanwhile is heard
        self._post.restore(state["post"])
        self._wills = dict(state["wills"])
        for speaker, own in zip(self._speakers, state["speakers"], strict=True):
            speaker.restore(own)
        now = self._simulation.now_ns
        lasting = [
            (now, u, kind, value, Cause.NONE)
            for u, values in enumerate(state["teller"]["lasting"])
            for kind, value in zip(LASTING, values, strict=True)
            if value >= 0
        ]
        lasting += [(now, u, Kind.ALARM, n, Cause.NONE) for u in range(len(alarms)) for n in self._teller.unsettled_alarms(u)]
        return self._worded(self._teller.tell(lasting, now), [])

    def _introductions(self) -> list[Sent]:
        """Return what units say once, when they are switched on."""
        at_ns, found = self._utc(0), []
        for machine, mouth, speaker in zip(self._simulation.wiring.machines, self.mouths, self._speakers, strict=True):
            if isinstance(speaker, VehicleSpeaker):
                found += speaker.link(at_ns, there=True)
                continue
            alarms = Words(mouth).no_alarms(alarm.number for alarm in machine.spec.alarms)
            found += speaker.introduce((*self._speeds(machine), *WAITS_FOR_NOBODY, *alarms), at_ns)
        return found

    def _speeds(self, machine: Machine) -> Said:
        """Return the speed that a unit is made for, and the one it is set to."""
        cycle_s = self._simulation.line.ideal_cycle_s(machine.id, self._simulation.wiring.products[0] or None)
        if not cycle_s:
            return ()
        design = round(_MINUTE_S / cycle_s, 2)
        return ("MachDesignSpeed", design), ("MachSpeed", round(design * machine.spec.pace, 2))

    def _turn(self, event: Event, links: list[_Link]) -> None:
        """Note that a unit is cut off or back, where there is somebody who says so."""
        t_ns, unit, _, there, _ = event
        speaker = self._speakers[unit]
        if not isinstance(speaker, _LINKED):
            return
        self._leave_wills(t_ns, links)
        if not there:
            self._wills[unit] = t_ns + speaker.gone_after_ns
        elif self._wills.pop(unit, None) is None:
            links.append((t_ns, unit, True))

    def _leave_wills(self, until_ns: int, links: list[_Link]) -> None:
        """Let the broker publish the wills that are due."""
        for at_ns, unit in sorted((at_ns, unit) for unit, at_ns in self._wills.items() if at_ns <= until_ns):
            links.append((at_ns, unit, False))
            del self._wills[unit]

    def _worded(self, reports: list[Report], links: list[_Link]) -> list[Sent]:
        """Return the messages of reports and links, by the time they are sent; what a unit tells at one instant goes together."""
        found: list[Sent] = []
        waiting = sorted(links)
        for (t_ns, unit, told_ns, wrong), together in groupby(reports, key=lambda r: (r.t_ns, r.unit, r.told_ns, r.wrong)):
            while waiting and waiting[0][0] <= t_ns:
                found += self._linked(waiting.pop(0))
            found += self._post.send(self._speakers[unit].hear(list(together), self._utc(t_ns), self._utc(told_ns)), t_ns, unit, wrong)
        for link in waiting:
            found += self._linked(link)
        return found

    def _linked(self, link: _Link) -> list[Sent]:
        """Return the messages by which a unit's link is known."""
        at_ns, unit, there = link
        found = self._post.due(at_ns)
        speaker = self._speakers[unit]
        assert isinstance(speaker, _LINKED)  # noqa: S101 - only they have links
        return found + speaker.link(self._utc(at_ns), there=there)


def _speaker(mouth: Mouth, wiring: Wiring, nodes: dict[str, EdgeNode]) -> Speaker:
    """Return who words the reports of a unit."""
    if mouth.rule.dialect == SPARKPLUG:
        return EdgeSpeaker(mouth, wiring, nodes)
    if mouth.rule.dialect == "vda5050":
        return VehicleSpeaker(mouth, wiring)
    return ObjectSpeaker(mouth, wiring) if mouth.rule.dialect in _OBJECTS else TagSpeaker(mouth, wiring)
