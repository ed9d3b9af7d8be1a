"""Answers as tables for the terminal: the same figures as the JSON, worded. Not for what moves: see `terminal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from twin_app.kpi.energy_words import co2_per_good, coverage_told, kg_told, kwh_told, per_good
from twin_app.kpi.plan_words import ahead_told, projection_told
from twin_app.model.packml import CATEGORY_WORDS, STATE_WORDS, State
from twin_app.text import duration, number, percent, tr

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin_app.model.against import Against
    from twin_app.model.energy import Energy
    from twin_app.model.equipment import Line
    from twin_app.service.answers import Known, KpiAnswer, StateAnswer, WindowAnswer

NO_EDGE = 1000
"""Columns of what is no terminal: a file or a pipe has no edge at which a figure must be cut off."""
RANGE_WORTH_SAYING = 0.0005
"""A range narrower than this reads as one figure at the digits shown."""


def console() -> Console:
    """Return standard output, as wide as the terminal, or without an edge where it is none."""
    terminal = Console()
    return terminal if terminal.is_terminal else Console(width=NO_EDGE)


def state_word(title: str | None) -> str:
    """Return a state's word in the current language; nobody knows it while blind."""
    return tr("No data") if title is None else tr(STATE_WORDS[State[title.upper()]])


def plan_line(found: Against | None, line: Line) -> str:
    """Return output against plan as a sentence, empty outside of shifts."""
    if found is None:
        return ""
    words = [tr("Good of the shift: {good}", good=number(found.good))]
    words += [tr("planned {target}", target=number(found.target))] if found.target is not None else []
    return " · ".join(filter(None, (*words, ahead_told(found), projection_told(found, line.tz))))


def energy_line(energy: Energy | None) -> str:
    """Return the line's energy as a sentence, empty without a meter."""
    if energy is None or not energy.metered_s:
        return ""
    words = (
        tr("Energy: {kwh} kWh", kwh=number(energy.kwh, 1)), tr("{energy} a good piece", energy=per_good(energy)), co2_per_good(energy),
        tr("idle {share}", share=percent(energy.idle_share)), coverage_told(energy),
    )  # fmt: skip
    return " · ".join(filter(None, words))


def energy_by_state(energy: Energy | None) -> str:
    """Return what a line's energy went into, with its share a good piece, as a table; empty without a meter."""
    if energy is None or not energy.metered_s:
        return ""
    table = Table(title=tr("Energy by what the time went into"))
    table.add_column("")
    for heading in (tr("Energy"), tr("Share"), tr("A good piece"), "CO2"):
        table.add_column(heading, justify="right")
    each, factor = energy.kwh_per_good_by_category, energy.kg_co2e_per_kwh
    for category, kwh in energy.by_category.items():
        piece = each.get(category)
        table.add_row(
            tr(CATEGORY_WORDS[category]), f"{number(kwh, 1)} kWh", percent(kwh / energy.kwh if energy.kwh else None), kwh_told(piece),
            kg_told(None if piece is None or factor is None else piece * factor),
        )  # fmt: skip
    return rendered(table)


def oee(index: Known, low: Known, high: Known, *, early: bool = False) -> str:
    """Return OEE as `72.4 %`; where some time was blind with the range that time leaves open, `72.4 % (71.0–74.2)`.

    Of a window in which too little was counted nothing is told.
    """
    if early:
        return tr("too early to tell")
    if low is None or high is None or not high - low > RANGE_WORTH_SAYING:
        return percent(index)
    return f"{percent(index)} ({number(low * 100, 1)}–{number(high * 100, 1)})"


def kpi_table(answer: WindowAnswer) -> str:
    """Return the figures of a window as a table."""
    table = Table(title=f"{_simulated(answer)}{answer['from']} – {answer['to']}")
    table.add_column(tr("Unit"))
    for heading in (tr("Good"), tr("Scrap"), tr("Availability"), tr("Effectiveness"), tr("Quality"), tr("OEE"), tr("Blind")):
        table.add_column(heading, justify="right")
    for unit_id, unit in answer["units"].items():
        table.add_row(unit_id, *_counts(unit["good"], unit["scrap"]), *_ratios(unit["kpi"]), duration(unit["blind_s"]))
    table.add_section()
    line = answer["line"]
    table.add_row(tr("Line"), *_counts(line["good"], line.get("scrapped")), *_ratios(line), duration(line["blind_s"] or 0.0), style="bold")
    return rendered(table)


def _simulated(answer: WindowAnswer | StateAnswer) -> str:
    """Return the mark of what was made by a simulation, empty for what a plant said."""
    return tr("SIMULATED · ") if answer["simulated"] else ""


def _counts(*counts: Known) -> tuple[str, ...]:
    """Return the cells of counts, whole as on the screen; JSON has their fractions."""
    return tuple(number(count) for count in counts)


def _ratios(kpi: KpiAnswer) -> tuple[str, ...]:
    """Return the cells of availability, effectiveness, quality and OEE."""
    three = (kpi["availability"], kpi["effectiveness"], kpi["quality_ratio"])
    return (*(percent(share) for share in three), oee(kpi["oee_index"], kpi["oee_low"], kpi["oee_high"], early=kpi["oee_early"]))


def state_table(answer: StateAnswer) -> str:
    """Return the state of every unit and its signals as a table."""
    table = Table(title=f"{_simulated(answer)}{answer['at']}")
    for heading in (tr("Unit"), tr("State"), tr("Since"), tr("Signal"), tr("Value"), tr("Quality")):
        table.add_column(heading)
    for unit_id, unit in answer["units"].items():
        guessed = unit["state"] is not None and (unit["derived"] or unit["inferred"])
        head = (unit_id, marked(state_word(unit["state"]), guessed=guessed), unit["since"])
        signals = [
            (name, _value(signal["value"]), ", ".join([signal["quality"], *([tr("derived")] if signal["derived"] else [])]))
            for name, signal in unit["signals"].items()
        ]
        for signal in signals or [("", "", "")]:
            table.add_row(*head, *signal)
            head = ("", "", "")
        table.add_section()
    return rendered(table)


def marked(word: str, *, guessed: bool) -> str:
    """Return a state's word, with `≈` where the machine did not tell it as it stands: derived by rules, or its side inferred."""
    return f"≈ {word}" if guessed else word


def _value(value: object) -> str:
    """Return a value as it is, in the digits it has; a dash where it is unknown."""
    return "–" if value is None else str(value)


def rendered(table: RenderableType) -> str:
    """Return a table as text as wide as the terminal."""
    output = console()
    with output.capture() as capture:
        output.print(table)
    return capture.get().rstrip("\n")
