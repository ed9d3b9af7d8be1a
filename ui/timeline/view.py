"""Which stretch of time is visible, and how it moves: by hand, with a growing span, with the playhead. No Qt, no painting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ui.timeline.scale import TimeScale, fitted, kept_within

if TYPE_CHECKING:
    from twin_app.model.historian import Span


class TimeView:
    """The visible stretch. Fitted (at first, and after a double click) it shows all that is known and grows with it.

    `version` counts up whenever another stretch, or another number of pixels, is visible.
    """

    def __init__(self) -> None:
        """Know nothing yet; show a minute."""
        self.scale = TimeScale(0, 60_000_000_000, 0, 1)
        self.known: Span | None = None
        self.live = False
        self.plan_ns: int | None = None
        self.at_ns = 0
        self.fitted = True
        self.version = 0

    def clear(self) -> None:
        """Forget what is known; fit what comes."""
        self.known, self.fitted = None, True

    def place(self, left_px: int, width_px: int) -> None:
        """Take other pixels."""
        self._take(replace(self.scale, left_px=left_px, width_px=max(width_px, 1)))

    def follow(self, known: Span | None, at_ns: int, *, live: bool, plan_ns: int | None = None) -> bool:
        """Take the span and playhead of a new frame; a playhead that was visible stays visible. Return whether the span is another.

        `plan_ns` is when what is planned ends: as much of it is shown ahead of a live line as leaves the past most of the room.
        """
        was_visible = self.shows(self.at_ns)
        grown = (self.known, self.live, self.plan_ns) != (known, live, plan_ns)
        planned = plan_ns != self.plan_ns
        self.known, self.live, self.plan_ns, self.at_ns = known, live, plan_ns, at_ns
        if grown:
            self._fit_again(steady=not planned)
        if was_visible and not self.fitted:
            self._take(self.scale.holding(at_ns))
        return grown

    def shows(self, at_ns: int) -> bool:
        """Tell whether an instant is visible."""
        return self.scale.start_ns <= at_ns <= self.scale.end_ns

    def playhead_px(self) -> int | None:
        """Return the playhead's pixel, None where it is out of view or nothing is known."""
        return round(self.scale.x(self.at_ns)) if self.known is not None and self.shows(self.at_ns) else None

    def known_end_px(self) -> int:
        """Return the pixel at which the known time ends, -1 where nothing is known."""
        return -1 if self.known is None else round(self.scale.x(self.known.end_ns))

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Zoom at a pixel; without one at the playhead if it is visible, else in the middle."""
        if x is None:
            x = self.scale.x(self.at_ns) if self.shows(self.at_ns) else self.scale.left_px + self.scale.width_px / 2
        self._take_by_hand(self.scale.zoomed(factor, x))

    def pan(self, share: float) -> None:
        """Move by a share of the width, positive into the future."""
        self.pan_px(-share * self.scale.width_px)

    def pan_px(self, dx_px: float) -> None:
        """Drag the content by pixels."""
        self._take_by_hand(self.scale.panned(dx_px))

    def fit(self) -> None:
        """Show all that is known, and keep showing it as it grows."""
        self.fitted = True
        self._fit_again(steady=False)

    def frame(self, start_ns: int, end_ns: int, *, around: float = 0.1) -> None:
        """Show a stretch with a share of it around."""
        more_ns = max(round((end_ns - start_ns) * around), 1)
        self._take_by_hand(self.scale.showing(start_ns - more_ns, end_ns + more_ns))

    def reveal(self, at_ns: int) -> None:
        """Bring an instant into view if it is outside."""
        if not self.shows(at_ns):
            self._take_by_hand(self.scale.holding(at_ns, edge=0.0, rest=0.5))

    def _take_by_hand(self, scale: TimeScale) -> None:
        """Take the view a person asked for: it no longer grows by itself."""
        self.fitted = False
        self._take(scale if self.known is None else kept_within(scale, self.known.start_ns, self.known.end_ns))

    def _fit_again(self, *, steady: bool = True) -> None:
        """Follow the span while fitted. Live it steps when the end comes near the edge, and stands still in between."""
        if self.known is None or not self.fitted:
            return
        start, end = fitted(self.known.start_ns, self.known.end_ns, live=self.live, plan_ns=self.plan_ns)
        has_room = self.live and self.scale.start_ns == start and self.known.end_ns + self.scale.span_ns // 100 < self.scale.end_ns
        if not (steady and has_room):
            self._take(self.scale.showing(start, end))

    def _take(self, scale: TimeScale) -> None:
        if scale != self.scale:
            self.scale = scale
            self.version += 1
