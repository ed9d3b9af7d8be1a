from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.session.plant import CAPTURE, LAYOUT
from tests.ui.shell import plant
from tests.ui.shell.engineer import CTRL, SHIFT, Hand, press
from tests.ui.shell.plant import FakeSession
from twin_app import text
from twin_app.model.frame import Frame
from twin_app.service import opening
from twin_app.settings import Loaded, Settings, changed
from ui.bridge import Bridge
from ui.docks import DOCKS
from ui.main_window import MainWindow
from ui.opening import OpenRequest
from ui.scene3d.worker import RenderWorker

SHELL = tuple(spec for spec in DOCKS if spec.key in {"tree", "sources"})
HALL = tuple(spec for spec in DOCKS if spec.key in {"tree", "scene", "sources"})
REQUEST = OpenRequest(layout=Path("bottling_2.toml"))
MakeWindow = Callable[..., MainWindow]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own for every test, and English again after it."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))
    yield tmp_path
    text.set_language("en")


@pytest.fixture
def settings() -> Settings:
    """Nothing depends on the desktop the tests run on."""
    return changed(changed(Settings(), "look.theme", "light"), "look.language", "en")


@pytest.fixture
def make_window(qtbot: QtBot, settings: Settings) -> Iterator[MakeWindow]:
    """Make windows with their panels, shown, and close them after the test."""
    made: list[MainWindow] = []

    def make(
        loaded: Loaded | None = None, *, opener: Any = None, specs: Any = SHELL, size: tuple[int, int] = (1600, 900), **other: Any
    ) -> MainWindow:
        window = MainWindow(Bridge(), loaded or Loaded(settings), opener or session_of, specs=specs, **other)
        made.append(window)
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.resize(*size)
        window.fill()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield make
    for window in made:
        window.close()
        window.bridge.deleteLater()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """A window with nothing open."""
    return make_window()


def session_of(_request: OpenRequest) -> FakeSession:
    """Open the three machines, all well."""
    of = plant.line()
    return FakeSession(of, [plant.frame(of)])


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[MainWindow, Frame], FakeSession]:
    """Open a line in a window and wait until one frame of it was shown."""

    def open_on(window: MainWindow, frame: Frame) -> FakeSession:
        session = window.bridge.session
        if not isinstance(session, FakeSession):
            window._opener = _Opens(FakeSession(plant.line(), [frame]))
            with qtbot.waitSignal(window.bridge.frame_ready):
                window.open_line(REQUEST)
        else:
            with qtbot.waitSignal(window.bridge.frame_ready, check_params_cb=_is(frame)):
                session.hold(frame)
        session = window.bridge.session
        assert isinstance(session, FakeSession)
        session.hold(frame)
        return session

    return open_on


class _Opens:
    """Opens one session, whatever is asked for."""

    def __init__(self, session: FakeSession) -> None:
        self.session = session

    def __call__(self, _request: OpenRequest) -> FakeSession:
        return self.session


def _is(wanted: Frame) -> Callable[[object], bool]:
    def same(found: object) -> bool:
        return found is wanted

    return same


@pytest.fixture
def hall_file(tmp_path: Path) -> Path:
    path = tmp_path / "line.toml"
    path.write_bytes(LAYOUT.read_bytes())
    return path


@pytest.fixture
def hand(make_window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """A window of an engineer in which nothing is open; no picture is ever drawn."""
    monkeypatch.setattr(RenderWorker, "submit", lambda _worker, _request: None)
    window = make_window(opener=lambda request: opening.open_request(request, record=False), specs=HALL, size=(1366, 768))
    return Hand(window, qtbot)


@pytest.fixture
def editing(hand: Hand, hall_file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """The hall of the bundled line is edited, seen from above at rest."""
    hand.window.open_line(OpenRequest(layout=hall_file, addresses={"plant": str(CAPTURE)}, paused=True))
    qtbot.waitUntil(lambda: hand.panel._scene is not None, timeout=10_000)
    hand.docks = {key for key, dock in hand.window.dock_area.docks.items() if not dock.isHidden()}
    QTest.keyClick(hand.window, Qt.Key.Key_E, CTRL | SHIFT)
    assert hand.desk.draft is not None
    hand.view.eye.calm = True
    hand.view.guide.top_view()
    # Whoever asks about unsaved changes at the end of a test is told to discard them.
    monkeypatch.setattr(QMessageBox, "exec", press("Discard"))
    return hand
