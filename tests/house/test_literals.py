"""No sentence of the window reaches a person past the catalogue, and no error carries one that the catalogue does not know."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOWN_BY = frozenset({
    "setText", "setWindowTitle", "setToolTip", "setPlaceholderText", "setTitle", "setStatusTip", "setWhatsThis", "setAccessibleName",
    "setAccessibleDescription", "addAction", "addMenu", "addItem", "addItems", "addTab", "setTabText", "setHeaderLabels", "setSuffix", "setPrefix",
    "drawText", "setLabelText", "setInformativeText", "addButton", "addRow", "show_text", "show_title", "say", "error",
    "QLabel", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "QMenu", "QDockWidget",
    "set_heads", "setHeaderLabel", "setHorizontalHeaderLabels", "setLabel", "setPlainText", "setHtml", "showMessage", "addSection", "TextItem",
    "getOpenFileName", "getSaveFileName", "getExistingDirectory", "about", "warning", "critical", "information", "question",
})  # fmt: skip
"""Calls whose texts a person reads."""
SENTENCE = re.compile(r"[A-Za-z]{2,}")
FILES = sorted((ROOT / "ui").rglob("*.py"))
TWIN = sorted((ROOT / "twin_app").rglob("*.py"))
ERRORS = {node.name for node in ast.walk(ast.parse((ROOT / "twin_app" / "errors.py").read_text("utf-8"))) if isinstance(node, ast.ClassDef)}
FOR_THE_LOG = frozenset({"LOG", "LOGGER", "log", "logger", "logging"})


def bare_sentences(source: str) -> list[str]:
    """Return every literal with a word in it that is handed to something a person reads without `tr`."""
    return [found for call in ast.walk(ast.parse(source)) if isinstance(call, ast.Call) and _shows(call.func) for found in _literals(call)]


def _shows(function: ast.expr) -> bool:
    """Tell whether a call shows its texts."""
    if isinstance(function, ast.Attribute):
        logs = isinstance(function.value, ast.Name) and function.value.id in FOR_THE_LOG
        return function.attr in SHOWN_BY and not logs
    return isinstance(function, ast.Name) and function.id in SHOWN_BY


def _literals(call: ast.Call) -> list[str]:
    """Return the literal words among a call's arguments, in choices and formatted texts too."""
    waiting: list[ast.expr] = [*call.args, *(k.value for k in call.keywords)]
    found = []
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and SENTENCE.search(part.value):
            found.append(f"line {part.lineno}: {part.value!r}")
        elif isinstance(part, ast.JoinedStr):
            waiting += part.values
        elif isinstance(part, ast.IfExp):
            waiting += [part.body, part.orelse]
        elif isinstance(part, ast.BinOp):
            waiting += [part.left, part.right]
        elif isinstance(part, ast.List | ast.Tuple):
            waiting += part.elts
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_that_every_sentence_on_the_screen_comes_from_the_catalogue(path: Path) -> None:
    allowed = {"' MiB'"}  # the symbol of a unit is the same in every language
    found = [line for line in bare_sentences(path.read_text(encoding="utf-8")) if line.split(": ", 1)[1] not in allowed]
    assert not found, f"{path}: {found}"


@pytest.mark.parametrize(
    "code",
    [
        'label.setText("Stopped")',
        'QLabel("Stopped", self)',
        'label.setText(f"{n} bottles")',
        'b.setText("On" if x else tr("Off"))',
        'notices.say(what="Lost")',
    ],
)
def test_that_a_bare_sentence_would_be_found(code: str) -> None:
    assert bare_sentences(code)


@pytest.mark.parametrize(
    "code", ['label.setText(tr("Stopped"))', 'label.setText("✕")', 'LOG.error("no frame")', 'label.setObjectName("empty")', 'd["error"]']
)
def test_that_words_no_person_reads_are_left_alone(code: str) -> None:
    assert not bare_sentences(code)


def bare_templates(source: str) -> list[str]:
    """Return every template an error is made with that was not marked for the catalogue: what happened, and the cure."""
    errors = [
        call
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ERRORS
    ]
    templates = [part for call in errors for part in [*call.args[:1], *(k.value for k in call.keywords if k.arg == "tip")]]
    return [f"line {part.lineno}: {ast.unparse(part)}" for part in templates if _literals(ast.Call(part, [part], []))]


@pytest.mark.parametrize("path", [*TWIN, *FILES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_that_every_error_says_what_the_catalogue_can_translate(path: Path) -> None:
    assert bare_templates(path.read_text(encoding="utf-8")) == []


def test_that_the_errors_looked_for_are_those_of_the_tree() -> None:
    assert {"TwinError", "LayoutError", "UsageError"} <= ERRORS


@pytest.mark.parametrize("code", ['SourceError("It failed.")', 'UsageError(N_("No."), tip="Try again.")', 'TwinError(f"{path} failed")'])
def test_that_an_error_with_words_of_its_own_would_be_found(code: str) -> None:
    assert bare_templates(code)


@pytest.mark.parametrize(
    "code", ['SourceError(N_("It failed."), tip=N_("Try again."), path="a.toml")', "UsageError(error.what, tip=error.tip)"]
)
def test_that_an_error_with_words_of_the_catalogue_passes(code: str) -> None:
    assert bare_templates(code) == []
