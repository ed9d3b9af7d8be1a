"""Every capture of real traffic: heard as it came, replayed from its file, from its recording, and asked on the command line is one line, bit for bit."""

from __future__ import annotations

import json
import threading
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.session.plant import bits
from twin_app.__main__ import main
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.samples import Kind, TextTable
from twin_app.plant.plant import Plant
from twin_app.service.opening import open_line, read_through
from twin_app.session import Opened, Session
from twin_app.sources.intake import Intake
from twin_app.sources.recording import RecordingSource
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / "sample_streams/packaging.jsonl"
WORDS = {Kind.TEXT, Kind.BLOB, Kind.BIG_INT}
CAPTURES = [BUNDLED, *sorted((ROOT / "tests/data/captures").glob("*.jsonl"))]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path / "home"))


@contextmanager
def heard(layout: Path, capture: Path, path: Path) -> Iterator[Session]:
    """Give a session that folds a capture while it comes in from another thread, and records it."""
    line = load(layout)
    signals, texts = signal_table(line), TextTable()
    store = Store.reopen(path, signals=signals, texts=texts)
    source = RecordingSource(Intake(line, line.sources[0], store=store, signals=signals, texts=texts), capture)
    with closing(Session(Opened(line, signals, texts, store, Plant(line, signals, texts, store.range), (source,)))) as session:
        reading = threading.Thread(target=source.read)
        reading.start()
        while reading.is_alive():
            session.advance(0)
        session.fold()
        yield session


def told(session: Session) -> list[object]:
    """Return all figures, every state and every value at instants through the span, to the bit; signals by their names."""
    span = session.span()
    assert span is not None
    found: list[object] = [span]
    for part in range(1, 9):
        at_ns = span.start_ns + (span.end_ns - span.start_ns) * part // 8
        found.append(bits(session.figures(span.start_ns, at_ns)))
        found += [session.unit_now(unit.id, at_ns) for unit in session.line.units]
        latest = session.latest(at_ns)
        found.append({
            signal.path: (int(latest.effective_ns[i]), _value(session, latest.value[i], int(latest.kind[i])), int(latest.quality[i]))
            for i, signal in enumerate(session.signals) if i < len(latest.value)
        })  # fmt: skip
    return found


def _value(session: Session, value: Any, kind: int) -> object:
    """Return a value's bits, of a word the word: its number is the file's own."""
    return session.texts.entry(int(value)) if kind in WORDS else value.tobytes()


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)
def test_that_a_capture_is_the_same_by_every_way(capture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout = ROOT / "models3d/lines/packaging.toml"
    if capture is not BUNDLED:
        layout = tmp_path / "draft.toml"
        assert main(["discover", str(capture), "--out", str(layout)]) == 0
    path = tmp_path / "shift.twinrec"
    with heard(layout, capture, path) as live:
        as_heard, span = told(live), live.span()
    assert span is not None
    for source in (capture, path):
        with closing(open_line(layout, [str(source)], record=False)) as session:
            read_through(session, None)
            assert told(session) == as_heard, source.name
    middle = iso_utc(span.start_ns + (span.end_ns - span.start_ns) // 2)
    for words in (("kpi", "--to", middle), ("state", "--at", middle)):
        by_capture, by_recording = (
            asked(capsys, words[0], "--layout", str(layout), "--source", str(one), *words[1:]) for one in (capture, path)
        )
        for answer in (by_capture, by_recording):
            answer.pop("sources", None)  # what each file counted of messages
        assert by_capture == by_recording
