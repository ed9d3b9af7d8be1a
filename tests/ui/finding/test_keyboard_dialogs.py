"""Every dialog by keys alone: where the keyboard is at first, where Tab goes, whether that is seen, and how one gets out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QPushButton, QWidget
from typing_extensions import override

from tests.ui.finding.test_every_dialog import Walk, commands, others, walk
from tests.ui.focus import SEEN, called, mnemonics, ring, tabbed, takers
from ui.docks import DOCKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow

__all__ = ["walk"]
DESTROYS = ("delete", "remove", "erase", "take back", "end the")


@dataclass
class Keys(Walk):
    """Goes through what is shown by keys; `cut` is not looked for here."""

    how: str = ""

    @override
    def look(self, part: QWidget, name: str = "") -> None:
        """Go through a dialog, and out of it."""
        if isinstance(part, QMenu):
            return
        behind = QApplication.activeWindow()
        before = behind.focusWidget() if behind is not None else None
        name = f"{name or type(part).__name__}, {self.how}"
        self.seen.add(type(part).__name__)
        part.activateWindow()
        for _ in range(200):
            QApplication.processEvents()
            if part.isActiveWindow():
                break
        self.cut |= {f"{name}: {wrong}" for wrong in (*_entered(part), *_tabbed(part), *_seen(part), *_left(part))}
        if behind is not None:
            behind.activateWindow()
            self.cut |= set() if behind.focusWidget() is before else {f"{name} leaves the keyboard at {_who(behind.focusWidget())}"}


def _who(widget: QWidget | None) -> str:
    return f"{type(widget).__name__} {called(widget)!r} of {type(widget.parent()).__name__}" if widget is not None else "nothing"


def _entered(part: QWidget) -> Iterator[str]:
    """Something has the keyboard, and nothing that cannot be undone is a key press away."""
    first = QApplication.focusWidget()
    if takers(part) and (first is None or first.window() is not part):
        yield f"begins at {_who(first)}"
    if isinstance(first, QPushButton) and len(takers(part)) > 1 and not first.isDefault():
        yield f"begins at the button {first.text()}"
    for button in part.findChildren(QPushButton):
        if button.isDefault() and button.text().casefold().startswith(DESTROYS):
            yield f"Enter does {button.text()}"
    letters = [letter for letter, _ in mnemonics(part)]
    if len(letters) != len(set(letters)):
        yield f"a letter twice: {sorted(mnemonics(part))}"


def _tabbed(part: QWidget) -> Iterator[str]:
    """Tab comes by everything, line by line, and goes back but once."""
    wanted, met = takers(part), tabbed()
    yield from (f"Tab never comes to {_who(widget)}" for widget in wanted if widget not in met)
    if len(met) > 1 and met[-1] is met[-2]:
        yield f"Tab stays in {_who(met[-1])}"
    round_again = [*met, *met[:1]]
    back = [f"Tab goes back from {_who(one)} to {_who(other)}" for one, other in pairwise(round_again) if _is_back(part, one, other)]
    yield from back if len(back) > 1 else ()


def _is_back(part: QWidget, one: QWidget, other: QWidget) -> bool:
    """Tell whether a widget stands above another and not right of it, or left of it in the same line."""
    a, b = (widget.mapTo(part, QPoint(0, 0)) for widget in (one, other))
    same_line = b.y() < a.y() + one.height() and a.y() < b.y() + other.height()
    return (b.x() < a.x()) if same_line else (b.x() <= a.x() and b.y() < a.y())


def _seen(part: QWidget) -> Iterator[str]:
    for widget in takers(part):
        if not called(widget):
            yield f"nameless: {_who(widget)}"
        if (contrast := ring(widget)) < SEEN:
            yield f"{contrast:.1f}:1 is how {_who(widget)} shows it has the keyboard"


def _left(part: QWidget) -> Iterator[str]:
    if (first := next(iter(takers(part)), None)) is not None:
        first.setFocus()
    QTest.keyClick(QApplication.focusWidget() or part, Qt.Key.Key_Escape)
    if part.isVisible():
        yield "Escape does not close it"


@pytest.fixture
def keys(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> Keys:
    found = Keys()

    def asked(dialog: QDialog) -> int:
        dialog.show()
        found.look(dialog)
        dialog.close()
        return 0

    monkeypatch.setattr(QDialog, "exec", asked)
    monkeypatch.setattr(QMessageBox, "exec", asked)
    assert walk.seen == set()
    return found


def test_that_every_dialog_can_be_used_by_keys_alone(
    open_window: Callable[..., MainWindow], keys: Keys, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(tuple(spec for spec in DOCKS if spec.key in {"timeline", "orders", "stops", "inspector"}))
    table = tmp_path / "table.csv"
    table.write_text("time;A\n2026-01-01 10:00:00;1\n", encoding="utf-8")
    for theme, language in (("light", "en"), ("dark", "zh_CN")):
        window.commands.run(f"view.language.{language}")
        window.commands.run(f"view.theme.{theme}")
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        keys.how = theme
        commands(window, keys)
        others(window, keys, table)
    assert keys.cut == set()
    assert len(keys.seen) > 15
