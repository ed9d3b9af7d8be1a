"""Samples as rows, each value as what it is. Not for any format."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin_app.history.ordering import settled_ties
from twin_app.model.samples import NEVER, Kind, Quality, Samples, TextTable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from twin_app.export.choice import Choice
    from twin_app.session import Session

AT_ONCE = 65_536
"""Rows in memory at a time."""
TYPES = {
    Kind.NUMBER: "number", Kind.BOOL: "boolean", Kind.TEXT: "text", Kind.BLOB: "bytes", Kind.BIG_INT: "integer", Kind.NULL: "null",
}  # fmt: skip
"""What a row's type is called, by kind."""
QUALITIES = tuple(quality.name.lower() for quality in Quality)

Value = float | bool | str | bytes | None
"""A sample's value; an integer beyond 2^53 as its digits."""


class Row(NamedTuple):
    """One sample; times in UTC ns, None where there is none."""

    effective_ns: int
    source_ns: int | None
    received_ns: int | None
    unit: str
    signal: str
    type: str
    value: Value
    unit_of_measure: str
    quality: str


@dataclass(slots=True)
class Tally:
    """What was exported so far."""

    samples: int = 0
    repeats: int = 0
    """Exact repeats, left out here as everywhere."""
    messages: int = 0
    """As they came; only a recording has them."""


def batches(
    session: Session, choice: Choice, tally: Tally, progress: Callable[[int], None], *, beside: Collection[int] = ()
) -> Iterator[Samples]:  # fmt: skip
    """Yield the chosen samples by effective time, those of one instant by signal, `AT_ONCE` at most; tell `progress` how far, in UTC ns.

    Those of the signals `beside` come among them and are not counted.
    """
    for samples in session.samples(choice.start_ns, choice.end_ns, frozenset(choice.signals).union(beside)):
        settled = _settled(samples)
        wanted = np.array(choice.signals, np.int32)
        count = int(np.isin(settled.signal, wanted).sum())
        tally.samples += count
        tally.repeats += int(np.isin(samples.signal, wanted).sum()) - count
        for first in range(0, len(settled), AT_ONCE):
            batch = settled.take(slice(first, first + AT_ONCE))
            yield batch
            progress(int(batch.effective_ns[-1]))


def rows(session: Session, samples: Samples) -> list[Row]:
    """Return samples as rows."""
    signals, texts = session.signals, session.texts
    columns = (samples.effective_ns, samples.source_ns, samples.received_ns, samples.signal, samples.kind, samples.value, samples.quality)
    named = {i: signals[i] for i in np.unique(samples.signal).tolist()}
    return [
        Row(
            at, _known(source), _known(received), named[i].unit, named[i].name, TYPES[Kind(kind)], value_of(kind, value, texts),
            named[i].unit_of_measure, QUALITIES[quality],
        )
        for at, source, received, i, kind, value, quality in zip(*(column.tolist() for column in columns), strict=True)
    ]  # fmt: skip


def value_of(kind: int, value: float, texts: TextTable) -> Value:
    """Return what a sample says."""
    if kind == Kind.NUMBER:
        return value
    if kind == Kind.BOOL:
        return None if isnan(value) else bool(value)
    if kind == Kind.NULL:
        return None
    return texts.entry(int(value)) if kind == Kind.BLOB else texts.text(int(value))


def _known(at_ns: int) -> int | None:
    """Return an instant, None where none was given."""
    return None if at_ns == NEVER else at_ns


def _settled(samples: Samples) -> Samples:
    """Return samples without exact repeats by time, those of one instant by signal, of one signal with the one that holds last."""
    by_signal = samples.take(np.lexsort((samples.effective_ns, samples.signal)))
    order = settled_ties(by_signal) if len(by_signal) else None
    kept = by_signal if order is None else by_signal.take(order)
    return kept.take(kept.effective_ns.argsort(kind="stable"))
