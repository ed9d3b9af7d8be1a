"""How the real window starts and what it costs, paused and playing, on a screen of its own (Xvfb, software OpenGL). Not single parts.

    python benchmarks/window.py [--quick] [--size 1920x1080] [--layout L --source F | --sample] [--profile FILE]

Starts are those of the bundled sample, as a newcomer has them; paused and playing are of three machines, of the layout given, or of
the sample. The last line is one JSON object. Times to start are seconds after the process was asked for, of the fastest start (files
are warm then); `start` splits them, `start_gui_cpu` is how much of it the GUI thread computed. CPU is per cent of one core: user
and system time of all threads of the process; `threads` says whose it is, `x_server` is Xvfb's own, on top. A busy machine makes
fewer frames and pictures: compare `gui_cpu_ms_a_frame` and `cpu_ms_a_picture` then. `all_open` is with every panel seen, in two windows: what each takes of the window's
thread a frame (time on the wall; painting is counted by looking at every event, which costs on top), how long a person waited, and
the most that the thread itself computed between two beats of 10 ms (`longest_work_ms`): the rest of a wait is other threads and programs.
Nothing in the product knows of this: the window is watched from outside, through its signals.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.frame import Frame
    from twin_app.service.request import OpenRequest
    from twin_app.settings import Loaded
    from ui.effort import Tally
    from ui.main_window import MainWindow
    from ui.scene3d.view import SceneView
    from ui.screens.window import FurtherWindow

THREE_MACHINES = ROOT / "models3d" / "lines" / "packaging.toml", str(ROOT / "sample_streams" / "packaging.jsonl")
PLAY_FROM_S = 60.0
"""After the first message: all three machines run."""
SECOND_WINDOW = ("stops", "trends", "orders", "curves")
"""With all panels open these stand in a window of their own, as on a second screen."""
CALM_S = 2.0
"""After pausing or starting to play, before CPU is counted."""
STILL_AT_WORK = frozenset({"sealing", "ahead", "models kept"})  # threads that finish what opening a line began
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int | str = "self") -> float:
    """Return user and system seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cpu_of_threads() -> dict[str, float]:
    """Return user and system seconds of this process by thread name; threads that draw in software are one."""
    spent: defaultdict[str, float] = defaultdict(float)
    known = {str(thread.native_id): thread.name for thread in threading.enumerate()} | {str(os.getpid()): "gui"}
    for task in Path("/proc/self/task").iterdir():
        try:
            head, _, rest = (task / "stat").read_text(encoding="utf-8").rpartition(")")
        except OSError:  # it ended meanwhile
            continue
        name = known.get(task.name) or head.partition("(")[2].partition("-")[0]
        fields = rest.split()
        spent[name] += (int(fields[11]) + int(fields[12])) / TICKS
    return spent


class Watch:
    """Watches the window from inside its process and writes what it saw."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Begin counting from when the process was asked for."""
        self.options = options
        self.asked = float(os.environ["TWIN_BENCHMARK_ASKED"])
        self.marks: dict[str, float] = {}
        self.work: dict[str, float] = {}
        self.mark("python")
        self.frames: list[float] = []
        self.pictures: list[float] = []
        self.drawn_ms: list[float] = []
        self.found: dict[str, Any] = {}
        self.scene: SceneView | None = None
        self.first: Frame | None = None

    def _since(self) -> float:
        return round(time.monotonic() - self.asked, 3)

    def mark(self, name: str) -> None:
        """Note when something happened first."""
        if name not in self.marks:
            self.marks[name] = self._since()
            self.work[name] = round(time.thread_time(), 3)

    def run(self) -> int:
        """Open the window as the command line does and watch it."""
        import ui.app  # noqa: PLC0415 - what is measured
        from twin_app.service.request import Typed  # noqa: PLC0415 - as above

        self.mark("imports")
        make_window = ui.app.make_window

        def watched(loaded: Loaded) -> MainWindow:
            window = make_window(loaded)
            self.mark("window_made")
            self.attach(window)
            return window

        ui.app.make_window = watched
        sources = [self.options.source] if self.options.source else []
        return ui.app.run_window(Typed(layout=self.options.layout and str(self.options.layout), sources=sources))

    def attach(self, window: MainWindow) -> None:
        """Follow the window's signals."""
        from PySide6.QtCore import QTimer  # noqa: PLC0415 - after the product's own imports

        self.window = window
        window.bridge.line_opened.connect(self._on_line_opened)
        window.bridge.frame_ready.connect(self._on_frame)
        fill = window.fill

        def filled(*sample: OpenRequest | None) -> None:
            fill(*sample)
            self.mark("panels_made")

        window.fill = filled  # type: ignore[method-assign] # measured from outside, so that the product has no hook
        QTimer.singleShot(0, window, self._on_loop_runs)
        self.search = QTimer(window)
        self.search.timeout.connect(self._on_searched)
        self.search.start(10)

    def after(self, seconds: float, step: Callable[[], None]) -> None:
        """Go on after a while."""
        from PySide6.QtCore import QTimer  # noqa: PLC0415 - as above

        QTimer.singleShot(round(seconds * 1000), self.window, step)

    def _on_loop_runs(self) -> None:
        self.mark("window_shown")

    def _on_line_opened(self, _view: object) -> None:
        self.mark("line_opened")

    def _on_frame(self, frame: Frame) -> None:
        self.frames.append(time.monotonic())
        self.mark("first_frame")
        if self.first is None:
            self.first = frame
        elif frame.playing and frame.at_ns != self.first.at_ns and "first_moving_frame" not in self.marks:
            # What was asked to be painted is painted before this comes round.
            self.after(0, lambda: self.mark("first_moving_frame"))

    def _on_searched(self) -> None:
        """The 3D view is made late: its pictures are counted from then on."""
        panel: Any = self.window.dock_area.panels.get("scene")
        self.scene = self.scene or (panel and panel._scene)  # noqa: SLF001 - the only way to count pictures
        if self.scene is not None:
            self.search.stop()
            self.scene._worker.picture_finished.connect(self._on_picture)  # noqa: SLF001 - as above

    def _on_picture(self) -> None:
        self.pictures.append(time.monotonic())
        if self.scene is not None and self.scene._picture is not None:  # noqa: SLF001 - as above
            self.drawn_ms.append(self.scene._picture.render_ms)  # noqa: SLF001 - as above
        if "first_picture" not in self.marks:
            self.mark("first_picture")
            self.after(0.5, self._on_started)

    def _on_started(self) -> None:
        if "start" not in self.found:
            self.found["start"] = self.marks
            self.found["start_gui_cpu"] = self.work
            self.found["start_cpu_s"] = round(cpu_s(), 2)
        if self.options.start_only:
            self._on_done()
            return
        session: Any = self.window.bridge.session
        if session.loading or STILL_AT_WORK & {thread.name for thread in threading.enumerate()}:
            self.after(0.5, self._on_started)
            return
        self.mark("all_read")
        if self.options.layout:
            self.window.bridge.seek(session.span().start_ns + round(PLAY_FROM_S * 1e9))
        self.window.bridge.pause()
        self.after(CALM_S, lambda: self._measure("idle", self.options.seconds, self._on_idle_measured))

    def _on_idle_measured(self) -> None:
        self.window.bridge.play()
        self.after(CALM_S, lambda: self._measure("playing", self.options.seconds, self._on_playing_measured))

    def _on_playing_measured(self) -> None:
        """Open every panel, half of them in a second window, and see what each takes."""
        from ui.effort import Effort  # noqa: PLC0415 - as above

        screens, area = self.window.screens, self.window.dock_area
        second = screens.new()
        second.resize(self.window.size())
        for key in SECOND_WINDOW:
            screens.move(key, second.dock_area)
        for key in area.docks:
            area.reveal(key)
        _stand_apart(second, SECOND_WINDOW[:2], SECOND_WINDOW[2:])
        _stand_apart(self.window, ("tree", "instructor"), ("alarms", "inspector", "sources"))
        self.effort = Effort(screens.panels, self.window)
        self.after(CALM_S, self._on_all_open)

    def _on_all_open(self) -> None:
        self.scene_drawn = self.scene.drawn if self.scene else None
        if self.scene_drawn:
            self.scene_drawn.taken()
        for tally in (self.window.bridge.advanced, self.window.bridge.query.delivered):
            tally.taken()
        self.effort.begin()
        self.after(self.options.seconds, self._on_counted)

    def _on_counted(self) -> None:
        account = self.effort.take()
        self.effort.end()
        lasted, bridge = account.lasted_s, self.window.bridge
        panels = {row.key: work(row.shown, row.painted, lasted) for row in account.rows if row.shown.count}
        panels |= {"(session)": work(bridge.advanced, None, lasted), "(answers)": work(bridge.query.delivered, None, lasted)}
        panels["(bars)"] = work(None, account.bars, lasted)
        self.found["all_open"] = {
            "panels": panels,
            "hidden": sorted(panel.key for panel in self.window.screens.panels() if panel.visibleRegion().isEmpty()),
            "longest_wait_ms": round(account.waits.longest_ns / 1e6, 1),
            "waits_over_50_ms": account.blocked,
            "longest_work_ms": round(account.worked.longest_ns / 1e6, 1),
            "scene": self.scene_drawn and work(self.scene_drawn, None, lasted),
        }
        self._on_done()

    def _measure(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        """Count CPU, frames and pictures for a while."""
        x_server = os.environ["TWIN_BENCHMARK_SCREEN"]
        self.frames, self.pictures, self.drawn_ms = [], [], []
        profile = cProfile.Profile() if self.options.profile and name == "playing" else None
        began, cpu, threads, server = time.monotonic(), cpu_s(), cpu_of_threads(), cpu_s(x_server)
        if profile:
            profile.enable()

        def finish() -> None:
            if profile:
                profile.disable()
                profile.dump_stats(self.options.profile)
            lasted = time.monotonic() - began
            spent = {name: s - threads.get(name, 0.0) for name, s in cpu_of_threads().items()}
            drawing = spent.get("scene3d", 0.0) + spent.get("llvmpipe", 0.0)
            self.found[name] = {
                "gui_cpu_ms_a_frame": round(spent["gui"] / max(len(self.frames), 1) * 1000, 2),
                "cpu_ms_a_picture": round(drawing / max(len(self.pictures), 1) * 1000, 1),
                "cpu_percent": round((cpu_s() - cpu) / lasted * 100, 1),
                "threads": {name: round(s / lasted * 100, 1) for name, s in sorted(spent.items(), key=lambda one: -one[1]) if s > 0},
                "x_server": round((cpu_s(x_server) - server) / lasted * 100, 1),
                "frames_per_s": round(len(self.frames) / lasted, 1),
                "pictures_per_s": round(len(self.pictures) / lasted, 1),
                "picture_ms": quantiles(self.drawn_ms),
                "frame_gap_ms": quantiles((np.diff(self.frames) * 1000).tolist()),
            }
            then()

        self.after(seconds, finish)

    def _on_done(self) -> None:
        Path(self.options.inside).write_text(json.dumps(self.found), encoding="utf-8")
        self.window.close()


def _stand_apart(window: MainWindow | FurtherWindow, left: tuple[str, ...], right: tuple[str, ...]) -> None:
    """Let panels that were tabs stand below each other at the sides, so that all are seen."""
    from PySide6.QtCore import Qt  # noqa: PLC0415 - as above

    sides = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
    for side, keys in zip(sides, (left, right), strict=True):
        for key in keys:
            dock = window.dock_area.docks[key]
            window.dock_area.removeDockWidget(dock)
            window.dock_area.addDockWidget(side, dock, Qt.Orientation.Vertical)
            dock.show()


def work(shown: Tally | None, painted: Tally | None, lasted_s: float) -> dict[str, float]:
    """Return what something took: times a second, milliseconds each, of painting too, per cent of the time, and the longest."""
    tallies = [tally for tally in (shown, painted) if tally is not None]
    count = tallies[0].count
    return {
        "per_s": round(count / lasted_s, 1),
        "show_ms": round(shown.spent_ns / 1e6 / max(count, 1), 3) if shown else 0.0,
        "paint_ms": round(painted.spent_ns / 1e6 / max(count, 1), 3) if painted else 0.0,
        "percent": round(sum(tally.spent_ns for tally in tallies) / 1e7 / lasted_s, 2),
        "longest_ms": round(max(tally.longest_ns for tally in tallies) / 1e6, 1),
    }


def quantiles(values: list[float]) -> dict[str, float] | None:
    """Return the middle and the last per cent, None where there is nothing to say."""
    return {"p50": round(float(np.quantile(values, 0.5)), 1), "p99": round(float(np.quantile(values, 0.99)), 1)} if values else None


def screen(size: str) -> tuple[subprocess.Popen[bytes], str]:
    """Return an X server of our own and its display."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp"], pass_fds=(writer,), stderr=subprocess.DEVNULL
    )
    os.close(writer)
    with os.fdopen(reader) as numbers:
        return server, f":{numbers.readline().strip()}"


def watch_once(options: argparse.Namespace, server: int, display: str, compiled: str, *, start_only: bool) -> dict[str, Any]:
    """Run the program once and return what was seen; `compiled` is the folder that keeps Python's compiled files."""
    with tempfile.TemporaryDirectory() as home:
        answer = Path(home) / "answer.json"
        command = [sys.executable, __file__, "--inside", str(answer), "--seconds", str(options.seconds)]
        command += ["--start-only"] if start_only else []
        for name in ("layout", "source", "profile"):
            if (value := getattr(options, name)) is not None and not start_only:
                command += [f"--{name}", str(value)]
        environment = {
            **os.environ, "DISPLAY": display, "TWIN_APP_HOME": home, "QT_QPA_PLATFORM": "xcb",
            "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled,
            "TWIN_BENCHMARK_ASKED": str(time.monotonic()), "TWIN_BENCHMARK_SCREEN": str(server),
        }  # fmt: skip
        subprocess.run(command, env=environment, cwd=ROOT, check=True, timeout=180)
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter, less steady")
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--layout", type=Path)
    parser.add_argument("--source")
    parser.add_argument("--sample", action="store_true", help="paused and playing, too, are of the bundled sample")
    parser.add_argument("--profile", help="write cProfile's account of the GUI thread while playing")
    parser.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--start-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.seconds = options.seconds or (7.0 if options.quick else 20.0)
    if options.inside:
        return Watch(options).run()
    if not shutil.which("Xvfb"):
        sys.exit("Xvfb is missing: apt-get install xvfb")
    if not (options.layout or options.sample):
        options.layout, options.source = THREE_MACHINES
    before = os.getloadavg()[0]
    server, display = screen(options.size)
    try:
        with tempfile.TemporaryDirectory() as compiled:
            starts = [watch_once(options, server.pid, display, compiled, start_only=True) for _ in range(3 if options.quick else 5)]
            found = watch_once(options, server.pid, display, compiled, start_only=False)
    finally:
        server.terminate()
        server.wait()
    report(found, starts, before)
    return 0


def report(found: dict[str, Any], starts: list[dict[str, Any]], load: float) -> None:
    """Print the one object."""
    best = min(starts, key=lambda one: one["start"]["first_moving_frame"])
    playing = found["playing"]
    answer = {
        "start_s": best["start"]["first_moving_frame"],
        "first_picture_s": best["start"]["first_picture"],
        "start": best["start"],
        "start_gui_cpu": best["start_gui_cpu"],
        "start_cpu_s": best["start_cpu_s"],
        "all_starts_s": [one["start"]["first_moving_frame"] for one in starts],
        "idle_cpu_percent": found["idle"]["cpu_percent"],
        "playing_cpu_percent": playing["cpu_percent"],
        "pictures_per_s": playing["pictures_per_s"],
        "gui_cpu_ms_a_frame": playing["gui_cpu_ms_a_frame"],
        "cpu_ms_a_picture": playing["cpu_ms_a_picture"],
        "frame_p50_ms": playing["frame_gap_ms"]["p50"],
        "frame_p99_ms": playing["frame_gap_ms"]["p99"],
        "all_open": found["all_open"],
        "idle": found["idle"],
        "playing": playing,
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    sys.exit(main())
