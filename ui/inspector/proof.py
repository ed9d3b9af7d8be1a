"""Which figures of a unit are shown, how they are formed, and which of its intervals each is made of. Not for painting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from twin_app.kpi.energy_words import co2_per_good, kg_told, kwh_told, per_good
from twin_app.kpi.proof import LOST, MADE_OF, Picks, of
from twin_app.model.kpi import LOSS_WORDS, Loss
from twin_app.model.packml import CATEGORY_WORDS, Category
from twin_app.text import N_, duration, number, percent, tr
from ui.words import oee

if TYPE_CHECKING:
    from twin_app.model.kpi import Account, Detail, Kpi


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, its value in words, how it is formed, and which intervals it is made of."""

    name: str
    shown: Callable[[Kpi, Detail], str]
    formula: str
    picks: Picks


def _figure(name: str, shown: Callable[[Kpi, Detail], str], formula: str) -> Figure:
    """Return a figure with the intervals it is made of."""
    return Figure(name, shown, formula, MADE_OF[name])


FIGURES = (
    _figure(N_("OEE index"), lambda kpi, _: oee(kpi), "PRU × GQ / PBT"),
    _figure(N_("Availability"), lambda kpi, _: percent(kpi.availability), "APT / PBT"),
    _figure(N_("Effectiveness"), lambda kpi, _: percent(kpi.effectiveness), "PRU × PQ / APT"),
    _figure(N_("Quality ratio"), lambda kpi, _: percent(kpi.quality_ratio), "GQ / PQ"),
    _figure(N_("Good pieces"), lambda kpi, _: number(kpi.good), "GQ"),
    _figure(N_("NEE index"), lambda _, d: percent(d.nee_index), "AUPT / PBT × E × Q"),
    _figure(N_("Utilization efficiency"), lambda _, d: percent(d.utilization_efficiency), "APT / AUBT"),
    _figure(N_("Allocation efficiency"), lambda _, d: percent(d.allocation_efficiency), "AUBT / PBT"),
    _figure(N_("Technical efficiency"), lambda _, d: percent(d.technical_efficiency), "APT / (APT + ADET)"),
    _figure(N_("Setup ratio"), lambda _, d: percent(d.setup_ratio), "AUST / AUPT"),
    _figure(N_("Scrap ratio"), lambda _, d: percent(d.scrap_ratio), "SQ / PQ"),
    _figure(N_("Rework ratio"), lambda _, d: percent(d.rework_ratio), "RQ / PQ"),
    _figure(N_("First pass yield"), lambda _, d: percent(d.first_pass_yield), "(GQ − RQ) / PQ"),
    _figure(N_("Throughput"), lambda _, d: tr("{n}/h", n=number(d.throughput_per_h, 1)), "PQ / AUBT"),
    _figure(N_("Failures"), lambda _, d: number(d.failures), "FE"),
    _figure("MTBF", lambda _, d: duration(d.mtbf_s), "APT / FE"),
    _figure(N_("Energy a good piece"), lambda _, d: per_good(d.energy), N_("energy of known time / GQ")),
    _figure(N_("CO2 a good piece"), lambda _, d: co2_per_good(d.energy), N_("energy a good piece × factor")),
    _figure(
        N_("Energy while idle"),
        lambda _, d: percent(d.energy.idle_share if d.energy else None),
        N_("energy outside of production / all"),
    ),
    _figure(N_("Blind time"), lambda _, d: duration(d.times.blind_s), N_("nobody knows the state")),
    _figure("MTTR", lambda _, d: duration(d.mttr_s), N_("time in failure / FE")),
)
"""What a unit's figures are, ISO 22400-2; each opens its intervals."""

LOSSES = tuple(
    Figure(words, lambda _, d, loss=loss: duration(d.losses_s[loss]), N_("of PBT"), LOST[loss])  # type: ignore[misc] # mypy infers no type for a default argument
    for loss, words in LOSS_WORDS.items()
)
"""Where the planned busy time went; with the ideal time of good pieces they add up to it."""


def _used(category: Category) -> Callable[[Kpi, Detail], str]:
    """Return what words the energy of a category."""
    return lambda _, d: kwh_told(d.energy.by_category.get(category) if d.energy else None)


ENERGY = {category: Figure(words, _used(category), N_("{energy} each"), of(category)) for category, words in CATEGORY_WORDS.items()}
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
