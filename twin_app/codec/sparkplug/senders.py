"""What is remembered of an edge node and its devices between messages: metrics, aliases, life. Not for what follows: see `host`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin_app.codec.sparkplug.order import Order
from twin_app.model.samples import NEVER

if TYPE_CHECKING:
    from twin_app.codec.feeds import Feed
    from twin_app.codec.sparkplug.address import Address
    from twin_app.codec.sparkplug.wire import Payload
    from twin_app.codec.voices import Stamp
    from twin_app.model.message import Message

MAX_POINTS = 50_000
"""Metrics remembered of one sender; values of further ones are counted as unmapped."""


@dataclass(slots=True)
class Item:
    """One message on its way through the order."""

    message: Message
    address: Address
    payload: Payload
    stamp: Stamp | None = None
    """Of the metrics that share one instant."""
    stamped_ms: int = 0
    """Whose own time that is."""
    taken: bool = False
    """Whether something of it became a sample."""
    ignored: bool = False
    waits: bool = False
    """Whether a value of it could not be told without a birth."""
    odd: bool = False
    """Whether one of its times was missing or unbelievable."""

    @property
    def number(self) -> int | None:
        """Return the sequence number, None where it has none."""
        return self.payload.seq % 256 if self.payload.HasField("seq") else None


@dataclass(slots=True)
class Point:
    """One metric: what it feeds, and how its values are read."""

    path: str
    """As layouts name it; listed where nothing maps it."""
    unit: str = ""
    feed: Feed | None = None
    ignored: bool = False
    datatype: int = 0
    newest_ns: int = NEVER
    """The latest effective time of a value that was current."""


@dataclass(slots=True)
class Device:
    """A sender: a device, or the edge node itself."""

    sender: str
    alive: bool | None = None
    """None: nobody said."""
    since_ns: int = NEVER
    """Effective time of its last birth: what it says afterwards never stands before it."""
    down_ns: int = NEVER
    """Effective time of its last death."""
    points: dict[str, Point] = field(default_factory=dict)
    aliases: dict[int, Point] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    """Units it speaks for, each with the signal that tells whether this way to it is up."""

    @property
    def units(self) -> set[str]:
        """Return the units that its metrics feed."""
        return {point.unit for point in self.points.values() if point.unit}


@dataclass(slots=True)
class Edge:
    """An edge node with its devices; the node itself is the device of no name."""

    order: Order[Item] = field(default_factory=Order)
    devices: dict[str, Device] = field(default_factory=dict)
    session: int | None = None
    """`bdSeq` of its last birth; None: any death counts."""
    newest_ns: int = NEVER
    """The latest effective time of anything it said."""
    wanted_ns: int | None = None
    """When, in receive time, a birth is to be asked for."""
    asked_ns: int | None = None

    def device(self, address: Address) -> Device:
        """Return the sender of a message, new where it was not met before."""
        device = self.devices.get(address.device)
        if device is None:
            device = self.devices[address.device] = Device(address.sender)
        return device
