"""Which labels lie over the picture, kept until what they say or where they lie has changed. Qt painting, no VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor

from ui.palette import PALETTES
from ui.scene3d.cards import Card, body_of, border_of, cards, moved, paint_card
from ui.scene3d.ghosts import paint_ghosts
from ui.scene3d.labels import Rect
from ui.scene3d.notes import paint_legend
from ui.scene3d.scene import ABNORMAL
from ui.widgets.priority import paint_unit_alarms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QFont, QPainter, QPixmap

    from twin_app.model.alarm import UnitAlarms
    from ui.scene3d.ghosts import Ghosts
    from ui.scene3d.request import Picture
    from ui.scene3d.scene import Legend, Scene, UnitLook
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]

MARK_PX, _ABOVE_PX = 19.0, 8.0
COUNT_PX = 32.0
"""Room beside a mark for how many alarms there are."""
_MOST_BODIES = 2000


class Labels:
    """The labels of one view."""

    def __init__(self) -> None:
        """Start without any."""
        self.notes: Callable[[str], tuple[str, ...]] = lambda _unit: ()
        """What else to write on the label of a unit that somebody points at, a line each."""
        self.cards: list[Card] | None = None
        """As they were painted last; None: they are to be laid out anew."""
        self.every = False
        """Whether each unit has a label that finds room for one, not only those that need somebody."""
        self.alarms: Mapping[str, UnitAlarms] = {}
        """What of alarms is marked on each unit, by its id."""
        self.legend: Legend | None = None
        """What the colours of an overlay mean, where there is one."""
        self.ghosts: Ghosts | None = None
        """What another shift's units did at the same time, where one stands beside this one."""
        self._written: object = None
        self._laid: tuple[tuple[object, ...], Floats, Floats] | None = None
        self._scene: Scene | None = None
        self._bodies: dict[tuple[object, ...], QPixmap] = {}
        self._stale = False

    def forget(self) -> None:
        """Lay them out anew at the next painting if machines lie elsewhere in it: the picture below is another."""
        self._stale = True

    def rewrite(self) -> None:
        """Write them anew, whatever they say."""
        self._written = None

    def changed(self, scene: Scene, looks: Sequence[UnitLook], chosen: Collection[int], theme: SceneTheme) -> bool:
        """Tell whether they say something else than when this was asked last; then they are laid out anew."""
        words = tuple(
            (row, unit.look, unit.word, unit.detail, unit.glyph)
            for row, unit in enumerate(looks)
            if self.every or unit.look in ABNORMAL or row in chosen
        )
        notes = tuple((row, self.notes(scene.units[row].unit_id)) for row in sorted(chosen))
        written = (words, notes, theme, self.every, tuple(self.alarms.items()), self.legend, self.ghosts)
        if written == self._written:
            return False
        self._written, self.cards = written, None
        return True

    def paint(
        self, painter: QPainter, picture: Picture, looks: Sequence[UnitLook], chosen: Collection[int], theme: SceneTheme, size: tuple[float, float]
    ) -> None:  # fmt: skip
        """Paint them over a picture shown at a size; `chosen` are the rows of the units that somebody points at."""
        font: QFont = painter.font()
        if self._stale and not self._lie_still(picture, size):
            self.cards = self._taken_along(picture, size)
        self._stale = False
        if self.cards is None:
            units = picture.request.scene.units
            notes = {row: self.notes(units[row].unit_id) for row in chosen}
            self.cards = cards(picture, looks, notes, font, size, every=self.every, marks=self._marks(picture, size))
        paint_ghosts(painter, picture, self.ghosts, theme, size)
        for card in reversed(self.cards):
            selected = card.row in chosen
            paint_card(painter, card, self._body(card, theme, painter, selected=selected), border_of(card, theme, selected=selected))
        self._paint_alarms(painter, picture, theme, size)
        painter.setFont(font)
        paint_legend(painter, QRect(0, 0, round(size[0]), round(size[1])), self.legend, theme)

    def _body(self, card: Card, theme: SceneTheme, painter: QPainter, *, selected: bool) -> QPixmap:
        """Return a card's picture, painted once for what it says."""
        ratio, font = painter.device().devicePixelRatioF(), painter.font()
        said = (card.title, card.lines, card.unit.look, card.unit.glyph, theme.name, font.toString(), ratio, selected)
        if said not in self._bodies:
            if len(self._bodies) >= _MOST_BODIES:
                self._bodies.clear()
            self._bodies[said] = body_of(card, theme, font, ratio, selected=selected)
        return self._bodies[said]

    def _lie_still(self, picture: Picture, size: tuple[float, float]) -> bool:
        """Tell whether machines lie in a picture where they lay when the labels were laid out."""
        request, before = picture.request, self._laid
        self._laid = ((request.scene, request.camera, size), request.bases(), picture.boxes)
        return before is not None and before[0] == self._laid[0] and all(map(np.array_equal, before[1:], self._laid[1:]))

    def _taken_along(self, picture: Picture, size: tuple[float, float]) -> list[Card] | None:
        """Return the cards taken along with their machines while the eye moves, None to lay them out anew."""
        if self.cards is None or not picture.request.draft or self._scene is not picture.request.scene:
            self._scene = picture.request.scene
            return None
        # Where the eye comes to rest they are laid out.
        self._laid = None
        return moved(self.cards, picture, size)

    def _paint_alarms(self, painter: QPainter, picture: Picture, theme: SceneTheme, size: tuple[float, float]) -> None:
        """Paint the mark of each unit's gravest alarm over its beacon, with how many there are."""
        units = picture.request.scene.units
        for row, mark in self._marks(picture, size).items():
            place, alarms = QRectF(mark.x, mark.y, MARK_PX, MARK_PX), self.alarms[units[row].unit_id]
            paint_unit_alarms(painter, place, alarms, PALETTES[theme.name])
            if alarms.count > 1:
                painter.setPen(QColor(theme.text))
                painter.drawText(place.translated(MARK_PX + 3, 0), Qt.AlignmentFlag.AlignVCenter, f"×{alarms.count}")

    def _marks(self, picture: Picture, size: tuple[float, float]) -> dict[int, Rect]:
        """Return where each alarm's mark in front of the eye lies, with its count, by its unit's row, pixels."""
        counts = {
            row: self.alarms[unit.unit_id].count for row, unit in enumerate(picture.request.scene.units) if unit.unit_id in self.alarms
        }
        if not counts:
            return {}
        beacons = picture.request.camera.project(picture.beacons[list(counts)], size).tolist()
        return {
            row: Rect(x - MARK_PX / 2, y - MARK_PX - _ABOVE_PX, MARK_PX + (COUNT_PX if count > 1 else 0.0), MARK_PX)
            for (row, count), (x, y, depth) in zip(counts.items(), beacons, strict=True) if depth > 0
        }  # fmt: skip
