"""What the timeline of 200 machines over eight hours costs to paint: whole, zoomed, panned, scrolled, and while it plays. No session.

    python benchmarks/timeline.py [--quick] [--units 200] [--changes 3000]

Processor time of the GUI thread at 1920 x 400, in memory (no screen), painting included. The last line is one JSON object: the lanes
that are seen at once, and p50 and p99 of each gesture in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow

from twin_app.clock import SECOND_NS
from twin_app.model.equipment import Line, Product, SourceSpec, Unit
from twin_app.model.frame import ALL, Changes, Frame, Mode
from twin_app.model.historian import Latest, Span
from twin_app.model.overview import AlarmTicks, Overview
from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.model.samples import TextTable
from twin_app.model.signal import SignalTable
from twin_app.model.timeline import Intervals, UnitNow
from twin_app.settings import Settings
from ui import theme
from ui.commands import Commands
from ui.context import Context, LineView, Selection, Theme
from ui.panels.timeline import TimelinePanel
from ui.station import Station

if TYPE_CHECKING:
    from collections.abc import Callable

START_NS = 1_795_435_200 * SECOND_NS
SPAN = Span(START_NS, START_NS + 8 * 3600 * SECOND_NS)
STATES = (State.EXECUTE, State.SUSPENDED, State.EXECUTE, State.HELD, State.EXECUTE, State.ABORTED, State.CLEARING, State.STOPPED)
CATEGORY = {
    State.EXECUTE: Category.PRODUCTION,
    State.SUSPENDED: Category.STARVED,
    State.ABORTED: Category.FAILURE,
    State.HELD: Category.INTERNAL_STOP,
}


class Hall:
    """A line of n units that change their state so often, and the transport's and the notes' end of the panel."""

    def __init__(self, units: int, changes: int) -> None:
        """Make every unit's eight hours."""
        ids = [f"M{i}" for i in range(units)]
        self.line = Line(
            path=Path("line.toml"), content_hash="", id="L", title="", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="piece",
            constraint="M0", units=tuple(Unit(id=u, title=f"Machine {u}", type="generic", source="plc") for u in ids),
            sources=(SourceSpec(id="plc", title=""),), products=(Product(id="p", title="", ideal_cycle_s=dict.fromkeys(ids, 1.0)),),
        )  # fmt: skip
        random = np.random.default_rng(1)
        self.states = {u: self._past(random, changes) for u in ids}
        times = np.sort(random.integers(SPAN.start_ns, SPAN.end_ns, 20 * units))
        self.ticks = AlarmTicks(times, random.integers(1, 5, len(times)).astype(np.uint8), tuple(random.choice(ids, len(times)).tolist()))

    @staticmethod
    def _past(random: np.random.Generator, changes: int) -> Intervals:
        starts = np.sort(random.integers(SPAN.start_ns, SPAN.end_ns, changes))
        starts[0] = SPAN.start_ns
        state = np.array([STATES[i % len(STATES)] for i in range(changes)], np.int16)
        category = np.array([CATEGORIES.index(CATEGORY.get(State(s), Category.TRANSITION)) for s in state.tolist()], np.uint8)
        return Intervals(starts, state, np.ones(changes, np.int16), category, SPAN.end_ns)

    def timeline(self, _key: str, unit: str, start_ns: int, end_ns: int, then: Callable[[Intervals], None]) -> None:
        """Answer as the plant does: clipped to what was asked for."""
        whole = self.states[unit]
        first = max(int(whole.start_ns.searchsorted(start_ns, "right")) - 1, 0)
        last = max(int(whole.start_ns.searchsorted(end_ns, "left")), first + 1)
        starts = np.maximum(whole.start_ns[first:last], start_ns)
        then(Intervals(starts, whole.state[first:last], whole.mode[first:last], whole.category[first:last], end_ns))

    def alarm_ticks(self, _key: str, _start_ns: int, _end_ns: int, then: Callable[[AlarmTicks], None]) -> None:
        """Answer at once."""
        then(self.ticks)

    def overview(self, _key: str, start_ns: int, end_ns: int, pixels: int, then: Callable[[Overview], None]) -> None:
        """Answer with something to paint."""
        shares = np.full((pixels, len(State) + 1), 1 / (len(State) + 1), np.float32)
        then(Overview(start_ns, end_ns, shares, shares, np.zeros(pixels, np.uint8)))

    def __getattr__(self, _name: str) -> Callable[..., None]:
        """Take every other question and every order of the transport, and do nothing."""
        return lambda *_args, **_named: None

    def frame(self, share: float, changes: Changes = ALL) -> Frame:
        """Return the line at a share of its eight hours."""
        at_ns = SPAN.start_ns + round((SPAN.end_ns - SPAN.start_ns) * share)
        empty = np.empty(0, np.int64)
        latest = Latest(empty, empty.astype(float), empty.astype(np.uint8), empty.astype(np.uint8), empty)
        units = {u.id: UnitNow(u.id, State.EXECUTE, SPAN.start_ns, 1, Category.PRODUCTION) for u in self.line.units}
        return Frame(
            at_ns=at_ns, mode=Mode.REPLAY, playing=True, speed=60.0, span=SPAN, shift_start_ns=SPAN.start_ns, latest=latest, units=units,
            figures=None, rates_per_min={}, cycles={}, health=(), changes=changes,
        )  # fmt: skip


class Bench:
    """The panel in a window, and the clock."""

    def __init__(self, app: QApplication, hall: Hall) -> None:
        """Show it."""
        self.app, self.hall = app, hall
        self.window = QMainWindow()
        seam: Any = hall  # stands in for query and transport
        context = Context(
            query=seam, commands=Commands(self.window), transport=seam, selection=Selection(), settings=Settings(), theme=Theme(),
            station=Station(),
        )  # fmt: skip
        theme.apply(app, context.theme.palette, system_points=9.0)
        self.panel = TimelinePanel(context)
        self.window.setCentralWidget(self.panel)
        self.window.resize(1920, 400)
        self.window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.window.show()
        self.panel.open_line(LineView(hall.line, SignalTable(), TextTable()))
        self.panel.offer(hall.frame(0.5))
        self.settle(0.6)

    def settle(self, seconds: float) -> None:
        """Let what is asked for arrive."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            self.app.processEvents()

    def timed(self, gesture: Callable[[int], None], times: int) -> dict[str, float]:
        """Return p50 and p99 of a gesture with the painting that it causes, ms."""
        took = []
        for number in range(times):
            began = time.thread_time()
            gesture(number)
            self.panel.canvas.repaint()
            self.panel.overview.repaint()
            took.append((time.thread_time() - began) * 1000)
        return {"p50": round(float(np.percentile(took, 50)), 2), "p99": round(float(np.percentile(took, 99)), 2)}


def measured(bench: Bench, times: int) -> dict[str, dict[str, float]]:
    """Return every gesture's cost."""
    canvas, hall = bench.panel.canvas, bench.hall
    found = {"repaint_8h": bench.timed(lambda _: canvas.refresh(), times)}
    found["scroll_8h"] = bench.timed(lambda i: canvas.scroll_rows(3 * _way(i)), times)
    found["zoom_wheel"] = bench.timed(lambda i: canvas.zoom(1.25 ** _way(i)), times)
    canvas.fit()
    canvas.zoom(6)
    bench.settle(0.3)
    found["pan"] = bench.timed(lambda i: canvas.pan_px(25.0 * _way(i)), times)
    canvas.fit()
    bench.settle(0.3)
    playing = Changes(signals=True)
    frames = [replace(hall.frame(0.2 + i / times / 2, playing)) for i in range(times)]
    found["playing_8h"] = bench.timed(lambda i: bench.panel.offer(frames[i]), times)
    return found


def _way(number: int) -> int:
    """Return 1 for some steps, then -1 for as many: there and back."""
    return 1 if number // 15 % 2 == 0 else -1


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--changes", type=int, default=3000, help="changes of state a machine in eight hours")
    given = parser.parse_args()
    app = QApplication([])
    bench = Bench(app, Hall(given.units, given.changes))
    lanes = len(bench.panel.canvas.rows.visible)
    found: dict[str, object] = {"lanes_seen": lanes, **measured(bench, 40 if given.quick else 200)}
    for name, cost in found.items():
        print(f"{name:12} {cost}")
    bench.window.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
