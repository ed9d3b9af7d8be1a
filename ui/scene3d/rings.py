"""Shadows, rings and the selection's mark on the floor around machines, instanced by the shape of the machine. VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ui.scene3d.arrays import polydata
from ui.scene3d.ground import shadow
from ui.scene3d.instances import Instances, taken
from ui.scene3d.marks import STYLES, colour_of, mark, selection_mark
from ui.scene3d.outlines import CELLS, FEW_CELLS
from ui.scene3d.rig import quaternions
from ui.scene3d.scene import CODES
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from vtkmodules.vtkRenderingCore import vtkActor

    from ui.scene3d.outlines import Patch
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Bytes = NDArray[np.uint8]

_FAR = 2
"""From this level of detail on a mark has few corners."""
_FAINTEST = 0.002
"""A corner that is not seen has still a normal, for a shader divides by its length."""


class Rings:
    """What lies on the floor around the machines of a scene in one theme."""

    def __init__(self, boxes: Floats, bases: Floats, levels: Indices, theme: SceneTheme) -> None:
        """Lay a shadow under each machine; boxes (n, 2, 3) of the same size share their shapes."""
        self._codes: Bytes = np.empty(0, dtype=np.uint8)
        self._selected: int | None = None
        self._levels = levels
        self._points, self._turns = np.empty((0, 3)), np.empty((0, 4))
        shapes, shape_of = np.unique(np.round(boxes, 3).reshape(-1, 6), axis=0, return_inverse=True)
        self._around = [
            _Around(shape.reshape(2, 3), np.flatnonzero(shape_of.reshape(-1) == number), cells, theme)
            for number, shape in enumerate(shapes)
            for cells in (CELLS, FEW_CELLS)
        ]
        self.stand(bases)

    def actors(self) -> list[vtkActor]:
        """Return the layers in the order they must be drawn."""
        layers = [[around.shadow for around in self._around], [ring for around in self._around for ring in around.rings.values()]]
        chosen = [around.chosen for around in self._around]
        return [copies.actor for layer in (*layers, chosen) for copies in layer]

    def split(self, levels: Indices) -> None:
        """Draw the marks of small machines with fewer corners, and none of HIDDEN ones."""
        self._levels = levels
        self._lay()

    def stand(self, bases: Floats) -> None:
        """Take all of it along with the machines."""
        self._points, self._turns = bases[:, :3, 3].astype(np.float32), quaternions(bases[:, :3, :3]).astype(np.float32)
        self._lay()

    def paint(self, codes: Bytes, selected: int | None) -> None:
        """Show each machine's look, as `CODES` say, shape (n,), and which one is selected."""
        changed = codes != self._codes if len(codes) == len(self._codes) else np.ones(len(codes), dtype=bool)
        chosen = selected != self._selected
        self._codes, self._selected = codes, selected
        for around in self._around:
            here = changed[around.rows]
            if here.any():
                around.show(codes, self._points, self._turns, here)
            if chosen:
                around.choose(selected, self._points, self._turns)

    def _lay(self) -> None:
        for around in self._around:
            around.take(self._levels, self._points, self._turns)
            around.show(self._codes, self._points, self._turns)
            around.choose(self._selected, self._points, self._turns)


class _Around:
    """The marks of all machines of one shape that are near, or of those that are far."""

    def __init__(self, box: Floats, rows: Indices, cells: int, theme: SceneTheme) -> None:
        self._all, self._far = rows, cells == FEW_CELLS
        self.rows = rows[:0]
        """Of those of the shape the near ones, or the far ones."""
        self._codes: Bytes = np.empty(0, dtype=np.uint8)
        self.shadow = _laid(shadow(box, cells), len(rows), theme.shadow, theme.shadow_strength)
        self.rings = {look: _laid(mark(box, style, cells), len(rows), colour_of(look, theme)) for look, style in STYLES.items()}
        self.chosen = _laid(selection_mark(box), 1, theme.selection)

    def take(self, levels: Indices, points: Floats, turns: Floats) -> None:
        """Take those machines that are as near or as far as these marks are for."""
        mine = levels[self._all]
        self.rows = self._all[mine >= _FAR if self._far else (mine >= 0) & (mine < _FAR)]
        _put(self.shadow, self.rows, points, turns)

    def show(self, codes: Bytes, points: Floats, turns: Floats, changed: NDArray[np.bool_] | None = None) -> None:
        """Lay the ring of its look around each machine; where it is told which have `changed`, only those looks are gone through."""
        if not len(codes):
            return
        before, self._codes = self._codes, codes[self.rows]
        touched = None if changed is None or len(before) != len(changed) else {*before[changed].tolist(), *self._codes[changed].tolist()}
        for look, ring in self.rings.items():
            if touched is None or CODES[look] in touched:
                _put(ring, self.rows[self._codes == CODES[look]], points, turns)

    def choose(self, selected: int | None, points: Floats, turns: Floats) -> None:
        """Lay the mark around the selected machine, if it is one of these."""
        _put(self.chosen, self.rows[self.rows == selected] if selected is not None else self.rows[:0], points, turns)


def _put(copies: Instances, rows: Indices, points: Floats, turns: Floats) -> None:
    """Show copies at some of the machines; what shows none and is to show none is left alone."""
    if len(rows) or copies.stance.count:
        copies.stance.put(taken(points, rows), taken(turns, rows))


def _laid(patch: Patch, room: int, colour: str, opacity: float = 1.0) -> Instances:
    """Return copies of a patch, none shown yet."""
    normals = np.zeros_like(patch.positions)
    normals[:, 2] = np.maximum(patch.opacity, _FAINTEST)
    copies = Instances(polydata(patch.positions, patch.cells, normals), room)
    copies.lay()
    copies.fill(np.round(np.array((*rgb(colour), opacity)) * 255).astype(np.uint8))
    copies.stance.show(0)
    return copies
