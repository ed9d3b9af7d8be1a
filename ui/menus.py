"""The menu bar, made from the command registry alone. Not for what commands do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from twin_app.text import N_, tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenuBar

    from ui.commands import Commands

MENUS = (
    (N_("File"), ()),
    (N_("Edit"), ()),
    (N_("Playback"), ()),
    (N_("Alarms"), ()),
    (N_("Orders"), ()),
    (N_("Marks"), ()),
    (N_("View"), (N_("Panels"), N_("Windows"), N_("Hall"), N_("Kept views"), N_("Arrangement"), N_("Theme"), N_("Language"))),
    (N_("Help"), ()),
)  # fmt: skip
"""Menus in their order, each with its submenus; a command names the one it stands in."""
SEPARATED = frozenset(
    {"edit.undo", "edit.choose_all", "file.settings", "file.quit", "view.reset", "view.fullscreen", "view.text.larger", "help.about"}
)
"""Commands with a line above them."""


def _with_letter(words: str, letter: str) -> str:
    """Return a title that Alt and a letter open, as desktops write it: the letter itself, or behind words that lack it."""
    at = words.upper().find(letter)
    return f"{words[:at]}&{words[at:]}" if at >= 0 else f"{words}(&{letter})"


def build_menus(bar: QMenuBar, commands: Commands) -> None:
    """Fill the menu bar anew with every command that names a menu, in the current language."""
    for before in bar.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
        before.deleteLater()
    bar.clear()
    menus: dict[str, QMenu] = {}
    for title, below in MENUS:
        menu = QMenu(_with_letter(tr(title), title[0]), bar)
        menu.setToolTipsVisible(True)  # they say who may do what is grey
        menus[title] = menu
        for sub in below:
            menus[sub] = menu.addMenu(tr(sub))
            menus[sub].setToolTipsVisible(True)
        bar.addMenu(menu)
    for command, action in commands:
        menu_of = menus.get(command.menu)
        if menu_of is None:
            continue
        if command.id in SEPARATED and menu_of.actions():
            menu_of.addSeparator()
        menu_of.addAction(action)
    for title, menu in menus.items():
        menu.menuAction().setVisible(bool(menu.actions()))
        menu.setObjectName(f"menu-{title}")
