"""Fifty thousand signals at a sample a second each: what committing, sealing and its pyramid take of a core, and a cold state. Itself no benchmark, see `history`."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import numpy as np

from twin_app.clock import SECOND_NS
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.model.samples import NEVER, Samples, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable

if TYPE_CHECKING:
    from pathlib import Path

SIGNALS = 50_000
START_NS = 1_772_431_200 * SECOND_NS
_LOOKS = 15


def second(number: int, rng: np.random.Generator) -> Samples:
    """Return a second's samples, one a signal, in order of receipt: one decimal, delays of some 4 ms, a message for eight."""
    times = START_NS + number * SECOND_NS + np.sort(rng.integers(0, 1000, SIGNALS)) * 1_000_000
    received = times + np.round(np.abs(rng.normal(0, 4, SIGNALS))).astype(np.int64) * 1_000_000
    value = np.round(rng.normal(20, 2, SIGNALS), 1)
    n = np.arange(SIGNALS)
    signal = rng.permutation(SIGNALS).astype(np.int32)
    return Samples(
        signal, times, np.full(SIGNALS, NEVER), received, value, np.zeros(SIGNALS, np.uint8), np.zeros(SIGNALS, np.uint8),
        (number * SIGNALS + n) // 8,
    )  # fmt: skip


def measure(path: Path, seconds: int) -> dict[str, float]:
    """Return per cent of a core by part, and milliseconds of a cold state, checked."""
    rng = np.random.default_rng(8)
    signals = SignalTable(
        [Signal(path=f"S/A/L/M{i // 8}/{i}", unit=f"M{i // 8}", name=str(i), kind=SignalKind.MEASUREMENT) for i in range(SIGNALS)]
    )
    store = Store.reopen(path, signals=signals, texts=TextTable(), folds=False)
    upkeep, recorder = store._upkeep, store._recorder  # noqa: SLF001 - without the thread, to tell the parts apart
    assert upkeep is not None  # noqa: S101 - it was opened on a file
    assert recorder is not None  # noqa: S101 - as above
    spent = {"commit": 0.0, "seal": 0.0, "roll": 0.0}

    def timed(name: str, began: float) -> None:
        spent[name] += time.process_time() - began

    last = np.full(SIGNALS, np.nan)
    for number in range(seconds):
        batch = second(number, rng)
        last[batch.signal] = batch.value
        for quarter in np.array_split(np.arange(SIGNALS), 4):
            began = time.process_time()
            store.append(batch.take(quarter))
            recorder.commit()
            store._forget()  # noqa: SLF001 - as `commit` does
            timed("commit", began)
        began = time.process_time()
        if upkeep._due():  # noqa: SLF001 - as it goes by itself
            store.seal()
        timed("seal", began)
    began = time.process_time()
    store.seal(everything=True)
    timed("seal", began)
    began = time.process_time()
    upkeep._sealer.roll(finished=True)  # noqa: SLF001 - as a finished file is
    timed("roll", began)
    store.close()
    with Recording(path, page_bytes=1) as recording:
        recording._past._ahead.close()  # noqa: SLF001 - nobody plays
        cold = []
        for at_s in np.linspace(1, seconds - 1, _LOOKS):
            for held in (recording.shelf._pages, recording.shelf._entries):  # noqa: SLF001 - cold is cold
                held.clear()
            began = time.process_time()
            found = recording.state_at(START_NS + round(at_s * SECOND_NS))
            cold.append((time.process_time() - began) * 1e3)
        found = recording.state_at(START_NS + (seconds + 9) * SECOND_NS)
        if not np.array_equal(found.value, last):
            raise SystemExit("the last state is not what was said last")
    shares = {name: 100 * spent[name] / seconds for name in ("commit", "seal")}
    return {**shares, "roll_s": spent["roll"], "cold_ms": statistics.median(cold)}
