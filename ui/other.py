"""The other shift that stands beside the one looked at: panels ask it as they ask of the line. None at first. Not for choosing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from ui.query import Answers, SessionQuery

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.finding.aligned import Aligned


class OtherShift(QObject):
    """One for a window.

    Signals:
        changed(): another one stands there, it stands elsewhere, or none does.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Stand beside nothing."""
        super().__init__(parent)
        self.aligned: Aligned | None = None
        """What stands there."""
        self._query: SessionQuery | None = None
        self._release: Callable[[], None] | None = None

    @property
    def query(self) -> SessionQuery | None:
        """Return whom to ask for its timelines and trends, None where nothing stands there."""
        return self._query if self.aligned is not None else None

    def show(self, aligned: Aligned, release: Callable[[], None]) -> None:
        """Let another shift stand there; `release` lets go of its files."""
        self.clear(silent=True)
        self.aligned, self._release = aligned, release
        self._query = SessionQuery(self)
        self._query.open(cast("Answers", aligned))  # of all that may be asked it answers what is asked of it
        self.changed.emit()

    def align(self, ahead_ns: int) -> None:
        """Let it stand elsewhere: `ahead_ns` is its own time less the time it stands at."""
        if self.aligned is not None and self._query is not None and ahead_ns != self.aligned.ahead_ns:
            self.aligned = self.aligned.at(ahead_ns)
            self._query.open(cast("Answers", self.aligned))
            self.changed.emit()

    def clear(self, *, silent: bool = False) -> None:
        """Let nothing stand there."""
        query, release, there = self._query, self._release, self.aligned
        self.aligned = self._query = self._release = None
        if query is not None:
            query.stop()
            query.deleteLater()
        if release is not None:
            release()
        if there is not None and not silent:
            self.changed.emit()
