"""What one metric holds, by the datatype that its publisher declared. Not for arrays, DataSets and Templates: see `composed`.

Integers travel unsigned: a negative one is its two's complement by the declared width, which some publishers extend to 32 or
64 bits. The kind of value that was sent wins over the declared one, for publishers flip between Int32 and Float.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from twin_app.codec.refusal import Reason, refuse
from twin_app.codec.sparkplug import composed
from twin_app.codec.values import Value

if TYPE_CHECKING:
    from twin_app.codec.sparkplug.wire import Metric

Held: TypeAlias = Value | bytes
"""What a metric may hold; bytes are those of the datatypes Bytes and File."""

INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT, DOUBLE, BOOLEAN, STRING, DATE_TIME, TEXT, UUID = range(1, 16)
DATA_SET, BYTES, FILE, TEMPLATE = 16, 17, 18, 19
ARRAYS = range(22, 35)
"""Int8Array to DateTimeArray, packed into bytes (`composed.array`)."""

SIGNED_BITS = {INT8: 8, INT16: 16, INT32: 32, INT64: 64, DATE_TIME: 64}
UNSIGNED_BITS = {UINT8: 8, UINT16: 16, UINT32: 32, UINT64: 64}
_PLAIN = frozenset({"float_value", "double_value", "boolean_value"})
"""Kinds that are what they are, whatever the datatype says."""
_TEXTS = frozenset({STRING, TEXT, UUID, DATA_SET, BYTES, FILE, TEMPLATE, *ARRAYS})


def holds_text(datatype: int) -> bool:
    """Say whether a datatype's values are kept as texts (or bytes); numbers and flags are measurements."""
    return datatype in _TEXTS


def held(metric: Metric, datatype: int) -> Held:
    """Return a metric's value, None where it is null or has none.

    Args:
        metric: as it was sent.
        datatype: as declared in the metric itself or in its birth; 0 where nobody said.

    Raises:
        DecodeError: a number beyond the declared width, a text that is not UTF-8, or an array or a table that is none or
            too long to be shown.
    """
    kind = None if metric.is_null else metric.WhichOneof("value")
    if kind is None:
        return None
    found = getattr(metric, kind)
    if kind in _PLAIN:
        plain: Value = found
        return plain
    if kind == "string_value" and isinstance(found, bytes):
        raise refuse(Reason.NOT_UTF8, found)
    try:
        return scalar(kind, found, datatype)
    except UnicodeDecodeError:  # of an array of texts
        raise refuse(Reason.NOT_UTF8, found) from None


def scalar(kind: str, found: Any, datatype: int) -> Held:  # noqa: ANN401 - protobuf ships no types
    """Return a value by the kind in which it was sent and its datatype; also of properties, rows and parameters."""
    if kind in {"int_value", "long_value"}:
        return _integer(int(found), datatype)
    if kind == "bytes_value":
        return composed.array(bytes(found), datatype) if datatype in ARRAYS else bytes(found)
    if kind == "dataset_value":
        return composed.data_set(found)
    if kind == "template_value":
        return composed.template(found)
    value: Value = found
    return value


def _integer(found: int, datatype: int) -> Held:
    """Return an integer with its sign; refuses one that its width does not hold, for cut to it would be another number."""
    if datatype == BOOLEAN and found in {0, 1}:
        return bool(found)
    bits = SIGNED_BITS.get(datatype)
    if bits is None:
        if found >> UNSIGNED_BITS.get(datatype, 64):
            raise refuse(Reason.OUT_OF_RANGE, found)
        return found
    if found >> bits == 0:
        return found - (1 << bits) if found >> (bits - 1) else found
    for sent_bits in (32, 64):  # extended by the publisher: everything above the sign is ones
        signed = found - (1 << sent_bits)
        if -(1 << (bits - 1)) <= signed < 0:
            return signed
    raise refuse(Reason.OUT_OF_RANGE, found)
