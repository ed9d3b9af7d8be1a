"""Which field says the quality of the values beside it, and what its numbers mean: by name and behaviour. Not for reading it: see `codec.quality`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin_app.codec.quality import quality_of
from twin_app.discover.words import words_of
from twin_app.model.samples import Quality

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from twin_app.discover.fields import FieldProfile

_NAMES = ("quality", "q", "qual", "qualitycode", "opcquality", "opcqualitycode", "valuequality", "statuscode", "isgood", "isvalid", "valid")
_WORDY = "status"
"""A status is a quality only where it says so in words."""
_OPC_DA = frozenset({0, 4, 8, 12, 16, 20, 24, 28, 64, 68, 80, 84, 88, 192, 216})
_OPC_DA_GOOD = frozenset({192, 216})
_LEAST_OPC_UA = 1 << 30
"""The least status code that is not good; smaller ones may be anything."""
_RATIO = "quality"
"""A quality of 1 or 0 may be a share of good parts."""


def quality_field_of(fields: Mapping[str, FieldProfile]) -> tuple[str, str]:
    """Return the field that says the quality of a message's values, and what its numbers mean; empty where there is none."""
    values = {name: _values(one) for name, one in fields.items() if not one.more_words and not one.unfit}
    return _first(values)


def believed(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a message's values; where it calls them bad, by a no or a word, only that there are such fields."""
    told = {name for name in values if _own(name) in _NAMES and isinstance(values[name], bool | str)}
    if all(quality_of(values[name], "opc_ua") is not Quality.BAD for name in told):
        return values
    return {name: value if name in told else None for name, value in values.items()}


def quality_member_of(elements: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """Return the member that in elements of an array says their quality, and what its numbers mean; empty where there is none."""
    said: dict[str, list[Any]] = {}
    for element in elements:
        for name, value in element.items():
            said.setdefault(name, []).append(value)
    return _first(said)


def quality_column_of(columns: Mapping[str, Any], length: int) -> tuple[str, str]:
    """Return the column that says the quality of each row; empty where there is none."""
    return _first({name: column for name, column in columns.items() if isinstance(column, list) and len(column) == length})


def _first(said: Mapping[str, list[Any]]) -> tuple[str, str]:
    """Return the best-named field whose values are qualities, and its codes."""
    by_name: dict[str, str] = {}
    for field in said:
        by_name.setdefault(_own(field), field)
    for name in (*_NAMES, _WORDY):
        codes = _codes(said[by_name[name]], name) if name in by_name else ""
        if codes:
            return by_name[name], codes
    return "", ""


def _own(field: str) -> str:
    """Return the last part of a field's name as it is compared."""
    return "".join(words_of(field.replace("/", ".").rpartition(".")[2]))


def _values(one: FieldProfile) -> list[Any]:
    """Return the values that a field had: numbers as such."""
    if one.numbers and not one.whole:
        return []
    return [int(word) if one.numbers and word.lstrip("-").isdigit() else word for word in one.words]


def _codes(values: list[Any], name: str) -> str:
    """Return what the numbers of a quality mean, the layout's default where there are none; empty where these are no qualities."""
    plain = [value for value in values if value is not None]
    if not plain or any(isinstance(value, list) for value in plain):
        return ""
    numbers = {value for value in plain if isinstance(value, int | float) and not isinstance(value, bool)}
    codes = _of_numbers(numbers, name) if numbers else "opc_ua"
    wordy = name != _WORDY or all(isinstance(value, str) and not value.isdigit() for value in plain)
    return codes if codes and wordy and all(quality_of(value, codes) is not None for value in plain) else ""


def _of_numbers(numbers: set[Any], name: str) -> str:
    """Return which codes numbers are, empty where nobody can tell."""
    if numbers & _OPC_DA_GOOD and numbers <= _OPC_DA:
        return "opc_da"
    if 1 in numbers and numbers <= {0, 1}:
        return "" if name == _RATIO else "flag"
    if any(abs(number) >= _LEAST_OPC_UA for number in numbers) or (name == "statuscode" and numbers == {0}):
        return "opc_ua"
    return ""
