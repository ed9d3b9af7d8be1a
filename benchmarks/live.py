"""What live traffic costs the real window: frame work, message to screen, losses, backlog. Xvfb, software OpenGL, one mosquitto.

    python benchmarks/live.py [--quick] [--machines N] [--size 1920x1080]

A line of machines that send JSON of nine fields each; one window watches it at a calm rate (each machine once a frame), at 5,000
and at 20,000 messages a second, in one run. The last line is one JSON object. `frame_work` is the GUI thread's processor time a frame
over that of the calm phases around it; `screen_ms` is the time from the publisher's call until what shows it is painted, and
`screen_frames` the same in frames; `lost_in_process` is what neither arrived nor the broker says it dropped; `longest_wait_ms` is how
long a thread that wants to run, as the source's does, had to wait for it. Processes that share
the cores with the window (publisher, broker, X server) are part of its trouble here, as they are not in a plant.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from ingest import RECOMMENDED, broker, drain, packet
from window import cpu_of_threads, quantiles, screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.frame import Frame
    from twin_app.settings import Loaded
    from ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
RATES = (5_000, 20_000)
FRAMES_PER_S = 30
"""The window's most; a machine that speaks so often changes every frame, as it does at any higher rate."""
TICK_S = 0.01
PATIENCE_S = 0.005
WORTH_TELLING = 0.01
"""Share of a core."""
CALM_S = 1.0
"""After the traffic changed, before anything is counted."""
LINE = """schema = 1
[line]
id = "L1"
site = "S"
area = "A"
zone = "UTC"
constraint = "M0"
[[source]]
id = "plant"
address = "mqtt://{host}:{port}"
[[source.map]]
topic = "bench/{{unit}}"
dialect = "json_flat"
[[product]]
id = "piece"
ideal_cycle_s = {{ M0 = 1.0 }}
"""
UNIT = """[[unit]]
id = "M{i}"
type = "machine"
x_m = {x}
y_m = {y}
"""
BODY = (
    b'{"State":"Execute","Processed":%d,"Defective":%d,"CurMachSpeed":%d.5,"temperature":%d.25,"pressure":%d.75,"current":%d.125,'
    b'"torque":%d,"sent":%.4f}'
)


def layout(folder: Path, port: int, machines: int) -> Path:
    """Write the line's layout."""
    units = (UNIT.format(i=i, x=4.0 * (i % 10), y=4.0 * (i // 10)) for i in range(machines))
    path = folder / "line.toml"
    path.write_text(LINE.format(host=HOST, port=port) + "".join(units), encoding="utf-8")
    return path


def publish(port: int, rate: int, seconds: float, machines: int, qos: int = 0) -> None:
    """Publish at a rate, evenly, and print how many messages that were. Each tells when it was sent."""
    with socket.create_connection((HOST, port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.sendall(b"\x10\x12\x00\x04MQTT\x04\x02\x00\x00\x00\x06steady")
        link.recv(4)
        threading.Thread(target=drain, args=(link, 1 << 62), daemon=True).start()
        began_s, sent = time.monotonic(), 0
        while (now_s := time.monotonic()) < began_s + seconds:
            due = int((now_s - began_s) * rate) - sent
            if due:
                rows = ((b"bench/M%d" % (i % machines), body(i // machines), i % 65_535 + 1) for i in range(sent, sent + due))
                link.sendall(b"".join([packet(topic, said, qos, mid) for topic, said, mid in rows]))
                sent += due
            time.sleep(TICK_S)
    print(sent, flush=True)


def body(i: int) -> bytes:
    """Return one machine's message; what changes slowly in a plant changes slowly here: a part a second, the speed with it."""
    now_s = time.monotonic()
    parts = int(now_s)
    return BODY % (parts, parts // 50, parts % 9, i % 40, i % 9, i % 7, i % 100, now_s)


class Patient(threading.Thread):
    """A thread that wants to run every few milliseconds, as a source's does; `longest_s` is how long it had to wait for its turn."""

    def __init__(self) -> None:
        """Start at once."""
        super().__init__(daemon=True)
        self.longest_s = 0.0
        self.start()

    def run(self) -> None:
        """Measure for as long as the process lives."""
        before_s = time.monotonic()
        while True:
            time.sleep(PATIENCE_S)
            now_s = time.monotonic()
            self.longest_s = max(self.longest_s, now_s - before_s - PATIENCE_S)
            before_s = now_s


class Watch:
    """Watches the window from inside its process and writes what it saw."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Take what is asked for."""
        self.options = options
        self.found: list[dict[str, Any]] = []
        calm = FRAMES_PER_S * options.machines
        self.phases = [calm, *(rate for each in RATES for rate in (each, calm))]
        self.backlog = self.behind = 0.0
        self.shown: list[float] = []
        self.painted: list[float] = []
        self.counting = False
        self.probe: int | None = None
        self.fold_s: float | None = None
        self.patient = Patient()

    def run(self) -> int:
        """Open the window as the command line does and watch it."""
        import ui.app  # noqa: PLC0415 - what is measured
        from twin_app.service.request import Typed  # noqa: PLC0415 - as above

        make_window = ui.app.make_window

        def watched(loaded: Loaded) -> MainWindow:
            self.window = make_window(loaded)
            self.window.bridge.frame_ready.connect(self._on_frame)
            self.after(6.0, self._begin)
            return self.window

        ui.app.make_window = watched
        return ui.app.run_window(Typed(layout=str(self.options.layout)))

    def after(self, seconds: float, step: Callable[[], None]) -> None:
        """Go on after a while."""
        from PySide6.QtCore import QTimer  # noqa: PLC0415 - after the product's own imports

        QTimer.singleShot(round(seconds * 1000), self.window, step)

    @property
    def session(self) -> Any:  # noqa: ANN401 - the real session, which the window knows by less
        """Return the open session."""
        return self.window.bridge.session

    def _on_frame(self, frame: Frame) -> None:
        if not self.counting:
            return
        self.backlog = max(self.backlog, *(health.backlog for health in frame.health))
        self.behind = max(self.behind, frame.behind_s)
        self.probe = self.session.signals.find("M0", "sent") if self.probe is None else self.probe
        known = self.probe is not None and self.probe < len(frame.latest.value)
        self.shown.append(float(frame.latest.value[self.probe]) if known and self.probe is not None else float("nan"))
        self.after(0, self._on_painted)

    def _on_painted(self) -> None:
        """What the frame asked to be painted is painted before this comes round."""
        self.painted.append(time.monotonic())

    def _begin(self) -> None:
        """Start the next phase's traffic."""
        if not self.phases:
            Path(self.options.inside).write_text(json.dumps(self.found), encoding="utf-8")
            self.window.close()
            return
        self.rate = self.phases.pop(0)
        (self.before,) = self.session.health()
        seconds = self.options.seconds + 2 * CALM_S
        command = [sys.executable, __file__, "--publish", str(self.options.port), str(self.rate), str(seconds), str(self.options.machines)]
        self.publisher = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.after(CALM_S, self._count)

    def _count(self) -> None:
        """Count from here on."""
        self.shown, self.painted, self.backlog, self.behind = [], [], 0.0, 0.0
        if self.fold_s is None:
            self.time_folding()
        self.fold_s = self.patient.longest_s = 0.0
        self.threads, self.began_s, self.counting = cpu_of_threads(), time.monotonic(), True
        self.after(self.options.seconds, self._stop)

    def time_folding(self) -> None:
        """Count the processor time that frames spend on taking samples in."""
        fold = self.session.fold

        def timed(*arguments: Any) -> Any:  # noqa: ANN401 - whatever the session's own takes and gives
            began_s = time.thread_time()
            try:
                return fold(*arguments)
            finally:
                self.fold_s = (self.fold_s or 0.0) + time.thread_time() - began_s

        self.session.fold = timed

    def _stop(self) -> None:
        """Stop counting, and wait for the rest of the traffic."""
        self.counting = False
        lasted = time.monotonic() - self.began_s
        spent = {name: s - self.threads.get(name, 0.0) for name, s in cpu_of_threads().items()}
        frames = len(self.shown)
        self.figures = {
            "rate": self.rate,
            "frames_per_s": round(frames / lasted, 1),
            "gui_cpu_ms_a_frame": round(spent["gui"] / max(frames, 1) * 1000, 2),
            "fold_ms_a_second": round((self.fold_s or 0.0) / lasted * 1000, 1),
            "cpu_percent": {
                name: round(s / lasted * 100, 1) for name, s in sorted(spent.items(), key=lambda one: -one[1]) if s > lasted * WORTH_TELLING
            },
            "screen_ms": quantiles(self._latencies_ms(lasted)),
            "frame_gap_ms": quantiles((np.diff(self.painted) * 1000).tolist()),
            "longest_wait_ms": round(self.patient.longest_s * 1000, 1),
            "most_backlog": self.backlog,
            "most_behind_s": round(self.behind, 3),
        }
        self.after(CALM_S + 1.0, lambda: self._drain(-1))

    def _latencies_ms(self, lasted: float) -> list[float]:
        """Return, for every probe of the phase, the time from its sending until the first frame that shows it or a newer one is painted."""
        if self.probe is None:
            return []
        now_ns = time.time_ns()
        series = self.session.range(self.probe, now_ns - round(lasted * 1e9), now_ns, 0)
        sent = np.asarray(series.value)
        shown, painted = np.array(self.shown[: len(self.painted)]), np.array(self.painted[: len(self.shown)])
        sent = sent[(sent > shown[0]) & (sent <= shown[-1])]
        first = np.searchsorted(np.maximum.accumulate(shown), sent)
        return ((painted[first] - sent) * 1000).tolist()

    def _drain(self, before: int) -> None:
        """Wait until nothing comes any more: what the broker still holds is not lost."""
        (now,) = self.session.health()
        if now.received > before:
            self.after(1.0, lambda: self._drain(now.received))
        else:
            self._end()

    def _end(self) -> None:
        """Add up what came of the phase's traffic."""
        assert self.publisher.stdout is not None  # noqa: S101 - it was asked for
        sent = int(self.publisher.stdout.read())
        self.publisher.wait()
        (after,) = self.session.health()
        received, dropped = after.received - self.before.received, after.dropped - self.before.dropped
        self.found.append({**self.figures, "sent": sent, "received": received, "dropped_by_broker": dropped})
        self.found[-1]["refused"] = sum(after.refused.values())
        self._begin()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter, less steady: under 50 s")
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--machines", type=int, default=50)
    parser.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--publish", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--qos", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--layout", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.publish:
        port, rate, seconds, machines = options.publish
        publish(int(port), int(rate), float(seconds), int(machines), options.qos)
        return
    options.seconds = options.seconds or (2.0 if options.quick else 15.0)
    if options.inside:
        Watch(options).run()
        return
    server, display = screen(options.size)
    try:
        with tempfile.TemporaryDirectory() as home, broker(Path(home), f"{RECOMMENDED}\nsys_interval 1") as port:
            answer = Path(home) / "answer.json"
            command = [sys.executable, __file__, "--inside", str(answer), "--port", str(port), "--seconds", str(options.seconds)]
            command += ["--layout", str(layout(Path(home), port, options.machines)), "--machines", str(options.machines)]
            environment = {**os.environ, "DISPLAY": display, "TWIN_APP_HOME": home, "QT_QPA_PLATFORM": "xcb"}
            subprocess.run(command, env=environment, cwd=ROOT, check=True, timeout=300)
            report(json.loads(answer.read_text(encoding="utf-8")))
    finally:
        server.terminate()
        server.wait()


def report(phases: list[dict[str, Any]]) -> None:
    """Print a line a phase and the summary."""
    for phase in phases:
        print(json.dumps(phase))
    answer: dict[str, Any] = {}
    for i in range(1, len(phases), 2):
        phase, calm = phases[i], (phases[i - 1]["gui_cpu_ms_a_frame"] + phases[i + 1]["gui_cpu_ms_a_frame"]) / 2
        frame_ms = phase["frame_gap_ms"]["p50"]
        answer[str(phase["rate"])] = {
            "frame_work": round(phase["gui_cpu_ms_a_frame"] / calm, 3),
            "screen_ms": phase["screen_ms"],
            "screen_frames": {key: round(ms / frame_ms, 2) for key, ms in phase["screen_ms"].items()},
            "lost_in_process": max(0, phase["sent"] - phase["received"] - phase["dropped_by_broker"]),
            "dropped_by_broker": phase["dropped_by_broker"],
            "longest_wait_ms": phase["longest_wait_ms"],
            "most_backlog": phase["most_backlog"],
            "most_behind_s": phase["most_behind_s"],
        }
    print(json.dumps(answer | {"load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
