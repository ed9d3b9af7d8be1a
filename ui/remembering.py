"""What is kept of a window between two starts: where it stood, how its panels were arranged, what was open. Not for writing the file."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication

from twin_app.settings import Opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QMainWindow

    from twin_app.arranged import Arrangement, Further
    from twin_app.settings import Settings
    from ui.opening import OpenRequest


def with_place(settings: Settings, window: QMainWindow, arrangement: Arrangement, further: Mapping[str, Further]) -> Settings:
    """Return the settings with where the window stands, how its role's panels are arranged, and the further windows."""
    kept = {**settings.window.arrangements, settings.look.preset: arrangement}
    geometry = base64.b64encode(bytes(window.saveGeometry().data())).decode()
    return replace(settings, window=replace(settings.window, geometry=geometry, arrangements=kept, further=further))


def restore_place(settings: Settings, window: QMainWindow) -> None:
    """Put a window where it stood, on a screen that is there; else let it fill the screen."""
    available = window.screen().availableGeometry()
    try:
        state = base64.b64decode(settings.window.geometry, validate=True)
    except (binascii.Error, ValueError):
        state = b""
    if not state or not window.restoreGeometry(QByteArray(state)):
        window.setGeometry(available)
    if not any(screen.availableGeometry().intersects(window.geometry()) for screen in QGuiApplication.screens()):
        window.setGeometry(available)
    window.resize(window.size().boundedTo(available.size()))


def with_opened(settings: Settings, request: OpenRequest) -> Settings:
    """Return the settings with what was opened, for the next start; never with a password."""
    opened = Opened(
        report_folder=settings.opened.report_folder, blind=request.blind, attempt=request.attempt, trainee=request.trainee,
        layout=str(request.layout.absolute()), addresses=dict(request.addresses),
        usernames={k: login.username for k, login in request.logins.items() if login.username},
        tls_ca={k: login.tls_ca for k, login in request.logins.items() if login.tls_ca},
        tls_cert={k: login.tls_cert for k, login in request.logins.items() if login.tls_cert},
        tls_key={k: login.tls_key for k, login in request.logins.items() if login.tls_key},
    )  # fmt: skip
    return replace(settings, opened=opened)
