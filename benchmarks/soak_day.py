"""A day of the workload in fast motion through the recorder: is its memory flat? Forty machines of eight signals, 31.6 M samples. Not a test.

    nice python benchmarks/soak_day.py [--quick] [--hours 24] [--folds]

One process: batches of 250 ms of plant time are appended and committed, sealing, the pyramid and new files at the borders of shifts go
on by themselves in their thread. --folds: the samples are folded into the tail as well, as a window does, else it is a recorder alone.
Prints resident memory at the end of each hour of plant time; the last line is one JSON object: `growth_mib_per_hour` is the slope from
the third hour on, `above_baseline_mib` what it has at the end above the time before the first sample. --quick takes six hours.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.history import line_of, samples_of, signals_of
from benchmarks.shift import START_NS
from benchmarks.weeks import Eights, settle
from twin_app.clock import SECOND_NS
from twin_app.history.files import file_name
from twin_app.history.store import Store
from twin_app.model.samples import NEVER, Samples, TextTable

MACHINES = 40
HOUR_NS = 3600 * SECOND_NS
BATCH_NS = SECOND_NS // 4
WARM_HOURS = 3


def resident_mib() -> float:
    """Return how much memory of its own this process holds."""
    for row in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if row.startswith("RssAnon:"):
            return int(row.split()[1]) / 1024
    raise LookupError("RssAnon")


def later(samples: Samples, hours: int) -> Samples:
    """Return an hour's samples so many hours later."""
    away = hours * HOUR_NS
    return Samples(
        samples.signal, samples.effective_ns + away, np.full(len(samples), NEVER), samples.received_ns + away, samples.value, samples.kind,
        samples.quality, samples.message + hours * len(samples),
    )  # fmt: skip


def play(store: Store, samples: Samples, *, folds: bool) -> None:
    """Hand an hour over as it comes in, sixteen times a commit that a broker asks for."""
    borders = samples.received_ns.searchsorted(np.arange(samples.received_ns[0], samples.received_ns[-1] + 16 * BATCH_NS, 16 * BATCH_NS))
    for first, stop in pairwise(borders):
        store.append(samples.take(slice(int(first), int(stop))))
        store.commit()
        if folds:
            store.fold()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--folds", action="store_true")
    asked = parser.parse_args()
    hours = 6 if asked.quick else asked.hours
    texts, signals = TextTable(), signals_of(MACHINES)
    hour = samples_of(MACHINES, 1.0, texts)
    held = []
    began = time.process_time()
    with tempfile.TemporaryDirectory(prefix="twin-soak-") as name:
        folder = Path(name)
        baseline = resident_mib()
        store = Store.reopen(folder / file_name(START_NS), signals=signals, texts=texts, rotation=Eights(line_of(1)), folds=asked.folds)
        for number in range(hours):
            play(store, later(hour, number), folds=asked.folds)
            settle(store)
            held.append(resident_mib())
            print(f"hour {number + 1:2}: {held[-1] - baseline:6.0f} MiB above {baseline:.0f}", flush=True)
        store.close()
        files = len(list(folder.iterdir()))
        size = sum(path.stat().st_size for path in folder.iterdir())
    warm = np.array(held[min(WARM_HOURS, len(held)) - 1 :])
    growth = float(np.polyfit(np.arange(len(warm)), warm, 1)[0]) if len(warm) > 1 else 0.0
    print(json.dumps({
        "hours": hours, "samples": hours * len(hour), "files": files, "bytes_per_sample": round(size / hours / len(hour), 3),
        "above_baseline_mib": [round(mib - baseline) for mib in held], "growth_mib_per_hour": round(growth, 2),
        "cpu_s": round(time.process_time() - began, 1),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
