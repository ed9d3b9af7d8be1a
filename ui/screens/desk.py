"""Which further windows there are, which panel stands in which window, and who the person at the keys is looking at. Not how a window looks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow

from twin_app.text import N_
from ui.commands import Command
from ui.panels.kpi_strip import KpiStrip
from ui.screens.place import Spot, first_spot, kept_spot
from ui.screens.window import STRIPS, FurtherWindow
from ui.window_commands import With

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QRect

    from twin_app.arranged import Further
    from twin_app.model.frame import Frame
    from twin_app.settings import Settings
    from ui.context import Context, LineView
    from ui.docks import DockArea, DockSpec
    from ui.main_window import MainWindow
    from ui.panels.base import Panel

MENU = N_("Windows")


class Screens(QObject):
    """The further windows of one main window. All show the one session's frames; a panel stands in one window at a time."""

    def __init__(self, window: MainWindow, context: Context, specs: tuple[DockSpec, ...]) -> None:
        """Register the commands; no further window is open."""
        super().__init__(window)
        self._main, self._context, self._specs = window, context, specs
        self.windows: list[FurtherWindow] = []
        self.here: MainWindow | FurtherWindow = window
        """The window that keys and menus are about: the one that was active last."""
        add = window.commands.add
        add(Command(id="window.new", text=N_("New window"), keys=("Ctrl+Alt+N",), menu=MENU), self._on_new_chosen)
        self._closing = add(
            Command(id="window.close", text=N_("Close this window"), keys=("Ctrl+Alt+W",), menu=MENU), self._on_close_chosen
        )
        for key, (title, _) in STRIPS.items():
            command = Command(id=f"window.strip.{key}", text=title, menu=MENU, checkable=True)
            add(command, With(self._on_strip_chosen, key))
        bridge = window.bridge
        bridge.line_opened.connect(self._on_line_opened)
        bridge.relaid.connect(self._on_relaid)
        bridge.forgotten.connect(self._on_forgotten)
        bridge.frame_ready.connect(self._on_frame_ready)
        window.dock_area.leaving.connect(self._on_leaving)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._on_focus_changed)
            app.screenRemoved.connect(self._on_screen_removed)

    # -- opening and closing ------------------------------------------------------------------------------------

    def new(self) -> FurtherWindow:
        """Open an empty window, on a screen of its own if there is one."""
        made = self._made()
        self._show(made, first_spot(_screens(), self._main.screen().name(), len(self.windows)))
        made.activateWindow()
        return made

    def restore(self, kept: Mapping[str, Further]) -> None:
        """Open the windows that were open at the last end, as they were left and where they stood."""
        for one in kept.values():
            made = self._made()
            for strip in set(one.strips) & set(STRIPS):
                self._show_strip(made, strip, on=True)
            for key in one.shows:
                self.move(key, made.dock_area)
            made.arrange(one)
            self._show(made, kept_spot(one, _screens(), self._main.screen().name(), len(self.windows)))
        if kept:
            self._main.activateWindow()

    def take_home(self) -> None:
        """Close every further window: its panels stand in the main window again."""
        for window in tuple(self.windows):
            window.close()

    def kept(self) -> dict[str, Further]:
        """Return what is to be remembered of the windows that are open."""
        return {str(number): window.kept() for number, window in enumerate(self.windows, 1)}

    def bring_into_sight(self) -> None:
        """A screen is gone: whoever stood on it stands where somebody can see it, and fills no screen."""
        for number, window in enumerate(self.windows, 1):
            if not any(rect.intersects(window.geometry()) for rect in _screens().values()):
                if window.isFullScreen():
                    window.toggle_full_screen()
                window.setGeometry(first_spot(_screens(), self._main.screen().name(), number).rect)

    def _on_screen_removed(self, _screen: object) -> None:
        """Look once the others are in order."""
        QTimer.singleShot(0, self, self.bring_into_sight)

    def _made(self) -> FurtherWindow:
        """Make a window that shows nothing yet."""
        action = self._main.commands.action
        choices = [*(action(f"window.strip.{key}") for key in STRIPS), *(action(f"view.panel.{spec.key}") for spec in self._specs)]
        made = FurtherWindow(self._context, self._specs, choices)
        self.windows.append(made)
        made.closed.connect(self._on_closed)
        made.looked_at.connect(self._look_at)
        made.dock_area.leaving.connect(self._on_leaving)
        made.open_line(self._main.view)
        if (frame := self._main.bridge.shown) is not None:
            made.show_frame(frame)
        self._word(made)
        return made

    def _show(self, window: FurtherWindow, spot: Spot) -> None:
        """Show a window in its place."""
        window.setGeometry(spot.rect)
        window.show()
        if spot.full:
            window.toggle_full_screen()
        self._look_at(window)

    def _on_new_chosen(self, *_: object) -> None:
        """A person wants another window."""
        self.new()

    def _on_closed(self, window: FurtherWindow) -> None:
        """A window goes: what stood in it stands in the main window again."""
        for key in tuple(window.dock_area.panels):
            closed = window.dock_area.docks[key].isHidden()
            self.move(key, self._main.dock_area)
            if closed:
                self._main.dock_area.docks[key].hide()
        self.windows.remove(window)
        window.deleteLater()
        self._look_at(self._main)

    def panels(self) -> list[Panel]:
        """Return everything that shows frames, in every window."""
        main = (*self._main.strips, *self._main.dock_area.panels.values())
        return [*main, *(panel for window in self.windows for panel in window.panels())]

    # -- who stands where ---------------------------------------------------------------------------------------

    def area_of(self, key: str) -> DockArea:
        """Return the docks that a panel stands in, those of the main window while it is not made yet."""
        areas = (window.dock_area for window in self.windows)
        return next((area for area in areas if key in area.panels), self._main.dock_area)

    def move(self, key: str, area: DockArea) -> None:
        """Let a panel stand in another window's docks; one that is not made yet, or that nobody knows, stays."""
        holder = self.area_of(key)
        if holder is not area and key in holder.panels:
            area.take_in(key, holder.give_away(key))

    def reveal(self, key: str) -> None:
        """Bring a panel to the front, wherever it stands."""
        area = self.area_of(key)
        area.reveal(key)
        area.window().raise_()
        self.sync()

    def toggle_panel(self, key: str) -> None:
        """Show a panel that is hidden or behind another in the window that is looked at, or hide it; one that stands elsewhere comes."""
        area = self.here.dock_area
        if self.area_of(key) is not area:
            self.move(key, area)
        elif area.docks[key].isHidden() or area.docks[key].visibleRegion().isEmpty():
            area.reveal(key)
        else:
            area.docks[key].hide()
        self.sync()

    def toggle_full_screen(self) -> None:
        """Let the window that is looked at fill its screen, or come back."""
        self.here.toggle_full_screen()
        self.sync()

    def _on_leaving(self, key: str) -> None:
        """A panel is sent away: from the main window to the newest further one, from there back."""
        main = self._main.dock_area
        if self.area_of(key) is main:
            self.move(key, (self.windows[-1] if self.windows else self.new()).dock_area)
        else:
            self.move(key, main)
        self.sync()

    def _on_strip_chosen(self, key: str) -> None:
        """Show a strip in the further window that is looked at, or no longer."""
        if isinstance(self.here, FurtherWindow):
            self._show_strip(self.here, key, on=key not in self.here.strips)
        self.sync()

    def _show_strip(self, window: FurtherWindow, key: str, *, on: bool) -> None:
        """Show a strip in a window; which figures it leaves out is kept as that of the main window is."""
        window.show_strip(key, on=on)
        strip = window.strips.get(key)
        if isinstance(strip, KpiStrip):
            strip.hidden_chosen.connect(self._main.kpi_strip.hidden_chosen)

    # -- who is looked at ---------------------------------------------------------------------------------------

    def _on_focus_changed(self, focus: QWindow | None) -> None:
        """Keys go to another window; a menu or a dialog in front of it changes nothing."""
        everyone: tuple[MainWindow | FurtherWindow, ...] = (self._main, *self.windows)
        for window in everyone:
            if focus is not None and window.windowHandle() is focus:
                self._look_at(window)

    def _look_at(self, window: MainWindow | FurtherWindow) -> None:
        """Let keys and menus be about a window."""
        self.here = window
        self.sync()

    def sync(self) -> None:
        """Tick what is shown in the window that is looked at, and offer what can be done there."""
        action, here = self._main.commands.action, self.here
        for key, dock in here.dock_area.docks.items():
            action(f"view.panel.{key}").setChecked(not dock.isHidden())
        for key in STRIPS:
            action(f"window.strip.{key}").setChecked(isinstance(here, FurtherWindow) and key in here.strips)
            action(f"window.strip.{key}").setEnabled(isinstance(here, FurtherWindow))
        self._closing.setEnabled(isinstance(here, FurtherWindow))
        action("view.fullscreen").setChecked(here.isFullScreen())
        for window in self.windows:
            window.refresh()

    def _on_close_chosen(self, *_: object) -> None:
        """Close the further window that is looked at."""
        if isinstance(self.here, FurtherWindow):
            self.here.close()

    # -- what the line and the settings do ----------------------------------------------------------------------

    def change_settings(self, fresh: Settings) -> None:
        """Take other settings at once, here and in every window."""
        self._context = replace(self._context, settings=fresh)
        for window in self.windows:
            window.change_settings(fresh)

    def retranslate(self) -> None:
        """Word every window in the current language."""
        for window in self.windows:
            self._word(window)
        self.sync()

    def _word(self, window: FurtherWindow) -> None:
        """Word a window, and let every key that is known by now work in it."""
        window.addActions([action for _, action in self._main.commands])
        window.retranslate()

    def _on_line_opened(self, view: LineView | None) -> None:
        for window in self.windows:
            window.open_line(view)

    def _on_relaid(self, view: LineView, places: bool) -> None:  # noqa: FBT001 - a slot
        for window in self.windows:
            window.relaid(view, places=places)

    def _on_forgotten(self, view: LineView) -> None:
        for window in self.windows:
            window.forget(view)

    def _on_frame_ready(self, frame: Frame) -> None:
        for window in self.windows:
            window.show_frame(frame)


def _screens() -> dict[str, QRect]:
    """Return what is available of every screen, by name."""
    return {screen.name(): screen.availableGeometry() for screen in QGuiApplication.screens()}
