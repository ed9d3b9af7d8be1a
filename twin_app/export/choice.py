"""Which signals and which span are exported. Not for how they are written."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin_app.errors import UsageError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.signal import SignalTable


@dataclass(frozen=True, slots=True)
class Choice:
    """What is exported: ids of signals in the order of the table, and [start_ns, end_ns] in UTC ns."""

    signals: tuple[int, ...]
    start_ns: int
    end_ns: int
    units: frozenset[str] | None = None
    """Of whose messages as they came a recording is to have some; None: of all."""
    raw: bool = True
    """Whether a recording is to have messages as they came."""


def chosen(signals: SignalTable, names: Sequence[str]) -> tuple[int, ...]:
    """Return the ids of the signals that are named as `UNIT/NAME`, or of all of a unit's as `UNIT`; without names all that were sent.

    Raises:
        UsageError: there is no such signal, or it is derived and was never sent.
    """
    sent = {i for i, signal in enumerate(signals) if not signal.derived}
    return tuple(sorted({i for name in names for i in _named(signals, name, sent)} if names else sent))


def _named(signals: SignalTable, name: str, sent: set[int]) -> set[int]:
    """Return the ids that one name stands for."""
    unit, _, rest = name.partition("/")
    found = [signals.find(unit, rest)] if rest else signals.of_unit(unit)
    wanted = {i for i in found if i is not None}
    if not wanted:
        known = [f"{signal.unit}/{signal.name}" if rest else signal.unit for signal in signals]
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
        raise UsageError(
            N_("There is no signal “{name}”."), tip=N_("Write UNIT/NAME, or UNIT for all of a unit's; the nearest is {near}."),
            name=name, near=near[0] if near else "–",
        )  # fmt: skip
    if not wanted & sent:
        raise UsageError(N_("“{name}” was never sent: it is derived from others."), tip=N_("Export those it is derived from."), name=name)
    return wanted & sent
