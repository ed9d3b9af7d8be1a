"""The order of samples, and which are exact repeats. Pure functions over columns; not for keeping them: see `tracks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.history.snapshot import MARKS, VALUE, kinds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.history.snapshot import View
    from twin_app.model.samples import Samples

_SHORT = 1 << 16
_MIX = np.uint64(0x9E3779B97F4A7C15)


def in_order(samples: Samples) -> NDArray[np.intp]:
    """Return the order by (signal, effective time, message number, arrival), shape (n,)."""
    times, message = samples.effective_ns, samples.message
    signal = samples.signal.astype(np.uint16) if samples.signal.max() < _SHORT else samples.signal  # 16 bits are sorted by radix
    if np.all(times[1:] >= times[:-1]) and np.all(message[1:] >= message[:-1]):
        return signal.argsort(kind="stable")
    order = np.lexsort((message, times))
    by_signal: NDArray[np.intp] = order[signal[order].argsort(kind="stable")]
    return by_signal


def settled_ties(samples: Samples) -> NDArray[np.intp] | None:
    """Return which samples count, in the order in which they do; None where that is all of them as they stand.

    They stand by signal and effective time, those of one instant in order of arrival. Of these the larger message
    number counts for more, and exact repeats do not count at all.
    """
    signal, times, message = samples.signal, samples.effective_ns, samples.message
    tie = (signal[1:] == signal[:-1]) & (times[1:] == times[:-1])
    if not tie.any():
        return None
    stands = np.arange(len(samples))
    again = repeats(samples, stands)
    if not again.any() and not np.any(tie & (message[1:] < message[:-1])):
        return None
    instant = np.cumsum(np.concatenate(([True], ~tie)))
    order = np.lexsort((message, instant))
    return order[~again[order]]


def repeats(samples: Samples, order: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which samples repeat an earlier arrival of the same batch, shape (n,) in order of arrival.

    A repeat has the same signal, instant, kind and value to the bit, no better quality, and its instant is a source time.
    """
    again = np.zeros(len(samples), np.bool_)
    signal, times = samples.signal[order], samples.effective_ns[order]
    tie = (signal[1:] == signal[:-1]) & (times[1:] == times[:-1])
    if not tie.any():
        return again
    member = np.zeros(len(order), np.bool_)
    member[1:] = tie
    member[:-1] |= tie
    group = np.cumsum(np.concatenate(([True], ~tie)))[member]
    likely = _twins(bits(samples.value[order[member]]), group)
    if not likely.any():
        return again
    member[member] = likely
    batch = samples.take(order[member])
    keys = (order[member], batch.kind, bits(batch.value), batch.effective_ns, batch.signal)
    sort = np.lexsort(keys)
    arrival, *same = (key[sort] for key in keys)
    first = np.ones(len(sort), np.bool_)
    first[1:] = np.any([key[1:] != key[:-1] for key in same], axis=0)
    group = np.cumsum(first)
    quality = batch.quality[sort].astype(np.int64)
    best = np.minimum.accumulate(quality - 8 * group)  # each group starts below all before it: a running minimum of its own
    again[arrival[1:]] = ~first[1:] & (best[:-1] + 8 * group[1:] <= quality[1:])
    again &= samples.source_ns == samples.effective_ns
    return again


def _twins(value_bits: NDArray[np.int64], group: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which samples may have an equal in their group, by a hash: cheaper than sorting by every key, and mostly all there is to do."""
    mixed = value_bits.view(np.uint64) * _MIX ^ group.astype(np.uint64) * _MIX
    mixed = (mixed ^ mixed >> np.uint64(29)) * _MIX
    ordered = np.sort(mixed)
    return np.isin(mixed, ordered[1:][ordered[1:] == ordered[:-1]])


def known(old: View, new: View) -> NDArray[np.bool_]:
    """Return which of one signal's new samples, shape (n,), have the instant, kind, value and at least the quality of an old one."""
    left, right = old.times.searchsorted(new.times, "left"), old.times.searchsorted(new.times, "right")
    again = np.zeros(len(new.times), np.bool_)
    for i in np.flatnonzero(right > left):
        rows, row = old.rows[left[i] : right[i]], new.rows[i]
        same = (rows[:, VALUE] == row[VALUE]) & (kinds(rows) == row[MARKS] & 255) & (rows[:, MARKS] <= row[MARKS])
        again[i] = same.any()
    return again


def bits(value: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bits of numbers, for which NaN equals itself and -0.0 is not 0.0."""
    return np.ascontiguousarray(value).view(np.int64)
