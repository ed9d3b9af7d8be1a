"""What takes the keyboard in a window, how it shows that it has it, and what it says it is. For tests that go through one by Tab."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabBar, QWidget

AIR_PX = 3
"""Around a widget: a ring may stand there."""


def chain(top: QWidget) -> list[QWidget]:
    """Return what Tab goes to in a window, in its order; what is nowhere to be seen is left out."""
    found, at = list[QWidget](), top.nextInFocusChain()
    while at is not None and at is not top:
        takes = at.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
        if takes and at.isEnabled() and at.window() is top and at.focusProxy() is None and not at.visibleRegion().isEmpty():
            found.append(at)
        at = at.nextInFocusChain()
    return found


def called(widget: QWidget) -> str:
    """Return what a screen reader is told that a widget is; of a row of tabs each has its own words."""
    name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
    if isinstance(widget, QTabBar):
        name = name or widget.tabText(widget.currentIndex())
    labels = widget.window().findChildren(QLabel)
    return name or next((label.text() for label in labels if label.buddy() is widget), "")


def shows_focus(widget: QWidget) -> bool:
    """Tell whether the widget looks otherwise while it has the keyboard; nobody has it before."""
    if (before := QApplication.focusWidget()) is not None:
        before.clearFocus()
    bare = _looks(widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    return widget.hasFocus() and _looks(widget) != bare


def _looks(widget: QWidget) -> QImage:
    top = widget.window()
    place = widget.rect().translated(widget.mapTo(top, QPoint(0, 0))).adjusted(-AIR_PX, -AIR_PX, AIR_PX, AIR_PX)
    return top.grab(place & top.rect()).toImage()
