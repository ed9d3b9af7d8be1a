"""A picture of the window: what is seen is what is kept, and a place that cannot be written to is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from ui.main_window import MainWindow


def test_that_the_window_is_kept_as_it_is(window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = window.grab().toImage()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "now"), ""))
    window.commands.run("view.picture")
    kept = QImage(str(tmp_path / "now.png"))
    assert (kept.size(), kept.convertToFormat(seen.format())) == (seen.size(), seen)


def test_that_a_place_that_cannot_be_written_to_is_said(window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    monkeypatch.setattr(window.notices, "error", said.append)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "now.png"), ""))
    window.commands.run("view.picture")
    assert "cannot be written" in said[0].worded()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    window.commands.run("view.picture")
    assert len(said) == 1
