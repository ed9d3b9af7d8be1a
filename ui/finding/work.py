"""A long work of the window in a thread of its own: how far it is, its end, and giving it up. Not for what the work is."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from twin_app.errors import GivenUpError, TwinError
from twin_app.finding.reading import Pace
from twin_app.text import tr
from ui.hearsay import Hearsay

if TYPE_CHECKING:
    from collections.abc import Callable

LOG = logging.getLogger(__name__)
STEPS = 200
"""Progress is told when it is further by such a part."""


class LongWork(QObject):
    """One work at a time; a new one gives up the one before, and nothing more is heard of that.

    Signals:
        progressed(float): how far it is, a share of one.
        done(object): what came out.
        failed(str): why nothing did, worded.
    """

    progressed = Signal(float)
    done = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        """Start idle."""
        super().__init__(parent)
        self._run = 0
        self._cancel = threading.Event()
        self._working = False
        self._drops: dict[int, Callable[[Any], None]] = {}
        self._told = Hearsay(parent, self._on_told)

    @property
    def working(self) -> bool:
        """Tell whether something is under way."""
        return self._working

    def start(self, work: Callable[[Pace], Any], drop: Callable[[Any], None] | None = None) -> None:
        """Begin; `work` is told a pace, which raises when it is given up. `drop` lets go of what came out when nobody waits for it any more."""
        self.give_up()
        if drop is not None:
            self._drops[self._run] = drop
        self._cancel, self._working = threading.Event(), True
        threading.Thread(target=self._do, args=(self._run, work, self._cancel), name="finding", daemon=True).start()

    def give_up(self) -> None:
        """End what is under way, and hear no more of it."""
        self._cancel.set()
        self._run += 1
        self._working = False

    def _do(self, run: int, work: Callable[[Pace], Any], cancel: threading.Event) -> None:
        """Do it, in the thread."""
        before = -1

        def tell(share: float) -> None:
            nonlocal before
            if int(share * STEPS) != before:
                before = int(share * STEPS)
                self._told.tell(run, "progressed", share)

        try:
            self._told.tell(run, "done", work(Pace(tell, cancel.is_set)))
        except GivenUpError:
            pass
        except TwinError as error:
            self._told.tell(run, "failed", error.worded())
        except Exception:  # what breaks down in a thread would end silently; the log says why
            LOG.exception("A work of the window broke down")
            self._told.tell(run, "failed", tr("This broke down; the log has the details."))

    def _on_told(self, run: int, what: str, value: object) -> None:
        """Hand on what is told of the work that still counts."""
        drop = self._drops.pop(run, None) if what != "progressed" else None
        if run != self._run:
            if drop is not None and what == "done":
                drop(value)
            return
        self._working = self._working and what == "progressed"
        getattr(self, what).emit(value)
