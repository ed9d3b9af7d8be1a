"""The sheet's pictures as SVG: a lane of states a unit, output by the hour, OEE through the shift. Not for what they show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from twin_app.clock import SECOND_NS
from twin_app.model.packml import STATE_WORDS, Category, State
from twin_app.text import clock_time, duration, number, percent, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.model.kpi import Spent
    from twin_app.report.handover import Handover
    from twin_app.report.leads import Leads

WIDTH, NAME, LANE = 980, 150, 16
HIGH = 120
MOST_LANES = 16
"""So many lanes stand in one picture, which fits on a page."""
NARROW_LETTER, WIDE_LETTER, LAST_NARROW = 6.3, 11.0, "\u2000"
MOST_MARKS = 9
STEPS_S = (1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400, 604_800)
LEAST_SPOT = 6.0
"""Narrower pieces of a lane are no links: nobody can point at them."""
LETTERS = 13
"""Height of a figure."""
HIGHEST = 1.2
"""Of OEE as it is drawn: the first minutes may count pieces that were begun before."""
_GREY, _DARK, _LINE, _TEXT = "#848C94", "#5C636B", "#C9CDD1", "#2B3036"
_RED, _ORANGE, _YELLOW = "#C62F33", "#AD5B00", "#8A6D00"
_WAITS = frozenset({Category.STARVED, Category.BLOCKED, Category.EXTERNAL})


class Spot(NamedTuple):
    """A place of a picture, in its own units, that leads somewhere."""

    x: float
    y: float
    width: float
    height: float
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, and the places in it that lead somewhere."""

    svg: str
    spots: Sequence[Spot]

    def linked(self) -> str:
        """Return the picture with its places as links, as a browser knows them."""
        spots = "".join(
            f'<a href="{escape(s.address)}"><title>{escape(s.words)}</title>'
            f'<rect class="spot" x="{s.x:.1f}" y="{s.y:.1f}" width="{s.width:.1f}" height="{s.height:.1f}"/></a>'
            for s in self.spots
        )
        return self.svg.replace("</svg>", spots + "</svg>")


def lanes(sheet: Handover, leads: Leads) -> list[Drawn]:
    """Return a lane of states for each unit, of a long line in several pictures; what nobody knows is hatched, what needs a person is coloured and higher."""
    units = list(sheet.spent)
    each = -(-len(units) // max(1, -(-len(units) // MOST_LANES)))
    return [_lanes(sheet, leads, units[first : first + each]) for first in range(0, len(units), max(each, 1))]


def _lanes(sheet: Handover, leads: Leads, units: Sequence[str]) -> Drawn:
    """Return the lanes of some units over one axis of time."""
    rows, spots = [], []
    for number_, unit in enumerate(units):
        top = number_ * LANE
        title = sheet.line.unit(unit).title
        rows.append(f'<text x="0" y="{top + 11}" class="name">{escape(_shortened(title))}</text>')
        bars: dict[tuple[bool, int, str], list[str]] = {}
        for row in sheet.spent[unit]:
            left, right = _x(sheet, row.start_ns), _x(sheet, row.end_ns)
            color, inset = _look(row.state, row.category)
            wide, high = max(right - left, 0.4), LANE - 3 - 2 * inset
            bars.setdefault((color != _GREY, -inset, color), []).append(f"M{left:.2f} {top + inset}h{wide:.2f}v{high}H{left:.2f}z")
            if right - left >= LEAST_SPOT and row.category is not Category.PRODUCTION:
                spots.append(Spot(left, top, right - left, LANE - 1, leads.moment(row.start_ns, unit), _told(sheet, row)))
        # One path a look: production first, the highest last, so that a short stop is seen beside what is longer.
        rows += [f'<path d="{"".join(pieces)}" fill="{color}"/>' for (*_, color), pieces in sorted(bars.items())]
        spots.append(Spot(0, top, NAME - 4, LANE - 1, leads.moment(sheet.end_ns, unit), title))
    height = len(units) * LANE
    return _svg(spots, height + 18, '<defs><pattern id="unknown" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
                f'<rect width="2" height="5" fill="{_LINE}"/></pattern></defs>' + "".join(rows) + _clock(sheet, height))  # fmt: skip


def _shortened(title: str) -> str:
    """Return a title that does not reach into its lane; whole signs of Chinese are twice as wide."""
    room, kept = NAME - 8.0, ""
    for sign in title:
        room -= WIDE_LETTER if sign > LAST_NARROW else NARROW_LETTER
        if room < 0:
            return kept[:-1].rstrip() + "…"
        kept += sign
    return title


def output(sheet: Handover, leads: Leads) -> Drawn:
    """Return good units by the hour as bars, with the target's pace as a line where there is a target."""
    most = max([good for _, good in sheet.hours if isfinite(good)], default=0.0)
    pace = _pace(sheet)
    top = max(most, pace or 0.0) or 1.0
    planned_y = HIGH - HIGH * pace / top if pace else None
    edges = [start for start, _ in sheet.hours] + [sheet.end_ns]
    parts, spots = [], []
    for (start, good), end in zip(sheet.hours, edges[1:], strict=True):
        left, right = _x(sheet, start), _x(sheet, end)
        words = f"{clock_time(start, sheet.line.tz)[:5]} – {clock_time(end, sheet.line.tz)[:5]}: {number(good)}"
        spots.append(Spot(left, 0, right - left, HIGH + 34, leads.figure(leads.last, "Good pieces", (start, end)), words))
        if not isfinite(good):
            continue
        height = HIGH * good / top
        parts.append(
            f'<rect x="{left + 2:.1f}" y="{HIGH - height:.1f}" width="{max(right - left - 4, 1):.1f}" height="{height:.1f}" fill="{_GREY}"/>'
        )
        over = planned_y is not None and 0 <= HIGH - height - planned_y < LETTERS  # the plan's line would go through the figure
        place, kind = (height - LETTERS - 2, "inside") if over and height > LETTERS else (height + 3, "figure")
        parts.append(f'<text x="{(left + right) / 2:.1f}" y="{HIGH - place:.1f}" class="{kind}">{number(good)}</text>')
    if planned_y is not None:
        y = planned_y
        parts.append(f'<line x1="{NAME}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_TEXT}" stroke-dasharray="4 3"/>')
    return _svg(spots, HIGH + 34, f'<g transform="translate(0 14)">{"".join(parts)}{_clock(sheet, HIGH)}</g>')


def oee(sheet: Handover, leads: Leads) -> Drawn:
    """Return the line's OEE from the window's start to each instant; gaps where nobody knows."""
    parts = [_level(share) for share in (0.0, 0.5, 1.0)]
    parts += [f'<polyline points="{points}" fill="none" stroke="{_TEXT}" stroke-width="1.6"/>' for points in _runs(sheet)]
    target = sheet.line.targets.oee_index
    if target is not None:
        y = HIGH * (1 - target)
        parts.append(f'<line x1="{NAME}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_TEXT}" stroke-dasharray="4 3"/>')
    room = HIGH * (HIGHEST - 1) if any(share > 1 for share in sheet.trend.oee_index) else 0.0
    edges = [start for start, _ in sheet.hours] + [sheet.end_ns]
    spots = [
        Spot(_x(sheet, a), 0, _x(sheet, b) - _x(sheet, a), HIGH + 30 + room, leads.figure(leads.constraint, "OEE index", (a, b)),
             f"{clock_time(a, sheet.line.tz)[:5]} – {clock_time(b, sheet.line.tz)[:5]}: {percent(_until(sheet, b))}")
        for a, b in pairwise(edges)
    ]  # fmt: skip
    return _svg(spots, HIGH + 30 + room, f'<g transform="translate(0 {10 + room:.0f})">{"".join(parts)}{_clock(sheet, HIGH)}</g>')


def _told(sheet: Handover, row: Spent) -> str:
    """Return an interval in words."""
    state = tr("No data") if row.state is None else tr(STATE_WORDS[row.state])
    return f"{clock_time(row.start_ns, sheet.line.tz)} {state}, {duration((row.end_ns - row.start_ns) / 1e9)}"


def _until(sheet: Handover, at_ns: int) -> float | None:
    """Return the OEE from the window's start to an instant, as far as the curve has it."""
    known = [share for at, share in zip(sheet.trend.times_ns, sheet.trend.oee_index, strict=True) if at <= at_ns]
    return known[-1] if known else None


def _pace(sheet: Handover) -> float | None:
    """Return what an hour of the shift must bring for its target, None without one."""
    target, hours = sheet.line.targets.good_per_shift, (sheet.end_ns - sheet.start_ns) / 3.6e12
    return target / hours if target is not None and sheet.name and hours else None


def _level(share: float) -> str:
    """Return one line of the scale."""
    y = HIGH * (1 - share)
    words = f'<text x="{NAME - 6}" y="{y + 4:.1f}" class="right">{share:.0%}</text>'
    return f'<line x1="{NAME}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_LINE}"/>{words}'


def _runs(sheet: Handover) -> Sequence[str]:
    """Return the curve's points, a run for each stretch that is known."""
    runs: list[list[str]] = [[]]
    for at_ns, share in zip(sheet.trend.times_ns, sheet.trend.oee_index, strict=True):
        if isfinite(share):
            runs[-1].append(f"{_x(sheet, at_ns):.1f},{HIGH * (1 - min(share, HIGHEST)):.1f}")
        elif runs[-1]:
            runs.append([])
    return [" ".join(run) for run in runs if run]


def _look(state: State | None, category: Category) -> tuple[str, int]:
    """Return colour and inset of a lane's piece."""
    if state is None:
        return "url(#unknown)", 1
    if category is Category.FAILURE or state in {State.ABORTED, State.ABORTING}:
        return _RED, 0
    if state in {State.HELD, State.HOLDING}:
        return _ORANGE, 0
    if category in _WAITS:
        return _YELLOW, 5
    return (_GREY, 2) if category is Category.PRODUCTION else (_DARK, 4)


def _x(sheet: Handover, at_ns: int) -> float:
    """Return where an instant stands."""
    return NAME + (WIDTH - NAME) * (at_ns - sheet.start_ns) / max(sheet.end_ns - sheet.start_ns, 1)


def _clock(sheet: Handover, y: float) -> str:
    """Return the axis of time: full hours, or minutes of a short window, nine at most."""
    span_s = (sheet.end_ns - sheet.start_ns) / SECOND_NS
    step_ns = next((step for step in STEPS_S if span_s / step <= MOST_MARKS), STEPS_S[-1]) * SECOND_NS
    start = datetime.fromtimestamp(sheet.start_ns / SECOND_NS, sheet.line.tz)
    ahead_ns = round((start.utcoffset() or timedelta()).total_seconds()) * SECOND_NS
    first = -(-(sheet.start_ns + ahead_ns) // step_ns) * step_ns - ahead_ns
    times = range(first, sheet.end_ns + 1, step_ns)
    return "".join(
        f'<text x="{_x(sheet, t):.1f}" y="{y + 14:.1f}" class="{"right" if _x(sheet, t) > WIDTH - 20 else "figure"}">{clock_time(t, sheet.line.tz)[:5]}</text>'
        for t in times
    )


def _svg(spots: Sequence[Spot], height: float, inner: str) -> Drawn:
    """Return a picture of the sheet's width."""
    style = "<style>text { font-size: 11px; fill: #5F6770; } .name { fill: #2B3036; } .figure, .inside { text-anchor: middle; } .inside { fill: #FFFFFF; } .right { text-anchor: end; }</style>"
    return Drawn(f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img">{style}{inner}</svg>', spots)
