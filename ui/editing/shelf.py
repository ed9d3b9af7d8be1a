"""The library in edit mode: a strip of every machine type with its picture, to drag or to click into the hall. Not for putting it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.assets import picture_file
from twin_app.machines import MACHINE_TYPES
from twin_app.text import tr
from ui.editing.floor import kind_words
from ui.theme import set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent

    from ui.context import Theme
    from ui.editing.floor import FloorTool
    from ui.scene3d.view import SceneView

CARD_PX = (112, 82)
_PICTURE_PX = (88, 56)
_DRAG_PX = 6


class Card(QWidget):
    """One machine type.

    Signals:
        pressed(str): it was clicked or chosen by key.
        dragged(object): the pointer that pulls it is there, on the screen.
        dropped(object): it was let go there.
    """

    pressed = Signal(str)
    dragged = Signal(object)
    dropped = Signal(object)

    def __init__(self, kind: str, theme: Theme, parent: QWidget) -> None:
        """Stand for a type."""
        super().__init__(parent)
        self.kind, self._theme = kind, theme
        self._from: QPointF | None = None
        self._pulled = self._lit = False
        self._picture = QPixmap()
        self.waiting = False
        """Whether a machine of this type hangs at the pointer."""
        self.setFixedSize(*CARD_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.retranslate()
        self.take_theme()

    def retranslate(self) -> None:
        """Word it in the current language."""
        self.setToolTip(kind_words(self.kind))
        self.setAccessibleName(self.toolTip())
        self.update()

    def take_theme(self) -> None:
        """Show the picture that fits the theme."""
        found = next(kind for kind in MACHINE_TYPES if kind.key == self.kind)
        self._picture = QPixmap(str(picture_file(found.model, self._theme.palette.name)))
        self.update()

    def show_waiting(self, *, on: bool) -> None:
        """Show whether a machine of this type hangs at the pointer."""
        if on is not self.waiting:
            self.waiting = on
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        palette, painter = self._theme.palette, QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        ringed = self.waiting or self.hasFocus()
        painter.setPen(QPen(QColor(palette.selection), 2.0) if ringed else QPen(QColor(palette.line), 1.0))
        painter.setBrush(QColor(palette.raised if ringed or self._lit else palette.hall))
        card = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(card, 4, 4)
        if not self._picture.isNull():
            size = self._picture.size().scaled(QSize(*_PICTURE_PX), Qt.AspectRatioMode.KeepAspectRatio)
            left = card.center().x() - size.width() / 2
            painter.drawPixmap(QRectF(left, card.top() + 2, size.width(), size.height()), self._picture, QRectF(self._picture.rect()))
        painter.setPen(QColor(palette.text))
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.88)
        painter.setFont(font)
        title = tr(next(kind.title for kind in MACHINE_TYPES if kind.key == self.kind))
        words = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, CARD_PX[0] - 10)
        painter.drawText(card.adjusted(4, _PICTURE_PX[1], -4, -3), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, words)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._lit = True
        self.update()

    @override
    def leaveEvent(self, event: object) -> None:
        self._lit = False
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._from, self._pulled = event.position(), False

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None and (self._pulled or (event.position() - self._from).manhattanLength() > _DRAG_PX):
            self._pulled = True
            self.dragged.emit(event.globalPosition())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        self._from = None
        if self._pulled:
            self.dropped.emit(event.globalPosition())
        else:
            self.pressed.emit(self.kind)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.pressed.emit(self.kind)
        else:
            super().keyPressEvent(event)


class _Strip(QScrollArea):
    """Scrolls sideways, with the wheel, too."""

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        bar = self.horizontalScrollBar()
        turned = event.angleDelta()
        bar.setValue(bar.value() - (turned.x() or turned.y()))
        event.accept()


class Shelf(QFrame):
    """The strip below the hall."""

    def __init__(self, view: SceneView, floor: FloorTool, theme: Theme, parent: QWidget) -> None:
        """Serve a view and its tool."""
        super().__init__(parent)
        self.setObjectName("kpiStrip")
        self._view, self._floor, self._theme = view, floor, theme
        self._hint = QLabel(self)
        set_role(self._hint, "small")
        row_of = QWidget(self)
        row = QHBoxLayout(row_of)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(6)
        self.cards = {kind.key: Card(kind.key, theme, row_of) for kind in MACHINE_TYPES}
        for card in self.cards.values():
            card.pressed.connect(self._on_card_pressed)
            card.dragged.connect(self._on_card_dragged)
            card.dropped.connect(self._on_card_dropped)
            row.addWidget(card)
        row.addStretch()
        strip = _Strip(self)
        strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its cards take the keyboard, and are scrolled to
        strip.setWidget(row_of)
        strip.setWidgetResizable(True)
        strip.setFrameShape(QFrame.Shape.NoFrame)
        strip.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        strip.setFixedHeight(CARD_PX[1] + 12)
        strip.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 2)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 12, 0)
        head.addWidget(self._hint)
        layout.addLayout(head)
        layout.addWidget(strip)
        floor.placing_changed.connect(self._on_placing_changed)
        theme.changed.connect(self._on_theme_changed)
        self.retranslate()

    def retranslate(self) -> None:
        """Word it in the current language."""
        for card in self.cards.values():
            card.retranslate()
        self._on_placing_changed()

    def _on_theme_changed(self) -> None:
        """Show the pictures of the other theme."""
        for card in self.cards.values():
            card.take_theme()

    def _on_placing_changed(self) -> None:
        """Show which type hangs at the pointer, and what can be done with it."""
        waiting = self._floor.placing
        for kind, card in self.cards.items():
            card.show_waiting(on=kind == waiting)
        if waiting:
            self._hint.setText(tr("Click where it is to stand; Shift places several, R turns, Alt leaves the grid, Esc lets go."))
        else:
            self._hint.setText(tr("Library: drag a machine into the hall, or click it and then the floor."))

    def _on_card_pressed(self, kind: str) -> None:
        """Let a machine hang at the pointer, or no longer."""
        self._floor.begin_placing("" if self._floor.placing == kind else kind)
        self._view.setFocus()

    def _on_card_dragged(self, at: QPointF) -> None:
        """Show the machine where it would stand."""
        card = self.sender()
        if isinstance(card, Card) and self._floor.placing != card.kind:
            self._floor.begin_placing(card.kind)
        self._floor.show_placing(QPointF(self._view.mapFromGlobal(at)))

    def _on_card_dropped(self, at: QPointF) -> None:
        """Let it stand there, if that is in the hall."""
        if not self._floor.put_down(QPointF(self._view.mapFromGlobal(at))):
            self._floor.begin_placing("")
        self._view.setFocus()
