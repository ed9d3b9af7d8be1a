"""Every dialog and menu of the window, in both languages: nothing of the other language in it, and no word cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)

from tests.service.test_finding import START
from twin_app.model.entry import Entry, EntryKind
from twin_app.model.historian import Span
from twin_app.text import LANGUAGES, _catalogue, tr
from ui.alarms.dialogs import ReasonDialog
from ui.docks import DOCKS
from ui.editing.new_dialog import NewDialog
from ui.finding.compare_dialog import CompareDialog
from ui.importing.dialog import ImportDialog
from ui.inspector.proof_dialog import ProofDialog
from ui.orders.dialog import EntryDialog
from ui.reason_dialog import ReasonChoice
from ui.sign_on import SignOnDialog
from ui.timeline.span_table import SpanTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow
    from ui.panels.orders import OrdersPanel

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Walk:
    """What was seen of dialogs and menus, and what is wrong with it."""

    seen: set[str] = field(default_factory=set)
    words: dict[str, set[str]] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)

    def look(self, part: QWidget, name: str = "") -> None:
        """Look at one that is shown."""
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        name = name or type(part).__name__
        self.seen.add(type(part).__name__)
        for widget in (part, *part.findChildren(QWidget)):
            for said in _said(widget):
                self.words.setdefault(said, set()).add(name)
            if widget.isVisible() and (said := _cut(widget)):
                self.cut.add(f"{name}: {said}")


def _said(widget: QWidget) -> Iterator[str]:
    """Give all that a widget writes or tells a screen reader; what a person types, or a table holds, is data."""
    names = ["title", "windowTitle", "placeholderText", "toolTip", "accessibleName", "accessibleDescription", "suffix"]
    names += [] if isinstance(widget, QLineEdit) else ["text"]
    yield from (str(getattr(widget, name)()) for name in names if callable(getattr(widget, name, None)))
    yield from (action.text() for action in widget.actions())
    if isinstance(widget, QTabBar):
        yield from (widget.tabText(tab) for tab in range(widget.count()))
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(row) for row in range(widget.count()))
    if isinstance(widget, QTableView | QTreeView) and (model := widget.model()) is not None:
        yield from (str(model.headerData(column, Qt.Orientation.Horizontal)) for column in range(model.columnCount(QModelIndex())))


def _cut(widget: QWidget) -> str:
    """Return what a widget cannot write whole, empty where it can."""
    if isinstance(widget, QAbstractButton) and widget.text():
        wanted = widget.sizeHint()
        return widget.text() if widget.width() < wanted.width() or widget.height() < wanted.height() - 1 else ""
    if isinstance(widget, QLabel) and type(widget) is QLabel and widget.text():
        high = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
        wide = 0 if widget.wordWrap() else widget.sizeHint().width()
        return widget.text() if widget.width() < wide or widget.height() < high else ""
    if isinstance(widget, QComboBox) and not widget.isEditable():
        return widget.currentText() if widget.width() < widget.minimumSizeHint().width() else ""
    return ""


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Whoever asks is looked at and told no."""
    found = Walk()

    def asked(dialog: QDialog) -> int:
        dialog.show()
        QApplication.processEvents()
        found.look(dialog)
        dialog.close()
        return 0

    monkeypatch.setattr(QDialog, "exec", asked)
    monkeypatch.setattr(QMessageBox, "exec", asked)
    monkeypatch.setattr(QMessageBox, "about", lambda *_: None)
    for name, nothing in (
        ("getOpenFileName", ("", "")),
        ("getSaveFileName", ("", "")),
        ("getOpenFileNames", ([], "")),
        ("getExistingDirectory", ""),
    ):
        monkeypatch.setattr(QFileDialog, name, staticmethod(lambda *_, said=nothing: said))
    return found


@pytest.fixture
def window(walk: Walk, open_window: Callable[..., MainWindow]) -> MainWindow:
    """The panels that open dialogs, over a recording."""
    return open_window(tuple(spec for spec in DOCKS if spec.key in {"timeline", "orders", "stops", "inspector"}))


def commands(window: MainWindow, walk: Walk) -> None:
    """Run every command that asks for something; look at what stays open beside the window, too."""
    for command, action in window.commands:
        if command.id == "orders.enter" or not (action.text().endswith("…") or command.id in {"help.shortcuts", "time.span"}):
            continue
        window.commands.run(command.id)
        QApplication.processEvents()
        for shown in QApplication.topLevelWidgets():
            if isinstance(shown, QDialog) and shown.isVisible():
                walk.look(shown)
                shown.close()


def others(window: MainWindow, walk: Walk, table: Path) -> None:
    """Look at those that only something chosen opens."""
    assert window.view is not None
    line, panel = window.view.line, cast("OrdersPanel", window.dock_area.panels["orders"])
    made: list[QDialog] = [
        EntryDialog(line, Entry(id="", kind=kind, start_ns=START, known_ns=0), Span(START, START + 10**12), panel, fresh=fresh)
        for kind in EntryKind if kind is not EntryKind.REASON
        for fresh in (True, False)
    ]  # fmt: skip
    made += [ReasonDialog(tr("Shelve"), ["Filler"], window, needed=needed, most_s=3600.0) for needed in (True, False)]
    made += [ReasonChoice("Filler", line.reason_tree, "", "", window), SignOnDialog(window.station, window), NewDialog(window)]
    made += [ImportDialog(line, table, window.theme, window), CompareDialog(window.finding._context, line, window)]
    made += window.findChildren(ProofDialog) + window.findChildren(SpanTable)
    for dialog in made:
        dialog.exec()
    walk.look(panel.deeds.menu(), "menu of entries")


def menus(window: MainWindow, walk: Walk) -> None:
    """Look at the window's menus, those of another language that wait to be deleted left out."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for menu in window.top_bar.menu_bar.findChildren(QMenu):
        walk.look(menu)


def test_that_every_dialog_and_menu_speaks_one_language_and_cuts_no_word(window: MainWindow, walk: Walk, tmp_path: Path) -> None:
    """`Filler` is a machine of this line, `End` a key."""
    table = tmp_path / "table.csv"
    table.write_text("time;A\n2026-01-01 10:00:00;1\n", encoding="utf-8")
    english = {words for words, chinese in _catalogue("zh_CN").items() if words != chinese} - {"Filler", "End"}
    for language in ("zh_CN", "en"):
        window.commands.run(f"view.language.{language}")
        walk.words.clear()
        for look in (commands, partial(others, table=table), menus):
            look(window, walk)
        chinese = {said for said in walk.words if re.search("[\u4e00-\u9fff]", said)}
        mistaken = walk.words.keys() & english if language == "zh_CN" else chinese - {LANGUAGES["zh_CN"]}
        assert {said: walk.words[said] for said in mistaken} == {}
        raw = {said for said in walk.words if re.fullmatch("[a-z]+[.][a-z_]+", said)}
        assert raw == set(), "names of the program's own"
    assert walk.cut == set()
    made = {
        name
        for path in (ROOT / "ui").rglob("*.py")
        for name in re.findall(r"^class (\w+)\((?:Q|File)Dialog\)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert made - walk.seen - {"FileDialog"} == set(), "a base of others"


def test_that_a_word_that_is_cut_is_noticed(qtbot: QtBot) -> None:
    """The walk above finds nothing; it can."""
    dialog = QDialog()
    qtbot.addWidget(dialog)
    for n, part in enumerate((QPushButton("A long sentence", dialog), QLabel("A long sentence", dialog))):
        part.setGeometry(0, 30 * n, 40, 25)
    dialog.show()
    walk = Walk()
    walk.look(dialog)
    assert walk.cut == {"QDialog: A long sentence"}
    assert walk.words == {"A long sentence": {"QDialog"}, "": {"QDialog"}}
