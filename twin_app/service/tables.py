"""Answers as tables for the terminal. The same figures as the JSON, worded."""

from __future__ import annotations

from typing import Any, cast

from rich.console import Console
from rich.table import Table

from twin_app.model.packml import STATE_WORDS, State
from twin_app.text import duration, number, percent, tr


def state_word(title: str | None) -> str:
    """Return a state's word in the current language, `Unknown` for none."""
    return tr("Unknown") if title is None else tr(STATE_WORDS[State[title.upper()]])


def kpi_table(answer: dict[str, object]) -> str:
    """Return the figures of a window as a table."""
    table = Table(title=f"{answer['from']} – {answer['to']}")
    for heading in (tr("Unit"), tr("Good"), tr("Availability"), tr("Effectiveness"), tr("Quality"), tr("OEE"), tr("Blind")):
        table.add_column(heading, justify="left" if heading == tr("Unit") else "right")
    units = cast("dict[str, dict[str, Any]]", answer["units"])
    for unit_id, unit in units.items():
        kpi = unit["kpi"]
        ratios = (kpi["availability"], kpi["effectiveness"], kpi["quality_ratio"], kpi["oee_index"])
        table.add_row(unit_id, number(unit.get("good"), 1), *(percent(r) for r in ratios), duration(unit["blind_s"]))
    line = cast("dict[str, Any]", answer["line"])
    ratios = (line["availability"], line["effectiveness"], line["quality_ratio"], line["oee_index"])
    table.add_row(tr("Line"), number(line["good"], 1), *(percent(r) for r in ratios), duration(line["blind_s"]), style="bold")
    return _rendered(table)


def state_table(answer: dict[str, object]) -> str:
    """Return the state of every unit and its signals as a table."""
    table = Table(title=str(answer["at"]))
    for heading in (tr("Unit"), tr("State"), tr("Since"), tr("Signal"), tr("Value"), tr("Quality")):
        table.add_column(heading)
    for unit_id, unit in cast("dict[str, dict[str, Any]]", answer["units"]).items():
        head = (unit_id, state_word(unit["state"]), unit["since"])
        for name, signal in unit["signals"].items() or {"": {"value": "", "quality": ""}}.items():
            table.add_row(*head, name, str(signal["value"]), signal["quality"])
            head = ("", "", "")
        table.add_section()
    return _rendered(table)


def _rendered(table: Table) -> str:
    """Return the table as text as wide as the terminal."""
    console = Console()
    with console.capture() as capture:
        console.print(table)
    return capture.get().rstrip("\n")
