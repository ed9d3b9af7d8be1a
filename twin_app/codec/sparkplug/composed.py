"""Arrays, DataSets and Templates as JSON text: shown as a whole, because no signal holds them. Not for scalars: see `datatypes`."""

from __future__ import annotations

import struct
from typing import Any

import msgspec

from twin_app.codec.refusal import Reason, refuse
from twin_app.codec.values import MAX_TEXT_BYTES

_FORMATS = {22: "b", 23: "h", 24: "i", 25: "q", 26: "B", 27: "H", 28: "I", 29: "Q", 30: "f", 31: "d", 34: "q"}
"""Array datatypes of numbers (34: ms since 1970) to how an element is packed, little-endian."""
_BOOLEANS, _STRINGS = 32, 33


def array(packed: bytes, datatype: int) -> str:
    """Return an array's elements as JSON.

    Raises:
        DecodeError: the bytes are no such array, or too many to be shown.
    """
    if len(packed) > MAX_TEXT_BYTES:
        raise refuse(Reason.TEXT_TOO_LONG, packed)
    if datatype == _STRINGS:
        return _json(packed.decode().split("\0")[:-1] if packed.endswith(b"\0") else packed.decode().split("\0"))
    if datatype == _BOOLEANS:
        return _json(_booleans(packed))
    element = _FORMATS[datatype]
    count, rest = divmod(len(packed), struct.calcsize(f"<{element}"))
    if rest:
        raise refuse(Reason.NOT_AN_ARRAY, packed)
    return _json(struct.unpack(f"<{count}{element}", packed))


def data_set(found: Any) -> str:  # noqa: ANN401 - protobuf ships no types
    """Return a DataSet as JSON: its columns, and its rows as arrays.

    Raises:
        DecodeError: too long to be shown.
    """
    _small(found)
    rows = [[_value(element, datatype) for element, datatype in _typed(row.elements, found.types)] for row in found.rows]
    return _json({"columns": [_text(column) for column in found.columns], "rows": rows})


def template(found: Any) -> str:  # noqa: ANN401 - as above
    """Return a Template as JSON: what it is an instance of, its parameters and its members.

    Raises:
        DecodeError: too long to be shown.
    """
    _small(found)
    return _json(_template(found))


def _template(found: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return a Template's parts; members that are Templates in turn are nested (protobuf caps the depth)."""
    members = {_text(metric.name): None if metric.is_null else _value(metric, metric.datatype) for metric in found.metrics}
    parameters = {_text(parameter.name): _value(parameter, parameter.type) for parameter in found.parameters}
    return {"template": _text(found.template_ref), "version": _text(found.version), "parameters": parameters, "members": members}


def _text(found: str | bytes) -> str:
    """Return a text, with what is not UTF-8 replaced: protobuf hands it out as bytes."""
    return found if isinstance(found, str) else found.decode("utf-8", "replace")


def _typed(elements: Any, types: Any) -> zip[tuple[Any, int]]:  # noqa: ANN401 - as above
    """Return a row's elements with their columns' datatypes, 0 beyond those that were declared."""
    declared = list(types)[: len(elements)]
    return zip(elements, declared + [0] * (len(elements) - len(declared)), strict=True)


def _value(holder: Any, datatype: int) -> Any:  # noqa: ANN401 - as above
    """Return what an element, parameter or member holds, as JSON takes it."""
    from twin_app.codec.sparkplug.datatypes import scalar  # noqa: PLC0415 - a table may hold every datatype that may hold a table

    kind = holder.WhichOneof("value")
    if kind is None:
        return None
    if kind == "template_value":
        return _template(holder.template_value)
    value = scalar(kind, getattr(holder, kind), datatype)
    return value.hex() if isinstance(value, bytes) else value


def _booleans(packed: bytes) -> list[bool]:
    """Return a packed array of booleans: a 32-bit count, then bits from the highest of each byte on."""
    if len(packed) < 4:  # noqa: PLR2004 - the count's own bytes
        raise refuse(Reason.NOT_AN_ARRAY, packed)
    count = int.from_bytes(packed[:4], "little")
    if (count + 7) // 8 != len(packed) - 4:
        raise refuse(Reason.NOT_AN_ARRAY, packed)
    return [bool(packed[4 + i // 8] >> (7 - i % 8) & 1) for i in range(count)]


def _small(found: Any) -> None:  # noqa: ANN401 - as above
    """Refuse what could not be shown anyway before it is taken apart."""
    if found.ByteSize() > 2 * MAX_TEXT_BYTES:
        raise refuse(Reason.TEXT_TOO_LONG, "")


def _json(found: object) -> str:
    """Return JSON; NaN and infinities become null there."""
    return msgspec.json.encode(found).decode()
