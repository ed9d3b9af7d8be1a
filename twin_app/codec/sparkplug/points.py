"""Metrics to the signals they feed, and their values to samples. Not for who is alive and in what order: see `host`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin_app.codec import times
from twin_app.codec.feeds import EitherFeed, NameFeed, PlainFeed
from twin_app.codec.meanings import Role
from twin_app.codec.refusal import Reason, refuse
from twin_app.codec.sparkplug import datatypes, wire
from twin_app.codec.sparkplug.notes import Note
from twin_app.codec.sparkplug.senders import MAX_POINTS, Point
from twin_app.codec.tally import count
from twin_app.codec.values import MAX_TEXT_BYTES
from twin_app.codec.voices import NO_SOURCE_TIME, Stamp
from twin_app.errors import DecodeError
from twin_app.model.samples import NEVER, Quality

if TYPE_CHECKING:
    from typing import Any

    from twin_app.codec.desk import Desk
    from twin_app.codec.feeds import Feed
    from twin_app.codec.sparkplug.address import Address
    from twin_app.codec.sparkplug.datatypes import Held
    from twin_app.codec.sparkplug.senders import Device, Edge, Item
    from twin_app.codec.sparkplug.wire import Metric
    from twin_app.model.samples import SampleColumns

_QUALITIES = {192: Quality.GOOD, 0: Quality.BAD, 500: Quality.STALE}
"""The specification's property `Quality`; any other number is uncertain."""
_LATEST_MS = 2**62 // 1_000_000
_CONTROLS = ("Node Control/", "Device Control/")
_SESSION = "bdSeq"


class Points:
    """The metrics of one source's senders."""

    def __init__(self, desk: Desk) -> None:
        """Write with the decoder's tools."""
        self._desk = desk

    def declare(self, device: Device, address: Address, metric: Metric) -> Point:
        """Remember a metric that gave its name: what a birth declares, or a stranger."""
        name = wire.name_of(metric)
        path = f"{address.path}/{name}"
        known = device.points.get(name)
        if known is not None and known.path == path:
            point = known
        else:
            point = device.points[name] = self._new(path, name, metric)
        point.datatype = metric.datatype or point.datatype
        if metric.HasField("alias"):
            device.aliases[metric.alias] = point
        return point

    def write(self, edge: Edge, device: Device, item: Item, into: SampleColumns) -> DecodeError | None:
        """Write every metric of a message; return the first refusal after all others are taken."""
        refusal: DecodeError | None = None
        for metric in item.payload.metrics:
            name = metric.name
            try:
                point = device.points.get(name) if name else self._by_alias(device, metric)  # type: ignore[arg-type] # bytes are no key
                if point is None:
                    point = self._stranger(device, item, metric)
                if point is not None:
                    self._take(edge, device, item, point, metric, into)
            except DecodeError as error:
                refusal = refusal or error
        self._desk.tally.odd_times += item.odd
        return refusal

    @staticmethod
    def _by_alias(device: Device, metric: Metric) -> Point | None:
        """Return the point of an alias; 0 is one, but not where none was sent."""
        return device.aliases.get(metric.alias) if metric.alias or metric.HasField("alias") else None

    def _new(self, path: str, name: str, metric: Metric) -> Point:
        """Return a metric's point: its feed by the layout's rules, else by PackML's names, else under its own name."""
        point = Point(path)
        route = self._desk.route(path)
        if route is None:
            point.ignored = name == _SESSION or name.startswith(_CONTROLS)
            return point
        meaning = None if route.rule.ignore else route.meaning(route.tag)
        if meaning is None or meaning.role is Role.IGNORED:
            point.ignored = True
            return point
        if not meaning.unit_of_measure:
            meaning = replace(meaning, unit_of_measure=_unit_of_measure(metric))
        point.feed = self._desk.feed(route, meaning, "" if datatypes.holds_text(_kind(metric)) else 0.0)
        point.unit = route.unit if point.feed is not None else ""
        return point

    def _stranger(self, device: Device, item: Item, metric: Metric) -> Point | None:
        """Return the point of a metric that was not met before, None where it cannot be known yet: that is counted."""
        name = metric.name
        if isinstance(name, bytes):
            raise refuse(Reason.NOT_UTF8, name)
        if not name and not metric.HasField("alias"):
            raise refuse(Reason.NO_NAME, "")
        if not name:
            item.waits = True
            count(self._desk.tally.notes, Note.WAITING)
            count(self._desk.tally.unmapped, f"{item.address.path} · {metric.alias}")
            return None
        if len(device.points) >= MAX_POINTS:
            count(self._desk.tally.unmapped, item.address.path)
            return None
        count(self._desk.tally.notes, Note.UNDECLARED)
        return self.declare(device, item.address, metric)

    def _take(self, edge: Edge, device: Device, item: Item, point: Point, metric: Metric, into: SampleColumns) -> None:
        """Write one value."""
        if point.feed is None:
            self._leave(item, point)
            return
        value = datatypes.held(metric, metric.datatype or point.datatype)
        if metric.is_historical or metric.HasField("properties"):
            stamp = self._stamp(device, item, point, metric)
        else:  # nearly all metrics of a message share one instant
            if item.stamp is None or metric.timestamp != item.stamped_ms:
                item.stamp, item.stamped_ms = self._stamp(device, item, point, metric), metric.timestamp
            stamp = item.stamp
        _feed(point.feed, value, stamp, into)
        item.taken = True
        if not (metric.is_historical or item.message.retain):
            point.newest_ns = max(point.newest_ns, stamp.effective_ns)
            edge.newest_ns = max(edge.newest_ns, stamp.effective_ns)

    def _leave(self, item: Item, point: Point) -> None:
        """Count a value that feeds nothing, on purpose or because nothing maps it."""
        if point.ignored:
            item.ignored = True
        else:
            count(self._desk.tally.unmapped, point.path)

    def _stamp(self, device: Device, item: Item, point: Point, metric: Metric) -> Stamp:
        """Return when a value applies: at its own time, but nothing that is current before its sender's birth."""
        message = item.message
        source_ns = sent_ns(metric.timestamp) or sent_ns(item.payload.timestamp)
        believed = source_ns is not None and times.believable(source_ns, message.received_ns)
        quality = Quality.RETAINED if message.retain else _quality(metric)
        if metric.is_historical:
            effective_ns, quality = _historical(source_ns, message.received_ns, point.newest_ns, quality)
        else:
            item.odd |= not believed
            own_ns = source_ns if believed and source_ns is not None and not message.retain else message.received_ns
            effective_ns = max(own_ns, device.since_ns)
        return Stamp(effective_ns, message.received_ns, NO_SOURCE_TIME if source_ns is None else source_ns, quality, message.seq)


def sent_ns(sent_ms: int) -> int | None:
    """Return UTC ns of a time in ms, None where there is none, or none that a column holds."""
    return sent_ms * 1_000_000 if 0 < sent_ms < _LATEST_MS else None


def _historical(source_ns: int | None, received_ns: int, newest_ns: int, quality: Quality) -> tuple[int, Quality]:
    """Return where a historical value belongs and its quality: at its own time, however old, and never where it would be current.

    Without a current value before it, or at or after that one, it is uncertain: it opens no state and counts nothing.
    """
    if source_ns is None or source_ns > received_ns + times.AHEAD_NS:
        raise refuse(Reason.NO_TIME, "is_historical")
    if source_ns < newest_ns:
        return source_ns, quality
    return (source_ns if newest_ns == NEVER else newest_ns - 1), Quality.UNCERTAIN


def _feed(feed: Feed, value: Held, stamp: Stamp, into: SampleColumns) -> None:
    """Write a value; a state's empty name is none."""
    if value is None or (value == "" and isinstance(feed, NameFeed | EitherFeed)):
        feed.nothing(stamp, into)
    elif isinstance(value, bytes):
        _take_bytes(feed, value, stamp, into)
    else:
        feed.take(value, stamp, into)


def _take_bytes(feed: Feed, value: bytes, stamp: Stamp, into: SampleColumns) -> None:
    """Write bytes where they are neither a state nor too many."""
    if not isinstance(feed, PlainFeed):
        raise refuse(Reason.NOT_A_STATE, value)
    if len(value) > MAX_TEXT_BYTES:
        raise refuse(Reason.TEXT_TOO_LONG, value)
    feed.blob(value, stamp, into)


def _kind(metric: Metric) -> int:
    """Return a metric's datatype; where none was sent, that of the value's form."""
    return metric.datatype or (datatypes.STRING if metric.WhichOneof("value") == "string_value" else 0)


def _quality(metric: Metric) -> Quality:
    """Return the quality that the publisher gave."""
    if not metric.HasField("properties"):
        return Quality.GOOD
    found = _property(metric, "Quality")
    return Quality.GOOD if found is None else _QUALITIES.get(found, Quality.UNCERTAIN) if isinstance(found, int) else Quality.UNCERTAIN


def _unit_of_measure(metric: Metric) -> str:
    """Return the unit of measure that a birth gives, empty where it gives none."""
    found = _property(metric, "engUnit") if metric.HasField("properties") else None
    return found[:40] if isinstance(found, str) else ""


def _property(metric: Metric, name: str) -> object:
    """Return a property's value, None where there is none."""
    properties: Any = metric.properties
    for key, value in zip(properties.keys, properties.values, strict=False):
        kind = value.WhichOneof("value")
        if key == name and kind is not None:
            return getattr(value, kind)
    return None
