"""The language of the window: every word of ours and of Qt's, while it is open."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QMenu, QTabBar, QTableView, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.plant import FakeSession
from twin_app.model.frame import ALL, Changes, Frame
from twin_app.model.packml import State
from twin_app.text import LANGUAGES, _catalogue, tr
from ui.docks import DOCKS
from ui.language import use_language
from ui.main_window import MainWindow
from ui.palette import DARK
from ui.scene3d.worker import RenderWorker

Show = Callable[[MainWindow, Frame], FakeSession]


def _titles(window: MainWindow) -> list[str]:
    return [action.text() for action in window.top_bar.menu_bar.actions() if action.isVisible()]


def test_that_a_language_is_taken_while_the_window_is_open(window: MainWindow) -> None:
    assert _titles(window) == ["&File", "&Edit", "&Playback", "&Alarms", "&View", "&Help"]
    window.commands.run("view.language.zh_CN")
    assert _titles(window) == ["文件(&F)", "编辑(&E)", "播放(&P)", "报警(&A)", "视图(&V)", "帮助(&H)"]
    assert window.dock_area.docks["tree"].windowTitle() == "产线"
    assert window.commands.action("file.settings").text() == "设置…"
    window.commands.run("view.language.en")
    assert _titles(window) == ["&File", "&Edit", "&Playback", "&Alarms", "&View", "&Help"]


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


def _written(window: MainWindow) -> set[str]:
    """Return every word that any part of the window shows or tells a screen reader."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    found: set[str] = set()
    for part in (window, *window.findChildren(QWidget)):
        names = ("text", "title", "windowTitle", "placeholderText", "toolTip", "accessibleName")
        found |= {str(getattr(part, name)()) for name in names if callable(getattr(part, name, None))}
        found |= {action.text() for action in part.actions()}
        if isinstance(part, QTabBar):
            found |= {part.tabText(tab) for tab in range(part.count())}
        if isinstance(part, QComboBox):
            found |= {part.itemText(row) for row in range(part.count())}
        if isinstance(part, QTableView | QTreeView) and (model := part.model()) is not None:
            found |= {str(model.headerData(column, Qt.Orientation.Horizontal)) for column in range(model.columnCount(QModelIndex()))}
    for _, action in window.commands:
        found |= {action.text(), action.iconText(), action.toolTip()}
    return found


def test_that_nothing_is_left_in_the_other_language(
    make_window: Callable[..., MainWindow], show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RenderWorker, "submit", lambda _worker, _request: None)
    window = make_window(specs=DOCKS, size=(1600, 900))
    show(window, plant.frame(plant.line(), {"M2": State.ABORTED}))
    for key in window.dock_area.docks:
        window.dock_area.reveal(key)
    english = {words: chinese for words, chinese in _catalogue("zh_CN").items() if words != chinese}
    window.commands.run("view.language.zh_CN")
    assert _written(window) & english.keys() == set()
    window.commands.run("view.language.en")
    chinese = {words for words in _written(window) if re.search(r"[\u4e00-\u9fff]", words)}
    assert chinese == {LANGUAGES["zh_CN"]}, "a language is named in itself"


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


def test_that_qts_own_dialogs_speak_the_language_too_where_its_catalogue_is_silent(window: MainWindow) -> None:
    words = ("&Look in:", "Files of &type:", "Cancel")
    window.commands.run("view.language.zh_CN")
    assert [QCoreApplication.translate("QPlatformTheme" if word == "Cancel" else "QFileDialog", word) for word in words] == [
        "查找范围(&L)\uff1a", "文件类型(&T)\uff1a", "取消",
    ]  # fmt: skip
    window.commands.run("view.language.en")
    assert [QCoreApplication.translate("QFileDialog", word) for word in words] == list(words)
