"""The figures of a window in parts: by hour, shift, product or order, of a unit or of the line. Not for the figures themselves: see `figures`.

A product or an order may come several times: its spans are reckoned together. Of the line the time is the constraint's; of an hour
or a shift the pieces are those that left the last units in it, of a product or an order those that the constraint made of it, see `traced`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from twin_app.kpi.course import course
from twin_app.kpi.detail import detail_over, leaving_line, line_detail_over, lost_along
from twin_app.kpi.figures import kpi_of, line_gaps, planned_of, summed
from twin_app.kpi.made import made, together
from twin_app.kpi.traced import traced
from twin_app.model.kpi import By, Part
from twin_app.model.packml import Category

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from twin_app.kpi.figures import Spans, SpansOf
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Kpi
    from twin_app.model.work import Run
    from twin_app.plant.plant import Plant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
Span = tuple[int, int]


def parts(line: Line, plant: Plant, unit: str | None, by: By, start_ns: int, end_ns: int) -> list[Part]:
    """Return the parts of [start_ns, end_ns] in the order in which they begin; unit None is the line.

    Raises:
        KeyError: the line has no such unit.
    """
    if by in {By.HOUR, By.SHIFT}:
        named = _hours(line.tz, start_ns, end_ns) if by is By.HOUR else _shifts(plant, start_ns, end_ns)
        return [_part(line, plant, unit, name, [span], [span], end_ns) for name, span in named]
    own = plant.runs(line.constraint if unit is None else unit, start_ns, end_ns)
    ends = [run for last in line.last_units for run in plant.runs(last.id, start_ns, end_ns)] if unit is None else own
    keys = list(dict.fromkeys(_key(run, by) for run in sorted([*own, *ends], key=lambda run: run.start_ns)))
    found = []
    for key in keys:
        spans, leaving = _spans(own, by, key), _spans(ends, by, key)
        part = _part(line, plant, unit, key, spans, leaving, end_ns)
        if unit is None:
            part = _followed(line, plant, part, leaving, partial(_worked_on, plant, by, key, (start_ns, end_ns)), end_ns)
        part = _with_order(line, plant, unit, part, [run for run in (*own, *ends) if _key(run, by) == key], by)
        found.append(replace(part, course=course(line, plant, unit, key, part.quantity, end_ns)) if by is By.ORDER and key else part)
    return found


def spans_of(plant: Plant, unit: str, by: By, part: Part, start_ns: int, end_ns: int) -> Sequence[Span]:
    """Return when a unit itself worked on what a part is counted under; by hour and shift that is the part's own time."""
    return part.spans if by in {By.HOUR, By.SHIFT} else _spans(plant.runs(unit, start_ns, end_ns), by, part.name)


def _part(line: Line, plant: Plant, unit: str | None, name: str | None, spans: Spans, leaving: Spans, known_to_ns: int) -> Part:
    """Return the figures of some spans together."""
    if unit is not None:
        kpi, detail = _unit_kpi(line, plant, unit, spans, known_to_ns), detail_over(line, plant, unit, spans, known_to_ns)
    else:
        kpi, detail = _line_kpi(line, plant, spans, leaving, known_to_ns), line_detail_over(line, plant, spans, leaving, known_to_ns)
        kpi = replace(kpi, scrap=lost_along(line, plant, lambda _: leaving)[0])
    return Part(name=name, spans=tuple(spans), kpi=kpi, detail=detail)


def _worked_on(plant: Plant, by: By, key: str | None, window: Span, unit: str) -> list[Span]:
    """Return when a unit itself worked on a product or order."""
    return _spans(plant.runs(unit, *window), by, key)


def _followed(line: Line, plant: Plant, part: Part, leaving: Spans, spans_of: SpansOf, known_to_ns: int) -> Part:
    """Return a line's order or product with the figures of what the constraint made of it; as it is where that cannot be followed.

    Then A × E × Q is its OEE. What left the line under it, and what was thrown out anywhere while it was worked on there, are its counts.
    """
    found = traced(line, plant, spans_of)
    if found is None:
        return part
    ledger = summed(plant, line.constraint, part.spans, known_to_ns)
    out = leaving_line(line, plant, leaving)
    good, (scrap, _) = out.output.good, lost_along(line, plant, spans_of)
    kpi = kpi_of(found.made, ledger, blind_s=ledger.category_ns[Category.BLIND] / 1e9, planned=planned_of(line))
    return replace(
        part,
        kpi=replace(kpi, produced=good + scrap, good=good, scrap=scrap, ideal_good_s=out.ideal_s("good")),
        detail=line_detail_over(line, plant, part.spans, leaving, known_to_ns, made_of_it=found.made, spans_of=spans_of),
        begun_before=found.begun_before, in_process=found.in_process, made_good=found.made.output.good,
    )  # fmt: skip


def _unit_kpi(line: Line, plant: Plant, unit: str, spans: Spans, known_to_ns: int) -> Kpi:
    ledger = summed(plant, unit, spans, known_to_ns)
    produced = together([made(line, plant, unit, *span, plant.blind(unit, *span)) for span in spans])
    return kpi_of(produced, ledger, blind_s=ledger.category_ns[Category.BLIND] / 1e9, planned=planned_of(line))


def _line_kpi(line: Line, plant: Plant, spans: Spans, leaving: Spans, known_to_ns: int) -> Kpi:
    blind_ns = sum(end - start for span in spans for start, end in line_gaps(line, plant, *span))
    whole = kpi_of(
        leaving_line(line, plant, leaving),
        summed(plant, line.constraint, spans, known_to_ns),
        blind_s=blind_ns / 1e9,
        planned=planned_of(line),
    )
    own = _unit_kpi(line, plant, line.constraint, spans, known_to_ns)
    return replace(whole, availability=own.availability, effectiveness=own.effectiveness, quality_ratio=own.quality_ratio)


def _key(run: Run, by: By) -> str | None:
    """Return what a run is counted under; empty: no order; None: nobody tells."""
    return run.task.product if by is By.PRODUCT else run.task.order


def _spans(runs: Iterable[Run], by: By, key: str | None) -> list[Span]:
    """Return the spans of the runs of one key, those that touch or overlap (of several last units) as one."""
    found: list[Span] = []
    for start, end in sorted((run.start_ns, run.end_ns) for run in runs if _key(run, by) == key):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _with_order(line: Line, plant: Plant, unit: str | None, part: Part, runs: Sequence[Run], by: By) -> Part:
    """Return a part with what was planned of it, and when its first piece came."""
    units = [unit] if unit is not None else [last.id for last in line.last_units]
    tasks = [run.task for run in runs]
    quantity = (
        next((task.quantity for task in reversed(tasks) if task.quantity is not None), None) if by is By.ORDER and part.name else None
    )
    ends = [
        (name, span) for name in units for span in _spans(plant.runs(name, runs[0].start_ns, max(r.end_ns for r in runs)), by, part.name)
    ]
    first = [at for name, (start, end) in ends if (found := plant.next_part(name, start, 1, start, end)) for at in (found[0],)]
    ratio = 1.0 if unit is None else line.base_units(unit, tasks[-1].product)
    return replace(
        part,
        product=tasks[-1].product,
        quantity=None if quantity is None else quantity / ratio,
        first_piece_ns=min(first, default=None),
    )


def _hours(zone: tzinfo, start_ns: int, end_ns: int) -> list[tuple[str, Span]]:
    """Return the hours of the local clock in a window, clipped, by when they begin; an hour that the clock repeats comes twice."""
    first = _EPOCH + timedelta(microseconds=start_ns // 1000)
    offset = first.astimezone(zone).utcoffset() or timedelta()
    local = (first + offset - _EPOCH) // _HOUR * _HOUR  # the last full hour by the clock, in the zone of the start
    edges = [start_ns]
    at_ns = (local - offset) // timedelta(microseconds=1) * 1000
    while (at_ns := at_ns + 3600 * 10**9) < end_ns:
        edges.append(at_ns)
    edges.append(end_ns)
    return [
        ((_EPOCH + timedelta(microseconds=a // 1000)).astimezone(zone).isoformat(timespec="minutes"), (a, b))
        for a, b in pairwise(edges)
        if a < b
    ]


def _shifts(plant: Plant, start_ns: int, end_ns: int) -> list[tuple[str, Span]]:
    """Return the shifts of a window, clipped, and empty names for what lies outside of them."""
    found: list[tuple[str, Span]] = []
    at_ns = start_ns
    for shift in plant.shifts(start_ns, end_ns):
        if shift.start_ns > at_ns:
            found.append(("", (at_ns, shift.start_ns)))
        found.append((shift.name, (max(shift.start_ns, at_ns), min(shift.end_ns, end_ns))))
        at_ns = min(shift.end_ns, end_ns)
    if at_ns < end_ns:
        found.append(("", (at_ns, end_ns)))
    return found
