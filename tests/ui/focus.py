"""What takes the keyboard in a window, how it shows that it has it, and what it says it is. For tests that go through one by Tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QGroupBox, QLabel, QScrollArea, QTabBar, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

AIR_PX = 3
"""Around a widget: a ring may stand there."""
SEEN = 3.0
"""Contrast that a sign needs to be seen (WCAG 2.2, 1.4.11 and 2.4.13), of what is drawn to what was there before."""


def takers(top: QWidget) -> list[QWidget]:
    """Return what Tab should come to in a window; what is nowhere to be seen is left out.

    Qt's own `nextInFocusChain` would tell the order, but PySide takes what it returns for its own: once it is destroyed, the program ends.
    """
    return [
        part for part in top.findChildren(QWidget)
        if part.focusPolicy().value & Qt.FocusPolicy.TabFocus.value and part.isEnabled() and part.focusProxy() is None
        and part.window() is top and not part.visibleRegion().isEmpty()
    ]  # fmt: skip


def tabbed(most: int = 400) -> list[QWidget]:
    """Press Tab until it comes round, and return what had the keyboard, in order; what keeps Tab for itself stands there twice, at the end."""
    met = list[QWidget]()
    while len(met) < most and (at := QApplication.focusWidget()) is not None:
        if at in met:
            return [*met, at] if at is met[-1] and len(met) > 1 else met
        met.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    return met


def called(widget: QWidget) -> str:
    """Return what a screen reader is told that a widget is; of a row of tabs each has its own words."""
    name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
    if isinstance(widget, QTabBar):
        name = name or widget.tabText(widget.currentIndex())
    labels = widget.window().findChildren(QLabel)
    return name or next((label.text() for label in labels if label.buddy() is widget), "")


def mnemonics(top: QWidget) -> Iterator[tuple[str, str]]:
    """Give the letters that Alt is held down for in a window, and the words they stand in."""
    for part in top.findChildren(QWidget):
        if not part.isVisible() or not (
            isinstance(part, QAbstractButton | QGroupBox) or (isinstance(part, QLabel) and part.buddy() is not None)
        ):
            continue
        words: str = part.title() if isinstance(part, QGroupBox) else part.text()
        at = words.replace("&&", "").find("&")
        if at >= 0:
            yield words.replace("&&", "")[at + 1].casefold(), words


def ring(widget: QWidget) -> float:
    """Return the contrast by which a widget with the keyboard differs from itself without, along a line as long as a side."""
    if (before := QApplication.focusWidget()) is not None:
        before.clearFocus()
    _bring_into_sight(widget)
    bare = _looks(widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    if not widget.hasFocus():
        return 0.0
    changes = np.sort(_contrast(bare, _looks(widget)), axis=None)
    return float(changes[-min(widget.width(), widget.height(), 40)])


def _bring_into_sight(widget: QWidget) -> None:
    """Scroll to what Tab would scroll to."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()


def _contrast(before: Any, after: Any) -> Any:
    lights = [picture @ np.array([0.2126, 0.7152, 0.0722]) + 0.05 for picture in (before, after)]
    return np.maximum(*lights) / np.minimum(*lights)


def _looks(widget: QWidget) -> Any:
    """Return a widget and the air around it as an array of light, linear, of 0 to 1: rows, columns, red green blue."""
    top = widget.window()
    place = widget.rect().translated(widget.mapTo(top, QPoint(0, 0))).adjusted(-AIR_PX, -AIR_PX, AIR_PX, AIR_PX)
    image = top.grab(place & top.rect()).toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    share = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def faults(top: QWidget, met: set[QWidget]) -> set[str]:
    """Return what takes the keyboard in a window and has no name, or does not show that it has it; what was met before is left out."""
    found = set[str]()
    for widget in takers(top):
        if widget not in met:
            met.add(widget)
            who = f"{type(widget).__name__} {widget.objectName()} of {type(widget.parent()).__name__} {called(widget)}"
            found |= set() if called(widget) else {f"nameless: {who}"}
            found |= set() if (contrast := ring(widget)) >= SEEN else {f"{contrast:.1f}:1 is how it shows: {who}"}
    return found
