"""Live efficiency: what is asked, how often, and what is read."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from math import isnan, nan
from typing import TYPE_CHECKING, Any

import pytest

from tests.ui.panels.doubles import Plant, Stage, at
from twin_app.clock import SECOND_NS
from twin_app.model.against import Against
from twin_app.model.frame import Changes, Mode
from twin_app.model.plan import BreakSpan, ShiftSpan
from ui.panels.trends import POINTS, TrendsPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.plots.efficiency import EfficiencyPlots


@pytest.fixture
def trends(put: Any, plant: Plant, qtbot: QtBot) -> tuple[TrendsPanel, Stage]:
    panel, stage = put(TrendsPanel, plant, 700, 340)
    panel.offer(plant.frame(100.0))
    qtbot.waitUntil(lambda: panel.plots is not None)
    return panel, stage


def plots(panel: TrendsPanel) -> EfficiencyPlots:
    assert panel.plots is not None
    return panel.plots


def chip(panel: TrendsPanel, name: str) -> str:
    return plots(panel)._chips[name].text().strip()


def rest(panel: TrendsPanel) -> None:
    """So much time goes by that the panel may ask again."""
    panel._pace._timer.stop()
    panel._pace._on_rested()


def test_that_plotting_is_not_loaded_before_there_is_something_to_plot() -> None:
    """Pyqtgraph takes 0.4 s; the window must not wait for it."""
    code = "import sys, ui.panels.trends, ui.panels.inspector, ui.panels.timeline; print('pyqtgraph' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert answer.stdout.strip() == "False"


def test_that_the_line_moves_before_its_plots_are_made(put: Any, plant: Plant, qtbot: QtBot) -> None:
    panel, _ = put(TrendsPanel, plant, 700, 340)
    panel.offer(plant.frame(99.9))
    panel.offer(plant.frame(100.0))
    assert (panel.plots, panel.settled(), panel._empty.text()) == (None, False, "")
    qtbot.waitUntil(lambda: panel.plots is not None)
    qtbot.waitUntil(panel.settled)
    assert chip(panel, "line") == "OEE line  64.0 %"


def test_that_the_lines_oee_and_the_constraints_rate_are_shown_while_nothing_is_selected(trends: tuple[TrendsPanel, Stage]) -> None:
    """Filler runs 54 + 20 of 100 s: A .74, E .9, Q 701 of 729, OEE .6404."""
    panel, _ = trends
    assert chip(panel, "line") == "OEE line  64.0 %"
    assert chip(panel, "availability") == "A  74.0 %"
    assert not plots(panel)._chips["unit"].isVisible()
    assert plots(panel)._rate_chip.text().strip() == "Filler, bottles/min  35 of 100/min"


def test_that_the_selected_machine_stands_beside_the_line(trends: tuple[TrendsPanel, Stage], qtbot: QtBot) -> None:
    """Capper runs 24 + 10 of 100 s."""
    panel, stage = trends
    stage.context.selection.select("Capper")
    qtbot.waitUntil(lambda: chip(panel, "unit") == "OEE Capper  29.4 %")
    assert plots(panel)._chips["unit"].isVisible()
    assert chip(panel, "availability") == "A  34.0 %"
    assert chip(panel, "line") == "OEE line  64.0 %"
    assert plots(panel)._rate_chip.text().strip() == "Capper, bottles/min  35 of 100/min"


def test_that_the_curve_has_a_gap_where_nobody_knew(trends: tuple[TrendsPanel, Stage]) -> None:
    panel, _ = trends
    times, values = plots(panel)._rate.points("rate") or ((), ())
    assert len(values) == 100  # one a second
    assert {bool(t < at(6)) for t, v in zip(times, values, strict=True) if isnan(v)} == {True}
    assert plots(panel)._rate._bands._bands == [(0.0, 6.0)]


def test_that_a_part_of_oee_is_drawn_when_it_is_switched_on(trends: tuple[TrendsPanel, Stage]) -> None:
    panel, _ = trends
    assert plots(panel)._oee.points("quality") is None
    plots(panel)._chips["quality"].click()
    points = plots(panel)._oee.points("quality")
    assert points is not None
    assert points[1][-1] == pytest.approx(96.0)
    plots(panel)._chips["quality"].click()
    assert plots(panel)._oee.points("quality") is None


def test_that_a_long_window_has_as_many_points_as_a_plot_has_room_for(put: Any, qtbot: QtBot, plant: Plant) -> None:
    plant.end_s = 3600.0
    panel, _ = put(TrendsPanel, plant, 700, 340)
    panel.offer(plant.frame(3600.0))
    qtbot.waitUntil(lambda: panel.plots is not None)
    times, _values = plots(panel)._oee.points("line") or ((), ())
    assert len(times) == POINTS


def test_that_playing_ends_at_the_playhead_and_asks_no_more_than_a_curve_can_show(trends: tuple[TrendsPanel, Stage]) -> None:
    panel, stage = trends
    asked = stage.query.count("trend")
    for i in range(30):
        panel.offer(stage.plant.frame(100.0 + i / 30, playing=True, changes=Changes(signals=True)))
    rest(panel)
    assert (plots(panel)._oee.points("line") or ([0],))[0][-1] == at(100 + 29 / 30)
    assert stage.query.count("trend") == asked
    panel.offer(stage.plant.frame(101.6, playing=True, changes=Changes(signals=True)))
    rest(panel)
    assert stage.query.count("trend") == asked + 2


def test_that_time_that_stops_is_asked_up_to_its_very_end(trends: tuple[TrendsPanel, Stage]) -> None:
    panel, stage = trends
    asked = stage.query.count("trend")
    panel.offer(stage.plant.frame(100.2, playing=True, changes=Changes(signals=True)))
    panel.offer(stage.plant.frame(100.2, changes=Changes(signals=True)))
    rest(panel)
    assert stage.query.count("trend") == asked + 2


def test_that_sixty_times_as_fast_is_not_asked_sixty_times_as_often(trends: tuple[TrendsPanel, Stage]) -> None:
    panel, stage = trends
    asked = stage.query.count("trend")
    for at_s in (110.0, 150.0, 189.0):
        panel.offer(replace(stage.plant.frame(at_s, playing=True, changes=Changes(signals=True)), speed=60.0))
        rest(panel)
    assert stage.query.count("trend") == asked


def test_that_paused_nothing_is_asked(trends: tuple[TrendsPanel, Stage]) -> None:
    panel, stage = trends
    rest(panel)
    asked = len(stage.query.asked)
    for _ in range(5):
        panel.offer(stage.plant.frame(100.0, changes=Changes(health=True)))
    rest(panel)
    assert len(stage.query.asked) == asked


def test_that_late_data_are_asked_for_even_while_paused(trends: tuple[TrendsPanel, Stage]) -> None:
    panel, stage = trends
    asked = stage.query.count("trend")
    panel.offer(stage.plant.frame(100.0))
    rest(panel)
    assert stage.query.count("trend") == asked + 2


def test_that_output_is_drawn_against_plan_and_projection_to_the_shifts_end(trends: tuple[TrendsPanel, Stage]) -> None:
    """The shift lasts 300 s with a break from 200 to 240; 100 of 260 busy seconds are gone, 91 of the 100 that are due were made."""
    panel, stage = trends
    stage.plant.shifts = [ShiftSpan("early", at(0), at(300), (BreakSpan("lunch", at(200), at(240)),))]
    against = Against(
        start_ns=at(0), end_ns=at(300), at_ns=at(100), target=260.0, due=100.0, good=91.0, gone_s=100.0, left_s=160.0, projected=236.6
    )  # fmt: skip
    panel.offer(replace(stage.plant.frame(100.0), against=against))
    rest(panel)
    output = plots(panel)._output
    assert output.isVisible()
    assert [output.chips[name].text().strip() for name in ("good", "plan", "projected")] == [
        "Good, bottles  91", "Plan  100 of 260", "Run rate  projected 237 by 17:30",
    ]  # fmt: skip
    assert plots(panel)._oee._plot.getPlotItem().getViewBox().viewRange()[0] == [0.0, 300.0]
    ahead = output.plot.points("projected")
    assert ahead is not None
    assert [(t - at(0)) / SECOND_NS for t in ahead[0].tolist()] == [100, 200, 240, 300]
    assert ahead[1].tolist() == pytest.approx([91, 182, 182, 236.6])
    plan = output.plot.points("plan")
    assert plan is not None
    assert plan[1].tolist()[-4:] == pytest.approx([100, 200, 200, 260])
    plots(panel)._oee.hovered.emit(at(270))
    assert output.chips["plan"].text().strip() == "Plan  230 of 260"
    assert output.chips["good"].text().strip() == "Good, bottles  91"
    panel.offer(replace(stage.plant.frame(100.0), against=replace(against, target=None, due=nan)))
    assert not output.chips["plan"].isVisible()
    panel.offer(stage.plant.frame(100.0))
    assert not output.isVisible()


def test_that_an_oee_that_is_too_early_to_tell_is_not_told_here_either(trends: tuple[TrendsPanel, Stage]) -> None:
    panel, stage = trends
    frame = stage.plant.frame(100.0)
    assert frame.figures is not None
    early = replace(frame.figures, line=replace(frame.figures.line, grain_s=60.0, planned_busy_s=100.0))
    panel.offer(replace(frame, figures=early, changes=Changes(figures=True)))
    assert early.line.early
    assert chip(panel, "line") == "OEE line  –"


def test_that_the_axis_of_a_replay_ends_with_it_and_that_of_a_live_line_has_room(trends: tuple[TrendsPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = trends
    view = plots(panel)._oee._plot.getPlotItem().getViewBox()
    assert view.viewRange()[0] == [0.0, 120.0]
    stage.plant.end_s = 130.0
    panel.offer(stage.plant.frame(130.0, mode=Mode.LIVE, playing=True))
    qtbot.waitUntil(lambda: view.viewRange()[0] == [0.0, 300.0])


def test_that_a_click_in_a_plot_goes_there(trends: tuple[TrendsPanel, Stage]) -> None:
    panel, stage = trends
    plots(panel)._rate.sought.emit(at(42))
    assert stage.deck.sought_s == [42.0]


def test_that_pointing_reads_the_past_and_leaving_returns_to_the_playhead(trends: tuple[TrendsPanel, Stage]) -> None:
    """At 60 s Filler had run 54 of 60 s: OEE .9 * .9 * .96 = 77.8 %."""
    panel, _ = trends
    plots(panel)._oee.hovered.emit(at(60))
    assert chip(panel, "line") == "OEE line  77.8 %"
    assert plots(panel)._rate_chip.text().strip() == "Filler, bottles/min  0 of 100/min"
    assert plots(panel)._time.text() == "17:26:57"
    plots(panel)._oee.hovered.emit(None)
    assert chip(panel, "line") == "OEE line  64.0 %"


def test_that_the_figures_at_the_playhead_are_the_frames_as_on_every_card(trends: tuple[TrendsPanel, Stage]) -> None:
    """The curve says 92 a minute and OEE 63.9 %, as its last point lies before the playhead; the frame says otherwise and is right."""
    panel, stage = trends
    frame = stage.plant.frame(100.0)
    assert frame.figures is not None
    later = replace(frame.figures, line=replace(frame.figures.line, oee_index=0.641))
    panel.offer(replace(frame, figures=later, rates_per_min={"Filler": 91.0}, changes=Changes(figures=True)))
    assert chip(panel, "line") == "OEE line  64.1 %"
    assert plots(panel)._rate_chip.text().strip() == "Filler, bottles/min  91 of 100/min"


def test_that_before_the_first_state_the_figures_are_dashes(put: Any, plant: Plant, qtbot: QtBot) -> None:
    panel, _ = put(TrendsPanel, plant)
    panel.offer(plant.frame(3.0))
    qtbot.waitUntil(lambda: panel.plots is not None)
    assert chip(panel, "line") == "OEE line  –"
    assert plots(panel)._rate_chip.text().strip() == "Filler, bottles/min  – of 100/min"


def test_that_without_a_line_it_says_so(trends: tuple[TrendsPanel, Stage]) -> None:
    panel, _ = trends
    panel.open_line(None)
    assert panel._empty.isVisible()
