"""Where in a layout a unit is named by others, and what goes with it when it goes. Not for the unit's own table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin_app.editing.outline import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from twin_app.layout.positions import Path


def references(data: Mapping[str, Any], units: frozenset[str]) -> list[Path]:
    """Return the paths of what names some units alone, later elements of a list first; taken out together nothing names them any more.

    The line's constraint stays: which other unit sets the pace only a person knows, and the layout's finding asks for it.
    """
    return sorted(_named(data, units), key=_order, reverse=True)


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    """Return what sorts paths so that later elements of a list come later."""
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path)


def _named(data: Mapping[str, Any], units: frozenset[str]) -> Iterator[Path]:
    """Give the paths of what goes."""
    for i, table in enumerate(tables(data.get("unit"))):
        if table.get("id") not in units:
            yield from _elements(("unit", i, "feeds"), table.get("feeds"), [feed.get("to") in units for feed in tables(table.get("feeds"))])
    for i, table in enumerate(tables(data.get("product"))):
        for key in ("ideal_cycle_s", "base_units_per_count"):
            cycles = table.get(key)
            yield from (("product", i, key, unit) for unit in units & cycles.keys()) if isinstance(cycles, dict) else ()
    for i, source in enumerate(tables(data.get("source"))):
        yield from _of_rules(("source", i, "map"), tables(source.get("map")), units)
    yield from _of_alarms(tables(data.get("alarm")), units)


def _elements(path: Path, value: object, goes: list[bool]) -> Iterator[Path]:
    """Give the elements of an array that go, or the whole key where nothing would be left."""
    if goes and all(goes):
        yield path
    elif isinstance(value, list):
        yield from ((*path, i) for i, gone in enumerate(goes) if gone)


def _of_rules(path: Path, rules: tuple[Mapping[str, Any], ...], units: frozenset[str]) -> Iterator[Path]:
    """Give the rules that are about one of the units alone, and their names in the others."""
    for i, rule in enumerate(rules):
        if rule.get("unit") in units:
            yield (*path, i)
            continue
        names = rule.get("units")
        if isinstance(names, dict):
            called = [name for name, meant in names.items() if meant in units]
            yield from ([(*path, i, "units")] if called and len(called) == len(names) else ((*path, i, "units", name) for name in called))


def _of_alarms(alarms: tuple[Mapping[str, Any], ...], units: frozenset[str]) -> Iterator[Path]:
    """Give the alarms that are for the units alone, and their names in the lists of others: an empty list would mean every unit."""
    for i, alarm in enumerate(alarms):
        listed = alarm.get("units")
        goes = [each in units for each in listed] if isinstance(listed, list) else []
        if goes and all(goes):
            yield ("alarm", i)
        else:
            yield from (("alarm", i, "units", j) for j, gone in enumerate(goes) if gone)
