"""J K L."""

import pytest

from ui.timeline.shuttle import shuttled


@pytest.mark.parametrize(
    ("speed", "direction", "playing", "then"),
    [
        (1.0, 1, False, 1.0), (1.0, 1, True, 2.0), (2.0, 1, True, 5.0), (60.0, 1, True, 120.0), (3600.0, 1, True, 3600.0), (0.25, 1, True, 1.0),
        (5.0, -1, True, -1.0), (-1.0, -1, True, -2.0), (-20.0, -1, True, -60.0), (-1000.0, -1, True, -3600.0), (-2.0, 1, True, 1.0), (-2.0, -1, False, -1.0),
    ],
)  # fmt: skip
def test_that_each_press_is_the_next_speed_in_its_direction(speed: float, direction: int, then: float, *, playing: bool) -> None:
    assert shuttled(speed, direction, playing=playing) == then
