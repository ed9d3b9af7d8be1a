"""JSON lines as rows of cells: an object a line, its keys the headings. Not for messages as they came (`sources`), nor for what cells mean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_MOST = 2**63


def headings(text: str, most: int) -> tuple[str, ...]:
    """Return the keys of a text's first objects, `most` lines at most, in the order in which they come; none where its first line is no object."""
    first, *others = [line for line in text.splitlines()[:most] if line.strip()] or [""]
    found = _object(first)
    if found is None:
        return ()
    return tuple(dict.fromkeys([*found, *(key for line in others for key in _object(line) or ())]))


def rows(lines: Iterable[str], keys: Sequence[str]) -> Iterator[tuple[int, list[Any]]]:
    """Give each line's number and its cells by key; of a line that is no object all are empty."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            found = _object(line) or {}
            yield number, [_cell(found.get(key)) for key in keys]


def _object(line: str) -> dict[str, Any] | None:
    """Return the object that a line holds, None where it holds none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _cell(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a value as a cell: what has parts, or more digits than any number of a machine, as it is written."""
    if isinstance(value, int) and abs(value) >= _MOST:
        return str(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
