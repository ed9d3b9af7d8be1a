"""Time to pixels and back, zooming, panning, fitting: closed-form geometry of the time axis. Not for painting, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from twin_app.clock import MILLISECOND_NS, SECOND_NS

SHORTEST_NS = 20 * MILLISECOND_NS
"""Nearest zoom: receive times are quantised to 1 ms."""
LONGEST_NS = 400 * 86_400 * SECOND_NS
LIVE_MARGIN = 0.08
"""Share of the view kept free behind the live end, so that the future has room and the view need not move with every sample."""
MOST_AHEAD = 0.35
"""Share of the view that the future gets at most."""
REPLAY_MARGIN = 0.006
"""Share kept free at both ends of a replay, so that the playhead's handle is not cut."""
SHORTEST_FIT_NS = 60 * SECOND_NS


@dataclass(frozen=True, slots=True)
class TimeScale:
    """[start_ns, end_ns) drawn on `width_px` pixels from `left_px` on."""

    start_ns: int
    end_ns: int
    left_px: int
    width_px: int

    @property
    def span_ns(self) -> int:
        """Return how much time is visible."""
        return self.end_ns - self.start_ns

    @property
    def ns_per_px(self) -> float:
        """Return how much time one pixel stands for."""
        return self.span_ns / max(self.width_px, 1)

    def x(self, at_ns: int) -> float:
        """Return the pixel of an instant, also outside the view."""
        return self.left_px + (at_ns - self.start_ns) / self.ns_per_px

    def at(self, x: float) -> int:
        """Return the instant under a pixel."""
        return self.start_ns + round((x - self.left_px) * self.ns_per_px)

    def zoomed(self, factor: float, x: float) -> TimeScale:
        """Return the view `factor` times as close, with the instant under pixel `x` staying there."""
        share = min(max((x - self.left_px) / max(self.width_px, 1), 0.0), 1.0)
        fixed = self.at(self.left_px + share * self.width_px)
        span = min(max(round(self.span_ns / factor), SHORTEST_NS), LONGEST_NS)
        start = fixed - round(span * share)
        return replace(self, start_ns=start, end_ns=start + span)

    def panned(self, dx_px: float) -> TimeScale:
        """Return the view after its content was dragged `dx_px` to the right (earlier time comes in)."""
        shift = round(dx_px * self.ns_per_px)
        return replace(self, start_ns=self.start_ns - shift, end_ns=self.end_ns - shift)

    def showing(self, start_ns: int, end_ns: int) -> TimeScale:
        """Return the same pixels over another stretch of time, no shorter than the nearest zoom."""
        missing = max(SHORTEST_NS - (end_ns - start_ns), 0)
        return replace(self, start_ns=start_ns - missing // 2, end_ns=end_ns + missing - missing // 2)

    def holding(self, at_ns: int, *, edge: float = 0.04, rest: float = 0.2) -> TimeScale:
        """Return the view with `at_ns` in it: unmoved while it is, else moved on so far that it stands `rest` of the width from the edge it left by."""
        share = (at_ns - self.start_ns) / self.span_ns
        if edge <= share <= 1 - edge:
            return self
        start = at_ns - round(self.span_ns * (rest if share < edge else 1 - rest))
        return replace(self, start_ns=start, end_ns=start + self.span_ns)


def fitted(start_ns: int, end_ns: int, *, live: bool, plan_ns: int | None = None) -> tuple[int, int]:
    """Return the view that shows a whole span: with room for the future when live, with a hair at both ends in a replay.

    Where a plan reaches to `plan_ns`, a live line's future gets the room for it, up to `MOST_AHEAD`.
    """
    length = max(end_ns - start_ns, SHORTEST_FIT_NS if live else SHORTEST_NS)
    if live:
        least, most = (round(length / (1 - share)) for share in (LIVE_MARGIN, MOST_AHEAD))
        planned = 0 if plan_ns is None else round((plan_ns - start_ns) * (1 + REPLAY_MARGIN))
        return start_ns, start_ns + min(max(planned, least), most)
    pad = round(length * REPLAY_MARGIN)
    return start_ns - pad, start_ns + length + pad


def kept_within(scale: TimeScale, start_ns: int, end_ns: int) -> TimeScale:
    """Return the view pushed back so that at least a tenth of it shows the span [start_ns, end_ns]: nobody gets lost in empty time."""
    tenth = scale.span_ns // 10
    shift = (
        min(max(scale.start_ns, start_ns - scale.span_ns + tenth), max(end_ns - tenth, start_ns - scale.span_ns + tenth)) - scale.start_ns
    )
    return replace(scale, start_ns=scale.start_ns + shift, end_ns=scale.end_ns + shift)
