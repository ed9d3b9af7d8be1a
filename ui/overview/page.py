"""One line on the whole screen: its sentence, figures, units and efficiency, as in the window, without anything to operate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from twin_app.errors import TwinError
from ui.bridge import Bridge
from ui.commands import Commands
from ui.context import Context, LineView, Selection, Theme
from ui.overview.glance import Glance, glance
from ui.overview.head import PageHead
from ui.panels.kpi_strip import KpiStrip
from ui.panels.sentence import SentenceBand
from ui.panels.trends import TrendsPanel
from ui.panels.unit_strip import UnitStrip
from ui.widgets.badge import BORDER_PX, ModeFrame

if TYPE_CHECKING:
    from twin_app.model.frame import Frame
    from twin_app.settings import Settings
    from ui.opening import Opener, OpenRequest
    from ui.panels.base import Panel

FRAMES_PER_S = 5
"""Nobody operates here: figures need no more, and several lines share the processor."""


class Watched(QObject):
    """A line that is watched: its bridge, and what is to be said of it at a glance.

    Signals:
        seen(object): another `Glance`.
        opened(object): a `LineView`, or None.
        framed(object): a `Frame`.
    """

    seen = Signal(object)
    opened = Signal(object)
    framed = Signal(object)

    def __init__(self, request: OpenRequest, opener: Opener, parent: QObject) -> None:
        """Begin closed."""
        super().__init__(parent)
        self.request, self._opener = request, opener
        self.bridge = Bridge(self, frames_per_s=FRAMES_PER_S)
        self.view: LineView | None = None
        self.frame: Frame | None = None
        self.glance = Glance(request.layout.stem)
        self.bridge.line_opened.connect(self._on_opened)
        self.bridge.relaid.connect(lambda view, _places: self._on_opened(view))
        self.bridge.frame_ready.connect(self._on_frame)
        self.bridge.failed.connect(self._on_failed)
        self.bridge.lost.connect(self.open)

    def open(self) -> None:
        """Open it; what is wrong with it is said on its tile, and nowhere else."""
        try:
            self.bridge.open(self._opener(self.request))
        except TwinError as error:
            self._on_failed(error.worded())

    def close(self) -> None:
        """Close it for good."""
        self.bridge.shut_down()

    def show_again(self) -> None:
        """Word everything anew."""
        self.bridge.show_again()

    def _on_opened(self, view: object) -> None:
        self.view = view if isinstance(view, LineView) else None
        self.opened.emit(self.view)

    def _on_frame(self, frame: Frame) -> None:
        self.frame = frame
        if self.view is not None:
            self._say(glance(self.view.line, frame))
        self.framed.emit(frame)

    def _on_failed(self, error: str) -> None:
        self._say(Glance(self.view.line.title if self.view else self.request.layout.stem, trouble=error))

    def _say(self, said: Glance) -> None:
        if said != self.glance:
            self.glance = said
            self.seen.emit(said)


class LinePage(QWidget):
    """The panels of one watched line, one below the other."""

    def __init__(self, number: int, watched: Watched, settings: Settings, theme: Theme, parent: QWidget) -> None:
        """Build the panels; they see nothing yet. `number` is the key that shows the line."""
        super().__init__(parent)
        self.watched = watched
        bridge = watched.bridge
        context = Context(
            query=bridge.query, commands=Commands(self), transport=bridge, selection=Selection(self), settings=settings, theme=theme
        )
        self.mode_frame = ModeFrame(theme, self)
        self.panels: tuple[Panel, ...] = (SentenceBand(context), KpiStrip(context), UnitStrip(context), TrendsPanel(context))
        band = QFrame(self.mode_frame)
        band.setObjectName("kpiStrip")
        strip = QVBoxLayout(band)
        strip.setContentsMargins(0, 0, 0, 0)
        strip.addWidget(self.panels[1])
        column = QVBoxLayout(self.mode_frame)
        column.setContentsMargins(*[BORDER_PX] * 4)
        column.setSpacing(0)
        self.head = PageHead(number, watched.glance.title, theme, self.mode_frame)
        for widget, stretch in ((self.head, 0), (self.panels[0], 0), (band, 0), (self.panels[2], 0), (self.panels[3], 1)):
            column.addWidget(widget, stretch)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.mode_frame)
        watched.opened.connect(self._on_opened)
        watched.framed.connect(self._on_frame)
        watched.seen.connect(self._on_seen)

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.head.retranslate()
        for panel in self.panels:
            panel.retranslate()

    def _on_opened(self, view: LineView | None) -> None:
        for panel in self.panels:
            panel.open_line(view)

    def _on_seen(self, seen: Glance) -> None:
        self.head.show_trouble(seen.title, seen.trouble or seen.source)

    def _on_frame(self, frame: Frame) -> None:
        self.mode_frame.show_mode(frame.mode)
        if self.watched.view is not None:
            self.head.show_frame(self.watched.view.line, frame)
        for panel in self.panels:
            panel.offer(frame)
