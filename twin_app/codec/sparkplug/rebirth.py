"""The one order that a Sparkplug host may publish: the request for a birth. Not for deciding whether to: see `host`."""

from __future__ import annotations

from twin_app.codec.sparkplug.datatypes import BOOLEAN
from twin_app.codec.sparkplug.schema import PAYLOAD


def rebirth_order(now_ns: int) -> bytes:
    """Return the payload of `NCMD` with `Node Control/Rebirth`, sent at an instant (UTC ns)."""
    now_ms = max(now_ns // 1_000_000, 0)
    payload = PAYLOAD(timestamp=now_ms)
    payload.metrics.add(name="Node Control/Rebirth", timestamp=now_ms, datatype=BOOLEAN, boolean_value=True)
    return bytes(payload.SerializeToString())
