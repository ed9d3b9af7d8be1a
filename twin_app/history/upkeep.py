"""Sealing in the background: when it is due, the thread that does it, files that are finished, and what a full disk means. Not for how: see `sealing`."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history.sealing import PATIENCE_NS, SLAB_NS
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twin_app.history.reader import Reader
    from twin_app.history.recorder import Recorder
    from twin_app.history.sealing import Sealer
    from twin_app.history.shelf import Shelf
    from twin_app.history.volume import Volume
    from twin_app.model.samples import Samples

LOGGER = logging.getLogger(__name__)
RETRY_S = 60.0
"""Pause after a disk was too full to seal; what is committed waits in the journal meanwhile."""
_FUTILE = 1.1
"""Growth of what waits before sealing is tried again that found nothing due."""
_NOTHING_NS = 2**63 - 1
REST_SHARE = 2.0
"""Whoever seals rests so many times as long as it computes: it shares one interpreter with whoever reads and whoever paints."""
LONGEST_REST_S = 0.05
_HURRY = 4
"""So many slabs may wait before there is no more rest."""


class Upkeep:
    """Seals what a recorder wrote, when there is enough of it, in a thread that ends with the work. `committed` is called by who commits."""

    def __init__(self, recorder: Recorder, shelf: Shelf, *, folder: bool, limit: Callable[[], int], signals: Callable[[], int]) -> None:
        """Seal samples numbered below `limit()`; with a `folder` late ones find the older file of their time."""
        self._recorder, self._shelf, self._folder = recorder, shelf, folder
        self._limit, self._signals = limit, signals
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = self._held = False
        self._hurried = False
        """Whether somebody waits for the thread."""
        self._volume = recorder.volumes[0]
        self._sealer: Sealer = self._volume.sealer(shelf, folder=folder)
        self._sealer.rest = self._rest
        self._worked_s = 0.0
        self._sealed = self._least = 0
        self._end = self._settled = recorder.committed
        self._unsettled: deque[tuple[int, int]] = deque()
        self._oldest_ns, self._newest_ns = _NOTHING_NS, -_NOTHING_NS
        self._retry_at = float("-inf")
        self.trouble = ""
        """Why nothing is sealed at the moment; empty while all is well."""

    def heal(self, until: int) -> None:
        """Drop what older files took over of the newest one's samples numbered below `until`, when the last run was cut short."""
        if until:
            self._sealer.seal(until, signals=self._signals())

    def committed(self, samples: Samples, end: int) -> None:
        """Note what became durable; `end` is the number after it."""
        self._end = end
        self._oldest_ns = min(self._oldest_ns, int(samples.effective_ns.min()))
        self._newest_ns = max(self._newest_ns, min(int(samples.effective_ns.max()), int(samples.received_ns.max())))
        self._unsettled.append((self._newest_ns, end))
        while self._unsettled[0][0] <= self._newest_ns - PATIENCE_NS:
            self._settled = self._unsettled.popleft()[1]

    def begin(self, state: Samples) -> None:
        """Begin the file with each signal's last samples before it."""
        with self._lock, self._recorder.lock:
            self._volume.begin(self._sealer, state)
            self._volume.sealed.refresh()

    def go_on(self) -> None:
        """Let a thread seal if that is due and none is at it."""
        if not self._closed and not self._held and self._due() and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._work, name="sealing", daemon=True)
            self._thread.start()

    def seal(self, *, everything: bool = False) -> bool:
        """Seal now what is due, or all that is committed and folded; return whether anything was. A full disk is told by `trouble`."""
        self._hurried = True
        with self._lock:
            self._hurried = False
            if self._held:
                return False
            try:
                done = self._seal(everything=everything)
            except (sqlite3.Error, RecordingError, OSError) as error:
                self._retry_at = time.monotonic() + RETRY_S
                if not self.trouble:
                    LOGGER.warning("Nothing can be sealed: %s", error)
                self.trouble = str(error)
                return False
            self.trouble, self._retry_at = "", float("-inf")
            self._sealed, self._oldest_ns = self._sealer.sealed_to, self._sealer.waiting_since_ns
            self._least = 0 if done else round(_FUTILE * (self._end - self._sealed))
            return done

    def hold(self) -> None:
        """Seal nothing any more; what is being sealed is waited for."""
        self._hurried = True
        with self._lock:
            self._held = True

    def rest(self) -> None:
        """Wait for what is being sealed."""
        with self._lock:
            pass

    def leave(self, path: Path) -> Reader | None:
        """Have nobody ask the file at `path` any more, which has to go; return what it was read with, None where it is none of these."""
        with self._lock:
            self._recorder.leave(path)
            gone = self._shelf.leave(path)
        return None if gone is None else gone.reader

    def notices(self) -> tuple[str, ...]:
        """Return what a person must know about it."""
        if not self.trouble:
            return ()
        return (
            tr(
                N_("The recording cannot be compressed at the moment ({reason}); it goes on, uncompressed. Free space on its disk."),
                reason=self.trouble,
            ),
        )

    def close(self) -> None:
        """Wait for the thread and start none any more."""
        self._closed = True
        if self._thread is not None:
            self._thread.join()

    def _seal(self, *, everything: bool) -> bool:
        """Seal some of the oldest file that is not finished; finish it if nothing of it is left, and begin with the next."""
        stop, after = self._limit(), self._after()
        if after is None:
            return self._sealer.seal(stop, signals=self._signals(), everything=everything)
        if stop < after.first:
            return False
        if self._sealer.seal(after.first, signals=self._signals(), everything=True, until_ns=after.start_ns):
            return True
        self._next(after)
        return True

    def _after(self) -> Volume | None:
        """Return the file after the one that is sealed, None where that is still written to."""
        volumes = self._recorder.volumes
        number = volumes.index(self._volume) + 1
        return volumes[number] if number < len(volumes) else None

    def _next(self, volume: Volume) -> None:
        """Finish the file that is sealed, give the next one its state, and seal that from now on."""
        state = self._volume.identity.to_run(self._sealer.state())
        sealer = volume.sealer(self._shelf, folder=self._folder)
        sealer.rest = self._rest
        with self._recorder.lock:
            volume.begin(sealer, state)
        with self._shelf.turn:
            self._volume.finish()
            self._volume.sealed.refresh()
            self._volume.sealed.reader.shrink()
            self._shelf.changed(*self._shelf.files, volume.sealed)
        self._volume, self._sealer = volume, sealer

    def _due(self) -> bool:
        """Return whether enough waits, or its time is over, or a file is to be finished, and no pause is on."""
        if time.monotonic() < self._retry_at:
            return False
        if (after := self._after()) is not None:
            return self._limit() >= after.first
        waiting = self._end - self._sealed
        if waiting <= self._least:
            return False
        ends_ns = (self._oldest_ns // SLAB_NS + 1) * SLAB_NS
        settled = self._settled - self._sealed
        return settled > _FUTILE * self._sealer.enough(self._signals()) or self._newest_ns - PATIENCE_NS >= ends_ns

    def _rest(self) -> None:
        """Rest for what was computed since the last rest; not where somebody waits for the work, nor where too much of it waits."""
        at_leisure = threading.current_thread() is self._thread and not self._closed and not self._hurried
        if at_leisure and self._end - self._sealed < _HURRY * self._sealer.enough(self._signals()):
            time.sleep(min(REST_SHARE * (time.thread_time() - self._worked_s), LONGEST_REST_S))
            self._worked_s = time.thread_time()

    def _work(self) -> None:
        """Seal as long as there is something due."""
        self._worked_s = time.thread_time()
        while not self._closed and self.seal():
            pass
