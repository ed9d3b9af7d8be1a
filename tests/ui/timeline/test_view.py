"""Which time is visible: fitted, by hand, following."""

import pytest

from twin_app.model.historian import Span
from ui.timeline.view import TimeView

S = 1_000_000_000


def view(end_s: float = 100, *, live: bool = False, at_s: float = 0) -> TimeView:
    made = TimeView()
    made.place(100, 1000)
    made.follow(Span(0, round(end_s * S)), round(at_s * S), live=live)
    return made


def test_that_a_fitted_replay_grows_with_what_is_loaded() -> None:
    seen = view(100)
    seen.follow(Span(0, 200 * S), 0, live=False)
    assert seen.shows(200 * S)


def test_that_a_fitted_live_view_stands_still_until_its_room_is_used_up() -> None:
    """92 s fill 92 % of 100 s; at 99 s the margin is gone and the next step comes."""
    seen = view(92, live=True)
    before = seen.version
    seen.follow(Span(0, 98 * S), 98 * S, live=True)
    assert seen.version == before
    seen.follow(Span(0, round(99.5 * S)), round(99.5 * S), live=True)
    assert seen.scale.end_ns == pytest.approx(99.5 / 0.92 * S)


def test_that_a_zoomed_view_follows_a_playhead_that_was_in_it() -> None:
    seen = view(1000, at_s=500)
    seen.zoom(10)
    seen.follow(Span(0, 1000 * S), 560 * S, live=False)
    assert seen.shows(560 * S)
    assert seen.scale.span_ns == pytest.approx(101.2 * S)


def test_that_a_view_panned_away_from_the_playhead_is_left_alone() -> None:
    seen = view(1000, at_s=100)
    seen.zoom(10)
    seen.pan(5)
    before = seen.version
    seen.follow(Span(0, 1000 * S), 101 * S, live=False)
    assert seen.version == before
    assert not seen.shows(101 * S)


def test_that_going_somewhere_on_purpose_brings_it_into_the_middle() -> None:
    seen = view(1000, at_s=100)
    seen.zoom(10)
    seen.reveal(900 * S)
    assert seen.scale.x(900 * S) == pytest.approx(600, abs=1)


def test_that_zooming_by_key_keeps_the_playhead_where_it_is() -> None:
    seen = view(1000, at_s=300)
    before = seen.playhead_px()
    seen.zoom(4)
    assert seen.playhead_px() == before


def test_that_framing_a_state_leaves_a_tenth_around_it() -> None:
    seen = view(1000)
    seen.frame(200 * S, 300 * S)
    assert (seen.scale.start_ns, seen.scale.end_ns) == (190 * S, 310 * S)


def test_that_fitting_again_shows_everything() -> None:
    seen = view(1000)
    seen.frame(200 * S, 300 * S)
    seen.fit()
    assert seen.shows(0)
    assert seen.shows(1000 * S)
    assert seen.fitted


def test_that_nothing_known_has_no_playhead() -> None:
    assert TimeView().playhead_px() is None
    assert TimeView().known_end_px() == -1
