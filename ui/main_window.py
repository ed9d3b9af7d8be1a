"""The window: bars, strips and docks put together, frames handed on, arrangement remembered. Not for making frames or opening sources."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QMenu, QVBoxLayout
from typing_extensions import override

from twin_app import log
from twin_app import settings as settings_file
from twin_app.clock import now_ns
from twin_app.errors import TwinError
from twin_app.model.frame import Mode
from twin_app.persons.access import load as load_access
from twin_app.settings import Loaded, Settings, changed
from twin_app.text import tr
from ui import remembering, window_commands
from ui import theme as look
from ui.alarm_watch import AlarmWatch
from ui.commands import Commands
from ui.context import Context, LineView, Selection, Theme
from ui.dialogs import Dialogs
from ui.docks import DOCKS, PRESETS, DockArea
from ui.editing.desk import EditDesk
from ui.editing.mode import EditMode
from ui.finding.desk import FindingDesk
from ui.health import Trouble, trouble
from ui.idle import Idle
from ui.language import use_language
from ui.layout_watch import LayoutWatch
from ui.linked import Linked
from ui.live_strip import LiveStrip
from ui.menus import build_menus
from ui.notify import Notice, Notices
from ui.opening import OpenRequest
from ui.panels.base import Panel
from ui.panels.kpi_strip import KpiStrip
from ui.panels.sentence import SentenceBand
from ui.panels.unit_strip import UnitStrip
from ui.screens.desk import Screens
from ui.sign_on import SignOn
from ui.station import Station
from ui.top_bar import TopBar
from ui.widgets.badge import BORDER_PX, ModeFrame
from ui.widgets.blink import still
from ui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from twin_app.model.frame import Frame
    from ui.bridge import Bridge, Player
    from ui.docks import DockSpec
    from ui.opening import Opener

LOG = logging.getLogger(__name__)
TEXT_STEP = 0.1


class MainWindow(QMainWindow):
    """One window, one clock. `fill` makes the panels once the window stands; `open_line` opens what a person asks for."""

    def __init__(
        self, bridge: Bridge, loaded: Loaded, opener: Opener, *, sample: OpenRequest | None = None, specs: tuple[DockSpec, ...] = DOCKS
    ) -> None:
        """Build bars, strips and empty docks around a bridge. Settings that could not be read are said in a banner."""
        super().__init__()
        self.bridge, self.settings, self._opener, self._sample = bridge, loaded.settings, opener, sample
        self.theme, self.selection, self.station = Theme(self), Selection(self), Station(self, load_access())
        self.commands = Commands(self, self.station)
        use_language(self.settings.look.language)
        self._apply_look()  # before there is anything to dress: what is made in another font keeps that
        context = Context(
            query=bridge.query, commands=self.commands, transport=bridge, selection=self.selection, settings=self.settings, theme=self.theme,
            station=self.station, editing=(desk := EditDesk(self.station, self)),
        )  # fmt: skip
        self.mode_frame = ModeFrame(self.theme, self)
        self.top_bar = TopBar(self.theme, self.mode_frame)
        self.notices = Notices(self.theme, self.mode_frame)
        self.sentence, self.kpi_strip, self.unit_strip = SentenceBand(context), KpiStrip(context), UnitStrip(context)
        self.live_strip, self.idle = LiveStrip(context), Idle(self)
        self.strips: tuple[Panel, ...] = (self.live_strip, self.sentence, self.kpi_strip, self.unit_strip)
        self.dock_area = DockArea(context, self.mode_frame, specs)
        self.welcome = Welcome(self.commands, self.mode_frame)
        self.sign_on = SignOn(self.station, self.top_bar.person, self.notices, self.commands, self)
        self.alarm_watch = AlarmWatch(self.top_bar.alarms, self.notices, self.commands, self.settings.alarms)
        self.dialogs, self.finding = Dialogs(self), FindingDesk(self, context)
        self.layout_watch, self.screens = LayoutWatch(self), Screens(self, context, specs)
        self.linked = Linked(self, context)
        self.view: LineView | None = None
        self.request: OpenRequest | None = None
        self.editing = EditMode(desk, self)
        self._build(specs)
        list(map(self.notices.error, loaded.problems))

    def _build(self, specs: tuple[DockSpec, ...]) -> None:
        """Put everything in its place and connect it."""
        window_commands.register(self, specs)
        band = QFrame(self.mode_frame)
        band.setObjectName("kpiStrip")
        QVBoxLayout(band).setContentsMargins(0, 0, 0, 0)
        cast("QVBoxLayout", band.layout()).addWidget(self.kpi_strip)
        self._band = band
        layout = QVBoxLayout(self.mode_frame)
        layout.setContentsMargins(BORDER_PX, BORDER_PX, BORDER_PX, BORDER_PX)
        layout.setSpacing(0)
        for widget in (self.top_bar, self.live_strip, self.notices, self.sentence, band, self.unit_strip):
            layout.addWidget(widget)
        layout.addWidget(self.dock_area, 1)
        layout.addWidget(self.welcome, 1)
        self.setCentralWidget(self.mode_frame)
        self.top_bar.health_pressed.connect(window_commands.With(self.screens.reveal, "sources"))
        self.top_bar.alarms.pressed.connect(window_commands.With(self.screens.reveal, "alarms"))
        self.station.failed.connect(self.notices.error)
        self.bridge.line_opened.connect(self._on_line_opened)
        self.bridge.relaid.connect(self._on_relaid)
        self.bridge.forgotten.connect(self._on_forgotten)
        self.bridge.frame_ready.connect(self._on_frame_ready)
        self.bridge.failed.connect(self._on_bridge_failed)
        self.idle.left.connect(self.live_strip.count_down)
        self.idle.expired.connect(self.bridge.follow)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_desktop_theme_changed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # so that nothing in it is lit or takes Space at the start, nor after a click aside
        self.setFocus()
        remembering.restore_place(self.settings, self)
        self._show_preset()
        self._retranslate()
        self._on_line_opened(None)

    # -- what the program that made the window calls --------------------------------------------------------------

    def fill(self, sample: OpenRequest | None = None) -> None:
        """Make the panels (their libraries are imported only now) and the menus with their commands; offer the sample there is."""
        self._sample = sample or self._sample
        self.dock_area.fill()
        self._retranslate()
        self.screens.restore(self.settings.window.further)
        self.linked.fill()

    def open_line(self, request: OpenRequest) -> bool:
        """Open a line; where that fails say so and leave what is open as it is. Return whether it was opened."""
        if not self.editing.yields_to(request.layout):
            return False
        try:
            session = self._opener(request)
        except TwinError as error:
            self.notices.error(error)
            return False
        self.take(session, request)
        return True

    def take(self, session: Player, request: OpenRequest) -> None:
        """Show a session that was opened, and keep what was asked for."""
        self.request = request
        self.bridge.open(session)
        if request.unit in {unit.id for unit in session.line.units}:
            self.selection.select(request.unit)
        self.linked.begin()
        if not request.sample:
            self.settings = remembering.with_opened(self.settings, request)
            self._save()

    def change_settings(self, fresh: Settings) -> None:
        """Take other settings at once and keep them."""
        before, self.settings = self.settings, fresh
        for panel in (*self.strips, *self.dock_area.panels.values()):
            panel.context = replace(panel.context, settings=fresh)
        self.screens.change_settings(fresh)
        if before.look != fresh.look:
            use_language(self.settings.look.language)
            self._apply_look()
            self._retranslate()
        if before.drawing.frames_per_s != fresh.drawing.frames_per_s:
            self.bridge.set_frames_per_s(fresh.drawing.frames_per_s)
        log.set_level(fresh.log.level)
        self.alarm_watch.sounding.take(fresh.alarms)
        self._save()

    # -- commands -----------------------------------------------------------------------------------------------

    def open_sample(self) -> None:
        """Play the line that is bundled with the product."""
        if self._sample is not None:
            self.open_line(self._sample)

    def close_line(self) -> None:
        """Close what is open; nothing is shown then."""
        if self.editing.leave():
            self.bridge.close()

    def quit(self) -> None:
        """Close the window, and with it the program."""
        self.close()

    def use_preset(self, key: str) -> None:
        """Arrange the panels for a role, as that role left them."""
        self._keep_arrangement()
        self.change_settings(changed(self.settings, "look.preset", key))
        self._show_preset()
        self._sync_checks()

    def reset_layout(self) -> None:
        """Arrange the panels as the preset was designed."""
        self.dock_area.reset()
        self._sync_checks()

    def use_theme(self, key: str) -> None:
        """Light, dark, or as the desktop."""
        self.change_settings(changed(self.settings, "look.theme", key))

    def use_palette(self, key: str) -> None:
        """Calm or andon."""
        self.change_settings(changed(self.settings, "look.palette", key))

    def use_language(self, code: str) -> None:
        """Word everything in another language."""
        self.change_settings(changed(self.settings, "look.language", code))

    def enlarge_text(self) -> None:
        """Write everything larger."""
        self._scale_text(TEXT_STEP)

    def reduce_text(self) -> None:
        """Write everything smaller."""
        self._scale_text(-TEXT_STEP)

    def toggle_full_screen(self) -> None:
        """Fill the wall, without menus; or come back."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()
        self.top_bar.menu_bar.setVisible(not self.isFullScreen())

    # -- frames -------------------------------------------------------------------------------------------------

    def _on_line_opened(self, view: object) -> None:
        """Another line is open, or none."""
        self.idle.watch(0)
        self.view = cast("LineView | None", view)
        self.selection.select("")
        self.top_bar.open_line(self.view)
        self.alarm_watch.show_frame(None)
        self.notices.keep_only("source:", set())
        for panel in self.strips:
            panel.open_line(self.view)
        self.dock_area.open_line(self.view)
        for widget in (self.sentence, self._band, self.unit_strip):
            widget.setVisible(self.view is not None)
        self.editing.refresh()
        self.setWindowTitle(f"{self.view.line.title} – {settings_file.APP}" if self.view else settings_file.APP)
        for needing in ("file.close", "file.report", "file.video", "file.export", "file.import", "file.training"):
            self.commands.action(needing).setEnabled(self.view is not None)

    def _on_relaid(self, view: LineView, places: bool) -> None:  # noqa: FBT001 - a slot
        """The line is laid out otherwise: everything is shown by that, at the same playhead, and what was selected stays so."""
        self.view = view
        if self.selection.unit not in {unit.id for unit in view.line.units}:
            self.selection.select("")
        if not places:
            self.top_bar.open_line(view)
        for panel in self.strips:
            panel.relaid(view, places=places)
        self.dock_area.relaid(view, places=places)
        self.setWindowTitle(f"{view.line.title} – {settings_file.APP}")

    def _on_forgotten(self, view: LineView) -> None:
        """Less is known than before: nothing of what was shown stays."""
        self.view = view
        for panel in self.strips:
            panel.forget(view)
        self.dock_area.forget(view)

    def _on_frame_ready(self, frame: Frame) -> None:
        """Hand a frame to everything that shows it."""
        self.mode_frame.show_mode(frame.mode)
        returns = frame.mode is Mode.LOOK_BACK and self.settings.look.preset == "operator"
        self.idle.watch(60.0 * self.settings.replay.return_min if returns else 0.0)
        self.top_bar.show_frame(frame)
        self.alarm_watch.show_frame(frame)
        self.sign_on.show_frame(frame)
        if frame.changes.health or frame.changes.all:
            self._show_troubles(frame)
        for panel in self.strips:
            panel.offer(frame)
        for panel in self.dock_area.panels.values():
            panel.offer(frame)

    def _show_troubles(self, frame: Frame) -> None:
        """Show a banner for each source in trouble, and for what the recording lacks; it goes when the trouble does."""
        now = now_ns()
        found = [t for t in (trouble(h, now) for h in frame.health) if t is not None]
        for i, what in enumerate(frame.notices):
            found.append(Trouble(key=f"source:recording{i}", what=what, rest=""))
        for t in found:
            self.notices.put(Notice(key=t.key, what=t.what, rest=t.rest, closable=False))
        self.notices.keep_only("source:", {t.key for t in found})

    def _on_bridge_failed(self, error: str) -> None:
        """The session broke down: say it, the log has the details."""
        what = tr("The line can be shown no further: {error}.", error=error)
        rest = tr(
            "What was received stays recorded. Open the line again; if it comes back, send the log to whoever looks after the program."
        )
        self.notices.put(Notice(key="error:bridge", what=what, rest=rest))

    # -- look and arrangement -----------------------------------------------------------------------------------

    def _apply_look(self) -> None:
        """Dress the application in the chosen theme and text size."""
        app = cast("QApplication", QApplication.instance())
        points = app.property("systemPoints")
        if points is None:  # our own font hides the desktop's from here on
            points = app.font().pointSizeF()
            app.setProperty("systemPoints", points)
        palette = look.chosen_palette(self.settings.look.theme, self.settings.look.palette)
        look.apply(app, palette, system_points=float(points), text_scale=self.settings.look.text_scale)
        self.theme.use(palette)

    def _retranslate(self) -> None:
        """Word everything anew."""
        self.commands.retranslate()
        build_menus(self.top_bar.menu_bar, self.commands)
        for menu in self.top_bar.menu_bar.findChildren(QMenu):
            menu.aboutToShow.connect(self._sync_checks)
        self.addActions([action for _, action in self.commands])
        for panel in self.strips:
            panel.retranslate()
        for part in (self.sign_on, self.top_bar, self.dock_area, self.welcome, self.screens, self.linked):
            part.retranslate()
        self._sync_checks()
        self.editing.refresh()
        self.bridge.show_again()

    def _sync_checks(self) -> None:
        """Tick what is chosen."""
        self.screens.sync()
        chosen = {kind: getattr(self.settings.look, kind) for kind in ("preset", "theme", "palette", "language")}
        for command, action in self.commands:
            kind, _, value = command.id.removeprefix("view.").partition(".")
            if command.id.startswith("view.") and kind in chosen:
                action.setChecked(chosen[kind] == value)
        self.commands.action("file.sample").setVisible(self._sample is not None)
        preset = next(p for p in PRESETS if p.key == self.settings.look.preset)
        self.top_bar.show_preset(tr(preset.title), [self.commands.action(f"view.preset.{p.key}") for p in PRESETS])

    def _scale_text(self, step: float) -> None:
        """Change the text size within the setting's bounds."""
        scale = min(max(round(self.settings.look.text_scale + step, 2), 0.8), 2.0)
        self.change_settings(changed(self.settings, "look.text_scale", scale))

    def _on_desktop_theme_changed(self, _scheme: Qt.ColorScheme) -> None:
        """The desktop went light or dark."""
        if self.settings.look.theme == "system":
            self._apply_look()
            self.bridge.show_again()

    def _show_preset(self) -> None:
        """Arrange the panels as the chosen preset was left."""
        preset = next(p for p in PRESETS if p.key == self.settings.look.preset)
        self.dock_area.apply_preset(preset, self.settings.window.arrangements.get(preset.key))

    def keep_look(self) -> None:
        """Write down how the window looks now, for another that is to look like it."""
        self._keep_arrangement()
        self._save()

    def _keep_arrangement(self) -> None:
        """Take the present arrangement into the settings."""
        self.settings = remembering.with_place(self.settings, self, self.dock_area.arrangement(), self.screens.kept())

    def _save(self) -> None:
        """Write the settings; a disk that refuses is said once. A window that is there for its picture is nobody's."""
        if still():
            return
        try:
            settings_file.save(self.settings)
        except OSError as error:
            what = tr("The settings could not be saved: {error}.", error=error.strerror or str(error))
            self.notices.put(Notice(key="error:settings", what=what, rest=tr("They hold until the window is closed.")))

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.editing.leave():
            event.ignore()
            return
        self._keep_arrangement()
        self._save()
        self.screens.take_home()
        self.dialogs.end()
        self.layout_watch.stop()
        self.bridge.shut_down()
        self.alarm_watch.close()
        event.accept()
