"""What was made in a window, and how long that takes at the ideal rate of each product. Not for ratios: see `figures` and `iso22400`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, nan
from typing import TYPE_CHECKING

from twin_app.model.signal import DEFECTIVE, PROCESSED

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.plant.plant import Plant

Gaps = Sequence[tuple[int, int]]
Rated = Callable[[str | None], tuple[float, float]]
"""Ideal seconds a piece of a product, and how many pieces one count of it is."""


@dataclass(frozen=True, slots=True)
class Output:
    """What came out: pieces produced, good and scrap. NaN unknown."""

    produced: float
    good: float
    scrap: float

    def times(self, ratio: float) -> Output:
        """Return the same in another unit of count."""
        return Output(self.produced * ratio, self.good * ratio, self.scrap * ratio)


UNKNOWN = Output(nan, nan, nan)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, by ideal cycle: seconds a piece, and how much at it. Products of one cycle are one lot; there is always one."""

    lots: tuple[tuple[float, Output], ...]
    grain_s: float = 0.0
    """The ideal time of one count of whoever counted, the longest of all; 0 where none is known."""

    @property
    def output(self) -> Output:
        """Return all of it together."""
        outputs = [output for _, output in self.lots]
        if len(outputs) == 1:
            return outputs[0]
        return Output(*(fsum(getattr(o, name) for o in outputs) for name in ("produced", "good", "scrap")))

    def ideal_s(self, which: str) -> float:
        """Return how long `produced`, `good` or `scrap` takes at its ideal rates; unknown where the cycle of what was made is."""
        if len(self.lots) == 1:
            cycle_s, output = self.lots[0]
            return float(cycle_s * getattr(output, which))
        return fsum(cycle_s * count if (count := getattr(output, which)) else 0.0 for cycle_s, output in self.lots)

    @property
    def quality_ratio(self) -> float:
        """Return GQ / PQ, of several products weighted by their ideal times where those are known."""
        output = self.output
        good, produced = (output.good, output.produced)
        if len(self.lots) > 1 and (ideal_s := self.ideal_s("produced")) > 0.0:
            good, produced = self.ideal_s("good"), ideal_s
        return good / produced if produced else nan


def pieces(line: Line, unit: str, counts: Mapping[str, float]) -> Output:
    """Return what a unit's counts say of pieces, by the setting of its source.

    Whether `Processed` is the total (ISA-TR88) or the good pieces only is a setting of the source. A counter
    that was never heard is unknown, and so is what needs it.
    """
    processed, defective = counts.get(PROCESSED, nan), counts.get(DEFECTIVE, nan)
    if line.source(line.unit(unit).source).processed_includes_defective:
        return Output(processed, processed - defective, defective)
    return Output(processed + defective, processed, defective)


def counted(line: Line, plant: Plant, unit: str, start_ns: int, end_ns: int, gaps: Gaps) -> Output:
    """Return what a unit made in (start_ns, end_ns] outside of `gaps`, in its own count."""
    return pieces(line, unit, plant.known_counts(unit, start_ns, end_ns, gaps))


def made(line: Line, plant: Plant, unit: str, start_ns: int, end_ns: int, gaps: Gaps) -> Made:
    """Return what a unit made in (start_ns, end_ns] outside of `gaps`, in its own count, at its own ideal cycles."""
    return _lots(line, plant, unit, (start_ns, end_ns), gaps, lambda product: (ideal_cycle_s(line, unit, product), 1.0))


def left(line: Line, plant: Plant, unit: str, start_ns: int, end_ns: int, gaps: Gaps) -> Made:
    """Return what a last unit gave, in base units of the line, at the ideal cycles of the line's constraint."""

    def rated(product: str | None) -> tuple[float, float]:
        constraint = line.constraint
        return ideal_cycle_s(line, constraint, product) / line.base_units(constraint, product), line.base_units(unit, product)

    return _lots(line, plant, unit, (start_ns, end_ns), gaps, rated)


def together(parts: Sequence[Made]) -> Made:
    """Return what several units made; the lots of one cycle become one."""
    return Made(tuple(_merged([lot for part in parts for lot in part.lots])), max((part.grain_s for part in parts), default=0.0))


def ideal_cycle_s(line: Line, unit: str, product: str | None) -> float:
    """Return the ideal seconds a piece of a unit, NaN where the product or its cycle is unknown."""
    cycle_s = line.ideal_cycle_s(unit, product)
    return nan if cycle_s is None else cycle_s


def _lots(line: Line, plant: Plant, unit: str, window: tuple[int, int], gaps: Gaps, rated: Rated) -> Made:
    """Return a unit's output by the cycle that `rated` gives for each product, times the ratio that it gives."""
    spans: list[tuple[int, tuple[float, float]]] = []
    for at_ns, product in plant.products(unit, *window):
        rating = rated(product)
        if not spans or not _alike(spans[-1][1], rating):
            spans.append((at_ns, rating))
    ends = [*(start_ns for start_ns, _ in spans[1:]), window[1]]
    outputs = [counted(line, plant, unit, start_ns, end_ns, gaps) for (start_ns, _), end_ns in zip(spans, ends, strict=True)]
    lots = [
        (cycle_s, output if ratio == 1.0 else output.times(ratio)) for (_, (cycle_s, ratio)), output in zip(spans, outputs, strict=True)
    ]
    grain_s = max((cycle_s * ratio for _, (cycle_s, ratio) in spans if cycle_s == cycle_s), default=0.0)  # noqa: PLR0124 - a NaN is what differs from itself
    return Made(tuple(lots) if len(lots) == 1 else tuple(_merged(lots)), grain_s)


def _alike(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Tell whether two ratings are equal; unknown equals unknown."""
    return repr(one) == repr(other)


def _merged(lots: Sequence[tuple[float, Output]]) -> list[tuple[float, Output]]:
    """Return lots with those of one cycle as one; of an unknown cycle, too."""
    found: dict[float | None, list[Output]] = {}
    for cycle_s, output in lots:
        found.setdefault(None if cycle_s != cycle_s else cycle_s, []).append(output)  # noqa: PLR0124 - a NaN is what differs from itself
    return [(nan if cycle_s is None else cycle_s, Made(tuple((0.0, o) for o in outputs)).output) for cycle_s, outputs in found.items()]
