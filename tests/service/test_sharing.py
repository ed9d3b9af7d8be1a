"""Several programs have one live line open: one writes it, the others read along and act through it. Real processes, no broker."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.line_writer import NOWHERE
from twin_app.__main__ import main
from twin_app.clock import SECOND_NS, now_ns
from twin_app.errors import RecordingError, SourceError, UsageError
from twin_app.history.lock import HeldError
from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.local import wire
from twin_app.local.claim import Holder, holder_of
from twin_app.local.guest import Guest
from twin_app.model.alarm import AlarmState, Why
from twin_app.model.entry import EntryKind
from twin_app.model.message import Status
from twin_app.model.recording import Why as Gone
from twin_app.persons.register import Register
from twin_app.service.opening import OVERVIEW, RECORDER, open_request
from twin_app.service.places import recordings_folder
from twin_app.service.request import OpenRequest
from twin_app.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from twin_app.model.frame import Frame
    from twin_app.session import Session

ROOT = Path(__file__).resolve().parents[2]
JAM = "Filler/Jam"
WITHIN_S = 1.0
"""So soon all windows of the computer agree; a busy machine is given four times that."""
LAYOUT = """schema = 1
[line]
id = "L1"
site = "S"
area = "A"
zone = "UTC"
constraint = "Filler"
[[source]]
id = "plant"
address = "mqtt://127.0.0.1:1"
[[source.map]]
topic = "line/{unit}"
dialect = "json_flat"
[[unit]]
id = "Filler"
type = "filler"
[[alarm]]
signal = "Jam"
priority = 2
"""


class Recorder:
    """A process that records the line."""

    def __init__(self, layout: Path) -> None:
        command = [sys.executable, "-m", "tests.service.line_writer", str(layout)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def hears(self, **fields: object) -> None:
        self.hears_text(json.dumps(fields))

    def hears_text(self, payload: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"line/Filler {payload}\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


class Window:
    """A session as a window has it."""

    def __init__(self, request: OpenRequest) -> None:
        self.session: Session = open_request(request)
        self.session.start()

    def frame(self) -> Frame:
        return self.session.advance(20_000_000)

    def until(self, seen: Callable[[Frame], Any], *, within_s: float = 4 * WITHIN_S) -> float:
        """Show frames until something is seen; return after how many seconds it was."""
        began_s = time.monotonic()
        while not seen(self.frame()):
            passed_s = time.monotonic() - began_s
            assert passed_s < within_s, "never seen"
            time.sleep(0.01)
        return time.monotonic() - began_s

    def value(self, name: str) -> float:
        frame = self.frame()
        signal = self.session.signals.find("Filler", name)
        return float("nan") if signal is None or signal >= len(frame.latest.value) else float(frame.latest.value[signal])

    def shows(self, name: str, value: float) -> Callable[[Frame], bool]:
        return lambda _frame: self.value(name) == value

    def alarm(self, state: AlarmState) -> Callable[[Frame], bool]:
        return lambda frame: self.session._known.alarms.state(JAM, frame.at_ns) is state


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRequest]:
    """The line, in a home of its own."""
    home = tmp_path_factory.mktemp("home")
    layout = home / "line.toml"
    layout.write_text(LAYOUT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWIN_APP_HOME", str(home))
        yield OpenRequest(layout=layout, addresses={"plant": NOWHERE})


@pytest.fixture(scope="module")
def recorder(request_: OpenRequest) -> Iterator[Recorder]:
    made = Recorder(request_.layout)
    yield made
    made.kill()


@pytest.fixture
def windows(request_: OpenRequest, recorder: Recorder) -> Iterator[tuple[Window, Window]]:
    one, two = Window(request_), Window(request_)
    yield one, two
    for window in (one, two):
        window.session.close()


def holder(request: OpenRequest) -> Holder:
    found = holder_of(recordings_folder(load(request.layout)))
    assert found is not None
    return found


def test_that_windows_show_what_the_recorder_hears_within_a_second(recorder: Recorder, windows: tuple[Window, Window]) -> None:
    for level in (1.0, 2.0, 3.0):
        recorder.hears(Level=level)
        for window in windows:
            window.until(window.shows("Level", level))
    windows[0].until(lambda frame: frame.health[0].received >= 3)
    assert f"(process {recorder.process.pid})" in windows[0].frame().health[0].recorded_by
    windows[0].until(lambda _frame: [raw.message.payload for raw in windows[0].session.raw(None, 2**62, 1)] == [b'{"Level": 3.0}'])
    recorder.hears_text("no object")
    windows[1].until(lambda _frame: [raw.message.payload for raw in windows[1].session.raw(None, 2**62, 1)] == [b"no object"])
    assert windows[1].session.raw(None, 2**62, 1)[0].refused, "and why it was refused"
    assert windows[0].session.recorded


def test_that_an_alarm_acknowledged_at_one_window_is_so_at_the_other(recorder: Recorder, windows: tuple[Window, Window]) -> None:
    one, two = windows
    recorder.hears(Jam=True)
    for window in windows:
        window.until(window.alarm(AlarmState.UNACKNOWLEDGED))
    one.session.desk.act(Why.ACKNOWLEDGE, [JAM], who="p1")
    one.until(one.alarm(AlarmState.ACKNOWLEDGED), within_s=WITHIN_S)
    two.until(two.alarm(AlarmState.ACKNOWLEDGED))
    kept = (recordings_folder(one.session.line) / "alarm_actions.jsonl").read_text().splitlines()
    assert [json.loads(line)["who"] for line in kept] == ["p1"], "once"
    recorder.hears(Jam=False)
    with pytest.raises(UsageError, match="means nothing"):
        two.session.desk.act(Why.ACKNOWLEDGE, [JAM])


def test_that_bookmarks_and_entries_are_seen_by_all_and_changed_by_any(windows: tuple[Window, Window]) -> None:
    one, two = windows
    now_ns = one.session.live_ns()
    mark = one.session.notes.bookmark(now_ns, "leak")
    entry = one.session.entries.enter(EntryKind.ORDER, now_ns, order="4711", who="p1")
    two.until(lambda frame: [b.id for b in frame.bookmarks] == [mark] and [e.id for e in frame.entries] == [entry])
    two.session.notes.reword_bookmark(mark, "leak at the bowl")
    two.session.entries.undo(entry, who="p2")
    one.until(lambda frame: [b.text for b in frame.bookmarks] == ["leak at the bowl"] and not frame.entries)
    with pytest.raises(UsageError, match="has no unit M9"):
        one.session.entries.enter(EntryKind.ORDER, now_ns, order="1", unit="M9")
    two.session.notes.remove_bookmark(mark)
    one.until(lambda frame: not frame.bookmarks)


def test_that_who_may_not_act_is_refused_by_the_recorder_too(
    windows: tuple[Window, Window], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from twin_app.session import deeds

    monkeypatch.setattr("twin_app.persons.places.folder", lambda: tmp_path)
    register = Register(tmp_path)
    person = register.add("Li", "operator", "1234")
    session = windows[0].session
    asked = {"deed": {"do": "enter", "kind": "order", "start_ns": 1, "order": "7"}, "who": "", "station": "here"}
    answer = json.loads(deeds.done(session, asked))
    assert (answer["refused"], answer["what"]) == ("usage", "Sign on to {right}.")
    assert json.loads(deeds.done(session, {**asked, "who": person.id}))["made"], "an operator may"
    mark = {**asked, "deed": {"do": "bookmark", "at_ns": 1}}
    assert json.loads(deeds.done(session, mark))["what"] == "Sign on to {right}."
    assert json.loads(deeds.done(session, {**mark, "who": person.id}))["made"]
    for wrong in ({}, {**asked, "more": 1}, {**asked, "deed": {"do": "erase"}}, {**asked, "deed": {"do": "act", "what": "acknowledge"}}):
        assert "cannot be understood" in json.loads(deeds.done(session, wrong))["what"]


def test_that_a_second_recorder_is_told_who_holds_the_line(request_: OpenRequest, recorder: Recorder) -> None:
    with pytest.raises(HeldError, match=rf"L1 is being written by process {recorder.process.pid} on .+ since .+: the recorder of .+Z?"):
        open_request(request_, kind=RECORDER)


def test_that_a_line_recorded_from_elsewhere_is_not_shown_as_what_was_asked_for(request_: OpenRequest, recorder: Recorder) -> None:
    with pytest.raises(RecordingError, match=r"from mqtt://127\.0\.0\.1:1, not from mqtt://other:1883"):
        open_request(OpenRequest(layout=request_.layout, addresses={"plant": "mqtt://other:1883"}))


def test_that_a_window_that_is_told_no_broker_reads_what_the_recorder_hears(request_: OpenRequest, recorder: Recorder) -> None:
    nowhere = request_.layout.with_name("no_address.toml")
    nowhere.write_text(LAYOUT.replace(f'address = "{NOWHERE}"\n', ""))
    session = open_request(OpenRequest(layout=nowhere))
    assert session.health()[0].recorded_by
    session.close()
    with pytest.raises(SourceError, match="names no address"):
        open_request(OpenRequest(layout=nowhere), kind=RECORDER)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of another kind there")
def test_that_socket_and_secret_are_for_the_account_alone(request_: OpenRequest, recorder: Recorder) -> None:
    held = holder(request_)
    assert data_dir().joinpath("run").stat().st_mode & 0o777 == 0o700
    assert Path(held.secret).stat().st_mode & 0o777 == 0o600
    assert Path(held.channel).stat().st_mode & 0o777 == 0o600
    assert Path(held.channel).parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="a named pipe there")
def test_that_strangers_and_nonsense_are_turned_away_and_hold_nobody_up(
    request_: OpenRequest, recorder: Recorder, windows: tuple[Window, Window], tmp_path: Path
) -> None:
    held = holder(request_)
    wrong = tmp_path / "key"
    wrong.write_bytes(b"x" * 32)
    with pytest.raises(RecordingError, match="does not answer"):
        Guest(Holder(**{name: getattr(held, name) for name in held.__struct_fields__} | {"secret": str(wrong)}))
    strangers = []
    for said in (b"GET / HTTP/1.0\r\n\r\n", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x40" + b"z" * 64, b"", os.urandom(5000)):
        strangers.append(socket.socket(socket.AF_UNIX))
        strangers[-1].connect(held.channel)
        strangers[-1].sendall(said)
    recorder.hears(Level=9.0)
    windows[0].until(windows[0].shows("Level", 9.0))
    for stranger in strangers:
        stranger.close()


def test_that_who_knows_the_secret_and_talks_nonsense_is_turned_away(request_: OpenRequest, recorder: Recorder) -> None:
    held = holder(request_)
    for asked in (b"[1]", b"{", b'{"wish": "all"}', b'{"wish": "deed", "deed": 1, "until_s": 1.0}', b"9" * 1000):
        conn = wire.connect(held.channel)
        wire.enter(conn, Path(held.secret).read_bytes())
        conn.send_bytes(asked)
        with pytest.raises((EOFError, OSError)):
            conn.recv_bytes(1000)
        conn.close()


def test_that_a_window_goes_on_when_the_recorder_is_killed_and_the_gap_is_marked(request_: OpenRequest, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWIN_APP_HOME", str(home))
        recorder = Recorder(request_.layout)
        one, two = Window(request_), Window(request_)
        recorder.hears(Level=5.0)
        one.until(one.shows("Level", 5.0))
        held = holder(request_)
        recorder.kill()
        assert Path(held.secret).exists(), "as a kill leaves it"
        one.until(lambda frame: frame.health[0].status is Status.DISCONNECTED, within_s=2.0)
        assert "has ended" in one.frame().health[0].error
        with pytest.raises(RecordingError, match="does not answer"):
            one.session.notes.bookmark(one.session.live_ns())
        one.until(lambda _frame: one.session.lost, within_s=2.0)
        heir, reader = Window(request_), Window(request_)
        assert isinstance(heir.session._store, Store)
        assert not isinstance(reader.session._store, Store), "one writes, the other reads along"
        assert not Path(held.secret).exists()
        assert heir.value("Level") == 5.0
        reader.until(lambda frame: frame.health and frame.health[0].recorded_by.startswith("a window of"))
        for window in (one, two, reader, heir):
            window.session.close()
        assert holder_of(recordings_folder(load(request_.layout))) is None
        assert list((home / "data" / "run").iterdir()) == [], "who ends by itself leaves nothing"
    with Recording(recordings_folder_in(home)) as recording:
        assert Gone.DOWN in [gap.why for reader_ in recording.readers for gap in reader_.gaps()]


def test_that_the_overview_reads_along_where_the_line_is_recorded(request_: OpenRequest, recorder: Recorder) -> None:
    session = open_request(request_, record=False, kind=OVERVIEW)
    assert session.recorded
    assert session.health()[0].recorded_by
    session.close()


def test_that_two_windows_of_one_program_do_not_wait_for_each_other(
    request_: OpenRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
    writer, reader = open_request(request_), Window(request_)
    began_s = time.monotonic()
    mark = reader.session.notes.bookmark(1, "here")
    assert time.monotonic() - began_s < 1.0
    writer.notes.refresh()
    assert [bookmark.id for bookmark in writer.notes.seen(2)] == [mark]
    writer.close()
    reader.until(lambda frame: frame.health[0].unheard)
    reader.session.close()


def test_that_only_the_time_in_which_nobody_listened_is_a_gap_however_long_the_line_was_silent_before(
    request_: OpenRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the silence a part is sealed: what was received last lies behind it."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
    session = open_request(request_)
    store, (intake,) = session._store, session._intakes
    assert isinstance(store, Store)
    end_ns = now_ns()
    for ago_s in (1200, 10):
        intake.receive("line/Filler", b'{"Level": 1}', received_ns=end_ns - ago_s * SECOND_NS)
        intake.commit()
        session.fold()
        store.seal(everything=ago_s > 10)
    session.close()
    again = open_request(request_)
    assert isinstance(again._store, Store)
    again._store.commit()
    again.close()
    with Recording(recordings_folder_in(tmp_path / "home")) as recording:
        (gap,) = [gap for reader in recording.readers for gap in reader.gaps() if gap.why is Gone.DOWN]
    assert gap.start_ns == end_ns - 10 * SECOND_NS


def recordings_folder_in(home: Path) -> Path:
    (folder,) = (home / "data" / "recordings").iterdir()
    return folder


def test_that_health_names_the_program_that_records_where_no_recorder_does(
    request_: OpenRequest, recorder: Recorder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["health", "--layout", str(request_.layout)]) == 1
    assert "No recorder runs for this line. It is recorded by the recorder of" in capsys.readouterr().out
