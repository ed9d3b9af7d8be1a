"""A dock as a flat card: title row with move, float and close, body below, both 1 px outlined. Not for where docks stand: see `ui.docks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.text import tr
from ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.context import Theme

ICON_PX = 20
AIR_PX = 3
LEAST_PX = 122
"""So low a docked panel may become, whatever it holds: three of them below each other and the strips fit on 768 pixels."""


class GlyphButton(QAbstractButton):
    """A small quiet button that paints its own sign (`close`, `float`, `send`, `fetch`) in the theme's colours."""

    def __init__(self, sign: str, theme: Theme, parent: QWidget) -> None:
        """Make the button of a sign."""
        super().__init__(parent)
        self._sign, self._theme = sign, theme
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(ICON_PX, ICON_PX)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.text if self.underMouse() else palette.dim), 1.2))
        c = QPointF(self.rect().center()) + QPointF(0.5, 0.5)
        if self._sign == "close":
            painter.drawLine(c + QPointF(-3.5, -3.5), c + QPointF(3.5, 3.5))
            painter.drawLine(c + QPointF(-3.5, 3.5), c + QPointF(3.5, -3.5))
        elif self._sign in {"send", "fetch"}:
            way = 1.0 if self._sign == "send" else -1.0
            painter.drawLine(c + QPointF(4.5 * way, -4), c + QPointF(4.5 * way, 4))
            painter.drawLine(c + QPointF(-4.5 * way, 0), c + QPointF(2.0 * way, 0))
            painter.drawPolyline([c + QPointF(-0.5 * way, -3), c + QPointF(2.5 * way, 0), c + QPointF(-0.5 * way, 3)])
        else:
            painter.drawRect(QRectF(c + QPointF(-4, -1.5), c + QPointF(1.5, 4)))
            painter.drawPolyline([c + QPointF(-1, -4), c + QPointF(4, -4), c + QPointF(4, 1)])


class DockTitle(QFrame):
    """The row that a dock is dragged by."""

    def __init__(self, dock: CardDock, theme: Theme, *, further: bool) -> None:
        """Make the row of one dock; `further`: it stands in a further window."""
        super().__init__(dock)
        self.setObjectName("dockTitle")
        self.label = ElidedLabel(self, role="bold")
        self.label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._further = further
        self.move_button = GlyphButton("fetch" if further else "send", theme, self)
        self._float, self._close = GlyphButton("float", theme, self), GlyphButton("close", theme, self)
        self.move_button.clicked.connect(self._on_move_clicked)
        self._float.clicked.connect(self._on_float_clicked)
        self._close.clicked.connect(dock.close)
        self._dock = dock
        layout = self._row = QHBoxLayout(self)
        layout.setContentsMargins(10, AIR_PX, 5, AIR_PX)
        layout.setSpacing(2)
        layout.addWidget(self.label, 1)
        layout.addStretch()
        for button in (self.move_button, self._float, self._close):
            layout.addWidget(button)

    def show_tabbed(self, *, tabbed: bool) -> None:
        """In tabs the title stands in the tab: here only the buttons are left."""
        air = 0 if tabbed else AIR_PX
        self.label.setVisible(not tabbed)
        self._row.setContentsMargins(10, air, 5, air)

    def retranslate(self) -> None:
        """Word the tool tips."""
        self.move_button.setToolTip(tr("Back to the main window") if self._further else tr("Move to another window"))
        self._float.setToolTip(tr("Detach or dock again"))
        self._close.setToolTip(tr("Close; View brings it back"))

    def _on_move_clicked(self) -> None:
        """Let the panel stand in another window."""
        self._dock.leaving.emit(self._dock.key)

    def _on_float_clicked(self) -> None:
        """Take the panel out of the window, or put it back."""
        self._dock.setFloating(not self._dock.isFloating())


class DockBody(QFrame):
    """Holds the panel; asks for no more height than leaves others room on a small screen, so that no window grows by what is shown."""

    @override
    def minimumSizeHint(self) -> QSize:
        wanted = super().minimumSizeHint()
        return QSize(wanted.width(), min(wanted.height(), LEAST_PX))


class CardDock(QDockWidget):
    """A dock whose panel is put in later: the window stands before its panels are made.

    Signals:
        leaving(str): the panel of this key is to stand in another window.
    """

    leaving = Signal(str)

    def __init__(self, key: str, theme: Theme, parent: QWidget, *, further: bool = False) -> None:
        """Make an empty dock of a stable name; `further`: in a further window."""
        super().__init__(parent)
        self.key = key
        self.setObjectName(f"dock-{key}")
        self.title_row = DockTitle(self, theme, further=further)
        self.setTitleBarWidget(self.title_row)
        self._body = DockBody(self)
        self._body.setObjectName("dockBody")
        QVBoxLayout(self._body).setContentsMargins(1, 1, 1, 1)
        self.setWidget(self._body)

    def put(self, panel: QWidget) -> None:
        """Put the panel in."""
        layout = self._body.layout()
        if layout is not None:
            layout.addWidget(panel)

    def show_title(self, title: str) -> None:
        """Show a title, in the row and in the View menu."""
        self.setWindowTitle(title)
        self.title_row.label.show_text(title)
        self.title_row.retranslate()
        if (unseen := self.findChild(QAbstractButton, "qt_dockwidget_closebutton")) is not None:
            unseen.setAccessibleName(tr("Close"))  # Qt words it anew for another style only
