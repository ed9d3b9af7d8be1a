"""A curve of n samples on fewer pixels without losing a peak: first, minimum, maximum and last of every pixel column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from twin_app.history.snapshot import MESSAGE, View, kinds, qualities, rows_of, values
from twin_app.model.historian import Series
from twin_app.model.samples import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from twin_app.model.samples import Samples


def series(view: View, start_ns: int, end_ns: int, pixels: int) -> Series:
    """Return the view as it is, or where [start_ns, end_ns] holds more than `pixels` samples (and pixels > 0) as an envelope.

    The sample in force before the start stays in front. Minimum and maximum are of numbers and booleans that are not
    NaN; the codes of texts have no order, of these each pixel gives first and last.
    """
    ahead = int(view.times.searchsorted(start_ns, "left"))
    if 0 < pixels < len(view.times) - ahead:
        keep = np.concatenate((np.arange(ahead), ahead + _corners(view.times[ahead:], view.rows[ahead:], start_ns, end_ns, pixels)))
        times, rows = view.times[keep], view.rows[keep]
    else:
        times, rows, keep = view.times.copy(), view.rows, None
    return Series(times, values(rows).copy(), kinds(rows), qualities(rows), rows[:, MESSAGE].copy(), envelope=keep is not None)


def numbered_later(make: Callable[..., Series]) -> Series:
    """Return `make(numbered=False)`, a series without message numbers: they are made when somebody asks for them."""
    found = make(numbered=False)

    def numbers() -> NDArray[np.int64]:
        again = make(numbered=True)
        same = np.array_equal(again.times_ns, found.times_ns)  # a late sample may have come in meanwhile
        return again.message if same else np.full(len(found.times_ns), -1, np.int64)

    return replace(found, numbers=numbers)


def series_of(samples: Samples, start_ns: int, end_ns: int, pixels: int) -> Series:
    """Return samples of one signal, in order of time, as `series` does a view."""
    return series(View(samples.effective_ns, rows_of(samples)), start_ns, end_ns, pixels)


def _corners(times: NDArray[np.int64], rows: NDArray[np.int64], start_ns: int, end_ns: int, pixels: int) -> NDArray[np.intp]:
    """Return the indices of each column's first, minimum, maximum and last sample, ascending."""
    width_ns = -(-(end_ns - start_ns + 1) // pixels)
    column = (times - start_ns) // width_ns
    first = np.flatnonzero(np.concatenate(([True], column[1:] != column[:-1])))
    last = np.append(first[1:], len(times)) - 1
    value = np.where(kinds(rows) <= Kind.BOOL, values(rows), np.nan)
    group = np.repeat(np.arange(len(first)), last - first + 1)
    lowest, highest = (_first_of(value == extreme.reduceat(value, first)[group], group) for extreme in (np.fmin, np.fmax))
    return np.unique(np.concatenate((first, lowest, highest, last)))


def _first_of(wanted: NDArray[np.bool_], group: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the first wanted index of every group that has one."""
    found = np.flatnonzero(wanted)
    return found[np.concatenate(([True], group[found][1:] != group[found][:-1]))[: len(found)]]
