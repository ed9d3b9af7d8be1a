"""How the arrays in nested JSON are meant: samples of instants, named metrics, or columns beside a column of times. Not for their values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twin_app.discover.fields import clock_of
from twin_app.discover.qualities import quality_column_of, quality_member_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = ("name", "tag", "tagname", "signal", "metric", "variable", "parameter", "point", "sensor", "key", "id", "n")
_VALUES = ("value", "val", "v", "reading", "data")
_DEEPEST = 3
_PLAIN = re.compile(r"[^.\[\]*\"']+")


@dataclass(frozen=True, slots=True)
class ArrayShape:
    """The keys of a rule that reads nested JSON."""

    each: str = ""
    name_field: str = ""
    value_field: str = ""
    time_field: str = ""
    time_unit: str = ""
    quality_field: str = ""
    quality_codes: str = ""


def shape_of(document: Any, at_ns: int) -> ArrayShape | None:  # noqa: ANN401 - JSON may hold anything
    """Return how a document's elements are to be read one by one; None where it is better read as a whole by its paths.

    Args:
        document: what the JSON holds.
        at_ns: when it was received, UTC ns: a time is one that lies near.
    """
    for path, value in _candidates(document, ()):
        found = _columns(path, value, at_ns) if isinstance(value, dict) else _elements(path, value, at_ns)
        if found is not None:
            return found
    return None


def _candidates(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - JSON may hold anything
    """Give arrays of objects, and objects (that may hold columns, or members that are all alike), the outermost first."""
    if isinstance(value, list) and value and all(isinstance(element, dict) for element in value):
        yield path, value
    elif isinstance(value, dict):
        yield path, value
        if len(path) < _DEEPEST:
            for name, member in value.items():
                if _writable(name):
                    yield from _candidates(member, (*path, name))


def _columns(path: tuple[str, ...], value: dict[str, Any], at_ns: int) -> ArrayShape | None:
    """Return the shape of an object with a column of times beside other columns, or whose members each bear a time."""
    for name, column in value.items():
        if isinstance(column, list) and column and _writable(name) and (unit := _clock(column, at_ns)):
            beside = any(other is not column and isinstance(other, list) and len(other) == len(column) for other in value.values())
            quality = _quality(quality_column_of(value, len(column)))
            return ArrayShape(each=_path(path), time_field=_path((name,)), time_unit=unit, **quality) if beside else None
    members = list(value.values())
    if len(members) > 1 and all(isinstance(member, dict) and member for member in members):
        time = _time_of(members, at_ns)
        if time:
            quality = _quality(quality_member_of(members))
            return ArrayShape(each=f"{_path(path)}.*".lstrip("."), time_field=time[0], time_unit=time[1], **quality)
    return None


def _elements(path: tuple[str, ...], elements: list[dict[str, Any]], at_ns: int) -> ArrayShape | None:
    """Return the shape of an array of objects: each names its signal, or each bears its time."""
    time_field, time_unit = _time_of(elements, at_ns) or ("", "")
    shared = set.intersection(*(set(element) for element in elements))
    by_word = {key.casefold(): key for key in shared if _writable(key)}
    value = next((by_word[word] for word in _VALUES if word in by_word), "")
    named = (by_word[word] for word in _NAMES if word in by_word)
    name = next((key for key in named if all(isinstance(element[key], str) and element[key] for element in elements)), "")
    quality = _quality(quality_member_of(elements))
    if name and value and not any(isinstance(element[value], dict | list) for element in elements):
        return ArrayShape(_path(path), _path((name,)), _path((value,)), time_field, time_unit, **quality)
    return ArrayShape(each=_path(path), time_field=time_field, time_unit=time_unit, **quality) if time_field else None


def _quality(found: tuple[str, str]) -> dict[str, str]:
    """Return the keys of a rule for the member that says the quality, none where no path could name it."""
    name, codes = found
    return {"quality_field": _path((name,)), "quality_codes": codes} if name and _writable(name) else {}


def _time_of(elements: list[Any], at_ns: int) -> tuple[str, str] | None:
    """Return the member that in every element tells a time, and its unit."""
    for name in elements[0]:
        unit = _clock([element.get(name) for element in elements], at_ns)
        if unit and _writable(name):
            return _path((name,)), unit
    return None


def _clock(values: list[Any], at_ns: int) -> str:
    """Return the unit in which all of some values are times near an instant, empty where they are none."""
    units = {clock_of(value, at_ns) if isinstance(value, str | int | float) else "" for value in values}
    unit = units.pop() if len(units) == 1 else ""
    return "" if unit == "local" else unit


def _writable(name: str) -> bool:
    """Say whether a member can be named in a path."""
    return bool(name) and '"' not in name and name.isprintable()


def _path(steps: tuple[str, ...]) -> str:
    """Return a path as layouts write it."""
    return "".join(f".{step}" if _PLAIN.fullmatch(step) else f'["{step}"]' for step in steps).removeprefix(".")
