"""Names for machines and signals as layouts allow them: unique, without what paths reserve. Not for what they mean."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twin_app.discover.branches import UnitPath

LONGEST = 60
_RESERVED = re.compile("[/+#{}\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_PROTOCOL = frozenset({"spBv1.0", "NDATA", "DDATA", "umh", "v1", "simulated"})
"""Levels that belong to a protocol, or to a simulation, and name no place."""


def usable(name: str) -> str:
    """Return a name that a layout allows, as near to the given one as can be; empty where nothing is left."""
    return _RESERVED.sub("-", name).strip().lstrip("@")[:LONGEST].strip()


def unit_ids(paths: Iterable[UnitPath]) -> dict[UnitPath, str]:
    """Return an id for each machine: its own level, and where several share that the levels above, too."""
    waiting = list(dict.fromkeys(paths))
    depth, found = 1, dict.fromkeys(waiting, "")
    while waiting:
        tried = {path: _joined(path, depth) for path in waiting}
        often = Counter([*tried.values(), *(found[path] for path in found if found[path])])
        done = [path for path in waiting if often[tried[path]] == 1 or depth >= len(path)]
        for path in done:
            found[path] = _unique(tried[path] or "unit", set(found.values()))
        waiting = [path for path in waiting if path not in set(done)]
        depth += 1
    return found


def places_above(path: UnitPath) -> list[str]:
    """Return the levels above a machine that name places, the highest first."""
    return [usable(level) for level in path[:-1] if level not in _PROTOCOL and usable(level)]


def _joined(path: UnitPath, depth: int) -> str:
    """Return the last levels of a path as one name."""
    telling = [usable(level) for level in path if level not in _PROTOCOL and usable(level)]
    return ".".join(telling[-depth:])[-LONGEST:].strip(" .@")


def _unique(name: str, taken: set[str]) -> str:
    """Return a name that is not taken."""
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
