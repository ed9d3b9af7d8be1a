"""How an order went: since when, until when, how far it is, whether it keeps the pace of the layout's target. Not for its figures: see `parts`."""

from __future__ import annotations

from math import fsum, isfinite, nan
from typing import TYPE_CHECKING

from twin_app.kpi.detail import times_of
from twin_app.kpi.figures import planned_of, summed
from twin_app.kpi.made import counted, made, together
from twin_app.kpi.traced import traced
from twin_app.model.kpi import Course

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from twin_app.kpi.figures import Spans
    from twin_app.kpi.made import Made
    from twin_app.model.equipment import Line
    from twin_app.model.work import Run
    from twin_app.plant.plant import Plant

FAR_BACK_NS = 30 * 86_400 * 10**9
"""An order that was taken up longer ago is told from here on."""


def course(line: Line, plant: Plant, unit: str | None, order: str, quantity: float | None, end_ns: int) -> Course | None:
    """Return how an order went up to an instant, of a unit or (None) of the line; None where the unit, or the constraint, has not taken it up.

    `quantity` is what is planned of it, in the count of the unit, or of the line.
    """
    maker = line.constraint if unit is None else unit
    runs = plant.runs(maker, end_ns - FAR_BACK_NS, end_ns)
    own = spans_of_order(runs, order)
    if not own:
        return None
    lasts = [maker] if unit is not None else [last.id for last in line.last_units] or [maker]
    ends = {name: spans_of_order(plant.runs(name, own[0][0], end_ns), order) for name in lasts}
    still = own[-1][1] == end_ns or any(spans and spans[-1][1] == end_ns for spans in ends.values())
    before = [run.task.order for run in runs if run.start_ns < own[0][0]]
    good = _good(line, plant, unit, ends)
    passed_on = _passed_on(line, plant, unit, own, end_ns)
    ideal_s, pieces = (nan, nan) if passed_on is None else (passed_on.ideal_s("good"), passed_on.output.good)
    busy_s = _busy_s(line, plant, maker, own, end_ns)
    target = (line.targets if unit is None else line.unit(unit).targets).oee_index
    to_go = nan if quantity is None else max(quantity - (pieces if still else good), 0.0)
    return Course(
        began_ns=own[0][0], began_earlier=not before or before[-1] is None, ended_ns=None if still else max([own[-1][1], *(s[-1][1] for s in ends.values() if s)]),
        good=good, ahead_s=ideal_s / target - busy_s if target else nan,
        to_go=to_go, to_go_s=to_go * busy_s / pieces if isfinite(to_go) and pieces else nan,
    )  # fmt: skip


def spans_of_order(runs: Iterable[Run], order: str) -> Sequence[tuple[int, int]]:
    """Return the spans of an order's runs, neighbours as one."""
    found: list[tuple[int, int]] = []
    for run in runs:
        if run.task.order != order:
            continue
        if found and run.start_ns <= found[-1][1]:
            found[-1] = (found[-1][0], run.end_ns)
        else:
            found.append((run.start_ns, run.end_ns))
    return found


def _good(line: Line, plant: Plant, unit: str | None, ends: dict[str, Spans]) -> float:
    """Return the good pieces that came out, also while nobody knew the state; of the line in base units."""
    if unit is None and not line.flow_is_known:
        return nan
    found = []
    for name, spans in ends.items():
        for span in spans:
            ratio = 1.0 if unit is not None else line.base_units(name, plant.task(name, span[0]).product)
            found.append(counted(line, plant, name, *span, ()).good * ratio)
    return fsum(found)


def _passed_on(line: Line, plant: Plant, unit: str | None, own: Spans, end_ns: int) -> Made | None:
    """Return what was made of it so far, of the line what its constraint passed on and nobody behind threw out; None where that cannot be followed."""
    if unit is not None:
        return together([made(line, plant, unit, *span, plant.blind(unit, *span)) for span in own])
    order = plant.task(line.constraint, own[0][0]).order or ""
    followed = traced(line, plant, lambda name: spans_of_order(plant.runs(name, own[0][0], end_ns), order))
    return None if followed is None else followed.made


def _busy_s(line: Line, plant: Plant, unit: str, spans: Spans, end_ns: int) -> float:
    """Return the planned busy time of some spans over known time, seconds."""
    return times_of(summed(plant, unit, spans, end_ns), planned_of(line)).planned_busy_s
