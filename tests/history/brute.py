"""What the store must answer, computed the slow and obvious way from a list. Shared by the tests of history; itself no test."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.samples import COLUMNS, NEVER, Kind, Quality, Samples
from twin_app.model.signal import Signal, SignalKind, SignalTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twin_app.model.historian import Latest, Series


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample as a row."""

    signal: int
    effective_ns: int
    value: float
    message: int = 0
    sourced: bool = False
    kind: int = Kind.NUMBER
    quality: int = Quality.GOOD
    received_ns: int = 5_000_000

    def fact(self) -> tuple[int, int, int, int, int]:
        """Return all but the source and receive time, the value as its bits: what look-ups must give back."""
        return self.effective_ns, bits(self.value), self.kind, self.quality, self.message


def bits(value: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", value))[0])


def columns(rows: Iterable[Sample]) -> Samples:
    """Return rows as columns."""
    table = [
        (r.signal, r.effective_ns, r.effective_ns if r.sourced else NEVER, r.received_ns, r.value, r.kind, r.quality, r.message)
        for r in rows
    ]
    return Samples(*(np.array(c, t) for c, t in zip(zip(*table, strict=True), COLUMNS.values(), strict=True))) if table else Samples.empty()


def table(count: int) -> SignalTable:
    """Return that many measurements of one unit."""
    return SignalTable(
        [Signal(path=f"site/area/line/unit/{i}", unit="unit", name=str(i), kind=SignalKind.MEASUREMENT) for i in range(count)]
    )


class Brute:
    """Everything that arrived, in order of arrival, without exact repeats."""

    def __init__(self) -> None:
        self.arrived: list[Sample] = []
        self.kept: list[Sample] = []
        self._ordered: dict[int, list[Sample]] = {}

    def add(self, rows: Iterable[Sample]) -> None:
        self._ordered.clear()
        for row in rows:
            key = (row.signal, row.effective_ns, bits(row.value), row.kind)
            again = row.sourced and any(
                (old.signal, old.effective_ns, bits(old.value), old.kind) == key and old.quality <= row.quality for old in self.arrived
            )
            self.arrived.append(row)
            if not again:
                self.kept.append(row)

    def of(self, signal: int) -> list[Sample]:
        """Return a signal's samples in order of time; `sorted` keeps the order of arrival among equals."""
        if signal not in self._ordered:
            self._ordered[signal] = sorted((r for r in self.kept if r.signal == signal), key=lambda r: (r.effective_ns, r.message))
        return self._ordered[signal]

    def state_at(self, at_ns: int, signals: int) -> list[tuple[int, int, int, int, int]]:
        before = [[r for r in self.of(s) if r.effective_ns <= at_ns] for s in range(signals)]
        nothing = (NEVER, bits(math.nan), Kind.NULL, Quality.UNKNOWN, -1)
        return [rows[-1].fact() if rows else nothing for rows in before]

    def range(self, signal: int, start_ns: int, end_ns: int) -> list[tuple[int, int, int, int]]:
        rows = self.of(signal)
        found = [r for r in rows if start_ns <= r.effective_ns <= end_ns]
        before = [r for r in rows if r.effective_ns < start_ns]
        if before and not any(r.effective_ns == start_ns for r in found):
            found = [before[-1], *found]
        return [r.fact()[:4] for r in found]


def facts(latest: Latest) -> list[tuple[int, int, int, int, int]]:
    """Return an answer of `state_at` in the form of `Brute.state_at`."""
    every = zip(latest.effective_ns, latest.value, latest.kind, latest.quality, latest.message, strict=True)
    return [(int(t), bits(v), int(k), int(q), int(m)) for t, v, k, q, m in every]


def points(series: Series) -> list[tuple[int, int, int, int]]:
    """Return an answer of `range` in the form of `Brute.range`."""
    return [
        (int(t), bits(v), int(k), int(q)) for t, v, k, q in zip(series.times_ns, series.value, series.kind, series.quality, strict=True)
    ]
