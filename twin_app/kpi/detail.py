"""The further figures of ISO 22400-2 of one unit in a window: times, ratios, failures, losses, and the intervals behind them all.

Reckoned when somebody asks; what every frame shows is in `figures`. KPIs are over known time, as there.
"""

from __future__ import annotations

from dataclasses import replace
from math import fsum, nan
from typing import TYPE_CHECKING

from twin_app.kpi import iso22400
from twin_app.kpi.figures import kpi_of, line_gaps, planned_of, summed
from twin_app.kpi.made import UNKNOWN, Made, Output, counted, ideal_cycle_s, left, made, pieces, together
from twin_app.model.kpi import Detail, Loss, Spent, Times
from twin_app.model.packml import CATEGORIES, FAILURES, TRANSIENT, Category, State
from twin_app.model.signal import DEFECTIVE, PROCESSED, REWORKED
from twin_app.model.timeline import BLIND_STATE
from twin_app.plant.track import FAR_PAST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twin_app.kpi.figures import Spans, SpansOf
    from twin_app.model.equipment import Line
    from twin_app.model.timeline import Intervals, Ledger
    from twin_app.plant.plant import Plant

_SECOND_NS = 1e9
_PLANNED = CATEGORIES.index(Category.PLANNED)
_UNKNOWN = frozenset({BLIND_STATE, State.UNDEFINED})
DELAYS = (
    Category.MINOR_STOP, Category.FAILURE, Category.INTERNAL_STOP, Category.TRANSITION,
    Category.STARVED, Category.BLOCKED, Category.EXTERNAL, Category.WAITING,
)  # fmt: skip
"""What ADET is made of while an order runs."""
_LOST = {
    Loss.FAILURE: (Category.FAILURE,), Loss.SETUP: (Category.SETUP,), Loss.MINOR_STOPS: (Category.MINOR_STOP,),
    Loss.OTHER_STOPS: (Category.INTERNAL_STOP, Category.TRANSITION),
    Loss.NEIGHBOURS: (Category.STARVED, Category.BLOCKED, Category.EXTERNAL), Loss.WAITING: (Category.WAITING,),
    Loss.NO_ORDER: (Category.NO_ORDER,),
}  # fmt: skip
"""Losses that are time of the ledger; those of speed and quality are made of production."""


def detail(line: Line, plant: Plant, unit: str, start_ns: int, end_ns: int) -> Detail:
    """Return the further figures of a unit in [start_ns, end_ns]. Source of names and formulas: ISO 22400-2, see `iso22400`.

    Raises:
        KeyError: the line has no such unit.
        ValueError: the window ends before it starts.
    """
    return detail_over(line, plant, unit, [(start_ns, end_ns)], end_ns)


def detail_over(line: Line, plant: Plant, unit: str, spans: Spans, known_to_ns: int) -> Detail:
    """Return the further figures of a unit over several spans together; a stop that ends after `known_to_ns` is unfinished."""
    produced = together([made(line, plant, unit, *span, plant.blind(unit, *span)) for span in spans])
    reworked = fsum(plant.known_counts(unit, *span, plant.blind(unit, *span)).get(REWORKED, nan) for span in spans)
    if not line.unit(unit).reworks:
        reworked = 0.0
    ledger = summed(plant, unit, spans, known_to_ns)
    startup_s = fsum(_startup_scrap_s(line, plant, unit, span) for span in spans)
    found = [_failures(plant, unit, *span) for span in spans]
    failures = sum(began for began, _ in found), fsum(down_s for _, down_s in found)
    return _detail(line, ledger, produced, losses_s(ledger, produced, startup_s, planned_of(line)), reworked, failures)


def line_detail(line: Line, plant: Plant, start_ns: int, end_ns: int) -> Detail:
    """Return the further figures of the line: times, failures and losses of its constraint, pieces of its last units, in base units.

    Its speed loss is what is left of the constraint's production beside the ideal time of what left the line. First pass yield
    is good pieces that nobody reworked / pieces that left the line, good or thrown out, wherever that was.
    """
    return line_detail_over(line, plant, [(start_ns, end_ns)], [(start_ns, end_ns)], end_ns)


def line_detail_over(
    line: Line, plant: Plant, spans: Spans, leaving: Spans, known_to_ns: int, *, made_of_it: Made | None = None, spans_of: SpansOf | None = None
) -> Detail:  # fmt: skip
    """Return the line's figures over spans of its constraint, with the pieces that left it in spans of its last units.

    Of an order that was followed through the line (`kpi.traced`) the pieces are `made_of_it`, and each unit has spans of its own.
    """
    unit = line.constraint
    own = detail_over(line, plant, unit, spans, known_to_ns)
    ledger = summed(plant, unit, spans, known_to_ns)
    left_it = leaving_line(line, plant, leaving)
    produced = left_it if made_of_it is None else made_of_it
    losses = losses_s(ledger, produced, 0.0, planned_of(line))
    scrapped, reworked = lost_along(line, plant, spans_of or (lambda _: leaving))
    found = _detail(line, ledger, produced, losses, reworked, (own.failures, own.mttr_s * own.failures if own.failures else 0.0))
    good = left_it.output.good
    if made_of_it is None:
        found = replace(found, scrap_ratio=iso22400.scrap_ratio(scrapped, good + scrapped))
    return replace(found, first_pass_yield=iso22400.quality_ratio(good - reworked, good + scrapped))


def leaving_line(line: Line, plant: Plant, spans: Spans) -> Made:
    """Return what left the line in some spans, in base units, over time in which the constraint and the last units are known."""
    if not line.flow_is_known:
        return Made(((nan, UNKNOWN),))
    return together([left(line, plant, last.id, *span, line_gaps(line, plant, *span)) for span in spans for last in line.last_units])


def lost_along(line: Line, plant: Plant, spans_of: SpansOf) -> tuple[float, float]:
    """Return what all units that count threw out and reworked in their spans, in base units; NaN where one of them does not tell, or none counts."""
    scrapped, reworked = list[float](), list[float]()
    for unit in line.units:
        for start_ns, end_ns in spans_of(unit.id):
            counts = plant.known_counts(unit.id, start_ns, end_ns, plant.blind(unit.id, start_ns, end_ns))
            if counts.keys() & {PROCESSED, DEFECTIVE}:
                ratio = line.base_units(unit.id, plant.task(unit.id, start_ns).product)
                scrapped.append(pieces(line, unit.id, counts).scrap * ratio)
                reworked.append(counts.get(REWORKED, nan) * ratio if unit.reworks else 0.0)
    return (fsum(scrapped), fsum(reworked)) if scrapped else (nan, nan)


def _detail(
    line: Line, ledger: Ledger, produced: Made, losses: Mapping[Loss, float], reworked: float, failed: tuple[int, float]
) -> Detail:  # fmt: skip
    """Return the figures from a ledger, what was made, what was lost, and failures: how many, and the seconds they lasted."""
    times, output, (failures, down_s) = times_of(ledger, planned_of(line)), produced.output, failed
    kpi = kpi_of(produced, ledger, blind_s=times.blind_s, planned=planned_of(line))
    calendar_s = (ledger.end_ns - ledger.start_ns) / _SECOND_NS - times.blind_s
    return Detail(
        times=times,
        nee_index=iso22400.nee_index_of(
            kpi.effectiveness, kpi.quality_ratio, processing_s=times.processing_s, planned_busy_s=times.planned_busy_s
        ),
        utilization_efficiency=iso22400.utilization_efficiency(times.production_s, times.busy_s),
        allocation_efficiency=iso22400.allocation_efficiency(times.busy_s, times.planned_busy_s),
        technical_efficiency=iso22400.technical_efficiency(times.production_s, times.delay_s),
        setup_ratio=iso22400.setup_ratio(times.setup_s, times.processing_s),
        scrap_ratio=iso22400.scrap_ratio(output.scrap, output.produced),
        rework_ratio=iso22400.rework_ratio(reworked, output.produced),
        first_pass_yield=iso22400.quality_ratio(output.good - reworked, output.produced),
        throughput_per_h=iso22400.throughput_rate(output.produced, times.busy_s) * 3600.0,
        teep=iso22400.teep(produced.ideal_s("good"), 1.0, calendar_s),
        failures=failures,
        mtbf_s=times.production_s / failures if failures else nan,
        mttr_s=down_s / failures if failures else nan,
        losses_s=losses,
    )


def times_of(ledger: Ledger, outside: tuple[Category, ...] = (Category.PLANNED,)) -> Times:
    """Return the times of ISO 22400-2 from a ledger, of which the categories `outside` are no planned busy time.

    Without orders an order is assumed, so that ADOT is 0.
    """
    spent = {category: ledger.category_ns.get(category, 0) for category in CATEGORIES}
    production, setup = spent[Category.PRODUCTION], spent[Category.SETUP]
    delay = sum(spent[category] for category in DELAYS)
    window, planned = ledger.end_ns - ledger.start_ns, sum(spent[category] for category in outside)
    return Times(
        planned_busy_s=(window - planned - spent[Category.BLIND]) / _SECOND_NS,
        production_s=production / _SECOND_NS,
        setup_s=setup / _SECOND_NS,
        delay_s=delay / _SECOND_NS,
        down_s=(0 if Category.NO_ORDER in outside else spent[Category.NO_ORDER]) / _SECOND_NS,
        processing_s=(production + setup) / _SECOND_NS,
        busy_s=(production + setup + delay) / _SECOND_NS,
        planned_down_s=planned / _SECOND_NS,
        blind_s=spent[Category.BLIND] / _SECOND_NS,
    )


def losses_s(ledger: Ledger, made: Made, startup_s: float, outside: tuple[Category, ...] = (Category.PLANNED,)) -> Mapping[Loss, float]:
    """Return where the planned busy time went, seconds a loss; with the ideal time of the good pieces they add up to PBT.

    `startup_s` is the ideal time of the scrap that was counted in set-up or transitions.
    """
    lost = {
        loss: sum(ledger.category_ns.get(c, 0) for c in categories if c not in outside) / _SECOND_NS for loss, categories in _LOST.items()
    }
    production_s = ledger.category_ns.get(Category.PRODUCTION, 0) / _SECOND_NS
    lost[Loss.SPEED] = production_s - made.ideal_s("produced")
    lost[Loss.STARTUP] = startup_s
    lost[Loss.DEFECTS] = made.ideal_s("scrap") - startup_s
    return {loss: lost[loss] for loss in Loss}


def spent(line: Line, plant: Plant, unit: str, start_ns: int, end_ns: int) -> Sequence[Spent]:
    """Return every interval of a unit in [start_ns, end_ns), clipped, with what it counted: what all its figures are made of.

    The durations add up to the window by category as in the ledger.
    """
    return [
        Spent(start, end, None if state == BLIND_STATE else State(state), category, made.produced, made.good, made.scrap)
        for start, end, state, category in _each(plant.intervals(unit, start_ns, end_ns))
        for made in (_counted(line, plant, unit, start, end),)
    ]


def _each(intervals: Intervals) -> Sequence[tuple[int, int, int, Category]]:
    """Return intervals as rows of start, end, state and category."""
    starts = intervals.start_ns.tolist()
    ends = [*starts[1:], intervals.end_ns][: len(starts)]
    categories = [CATEGORIES[code] for code in intervals.category.tolist()]
    return list(zip(starts, ends, intervals.state.tolist(), categories, strict=True))


def _counted(line: Line, plant: Plant, unit: str, start_ns: int, end_ns: int) -> Output:
    """Return what a unit is known to have counted in (start_ns, end_ns]."""
    return counted(line, plant, unit, start_ns, end_ns, plant.blind(unit, start_ns, end_ns))


def _startup_scrap_s(line: Line, plant: Plant, unit: str, span: tuple[int, int]) -> float:
    """Return the ideal time of a unit's scrap that was counted in set-up or transitions; NaN where scrap is not counted, or no ideal known."""
    rows = _each(plant.intervals(unit, *span))
    on_its_way = [(start, end) for start, end, state, category in rows if state in TRANSIENT or category is Category.SETUP]
    lost = [(_counted(line, plant, unit, start, end).scrap, start) for start, end in on_its_way]
    return fsum(scrap * ideal_cycle_s(line, unit, plant.task(unit, at_ns).product) for scrap, at_ns in lost if scrap)


def _failures(plant: Plant, unit: str, start_ns: int, end_ns: int) -> tuple[int, float]:
    """Return how many failures began in [start_ns, end_ns), and the seconds in failed states outside of planned stops.

    One failure is one stay in Aborting, Aborted and Clearing, however many of them it passes through. It began where another state is
    known to have been before: a machine that is in one of them when it is heard for the first time, or again, began no failure by that.
    """
    before, began, down_ns = _last_known(plant, unit, start_ns), 0, 0
    for start, end, state, category in _each(plant.intervals(unit, start_ns, end_ns)):
        failed = state in FAILURES
        began += failed and before not in FAILURES and before not in _UNKNOWN
        down_ns += (end - start) if failed and category != CATEGORIES[_PLANNED] else 0
        before = before if state in _UNKNOWN else state
    return began, down_ns / _SECOND_NS


def _last_known(plant: Plant, unit: str, at_ns: int) -> int:
    """Return the state that a unit was last known in before an instant; `BLIND_STATE`: none was ever told."""
    while len(before := plant.intervals(unit, at_ns - 1, at_ns)):
        if before.state[-1] not in _UNKNOWN:
            return int(before.state[-1])
        change = plant.next_change(unit, at_ns, -1, FAR_PAST, at_ns)
        if change is None:
            break
        at_ns = change[0]
    return BLIND_STATE
