"""What every group of tests needs: a home of its own, and a failure for what a test leaves behind or logs unasked.

Nothing here imports Qt; its leaks are looked for only where a test has imported it.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OUR_LOGGERS = ("twin_app", "ui", "models3d", "sample_streams")
MARKED_BY_FOLDER = {"ui": "gui", "broker": "broker", "scene3d": "scene3d"}
# How long a thread may take to end after its test has told it to.
THREAD_GRACE_S = 2.0

# The tests neither read nor write what the user of this machine has set. Set before anything of the product is imported.
_HOME = tempfile.TemporaryDirectory(prefix="twin-home-", ignore_cleanup_errors=True)
for _name in ("CONFIG", "DATA", "STATE"):
    os.environ[f"XDG_{_name}_HOME"] = str(Path(_HOME.name) / _name.lower())

# Each worker has a screen of its own (see `tests/run.py`); Qt asks for it when its first test makes an application.
if _displays := os.environ.get("TWIN_TEST_DISPLAYS", "").split():
    os.environ["DISPLAY"] = _displays[int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % len(_displays)]

# The same examples on every run and machine: a red test is red for everybody, and no deadline turns a busy machine red.
hypothesis.settings.register_profile("suite", derandomize=True, deadline=None, database=None, print_blob=True)
hypothesis.settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Keep --strict-config quiet about pytest-qt's settings where pytest-qt is left out."""
    if pluginmanager.is_blocked("pytest-qt") or importlib.util.find_spec("pytestqt") is None:
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "belongs to pytest-qt")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the folder they lie in, so that none lands in the wrong group for want of a line."""
    for item in items:
        for part in item.nodeid.partition("::")[0].split("/")[:-1]:
            if part in MARKED_BY_FOLDER:
                item.add_marker(MARKED_BY_FOLDER[part])
        if item.get_closest_marker("scene3d"):
            item.add_marker("gui")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Say how to get a screen, instead of letting Qt abort the interpreter for want of one."""
    wants_screen = any(item.get_closest_marker("gui") for item in session.items)
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM") == "offscreen"
    if wants_screen and sys.platform == "linux" and not has_screen and not session.config.option.collectonly:
        pytest.exit("window tests need a screen: run `python tests/run.py gui [PYTEST ARGUMENTS]`", returncode=pytest.ExitCode.USAGE_ERROR)


class _Unexpected(logging.Handler):
    """Keeps what our loggers say from WARNING on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which the product warned of something the test did not announce with `allow_logs`."""
    if request.node.get_closest_marker("allow_logs"):
        yield
        return
    handler = _Unexpected()
    for name in OUR_LOGGERS:
        logging.getLogger(name).addHandler(handler)
    yield
    for name in OUR_LOGGERS:
        logging.getLogger(name).removeHandler(handler)
    if handler.lines:
        pytest.fail("logged unasked:\n  " + "\n  ".join(handler.lines), pytrace=False)


@pytest.fixture(autouse=True)
def no_sound(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let windows of tests sound for nobody, whatever this computer has to sound with."""
    if request.node.get_closest_marker("gui") and not request.node.get_closest_marker("sounds"):
        monkeypatch.setattr("ui.sounds.Player.play", lambda *_: None)


@pytest.fixture(autouse=True)
def no_leaks() -> Iterator[None]:
    """Fail a test that leaves a thread, a top-level widget or a running timer behind."""
    threads = set(threading.enumerate())
    widgets = _top_level_widgets()
    timers: weakref.WeakSet[Any] = weakref.WeakSet()
    restore = _watch_timers(timers)
    yield
    restore()
    left = [f"thread {thread.name}" for thread in _still_running(threads)]
    left += [f"widget {widget!r}" for widget in _top_level_widgets() - widgets]
    left += [f"timer {timer!r}" for timer in timers if _is_running(timer)]
    if left:
        pytest.fail("left behind:\n  " + "\n  ".join(left), pytrace=False)


def _still_running(before: set[threading.Thread]) -> list[threading.Thread]:
    """Return the new threads that don't end within the grace."""
    deadline = time.monotonic() + THREAD_GRACE_S
    new = [thread for thread in threading.enumerate() if thread not in before]
    for thread in new:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [thread for thread in new if thread.is_alive()]


def _top_level_widgets() -> set[Any]:
    """Return the windows that are there, hidden ones included; none where Qt was never imported."""
    module = sys.modules.get("PySide6.QtWidgets")
    if module is None or module.QApplication.instance() is None:
        return set()
    # Popups such as a combo box's list have no parent widget either, but die with their owner.
    return {widget for widget in module.QApplication.topLevelWidgets() if widget.parent() is None}


def _watch_timers(timers: weakref.WeakSet[Any]) -> Callable[[], None]:
    """Remember each QTimer started from Python, and return what ends the watch."""
    module = sys.modules.get("PySide6.QtCore")
    if module is None:
        return lambda: None
    start = module.QTimer.start

    def remembered(timer: Any, *arguments: Any) -> None:
        timers.add(timer)
        start(timer, *arguments)

    module.QTimer.start = remembered
    return lambda: setattr(module.QTimer, "start", start)


def _is_running(timer: Any) -> bool:
    """Tell whether a timer is alive and ticking; one whose C++ half is gone is not."""
    return bool(sys.modules["shiboken6"].isValid(timer) and timer.isActive())
