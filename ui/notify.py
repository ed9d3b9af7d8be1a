"""Banners across the window: troubles that last until they are over, errors that last until they were read. Each is logged once.

What happened stands first and bold; behind it what the program did and what a person can do. Never a traceback.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from twin_app.errors import TwinError
from twin_app.text import tr
from ui.theme import set_role

if TYPE_CHECKING:
    from ui.context import Theme

LOG = logging.getLogger(__name__)
BAR_PX = 6
AT_MOST = 4
"""So many banners at once; older ones wait behind, in the log and in the panel Sources."""
SHARE = 0.2
"""Of the window's height, for all banners but the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One banner. The same `key` again replaces it."""

    key: str
    what: str
    rest: str = ""
    trouble: bool = True
    """Painted in the first alarm colour; else it is a mere remark."""
    closable: bool = True


class Notices(QWidget):
    """The stack of banners below the top bar; takes no room while there is none."""

    closed = Signal(str)
    """A person closed a banner: its key."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        """Start without banners."""
        super().__init__(parent)
        self._theme = theme
        self._banners: dict[str, _Banner] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._more = QLabel(self)
        self._more.setContentsMargins(BAR_PX + 8, 2, 8, 2)
        set_role(self._more, "small")
        self._layout.addWidget(self._more)
        theme.changed.connect(self._on_theme_changed)
        self.hide()

    def put(self, notice: Notice) -> None:
        """Show a banner or change the one of the same key; the first time it is logged."""
        banner = self._banners.get(notice.key)
        if banner is None:
            LOG.log(logging.WARNING if notice.trouble else logging.INFO, "%s %s", notice.what, notice.rest)
            banner = _Banner(notice.key, self)
            banner.closed.connect(self._on_banner_closed)
            self._banners[notice.key] = banner
            self._layout.insertWidget(0, banner)
        banner.show_notice(notice, self._color(notice))
        self._show_first()

    def error(self, error: TwinError | str) -> None:
        """Show what went wrong, worded, until a person closes it."""
        what = tr(error.what, **error.arguments) if isinstance(error, TwinError) else error
        rest = error.worded().removeprefix(what).strip() if isinstance(error, TwinError) else ""
        self.put(Notice(key=f"error:{what}", what=what, rest=rest))

    def say(self, what: str, rest: str = "") -> None:
        """Show a remark that is no trouble."""
        self.put(Notice(key=f"say:{what}", what=what, rest=rest, trouble=False))

    def drop(self, key: str) -> None:
        """Take a banner away: its trouble is over."""
        if banner := self._banners.pop(key, None):
            self._layout.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
            self._show_first()

    def keep_only(self, prefix: str, keys: set[str]) -> None:
        """Take away every banner of a kind (`source:`) that is not named."""
        for key in [k for k in self._banners if k.startswith(prefix) and k not in keys]:
            self.drop(key)

    def texts(self) -> list[str]:
        """Return what stands in the banners, the oldest first."""
        return [banner.text for banner in self._banners.values()]

    def _show_first(self) -> None:
        """Show as many banners as there is room for, the newest above, and how many wait behind them; or nothing at all."""
        window, used, behind = self.window(), 0, 0
        for number, banner in enumerate(reversed(self._banners.values())):
            used += banner.sizeHint().height()
            shown = number == 0 or (number < AT_MOST and not behind and used <= window.height() * SHARE)
            banner.setVisible(shown)
            behind += not shown
        self._more.setText(tr("+{n} more", n=behind))
        self._more.setVisible(bool(behind))
        self.setVisible(bool(self._banners))

    def _color(self, notice: Notice) -> str:
        """Return the colour of a banner's bar."""
        palette = self._theme.palette
        return palette.priority[0] if notice.trouble else palette.selection

    def _on_banner_closed(self, key: str) -> None:
        """A person has read it."""
        self.drop(key)
        self.closed.emit(key)

    def _on_theme_changed(self) -> None:
        """Take the new theme's colours."""
        for banner in self._banners.values():
            if banner.notice:
                banner.show_notice(banner.notice, self._color(banner.notice))


class _Banner(QFrame):
    """One banner."""

    closed = Signal(str)

    def __init__(self, key: str, parent: QWidget) -> None:
        """Start blank."""
        super().__init__(parent)
        self.setObjectName("notice")
        self.notice: Notice | None = None
        self._key = key
        self._bar = QFrame(self)
        self._bar.setFixedWidth(BAR_PX)
        self._what, self._rest = QLabel(self), QLabel(self)
        for label in (self._what, self._rest):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self._what, "heading")
        self._rest.setWordWrap(True)
        self._rest.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = QToolButton(self)
        self._close.setText("✕")
        self._close.setAccessibleName(tr("Close"))
        self._close.clicked.connect(self._on_close_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(12)
        layout.addWidget(self._bar)
        layout.addWidget(self._what, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._rest, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(40)

    @property
    def text(self) -> str:
        """What is shown."""
        return f"{self._what.text()} {self._rest.text()}".strip()

    def show_notice(self, notice: Notice, color: str) -> None:
        """Show a notice; unchanged parts are left alone."""
        self.notice = notice
        self._bar.setStyleSheet(f"background: {color};")
        if self._what.text() != notice.what:
            self._what.setText(notice.what)
        if self._rest.text() != notice.rest:
            self._rest.setText(notice.rest)
        self._rest.setVisible(bool(notice.rest))
        self._close.setVisible(notice.closable)

    def _on_close_clicked(self) -> None:
        """Tell that it was read."""
        self.closed.emit(self._key)
