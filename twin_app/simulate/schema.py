"""Every key a scenario file may hold: the one description that reads them. Not for rules between keys: see `scenario`."""

from __future__ import annotations

from typing import Any

from twin_app.layout.kinds import Choice, Flag, Integer, Listed, Mapped, Name, Number, Text
from twin_app.layout.table import Key, Table, Tables
from twin_app.model.packml import TRANSIENT, State
from twin_app.simulate.laws import Law, LawKind
from twin_app.simulate.spec import Alarm, AlarmOn, Blocked, Fault, FaultKind, Order, Scenario, Sensor, Stock, UnitSpec, Vehicle, When

SCHEMA = 1
"""The version of the file format that this twin reads."""
LONGEST_S = 366 * 86_400.0

_NAME = Name()
_SHARE = Number(0, 1)
_SECONDS = Number(0, LONGEST_S)
_POSITIVE_S = Number(0, LONGEST_S, above=True)
_KW = Number(0, 100_000)
_FAMILY = Choice(tuple(LawKind), blank=LawKind.DETERMINISTIC, meaning=LawKind)
_ACTING = Choice(tuple(sorted(state.title for state in TRANSIENT)))

LAW = Table(
    "unit.cycle",
    "How a time is distributed.",
    Law,
    (
        Key("kind", _FAMILY, "Family of distributions."),
        Key("mean_s", _POSITIVE_S, "Mean."),
        Key("cv", Number(0, 10, above=True), "Standard deviation over mean, of normal and lognormal."),
        Key("shape", Number(0.2, 50), "Shape of weibull: below 1 early failures, above 1 wear."),
        Key("low_s", _SECONDS, "Least time, of normal, triangular and uniform."),
        Key("mode_s", _SECONDS, "Most frequent time, of triangular."),
        Key("high_s", _SECONDS, "Greatest time, of triangular and uniform."),
        Key("step_s", _POSITIVE_S, "Of geometric: times are whole steps."),
        Key("values_s", Listed(_SECONDS, least=1, most=10_000), "Of empirical: each as likely as any other."),
    ),
)

SENSOR = Table(
    "unit.sensor",
    "A measurement that follows what the unit does.",
    Sensor,
    (
        Key("name", _NAME, "Name of the signal."),
        Key("rest", Number(), "Where it settles while the unit stands."),
        Key("running", Number(), "Where it settles while the unit works."),
        Key("settle_s", _SECONDS, "After this long 63 % of a step is reached."),
        Key("noise", Number(0), "Standard deviation of a sample."),
    ),
)

STOCK = Table(
    "unit.stock",
    "Material before a first unit, or products behind a last one.",
    Stock,
    (
        Key("at_start", Integer(0, 10**9), "What is there at the start."),
        Key("capacity", Integer(1, 10**9), "What fits."),
        Key("reorder_at", Integer(0, 10**9), "Ordered anew when no more is left (first units)."),
        Key("quantity", Integer(1, 10**9), "Parts a delivery or a shipment."),
        Key("lead", LAW, "From order to delivery; between two shipments.", instead="an hour, always"),
    ),
)

VEHICLE = Table(
    "unit.vehicle",
    "A driverless vehicle.",
    Vehicle,
    (
        Key("load", Integer(1, 10_000), "Parts it carries at most."),
        Key("speed_m_s", Number(0, 50, above=True), "Speed."),
        Key("handling_s", _SECONDS, "To load, and again to unload."),
        Key("range_s", _POSITIVE_S, "Driving time on a full battery."),
        Key("charge_below", _SHARE, "Share of the battery below which it charges."),
        Key("charge_s", _SECONDS, "From empty to full."),
        Key("routes", Mapped(_NAME, _NAME), "Where it brings what it fetched from a unit."),
    ),
)

ALARM = Table(
    "unit.alarm",
    "An alarm that a unit has.",
    Alarm,
    (
        Key("number", Integer(1, 999), "Its index in PackML's Admin.Alarm; its bit in a fault word is one less."),
        Key("text", Text(), "What it says."),
        Key("on", Choice(tuple(AlarmOn), blank=AlarmOn.FAILURE, meaning=AlarmOn), "What it is raised for; of several any comes."),
        Key("category", Integer(1, 9), "1 is the gravest."),
    ),
)

UNIT = Table(
    "unit",
    "How one unit behaves; `[defaults]` holds the same keys for all.",
    UnitSpec,
    (
        Key("cycle", Mapped(_NAME, LAW), "Cycle time by product.", instead="the layout's ideal cycle over `pace`, spread as below"),
        Key("pace", Number(0.01, 10), "Speed it is run at over its ideal speed."),
        Key("cycle_kind", _FAMILY, "Family of the cycle times that `cycle` does not name."),
        Key("cycle_cv", Number(0, 10, above=True), "Standard deviation over mean of those."),
        Key("mttf_s", _SECONDS, "Mean working time to the next failure; 0: it never fails."),
        Key("failure", LAW, "Shape of the time to failure; its mean is `mttf_s`, unless the family has its own.", instead="exponential"),
        Key("mttr_s", _POSITIVE_S, "Mean repair time."),
        Key("repair", LAW, "Shape of the repair time; its mean is `mttr_s`, as above.", instead="exponential; `lively`: lognormal, cv 0.7"),
        Key("micro_stop_every_s", _SECONDS, "Mean working time between micro-stops; 0: there are none."),
        Key("micro_stop", LAW, "Length of a micro-stop.", instead="lognormal, mean 15 s, cv 0.6"),
        Key("scrap", _SHARE, "Share of its parts that it spoils, notices and throws out."),
        Key("defect", _SHARE, "Share of its parts that it spoils unnoticed."),
        Key("detects", _SHARE, "Share of the spoilt parts that it finds (inspection)."),
        Key("false_reject", _SHARE, "Share of the good parts that it takes for bad (inspection)."),
        Key("rework_to", _NAME, "Unit that it feeds with parts to be reworked."),
        Key("rework_share", _SHARE, "Share of the parts found bad that can be reworked."),
        Key("repairs", _SHARE, "Share of the spoilt parts that it makes good (rework)."),
        Key("setup_s", _SECONDS, "To change over between any two products."),
        Key("setups", Mapped(Text(), _SECONDS), 'To change over, by "A > B", where it differs.'),
        Key("repair_crew", _NAME, "Crew that must come before a repair."),
        Key("stop_crew", _NAME, "Crew that ends a micro-stop."),
        Key("setup_crew", _NAME, "Crew that changes over."),
        Key("when_blocked", Choice(tuple(Blocked), blank=Blocked.WAIT, meaning=Blocked), "What it does with a part that finds no room."),
        Key("suspend_after_s", _SECONDS, "A wait shorter than this is not told."),
        Key("acting_s", Mapped(_ACTING, _SECONDS), "How long the acting states last."),
        Key("running_kw", _KW, "Power while it works."),
        Key("waiting_kw", _KW, "Power while it waits or is held."),
        Key("stopped_kw", _KW, "Power while it is stopped or aborted."),
        Key(
            "sensor",
            Tables(SENSOR, most=100),
            "Measurements.",
            field="sensors",
            instead="none; `lively`: those that layout and machine type name",
        ),
        Key("sample_s", Number(0, 86_400), "Between two samples; 0: there are none."),
        Key("vehicle", VEHICLE, "What makes it a vehicle.", instead="none; of a unit of type `agv` the defaults below"),
        Key("stock", STOCK, "What it stocks.", instead="no end of material, room for all products"),
        Key("alarm", Tables(ALARM, most=100), "Its alarms.", field="alarms", instead="1 for a failure, 2 for a malfunction that stops it"),
    ),
    make=dict,
)

ORDER = Table(
    "order",
    "So many parts of one product, counted where material enters.",
    Order,
    (
        Key("product", _NAME, "Id of the product."),
        Key("quantity", Integer(1, 10**9), "How many."),
        Key("id", _NAME, "What the machines call it.", instead="its number"),
    ),
)

MALFUNCTION = Table(
    "malfunction",
    "What goes wrong, with a machine or with what is told of it.",
    Fault,
    (
        Key("kind", Choice(tuple(FaultKind), blank=FaultKind.STOP, meaning=FaultKind), "Which malfunction."),
        Key("unit", _NAME, "Id of the unit."),
        Key("at_s", _SECONDS, "When it begins, from the start of the run.", instead="by `when`, or by hand"),
        Key("when", Choice(tuple(When), blank=None, meaning=When), "On what condition it begins."),
        Key("reaches", Number(0), "Of `parts` and `level`: how many."),
        Key("state", Choice(tuple(state.title for state in State)), 'Of `when = "state"`: which; of `wrong_state`: what is told.'),
        Key("lasts_s", _POSITIVE_S, "How long; without it until somebody clears it."),
        Key("size", Number(), "How much, in the unit of its kind.", instead="as in the list above"),
        Key("sensor", _NAME, "Name of the sensor; without it all of the unit."),
    ),
)

ROOT = Table(
    "",
    "The file as a whole.",
    Scenario,
    (
        Key("schema", Integer(SCHEMA, SCHEMA), "Version of this format.", instead="needed"),
        Key("layout", Text(), "The layout it belongs to, beside the file.", instead="the layout in use"),
        Key(
            "extends",
            Text(),
            "A scenario beside the file, which counts where this one says nothing; malfunctions add up.",
            instead="nothing",
        ),
        Key("base", Choice(("lively", "plain"), blank="lively"), "What counts where nothing is said.", instead="lively"),
        Key("initial_fill", _SHARE, "Share of each buffer, and of what a unit collects for a cycle, that is there from the shift before."),
        Key("default_buffer", Integer(0, 100_000), "Places of a buffer whose capacity the layout does not tell."),
        Key("repeat_orders", Flag(), "Whether the orders begin anew after the last."),
        Key("use_calendar", Flag(), "Whether the layout's shifts count."),
        Key("crew", Mapped(_NAME, Integer(1, 10_000)), "How many people, by name of the crew.", field="crews"),
        Key("defaults", UNIT, "How all units behave.", instead="as `base` says"),
        Key("unit", Mapped(_NAME, UNIT), "How one unit behaves, by its id.", field="units"),
        Key("order", Tables(ORDER), "What is made, in this sequence.", field="orders"),
        Key("malfunction", Tables(MALFUNCTION), "What goes wrong.", field="faults"),
    ),
    make=lambda **read: read,
)


TABLES = (ROOT, UNIT, LAW, SENSOR, STOCK, VEHICLE, ALARM, ORDER, MALFUNCTION)
"""All tables of a file, as `docs/scenario.md` shows them."""


def read_root(document: dict[str, object], at: Any) -> dict[str, Any]:  # noqa: ANN401 - `At`, kept out of this file's imports
    """Return the keys of a document as typed values; every finding is reported to `at`."""
    read = ROOT.read(document, at)
    return read if isinstance(read, dict) else {}
