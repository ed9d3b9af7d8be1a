"""What stands above the curves: a box to add one, how long they go back, whether they follow, and the legend that is also the readout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QFrame, QHBoxLayout, QLabel, QMenu, QScrollArea, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.text import tr
from ui.curves.wanted import RATE
from ui.plots.chips import Chip
from ui.theme import set_role
from ui.widgets.wrapping import Wrapping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent

    from ui.context import Theme
    from ui.curves.wanted import Offer, Wanted
    from ui.plots.curve_ink import CurveInk

BACK_S = (60, 300, 900, 3600, 28_800, 86_400, 604_800, 2_592_000)
FIRST = 3
LONGEST_LIST = 24


class CurveChip(Chip):
    """A curve in the legend; a click hides it, Delete takes it away.

    Signals:
        removed(): take it away.
    """

    removed = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction(tr("Take the curve away"), self.removed.emit)
        menu.exec(event.globalPos())
        menu.deleteLater()


class Bar(QWidget):
    """The controls and the legend.

    Signals:
        added(object): a Wanted to draw.
        removed(object): a Wanted to draw no more.
        toggled(): a curve was hidden or shown.
        length_chosen(): another length; the curves follow from now on.
        follow_wanted(bool): follow the playhead, or stay.
    """

    added = Signal(object)
    removed = Signal(object)
    toggled = Signal()
    length_chosen = Signal()
    follow_wanted = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Start without curves."""
        super().__init__(parent)
        self._theme = theme
        self._offers: Sequence[Offer] = ()
        self.chips: dict[Wanted, CurveChip] = {}
        self.picker = QComboBox(self)
        self.picker.setEditable(True)
        self.picker.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.picker.setMaxVisibleItems(LONGEST_LIST)
        self.picker.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.picker.setMinimumContentsLength(16)
        self._names = QStringListModel(self)
        self.picker.setModel(self._names)
        self.picker.setCurrentIndex(-1)
        completer = QCompleter(self._names, self.picker)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(LONGEST_LIST)
        self.picker.setCompleter(completer)
        completer.activated.connect(self._on_named)
        self.picker.activated.connect(self._on_picked)
        self.length = QComboBox(self)
        for back in BACK_S:
            self.length.addItem("", back)
        self.length.setCurrentIndex(FIRST)
        self.length.activated.connect(self.length_chosen)
        self.follow = QToolButton(self)
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.setProperty("framed", "true")
        self.follow.toggled.connect(self.follow_wanted)
        self.when = QLabel(self)
        set_role(self.when, "dim")
        self._lay_out()
        theme.changed.connect(self._dress)
        self.retranslate()

    def _lay_out(self) -> None:
        """Put the parts in their places."""
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.picker, 1)
        row.addWidget(self.length)
        row.addWidget(self.follow)
        row.addWidget(self.when)
        self._rows = QWidget(self)
        self._legend = Wrapping(self._rows)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what lies in it takes the keyboard, and is scrolled to
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 2)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._scroll)

    def retranslate(self) -> None:
        """Word everything in the current language."""
        edit = self.picker.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(tr("Add a curve …"))
            edit.setClearButtonEnabled(True)
        self.picker.setAccessibleName(tr("Add a curve"))
        self.length.setAccessibleName(tr("Length of the plot"))
        self.follow.setText(tr("Follow"))
        self.follow.setToolTip(tr("Keep the playhead at the right edge"))
        for i in range(self.length.count()):
            self.length.setItemText(i, _length(self.length.itemData(i)))

    def offer(self, offers: Sequence[Offer]) -> None:
        """Offer other curves; what is being typed stays."""
        if [one.title for one in offers] == [one.title for one in self._offers]:
            self._offers = offers
            return
        typed = self.picker.currentText()
        self._offers = offers
        self._names.setStringList([one.title for one in offers])
        self.picker.setCurrentIndex(-1)
        self.picker.setEditText(typed)

    def show_curves(self, curves: Sequence[tuple[Offer, CurveInk]]) -> None:
        """Show the legend of these curves."""
        hidden = {wanted for wanted, chip in self.chips.items() if not chip.isChecked()}
        while (item := self._legend.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.chips = {}
        for offer, ink in curves:
            chip = CurveChip(ink, self, checked=offer.wanted not in hidden)
            chip.show_name(offer.title, _explained(offer))
            chip.dress(self._theme.palette)
            chip.toggled.connect(self.toggled)
            chip.removed.connect(lambda wanted=offer.wanted: self.removed.emit(wanted))
            self._legend.addWidget(chip)
            chip.show()  # what is hidden has no size yet
            self.chips[offer.wanted] = chip
        self.fit(self._room_px())

    def fit(self, room_px: int) -> None:
        """Let the legend be as high as its rows, and no higher than a third of the room; beyond it scrolls."""
        wide = max(self.width() - 16, 100)
        self._scroll.setFixedHeight(min(self._legend.heightForWidth(wide), max(room_px // 3, 30)) if self.chips else 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit(self._room_px())

    def _room_px(self) -> int:
        """Return how high the panel is that the bar stands in."""
        above = self.parentWidget()
        return above.height() if above else 0

    def show_following(self, *, following: bool) -> None:
        """Tell whether the curves follow, without asking for it."""
        before = self.follow.blockSignals(True)
        self.follow.setChecked(following)
        self.follow.blockSignals(before)

    def _on_named(self, name: str) -> None:
        """A curve was chosen by typing."""
        found = next((one for one in self._offers if one.title == name), None)
        if found is not None:
            self._add(found)

    def _on_picked(self, index: int) -> None:
        """A curve was chosen from the list."""
        if 0 <= index < len(self._offers):
            self._add(self._offers[index])

    def _add(self, offer: Offer) -> None:
        self.picker.setCurrentIndex(-1)
        self.picker.clearEditText()
        self.added.emit(offer.wanted)

    def _dress(self) -> None:
        for chip in self.chips.values():
            chip.dress(self._theme.palette)


def _explained(offer: Offer) -> str:
    """Return what a curve is, and what may be done with it."""
    said = tr("{name}. A click hides it, Delete takes it away.", name=offer.title)
    if not offer.wanted.kpi:
        return said
    counted = tr("over the last minute, or three reports") if offer.wanted.name == RATE else tr("from the start of each shift")
    return f"{said}\n{tr('Counted {how}.', how=counted)}"


def _length(seconds: int) -> str:
    """Return a whole length in its largest unit."""
    if seconds < 3600:  # noqa: PLR2004 - an hour
        return tr("last {length}", length=tr("{n} min", n=seconds // 60))
    if seconds < 86_400:  # noqa: PLR2004 - a day
        return tr("last {length}", length=tr("{n} h", n=seconds // 3600))
    return tr("last {length}", length=tr("{n} days", n=seconds // 86_400))
