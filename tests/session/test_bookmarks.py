"""Bookmarks: kept beside the recording, seen by every window of it, and in a blind replay by nobody before they were known."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.plant import LINE, Bench, Played, Rooms, at
from tests.session.test_blind import Recorded
from twin_app.errors import RecordingError
from twin_app.model.message import Status
from twin_app.session import Opened, Session
from twin_app.session.notebook import Notebook

if TYPE_CHECKING:
    from twin_app.model.frame import Frame


def opened(path: Path | None, *, live: bool = False) -> tuple[Session, Played]:
    """Return a line that ran for a minute, with a side file."""
    rooms = Rooms(LINE)
    source = Played(rooms, live=live)
    source.say(0, State="Execute")
    source.say(60, State="Held")
    source.status = Status.CONNECTED if live else Status.COMPLETE
    there = Opened(rooms.line, rooms.signals, rooms.texts, rooms.store, rooms.plant, (source,), notes=path, paused=True)
    session = Session(there, now=lambda: source.now_ns)
    session.advance(0)
    return session, source


def shown(frame: Frame) -> list[tuple[int, str]]:
    return [(bookmark.at_ns, bookmark.text) for bookmark in frame.bookmarks]


def test_that_a_bookmark_survives_and_the_recording_is_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    session, _ = opened(path)
    second = session.notes.bookmark(at(40), "label torn", unit="Filler")
    session.notes.bookmark(at(10), "starts  ", end_ns=at(20))
    frame = session.advance(0)
    assert frame.changes.bookmarks
    assert shown(frame) == [(at(10), "starts"), (at(40), "label torn")]
    assert not session.advance(0).changes.bookmarks
    session.notes.reword_bookmark(second, "label torn twice")
    again, _ = opened(path)
    assert shown(again.advance(0)) == [(at(10), "starts"), (at(40), "label torn twice")]
    again.notes.remove_bookmark(second)
    again.notes.remove_bookmark("never was")
    third, _ = opened(path)
    found = third.advance(0).bookmarks
    assert [(b.at_ns, b.end_ns, b.unit) for b in found] == [(at(10), at(20), "")]
    assert len(path.read_bytes().splitlines()) == 4  # nothing was ever changed or taken out


def test_that_two_windows_see_each_others_bookmarks(tmp_path: Path) -> None:
    one, _ = opened(tmp_path / "notes.jsonl")
    other, _ = opened(tmp_path / "notes.jsonl")
    one.notes.bookmark(at(5), "look here")
    assert shown(other.advance(10**9)) == [(at(5), "look here")]


def test_that_without_a_file_bookmarks_last_while_the_line_is_open() -> None:
    session, _ = opened(None)
    session.notes.bookmark(at(5), "mine")
    assert shown(session.advance(0)) == [(at(5), "mine")]


def test_that_damage_is_counted_and_said(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    session, _ = opened(path)
    session.notes.bookmark(at(5), "sound")
    with path.open("ab") as file:
        file.write(b'{"schema": 1, "what": "bookmark", "at_ns": 7}\n')
    again, _ = opened(path)
    frame = again.advance(0)
    assert shown(frame) == [(at(5), "sound")]
    assert "1 lines of" in frame.notices[0]


def test_that_a_bookmark_that_cannot_be_kept_is_refused_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder")
    session, _ = opened(tmp_path / "taken" / "notes.jsonl")
    with pytest.raises(RecordingError):
        session.notes.bookmark(at(5), "lost")
    assert session.advance(0).bookmarks == ()


def test_that_entries_of_others_in_the_same_file_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    opened(path)[0].notes.bookmark(at(5), "mine")
    from twin_app.history.side import SideFile

    SideFile(path).append({"what": "acknowledged", "id": "x"})
    assert [b.text for b in Notebook(path).bookmarks] == ["mine"]


def blind(path: Path, **how: Any) -> Session:
    """Return a blind replay with a note of 30 s that was written, live, at 30 s, and one that was written long after."""
    live, source = opened(path, live=True)
    source.now_ns = at(30)
    live.notes.bookmark(at(30), "a guess in the shift")
    source.now_ns = at(5000)
    live.notes.bookmark(at(10), "what it was in the end")
    session, _ = opened(path)
    session.blindfold(on=True, **how)
    return session


def test_that_a_blind_replay_shows_notes_when_they_became_known_unless_they_are_hidden(tmp_path: Path) -> None:
    session = blind(tmp_path / "notes.jsonl", hide_notes=False)
    session.seek(at(29))
    assert shown(session.advance(0)) == []
    session.seek(at(30))
    assert shown(session.advance(0)) == [(at(30), "a guess in the shift")]
    hidden = blind(tmp_path / "other.jsonl")
    hidden.seek(at(50))
    assert shown(hidden.advance(0)) == []
    hidden.blindfold(on=False)
    assert len(hidden.advance(0).bookmarks) == 2


def test_that_a_trainees_entries_go_to_a_file_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    session = blind(path)
    before = path.read_bytes()
    session.seek(at(40))
    session.advance(0)
    mine = session.notes.bookmark(at(35), "here it began")
    assert shown(session.advance(0)) == [(at(35), "here it began")]
    session.seek(at(39))
    assert shown(session.advance(0)) == []  # at 39 s nobody had found it yet
    session.notes.reword_bookmark(mine, "or earlier")
    assert path.read_bytes() == before
    own = [file.name for file in tmp_path.iterdir() if file.name != "notes.jsonl"]
    assert len(own) == 1
    assert re.fullmatch(r"notes\.blind-\d{8}T\d{6}Z\.jsonl", own[0])


def test_that_recorded_notes_cannot_be_changed_by_a_trainee(tmp_path: Path) -> None:
    session = blind(tmp_path / "notes.jsonl", hide_notes=False)
    session.seek(at(30))
    note = session.advance(0).bookmarks[0]
    session.notes.remove_bookmark(note.id)
    session.notes.reword_bookmark(note.id, "nothing happened")
    assert shown(session.advance(0)) == [(at(30), "a guess in the shift")]


def test_that_a_live_note_is_known_from_when_it_was_written() -> None:
    bench = Bench(live=True)
    bench.source.say(0, State="Execute")
    bench.now(77)
    bench.frame()
    bench.session.notes.bookmark(at(20), "seen later")
    assert [b.known_ns for b in bench.frame().bookmarks] == [at(77)]
    with closing(Recorded([(0.0, 0.0, "Filler", {"State": "Execute"})])) as replay:
        assert replay.session.notes.seen(at(0)) == ()
