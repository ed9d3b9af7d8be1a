"""What is lost while nothing in our process may run, and what a process of its own for listening would save. One mosquitto.

    python benchmarks/stall.py [--quick] [--stall 3.0]

A listener takes JSON of nine fields at a steady rate; in the middle the interpreter's lock is held for three seconds, as no code of
ours does, so that its thread cannot run. Beside it the same without a stall: that is what a listener in another process would see.
`lost` is what never arrived, with the broker's default settings and with those the README recommends, at quality 0 and in complete
recording (quality 1). The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ingest import SETTINGS, broker
from live import layout

from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.message import Status
from twin_app.model.samples import TextTable
from twin_app.sources.intake import Intake
from twin_app.sources.kept import SessionFile
from twin_app.sources.mqtt import MqttSource

MACHINES = 20
RATES = (1_000, 5_000, 20_000)
BEFORE_S, AFTER_S = 1.5, 1.5
SILENCE_S = 2.0


def hold(seconds: float) -> None:
    """Let no other thread of this process run: a call into C that keeps the interpreter's lock."""
    ctypes.PyDLL(None).usleep(int(seconds * 1e6))


def run(port: int, rate: int, qos: int, stall_s: float, span_s: float) -> dict[str, int]:
    """Listen while a publisher speaks for `span_s`; return how much was sent, arrived, and was dropped by the broker's own count."""
    with tempfile.TemporaryDirectory(prefix="twin-stall-") as folder:
        line = load(layout(Path(folder), port, MACHINES))
        signals, texts = signal_table(line), TextTable()
        store = Store.reopen(Path(folder) / "stall.twinrec", signals=signals, texts=texts)
        intake = Intake(line, line.sources[0], store=store, signals=signals, texts=texts)
        listener = MqttSource(intake, kept=SessionFile(Path(folder), line, "plant") if qos else None)
        listener.start()
        while listener.health().status is not Status.CONNECTED:
            time.sleep(0.01)
        command = [sys.executable, str(Path(__file__).with_name("live.py")), "--publish", str(port), str(rate), str(span_s), str(MACHINES)]
        publisher = subprocess.Popen([*command, "--qos", str(qos)], stdout=subprocess.PIPE, text=True)
        while not listener.health().received:
            time.sleep(0.01)
        time.sleep(BEFORE_S)
        hold(stall_s)
        assert publisher.stdout is not None  # noqa: S101 - it was asked for
        sent, seen, since_s = int(publisher.stdout.read()), -1, time.monotonic()
        while time.monotonic() - since_s < SILENCE_S:
            time.sleep(0.1)
            if (now := listener.health().received) != seen:
                seen, since_s = now, time.monotonic()
        dropped = listener.health().dropped
        listener.stop()
        store.close()
    return {"sent": sent, "arrived": seen, "dropped_by_broker": dropped}


def main() -> None:
    """Run everything in turn and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one rate, in process alone: under 50 s")
    parser.add_argument("--stall", type=float, default=3.0)
    asked = parser.parse_args()
    span_s = BEFORE_S + asked.stall + AFTER_S
    lost: dict[str, int] = {}
    for rate in RATES[1:2] if asked.quick else RATES:
        for settings in ("recommended", "default"):
            for qos in (0, 1):
                for name, stall_s in (("in process", asked.stall), ("child process", 0.0))[: 1 if asked.quick else 2]:
                    with tempfile.TemporaryDirectory() as folder, broker(Path(folder), f"{SETTINGS[settings]}\nsys_interval 1") as port:
                        found = run(port, rate, qos, stall_s, span_s)
                    key = f"{rate} {settings} QoS {qos} {name}"
                    lost[key] = found["sent"] - found["arrived"]
                    print(f"{key:42} {found} lost {lost[key]} ({lost[key] / found['sent']:.1%})", flush=True)
    print(json.dumps({"stall_s": asked.stall, "lost": lost, "load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
