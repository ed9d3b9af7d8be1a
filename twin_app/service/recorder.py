"""The recorder as a service: one line recorded without a window, and how it is, told every second in a file. Not for showing the line.

What a person or a monitor asks (`twin-app health`) is answered from that file, so that nothing has to listen on a port.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import shutil
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import twin_app
from twin_app.clock import SECOND_NS, now_ns
from twin_app.errors import TwinError, UsageError
from twin_app.history.lock import HeldError
from twin_app.service.edited import LayoutFile
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

LOGGER = logging.getLogger(__name__)

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
    waits: Callable[[HeldError], None] | None = None, begins: Callable[[str, Path], None] | None = None,
) -> int:  # fmt: skip
    """Record a line until `duration_ns` of wall time has passed or the process is told to stop; return the exit code.

    Where somebody else records the line it waits until they do no more, having told `waits` once; without that it is refused.
    `begins` is told the line's title and the folder.

    Raises:
        UsageError: no source of the line is live.
        HeldError: somebody else records the line (it says who).
        RecordingError: the disk cannot be written.
        TwinError: the line cannot be opened.
    """
    session = _opened(request, settings, waits)
    folder = request.recordings or recordings_folder(session.line)
    service = _Service(request, settings, folder, session)
    try:
        if not session.recorded:
            raise UsageError(
                N_("None of the sources is live, so there is nothing to record."), tip=N_("Give a broker: --source mqtt://host:port.")
            )
        if begins is not None:
            begins(session.line.title, folder)
        with _told(service):
            service.run(float("inf") if duration_ns is None else duration_ns / SECOND_NS)
    finally:
        service.session.close()
        (folder / STATUS).unlink(missing_ok=True)
    return 0


def _opened(
    request: OpenRequest, settings: Settings | None, waits: Callable[[HeldError], None] | None, stop: threading.Event | None = None
) -> Session:
    """Open the line, as soon as nobody else records it; HeldError where it is to `stop` before that."""
    while True:
        try:
            return open_request(request, settings, kind=RECORDER)
        except HeldError as error:
            if waits is None or (stop is not None and stop.is_set()):
                raise
            waits(error)
            waits = _told_already
        time.sleep(WAIT_S)


def _told_already(_error: HeldError) -> None:
    """Say nothing again."""


class _Service:
    """A line while it is recorded: its session, which is another one where an edited layout asks for that.

    Attributes:
        session: the line.
        stop: set when it is to end.
        edited: set when the layout is to be read anew at once.
    """

    def __init__(self, request: OpenRequest, settings: Settings | None, folder: Path, session: Session) -> None:
        """Take over a session that was opened and not started."""
        self.session, self.stop, self.edited = session, threading.Event(), threading.Event()
        self._request, self._settings, self._folder = request, settings, folder
        self._layout = LayoutFile(session.line)

    def run(self, lasts_s: float) -> None:
        """Fold what comes in, follow the layout, and tell how the recording is, until it is over."""
        self.session.start()
        watch = Watch(began_bytes=_bytes_of(self._folder))
        ends_s, due_s = time.monotonic() + lasts_s, 0.0
        folds_s = 0.0
        while not self.stop.wait(min(ATTEND_S, max(0.0, ends_s - time.monotonic()))) and time.monotonic() < ends_s:
            self.session.attend()
            if time.monotonic() < folds_s:
                continue
            folds_s = time.monotonic() + FOLD_S
            self.session.keep_up()
            self._look_at_layout()
            if time.monotonic() >= due_s:
                due_s = time.monotonic() + TELL_S
                watch.look(self.session.recording_now().committed)
                _write(self._folder / STATUS, status(self.session, self._folder, watch, layout_trouble=self._layout.trouble))

    def _look_at_layout(self) -> None:
        """Go on under the layout's file as it is now, where it was edited and is sound."""
        at_once = self.edited.is_set()
        self.edited.clear()
        line = self._layout.look(at_once=at_once)
        if line is None:
            return
        LOGGER.info("The layout %s was edited: recording goes on under it.", line.path)
        if not self.session.relay(line):
            self._open_anew()

    def _open_anew(self) -> None:
        """Go on in the same recording with other connections; where they cannot be made, with those of the layout before."""
        self.session.close()  # first: a recording is written by one alone
        try:
            self.session = _opened(self._request, self._settings, _told_already, self.stop)
        except TwinError as error:
            self._layout.take_back(error.worded())
            self.session = _opened(replace(self._request, of_time=self._layout.now), self._settings, _told_already, self.stop)
        self.session.start()


def status(session: Session, folder: Path, watch: Watch, *, layout_trouble: str = "") -> dict[str, Any]:
    """Return what `recorder.json` holds; `layout_trouble` says why the layout's file as it is now is not in force."""
    kept, at_ns, free = session.recording_now(), now_ns(), shutil.disk_usage(folder).free
    lies = _bytes_of(folder)
    per_day = watch.bytes_per_day(lies + kept.bytes_removed)
    bounded = 0 < kept.kept_within_bytes < lies + free  # then it never fills the disk
    return {
        "schema": 1, "version": twin_app.__version__, "line": session.line.id, "layout": session.line.content_hash,
        "layout_trouble": layout_trouble,
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
    """Replace the file at once, so that a reader never sees half of it; a full disk must not end the recording, nor go untold."""
    fresh, text = path.with_suffix(".tmp"), json.dumps(answer, ensure_ascii=False, indent=1).encode()
    try:
        fresh.write_bytes(text)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
            with path.open("r+b") as file:  # what the file has of the disk is enough; spaces after JSON say nothing
                file.write(text.ljust(path.stat().st_size))


@contextmanager
def _told(service: _Service) -> Iterator[None]:
    """Let Ctrl+C and the signal a service is stopped with end it, and SIGHUP (not on Windows) have the layout read anew."""
    meant = {signal.SIGINT: service.stop, signal.SIGTERM: service.stop}
    if sys.platform != "win32":
        meant[signal.SIGHUP] = service.edited
    before = [signal.signal(number, lambda *_, event=event: event.set()) for number, event in meant.items()]
    try:
        yield
    finally:
        for number, handler in zip(meant, before, strict=True):
            signal.signal(number, handler)
