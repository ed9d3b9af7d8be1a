"""A further window: a slim bar, strips of the line that a person wants there, and panels that were moved into it. Not for deciding which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMainWindow, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from twin_app import settings as settings_file
from twin_app.arranged import Further
from twin_app.text import N_, clock_time, offset_name, tr
from ui.docks import FURTHER, DockArea
from ui.panels.kpi_strip import KpiStrip
from ui.panels.sentence import SentenceBand
from ui.panels.unit_strip import UnitStrip
from ui.theme import set_role
from ui.widgets.badge import BORDER_PX, ModeBadge, ModeFrame
from ui.widgets.labels import ElidedLabel, SteadyLabel
from ui.widgets.wrapping import Wrapping
from ui.words import mode_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction, QCloseEvent

    from twin_app.model.frame import Frame
    from twin_app.settings import Settings
    from ui.context import Context, LineView
    from ui.docks import DockSpec
    from ui.panels.base import Panel

STRIPS: dict[str, tuple[str, Callable[[Context], Panel]]] = {
    "sentence": (N_("The line's sentence"), SentenceBand),
    "figures": (N_("Figures of the shift"), KpiStrip),
    "units": (N_("Units in the order of flow"), UnitStrip),
}
"""What a further window can show besides panels, from above to below; the main window always shows its own."""
LEAST = QSize(480, 320)


class _Empty(QWidget):
    """What stands in a window without anything: a sentence, and a button for everything that can stand there.

    Signals:
        looked_at(): a button is being pressed.
    """

    looked_at = Signal()

    def __init__(self, choices: Sequence[QAction], parent: QWidget) -> None:
        """Offer the choices."""
        super().__init__(parent)
        self._sentence = QLabel(self)
        set_role(self._sentence, "heading")
        self._sentence.setWordWrap(True)
        buttons = Wrapping()
        for choice in choices:
            button = QToolButton(self)
            button.setProperty("framed", "true")
            button.setDefaultAction(choice)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.pressed.connect(self.looked_at)
            buttons.addWidget(button)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self._sentence)
        column.addLayout(buttons)
        column.addStretch(3)
        layout = QHBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(column, 2)
        layout.addStretch(1)

    def retranslate(self) -> None:
        """Word the sentence; the buttons follow their commands."""
        self._sentence.setText(tr("What is this window to show?"))


class FurtherWindow(QMainWindow):
    """A window of its own on the same line: its panels are nowhere else, its strips are like those of the main window.

    Signals:
        closed(object): this window was closed by a person.
        looked_at(object): a person uses this window's own menu or buttons, which are to be about it.
    """

    closed = Signal(object)
    looked_at = Signal(object)

    def __init__(self, context: Context, specs: tuple[DockSpec, ...], choices: Sequence[QAction]) -> None:
        """Make an empty window; `choices` are the actions of what may be shown here."""
        super().__init__()
        self._context, self._specs = context, specs
        self.view: LineView | None = None
        self.strips: dict[str, Panel] = {}
        self._bands: dict[str, QFrame] = {}
        self.mode_frame = ModeFrame(context.theme, self)
        self.dock_area = DockArea(context, self.mode_frame, specs, further=True)
        self._frame: Frame | None = None
        self._build(choices)
        self.setMinimumSize(LEAST)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # as the main window: nothing is lit at the start, nor after a click aside
        self.setFocus()
        for dock in self.dock_area.docks.values():
            dock.visibilityChanged.connect(self._on_dock_changed)
        self.refresh()

    def _build(self, choices: Sequence[QAction]) -> None:
        """Put the bar, a place for strips, the docks and the sentence of an empty window below each other."""
        self.bar = QFrame(self.mode_frame)
        self.bar.setObjectName("topBar")
        self.line = ElidedLabel(self.bar, role="heading")
        self.line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.badge = ModeBadge(self._context.theme, self.bar)
        self.shows = QToolButton(self.bar)
        self.shows.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.shows.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_role(self.shows, "dim")
        menu = QMenu(self.shows)
        menu.addActions(choices)
        menu.aboutToShow.connect(self._on_looked_at)
        self.shows.setMenu(menu)
        self.date, self.clock, self.zone = (SteadyLabel(self.bar, role=role) for role in ("small", "heading", "small"))
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(12, 3, 14, 3)
        row.setSpacing(12)
        for widget in (self.line, self.badge, self.shows, self.date, self.clock, self.zone):
            row.addWidget(widget, 1 if widget is self.line else 0)
        self._above = QVBoxLayout()
        self._above.setSpacing(0)
        self._empty = _Empty(choices, self.mode_frame)
        self._empty.looked_at.connect(self._on_looked_at)
        column = QVBoxLayout(self.mode_frame)
        column.setContentsMargins(BORDER_PX, BORDER_PX, BORDER_PX, BORDER_PX)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(self._above)
        column.addWidget(self.dock_area, 1)
        column.addWidget(self._empty, 1)
        self.setCentralWidget(self.mode_frame)

    def _on_dock_changed(self, _shown: bool) -> None:  # noqa: FBT001 - a slot
        """A person closed a panel here: say so once Qt is done with it. While the window goes, its docks tell of that, too."""
        if isValid(self):
            QTimer.singleShot(0, self, self.refresh)

    def _on_looked_at(self) -> None:
        """Let what is chosen be about this window."""
        self.looked_at.emit(self)

    # -- what is shown here -------------------------------------------------------------------------------------

    def panels(self) -> list[Panel]:
        """Return everything in this window that is shown frames."""
        return [*self.strips.values(), *self.dock_area.panels.values()]

    def show_strip(self, key: str, *, on: bool) -> None:
        """Show a strip of the line here, or no longer."""
        if on == (key in self.strips):
            return
        if on:
            self.strips[key] = strip = STRIPS[key][1](self._context)
            strip.open_line(self.view)
            strip.retranslate()
            band = self._bands[key] = QFrame(self.mode_frame)
            band.setObjectName("kpiStrip" if key == "figures" else "")
            column = QVBoxLayout(band)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(strip)
            self._above.insertWidget([k for k in STRIPS if k in self.strips].index(key), band)
            if self._frame is not None:
                strip.offer(self._frame)
        else:
            del self.strips[key]
            band = self._bands.pop(key)
            band.hide()
            band.deleteLater()
        self.refresh()

    def refresh(self) -> None:
        """Say what may be done where nothing is shown; name the window after what it shows."""
        shown = [self.dock_area.docks[spec.key] for spec in self._specs if not self.dock_area.docks[spec.key].isHidden()]
        self.dock_area.setVisible(bool(shown))
        self._empty.setVisible(not shown and not self.strips)
        titles = [dock.windowTitle() for dock in shown] or [tr(STRIPS[key][0]) for key in STRIPS if key in self.strips]
        line = [self.view.line.title] if self.view else []
        self.setWindowTitle(" – ".join([*filter(None, [", ".join(titles)]), *line, settings_file.APP]))

    def toggle_full_screen(self) -> None:
        """Fill the wall, with line, mode and clock alone above; or come back."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()
        self.shows.setVisible(not self.isFullScreen())

    # -- what the line does -------------------------------------------------------------------------------------

    def open_line(self, view: LineView | None) -> None:
        """Another line is open, or none."""
        self.view, self._frame = view, None
        self.line.show_text(view.line.title if view else tr("No line is open."))
        self.badge.setVisible(view is not None)
        for label in (self.date, self.clock, self.zone):
            label.show_text("")
            label.settle()
        for strip in self.strips.values():
            strip.open_line(view)
        self.dock_area.open_line(view)
        self.refresh()

    def relaid(self, view: LineView, *, places: bool) -> None:
        """The line is laid out otherwise."""
        self.view = view
        self.line.show_text(view.line.title)
        for strip in self.strips.values():
            strip.relaid(view, places=places)
        self.dock_area.relaid(view, places=places)
        self.refresh()

    def forget(self, view: LineView) -> None:
        """Less is known than before."""
        self.view, self._frame = view, None
        for strip in self.strips.values():
            strip.forget(view)
        self.dock_area.forget(view)

    def show_frame(self, frame: Frame) -> None:
        """Show the line at another instant."""
        self._frame = frame
        self.mode_frame.show_mode(frame.mode)
        self.badge.show_mode(frame.mode, mode_word(frame))
        if self.view is not None and frame.span is not None:
            zone = self.view.line.tz
            date, clock = clock_time(frame.at_ns, zone, date=True).split(" ")[0], clock_time(frame.at_ns, zone)
            for label, text in ((self.date, date), (self.clock, clock), (self.zone, offset_name(frame.at_ns, zone))):
                label.show_text(text)
        for panel in self.panels():
            panel.offer(frame)

    def change_settings(self, fresh: Settings) -> None:
        """Take other settings at once."""
        self._context = replace(self._context, settings=fresh)
        for panel in self.panels():
            panel.context = replace(panel.context, settings=fresh)

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.shows.setText(tr("Shows") + " ▾")
        self.shows.setToolTip(tr("What this window shows; a panel stands in one window at a time"))
        self._empty.retranslate()
        if self.view is None:
            self.line.show_text(tr("No line is open."))
        for strip in self.strips.values():
            strip.retranslate()
        self.dock_area.retranslate()
        self.refresh()

    # -- what is kept -------------------------------------------------------------------------------------------

    def kept(self) -> Further:
        """Return what is to be remembered of this window."""
        rect = self.normalGeometry() if self.isFullScreen() or self.isMaximized() else self.geometry()
        return Further(
            screen=self.screen().name(), place=(rect.x(), rect.y(), rect.width(), rect.height()), full=self.isFullScreen(),
            strips=tuple(key for key in STRIPS if key in self.strips), shows=tuple(self.dock_area.panels),
            arrangement=self.dock_area.arrangement(),
        )  # fmt: skip

    def arrange(self, kept: Further) -> None:
        """Stand the panels that are here as they stood."""
        self.dock_area.apply_preset(FURTHER, kept.arrangement)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.closed.emit(self)
