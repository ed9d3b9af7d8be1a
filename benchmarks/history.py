"""What a recording costs and how fast it answers, beside Parquet, MCAP and rows in SQLite on the same samples. Not a test: it prints figures.

    python benchmarks/history.py [--quick] [--machines 40] [--hours 8]

Forty machines of eight signals through a shift of eight hours (10.6 M samples): states, a speed at 10 Hz while running,
temperatures, vibrations, powers, counters; seeded. --quick takes one hour. Times are of the processor, so
that a busy machine changes them little; the disk's are in the durable rates. Peers come with the extra `bench`; one
that is not installed is left out, and its figures are null. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.held import measure as held
from benchmarks.playing import FRAMES, frames, look_ups
from benchmarks.shift import KINDS, NAMES, START_NS, WORDS, generate
from benchmarks.weeks import measure as weeks
from benchmarks.wide import measure as wide
from twin_app.history.recording import Recording
from twin_app.history.replay import Replay
from twin_app.history.store import Store
from twin_app.kpi.figures import figures
from twin_app.model.equipment import Line, Product, SourceSpec, Unit
from twin_app.model.samples import NEVER, Kind, SampleColumns, Samples, TextTable
from twin_app.model.signal import Signal, SignalTable
from twin_app.plant.plant import Plant
from twin_app.session import Opened, Session
from twin_app.sources.intake import Intake
from twin_app.sources.twin import TwinSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

BATCH = 65_536
LIVE_COMMIT = 5_000
"""Samples a commit on the way of live messages: 250 ms at 20,000 a second."""
COLD, WARM = 120, 300
UNCERTAIN = 0.001
"""Share of samples of uncertain quality."""
SLAB_NS = 300 * 10**9


def cpu(work: Callable[[], object]) -> float:
    """Return the seconds of processor time of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def samples_of(machines: int, hours: float, texts: TextTable) -> Samples:
    """Return the shift as it is received: delays of some 4 ms, one sample in a thousand of uncertain quality, a message each."""
    times, signal, value = generate(machines, hours)
    rng = np.random.default_rng(1)
    codes = np.array([texts.code(word) for word in WORDS], np.float64)
    state = signal % len(NAMES) == 0
    value[state] = codes[value[state].astype(np.int64)]
    n = len(times)
    received = times + np.round(np.abs(rng.normal(0, 4, n))).astype(np.int64) * 10**6
    order = np.argsort(received, kind="stable")
    return Samples(
        signal.astype(np.int32)[order], times[order], np.full(n, NEVER), received[order], value[order],
        np.where(state, np.uint8(Kind.TEXT), np.uint8(0))[order], (rng.random(n) < UNCERTAIN).astype(np.uint8), np.arange(n),
    )  # fmt: skip


def signals_of(machines: int) -> SignalTable:
    """Return the signals."""
    names = [(f"M{m}", name, kind) for m in range(machines) for name, kind in zip(NAMES, KINDS, strict=True)]
    return SignalTable([Signal(path=f"site/area/L/{unit}/{name}", unit=unit, name=name, kind=kind) for unit, name, kind in names])


def line_of(machines: int) -> Line:
    """Return the line."""
    names = [f"M{m}" for m in range(machines)]
    units = tuple(Unit(id=name, title=name, type="filler", source="plc") for name in names)
    return Line(
        path=Path("line.toml"), content_hash="", id="L", title="", enterprise="", site="site", area="area", zone="UTC", unit_of_count="part",
        constraint=names[0], units=units, sources=(SourceSpec(id="plc", title=""),),
        products=(Product(id="p", title="", ideal_cycle_s=dict.fromkeys(names, 5.0)),),
    )  # fmt: skip


def record(path: Path, samples: Samples, signals: SignalTable, texts: TextTable) -> dict[str, float]:
    """Write the recording; return its rates and sizes."""
    store = Store.reopen(path, signals=signals, texts=texts, folds=False)
    committing = sealing = 0.0
    for i in range(0, len(samples), BATCH):
        batch = samples.take(slice(i, i + BATCH))
        committing += cpu(lambda batch=batch: (store.append(batch), store._recorder.commit(), store._forget()))  # type: ignore[misc,union-attr]  # noqa: SLF001 - without the thread that seals, to tell the two apart
        if store._upkeep is not None and store._upkeep._due():  # noqa: SLF001 - as it goes by itself, but here and now
            sealing += cpu(store.seal)
    sealing += cpu(lambda: store.seal(everything=True))
    assert store._recorder is not None  # noqa: S101, SLF001 - it was opened on a file
    assert store._upkeep is not None  # noqa: S101, SLF001 - as above
    rolling = cpu(lambda: store._upkeep._sealer.roll(finished=True))  # type: ignore[union-attr]  # noqa: SLF001 - as a finished file is
    store._recorder.volumes[0].finish()  # noqa: SLF001 - as a finished file is
    store.close()
    n = len(samples)
    with sqlite3.connect(path) as looking:
        parts = {
            name: looking.execute(f"SELECT sum(length({name})) FROM block").fetchone()[0] / n  # noqa: S608 - our columns
            for name in ("times", "vals", "delays", "marks", "runs")
        }
        parts["pyramid"] = sum(
            looking.execute(f"SELECT ifnull(sum(length(level_{level})), 0) FROM rollup").fetchone()[0] / n  # noqa: S608 - our columns
            for level in range(5)
        )
        parts["messages"] = looking.execute("SELECT sum(length(facts) + length(rest)) FROM message").fetchone()[0] / n
    looking.close()
    return {"batch": n / committing, "sealing": n / sealing, "rolling": n / rolling, "size": path.stat().st_size / n, **parts}


def live(path: Path, samples: Samples, signals: SignalTable, texts: TextTable) -> float:
    """Return the samples a second of what a decoder appends one by one, committed every 250 ms of 20,000 a second."""
    store = Store.reopen(path, signals=signals, texts=texts, folds=False)
    columns = SampleColumns()
    rows = list(
        zip(*(getattr(samples, name).tolist() for name in ("signal", "effective_ns", "received_ns", "value", "message")), strict=True)
    )

    def run() -> None:
        for number, (signal, effective, received, value, message) in enumerate(rows, 1):
            columns.append(signal, effective_ns=effective, received_ns=received, value=value, message=message)
            if number % LIVE_COMMIT == 0:
                store.append(columns.take_all())
                store.commit()

    taken = cpu(run)
    store.close()
    return len(rows) / taken


def look(path: Path, samples: Samples, signals: SignalTable) -> dict[str, float]:
    """Return how long states take, cold and from a decoded slab, each checked against brute force."""
    truth = samples.take(np.lexsort((samples.message, samples.effective_ns, samples.signal)))
    starts = truth.signal.searchsorted(np.arange(len(signals) + 1))
    instants = np.random.default_rng(2).integers(truth.effective_ns.min(), truth.effective_ns.max(), COLD)
    with Recording(path, page_bytes=1) as recording:
        cold = []
        for at_ns in instants.tolist():
            recording.state_at(at_ns + SLAB_NS)  # another slab than the last one, so that none is decoded
            recording.shelf._pages.clear()  # noqa: SLF001 - cold is cold
            # Of the thread that asks: jumps within an hour may look like playing, and what is then decoded ahead beside it keeps nobody waiting.
            began = time.thread_time()
            found = recording.state_at(at_ns)
            cold.append((time.thread_time() - began) * 1e3)
            for signal in range(0, len(signals), 7):
                part = slice(starts[signal], starts[signal + 1])
                row = int(truth.effective_ns[part].searchsorted(at_ns, "right")) - 1
                expected = truth.value[part][row] if row >= 0 else np.nan
                said = found.value[recording.signals.find(signals[signal].unit, signals[signal].name)]
                if not np.array_equal(said, expected, equal_nan=True):
                    raise SystemExit(f"wrong at {at_ns}: signal {signal} is {said}, expected {expected}")
    with Recording(path) as recording:
        at_ns = int(instants[0])
        recording.state_at(at_ns)
        warm = [cpu(lambda: recording.state_at(at_ns)) * 1e3 for _ in range(WARM)]
    return {"p50": statistics.median(cold), "p99": float(np.percentile(cold, 99)), "warm": statistics.median(warm)}


def open_(path: Path, line: Line) -> tuple[float, float]:
    """Return the seconds to the first frame, everything that it shows folded, and to the figures of the shift alone."""

    def frame() -> None:
        signals, texts = SignalTable(), TextTable()
        store = Replay(Recording(path, signals=signals, texts=texts), pictured=False)
        source = TwinSource(Intake(line, line.sources[0], store=store, signals=signals, texts=texts), path)
        session = Session(Opened(line, signals, texts, store, Plant(line, signals, texts), (source,)))
        session.start()
        session.advance(0)
        session.close()

    def kpi() -> None:
        with Recording(path) as recording:
            plant = Plant(line, recording.signals, recording.texts)
            plant.fold(Samples.concatenate(list(recording.samples(signals=plant.needed()))))
            span = recording.span()
            assert span is not None  # noqa: S101 - there are samples
            figures(line, plant, span.start_ns, span.end_ns)

    return min(cpu(frame) for _ in range(3)), min(cpu(kpi) for _ in range(3))


def parquet(folder: Path, samples: Samples) -> dict[str, float]:
    """Return the sizes of Parquet by time and tuned, and how long a state takes from the tuned one."""
    import pyarrow as pa  # noqa: PLC0415 - a peer need not be there
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    by_time = samples.take(np.argsort(samples.effective_ns, kind="stable"))
    sizes = {}
    for name, table, options in (
        ("plain", by_time, {}),
        ("tuned", by_time, {"compression": "zstd", "compression_level": 9, "use_dictionary": ["quality"], "column_encoding": dict.fromkeys(
            ("signal", "time", "delay", "value"), "DELTA_BINARY_PACKED")}),
    ):  # fmt: skip
        writer, path = None, folder / f"{name}.parquet"
        slab = (table.effective_ns - START_NS) // SLAB_NS
        for number in np.unique(slab).tolist():
            part = table.take(slab == number)
            if name == "tuned":  # by signal and time, values as whole thousandths: known of this workload, found out by nobody
                part = part.take(np.argsort(part.signal, kind="stable"))
            rows = pa.table({
                "signal": part.signal, "time": part.effective_ns // 10**6,
                "value": np.rint(part.value * 1000).astype(np.int64) if name == "tuned" else part.value,
                "delay": ((part.received_ns - part.effective_ns) // 10**6).astype(np.int32), "quality": part.quality,
            })  # fmt: skip
            writer = writer or pq.ParquetWriter(path, rows.schema, **options)
            writer.write_table(rows)
        assert writer is not None  # noqa: S101 - there are samples
        writer.close()
        sizes[name] = path.stat().st_size / len(samples)
    file = pq.ParquetFile(folder / "tuned.parquet")

    def state(at_ns: int) -> NDArray[np.float64]:
        """Go back from the instant's group until every signal is found, an hour at most: a file without keyframes."""
        latest = np.full(int(samples.signal.max()) + 1, np.nan)
        known = np.zeros(len(latest), bool)
        group = min((at_ns - START_NS) // SLAB_NS, file.num_row_groups - 1)
        for number in range(group, max(group - 12, -1), -1):
            rows = file.read_row_group(number, columns=["signal", "time", "value"], use_threads=False)
            signal, times = rows["signal"].to_numpy(), rows["time"].to_numpy()
            before = times <= at_ns // 10**6
            found = np.full(len(latest), np.nan)
            found[signal[before]] = rows["value"].to_numpy()[before]
            fresh = ~known & np.isin(np.arange(len(latest)), signal[before])
            latest[fresh], known[fresh] = found[fresh], True
            if known.all():
                break
        return latest

    instants = np.random.default_rng(2).integers(samples.effective_ns.min(), samples.effective_ns.max(), 40).tolist()
    return {**sizes, "p50": statistics.median(cpu(lambda at_ns=at_ns: state(at_ns)) for at_ns in instants) * 1e3}  # type: ignore[misc] # mypy infers no type for a default argument


def mcap(folder: Path, samples: Samples) -> float:
    """Return the bytes a sample of MCAP with zstd chunks, a message of 8 bytes a sample."""
    from mcap.writer import CompressionType, Writer  # noqa: PLC0415 - as above

    path = folder / "shift.mcap"
    with path.open("wb") as file:
        writer = Writer(file, compression=CompressionType.ZSTD)
        writer.start()
        channels = [
            writer.register_channel(topic=str(i), message_encoding="f64", schema_id=0) for i in range(int(samples.signal.max()) + 1)
        ]
        rows = zip(samples.signal.tolist(), samples.effective_ns.tolist(), samples.received_ns.tolist(), samples.value, strict=True)
        for signal, effective, received, value in rows:
            writer.add_message(channels[signal], log_time=received, publish_time=effective, data=value.tobytes())
        writer.finish()
    return path.stat().st_size / len(samples)


def rows_in_sqlite(folder: Path, samples: Samples) -> float:
    """Return the bytes a sample of a table with a row a sample."""
    path = folder / "rows.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("CREATE TABLE sample(signal, time, value, delay, quality, PRIMARY KEY (signal, time)) WITHOUT ROWID")
    delay = ((samples.received_ns - samples.effective_ns) // 10**6).tolist()
    table = zip(
        samples.signal.tolist(),
        (samples.effective_ns // 10**6).tolist(),
        samples.value.tolist(),
        delay,
        samples.quality.tolist(),
        strict=True,
    )
    connection.execute("BEGIN")
    connection.executemany("INSERT OR REPLACE INTO sample VALUES (?, ?, ?, ?, ?)", table)
    connection.execute("COMMIT")
    connection.close()
    return path.stat().st_size / len(samples)


def there(*modules: str) -> bool:
    """Return whether a peer is installed."""
    return all(importlib.util.find_spec(module) for module in modules)


def ratio(ours: float, theirs: float | None) -> float | None:
    """Return ours over theirs."""
    return None if not theirs else round(ours / theirs, 4)


def told(wrote: dict[str, float], peers: str) -> None:
    """Print what a sample takes."""
    print(
        "bytes a sample: "
        + ", ".join(f"{k} {wrote[k]:.3f}" for k in ("times", "vals", "delays", "marks", "runs", "pyramid", "messages", "size"))
    )
    print(f"times and values alone {wrote['times'] + wrote['vals'] + wrote['runs']:.3f}; with delays and qualities "
          f"{sum(wrote[k] for k in ('times', 'vals', 'runs', 'delays', 'marks')):.3f}, with the pyramid "
          f"{sum(wrote[k] for k in ('times', 'vals', 'runs', 'delays', 'marks', 'pyramid')):.3f}; whole file with message numbers {wrote['size']:.3f}")  # fmt: skip
    print(f"sealing {wrote['sealing'] / 1e6:.2f} M samples/s, the pyramid {wrote['rolling'] / 1e6:.2f}; {peers}")


def told_of_time(curve: dict[str, float | None], played: tuple[dict[str, float], dict[str, float]], many: dict[str, float]) -> None:
    """Print what looking takes."""
    looked, framed = played
    print(f"envelope of {curve['days']} days at 10 Hz on 2,000 columns, tail included: {curve['cold']:.1f} ms, again {curve['warm']:.1f} ms; "
          f"DuckDB over Parquet, one thread: {curve['duckdb']} ms")  # fmt: skip
    print(f"1000x, states alone: {looked['share']:.1f} % of a core, longest {looked['longest']:.1f} ms; session frames: "
          + ", ".join(f"{k} {v:.2f} ms" for k, v in framed.items()))  # fmt: skip
    print(f"50,000 signals at 50,000 samples a second: committing {many['commit']:.1f} %, sealing {many['seal']:.1f} % of a core, cold state "
          f"{many['cold_ms']:.0f} ms; the pyramid of a chunk (an hour, a day) {many['roll_s']:.1f} s")  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--machines", type=int, default=40)
    parser.add_argument("--hours", type=float, default=8.0)
    asked = parser.parse_args()
    machines, hours = (40, 1.0) if asked.quick else (asked.machines, asked.hours)
    texts, signals, line = TextTable(), signals_of(machines), line_of(machines)
    samples = samples_of(machines, hours, texts)
    some = samples.take(slice(0, 200_000 if asked.quick else 1_000_000))
    answer: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        folder = Path(name)
        path = folder / "shift.twinrec"
        wrote = record(path, samples, signals, texts)
        seen = look(path, samples, signals)
        opened, counted = open_(path, line)
        looked, framed = look_ups(path, 1000.0), frames(path, line, 60 if asked.quick else FRAMES)
        memory = held(path, line)
        many = wide(folder / "wide.twinrec", 24 if asked.quick else 64)
        lived = live(folder / "live.twinrec", some, signals, texts)
        peer = parquet(folder, samples) if there("pyarrow") else {}
        peer_mcap = mcap(folder, some) if there("mcap", "zstandard") else None
        in_rows = rows_in_sqlite(folder, some)
        curve = weeks(folder, line, 3 if asked.quick else 30, peer=there("duckdb", "pyarrow"))
    answer = {
        "bytes_per_sample": round(wrote["size"], 4), "size_vs_parquet_tuned": ratio(wrote["size"], peer.get("tuned")),
        "size_vs_mcap": ratio(wrote["size"], peer_mcap), "cold_state_ms_p50": round(seen["p50"], 3), "cold_state_ms_p99": round(seen["p99"], 3),
        "cold_state_vs_parquet": ratio(seen["p50"], peer.get("p50")), "ram_state_ms_p50": round(seen["warm"], 4), "open_s": round(opened, 4),
        "live_samples_per_s": round(lived), "batch_samples_per_s": round(wrote["batch"]), "kpi_samples_per_s": round(len(samples) / counted),
        "wide_seal_percent_of_core": round(many["seal"], 2), "wide_commit_percent_of_core": round(many["commit"], 2),
        "wide_cold_state_ms": round(many["cold_ms"], 1),
        "play_1000_percent_of_core": round(looked["share"], 2), "play_1000_longest_ms": round(looked["longest"], 2),
        "frame_1000_longest_ms": round(framed["longest_1000"], 2), "frame_3600_vs_1": ratio(framed["3600"], framed["1"]),
        "open_own_mib": memory and round(memory["own"]), "open_mib": memory and round(memory["with_files"]),
        "envelope_days": curve["days"], "envelope_cold_ms": round(curve["cold"] or 0, 2), "envelope_ms": round(curve["warm"] or 0, 2),
        "envelope_vs_duckdb": ratio(curve["cold"] or 0, curve["duckdb"]),
    }  # fmt: skip
    print(f"{len(samples):,} samples of {len(signals)} signals, {hours} h")
    told(wrote, f"peers: Parquet {peer}, MCAP {peer_mcap} B, SQLite rows {in_rows:.1f} B")
    told_of_time(curve, (looked, framed), many)
    if memory:
        print(
            f"the shift open, all that machines move by folded: {memory['own']:.0f} MiB of its own, {memory['with_files']:.0f} with mapped files"
        )
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
