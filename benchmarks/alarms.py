"""A thousand alarms in ten seconds through the real window: how long its thread is busy at a stretch. Not for single parts.

    python benchmarks/alarms.py [--quick] [--alarms 1000] [--seconds 10] [--clump 20] [--profile]

A live line of fifty machines raises the alarms in clumps while the window shows the list, its journal behind it. Blocks are measured from
outside: `computed` is what the GUI thread computed between two rests of its event loop, `late` how late a heartbeat of 5 ms came, which
includes what other programs took.
The first seconds, in which the window settles, are left out. The last line is one JSON object, in milliseconds.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TWIN_APP_HOME", tempfile.mkdtemp(prefix="twin-alarms-"))

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from twin_app.clock import now_ns
from twin_app.history.store import Store
from twin_app.model.alarm_rule import AlarmRule
from twin_app.model.equipment import Feed, Line, Product, SourceSpec, Unit
from twin_app.model.message import SourceHealth, Status
from twin_app.model.samples import NEVER, Kind, Samples, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.plant.plant import Plant
from twin_app.session import Opened, Session
from twin_app.settings import Loaded, Settings, changed
from ui.app import make_application
from ui.bridge import Bridge
from ui.docks import DOCKS
from ui.garbage import LastingObjects
from ui.main_window import MainWindow

UNITS = 50
SETTLES_S = 5.0
RINGS_OFF_S = 0.5
HEART_MS = 5
QUANTILES = (50, 99, 100)


class Plc:
    """A broker that is there; samples go to the store directly."""

    id = "plc"
    live = True

    def start(self) -> None:
        """Nothing runs."""

    def stop(self) -> None:
        """Nothing ran."""

    def health(self) -> SourceHealth:
        """Return that all is well."""
        return SourceHealth(source="plc", title="", address="", live=True, status=Status.CONNECTED, since_ns=now_ns())

    def unit_of(self, topic: str) -> str | None:
        """Return the topic: it names the unit."""
        return topic


def line(alarms: int) -> Line:
    """Return a line whose machines have so many alarms in all."""
    units = tuple(
        Unit(id=f"M{i}", title=f"Machine {i}", type="generic", source="plc", feeds=(Feed(to=f"M{i + 1}"),) if i + 1 < UNITS else ())
        for i in range(UNITS)
    )
    rules = tuple(AlarmRule(signal=f"A{n}", priority=1 + n % 4, text=f"Fault {n}") for n in range(alarms // UNITS))
    return Line(
        path=Path("line.toml"), content_hash="", id="L", title="Line", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="piece",
        constraint="M0", units=units, sources=(SourceSpec(id="plc", title="PLC"),), alarms=rules,
        products=(Product(id="p", title="p", ideal_cycle_s={unit.id: 1.0 for unit in units}),),
    )  # fmt: skip


def flags(signals: list[int], *, value: float, message: int) -> Samples:
    """Return a yes or no of each signal, now."""
    n, at_ns = len(signals), now_ns()
    times = np.full(n, at_ns, np.int64)
    return Samples(
        signal=np.array(signals, np.int32), effective_ns=times, source_ns=np.full(n, NEVER, np.int64), received_ns=times,
        value=np.full(n, value), kind=np.full(n, Kind.BOOL, np.uint8), quality=np.zeros(n, np.uint8), message=np.full(n, message, np.int64),
    )  # fmt: skip


class Busy:
    """How long the thread of the window was busy at a stretch: by what it computed between two rests, and by how late a heartbeat came."""

    def __init__(self, owner: QObject) -> None:
        """Listen to the loop of this thread."""
        self.computed: list[tuple[float, float]] = []
        self.late: list[tuple[float, float]] = []
        self._computed = time.thread_time()
        self._beaten = time.monotonic()
        QAbstractEventDispatcher.instance().aboutToBlock.connect(self._on_about_to_block)
        self._heart = QTimer(owner)
        self._heart.setTimerType(Qt.TimerType.PreciseTimer)
        self._heart.timeout.connect(self._on_beaten)
        self._heart.start(HEART_MS)

    def between(self, began: float, ended: float) -> tuple[list[float], list[float]]:
        """Return seconds computed at a stretch, and seconds that heartbeats came late, between two moments."""
        return [s for at, s in self.computed if began <= at < ended], [s for at, s in self.late if began <= at < ended]

    def _on_about_to_block(self) -> None:
        now = time.thread_time()
        self.computed.append((time.monotonic(), now - self._computed))
        self._computed = now

    def _on_beaten(self) -> None:
        now = time.monotonic()
        self.late.append((now, max(0.0, now - self._beaten - HEART_MS / 1000)))
        self._beaten = now


def measured(options: argparse.Namespace, app: QApplication) -> dict[str, object]:
    """Open the window, raise the alarms, and return what it cost."""
    of = line(options.alarms)
    signals, texts = SignalTable(), TextTable()
    names = [(unit.id, f"A{n}") for n in range(options.alarms // UNITS) for unit in of.units]
    ids = [signals.add(Signal(path=f"S/A/L/{u}/{n}", unit=u, name=n, kind=SignalKind.MEASUREMENT)) for u, n in names]
    store = Store(signals, texts, journal=None)
    session = Session(Opened(of, signals, texts, store, Plant(of, signals, texts), (Plc(),)))
    window = shown(session)
    busy = Busy(window)

    def raise_all() -> None:
        store.append(flags(ids, value=0.0, message=0))
        store.commit()
        time.sleep(SETTLES_S)
        for first in range(0, len(ids), options.clump):
            store.append(flags(ids[first : first + options.clump], value=1.0, message=1 + first))
            store.commit()
            time.sleep(options.seconds * options.clump / len(ids))

    began = time.monotonic()
    lasts_ms = round((SETTLES_S + options.seconds + 2 * RINGS_OFF_S) * 1000)
    ends = QTimer(window)
    ends.setTimerType(Qt.TimerType.PreciseTimer)  # a coarse one may come half a second early, and closing would be counted
    ends.timeout.connect(window.close)
    ends.start(lasts_ms)
    threading.Thread(target=raise_all, daemon=True).start()
    app.exec()
    listed = len(session.alarms(now_ns()).listed)
    first = began + SETTLES_S
    computed, late = busy.between(first, first + options.seconds + RINGS_OFF_S)  # what closing the window takes is nobody's wait
    share = round(sum(computed) / options.seconds, 3)
    return {
        "alarms": listed,
        "seconds": options.seconds,
        "block_ms": {"computed": spread(computed), "late": spread(late)},
        "busy_share": share,
    }


def shown(session: Session) -> MainWindow:
    """Return the window with the list of alarms in front, without the hall."""
    settings = changed(changed(Settings(), "drawing.scene", "off"), "alarms.sound", "off")
    window = MainWindow(Bridge(), Loaded(settings), lambda _request: session, specs=DOCKS)
    window.resize(1920, 1080)
    window.bridge.line_opened.connect(LastingObjects(window).on_line_opened)  # as the program does
    window.show()
    window.bridge.open(session)
    window.fill()
    window.dock_area.reveal("alarms")
    return window


def spread(seconds: list[float]) -> dict[str, float]:
    """Return the middle, the hundredth and the longest, in milliseconds."""
    return {f"p{q}" if q < QUANTILES[-1] else "longest": round(float(np.percentile(seconds, q)) * 1000, 1) for q in QUANTILES}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the same: it takes a quarter of a minute")
    parser.add_argument("--alarms", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--clump", type=int, default=20, help="alarms that come at once")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    app = make_application()
    profile = cProfile.Profile()
    if options.profile:
        QTimer.singleShot(round(SETTLES_S * 1000), app, profile.enable)
    answer = measured(options, app)
    if options.profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
    print(json.dumps(answer | {"load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
