"""Where vehicles are between their reports, in closed form and on the recording of two real ones; and what is asked for it."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan, pi
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from tests.ui.panels.doubles import Answers, Plant, at, make_line
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.frame import Changes, Mode
from twin_app.model.historian import Series, Span
from twin_app.model.packml import State
from twin_app.model.samples import Kind, Quality, TextTable
from twin_app.sources.intake import Intake
from twin_app.sources.recording import RecordingSource
from ui.hall.fleet import Fleet
from ui.hall.tracks import LAG_S, MOST, TRAIL_S, Place, Track, track
from ui.scene3d.scene import Pose

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.model.frame import Frame

ROOT = Path(__file__).resolve().parents[3]
START_NS = 1_795_426_100_708 * 1_000_000


def ns(seconds: float) -> int:
    return round(seconds * 1e9)


def made(*reports: tuple[float, float, float, float]) -> Track:
    """Return a track of reports as second, x, y, heading."""
    seconds, x, y, heading = (np.array(column, dtype=np.float64) for column in zip(*reports, strict=True))
    return Track(np.round(seconds * 1e9).astype(np.int64), x, y, heading, 0, ns(1e6))


def xy(told: Track, seconds: float) -> tuple[float, float]:
    pose = told.pose(ns(seconds))
    assert pose is not None
    return pose.x_m, pose.y_m


EVERY_SECOND = made((0, 0, 0, 0), (1, 2, 0, 0), (2, 4, 0, pi / 2), (3, 4, 3, pi / 2))


@pytest.mark.parametrize(
    ("seconds", "place"), [(0, (0, 0)), (1.25, (0, 0)), (1.75, (1, 0)), (2.25, (2, 0)), (3.75, (4, 1.5)), (4.25, (4, 3)), (99, (4, 3))]
)
def test_that_a_vehicle_moves_evenly_between_reports_after_the_lag(seconds: float, place: tuple[float, float]) -> None:
    assert LAG_S == 1.25
    assert xy(EVERY_SECOND, seconds) == pytest.approx(place)


def test_that_a_vehicle_not_yet_heard_of_has_no_place() -> None:
    assert EVERY_SECOND.pose(ns(-0.001)) is None


def test_that_it_turns_with_its_reports_the_short_way() -> None:
    pose = EVERY_SECOND.pose(ns(2.75))
    assert pose is not None
    assert pose.heading_rad == pytest.approx(pi / 4)
    turning = made((0, 0, 0, 3.0), (1, 1, 0, -3.0)).pose(ns(1.75))
    assert turning is not None
    assert turning.heading_rad == pytest.approx(pi)
    blank = made((0, 0, 0, nan), (1, 1, 0, nan)).pose(ns(1.75))
    assert blank is not None
    assert isnan(blank.heading_rad)


def test_that_where_reports_come_seldom_it_stands_until_the_next_is_there() -> None:
    seldom = made((0, 0, 0, 0), (30, 10, 0, 0))
    assert xy(seldom, 29.99) == (0, 0)
    assert xy(seldom, 30.0) == (0, 0)
    assert xy(seldom, 30.625) == pytest.approx((5, 0))
    assert xy(seldom, 31.25) == pytest.approx((10, 0))


REPORTS = st.lists(st.tuples(st.floats(0.05, 40), st.floats(0.0, 2.0)), min_size=1, max_size=12)


@given(REPORTS, st.floats(0, 1))
def test_that_it_is_never_ahead_of_its_newest_report_and_knows_nothing_of_the_next(steps: list[tuple[float, float]], share: float) -> None:
    times = np.cumsum([0.0, *(gap for gap, _ in steps)])
    along = np.cumsum([0.0, *(gap * speed for gap, speed in steps)])
    told = made(*((float(t), float(x), 0.0, 0.0) for t, x in zip(times, along, strict=True)))
    now = share * (float(times[-1]) + 3)
    heard = int(np.searchsorted(times, now, side="right"))
    x, _ = xy(told, now)
    assert x <= along[heard - 1] + 1e-9
    cut = Track(told.times_ns[:heard], told.x_m[:heard], told.y_m[:heard], told.heading_rad[:heard], 0, ns(now))
    assert xy(cut, now) == (x, 0.0)


@given(REPORTS)
def test_that_it_does_not_leap(steps: list[tuple[float, float]]) -> None:
    times = np.cumsum([0.0, *(gap for gap, _ in steps)])
    along = np.cumsum([0.0, *(gap * speed for gap, speed in steps)])
    told = made(*((float(t), float(x), 0.0, 0.0) for t, x in zip(times, along, strict=True)))
    shown = [xy(told, float(t))[0] for t in np.arange(0, float(times[-1]) + 2, 0.05)]
    # At 2 m/s for 40 s without a word: what was gone is made good within the lag.
    assert np.diff(shown).max() <= 0.05 * 80 / LAG_S + 1e-6
    assert np.diff(shown).min() >= -1e-9


def test_that_a_vehicle_that_was_carried_is_not_shown_to_drive_through_the_hall() -> None:
    carried = made((0, 0, 0, 0), (1, 90, 0, 0))
    assert xy(carried, 1.75) == (0, 0)
    assert xy(carried, 2.25) == (90, 0)
    assert np.isnan(carried.trail(ns(10))).any()


def test_that_the_trail_ends_where_the_vehicle_is_and_fades_with_time() -> None:
    driven = made(*((float(t), t * 1.0, 0.0, 0.0) for t in range(101)))
    way = driven.trail(ns(61.25))
    assert way[-1, :2] == pytest.approx((60.0, 0.0))
    assert way[0, :2] == pytest.approx((0.0, 0.0))
    assert (np.diff(way[:, 2]) >= 0).all()
    # The first point is 60 s old at the last even step of two seconds.
    assert way[0, 2] == pytest.approx(1 - 60 / TRAIL_S)
    assert len(driven.trail(ns(100 + TRAIL_S + 5))) == 1
    assert driven.trail(ns(-1)).shape == (0, 3)


def test_that_a_trail_of_many_reports_keeps_its_length_with_few_points() -> None:
    angle = np.linspace(0, 4 * pi, 3000)
    round_and_round = made(*((i * 0.1, float(20 * np.cos(a)), float(20 * np.sin(a)), 0.0) for i, a in enumerate(angle)))
    way = round_and_round.trail(ns(300))
    assert len(way) <= MOST
    assert np.hypot(*np.diff(way[:, :2], axis=0).T).sum() == pytest.approx(20 * 4 * pi * TRAIL_S / 300, rel=0.02)


def test_that_a_standing_vehicle_leaves_one_point_and_asks_for_no_other_picture_within_two_seconds() -> None:
    still = made(*((float(t), 5.0, 5.0, 0.0) for t in range(60)))
    assert len(still.trail(ns(40.1))) <= 2
    assert np.array_equal(still.trail(ns(40.1)), still.trail(ns(41.9)))


def series(*samples: tuple[float, float, Quality]) -> Series:
    times, values, qualities = zip(*samples, strict=True)
    count = len(samples)
    return Series(
        np.array([ns(t) for t in times]), np.array(values, np.float64), np.full(count, Kind.NUMBER, np.uint8),
        np.array(qualities, np.uint8), np.arange(count),
    )  # fmt: skip


def test_that_coordinates_that_change_at_different_times_are_put_together() -> None:
    good = Quality.GOOD
    told = track(series((0, 1, good), (4, 3, good)), series((1, 7, good), (4, 8, Quality.STALE)), None, 0, ns(10))
    assert told.times_ns.tolist() == [ns(1)]
    pose = told.pose(ns(9))
    assert pose is not None
    assert (pose.x_m, pose.y_m) == (1.0, 7.0)
    assert isnan(pose.heading_rad)


class Recorded:
    """The recording of two vehicles, read once."""

    def __init__(self) -> None:
        line = load(ROOT / "models3d/lines/agvs.toml")
        signals, texts = signal_table(line), TextTable()
        self.signals, self.store = signals, Store(signals, texts, journal=None)
        intake = Intake(line, line.sources[0], store=self.store, signals=signals, texts=texts)
        RecordingSource(intake, ROOT / "tests/data/captures/vda5050_two_agvs.jsonl").read()
        while len(self.store.fold()):
            pass

    def track(self, unit: str) -> Track:
        found = []
        for name in ("X", "Y", "Heading"):
            signal = self.signals.find(unit, name)
            assert signal is not None
            found.append(self.store.range(signal, 0, 2**62, 0))
        return track(found[0], found[1], found[2], 0, 2**62)


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return Recorded()


def test_that_the_recorded_vehicle_drives_to_20_0_turns_and_drives_to_20_15(recorded: Recorded) -> None:
    told = recorded.track("001")
    poses = [told.pose(START_NS + ns(t)) for t in np.arange(2.0, 75.0, 0.1)]
    places = np.array([(pose.x_m, pose.y_m) for pose in poses if pose is not None])
    assert places[0] == pytest.approx((0, 0))
    assert places[-1] == pytest.approx((20, 15))
    # It keeps to its two legs but for the corner, which a report a second cuts by no more than its way within one.
    off = np.minimum(np.abs(places[:, 1]), np.abs(places[:, 0] - 20))
    assert off.max() < 1.0
    # Two reports 0.04 s apart are 0.4 m apart themselves; elsewhere it drives at 2 m/s.
    steps = np.hypot(*np.diff(places, axis=0).T)
    assert steps.max() < 0.45
    assert np.quantile(steps, 0.99) < 0.1 * 2.9
    # It is paused from 15.3 s to 21.3 s at x = 17.638.
    paused = told.pose(START_NS + ns(19.0))
    assert paused is not None
    assert (paused.x_m, paused.y_m) == pytest.approx((17.638, 0.0))
    last = told.pose(START_NS + ns(74.0))
    assert last is not None
    assert last.heading_rad == pytest.approx(pi / 2)


def test_that_the_recorded_vehicle_that_lost_its_battery_stays_where_it_stopped(recorded: Recorded) -> None:
    told = recorded.track("002")
    for seconds in (12.0, 40.0, 66.5, 75.0):
        pose = told.pose(START_NS + ns(seconds))
        assert pose is not None
        assert (pose.x_m, pose.y_m) == pytest.approx((6.408, 10.0))
    furthest = max(told.pose(START_NS + ns(t)).x_m for t in np.arange(2.0, 75.0, 0.1))  # type: ignore[union-attr]  # heard of from 1 s on
    assert furthest == pytest.approx(6.408)


class SoFar(Answers):
    """Knows what has come by 20 s."""

    @override
    def range(self, key: str, signal: int, start_ns: int, end_ns: int, pixels: int, then: Callable[[Series], None]) -> None:
        super().range(key, signal, start_ns, min(end_ns, at(20.0)), pixels, then)


def fleet_of(driven: tuple[tuple[float, float], ...], answering: type[Answers] = Answers) -> tuple[Plant, Answers, Fleet, list[int]]:
    """Return a plant with a vehicle that drives along X."""
    line = make_line("v")
    line = replace(line, units=(replace(line.units[0], type="agv"),))
    plant = Plant(line, 60.0, {"v": [(0.0, State.EXECUTE)]})
    plant.say("v", "X", *driven)
    plant.say("v", "Y", (0.0, 3.0))
    told: list[int] = []
    answers = answering(plant)
    fleet = Fleet(answers, "scene", lambda: told.append(1))
    fleet.open_line(plant.view)
    return plant, answers, fleet, told


def test_that_the_past_is_asked_for_once_and_answers_for_every_instant_around() -> None:
    plant, answers, fleet, told = fleet_of(tuple((float(t), float(t)) for t in range(40)))
    assert fleet.poses(plant.frame(20.0))["v"].x_m == pytest.approx(18.75)
    asked = len(answers.asked)
    assert asked == 2
    assert told == [1]
    for seconds in (21.0, 30.0, 25.0, 10.0):
        frame = plant.frame(seconds, changes=Changes())
        assert fleet.poses(frame)["v"].x_m == pytest.approx(seconds - LAG_S)
        assert fleet.trails(frame.at_ns)["v"][-1, :2] == pytest.approx((seconds - LAG_S, 3.0))
    assert len(answers.asked) == asked


def test_that_a_live_line_goes_on_from_what_was_told_with_what_is_heard() -> None:
    plant, _, fleet, _ = fleet_of(tuple((float(t), float(t)) for t in range(60)), SoFar)

    def frame(seconds: float) -> Frame:
        return plant.frame(seconds, mode=Mode.LIVE, changes=Changes(), span=Span(at(0), at(seconds)))

    fleet.poses(frame(20.0))
    for step in range(1, 100):
        fleet.poses(frame(20.0 + step * 0.2))
    shown = frame(39.8)
    assert fleet.poses(shown)["v"].x_m == pytest.approx(39.8 - LAG_S)
    assert fleet.trails(shown.at_ns)["v"][0, :2] == pytest.approx((0.0, 3.0))


def test_that_a_blind_replay_forgets_the_ways_of_before() -> None:
    plant, _, fleet, _ = fleet_of(((0.0, 0.0), (5.0, 5.0)))
    fleet.poses(plant.frame(10.0))
    assert fleet.trails(at(10.0))
    fleet.open_line(plant.view)
    assert not fleet.trails(at(10.0))


def test_that_a_vehicle_stands_where_it_was_once_a_blind_replay_has_learned_all_of_it() -> None:
    class Learning(Answers):
        until_s = 10.0

        @override
        def range(self, key: str, signal: int, start_ns: int, end_ns: int, pixels: int, then: Callable[[Series], None]) -> None:
            super().range(key, signal, start_ns, min(end_ns, at(self.until_s)), pixels, then)

    plant, answers, fleet, _ = fleet_of(tuple((float(t), float(t)) for t in range(40)), Learning)
    assert fleet.poses(plant.frame(20.0, mode=Mode.BLIND, behind_s=10.0))["v"].x_m == pytest.approx(10.0)
    assert isinstance(answers, Learning)
    answers.until_s = 20.0
    assert fleet.poses(plant.frame(20.0, mode=Mode.BLIND))["v"].x_m == pytest.approx(18.75)


def test_that_one_more_report_is_taken_and_an_old_one_is_not() -> None:
    more = EVERY_SECOND.heard(Place(Pose(9.0, 9.0, 0.0), ns(5), sound=True), now_ns=ns(6))
    assert len(more.times_ns) == 5
    assert len(more.heard(Place(Pose(0.0, 0.0, 0.0), ns(5), sound=True), now_ns=ns(7)).times_ns) == 5
    assert len(more.heard(None, now_ns=ns(7)).times_ns) == 5
