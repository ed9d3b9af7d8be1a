"""Bytes to a Sparkplug payload, with every size capped. Not for what its values are: see `datatypes`."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Protocol

from google.protobuf.message import DecodeError as BrokenError

from twin_app.codec.refusal import Reason, refuse
from twin_app.codec.sparkplug.schema import PAYLOAD

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 2 * 1024 * 1024
"""Of a payload, and of what a compressed one holds: far more than a birth of 10,000 metrics."""
MAX_METRICS = 20_000
COMPRESSED = "SPBV1.0_COMPRESSED"
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
"""zlib looks at the head itself, so that the name of the algorithm cannot contradict the body."""


class Metric(Protocol):
    """One metric as it was sent; what was left out reads as zero or empty."""

    name: str | bytes
    """Bytes where it is no UTF-8: texts are not looked at before they are asked for."""
    alias: int
    timestamp: int
    """ms since 1970 UTC."""
    datatype: int
    is_historical: bool
    is_null: bool
    properties: Any

    def HasField(self, name: str) -> bool:  # noqa: N802 - protobuf's name
        """Say whether a field was sent."""
        ...

    def WhichOneof(self, name: str) -> str | None:  # noqa: N802 - protobuf's name
        """Return which kind of value was sent, None where none was."""
        ...


class Payload(Protocol):
    """One message's payload."""

    timestamp: int
    """ms since 1970 UTC."""
    metrics: Sequence[Metric]
    seq: int
    uuid: str | bytes
    body: bytes

    def HasField(self, name: str) -> bool:  # noqa: N802 - protobuf's name
        """Say whether a field was sent."""
        ...


def read(data: bytes) -> Payload:
    """Return a payload, decompressed where it came compressed.

    Raises:
        DecodeError: larger than `MAX_BYTES`, not protobuf, a body that is neither GZIP nor DEFLATE, or more than
            `MAX_METRICS` metrics.
    """
    payload = _parsed(data)
    if payload.HasField("body") and payload.uuid == COMPRESSED:
        outer, payload = payload, _parsed(_inflated(payload.body))
        for field in ("seq", "timestamp"):  # some leave them outside
            if outer.HasField(field) and not payload.HasField(field):
                setattr(payload, field, getattr(outer, field))
    if len(payload.metrics) > MAX_METRICS:
        raise refuse(Reason.TOO_MANY_FIELDS, data)
    return payload


def _parsed(data: bytes) -> Payload:
    """Return the payload that bytes are."""
    if len(data) > MAX_BYTES:
        raise refuse(Reason.TOO_LARGE, data)
    try:
        payload: Payload = PAYLOAD.FromString(data)
    except BrokenError:
        raise refuse(Reason.NOT_PROTOBUF, data) from None
    return payload


def _inflated(body: bytes) -> bytes:
    """Return what a compressed body holds; a bomb ends at the cap, before its memory is taken."""
    for wbits in (_GZIP_OR_ZLIB, -zlib.MAX_WBITS):  # some send DEFLATE without zlib's head
        machine = zlib.decompressobj(wbits)
        try:
            found = machine.decompress(body, MAX_BYTES + 1)
        except zlib.error:
            continue
        if len(found) > MAX_BYTES:
            raise refuse(Reason.TOO_LARGE, body)
        if machine.eof:
            return found
    raise refuse(Reason.NOT_COMPRESSED, body)


def name_of(metric: Metric) -> str:
    """Return a metric's name, empty where it has none that can be read."""
    name = metric.name
    return name if isinstance(name, str) else ""
