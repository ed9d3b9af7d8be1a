"""The window of several lines: tiles, one line at a time, or one after the other for a wall. Not for operating any of them."""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QMainWindow, QStackedWidget, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from twin_app.text import tr
from ui import theme as look
from ui.context import Theme
from ui.language import use_language
from ui.overview.page import LinePage, Watched
from ui.overview.tile import LineTile
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QCloseEvent

    from twin_app.settings import Settings
    from ui.opening import Opener, OpenRequest

ROTATE_S = 20.0
REST_S = 60.0
"""So long a person's choice stands before the lines take turns again."""
OPEN_EVERY_MS = 50
"""Lines are opened one after the other, so that the window answers meanwhile."""


class OverviewWindow(QMainWindow):
    """Tiles of all lines; 1 to 9 or a click shows one, Esc all, R lets them take turns, F11 fills the screen, Esc leaves that, too.

    Signals:
        operated(object): a person wants to operate the line of an OpenRequest.
        closed(): it is gone.
    """

    operated = Signal(object)
    closed = Signal()

    def __init__(
        self,
        requests: Sequence[OpenRequest],
        settings: Settings,
        opener: Opener,
        *,
        rotate_s: float | None = None,
        theme: Theme | None = None,
    ) -> None:
        """Build tiles and pages; `theme` None: the look is this window's own to apply."""
        super().__init__()
        self._settings = settings
        self.theme = theme or Theme(self)
        if theme is None:
            self._dress()
        self.watched = [Watched(request, opener, self) for request in requests]
        self.tiles = [LineTile(i, self.theme, self) for i, _ in enumerate(self.watched, 1)]
        self.pages = [LinePage(i, watched, settings, self.theme, self) for i, watched in enumerate(self.watched, 1)]
        self.stack = QStackedWidget(self)
        self._before = self.geometry()
        """Where it stood before it filled the screen."""
        self.turning = QTimer(self)
        self.turning.setInterval(round((rotate_s or ROTATE_S) * 1000))
        self.turning.timeout.connect(self.turn)
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(round(REST_S * 1000))
        self._resting.timeout.connect(self.turning.start)
        self._lay_out()
        self._add_keys()
        self.retranslate()
        self._still_closed = list(self.watched)
        QTimer.singleShot(0, self, self._open_next)
        if rotate_s is not None:
            self._set_turning(on=True)

    def _lay_out(self) -> None:
        """Put everything in its place."""
        grid = QWidget(self)
        rows = QGridLayout(grid)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(8)
        columns = max(ceil(sqrt(len(self.tiles))), 1)
        for i, (tile, watched) in enumerate(zip(self.tiles, self.watched, strict=True)):
            rows.addWidget(tile, i // columns, i % columns)
            tile.show_glance(watched.glance)
            watched.seen.connect(tile.show_glance)
            tile.chosen.connect(lambda i=i: self.choose(i))
        self.stack.addWidget(grid)
        for page in self.pages:
            self.stack.addWidget(page)
        self.name = QLabel(self)
        set_role(self.name, "bold")
        self.all_button, self.turn_button, self.operate_button = (QToolButton(self) for _ in range(3))
        for button in (self.all_button, self.turn_button, self.operate_button):
            button.setProperty("framed", "true")
        self.turn_button.setCheckable(True)
        self.all_button.clicked.connect(lambda: self.choose(None))
        self.turn_button.toggled.connect(lambda on: self._set_turning(on=on))
        self.operate_button.clicked.connect(self._on_operate)
        self.bar = QWidget(self)
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self.name)
        row.addStretch()
        for button in (self.operate_button, self.all_button, self.turn_button):
            row.addWidget(button)
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.stack, 1)
        self.setCentralWidget(whole)
        self.stack.currentChanged.connect(self._on_shown)

    def _add_keys(self) -> None:
        """Let keys do what buttons do."""
        keys: list[tuple[str, object]] = [
            ("Esc", self._leave), ("R", self.turn_button.toggle), ("F11", self.toggle_full_screen),
            ("Right", lambda: self._step(1)), ("Left", lambda: self._step(-1)),
        ]  # fmt: skip
        keys += [(str(i), lambda *_, i=i: self.choose(i - 1)) for i in range(1, min(len(self.tiles), 9) + 1)]
        for key, run in keys:
            action = QAction(self)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(run)
            self.addAction(action)

    def retranslate(self) -> None:
        """Word everything in the current language."""
        self.setWindowTitle(tr("Line overview"))
        self.name.setText(tr("Line overview"))
        self.all_button.setText(tr("All lines"))
        self.all_button.setToolTip(QKeySequence("Esc").toString(QKeySequence.SequenceFormat.NativeText))
        self.turn_button.setText(tr("Take turns"))
        self.turn_button.setToolTip(tr("One line after the other, for a screen on the wall (R)"))
        self.operate_button.setText(tr("Operate this line"))
        for page in self.pages:
            page.retranslate()
        for watched in self.watched:
            watched.show_again()
        self._on_shown()

    # -- which line ---------------------------------------------------------------------------------------------

    def choose(self, line: int | None) -> None:
        """Show a line by its number from 0, None all of them; it stays for a while before the lines take turns again."""
        self.stack.setCurrentIndex(0 if line is None else line + 1)
        if self.turn_button.isChecked():
            self.turning.stop()
            self._resting.start()

    def turn(self) -> None:
        """Show what comes next: the tiles, then each line, then the tiles again."""
        self.stack.setCurrentIndex((self.stack.currentIndex() + 1) % self.stack.count())

    def _step(self, by: int) -> None:
        """Show the next or the last one, as if a person had chosen it."""
        index = (self.stack.currentIndex() + by) % self.stack.count()
        self.choose(index - 1 if index else None)

    def _set_turning(self, *, on: bool) -> None:
        """Take turns from now on, or no longer."""
        self._resting.stop()
        self.turn_button.setChecked(on)
        if on:
            self.turning.start()
        else:
            self.turning.stop()

    def _leave(self) -> None:
        """Go back to all lines, and from there from the full screen."""
        if self.stack.currentIndex() == 0 and self.isFullScreen():
            self.toggle_full_screen()
        self.choose(None)

    def toggle_full_screen(self) -> None:
        """Fill the wall, without the bar; or come back."""
        if self.isFullScreen():
            self.showNormal()
            self.setGeometry(self._before)
        else:
            self._before = self.geometry()
            self.setGeometry(self.screen().geometry())  # where no window manager does it, as on a wall that shows nothing else
            self.showFullScreen()
        self.bar.setVisible(not self.isFullScreen())

    def _on_shown(self, *_: object) -> None:
        """A page says whose it is; nothing in it is chosen."""
        index = self.stack.currentIndex()
        if index:
            self.pages[index - 1].setFocus()  # not the first card, which would look chosen
        self.operate_button.setVisible(index > 0)

    def _on_operate(self) -> None:
        """Open the shown line in the window that operates it."""
        self.operated.emit(self.watched[self.stack.currentIndex() - 1].request)

    # -- opening and closing ------------------------------------------------------------------------------------

    def _open_next(self) -> None:
        """Open the lines, one after the other."""
        if self._still_closed:
            self._still_closed.pop(0).open()
            QTimer.singleShot(OPEN_EVERY_MS, self, self._open_next)

    def _dress(self) -> None:
        """Dress the application in the chosen theme and language."""
        app = cast("QApplication", QApplication.instance())
        use_language(self._settings.look.language)
        palette = look.chosen_palette(self._settings.look.theme, self._settings.look.palette)
        look.apply(app, palette, system_points=app.font().pointSizeF(), text_scale=self._settings.look.text_scale)
        self.theme.use(palette)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._still_closed = []
        for watched in self.watched:
            watched.close()
        event.accept()
        self.closed.emit()
