"""The layouts that a recording keeps: which was in force when, and a line that is opened by them where nobody gives another."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.session.plant import CAPTURE, LAYOUT
from twin_app.__main__ import main
from twin_app.clock import SECOND_NS
from twin_app.errors import LayoutError
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.model.recording import LayoutVersion
from twin_app.service.of_time import in_force, kept_layouts, line_of
from twin_app.service.opening import open_line, open_request, requested
from twin_app.service.request import OpenRequest
from twin_app.settings import Settings
from twin_app.times import iso_utc

T0 = 1_795_425_957 * SECOND_NS
CHANGED = {
    "renamed": ('title = "Packaging line"', 'title = "Packaging line, renamed"'),
    "joined": ('unit_of_count = "bottle"                  #', 'unit_of_count = "flask"                  #'),
    "read": ('topic = "PlantA/Packaging/+/Command/#"', 'topic = "PlantA/+/+/Command/#"'),
}
"""What is written otherwise in the layouts that follow: other words, other counts, and messages read otherwise."""


def recording(folder: Path, *changes: str, every_s: float = 60.0) -> Path:
    """Return a recording of the capture under its layout, and from each minute on under another."""
    file = folder / "shift.twinrec"
    assert main(["export", "--layout", str(LAYOUT), "--source", str(CAPTURE), "-o", str(file)]) == 0
    text = LAYOUT.read_text("utf-8")
    for number, change in enumerate(changes, 1):
        before, after = CHANGED[change]
        assert before in text
        text = text.replace(before, after, 1)
        path = folder / f"{change}.toml"
        path.write_text(text, "utf-8")
        with closing(Store.reopen(file, folds=False)) as store:
            store.describe(load(path), T0 + round(number * every_s * SECOND_NS))
    return file


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a person's settings and data out of the tests."""
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))


def test_that_a_layout_is_in_force_from_its_instant_on_and_the_first_before_it() -> None:
    versions = [LayoutVersion(at_ns=at, content_hash=str(at), name="", content=b"") for at in (10, 20, 30)]
    assert [version and version.at_ns for version in (in_force(versions, at) for at in (5, 10, 19, 20, 30, 99))] == [10, 10, 10, 20, 30, 30]
    assert in_force((), 5) is None


def test_that_a_recording_opens_without_a_layout_by_the_one_that_it_keeps(tmp_path: Path) -> None:
    file = recording(tmp_path, "renamed")
    assert [version.name for version in kept_layouts(str(file))] == [LAYOUT.name, "renamed.toml"]
    request = requested(None, [str(file)], Settings())
    assert request.layout.read_bytes() == (tmp_path / "renamed.toml").read_bytes()
    assert set(request.addresses.values()) == {str(file)}
    assert request == requested(file, (), Settings())
    with closing(open_request(request)) as session:
        assert session.line.title == "Packaging line"
        assert [version.name for version in session.layouts()] == [LAYOUT.name, "renamed.toml"]
        assert session.advance(0).notices == ()


def test_that_a_layout_that_somebody_gives_stays_in_force_and_is_said_to(tmp_path: Path) -> None:
    file = recording(tmp_path, "renamed")
    with closing(open_request(requested(LAYOUT, [str(file)], Settings()))) as session:
        (said,) = session.advance(0).notices
        assert "renamed.toml" in said
        assert "layouts of their time" in said
    with closing(open_line(file, ())) as session:
        (said,) = session.advance(0).notices
        assert f"From {iso_utc(T0 + 481_000_000)[:19]}" in said  # the layout of the beginning is not the last one, by which all is shown
    assert kept_layouts(str(CAPTURE)) == kept_layouts("mqtt://broker:1883") == ()


def test_that_a_kept_layout_that_names_what_is_not_there_is_refused_with_its_reason(tmp_path: Path) -> None:
    text = LAYOUT.read_text("utf-8") + '\n[[shift]]\nname = "Early"\n'
    with pytest.raises(LayoutError, match=r"old\.toml"):
        line_of(tmp_path / "now.toml", LayoutVersion(at_ns=0, content_hash="x", name="old.toml", content=text.encode()))


def test_that_a_line_by_a_layout_of_its_time_counts_as_that_says(tmp_path: Path) -> None:
    file = recording(tmp_path, "joined")
    version = kept_layouts(str(file))[-1]
    with closing(open_request(OpenRequest(layout=LAYOUT, addresses={"plant": str(file)}, of_time=version))) as session:
        assert (session.line.unit_of_count, session.line.path) == ("flask", LAYOUT)
