"""The time ledger of every capture of real traffic adds up, under the layout that ships or the draft that is made of the capture itself."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.sample_streams.ledger import adds_up
from twin_app.__main__ import main
from twin_app.service.opening import open_line, read_through

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = sorted((ROOT / "tests/data/captures").glob("*.jsonl"))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))


def check(layout: Path, capture: Path) -> None:
    """Read a capture to its end and check its ledger."""
    with closing(open_line(layout, [str(capture)], record=False)) as session:
        read_through(session, None)
        assert session.line.units
        adds_up(session)


def test_that_the_ledger_of_the_bundled_capture_adds_up() -> None:
    check(ROOT / "models3d/lines/packaging.toml", ROOT / "sample_streams/packaging.jsonl")


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)
def test_that_the_ledger_of_each_capture_adds_up_under_its_own_draft(
    capture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "draft.toml"
    assert main(["discover", str(capture), "--out", str(draft)]) == 0
    capsys.readouterr()
    check(draft, capture)
