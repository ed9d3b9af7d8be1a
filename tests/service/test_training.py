"""A line that is opened blind shows nothing else first, a window that is started again goes on with the attempt, and `attempts` tells what was done."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.finding.shifts import HOUR_NS, MINUTE_NS, record, running
from tests.service.test_finding import LAYOUT, START
from twin_app.__main__ import main
from twin_app.layout import load
from twin_app.model.alarm import Why
from twin_app.model.frame import Mode
from twin_app.service.moment import as_left
from twin_app.service.opening import open_request
from twin_app.service.request import OpenRequest
from twin_app.settings import Opened, Settings

if TYPE_CHECKING:
    from twin_app.session import Session

ABORTED = "Filler/Aborted"


@pytest.fixture
def request_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenRequest:
    """A night in which the filler aborts after an hour, to be opened ten minutes later."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
    layout = tmp_path / "line.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    stop = START + HOUR_NS
    said = [*running(START, stop), (stop, "Filler", {"State": "Aborted"}), (stop + 5 * MINUTE_NS, "Filler", {"State": "Execute"})]
    folder = record(tmp_path / "rec", load(layout), [*said, *running(stop + HOUR_NS, stop + 2 * HOUR_NS, made=3600)])
    return OpenRequest(layout=layout, addresses={"plc": str(folder)}, begin_at_ns=stop + 2 * MINUTE_NS, paused=True)


def opened(request: OpenRequest) -> Session:
    """Open and start it, as a window does."""
    session = open_request(request)
    session.start()
    return session


def shown(session: Session) -> Session:
    """Let frames come until all that was known at the playhead is told."""
    while session.advance(0).behind_s > 0 or session.advance(0).span is None:
        pass
    return session


def test_that_not_one_frame_of_a_line_that_was_left_blind_shows_what_lies_ahead(request_: OpenRequest) -> None:
    with closing(opened(replace(request_, blind=True, trainee="anna"))) as first:
        shown(first).desk.act(Why.ACKNOWLEDGE, [ABORTED], who="anna")
        attempt = first.advance(0).attempt
    assert attempt is not None
    left = Opened(
        layout=str(request_.layout), addresses=dict(request_.addresses), blind=True, attempt=attempt.name, trainee=attempt.trainee
    )
    again = as_left(request_, Settings(opened=left))
    with closing(opened(again)) as session:
        frames = [session.advance(0) for _ in range(20)]
        assert {frame.mode for frame in frames} == {Mode.BLIND}
        assert all(frame.span is None or frame.span.end_ns <= frame.at_ns for frame in frames)
        assert {frame.attempt.name for frame in frames if frame.attempt} == {attempt.name}
        now = next(one for one in shown(session).advance(0).alarms.listed if one.alarm.key == ABORTED)
        assert not now.state.unacknowledged


@pytest.mark.parametrize("other", [{"layout": "/elsewhere.toml"}, {"addresses": {"plc": "/other"}}, {"blind": False}])
def test_that_another_recording_or_one_that_was_left_open_eyed_is_opened_as_it_is(request_: OpenRequest, other: dict[str, Any]) -> None:
    left = replace(Opened(layout=str(request_.layout), addresses=dict(request_.addresses), blind=True), **other)
    assert as_left(request_, Settings(opened=left)) == request_


def test_that_an_attempt_of_which_nothing_was_kept_begins_anew_and_blind(request_: OpenRequest) -> None:
    with closing(opened(replace(request_, blind=True, attempt="blind-20200101T000000Z", trainee="anna"))) as session:
        frame = session.advance(0)
        assert frame.attempt is not None
        assert (frame.mode, frame.attempt.trainee) == (Mode.BLIND, "anna")
        assert frame.attempt.name != "blind-20200101T000000Z"


def test_that_attempts_prints_what_was_answered_beside_what_was_recorded(request_: OpenRequest, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(opened(replace(request_, blind=True, trainee="anna"))) as session:
        shown(session).desk.act(Why.ACKNOWLEDGE, [ABORTED], who="anna")
    words = ["attempts", "--layout", str(request_.layout), "--source", request_.addresses["plc"]]
    assert main([*words, "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["trainee"], listed["deeds"]) == ("anna", 1)
    assert main([*words, "--attempt", listed["name"], "--json"]) == 0
    review = json.loads(capsys.readouterr().out)
    (alarm,) = review["alarms"]
    assert (alarm["alarm"], alarm["recorded"]) == (ABORTED, None)
    assert alarm["trainee"] == {"why": "acknowledge", "after_s": 120.0, "who": "anna", "note": ""}
    assert [(one["what"], one["alarm"]) for one in review["done"]] == [("acknowledge", ABORTED)]
    assert main([*words, "--attempt", listed["name"]]) == 0
    assert "after 2 min 00 s" in capsys.readouterr().out
    assert main([*words, "--attempt", "nobody's"]) != 0
    assert "no attempt" in capsys.readouterr().err
