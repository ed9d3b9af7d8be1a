"""A shift's sheet as one HTML file: no script, nothing from elsewhere, every line a link to its moment. Not for gathering: see `handover`."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import twin_app
from twin_app.alarms.words import alarm_text, unit_title
from twin_app.clock import SECOND_NS
from twin_app.errors import RecordingError
from twin_app.kpi.energy_words import co2_per_good, coverage_told, kg_told, kwh_told, per_good
from twin_app.kpi.order_words import began_told, ended_told, pace_told, remarks
from twin_app.kpi.plan_words import ahead_told, projection_told
from twin_app.kpi.scrap_words import scrapped_told
from twin_app.model.alarm import ALARM_STATE_WORDS
from twin_app.model.kpi import LOSS_WORDS
from twin_app.model.packml import CATEGORY_WORDS, STATE_WORDS
from twin_app.model.reason import reason_words
from twin_app.report import drawing
from twin_app.report.leads import Lead, Leads
from twin_app.text import N_, clock_span, clock_time, duration, language, number, percent, tr

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Kpi
    from twin_app.model.reason import Stop
    from twin_app.report.drawing import Drawn
    from twin_app.report.handover import Handover
    from twin_app.report.leads import LinkTo

    Rows = list[tuple[str, ...]]

TEMPLATE = Path(__file__).with_name("sheet.html.j2")
RANGE_WORTH_SAYING = 0.0005
WORDS = {
    "simulated": N_("SIMULATED"),
    "nothing_is_wrong": N_("Nothing is wrong on the line."),
    "output_by_the_hour": N_("Output by the hour"),
    "oee_since_the_start": N_("OEE since the start"),
    "where_the_planned_time_went": N_("Where the planned time went"),
    "orders": N_("Orders"),
    "order": N_("Order"),
    "product": N_("Product"),
    "end": N_("End"),
    "planned": N_("Planned"),
    "changeover": N_("Changeover"),
    "target": N_("Target"),
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
    "energy": N_("Energy by what the time went into"),
    "share": N_("Share"),
    "a_good_piece": N_("A good piece"),
    "every_figure_is_a_link": N_(
        "Every time and every figure is a link: it opens the twin at that moment, with the intervals that the figure is made of."
    ),
}
"""What the template says, by the names it uses."""


def html(sheet: Handover, link: LinkTo, *, paper: bool = False) -> str:
    """Return the page in the current language; `link` gives the addresses of moments and figures.

    For paper, in the plainer HTML that Qt's text documents know: pictures are named (`<img src="picture:lanes">`, see `pictures`), bars too.
    """
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - half a tenth of a second that only a report needs
    from markupsafe import Markup  # noqa: PLC0415 - as jinja2

    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        TEMPLATE.read_text(encoding="utf-8")
    )
    leads = Leads(sheet, link)
    drawn = {name: Markup(f'<img src="picture:{name}">' if paper else picture.linked()) for name, picture in pictures(sheet, link).items()}  # noqa: S704 - drawing escapes what comes from outside
    return template.render(
        words={name: tr(words) for name, words in WORDS.items()}, stops_in_all=tr("{n} in all", n=sheet.stops_in_all), gaps_in_all=tr("{n} in all", n=sheet.gaps_in_all) if sheet.gaps_in_all > len(sheet.gaps) else "", language=language().replace("_", "-"), version=twin_app.__version__, sheet=sheet, title=title(sheet), when=when(sheet),
        tiles=_tiles(sheet, leads), orders=_orders(sheet, leads), losses=_losses(sheet, leads), units=_units(sheet, leads), stops=_stops(sheet, leads), reasons=_reasons(sheet, leads),
        alarms=_alarms(sheet, leads), left=_left(sheet, leads), counts=_counts(sheet, leads), energies=_energies(sheet, leads), factor=_factor(sheet.line),
        gaps=_gaps(sheet, leads), notes=_notes(sheet, leads), first=leads.moment(sheet.start_ns), last=leads.moment(sheet.end_ns), pictures=drawn, paper=paper,
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


def pictures(sheet: Handover, link: LinkTo) -> dict[str, Drawn]:
    """Return the sheet's pictures by name, each an SVG element with the places in it that lead somewhere."""
    leads = Leads(sheet, link)
    lanes = {f"lanes{number_}": picture for number_, picture in enumerate(drawing.lanes(sheet, leads))}
    return {**lanes, "output": drawing.output(sheet, leads), "oee": drawing.oee(sheet, leads)}


def title(sheet: Handover) -> str:
    """Return line and shift."""
    return f"{sheet.line.title} · {sheet.name}" if sheet.name else sheet.line.title


def when(sheet: Handover) -> str:
    """Return the window in local time, with the zone."""
    return clock_span(sheet.start_ns, sheet.end_ns, sheet.line.tz)


def _tiles(sheet: Handover, leads: Leads) -> Rows:
    """Return the figures on top: name, figure, what stands below, address."""
    kpi, line = sheet.figures.line, sheet.line
    target = line.targets.good_per_shift if sheet.name else None
    good = f"{number(kpi.good)} / {number(target)}" if target else number(kpi.good)
    against = percent(kpi.good / target) if target else tr("no target")
    parts = f"A {percent(kpi.availability)} · E {percent(kpi.effectiveness)} · Q {percent(kpi.quality_ratio)}"
    made = leads.figure(leads.last, "Good pieces")
    return [
        (tr("OEE"), _oee(kpi), f"{line.unit(line.constraint).title}: {parts}", leads.figure(leads.constraint, "OEE index")),
        (tr("Good"), good, tr("unit: {unit}", unit=line.unit_of_count) + " · " + against, made),
        *(
            [(tr("Plan"), ahead_told(plan), projection_told(plan, line.tz) or tr("{due} due", due=number(plan.due)), made)]
            if (plan := sheet.against) and plan.target
            else []
        ),
        *_energy_tile(sheet, leads),
        (tr("Scrap"), number(sheet.figures.scrapped), scrapped_told(sheet.line, sheet.figures), leads.figure(leads.worst, "Scrap ratio")),
        (
            tr("Blind time"),
            duration(kpi.blind_s) if kpi.blind_s else tr("none"),
            tr("of {span}", span=duration(_seconds(sheet))),
            leads.blind(),
        ),
    ]


def _energy_tile(sheet: Handover, leads: Leads) -> Rows:
    """Return the energy a good piece with its CO2 and what idled, nothing where no machine has a meter."""
    energy = sheet.line_detail.energy
    if energy is None or not energy.metered_s:
        return []
    words = (co2_per_good(energy), tr("idle {share}", share=percent(energy.idle_share, 0)), coverage_told(energy))
    return [(tr("Energy a good piece"), per_good(energy), " · ".join(word for word in words if word), leads.energy())]


def _energies(sheet: Handover, leads: Leads) -> Rows:
    """Return what the line's energy went into: address, what, energy, share, a good piece, CO2; nothing where no machine has a meter."""
    energy = sheet.line_detail.energy
    if energy is None or not energy.metered_s:
        return []
    each, factor = energy.kwh_per_good_by_category, energy.kg_co2e_per_kwh
    pieces = {category: each.get(category) for category in energy.by_category}
    return [
        (
            leads.energy(category), tr(CATEGORY_WORDS[category]), f"{number(kwh, 1)} kWh", percent(kwh / energy.kwh if energy.kwh else None),
            kwh_told(pieces[category]), "–" if factor is None or (piece := pieces[category]) is None else kg_told(piece * factor),
        )
        for category, kwh in energy.by_category.items()
    ]  # fmt: skip


def _factor(line: Line) -> str:
    """Return who says what a kilowatt-hour stands for in CO2."""
    factor = line.energy
    if factor is None:
        return tr("no CO2 factor in the layout")
    return tr(
        "{kg} kg CO2e/kWh: {source}, {region}, {year}",
        kg=factor.kg_co2e_per_kwh, source=factor.source, region=factor.region, year=factor.year,
    )  # fmt: skip


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


def _orders(sheet: Handover, leads: Leads) -> list[tuple[Lead, list[Lead], str]]:
    """Return a row an order: its name, product, from when to when, counts, changeover, OEE and pace, each leading to what it is; then what else there is to say."""
    rows, line = [], sheet.line
    titles = {product.id: product.title for product in line.products}
    for part in sheet.orders:
        span = (part.spans[0][0], part.spans[-1][1]) if part.spans else leads.window
        kpi, course, start_ns = part.kpi, part.course, span[0] if part.spans else part.first_piece_ns or sheet.start_ns
        end_ns = sheet.end_ns if course is None or course.ended_ns is None else course.ended_ns
        began = began_told(course, line.tz, sheet.start_ns) if course else clock_time(start_ns, line.tz)
        made, constraint = leads.figure(leads.last, "Good pieces", (span[0], max(end_ns, span[0] + 1))), leads.constraint
        oee_index = leads.figure(constraint, "OEE index", span)
        cells = [
            Lead(titles.get(part.product or "", part.product or "–"), leads.moment(start_ns)), Lead(began, leads.moment(start_ns, constraint)),
            Lead(ended_told(course, line.tz), leads.moment(end_ns, leads.last)), Lead(number(kpi.good), made),
            Lead("–" if part.quantity is None else number(part.quantity), made), Lead(number(kpi.scrap), leads.figure(leads.worst, "Scrap ratio", span)),
            Lead(duration(part.detail.times.setup_s), leads.figure(constraint, "Set-up and adjustment", span)), Lead(_oee(kpi), oee_index),
            Lead(pace_told(course), oee_index),
        ]  # fmt: skip
        rows.append((Lead(part.name or tr("No order"), leads.moment(start_ns, constraint)), cells, remarks(part)))
    return rows


def _losses(sheet: Handover, leads: Leads) -> list[tuple[str, str, str, str, float]]:
    """Return the constraint's losses: address of what most of it was, name, time, share in words and of one for the bar; unknown ones have no bar."""
    detail, unit = sheet.details[leads.constraint], leads.constraint
    busy_s = detail.times.planned_busy_s
    shares = [
        (words, detail.losses_s[loss], detail.losses_s[loss] / busy_s if busy_s else float("nan")) for loss, words in LOSS_WORDS.items()
    ]
    return [
        (leads.figure(unit, words), tr(words), duration(s), percent(share), max(share, 0.0) if isfinite(share) else 0.0)
        for words, s, share in shares
    ]


def _units(sheet: Handover, leads: Leads) -> list[tuple[Lead, list[Lead]]]:
    """Return a row of figures a unit; its name leads to the unit at the window's end, each figure to what it is made of."""
    rows = []
    for unit in sheet.line.flow_order:
        kpi, detail = sheet.figures.units[unit.id].kpi, sheet.details[unit.id]
        told = (
            ("Good pieces", number(kpi.good)), ("Scrap ratio", number(kpi.scrap)), ("Availability", percent(kpi.availability)),
            ("Effectiveness", percent(kpi.effectiveness)), ("Quality ratio", percent(kpi.quality_ratio)), ("OEE index", percent(None) if kpi.early else _oee(kpi)),
            ("Failures", number(detail.failures)), ("MTBF", duration(detail.mtbf_s)), ("MTTR", duration(detail.mttr_s)), ("Blind time", duration(kpi.blind_s)),
        )  # fmt: skip
        rows.append((Lead(unit.title, leads.moment(sheet.end_ns, unit.id)), leads.figures(unit.id, told)))
    return rows


def _stops(sheet: Handover, leads: Leads) -> Rows:
    """Return the longest stops: address, when, how long, unit, state, why."""
    return [
        (leads.moment(stop.start_ns, stop.unit), clock_time(stop.start_ns, sheet.line.tz), duration((stop.end_ns - stop.start_ns) / SECOND_NS),
         sheet.line.unit(stop.unit).title, _state(stop), why(sheet.line, stop))
        for stop in sheet.stops
    ]  # fmt: skip


def why(line: Line, stop: Stop) -> str:
    """Return why a unit stood: what a person says, else what the machine said, marked as that; else that nobody did."""
    if stop.reason:
        said = reason_words(line.reason_tree, stop.reason)
        return f"{said}: {stop.note}" if stop.note else said
    return f"≈ {stop.said}" if stop.said else tr("not told")


def _reasons(sheet: Handover, leads: Leads) -> Rows:
    """Return what time was lost to which reason: address of the longest stop, reason, time, how often."""
    tree = sheet.line.reason_tree
    return [
        (leads.moment(longest.start_ns, longest.unit), reason_words(tree, reason) or reason or tr("no reason given"), duration(lasted_s), number(count))
        for reason, lasted_s, count, longest in sheet.reasons
    ]  # fmt: skip


def _state(stop: Stop) -> str:
    """Return a stop's state in words."""
    return tr("No data") if stop.state is None else tr(STATE_WORDS[stop.state])


def _alarms(sheet: Handover, leads: Leads) -> Rows:
    """Return the alarms that came most often: address of the first time, unit, text, how often."""
    first = {t.alarm.key: t.at_ns for t in reversed(sheet.alarms.transitions) if t.shown}
    return [
        (leads.alarms(first.get(often.alarm.key), often.alarm.unit),
         unit_title(sheet.line, often.alarm.unit), alarm_text(sheet.line, often.alarm, often.detail), number(often.count))
        for often in sheet.alarms.by_alarm[:10]
    ]  # fmt: skip


def _left(sheet: Handover, leads: Leads) -> Rows:
    """Return the alarms that the next shift takes over: address, since when, unit, text, state; the gravest first."""
    return [
        (leads.moment(now.since_ns, now.alarm.unit), clock_time(now.since_ns, sheet.line.tz, date=True),
         unit_title(sheet.line, now.alarm.unit), alarm_text(sheet.line, now.alarm, now.detail),
         tr(ALARM_STATE_WORDS[now.state]))
        for now in sheet.left
    ]  # fmt: skip


def _counts(sheet: Handover, leads: Leads) -> Rows:
    """Return how many alarms there were, and how they came: address of the first, name, figure, what there is to say."""
    alarms = sheet.alarms
    priorities = " · ".join(f"{priority}: {count}" for priority, count in enumerate(alarms.by_priority, 1))
    chatter = next((t.at_ns for t in alarms.transitions if t.shown and t.alarm in alarms.chattering), None)
    standing = min((now.since_ns for now in sheet.left if now.alarm in alarms.standing), default=None)
    return [
        (leads.alarms(), tr("Alarms"), number(alarms.activations), tr("by priority {counts}", counts=priorities)),
        (
            leads.alarms(alarms.floods[0][0] if alarms.floods else None),
            tr("Time in flood"),
            percent(alarms.flood_share),
            tr("{n} floods", n=len(alarms.floods)),
        ),
        (leads.alarms(chatter), tr("Chattering"), number(len(alarms.chattering)), ""),
        (leads.alarms(standing), tr("Standing for over a day"), number(len(alarms.standing)), ""),
    ]


def _gaps(sheet: Handover, leads: Leads) -> Rows:
    """Return when nobody knew what units did: address, when, how long, which."""
    return [
        (leads.figure(gap.units[0], "Blind time", (gap.start_ns, gap.end_ns)), clock_time(gap.start_ns, sheet.line.tz),
         duration((gap.end_ns - gap.start_ns) / SECOND_NS),
         tr("all machines") if len(gap.units) == len(sheet.spent) > 1 else ", ".join(sheet.line.unit(unit).title for unit in gap.units))
        for gap in sheet.gaps
    ]  # fmt: skip


def _notes(sheet: Handover, leads: Leads) -> Rows:
    """Return what people wrote: address, when, unit, text."""
    units = {unit.id: unit.title for unit in sheet.line.units}
    return [
        (leads.moment(n.at_ns, n.unit), clock_time(n.at_ns, sheet.line.tz), units.get(n.unit, ""), n.text or tr("Bookmark"))
        for n in sheet.notes
    ]
