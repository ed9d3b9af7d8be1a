"""A recording, or some of its files, folded for questions: all that is known of it, without a playhead. Not for showing it: see `session`."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from twin_app.errors import GivenUpError
from twin_app.history.recording import Recording
from twin_app.history.replay import Replay
from twin_app.layout.signals import signal_table
from twin_app.model.samples import TextTable
from twin_app.plant.plant import Plant
from twin_app.session.known import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from twin_app.model.alarm import Action
    from twin_app.model.equipment import Line

AT_ONCE = 50_000
"""So many facts are folded between two looks at whether somebody gave up."""


class Pace:
    """How far a long work is, and whether somebody gave it up."""

    def __init__(self, progress: Callable[[float], None] | None = None, cancelled: Callable[[], bool] | None = None) -> None:
        """Tell `progress` shares of one; ask `cancelled` now and then."""
        self._progress, self._cancelled = progress, cancelled

    def at(self, share: float) -> None:
        """Say how far it is.

        Raises:
            GivenUpError: somebody gave it up.
        """
        if self._cancelled is not None and self._cancelled():
            raise GivenUpError
        if self._progress is not None:
            self._progress(min(max(share, 0.0), 1.0))

    def part(self, first: float, last: float) -> Pace:
        """Return the pace of a part of the work."""
        return Pace(lambda share: self.at(first + (last - first) * share))


NO_PACE = Pace()


@contextlib.contextmanager
def reading(
    line: Line, path: Path, *, among: Collection[Path] | None = None, actions: Sequence[Action] = (), pace: Pace = NO_PACE
) -> Iterator[Known]:
    """Give all that is known from a recording.

    Args:
        line: the layout it is read by.
        path: a file, or a folder of files.
        among: of a folder only these files.
        actions: what people did to the line's alarms.
        pace: told how far it is.

    Raises:
        RecordingError: it cannot be read.
        GivenUpError: somebody gave up.
    """
    signals, texts = signal_table(line), TextTable()
    store = Replay(Recording(path, signals=signals, texts=texts, among=among), pictured=False, at_once=AT_ONCE)
    with contextlib.closing(store):
        known = Known(line, signals, texts, store=store, plant=Plant(line, signals, texts, store.range))
        while store.folded < store.watermark:
            known.fold(AT_ONCE)
            pace.at(store.share)
        known.act(actions)
        yield known
