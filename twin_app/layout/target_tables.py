"""The tables of what a line should reach, and of what its energy stands for. Not for machines and sources: see `schema`."""

from __future__ import annotations

from twin_app.layout.kinds import Integer, Number, Text
from twin_app.layout.table import Key, Table
from twin_app.model.equipment import EnergyFactor, Targets
from twin_app.text import N_

_COUNT = Number(0)
_SHARE = Number(0, 1, above=True, says=N_("a share of one, above 0 and up to 1: 0.85 for 85 %"))

TARGETS = Table(
    "targets",
    "What the line (`[targets]`) or a unit (`[unit.targets]`) should reach. Ratios are shares of one: 0.85 is 85 %.",
    Targets,
    (
        Key("oee_index", _SHARE, "OEE index (ISO 22400-2)."),
        Key("availability", _SHARE, "Availability."),
        Key("effectiveness", _SHARE, "Effectiveness (performance)."),
        Key("quality_ratio", _SHARE, "Quality ratio."),
        Key("good_per_shift", _COUNT, "Good products a shift, in the unit's own count (base units for the line)."),
    ),
)

ENERGY = Table(
    "energy",
    "How much CO2 equivalent a kilowatt-hour stands for, and who says so. There is no default: a factor belongs to a grid and a year.",
    EnergyFactor,
    (
        Key("kg_co2e_per_kwh", Number(0, 10), "Kilograms of CO2 equivalent a kilowatt-hour."),
        Key("source", Text(), "Who published it."),
        Key("region", Text(), "The grid it is of."),
        Key("year", Integer(1990, 2100), "The year it is of."),
    ),
)
