"""What a frame holds and what it says has changed, on a line whose figures can be worked out on paper."""

from __future__ import annotations

import time as wall
from dataclasses import replace
from datetime import time
from math import isnan, nan
from typing import TYPE_CHECKING

import pytest

from tests.session.plant import LINE, Bench, at, bits, content
from twin_app.model.equipment import Shift
from twin_app.model.frame import ALL, Changes
from twin_app.model.message import Status
from twin_app.model.packml import State

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = Shift(name="Day", start=time(6), end=time(14), days=(0, 1, 2, 3, 4))


@pytest.fixture
def hundred(replay: Bench) -> Bench:
    """Return a filler that executes for 60 of 100 s and makes a piece a second while it does, 6 of them bad; paused at the end."""
    replay.source.link(0, up=True)
    for second in range(61):
        replay.source.say(second, State="Execute", Processed=second, Defective=second // 10)
    replay.source.say(60.5, "Capper", State="Idle")
    replay.source.say(60.5, State="Held")
    replay.source.say(100, State="Held", Temperature=20.0)
    replay.source.status = Status.COMPLETE
    replay.session.pause()
    replay.frame()
    replay.session.seek(at(100))
    return replay


def test_that_the_figures_at_the_playhead_are_those_of_the_paper(hundred: Bench) -> None:
    frame = hundred.frame()
    assert frame.figures is not None
    kpi = frame.figures.units["Filler"].kpi
    assert (frame.figures.start_ns, frame.figures.end_ns) == (at(0), at(100))
    assert kpi.availability == pytest.approx(60.5 / 100)
    assert kpi.effectiveness == pytest.approx(0.5 * 60 / 60.5)
    assert kpi.quality_ratio == pytest.approx(54 / 60)
    assert kpi.oee_index == pytest.approx(0.5 * 54 / 100)
    assert frame.rates_per_min["Filler"] == pytest.approx(20)  # 20 of the 60 s before hold a piece each
    assert isnan(frame.rates_per_min["Capper"])
    assert frame.cycles["Filler"] == pytest.approx(60.5 / 0.5)
    assert frame.units["Filler"].state is State.HELD
    assert frame.units["Filler"].since_ns == at(60.5)


def test_that_figures_are_exact_the_moment_time_stands(hundred: Bench) -> None:
    hundred.session.seek(at(10))
    hundred.session.play()
    for _ in range(3):
        frame = hundred.frame(0.033)
    assert frame.figures is not None
    assert frame.figures.end_ns < frame.at_ns  # a few times a second is enough while it runs
    hundred.session.pause()
    frame = hundred.frame()
    assert frame.figures is not None
    assert frame.figures.end_ns == frame.at_ns == at(10) + 3 * 33_000_000
    assert frame.changes.figures


def test_that_figures_are_refreshed_five_times_a_second_while_time_runs(hundred: Bench) -> None:
    hundred.session.seek(at(10))
    hundred.session.play()
    computed = sum(hundred.frame(0.05).changes.figures for _ in range(40))
    assert 9 <= computed <= 11


def test_that_going_back_to_the_start_leaves_no_figure_of_later(hundred: Bench) -> None:
    hundred.frame()
    hundred.session.seek(at(0))
    frame = hundred.frame()
    assert frame.figures is not None
    assert frame.figures.end_ns == at(0)
    assert isnan(frame.figures.units["Filler"].kpi.oee_index)


def test_that_a_seek_changes_all(hundred: Bench) -> None:
    hundred.frame()
    hundred.session.seek(at(30))
    assert hundred.frame().changes is ALL
    assert hundred.frame().changes == Changes()


def test_that_late_data_changes_all_even_while_time_stands(hundred: Bench) -> None:
    hundred.session.seek(at(50))
    before = hundred.frame()
    hundred.source.say(20, State="Held")
    after = hundred.frame()
    assert after.changes is ALL
    assert before.figures is not None
    assert after.figures is not None
    assert before.figures.units["Filler"].ledger.state_ns == {State.EXECUTE: 50 * 10**9}
    assert after.figures.units["Filler"].ledger.state_ns == {State.EXECUTE: 49 * 10**9, State.HELD: 10**9}


def test_that_running_time_names_the_units_that_changed_and_only_those(hundred: Bench) -> None:
    hundred.session.seek(at(60))
    hundred.session.play()
    hundred.frame()
    named = [hundred.frame(0.1).changes for _ in range(8)]
    assert [sorted(changes.units) for changes in named] == [[], [], [], [], ["Capper", "Filler"], [], [], []]
    assert not any(changes.all or changes.span for changes in named)
    assert [changes.signals for changes in named] == [False, False, False, False, True, False, False, False]


def test_that_a_value_between_two_states_changes_signals_alone(live: Bench) -> None:
    live.source.say(0, State="Execute", Temperature=20.0)
    live.now(1)
    live.frame(0.033)
    live.source.say(1.01, Temperature=21.0)
    live.now(1.033)
    changes = live.frame(0.033).changes
    assert changes.signals
    assert not changes.units
    assert not changes.all


def test_that_where_nothing_changes_a_frame_says_so_holds_the_same_and_costs_next_to_nothing(hundred: Bench) -> None:
    first = hundred.frame()
    began = wall.process_time()
    frames = [hundred.frame(0.001) for _ in range(200)]
    assert wall.process_time() - began < 0.2  # a millisecond each would be the end of an idle window's calm
    for frame in frames:
        assert frame.changes == Changes()
        assert content(frame) == content(first)
        assert frame.latest is first.latest
        assert frame.figures is first.figures


def test_that_what_comes_after_the_playhead_changes_the_span_alone(hundred: Bench) -> None:
    hundred.session.seek(at(50))
    before = hundred.frame()
    hundred.source.say(200, State="Execute", Processed=61)
    after = hundred.frame()
    assert after.changes == Changes(span=True)
    assert content(after) == content(before)


def test_that_the_figures_of_a_stop_do_not_know_how_it_will_end(hundred: Bench) -> None:
    hundred.session.seek(at(70))
    before = bits(hundred.frame().figures)
    hundred.source.say(110, State="Execute")  # 49.5 s: a minor stop, as is known by then
    hundred.session.seek(at(70))
    assert bits(hundred.frame().figures) == before


def test_that_figures_count_from_the_start_of_the_shift(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(replace(LINE, shifts=(DAY,)))
    six = -6 * 3600.0  # the shift starts six hours before the bench's noon
    bench.source.say(six - 3600, State="Held")
    bench.source.say(0, State="Execute")
    bench.source.say(4 * 3600, State="Held")
    bench.source.status = Status.COMPLETE
    bench.session.pause()
    bench.frame()
    bench.session.seek(at(3600))
    frame = bench.frame()
    assert frame.shift_start_ns == at(six)
    assert frame.figures is not None
    assert frame.figures.units["Filler"].kpi.availability == pytest.approx(1 / 7)
    bench.session.seek(at(3 * 3600))  # after the shift: from the first sample
    assert bench.frame().shift_start_ns == at(six - 3600)


def test_that_without_a_calendar_figures_count_from_the_first_sample(hundred: Bench) -> None:
    assert hundred.frame().shift_start_ns == at(0)
    assert hundred.session.window_start(at(-5)) == at(-5)


def test_that_a_frame_of_an_empty_file_holds_nothing_and_does_no_harm(replay: Bench) -> None:
    replay.source.status = Status.COMPLETE
    for frame in (replay.frame(0.033), replay.frame(0.033)):
        assert frame.span is None
        assert frame.figures is None
        assert {now.state for now in frame.units.values()} == {None}
        assert str(frame.rates_per_min) == str({"Filler": nan, "Capper": nan})
    for move in (replay.session.play, replay.session.follow, replay.session.toggle, lambda: replay.session.seek(at(3))):
        move()
        assert replay.frame(0.033).span is None
    assert list(replay.session.events(None, at(0), at(9))) == []
    assert len(replay.session.timeline("Filler", at(0), at(9))) == 1
    assert replay.session.raw("Filler", at(9), 5) == []


def test_that_health_is_asked_a_few_times_a_second(hundred: Bench) -> None:
    hundred.frame()
    hundred.source.status = Status.FAILED
    assert not hundred.frame(0.1).changes.health
    assert hundred.frame(0.2).changes.health
    assert hundred.frame().health[0].status is Status.FAILED


def test_that_raw_messages_are_found_by_unit_newest_first(hundred: Bench) -> None:
    hundred.frame()
    newest = hundred.session.raw("Filler", at(30), 2)
    assert [raw.message.received_ns for raw in newest] == [at(30), at(29)]
    assert {raw.message.topic for raw in hundred.session.raw(None, at(61), 2)} == {"L1/Filler", "L1/Capper"}


def test_that_questions_about_the_past_are_those_of_the_rooms_below(hundred: Bench) -> None:
    hundred.frame()
    session = hundred.session
    assert session.unit_now("Filler", at(61)).state is State.HELD
    assert list(session.events("Filler", at(1), at(100))) == [at(60.5)]
    assert bits(session.figures(at(0), at(100))) == bits(hundred.frame().figures)
    assert session.trend("Filler", at(0), at(100), 2).availability == pytest.approx([1, 0.605])
    signal = session.signals.find("Filler", "Processed")
    assert signal is not None
    assert session.range(signal, at(10), at(12), 0).value.tolist() == [10, 11, 12]
