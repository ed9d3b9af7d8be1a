"""The point list as people read and sign it: a table in the terminal, a CSV file for a spreadsheet. Not for making the list."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from twin_app.errors import TwinError
from twin_app.model.samples import Quality
from twin_app.service.tables import console
from twin_app.text import N_, duration, number, tr
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.service.points import Point, PointList

QUALITY_WORDS = {
    Quality.GOOD: N_("Good"), Quality.UNCERTAIN: N_("Uncertain"), Quality.BAD: N_("Bad"), Quality.STALE: N_("Stale"), Quality.UNKNOWN: N_("Unknown"),
    Quality.RETAINED: N_("Age unknown"),
}  # fmt: skip
COLUMNS = (
    "unit", "signal", "kind", "unit_of_measure", "expected", "seen", "samples", "per_minute", "min", "max", "last", "last_at", "quality", "good",
    "uncertain", "bad", "topic", "remark",
)  # fmt: skip
"""Of the CSV file: stable, whatever the language."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LAST_CHARS = 40


def table(found: PointList) -> str:
    """Return the list for a terminal, with what is missing below it."""
    made = Table(title=tr("Points of {line}, heard for {time}", line=found.line.title, time=duration(found.seconds)))
    right = {tr("Samples"), tr("per min"), tr("Min"), tr("Max")}
    for heading in (tr("Unit"), tr("Signal"), tr("Samples"), tr("per min"), tr("Min"), tr("Max"), tr("Last"), tr("Quality"), tr("Remark")):
        made.add_column(heading, justify="right" if heading in right else "left", no_wrap=True)
    for point in found.points:
        made.add_row(*(Text(cell, overflow="ellipsis") for cell in _cells(point, found.seconds)))
    output = console()
    with output.capture() as captured:
        output.print(made)
    return "\n".join((captured.get().rstrip("\n"), *_summary(found)))


def write_csv(found: PointList, path: Path) -> None:
    """Write the list as CSV (UTF-8 with a mark, as spreadsheets want it).

    Raises:
        TwinError: the file cannot be written.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows([_harmless(cell) for cell in _csv_row(point, found.seconds)] for point in found.points)
    try:
        path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise TwinError(
            N_("{path} cannot be written: {reason}."), tip=N_("Give another name or folder."), path=path, reason=error.strerror or error
        ) from error


def remark(point: Point) -> str:
    """Return what is to be known of a point: that it is missing, derived, without a value, or in words that no map names."""
    heard = point.heard
    if point.missing:
        return tr("NEVER SEEN")
    if not heard.samples:
        return tr("derived") if point.derived else tr("not sent, and not promised by the layout")
    if point.unknown_words:
        return tr("states without a map: {words}", words=", ".join(point.unknown_words))
    if heard.last is None and heard.low is None and heard.bad == heard.samples:
        return tr("never with a value")
    return tr("derived, but sent too") if point.derived else ""


def _summary(found: PointList) -> list[str]:
    """Return what is missing, and what came that the layout does not map."""
    missing = found.missing
    seen = sum(bool(point.heard.samples) for point in found.points)
    rows = [
        tr("{seen} points were seen, {missing} that the layout names were never seen.", seen=number(seen), missing=number(len(missing)))
    ]
    if missing:
        rows.append(tr("Never seen: {points}", points=", ".join(f"{point.unit}.{point.signal}" for point in missing)))
    for health in found.health:
        refused, unmapped = sum(health.refused.values()), sum(health.unmapped.values())
        if refused or unmapped:
            rows.append(
                tr(
                    "Source {source}: {refused} messages were refused, {unmapped} are mapped by no rule.", source=health.source,
                    refused=number(refused), unmapped=number(unmapped),
                )
            )  # fmt: skip
        rows += [*health.warnings, *([health.error] if health.error else [])]
    return rows


def _cells(point: Point, seconds: float) -> tuple[str, ...]:
    """Return a row of the table."""
    heard = point.heard
    name = f"{point.signal} [{point.unit_of_measure}]" if point.unit_of_measure else point.signal
    if not heard.samples:
        return point.unit, name, "0", "", "", "", "", "", remark(point)
    return (
        point.unit, name, number(heard.samples), _per_minute(point, seconds), _figure(heard.low), _figure(heard.high),
        _shown(heard.last), tr(QUALITY_WORDS[heard.quality]), remark(point),
    )  # fmt: skip


def _csv_row(point: Point, seconds: float) -> list[object]:
    """Return a row of the file; figures as such, what is unknown empty."""
    heard = point.heard
    last_at = iso_utc(heard.last_ns) if heard.samples else ""
    per_minute = round(heard.samples * 60 / seconds, 3) if seconds > 0 and heard.samples else ""
    return [
        point.unit, point.signal, point.kind, point.unit_of_measure, int(point.mapped), int(bool(heard.samples)), heard.samples, per_minute,
        "" if heard.low is None else heard.low, "" if heard.high is None else heard.high, "" if heard.last is None else heard.last, last_at,
        heard.quality.name if heard.samples else "", heard.good, heard.uncertain, heard.bad, heard.topic, remark(point),
    ]  # fmt: skip


def _harmless(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: texts come from outside."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _per_minute(point: Point, seconds: float) -> str:
    """Return how often a point came."""
    rate = point.heard.samples * 60 / seconds if seconds > 0 else 0.0
    return number(rate, 1 if rate < 100 else 0)  # noqa: PLR2004 - three digits are enough


def _figure(value: float | None) -> str:
    """Return a figure, empty where there is none."""
    return "" if value is None else f"{value:.6g}"


def _shown(value: object) -> str:
    """Return a value as it fits a row."""
    text = f"{value:.6g}" if isinstance(value, float) else "–" if value is None else str(value)
    short = text if len(text) <= _LAST_CHARS else f"{text[: _LAST_CHARS - 1]}…"
    return short if short.isprintable() else "".join(c if c.isprintable() else "·" for c in short)
