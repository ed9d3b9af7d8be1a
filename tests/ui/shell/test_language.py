"""The language of the window: every word of ours and of Qt's, while it is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.plant import FakeSession
from twin_app.model.frame import ALL, Changes, Frame
from twin_app.text import tr
from ui.language import use_language
from ui.main_window import MainWindow
from ui.palette import DARK

Show = Callable[[MainWindow, Frame], FakeSession]


def _titles(window: MainWindow) -> list[str]:
    return [action.text() for action in window.top_bar.menu_bar.actions() if action.isVisible()]


def test_that_a_language_is_taken_while_the_window_is_open(window: MainWindow) -> None:
    assert _titles(window) == ["File", "Edit", "Alarms", "View", "Help"]
    window.commands.run("view.language.zh_CN")
    assert _titles(window) == ["文件", "编辑", "报警", "视图", "帮助"]
    assert window.dock_area.docks["tree"].windowTitle() == "产线"
    assert window.commands.action("file.settings").text() == "设置…"
    window.commands.run("view.language.en")
    assert _titles(window) == ["File", "Edit", "Alarms", "View", "Help"]


def test_that_while_time_stands_every_figure_is_worded_and_coloured_anew(window: MainWindow, show: Show) -> None:
    """The newest frame says of itself that nothing but the sources has changed."""
    still = plant.frame(plant.line(), line_kpi=plant.kpi(effectiveness=1.042), changes=Changes(health=True), playing=False)
    show(window, replace(still, changes=ALL))
    show(window, still)
    window.commands.run("view.language.zh_CN")
    window.commands.run("view.theme.dark")
    assert window.top_bar.badge.words == "实时"
    assert "已连接" in window.top_bar.health.text()
    cell = window.kpi_strip.cells["oee"]
    assert cell.title.text() == "本班 OEE，自 06:00"
    assert "超过理想值" in cell.remark.text()
    assert DARK.priority[2] in cell.remark.text()


def test_that_qts_own_words_follow(window: MainWindow) -> None:
    window.commands.run("view.language.zh_CN")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    window.commands.run("view.language.en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_that_menus_of_another_language_do_not_pile_up(window: MainWindow, qtbot: QtBot) -> None:
    menus = len(window.top_bar.menu_bar.findChildren(QMenu))
    for _ in range(3):
        window.commands.run("view.language.zh_CN")
        window.commands.run("view.language.en")
    qtbot.waitUntil(lambda: len(window.top_bar.menu_bar.findChildren(QMenu)) == menus)


@pytest.mark.parametrize(("asked", "shown"), [("zh_CN", "已保持"), ("en", "Held")])
def test_that_a_window_left_to_the_system_speaks_what_the_environment_asks_for(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, asked: str, shown: str
) -> None:
    monkeypatch.setenv("TWIN_APP_LANGUAGE", asked)
    use_language("system")
    assert tr("Held") == shown
    use_language("en")
