"""The recorder as a service: one line recorded without a window, and how it is, told every second in a file. Not for showing the line.

What a person or a monitor asks (`twin-app health`) is answered from that file, so that nothing has to listen on a port.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import twin_app
from twin_app.clock import SECOND_NS, now_ns
from twin_app.errors import UsageError
from twin_app.history.lock import HeldError
from twin_app.service.opening import RECORDER, open_request
from twin_app.service.places import recordings_folder
from twin_app.service.source_answers import sources_answer
from twin_app.text import N_
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from twin_app.model.recording import RawKept
    from twin_app.service.request import OpenRequest
    from twin_app.session import Session
    from twin_app.settings import Settings

STATUS = "recorder.json"
FOLD_S = 0.2
ATTEND_S = 0.05
"""So often it looks whether somebody did something at a window that reads the line."""
WAIT_S = 0.2
"""So often a recorder that waits looks whether the line is free; less than windows leave it so."""
TELL_S = 1.0
STEP_S = 0.5
"""The clock was set where it moved by more than this beside the processor's own in a second."""
KEPT_STEPS = 20
MEASURED_S = 60.0
"""How fast the disk fills is known once so long was recorded."""
_DAY_S = 86_400.0


@dataclass(slots=True)
class Watch:
    """What the service notices besides what the session knows."""

    began_ns: int = field(default_factory=now_ns)
    began_s: float = field(default_factory=time.monotonic)
    began_bytes: int = 0
    committed: int = -1
    committed_ns: int = field(default_factory=now_ns)
    steps: int = 0
    newest_steps: list[dict[str, object]] = field(default_factory=list)
    _clock: tuple[int, float] | None = None

    def look(self, committed: int) -> None:
        """Note whether anything became durable since the last look, and whether the clock was set."""
        at_ns, at_s = now_ns(), time.monotonic()
        if committed != self.committed:
            self.committed, self.committed_ns = committed, at_ns
        if self._clock is not None:
            step_s = (at_ns - self._clock[0]) / SECOND_NS - (at_s - self._clock[1])
            if abs(step_s) > STEP_S:
                self.steps += 1
                self.newest_steps = [*self.newest_steps, {"at": iso_utc(at_ns), "step_s": round(step_s, 3)}][-KEPT_STEPS:]
        self._clock = at_ns, at_s

    def bytes_per_day(self, folder_bytes: int) -> float | None:
        """Return how fast the recording grows, with what was removed meanwhile; None before that can be said."""
        passed_s = time.monotonic() - self.began_s
        grown = folder_bytes - self.began_bytes
        return grown / passed_s * _DAY_S if passed_s >= MEASURED_S and grown > 0 else None


def record(
    request: OpenRequest, settings: Settings | None = None, *, duration_ns: int | None = None,
    waits: Callable[[HeldError], None] | None = None,
) -> int:  # fmt: skip
    """Record a line until `duration_ns` of wall time has passed or the process is told to stop; return the exit code.

    Where somebody else records the line it waits until they do no more, having told `waits` once; without that it is refused.

    Raises:
        UsageError: no source of the line is live.
        HeldError: somebody else records the line (it says who).
        RecordingError: the disk cannot be written.
        TwinError: the line cannot be opened.
    """
    session = _opened(request, settings, waits)
    folder = request.recordings or recordings_folder(session.line)
    try:
        if not session.recorded:
            raise UsageError(
                N_("None of the sources is live, so there is nothing to record."), tip=N_("Give a broker: --source mqtt://host:port.")
            )
        with _told_to_stop() as stop:
            _run(session, folder, stop, float("inf") if duration_ns is None else duration_ns / SECOND_NS)
    finally:
        session.close()
        (folder / STATUS).unlink(missing_ok=True)
    return 0


def _opened(request: OpenRequest, settings: Settings | None, waits: Callable[[HeldError], None] | None) -> Session:
    """Open the line, as soon as nobody else records it."""
    while True:
        try:
            return open_request(request, settings, kind=RECORDER)
        except HeldError as error:
            if waits is None:
                raise
            waits(error)
            waits = _told_already
        time.sleep(WAIT_S)


def _told_already(_error: HeldError) -> None:
    """Say nothing again."""


def _run(session: Session, folder: Path, stop: threading.Event, lasts_s: float) -> None:
    """Fold what comes in, and tell how the recording is, until it is over."""
    session.start()
    watch = Watch(began_bytes=_bytes_of(folder))
    ends_s, due_s = time.monotonic() + lasts_s, 0.0
    folds_s = 0.0
    while not stop.wait(min(ATTEND_S, max(0.0, ends_s - time.monotonic()))) and time.monotonic() < ends_s:
        session.attend()
        if time.monotonic() < folds_s:
            continue
        folds_s = time.monotonic() + FOLD_S
        session.fold()
        if time.monotonic() >= due_s:
            due_s = time.monotonic() + TELL_S
            watch.look(session.recording_now().committed)
            _write(folder / STATUS, status(session, folder, watch))


def status(session: Session, folder: Path, watch: Watch) -> dict[str, Any]:
    """Return what `recorder.json` holds."""
    kept, at_ns, free = session.recording_now(), now_ns(), shutil.disk_usage(folder).free
    lies = _bytes_of(folder)
    per_day = watch.bytes_per_day(lies + kept.bytes_removed)
    bounded = 0 < kept.kept_within_bytes < lies + free  # then it never fills the disk
    return {
        "schema": 1, "version": twin_app.__version__, "line": session.line.id, "layout": session.line.content_hash,
        "pid": os.getpid(), "host": platform.node(), "since": iso_utc(watch.began_ns), "at": iso_utc(at_ns), "at_ns": at_ns,
        "folder": str(folder), "samples": kept.committed, "waiting": kept.waiting, "unrecorded": kept.unrecorded, "damaged": kept.damaged,
        "last_commit": iso_utc(watch.committed_ns), "commit_age_s": round((at_ns - watch.committed_ns) / SECOND_NS, 3),
        "trouble": kept.trouble, "notices": list(kept.notices), "sources": sources_answer(session.health()),
        "clock_steps": watch.steps, "newest_clock_steps": watch.newest_steps,
        "disk_free_bytes": free, "bytes_per_day": per_day, "disk_days_left": None if per_day is None or bounded else round(free / per_day, 2),
        "kept_within_bytes": kept.kept_within_bytes, "files_removed": kept.files_removed, "bytes_removed": kept.bytes_removed,
        "raw": _raw(kept.raw), "readers": session.shared.readers(), "refused_readers": session.shared.refused(),
    }  # fmt: skip


def _raw(kept: RawKept | None) -> dict[str, Any] | None:
    """Return which messages are kept as they came; None where nobody looked yet."""
    if kept is None:
        return None
    since = None if kept.start_ns is None else iso_utc(kept.start_ns)
    return {"messages": kept.count, "bytes": kept.size, "dropped": kept.dropped, "since": since}


def _bytes_of(folder: Path) -> int:
    """Return how much lies in a folder of recordings."""
    return sum(path.stat().st_size for path in folder.glob("*") if path.is_file()) if folder.is_dir() else 0


def _write(path: Path, answer: dict[str, Any]) -> None:
    """Replace the file at once, so that a reader never sees half of it; a full disk must not end the recording."""
    fresh = path.with_suffix(".tmp")
    try:
        fresh.write_text(json.dumps(answer, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Give an event that is set by Ctrl+C and by the signal a service is stopped with."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
