"""What a link leads to: the moment, the unit, and the intervals or alarms that a figure is made of. Not for what a link says: see `twin_app.service.link`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from twin_app.errors import TwinError
from twin_app.service import moment
from twin_app.service.link import ALARMS, Link
from ui.inspector.proof_dialog import ProofDialog

if TYPE_CHECKING:
    from twin_app.model.frame import Frame
    from ui.context import Context
    from ui.main_window import MainWindow
    from ui.panels.alarms import AlarmsPanel

JOURNAL = "alarms"
"""The panel that has the journal."""


class Linked(QObject):
    """Follows links in the window that they are meant for."""

    def __init__(self, window: MainWindow, context: Context) -> None:
        """Follow links that are pasted, and let the proof of figures see frames."""
        super().__init__(window)
        self._window = window
        self.proof = ProofDialog(context, window)
        self._due = False
        context.selection.link_wanted.connect(self.follow)
        window.bridge.line_opened.connect(self._on_line_opened)
        window.bridge.relaid.connect(self._on_line_opened)
        window.bridge.frame_ready.connect(self._on_frame_ready)

    def shows(self, link: Link) -> bool:
        """Tell whether what a link names is what is open: the layout, and the files where it names some."""
        request, session = self._window.request, self._window.bridge.session
        if session is None or request is None:
            return False
        addresses, link = {health.source: health.address for health in session.health()}, self._here(link)
        alone = bool(link.sources) and not link.layout.exists()  # the recording was moved without its layout, and carries one
        if not alone and link.layout.absolute() != request.layout.absolute():
            return False
        return all(_same_file(addresses.get(source, ""), address) for source, address in link.sources.items())

    def _here(self, link: Link) -> Link:
        """Return a link with files that were moved taken from beside what is open."""
        request, session = self._window.request, self._window.bridge.session
        files = [health.address for health in session.health()] if session is not None else []
        return moment.beside(link, [str(request.layout), *files]) if request is not None else link

    def follow(self, link: Link) -> None:
        """Go where a link leads: within what is open, else by opening what it names."""
        window, link = self._window, self._here(link)
        if not self.shows(link):
            try:
                window.open_line(moment.linked(link, window.settings))
            except TwinError as error:
                window.notices.error(error)
            return
        window.bridge.pause()
        window.bridge.seek(link.at_ns)
        if window.view is not None and link.unit in {unit.id for unit in window.view.line.units}:
            window.selection.select(link.unit)
        self._show(link.figure, link.span, link.unit, link.at_ns)

    def begin(self) -> None:
        """Show what the link that opened the line asks for; before the panels are made that is put off until `fill`."""
        request = self._window.request
        self._due = bool(request and request.figure)
        self.fill()

    def fill(self) -> None:
        """Show what was put off."""
        request, panels = self._window.request, self._window.dock_area.panels
        if self._due and request is not None and (panels or any(window.dock_area.panels for window in self._window.screens.windows)):
            self._due = False
            self._window.request = replace(request, figure="", span=None)  # when it is opened anew that was seen
            self._show(request.figure, request.span, request.unit, request.begin_at_ns or 0)

    def retranslate(self) -> None:
        """Word the proof of figures in the current language."""
        self.proof.retranslate()

    def _show(self, figure: str, span: tuple[int, int] | None, unit: str, at_ns: int) -> None:
        """List what a figure is made of; without a window there is nothing to list."""
        view = self._window.view
        if not figure or span is None or view is None:
            return
        if figure == ALARMS:
            self._window.screens.reveal(JOURNAL)
            panel = self._window.screens.area_of(JOURNAL).panels.get(JOURNAL)
            if panel is not None:
                cast("AlarmsPanel", panel).open_journal(span)
            return
        named = next((one for one in view.line.units if one.id == unit), None)
        if named is not None:
            self.proof.show_figure(view, named, span, figure, at_ns)

    def _on_line_opened(self, *_: object) -> None:
        """What was listed was of another line, or of another layout of it."""
        self.proof.open_line()

    def _on_frame_ready(self, frame: Frame) -> None:
        """Let the proof grow with what is known."""
        self.proof.show_frame(frame)


def _same_file(one: str, other: str) -> bool:
    """Tell whether two addresses are the same file's."""
    return bool(one) and Path(one).absolute() == Path(other).absolute()
