"""Listening to a broker for the window, in a thread: pictures of what was heard so far, as often as their cost allows. Not for showing them."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from twin_app.discover.remarks import remarks
from twin_app.errors import TwinError
from twin_app.service.discover import Heard, Request, check, discover
from twin_app.service.discover_drafts import suggestion
from twin_app.service.discover_rows import Row, rows_of
from twin_app.service.discover_tables import filters, headline, warnings
from twin_app.text import tr
from ui.hearsay import Hearsay

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.discover.suggestion import Suggestion

LOG = logging.getLogger(__name__)
EVERY_S = 0.5
WORTH = 8.0
"""A picture that took so long is not made again before so many times as long has passed."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What was heard so far, worded; `heard` and `suggested` only of the last one."""

    headline: str
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]
    """What is not as it should be; filters that the broker refused, or on which nothing came, among it."""
    remarks: tuple[str, ...]
    share: float
    heard: Heard | None = None
    suggested: Suggestion | None = None


class DiscoverWork(QObject):
    """One listening at a time; a new one gives up the one before.

    Signals:
        pictured: a Picture, while somebody listens and once at the end.
        ended: what went wrong, worded; empty where nothing did.
    """

    pictured = Signal(object)
    ended = Signal(str)

    def __init__(self, parent: QObject, *, listens: Callable[..., Heard] = discover) -> None:
        """Start idle; `listens` is how a broker is listened to."""
        super().__init__(parent)
        self._listens = listens
        self._run = 0
        self._cancel = threading.Event()
        self._told, self._over = Hearsay(parent, self._on_told), Hearsay(parent, self._on_over)

    def start(self, request: Request) -> None:
        """Listen in a thread of its own."""
        self.give_up()
        self._cancel = threading.Event()
        threading.Thread(target=self._work, args=(self._run, request, self._cancel), name="discover", daemon=True).start()

    def stop(self) -> None:
        """End the listening; what was heard counts."""
        self._cancel.set()

    def give_up(self) -> None:
        """End the listening, and hear no more of it."""
        self._cancel.set()
        self._run += 1

    def _work(self, run: int, request: Request, cancel: threading.Event) -> None:
        """Listen, hand on pictures, and say at last what went wrong."""
        due_s = 0.0

        def progress(heard: Heard) -> None:
            nonlocal due_s
            if time.monotonic() >= due_s:
                began_s = time.monotonic()
                self._told.tell(run, picture(heard, suggestion(heard, request)))
                due_s = began_s + max(EVERY_S, WORTH * (time.monotonic() - began_s))

        try:
            check(request)
            heard = self._listens(request, cancelled=cancel.is_set, progress=progress)
            self._told.tell(run, picture(heard, suggestion(heard, request), last=True))
            self._over.tell(run, "")
        except TwinError as error:
            self._over.tell(run, error.worded())
        except Exception:  # what breaks down in a thread would end silently; the log says why
            LOG.exception("Discovering %s broke down", request.address)
            self._over.tell(run, tr("The listening broke down; the log has the details."))

    def _on_told(self, run: int, picture: Picture) -> None:
        """Hand on a picture of the listening that still counts."""
        if run == self._run:
            self.pictured.emit(picture)

    def _on_over(self, run: int, error: str) -> None:
        """Hand on the end of the listening that still counts."""
        if run == self._run:
            self.ended.emit(error)


def picture(heard: Heard, suggested: Suggestion | None, *, last: bool = False) -> Picture:
    """Return what was heard so far; the last one holds all that a draft needs."""
    unheard = (sentence for answer, sentence in zip(heard.answers, filters(heard), strict=True) if last or answer.refused)
    granted = {tr("Filter {filter}: granted.", filter=answer.filter) for answer in heard.answers}
    return Picture(
        headline=headline(heard), rows=rows_of(heard.survey, suggested, heard.listened_s),
        warnings=(*warnings(heard), *(sentence for sentence in unheard if sentence not in granted)), remarks=remarks(suggested, heard.survey),
        share=heard.share, heard=heard if last else None, suggested=suggested if last else None,
    )  # fmt: skip
