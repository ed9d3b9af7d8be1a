"""Signals as columns on one axis of time: the value in force, nothing while it is not known. Not for samples as they came: see `forms`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from twin_app.export.rows import TYPES, batches, value_of
from twin_app.export.words import cell, instant, quoted
from twin_app.model.historian import Latest
from twin_app.model.samples import NEVER, Kind, Quality

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.export.choice import Choice
    from twin_app.export.rows import Tally
    from twin_app.session import Session

_HOLDS = np.array([quality in {Quality.GOOD, Quality.UNCERTAIN, Quality.RETAINED} for quality in Quality])


class _Now:
    """What is in force, as of one instant after another."""

    def __init__(self, session: Session, choice: Choice) -> None:
        """Begin with what holds right before the span."""
        self._session, self._signals = session, np.array(choice.signals, np.intp)
        before = session.latest(choice.start_ns - 1)
        columns = (before.effective_ns.copy(), before.value.copy(), before.kind.copy(), before.quality.copy())
        self._latest = Latest(*columns, np.full(len(before.kind), -1, np.int64))
        self._cells = [self._cell(int(kind), float(value)) for kind, value in zip(before.kind, before.value, strict=True)]

    def take(self, signal: int, at_ns: int, value: float, kind: int, quality: int) -> None:
        """Take in a sample."""
        now = self._latest
        now.effective_ns[signal], now.value[signal], now.kind[signal], now.quality[signal] = at_ns, value, kind, quality
        self._cells[signal] = self._cell(kind, value)

    def cells(self, at_ns: int) -> list[str]:
        """Return the cells of the chosen signals at an instant: empty where nothing is known, where it is stale or bad."""
        aged = replace(self._latest, quality=self._latest.quality.copy())
        self._session.age(aged, at_ns)
        holds = (_HOLDS[aged.quality] & (aged.effective_ns != NEVER))[self._signals].tolist()
        return [self._cells[i] if shown else "" for i, shown in zip(self._signals.tolist(), holds, strict=True)]

    def _cell(self, kind: int, value: float) -> str:
        """Return a value as a cell."""
        return cell(TYPES[Kind(kind)], value_of(kind, value, self._session.texts))


def write_wide(out: BinaryIO, session: Session, choice: Choice, tally: Tally, progress: Callable[[int], None]) -> None:
    """Write a line for every instant at which a chosen signal was told, or a source or the way to a unit came or went."""
    names = [f"{signal.unit}/{signal.name}" for signal in (session.signals[i] for i in choice.signals)]
    out.write((",".join(("time", "simulated", *map(quoted, names))) + "\n").encode())
    now, simulated = _Now(session, choice), cell("boolean", session.simulated)
    links = [i for i, signal in enumerate(session.signals) if signal.unit.startswith("@")]
    instant_ns: int | None = None

    def line(at_ns: int) -> bytes:
        return (",".join((instant(at_ns), simulated, *now.cells(at_ns))) + "\n").encode()

    for samples in batches(session, choice, tally, progress, beside=links):
        columns = (samples.effective_ns, samples.signal, samples.value, samples.kind, samples.quality)
        for at_ns, signal, value, kind, quality in zip(*(column.tolist() for column in columns), strict=True):
            if instant_ns is not None and at_ns != instant_ns:
                out.write(line(instant_ns))
            instant_ns = at_ns
            now.take(signal, at_ns, value, kind, quality)
    if instant_ns is not None:
        out.write(line(instant_ns))
