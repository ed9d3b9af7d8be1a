"""An order, or a product, followed through the line: what the constraint made of it, less what was thrown out behind. Not for units by themselves: see `parts`.

Time of an order is the constraint's, and pieces leave the line later than it made them: those that leave first were made before it, those
that it made last are still on their way. So the order is measured by the pieces that the constraint passed on under it; of these only what
was thrown out behind it, while the machines there worked on that order, is lost. What left, and what is on its way, is told beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, isfinite, nan
from typing import TYPE_CHECKING

from twin_app.kpi.made import Made, Output, left, pieces, together
from twin_app.model.signal import DEFECTIVE, PROCESSED

if TYPE_CHECKING:
    from twin_app.kpi.figures import SpansOf
    from twin_app.model.equipment import Line
    from twin_app.plant.plant import Plant


@dataclass(frozen=True, slots=True)
class Traced:
    """What became of the pieces of one order or product, in base units of the line."""

    made: Made
    """What the constraint made of it over known time; what was thrown out behind is scrap."""
    on_its_way: float
    """Passed on by the constraint, neither out of the line nor thrown out by the end: positive. Negative: so many more left the line under it
    than the constraint had passed on under it; they were begun before."""

    @property
    def begun_before(self) -> float:
        """Return how many pieces left under it, at least, that the constraint passed on before."""
        return max(-self.on_its_way, 0.0) if isfinite(self.on_its_way) else nan

    @property
    def in_process(self) -> float:
        """Return how many pieces of it are on their way at the end, without those that were so at the start."""
        return max(self.on_its_way, 0.0) if isfinite(self.on_its_way) else nan


def traced(line: Line, plant: Plant, spans_of: SpansOf) -> Traced | None:
    """Follow what each unit worked on in its own spans; None where counts cannot tell it.

    They cannot where a last unit does not get its pieces from the constraint, where a unit beside the constraint counts the same kind of
    piece (a parallel way), or where one behind it counts pieces but not what it throws out.
    """
    behind, beside = _behind(line), _beside(line)
    if not line.flow_is_known or behind is None or any(_counts(plant, unit) for unit in beside):
        return None
    own = spans_of(line.constraint)
    made = together([left(line, plant, line.constraint, *span, plant.blind(line.constraint, *span)) for span in own] or [_NOTHING])
    passed_on = _counted(line, plant, line.constraint, spans_of).good
    thrown_out = fsum(_counted(line, plant, unit, spans_of).scrap for unit in behind)
    gone = fsum(_counted(line, plant, last.id, spans_of).good for last in line.last_units)
    if not isfinite(thrown_out):
        return None
    on_its_way = 0.0 if not behind else passed_on - thrown_out - gone
    return Traced(_without(made, thrown_out), on_its_way)


_NOTHING = Made(((0.0, Output(0.0, 0.0, 0.0)),))


def _behind(line: Line) -> tuple[str, ...] | None:
    """Return the units behind the constraint in their order, None where a last unit is none of them."""
    behind = _reached(line, forwards=True)
    if not all(last.id in behind | {line.constraint} for last in line.last_units):
        return None
    return tuple(unit.id for unit in line.flow_order if unit.id in behind)


def _beside(line: Line) -> tuple[str, ...]:
    """Return the units on a way of their own that count what the constraint counts."""
    along = _reached(line, forwards=True) | _reached(line, forwards=False) | {line.constraint}
    kind = line.unit(line.constraint).unit_of_count
    return tuple(unit.id for unit in line.units if unit.id not in along and unit.unit_of_count == kind)


def _counts(plant: Plant, unit: str) -> bool:
    """Tell whether a unit counts pieces at all."""
    return bool(plant.known_counts(unit, 0, 0, ()).keys() & {PROCESSED, DEFECTIVE})


def _reached(line: Line, *, forwards: bool) -> set[str]:
    """Return the units that the constraint feeds, directly or through others, or those that feed it."""
    nexts = {unit.id: {feed.to for feed in unit.feeds} for unit in line.units}
    if not forwards:
        nexts = {name: {one for one, feeds in nexts.items() if name in feeds} for name in nexts}
    found: set[str] = set()
    open_ = set(nexts[line.constraint])
    while open_:
        found |= open_
        open_ = {one for name in open_ for one in nexts.get(name, ())} - found
    return found - {line.constraint}


def _counted(line: Line, plant: Plant, unit: str, spans_of: SpansOf) -> Output:
    """Return what a unit counted of it in all, also while nobody knew its state, in base units; nothing of one that counts no pieces."""
    found = []
    for span in spans_of(unit):
        counts = plant.known_counts(unit, *span, ())
        if counts.keys() & {PROCESSED, DEFECTIVE}:
            found.append(pieces(line, unit, counts).times(line.base_units(unit, plant.task(unit, span[0]).product)))
    return Output(*(fsum(getattr(one, name) for one in found) for name in ("produced", "good", "scrap")))


def _without(made: Made, thrown_out: float) -> Made:
    """Return what was made, with what was thrown out behind as scrap: no more than was passed on, of several lots by their shares."""
    passed_on = made.output.good
    share = min(thrown_out / passed_on, 1.0) if passed_on > 0 else 0.0
    lots = []
    for cycle_s, output in made.lots:
        lost = min(thrown_out, output.good) if len(made.lots) == 1 else share * output.good
        lots.append((cycle_s, Output(output.produced, output.good - lost, output.scrap + lost)))
    return Made(tuple(lots), made.grain_s)
