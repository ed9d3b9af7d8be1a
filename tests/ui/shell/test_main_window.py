from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.conftest import REQUEST, MakeWindow
from tests.ui.shell.plant import FakeSession
from twin_app import settings as settings_file
from twin_app.arranged import Arrangement
from twin_app.clock import SECOND_NS, now_ns
from twin_app.errors import LayoutError
from twin_app.model.frame import Frame, Mode
from twin_app.model.message import Status
from twin_app.settings import Loaded, Settings, changed
from ui.main_window import MainWindow
from ui.opening import Login, OpenRequest
from ui.palette import DARK, LIGHT
from ui.widgets.badge import BORDER_PX

Show = Callable[[MainWindow, Frame], FakeSession]


def _edge(window: MainWindow) -> set[str]:
    """The colours of the window's left edge."""
    image = window.grab().toImage()
    x = BORDER_PX // 2
    return {image.pixelColor(x, y).name() for y in range(BORDER_PX, window.height() - BORDER_PX)}


def _press(qtbot: QtBot, window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(window, key, held)


CTRL = Qt.KeyboardModifier.ControlModifier


# -- nothing open ------------------------------------------------------------------------------------------------


def test_that_a_window_without_a_line_says_so_and_offers_ways_on(window: MainWindow) -> None:
    assert window.welcome.isVisible()
    assert not window.dock_area.isVisible()
    assert window.top_bar.badge.words == "NO LINE"
    ways = [b.text() for b in window.welcome.findChildren(QPushButton) if b.isVisible()]
    assert ways == ["Open layout…", "Connect to a plant…", "Discover a broker…"]


def test_that_the_sample_is_offered_where_there_is_one_and_plays_when_pressed(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(sample=replace(REQUEST, sample=True))
    button = next(b for b in window.welcome.findChildren(QPushButton) if b.text() == "Play the sample line")
    with qtbot.waitSignal(window.bridge.frame_ready):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.top_bar.line.text() == "Bottling 2"
    assert settings_file.load().settings.opened.layout == ""


# -- what is shown -----------------------------------------------------------------------------------------------


def test_that_a_live_line_shows_its_name_time_with_offset_and_health(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line()))
    bar = window.top_bar
    assert (bar.line.text(), bar.badge.words) == ("Bottling 2", "LIVE")
    assert (bar.date.text(), bar.clock.text(), bar.zone.text()) == ("2026-11-23", "10:16:19", "UTC+8")
    assert "Hall broker connected · 1\u2009284 msg/s" in bar.health.text()
    assert window.windowTitle() == "Bottling 2 – twin-app"


def test_that_nothing_is_lit_at_the_start_and_space_plays(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    show(window, plant.frame(plant.line()))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.focusWidget() is window


def test_that_a_part_of_the_health_keeps_its_width_while_only_its_figures_change(window: MainWindow) -> None:
    line = window.top_bar.health
    line.resize(900, 20)
    long, label = ["ok", "nothing received yet", "refused 0"], line._labels[1]
    line.show_parts(long, alarmed=False)
    line.show_parts(["ok", "newest 12 s", "refused 0"], alarmed=False)
    worded = label.sizeHint().width()
    assert worded == label.fontMetrics().horizontalAdvance(label.text()) + 2 * label.margin()
    line.show_parts(["ok", "newest 9 s", "refused 0"], alarmed=False)
    assert label.sizeHint().width() == worded


def test_that_a_health_that_stays_the_same_takes_its_new_place_in_larger_letters(window: MainWindow, qtbot: QtBot) -> None:
    line = window.top_bar.health
    line.resize(900, 20)
    line.show_parts(["Hall broker connected", "refused 0"], alarmed=False)
    small = line._labels[0].width()
    for _ in range(4):
        window.enlarge_text()
    line.show_parts(["Hall broker connected", "refused 0"], alarmed=False)
    qtbot.waitUntil(lambda: line._labels[0].width() > 1.2 * small)
    assert line._labels[0].width() == line._labels[0].sizeHint().width()


def test_that_only_what_is_not_live_puts_a_frame_round_the_window(window: MainWindow, show: Show) -> None:
    live = plant.frame(plant.line())
    show(window, live)
    assert _edge(window) == {LIGHT.window.lower()}
    show(window, replace(live, mode=Mode.REPLAY))
    assert _edge(window) == {LIGHT.selection.lower()}
    show(window, replace(live, mode=Mode.LOOK_BACK))
    assert LIGHT.window.lower() in _edge(window)  # striped: a live plant goes on behind
    assert len(_edge(window)) > 1


@pytest.mark.parametrize(
    ("mode", "speed", "back_s", "words"),
    [
        (Mode.LIVE, 1.0, 0, "LIVE"),
        (Mode.REPLAY, 16.0, 0, "REPLAY 16×"),
        (Mode.REPLAY, -2.0, 0, "REPLAY −2×"),
        (Mode.REPLAY, 1.0, 0, "REPLAY"),
        (Mode.SAMPLE, 1.0, 0, "SAMPLE"),
        (Mode.SAMPLE, 0.5, 0, "SAMPLE 0.5×"),
        (Mode.LOOK_BACK, 1.0, 754, "LIVE −12 min 34 s"),
    ],
)
def test_that_the_badge_never_leaves_the_mode_in_doubt(
    window: MainWindow, show: Show, mode: Mode, speed: float, back_s: int, words: str
) -> None:
    show(window, replace(plant.frame(plant.line()), mode=mode, speed=speed, at_ns=plant.NOW_NS - back_s * SECOND_NS))
    assert window.top_bar.badge.words == words


@pytest.mark.allow_logs
def test_that_a_lost_source_is_said_with_since_when_and_goes_by_itself(
    window: MainWindow, show: Show, caplog: pytest.LogCaptureFixture
) -> None:
    well = plant.frame(plant.line())
    lost = plant.health(
        status=Status.DISCONNECTED, since_ns=now_ns() - 134 * SECOND_NS, error="The broker closed the connection. Check its log."
    )
    show(window, well)
    assert window.notices.texts() == []
    show(window, replace(well, health=(lost,)))
    (banner,) = window.notices.texts()
    assert banner.startswith("No connection to Hall broker for 2 min 1")
    assert "shown as stale" in banner
    assert banner.endswith("The broker closed the connection. Check its log.")
    assert window.notices.isVisible()
    show(window, replace(well, health=(lost,), at_ns=well.at_ns + SECOND_NS))
    show(window, well)
    assert window.notices.texts() == []
    assert not window.notices.isVisible()
    assert len([r for r in caplog.records if "Hall broker" in r.message]) == 1


def test_that_choosing_a_machine_in_the_tree_marks_its_card_and_the_other_way_round(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    from ui.panels.tree import TreePanel

    show(window, plant.frame(plant.line()))
    window.dock_area.reveal("tree")
    tree = window.dock_area.panels["tree"]
    assert isinstance(tree, TreePanel)
    place = tree.tree.visualRect(tree.model.index_of("M3")).center()
    QTest.mouseClick(tree.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.selection.unit == "M3"
    assert window.unit_strip.cards["M3"].face.selected
    QTest.mouseClick(window.unit_strip.cards["M1"], Qt.MouseButton.LeftButton)
    assert tree.tree.selectionModel().selectedIndexes()[0].data() == "Filler"
    assert not window.unit_strip.cards["M3"].face.selected


# -- errors ------------------------------------------------------------------------------------------------------


@pytest.mark.allow_logs
def test_that_a_wrong_layout_is_said_and_what_was_open_stays_open(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    session = show(window, plant.frame(plant.line()))

    def refuse(_request: OpenRequest) -> FakeSession:
        raise LayoutError("The layout is wrong.", findings=("line 7, unit: found 3, a text is wanted",))

    window._opener = refuse
    assert not window.open_line(REQUEST)
    assert window.notices.texts() == ["The layout is wrong. line 7, unit: found 3, a text is wanted"]
    assert window.bridge.session is session
    close = next(b for b in window.notices.findChildren(QToolButton) if b.text() == "✕")
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert window.notices.texts() == []


@pytest.mark.allow_logs
def test_that_a_session_that_breaks_down_leaves_a_sentence_and_no_traceback(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    session = show(window, plant.frame(plant.line()))
    session.fails = ZeroDivisionError("division by zero")
    with qtbot.waitSignal(window.bridge.failed):
        pass
    (banner,) = window.notices.texts()
    assert "division by zero" in banner
    assert "stays recorded" in banner
    assert "Traceback" not in banner


@pytest.mark.allow_logs
def test_that_settings_that_could_not_be_read_are_said(make_window: MakeWindow, settings: Settings) -> None:
    window = make_window(Loaded(settings, ("Setting look.theme cannot be pink; its default is used.",)))
    assert window.notices.texts() == ["Setting look.theme cannot be pink; its default is used."]


# -- looks -------------------------------------------------------------------------------------------------------


def _menu_titles(window: MainWindow) -> list[str]:
    return [action.text() for action in window.top_bar.menu_bar.actions() if action.isVisible()]


def test_that_the_theme_switches_at_once_and_is_kept(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line()))
    window.commands.run("view.theme.dark")
    assert window.theme.palette is DARK
    corner = window.grab().toImage().pixelColor(BORDER_PX + 2, BORDER_PX + 2)
    assert corner == QColor(DARK.panel)
    assert settings_file.load().settings.look.theme == "dark"
    assert window.commands.action("view.theme.dark").isChecked()
    assert not window.commands.action("view.theme.light").isChecked()


def test_that_the_language_switches_while_the_line_runs(window: MainWindow, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    from twin_app import text

    words = {"File": "文件", "No data": "无数据", "Hall": "车间", "LIVE": "实时"}
    monkeypatch.setattr(text, "_catalogue", lambda code: words if code == "zh_CN" else {})
    show(window, plant.frame(plant.line(), {"M1": None}))
    window.commands.run("view.language.zh_CN")
    assert _menu_titles(window)[0] == "文件(&F)"
    assert window.unit_strip.cards["M1"].face.state == "无数据"
    show(window, plant.frame(plant.line()))
    assert window.top_bar.badge.words == "实时"
    window.commands.run("view.language.en")
    assert _menu_titles(window)[0] == "&File"


def test_that_text_grows_and_shrinks_by_keys_within_its_bounds(window: MainWindow, qtbot: QtBot) -> None:
    height = window.top_bar.clock.sizeHint().height()
    for _ in range(3):
        _press(qtbot, window, Qt.Key.Key_Plus, CTRL)
    assert window.settings.look.text_scale == pytest.approx(1.3)
    assert window.top_bar.clock.sizeHint().height() > height
    for _ in range(20):
        _press(qtbot, window, Qt.Key.Key_Minus, CTRL)
    assert window.settings.look.text_scale == pytest.approx(0.8)


def test_that_f11_fills_the_wall_without_menus_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    _press(qtbot, window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert not window.top_bar.menu_bar.isVisible()
    _press(qtbot, window, Qt.Key.Key_F11)
    assert not window.isFullScreen()
    assert window.top_bar.menu_bar.isVisible()


def test_that_every_command_of_a_menu_stands_in_it(window: MainWindow) -> None:
    standing = {action.objectName() for menu in window.top_bar.menu_bar.findChildren(QMenu) for action in menu.actions()}
    assert {command.id for command, _ in window.commands if command.menu} <= standing


# -- arrangement -------------------------------------------------------------------------------------------------


def test_that_presets_show_what_their_role_needs(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    show(window, plant.frame(plant.line()))
    assert window.dock_area.docks["tree"].isHidden()
    _press(qtbot, window, Qt.Key.Key_3, CTRL)
    assert window.dock_area.docks["tree"].isVisible()
    assert window.top_bar.preset.text() == "Engineer ▾"
    _press(qtbot, window, Qt.Key.Key_1, CTRL)
    assert window.dock_area.docks["tree"].isHidden()
    assert settings_file.load().settings.look.preset == "operator"


def test_that_an_arrangement_is_kept_per_role_and_found_again_at_the_next_start(make_window: MakeWindow, show: Show) -> None:
    first = make_window()
    show(first, plant.frame(plant.line()))
    first.commands.run("view.panel.sources")
    assert first.dock_area.docks["sources"].isVisible()
    first.commands.run("view.preset.engineer")
    first.commands.run("view.panel.tree")
    first.close()
    second = make_window(settings_file.load())
    show(second, plant.frame(plant.line()))
    assert second.dock_area.docks["tree"].isHidden()
    second.commands.run("view.preset.operator")
    assert not second.dock_area.docks["sources"].isHidden()
    second.commands.run("view.reset")
    assert second.dock_area.docks["sources"].isHidden()


@pytest.mark.parametrize("docks", ["", "!!! no base 64", "AAAA", base64.b64encode(b"\x00\x00\x00\xff" * 40).decode()])
def test_that_an_arrangement_that_cannot_be_read_gives_the_preset_as_designed(
    make_window: MakeWindow, show: Show, settings: Settings, docks: str
) -> None:
    spoiled = changed(settings, "window.arrangements", {"operator": Arrangement(docks=docks, panels={"tree": {"x": [1]}})})
    spoiled = changed(spoiled, "window.geometry", docks)
    window = make_window(Loaded(spoiled))
    show(window, plant.frame(plant.line()))
    assert window.dock_area.docks["tree"].isHidden()
    window.commands.run("view.panel.tree")
    assert window.dock_area.docks["tree"].isVisible()


def test_that_a_window_kept_from_a_larger_screen_fits_this_one(make_window: MakeWindow, settings: Settings) -> None:
    first = make_window(size=(1600, 900))
    first.close()
    kept = settings_file.load().settings
    window = make_window(Loaded(kept))
    available = window.screen().availableGeometry()
    assert available.contains(window.geometry().center())
    assert window.width() <= available.width()


def test_that_the_tree_gives_way_on_a_small_screen_unless_a_person_wants_it(
    make_window: MakeWindow, show: Show, settings: Settings, qtbot: QtBot
) -> None:
    window = make_window(Loaded(changed(settings, "look.preset", "engineer")), size=(1700, 900))
    show(window, plant.frame(plant.line()))
    tree = window.dock_area.docks["tree"]
    assert tree.isVisible()
    window.resize(1366, 768)
    qtbot.waitUntil(tree.isHidden)
    window.resize(1700, 900)
    qtbot.waitUntil(tree.isVisible)
    window.resize(1366, 768)
    qtbot.waitUntil(tree.isHidden)
    window.commands.run("view.panel.tree")
    window.resize(1360, 760)
    assert tree.isVisible()


def test_that_the_window_shrinks_to_the_smallest_screen(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line()))
    assert window.minimumSizeHint().width() <= 1366
    assert window.minimumSizeHint().height() <= 768


def test_that_figures_do_not_move_their_neighbours(window: MainWindow, show: Show) -> None:
    frame = plant.frame(plant.line())
    show(window, frame)
    before = {key: cell.geometry() for key, cell in window.kpi_strip.cells.items()}
    show(
        window,
        replace(
            frame, figures=plant.figures(plant.line(), plant.kpi(good=1.0, oee_index=0.01, oee_low=0.01, oee_high=1.0, blind_s=9999.0))
        ),
    )
    assert {key: cell.geometry() for key, cell in window.kpi_strip.cells.items()} == before


# -- what is kept ------------------------------------------------------------------------------------------------


def test_that_the_next_start_knows_layout_and_sources_and_no_password(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    logins = {"broker": Login(username="anna", password="correct horse", tls_ca="ca.pem")}  # noqa: S106 - what must not be kept
    request = OpenRequest(layout=Path("/plant/bottling_2.toml"), addresses={"broker": "mqtt://plant:1883"}, logins=logins)
    with qtbot.waitSignal(window.bridge.frame_ready):
        window.open_line(request)
    opened = settings_file.load().settings.opened
    assert Path(opened.layout) == Path("/plant/bottling_2.toml").absolute()
    assert opened.addresses == {"broker": "mqtt://plant:1883"}
    assert opened.usernames == {"broker": "anna"}
    assert opened.tls_ca == {"broker": "ca.pem"}
    assert "correct horse" not in (home / "settings.json").read_text()


@pytest.mark.allow_logs
def test_that_settings_that_cannot_be_saved_are_said_and_hold(window: MainWindow, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(settings_file, "save", full)
    window.use_theme("dark")
    assert window.theme.palette is DARK
    assert window.notices.texts()[0].startswith("The settings could not be saved: No space left on device.")


def test_that_closing_the_window_closes_the_line(window: MainWindow, show: Show) -> None:
    session = show(window, plant.frame(plant.line()))
    window.close()
    assert session.calls[-1] == ("close",)
