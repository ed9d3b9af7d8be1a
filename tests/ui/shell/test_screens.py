"""A second window on the line: what a person moves there, that both show one clock, and that it is found again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.conftest import MakeWindow
from tests.ui.shell.engineer import CTRL, LEFT, Hand
from tests.ui.shell.plant import FakeSession
from twin_app import settings as settings_file
from twin_app.clock import SECOND_NS
from twin_app.model.frame import Frame, Mode
from twin_app.settings import Loaded
from ui.docks import DOCKS
from ui.main_window import MainWindow
from ui.palette import DARK
from ui.panels.tree import TreePanel
from ui.screens.window import FurtherWindow

Show = Callable[[MainWindow, Frame], FakeSession]
ALT = Qt.KeyboardModifier.AltModifier
SPECS = tuple(spec for spec in DOCKS if spec.key in {"tree", "timeline", "sources"})


@pytest.fixture
def window(make_window: MakeWindow, show: Show) -> MainWindow:
    """A window on three machines, with line, timeline and sources."""
    made = make_window(specs=SPECS)
    show(made, plant.frame(plant.line()))
    return made


def second_of(window: MainWindow, qtbot: QtBot) -> FurtherWindow:
    """Press the key for a new window, and go there."""
    QTest.keyClick(window, Qt.Key.Key_N, CTRL | ALT)
    second = window.screens.windows[-1]
    go_to(second, qtbot)
    return second


def go_to(window: MainWindow | FurtherWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.waitUntil(lambda: window.windowHandle() is QApplication.focusWindow())


def standing(window: MainWindow | FurtherWindow) -> set[str]:
    """The panels that stand in a window and are open."""
    return {key for key, dock in window.dock_area.docks.items() if not dock.isHidden()}


def press_move(window: MainWindow | FurtherWindow, key: str) -> None:
    QTest.mouseClick(window.dock_area.docks[key].title_row.move_button, LEFT)


def test_that_the_arrow_of_a_panel_opens_a_window_for_it_and_brings_it_back(window: MainWindow, qtbot: QtBot) -> None:
    before = standing(window)
    press_move(window, "timeline")
    (second,) = window.screens.windows
    qtbot.waitExposed(second)
    assert standing(second) == {"timeline"}
    assert second.windowTitle() == "Timeline – Bottling 2 – twin-app"
    assert standing(window) == before - {"timeline"}
    panel = second.dock_area.panels["timeline"]
    assert panel.window() is second
    press_move(second, "timeline")
    assert panel.window() is window
    assert standing(window) == before
    assert standing(second) == set()


def test_that_both_windows_show_one_clock_one_mode_and_one_selection(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    second = second_of(window, qtbot)
    window.screens.toggle_panel("tree")
    window.commands.run("window.strip.units")
    frame = plant.frame(plant.line())
    show(window, replace(frame, mode=Mode.REPLAY, at_ns=frame.at_ns + 60 * SECOND_NS))
    assert second.clock.text() == window.top_bar.clock.text() == "10:17:19"
    assert second.badge.words == window.top_bar.badge.words == "REPLAY"
    units = second.strips["units"]
    assert units.frame is window.unit_strip.frame
    tree = second.dock_area.panels["tree"]
    assert isinstance(tree, TreePanel)
    place = tree.tree.visualRect(tree.model.index_of("M3")).center()
    QTest.mouseClick(tree.tree.viewport(), LEFT, pos=place)
    assert window.selection.unit == "M3"
    assert window.unit_strip.cards["M3"].face.selected


def test_that_keys_do_in_the_second_window_what_they_do_in_the_first(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    session = show(window, plant.frame(plant.line()))
    second = second_of(window, qtbot)
    session.calls.clear()
    QTest.keyClick(second, Qt.Key.Key_Space)
    assert session.calls == [("toggle",)]
    QTest.keyClick(second, Qt.Key.Key_F11)
    assert second.isFullScreen()
    assert not second.shows.isVisible()
    assert not window.isFullScreen()
    go_to(window, qtbot)
    assert not window.commands.action("view.fullscreen").isChecked()
    go_to(second, qtbot)
    assert window.commands.action("view.fullscreen").isChecked()
    QTest.keyClick(second, Qt.Key.Key_F11)
    assert not second.isFullScreen()
    QTest.keyClick(second, Qt.Key.Key_W, CTRL | ALT)
    assert window.screens.windows == []
    assert window.view is not None  # the line goes on


def test_that_an_empty_window_offers_what_it_may_show(window: MainWindow, qtbot: QtBot) -> None:
    second = second_of(window, qtbot)
    button = next(b for b in second._empty.findChildren(type(second.shows)) if b.text() == "Timeline")
    QTest.mouseClick(button, LEFT)
    assert standing(second) == {"timeline"}
    assert not second._empty.isVisible()
    go_to(window, qtbot)
    window.commands.run("view.panel.timeline")
    assert "timeline" in standing(window)
    assert standing(second) == set()
    qtbot.waitUntil(second._empty.isVisible)


def test_that_a_panel_elsewhere_stays_there_whatever_is_arranged(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    press_move(window, "timeline")
    (second,) = window.screens.windows
    for command in ("view.preset.engineer", "view.preset.trainer", "view.reset", "view.preset.operator"):
        window.commands.run(command)
        assert "timeline" not in standing(window), command
    assert standing(second) == {"timeline"}
    menu = window.dock_area.createPopupMenu()
    assert menu is not None
    assert "Timeline" not in [action.text() for action in menu.actions() if action.isVisible()]
    window.use_theme("dark")
    assert second.grab().toImage().pixelColor(QPoint(8, 8)).name() == DARK.panel.lower()
    window.use_language("zh_CN")
    assert second.dock_area.docks["timeline"].windowTitle() == window.dock_area.docks["timeline"].windowTitle() == "时间轴"
    window.close_line()
    show(window, plant.frame(plant.line()))
    assert second.clock.text() == window.top_bar.clock.text()


def test_that_closing_the_second_window_brings_its_panels_home(window: MainWindow, qtbot: QtBot) -> None:
    before = standing(window)
    press_move(window, "timeline")
    (second,) = window.screens.windows
    second.close()
    assert standing(window) == before
    assert window.screens.here is window
    assert not window.settings.window.further


def test_that_windows_are_found_again_as_they_were_and_go_with_the_first(make_window: MakeWindow, show: Show, qtbot: QtBot) -> None:
    first = make_window(specs=SPECS)
    show(first, plant.frame(plant.line()))
    second = second_of(first, qtbot)
    for command in ("view.panel.timeline", "view.panel.sources", "window.strip.sentence"):
        first.commands.run(command)
    second.dock_area.docks["sources"].hide()
    second.setGeometry(100, 80, 900, 600)
    first.close()
    assert not second.isVisible()
    kept = settings_file.load()
    assert kept.problems == ()
    again = make_window(kept, specs=SPECS)
    show(again, plant.frame(plant.line()))
    (found,) = again.screens.windows
    assert found.geometry().getRect() == (100, 80, 900, 600)
    assert standing(found) == {"timeline"}
    assert set(found.dock_area.panels) == {"timeline", "sources"}
    assert set(found.strips) == {"sentence"}
    assert not standing(again) & {"timeline", "sources"}
    found.close()
    assert "timeline" in standing(again)
    again.close()
    assert settings_file.load().settings.window.further == {}


def test_that_a_kept_window_that_makes_no_sense_costs_only_itself(make_window: MakeWindow, show: Show, home: object) -> None:
    settings_file.save(settings_file.Settings())
    path = settings_file.settings_path()
    text = path.read_text(encoding="utf-8")
    odd = '{"1": {"screen": "gone", "place": [0, 0, -3, 9], "full": true, "strips": ["x"], "shows": ["y", "timeline"], "arrangement": {"docks": "!"}}}'
    path.write_text(text.replace('"further": {}', f'"further": {odd}'), encoding="utf-8")
    window = make_window(Loaded(settings_file.load().settings), specs=SPECS)
    show(window, plant.frame(plant.line()))
    (second,) = window.screens.windows
    assert standing(second) == {"timeline"}
    assert not second.isFullScreen()
    assert second.screen().availableGeometry().contains(second.geometry())


def test_that_the_hall_is_edited_where_it_stands(editing: Hand) -> None:
    window = editing.window
    editing.window.commands.run("edit.hall")
    window.screens.new()
    window.screens.toggle_panel("scene")
    window.screens.toggle_panel("tree")
    (second,) = window.screens.windows
    assert standing(second) == {"scene", "tree"}
    before = standing(window)
    window.commands.run("edit.hall")
    assert standing(second) == {"scene"}
    window.commands.run("edit.hall")
    assert standing(second) == {"scene", "tree"}
    assert standing(window) == before
