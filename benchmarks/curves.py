"""Twenty curves with a month behind them: what zooming and panning costs the window, and how soon the points are there. Not a test.

    python benchmarks/curves.py [--quick] [--days 30] [--curves 20]

Signals at 1 Hz in a folder of shifts, read back as a replay reads them, in the real panel of curves at 1600 x 800, in memory (no screen).
`gesture_ms` is the processor time of the window's thread with the painting, `answer_ms` the time of all curves' answers on the worker,
nothing decoded before the first of them. The last line is one JSON object. --quick takes three days.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow

from benchmarks.timeline import Hall
from benchmarks.weeks import SHIFT_NS, START_NS
from twin_app.clock import SECOND_NS
from twin_app.history.files import file_name
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.model.historian import Span
from twin_app.model.samples import NEVER, Samples, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.settings import Settings
from ui import theme
from ui.commands import Commands
from ui.context import Context, LineView, Selection, Theme
from ui.curves.wanted import Wanted
from ui.panels.curves import CurvesPanel
from ui.query import SessionQuery
from ui.station import Station

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.historian import Series

DAY_NS = 86_400 * SECOND_NS


def signals(count: int) -> SignalTable:
    """Return measurements of as many machines."""
    return SignalTable([
        Signal(path=f"S/A/L/M{i}/Temp", unit=f"M{i}", name="Temp", kind=SignalKind.MEASUREMENT, unit_of_measure="°C") for i in range(count)
    ])  # fmt: skip


def record(folder: Path, count: int, days: float) -> None:
    """Write a folder of shifts."""
    rng = np.random.default_rng(3)
    for shift in range(round(days * 3)):
        start_ns = START_NS + shift * SHIFT_NS
        store = Store.reopen(folder / file_name(start_ns), signals=signals(count), texts=TextTable(), folds=False)
        n = 28_800 * count
        times = start_ns + (np.arange(n) // count) * SECOND_NS + rng.integers(0, 900, n) * 1_000_000
        walk = np.round(20 + np.cumsum(rng.normal(0, 0.02, (28_800, count)), axis=0), 2).reshape(n)
        order = np.argsort(times, kind="stable")
        whole = Samples(
            np.tile(np.arange(count, dtype=np.int32), 28_800), times, np.full(n, NEVER), times, walk, np.zeros(n, np.uint8),
            np.zeros(n, np.uint8), np.arange(n),
        ).take(order)  # fmt: skip
        store.append(whole)
        store.commit()
        upkeep = store._upkeep  # noqa: SLF001 - here and now instead of in its thread
        assert upkeep is not None  # noqa: S101 - it was opened on a file
        while store.seal(everything=True):
            pass
        while upkeep._sealer.roll(finished=True):  # noqa: SLF001 - as above
            pass
        store.close()


class Line:
    """What the panel asks: curves from the recording, nothing else."""

    def __init__(self, recording: Recording) -> None:
        """Ask a recording."""
        self.recording, self.spent_s = recording, 0.0

    def range(self, signal: int, start_ns: int, end_ns: int, pixels: int) -> Series:
        """Answer as a session does."""
        began = time.thread_time()
        found = self.recording.range(signal, start_ns, end_ns, pixels)
        self.spent_s += time.thread_time() - began
        return found

    def shifts(self, _start_ns: int, _end_ns: int) -> tuple[()]:
        """Know of no calendar."""
        return ()


class Bench:
    """The panel in a window."""

    def __init__(self, app: QApplication, folder: Path, count: int) -> None:
        """Show all curves."""
        self.app = app
        recording = Recording(folder)
        span = recording.span()
        assert span is not None  # noqa: S101 - it was written
        self.span, self.line = span, Line(recording)
        hall = Hall(count, 10)
        seam: Any = hall  # stands in for the transport
        self.query = SessionQuery()
        answers: Any = self.line
        self.query.open(answers)
        self.window = QMainWindow()
        context = Context(
            query=self.query, commands=Commands(self.window), transport=seam, selection=Selection(), settings=Settings(), theme=Theme(),
            station=Station(),
        )  # fmt: skip
        theme.apply(app, context.theme.palette, system_points=9.0)
        self.panel = CurvesPanel(context)
        self.window.setCentralWidget(self.panel)
        self.window.resize(1600, 800)
        self.window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.window.show()
        self.panel.open_line(LineView(hall.line, recording.signals, TextTable()))
        self.panel.offer(replace(hall.frame(1.0), at_ns=span.end_ns, span=Span(span.start_ns, span.end_ns), shift_start_ns=span.start_ns))
        for i in range(count):
            self.panel.add(Wanted(f"M{i}", "Temp"))

    def answered_ms(self, start_ns: int, length_ns: int) -> float:
        """Show a stretch; return the worker's time until every curve of it is there."""
        self.line.spent_s = 0.0
        self.panel._stay(start_ns, length_ns)  # noqa: SLF001 - as a gesture does
        self.settle()
        return self.line.spent_s * 1000

    def settle(self) -> None:
        """Wait until all that was asked for is drawn."""
        ends = time.monotonic() + 60.0
        while time.monotonic() < ends:
            self.app.processEvents()
            if self.query.idle and self.panel.settled():
                return
            time.sleep(0.002)

    def gestures(self, gesture: Callable[[int], None], times: int) -> dict[str, float]:
        """Return p50 and p99 of the window's time by gesture, painting and the drawing of answers included."""
        took = []
        for number in range(times):
            began = time.thread_time()
            gesture(number)
            self.app.processEvents()
            took.append((time.thread_time() - began) * 1000)
            time.sleep(0.016)
        return {"p50": round(float(np.percentile(took, 50)), 1), "p99": round(float(np.percentile(took, 99)), 1)}


def measured(bench: Bench, times: int) -> dict[str, object]:
    """Return every figure."""
    whole = bench.span.end_ns - bench.span.start_ns
    answers = {}
    for name, length in (("whole", whole), ("1 d", DAY_NS), ("8 h", DAY_NS // 3), ("1 h", DAY_NS // 24)):
        start = bench.span.start_ns + (whole - length) // 2
        answers[name] = [round(bench.answered_ms(start, length), 1), round(bench.answered_ms(start + length // 50, length), 1)]
    gestures = {}
    for name, length in (("whole", whole), ("8 h", DAY_NS // 3)):
        bench.answered_ms(bench.span.start_ns + (whole - length) // 2, length)
        gestures[f"pan {name}"] = bench.gestures(lambda i, length=length: bench.panel.pan(length // 40 * _way(i)), times)  # type: ignore[misc] # mypy infers no type for a default argument
        bench.answered_ms(bench.span.start_ns + (whole - length) // 2, length)
        middle = bench.span.start_ns + whole // 2
        gestures[f"zoom {name}"] = bench.gestures(lambda i, middle=middle: bench.panel.zoom(middle, 0.8 ** _way(i)), times)  # type: ignore[misc] # as above
    return {"answer_ms": answers, "gesture_ms": gestures}


def _way(number: int) -> int:
    """Return 1 for some steps, then -1 for as many: there and back."""
    return 1 if number // 10 % 2 == 0 else -1


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--curves", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="a recording that an earlier run left, or leaves, there")
    given = parser.parse_args()
    days = 3.0 if given.quick else given.days
    app = QApplication([])
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        folder = given.folder or Path(name)
        folder.mkdir(exist_ok=True)
        if not any(folder.iterdir()):
            record(folder, given.curves, days)
        bench = Bench(app, folder, given.curves)
        found = {"days": days, "curves": given.curves, **measured(bench, 40 if given.quick else 100)}
        bench.query.stop()
        bench.line.recording.close()
        bench.window.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
