"""Curves of any numbers: what is offered, drawn, read at one cursor, moved, dragged in and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.panels.doubles import Plant, Stage, at
from twin_app.clock import SECOND_NS
from twin_app.model.plan import BreakSpan, ShiftSpan
from ui.curves.wanted import RATE, Wanted, to_mime
from ui.palette import DARK, LIGHT
from ui.panels.curves import CurvesPanel
from ui.plots.curve_ink import LINES, ON_DARK, ON_LIGHT, CurveInk

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from ui.curves.bar import Bar
    from ui.plots.curve_stack import CurveStack

HEAT, PRESSURE = Wanted("Filler", "Temperature"), Wanted("Filler", "Pressure")
OEE = Wanted("", "oee_index", kpi=True)


@pytest.fixture
def curves(put: Any, plant: Plant) -> tuple[CurvesPanel, Stage]:
    plant.say("Filler", "Temperature", (0, 70.0), (40, 75.0), (80, 72.5), unit_of_measure="°C")
    plant.say("Capper", "Temperature", (0, 20.0), (50, 21.0), unit_of_measure="°C")
    plant.say("Filler", "Pressure", (0, 2.0), (90, 2.5), unit_of_measure="bar")
    plant.say_text("Filler", "Recipe", (0, "still"))
    panel, stage = put(CurvesPanel, plant, 900, 420)
    panel.offer(plant.frame(100.0))
    return panel, stage


def parts(panel: CurvesPanel) -> tuple[Bar, CurveStack]:
    assert panel.bar is not None
    assert panel.stack is not None
    return panel.bar, panel.stack


def chip(panel: CurvesPanel, wanted: Wanted) -> str:
    return parts(panel)[0].chips[wanted].text().strip()


def viewport(panel: CurvesPanel, measure: str) -> QWidget:
    found: QWidget = parts(panel)[1].plots[measure]._plot.viewport()
    return found


def test_that_numbers_and_kpis_are_offered_and_words_are_not(curves: tuple[CurvesPanel, Stage]) -> None:
    titles = [one.title for one in curves[0]._offered]
    assert "Bottling · OEE" in titles
    assert "Filler · Temperature" in titles
    assert "Capper · Rate" in titles
    assert not [title for title in titles if "Recipe" in title]


def test_that_a_curve_is_added_by_typing_its_name(curves: tuple[CurvesPanel, Stage]) -> None:
    panel, _ = curves
    picker = parts(panel)[0].picker
    edit = picker.lineEdit()
    assert edit is not None
    QTest.keyClicks(edit, "filler · press")
    completer = picker.completer()
    assert completer is not None
    assert completer.currentCompletion() == "Filler · Pressure"
    completer.activated.emit(completer.currentCompletion())
    assert panel.curves == [PRESSURE]
    panel._update()
    assert chip(panel, PRESSURE) == "Filler · Pressure  2.5 bar"


def test_that_each_unit_of_measure_has_a_plot_and_the_cursor_reads_all_of_them(curves: tuple[CurvesPanel, Stage]) -> None:
    panel, _ = curves
    for one in (HEAT, PRESSURE, Wanted("Capper", "Temperature")):
        panel.add(one)
    panel._update()
    bar, stack = parts(panel)
    assert list(stack.plots) == ["°C", "bar"]
    assert chip(panel, HEAT) == "Filler · Temperature  72.5 °C"  # at the playhead, 100 s
    stack.plots["bar"].hovered.emit(at(45))
    assert (chip(panel, HEAT), chip(panel, PRESSURE)) == ("Filler · Temperature  75 °C", "Filler · Pressure  2 bar")
    assert bar.when.text()
    assert all(plot._cursor.isVisible() for plot in stack.plots.values())
    stack.plots["bar"].hovered.emit(None)
    assert chip(panel, HEAT) == "Filler · Temperature  72.5 °C"
    assert not bar.when.text()


def test_that_nothing_is_drawn_or_read_beyond_the_playhead(curves: tuple[CurvesPanel, Stage], plant: Plant) -> None:
    panel, _ = curves
    panel.add(HEAT)
    panel.offer(plant.frame(60.0))
    panel._update()
    _, stack = parts(panel)
    points = stack.points(HEAT)
    assert points is not None
    assert points[0].max() == at(60)
    stack.hovered.emit(at(95))
    assert chip(panel, HEAT) == "Filler · Temperature  75 °C"


def test_that_kpis_begin_anew_with_each_shift(curves: tuple[CurvesPanel, Stage], plant: Plant) -> None:
    """Filler runs from 6 to 60 and from 80 s. At 100 s the second shift, from 70 s on, has run 20 of 30 s."""
    rest = BreakSpan("rest", at(62), at(66))
    plant.shifts = [ShiftSpan("Early", at(0), at(70), (rest,)), ShiftSpan("Late", at(70), at(140), ())]
    panel, _ = curves
    panel.add(OEE)
    panel._update()
    panel._update()
    points = parts(panel)[1].points(OEE)
    assert points is not None
    times, values = points
    late = np.flatnonzero(times > at(70))
    assert values[times == at(100)][0] == pytest.approx(20 / 30 * 0.9 * 0.96 * 100)
    assert np.isnan(values[late[0] - 1]), "a gap lies between shifts"


def test_that_a_shift_that_is_over_is_asked_for_once(curves: tuple[CurvesPanel, Stage], plant: Plant) -> None:
    plant.shifts = [ShiftSpan("Early", at(0), at(70), ()), ShiftSpan("Late", at(70), at(140), ())]
    panel, stage = curves
    panel.add(OEE)
    panel._update()
    panel._update()
    before = stage.query.count("trend")
    panel._update()
    assert stage.query.count("trend") == before + 1


def test_that_the_wheel_zooms_about_the_mouse_and_stops_following(curves: tuple[CurvesPanel, Stage], plant: Plant) -> None:
    panel, _ = curves
    panel.add(HEAT)
    bar, _stack = parts(panel)
    port = viewport(panel, "°C")
    plot = parts(panel)[1].plots["°C"]
    middle = port.width() // 2
    start, end = panel._window
    under = plot.at(middle)
    for turned, wanted in ((120, 1 / 1.25), (-120, 1.25)):
        before = panel._window
        event = QWheelEvent(
            QPointF(middle, 20), QPointF(port.mapToGlobal(QPoint(middle, 20))), QPoint(), QPoint(0, turned), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(port, event)
        assert (panel._window[1] - panel._window[0]) / (before[1] - before[0]) == pytest.approx(wanted)
        assert plot.at(middle) == pytest.approx(under, abs=(end - start) / 300)
    assert not bar.follow.isChecked()
    kept = panel._window
    panel.offer(plant.frame(110.0))
    assert panel._window == kept
    QTest.mouseClick(bar.follow, Qt.MouseButton.LeftButton)
    assert panel._window[1] == at(110)


def test_that_dragging_moves_and_a_click_seeks(curves: tuple[CurvesPanel, Stage]) -> None:
    panel, stage = curves
    panel.add(HEAT)
    port, plot = viewport(panel, "°C"), parts(panel)[1].plots["°C"]
    start, end = panel._window
    per_px = (plot.at(400) - plot.at(300)) / 100
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(300, 40))
    QTest.mouseMove(port, QPoint(350, 40))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(350, 40))
    assert panel._window[0] - start == pytest.approx(-50 * per_px, rel=0.03)
    assert panel._window[1] - panel._window[0] == end - start
    assert stage.deck.sought_s == []
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(400, 40))
    assert stage.deck.sought_s == [pytest.approx((plot.at(400) - at(0)) / SECOND_NS)]


def test_that_signals_are_dropped_in_and_nonsense_is_not(curves: tuple[CurvesPanel, Stage]) -> None:
    panel, _ = curves
    data = to_mime([HEAT, Wanted("Filler", "Recipe"), Wanted("Nobody", "Temperature")])
    drop = QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    panel.dropEvent(drop)
    assert panel.curves == [HEAT]


def test_that_a_curve_is_hidden_by_a_click_and_taken_away_by_delete(curves: tuple[CurvesPanel, Stage]) -> None:
    panel, _ = curves
    panel.add(HEAT)
    panel.add(PRESSURE)
    bar, stack = parts(panel)
    QTest.mouseClick(bar.chips[HEAT], Qt.MouseButton.LeftButton)
    assert list(stack.plots) == ["bar"]
    assert panel.curves == [HEAT, PRESSURE]
    bar.chips[HEAT].setFocus()
    QTest.keyClick(bar.chips[HEAT], Qt.Key.Key_Delete)
    assert panel.curves == [PRESSURE]
    assert list(bar.chips) == [PRESSURE]


def test_that_curves_and_length_are_kept(curves: tuple[CurvesPanel, Stage], put: Any, plant: Plant) -> None:
    panel, _ = curves
    for one in (HEAT, OEE, Wanted("Capper", RATE, kpi=True)):
        panel.add(one)
    parts(panel)[0].length.setCurrentIndex(1)
    other, _ = put(CurvesPanel, plant, 900, 420)
    other.restore(panel.save())
    other.offer(plant.frame(100.0))
    assert other.curves == panel.curves
    assert other._window == (at(100) - 300 * SECOND_NS, at(100))
    other.restore({"curves": [["Filler"], 3, ["Filler", "Temperature", "yes"]], "length_s": "long"})
    assert other.curves == []


def test_that_inks_stay_apart(qtbot: QtBot) -> None:
    for palette, hues in ((LIGHT, ON_LIGHT), (DARK, ON_DARK)):
        pens = {(CurveInk(i).pen(palette).color().name(), CurveInk(i).pen(palette).style()) for i in range(len(hues) * len(LINES))}
        assert len(pens) == len(hues) * len(LINES)
        assert min(_contrast(hue, palette.panel) for hue in hues) >= 3.0


def _contrast(one: str, other: str) -> float:
    """Return the ratio of luminances (WCAG 2.2, relative luminance)."""

    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
