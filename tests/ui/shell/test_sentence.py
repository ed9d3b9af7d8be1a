from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import radians, tan

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.shell import plant
from tests.ui.shell.conftest import REQUEST
from tests.ui.shell.plant import FakeSession
from twin_app.model.against import Against
from twin_app.model.frame import ALL, Frame
from twin_app.model.packml import Category, State
from twin_app.model.plan import BreakSpan
from twin_app.model.story import Cause, CauseKind, Effect, Story
from twin_app.text import clock_time
from ui.legibility import capital_px
from ui.main_window import MainWindow
from ui.palette import LIGHT
from ui.panels.sentence import EDGE_PX, SMALL, fitting

Show = Callable[[MainWindow, Frame], FakeSession]
SECOND_NS = 10**9
INK = 120
"""So little differs, over all three colours, what is painted in one."""


def told(lasted_s: float = 100.0, effect: Effect = Effect.STOPPED, kind: CauseKind = CauseKind.FAILED) -> Frame:
    """Return a frame in which the capper stands for so long."""
    frame = plant.frame(plant.line())
    cause = Cause(unit="M2", kind=kind, since_ns=frame.at_ns - round(lasted_s * SECOND_NS), state=State.ABORTED, starved=("M3",))
    return replace(frame, story=Story(at_ns=frame.at_ns, causes=(cause,), effect=effect, lost=177.0))


def test_that_a_stop_is_told_with_who_waits_and_what_it_costs(window: MainWindow, show: Show) -> None:
    show(window, told())
    said = window.sentence.said
    assert said.told.head.endswith(": Capper aborted")
    assert said.told.head.startswith("Line stopped since ")
    assert said.told.rest == "Labeller starved, ~177 lost so far (unit: bottles)"
    assert said.priority == 1


def test_that_what_a_stop_costs_is_read_however_narrow_the_window_is(window: MainWindow, show: Show) -> None:
    frame = told()
    assert frame.story is not None
    cause = replace(frame.story.causes[0], starved=("M3",), blocked=("M1",), reason="Jam")
    show(window, replace(frame, story=replace(frame.story, causes=(cause,))))
    said = window.sentence.said.told
    assert said.head.endswith(": Capper aborted (Jam)")
    assert said.rest == "Labeller starved, Filler blocked, ~177 lost so far (unit: bottles)"
    assert said.shorter == ("1 starved, 1 blocked, ~177 lost so far (unit: bottles)", "~177 lost so far (unit: bottles)")
    written, ways = window.sentence.fonts()[1], (said.rest, *said.shorter)
    metrics = QFontMetricsF(written)
    for way in ways:
        assert fitting(ways, written, metrics.horizontalAdvance(way)) == (way, written)
    tight, small = fitting(ways, written, 0.7 * metrics.horizontalAdvance(ways[-1]))
    assert tight == ways[-1]
    assert small.pointSizeF() == pytest.approx(SMALL * written.pointSizeF())
    assert fitting(ways, written, 1.0) == (ways[-1], small)


@pytest.mark.parametrize(
    ("lasted_s", "effect", "kind", "priority"),
    [
        (2.0, Effect.SLOWED, CauseKind.STOPPED, 2),
        (2.0, Effect.BUFFERED, CauseKind.FAILED, 2),
        (9.0, Effect.BUFFERED, CauseKind.STOPPED, 0),
        (10.0, Effect.BUFFERED, CauseKind.STOPPED, 3),
    ],
)
def test_that_a_short_stop_behind_buffers_stays_quiet(
    window: MainWindow, show: Show, lasted_s: float, effect: Effect, kind: CauseKind, priority: int
) -> None:
    show(window, told(lasted_s, effect, kind))
    assert window.sentence.said.priority == priority


def test_that_a_click_on_the_sentence_selects_the_cause(window: MainWindow, show: Show) -> None:
    show(window, told())
    QTest.mouseClick(window.sentence, Qt.MouseButton.LeftButton)
    assert window.selection.unit == "M2"


def test_that_a_calm_line_says_that_it_is_behind_its_plan_once_that_matters(window: MainWindow, show: Show) -> None:
    frame = plant.frame(plant.line())
    for ahead, expected in ((-1200.0, "1\u2009200 behind plan"), (-800.0, ""), (500.0, "")):
        now = Against(start_ns=0, end_ns=1, at_ns=0, target=44000.0, due=20000.0, good=20000.0 + ahead)
        show(window, replace(frame, story=Story(at_ns=frame.at_ns), against=now))
        assert window.sentence.said.told.rest.partition(" · ")[2] == expected


def test_that_a_line_in_its_break_says_until_when_and_no_rate_of_nought(window: MainWindow, show: Show) -> None:
    frame, half_past = plant.frame(plant.line()), plant.NOW_NS + 1800 * SECOND_NS
    lunch = BreakSpan("Lunch", plant.NOW_NS - SECOND_NS, half_past)
    show(window, replace(frame, story=Story(at_ns=frame.at_ns, planned=True, pause=lunch)))
    until = clock_time(half_past, plant.line().tz)[:5]
    assert window.sentence.said.told.whole == f"Lunch, planned until {until}."
    show(window, replace(frame, story=Story(at_ns=frame.at_ns, planned=True)))
    assert window.sentence.said.told.whole == "The line stands as planned."


def test_that_a_line_without_a_cause_says_its_rate(window: MainWindow, show: Show) -> None:
    frame = plant.frame(plant.line())
    show(window, replace(frame, story=Story(at_ns=frame.at_ns)))
    assert window.sentence.said.told.head == "Nothing is wrong on the line."
    assert window.sentence.said.priority == 0


def test_that_a_capital_seen_from_three_metres_measures_sixteen_minutes_of_arc() -> None:
    # 55 inches of 1920 x 1080: 0.634 mm a pixel; 3 m x tan(16') = 13.96 mm
    pitch_mm = 55 * 25.4 / (1920**2 + 1080**2) ** 0.5
    assert capital_px((1920, 1080), diagonal_in=55, distance_m=3) * pitch_mm == pytest.approx(3000 * tan(radians(16 / 60)))
    assert capital_px((3840, 2160), diagonal_in=55, distance_m=3) == pytest.approx(
        2 * capital_px((1920, 1080), diagonal_in=55, distance_m=3)
    )


def test_that_what_is_read_from_afar_is_painted_as_high_as_the_operators_display_asks(window: MainWindow, show: Show) -> None:
    frame = told()
    line = replace(frame, units={**frame.units, "M2": replace(frame.units["M2"], state=State.ABORTED, category=Category.FAILURE)})
    show(window, replace(line, changes=ALL))
    size = window.screen().size()
    wanted = capital_px((size.width(), size.height()), diagonal_in=55, distance_m=3)
    assert QFontMetricsF(window.sentence.fonts()[0]).capHeight() >= wanted
    band, card, output = window.sentence, window.unit_strip.cards["M2"], window.kpi_strip.cells["good"].figure
    left = EDGE_PX + 14
    assert _ink_height(band, QRect(left, 0, 10, band.height()), LIGHT.text) >= wanted, "the first letter, an L"
    assert _ink_height(card, QRect(12, 4, 14, card.height() // 2 - 4), LIGHT.text) >= wanted, "the C of Capper"
    aborted = QRect(12, card.height() // 2 - 8, 16, card.height() // 2 - 16)
    assert _ink_height(card, aborted, LIGHT.priority[0]) >= wanted, "the A of Aborted"
    assert _ink_height(output, QRect(0, 0, 12, output.height()), LIGHT.text) >= wanted - 1, "a figure, which is a hair lower than a capital"


@pytest.mark.parametrize(("units", "size"), [(15, (1366, 700)), (200, (1366, 768)), (200, (1920, 1000))])
def test_that_a_failed_unit_of_a_long_line_is_read_from_afar_too(
    make_window: Callable[..., MainWindow], show: Show, qtbot: QtBot, units: int, size: tuple[int, int]
) -> None:
    of = plant.line(tuple(f"Machine {n}" for n in range(units)))
    window = make_window(size=size, opener=lambda _request: FakeSession(of, [plant.frame(of, {"M3": State.ABORTED})]))
    with qtbot.waitSignal(window.bridge.frame_ready):
        window.open_line(REQUEST)
    card, screen = window.unit_strip.cards["M3"], window.screen().size()
    wanted = capital_px((screen.width(), screen.height()), diagonal_in=55, distance_m=3)
    assert (window.width(), window.height()) == size
    assert card.height() < 4 * wanted, "two rows"
    rows = int(wanted)  # the baseline may lie between two rows of pixels, and a row that is inked in part does not count
    assert _ink_height(card, QRect(12, 2, 12, card.height() // 2 - 2), LIGHT.text) >= rows, "the M of Machine"
    assert _ink_height(card, QRect(12, card.height() // 2 - 1, 16, card.height() // 2 - 4), LIGHT.priority[0]) >= rows, "the A of Aborted"


def test_that_letters_follow_the_role(window: MainWindow, show: Show) -> None:
    show(window, told())
    read = (window.sentence, window.unit_strip.cards["M2"], window.kpi_strip.cells["good"].figure)
    operator = [part.sizeHint().height() for part in read]
    window.use_preset("engineer")
    engineer = [part.sizeHint().height() for part in read]
    assert all(small < large for small, large in zip(engineer, operator, strict=True))
    assert window.kpi_strip.cells["oee"].title.text() == "OEE this shift, since 06:00"
    window.use_preset("operator")
    assert [part.sizeHint().height() for part in read] == operator


def _ink_height(part: QWidget, where: QRect, color: str) -> int:
    """Return how high is painted, in a colour, what stands within a part's rectangle."""
    picture, ink = part.grab().toImage(), QColor(color)

    def differs(x: int, y: int) -> int:
        there = picture.pixelColor(x, y)
        return abs(there.red() - ink.red()) + abs(there.green() - ink.green()) + abs(there.blue() - ink.blue())

    rows = range(where.top(), min(where.bottom() + 1, picture.height()))
    dark = [y for y in rows if any(differs(x, y) < INK for x in range(where.left(), where.right() + 1))]
    return max(dark) - min(dark) + 1
