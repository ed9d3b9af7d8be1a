"""What keeping and looking up samples costs, beside a plain SQLite table with a row a sample. Not a test: it prints figures.

    python benchmarks/store.py [--quick]

40 machines of 8 signals, a sample a second each. Both sides commit the same batches, durable (WAL, synchronous=FULL),
on the same disk. The last line is one JSON object; ratios are the table's cost over the store's.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from twin_app.history.store import Store
from twin_app.model.samples import COLUMNS, NEVER, Samples
from twin_app.model.signal import Signal, SignalKind, SignalTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIGNALS = 320
START_NS = 1_700_000_000_000_000_000
BATCH = 5_000
"""Samples a commit: 250 ms of 20,000 a second."""
FRAME = 20_000
"""Samples a fold."""
ANSWER = "SELECT effective_ns, value, kind, quality, message FROM sample WHERE signal = ? AND effective_ns <= ? ORDER BY effective_ns DESC, message DESC LIMIT 1"
SPAN = "SELECT effective_ns, value FROM sample WHERE signal = ? AND effective_ns BETWEEN ? AND ? ORDER BY effective_ns"


def made(count: int) -> list[Samples]:
    """Return `count` samples in batches: values with two decimals at 1 ms receive times."""
    rng = np.random.default_rng(7)
    times = START_NS + np.sort(rng.integers(0, count * 1000 // SIGNALS, count)) * 1_000_000
    whole = Samples(
        rng.integers(0, SIGNALS, count).astype(np.int32), times, np.full(count, NEVER), times, np.round(rng.normal(20, 2, count), 2),
        np.zeros(count, np.uint8), np.zeros(count, np.uint8), np.arange(count) // 8,
    )  # fmt: skip
    return [whole.take(slice(i, i + BATCH)) for i in range(0, count, BATCH)]


def clocked(work: Callable[[], object]) -> float:
    """Return the seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def p50_ms(ask: Callable[[int], object], instants: Sequence[int]) -> float:
    """Return the median of asking at each instant, in milliseconds."""
    return statistics.median(clocked(lambda at=at: ask(at)) for at in instants) * 1e3  # type: ignore[misc]  # mypy infers no type for a default argument


def measure_store(folder: Path, batches: list[Samples], instants: list[int]) -> dict[str, float]:
    """Return the store's figures."""
    path = folder / "store.twinrec"
    signals = SignalTable(
        [Signal(path=f"line/{i}", unit=f"unit{i // 8}", name=str(i), kind=SignalKind.MEASUREMENT) for i in range(SIGNALS)]
    )
    count = sum(map(len, batches))
    store = Store.reopen(path, signals=signals)

    def record() -> None:
        for batch in batches:
            store.append(batch)
            store.commit()

    figures = {"durable_samples_per_s": count / clocked(record)}
    folds = []
    while store.folded < store.watermark:
        samples, _ = store.read_since(store.folded, FRAME)
        folds.append(clocked(lambda: store.fold(FRAME)) / len(samples))
    figures["fold_ns_per_sample"] = statistics.median(folds) * 1e9
    figures["state_at_ms"] = p50_ms(store.state_at, instants)
    figures["state_now_ms"] = p50_ms(store.state_at, [2**62] * 50)
    figures["range_1000px_ms"] = p50_ms(lambda at: store.range(at % SIGNALS, START_NS, 2**62, 1000), instants)
    store.close()
    figures["bytes_per_sample"] = path.stat().st_size / count
    small = Store.reopen(path, signals=signals, tail_samples=count // 5)
    figures["reopen_and_fold_s"] = clocked(lambda: fold_all(small))
    figures["cold_page_ms"] = clocked(lambda: small.state_at(instants[0])) * 1e3
    figures["warm_page_ms"] = p50_ms(small.state_at, [instants[0] + i for i in range(50)])
    small.close()
    return figures


def fold_all(store: Store) -> None:
    """Fold everything there is."""
    while store.folded < store.watermark:
        store.fold()


def measure_table(folder: Path, batches: list[Samples], instants: list[int]) -> dict[str, float]:
    """Return the figures of a table with a row a sample, clustered by signal and time."""
    path = folder / "rows.sqlite"
    names = ", ".join(COLUMNS)
    count = sum(map(len, batches))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"CREATE TABLE sample({names}, arrival, PRIMARY KEY (signal, effective_ns, message, arrival)) WITHOUT ROWID")

        def record() -> None:
            arrival = 0
            for batch in batches:
                rows = zip(*(getattr(batch, name).tolist() for name in COLUMNS), range(arrival, arrival + len(batch)), strict=True)
                connection.execute("BEGIN")
                connection.executemany(f"INSERT INTO sample VALUES ({'?, ' * len(COLUMNS)}?)", rows)  # noqa: S608 - a row of marks
                connection.execute("COMMIT")
                arrival += len(batch)

        def state_at(at_ns: int) -> object:
            return [connection.execute(ANSWER, (signal, at_ns)).fetchone() for signal in range(SIGNALS)]

        figures = {"durable_samples_per_s": count / clocked(record)}
        figures["state_at_ms"] = p50_ms(state_at, instants)
        figures["range_1000px_ms"] = p50_ms(lambda at: connection.execute(SPAN, (at % SIGNALS, START_NS, 2**62)).fetchall(), instants)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    figures["bytes_per_sample"] = path.stat().st_size / count
    return figures


def main() -> None:
    """Measure both and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100,000 samples instead of 1,000,000")
    count = 100_000 if parser.parse_args().quick else 1_000_000
    batches = made(count)
    last_ns = int(batches[-1].effective_ns[-1])
    instants = [int(at) for at in np.random.default_rng(3).integers(START_NS, last_ns, 100)]
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as folder:
        store = measure_store(Path(folder), batches, instants)
        table = measure_table(Path(folder), batches, instants)
    ratios = {name: store[name] / table[name] if name.endswith("per_s") else table[name] / store[name] for name in table}
    for name, figure in store.items():
        print(f"{name:24} store {figure:14,.2f}" + (f"   row table {table[name]:14,.2f}   {ratios[name]:6.1f} x" if name in table else ""))
    print(json.dumps({"samples": count, "signals": SIGNALS, "store": store, "row_table": table, "ratio": ratios}))


if __name__ == "__main__":
    main()
