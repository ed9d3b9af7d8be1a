"""Files that are dropped onto the window: layouts and recordings are opened. Not for what panels take from each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal, SignalInstance
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from typing_extensions import override

from twin_app.sources.kinds import CAPTURE, TWIN, kind_of

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtWidgets import QWidget

LAYOUT = ".toml"
CAPTURES = (".jsonl", ".jsonl.gz")
TABLES = (".csv", ".csv.gz", ".parquet")


class Dropping(QObject):
    """Watches one window.

    Signals:
        layout_dropped(object): the `Path` of a layout.
        recording_dropped(object): the `Path` of a recording or of a capture of messages.
        table_dropped(object): the `Path` of a table of samples.
    """

    layout_dropped = Signal(object)
    recording_dropped = Signal(object)
    table_dropped = Signal(object)

    def __init__(self, window: QWidget) -> None:
        """Let a window take files."""
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent | QDropEvent) and (path := dropped(event.mimeData())) is not None:
            event.acceptProposedAction()
            if event.type() is QEvent.Type.Drop:
                self._told(path).emit(path)
            return True
        return False

    def _told(self, path: Path) -> SignalInstance:
        """Return the signal for a file of its kind."""
        if path.name.casefold().endswith(TABLES):
            return self.table_dropped
        return self.layout_dropped if path.suffix.casefold() == LAYOUT else self.recording_dropped


def dropped(what: QMimeData) -> Path | None:
    """Return the one file that is dragged, None where it is none that can be opened."""
    files = [url.toLocalFile() for url in what.urls() if url.isLocalFile()]
    if len(files) != 1:
        return None
    kind = kind_of(files[0])
    opens = files[0].casefold().endswith((LAYOUT, *TABLES)) or kind is TWIN or (kind is CAPTURE and files[0].endswith(CAPTURES))
    return Path(files[0]) if opens else None
