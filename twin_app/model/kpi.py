"""ISO 22400-2 figures as values. NaN is unknown. `kpi` computes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import fsum, nan
from typing import TYPE_CHECKING

from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twin_app.model.energy import Energy
    from twin_app.model.packml import Category, State
    from twin_app.model.timeline import CounterReading, Ledger


SETTLED = 10
"""An OEE is told once so many counts fit into the planned busy time at the ideal rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """Availability A, effectiveness E, quality ratio Q and OEE index over known time, with OEE's range when some time was blind."""

    availability: float = nan
    effectiveness: float = nan
    quality_ratio: float = nan
    oee_index: float = nan
    oee_low: float = nan
    """The blind time counted as lost."""
    oee_high: float = nan
    """The blind time counted as ideal."""
    produced: float = nan
    """PQ in the unit's own count (base units for the line)."""
    good: float = nan
    scrap: float = nan
    planned_busy_s: float = nan
    """PBT over known time, seconds."""
    production_s: float = nan
    """APT, seconds."""
    blind_s: float = 0.0
    """Blind time within planned time, seconds."""
    ideal_good_s: float = nan
    """The ideal time of the good pieces, seconds."""
    grain_s: float = 0.0
    """The ideal time of one count, the coarsest of what was counted: a pallet of 480 bottles is four minutes of the line."""

    @property
    def early(self) -> bool:
        """Tell whether so little time is planned yet that a count more or less changes OEE by a tenth and more."""
        return self.planned_busy_s + self.blind_s < SETTLED * self.grain_s

    @property
    def oee_told(self) -> float:
        """Return the OEE index, NaN while it is too early to tell."""
        return nan if self.early else self.oee_index

    @property
    def blind_ideal(self) -> float:
        """Return how many pieces the blind time would have made at the ideal rate, NaN where that is unknown."""
        if not self.blind_s:
            return 0.0
        return self.blind_s * self.good / self.ideal_good_s if self.ideal_good_s else nan


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFigures:
    """All figures of one unit in a window."""

    ledger: Ledger
    counters: Mapping[str, CounterReading]
    kpi: Kpi


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFigures:
    """All figures of a line in a window [start_ns, end_ns]."""

    start_ns: int
    end_ns: int
    units: Mapping[str, UnitFigures]
    line: Kpi
    thrown_out: Mapping[str, float] = field(default_factory=dict)
    """Scrap of each unit that counts pieces, in base units of the line; NaN where it does not tell."""

    @property
    def scrapped(self) -> float:
        """Pieces that all units threw out, in base units; NaN where one does not tell, or none counts. `line.scrap` is the last units' own."""
        return fsum(self.thrown_out.values()) if self.thrown_out else nan


@dataclass(frozen=True, slots=True)
class Trend:
    """Figures of a unit (or the line) at n instants, each counted from the same start. Length n each, NaN unknown."""

    times_ns: Sequence[int]
    oee_index: Sequence[float]
    availability: Sequence[float]
    effectiveness: Sequence[float]
    quality_ratio: Sequence[float]
    rate_per_min: Sequence[float]
    """Over the minute before each instant, in the unit's own count."""
    good: Sequence[float] = ()
    """Good pieces so far: of the line in base units, of a unit in its own count."""
    gone_s: Sequence[float] = ()
    """Planned busy time so far, blind time included."""


class Loss(StrEnum):
    """Where planned busy time went that made no good piece: the six big losses of OEE, then what is not the machine's own."""

    FAILURE = "equipment_failure"
    SETUP = "setup_and_adjustment"
    MINOR_STOPS = "idling_and_minor_stops"
    SPEED = "reduced_speed"
    DEFECTS = "process_defects"
    STARTUP = "startup_losses"
    """Scrap counted while the machine was set up or on its way into or out of production."""
    OTHER_STOPS = "other_stops"
    """Held or stopped for longer than a minor stop, and changes of state."""
    NEIGHBOURS = "starved_and_blocked"
    WAITING = "waiting"
    NO_ORDER = "no_order"


LOSS_WORDS = {
    Loss.FAILURE: N_("Breakdowns"), Loss.SETUP: N_("Set-up and adjustment"), Loss.MINOR_STOPS: N_("Idling and minor stops"),
    Loss.SPEED: N_("Reduced speed"), Loss.DEFECTS: N_("Process defects"), Loss.STARTUP: N_("Start-up losses"),
    Loss.OTHER_STOPS: N_("Other stops"), Loss.NEIGHBOURS: N_("Starved and blocked"), Loss.WAITING: N_("Waiting"),
    Loss.NO_ORDER: N_("No order"),
}  # fmt: skip
"""Catalogue words of the losses, in the order they are shown in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The times of ISO 22400-2 of one unit in a window, seconds, over known time."""

    planned_busy_s: float
    """PBT."""
    production_s: float
    """APT."""
    setup_s: float
    """AUST."""
    delay_s: float
    """ADET: malfunctions, minor stops, waits while an order runs."""
    down_s: float
    """ADOT: down without an order."""
    processing_s: float
    """AUPT = APT + AUST."""
    busy_s: float
    """AUBT = AUPT + ADET."""
    planned_down_s: float
    """Planned stops: outside PBT."""
    blind_s: float
    """Nobody knows: in none of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Every further figure of one unit in a window, over known time; NaN unknown. Beside `Kpi`, which holds A, E, Q and OEE."""

    times: Times
    nee_index: float
    utilization_efficiency: float
    allocation_efficiency: float
    technical_efficiency: float
    setup_ratio: float
    scrap_ratio: float
    rework_ratio: float
    first_pass_yield: float
    """Pieces good the first time / pieces produced; without a counter of reworked pieces nobody knows."""
    throughput_per_h: float
    """Pieces an hour of the time with an order, in the unit's own count."""
    teep: float
    failures: int
    """Failure events FE that began in the window: entries to Aborting, Aborted or Clearing from any other state."""
    mtbf_s: float
    """Production time a failure; NaN without one."""
    mttr_s: float
    """Time in Aborting, Aborted or Clearing a failure; NaN without one."""
    energy: Energy | None = None
    """None: it was not asked for."""
    losses_s: Mapping[Loss, float]
    """With the ideal time of the good pieces they add up to PBT. Speed may be negative: the ideal is then too slow."""


@dataclass(frozen=True, slots=True)
class Spent:
    """One interval a figure is made of: what the unit did in it and what it counted, in its own count (NaN unknown)."""

    start_ns: int
    end_ns: int
    state: State | None
    """None: nobody knows."""
    category: Category
    produced: float
    good: float
    scrap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All figures of one unit in a window, and the intervals they are made of."""

    kpi: Kpi
    detail: Detail
    spent: Sequence[Spent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How an order went from when it was taken up, which may lie before the window, to the window's end. Counts as of the part's figures."""

    began_ns: int
    """When it was taken up: by the unit itself, of the line by its constraint."""
    began_earlier: bool
    """Whether it may have begun earlier than anybody tells."""
    ended_ns: int | None
    """When the unit, of the line the last of its last units, took up other work; None: it is open at the window's end."""
    good: float
    """Good pieces of it in all: of the line what left it. NaN unknown."""
    ahead_s: float
    """Planned busy time by which it is ahead of the layout's target of OEE, negative behind; NaN without a target, or unknown."""
    to_go: float
    """Planned pieces that are still to be made, of the line by its constraint; of an order that has ended those it lacks. NaN without a plan."""
    to_go_s: float
    """Planned busy time that they take at the rate of the order so far; NaN unknown."""

    @property
    def open(self) -> bool:
        """Tell whether it is still worked on."""
        return self.ended_ns is None


class By(StrEnum):
    """What a window is taken apart by."""

    HOUR = "hour"
    SHIFT = "shift"
    PRODUCT = "product"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The figures of a part of a window, in the unit's own count, of the line in base units."""

    name: str | None
    """The local hour it begins in, its shift, product or order. Empty: outside of all shifts, or without an order; None: nobody tells."""
    spans: tuple[tuple[int, int], ...]
    """Of the unit, of the line's constraint; none where only the pieces that left the line belong to it."""
    kpi: Kpi
    detail: Detail
    product: str | None = None
    quantity: float | None = None
    """What is planned of the order; None: nobody tells."""
    first_piece_ns: int | None = None
    """When its first piece was counted, by the line's last units; None: not yet."""
    begun_before: float = nan
    """Of the line's orders and products: good pieces of it that the constraint passed on before it, or before the window, at least; NaN: not followed."""
    in_process: float = nan
    """Of the line's: pieces of it that the constraint passed on and that have neither left nor been thrown out; NaN: not followed."""
    made_good: float = nan
    """Of the line's: good pieces that the constraint made of it, less what was thrown out behind, wherever they are now; NaN: not followed."""
    course: Course | None = None
    """How the order went; None: it is no order."""
