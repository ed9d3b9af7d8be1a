"""The cards of the flow strip and the gauges between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.conftest import REQUEST
from tests.ui.shell.plant import FakeSession
from twin_app import text
from twin_app.model.alarm import AlarmPicture, UnitAlarms
from twin_app.model.buffer import Basis, BufferNow
from twin_app.model.frame import Changes, Frame
from twin_app.model.packml import Category, State
from twin_app.model.story import Cause, CauseKind, Effect, Story
from ui.main_window import MainWindow
from ui.palette import LIGHT
from ui.strip.plan import FULL
from ui.theme import font
from ui.widgets.card_words import first_fitting
from ui.widgets.unit_card import PAD_PX, UnitCard

Show = Callable[[MainWindow, Frame], FakeSession]


def test_that_a_card_is_loud_only_where_a_person_is_needed(window: MainWindow, show: Show) -> None:
    show(window, plant.frame(plant.line(), {"M1": State.SUSPENDED, "M2": State.ABORTED, "M3": None}))
    starved, aborted, blind = (window.unit_strip.cards[u].face for u in ("M1", "M2", "M3"))
    assert (aborted.glyph, aborted.state, aborted.since, aborted.color, aborted.loud) == (
        "✕",
        "Aborted",
        "4 min 12 s",
        LIGHT.priority[0],
        True,
    )
    assert (starved.state, starved.color, starved.loud) == ("Suspended", LIGHT.priority[2], False)
    assert (blind.glyph, blind.state, blind.blind, blind.color) == ("?", "No data", True, "")
    quiet, loud = (window.unit_strip.cards[u].width() for u in ("M1", "M2"))
    assert loud > 2 * quiet


def test_that_the_quiet_cards_stay_in_sight_however_many_are_loud(make_window: Callable[..., MainWindow], show: Show, qtbot: QtBot) -> None:
    of = plant.line(tuple(f"Machine {n}" for n in range(12)))
    frame = plant.frame(of, {f"M{n}": State.ABORTED for n in range(1, 11)})
    window = make_window(size=(1920, 1000), opener=lambda _request: FakeSession(of, [frame]))
    with qtbot.waitSignal(window.bridge.frame_ready):
        window.open_line(REQUEST)
    cards = list(window.unit_strip.cards.values())
    assert all(card.width() >= 40 for card in cards)
    assert cards[-1].geometry().right() <= window.unit_strip.width()


def test_that_a_card_tells_why_its_unit_stands_and_how_many_it_made(window: MainWindow, show: Show) -> None:
    frame = plant.frame(plant.line(), {"M2": State.ABORTED})
    cause = Cause(unit="M2", kind=CauseKind.FAILED, since_ns=frame.at_ns - 10**9, state=State.ABORTED, reason="Cap across")
    show(window, replace(frame, story=Story(at_ns=frame.at_ns, causes=(cause,), effect=Effect.STOPPED)))
    card = window.unit_strip.cards["M2"]
    assert card.face.reason == "Cap across"
    assert "Cap across" in card.toolTip()
    assert "Cap across" in card.accessibleName()
    assert frame.figures is not None
    made = frame.figures.units["M1"].kpi.produced
    assert window.unit_strip.cards["M1"].face.parts == f"{text.number(made)} made"


def test_that_a_short_hold_stays_quiet_and_a_long_one_does_not(window: MainWindow, show: Show) -> None:
    frame = plant.frame(plant.line(), {"M2": State.HELD})
    held = frame.units["M2"]
    for lasted_s, loud in ((9.9, False), (10.0, True)):
        units = {**frame.units, "M2": replace(held, since_ns=frame.at_ns - round(lasted_s * 1e9))}
        show(window, replace(frame, units=units))
        assert window.unit_strip.cards["M2"].face.loud is loud


def test_that_a_unit_that_waits_says_for_which_side(window: MainWindow, show: Show) -> None:
    frame = plant.frame(plant.line(), {"M1": State.SUSPENDED, "M3": State.SUSPENDED})
    blocked, starved = replace(frame.units["M1"], category=Category.BLOCKED), replace(frame.units["M3"], category=Category.STARVED)
    show(window, replace(frame, units={**frame.units, "M1": blocked, "M3": replace(starved, inferred=True)}))
    faces = [window.unit_strip.cards[u].face for u in ("M1", "M3")]
    assert [(face.state, face.glyph) for face in faces] == [("Blocked", "⇤"), ("Starved (inferred)", "⇥")]


def test_that_a_buffer_beside_a_stop_says_when_it_is_full(window: MainWindow, show: Show) -> None:
    frame = plant.frame(plant.line(), {"M2": State.ABORTED})
    buffer = BufferNow(unit="M1", to="M2", capacity=60, level=45, basis=Basis.ESTIMATED, full_in_s=70.0)
    other = BufferNow(unit="M2", to="M3", capacity=60, level=30, basis=Basis.MEASURED)
    cause = Cause(unit="M2", kind=CauseKind.FAILED, since_ns=frame.at_ns - 10**9, state=State.ABORTED)
    show(window, replace(frame, buffers=(buffer, other), story=Story(at_ns=frame.at_ns, causes=(cause,), effect=Effect.BUFFERED)))
    first, second = (window.unit_strip.gauges[u][0] for u in ("M2", "M3"))
    assert first.said == (0.75, "70 s", True, False)
    assert first.toolTip() == "Buffer Filler → Capper: 45 of 60, estimated · Filler blocks in 1 min 10 s"
    assert second.said == (0.5, "50 %", False, False)
    assert "Filler blocks in 1 min 10 s" in window.sentence.said.told.rest


def test_that_a_buffer_nobody_can_tell_is_unknown_and_not_empty(window: MainWindow, show: Show) -> None:
    frame = plant.frame(plant.line())
    show(window, replace(frame, buffers=(BufferNow(unit="M1", to="M2", capacity=60),)))
    assert window.unit_strip.gauges["M2"][0].said[1:] == ("–", False, True)
    assert window.unit_strip.gauges["M2"][0].toolTip() == "Buffer Filler → Capper: level unknown"


BOTTLING = (
    "Depalletiser", "Rinser", "Filler", "Capper", "Fill inspector", "Labeller A", "Labeller B", "Label inspection", "Case packer",
    "Checkweigher", "Palletiser", "Stretch wrapper", "AGV 1", "AGV 2", "Warehouse",
)  # fmt: skip


@pytest.mark.parametrize(("failed", "units"), [(1, 8), (1, 15), (3, 15)])
def test_that_names_and_rates_beside_their_ideals_are_read_whole_beside_what_failed(
    make_window: Callable[..., MainWindow], qtbot: QtBot, failed: int, units: int
) -> None:
    of = plant.line(BOTTLING[:units])
    frame = plant.frame(of, {f"M{n}": State.ABORTED for n in range(1, 1 + failed)})
    window = make_window(size=(1920, 1000), opener=lambda _request: FakeSession(of, [frame]))
    with qtbot.waitSignal(window.bridge.frame_ready):
        window.open_line(REQUEST)
    pieces = window.unit_strip.pieces
    assert len(pieces) == units, "no unit shares a card"
    for card, piece in pieces.items():
        room, large = card.width() - 2 * PAD_PX + 4, QFontMetricsF(card._large_font())
        plain, bold = QFontMetricsF(font(card.font().pointSizeF())), QFontMetricsF(font(card.font().pointSizeF(), bold=True))
        assert card.face.ideal == "of 42/min"
        name = large.horizontalAdvance(card.face.title) if piece.large else max(map(bold.horizontalAdvance, _lines(card)))
        assert name <= room
        assert piece.large or plain.horizontalAdvance(f"{card.face.rate} {card.face.ideal}") <= room


def _lines(card: UnitCard) -> tuple[str, ...]:
    """Return a name as it is broken over the rows that a card has for it."""
    return card.face.title.rpartition(" ")[::2] if card._rows == FULL else (card.face.title,)


def test_that_a_rate_is_told_beside_its_ideal_in_narrow_letters_before_the_ideal_is_left_out() -> None:
    plain = font(10.0)
    room = QFontMetricsF(plain).horizontalAdvance("41 of 42/min")
    ways = ["slowest 41 of 42/min", "41 of 42/min", "41 /min"]
    assert first_fitting(ways, plain, room) == "41 of 42/min"
    assert first_fitting(ways, plain, room * 0.9) == "41 of 42/min", "condensed"
    assert first_fitting(ways, plain, room * 0.75) == "41 /min"


def opened(make_window: Callable[..., MainWindow], qtbot: QtBot, units: int, states: dict[str, State | None] | None = None) -> MainWindow:
    """Return a small window on a line of so many machines."""
    of = plant.line(tuple(f"Machine {n}" for n in range(1, units + 1)))
    window = make_window(size=(1366, 768), opener=lambda _request: FakeSession(of, [plant.frame(of, states)]))
    with qtbot.waitSignal(window.bridge.frame_ready):
        window.open_line(REQUEST)
    return window


@pytest.mark.parametrize(("units", "most_px"), [(3, 130), (18, 180), (40, 180), (80, 180), (200, 180)])
def test_that_a_line_of_any_length_is_seen_whole(make_window: Callable[..., MainWindow], qtbot: QtBot, units: int, most_px: int) -> None:
    window = opened(make_window, qtbot, units)
    cards = list(window.unit_strip.pieces)
    qtbot.waitUntil(lambda: all(card.visibleRegion().boundingRect() == card.rect() for card in cards))
    assert (window.width(), window.height()) == (1366, 768)
    assert window.unit_strip.height() <= most_px
    assert not any(a.geometry().intersects(b.geometry()) for a, b in pairwise(cards))
    counted = sum(1 if len(piece.units) == 1 else int(card.face.state.split()[0]) for card, piece in window.unit_strip.pieces.items())
    assert counted == units
    assert sum(card.isVisible() for card in (*window.unit_strip.cards.values(), *window.unit_strip.groups)) == len(cards)


@pytest.mark.parametrize("failed", [1, 4, 60])
def test_that_a_failure_stands_out_of_its_group_and_what_has_no_room_is_counted(
    make_window: Callable[..., MainWindow], qtbot: QtBot, failed: int
) -> None:
    window = opened(make_window, qtbot, 200, {f"M{n}": State.ABORTED for n in range(41, 41 + failed)})
    strip = window.unit_strip
    large = {piece.units[0].id: card for card, piece in strip.pieces.items() if piece.large}
    assert "M41" in large
    assert all(large["M41"].width() >= card.width() for card in large.values())
    folded = [int(card.face.state.split()[0]) for card in strip.pieces if card.face.state.endswith("more aborted")]
    assert len(large) + sum(folded) == failed
    assert len(large) >= min(failed, 2)
    places = [card.geometry() for card in strip.pieces]
    assert all(strip.rect().contains(place) for place in places)
    assert [piece.units[0].id for piece in strip.pieces.values() if piece.large] == [f"M{n}" for n in range(41, 200) if f"M{n}" in large]


def test_that_a_group_is_opened_and_closed_by_keys(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = opened(make_window, qtbot, 200)
    strip = window.unit_strip
    group = next(card for card, piece in strip.pieces.items() if any(unit.id == "M50" for unit in piece.units))
    whole = [piece.units for piece in strip.pieces.values()]
    assert not strip.cards["M50"].isVisible()
    QTest.keyClick(group, Qt.Key.Key_Return)
    assert strip.cards["M50"].isVisible()
    assert strip.cards["M50"].face.state == "Execute"
    assert strip.back.hasFocus()
    assert (strip.back.isVisible(), strip.back.face.state) == (True, "200 units")
    shown = [unit.id for piece in strip.pieces.values() for unit in piece.units]
    assert shown == [f"M{n}" for n in range(1, 201)], "what lies before and behind is counted on a card each"
    QTest.keyClick(strip.cards["M50"], Qt.Key.Key_Return)
    assert window.selection.unit == "M50"
    QTest.keyClick(strip.cards["M50"], Qt.Key.Key_Escape)
    assert [piece.units for piece in strip.pieces.values()] == whole
    assert next(card for card in strip.pieces if card.hasFocus()).face.selected, "the group in which the selected unit is"
    assert not strip.back.isVisible()


def test_that_a_click_opens_a_group_and_a_click_on_all_closes_it(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    strip = opened(make_window, qtbot, 200, {"M150": State.ABORTED}).unit_strip
    first = next(iter(strip.pieces))
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert {f"M{n}" for n in range(1, 12)} <= strip.opened
    assert strip.cards["M150"].large, "what failed elsewhere stands out as before"
    behind = next(card for card, piece in strip.pieces.items() if len(piece.units) > 100)
    QTest.mouseClick(behind, Qt.MouseButton.LeftButton)
    assert "M200" in strip.opened
    assert strip.cards["M150"].large
    QTest.mouseClick(strip.back, Qt.MouseButton.LeftButton)
    assert not strip.opened
    assert strip.cards["M150"].large


def test_that_tab_goes_along_the_flow_and_passes_by_what_is_folded(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    strip = opened(make_window, qtbot, 200, {"M40": State.ABORTED}).unit_strip
    cards = list(strip.pieces)
    cards[0].setFocus()
    for card in cards[1:]:
        QTest.keyClick(strip.window().focusWidget(), Qt.Key.Key_Tab)
        assert card.hasFocus()


def test_that_a_unit_nobody_speaks_of_is_no_data(window: MainWindow, show: Show) -> None:
    show(window, replace(plant.frame(plant.line()), units={}, rates_per_min={}))
    assert {card.face.state for card in window.unit_strip.cards.values()} == {"No data"}


def test_that_enter_on_a_card_selects_its_machine(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    show(window, plant.frame(plant.line()))
    QTest.keyClick(window.unit_strip.cards["M3"], Qt.Key.Key_Return)
    assert window.selection.unit == "M3"


def test_that_a_card_is_drawn_anew_for_what_it_says_and_not_for_its_blinking(window: MainWindow, show: Show) -> None:
    """An hour in: what lasted 4 min 12 s is said in seconds, so a quarter of a second changes nothing, and neither does another alarm."""
    frame = plant.frame(plant.line(), {"M2": State.ABORTED})
    waits = UnitAlarms(priority=1, count=1, unacknowledged=True, consequence=False)
    show(window, replace(frame, alarms=AlarmPicture(units={"M2": waits})))
    card = window.unit_strip.cards["M2"]
    card.grab()
    drawn = card._drawn
    assert drawn is not None
    later = replace(frame, at_ns=frame.at_ns + 250_000_000, alarms=AlarmPicture(units={"M2": replace(waits, count=2)}))
    window.unit_strip.show_frame(replace(later, changes=Changes(alarms=True)))
    card._blink.beaten.emit()
    card.grab()
    assert "2 alarms" in card.toolTip()
    assert card._drawn is drawn
    window.unit_strip.show_frame(replace(later, at_ns=frame.at_ns + 10**9, changes=Changes()))
    card.grab()
    assert card.face.since == "4 min 13 s"
    assert card._drawn is not drawn
