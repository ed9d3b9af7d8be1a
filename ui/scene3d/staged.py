"""Copies of one model on stage, each at the level of detail that its size in the picture asks for. VTK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ui.scene3d.arrays import polydata
from ui.scene3d.body import STILL
from ui.scene3d.instances import Instances, Stance, taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from twin_app.shapes import Surface
    from ui.scene3d.body import Body

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Bytes = NDArray[np.uint8]

HIDDEN = -1
"""The level of what lies outside the picture."""


@dataclass(slots=True, eq=False)
class _Level:
    """The copies at one level of detail: a stance for each mover, and which of all copies they are."""

    stances: dict[int, Stance]
    copies: list[tuple[Body, Instances]]
    rows: Indices | slice
    shown: int = 0
    """How many these are."""


class Staged:
    """All copies of one model."""

    def __init__(self, bodies_at: Callable[[int], Sequence[Body]], origins: Floats, count: int, sizes: Floats | None = None) -> None:
        """Make room for so many copies; `bodies_at` gives the bodies of a level, whose movers turn about `origins`, shape (movers, 3).

        `sizes` stretches the copies along their own axes, shape (n, 3).
        """
        self._bodies_at, self._origins, self._count, self._sizes = bodies_at, origins, count, sizes
        self._levels: dict[int, _Level] = {}
        self._shown: Indices = np.full(count, HIDDEN)

    def changes(self, levels: Indices) -> bool:
        """Tell whether `split` would change anything."""
        return not np.array_equal(levels, self._shown)

    def split(self, levels: Indices) -> bool:
        """Show each copy at its level, shape (n,); put and paint them then. True: new meshes were made."""
        self._shown = levels.copy()
        new = [int(level) for level in np.unique(levels) if level not in self._levels and level != HIDDEN]
        for level in new:
            self._levels[level] = self._made(level)
        for number, made in self._levels.items():
            rows = np.flatnonzero(levels == number)
            made.rows = slice(None) if len(rows) == self._count else rows
            made.shown = len(rows)
            for stance in made.stances.values():
                stance.show(len(rows))
            if self._sizes is not None:
                for _, copies in made.copies:
                    copies.stretch(self._sizes[rows])
        return bool(new)

    def put_still(self, points: Floats, turns: Floats) -> None:
        """Put what does not move by itself, shapes (3, n) and (4, n)."""
        self._put(STILL, points.T, turns.T)

    def put(self, points: Floats, turns: Floats) -> None:
        """Put what moves, shapes (movers, 3, n) and (movers, 4, n)."""
        # A row for each copy: numpy takes whole rows far faster than it gathers numbers from here and there.
        places, ways = (np.ascontiguousarray(each.transpose(0, 2, 1)) for each in (points, turns))
        for mover in range(len(points)):
            self._put(mover, places[mover], ways[mover])

    def paint(self, colours: Callable[[Surface, Indices | slice], Bytes]) -> None:
        """Give every body of all copies the colours of its surface for the rows asked for, shape (rows, 4)."""
        for level in self._levels.values():
            if level.shown:
                for body, copies in level.copies:
                    copies.paint(colours(body.surface, level.rows))

    def copies(self) -> Iterator[tuple[Body, Instances]]:
        """Yield every mesh made so far with its body."""
        for level in self._levels.values():
            yield from level.copies

    def _put(self, mover: int, points: Floats, turns: Floats) -> None:
        for level in self._levels.values():
            stance = level.stances.get(mover)
            if stance is not None and stance.count:
                stance.put(taken(points, level.rows), taken(turns, level.rows))

    def _made(self, level: int) -> _Level:
        bodies = self._bodies_at(level)
        stances = {mover: Stance(self._count) for mover in {body.mover for body in bodies}}
        return _Level(stances, [(body, self._copies(body, stances[body.mover])) for body in bodies], slice(None))

    def _copies(self, body: Body, stance: Stance) -> Instances:
        origin = self._origins[body.mover] if body.mover != STILL else np.zeros(3)
        return Instances(polydata(body.positions - origin, body.triangles, body.normals), stance, sized=self._sizes is not None)
