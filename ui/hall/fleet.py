"""The vehicles of a line and what is known of their ways: asks for the past as far as a playhead needs it, adds what is heard. No widgets."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from twin_app.machines import machine_type
from ui.hall.looks import place_of
from ui.hall.tracks import LAG_NS, TRAIL_S, Track, track

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from twin_app.model.frame import Frame
    from twin_app.model.historian import Series
    from ui.context import LineView, Query
    from ui.scene3d.scene import Pose

    Floats = NDArray[np.float64]

_NAMES = ("X", "Y", "Heading")
_TRAIL_NS = round(TRAIL_S * 1e9) + LAG_NS
_AHEAD_NS = 120_000_000_000
_MOST_SAMPLES = 20_000
_ASK_EVERY_S = 0.4
_LONGEST_STEP_NS = 2_000_000_000
"""Frames that follow each other are not further apart, but for the speed of the playhead."""


class Fleet:
    """Serves one panel; `key` names its slots among the questions."""

    def __init__(self, query: Query, key: str, changed: Callable[[], None]) -> None:
        """Know no line yet; `changed` is called when more is known of the instant that was shown last."""
        self._query, self._key, self._changed = query, key, changed
        self._round = 0
        self.open_line(None)

    def open_line(self, view: LineView | None) -> None:
        """Take another line, or the same of which less is known; what was told is forgotten."""
        self._view = view
        self._round += 1
        self._tracks: dict[str, Track] = {}
        self._parts: dict[str, dict[str, Series]] = {}
        self._asked: tuple[int, int] | None = None
        self._asked_s = 0.0
        self._lacked = False
        self._waiting: set[tuple[str, str]] = set()
        self._frame: Frame | None = None
        self.vehicles = tuple(u.id for u in view.line.units if machine_type(u.type).mobile) if view else ()

    def poses(self, frame: Frame) -> dict[str, Pose]:
        """Return where each vehicle is shown at the frame's instant; none for those that never said."""
        if self._view is None or not self.vehicles:
            return {}
        self._hear(frame)
        self._ask(frame)
        found: dict[str, Pose] = {}
        for unit in self.vehicles:
            reported = place_of(unit, frame.latest, self._view.signals)
            if reported is not None:
                told = self._tracks.get(unit)
                found[unit] = (told.pose(frame.at_ns) if told is not None and told.covers(frame.at_ns) else None) or reported.pose
        return found

    def trails(self, at_ns: int) -> Mapping[str, Floats]:
        """Return the way each vehicle has come by an instant, see `Track.trail`."""
        return {unit: told.trail(at_ns) for unit, told in self._tracks.items() if told.covers(at_ns)}

    def _hear(self, frame: Frame) -> None:
        """Add what the frame reports to what was told before, where time runs on beyond it."""
        if self._view is None or frame.changes.all:
            return
        for unit, told in list(self._tracks.items()):
            if told.until_ns < frame.at_ns <= told.until_ns + _LONGEST_STEP_NS * max(1.0, frame.speed):
                at = place_of(unit, frame.latest, self._view.signals)
                self._tracks[unit] = told.heard(at if at is not None and at.sound else None, now_ns=frame.at_ns)

    def _ask(self, frame: Frame) -> None:
        """Ask for the ways around the playhead where what is known does not reach so far, at most a few times a second."""
        if self._view is None:
            return
        at, now = frame.at_ns, monotonic()
        first, last = (frame.span.start_ns, frame.span.end_ns) if frame.span else (at, at)
        known = self._asked is not None and max(at - _TRAIL_NS, first) >= self._asked[0] and at <= self._asked[1]
        # What was told may have been revised; that is looked into now and then only.
        revised = frame.changes.all and frame is not self._frame and now - self._asked_s > _ASK_EVERY_S
        caught_up = self._lacked and frame.behind_s <= 0
        self._frame = frame
        if known and not revised and not caught_up:
            return
        self._asked_s, self._lacked = now, frame.behind_s > 0
        reach = round(_AHEAD_NS * max(1.0, abs(frame.speed)))
        start, end = max(at - _TRAIL_NS - reach, first - LAG_NS), at + reach
        self._asked = (start, end)
        # No more is known than has come; the rest is heard frame by frame, and read again in a while.
        until = min(end, max(at, last))
        self._round += 1
        self._parts = {unit: {} for unit in self.vehicles}
        signals = [(unit, name, self._view.signals.find(unit, name)) for unit in self.vehicles for name in _NAMES]
        self._waiting = {(unit, name) for unit, name, signal in signals if signal is not None}
        for unit, name, signal in signals:
            if signal is not None:
                then = partial(self._told, self._round, unit, name, start, until)
                self._query.range(f"{self._key}.{unit}.{name}", signal, start, end, _MOST_SAMPLES, then)

    def _told(self, asked: int, unit: str, name: str, start: int, until: int, series: Series) -> None:
        """Put the coordinates together once all of one vehicle are there."""
        if asked != self._round or self._view is None:
            return
        parts = self._parts[unit]
        parts[name] = series
        self._waiting.discard((unit, name))
        if not any(who == unit for who, _ in self._waiting) and {"X", "Y"} <= parts.keys():
            self._tracks[unit] = track(parts["X"], parts["Y"], parts.get("Heading"), start, until)
        if not self._waiting:
            self._changed()
