"""The instructor's desk: what a person presses reaches the simulated line, and what the line does is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.simulate.conftest import row
from tests.ui.focus import faults
from twin_app.clock import SECOND_NS
from twin_app.model.equipment import MapRule, SourceSpec
from twin_app.simulate import FaultKind, Scenario
from twin_app.simulate.live import LiveRun
from twin_app.simulate.spec import SIZES
from ui.context import LineView
from ui.panels.instructor import KIND_WORDS, SIZE_WORDS, InstructorPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from tests.ui.panels.doubles import Plant, Stage


@pytest.fixture
def run() -> LiveRun:
    rule = MapRule(topic="S/{unit}/{tag...}", dialect="packml_tags")
    line = replace(row([2.0, 2.4, 2.0], [4, 4]), sources=(SourceSpec(id="plc", title="PLC", rules=(rule,)),))
    return LiveRun(line, Scenario(), seed=1, start_ns=0)


@pytest.fixture
def panel(put: Callable[..., tuple[InstructorPanel, Stage]], plant: Plant, run: LiveRun) -> InstructorPanel:
    made, _ = put(InstructorPanel, plant, 500, 400)
    made.open_line(LineView(run._simulation.line, plant.view.signals, plant.view.texts, run))
    return made


def press(panel: InstructorPanel, key: str) -> None:
    QTest.mouseClick(panel.buttons[key], Qt.MouseButton.LeftButton)


def choose(panel: InstructorPanel, kind: FaultKind, unit: str) -> None:
    panel.kinds.setCurrentIndex(panel.kinds.findData(str(kind)))
    panel.units.setCurrentIndex(panel.units.findData(unit))


def test_that_a_malfunction_is_triggered_listed_and_cleared(panel: InstructorPanel, run: LiveRun) -> None:
    run.advance(10 * SECOND_NS)
    choose(panel, FaultKind.STOP, "M2")
    press(panel, "trigger")
    assert [(fault.kind, fault.unit) for fault in run.status().active] == [("stop", "M2")]
    assert [panel.active.item(i).text() for i in range(panel.active.count())] == ["M2: Stop"]
    press(panel, "clear")
    assert run.status().active == ()
    assert panel.active.count() == 0


def test_that_only_units_are_offered_that_a_malfunction_can_befall(panel: InstructorPanel) -> None:
    offered = {}
    for kind in (FaultKind.STOP, FaultKind.BUFFER_JAM, FaultKind.SUPPLY_SHORTAGE, FaultKind.AGV_LOST, FaultKind.SENSOR_BIAS):
        panel.kinds.setCurrentIndex(panel.kinds.findData(str(kind)))
        offered[kind] = [panel.units.itemData(i) for i in range(panel.units.count())]
    assert offered == {
        FaultKind.STOP: ["M1", "M2", "M3"], FaultKind.BUFFER_JAM: ["M2", "M3"], FaultKind.SUPPLY_SHORTAGE: ["M1"],
        FaultKind.AGV_LOST: [], FaultKind.SENSOR_BIAS: [],
    }  # fmt: skip


def test_that_a_malfunction_is_as_large_as_the_instructor_says(panel: InstructorPanel, run: LiveRun) -> None:
    choose(panel, FaultKind.CYCLE_DRIFT, "M2")
    assert (panel.size_box.value(), panel.size_box.suffix(), panel.size_box.isHidden()) == (30.0, " % in an hour", False)
    panel.size_box.setValue(80.0)
    press(panel, "trigger")
    assert run._simulation.faults[-1].size == pytest.approx(0.8)
    choose(panel, FaultKind.STOP, "M2")
    assert panel.size_box.isHidden()
    press(panel, "trigger")
    assert run._simulation.faults[-1].size is None


def test_that_every_size_has_its_words() -> None:
    assert set(SIZE_WORDS) == {kind for kind, size in SIZES.items() if size}


def test_that_time_freezes_steps_and_runs_on(panel: InstructorPanel, run: LiveRun) -> None:
    run.advance(10 * SECOND_NS)
    press(panel, "freeze")
    run.advance(5 * SECOND_NS)
    assert run.status().ran_ns == 10 * SECOND_NS
    assert panel.remark.text() == "Frozen after 10 s"
    press(panel, "step")
    assert run.status().ran_ns > 10 * SECOND_NS
    press(panel, "run")
    stood_ns = run.status().ran_ns
    run.advance(5 * SECOND_NS)
    assert run.status().ran_ns == stood_ns + 5 * SECOND_NS


def test_that_the_line_is_put_back_to_the_chosen_snapshot(panel: InstructorPanel, run: LiveRun) -> None:
    assert not panel.buttons["back_track"].isEnabled() or panel.snapshots.count() == 0
    run.advance(10 * SECOND_NS)
    press(panel, "snapshot")
    run.advance(20 * SECOND_NS)
    clock_ns = run.now_ns()
    press(panel, "back_track")
    assert run.status().ran_ns == 10 * SECOND_NS
    assert run.now_ns() == clock_ns


def test_that_the_speed_chosen_is_the_lines(panel: InstructorPanel, run: LiveRun) -> None:
    index = panel.speed.findData(10.0)
    panel.speed.setCurrentIndex(index)
    panel.speed.activated.emit(index)
    run.advance(SECOND_NS)
    assert run.status().ran_ns == 10 * SECOND_NS


def test_that_the_selected_unit_is_the_one_offered(panel: InstructorPanel) -> None:
    panel.context.selection.select("M3")
    assert panel.units.currentData() == "M3"


def test_that_a_real_line_offers_nothing_to_press(put: Callable[..., tuple[InstructorPanel, Stage]], plant: Plant) -> None:
    panel, _ = put(InstructorPanel, plant)
    assert not any(button.isEnabled() for button in panel.buttons.values())
    assert "Only a simulated line can be instructed." in panel.remark.text()


def test_that_every_malfunction_has_its_words() -> None:
    assert set(KIND_WORDS) == set(FaultKind)


def test_that_the_desk_is_used_by_keys(panel: InstructorPanel, qtbot: QtBot) -> None:
    top = panel.window()
    top.activateWindow()
    qtbot.waitUntil(top.isActiveWindow)
    met: set[QWidget] = set()
    assert faults(top, met) == set()
    assert len(met) > 6
