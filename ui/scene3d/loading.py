"""Models of people's own, read in a process of their own while the hall goes on with boxes in their place. No VTK, no widgets.

That process is ended when a file takes too long or takes it down; the file is then refused in a sentence and the others are read on.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread, Timer
from typing import IO, TYPE_CHECKING, Any, cast

from twin_app.assets import ROOT
from twin_app.errors import ModelError
from twin_app.shapes.__main__ import ANSWER
from twin_app.shapes.parcel import unpack
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.shapes import Fit, Model

_log = logging.getLogger(__name__)

LIMIT_S = 60.0
STEP_LIMIT_S = 300.0
"""Solids have to be cut into triangles first."""
_LONGEST_STOP_S = 5.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model that somebody needs."""

    path: Path
    fit: Fit

    def limit_s(self) -> float:
        """Return how long reading it may take."""
        return STEP_LIMIT_S if self.path.suffix.lower() in {".step", ".stp"} else LIMIT_S


class Loading:
    """What was read so far, and the thread that has the rest read."""

    def __init__(self, changed: Callable[[], None], *, limit_s: float | None = None) -> None:
        """Start with nothing; `changed` is called from a thread of this class's own whenever one more model is there or refused.

        `limit_s` replaces the time that each file has.
        """
        self._changed, self._limit_s = changed, limit_s
        self.read = 0
        """How many were read or refused so far."""
        self._turn = Condition()
        self._found: dict[Wanted, Model | ModelError] = {}
        self._queue: deque[Wanted] = deque()
        self._thread: Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False

    def get(self, wanted: Wanted) -> Model | ModelError | None:
        """Return a model, or why there is none; None while it is being read."""
        with self._turn:
            if wanted not in self._found and wanted not in self._queue and not self._stopped:
                self._queue.append(wanted)
                self._run()
            return self._found.get(wanted)

    def close(self) -> None:
        """Stop reading."""
        with self._turn:
            self._stopped = True
            self._queue.clear()
            thread = self._thread
            if self._process is not None:
                self._process.kill()
        if thread is not None:
            thread.join(_LONGEST_STOP_S)

    def _run(self) -> None:
        """Have a thread read what is in the queue."""
        if self._thread is None:
            self._thread = Thread(target=self._read_all, name="models", daemon=True)
            self._thread.start()

    def _read_all(self) -> None:
        with tempfile.TemporaryDirectory(prefix="twin-models-", ignore_cleanup_errors=True) as folder:
            while (wanted := self._next()) is not None:
                found = self._read(wanted, Path(folder) / "model.npz")
                with self._turn:
                    if self._stopped:
                        continue
                    self._found[wanted] = found
                    self._queue.popleft()
                    self.read += 1
                self._changed()

    def _next(self) -> Wanted | None:
        """Return what is to be read next; None: all is read, the reading process is gone, and this thread ends."""
        for emptied in (False, True):
            with self._turn:
                if self._queue and not self._stopped:
                    return self._queue[0]
                if emptied:
                    self._thread = None
            if not emptied:
                self._end()
        return None

    def _read(self, wanted: Wanted, into: Path) -> Model | ModelError:
        """Ask the reading process for one model."""
        fit = wanted.fit
        request = {"path": str(wanted.path), "into": str(into), "scale": fit.scale, "up": fit.up, "pivot": fit.pivot}
        limit_s = self._limit_s or wanted.limit_s()
        try:
            answer = _within(limit_s, self._opened(), json.dumps(request))
            if answer is None:
                self._end()
                return _gave_up(wanted, limit_s)
            return ModelError(answer["what"], tip=answer["tip"], **answer["arguments"]) if answer else unpack(into)
        except (OSError, ValueError) as error:
            _log.info("reading %s failed: %s", wanted.path, error)
            self._end()
            return _gave_up(wanted, limit_s)

    def _opened(self) -> subprocess.Popen[str]:
        """Return the reading process, started where there is none."""
        with self._turn:
            if self._stopped:
                raise BrokenPipeError
            if self._process is None:
                paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "twin_app.shapes"],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
                    env={**os.environ, "PYTHONPATH": paths},
                )  # fmt: skip
            return self._process

    def _end(self) -> None:
        """End the reading process."""
        with self._turn:
            process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _within(limit_s: float, process: subprocess.Popen[str], request: str) -> dict[str, Any] | None:
    """Return a process's answer to a request; None where it ended, or was ended because it took too long."""
    clock = Timer(limit_s, process.kill)
    clock.daemon = True
    clock.start()
    try:
        return _asked(process, request)
    finally:
        clock.cancel()


def _asked(process: subprocess.Popen[str], request: str) -> dict[str, Any] | None:
    """Return a process's answer to a request; None where it ended before it gave one."""
    into, out = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
    into.write(request + "\n")
    into.flush()
    for line in out:
        if line.startswith(ANSWER):
            return cast("dict[str, Any]", json.loads(line.removeprefix(ANSWER)))
    return None


def _gave_up(wanted: Wanted, limit_s: float) -> ModelError:
    return ModelError(
        N_("The 3D model {file} could not be read: it takes more than {limit} s or {memory} GB, or it breaks its reader."),
        tip=N_("A plain box stands in its place; export the model with fewer triangles."),
        file=wanted.path.name, limit=round(limit_s), memory=4,
    )  # fmt: skip
