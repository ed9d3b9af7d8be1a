"""Which figures of a unit are shown, how they are formed, and which of its intervals each is made of. Not for painting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from twin_app.kpi.detail import DELAYS
from twin_app.kpi.energy_words import co2_per_good, kg_told, kwh_told, per_good
from twin_app.model.kpi import LOSS_WORDS, Loss
from twin_app.model.packml import CATEGORY_WORDS, FAILURES, TRANSIENT, Category
from twin_app.text import N_, duration, number, percent, tr
from ui.words import oee

if TYPE_CHECKING:
    from twin_app.model.kpi import Account, Detail, Kpi, Spent

Picks = Callable[["Spent"], bool]
_DELAYS, _STOPS = frozenset(DELAYS), frozenset({Category.INTERNAL_STOP, Category.TRANSITION})
_NEIGHBOURS = frozenset({Category.STARVED, Category.BLOCKED, Category.EXTERNAL})


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, its value in words, how it is formed, and which intervals it is made of."""

    name: str
    shown: Callable[[Kpi, Detail], str]
    formula: str
    picks: Picks


def _of(*categories: Category) -> Picks:
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


FIGURES = (
    Figure(N_("OEE index"), lambda kpi, _: oee(kpi), "PRU × GQ / PBT", _busy),
    Figure(N_("Availability"), lambda kpi, _: percent(kpi.availability), "APT / PBT", _of(Category.PRODUCTION)),
    Figure(N_("Effectiveness"), lambda kpi, _: percent(kpi.effectiveness), "PRU × PQ / APT", _of(Category.PRODUCTION)),
    Figure(N_("Quality ratio"), lambda kpi, _: percent(kpi.quality_ratio), "GQ / PQ", _counted),
    Figure(N_("Good pieces"), lambda kpi, _: number(kpi.good), "GQ", _counted),
    Figure(N_("NEE index"), lambda _, d: percent(d.nee_index), "AUPT / PBT × E × Q", _of(Category.PRODUCTION, Category.SETUP)),
    Figure(N_("Utilization efficiency"), lambda _, d: percent(d.utilization_efficiency), "APT / AUBT", _of(Category.PRODUCTION)),
    Figure(N_("Allocation efficiency"), lambda _, d: percent(d.allocation_efficiency), "AUBT / PBT", _busy),
    Figure(N_("Technical efficiency"), lambda _, d: percent(d.technical_efficiency), "APT / (APT + ADET)", _delayed),
    Figure(N_("Setup ratio"), lambda _, d: percent(d.setup_ratio), "AUST / AUPT", _of(Category.SETUP)),
    Figure(N_("Scrap ratio"), lambda _, d: percent(d.scrap_ratio), "SQ / PQ", _spoilt),
    Figure(N_("Rework ratio"), lambda _, d: percent(d.rework_ratio), "RQ / PQ", _counted),
    Figure(N_("First pass yield"), lambda _, d: percent(d.first_pass_yield), "(GQ − RQ) / PQ", _counted),
    Figure(N_("Throughput"), lambda _, d: tr("{n}/h", n=number(d.throughput_per_h, 1)), "PQ / AUBT", _counted),
    Figure(N_("Failures"), lambda _, d: number(d.failures), "FE", _failed),
    Figure("MTBF", lambda _, d: duration(d.mtbf_s), "APT / FE", _failed),
    Figure(N_("Energy a good piece"), lambda _, d: per_good(d.energy), N_("energy of known time / GQ"), _busy),
    Figure(N_("CO2 a good piece"), lambda _, d: co2_per_good(d.energy), N_("energy a good piece × factor"), _busy),
    Figure(
        N_("Energy while idle"),
        lambda _, d: percent(d.energy.idle_share if d.energy else None),
        N_("energy outside of production / all"),
        _idle,
    ),
    Figure(N_("Blind time"), lambda _, d: duration(d.times.blind_s), N_("nobody knows the state"), _of(Category.BLIND)),
    Figure("MTTR", lambda _, d: duration(d.mttr_s), N_("time in failure / FE"), _failed),
)
"""What a unit's figures are, ISO 22400-2; each opens its intervals."""

_LOST: dict[Loss, Picks] = {
    Loss.FAILURE: _of(Category.FAILURE), Loss.SETUP: _of(Category.SETUP), Loss.MINOR_STOPS: _of(Category.MINOR_STOP),
    Loss.SPEED: _of(Category.PRODUCTION), Loss.DEFECTS: _while_running, Loss.STARTUP: _started_up,
    Loss.OTHER_STOPS: lambda row: row.category in _STOPS, Loss.NEIGHBOURS: lambda row: row.category in _NEIGHBOURS,
    Loss.WAITING: _of(Category.WAITING), Loss.NO_ORDER: _of(Category.NO_ORDER),
}  # fmt: skip
LOSSES = tuple(
    Figure(words, lambda _, d, loss=loss: duration(d.losses_s[loss]), N_("of PBT"), _LOST[loss])  # type: ignore[misc] # mypy infers no type for a default argument
    for loss, words in LOSS_WORDS.items()
)
"""Where the planned busy time went; with the ideal time of good pieces they add up to it."""


def _used(category: Category) -> Callable[[Kpi, Detail], str]:
    """Return what words the energy of a category."""
    return lambda _, d: kwh_told(d.energy.by_category.get(category) if d.energy else None)


ENERGY = {category: Figure(words, _used(category), N_("{energy} each"), _of(category)) for category, words in CATEGORY_WORDS.items()}
"""What a machine's energy went into; only what took some is shown."""


def energy_a_piece(account: Account, category: Category) -> tuple[str, str]:
    """Return what a category took of energy for each good piece, and that with its CO2 as a sentence."""
    energy = account.detail.energy
    piece = energy.kwh_per_good_by_category.get(category) if energy else None
    factor = energy.kg_co2e_per_kwh if energy else None
    co2 = kg_told(piece * factor) if piece is not None and factor is not None else tr("no CO2 factor in the layout")
    told = kwh_told(piece)
    return tr(ENERGY[category].formula, energy=told), tr("{energy} and {co2} for each good piece", energy=told, co2=co2)


def share_lost(account: Account, loss: Loss) -> str:
    """Return a loss as a share of the planned busy time."""
    busy_s = account.detail.times.planned_busy_s
    lost_s = account.detail.losses_s[loss]
    return percent(lost_s / busy_s) if busy_s and isfinite(lost_s) else "–"
