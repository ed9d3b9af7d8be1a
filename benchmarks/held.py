"""What a recorded shift takes of memory, opened with all that machines move by and played through. Itself no benchmark, see `history`."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from twin_app.history.recording import Recording
from twin_app.history.replay import Replay
from twin_app.model.samples import TextTable
from twin_app.model.signal import SignalTable
from twin_app.plant.plant import Plant
from twin_app.session import Opened, Session
from twin_app.sources.intake import Intake
from twin_app.sources.twin import TwinSource

if TYPE_CHECKING:
    from twin_app.model.equipment import Line

FRAME_NS = 33_333_333
SPEED = 1000.0


def measure(path: Path, line: Line) -> dict[str, float] | None:
    """Return MiB above what the process had before it opened the file: of its `own`, `with_files` that it has mapped; None where nobody tells."""
    if not Path("/proc/self/status").exists():
        return None
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        return apart.submit(_played, path, line).result()


def _played(path: Path, line: Line) -> dict[str, float]:
    """Open, fold everything, play through at 1000x; return what is held then."""
    before = _mib()
    signals, texts = SignalTable(), TextTable()
    store = Replay(Recording(path, signals=signals, texts=texts))
    source = TwinSource(Intake(line, line.sources[0], store=store, signals=signals, texts=texts), path)
    session = Session(Opened(line, signals, texts, store, Plant(line, signals, texts), (source,)))
    session.start()
    while session.advance(0).behind_s > 0:
        pass
    span = session.span()
    session.set_speed(SPEED)
    session.seek(span.start_ns if span else 0)
    session.play()
    while session.clock.playing:
        session.advance(FRAME_NS)
    after = _mib()
    session.close()
    return {"own": after["RssAnon"] - before["RssAnon"], "with_files": after["VmRSS"] - before["VmRSS"]}


def _mib() -> dict[str, float]:
    """Return what the system tells of this process's memory."""
    rows = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    return {name: int(rows[name].split()[0]) / 1024 for name in ("RssAnon", "VmRSS")}
