"""Writes down at once whether what is open is replayed blind and whose attempt that is, so that a window that is started again begins so. Not for the start itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from twin_app.model.frame import Mode

if TYPE_CHECKING:
    from twin_app.model.frame import Frame
    from ui.main_window import MainWindow


class StayingBlind(QObject):
    """Watches one window's frames."""

    def __init__(self, window: MainWindow) -> None:
        """Keep what the next frames say."""
        super().__init__(window)
        self._window = window
        window.bridge.frame_ready.connect(self._on_frame_ready)

    def _on_frame_ready(self, frame: Frame) -> None:
        """Keep it where it is otherwise than it was kept; the sample is nobody's last line."""
        window, attempt = self._window, frame.attempt
        if window.request is None or window.request.sample:
            return
        name, trainee = (attempt.name, attempt.trainee) if attempt else ("", "")
        blind, last = frame.mode is Mode.BLIND, window.settings.opened
        if (blind, name, trainee) != (last.blind, last.attempt, last.trainee):
            window.change_settings(replace(window.settings, opened=replace(last, blind=blind, attempt=name, trainee=trainee)))
