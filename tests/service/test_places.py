"""What people do lies beside the recording that it belongs to, and comes along with a copy of its folder."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.service.line_writer import NOWHERE
from tests.service.test_sharing import LAYOUT
from twin_app.layout import load
from twin_app.model.entry import EntryKind
from twin_app.service.opening import open_line, open_request
from twin_app.service.places import ACTIONS, ENTRIES, NOTES, recorded_last, recordings_folder
from twin_app.service.request import OpenRequest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def request_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenRequest:
    """A live line that is recorded into a folder of its own."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))
    layout = tmp_path / "line.toml"
    layout.write_text(LAYOUT)
    return OpenRequest(layout=layout, addresses={"plant": NOWHERE}, recordings=tmp_path / "out")


def lines_of(path: Path) -> list[str]:
    """Return who is named line by line, or the text of a bookmark."""
    return [entry.get("who") or entry.get("text") or "" for entry in map(json.loads, path.read_text().splitlines())]


def test_that_acts_lie_in_the_folder_that_is_recorded_into_and_are_found_in_a_copy_of_it(request_: OpenRequest, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with closing(open_request(request_)) as session:
        now_ns = session.live_ns()
        session.entries.enter(EntryKind.ORDER, now_ns, order="4711", who="p1")
        session.notes.bookmark(now_ns, "leak")
        with closing(open_line(request_.layout, [f"plant={NOWHERE}"], record=False)) as beside:  # as `twin-app enter` does
            beside.entries.enter(EntryKind.ORDER, now_ns, order="4712", who="p2")
        session.fold()
        session.advance(10**9)
        assert {entry.order for entry in session.advance(10**9).entries} == {"4711", "4712"}
    assert lines_of(out / ENTRIES) == ["p1", "p2"]
    assert lines_of(out / NOTES) == ["leak"]
    own = recordings_folder(load(request_.layout))
    assert not any((own / name).exists() for name in (NOTES, ACTIONS, ENTRIES))
    shutil.move(out, tmp_path / "stick")
    copy = OpenRequest(layout=request_.layout, addresses={"plant": str(tmp_path / "stick")})
    with closing(open_request(copy)) as session:
        session.start()
        session.fold()
        frame = session.advance(0)
        assert [entry.order for entry in frame.entries] == ["4711", "4712"]
        assert [mark.text for mark in frame.bookmarks] == ["leak"]


def test_that_a_folder_of_its_own_goes_on_with_what_was_done_before_and_leaves_that_where_it_is(
    request_: OpenRequest, tmp_path: Path
) -> None:
    own, out = recordings_folder(load(request_.layout)), tmp_path / "out"
    own.mkdir(parents=True)
    for name in (ACTIONS, NOTES):
        (own / name).write_text(json.dumps({"who": "before", "what": "something"}) + "\n")
    out.mkdir()
    (out / NOTES).write_text(json.dumps({"who": "here", "what": "something"}) + "\n")
    with closing(open_request(request_)):
        pass
    assert (lines_of(out / ACTIONS), lines_of(out / NOTES)) == (["before"], ["here"]), "what lies there already is not written over"
    assert lines_of(own / NOTES) == ["before"]
    assert not (out / ENTRIES).exists()


def test_that_what_is_entered_after_the_recorder_stopped_goes_where_it_recorded(request_: OpenRequest, tmp_path: Path) -> None:
    def enter(order: str) -> None:
        with closing(open_line(request_.layout, [f"plant={NOWHERE}"], record=False)) as session:  # as `twin-app enter` does
            session.entries.enter(EntryKind.ORDER, session.live_ns(), order=order, who=order)

    out, own = tmp_path / "out", recordings_folder(load(request_.layout))
    enter("before anything was recorded")
    open_request(request_).close()
    enter("between two runs of the recorder")
    assert [*dict.fromkeys(lines_of(out / ENTRIES))] == ["before anything was recorded", "between two runs of the recorder"]
    shutil.rmtree(out)
    enter("its disk is away")
    open_request(replace(request_, recordings=None)).close()
    out.mkdir()
    enter("a window recorded last")
    assert [*dict.fromkeys(lines_of(own / ENTRIES))] == ["before anything was recorded", "its disk is away", "a window recorded last"]


@pytest.mark.parametrize("content", [b"", b"not/absolute", b"\xff\xfe", b"/nowhere\0at all", b"x" * 100_000])
def test_that_a_damaged_word_of_where_a_line_was_recorded_is_no_word(request_: OpenRequest, content: bytes) -> None:
    line = load(request_.layout)
    recordings_folder(line).mkdir(parents=True)
    (recordings_folder(line) / "recorded_into").write_bytes(content)
    assert recorded_last(line) is None
