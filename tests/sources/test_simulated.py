"""A simulated line as a source: what it says comes in, its clock is its own, and nobody takes it for a plant."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from twin_app.errors import ScenarioError, SourceError, UsageError
from twin_app.model.frame import Mode
from twin_app.model.packml import State
from twin_app.service.opening import open_request
from twin_app.service.request import OpenRequest
from twin_app.settings import Settings, data_dir
from twin_app.sources.kinds import kind_of
from twin_app.sources.recording import RecordingSource
from twin_app.sources.simulated import SimulatedAddress, parse_simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from twin_app.session import Session

LAYOUT = Path(__file__).resolve().parents[2] / "models3d/lines/packaging.toml"
FRAME_NS = 33_000_000


@pytest.fixture
def open_simulation() -> Iterator[Callable[..., Session]]:
    """Return a maker of running sessions on the packaging line, simulated; closed in the end."""
    opened: list[Session] = []

    def make(address: str = "sim:?speed=60") -> Session:
        opened.append(open_request(OpenRequest(layout=LAYOUT, addresses={"plant": address}), Settings()))
        opened[-1].start()
        return opened[-1]

    yield make
    for session in opened:
        session.close()


def until(session: Session, wanted: Callable[[], bool]) -> None:
    """Let the session live until something is as wanted."""
    ends = time.monotonic() + 10
    while not wanted():
        assert time.monotonic() < ends
        session.advance(FRAME_NS)
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sim:", SimulatedAddress()),
        ("sim:?seed=7", SimulatedAddress(seed=7)),
        ("sim:a b/s.toml?seed=1&speed=2.5", SimulatedAddress(scenario="a b/s.toml", seed=1, speed=2.5)),
    ],
)
def test_that_an_address_says_scenario_seed_and_speed(address: str, said: SimulatedAddress) -> None:
    assert parse_simulated(address) == said
    assert kind_of(address).key == "simulation"


@pytest.mark.parametrize("address", ["sim:?sed=1", "sim:?seed=x", "sim:?speed=fast"])
def test_that_what_is_no_such_address_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(SourceError, match=r"sim:scenario\.toml\?seed=1&speed=10"):
        parse_simulated(address)


def test_that_a_simulated_line_is_shown_as_a_simulation_that_runs_by_its_own_clock(open_simulation: Callable[..., Session]) -> None:
    session = open_simulation()
    until(session, lambda: (span := session.span()) is not None and span.end_ns - span.start_ns > 30 * 10**9)
    frame = session.advance(FRAME_NS)
    assert (frame.mode, frame.simulated) == (Mode.SIMULATION, True)
    assert frame.span is not None
    assert frame.at_ns == frame.span.end_ns
    assert {now.state.title for now in frame.units.values() if now.state} == {"Execute"}
    session.pause()
    frame = session.advance(FRAME_NS)
    assert (frame.mode, frame.simulated) == (Mode.LOOK_BACK, True)


def test_that_a_frozen_line_stands_and_a_malfunction_reaches_the_plant(open_simulation: Callable[..., Session]) -> None:
    session = open_simulation()
    instructor = session.instructor
    assert instructor is not None
    until(session, lambda: session.span() is not None)
    instructor.trigger("stop", "Capper")
    until(session, lambda: "Aborted" in states(session, "Capper"))
    instructor.freeze()
    at_ns = session.advance(FRAME_NS).at_ns
    ran_ns = instructor.status().ran_ns
    time.sleep(0.1)
    assert instructor.status().ran_ns == ran_ns
    assert session.advance(FRAME_NS).at_ns >= at_ns


def test_that_after_a_back_track_the_clock_goes_on_and_the_recorded_past_stays(open_simulation: Callable[..., Session]) -> None:
    session = open_simulation()
    instructor = session.instructor
    assert instructor is not None
    until(session, lambda: session.span() is not None)
    number = instructor.snapshot()
    fault = instructor.trigger("stop", "Filler")
    until(session, lambda: "Aborted" in states(session, "Filler"))
    before_ns = session.advance(0).at_ns
    instructor.back_track(number)
    assert instructor.status().active == ()
    until(session, lambda: session.advance(0).at_ns > before_ns + 3 * 10**9)
    assert states(session, "Filler")[-1] == "Execute"
    assert "Aborted" in states(session, "Filler")
    assert fault == 0


def states(session: Session, unit: str) -> list[str]:
    """Return the states of a unit so far."""
    span = session.span()
    if span is None:
        return []
    return [State(int(s)).title for s in session.timeline(unit, span.start_ns, span.end_ns + 1).state if s > 0]


def test_that_nothing_simulated_is_written_among_the_recordings_of_the_plant(open_simulation: Callable[..., Session]) -> None:
    session = open_simulation()
    until(session, lambda: session.span() is not None)
    assert list((data_dir() / "recordings").glob("**/*.twinrec")) == []


def test_that_a_line_of_several_sources_and_a_wrong_scenario_are_refused(tmp_path: Path) -> None:
    text = LAYOUT.read_text().replace(
        "[[unit]]", '[[source]]\nid = "other"\n[[source.map]]\ntopic = "x/{unit}"\ndialect = "json_flat"\n\n[[unit]]', 1
    )
    (tmp_path / "two.toml").write_text(text)
    with pytest.raises(SourceError, match="has 2 sources"):
        open_request(OpenRequest(layout=tmp_path / "two.toml", addresses={"plant": "sim:", "other": "sim:"}), Settings())
    with pytest.raises(SourceError, match="cannot stand in one line"):
        open_request(OpenRequest(layout=tmp_path / "two.toml", addresses={"plant": "sim:", "other": "mqtt://nowhere"}), Settings())
    request = OpenRequest(layout=LAYOUT, addresses={"plant": "sim:nowhere.toml"})
    with pytest.raises(ScenarioError, match=r"nowhere\.toml"):
        open_request(request, Settings())
    with pytest.raises(UsageError, match="speed"):
        open_request(OpenRequest(layout=LAYOUT, addresses={"plant": "sim:?speed=1000"}), Settings())


def test_that_a_recording_says_that_it_is_simulated_as_soon_as_one_line_of_it_does(bench: Any, tmp_path: Path) -> None:
    row = {"t": 1_795_425_957.0, "topic": "plant/Filler/Status/StateCurrentStr", "payload": "Execute"}
    for simulated in (False, True):
        path = tmp_path / f"{simulated}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in (row, row | ({"simulated": True} if simulated else {}))))
        source = RecordingSource(bench.intake, path)
        source.read()
        assert source.health().simulated is simulated


def test_that_a_recording_read_at_leisure_is_read_whole(bench: Any, tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    rows = ({"t": 1_795_425_957.0 + n / 10, "topic": "plant/Filler/Status/CurMachSpeed", "payload": str(n)} for n in range(3000))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    source = RecordingSource(bench.intake, path)
    source.at_leisure_after_ns = 10 * 10**9
    source.start()
    assert source.wait(10.0)
    source.stop()
    assert source.health().received == 3000
