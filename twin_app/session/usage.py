"""When units gave their last part and what they used of energy, from the samples themselves. Not for the figures of every frame."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from twin_app.kpi.energy import KWH
from twin_app.model.samples import Kind
from twin_app.model.usage import Usage

if TYPE_CHECKING:
    from twin_app.model.historian import Latest
    from twin_app.session.known import Known


class Meters:
    """Answers for one line. Any thread may ask."""

    def __init__(self, known: Known) -> None:
        """Ask what is known of a line."""
        self._known = known
        self._first: dict[tuple[int, int], float] = {}

    def usage(self, start_ns: int, at_ns: int) -> Usage:
        """Return the last parts by an instant, and the energy used from `start_ns` on."""
        known, span = self._known, self._known.span()
        units = [unit.id for unit in known.line.units]
        first_ns = span.start_ns if span else at_ns
        last = {unit: known.plant.next_part(unit, at_ns + 1, -1, first_ns, at_ns) for unit in units}
        now = known.latest(at_ns)
        return Usage(
            at_ns=at_ns,
            last_part_ns={unit: found[0] if found else None for unit, found in last.items()},
            energy_kwh={unit: self._energy_kwh(unit, start_ns, now) for unit in units},
        )

    def _energy_kwh(self, unit: str, start_ns: int, now: Latest) -> float:
        """Return what a unit's meter went on by since an instant; NaN without a meter, and where it began anew meanwhile."""
        signals = self._known.signals
        meters = [(i, KWH[signals[i].unit_of_measure]) for i in signals.of_unit(unit) if signals[i].unit_of_measure in KWH]
        if not meters:
            return nan
        meter, kwh = meters[0]
        used = (_number(meter, now) - self._first_number(meter, start_ns)) * kwh
        return used if used >= 0.0 else nan

    def _first_number(self, signal: int, from_ns: int) -> float:
        """Return the number in force at an instant, else the first one after it; NaN without one. Asked over and over, read once."""
        if (signal, from_ns) not in self._first:
            found = self._known.store.range(signal, from_ns, self._known.until_ns, 1)
            numbers = found.value[found.kind == Kind.NUMBER]
            if not len(numbers):
                return nan
            kept = {key: number for key, number in self._first.items() if key[1] == from_ns}
            self._first = {**kept, (signal, from_ns): float(numbers[0])}
        return self._first[signal, from_ns]


def _number(signal: int, latest: Latest) -> float:
    """Return the latest number of a signal, NaN where it has none."""
    if signal >= len(latest.kind) or latest.kind[signal] != Kind.NUMBER:
        return nan
    return float(latest.value[signal])
