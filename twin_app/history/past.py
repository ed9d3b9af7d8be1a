"""What has left the tail, in pages read back from the journal: brute force, kept a while. Not for the present: see `tail`.

A page begins with a keyframe, each signal's last sample before it, taken when the tail let the page go. So an instant
costs one page, however long a signal was silent. Late samples mend the keyframes after them.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from typing import TYPE_CHECKING

from twin_app.history.tracks import FOREVER, Tracks
from twin_app.model.samples import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from twin_app.history.snapshot import Snapshot, View
    from twin_app.model.samples import Samples

_PAGES = 4


class Past:
    """Pages of time, each read when asked for. `begin_page` and `take_late` belong to the folding thread, the questions to any."""

    def __init__(self, scan: Callable[[int, int], Iterator[Samples]]) -> None:
        """Read with `scan(start_ns, end_ns)`: all folded samples of the span, possibly more, in order of arrival."""
        self._scan = scan
        self._keyframes = [Tracks()]
        self._floors = [NEVER]
        self._lock = threading.Lock()
        self._pages: dict[int, Snapshot] = {}
        self._version = 0
        """Counts what made pages stale: a page read meanwhile is not kept."""

    def begin_page(self, keyframe: Tracks) -> None:
        """Note that what is older than the keyframe's floor leaves the tail now."""
        with self._lock:
            self._keyframes.append(keyframe)
            self._floors.append(keyframe.snapshot.floor_ns)

    def take_late(self, samples: Samples) -> None:
        """Mend the keyframes with samples that came after their time had left the tail, in order of arrival."""
        oldest_ns = int(samples.effective_ns.min())
        first = bisect_right(self._floors, oldest_ns)
        for floor_ns, keyframe in zip(self._floors[first:], self._keyframes[first:], strict=True):
            keyframe.fold(samples.take(samples.effective_ns < floor_ns))
        with self._lock:
            self._version += 1
            self._pages = {page: kept for page, kept in self._pages.items() if page < first - 1}

    def page(self, at_ns: int) -> Snapshot:
        """Return the page that holds `at_ns`; may read the file."""
        number = bisect_right(self._floors, at_ns) - 1
        with self._lock:
            version = self._version
            page = self._pages.pop(number, None)
            if page is not None:
                self._pages[number] = page  # the most recently used stands last
                return page
        page = self._read(number)
        with self._lock:
            if version == self._version:
                self._pages[number] = page
                while len(self._pages) > _PAGES:
                    del self._pages[next(iter(self._pages))]
        return page

    def samples(self, signal: int, start_ns: int, end_ns: int) -> list[View]:
        """Return a signal's samples of [start_ns, end_ns], page by page, before them the one in force at the start."""
        views = [self.page(start_ns).samples(signal, start_ns, end_ns)]
        while (start_ns := self._end(start_ns) + 1) <= end_ns:
            views.append(self.page(start_ns).samples(signal, start_ns, end_ns, in_force=False))
        return views

    def _end(self, at_ns: int) -> int:
        """Return the last instant of the page that holds `at_ns`."""
        after = bisect_right(self._floors, at_ns)
        return self._floors[after] - 1 if after < len(self._floors) else FOREVER

    def _read(self, number: int) -> Snapshot:
        """Read a page: its keyframe and all that is effective within it."""
        floor_ns = self._floors[number]
        end_ns = self._floors[number + 1] - 1 if number + 1 < len(self._floors) else FOREVER
        tracks = Tracks.of(self._keyframes[number].snapshot.views, floor_ns)
        for samples in self._scan(floor_ns, end_ns):
            tracks.fold(samples.take((samples.effective_ns >= floor_ns) & (samples.effective_ns <= end_ns)))
        return tracks.snapshot
