"""Sparkplug B's messages as a table of fields, after the public specification 3.0, chapter 6. Not for what they mean: see `wire`.

Google's `protobuf` reads them, a parser in C that hostile bytes have been thrown at for years: 0.2 us a metric to parse and 2 us
with every field read, where a reader of our own in Python took 3 to 5. The classes are built here from the table, so that no
generated file has to be kept in step. Required fields there are none: publishers leave out what they like.
"""

from __future__ import annotations

from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_PACKAGE = "sparkplug"
_TYPES = {"double": 1, "float": 2, "uint64": 4, "bool": 8, "string": 9, "bytes": 12, "uint32": 13}
_MESSAGE_TYPE, _OPTIONAL, _REPEATED = 11, 1, 3

_SCALARS = {"int_value": "uint32", "long_value": "uint64", "float_value": "float", "double_value": "double", "boolean_value": "bool"}
"""The kinds of value in the order in which every message that holds one numbers them; a text follows."""

_FIELDS: dict[str, dict[str, tuple[int, str]]] = {
    "Payload": {
        "timestamp": (1, "uint64"), "metrics": (2, "Metric[]"), "seq": (3, "uint64"), "uuid": (4, "string"), "body": (5, "bytes"),
    },
    "Metric": {
        "name": (1, "string"), "alias": (2, "uint64"), "timestamp": (3, "uint64"), "datatype": (4, "uint32"),
        "is_historical": (5, "bool"), "is_transient": (6, "bool"), "is_null": (7, "bool"), "properties": (9, "PropertySet"),
    },
    "PropertySet": {"keys": (1, "string[]"), "values": (2, "PropertyValue[]")},
    "PropertyValue": {"type": (1, "uint32"), "is_null": (2, "bool")},
    "DataSet": {"num_of_columns": (1, "uint64"), "columns": (2, "string[]"), "types": (3, "uint32[]"), "rows": (4, "Row[]")},
    "Row": {"elements": (1, "DataSetValue[]")},
    "DataSetValue": {},
    "Template": {
        "version": (1, "string"), "metrics": (2, "Metric[]"), "parameters": (3, "Parameter[]"), "template_ref": (4, "string"),
        "is_definition": (5, "bool"),
    },
    "Parameter": {"name": (1, "string"), "type": (2, "uint32")},
}  # fmt: skip
_VALUES: dict[str, tuple[int, dict[str, str]]] = {
    "Metric": (
        10,
        {**_SCALARS, "string_value": "string", "bytes_value": "bytes", "dataset_value": "DataSet", "template_value": "Template"},
    ),
    "PropertyValue": (3, {**_SCALARS, "string_value": "string"}),
    "DataSetValue": (1, {**_SCALARS, "string_value": "string"}),
    "Parameter": (3, {**_SCALARS, "string_value": "string"}),
}
"""Of the messages that hold one value of several kinds: the number of the first kind, and the kinds."""


def _describe(file: Any) -> None:  # noqa: ANN401 - protobuf ships no types
    """Write the table into a file's description."""
    for message_name, fields in _FIELDS.items():
        message = file.message_type.add(name=message_name)
        for name, (number, kind) in fields.items():
            _add(message, name, number, kind)
        first, kinds = _VALUES.get(message_name, (0, {}))
        if kinds:
            message.oneof_decl.add(name="value")
        for number, (name, kind) in enumerate(kinds.items(), first):
            _add(message, name, number, kind).oneof_index = 0


def _add(message: Any, name: str, number: int, kind: str) -> Any:  # noqa: ANN401 - as above
    """Add one field; `[]` behind a kind says that it repeats."""
    base = kind.removesuffix("[]")
    field = message.field.add(name=name, number=number, label=_REPEATED if kind.endswith("[]") else _OPTIONAL)
    field.type = _TYPES.get(base, _MESSAGE_TYPE)
    if base not in _TYPES:
        field.type_name = f".{_PACKAGE}.{base}"
    return field


def _payload_class() -> Any:  # noqa: ANN401 - as above
    """Return the class of a whole payload."""
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug_b.proto", package=_PACKAGE, syntax="proto2")
    _describe(file)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.Payload"))


PAYLOAD: Final = _payload_class()
"""The class of a payload; `metrics`, DataSets and Templates are reached through it."""
