"""Decoding the slab that a moving playhead comes to next, before it is there. Not for who jumps: nobody knows where to."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.errors import RecordingError
from twin_app.history.sealed import StaleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.history.shelf import Place, Shelf

STRIDE_NS = 600 * SECOND_NS
"""Who goes further at once than that jumps."""
_STEPS = 3
"""So many steps ahead of the playhead its slabs are ready."""


class Ahead:
    """Watches where a playhead is and decodes what lies ahead of it, in a thread that ends with the work."""

    def __init__(self, shelf: Shelf, signals: Callable[[], int]) -> None:
        """Decode slabs of `shelf`; nothing is known of the playhead yet."""
        self._shelf, self._signals = shelf, signals
        self._at_ns = self._step_ns = 0
        self._thread: threading.Thread | None = None
        self._closed = False

    def passed(self, at_ns: int) -> None:
        """Note that somebody was shown an instant; cheap, from any thread."""
        before_ns, step_ns = self._step_ns, at_ns - self._at_ns
        if not step_ns:
            return
        self._at_ns, self._step_ns = at_ns, step_ns
        plays = max(abs(step_ns), abs(before_ns)) <= STRIDE_NS and step_ns * before_ns > 0
        if not plays or (self._thread is not None and self._thread.is_alive()):
            return
        lacking = self._lacking(at_ns, step_ns)
        if lacking and not self._closed:
            self._thread = threading.Thread(target=self._decode, args=(lacking,), name="ahead", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Wait for the thread and start none any more."""
        self._closed = True
        if self._thread is not None:
            self._thread.join()

    def _lacking(self, at_ns: int, step_ns: int) -> list[Place]:
        """Return the slabs ahead that are not decoded, the next one first: one at least, those of some steps where these are long."""
        places, here = self._shelf.places, self._shelf.number(at_ns)
        way = 1 if step_ns > 0 else -1
        last = self._shelf.number(at_ns + _STEPS * step_ns)
        numbers = range(here + way, (max(last, here + 1) if way > 0 else min(last, here - 1)) + way, way)
        return [places[number] for number in numbers if 0 <= number < len(places) and not self._shelf.is_decoded(places[number])]

    def _decode(self, places: list[Place]) -> None:
        """Decode slabs; what is wrong with one is met by whoever asks for it."""
        for place in places:
            with contextlib.suppress(StaleError, RecordingError):
                if not self._closed:
                    self._shelf.page(place, self._signals()).make()
