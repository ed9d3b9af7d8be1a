"""How units speak Sparkplug B: edge nodes with births, deaths and numbered data, units as their devices. Not for hearing it: see `codec.sparkplug`.

An edge node is whatever the layout's rule names before the unit. Births declare every metric a unit may ever speak of, with an alias;
data bears aliases alone. A unit that is cut off is dead once its node notices, and is born anew when it is back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from twin_app.codec.sparkplug.datatypes import BOOLEAN, DOUBLE, INT64, STRING, UINT64
from twin_app.codec.sparkplug.schema import PAYLOAD
from twin_app.layout.sparkplug import head
from twin_app.simulate.addressing import TAG
from twin_app.simulate.saying import vocabulary
from twin_app.simulate.speech import Sent, TagSpeaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from twin_app.simulate.addressing import Mouth
    from twin_app.simulate.saying import Said, Value
    from twin_app.simulate.telling import Report
    from twin_app.simulate.wiring import Wiring

DEAD_AFTER_NS = 5_000_000_000
"""So long after a unit was cut off its node says that it is dead, and the broker that a node is."""
_DATATYPES: dict[type, tuple[int, str]] = {
    bool: (BOOLEAN, "boolean_value"), int: (INT64, "long_value"), float: (DOUBLE, "double_value"), str: (STRING, "string_value"),
}  # fmt: skip
_MS = 1_000_000


class EdgeNode:
    """One edge node: who speaks through it, and the number of its next message."""

    def __init__(self, root: str, edge: str) -> None:
        """Speak for nobody yet."""
        self._root, self._edge = root, edge
        self._seq = self._session = 0
        self._introduced = 0
        self._is_born = False
        self.own: EdgeSpeaker | None = None
        """The unit that the node is itself, where there is one."""
        self.devices: list[EdgeSpeaker] = []

    def introduced(self, at_ns: int) -> list[Sent]:
        """Count a unit that has been switched on; with the last of them the node is born."""
        self._introduced += 1
        return self.births(at_ns) if self._introduced == len(self.devices) + bool(self.own) else []

    def births(self, at_ns: int) -> list[Sent]:
        """Return the birth of the node and, behind it, those of all its devices, each once."""
        if self._is_born:
            return []
        self._is_born = True
        self._seq = 0
        metrics = [_Said("bdSeq", None, self._session, UINT64), *(self.own.declared() if self.own else ())]
        return [self.sent("NBIRTH", "", at_ns, metrics), *(device.birth(at_ns) for device in self.devices)]

    def death(self, at_ns: int) -> Sent:
        """Return the last will that the broker publishes for the node; all that it said is void until its next birth."""
        message = PAYLOAD(timestamp=at_ns // _MS)
        _Said("bdSeq", None, self._session, UINT64).put(message, 0)
        self._session = (self._session + 1) % 256
        self._is_born = False
        return Sent(at_ns, f"{self._root}/NDEATH/{self._edge}", message.SerializeToString())

    def sent(self, kind: str, device: str, at_ns: int, metrics: Iterable[_Said], told_ns: int | None = None) -> Sent:
        """Return the node's next message."""
        told_ms = (at_ns if told_ns is None else told_ns) // _MS
        message = PAYLOAD(timestamp=told_ms, seq=self._seq)
        self._seq = (self._seq + 1) % 256
        for metric in metrics:
            metric.put(message, told_ms)
        topic = f"{self._root}/{kind}/{self._edge}"
        return Sent(at_ns, f"{topic}/{device}" if device else topic, message.SerializeToString())


class EdgeSpeaker(TagSpeaker):
    """One unit: a device of an edge node, or the node itself."""

    gone_after_ns = DEAD_AFTER_NS

    def __init__(self, mouth: Mouth, wiring: Wiring, nodes: dict[str, EdgeNode]) -> None:
        """Join the unit's edge node, one of `nodes` or a new one there."""
        super().__init__(mouth, wiring)
        found = head(mouth.rule.topic)
        assert found is not None  # noqa: S101 - the layout's check has seen to it
        levels = mouth.topic.split("/")
        self._is_device = levels[found.depth - 2] == "DDATA"
        self._device = levels[found.depth] if self._is_device else ""
        self._before = "/".join(levels[found.depth + self._is_device :]).replace(TAG, "")
        root, edge = "/".join(levels[: found.depth - 2]), levels[found.depth - 1]
        self._node = nodes.setdefault(f"{root}/{edge}", EdgeNode(root, edge))
        if self._is_device:
            self._node.devices.append(self)
        else:
            self._node.own = self
        machine = wiring.by_id[mouth.unit.id]
        self._metrics: dict[str, _Metric] = {}
        self._known: dict[str, Value] = {}
        self._lasting: frozenset[str] = frozenset()
        for name, kind in vocabulary(machine, self._words.fault_word).items():
            self._declare(name, kind)

    @override
    def introduce(self, words: Said, at_ns: int) -> list[Sent]:
        """Be born, with the node where it is not yet."""
        self._know(words)
        self._lasting = frozenset(self._known)
        return self._node.introduced(at_ns)

    @override
    def hear(self, reports: list[Report], at_ns: int, told_ns: int) -> Iterator[Sent]:
        """Give one message of data; before it a birth, where the unit speaks of something that it has not declared."""
        words = tuple(word for report in reports for word in self._words.said(report, self._wiring))
        if self._know(words):
            yield self.birth(at_ns)
        told = [self._metrics[name].said(value, by_name=False) for name, value in self._spoken(words) if name in self._metrics]
        if told:
            yield self._node.sent("DDATA" if self._is_device else "NDATA", self._device, at_ns, told, told_ns)

    def link(self, at_ns: int, *, there: bool) -> list[Sent]:
        """Return what makes a cut-off unit known as dead, or as born anew: with nothing but what never changes."""
        if not there:
            return [self._node.sent("DDEATH", self._device, at_ns, ()) if self._is_device else self._node.death(at_ns)]
        self._known = {name: value for name, value in self._known.items() if name in self._lasting}
        return [self.birth(at_ns)] if self._is_device else self._node.births(at_ns)

    def birth(self, at_ns: int) -> Sent:
        """Return the unit's birth; where it is its node, that only says everything anew."""
        return self._node.sent("DBIRTH" if self._is_device else "NDATA", self._device, at_ns, self.declared())

    def declared(self) -> list[_Said]:
        """Return every metric with its name, its alias and what it is now, null where that is unknown."""
        return [metric.said(self._known.get(name), by_name=True) for name, metric in self._metrics.items()]

    @override
    def state(self) -> dict[str, Any]:
        """Return what was told last."""
        return {"known": self._known}

    @override
    def restore(self, state: dict[str, Any]) -> None:
        """Know what was told last then; messages are numbered on."""
        self._known = dict(state["known"])

    def _know(self, words: Said) -> bool:
        """Remember what is told; return whether there was something new among it."""
        before = len(self._metrics)
        for name, value in self._spoken(words):
            if name not in self._metrics:
                self._declare(name, type(value))
            self._known[name] = value
        return len(self._metrics) > before

    def _spoken(self, words: Said) -> Iterator[tuple[str, Value]]:
        """Give words as the source writes them, without those that the layout ignores."""
        for name, value in words:
            if name in self._metrics or self._tag_of(name) is not None:
                yield name, self._words.of(name, value)

    def _declare(self, name: str, kind: type) -> None:
        """Give a signal a metric, where the layout does not ignore it."""
        tag = self._tag_of(name)
        if tag is not None:
            self._metrics[name] = _Metric(f"{self._before}{tag}", self._alias(), kind)

    def _alias(self) -> int:
        """Return an alias that nobody else of the node has."""
        machine = self._wiring.by_id[self._mouth.unit.id]
        return (machine.u + 1) * 1000 + len(self._metrics)


class _Metric:
    """A metric of a unit: its name, its alias and its datatype."""

    __slots__ = ("_alias", "_kind", "_name")

    def __init__(self, name: str, alias: int, kind: type) -> None:
        self._name, self._alias, self._kind = name, alias, kind

    def said(self, value: Value | None, *, by_name: bool) -> _Said:
        """Return it with a value, None for null, by its name as births have it or by its alias alone."""
        return _Said(self._name if by_name else "", self._alias, None if value is None else self._kind(value), _DATATYPES[self._kind][0])


class _Said:
    """A metric with a value, on its way into a message."""

    __slots__ = ("_alias", "_datatype", "_name", "_value")

    def __init__(self, name: str, alias: int | None, value: Value | None, datatype: int) -> None:
        self._name, self._alias, self._value, self._datatype = name, alias, value, datatype

    def put(self, message: Any, at_ms: int) -> None:  # noqa: ANN401 - protobuf ships no types
        """Add it to a message."""
        fields: Mapping[str, object] = {
            "name": self._name or None, "alias": self._alias, "timestamp": at_ms or None,
            "datatype": self._datatype if self._name else None, "is_null": True if self._value is None else None,
        }  # fmt: skip
        metric = message.metrics.add(**{field: value for field, value in fields.items() if value is not None})
        if self._value is not None:
            setattr(metric, _DATATYPES[type(self._value)][1], self._value)
