"""What a block or a keyframe says of its signals but when it was received, made when asked for. Not for whole samples: see `slab`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin_app.history import block, decimals, planes, slab

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.history.slab import BlockRow, KeyframeRow


class Curve(NamedTuple):
    """n samples of some signals, by signal and time; of the kinds and qualities there is a number each."""

    runs: block.Runs
    times: planes.Column
    packed: decimals.Packed
    kind: planes.Column
    quality: planes.Column

    def marks(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return all kinds and qualities, shape (n,)."""
        return self.kind.all().astype(np.uint8), self.quality.all().astype(np.uint8)


def curve_of(row: BlockRow | KeyframeRow) -> Curve:
    """Return what a row says; ValueError where it is not what was written."""
    slab.known_codec(row.codec)
    place = row.place
    runs = block.unpack_runs(row.runs, place, row.signals, row.n)
    times = block.read_times(row.times, place, row.n)
    kind, quality = block.read_trust(row.marks, place, row.n)
    return Curve(runs, times, block.read_values(row.vals, place, runs), kind, quality)
