"""Which labels lie over the picture, kept until what they say or where they lie has changed. Qt painting, no VTK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.scene3d.cards import Card, cards, paint_card

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from PySide6.QtGui import QFont, QPainter

    from ui.scene3d.request import Picture
    from ui.scene3d.scene import Scene, UnitLook
    from ui.scene3d.theme import SceneTheme


class Labels:
    """The labels of one view."""

    def __init__(self) -> None:
        """Start without any."""
        self.notes: Callable[[str], tuple[str, ...]] = lambda _unit: ()
        """What else to write on the label of a unit that somebody points at, a line each."""
        self.cards: list[Card] | None = None
        """As they were painted last; None: they are to be laid out anew."""
        self._written: object = None

    def forget(self) -> None:
        """Lay them out anew at the next painting: the picture below is another."""
        self.cards = None

    def rewrite(self) -> None:
        """Write them anew, whatever they say."""
        self._written = None

    def changed(self, scene: Scene, looks: Sequence[UnitLook], chosen: Collection[int], theme: SceneTheme) -> bool:
        """Tell whether they say something else than when this was asked last; then they are laid out anew."""
        words = tuple((unit.look, unit.word, unit.detail, unit.glyph) for unit in looks)
        notes = tuple((row, self.notes(scene.units[row].unit_id)) for row in sorted(chosen))
        written = (words, notes, theme)
        if written == self._written:
            return False
        self._written, self.cards = written, None
        return True

    def paint(
        self, painter: QPainter, picture: Picture, looks: Sequence[UnitLook], chosen: Collection[int], theme: SceneTheme, size: tuple[float, float]
    ) -> None:  # fmt: skip
        """Paint them over a picture shown at a size; `chosen` are the rows of the units that somebody points at."""
        font: QFont = painter.font()
        if self.cards is None:
            units = picture.request.scene.units
            self.cards = cards(picture, looks, {row: self.notes(units[row].unit_id) for row in chosen}, font, size)
        for card in reversed(self.cards):
            paint_card(painter, card, theme, font, selected=card.row in chosen)
