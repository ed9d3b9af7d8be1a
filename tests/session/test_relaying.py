"""Another layout of a line that is open: what was heard stays, the playhead stays, and all that follows is as if it had always been so."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.session.plant import CAPTURE, LAYOUT, LINE, Bench, Played, Rooms, at
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.equipment import Feed, Line, Placement, Unit
from twin_app.model.frame import ALL
from twin_app.model.packml import State
from twin_app.model.samples import TextTable
from twin_app.service.opening import open_request
from twin_app.service.request import OpenRequest
from twin_app.session import Session
from twin_app.session.relaying import Way, way
from twin_app.sources.recording import RecordingSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILLER, CAPPER = LINE.units
MOVED = replace(LINE, content_hash="moved", units=(FILLER, replace(CAPPER, placement=Placement(x_m=3.0))))
SLOWER = replace(LINE, products=(replace(LINE.products[0], ideal_cycle_s={"Filler": 1.0, "Capper": 1.0}),))
LONGER = replace(LINE, units=(FILLER, CAPPER, Unit(id="Packer", title="Packer", type="case_packer", source="plc")))


@pytest.fixture
def played() -> Iterator[tuple[Session, Played]]:
    """A live line whose store can be read again, with its source."""
    signals, texts = signal_table(LINE), TextTable()
    rooms = Rooms(LINE, Store.temporary(signals, texts), signals, texts)
    source = Played(rooms, live=True)
    session = rooms.session(source, now=lambda: source.now_ns)
    session._intakes = (source.intake,)
    yield session, source
    session.close()


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (replace(LINE, content_hash="other"), Way.NOTHING),
        (MOVED, Way.PLACES),
        (SLOWER, Way.DERIVED),
        (replace(LINE, units=(replace(FILLER, feeds=()), CAPPER)), Way.DERIVED),
        (replace(LINE, units=(replace(FILLER, title="Big"), CAPPER)), Way.DERIVED),
        (replace(LINE, units=(CAPPER, FILLER)), Way.DERIVED),
        (LONGER, Way.UNITS),
        (replace(LINE, units=(FILLER,)), Way.UNITS),
        (replace(LINE, site="T"), Way.ANEW),
        (replace(LINE, sources=(replace(LINE.sources[0], address="mqtt://other:1883"),)), Way.ANEW),
    ],
)
def test_that_a_layout_asks_for_no_more_than_it_must(played: tuple[Session, Played], after: Line, expected: Way) -> None:
    session, source = played
    assert way(LINE, after, (source,), session.signals) is expected


def test_that_other_units_of_a_file_have_it_read_anew() -> None:
    bench = Bench(live=False)
    assert way(LINE, LONGER, (bench.source,), bench.session.signals) is Way.ANEW
    assert not bench.session.relay(LONGER)
    assert bench.session.line is LINE


def test_that_a_machine_moves_while_the_line_runs_and_nothing_else_is_touched(played: tuple[Session, Played]) -> None:
    session, source = played
    source.say(0, State="Execute")
    source.now_ns = at(10)
    session.advance(0)
    sight, known = session.sight, session._known
    assert session.relay(MOVED)
    assert (session.line, session.sight, session._known) == (MOVED, sight, known)
    assert session.advance(0).units["Filler"].state is State.EXECUTE


def test_that_history_and_playhead_stay_and_figures_follow_the_new_cycle(played: tuple[Session, Played]) -> None:
    session, source = played
    source.say(0, State="Execute", Processed=0, Defective=0)
    for second in range(1, 100):
        source.say(second, State="Execute", Processed=second, Defective=0)
    source.now_ns = at(100)
    session.advance(0)
    session.seek(at(80))
    session.pause()
    before = session.advance(0)
    assert before.figures is not None
    assert before.figures.units["Filler"].kpi.effectiveness == pytest.approx(0.5)
    assert session.relay(SLOWER)
    after = session.advance(0)
    assert after.figures is not None
    assert (after.at_ns, after.playing, after.span, after.changes) == (at(80), False, before.span, ALL)
    assert after.figures.units["Filler"].kpi.effectiveness == pytest.approx(1.0)
    assert session.timeline("Filler", at(0), at(80)).start_ns.tolist() == [at(0)]


def test_that_a_new_machine_is_heard_from_then_on_and_a_removed_one_no_more(played: tuple[Session, Played]) -> None:
    session, source = played
    source.say(0, State="Execute")
    source.say(1, "Packer", State="Execute")
    source.now_ns = at(2)
    session.advance(0)
    received = source.health().received
    assert session.relay(LONGER)
    assert session.advance(0).units["Packer"].state is None
    source.say(3, "Packer", State="Held")
    source.now_ns = at(4)
    frame = session.advance(0)
    assert frame.units["Packer"].state is State.HELD
    assert frame.units["Filler"].state is State.EXECUTE
    assert source.health().received == received + 1
    assert session.relay(replace(LINE, units=(FILLER,)))
    assert set(session.advance(0).units) == {"Filler"}
    assert session.signals.find("Packer", "State") is not None


def test_that_what_takes_long_to_derive_leaves_the_last_frame_until_it_is_done(
    played: tuple[Session, Played], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, source = played
    for second in range(50):
        source.say(second, State="Execute" if second % 2 else "Held")
    source.now_ns = at(50)
    frame = session.advance(0)
    monkeypatch.setattr("twin_app.session.session.RELAY_BUDGET_S", 0.0)
    monkeypatch.setattr("twin_app.session.session.REFOLD_BUDGET_S", 0.0)
    monkeypatch.setattr("twin_app.session.session.FOLD_SAMPLES", 7)
    assert session.relay(SLOWER)
    monkeypatch.setattr("twin_app.session.session.RELAY_BUDGET_S", 0.0)
    monkeypatch.setattr("twin_app.session.session.REFOLD_BUDGET_S", 1e-9)
    meanwhile = session.advance(0)
    assert session.line is LINE
    assert (meanwhile.at_ns, meanwhile.units, meanwhile.changes.all) == (frame.at_ns, frame.units, False)
    while session.line is LINE:
        frame = session.advance(0)
    assert frame.changes.all
    assert frame.units["Filler"].state is State.EXECUTE


def test_that_a_second_layout_before_the_first_is_derived_is_the_one_in_force(
    played: tuple[Session, Played], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, source = played
    for second in range(50):
        source.say(second, State="Execute")
    source.now_ns = at(50)
    session.advance(0)
    monkeypatch.setattr("twin_app.session.session.RELAY_BUDGET_S", 0.0)
    assert session.relay(SLOWER)
    assert session.line is LINE
    both = replace(SLOWER, units=MOVED.units)
    assert session.relay(both)
    session.advance(0)
    assert session.line == both
    assert session.relay(LINE)
    assert session.relay(SLOWER)
    session.advance(0)
    assert session.line == SLOWER
    figures = session.advance(0).figures
    assert figures is not None
    assert repr(session.figures(figures.start_ns, figures.end_ns)) == repr(figures)  # unknown figures are NaN


def test_that_a_replay_relaid_tells_what_one_opened_so_tells(tmp_path: Path) -> None:
    text = LAYOUT.read_text("utf-8")
    path = tmp_path / "line.toml"
    path.write_text(text, "utf-8")
    line = load(path)
    sealer = next(unit for unit in line.units if unit.feeds)
    other = replace(line, units=tuple(replace(u, feeds=(), infer_flow=True) if u is sealer else u for u in line.units), minor_stop_s=5.0)
    assert line.units[0].feeds != () or other != line
    request = OpenRequest(layout=path, addresses={line.sources[0].id: str(CAPTURE)})
    figures = []
    for first, then in ((line, other), (other, None)):
        with closing(open_request(request, record=False)) as session:
            if first is not line:
                assert session.relay(first)
            source = session._sources[0]
            assert isinstance(source, RecordingSource)
            source.read()
            session.fold()
            if then is not None:
                session.advance(0)
                assert session.relay(then)
                session.advance(0)
            span = session.span()
            assert span is not None
            figures.append((session.figures(span.start_ns, span.end_ns), session.line))
    assert figures[0] == figures[1]
    assert Feed in {type(feed) for unit in line.units for feed in unit.feeds}
