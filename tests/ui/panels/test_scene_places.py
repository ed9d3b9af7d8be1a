"""Where the hall puts vehicles: what their signals say at the frame's instant."""

from math import isnan, pi

import numpy as np

from twin_app.model.historian import Latest
from twin_app.model.samples import NEVER, Kind, Quality
from twin_app.model.signal import Signal, SignalKind, SignalTable
from ui.hall.looks import place_of
from ui.hall.tracks import Place
from ui.scene3d import Pose

NAMES = ("X", "Y", "Heading")


def table(*names: str) -> SignalTable:
    return SignalTable([Signal(path=f"a/{name}", unit="AGV1", name=name, kind=SignalKind.MEASUREMENT) for name in names])


def latest(*values: float | None) -> Latest:
    count = len(values)
    return Latest(
        np.array([NEVER if value is None else 5 for value in values], dtype=np.int64),
        np.array([np.nan if value is None else value for value in values]),
        np.array([Kind.NULL if value is None else Kind.NUMBER for value in values], dtype=np.uint8),
        np.zeros(count, dtype=np.uint8),
        np.zeros(count, dtype=np.int64),
    )


def test_that_a_vehicle_is_where_it_says_in_metres_and_radians_since_it_said_so() -> None:
    assert place_of("AGV1", latest(20.0, 15.0, pi / 2), table(*NAMES)) == Place(Pose(20.0, 15.0, pi / 2), 5, sound=True)


def test_that_a_vehicle_that_never_said_both_coordinates_has_no_place() -> None:
    assert place_of("AGV1", latest(20.0, None, 0.0), table(*NAMES)) is None
    assert place_of("AGV1", latest(20.0), table("X")) is None
    assert place_of("AGV2", latest(1.0, 2.0, 0.0), table(*NAMES)) is None


def test_that_a_place_without_heading_is_a_place_and_the_heading_unknown() -> None:
    place = place_of("AGV1", latest(1.0, 2.0, None), table(*NAMES))
    assert place is not None
    assert (place.pose.x_m, place.pose.y_m) == (1.0, 2.0)
    assert isnan(place.pose.heading_rad)


def test_that_a_place_that_cannot_be_believed_any_more_is_still_the_last_one() -> None:
    heard = latest(1.0, 2.0, 0.0)
    heard.quality[:] = Quality.STALE
    place = place_of("AGV1", heard, table(*NAMES))
    assert place == Place(Pose(1.0, 2.0, 0.0), 5, sound=False)
