"""A recorded shift played at several speeds: what a frame costs, and what the whole run takes of a core. Itself no benchmark, see `history`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from twin_app.history.recording import Recording
from twin_app.history.replay import Replay
from twin_app.model.samples import TextTable
from twin_app.model.signal import SignalTable
from twin_app.plant.plant import Plant
from twin_app.session import Opened, Session
from twin_app.sources.intake import Intake
from twin_app.sources.twin import TwinSource

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.model.equipment import Line

FRAME_NS = 33_333_333
FRAMES = 400
RUN = 20


def look_ups(path: Path, speed: float) -> dict[str, float]:
    """Return what looking up every signal costs at 30 frames a second through the whole shift: ms a frame, longest, per cent of a core."""
    with Recording(path) as recording:
        span = recording.span()
        assert span is not None  # noqa: S101 - there are samples
        recording.state_at(span.start_ns)
        took = []
        began, instants = time.process_time(), range(span.start_ns, span.end_ns, round(FRAME_NS * speed))
        for at_ns in instants:
            before = time.thread_time()
            recording.state_at(at_ns)
            took.append((time.thread_time() - before) * 1e3)
            time.sleep(FRAME_NS / 1e9)
        spent = time.process_time() - began
    return {"mean": float(np.mean(took)), "longest": max(took), "share": 100 * spent / (len(instants) * FRAME_NS / 1e9)}


def frames(path: Path, line: Line, count: int = FRAMES) -> dict[str, float]:
    """Return the processor milliseconds of the session's thread a frame by speed, and of the longest of `count` frames at each."""
    signals, texts = SignalTable(), TextTable()
    store = Replay(Recording(path, signals=signals, texts=texts), pictured=False)
    source = TwinSource(Intake(line, line.sources[0], store=store, signals=signals, texts=texts), path)
    session = Session(Opened(line, signals, texts, store, Plant(line, signals, texts), (source,)))
    session.start()
    while session.advance(0).behind_s > 0:
        pass
    found = {}
    for speed in (1.0, 1000.0, 3600.0):
        took = _run(session, speed, count)
        found |= {f"{speed:g}": float(np.mean(took)), f"longest_{speed:g}": max(took)}
    session.close()
    return found


def _run(session: Session, speed: float, count: int) -> list[float]:
    """Return the milliseconds of some frames at a speed, from places all over the shift."""
    span = session.span()
    assert span is not None  # noqa: S101 - there are samples
    session.set_speed(speed)
    took = []
    for number in range(count):
        if number % RUN == 0:  # a seek, then played: its own frames are not counted
            room_ns = max(span.end_ns - span.start_ns - round((RUN + 3) * FRAME_NS * speed), 0)  # so that none stands at the end
            session.seek(span.start_ns + round(room_ns * number / count))
            session.play()
            for _ in range(3):
                session.advance(FRAME_NS)
                time.sleep(FRAME_NS / 1e9)
        before = time.thread_time()
        session.advance(FRAME_NS)
        took.append((time.thread_time() - before) * 1e3)
        time.sleep(FRAME_NS / 1e9)
    return took
