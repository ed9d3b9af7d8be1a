"""One source's Sparkplug edge nodes: births, deaths and data in their order, to samples. Listens only. Not for values: see `points`.

- A birth says that its sender is there and what its values are *now*: they stand at the birth, whatever their own times; current
  values after it never stand before it, though the sender's clock may lag behind ours.
- A death counts if its `bdSeq` is that of the last birth, from its receipt on: healthy nodes are silent while nothing changes, so
  that their last message dates nothing. A node's death takes all devices with it. Values keep standing, and are stale
  (`Connected/<unit>/<sender>` of the source).
- A message that came too early waits. If the one before it does not come, the gap is counted, and what was said before it is
  uncertain until it is said again.
- Who joins late hears data before births: names are taken as they are, aliases wait. After a death neither revives the sender:
  only a birth does, for a message overtaken by the death looks the same.
- Births are asked for where the layout allows it (`rebirth`); nothing else is ever published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.codec import times
from twin_app.codec.refusal import reason_of
from twin_app.codec.sparkplug import address as kinds
from twin_app.codec.sparkplug import wire
from twin_app.codec.sparkplug.address import Addresses
from twin_app.codec.sparkplug.notes import Note
from twin_app.codec.sparkplug.order import PATIENCE_NS
from twin_app.codec.sparkplug.points import Points, sent_ns
from twin_app.codec.sparkplug.rebirth import rebirth_order
from twin_app.codec.sparkplug.senders import Device, Edge, Item
from twin_app.codec.tally import count
from twin_app.codec.voices import NO_SOURCE_TIME, Stamp, put
from twin_app.errors import DecodeError
from twin_app.layout.sparkplug import DIALECT
from twin_app.model.samples import NEVER, Kind, Quality
from twin_app.model.signal import UNIT_LINK

if TYPE_CHECKING:
    from twin_app.codec.desk import Desk
    from twin_app.codec.sparkplug.address import Address
    from twin_app.codec.sparkplug.wire import Payload
    from twin_app.model.equipment import SourceSpec
    from twin_app.model.message import Message
    from twin_app.model.samples import SampleColumns

MAX_EDGES = 5_000
"""Edge nodes that are followed; messages of further ones are counted as unmapped."""
MAX_TOPICS = 50_000
MAX_LINKS = 5_000
ASK_AGAIN_NS = 60 * SECOND_NS
FOREVER_NS = 2**62


class Host:
    """The listener; owned by the source's thread."""

    def __init__(self, source: SourceSpec, desk: Desk) -> None:
        """Know the source's rules; `source.rebirth` allows asking for births."""
        self._desk = desk
        self._asks = source.rebirth
        self._addresses = Addresses(rule.topic for rule in source.rules if rule.dialect == DIALECT)
        self._by_topic: dict[str, Address | None] = {}
        self._edges: dict[str, Edge] = {}
        self._points = Points(desk)
        self._links = 0

    def take(self, message: Message, into: SampleColumns) -> bool:
        """Take a message and append its samples; return False where it is none of Sparkplug's.

        Raises:
            DecodeError: the payload, or some value of it, cannot be understood; all others are taken.
        """
        address = self._address(message.topic)
        if address is None:
            return False
        if not address.is_whole or address.kind not in kinds.BIRTHS | kinds.DEATHS | kinds.DATA:
            self._desk.tally.ignored += 1  # orders to the plant, and the words of other hosts
            return True
        edge = self._edge(address)
        if edge is None:
            count(self._desk.tally.unmapped, address.path)
            return True
        item = Item(message, address, wire.read(message.payload))
        refusal = self._recall(edge, item, into) if message.retain else self._hear(edge, item, into)
        if refusal is not None:
            raise refusal
        return True

    def settle(self, now_ns: int, into: SampleColumns) -> None:
        """End waits that are over at `now_ns` of receive time: for messages that did not come, and for births."""
        for edge in self._edges.values():
            self._give_up(edge, now_ns, into)
            if edge.wanted_ns is not None and now_ns > edge.wanted_ns:
                self._ask(edge, now_ns)
            for due_ns in (edge.order.due_ns, edge.wanted_ns):
                if due_ns is not None:
                    self._desk.wait_until(due_ns)

    def resume(self, into: SampleColumns) -> None:
        """Expect any number and any death: births may have gone by while the source was away."""
        for edge in self._edges.values():
            self._give_up(edge, FOREVER_NS, into)
            edge.order.restart(None)
            edge.session = None

    def unit_of(self, topic: str) -> str | None:
        """Return the unit that a sender's topic speaks of, None where nobody knows or it speaks of several."""
        address = self._addresses.of(topic)
        if address is None:
            return None
        route = self._desk.route(f"{address.path}/*")
        if route is not None and route.unit:
            return route.unit
        edge = self._edges.get(address.node)
        device = edge.devices.get(address.device) if edge else None
        units = list(device.links) if device else []
        return units[0] if len(units) == 1 else None

    # -- the ways of a message ----------------------------------------------------------------------------------

    def _hear(self, edge: Edge, item: Item, into: SampleColumns) -> DecodeError | None:
        """Take a live message in its order; return the refusal of this very one."""
        kind, number = item.address.kind, item.number
        if kind == "NDEATH":
            return self._node_died(edge, item, into)
        if kind == "NBIRTH":
            return self._node_born(edge, item, into)
        if number is None:
            count(self._desk.tally.notes, Note.UNNUMBERED)
            return self._act(edge, item, into)
        late = edge.order.late
        ready = edge.order.offer(number, item, item.message.received_ns)
        if edge.order.late > late:
            count(self._desk.tally.notes, Note.LATE)
        due_ns = edge.order.due_ns
        if due_ns == 0:
            self._give_up(edge, item.message.received_ns, into)
        elif due_ns is not None:
            self._desk.wait_until(due_ns)
        return self._act_all(edge, ready, into, present=item)

    def _act_all(self, edge: Edge, items: list[Item], into: SampleColumns, *, present: Item | None = None) -> DecodeError | None:
        """Let messages act; return the refusal of the present one, and count those of others, which were kept raw before."""
        found = None
        for item in items:
            refusal = self._act(edge, item, into)
            if item is present:
                found = refusal
            elif refusal is not None:
                self._desk.tally.refuse(reason_of(refusal))
        return found

    def _act(self, edge: Edge, item: Item, into: SampleColumns) -> DecodeError | None:
        """Let one message act whose turn it is."""
        device = edge.device(item.address)
        if item.address.kind == "DBIRTH":
            return self._born(edge, device, item, into)
        if item.address.kind == "DDEATH":
            self._died(device, item, max(self._own_ns(item), device.since_ns), into)
            return self._done(item)
        return self._said(edge, device, item, into)

    def _node_born(self, edge: Edge, item: Item, into: SampleColumns) -> DecodeError | None:
        """Take a node's birth: a new session, in which its devices are still to come, or the same one told again."""
        self._give_up(edge, FOREVER_NS, into)
        session = _session(item.payload)
        node = edge.device(item.address)
        if not (node.alive and session == edge.session):
            at_ns = max(self._own_ns(item), node.since_ns, node.down_ns)
            for device in edge.devices.values():
                self._died(device, item, max(at_ns, device.since_ns), into)
        edge.session = session
        edge.wanted_ns = edge.asked_ns = None
        edge.order.restart(item.number)
        return self._born(edge, node, item, into)

    def _node_died(self, edge: Edge, item: Item, into: SampleColumns) -> DecodeError | None:
        """Take a node's death, if it is that of its last session."""
        session = _session(item.payload)
        if None not in {edge.session, session} and session != edge.session:
            count(self._desk.tally.notes, Note.OLD_DEATH)
            item.ignored = True
            return self._done(item)
        self._give_up(edge, FOREVER_NS, into)
        edge.device(item.address)
        for device in edge.devices.values():
            self._died(device, item, max(item.message.received_ns, device.since_ns), into)
        edge.order.restart(None)
        edge.wanted_ns = None
        return self._done(item)

    def _born(self, edge: Edge, device: Device, item: Item, into: SampleColumns) -> DecodeError | None:
        """Take a birth: what the sender is from now on, and its values."""
        device.aliases.clear()
        device.since_ns = max(self._own_ns(item), device.down_ns)
        device.alive = True
        self._declare(device, item)
        for unit in device.units:
            self._link(device, unit, item, device.since_ns, into)
        return self._done(item, self._points.write(edge, device, item, into))

    def _declare(self, device: Device, item: Item) -> None:
        """Remember what a birth declares, before any value counts: its way must be up by then."""
        for metric in item.payload.metrics:
            if wire.name_of(metric):
                self._points.declare(device, item.address, metric)

    def _said(self, edge: Edge, device: Device, item: Item, into: SampleColumns) -> DecodeError | None:
        """Take data."""
        if not device.alive:
            count(self._desk.tally.notes, Note.UNBORN)
            self._want(edge, item.message.received_ns)
        points = len(device.points)
        refusal = self._points.write(edge, device, item, into)
        if item.waits:
            self._want(edge, item.message.received_ns)
        if device.alive and len(device.points) > points:
            for unit in device.units - device.links.keys():
                self._link(device, unit, item, device.since_ns, into)
        return self._done(item, refusal)

    def _recall(self, edge: Edge, item: Item, into: SampleColumns) -> DecodeError | None:
        """Take a retained message: of unknown age, it tells values, and names where no birth did, but nothing of life or order."""
        if item.address.kind in kinds.DEATHS:
            item.ignored = True
            return self._done(item)
        device = edge.device(item.address)
        if item.address.kind in kinds.BIRTHS and device.alive is None:
            self._declare(device, item)
        return self._done(item, self._points.write(edge, device, item, into))

    # -- life ---------------------------------------------------------------------------------------------------

    def _died(self, device: Device, item: Item, at_ns: int, into: SampleColumns) -> None:
        """Note that a sender is gone since `at_ns` (UTC ns), and so the way to every unit it spoke for."""
        if device.alive is False:
            return
        device.alive, device.down_ns = False, at_ns
        for unit in device.units | device.links.keys():
            self._link(device, unit, item, at_ns, into, up=False)

    def _link(
        self, device: Device, unit: str, item: Item, at_ns: int, into: SampleColumns, *, up: bool = True, quality: Quality = Quality.GOOD
    ) -> None:
        """Say whether the way to a unit is up."""
        signal = device.links.get(unit)
        if signal is None:
            if self._links >= MAX_LINKS:
                count(self._desk.tally.unmapped, f"{UNIT_LINK}{unit}/{device.sender}")
                return
            self._links += 1
            signal = device.links[unit] = self._desk.link(f"{UNIT_LINK}{unit}/{device.sender}")
        stamp = Stamp(at_ns, item.message.received_ns, NO_SOURCE_TIME, quality, item.message.seq)
        put(into, signal, stamp, float(up), Kind.BOOL)
        item.taken = True

    def _give_up(self, edge: Edge, now_ns: int, into: SampleColumns) -> None:
        """Go on without the messages that did not come in time: what was said before them may no longer hold."""
        while (gap := edge.order.give_up(now_ns)) is not None:
            self._desk.tally.notes[Note.MISSED] = self._desk.tally.notes.get(Note.MISSED, 0) + gap.missed
            first = gap.items[0]
            at_ns = first.message.received_ns if edge.newest_ns == NEVER else edge.newest_ns + 1
            for device in edge.devices.values():
                for unit in device.links if device.alive is not False else ():
                    self._link(device, unit, first, max(at_ns, device.since_ns), into, quality=Quality.UNCERTAIN)
            if gap.over_zero:
                edge.session = None  # a birth may be among them, and with it the number that its death will bear
            self._want(edge, first.message.received_ns)
            self._act_all(edge, gap.items, into)

    # -- asking -------------------------------------------------------------------------------------------------

    def _want(self, edge: Edge, received_ns: int) -> None:
        """Let a birth be asked for, unless it comes in time by itself."""
        if self._asks and edge.wanted_ns is None and (edge.asked_ns is None or received_ns > edge.asked_ns + ASK_AGAIN_NS):
            edge.wanted_ns = received_ns + PATIENCE_NS
            self._desk.wait_until(edge.wanted_ns)

    def _ask(self, edge: Edge, now_ns: int) -> None:
        """Ask for a birth."""
        edge.wanted_ns = None
        node = next((name for name, known in self._edges.items() if known is edge), "")
        root, _, name = node.rpartition("/")
        if self._desk.ask(f"{root}/NCMD/{name}", rebirth_order(now_ns)):
            edge.asked_ns = now_ns
            count(self._desk.tally.notes, Note.ASKED)

    # -- who and when -------------------------------------------------------------------------------------------

    def _done(self, item: Item, refusal: DecodeError | None = None) -> DecodeError | None:
        """Count a message that had its turn."""
        self._desk.tally.mapped += item.taken
        self._desk.tally.ignored += item.ignored and not item.taken
        return refusal

    def _own_ns(self, item: Item) -> int:
        """Return when a message was sent, by its own word if that is believable, UTC ns."""
        source_ns = sent_ns(item.payload.timestamp)
        received_ns = item.message.received_ns
        return source_ns if source_ns is not None and times.believable(source_ns, received_ns) else received_ns

    def _address(self, topic: str) -> Address | None:
        """Return whose topic it is, from memory where it was met before."""
        try:
            return self._by_topic[topic]
        except KeyError:
            if len(self._by_topic) >= MAX_TOPICS:
                self._by_topic.clear()
            address = self._by_topic[topic] = self._addresses.of(topic)
            return address

    def _edge(self, address: Address) -> Edge | None:
        """Return an edge node, new where it was not met before; None where there are too many."""
        edge = self._edges.get(address.node)
        if edge is None and len(self._edges) < MAX_EDGES:
            edge = self._edges[address.node] = Edge()
        return edge


def _session(payload: Payload) -> int | None:
    """Return the number that ties a death to its birth, None where a payload has none."""
    found = (metric for metric in payload.metrics if wire.name_of(metric) == "bdSeq")
    metric = next(found, None)
    kind = metric.WhichOneof("value") if metric is not None else None
    return int(getattr(metric, kind)) if kind in {"int_value", "long_value"} else None
