"""A recording that the twin made, opened again: every figure and every value is the live one, to the bit."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import pytest

from tests.session.plant import CAPTURE, LAYOUT, bits, content
from twin_app.errors import RecordingError, SourceError
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.samples import TextTable
from twin_app.plant.plant import Plant
from twin_app.service.answers import kpi_answer, state_answer
from twin_app.service.opening import open_line
from twin_app.session import Opened, Session
from twin_app.sources.intake import Intake
from twin_app.sources.recording import RecordingSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, Path]]:
    """The bundled stream as it was heard, and the recording of it, a part of it sealed."""
    folder = tmp_path_factory.mktemp("recording")
    line = load(LAYOUT)
    signals, texts = signal_table(line), TextTable()
    store = Store.reopen(folder / "shift.twinrec", signals=signals, texts=texts)
    source = RecordingSource(Intake(line, line.sources[0], store=store, signals=signals, texts=texts), CAPTURE)
    session = Session(Opened(line, signals, texts, store, Plant(line, signals, texts), (source,)))
    source.read()
    session.fold()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("twin_app.history.sealing.SLAB_NS", 60 * 10**9)
        store.seal()
    yield session, folder / "shift.twinrec"
    session.close()


@pytest.fixture
def again(recorded: tuple[Session, Path]) -> Iterator[Session]:
    session = open_line(LAYOUT, [str(recorded[1])])
    session.start()
    session.fold()
    yield session
    session.close()


def test_that_the_recording_is_sealed_in_part_and_waits_in_part(recorded: tuple[Session, Path]) -> None:
    from twin_app.history.recording import Recording

    with Recording(recorded[1]) as recording:
        assert len(recording.shelf.places) >= 2
        assert sum(len(samples) for _, samples in recording.unsealed()) > 0


def test_that_figures_and_states_are_the_live_ones(recorded: tuple[Session, Path], again: Session) -> None:
    live = recorded[0]
    span = live.span()
    assert span is not None
    assert again.span() == span
    third = (span.end_ns - span.start_ns) // 3
    for start_ns, end_ns in ((span.start_ns, span.end_ns), (span.start_ns + third, span.end_ns - third)):
        assert bits(again.figures(start_ns, end_ns)) == bits(live.figures(start_ns, end_ns))
        assert json.dumps(kpi_answer(again.figures(start_ns, end_ns))) == json.dumps(kpi_answer(live.figures(start_ns, end_ns)))
    for i in range(40):
        at_ns = span.start_ns + (span.end_ns - span.start_ns) * i // 39
        mine, theirs = state_answer(again, at_ns), state_answer(live, at_ns)
        assert mine["units"] == theirs["units"], i


def test_that_every_curve_and_every_frame_is_the_live_one(recorded: tuple[Session, Path], again: Session) -> None:
    live = recorded[0]
    span = live.span()
    assert span is not None
    for signal in range(len(live.signals)):
        mine = again.signals.find(live.signals[signal].unit, live.signals[signal].name)
        assert mine is not None
        for pixels in (0, 50):
            whole = (span.start_ns + 10**9, span.end_ns - 10**9, pixels)
            assert bits(again.range(mine, *whole)) == bits(live.range(signal, *whole)), live.signals[signal].path
    for share in (0.2, 0.5, 0.97):
        at_ns = round(span.start_ns + (span.end_ns - span.start_ns) * share)
        frames = []
        for session in (live, again):
            session.pause()
            session.advance(0)
            session.seek(at_ns)
            frames.append(content(session.advance(0)))
        for name in ("units", "figures", "rates_per_min", "cycles"):
            assert bits(frames[0][name]) == bits(frames[1][name]), (share, name)


def test_that_what_was_known_then_is_the_same_from_the_recording(recorded: tuple[Session, Path]) -> None:
    span = recorded[0].span()
    assert span is not None
    at_ns = (span.start_ns + span.end_ns) // 2
    with contextlib.closing(open_line(LAYOUT, [str(recorded[1])])) as again:
        again.start()
        again.fold()
        again.as_known_at(at_ns)
        found = kpi_answer(again.figures(span.start_ns, at_ns))
    with contextlib.closing(open_line(LAYOUT, [str(CAPTURE)])) as capture:
        capture.start()
        while capture.loading:
            capture.fold()
        capture.fold()
        capture.as_known_at(at_ns)
        assert found == kpi_answer(capture.figures(span.start_ns, at_ns))


def test_that_a_recording_stands_for_all_sources_of_a_line_and_alone(recorded: tuple[Session, Path], tmp_path: Path) -> None:
    path = str(recorded[1])
    source = load(LAYOUT).sources[0].id
    for given in ([path], [f"{source}={path}"]):
        with contextlib.closing(open_line(LAYOUT, given)) as session:
            session.fold()
            assert session.span() == recorded[0].span()
    with pytest.raises(SourceError, match="nothing can stand beside it"):
        open_line(LAYOUT, [path, str(CAPTURE)])


def test_that_a_recording_that_is_none_or_of_another_line_is_refused_in_a_sentence(recorded: tuple[Session, Path], tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="There is no recording"):
        open_line(LAYOUT, [str(tmp_path / "none.twinrec")])
    other = tmp_path / "other.toml"
    text = LAYOUT.read_text()
    other.write_text(text.replace(f'id = "{load(LAYOUT).id}"', 'id = "elsewhere"', 1))
    with pytest.raises(RecordingError, match="recording of another line"):
        open_line(other, [str(recorded[1])])
