"""A recorded file as a source: read to its end as fast as the store takes it, while the playhead moves through. Not for its format."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from twin_app.clock import now_ns
from twin_app.codec.refusal import Reason
from twin_app.errors import SourceError
from twin_app.model.message import Status
from twin_app.sources.capture import Broken, Capture
from twin_app.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twin_app.model.message import SourceHealth
    from twin_app.sources.capture import Captured
    from twin_app.sources.intake import Intake
    from twin_app.sources.leisure import Leisure

LOGGER = logging.getLogger(__name__)
COMMIT_EVERY_S = 0.25
LISTED = 20
"""Broken lines that are listed with their number; all are counted."""


class RecordingSource:
    """A capture file."""

    live = False

    def __init__(self, intake: Intake, path: Path, parse: Callable[[bytes, int], Captured | Broken] | None = None) -> None:
        """Keep the path; nothing is opened before `start` or `read`. `parse` reads a line (see `Capture`)."""
        self.path = path
        self.leisure: Leisure | None = None
        """When to let others go first; None reads in haste."""
        self._parse = parse
        self.broken: list[tuple[int, str]] = []
        """Number and reason of the first `LISTED` broken lines."""
        self._intake = intake
        self._capture: Capture | None = None
        self._simulated = False
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._status = Status.IDLE
        self._since_ns = now_ns()
        self._error: SourceError | None = None

    @property
    def id(self) -> str:
        """Return the source's id in the layout."""
        return self._intake.source.id

    @property
    def progress(self) -> float:
        """Return the share of the file that was read, 0 to 1."""
        if self._capture is None:
            return 1.0 if self._status is Status.COMPLETE else 0.0
        return self._capture.progress

    def start(self) -> None:
        """Read in a thread; failures are told by `health` and raised by `wait`."""
        self._set(Status.LOADING)
        self._thread = threading.Thread(target=self._read_in_thread, name=f"recording {self.id}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop reading; what was read stays."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until everything is read; return whether it is.

        Raises:
            SourceError: the file cannot be understood, or not to its end.
        """
        if self._thread is not None:
            self._thread.join(timeout_s)
            if self._thread.is_alive():
                return False
        if self._error is not None:
            raise self._error
        return self._status is Status.COMPLETE

    def read(self) -> None:
        """Read everything in this thread.

        Raises:
            SourceError: the file cannot be understood, or not to its end (what came before is kept).
        """
        self._set(Status.LOADING)
        try:
            self._read()
        except SourceError as error:
            self._error = error
            self._set(Status.FAILED)
            raise
        finally:
            self._intake.finish()
            if self._capture is not None:
                self._capture.close()
        self._set(Status.COMPLETE)

    def health(self) -> SourceHealth:
        """Return how the source is; safe from any thread."""
        health = self._intake.health(
            address=str(self.path), live=False, status=self._status, since_ns=self._since_ns, error=self._sentence()
        )  # fmt: skip
        return replace(health, simulated=self._simulated, share=self.progress if self._status is Status.LOADING else None)

    def unit_of(self, topic: str) -> str | None:
        """Return the unit that a topic speaks of, None where no rule maps it."""
        return self._intake.unit_of(topic)

    def _read_in_thread(self) -> None:
        """Read; the failure was noted and is told by `health`."""
        try:
            self.read()
        except SourceError as error:
            LOGGER.info("%s: %s", self.id, error)

    def _read(self) -> None:
        """Hand every message to the intake."""
        self._capture = Capture(self.path, self._parse)
        committed_s = time.monotonic()
        begun = False
        for found in self._capture:
            if isinstance(found, Broken):
                self._refuse(found)
                continue
            if not begun:
                begun = True
                self._intake.connected(found.received_ns)
            self._simulated |= found.simulated
            self._intake.receive(found.topic, found.payload, received_ns=found.received_ns, qos=found.qos, retain=found.retain)
            if self._stopping.is_set():
                return
            now_s = time.monotonic()
            if now_s - committed_s > COMMIT_EVERY_S:
                self._intake.commit()
                committed_s = now_s
            if self.leisure and (rest_s := self.leisure.rest_s(found.received_ns, now_s)):
                self._intake.flush()  # what was read is to be seen meanwhile
                self._stopping.wait(rest_s)

    def _refuse(self, found: Broken) -> None:
        """Count a broken line and list the first ones."""
        if len(self.broken) < LISTED:
            self.broken.append((found.number, found.reason))
        self._intake.refuse(Reason.NOT_A_CAPTURE_LINE, found.line, where=f"{self.path.name}:{found.number}")

    def _sentence(self) -> str:
        """Return what went wrong, worded: the failure, else the broken lines."""
        if self._error is not None:
            return self._error.worded()
        if not self.broken:
            return ""
        number, reason = self.broken[0]
        return tr(
            "Some lines of {path} are no messages and were left out, the first is line {line}: {reason}.",
            path=self.path.name,
            line=number,
            reason=reason,
        )

    def _set(self, status: Status) -> None:
        """Note a new status and since when."""
        self._status = status
        self._since_ns = now_ns()
