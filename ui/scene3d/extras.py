"""What lies over the picture besides labels: signs of estimates, batteries and what is being measured. Qt painting, no VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.scene3d.batteries import paint_batteries
from ui.scene3d.estimates import paint_estimates
from ui.scene3d.measure import paint_measure

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QPainter

    from ui.scene3d.measure import Measure
    from ui.scene3d.request import Picture
    from ui.scene3d.scene import UnitLook
    from ui.scene3d.theme import SceneTheme


class Extras:
    """Those of one view."""

    def __init__(self, tool: Measure) -> None:
        """Mark nothing yet."""
        self._tool = tool
        self.estimated: Collection[tuple[str, str]] = ()
        """Conveyors, by feeding and fed unit, whose goods nobody counted."""

    def below(
        self, painter: QPainter, picture: Picture, looks: Sequence[UnitLook], chosen: Collection[int], theme: SceneTheme, size: tuple[float, float]
    ) -> None:  # fmt: skip
        """Paint what labels may cover, over a picture shown at a size; `chosen` are the rows that somebody points at."""
        paint_estimates(painter, picture, self.estimated, theme, size)
        paint_batteries(painter, picture, looks, chosen, theme, size)

    def above(self, painter: QPainter, picture: Picture, theme: SceneTheme, size: tuple[float, float]) -> None:
        """Paint what lies over the labels."""
        paint_measure(painter, self._tool, picture.request.camera, size, theme)
