"""Memory of the running twin at a steady rate of messages: ten minutes at 5,000 a second by default, one mosquitto. Not a test.

    nice python benchmarks/soak_memory.py [--minutes 10] [--rate 5000] [--machines 50]

The program runs headless, as a service would, records to disk, and is watched from outside. Prints its resident memory and
processor time minute by minute; the last line is one JSON object, `growth_mib_per_minute` from the third minute on: by then the
bounded parts (the newest samples, the raw messages) are full.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ingest import RECOMMENDED, broker
from live import layout
from window import cpu_s

ROOT = Path(__file__).resolve().parents[1]
WARM_MINUTES = 3


def resident_mib(pid: int) -> float:
    """Return how much memory of its own a process holds, without files that it has mapped: those the system takes back at will."""
    rows = dict(row.split(":", 1) for row in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines())
    return sum(int(rows[name].split()[0]) for name in ("RssAnon", "RssShmem")) / 1024


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--rate", type=int, default=5_000)
    parser.add_argument("--machines", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="twin-soak-") as home, broker(Path(home), RECOMMENDED) as port:
        command = [sys.executable, "-m", "twin_app", "--headless", str(layout(Path(home), port, asked.machines))]
        environment = {**os.environ, "TWIN_APP_HOME": home}
        said = Path(home) / "said.txt"
        with said.open("wb") as file:
            twin = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file)
        seconds = str(60.0 * asked.minutes + 10.0)
        words = ["--publish", str(port), str(asked.rate), seconds, str(asked.machines)]
        time.sleep(4.0)
        publisher = subprocess.Popen([sys.executable, str(Path(__file__).with_name("live.py")), *words], stdout=subprocess.PIPE, text=True)
        held = watch(twin.pid, asked.minutes)
        assert publisher.stdout is not None  # noqa: S101 - it was asked for
        sent = int(publisher.stdout.read())
        time.sleep(2.0)
        twin.terminate()
        twin.wait()
        told = [line for line in said.read_text(encoding="utf-8").splitlines() if "messages" in line][-1:]
    print(*told, sep="\n")
    warm = held[min(WARM_MINUTES, len(held)) - 1 :]
    growth = (warm[-1] - warm[0]) / max(len(warm) - 1, 1)
    print(json.dumps({"resident_mib": [round(mib) for mib in held], "growth_mib_per_minute": round(growth, 2), "sent": sent}))


def watch(pid: int, minutes: int) -> list[float]:
    """Return the memory at the end of each minute, printed as it goes."""
    held = []
    for minute in range(1, minutes + 1):
        before_s = cpu_s(pid)
        time.sleep(60.0)
        held.append(resident_mib(pid))
        print(f"minute {minute:3}: {held[-1]:7.0f} MiB, {(cpu_s(pid) - before_s) / 0.6:5.1f} % of a core", flush=True)
    return held


if __name__ == "__main__":
    main()
