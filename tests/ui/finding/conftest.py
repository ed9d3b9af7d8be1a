"""A folder with a day of recordings, and a window that has one of its files open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from tests.finding.shifts import HOUR_NS, MINUTE_NS, SECOND_NS, record, running
from tests.service.test_finding import LAYOUT, START
from twin_app import text
from twin_app.layout import load
from twin_app.service.opening import open_request
from twin_app.settings import Loaded, Settings, changed
from ui.bridge import Bridge
from ui.docks import DOCKS, DockSpec
from ui.main_window import MainWindow
from ui.opening import OpenRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

NIGHTS = 3
STOP_S = (200, 400, 600)
"""Of each night: how long the filler was aborted, from an hour after its start on."""


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nights in Shanghai, a file each; the layout beside them."""
    home = tmp_path_factory.mktemp("nights")
    layout = home / "line.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    said = []
    for night, seconds in enumerate(STOP_S):
        begin = START + night * 24 * HOUR_NS
        stop = begin + HOUR_NS
        said += running(begin, stop)
        said.append((stop, "Filler", {"State": "Aborted"}))
        said += running(stop + seconds * SECOND_NS, begin + 8 * HOUR_NS - MINUTE_NS, made=3600)
    return record(home / "recordings", load(layout), said)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))
    yield
    text.set_language("en")


@pytest.fixture
def open_window(qtbot: QtBot, recordings: Path) -> Iterator[Callable[..., MainWindow]]:
    """Open windows on the folder, paused in the first night."""
    settings = changed(changed(Settings(), "look.theme", "light"), "look.language", "en")
    made: list[MainWindow] = []

    def open_on(specs: tuple[DockSpec, ...], size: tuple[int, int] = (1366, 740)) -> MainWindow:
        window = MainWindow(Bridge(), Loaded(settings), open_request, specs=specs)
        made.append(window)
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.fill()
        layout = recordings.parent / "line.toml"
        with qtbot.waitSignal(window.bridge.frame_ready):
            window.open_line(OpenRequest(layout=layout, addresses={"plc": str(recordings)}, paused=True, begin_at_ns=START + MINUTE_NS))
        return window

    yield open_on
    for window in made:
        window.close()
        window.bridge.deleteLater()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    """A window with the panels that show time."""
    return open_window(tuple(spec for spec in DOCKS if spec.key in {"timeline", "curves", "inspector"}))
