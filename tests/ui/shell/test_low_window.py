"""In a low window the alarms keep their rows: what stands above and below them gives way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.conftest import REQUEST
from tests.ui.shell.plant import FakeSession
from twin_app.model.alarm import Alarm, AlarmNow, AlarmPicture, AlarmState, Form
from twin_app.model.frame import Frame
from twin_app.model.packml import State
from twin_app.settings import Loaded, Settings, changed
from ui.alarms.entries import By
from ui.docks import DOCKS
from ui.main_window import MainWindow

ROWS = 3
AS_FROM_768_PX_M = 2.13
"""From so far a display of the tests' 1080 rows asks for letters of so many pixels as one of 768 of the same size does from 3 m."""
PANELS = tuple(spec for spec in DOCKS if spec.key in {"alarms", "timeline", "stops", "inspector"})


def flood() -> Frame:
    """Return a stop of a line of sixteen with thirty alarms of the last minute."""
    frame = plant.frame(plant.line(tuple(f"Machine {n}" for n in range(1, 17))), {"M3": State.ABORTED})
    listed = tuple(
        AlarmNow(
            alarm=Alarm(key=f"M{1 + n % 16}/Jam{n}", unit=f"M{1 + n % 16}", name=f"Jam{n}", form=Form.SIGNAL, text=f"Jam at gate {n}"),
            state=AlarmState.UNACKNOWLEDGED, since_ns=frame.at_ns - n * 10**9, changed_ns=frame.at_ns - n * 10**9, count=1, active=True,
        )
        for n in range(30)
    )  # fmt: skip
    picture = AlarmPicture(
        listed=listed, counts=(0, 0, 30, 0), unacknowledged=(0, 0, 30, 0), rate=30, flood_since_ns=frame.at_ns - 60 * 10**9
    )
    return replace(frame, alarms=picture)


def rows_seen(window: MainWindow) -> int:
    """Return how many lines of the list are wholly seen on the screen, whatever lies over it."""
    panel = window.dock_area.panels["alarms"]
    table = panel.tables[0]  # type: ignore[attr-defined]  # the alarms' panel
    seen = table.viewport().visibleRegion().boundingRect()
    return sum(seen.contains(table.visualRect(table.rows.index(row, By.TEXT))) for row in range(table.rows.rowCount()))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("preset", ["operator", "trainer", "engineer"])
def test_that_a_flood_is_listed_in_a_low_window_however_large_the_text(
    make_window: Callable[..., MainWindow], settings: Settings, qtbot: QtBot, preset: str, language: str
) -> None:
    for key, value in (("look.preset", preset), ("look.language", language), ("look.distance_m", AS_FROM_768_PX_M)):
        settings = changed(settings, key, value)
    frame = flood()
    of = plant.line(tuple(f"Machine {n}" for n in range(1, 17)))
    window = make_window(Loaded(settings), size=(1366, 768), specs=PANELS, opener=lambda _request: FakeSession(of, [frame]))
    with qtbot.waitSignal(window.bridge.frame_ready):
        window.open_line(REQUEST)
    for scale in (1.0, 1.4, 1.6):
        window.change_settings(changed(window.settings, "look.text_scale", scale))
        window.dock_area.reset()
        qtbot.waitUntil(lambda: rows_seen(window) >= ROWS)
        assert window.height() <= 768


def test_that_a_low_window_gives_up_a_line_of_cards_and_the_remarks_but_loses_nothing(
    make_window: Callable[..., MainWindow], settings: Settings, qtbot: QtBot
) -> None:
    of = plant.line(tuple(f"Machine {n}" for n in range(1, 17)))
    window = make_window(Loaded(settings), size=(1366, 1000), opener=lambda _request: FakeSession(of, [plant.frame(of)]))
    with qtbot.waitSignal(window.bridge.frame_ready):
        window.open_line(REQUEST)
    strip, good = window.unit_strip, window.kpi_strip.cells["oee"]
    assert (len(strip.pieces), good.remark.isHidden()) == (16, False)
    window.resize(1366, 600)
    qtbot.waitUntil(good.remark.isHidden)
    assert len({card.y() for card in strip.pieces}) == 1
    assert sum(len(piece.units) for piece in strip.pieces.values()) == 16
    assert "Effectiveness" in good.toolTip() or "effectiveness" in good.toolTip()
    window.resize(1366, 1000)
    qtbot.waitUntil(lambda: not good.remark.isHidden())
    assert len(strip.pieces) == 16


def test_that_the_trainers_timeline_keeps_the_room_that_the_alarms_do_not_need(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    of = plant.line(tuple(f"Machine {n}" for n in range(1, 17)))
    window = make_window(specs=PANELS, size=(1366, 768), opener=lambda _request: FakeSession(of, [flood()]))
    with qtbot.waitSignal(window.bridge.frame_ready):
        window.open_line(REQUEST)
    docks = window.dock_area
    window.use_preset("trainer")
    share = docks.preset.bottom * docks.height()
    qtbot.waitUntil(lambda: docks.docks["timeline"].height() > 0.9 * share and rows_seen(window) >= ROWS)
