"""A shift's sheet as one HTML file: no script, nothing from elsewhere, every line a link to its moment. Not for gathering: see `handover`."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import twin_app
from twin_app.alarms.words import alarm_text, unit_title
from twin_app.clock import SECOND_NS
from twin_app.errors import RecordingError
from twin_app.kpi.energy_words import co2_per_good, coverage_told, per_good
from twin_app.kpi.plan_words import ahead_told, projection_told
from twin_app.kpi.scrap_words import scrapped_told
from twin_app.model.alarm import ALARM_STATE_WORDS
from twin_app.model.kpi import LOSS_WORDS, Loss
from twin_app.model.packml import STATE_WORDS, Category
from twin_app.model.reason import reason_words
from twin_app.report import drawing
from twin_app.text import N_, clock_time, duration, language, number, offset_name, percent, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Kpi
    from twin_app.model.reason import Stop
    from twin_app.report.handover import Handover

    Rows = list[tuple[str, ...]]
    LinkTo = Callable[[int, str], str]

TEMPLATE = Path(__file__).with_name("sheet.html.j2")
RANGE_WORTH_SAYING = 0.0005
INTERVALS = {
    Loss.FAILURE: (Category.FAILURE,), Loss.SETUP: (Category.SETUP,), Loss.MINOR_STOPS: (Category.MINOR_STOP,),
    Loss.OTHER_STOPS: (Category.INTERNAL_STOP, Category.TRANSITION), Loss.NEIGHBOURS: (Category.STARVED, Category.BLOCKED, Category.EXTERNAL),
    Loss.WAITING: (Category.WAITING,), Loss.NO_ORDER: (Category.NO_ORDER,),
}  # fmt: skip
"""The intervals that losses are made of."""
WORDS = {
    "simulated": N_("SIMULATED"),
    "nothing_is_wrong": N_("Nothing is wrong on the line."),
    "output_by_the_hour": N_("Output by the hour"),
    "oee_since_the_start": N_("OEE since the start"),
    "where_the_planned_time_went": N_("Where the planned time went"),
    "states": N_("States"),
    "longest_stops": N_("Longest stops"),
    "start": N_("Start"),
    "duration": N_("Duration"),
    "unit": N_("Unit"),
    "state": N_("State"),
    "why": N_("Why"),
    "none": N_("none"),
    "reasons": N_("Stops by reason"),
    "reason": N_("Reason"),
    "units": N_("Units"),
    "good": N_("Good"),
    "scrap": N_("Scrap"),
    "oee": N_("OEE"),
    "failures": N_("Failures"),
    "blind": N_("Blind"),
    "alarms": N_("Alarms"),
    "alarm": N_("Alarm"),
    "count": N_("Count"),
    "left_standing": N_("Left standing and shelved"),
    "since": N_("Since"),
    "data_gaps": N_("Data gaps"),
    "notes": N_("Notes"),
    "every_time_is_a_link_that_op": N_("Every time is a link that opens the twin at that moment."),
}
"""What the template says, by the names it uses."""


def html(sheet: Handover, link: LinkTo, *, paper: bool = False) -> str:
    """Return the page in the current language; `link(at_ns, unit)` gives the address of a moment.

    For paper, in the plainer HTML that Qt's text documents know: pictures are named (`<img src="picture:lanes">`, see `pictures`), bars too.
    """
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - half a tenth of a second that only a report needs
    from markupsafe import Markup  # noqa: PLC0415 - as jinja2

    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        TEMPLATE.read_text(encoding="utf-8")
    )
    drawn = {name: Markup(f'<img src="picture:{name}">' if paper else svg) for name, svg in pictures(sheet).items()}  # noqa: S704 - drawing escapes what comes from outside
    return template.render(
        words={name: tr(words) for name, words in WORDS.items()}, stops_in_all=tr("{n} in all", n=sheet.stops_in_all), language=language().replace("_", "-"), version=twin_app.__version__, sheet=sheet, title=title(sheet), when=when(sheet),
        tiles=_tiles(sheet), losses=_losses(sheet, link), units=_units(sheet, link), stops=_stops(sheet, link), reasons=_reasons(sheet, link), alarms=_alarms(sheet, link),
        left=_left(sheet, link), counts=_counts(sheet), gaps=_gaps(sheet, link), notes=_notes(sheet, link), last=link(sheet.end_ns, ""),
        pictures=drawn, paper=paper,
    )  # fmt: skip


def save_html(page: str, path: Path) -> None:
    """Write a page to a file.

    Raises:
        RecordingError: it cannot be written.
    """
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise RecordingError(
            N_("{path} cannot be written: {reason}."),
            tip=N_("Give another name or folder."),
            path=path,
            reason=error.strerror or str(error),
        ) from error


def pictures(sheet: Handover) -> dict[str, str]:
    """Return the sheet's pictures by name, each an SVG element."""
    return {"lanes": drawing.lanes(sheet), "output": drawing.output(sheet), "oee": drawing.oee(sheet)}


def title(sheet: Handover) -> str:
    """Return line and shift."""
    return f"{sheet.line.title} · {sheet.name}" if sheet.name else sheet.line.title


def when(sheet: Handover) -> str:
    """Return the window in local time, with the zone."""
    zone = sheet.line.tz
    start, end = (clock_time(at, zone, date=True) for at in (sheet.start_ns, sheet.end_ns))
    return f"{start} – {end[11:] if start[:10] == end[:10] else end} {offset_name(sheet.end_ns, zone)}"


def _tiles(sheet: Handover) -> Rows:
    """Return the figures on top: name, figure, what stands below."""
    kpi, line = sheet.figures.line, sheet.line
    target = line.targets.good_per_shift if sheet.name else None
    good = f"{number(kpi.good)} / {number(target)}" if target else number(kpi.good)
    against = percent(kpi.good / target) if target else tr("no target")
    parts = f"A {percent(kpi.availability)} · E {percent(kpi.effectiveness)} · Q {percent(kpi.quality_ratio)}"
    return [
        (tr("OEE"), _oee(kpi), f"{line.unit(line.constraint).title}: {parts}"),
        (tr("Good"), good, tr("unit: {unit}", unit=line.unit_of_count) + " · " + against),
        *(
            [(tr("Plan"), ahead_told(plan), projection_told(plan, line.tz) or tr("{due} due", due=number(plan.due)))]
            if (plan := sheet.against) and plan.target
            else []
        ),
        *_energy_tile(sheet),
        (tr("Scrap"), number(sheet.figures.scrapped), scrapped_told(sheet.line, sheet.figures)),
        (tr("Blind time"), duration(kpi.blind_s) if kpi.blind_s else tr("none"), tr("of {span}", span=duration(_seconds(sheet)))),
    ]


def _energy_tile(sheet: Handover) -> Rows:
    """Return the energy a good piece with its CO2 and what idled, nothing where no machine has a meter."""
    energy = sheet.line_detail.energy
    if energy is None or not energy.metered_s:
        return []
    words = (co2_per_good(energy), tr("idle {share}", share=percent(energy.idle_share, 0)), coverage_told(energy))
    return [(tr("Energy a good piece"), per_good(energy), " · ".join(word for word in words if word))]


def _oee(kpi: Kpi) -> str:
    """Return OEE, or its range where some time was blind."""
    if kpi.early:
        return tr("too early to tell")
    if isfinite(kpi.oee_low) and kpi.oee_high - kpi.oee_low > RANGE_WORTH_SAYING:
        return f"{number(kpi.oee_low * 100, 1)}–{percent(kpi.oee_high)}"
    return percent(kpi.oee_index)


def _seconds(sheet: Handover) -> float:
    """Return how long the window is."""
    return (sheet.end_ns - sheet.start_ns) / SECOND_NS


def _losses(sheet: Handover, link: LinkTo) -> list[tuple[str, str, str, str, float]]:
    """Return the constraint's losses: address of the longest of it, name, time, share in words and of one for the bar; unknown ones have no bar.

    What is lost without an interval of its own (speed, scrap) leads to where the window begins.
    """
    detail = sheet.details[sheet.line.constraint]
    busy_s = detail.times.planned_busy_s
    shares = [
        (words, detail.losses_s[loss], detail.losses_s[loss] / busy_s if busy_s else float("nan")) for loss, words in LOSS_WORDS.items()
    ]
    begins = [_longest(sheet, INTERVALS.get(loss, ())) for loss in LOSS_WORDS]
    return [
        (link(at_ns, sheet.line.constraint), tr(words), duration(s), percent(share), max(share, 0.0) if isfinite(share) else 0.0)
        for at_ns, (words, s, share) in zip(begins, shares, strict=True)
    ]


def _longest(sheet: Handover, categories: Collection[Category]) -> int:
    """Return when the constraint's longest interval of some categories began; where there is none, when the window does."""
    rows = [row for row in sheet.spent[sheet.line.constraint] if row.category in categories]
    return max(rows, key=lambda row: row.end_ns - row.start_ns).start_ns if rows else sheet.start_ns


def _units(sheet: Handover, link: LinkTo) -> Rows:
    """Return a row of figures a unit, first the address of the unit at the window's end."""
    rows: Rows = []
    for unit in sheet.line.flow_order:
        kpi, detail = sheet.figures.units[unit.id].kpi, sheet.details[unit.id]
        rows.append((
            link(sheet.end_ns, unit.id), unit.title, number(kpi.good), number(kpi.scrap), percent(kpi.availability), percent(kpi.effectiveness), percent(kpi.quality_ratio),
            percent(kpi.oee_told), number(detail.failures), duration(detail.mtbf_s), duration(detail.mttr_s), duration(kpi.blind_s),
        ))  # fmt: skip
    return rows


def _stops(sheet: Handover, link: LinkTo) -> Rows:
    """Return the longest stops: address, when, how long, unit, state, why."""
    return [
        (link(stop.start_ns, stop.unit), clock_time(stop.start_ns, sheet.line.tz), duration((stop.end_ns - stop.start_ns) / SECOND_NS),
         sheet.line.unit(stop.unit).title, _state(stop), why(sheet.line, stop))
        for stop in sheet.stops
    ]  # fmt: skip


def why(line: Line, stop: Stop) -> str:
    """Return why a unit stood: what a person says, else what the machine said, marked as that; else that nobody did."""
    if stop.reason:
        said = reason_words(line.reason_tree, stop.reason)
        return f"{said}: {stop.note}" if stop.note else said
    return f"≈ {stop.said}" if stop.said else tr("not told")


def _reasons(sheet: Handover, link: LinkTo) -> Rows:
    """Return what time was lost to which reason: address of the longest stop, reason, time, how often."""
    tree = sheet.line.reason_tree
    return [
        (link(longest.start_ns, longest.unit), reason_words(tree, reason) or reason or tr("no reason given"), duration(lasted_s), number(count))
        for reason, lasted_s, count, longest in sheet.reasons
    ]  # fmt: skip


def _state(stop: Stop) -> str:
    """Return a stop's state in words."""
    return tr("No data") if stop.state is None else tr(STATE_WORDS[stop.state])


def _alarms(sheet: Handover, link: LinkTo) -> Rows:
    """Return the alarms that came most often: address of the first time, unit, text, how often."""
    first = {t.alarm.key: t.at_ns for t in reversed(sheet.alarms.transitions) if t.shown}
    units = {unit.id: unit.title for unit in sheet.line.units}
    return [
        (link(first.get(often.alarm.key, sheet.start_ns), often.alarm.unit if often.alarm.unit in units else ""),
         unit_title(sheet.line, often.alarm.unit), alarm_text(sheet.line, often.alarm, often.detail), number(often.count))
        for often in sheet.alarms.by_alarm[:10]
    ]  # fmt: skip


def _left(sheet: Handover, link: LinkTo) -> Rows:
    """Return the alarms that the next shift takes over: address, since when, unit, text, state; the gravest first."""
    units = {unit.id for unit in sheet.line.units}
    return [
        (link(now.since_ns, now.alarm.unit if now.alarm.unit in units else ""), clock_time(now.since_ns, sheet.line.tz, date=True),
         unit_title(sheet.line, now.alarm.unit), alarm_text(sheet.line, now.alarm, now.detail),
         tr(ALARM_STATE_WORDS[now.state]))
        for now in sheet.left
    ]  # fmt: skip


def _counts(sheet: Handover) -> Rows:
    """Return how many alarms there were, and how they came."""
    alarms = sheet.alarms
    priorities = " · ".join(f"{priority}: {count}" for priority, count in enumerate(alarms.by_priority, 1))
    return [
        (tr("Alarms"), number(alarms.activations), tr("by priority {counts}", counts=priorities)),
        (tr("Time in flood"), percent(alarms.flood_share), tr("{n} floods", n=len(alarms.floods))),
        (tr("Chattering"), number(len(alarms.chattering)), ""),
        (tr("Standing for over a day"), number(len(alarms.standing)), ""),
    ]


def _gaps(sheet: Handover, link: LinkTo) -> Rows:
    """Return when nobody knew what a unit did: address, when, how long, unit."""
    return [
        (link(gap.start_ns, gap.unit), clock_time(gap.start_ns, sheet.line.tz), duration((gap.end_ns - gap.start_ns) / SECOND_NS),
         sheet.line.unit(gap.unit).title)
        for gap in sheet.gaps
    ]  # fmt: skip


def _notes(sheet: Handover, link: LinkTo) -> Rows:
    """Return what people wrote: address, when, unit, text."""
    units = {unit.id: unit.title for unit in sheet.line.units}
    return [
        (link(n.at_ns, n.unit), clock_time(n.at_ns, sheet.line.tz), units.get(n.unit, ""), n.text or tr("Bookmark")) for n in sheet.notes
    ]
