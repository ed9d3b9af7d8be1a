"""Where in a layout a unit is named by others, and what goes with it when it goes. Not for the unit's own table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin_app.editing.outline import tables
from twin_app.editing.values import without_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from twin_app.layout.positions import Path


def without_references(text: str, data: Mapping[str, Any], unit: str) -> str:
    """Return the text without what names a unit: its neighbours' flow, cycles, rules and names of the mapping, alarms for it alone.

    The line's constraint stays: which other unit sets the pace only a person knows, and the layout's finding asks for it.
    """
    for path in sorted(_named(data, unit), key=_order, reverse=True):
        text = without_value(text, path)
    return text


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    """Return what sorts paths so that later elements of a list come later: they are to be taken first."""
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path)


def _named(data: Mapping[str, Any], unit: str) -> Iterator[Path]:
    """Give the paths of what goes."""
    for i, table in enumerate(tables(data.get("unit"))):
        if table.get("id") != unit:
            yield from _elements(("unit", i, "feeds"), table.get("feeds"), [feed.get("to") == unit for feed in tables(table.get("feeds"))])
    for i, table in enumerate(tables(data.get("product"))):
        for key in ("ideal_cycle_s", "base_units_per_count"):
            cycles = table.get(key)
            if isinstance(cycles, dict) and unit in cycles:
                yield ("product", i, key, unit)
    for i, source in enumerate(tables(data.get("source"))):
        yield from _of_rules(("source", i, "map"), tables(source.get("map")), unit)
    yield from _of_alarms(tables(data.get("alarm")), unit)


def _elements(path: Path, value: object, goes: list[bool]) -> Iterator[Path]:
    """Give the elements of an array that go, or the whole key where nothing would be left."""
    if goes and all(goes):
        yield path
    elif isinstance(value, list):
        yield from ((*path, i) for i, gone in enumerate(goes) if gone)


def _of_rules(path: Path, rules: tuple[Mapping[str, Any], ...], unit: str) -> Iterator[Path]:
    """Give the rules that are about the unit alone, and its names in the others."""
    for i, rule in enumerate(rules):
        if rule.get("unit") == unit:
            yield (*path, i)
            continue
        names = rule.get("units")
        if isinstance(names, dict):
            called = [name for name, meant in names.items() if meant == unit]
            yield from ([(*path, i, "units")] if called and len(called) == len(names) else ((*path, i, "units", name) for name in called))


def _of_alarms(alarms: tuple[Mapping[str, Any], ...], unit: str) -> Iterator[Path]:
    """Give the alarms that are for the unit alone, and its name in the lists of others: an empty list would mean every unit."""
    for i, alarm in enumerate(alarms):
        units = alarm.get("units")
        if isinstance(units, list) and unit in units:
            if all(each == unit for each in units):
                yield ("alarm", i)
            else:
                yield from (("alarm", i, "units", j) for j, each in enumerate(units) if each == unit)
