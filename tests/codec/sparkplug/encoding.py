"""Sparkplug payloads written byte by byte after the specification's field numbers: what the product reads was not written by it."""

import struct
from typing import Any

INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT, DOUBLE, BOOLEAN, STRING, DATE_TIME, TEXT, UUID = range(1, 16)
DATA_SET, BYTES, FILE, TEMPLATE = 16, 17, 18, 19
_VALUE_FIELDS = {"int": 10, "long": 11, "float": 12, "double": 13, "bool": 14, "string": 15, "bytes": 16, "dataset": 17, "template": 18}


def varint(number: int) -> bytes:
    """Write an unsigned integer, seven bits a byte, the lowest first."""
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes((*found, number))


def field(number: int, value: Any, kind: str = "") -> bytes:
    """Write one field by its kind; without one, by its value's type."""
    if kind == "float":
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if kind == "double":
        return varint(number << 3 | 1) + struct.pack("<d", value)
    if isinstance(value, str | bytes):
        data = value.encode() if isinstance(value, str) else value
        return varint(number << 3 | 2) + varint(len(data)) + data
    return varint(number << 3) + varint(int(value))


def metric(
    name: str | bytes | None = None, value: Any = None, kind: str = "", *, datatype: int = 0, alias: int | None = None, at_ms: int | None = None,
    null: bool = False, historical: bool = False, properties: dict[str, int | str] | None = None,
) -> bytes:  # fmt: skip
    """Write a metric; `kind` names the field of its value (`int`, `long`, `float` ...)."""
    own = b""
    for key, value_ in (properties or {}).items():
        own += field(1, key) + field(2, field(8, value_) if isinstance(value_, str) else field(3, value_))
    parts = (
        b"" if name is None else field(1, name),
        b"" if alias is None else field(2, alias),
        b"" if at_ms is None else field(3, at_ms),
        field(4, datatype) if datatype else b"",
        field(5, 1) if historical else b"",
        field(7, 1) if null else b"",
        field(9, own) if own else b"",
        field(_VALUE_FIELDS[kind], value, kind) if kind else b"",
    )
    return b"".join(parts)


def payload(*metrics: bytes, seq: int | None = None, at_ms: int | None = None) -> bytes:
    """Write a payload."""
    head = b"" if at_ms is None else field(1, at_ms)
    return head + b"".join(field(2, one) for one in metrics) + (b"" if seq is None else field(3, seq))


def compressed(body: bytes) -> bytes:
    """Write the payload that holds a compressed one."""
    return field(4, "SPBV1.0_COMPRESSED") + field(5, body)


def session(number: int) -> bytes:
    """Write the metric that ties a death to its birth."""
    return metric("bdSeq", number, "long", datatype=UINT64)
