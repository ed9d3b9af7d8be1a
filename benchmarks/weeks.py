"""Weeks of one signal at 10 Hz in a folder of shifts with a live tail: its envelope from the recording and from DuckDB over Parquet. Itself no benchmark."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from twin_app.clock import SECOND_NS
from twin_app.history.files import file_name
from twin_app.history.rotation import Rotation
from twin_app.history.store import Store
from twin_app.model.equipment import Line
from twin_app.model.samples import NEVER, Samples, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

START_NS = 1_772_323_200 * SECOND_NS
SHIFT_NS = 8 * 3600 * SECOND_NS
PIXELS = 2_000
_BATCH = 65_536
_ROUNDS = 7


class Eights(Rotation):
    """A file a shift."""

    def border(self, start_ns: int) -> int:
        """Return the next of 0, 8 and 16 o'clock UTC."""
        return (start_ns // SHIFT_NS + 1) * SHIFT_NS


def signals() -> SignalTable:
    """Return the one signal."""
    return SignalTable([Signal(path="site/area/L/M/Speed", unit="M", name="Speed", kind=SignalKind.MEASUREMENT)])


def curve(days: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return times at 10 Hz with some jitter, at 1 ms, and a random walk of hundredths."""
    rng = np.random.default_rng(30)
    n = days * 864_000
    times = np.sort(START_NS + np.arange(n) * 100_000_000 + rng.integers(0, 20, n) * 1_000_000)
    return times, np.round(np.cumsum(rng.normal(0, 0.05, n)), 2)


def record(folder: Path, line: Line, times: NDArray[np.int64], value: NDArray[np.float64]) -> Store:
    """Write it as a recorder would, in files of eight hours; return the store, the newest file still open."""
    folder.mkdir()
    store = Store.reopen(
        folder / file_name(START_NS), signals=signals(), texts=TextTable(), rotation=Eights(line), folds=True, tail_samples=500_000
    )
    for i in range(0, len(times), _BATCH):
        part = slice(i, i + _BATCH)
        n = len(times[part])
        store.append(Samples(
            np.zeros(n, np.int32), times[part], np.full(n, NEVER), times[part] + 4_000_000, value[part], np.zeros(n, np.uint8),
            np.zeros(n, np.uint8), np.arange(i, i + n),
        ))  # fmt: skip
        store.commit()
        store.fold()
    return store


def settle(store: Store) -> None:
    """Wait until all that is due is sealed and has its pyramid."""
    assert store._upkeep is not None  # noqa: S101, SLF001 - it was opened on a file
    if store._upkeep._thread is not None:  # noqa: SLF001 - as above
        store._upkeep._thread.join()  # noqa: SLF001 - as above
    while store.seal():
        pass


def brute(times: NDArray[np.int64], value: NDArray[np.float64], start_ns: int, end_ns: int, width_ns: int) -> set[tuple[int, float, float]]:
    """Return column, lowest and highest of all samples of a span."""
    inside = slice(int(times.searchsorted(start_ns, "left")), int(times.searchsorted(end_ns, "right")))
    return extremes(times[inside] // width_ns, value[inside])


def extremes(column: NDArray[np.int64], value: NDArray[np.float64]) -> set[tuple[int, float, float]]:
    """Return column, lowest and highest."""
    first = np.flatnonzero(np.concatenate(([True], column[1:] != column[:-1])))
    low, high = np.minimum.reduceat(value, first), np.maximum.reduceat(value, first)
    return set(zip(column[first].tolist(), low.tolist(), high.tolist(), strict=True))


def ask(store: Store, times: NDArray[np.int64], value: NDArray[np.float64]) -> dict[str, float]:
    """Return the milliseconds of the envelope of everything, nothing decoded and then again, checked against every sample."""
    from twin_app.history.envelope import grid_of  # noqa: PLC0415 - here it is what is checked

    start_ns, end_ns = int(times[0]) + 12_345_678, int(times[-1])
    width_ns = grid_of(start_ns, end_ns, PIXELS).width_ns
    took: dict[str, list[float]] = {"cold": [], "warm": []}
    shelf = store._upkeep._shelf  # type: ignore[union-attr]  # noqa: SLF001 - cold is cold
    for _ in range(_ROUNDS):
        for how, spent in took.items():
            if how == "cold":
                for held in (shelf._pages, shelf._curves, shelf._levels, shelf._entries):  # noqa: SLF001 - as above
                    held.clear()  # type: ignore[attr-defined] # each is a Recent
            began = time.process_time()
            found = store.range(0, start_ns, end_ns, PIXELS)
            spent.append((time.process_time() - began) * 1e3)
    inside = found.times_ns >= start_ns
    if extremes(found.times_ns[inside] // width_ns, found.value[inside]) != brute(times, value, start_ns, end_ns, width_ns):
        raise SystemExit("the envelope is not that of all samples")
    return {how: statistics.median(some) for how, some in took.items()}


def duckdb_ms(folder: Path, times: NDArray[np.int64], value: NDArray[np.float64]) -> float:
    """Return the milliseconds of processor time in which DuckDB answers the same from Parquet by time, zstd, a file a shift."""
    import duckdb  # noqa: PLC0415 - a peer need not be there
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    shift = (times - START_NS) // SHIFT_NS
    for number in np.unique(shift).tolist():
        part = shift == number
        pq.write_table(
            pa.table({"time": times[part] // 1_000_000, "value": value[part]}), folder / f"weeks{number:03}.parquet", compression="zstd"
        )
    connection: Any = duckdb.connect()
    connection.execute("SET threads = 1")
    width_ms = -(-int(times[-1] - times[0]) // PIXELS // 1_000_000)
    sql = f"SELECT time // {width_ms} AS x, min(value), max(value), arg_min(value, time), arg_max(value, time) FROM '{folder}/weeks*.parquet' GROUP BY x"  # noqa: S608 - numbers and our folder
    took = []
    for _ in range(3):
        began = time.process_time()
        connection.execute(sql).fetchnumpy()
        took.append((time.process_time() - began) * 1e3)
    connection.close()
    return statistics.median(took)


def measure(folder: Path, line: Line, days: int, *, peer: bool) -> dict[str, float | None]:
    """Return all figures."""
    times, value = curve(days)
    store = record(folder / "weeks", line, times, value)
    settle(store)
    found = ask(store, times, value)
    store.close()
    size = sum(path.stat().st_size for path in (folder / "weeks").iterdir()) / len(times)
    return {**found, "duckdb": duckdb_ms(folder, times, value) if peer else None, "days": days, "bytes_per_sample": size}
