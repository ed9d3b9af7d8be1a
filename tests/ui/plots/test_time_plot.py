"""One plot over time, looked at as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from ui.context import Theme
from ui.palette import DARK, LIGHT
from ui.plots.axes import round_step
from ui.plots.time_plot import Ink, TimePlot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

S = 1_000_000_000
T0 = 1_795_425_957 * S


@pytest.fixture
def plot(qtbot: QtBot) -> Iterator[TimePlot]:
    theme = Theme()
    made = TimePlot(theme, suffix=" %")
    made.setProperty("theme", theme)
    made.resize(500, 200)
    made.set_zone(ZoneInfo("Asia/Shanghai"), T0)
    made.set_ranges(T0, T0 + 100 * S, 100.0)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()
    shiboken6.delete(made)


def close_to(image: QImage, color: str, tolerance: int = 60) -> set[tuple[int, int]]:
    """Return the pixels of about a colour: lines are smoothed."""
    r, g, b = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    found = set()
    for y in range(image.height()):
        for x in range(image.width()):
            c = image.pixelColor(x, y)
            if abs(c.red() - r) + abs(c.green() - g) + abs(c.blue() - b) < tolerance:
                found.add((x, y))
    return found


def x_of(plot: TimePlot, second: float) -> int:
    """Return the pixel of a second, by bisection over the plot's own answer to a mouse."""
    return min(range(plot.width()), key=lambda x: abs(plot.at(x) - T0 - second * S))


def test_that_a_gap_is_left_open(plot: TimePlot) -> None:
    times = T0 + np.arange(0, 101) * S
    values = np.where((np.arange(101) > 40) & (np.arange(101) < 60), np.nan, 50.0)
    plot.show_curve("oee", times, values, Ink.CHOSEN)
    drawn = {x for x, _ in close_to(plot.grab().toImage(), LIGHT.selection)}
    assert {x_of(plot, 20), x_of(plot, 80)} <= drawn
    left, right = x_of(plot, 42), x_of(plot, 58)
    assert not any(left < x < right for x in drawn)


def test_that_blind_time_is_hatched_over_its_whole_height(plot: TimePlot) -> None:
    before = plot.grab().toImage()
    plot.show_blind([(T0 + 30 * S, T0 + 50 * S)])
    after = plot.grab().toImage()
    changed = {(x, y) for x in range(after.width()) for y in range(after.height()) if after.pixel(x, y) != before.pixel(x, y)}
    columns = {x for x, _ in changed}
    assert min(columns) == pytest.approx(x_of(plot, 30), abs=2)
    assert max(columns) == pytest.approx(x_of(plot, 50), abs=2)
    area = (max(columns) - min(columns)) * (max(y for _, y in changed) - min(y for _, y in changed))
    assert 0.02 * area < len(changed) < 0.6 * area


def test_that_the_playhead_stands_at_its_instant(plot: TimePlot) -> None:
    plot.show_playhead(T0 + 25 * S)
    columns = {x for x, _ in close_to(plot.grab().toImage(), LIGHT.selection)}
    assert columns
    assert all(abs(x - x_of(plot, 25)) <= 1 for x in columns)


def test_that_a_theme_is_taken_at_once(plot: TimePlot) -> None:
    theme = plot.property("theme")
    plot.show_curve("oee", [T0, T0 + 100 * S], [50.0, 50.0], Ink.CHOSEN)
    theme.use(DARK)
    image = plot.grab().toImage()
    assert image.pixelColor(2, 2).name().upper() == DARK.panel
    assert close_to(image, DARK.selection)


def test_that_a_click_tells_its_instant(plot: TimePlot, qtbot: QtBot) -> None:
    x = x_of(plot, 75)
    with qtbot.waitSignal(plot.sought) as sought:
        QTest.mouseClick(plot._plot.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, 80))
    assert (sought.args[0] - T0) / S == pytest.approx(75, abs=0.3)


def test_that_telling_the_same_again_repaints_nothing(plot: TimePlot) -> None:
    plot.show_playhead(T0 + 25 * S)
    plot.show_level("ideal", 80.0)
    plot.show_blind([(T0, T0 + S)])
    QApplication.processEvents()
    painted: list[int] = []
    paint = plot._plot.paintEvent

    def counted(event: object) -> None:
        painted.append(1)
        paint(event)

    plot._plot.paintEvent = counted
    plot.show_playhead(T0 + 25 * S)
    plot.show_level("ideal", 80.0)
    plot.show_blind([(T0, T0 + S)])
    plot.set_ranges(T0, T0 + 100 * S, 100.0)
    QApplication.processEvents()
    assert painted == []


def test_that_another_stretch_of_time_is_painted_once(plot: TimePlot) -> None:
    """What only finds its place while it is painted has all of it painted again."""
    times = T0 + np.arange(0, 101) * S
    plot.show_level("ideal", 40.0, label="ideal")
    plot.show_curve("oee", times, np.linspace(0.0, 90.0, 101), Ink.CHOSEN)
    QApplication.processEvents()
    painted = Paints(plot)
    plot.show_playhead(T0 + 60 * S)
    plot.set_ranges(T0, T0 + 120 * S, 110.0)
    QApplication.processEvents()
    QApplication.processEvents()
    assert painted.count == 1
    plot.show_curve("oee", times, np.linspace(0.0, 90.0, 101), Ink.CHOSEN)
    QApplication.processEvents()
    assert painted.count == 1, "the same curve again"


class Paints(QObject):
    """Counts how often a plot is painted."""

    def __init__(self, plot: TimePlot) -> None:
        super().__init__(plot)
        self.count = 0
        plot._plot.viewport().installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


def test_that_times_below_are_local(plot: TimePlot) -> None:
    plot._time.tickValues(0.0, 100.0, 450.0)
    assert plot._time._texts == {3.0: "17:26:00", 33.0: "17:26:30", 63.0: "17:27:00", 93.0: "17:27:30"}


@pytest.mark.parametrize(("span", "size", "step"), [(105, 150, 50), (105, 400, 10), (42, 100, 20), (0.9, 300, 0.2), (100_000, 200, 20_000)])
def test_that_figures_on_the_axis_are_round_and_apart(span: float, size: float, step: float) -> None:
    assert round_step(span, size) == pytest.approx(step)
