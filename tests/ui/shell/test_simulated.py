"""Nobody takes simulated data for a plant's: the badge and the frame round the window say so, whatever the mode."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.ui.shell import plant
from twin_app.clock import SECOND_NS
from twin_app.model.frame import Mode

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.frame import Frame
    from ui.main_window import MainWindow


@pytest.mark.parametrize(
    ("mode", "speed", "back_s", "words"),
    [
        (Mode.SIMULATION, 1.0, 0, "SIMULATION"),
        (Mode.LOOK_BACK, 1.0, 754, "SIMULATION −12 min 34 s"),
        (Mode.SAMPLE, 1.0, 0, "SAMPLE · SIMULATED"),
        (Mode.SAMPLE, 5.0, 0, "SAMPLE · SIMULATED 5×"),
        (Mode.REPLAY, 1.0, 0, "REPLAY · SIMULATED"),
    ],
)
def test_that_the_badge_says_of_simulated_data_that_it_is(
    window: MainWindow, show: Callable[..., object], mode: Mode, speed: float, back_s: int, words: str
) -> None:
    frame: Frame = replace(plant.frame(plant.line()), mode=mode, speed=speed, at_ns=plant.NOW_NS - back_s * SECOND_NS, simulated=True)
    show(window, frame)
    assert window.top_bar.badge.words == words
    assert window.mode_frame.mode is mode


def test_that_a_simulated_line_has_the_age_of_its_newest_message_by_its_own_clock(window: MainWindow, show: Callable[..., object]) -> None:
    # The newest message of `plant.health` came 0.2 s before NOW_NS, which is years away from the wall's clock.
    show(window, replace(plant.frame(plant.line()), mode=Mode.SIMULATION, simulated=True))
    assert "newest 0.2 s" in window.top_bar.health.text()
