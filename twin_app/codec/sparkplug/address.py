"""Sparkplug topics: who speaks, and the path under which layouts map a metric. Not for what is said.

A layout's rule describes paths of metrics: `spBv1.0/<group>/+/<edge node>/<device>/<metric's name>`, the device left out where
the edge node itself speaks. Whatever levels stand before `spBv1.0` belong to a bridge and are kept. In place of the message's
kind a path has `DDATA` for what devices say and `NDATA` for what the node says, births included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.codec.topics import TopicPattern
from twin_app.layout.sparkplug import head

if TYPE_CHECKING:
    from collections.abc import Iterable

BIRTHS, DEATHS, DATA = frozenset({"NBIRTH", "DBIRTH"}), frozenset({"NDEATH", "DDEATH"}), frozenset({"NDATA", "DDATA"})
COMMANDS = frozenset({"NCMD", "DCMD"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message comes from."""

    root: str
    """The levels up to and with the group."""
    kind: str
    """`NBIRTH`, `DDATA` and so on; whatever else stands there."""
    edge: str
    device: str
    """Empty: the edge node itself."""

    @property
    def node(self) -> str:
        """Return what tells edge nodes of one source apart."""
        return f"{self.root}/{self.edge}"

    @property
    def sender(self) -> str:
        """Return group, edge node and device, as people read them."""
        group = self.root.rpartition("/")[2]
        return f"{group}/{self.edge}/{self.device}" if self.device else f"{group}/{self.edge}"

    @property
    def path(self) -> str:
        """Return the path of the sender's metrics, without the metric."""
        sender = f"{self.edge}/{self.device}" if self.device else self.edge
        return f"{self.root}/{'DDATA' if self.device else 'NDATA'}/{sender}"

    @property
    def order(self) -> str:
        """Return the topic on which the edge node takes orders."""
        return f"{self.root}/NCMD/{self.edge}"

    @property
    def is_whole(self) -> bool:
        """Say whether the kind fits who speaks: a device's kinds begin with D, the node's with N."""
        return bool(self.edge) and self.kind.startswith("D" if self.device else "N")


class Addresses:
    """Which topics are Sparkplug's, by the rules of one source."""

    def __init__(self, topics: Iterable[str]) -> None:
        """Compile the topics of the source's Sparkplug rules."""
        heads = {head(topic) for topic in topics}
        self._heads = [(TopicPattern(f"{found.filter}/#"), found.depth) for found in heads if found is not None]

    def of(self, topic: str) -> Address | None:
        """Return whose topic it is, None where it is not Sparkplug's by any rule."""
        for pattern, depth in self._heads:
            if pattern.match(topic) is not None:
                levels = topic.split("/")
                return Address("/".join(levels[: depth - 2]), levels[depth - 2], levels[depth - 1], "/".join(levels[depth:]))
        return None
