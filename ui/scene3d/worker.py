"""The render thread: always draws the newest request, never an old one, and rests when there is none. No widgets."""

from __future__ import annotations

import atexit
import logging
import os
import sys
from threading import Condition, Thread, get_native_id
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from twin_app.errors import GraphicsError
from twin_app.text import N_, tr
from ui.effort import Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.scene3d.renderer import SceneRenderer
    from ui.scene3d.request import Picture, Request

_log = logging.getLogger(__name__)

_SHORTEST_FRAME_S = 1 / 30
# Drawing in software takes every core it gets: no more than 15 pictures a second, and no more than three tenths of the time, but
# while a person moves the eye. A hall that stands still for longer than the longest rest looks broken, however dear a picture is.
_SHORTEST_SOFTWARE_FRAME_S = 1 / 15
_SOFTWARE_BUDGET = 0.3
_LONGEST_REST_S = 0.35
_LONGEST_STOP_S = 10.0
_NICE = 2


class RenderWorker(QObject):
    """Draws requests in a thread of its own; on macOS, whose windows insist on the main thread, in the event loop.

    Signals:
        picture_finished: a picture waits in `take`; comes once a picture, from the render thread.
        failed: there is no OpenGL; the sentence to show.
        hungry: software has drawn and rested, and nothing waits to be drawn next.
    """

    picture_finished = Signal()
    failed = Signal(str)
    hungry = Signal()
    _outdated = Signal()

    def __init__(self, parent: QObject | None = None, *, inline: bool = sys.platform == "darwin") -> None:
        """Prepare; nothing is loaded until the first request."""
        super().__init__(parent)
        self._inline = inline
        self._changed = Condition()
        self._wanted: Request | None = None
        self._last: Request | None = None
        self._picture: Picture | None = None
        self._renderer: SceneRenderer | None = None
        self._thread: Thread | None = None
        self._stopped = False
        self._sated = False
        self.period_s = 0.0
        """From the beginning of the last picture until the next could begin."""
        self.drawn = Tally()
        """The pictures, and the time on the wall that they took."""
        self._outdated.connect(self._on_outdated, Qt.ConnectionType.QueuedConnection)

    def submit(self, request: Request) -> None:
        """Ask for a picture; a request not yet begun is forgotten for it."""
        with self._changed:
            if self._stopped:
                return
            first = self._wanted is None
            self._wanted = request
            self._changed.notify_all()
        if self._inline:
            if first:
                QTimer.singleShot(0, self, self._draw_inline)
        elif self._thread is None:
            self._thread = Thread(target=self._run, name="scene3d", daemon=True)
            self._thread.start()
            # A thread still drawing while the interpreter ends would crash it.
            atexit.register(self.stop)

    def sated(self) -> bool:
        """Tell whether software draws, or rests after it: what was asked for now would wait until `hungry` comes."""
        return self._sated

    def _again(self) -> None:
        """Draw the last request once more: a model came that it lacked. May be called from any thread."""
        if self._inline:
            self._outdated.emit()
            return
        with self._changed:
            self._wanted = self._wanted or self._last
            self._changed.notify_all()

    def _on_outdated(self) -> None:
        if self._last is not None:
            self.submit(self._last)

    def take(self) -> Picture | None:
        """Return the newest picture not yet taken."""
        with self._changed:
            picture, self._picture = self._picture, None
        return picture

    def stop(self) -> None:
        """End the thread and give OpenGL back; waits for the picture being drawn."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        atexit.unregister(self.stop)
        if self._thread is not None:
            self._thread.join(_LONGEST_STOP_S)
        elif self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def _run(self) -> None:
        if sys.platform == "linux":
            # The threads that draw in software inherit this: the window and the recorder go before the picture.
            os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICE)
        while (request := self._next()) is not None:
            start = perf_counter()
            self._sated = self._software()
            if not self._draw(request):
                break
            took_s = perf_counter() - start
            self.drawn.add(round(took_s * 1e9))
            self._rest(request, took_s)
            self.period_s = perf_counter() - start
            self._be_hungry()
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def _next(self) -> Request | None:
        """Wait for a request; None means stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._wanted is not None)
            request, self._wanted = self._wanted, None
            return None if self._stopped else request

    def _rest(self, request: Request, took_s: float) -> None:
        """Wait until the next picture may begin; at once while a person moves the eye."""
        rest = rest_after(took_s, software=self._software() and (request.leisure or not request.draft))
        if rest > 0:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped, rest)

    def _software(self) -> bool:
        """Tell whether a processor draws, as far as is known yet."""
        from ui.scene3d.request import low_profile

        return self._renderer is not None and low_profile(self._renderer.graphics)

    def _be_hungry(self) -> None:
        """Say that what is asked for now is drawn at once."""
        self._sated = False
        with self._changed:
            nothing = self._wanted is None and not self._stopped
        if nothing:
            self.hungry.emit()

    def _draw_inline(self) -> None:
        request, self._wanted = self._wanted, None
        if request is not None and not self._stopped and not self._draw(request):
            self._stopped = True

    def _draw(self, request: Request) -> bool:
        """Draw and hand over; False when there is nothing to draw with."""
        try:
            if self._renderer is None:
                self._renderer = _open(self._again)
            self._last = request
            picture = self._renderer.render(request)
        except GraphicsError as error:
            _log.info("3D view off: %s", error.what)
            self.failed.emit(error.worded())
            return False
        except Exception:  # noqa: BLE001 - the border of a thread
            # Whatever went wrong while drawing, the rest of the program runs on and the person is told.
            _log.exception("drawing the 3D view failed")
            self.failed.emit(tr("The 3D view stopped after an internal error; everything else works. The log holds the details."))
            return False
        with self._changed:
            self._picture = picture
            stopped = self._stopped
        if not stopped:
            self.picture_finished.emit()
        return True


def rest_after(took_s: float, *, software: bool) -> float:
    """Return how long to rest after a picture, seconds; `software`: by the budget of a processor that draws for nobody's hand."""
    if not software:
        return _SHORTEST_FRAME_S - took_s
    return max(_SHORTEST_SOFTWARE_FRAME_S - took_s, min(took_s * (1 / _SOFTWARE_BUDGET - 1), _LONGEST_REST_S))


def _open(changed: Callable[[], None]) -> SceneRenderer:
    """Return a renderer; VTK is imported here, in the thread that uses it, after the window is on the screen.

    `changed` is called when the same request would give another picture.

    Raises:
        GraphicsError: VTK cannot be loaded or finds no OpenGL.
    """
    try:
        from ui.scene3d.renderer import SceneRenderer as Renderer
    except ImportError as error:
        raise GraphicsError(
            N_("The 3D view cannot start: {reason}. Everything else works."),
            tip=N_("Install the libraries named in the README under 3D view."),
            reason=str(error),
        ) from error
    return Renderer(changed)
