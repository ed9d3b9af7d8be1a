"""Two nights beside each other: lanes interleaved, figures with their differences, one clock for both."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import pytest

from tests.finding.shifts import HOUR_NS, MINUTE_NS, SECOND_NS
from tests.service.test_finding import START
from tests.ui.finding.conftest import STOP_S
from twin_app.finding.catalogue import catalogue
from twin_app.model.frame import Mode
from twin_app.model.packml import State
from ui.curves.wanted import Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from twin_app.model.timeline import Intervals
    from ui.finding.compare_dialog import CompareDialog
    from ui.main_window import MainWindow
    from ui.panels.timeline import TimelinePanel

NIGHT_NS = 24 * HOUR_NS
STOP = HOUR_NS
"""Each night's stop begins so long after its start."""


@pytest.fixture
def compared(window: MainWindow, recordings: Path, qtbot: QtBot) -> CompareDialog:
    """The first night, with the third beside it."""
    assert window.view is not None
    third = catalogue(window.view.line, recordings).summaries[-1]
    assert third.slot.key == "2026-03-04/1"
    window.finding.compare_with(recordings, third)
    qtbot.waitUntil(lambda: window.finding.comparison is not None)
    found = window.finding.comparison
    assert found is not None
    qtbot.waitUntil(lambda: bool(found.differences))
    return found


def timeline(window: MainWindow) -> TimelinePanel:
    return window.dock_area.panels["timeline"]  # type: ignore[return-value] # that one


def other_intervals(window: MainWindow, qtbot: QtBot) -> Intervals:
    content = timeline(window).canvas.content
    row = next(row for row in content.rows if row.other)
    qtbot.waitUntil(lambda: content.intervals(row, "Filler", 0) is not None)
    found = content.intervals(row, "Filler", 0)
    assert found is not None
    return found


def test_that_below_each_lane_stands_what_the_other_night_did_at_the_same_time_after_its_start(
    window: MainWindow, compared: CompareDialog, qtbot: QtBot
) -> None:
    rows = timeline(window).canvas.content.rows
    assert [(row.unit, row.title, row.other) for row in rows] == [("Filler", "Filler", False), ("Filler", "2026-03-04 Night", True)]
    found = other_intervals(window, qtbot)
    stops = [int(at) for at, state in zip(found.start_ns, found.state, strict=True) if state == State.ABORTED]
    assert stops == [START + STOP], "of the third night, told at the first one's times"


def test_that_the_table_has_every_figure_of_both_nights(compared: CompareDialog) -> None:
    """The stops were 200 and 600 s of eight hours less the last minute, which nobody recorded."""
    found = {(row.unit, row.measure): row for row in compared.differences}
    assert found["Filler", "equipment_failure"].difference == STOP_S[0] - STOP_S[2]
    assert "2026-03-02 Night beside 2026-03-04 Night" in compared.head.text()
    shown = [[cell.text for cell in row.cells] for row in compared.model.rows]
    assert shown[0][:2] == ["Line", "Availability"]
    assert next(row[4] for row in shown if row[1] == "Breakdowns") == "−6 min 40 s"


def test_that_only_what_lies_before_the_playhead_counts_where_that_is_wanted(
    window: MainWindow, compared: CompareDialog, qtbot: QtBot
) -> None:
    window.bridge.seek(START + STOP + 300 * SECOND_NS)
    qtbot.waitUntil(lambda: window.bridge.shown is not None and window.bridge.shown.at_ns == START + STOP + 300 * SECOND_NS)
    with qtbot.waitSignal(compared.work.done):
        compared.until.click()
    failed = next(row for row in compared.differences if row.measure == "equipment_failure")
    assert (failed.this, failed.other) == (200.0, 300.0), "of the other's 600 s half has gone by"


def test_that_a_chosen_stop_is_put_to_the_playhead_and_the_start_again(window: MainWindow, compared: CompareDialog, qtbot: QtBot) -> None:
    at_ns = START + 5 * HOUR_NS
    window.bridge.seek(at_ns)
    qtbot.waitUntil(lambda: window.bridge.shown is not None and window.bridge.shown.at_ns == at_ns)
    assert compared.align.count() == 2
    compared.align.setCurrentIndex(1)
    compared.align.activated.emit(1)
    aligned = window.finding.other.aligned
    assert aligned is not None
    assert aligned.span.start_ns == at_ns - STOP
    now = aligned.unit_now("Filler", at_ns + MINUTE_NS)
    assert now is not None
    assert (now.state, now.since_ns) == (State.ABORTED, at_ns)
    found = other_intervals(window, qtbot)
    assert at_ns in found.start_ns.tolist()
    compared.align.activated.emit(0)
    compared.align.setCurrentIndex(0)
    compared.align.activated.emit(0)
    assert window.finding.other.aligned is not None
    assert window.finding.other.aligned.span.start_ns == START


def test_that_beyond_its_own_stretch_the_other_night_says_nothing(window: MainWindow, compared: CompareDialog) -> None:
    aligned = window.finding.other.aligned
    assert aligned is not None
    assert aligned.unit_now("Filler", START - 1) is None
    assert aligned.unit_now("Filler", START + 9 * HOUR_NS) is None


def test_that_the_comparison_ends_with_its_button_and_with_the_line(window: MainWindow, compared: CompareDialog) -> None:
    compared.end.click()
    assert window.finding.other.aligned is None
    assert [row.other for row in timeline(window).canvas.content.rows] == [False]


def test_that_closing_the_line_lets_go_of_the_other_night(window: MainWindow, compared: CompareDialog, qtbot: QtBot) -> None:
    window.close_line()
    assert window.finding.other.aligned is None
    qtbot.waitUntil(lambda: window.finding.comparison is None)


@pytest.mark.allow_logs
def test_that_a_blind_replay_tells_nothing_of_other_times(window: MainWindow, compared: CompareDialog, qtbot: QtBot) -> None:
    """What was open is closed, and neither calendar nor search nor comparison opens again until it is over."""
    window.commands.run("play.blind")
    qtbot.waitUntil(lambda: window.bridge.shown is not None and window.bridge.shown.mode is Mode.BLIND)
    assert window.finding.other.aligned is None
    assert window.finding.comparison is None
    for command in ("file.calendar", "file.find", "file.compare"):
        window.commands.run(command)
    assert (window.finding.calendar, window.finding.search, window.finding.comparison) == (None, None, None)
    qtbot.waitUntil(window.commands.action("play.blind").isEnabled)
    window.commands.run("play.blind")
    qtbot.waitUntil(lambda: window.bridge.shown is not None and window.bridge.shown.mode is Mode.REPLAY)
    window.commands.run("file.calendar")
    assert window.finding.calendar is not None


def test_that_a_signals_curve_has_the_other_nights_dashed_beside_it(window: MainWindow, compared: CompareDialog, qtbot: QtBot) -> None:
    """An hour and three minutes after their starts the first night has been going again for a while, the third stands: it counts no more."""
    panel = window.dock_area.panels["curves"]
    window.dock_area.reveal("curves")
    at_ns = START + STOP + 9 * MINUTE_NS
    window.bridge.seek(at_ns)
    wanted = Wanted("Filler", "Processed")
    panel.add(wanted)  # type: ignore[attr-defined] # the curves'
    stack = panel.stack  # type: ignore[attr-defined] # as above
    qtbot.waitUntil(lambda: stack.points(("other", wanted)) is not None and len(stack.points(("other", wanted))[0]) > 1)
    window.finding.end_comparison()
    assert stack.points(("other", wanted)) is None


def test_that_a_kpis_curve_has_the_other_nights_dashed_beside_it(window: MainWindow, compared: CompareDialog, qtbot: QtBot) -> None:
    """Nine minutes after its stop began the third night still stands (600 s), the first (200 s) has gone on: its availability is the better."""
    panel = window.dock_area.panels["curves"]
    window.dock_area.reveal("curves")
    window.bridge.seek(START + STOP + 9 * MINUTE_NS)
    wanted = Wanted("Filler", "availability", kpi=True)
    panel.add(wanted)  # type: ignore[attr-defined] # the curves'
    stack = panel.stack  # type: ignore[attr-defined] # as above

    def newest(key: object) -> float:
        points = stack.points(key)
        known = [] if points is None else [value for value in points[1].tolist() if isfinite(value)]
        return known[-1] if known else -1.0

    qtbot.waitUntil(lambda: newest(wanted) > 0 and newest(("other", wanted)) > 0)
    assert newest(wanted) == pytest.approx(100 * (3600 + 540 - 200) / (3600 + 540), abs=0.5)
    assert newest(("other", wanted)) == pytest.approx(100 * 3600 / (3600 + 540), abs=0.5)


def test_that_the_inspectors_trend_has_the_other_nights_dashed_beside_it(window: MainWindow, compared: CompareDialog, qtbot: QtBot) -> None:
    """19 minutes after the stops began the first night has counted again, 10 minutes after it went on at 200 s; the third, on at 600 s, has not."""
    inspector = window.dock_area.panels["inspector"]
    window.dock_area.reveal("inspector")
    window.selection.select("Filler")
    window.bridge.seek(START + STOP + 19 * MINUTE_NS)
    inspector.show_tab(1)  # type: ignore[attr-defined] # the inspector's
    trends = inspector.trends  # type: ignore[attr-defined] # as above
    qtbot.waitUntil(lambda: trends.picker.findText("Processed") >= 0)
    trends.picker.setCurrentIndex(trends.picker.findText("Processed"))
    trends.picker.activated.emit(trends.picker.currentIndex())

    def drawn(name: str) -> list[float]:
        points = trends.plot.points(name) if trends.plot is not None else None
        return [] if points is None else points[1].tolist()

    qtbot.waitUntil(lambda: max(drawn("other"), default=0) == 3600 and max(drawn("signal"), default=0) == 4200)
    assert "2026-03-04 Night:" in trends._readout.text()
    window.finding.end_comparison()
    qtbot.waitUntil(lambda: not drawn("other"))
    assert "2026-03-04" not in trends._readout.text()
