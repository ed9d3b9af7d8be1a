"""A process that records until it is killed: `recording_writer.py FILE [SAMPLES A COMMIT] [sealing]`. Says each durable watermark on a line.

With `sealing` slabs are small and nothing waits to be folded, so that it seals all the time; what it says at a second start is late.

Sample k has the value k; each commit also brings a text and a signal of its own, so that a torn commit would show.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

import numpy as np

from twin_app.history import sealing, upkeep
from twin_app.history.store import Store
from twin_app.model.samples import NEVER, Kind, Samples
from twin_app.model.signal import Signal, SignalKind


def batch(store: Store, first: int, n: int, commit: int) -> Samples:
    """Return samples number `first` on: n numbers, then the text `commit k`."""
    signal = store.signals.add(Signal(path=f"line/{commit % 50}", unit="unit", name=str(commit % 50), kind=SignalKind.MEASUREMENT))
    value = np.arange(first, first + n + 1, dtype=np.float64)
    value[-1] = store.texts.code(f"commit {commit}")
    kind = np.full(n + 1, Kind.NUMBER, np.uint8)
    kind[-1] = Kind.TEXT
    times = np.full(n + 1, 10**18 + commit * 1_000_000)
    return Samples(
        np.full(n + 1, signal, np.int32),
        times,
        np.full(n + 1, NEVER),
        times,
        value,
        kind,
        np.zeros(n + 1, np.uint8),
        np.full(n + 1, commit),
    )


def hurry() -> None:
    """Seal a few commits at a time."""
    small = {"LEAST_SAMPLES": 120, "SAMPLES_A_SIGNAL": 0, "SLAB_NS": 5_000_000, "PATIENCE_NS": 1}
    for name, value in small.items():
        for room in (sealing, upkeep):
            setattr(room, name, value)


def main() -> None:
    """Record."""
    seals = "sealing" in sys.argv[3:]
    if seals:
        hurry()
    store = Store.reopen(Path(sys.argv[1]), folds=not seals)
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    for commit in count():
        store.append(batch(store, store.watermark, n, commit))
        sys.stdout.write(f"{store.commit()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
