"""How fast a unit produces at an instant: what its reports brought over the time in which it was counted. Not for figures of a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import fsum, nan

from twin_app.plant.counters import Counter, Span
from twin_app.plant.track import FAR_PAST

MINUTE_NS = 60 * 10**9
REPORTS = 3
"""A rate reaches back over so many reports at least, however seldom they come."""
NEWEST = 6
"""How often they come is taken from so many of the newest that counted something."""
SHARE = 8
"""Of less than the eighth of its time nothing is told."""


def rate_per_min(counters: Sequence[Counter], at_ns: int, cycle_s: float | None, unknown: Callable[[int, int], list[Span]], lost: Callable[[int, int], Sequence[int]]) -> float:  # fmt: skip
    """Return how many counts a minute all counters made before an instant, the first of them setting the pace; NaN where nobody can tell.

    Let d be the usual time (the lower median) between the newest reports that counted something. What was counted between S and E is
    divided by the known part of E - S: S is a minute ago, or three d, or three ideal cycles (`cycle_s`, None: unknown) where that is longer, but
    never before the first report that counted something; E is the newest such report until the next is due after d, and from
    2 d on, when it surely has not come, the instant itself, with an even passage between them. So whole reports are divided by the time in which they came to be, and a machine that reports seldom is never told faster than it is
    because a report fell into a window. Only what the report brought that reaches over S is spread evenly over the time since the
    one before it: from the true mean over [S, E] the figure differs by that report's counts over E - S at most, by nothing where
    counts come evenly. Once a machine stands it falls to 0 from d on.

    NaN: the state is unknown at the instant, no counter was heard, fewer than two reports counted something (0 once nothing has for the
    whole of that time), or less than an eighth of the time is known. `unknown` tells the spans in which nobody knows the state,
    `lost` the instants at which the link was down.
    """
    heard = [(first_ns, counter) for counter in counters if (first_ns := counter.heard_since(at_ns)) is not None]
    if not heard:
        return nan
    first_ns, pace = heard[0]
    rises = pace.rises(at_ns, NEWEST)
    least_ns = max(MINUTE_NS, round(REPORTS * (cycle_s or 0.0) * 1e9))
    if len(rises) < 2:  # noqa: PLR2004 - there is no time between them
        since_ns = rises[-1] if rises else first_ns
        still = at_ns - since_ns >= least_ns and not unknown(at_ns - least_ns, at_ns)
        return 0.0 if still else nan
    between = sorted(b - a for a, b in pairwise(rises))
    usual_ns = between[(len(between) - 1) // 2]
    span_ns = max(least_ns, REPORTS * usual_ns)
    start_ns = at_ns - span_ns
    if start_ns < first_ns:
        start_ns = pace.next_rise(FAR_PAST, 1) or first_ns
    overdue_ns = max(at_ns - rises[-1] - usual_ns, 0)
    end_ns = min(rises[-1] + 2 * overdue_ns, at_ns)
    return _over(heard, (start_ns, end_ns), at_ns, span_ns, unknown(start_ns, at_ns), lost)


def _over(
    heard: Sequence[tuple[int, Counter]], span: Span, at_ns: int, wanted_ns: int, gaps: Sequence[Span], lost: Callable[[int, int], Sequence[int]]
) -> float:  # fmt: skip
    """Return what was counted a minute over the known part of a span; NaN where too little is known, or nothing is at `at_ns`."""
    start_ns, end_ns = span
    known_ns = end_ns - start_ns - sum(max(min(end, end_ns) - start, 0) for start, end in gaps)
    if known_ns <= 0 or known_ns * SHARE < wanted_ns or (gaps and gaps[-1][1] == at_ns):
        return nan
    outages = lost(start_ns, end_ns)
    counted = [counter.known_total(start_ns, end_ns, gaps, outages) - _before(counter, span, gaps, lost) for _, counter in heard]
    return fsum(counted) * MINUTE_NS / known_ns


def _before(counter: Counter, span: Span, gaps: Sequence[Span], lost: Callable[[int, int], Sequence[int]]) -> float:
    """Return what of the first report behind a start was counted before it, as if it had been counted evenly; of a later one nothing counts."""
    start_ns, end_ns = span
    around = counter.around(start_ns)
    if around is None or around[1] > end_ns:
        return 0.0
    before_ns, behind_ns, counted = around
    if any(before_ns <= at < behind_ns for at in lost(before_ns, behind_ns)) or any(start < behind_ns for start, _ in gaps):
        return 0.0  # what was counted over an outage or a gap is left out already
    return counted * (start_ns - before_ns) / (behind_ns - before_ns)
