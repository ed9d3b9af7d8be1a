"""Which spans of a line are offered to be written into a file, their words, and what such a file is called. Not for writing one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths

from twin_app.clock import SECOND_NS
from twin_app.text import clock_span, clock_time, tr
from ui.report_dialog import Window, windows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from twin_app.session import Session

AROUND_NS = 300 * SECOND_NS
"""So far before and behind the playhead goes what is offered where nothing is marked."""
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def offered(session: Session, marked: tuple[int, int] | None, at_ns: int) -> Sequence[Window]:
    """Return the spans that are offered: what is marked, what lies around the playhead, each shift, everything that is known."""
    span = session.span()
    if span is None or span.end_ns <= span.start_ns:
        return ()
    around = max(at_ns - AROUND_NS, span.start_ns), min(at_ns + AROUND_NS, span.end_ns)
    first = [Window(tr("Marked on the timeline"), *marked)] if marked else []
    near = [Window(tr("Around the playhead"), *around)] if around[0] < around[1] else []
    return (*first, *near, *windows(session))


def span_told(span: Window, zone: tzinfo) -> str:
    """Return a span in words."""
    return f"{span.name or tr('All that is known')} · {clock_span(span.start_ns, span.end_ns, zone, short=True)}"


def file_for(before: str, place: QStandardPaths.StandardLocation, words: Sequence[str], span: Window, zone: tzinfo) -> str:
    """Return a path without ending, named after some words and a span: where the one `before` lies, else in a person's folder for such files."""
    own = QStandardPaths.writableLocation(place)
    folder = Path(before).parent if before else Path(own) if own and Path(own).is_dir() else Path.home()
    stamp = clock_time(span.start_ns, zone, date=True)[:16].replace(":", "")
    return str(folder / _NOT_IN_NAMES.sub("-", " ".join(filter(None, (*words, stamp)))))
