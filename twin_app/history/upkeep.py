"""Sealing in the background: when it is due, the thread that does it, and what a full disk means for it. Not for how: see `sealing`."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

from twin_app.errors import RecordingError
from twin_app.history.sealing import PATIENCE_NS, SLAB_NS
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.history.sealing import Sealer
    from twin_app.model.samples import Samples

LOGGER = logging.getLogger(__name__)
RETRY_S = 60.0
"""Pause after a disk was too full to seal; what is committed waits in the journal meanwhile."""
_FUTILE = 1.1
"""Growth of what waits before sealing is tried again that found nothing due."""
_NOTHING_NS = 2**63 - 1


class Upkeep:
    """Asks a sealer to work when enough is committed, in a thread that ends with the work. `committed` is called by who commits."""

    def __init__(self, sealer: Sealer, *, limit: Callable[[], int], signals: Callable[[], int], end: int) -> None:
        """Seal below `limit()`; what the file holds already ends at number `end`."""
        self._sealer, self._limit, self._signals = sealer, limit, signals
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = self._held = False
        self._sealed = 0
        self._end = end
        self._least = 0
        self._oldest_ns, self._newest_ns = _NOTHING_NS, -_NOTHING_NS
        self._retry_at = float("-inf")
        self.trouble = ""
        """Why nothing is sealed at the moment; empty while all is well."""

    def committed(self, samples: Samples, end: int) -> None:
        """Note what became durable; `end` is the number after it."""
        self._end = end
        self._oldest_ns = min(self._oldest_ns, int(samples.effective_ns.min()))
        self._newest_ns = max(self._newest_ns, min(int(samples.effective_ns.max()), int(samples.received_ns.max())))

    def go_on(self) -> None:
        """Let a thread seal if that is due and none is at it."""
        if not self._closed and not self._held and self._due() and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._work, name="sealing", daemon=True)
            self._thread.start()

    def seal(self, *, everything: bool = False) -> bool:
        """Seal now what is due, or all that is committed and folded; return whether anything was. A full disk is told by `trouble`."""
        with self._lock:
            if self._held:
                return False
            stop = self._limit()
            try:
                done = self._sealer.seal(stop, signals=self._signals(), everything=everything)
            except (sqlite3.Error, RecordingError) as error:
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
        with self._lock:
            self._held = True

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

    def _due(self) -> bool:
        """Return whether enough waits, or its time is over, and no pause is on."""
        waiting = self._end - self._sealed
        if waiting <= self._least or time.monotonic() < self._retry_at:
            return False
        ends_ns = (self._oldest_ns // SLAB_NS + 1) * SLAB_NS
        return waiting > _FUTILE * self._sealer.enough(self._signals()) or self._newest_ns - PATIENCE_NS >= ends_ns

    def _work(self) -> None:
        """Seal as long as there is something due."""
        while not self._closed and self.seal():
            pass
