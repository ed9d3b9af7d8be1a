from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import nan

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.plant import FakeSession
from twin_app.clock import SECOND_NS, now_ns
from twin_app.model.against import Against
from twin_app.model.energy import Energy
from twin_app.model.frame import Changes, Frame
from twin_app.model.message import SourceHealth, Status
from twin_app.model.packml import State
from ui.context import LineView, Theme
from ui.docks import DOCKS
from ui.main_window import MainWindow
from ui.palette import LIGHT
from ui.panels.sources import HOW_MANY, SourcesModel, rows
from ui.panels.tree import STATE, LineModel
from ui.query import SessionQuery
from ui.words import oee, rate, rate_of_ideal

Show = Callable[[MainWindow, Frame], FakeSession]


def _cell(window: MainWindow, key: str) -> tuple[str, str]:
    cell = window.kpi_strip.cells[key]
    return cell.figure.text(), cell.remark.text()


# -- the KPI strip -----------------------------------------------------------------------------------------------


def test_that_line_oee_stands_beside_its_three_parts(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line()))
    assert _cell(window, "oee") == ("74.3 %", "Capper 74.3 = A 84.1 · E 91.8 · Q 96.2 %")
    assert window.kpi_strip.cells["oee"].title.text() == "OEE this shift, since 06:00"


def test_that_blind_time_turns_oee_into_a_range_and_is_said(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line(), line_kpi=plant.kpi(oee_low=0.712, oee_high=0.743, blind_s=134.0)))
    assert _cell(window, "oee") == ("71.2–74.3 %", "Capper 74.3 = A 84.1 · E 91.8 · Q 96.2 %")
    assert _cell(window, "blind") == ("2 min 14 s", "of 4 h 16 min")


def test_that_an_oee_of_too_few_counts_is_not_told_and_why(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line(), line_kpi=plant.kpi(oee_index=1.85, planned_busy_s=600.0, grain_s=240.0)))
    figure, remark = _cell(window, "oee")
    assert figure == "too early to tell"
    assert remark.startswith("Capper 74.3 = A ")
    assert "one count of" in window.kpi_strip.cells["oee"].toolTip()


def test_that_good_stands_to_the_plan_and_where_it_leads(window: MainWindow, show: Show) -> None:
    frame = plant.frame(plant.line())
    now = Against(
        start_ns=0, end_ns=plant.NOW_NS, at_ns=0, target=44000.0, due=24500.0, good=23260.0, left_s=9000.0, projected=41000.0,
        projected_low=40000.0, projected_high=42000.0,
    )  # fmt: skip
    show(window, replace(frame, against=now))
    assert _cell(window, "good")[1].startswith("1\u2009240 behind plan · projected 40\u2009000–42\u2009000 by ")
    show(window, replace(frame, against=replace(now, target=None, due=nan)))
    assert _cell(window, "good")[1].startswith("no plan · projected")


def test_that_energy_and_first_pass_yield_are_asked_for_and_may_be_left_out(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    window.resize(1900, 900)
    strip = window.kpi_strip
    session = show(window, plant.frame(plant.line()))
    energy = Energy(kwh=2.0, metered_s=50.0, window_s=100.0, good=500.0, kg_co2e_per_kwh=0.5)
    session.further = plant.bare_detail(first_pass_yield=0.987, energy=energy)
    strip.arrange()
    qtbot.waitUntil(lambda: _cell(window, "fpy")[0] == "98.7 %")
    assert _cell(window, "energy") == ("4.00–8.00 Wh", "2.00 g CO2e · 50 % metered")
    assert strip.cells["energy"].isVisible()
    next(action for action in strip.menu().actions() if action.text() == "Energy a good piece").trigger()
    assert not strip.cells["energy"].isVisible()
    assert window.settings.window.hidden_figures == "energy"


def test_that_an_effectiveness_above_one_is_flagged_and_not_capped(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line(), line_kpi=plant.kpi(effectiveness=1.042)))
    _, remark = _cell(window, "oee")
    assert "▲ E 104.2" in remark
    assert "ideal exceeded" in remark
    assert LIGHT.priority[2] in remark
    assert "Capper made more than its ideal cycle allows for" in window.kpi_strip.cells["oee"].toolTip()


def test_that_good_units_stand_beside_their_target(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line()))
    assert _cell(window, "good") == ("8\u2009412 / 15\u2009200", "unit: bottles")


def test_that_the_scrap_is_what_all_machines_threw_out_not_only_the_last(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    line, figures = plant.line(), plant.figures(plant.line(), plant.kpi())
    first, second, last = (unit.id for unit in line.units)
    one = replace(figures, thrown_out={first: 12.0, second: 76.0, last: 0.0})
    show(window, plant.frame(line, figures=one))
    # 88 of 8,412 + 88 pieces that left the line in one way or the other
    assert _cell(window, "scrap") == ("88", "1.0 % · most: Capper, 76")
    with qtbot.waitSignal(window.kpi_strip.figure_wanted) as asked:
        window.kpi_strip.cells["scrap"].pressed.emit("scrap")
    assert asked.args == [second, "Scrap ratio"]

    show(window, plant.frame(line, figures=replace(figures, thrown_out={first: 12.0, second: nan})))
    assert _cell(window, "scrap") == ("–", "Capper does not count scrap")
    show(window, plant.frame(line, figures=replace(figures, thrown_out={first: 0.0})))
    assert _cell(window, "scrap") == ("0", "no machine threw any out")
    show(window, plant.frame(line, figures=replace(figures, thrown_out={})))
    assert _cell(window, "scrap") == ("–", "no machine counts pieces")


def test_that_unknown_figures_are_dashes_and_never_zeros(window: MainWindow, show: Show) -> None:
    unknown = plant.kpi(
        **dict.fromkeys(
            ("availability", "effectiveness", "quality_ratio", "oee_index", "oee_low", "oee_high", "produced", "good", "scrap"), nan
        )
    )
    show(window, replace(plant.frame(plant.line(), line_kpi=unknown), rates_per_min={}))
    assert _cell(window, "oee") == ("–", "Capper: A – · E – · Q –")
    assert _cell(window, "good")[0] == "– / 15\u2009200"
    assert _cell(window, "rate")[0] == "– of 42/min"
    show(window, plant.frame(plant.line(), figures=None))
    assert _cell(window, "oee")[0] == "–"


def test_that_before_the_first_sample_the_window_names_no_time_at_all(window: MainWindow, show: Show) -> None:
    of = plant.line()
    blind = {unit.id: replace(plant.unit_now(unit.id, None), since_ns=0) for unit in of.units}
    show(window, replace(plant.frame(of), at_ns=0, span=None, units=blind, figures=None, shift_start_ns=0, rates_per_min={}))
    assert (window.top_bar.clock.text(), window.top_bar.date.text()) == ("", "")
    assert window.kpi_strip.cells["oee"].title.text() == "OEE"
    faces = [card.face for card in window.unit_strip.cards.values()]
    assert [(face.state, face.since) for face in faces] == [("No data", "")] * len(of.units)
    assert not any(", \n" in card.toolTip() or "1970" in card.toolTip() for card in window.unit_strip.cards.values())


def test_that_words_of_the_layout_are_shown_as_they_are_and_not_as_markup(window: MainWindow, show: Show) -> None:
    of = replace(plant.line(), unit_of_count="<b>cases</b>")
    window._opener = lambda _: FakeSession(of, [plant.frame(of)])
    show(window, plant.frame(plant.line()))
    window.kpi_strip.open_line(LineView(of, plant.signals(of), window.bridge.session.texts))  # type: ignore[union-attr]  # the line is open
    window.kpi_strip.offer(plant.frame(of))
    assert window.kpi_strip.cells["good"].remark.text() == "unit: &lt;b&gt;cases&lt;/b&gt;"


def test_that_a_line_whose_flow_nobody_described_says_why_it_has_no_output(window: MainWindow, show: Show) -> None:
    import dataclasses

    of = plant.line()
    apart = dataclasses.replace(of, units=tuple(dataclasses.replace(unit, feeds=()) for unit in of.units))
    show(window, plant.frame(of))
    window.kpi_strip.open_line(LineView(apart, plant.signals(apart), window.bridge.session.texts))  # type: ignore[union-attr]  # the line is open
    window.kpi_strip.offer(plant.frame(apart))
    assert window.kpi_strip.cells["good"].remark.text() == "the layout does not say who feeds whom"
    assert window.kpi_strip.cells["scrap"].figure.text() == "996", "what machines throw out is known without it"


def test_that_cells_give_way_from_the_right_where_there_is_no_room(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    show(window, plant.frame(plant.line()))
    every = ["oee", "good", "rate", "scrap", "blind", "energy", "fpy"]
    for width, shown in ((1400, 6), (700, 3), (100, 2)):
        window.kpi_strip.resize(width, 66)
        assert [key for key, cell in window.kpi_strip.cells.items() if not cell.isHidden()] == every[:shown]


@pytest.mark.parametrize(
    ("per_min", "ideal", "shown"),
    [
        (41.0, 42.0, "41 of 42/min"),
        (0.0, 42.0, "0 of 42/min"),
        (0.8333, 0.8333, "0.8 of 0.8/min"),
        (nan, 42.0, "– of 42/min"),
        (41.0, None, "41 /min"),
    ],
)
def test_that_a_rate_stands_beside_its_ideal(per_min: float, ideal: float | None, shown: str) -> None:
    assert rate_of_ideal(per_min, ideal) == shown


def test_that_a_range_too_narrow_to_see_reads_as_one_figure() -> None:
    assert oee(plant.kpi(oee_index=0.7427, oee_low=0.7427, oee_high=0.7429)) == "74.3 %"
    assert oee(plant.kpi(oee_index=0.7427, oee_low=nan, oee_high=nan)) == "74.3 %"
    assert rate(nan) == "–"


# -- the tree ----------------------------------------------------------------------------------------------------


@pytest.fixture
def owner(qtbot: QtBot) -> Iterator[QWidget]:
    widget = QWidget()
    yield widget
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_that_the_tree_is_a_sound_model_from_site_to_units(owner: QWidget) -> None:
    model = LineModel(Theme(owner), owner)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, owner)
    model.open_line(plant.line())
    titles, index = [], QModelIndex()
    while model.rowCount(index):
        index = model.index(0, 0, index)
        titles.append(index.data())
    assert titles == ["Acme · Suzhou", "Packaging", "Bottling 2", "Filler"]
    assert model.rowCount(index.parent()) == 3
    model.open_line(None)
    assert model.rowCount() == 0


def test_that_a_state_in_the_tree_has_glyph_word_and_colour(owner: QWidget) -> None:
    model = LineModel(Theme(owner), owner)
    model.open_line(plant.line())
    model.show_units(plant.frame(plant.line(), {"M2": State.HELD}).units, None)
    index = model.index_of("M2").siblingAtColumn(STATE)
    assert index.data() == "‖  Held"
    assert index.data(Qt.ItemDataRole.ForegroundRole) == QColor(LIGHT.priority[1])
    assert model.index_of("M1").siblingAtColumn(STATE).data(Qt.ItemDataRole.ForegroundRole) == QColor(LIGHT.dim)
    assert not model.index_of("M9").isValid()


def test_that_only_what_changed_is_painted_again(owner: QWidget) -> None:
    model = LineModel(Theme(owner), owner)
    model.open_line(plant.line())
    painted: list[str] = []
    model.dataChanged.connect(lambda first, _last: painted.append(first.siblingAtColumn(0).data()))
    model.show_units(plant.frame(plant.line()).units, frozenset({"M3"}))
    assert painted == ["Labeller"]


# -- the sources -------------------------------------------------------------------------------------------------


def _figures(health: SourceHealth) -> dict[str, str]:
    (source,) = rows([health])
    return {row.what: row.figure for row in source.below} | {row.what: row.figure for above in source.below for row in above.below}


def test_that_everything_refused_or_not_understood_is_listed_by_reason() -> None:
    shown = _figures(
        plant.health(refused={"not JSON": 3, "too deep": 1}, unmapped={"plant/x": 7}, unknown_states={"M1: Gefahr": 2}, dropped=5)
    )
    assert shown["Refused"] == "4"
    assert shown["not JSON"] == "3"
    assert shown["Topics no rule maps"] == "7"
    assert shown["plant/x"] == "7"
    assert shown["M1: Gefahr"] == "2"
    assert shown["Dropped by the broker"] == "5"


def test_that_a_refusal_shows_its_last_example_and_the_next_one_takes_its_place(owner: QWidget) -> None:
    model = SourcesModel(Theme(owner), owner)

    def shown(payload: str) -> bool:
        return model.show_rows(rows([plant.health(refused={"not JSON": 1}, examples={"not JSON": f"'plant/x': {payload}"})]))

    assert shown("'{'")
    assert not shown("'['")
    source = model.index(0, 0)
    refused = next(model.index(r, 0, source) for r in range(model.rowCount(source)) if model.index(r, 0, source).data() == "Refused")
    assert model.index(0, 0, model.index(0, 0, refused)).data() == "The last: 'plant/x': '['"


def test_that_rates_waiting_samples_and_the_clock_of_a_live_source_are_told() -> None:
    live = plant.health(live=True, status=Status.CONNECTED, samples_per_second=12.5, backlog=3, duplicates=2, out_of_order=4)
    shown = _figures(live)
    assert (shown["Samples a second"], shown["Samples waiting"]) == ("12.5", "3")
    assert (shown["Sent twice, left out"], shown["Late, put where they belong"]) == ("2", "4")
    assert shown["Received behind its own clock"] == "–"
    assert _figures(replace(live, newest_ns=None))["Age of the newest message"] == "none yet"
    heard = _figures(replace(live, newest_ns=now_ns() - 90 * SECOND_NS, odd_times=6))
    assert (heard["Age of the newest message"], heard["Without a believable time"]) == ("1 min 30 s", "6")
    assert _figures(replace(live, clock_offset_s=0.25))["Received behind its own clock"] == "0.250 s"


def test_that_growing_counts_leave_the_rows_where_they_are(owner: QWidget) -> None:
    model = SourcesModel(Theme(owner), owner)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, owner)
    assert model.show_rows(rows([plant.health(unmapped={"a": 1})]))
    source = model.index(0, 0)
    unmapped = next(
        model.index(r, 0, source) for r in range(model.rowCount(source)) if model.index(r, 0, source).data() == "Topics no rule maps"
    )
    assert not model.show_rows(rows([plant.health(unmapped={"a": 2})]))
    assert unmapped.siblingAtColumn(HOW_MANY).data() == "2"
    assert model.show_rows(rows([plant.health(unmapped={"a": 2, "b": 1})]))


def test_that_a_failed_source_shows_its_reason_in_the_alarm_colour(owner: QWidget) -> None:
    model = SourcesModel(Theme(owner), owner)
    model.show_rows(rows([plant.health(status=Status.FAILED, error="The file shift.jsonl is missing.")]))
    source = model.index(0, 0)
    shown = {
        model.index(r, 0, source).data(): model.index(r, 0, source).data(Qt.ItemDataRole.ForegroundRole)
        for r in range(model.rowCount(source))
    }
    assert shown["The file shift.jsonl is missing."] == QColor(LIGHT.priority[0])


def test_that_hidden_panels_are_shown_nothing_until_they_are_seen(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line(), health=(plant.health(received=1),)))
    panel = window.dock_area.panels["sources"]
    assert panel.isHidden() or not panel.isVisible()
    show(window, replace(plant.frame(plant.line(), health=(plant.health(received=2),)), changes=Changes(health=True)))
    window.commands.run("view.panel.sources")
    model = panel.model  # type: ignore[attr-defined]  # this panel has a model
    source = model.index(0, 0)
    assert {model.index(r, 0, source).data(): model.index(r, 1, source).data() for r in range(4)}["Received"] == "2"


@pytest.mark.parametrize(
    ("key", "unit", "figure"),
    [
        ("oee", "M2", "OEE index"), ("good", "M3", "Good pieces"), ("rate", "M2", "Effectiveness"),
        ("scrap", "M1", "Scrap ratio"), ("blind", "M2", "Blind time"), ("energy", "M2", "Energy a good piece"),
        ("fpy", "M3", "First pass yield"),
    ],
)  # fmt: skip
def test_that_a_click_on_a_figure_opens_what_it_is_made_of(
    make_window: Callable[..., MainWindow], show: Show, key: str, unit: str, figure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionQuery, "account", lambda *_: None)  # the fake line has none
    window = make_window(specs=tuple(spec for spec in DOCKS if spec.key in {"tree", "inspector"}), size=(1900, 900))
    show(window, plant.frame(plant.line()))
    window.dock_area.docks["inspector"].hide()
    cell = window.kpi_strip.cells[key]
    cell.show()
    QTest.mouseClick(cell, Qt.MouseButton.LeftButton)
    panel = window.dock_area.panels["inspector"]
    assert panel.isVisible()
    assert window.selection.unit == unit
    assert panel.figures.isVisible()  # type: ignore[attr-defined] # the inspector's tab
    assert panel.figures.chosen.name == figure  # type: ignore[attr-defined]
