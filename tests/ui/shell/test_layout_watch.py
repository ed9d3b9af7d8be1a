"""The layout file of an open line changes under it: a sound one is in force within a second, a wrong one is said and not taken."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from tests.session.plant import CAPTURE, LAYOUT
from twin_app.service import opening
from ui import layout_watch
from ui.opening import OpenRequest

if TYPE_CHECKING:
    from twin_app.session import Session
    from ui.main_window import MainWindow

MakeWindow = Callable[..., "MainWindow"]
pytestmark = pytest.mark.gui


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "line.toml"
    path.write_bytes(LAYOUT.read_bytes())
    return path


@pytest.fixture
def window(make_window: MakeWindow, path: Path, qtbot: QtBot) -> MainWindow:
    """A window in which the bundled capture stands at its end."""
    window = make_window(opener=lambda request: opening.open_request(request, record=False))
    window.open_line(OpenRequest(layout=path, addresses={"plant": str(CAPTURE)}))
    session = session_of(window)
    qtbot.waitUntil(lambda: not session.loading and not session._waiting, timeout=20_000)
    window.bridge.pause()
    span = session.span()
    assert span is not None
    window.bridge.seek(span.end_ns - 5 * 10**9)
    return window


def session_of(window: MainWindow) -> Session:
    session = window.bridge.session
    assert session is not None
    return session  # type: ignore[return-value]  # the real one, behind the window's protocol


def moved(path: Path, x_m: str = "0.25") -> None:
    path.write_text(path.read_text("utf-8").replace("x_m = 0.0", f"x_m = {x_m}"), "utf-8")


def test_that_a_moved_machine_stands_elsewhere_within_a_second_and_the_session_goes_on(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    session, at_ns = session_of(window), session_of(window).clock.at_ns
    window.selection.select("Capper")
    began = time.monotonic()
    moved(path)
    qtbot.waitUntil(lambda: window.view is not None and window.view.line.units[0].placement.x_m == 0.25, timeout=2000)
    assert time.monotonic() - began < 1.0
    assert (session_of(window), session.clock.at_ns, window.selection.unit) == (session, at_ns, "Capper")
    assert window.notices.texts() == []


def test_that_another_cycle_re_derives_the_line_at_the_same_playhead(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    session, at_ns = session_of(window), session_of(window).clock.at_ns
    path.write_text(path.read_text("utf-8").replace("minor_stop_s = 120", "minor_stop_s = 7"), "utf-8")
    with qtbot.waitSignal(window.bridge.relaid, timeout=2000) as told:
        pass
    assert told.args is not None
    assert told.args[1] is False
    assert (session_of(window), session.clock.at_ns, session.line.minor_stop_s) == (session, at_ns, 7.0)


def test_that_other_rules_read_the_file_anew_at_the_same_playhead(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    session, at_ns = session_of(window), session_of(window).clock.at_ns
    path.write_text(path.read_text("utf-8").replace('"Status/Parameter/0/Value" = "Pro', '"Status/Parameter/0/Value" = "Hot'), "utf-8")
    qtbot.waitUntil(lambda: window.bridge.session is not None and window.bridge.session is not session, timeout=3000)
    fresh = session_of(window)
    qtbot.waitUntil(lambda: not fresh.loading and fresh.clock.at_ns == at_ns, timeout=20_000)
    assert not fresh.clock.playing


@pytest.mark.allow_logs
def test_that_a_wrong_file_is_said_the_good_one_stays_and_the_banner_goes_with_the_cure(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    good, line = path.read_bytes(), session_of(window).line
    path.write_bytes(good.replace(b'type = "filler"', b'type = "fillr"'))
    qtbot.waitUntil(lambda: len(window.notices.texts()) == 1, timeout=2000)
    (text,) = window.notices.texts()
    assert "the last good one stays in force" in text
    assert 'did you mean "filler"?' in text
    path.write_bytes(good[: len(good) // 3])
    qtbot.waitUntil(lambda: any("is missing" in text or "TOML" in text for text in window.notices.texts()), timeout=2000)
    assert session_of(window).line is line
    path.write_bytes(good)
    qtbot.waitUntil(lambda: window.notices.texts() == [], timeout=2000)
    assert session_of(window).line.content_hash == hashlib.sha256(good).hexdigest()


@pytest.mark.allow_logs
def test_that_a_file_that_is_replaced_or_gone_for_a_while_is_watched_on(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    fresh = path.with_name("fresh")
    for x_m in (1.5, 2.5):
        fresh.write_text(LAYOUT.read_text("utf-8").replace("x_m = 0.0", f"x_m = {x_m}"), "utf-8")
        fresh.replace(path)
        qtbot.waitUntil(lambda x=x_m: session_of(window).line.units[0].placement.x_m == x, timeout=2000)  # type: ignore[misc]  # a lambda with a default
    path.unlink()
    qtbot.waitUntil(lambda: len(window.notices.texts()) == 1, timeout=2000)
    path.write_bytes(LAYOUT.read_bytes())
    qtbot.waitUntil(lambda: session_of(window).line.units[0].placement.x_m == 0.0, timeout=2000)
    assert window.notices.texts() == []


def test_that_a_system_that_tells_nothing_is_looked_after(
    window: MainWindow, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.layout_watch._watcher.removePaths(window.layout_watch._watcher.files())
    monkeypatch.setattr(window.layout_watch._watcher, "addPath", lambda _path: False)
    moved(path)
    qtbot.waitUntil(lambda: session_of(window).line.units[0].placement.x_m == 0.25, timeout=1500)


def test_that_a_touch_without_a_change_changes_nothing(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(window.bridge.relaid, wait=2 * layout_watch.LOOK_EVERY_MS):
        path.touch()
    assert replace(session_of(window).line) == session_of(window).line


def test_that_nothing_is_watched_once_the_line_is_closed(window: MainWindow, path: Path) -> None:
    window.close_line()
    assert not window.layout_watch._looking.isActive()
    moved(path)
    window.layout_watch.look()
    assert window.view is None
