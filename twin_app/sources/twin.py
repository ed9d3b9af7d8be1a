"""A recording of the twin as a source: all of it is there at once, so nothing runs. Not for reading it: see `history.replay`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin_app.clock import now_ns
from twin_app.errors import RecordingError
from twin_app.history.files import is_recording
from twin_app.history.recording import Recording
from twin_app.history.replay import Replay
from twin_app.model.message import Status

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.model.message import SourceHealth
    from twin_app.sources.intake import Intake

__all__ = ["TwinSource", "is_recording"]

SIMULATED = "simulated"
"""The word of a recording (`Store.marked`) that says that no plant said it; empty in all others."""


class TwinSource:
    """One of the sources that a recording holds the samples of."""

    live = False

    def __init__(self, intake: Intake, path: Path) -> None:
        """Keep the path of the file or folder; the intake's store holds it where it is a `Replay`."""
        self.path = path
        self._intake = intake
        self._status = Status.IDLE
        self._since_ns = now_ns()
        self._error = ""
        self._simulated = isinstance(intake.keeper, Replay) and bool(intake.keeper.marked(SIMULATED))

    @property
    def id(self) -> str:
        """Return the source's id in the layout."""
        return self._intake.source.id

    def start(self) -> None:
        """Say that it is read; where nobody holds it open, look whether it can be."""
        try:
            if not isinstance(self._intake.keeper, Replay):
                Recording(self.path).close()
        except RecordingError as error:
            self._status, self._error = Status.FAILED, error.worded()
        else:
            self._status = Status.COMPLETE
        self._since_ns = now_ns()

    def stop(self) -> None:
        """Do nothing: nothing runs."""

    def health(self) -> SourceHealth:
        """Return how the source is; safe from any thread."""
        keeper, status = self._intake.keeper, self._status
        if status is Status.COMPLETE and isinstance(keeper, Replay) and keeper.share < 1.0:
            status = Status.LOADING
        share = keeper.share if status is Status.LOADING and isinstance(keeper, Replay) else None
        known = self._intake.health(address=str(self.path), live=False, status=status, since_ns=self._since_ns, error=self._error)
        return replace(known, simulated=self._simulated, share=share)

    def unit_of(self, topic: str) -> str | None:
        """Return the unit that a topic speaks of, None where no rule maps it."""
        return self._intake.unit_of(topic)
