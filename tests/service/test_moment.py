"""Opening at a moment: by `--at`, by a link that was copied, and never somewhere a link should not lead."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_app import settings as settings_file
from twin_app.__main__ import main
from twin_app.errors import TwinError, UsageError
from twin_app.layout import load
from twin_app.service import link as links
from twin_app.service.link import Link
from twin_app.service.moment import asked_for
from twin_app.service.places import notes_path
from twin_app.service.request import Typed
from twin_app.settings import Opened, Settings

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d/lines/packaging.toml"
CAPTURE = ROOT / "sample_streams/packaging.jsonl"
NOON_NS = 1_795_435_200 * 10**9


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))


def test_that_a_link_reads_as_a_person_can_check_it() -> None:
    link = Link(layout=Path("/home/me/line 2.toml"), at_ns=NOON_NS + 500_000_000, unit="Filler", sources={"plc": "/data/shift.jsonl"})
    written = link.written()
    assert written == "twin:///home/me/line%202.toml?at=2026-11-23T12:00:00.500Z&unit=Filler&source=plc%3D/data/shift.jsonl"
    assert links.read(written) == link


@given(
    layout=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda name: name.strip("./") and not name.startswith("/")),
    at_ns=st.integers(0, 2**61), unit=st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    file=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(lambda name: f"/data/{name}"),
)  # fmt: skip
def test_that_every_link_comes_back_as_it_was(layout: str, at_ns: int, unit: str, file: str) -> None:
    link = Link(layout=Path("/lines") / layout, at_ns=at_ns // 10**6 * 10**6, unit=unit, sources={"plc": file})
    assert links.read(link.written()) == link


def test_that_a_link_to_what_a_figure_is_made_of_names_the_figure_and_its_window() -> None:
    shift = NOON_NS - 3600 * 10**9, NOON_NS
    link = Link(layout=LAYOUT, at_ns=NOON_NS - 10**9, unit="Filler", figure="OEE index", span=shift, sources={"plant": str(CAPTURE)})
    written = link.written()
    assert "&unit=Filler&figure=OEE%20index&from=2026-11-23T11:00:00.000Z&to=2026-11-23T12:00:00.000Z&source=" in written
    assert links.read(written) == link
    request = asked_for(Typed(layout=written), Settings())
    assert (request.begin_at_ns, request.unit, request.figure, request.span) == (NOON_NS - 10**9, "Filler", "OEE index", shift)
    assert (
        links.read(written.replace("from=2026-11-23T11", "from=2026-11-23T19")).span is None
    )  # a window that ends before it begins is none


def test_that_no_broker_user_or_password_is_ever_in_a_link() -> None:
    link = Link(layout=LAYOUT, at_ns=NOON_NS, sources={"plant": "mqtt://plant.example:1883", "other": "sim:"})
    assert "plant" not in link.written().partition("?")[2]
    assert "sim" not in link.written().partition("?")[2]


@pytest.mark.parametrize(
    "text",
    [
        "twin:", "twin:///l.toml", "twin://host/l.toml?at=2026-11-23T12:00:00Z", "twin:///l.toml?at=2026-11-23T12:00:00Z&source=p=mqtt://h:1883",
        "twin:////server/share/l.toml?at=2026-11-23T12:00:00Z", "twin:///l.toml?at=2026-11-23T12:00:00Z&source=p=//server/share/s.jsonl",
        "twin:///l.toml?at=2026-11-23T12:00:00Z&source=p=%5C%5Cserver%5Cs.jsonl", "twin:///l.toml?at=noon", "twin:///l.toml?at=2026-11-23T12:00:00", "twin:///a%00b?at=2026-11-23T12:00:00Z", "twin:///" + "a" * 9000,
    ],
)  # fmt: skip
def test_that_a_damaged_or_dangerous_link_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        links.read(text)
    assert caught.value.tip


@given(text=st.text())
def test_that_any_text_is_a_link_or_refused(text: str) -> None:
    try:
        links.read("twin:" + text)
    except UsageError:
        return


def test_that_a_link_opens_its_files_at_its_moment_paused() -> None:
    link = Link(layout=LAYOUT, at_ns=NOON_NS, unit="Capper", sources={"plant": str(CAPTURE)})
    request = asked_for(Typed(layout=link.written()), Settings())
    assert (request.layout, dict(request.addresses)) == (LAYOUT, {"plant": str(CAPTURE)})
    assert (request.begin_at_ns, request.paused, request.unit) == (NOON_NS, True, "Capper")


def test_that_a_link_to_a_live_line_goes_where_that_line_was_heard_last_and_nowhere_else() -> None:
    known = Settings(opened=Opened(layout=str(LAYOUT), addresses={"plant": "mqtt://hall:1883"}, usernames={"plant": "twin"}))
    text = Link(layout=LAYOUT, at_ns=NOON_NS).written()
    request = asked_for(Typed(layout=text), known)
    assert dict(request.addresses) == {"plant": "mqtt://hall:1883"}
    assert request.logins["plant"].username == "twin"
    assert dict(asked_for(Typed(layout=text), Settings()).addresses) == {}


def test_that_an_instant_may_be_an_offset_or_a_time_with_its_zone() -> None:
    on = Typed(layout=str(LAYOUT), sources=(str(CAPTURE),))
    offset = asked_for(replace(on, at="+90s", paused=True), Settings())
    assert (offset.begin_ns, offset.begin_at_ns, offset.paused) == (90 * 10**9, None, True)
    assert asked_for(replace(on, at="2026-11-23T20:00:00+08:00"), Settings()).begin_at_ns == NOON_NS
    with pytest.raises(TwinError, match="is not a time"):
        asked_for(replace(on, at="noon"), Settings())


def test_that_a_link_beside_a_source_is_wrong_usage() -> None:
    text = Link(layout=LAYOUT, at_ns=NOON_NS).written()
    with pytest.raises(UsageError, match="names its sources itself"):
        asked_for(Typed(layout=text, sources=("x.jsonl",)), Settings())


@pytest.mark.parametrize(
    "words", [("--at", "noon"), ("twin:nothing",), ("--blind", "--source", "plant=sim:", str(LAYOUT)), ("a.toml", "--layout", "b.toml")]
)
def test_that_the_command_line_says_what_is_wrong_before_anything_is_opened(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["open", "--headless", *words]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_that_the_terminal_shows_the_line_at_a_moment(capsys: pytest.CaptureFixture[str]) -> None:
    given_ = ["open", "--headless", "--layout", str(LAYOUT), "--source", str(CAPTURE), "--at", "+90s", "--paused", "--duration", "1s"]
    assert main(given_) == 0
    assert "17:27:27" in capsys.readouterr().out  # the capture begins at 17:25:57 in Shanghai


def test_that_notes_of_a_file_are_found_again_wherever_it_lies_and_while_it_grows(tmp_path: Path) -> None:
    line = load(LAYOUT)
    moved = tmp_path / "moved.jsonl"
    moved.write_bytes(CAPTURE.read_bytes() + b"\n")
    here = notes_path(line, {"plant": str(CAPTURE)})
    assert here is not None
    assert notes_path(line, {"plant": str(moved)}) == here
    moved.write_bytes(b"{}" + CAPTURE.read_bytes())
    assert notes_path(line, {"plant": str(moved)}) != here
    assert notes_path(line, {"plant": "mqtt://h:1883"}) == settings_file.data_dir() / "recordings/PlantA.Packaging.packaging/notes.jsonl"
    assert notes_path(line, {"plant": "sim:"}) is None
    assert notes_path(line, {"plant": str(tmp_path / "gone.jsonl")}) is None
    assert json.dumps(str(here))


def test_that_a_links_files_are_found_where_their_folder_was_copied_to(tmp_path: Path) -> None:
    there, copied = tmp_path / "there", tmp_path / "copied"
    copied.mkdir()
    for file in (LAYOUT, CAPTURE):
        (copied / file.name).write_bytes(file.read_bytes())
    link = Link(layout=there / LAYOUT.name, at_ns=NOON_NS, unit="Capper", sources={"plant": str(there / CAPTURE.name)})
    with pytest.raises(UsageError) as refused:
        asked_for(Typed(layout=link.written()), Settings())
    assert "Open the layout or the recording once from where it lies now" in refused.value.worded()
    opened = Settings(opened=Opened(layout=str(copied / LAYOUT.name), addresses={"plant": "mqtt://plant:1883"}))
    request = asked_for(Typed(layout=link.written()), opened)
    assert request.layout == copied / LAYOUT.name
    assert request.addresses == {"plant": str(copied / CAPTURE.name)}
    # What is where the link says is taken from there, whatever lies beside what was opened.
    assert asked_for(Typed(layout=replace(link, layout=LAYOUT, sources={"plant": str(CAPTURE)}).written()), opened).layout == LAYOUT


def test_that_a_link_to_a_recording_that_was_copied_alone_is_opened_with_the_layout_it_carries(tmp_path: Path) -> None:
    recording = tmp_path / "copied" / "shift.twinrec"
    recording.parent.mkdir()
    assert main(["export", "--layout", str(LAYOUT), "--source", str(CAPTURE), "-o", str(recording)]) == 0
    link = Link(layout=tmp_path / "gone" / LAYOUT.name, at_ns=NOON_NS, sources={"plant": str(tmp_path / "gone" / recording.name)})
    request = asked_for(Typed(layout=link.written()), Settings(opened=Opened(report_folder=str(recording.parent))))
    assert request.addresses == {"plant": str(recording)}
    assert load(request.layout).id == "packaging"
    assert request.begin_at_ns == NOON_NS
