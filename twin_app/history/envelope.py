"""A curve of n samples on fewer pixels without losing a peak or a gap: which samples of every pixel column are kept. Not for reading them.

Columns lie on a grid of absolute time, so that a curve that moves does not flicker, and where they are wide enough they
are whole buckets of a level: then what is kept of a column is among what is kept of its buckets, and a stored level
answers as all samples would. See `rollup`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin_app.clock import SECOND_NS
from twin_app.history.snapshot import MESSAGE, View, kinds, qualities, rows_of, values
from twin_app.model.historian import Series
from twin_app.model.samples import Kind, Quality

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from twin_app.model.samples import Samples

BUCKETS_NS = tuple(n * SECOND_NS for n in (15, 60, 600, 3_600, 21_600))
"""Widths of the buckets of each level; each divides the next."""
_WIDEST_NS = 2**62


class Grid(NamedTuple):
    """Columns `width_ns` wide from 1970 on, each whole buckets of `level`, -1 where they are narrower than all."""

    width_ns: int
    level: int


class Thin(NamedTuple):
    """What is kept of one signal's samples: `view`, and at the first of each bucket how many samples it had, else 0, shape (n,)."""

    view: View
    counts: NDArray[np.int64]


def grid_of(start_ns: int, end_ns: int, pixels: int) -> Grid:
    """Return the grid of [start_ns, end_ns] on `pixels` columns, or some fewer: buckets are not cut, two of them are a column at least."""
    width_ns = min(-(-(end_ns - start_ns + 1) // pixels), _WIDEST_NS)
    level = max((i for i, bucket_ns in enumerate(BUCKETS_NS) if 2 * bucket_ns <= width_ns), default=-1)
    if level < 0 and width_ns >= BUCKETS_NS[0]:
        level = 0
    return Grid(-(-width_ns // BUCKETS_NS[level]) * BUCKETS_NS[level] if level >= 0 else max(width_ns, 1), level)


def series(view: View, start_ns: int, end_ns: int, pixels: int) -> Series:
    """Return the view as it is, or (pixels > 0) what is kept of it; `envelope` says whether anything was left out.

    The sample in force before the start stays in front. Of every column the first and the last sample are kept, the lowest
    and the highest of those that can be believed, and the first that cannot.
    """
    if pixels <= 0 or end_ns < start_ns:
        return _series(view, envelope=False)
    return series_of_thin(raw(view), start_ns, grid_of(start_ns, end_ns, pixels))


def series_of_thin(thin: Thin, start_ns: int, grid: Grid) -> Series:
    """Return what is kept on a grid of what was kept in its buckets."""
    ahead = int(thin.view.times.searchsorted(start_ns, "left"))
    front = View(thin.view.times[:ahead], thin.view.rows[:ahead])
    kept = thinned(Thin(View(thin.view.times[ahead:], thin.view.rows[ahead:]), thin.counts[ahead:]), grid.width_ns)
    whole = View(np.concatenate((front.times, kept.view.times)), np.concatenate((front.rows, kept.view.rows)))
    return _series(whole, envelope=int(kept.counts.sum()) > len(kept.counts))


def raw(view: View) -> Thin:
    """Return all samples, nothing left out."""
    return Thin(view, np.ones(len(view.times), np.int64))


def joined_thin(parts: Sequence[Thin]) -> Thin:
    """Return parts behind each other."""
    views = [part.view for part in parts]
    whole = View(np.concatenate([view.times for view in views]), np.concatenate([view.rows for view in views]))
    return Thin(whole, np.concatenate([part.counts for part in parts]))


def thinned(thin: Thin, width_ns: int) -> Thin:
    """Return what is kept of samples in buckets of a width; they may have been kept in narrower ones that it is a multiple of."""
    times, rows = thin.view
    starts = starts_of(times // width_ns)
    if len(starts) == len(times):
        return thin
    keep, counts = kept_of(starts, values(rows), believed(kinds(rows), qualities(rows), values(rows)), thin.counts)
    return Thin(View(times[keep], rows[keep]), counts)


def starts_of(*keys: NDArray[np.integer]) -> NDArray[np.intp]:
    """Return where a key differs from the one before, shape (k,); nothing where there are none."""
    if not len(keys[0]):
        return np.empty(0, np.intp)
    new = np.ones(len(keys[0]), np.bool_)
    new[1:] = keys[0][1:] != keys[0][:-1]
    for key in keys[1:]:
        new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(new)


def believed(kind: NDArray[np.uint8], quality: NDArray[np.uint8], value: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which values have a height that can be believed: numbers and booleans that are not NaN, of a quality that is shown."""
    shown: NDArray[np.bool_] = (kind <= Kind.BOOL) & ((quality <= Quality.UNCERTAIN) | (quality == Quality.RETAINED)) & ~np.isnan(value)
    return shown


def kept_of(
    starts: NDArray[np.intp], value: NDArray[np.float64], known: NDArray[np.bool_], counts: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:  # fmt: skip
    """Return the indices, ascending, of what is kept of buckets that begin at `starts`, and how many samples each stands for."""
    n = len(value)
    group = np.zeros(n, np.intp)
    group[starts[1:]] = 1
    group = group.cumsum()
    height = value if known.all() else np.where(known, value, np.nan)
    mark = np.zeros(n, np.bool_)
    mark[starts] = True
    mark[starts[1:] - 1] = True
    mark[-1:] = True
    for extreme in (np.fmin, np.fmax):
        mark[_first_of(height == extreme.reduceat(height, starts)[group], group)] = True
    if height is not value:
        mark[_first_of(~known, group)] = True
    keep = np.flatnonzero(mark)
    stands = np.zeros(len(keep), np.int64)
    stands[keep.searchsorted(starts)] = np.add.reduceat(counts, starts)
    return keep, stands


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


def _series(view: View, *, envelope: bool) -> Series:
    """Return a view for whoever asked; the arrays are copies."""
    times, rows = view
    return Series(times.copy(), values(rows).copy(), kinds(rows), qualities(rows), rows[:, MESSAGE].copy(), envelope=envelope)


def _first_of(wanted: NDArray[np.bool_], group: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the first wanted index of every group that has one."""
    found = np.flatnonzero(wanted)
    of = group[found]
    new = np.ones(len(found), np.bool_)
    new[1:] = of[1:] != of[:-1]
    return found[new]
