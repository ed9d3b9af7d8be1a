"""One machine, inspected."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.panels.doubles import Plant, Stage, at
from twin_app import text
from twin_app.model.energy import Energy
from twin_app.model.frame import ALL, Changes
from twin_app.model.packml import Category, Mode, State
from twin_app.model.samples import Quality
from twin_app.model.signal import Signal, SignalKind
from ui.palette import DARK, LIGHT
from ui.panels.inspector import EVERY_MS, InspectorPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.inspector.table import RowsModel

NOW, TRENDS, STATES, FIGURES_TAB, RAW = range(5)


@pytest.fixture
def inspector(put: Any, plant: Plant) -> tuple[InspectorPanel, Stage]:
    plant.say("Filler", "CurMachSpeed", (6.0, 100.0), (60.0, 0.0), (80.0, 92.5), unit_of_measure="1/min")
    plant.say("Filler", "Consumed", (10.0, 100.0), (90.0, 209.94524994920377), kind=SignalKind.COUNTER)
    plant.say_text("Filler", "Mode", (6.0, "Production"))
    plant.say("Filler", "DriveTemperature", unit_of_measure="°C")
    plant.say("Capper", "CurMachSpeed", (6.0, 55.0))
    for second in range(5):
        plant.hear(90.0 + second, "PlantA/Filler/Status/CurMachSpeed", b"92.5")
    plant.hear(95.0, "PlantA/Filler/Status/StateCurrent", b"{oops", refused="Not JSON: property name expected at 1.")
    plant.hear(96.0, "PlantA/Capper/Status/StateCurrent", b"6", retain=True)
    panel, stage = put(InspectorPanel, plant, 700, 320)
    stage.context.selection.select("Filler")
    panel.offer(plant.frame(100.0))
    return panel, stage


def texts(model: RowsModel, column: int) -> list[str]:
    return [row.cells[column].text for row in model.rows]


def facts(panel: InspectorPanel) -> list[str]:
    return [label.text() for label in panel.now._facts._values]


def test_that_nothing_selected_says_how_to_select(put: Any, plant: Plant) -> None:
    panel, _ = put(InspectorPanel, plant)
    panel.offer(plant.frame(100.0))
    assert panel._empty.isVisible()
    assert panel._empty.text() == "Select a machine in the tree, the hall or a lane."
    assert not panel._inspected.isVisible()


def test_that_the_facts_tell_state_since_mode_rate_and_counts(inspector: tuple[InspectorPanel, Stage]) -> None:
    panel, _ = inspector
    assert facts(panel) == ["Execute", "17:27:17 · 20 s", "Production", "35 of 100/min", "701 · 28 (bottles)", "–"]
    assert panel.now._facts._glyph.text() == "▶"


def test_that_blind_is_said_as_no_data(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    panel.offer(stage.plant.frame(3.0))
    qtbot.waitUntil(lambda: facts(panel)[0] == "No data")
    assert panel.now._facts._glyph.text() == "?"
    assert f"color: {LIGHT.dim}" in panel.now._facts._glyph.styleSheet()


def test_that_before_the_first_sample_no_time_is_invented(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    panel.offer(stage.plant.frame(0.0, span=None, figures=None))
    qtbot.waitUntil(lambda: facts(panel)[:2] == ["No data", "–"])


def test_that_name_and_number_at_odds_are_said(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    frame = stage.plant.frame(100.0)
    panel.offer(replace(frame, units={**frame.units, "Filler": replace(frame.units["Filler"], conflict="Idle/1")}))
    qtbot.waitUntil(panel.now._facts._conflict.isVisible)
    assert panel.now._facts._conflict.text() == "Name and number of the state disagree: Idle/1"


def test_that_every_signal_has_value_unit_and_age_and_the_unheard_a_dash(inspector: tuple[InspectorPanel, Stage]) -> None:
    panel, _ = inspector
    model = panel.now.model
    assert texts(model, 0) == ["CurMachSpeed", "Consumed", "Mode", "DriveTemperature"]
    assert texts(model, 1) == ["92.5", "209.945", "Production", "–"]
    assert texts(model, 2) == ["1/min", "", "", "°C"]
    assert texts(model, 3) == ["20 s", "10 s", "1 min 34 s", "never"]


def test_that_a_stale_value_is_hatched_dim_and_says_so(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    frame = stage.plant.frame(100.0)
    frame.latest.quality[0] = Quality.STALE
    frame.latest.quality[1] = Quality.UNCERTAIN
    panel.offer(frame)
    qtbot.waitUntil(lambda: texts(panel.now.model, 4)[0] == "stale")
    stale, uncertain, good = (panel.now.model.rows[i].cells[1] for i in (0, 1, 2))
    assert (stale.hatched, stale.color) == (True, "dim")
    assert (uncertain.hatched, uncertain.color) == (False, "dim")
    assert (good.hatched, good.color) == (False, "")
    assert not panel.now.table.isColumnHidden(4)


def test_that_a_value_the_broker_had_kept_has_no_age(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    frame = stage.plant.frame(100.0)
    frame.latest.quality[0] = Quality.RETAINED
    panel.offer(frame)
    qtbot.waitUntil(lambda: texts(panel.now.model, 4)[0] == "age unknown")
    kept = panel.now.model.rows[0].cells
    assert (kept[3].text, kept[1].color) == ("–", "dim")
    assert "nobody knows how old it is" in kept[3].tip


def test_that_what_the_layout_derives_is_marked_as_not_sent(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    stage.plant.signals.add(Signal(path="x/Running", unit="Filler", name="Running", kind=SignalKind.MEASUREMENT, derived=True))
    panel.offer(stage.plant.frame(100.0))
    qtbot.waitUntil(lambda: "Running ≈" in texts(panel.now.model, 0))
    row = panel.now.model.rows[texts(panel.now.model, 0).index("Running ≈")]
    assert row.cells[0].tip == "x/Running\nDerived by the layout from other signals; the machine does not send it."


@pytest.mark.parametrize(
    ("derived", "inferred", "shown", "notes"),
    [
        (False, False, "Suspended", "starved"), (True, False, "≈ Suspended", "starved · state derived by the layout's rules"),
        (False, True, "≈ Suspended", "starved, inferred from its neighbours"),
    ],
)  # fmt: skip
def test_that_a_state_says_how_far_the_machine_told_it(
    inspector: tuple[InspectorPanel, Stage], qtbot: QtBot, *, derived: bool, inferred: bool, shown: str, notes: str
) -> None:
    panel, stage = inspector
    frame = stage.plant.frame(100.0)
    now = replace(frame.units["Filler"], state=State.SUSPENDED, category=Category.STARVED, derived=derived, inferred=inferred)
    panel.offer(replace(frame, units={**frame.units, "Filler": now}, changes=ALL))
    qtbot.waitUntil(lambda: facts(panel)[0] == shown)
    assert panel.now._facts._notes.text() == notes


def test_that_figures_change_at_most_four_times_a_second_and_the_last_one_is_shown(
    inspector: tuple[InspectorPanel, Stage], qtbot: QtBot
) -> None:
    panel, stage = inspector
    changes: list[int] = []
    panel.now.model.dataChanged.connect(lambda first: changes.append(first.row()))
    for i in range(20):
        panel.offer(stage.plant.frame(100.0 + i / 10, playing=True, changes=Changes(signals=True)))
    qtbot.waitUntil(lambda: texts(panel.now.model, 3)[0] == "22 s", timeout=4 * EVERY_MS)
    assert len(changes) <= 3 * 3


def test_that_states_are_listed_newest_first_with_their_lengths(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, _ = inspector
    panel.show_tab(STATES)
    qtbot.waitUntil(lambda: len(panel.states.model.rows) == 5)
    model = panel.states.model
    assert texts(model, 1) == ["Execute", "Stopped", "Aborted", "Execute", "No data"]
    assert texts(model, 2) == ["17:27:17", "17:26:58", "17:26:57", "17:26:03", "17:25:57"]
    assert texts(model, 3) == ["20 s", "19 s", "1.0 s", "54 s", "6.0 s"]
    assert [row.cells[0].color for row in model.rows][2] == LIGHT.priority[0]


def test_that_the_newest_state_grows_without_asking(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    panel.show_tab(STATES)
    qtbot.waitUntil(lambda: len(panel.states.model.rows) == 5)
    asked = stage.query.count("timeline")
    panel.offer(stage.plant.frame(110.0, playing=True, changes=Changes(signals=True)))
    qtbot.waitUntil(lambda: texts(panel.states.model, 3)[0] == "30 s")
    assert stage.query.count("timeline") == asked


def test_that_a_stop_between_two_paintings_is_not_lost(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    """Execute before and after: only the changes of the frames in between tell of it."""
    panel, stage = inspector
    panel.show_tab(STATES)
    qtbot.waitUntil(lambda: len(panel.states.model.rows) == 5)
    stage.plant.states["Filler"] += [(101.0, State.STOPPED), (101.1, State.EXECUTE)]
    panel.offer(stage.plant.frame(100.9, playing=True, changes=Changes()))
    panel.offer(stage.plant.frame(101.05, playing=True, changes=Changes(units=frozenset({"Filler"}))))
    panel.offer(stage.plant.frame(101.2, playing=True, changes=Changes()))
    qtbot.waitUntil(lambda: texts(panel.states.model, 1)[:2] == ["Execute", "Stopped"])


def test_that_a_click_on_a_state_goes_to_its_start(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    panel.show_tab(STATES)
    qtbot.waitUntil(lambda: len(panel.states.model.rows) == 5)
    table = panel.states.table
    where = table.visualRect(panel.states.model.index(2, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert stage.deck.sought_s == [60.0]


def test_that_another_machine_is_shown_when_it_is_selected(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    panel.show_tab(STATES)
    stage.context.selection.select("Capper")
    qtbot.waitUntil(lambda: texts(panel.states.model, 1) == ["Execute", "Suspended", "Execute", "No data"])
    assert panel._name.text() == "Capper"


def test_that_the_trend_starts_with_the_machines_speed_in_steps_and_gaps(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, _ = inspector
    panel.show_tab(TRENDS)
    qtbot.waitUntil(lambda: panel.trends.plot is not None)
    assert panel.trends.picker.currentText() == "CurMachSpeed"
    assert [panel.trends.picker.itemText(i) for i in range(panel.trends.picker.count())] == ["CurMachSpeed", "Consumed", "DriveTemperature"]
    assert panel.trends.plot is not None
    times, values = panel.trends.plot.points("signal") or ((), ())
    seconds = [round((int(t) - at(0)) / 1e9, 3) for t in times]
    assert list(zip(seconds, values, strict=True)) == [(6, 100), (60, 100), (60, 0), (80, 0), (80, 92.5), (100, 92.5)]
    assert panel.trends._readout.text() == "92.5 1/min"


def test_that_a_signal_never_heard_draws_nothing_and_reads_a_dash(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, _ = inspector
    panel.show_tab(TRENDS)
    qtbot.waitUntil(lambda: panel.trends.plot is not None)
    panel.trends.picker.setCurrentText("DriveTemperature")
    panel.trends.picker.activated.emit(2)
    assert panel.trends.plot is not None
    _, values = panel.trends.plot.points("signal") or ((), ())
    assert [v for v in values if not isnan(v)] == []
    assert panel.trends._readout.text() == "–"


def test_that_raw_messages_are_newest_first_and_refused_ones_give_their_reason(
    inspector: tuple[InspectorPanel, Stage], qtbot: QtBot
) -> None:
    panel, _ = inspector
    panel.show_tab(RAW)
    qtbot.waitUntil(lambda: len(panel.raw.model.rows) == 6)
    newest = panel.raw.model.rows[0].cells
    assert [c.text for c in newest] == ["✕", "17:27:32.000", "Status/StateCurrent", "{oops"]
    assert newest[0].tip == "Refused: Not JSON: property name expected at 1."
    panel.raw.table.selectRow(0)
    assert panel.raw.detail.isVisible()
    assert panel.raw.detail.toPlainText().splitlines() == [
        "PlantA/Filler/Status/StateCurrent", "2026-11-23 17:27:32.000 · 5 bytes · QoS 0", "Refused: Not JSON: property name expected at 1.", "{oops",
    ]  # fmt: skip


def test_that_a_selected_message_stays_selected_while_newer_ones_come_in(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    panel.show_tab(RAW)
    qtbot.waitUntil(lambda: len(panel.raw.model.rows) == 6)
    panel.raw.table.selectRow(0)
    stage.plant.hear(101.0, "PlantA/Filler/Status/CurMachSpeed", b"93")
    panel.offer(stage.plant.frame(102.0, playing=True, changes=Changes(signals=True)))
    qtbot.waitUntil(lambda: len(panel.raw.model.rows) == 7)
    assert [i.row() for i in panel.raw.table.selectionModel().selectedRows()] == [1]


def test_that_a_selected_message_is_read_on_while_it_is_known_at_the_playhead(
    inspector: tuple[InspectorPanel, Stage], qtbot: QtBot
) -> None:
    """Five messages from 90 s on, a second apart; at 92.5 s three of them were there, at 60 s none."""
    panel, stage = inspector
    panel.show_tab(RAW)
    qtbot.waitUntil(lambda: len(panel.raw.model.rows) == 6)
    panel.raw.table.selectRow(5)
    panel.offer(stage.plant.frame(92.5))
    qtbot.waitUntil(lambda: len(panel.raw.model.rows) == 3)
    assert [i.row() for i in panel.raw.table.selectionModel().selectedRows()] == [2]
    assert "17:27:27.000" in panel.raw.detail.toPlainText()
    panel.offer(stage.plant.frame(60.0))
    qtbot.waitUntil(lambda: len(panel.raw.model.rows) == 0)
    assert not panel.raw.detail.isVisible()
    panel.offer(stage.plant.frame(92.5))
    qtbot.waitUntil(lambda: len(panel.raw.model.rows) == 3)
    assert not panel.raw.detail.isVisible()


def test_that_a_machine_that_never_said_its_mode_has_none(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    assert facts(panel)[2] == "Production"
    frame = stage.plant.frame(100.0)
    panel.offer(replace(frame, units={**frame.units, "Filler": replace(frame.units["Filler"], mode=int(Mode.UNDEFINED))}))
    qtbot.waitUntil(lambda: facts(panel)[2] == "–")


def test_that_paused_nothing_is_asked_again(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    panel.show_tab(RAW)
    qtbot.waitUntil(lambda: stage.query.count("raw") == 1)
    for _ in range(3):
        panel.offer(stage.plant.frame(100.0, changes=Changes()))
        qtbot.wait(EVERY_MS + 20)
    assert stage.query.count("raw") == 1


def test_that_the_open_tab_is_remembered_and_nonsense_is_not(inspector: tuple[InspectorPanel, Stage]) -> None:
    panel, _ = inspector
    panel.show_tab(RAW)
    assert panel.save() == {"tab": RAW}
    panel.restore({"tab": STATES})
    assert panel.save() == {"tab": STATES}
    for nonsense in (99, -1, "raw", None):
        panel.restore({"tab": nonsense})
    assert panel.save() == {"tab": STATES}


def test_that_theme_and_language_are_taken_while_open(
    inspector: tuple[InspectorPanel, Stage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, stage = inspector
    stage.context.theme.use(DARK)
    panel.show_tab(STATES)
    qtbot.waitUntil(lambda: len(panel.states.model.rows) == 5)
    assert panel.states.model.rows[2].cells[0].color == DARK.priority[0]
    monkeypatch.setattr(text, "_catalogue", lambda _: {"States": "状态", "Aborted": "已中止", "Duration": "时长"})
    panel.retranslate()
    assert panel._bar.tabText(STATES) == "状态"
    assert panel.states.model.headerData(3, Qt.Orientation.Horizontal) == "时长"
    qtbot.waitUntil(lambda: texts(panel.states.model, 1)[2] == "已中止")


def test_that_every_state_has_a_glyph_of_a_seen_colour(inspector: tuple[InspectorPanel, Stage], qtbot: QtBot) -> None:
    panel, stage = inspector
    stage.plant.states["Filler"] = [(float(i), state) for i, state in enumerate(State, 1)]
    panel.show_tab(STATES)
    panel.offer(stage.plant.frame(100.0))
    qtbot.waitUntil(lambda: len(panel.states.model.rows) == len(State) + 1)
    assert LIGHT.line not in {row.cells[0].color for row in panel.states.model.rows}
    assert "" not in texts(panel.states.model, 0)


# -- figures and their proof -------------------------------------------------------------------------------------


@pytest.fixture
def proof(inspector: tuple[InspectorPanel, Stage], plant: Plant, qtbot: QtBot) -> InspectorPanel:
    panel, _ = inspector
    panel.show_tab(FIGURES_TAB)
    panel.offer(plant.frame(100.0))
    qtbot.waitUntil(lambda: bool(panel.figures.figures.rows))
    return panel


def choose(panel: InspectorPanel, name: str) -> None:
    """Click the figure of that name."""
    row = texts(panel.figures.figures, 0).index(name)
    table = panel.figures.table
    table.scrollTo(panel.figures.figures.index(row, 0))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(panel.figures.figures.index(row, 0)).center())


def test_that_a_figure_stands_beside_how_it_is_formed(proof: InspectorPanel) -> None:
    shown = {row.cells[0].text: (row.cells[1].text, row.cells[2].text) for row in proof.figures.figures.rows}
    assert shown["Quality ratio"] == ("96.2 %", "GQ / PQ")
    assert shown["MTBF"] == ("–", "APT / FE")
    assert shown["Breakdowns"][0] == "9.0 s"
    assert shown["Breakdowns"][1].endswith("% of PBT")


def test_that_a_click_on_a_figure_opens_its_intervals_and_one_of_them_is_gone_to(
    proof: InspectorPanel, inspector: tuple[InspectorPanel, Stage], plant: Plant
) -> None:
    choose(proof, "Availability")
    executed = [row for row in plant.account("Filler", at(plant.start_s), at(100.0)).spent if row.state is State.EXECUTE]
    assert [row.key for row in proof.figures.proof.rows] == [row.start_ns for row in reversed(executed)]
    assert proof.figures._head.text().startswith(f"Availability: {len(executed)} intervals, ")
    table = proof.figures.intervals
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(proof.figures.proof.index(0, 1)).center())
    assert inspector[1].deck.told[-1] == ("seek", executed[-1].start_ns)


def test_that_a_figure_of_failures_shows_failures_alone(proof: InspectorPanel) -> None:
    choose(proof, "MTTR")
    assert set(texts(proof.figures.proof, 1)) <= {"Aborting", "Aborted", "Clearing"}


def test_that_energy_is_told_by_what_the_time_went_into_and_opens_those_intervals(proof: InspectorPanel, plant: Plant) -> None:
    assert not [name for name in texts(proof.figures.figures, 0) if name.startswith("Energy: ")]
    went = {Category.PRODUCTION: 4.0, Category.STARVED: 1.0}
    used = Energy(kwh=5.0, by_category=went, metered_s=100.0, window_s=100.0, good=500, produced=520, kg_co2e_per_kwh=0.5)
    account = plant.account("Filler", at(plant.start_s), at(100.0))
    proof.figures._on_answered(replace(account, detail=replace(account.detail, energy=used)))
    shown = {row.cells[0].text: (row.cells[1].text, row.cells[2].text) for row in proof.figures.figures.rows}
    assert shown["CO2 a good piece"][0] == "5.00 g CO2e"
    assert shown["Energy: Production"] == ("4.00 kWh", "8.00 Wh each")
    assert shown["Energy: Starved"] == ("1.00 kWh", "2.00 Wh each")
    assert proof.figures.figures.rows[-1].cells[2].tip == "2.00 Wh and 1.00 g CO2e for each good piece"
    choose(proof, "Energy: Production")
    assert [row.key for row in proof.figures.proof.rows] == [s.start_ns for s in account.spent if s.category is Category.PRODUCTION][::-1]
