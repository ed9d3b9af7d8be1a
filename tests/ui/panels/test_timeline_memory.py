"""How a recording was played is found again after a restart; another recording and a live line are left alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.panels.doubles import Plant, Stage, at
from twin_app.model.frame import Mode
from twin_app.model.historian import Span
from ui.panels.timeline import TimelinePanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.frame import Frame

WHOLE = Span(at(0), at(100))
Put = Any


def shown(plant: Plant, second: float, **other: Any) -> Frame:
    return replace(plant.frame(second, mode=other.pop("mode", Mode.REPLAY)), span=WHOLE, **other)


@pytest.fixture
def closed(put: Put, plant: Plant) -> dict[str, object]:
    """What a window keeps that looped from 20 to 30 s, skipped dead time, ran at 4x and was paused."""
    panel, _ = put(TimelinePanel, plant, 1000, 320)
    for second, key in ((20.0, Qt.Key.Key_I), (30.0, Qt.Key.Key_O)):
        panel.offer(shown(plant, second))
        QTest.keyClick(panel.window(), key)
    QTest.keyClick(panel.window(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(panel.window(), Qt.Key.Key_X)
    panel.offer(shown(plant, 30.0, speed=4.0, playing=False))
    kept: dict[str, object] = json.loads(json.dumps(panel.save()))
    panel.window().close()
    return kept


@pytest.fixture
def opened(put: Put, closed: dict[str, object]) -> Callable[[Plant], tuple[TimelinePanel, Stage]]:
    def again(plant: Plant) -> tuple[TimelinePanel, Stage]:
        panel, stage = put(TimelinePanel, plant, 1000, 320)
        panel.restore(closed)
        return panel, stage

    return again


def test_that_the_same_recording_is_played_as_it_was(opened: Any, plant: Plant) -> None:
    panel, stage = opened(plant)
    panel.offer(shown(plant, 0.0, playing=True))
    assert stage.deck.told == [("speed", 4.0), ("pause", 0), ("skip", True), ("loop", (at(20), at(30)))]
    assert panel.playback.looping
    assert panel.playback.marks.both == (at(20), at(30))
    told = len(stage.deck.told)
    panel.offer(shown(plant, 1.0, playing=True))
    assert len(stage.deck.told) == told, "once"


@pytest.mark.parametrize("other", [{"mode": Mode.LIVE}, {"mode": Mode.SAMPLE}, {"start": 5.0}])
def test_that_a_live_line_the_sample_and_another_recording_are_left_alone(opened: Any, plant: Plant, other: dict[str, Any]) -> None:
    panel, stage = opened(plant)
    frame = shown(plant, 10.0, mode=other.get("mode", Mode.REPLAY), playing=True)
    panel.offer(replace(frame, span=Span(at(other.get("start", 0.0)), at(100))))
    assert stage.deck.told == []
    assert not panel.playback.looping


def test_that_what_is_hidden_is_not_the_timelines_to_keep(put: Put, plant: Plant) -> None:
    panel, _ = put(TimelinePanel, plant, 1000, 320)
    panel.offer(replace(shown(plant, 50.0, mode=Mode.BLIND, speed=-2.0), span=Span(at(0), at(50))))
    kept = panel.save()
    panel.window().close()
    again, stage = put(TimelinePanel, plant, 1000, 320)
    again.restore(kept)
    again.offer(replace(shown(plant, 0.0, mode=Mode.BLIND, playing=True), span=Span(at(0), at(0))))
    assert [what for what, _ in stage.deck.told if what in {"train", "blindfold", "speed"}] == []  # and nothing blind runs backwards


@pytest.mark.parametrize("kept", [{}, {"playing": None}, {"playing": {"line": 3}}, {"playing": {"line": "x", "start_ns": "soon"}}])
def test_that_what_cannot_be_read_is_ignored(put: Put, plant: Plant, kept: dict[str, object]) -> None:
    panel, stage = put(TimelinePanel, plant, 1000, 320)
    panel.restore(kept)
    panel.offer(shown(plant, 0.0, playing=True))
    assert stage.deck.told == []
