"""A line that goes on while it is watched: the live end, the past of today, and what is not known of it."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from tests.session.plant import Bench, Rooms, at
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.frame import Mode
from twin_app.model.packml import State
from twin_app.model.samples import TextTable

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_that_the_playhead_stays_at_now(live: Bench) -> None:
    live.source.say(0, State="Execute")
    for second in (1.0, 2.5, 700.0):
        live.now(second)
        frame = live.frame(0.033)
        assert frame.at_ns == at(second)
        assert frame.mode is Mode.LIVE
        assert frame.span is not None
        assert (frame.span.start_ns, frame.span.end_ns) == (at(0), at(second))


def test_that_a_paused_line_goes_on_behind_and_the_past_can_be_seen(live: Bench) -> None:
    live.source.say(0, State="Execute")
    live.now(10)
    live.frame(0.033)
    live.session.pause()
    live.source.say(20, State="Held")
    live.now(30)
    frame = live.frame(0.033)
    assert frame.mode is Mode.LOOK_BACK
    assert frame.at_ns == at(10)
    assert frame.units["Filler"].state is State.EXECUTE
    live.session.seek(at(25))
    assert live.frame().units["Filler"].state is State.HELD
    assert live.frame().units["Filler"].since_ns == at(20)
    live.session.seek(at(19))
    assert live.frame().units["Filler"].state is State.EXECUTE


def test_that_playing_in_the_past_stays_as_far_behind(live: Bench) -> None:
    live.source.say(0, State="Execute")
    live.now(60)
    live.frame()
    live.session.seek(at(40))
    live.now(65)
    frame = live.frame(5)
    assert frame.at_ns == at(45)
    assert frame.mode is Mode.LOOK_BACK


def test_that_the_way_back_to_live_is_one_word(live: Bench) -> None:
    live.source.say(0, State="Execute")
    live.now(60)
    live.frame()
    live.session.seek(at(5))
    live.session.pause()
    live.session.set_speed(-2)
    live.frame()
    live.session.follow()
    live.now(61)
    frame = live.frame(0.033)
    assert frame.at_ns == at(61)
    assert frame.mode is Mode.LIVE
    assert frame.playing
    assert frame.speed == 1
    assert frame.changes.all


def test_that_fast_forward_ends_live(live: Bench) -> None:
    live.source.say(0, State="Execute")
    live.now(60)
    live.frame()
    live.session.seek(at(10))
    live.session.set_speed(20)
    live.frame(1)
    assert live.frame(1).at_ns == at(50)
    assert live.frame(1).mode is Mode.LIVE
    assert live.frame(1).speed == 1


def test_that_running_backwards_from_live_looks_back_and_stands_at_the_first_sample(live: Bench) -> None:
    live.source.say(0, State="Execute")
    live.now(10)
    live.frame()
    live.session.set_speed(-5)
    assert live.frame(1).at_ns == at(5)
    frame = live.frame(10)
    assert frame.at_ns == at(0)
    assert frame.mode is Mode.LOOK_BACK
    assert not frame.playing


def test_that_a_line_nobody_has_heard_of_shows_now_and_nothing_else(live: Bench) -> None:
    live.now(3)
    frame = live.frame(0.033)
    assert frame.at_ns == at(3)
    assert frame.span is None
    assert frame.figures is None
    assert frame.mode is Mode.LIVE
    assert frame.units["Filler"].state is None
    assert frame.units["Filler"].since_ns == at(3)
    assert isnan(frame.rates_per_min["Filler"])
    live.session.seek(at(1))
    live.session.pause()
    live.frame(1)
    live.source.say(4, State="Execute")
    live.now(5)
    frame = live.frame()
    assert frame.at_ns == at(4)  # paused before anything was known: at the first thing that is
    assert frame.units["Filler"].state is State.EXECUTE


def test_that_values_of_a_source_that_is_away_are_stale_and_stay_so_until_refreshed(live: Bench) -> None:
    live.source.link(0, up=True)
    live.source.say(1, State="Execute", Temperature=70.0, Pressure=2.0)
    live.now(5)
    assert live.shown(live.frame(), "Temperature") == (70.0, "GOOD")
    live.now(20)
    live.source.link(8, up=False)
    frame = live.frame(0.033)
    assert live.shown(frame, "Temperature") == (70.0, "STALE")
    assert frame.units["Filler"].state is None
    assert frame.units["Filler"].since_ns == at(8)
    live.source.link(21, up=True)
    live.source.say(22, Temperature=71.0)
    live.now(23)
    frame = live.frame(0.033)
    assert live.shown(frame, "Temperature") == (71.0, "GOOD")
    assert live.shown(frame, "Pressure") == (2.0, "STALE")
    assert frame.units["Filler"].state is None  # it has not said its state since
    live.session.seek(at(7))
    assert live.shown(live.frame(), "Temperature") == (70.0, "GOOD")
    live.session.seek(at(8))
    assert live.shown(live.frame(), "Temperature") == (70.0, "STALE")


def test_that_what_was_said_before_an_outage_and_heard_after_it_is_stale_too(live: Bench) -> None:
    live.source.link(0, up=True)
    live.source.say(1, State="Execute", Temperature=70.0)
    live.source.link(8, up=False)
    live.source.link(20, up=True)
    live.source.say(7, said_at=21, Temperature=75.0)
    live.now(22)
    assert live.shown(live.frame(), "Temperature") == (75.0, "STALE")


def test_that_the_first_connection_makes_nothing_stale(live: Bench) -> None:
    live.source.say(0, Temperature=70.0)  # its own clock lags behind the moment it connected
    live.source.link(1, up=True)
    live.now(2)
    assert live.shown(live.frame(), "Temperature") == (70.0, "GOOD")


def test_that_a_retained_message_is_of_unknown_age_and_opens_nothing(live: Bench) -> None:
    live.source.link(0, up=True)
    live.source.say(1, State="Execute", Temperature=70.0, retain=True)
    live.now(2)
    frame = live.frame()
    assert live.shown(frame, "Temperature") == (70.0, "RETAINED")
    assert frame.units["Filler"].state is None
    assert frame.health[0].retained == 1


def test_that_a_frame_takes_something_in_however_busy_the_computer_is(live: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin_app.session.session.FOLD_BUDGET_S", 1e-12)
    live.source.say(0, State="Execute")
    live.now(1)
    assert live.frame(1).units["Filler"].state is State.EXECUTE


def test_that_what_waits_to_be_folded_shows_as_behind(live: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    live.source.say(0, State="Execute")
    live.now(1)
    assert live.frame(1).behind_s == 0
    monkeypatch.setattr("twin_app.session.session.FOLD_BUDGET_S", 0.0)
    live.source.say(4, State="Held")
    live.now(4)
    frame = live.frame(1)
    assert frame.behind_s == 4
    assert frame.units["Filler"].state is State.EXECUTE
    monkeypatch.undo()
    assert live.frame(1).behind_s == 0


def test_that_a_picture_far_behind_the_plant_catches_up_at_the_cost_of_its_calm(live: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    live.source.say(0, State="Execute")
    live.now(1)
    live.frame(1)
    monkeypatch.setattr("twin_app.session.session.FOLD_BUDGET_S", 0.0)
    live.source.say(1.1, State="Held")
    live.now(1.1)
    assert [round(live.frame(1).behind_s, 3) for _ in range(3)] == [1.1, 0, 0], "far behind: a frame takes its time"
    live.source.say(1.2, State="Execute")
    live.now(1.2)
    assert [round(live.frame(1).behind_s, 3) for _ in range(3)] == [0.1, 0.1, 0.1], "a little: nothing is taken in without a budget"


def test_that_a_recording_goes_on_where_it_was_left(tmp_path: Path) -> None:
    bench = Bench(live=True)
    for run in (0, 1):
        signals, texts = signal_table(bench.rooms.line), TextTable()
        store = Store.reopen(tmp_path / "line.twinrec", signals=signals, texts=texts)
        bench.rooms = Rooms(bench.rooms.line, store, signals, texts)
        bench.source = type(bench.source)(bench.rooms, live=True)
        bench.session = bench.rooms.session(bench.source, now=lambda: bench.source.now_ns)
        bench.source.say(100.0 * run, State="Execute", Processed=run * 10)
        bench.now(100 * run + 50)
        frame = bench.frame()
        while bench.session._waiting:  # a frame folds for some milliseconds only
            frame = bench.frame()
        bench.session.close()
        assert bench.source.stopped
    assert frame.span is not None
    assert frame.span.start_ns == at(0)
    assert frame.figures is not None
    assert frame.figures.units["Filler"].counters["Processed"].total == 10
    assert frame.figures.units["Filler"].ledger.state_ns == {State.EXECUTE: 150 * 10**9}


def test_that_looking_back_the_newest_instant_of_the_line_is_told_beside(live: Bench) -> None:
    live.source.say(0, State="Execute")
    live.source.say(0, "Capper", State="Execute")
    live.now(30)
    assert live.frame(1).live is None
    live.session.seek(at(5))
    live.source.say(31, State="Aborted")
    live.source.say(31, "Capper", State="Suspended", Starved=True)
    live.now(40)
    frame = live.frame(1)
    assert frame.units["Filler"].state is State.EXECUTE
    assert frame.live is not None
    assert frame.live.at_ns == at(40)
    assert frame.live.story is not None
    assert [cause.unit for cause in frame.live.story.causes] == ["Filler"]
    live.now(40.5)
    assert live.frame(0.1).live is frame.live  # looked at once a second
    live.session.follow()
    assert live.frame(0.1).live is None
