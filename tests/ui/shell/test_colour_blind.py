"""Nothing is told apart by hue alone: whoever sees no hues tells states, priorities and links by shape and word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.ui.vision import VISIONS, contrast
from twin_app import text
from twin_app.model.alarm import ALARM_STATE_WORDS
from twin_app.model.message import STATUS_WORDS, Status
from twin_app.model.packml import STATE_WORDS, Category, State
from twin_app.text import tr
from ui.alarms.table import STATE_GLYPHS
from ui.health import STATUS_GLYPHS
from ui.overview.tile import chip_glyph
from ui.palette import EVERY_PALETTE, LIGHT, Palette, glyph, state_color
from ui.widgets.priority import paint_priority

SIZES_PX = (10, 18, 40)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    text.set_language("en")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_that_no_two_states_share_a_word(language: str) -> None:
    text.set_language(language)
    words = [tr(STATE_WORDS[state]) for state in State]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("palette", EVERY_PALETTE, ids=lambda p: f"{p.name} {p.scheme}")
@pytest.mark.parametrize(("sign", "acting"), [(glyph, False), (chip_glyph, True)])
def test_that_states_of_different_colours_have_different_shapes(
    palette: Palette, sign: Callable[[State | None], str], acting: bool
) -> None:
    """Beside a word an acting state may have the sign of all acting ones; where there is no word, as on the wall, it may not."""
    standing = {State.EXECUTE, State.IDLE, State.COMPLETE, State.STOPPED, State.ABORTED, State.HELD, State.SUSPENDED, State.UNDEFINED}
    needing = {State.ABORTING, State.HOLDING, State.SUSPENDING}
    states = [state for state in State if state in standing or (acting and state in needing)]  # what nobody knows is hatched besides
    looks = [(state, sign(state), state_color(palette, state, Category.WAITING)) for state in states]
    for (one, shape, colour), (other, other_shape, other_colour) in combinations(looks, 2):
        assert colour == other_colour or shape != other_shape, f"{one} and {other} differ by hue alone"


@pytest.mark.parametrize("outlined", [False, True])
@pytest.mark.parametrize("size_px", SIZES_PX)
def test_that_the_four_priorities_have_four_outlines_in_any_colour(qtbot: QtBot, size_px: int, outlined: bool) -> None:
    ink = replace(LIGHT, priority=("#000000",) * 4)

    def drawn(priority: int) -> bytes:
        image = QImage(size_px, size_px, QImage.Format.Format_Grayscale8)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        paint_priority(painter, QRectF(0, 0, size_px, size_px), priority, ink, outlined=outlined)
        painter.end()
        return bytes(image.constBits())

    pictures = [drawn(priority) for priority in range(1, 5)]
    for one, other in combinations(pictures, 2):
        differing = sum(abs(a - b) > 96 for a, b in zip(one, other, strict=True))
        assert differing >= size_px * size_px * 0.06


def test_that_alarm_states_and_links_have_a_shape_and_a_word_each() -> None:
    assert len(set(STATE_GLYPHS)) == len(STATE_GLYPHS)
    assert len({tr(words) for words in ALARM_STATE_WORDS}) == len(ALARM_STATE_WORDS)
    away = {Status.DISCONNECTED, Status.FAILED}
    assert not {STATUS_GLYPHS[status] for status in away} & {STATUS_GLYPHS[status] for status in Status if status not in away}
    assert len({tr(STATUS_WORDS[status]) for status in Status}) == len(Status)


@pytest.mark.parametrize("vision", list(VISIONS))
@pytest.mark.parametrize("palette", EVERY_PALETTE, ids=lambda p: f"{p.name} {p.scheme}")
def test_that_each_priority_stands_out_from_its_ground_for_everybody(palette: Palette, vision: str) -> None:
    for colour in palette.priority:
        assert contrast(colour, palette.panel, vision) >= 2.5, colour
