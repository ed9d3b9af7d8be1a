"""F6 and Shift+F6: from panel to panel, each time to where the keyboard was in it. Not for Tab, which goes on within one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDockWidget

    from ui.docks import DockArea


def step(area: DockArea, by: int) -> None:
    """Give the keyboard to the panel after or before the one that has it, in the order in which they are read; else to the first or last."""
    docks = sorted((dock for key, dock in area.docks.items() if key in area.panels and not dock.isHidden()), key=partial(_place, area))
    if not docks:
        return
    here = next((n for n, dock in enumerate(docks) if _holds(dock)), -1 if by > 0 else 0)
    dock = docks[(here + by) % len(docks)]
    dock.show()
    dock.raise_()
    if dock.isFloating():
        dock.activateWindow()
    if (part := _entry(dock)) is not None:
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _place(area: DockArea, dock: QDockWidget) -> tuple[bool, int, int]:
    """Return what sorts docks as they are read: row by row; one behind another stands where that does, those that float come last."""
    front = next((one for one in (dock, *area.tabifiedDockWidgets(dock)) if not one.visibleRegion().isEmpty()), dock)
    return dock.isFloating(), front.y(), front.x()


def _holds(dock: QDockWidget) -> bool:
    """Tell whether the keyboard is in a dock."""
    return any(part.hasFocus() for part in dock.findChildren(QWidget))


def _entry(dock: QDockWidget) -> QWidget | None:
    """Return what takes the keyboard in a panel: what had it last, else its list, else the first that does."""
    takers = [part for part in dock.widget().findChildren(QWidget) if _takes(part)]
    last = dock.focusWidget()
    if last in takers:
        return last
    lists = [part for part in takers if isinstance(part, QAbstractItemView)]
    return next(iter([*lists, *takers]), None)


def _takes(part: QWidget) -> bool:
    return part.focusPolicy() is not Qt.FocusPolicy.NoFocus and part.isEnabled() and part.isVisible()
