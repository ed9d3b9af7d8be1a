"""The bundled capture decoded once, and benches that live or replay."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.plant import CAPTURE, LINE, Bench, Rooms, sample_line
from twin_app.model.equipment import Line
from twin_app.model.samples import Samples
from twin_app.session import Session
from twin_app.sources.capture import Capture, Captured
from twin_app.sources.recording import RecordingSource


@pytest.fixture(scope="session")
def capture() -> Iterator[tuple[Rooms, Samples]]:
    """Return the bundled line with every sample of its capture, as the real file source gives them."""
    rooms = sample_line()
    RecordingSource(rooms.intake(), CAPTURE).read()
    samples, _ = rooms.store.read_since(0, 10**9)
    yield rooms, samples
    rooms.store.close()


@pytest.fixture(scope="session")
def messages() -> list[Captured]:
    """Return the messages of the bundled capture."""
    with closing(Capture(CAPTURE)) as file:
        return [found for found in file if isinstance(found, Captured)]


@pytest.fixture
def open_capture() -> Iterator[Callable[..., Session]]:
    """Return a maker of sessions on the bundled capture (or another file), closed in the end."""
    opened: list[Session] = []

    def make(*, sample: bool = False, begin_s: float = 0.0, path: Path = CAPTURE, read: bool = True) -> Session:
        rooms = sample_line()
        source = RecordingSource(rooms.intake(), path)
        session = rooms.session(source, sample=sample, begin_ns=round(begin_s * 10**9))
        opened.append(session)
        if read:
            source.read()
        return session

    yield make
    for session in opened:
        session.close()


@pytest.fixture
def live() -> Bench:
    return Bench(live=True)


@pytest.fixture
def replay() -> Bench:
    return Bench(live=False)


@pytest.fixture
def make_bench() -> Callable[..., Bench]:
    def make(line: Line = LINE, *, live: bool = False) -> Bench:
        return Bench(line, live=live)

    return make
