"""What every panel is: a widget that is opened on a line, shown frames, hidden, restored and retranslated."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from twin_app.model.frame import ALL
from ui.effort import Tally

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from twin_app.model.frame import Frame
    from ui.context import Context, LineView


class Panel(QWidget):
    """Base of all panels. A hidden panel is not shown frames; becoming visible it gets the newest with `changes` ALL."""

    key = ""
    """Stable name, for remembering docks: `timeline`."""
    title = ""
    """Catalogue sentence of the dock's title."""

    insists = False
    """Whether other panels give way before it has less than its least height: for what nobody may miss."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Build the widgets; nothing is known of any line yet."""
        super().__init__(parent)
        self.context = context
        self.view: LineView | None = None
        self.frame: Frame | None = None
        self.shown = Tally()
        """What showing frames took; its painting is counted by `ui.effort` when somebody looks."""
        self.setObjectName(self.key)

    def open_line(self, view: LineView | None) -> None:
        """Take another line (None: none is open). Called before its first frame; override to rebuild, calling super."""
        self.view = view
        self.frame = None

    def forget(self, view: LineView) -> None:
        """Show no more what was shown: less is known of the same line than before. Override where all of it need not be built anew."""
        self.open_line(view)

    def relaid(self, view: LineView, *, places: bool) -> None:
        """Take another layout of the same line; `places`: only where things stand is different. Override where that is seen."""
        if places:
            self.view = view
        else:
            self.open_line(view)

    def offer(self, frame: Frame) -> None:
        """Keep the newest frame and show it if anybody can see it. Not for overriding."""
        self.frame = frame
        if self.isVisible() and self.view is not None:
            began_ns = time.perf_counter_ns()
            self.show_frame(frame)
            self.shown.add(time.perf_counter_ns() - began_ns)

    def show_frame(self, frame: Frame) -> None:
        """Paint what `frame.changes` says has changed."""
        raise NotImplementedError

    def drawn(self) -> Tally | None:
        """Return what this panel works in a thread of its own, in the time of the clock on the wall; None: it has none."""
        return None

    def settled(self) -> bool:
        """Say whether nothing of the newest frame is still being worked on elsewhere."""
        return True

    def retranslate(self) -> None:
        """Word everything in the current language."""

    def save(self) -> dict[str, object]:
        """Return what is to be remembered of this panel's arrangement, JSON-able."""
        return {}

    def restore(self, saved: dict[str, object]) -> None:
        """Take back what `save` gave, ignoring what no longer makes sense."""

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Catch up on becoming visible."""
        super().showEvent(event)
        if self.frame is not None and self.view is not None:
            self.show_frame(_with_all(self.frame))


def _with_all(frame: Frame) -> Frame:
    """Return the frame as if everything in it were new."""
    return replace(frame, changes=ALL)
