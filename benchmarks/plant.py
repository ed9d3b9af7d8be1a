"""What folding and asking cost on forty machines that change state 900 times a shift of 8 h. Not a test: figures of this machine.

    python benchmarks/plant.py [--units 40] [--intervals 900]

Seeded. Prints the best of several runs, milliseconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from twin_app.kpi.figures import figures, trend
from twin_app.model.equipment import Feed, Line, Product, SourceSpec, Unit
from twin_app.model.samples import Kind, Samples, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.plant.plant import Plant

START_NS = 1_772_431_200 * 10**9
SHIFT_S = 8 * 3600
WORDS = ("Execute", "Held", "Suspended", "Idle", "Starting", "Aborted")
COUNTS = {"Consumed": 5000, "Processed": 5000, "Defective": 80}


def line_of(names: list[str]) -> Line:
    """Return a line of so many units, the last of which feeds nobody."""
    units = tuple(Unit(id=n, title=n, type="filler", source="plc", feeds=() if n == names[-1] else (Feed(to=names[-1]),)) for n in names)
    return Line(
        path=Path("line.toml"), content_hash="", id="L", title="", enterprise="", site="", area="", zone="UTC", unit_of_count="bottle",
        constraint=names[0], units=units, sources=(SourceSpec(id="plc", title=""),),
        products=(Product(id="p", title="", ideal_cycle_s=dict.fromkeys(names, 5.0)),),
    )  # fmt: skip


def shift(names: list[str], intervals: int, signals: SignalTable, texts: TextTable) -> Samples:
    """Return a shift of states and counts in time order."""
    chance = np.random.default_rng(20261123)
    codes = np.array([texts.code(word) for word in WORDS], np.float64)
    parts = []
    for unit in names:
        steps = np.cumsum(chance.integers(1, len(WORDS), intervals)) % len(WORDS)
        said = {"State": codes[steps]} | {name: np.arange(float(n)) for name, n in COUNTS.items()}
        for name, values in said.items():
            kind = SignalKind.STATE if name == "State" else SignalKind.COUNTER
            signal = signals.add(Signal(path=f"{unit}/{name}", unit=unit, name=name, kind=kind))
            times = START_NS + np.sort(chance.integers(0, SHIFT_S * 1000, len(values))) * 10**6
            n = len(values)
            text = np.full(n, Kind.TEXT if name == "State" else Kind.NUMBER, np.uint8)
            parts.append(
                Samples(np.full(n, signal, np.int32), times, times, times, values, text, np.zeros(n, np.uint8), np.zeros(n, np.int64))
            )
    whole = Samples.concatenate(parts)
    return whole.take(np.argsort(whole.effective_ns, kind="stable"))


def best_ms(work: Callable[[], object], runs: int = 10) -> float:
    """Return the shortest of several runs."""
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took) * 1e3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=40)
    parser.add_argument("--intervals", type=int, default=900)
    chosen = parser.parse_args()
    names, signals, texts = [f"U{i}" for i in range(chosen.units)], SignalTable(), TextTable()
    line, samples = line_of(names), shift(names, chosen.intervals, signals, texts)
    plant = Plant(line, signals, texts)
    frames = [samples.take(slice(i, i + 40)) for i in range(0, 40_000, 40)]
    fold_ms = best_ms(lambda: [plant.fold(frame) for frame in frames], 1) / len(frames)
    whole = Plant(line, signals, texts)
    end_ns = START_NS + 5 * 3600 * 10**9
    rows = {
        f"fold a shift of {len(samples):,} samples": best_ms(lambda: whole.fold(samples), 1),
        "fold 40 samples, mean": fold_ms,
        "now, all units": best_ms(lambda: [whole.now(n, end_ns) for n in names]),
        "ledger, all units": best_ms(lambda: [whole.ledger(n, START_NS, end_ns) for n in names]),
        "rate, all units": best_ms(lambda: [whole.rate_per_min(n, end_ns) for n in names]),
        "figures of the line": best_ms(lambda: figures(line, whole, START_NS, end_ns)),
        "trend of the line, 300 points": best_ms(lambda: trend(line, whole, None, START_NS, end_ns, 300), 3),
    }
    for name, took in rows.items():
        print(f"{took:9.2f} ms  {name}")


if __name__ == "__main__":
    main()
