"""Which intervals each figure of a unit is made of, by the figure's name, and which of them says most. Not for the figures' values."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING

from twin_app.kpi.detail import DELAYS
from twin_app.model.kpi import LOSS_WORDS, Loss, Spent
from twin_app.model.packml import CATEGORY_WORDS, FAILURES, TRANSIENT, Category

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Picks = Callable[[Spent], bool]
_DELAYS = frozenset(DELAYS)


def of(*categories: Category) -> Picks:
    """Return what picks intervals of some categories."""
    chosen = frozenset(categories)
    return lambda row: row.category in chosen


def _busy(row: Spent) -> bool:
    """Pick the planned busy time."""
    return row.category is not Category.PLANNED


def _delayed(row: Spent) -> bool:
    """Pick production and delays."""
    return row.category is Category.PRODUCTION or row.category in _DELAYS


def _idle(row: Spent) -> bool:
    """Pick all known time but production."""
    return row.category not in {Category.PRODUCTION, Category.BLIND}


def _counted(row: Spent) -> bool:
    """Pick intervals in which something was counted."""
    return row.produced > 0 or row.scrap > 0


def _spoilt(row: Spent) -> bool:
    """Pick intervals in which scrap was counted."""
    return row.scrap > 0


def _failed(row: Spent) -> bool:
    """Pick failures."""
    return row.state in FAILURES


def _started_up(row: Spent) -> bool:
    """Pick scrap of set-up and of the way into and out of production."""
    return row.scrap > 0 and (row.category is Category.SETUP or row.state in TRANSIENT)


def _while_running(row: Spent) -> bool:
    """Pick other scrap."""
    return row.scrap > 0 and not _started_up(row)


LOST: Mapping[Loss, Picks] = {
    Loss.FAILURE: of(Category.FAILURE), Loss.SETUP: of(Category.SETUP), Loss.MINOR_STOPS: of(Category.MINOR_STOP),
    Loss.SPEED: of(Category.PRODUCTION), Loss.DEFECTS: _while_running, Loss.STARTUP: _started_up,
    Loss.OTHER_STOPS: of(Category.INTERNAL_STOP, Category.TRANSITION),
    Loss.NEIGHBOURS: of(Category.STARVED, Category.BLOCKED, Category.EXTERNAL),
    Loss.WAITING: of(Category.WAITING), Loss.NO_ORDER: of(Category.NO_ORDER),
}  # fmt: skip
"""The intervals that losses are made of."""
MADE_OF: Mapping[str, Picks] = {
    "OEE index": _busy, "Availability": of(Category.PRODUCTION), "Effectiveness": of(Category.PRODUCTION), "Quality ratio": _counted,
    "Good pieces": _counted, "NEE index": of(Category.PRODUCTION, Category.SETUP), "Utilization efficiency": of(Category.PRODUCTION),
    "Allocation efficiency": _busy, "Technical efficiency": _delayed, "Setup ratio": of(Category.SETUP), "Scrap ratio": _spoilt,
    "Rework ratio": _counted, "First pass yield": _counted, "Throughput": _counted, "Failures": _failed, "MTBF": _failed, "MTTR": _failed,
    "Energy a good piece": _busy, "CO2 a good piece": _busy, "Energy while idle": _idle, "Blind time": of(Category.BLIND),
    **{LOSS_WORDS[loss]: picks for loss, picks in LOST.items()},
    **{words: of(category) for category, words in CATEGORY_WORDS.items() if words not in LOSS_WORDS.values()},
}  # fmt: skip
"""The intervals that every figure is made of, by the figure's words in the catalogue; of a category the time that counts as it."""
_SCRAP = frozenset({"Scrap ratio", "Quality ratio", LOSS_WORDS[Loss.DEFECTS], LOSS_WORDS[Loss.STARTUP]})
_COUNTS = frozenset({"Good pieces", "Rework ratio", "First pass yield", "Throughput"})
_PACE = frozenset({"Effectiveness", LOSS_WORDS[Loss.SPEED]})
_LESSENED = frozenset({"OEE index", "Availability", "NEE index", "Utilization efficiency", "Allocation efficiency", "Technical efficiency"})
"""Figures that a stop lessens: what says most of them is the longest time that was no production."""


def weightiest(figure: str, rows: Iterable[Spent]) -> Spent | None:
    """Return the interval that says most about a figure, None where nothing was of it.

    Of time it is the longest, of counts the one with most of them, of a pace the one that lost most time beside the average; of a
    figure that stops lessen the longest stop within the planned busy time.
    """
    all_rows = list(rows)
    picked = [row for row in all_rows if MADE_OF[figure](row)]
    if figure in _LESSENED:
        picked = [row for row in all_rows if _busy(row) and row.category not in {Category.PRODUCTION, Category.BLIND}] or picked
    pace_s = _average_s(picked) if figure in _PACE else 0.0
    return max(picked, key=lambda row: _weight(figure, row, pace_s), default=None)


def _weight(figure: str, row: Spent, pace_s: float) -> float:
    """Return how much an interval says."""
    if figure in _SCRAP | _COUNTS:
        count = row.scrap if figure in _SCRAP else row.good
        return count if isfinite(count) else 0.0
    lasted_s = (row.end_ns - row.start_ns) / 1e9
    return lasted_s - pace_s * row.produced if isfinite(row.produced) else lasted_s


def _average_s(rows: Iterable[Spent]) -> float:
    """Return the seconds a piece of some intervals together, 0 where nothing was counted."""
    counted = [(row.end_ns - row.start_ns, row.produced) for row in rows if isfinite(row.produced)]
    pieces = sum(produced for _, produced in counted)
    return sum(lasted for lasted, _ in counted) / 1e9 / pieces if pieces else 0.0
