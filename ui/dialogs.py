"""What a person is asked and shown in dialogs of the window; each is imported when it is wanted. Not for what stands in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QFileDialog, QMessageBox

import twin_app
from twin_app.errors import RecordingError, TwinError, UsageError
from twin_app.model.frame import Mode
from twin_app.settings import changed
from twin_app.sources.passwords import desktop_keyring
from twin_app.text import N_, tr
from ui.opening import OpenRequest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from twin_app.session import Session
    from ui.finding.training_dialog import TrainingDialog
    from ui.main_window import MainWindow
    from ui.video_dialog import VideoDialog


class Dialogs:
    """The dialogs of one window."""

    def __init__(self, window: MainWindow) -> None:
        """Belong to a window."""
        self._window = window
        self._overview: QMainWindow | None = None
        self._video: VideoDialog | None = None
        self._training: TrainingDialog | None = None

    def ask_for_layout(self) -> None:
        """Let a person choose a layout file and open it."""
        before = str(Path(self._window.settings.opened.layout).parent) if self._window.settings.opened.layout else ""
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open layout"), before, tr("Layout of a line (*.toml)"))
        if path:
            self._window.open_line(OpenRequest(layout=Path(path)))

    def ask_for_recording(self) -> None:
        """Let a person choose a recording and open it."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, tr("Open recording"), "", tr("Recordings and captures of messages (*.twinrec *.jsonl *.jsonl.gz)")
        )
        if path:
            self._window.finding.open_recording(Path(path))

    def ask_for_table(self) -> None:
        """Let a person choose a table of samples and make a recording of it."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, tr("Import a table"), "", tr("Tables of samples (*.csv *.csv.gz *.parquet *.jsonl)")
        )
        if path:
            self._window.finding.import_table(Path(path))

    def ask_for_plant(self) -> None:
        """Let a person connect a layout's sources to a plant."""
        from ui.connect_dialog import ConnectDialog

        dialog = ConnectDialog(self._window.settings, self._window, keyring=desktop_keyring())
        if dialog.exec() and (request := dialog.request()):
            self._window.open_line(request)
        dialog.deleteLater()

    def ask_for_broker(self) -> None:
        """Let a person look at what a broker holds, and open the draft of a layout for it."""
        from ui.discover_dialog import DiscoverDialog

        dialog = DiscoverDialog(self._window.settings, self._window, refused=self._window.station.refuses("discover.save"))
        if dialog.exec() and (request := dialog.request()):
            self._window.open_line(request)
        dialog.deleteLater()

    def ask_for_lines(self) -> None:
        """Let a person choose several layouts and watch their lines on one screen."""
        from twin_app.commands.overview import requests
        from ui.app import open_watched
        from ui.overview.window import OverviewWindow

        window = self._window
        before = str(Path(window.settings.opened.layout).parent) if window.settings.opened.layout else ""
        paths, _ = QFileDialog.getOpenFileNames(window, tr("Watch several lines"), before, tr("Layout of a line (*.toml)"))
        if not paths:
            return
        try:
            asked = requests(paths, window.settings)
        except TwinError as error:
            window.notices.error(error)
            return
        last = window.settings.opened
        asked = [replace(one, addresses=dict(last.addresses)) if str(one.layout) == last.layout else one for one in asked]
        overview = OverviewWindow(asked, window.settings, open_watched, theme=window.theme)
        overview.operated.connect(window.open_line)
        overview.closed.connect(overview.deleteLater)
        overview.resize(window.size())
        overview.show()
        self._overview = overview

    def save_picture(self) -> None:
        """Let a person keep the window as it is now as a picture; what it shows is not touched by the dialog."""
        picture = self._window.screens.here.grab()
        path, _ = QFileDialog.getSaveFileName(self._window.screens.here, tr("Save a picture of the window"), "", tr("Picture (*.png)"))
        if path and not picture.save(path if path.endswith(".png") else f"{path}.png"):
            self._window.notices.error(
                RecordingError(
                    N_("The picture cannot be written to {path}."), tip=N_("Name a .png file in a folder that exists."), path=path
                )
            )

    def show_training(self) -> None:
        """Show whose attempts at the open recording there are, and what was done in them."""
        from ui.finding.training_dialog import TrainingDialog

        self._end_training()
        if self._window.view is not None and self._window.view.training is not None:
            self._training = TrainingDialog(self._window.bridge, self._window.view, self._window.station, self._window)
            self._training.show()

    def _end_training(self) -> None:
        """Close it: it is of one line, in one language."""
        training, self._training = self._training, None
        if training is not None:
            training.close()
            training.deleteLater()

    def ask_for_report(self) -> None:
        """Let a person hand over a shift as a sheet."""
        from ui.report_dialog import ReportDialog

        session = self._window.bridge.session
        if session is None:
            return
        dialog = ReportDialog(cast("Session", session), self._window.settings.opened.report_folder, self._window)
        dialog.exec()
        self._window.change_settings(changed(self._window.settings, "opened.report_folder", dialog.folder.text()))
        dialog.deleteLater()

    def ask_for_export(self) -> None:
        """Let a person write samples of a span for other programs."""
        from ui.export_dialog import ExportDialog

        session, frame = self._window.bridge.session, self._window.bridge.shown
        if session is None or frame is None:
            return
        if frame.mode is Mode.BLIND:
            what = N_("A blind replay exports nothing: files would tell of what lies ahead.")
            self._window.notices.error(UsageError(what, tip=N_("End it first: Ctrl+Shift+B.")))
            return
        dialog = ExportDialog(cast("Session", session), self._window)
        dialog.exec()
        dialog.deleteLater()

    def ask_for_video(self) -> None:
        """Let a person make a video of a span; where one is being made, show how far it is."""
        from ui.video_dialog import VideoDialog, job_of

        if self._video is None or not self._video.work.working:
            session, frame = self._window.bridge.session, self._window.bridge.shown
            if session is None or frame is None:
                return
            try:
                look = job_of(self._window, frame)
            except TwinError as error:
                self._window.notices.error(error)
                return
            self.end()
            self._video = VideoDialog(cast("Session", session), look, self._window.selection.span, frame.at_ns, self._window)
        self._video.show()
        self._video.raise_()

    def end(self) -> None:
        """Let nothing go on for which no window is left."""
        self._end_training()
        video, self._video = self._video, None
        if video is not None:
            video.work.end()
            video.deleteLater()

    def show_settings(self) -> None:
        """Let a person change the settings."""
        from ui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._window.settings, self._window, refused=self._refused_settings())
        if dialog.exec():
            kept = {section: getattr(self._window.settings, section) for section, why_not in self._refused_settings().items() if why_not}
            self._window.change_settings(replace(dialog.settings(), **kept))  # whoever was asked may have been signed off meanwhile
        dialog.deleteLater()

    def _refused_settings(self) -> dict[str, str]:
        """Return why whoever is signed on may not change what is not everybody's, by its part of the settings; empty where they may."""
        return {section: self._window.station.refuses(f"settings.{section}") for section in ("recording", "privacy")}

    def show_palette(self) -> None:
        """Search commands, units and signals."""
        from ui.palette_dialog import PaletteDialog

        window, frame = self._window, self._window.bridge.shown
        alarms = (*frame.alarms.listed, *frame.alarms.hidden) if frame else ()
        dialog = PaletteDialog(
            window.commands, window.selection, window.view, window.screens.here, alarms=alarms, reveal=window.screens.reveal
        )
        dialog.exec()
        dialog.deleteLater()

    def show_shortcuts(self) -> None:
        """List every command with its keys."""
        from ui.shortcuts_dialog import ShortcutsDialog

        dialog = ShortcutsDialog(self._window.commands, self._window.screens.here)
        dialog.exec()
        dialog.deleteLater()

    def show_effort(self) -> None:
        """Let an engineer see what each panel takes of the window's thread, while the window is used."""
        from ui.effort_dialog import EffortDialog

        EffortDialog(self._window).show()

    def show_about(self) -> None:
        """Say which version this is."""
        text = tr("twin-app {version}: a desktop digital twin for production lines. Apache License 2.0.", version=twin_app.__version__)
        QMessageBox.about(self._window.screens.here, tr("About"), text)
