"""Values, instants and rows as the words of CSV and JSON. Not for Parquet, which has types of its own."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from math import isfinite, isnan
from typing import TYPE_CHECKING

import msgspec

from twin_app.times import iso_utc

if TYPE_CHECKING:
    from twin_app.export.rows import Row, Value

HEADINGS = ("time", "source_time", "received_time", "unit", "signal", "type", "value", "unit_of_measure", "quality", "simulated")
"""The columns of a row, in every format that names them."""
_cached_iso = lru_cache(4096)(iso_utc)


def instant(at_ns: int | None) -> str:
    """Return an instant as ISO 8601 in UTC with every digit it has, empty for None."""
    return "" if at_ns is None else _cached_iso(at_ns)


def quoted(text: str) -> str:
    """Return a text in quotation marks, its own ones doubled (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"'


def cell(kind: str, value: Value) -> str:
    """Return a value as a cell of CSV: read back as a 64 bit float a number is the same to the bit; nothing is empty, an empty text `""`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, str):
        return quoted(value) if kind == "text" else value
    return ""


def csv_line(row: Row, simulated: str) -> str:
    """Return a row as a line of CSV; `simulated` is the cell that says so."""
    return ",".join((
        instant(row.effective_ns), instant(row.source_ns), instant(row.received_ns), quoted(row.unit), quoted(row.signal), row.type,
        cell(row.type, row.value), quoted(row.unit_of_measure) if row.unit_of_measure else "", row.quality, simulated,
    )) + "\n"  # fmt: skip


def json_line(row: Row, *, simulated: bool) -> bytes:
    """Return a row as a line of JSON. What JSON has no number for is the text NaN, Infinity or -Infinity; `type` stays number."""
    value: object = row.value
    if isinstance(value, float) and not isfinite(value):
        value = _number(value)
    elif isinstance(value, str) and row.type == "integer":
        value = msgspec.Raw(value.encode())
    times = (instant(row.effective_ns), instant(row.source_ns) or None, instant(row.received_ns) or None)
    columns = (*times, row.unit, row.signal, row.type, value, row.unit_of_measure or None, row.quality, simulated)
    return msgspec.json.encode(dict(zip(HEADINGS, columns, strict=True))) + b"\n"


def _number(value: float) -> str:
    """Return the shortest digits that are read back as the same 64 bit float."""
    if isfinite(value):
        text = repr(value)
        return text if text == "-0.0" else text.removesuffix(".0")
    return "NaN" if isnan(value) else ("Infinity" if value > 0 else "-Infinity")
