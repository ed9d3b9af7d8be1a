"""The JSON and the table that `kpi --by` prints: the figures of a window by hour, shift, product or order. Not for reckoning: see `kpi.parts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from rich.table import Table

from twin_app.kpi.energy_words import co2_per_good, coverage_told, per_good
from twin_app.kpi.order_words import CourseAnswer, began_told, course_answer, ended_told, pace_told, remarks
from twin_app.service.answers import DetailAnswer, Known, LineAnswer, detail_answer, known, line_answer
from twin_app.service.tables import oee, rendered
from twin_app.text import clock_time, duration, number, percent, tr
from twin_app.times import iso_utc, parse_instant_ns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.energy import Energy
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Part


class PartAnswer(TypedDict):
    """One part; `name` is the local hour, shift, product or order; empty: outside of all shifts, or without an order; null: nobody tells."""

    name: str | None
    spans: list[tuple[str, str]]
    product: str | None
    quantity: Known
    """What is planned of the order."""
    first_piece: str | None
    begun_before: Known
    """Good pieces of the line's order or product that its constraint passed on before it, or before the window, at least."""
    in_process: Known
    """Pieces of it that are on their way from the constraint to the end of the line."""
    course: CourseAnswer | None
    """How an order went."""
    kpi: LineAnswer
    detail: DetailAnswer


PartsAnswer = TypedDict(
    "PartsAnswer", {"from": str, "to": str, "simulated": bool, "by": str, "unit": str | None, "parts": list[PartAnswer]}
)
"""What `kpi --by ... --json` prints; `unit` null is the line. Times are ISO 8601 in UTC."""


def parts_answer(by: str, unit: str | None, parts: Sequence[Part], window: tuple[int, int], *, simulated: bool) -> PartsAnswer:
    """Return the object that is printed."""
    return {
        "from": iso_utc(window[0]), "to": iso_utc(window[1]), "simulated": simulated, "by": by, "unit": unit,
        "parts": [_part(part) for part in parts],
    }  # fmt: skip


def _part(part: Part) -> PartAnswer:
    return {
        "name": part.name, "spans": [(iso_utc(start_ns), iso_utc(end_ns)) for start_ns, end_ns in part.spans], "product": part.product,
        "quantity": known(part.quantity), "first_piece": None if part.first_piece_ns is None else iso_utc(part.first_piece_ns),
        "begun_before": known(part.begun_before), "in_process": known(part.in_process), "course": course_answer(part.course),
        "kpi": line_answer(part.kpi),
        "detail": detail_answer(part.detail),
    }  # fmt: skip


def parts_table(answer: PartsAnswer, line: Line, parts: Sequence[Part]) -> str:
    """Return the parts as a table, with their energy where there is a meter."""
    energies = [part.detail.energy for part in parts]
    metered = any(energy is not None and energy.metered_s for energy in energies)
    mark = tr("SIMULATED · ") if answer["simulated"] else ""
    table = Table(title=f"{mark}{answer['from']} – {answer['to']} · {answer['unit'] or tr('Line')}")
    headings = {"hour": tr("Hour"), "shift": tr("Shift"), "product": tr("Product"), "order": tr("Order")}
    table.add_column(headings[answer["by"]])
    of_order = answer["by"] == "order"
    course = (tr("End"), tr("Changeover"), tr("Target")) if of_order else ()
    counts = (tr("Good"), tr("Planned"), tr("Scrap"), tr("Availability"), tr("Effectiveness"), tr("Quality"), tr("OEE"), tr("First piece"))
    for heading in (tr("Start"), *course, *counts, *((tr("Energy"), tr("A good piece"), "CO2", tr("Idle")) if metered else ())):
        table.add_column(heading, justify="right")
    for part, answered, energy in zip(parts, answer["parts"], energies, strict=True):
        kpi = answered["kpi"]
        table.add_row(
            part_name(part.name, answer["by"]), *_start_cells(part, answered, line, answer), number(kpi["good"]),
            number(part.quantity) if part.quantity is not None else tr("no plan"), number(kpi["scrap"]), percent(kpi["availability"]),
            percent(kpi["effectiveness"]), percent(kpi["quality_ratio"]), oee(kpi["oee_index"], kpi["oee_low"], kpi["oee_high"], early=kpi["oee_early"]),
            _time(answered["first_piece"], line), *(_energy_cells(energy) if metered else ()),
        )  # fmt: skip
    told = [f"{part_name(part.name, answer['by'])}: {said}" for part in parts if (said := remarks(part))]
    return "\n".join((rendered(table), *told))


def _start_cells(part: Part, answered: PartAnswer, line: Line, answer: PartsAnswer) -> tuple[str, ...]:
    """Return when a part begins, of an order also when it ended, how long it was set up and how it stands to the target."""
    if answer["by"] != "order":
        return (_time(answered["spans"][0][0] if answered["spans"] else None, line),)
    if part.course is None:
        return _time(answered["spans"][0][0] if answered["spans"] else None, line), "–", duration(part.detail.times.setup_s), "–"
    began = began_told(part.course, line.tz, parse_instant_ns(answer["from"], 0))
    return began, ended_told(part.course, line.tz), duration(part.detail.times.setup_s), pace_told(part.course)


def _energy_cells(energy: Energy | None) -> tuple[str, ...]:
    """Return a part's energy, the same and its CO2 a good piece, and how much of it went into anything but production."""
    if energy is None or not energy.metered_s:
        return "–", "–", "–", "–"
    told = " · ".join(filter(None, (f"{number(energy.kwh, 1)} kWh", coverage_told(energy))))
    return told, per_good(energy), co2_per_good(energy), percent(energy.idle_share)


def part_name(name: str | None, by: str) -> str:
    """Return a part's name in words."""
    if name:
        return name.partition("T")[2][: len("06:00")] if by == "hour" else name
    if name is None:
        return tr("not told")
    return tr("no shift") if by == "shift" else tr("No order")


def _time(at: str | None, line: Line) -> str:
    """Return a moment by the line's clock, a dash where there is none."""
    return "–" if at is None else clock_time(parse_instant_ns(at, 0), line.tz)
