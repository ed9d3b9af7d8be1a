"""Several lines on one screen: what a tile says, how lines are chosen and take turns, and that one that fails leaves the others alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.focus import faults
from tests.ui.shell import plant
from tests.ui.shell.plant import FakeSession
from twin_app.commands.overview import requests
from twin_app.errors import LayoutError, UsageError
from twin_app.model.frame import Mode
from twin_app.model.message import Status
from twin_app.model.packml import Category, State
from twin_app.model.story import Cause, CauseKind, Effect, Story
from twin_app.settings import Settings, changed
from twin_app.text import N_
from ui.app import open_watched
from ui.opening import OpenRequest
from ui.overview.glance import Glance, glance
from ui.overview.window import OverviewWindow

ROOT = Path(__file__).resolve().parents[3]
LAYOUT = ROOT / "models3d" / "lines" / "packaging.toml"
FIRST, SECOND = (unit.id for unit in plant.line().units[:2])
STOPPED = Story(
    at_ns=plant.NOW_NS, effect=Effect.STOPPED, lost=17.0,
    causes=(Cause(unit=SECOND, kind=CauseKind.FAILED, since_ns=plant.NOW_NS - 240 * 10**9, state=State.ABORTED),),
)  # fmt: skip


def session_of(request: OpenRequest) -> FakeSession:
    """Open a line by its layout's name: one that is well, one that stands, one that cannot be opened."""
    if request.layout.stem == "broken":
        raise LayoutError(N_("The layout is wrong."))
    of = plant.line()
    other: dict[str, Any] = {"story": STOPPED} if request.layout.stem == "stands" else {"story": Story(at_ns=plant.NOW_NS)}
    states: dict[str, State | None] = {SECOND: State.ABORTED} if other["story"].causes else {}
    return FakeSession(of, [plant.frame(of, states, **other)])


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., OverviewWindow]]:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))
    made: list[OverviewWindow] = []

    def window(*names: str, **other: Any) -> OverviewWindow:
        settings = changed(changed(Settings(), "look.theme", "light"), "look.language", "en")
        one = OverviewWindow([OpenRequest(layout=Path(f"{name}.toml")) for name in names], settings, session_of, **other)
        made.append(one)
        one.resize(1366, 768)
        with qtbot.waitExposed(one):
            one.show()
        one.activateWindow()
        qtbot.waitUntil(lambda: all(watched.frame or watched.glance.trouble for watched in one.watched))
        return one

    yield window
    for one in made:
        one.close()
        one.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_that_a_tile_says_what_ails_its_line_and_the_others_are_calm(make: Callable[..., OverviewWindow]) -> None:
    window = make("well", "stands")
    well, stands = (tile.glance for tile in window.tiles)
    assert (well.head, well.priority, well.mode) == ("Nothing is wrong on the line.", 0, "LIVE")
    assert well.oee == "74.3 %"  # 0.841 x 0.918 x 0.962
    assert "".join(c for c in well.good if c.isdigit() or c == "/") == "8412/15200"
    assert stands.priority == 1
    assert "Capper" in stands.head
    assert [state for state, _ in stands.states] == [State.EXECUTE, State.ABORTED, State.EXECUTE]


def test_that_a_line_that_cannot_be_opened_says_why_on_its_tile_alone(make: Callable[..., OverviewWindow]) -> None:
    window = make("broken", "well")
    assert "The layout is wrong." in window.tiles[0].glance.trouble
    assert window.tiles[1].glance.trouble == ""
    assert window.tiles[1].glance.head == "Nothing is wrong on the line."


def test_that_the_reason_why_a_line_cannot_be_opened_is_read_whole(make: Callable[..., OverviewWindow]) -> None:
    tile = make("well", "well").tiles[0]
    tile.resize(600, 330)
    long = "bottling.toml names no address for its sources. Give one: --source FILE or --source mqtt://host:port, or address in the layout."
    cut, whole = (Glance("bottling", trouble=words) for words in (long[:-20], long))
    pictures = []
    for shown in (cut, whole):
        tile.show_glance(shown)
        pictures.append(tile.grab().toImage())
    assert pictures[0] != pictures[1], "the last words are seen, too"


def test_that_a_wall_is_filled_where_no_window_manager_does_it(make: Callable[..., OverviewWindow]) -> None:
    window = make("well", "well")
    window.resize(600, 400)
    window.toggle_full_screen()
    assert window.geometry() == window.screen().geometry()
    window.toggle_full_screen()
    assert (window.width(), window.height()) == (600, 400)


def test_that_a_page_on_a_wall_says_whose_it_is_how_it_relates_to_the_plant_and_why_there_is_nothing(
    make: Callable[..., OverviewWindow], qtbot: QtBot
) -> None:
    window = make("broken", "well")
    window.toggle_full_screen()
    window.choose(1)
    head = window.pages[1].head
    assert head.title.isVisible()
    assert head.title.text() == f"2  {plant.line().title}"
    assert head.badge.words == "LIVE"
    assert head.time.text().endswith(" UTC+8")
    assert not any(panel.hasFocus() or panel.focusWidget() for panel in window.pages[1].panels if panel.isVisible())
    window.choose(0)
    assert "The layout is wrong." in window.pages[0].head.trouble.text()
    for full in (True, False):
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert window.isFullScreen() is full
    assert not window.bar.isHidden()


def test_that_a_lost_source_and_blind_time_are_said() -> None:
    of = plant.line()
    lost = plant.health(status=Status.DISCONNECTED)
    frame = plant.frame(of, {FIRST: None}, line_kpi=plant.kpi(blind_s=(plant.NOW_NS - plant.START_NS) / 4e9), health=(lost,))
    seen = glance(of, frame)
    assert "No connection to Hall broker" in seen.head
    assert seen.source == seen.head
    assert seen.priority == 2
    assert seen.blind == "25.0 % unknown"
    assert seen.states[0] == (None, Category.BLIND)


def test_that_what_is_not_live_says_so() -> None:
    of = plant.line()
    assert glance(of, plant.frame(of, mode=Mode.REPLAY)).mode == "REPLAY"


def test_that_a_line_is_chosen_by_number_click_and_enter_and_left_by_escape(make: Callable[..., OverviewWindow], qtbot: QtBot) -> None:
    window = make("well", "stands")
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_2)
    assert window.stack.currentIndex() == 2
    assert window.pages[1].panels[0].isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.stack.currentIndex() == 0
    QTest.mouseClick(window.tiles[0], Qt.MouseButton.LeftButton)
    assert window.stack.currentIndex() == 1
    QTest.keyClick(window, Qt.Key.Key_Right)
    assert window.stack.currentIndex() == 2
    window.choose(None)
    window.tiles[1].setFocus()
    QTest.keyClick(window.tiles[1], Qt.Key.Key_Return)
    assert window.stack.currentIndex() == 2


def test_that_lines_take_turns_and_a_choice_holds_them_up(make: Callable[..., OverviewWindow]) -> None:
    window = make("well", "stands", rotate_s=30.0)
    assert window.turning.isActive()
    seen = []
    for _ in range(4):
        window.turning.timeout.emit()
        seen.append(window.stack.currentIndex())
    assert seen == [1, 2, 0, 1]
    window.choose(1)
    assert not window.turning.isActive()
    window._resting.timeout.emit()
    assert window.turning.isActive()
    window.turn_button.toggle()
    assert not window.turning.isActive()


def test_that_a_line_is_handed_to_who_operates_it(make: Callable[..., OverviewWindow], qtbot: QtBot) -> None:
    window = make("well", "stands")
    window.choose(1)
    with qtbot.waitSignal(window.operated) as told:
        QTest.mouseClick(window.operate_button, Qt.MouseButton.LeftButton)
    assert told.args == [window.watched[1].request]


def test_that_lines_of_the_command_line_are_understood_and_too_many_are_refused() -> None:
    capture = ROOT / "sample_streams" / "packaging.jsonl"
    one, two = requests([f"{LAYOUT}={capture}", str(LAYOUT)], Settings())
    assert dict(one.addresses) == {"plant": str(capture)}
    assert dict(two.addresses) == {}
    with pytest.raises(UsageError):
        requests([str(LAYOUT)] * 37, Settings())


def test_that_a_line_whose_layout_is_wrong_stands_beside_the_others_and_says_what_is_wrong(tmp_path: Path) -> None:
    """Only where there is no other line nothing is opened."""
    broken = tmp_path / "broken.toml"
    broken.write_text("schema = 1\n[line\n", encoding="utf-8")
    well, wrong = requests([str(LAYOUT), str(broken)], Settings())
    assert (well.layout, wrong.layout) == (LAYOUT, broken)
    with pytest.raises(LayoutError):
        open_watched(wrong)
    with pytest.raises(LayoutError):
        requests([str(broken)], Settings())


@pytest.mark.parametrize("shown", [None, 1])
def test_that_tiles_and_pages_are_used_by_keys(make: Callable[..., OverviewWindow], qtbot: QtBot, shown: int | None) -> None:
    window = make("well", "stands")
    window.choose(shown)
    qtbot.waitUntil(window.isActiveWindow)
    met: set[QWidget] = set()
    assert faults(window, met) == set()
    assert len(met) >= 2
