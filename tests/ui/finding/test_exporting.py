"""Samples of a span are written from the window: what is marked, of the selected machine, in any form; given up at any time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from tests.finding.shifts import HOUR_NS, MINUTE_NS
from tests.service.test_finding import START
from twin_app.service.opening import open_request
from twin_app.settings import Settings
from ui.export_dialog import KINDS, ExportDialog, Kind
from ui.opening import OpenRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from twin_app.session import Session
    from ui.main_window import MainWindow

MARKED = START + 5 * MINUTE_NS, START + 61 * MINUTE_NS
"""The counter is told every ten minutes; the filler aborts after an hour."""


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> Iterator[ExportDialog]:
    qtbot.waitUntil(lambda: cast("Session", window.bridge.session).share == 1.0)
    window.selection.select("Filler")
    window.selection.show_span(*MARKED)
    window.selection.span = MARKED
    made = ExportDialog(cast("Session", window.bridge.session), window)
    made.file.setText(str(tmp_path / "x.csv"))
    made.show()
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def choose(dialog: ExportDialog, ending: str, tmp_path: Path, name: str = "out") -> Path:
    dialog.form.setCurrentIndex(next(i for i, kind in enumerate(KINDS) if kind.ending == ending))
    path = tmp_path / f"{name}{ending}"
    dialog.file.setText(str(path))
    return path


def test_that_what_is_marked_of_the_selected_machine_is_offered_first(dialog: ExportDialog) -> None:
    assert dialog.which.currentText().startswith("Marked on the timeline")
    assert dialog.whom.currentText() == "Filler"
    dialog.form.setCurrentIndex(2)
    assert dialog.file.text().endswith("L1-Filler-2026-03-02-2205.jsonl")


def test_that_the_samples_of_the_span_are_written(dialog: ExportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    path = choose(dialog, ".jsonl", tmp_path)
    with qtbot.waitSignal(dialog.work.done):
        dialog.make.click()
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(row["signal"], row["value"]) for row in rows] == [
        *(("Processed", 600.0 * n) for n in range(1, 6)), ("State", "Aborted"), ("Processed", 3600.0)
    ]  # fmt: skip
    assert f"{path}: 7." in dialog.said.text()
    assert not dialog.work.working


def test_that_a_recording_of_its_own_opens_again(dialog: ExportDialog, qtbot: QtBot, tmp_path: Path, recordings: Path) -> None:
    path = choose(dialog, ".twinrec", tmp_path)
    dialog.whom.setCurrentIndex(0)
    dialog.file.setText(str(path))
    with qtbot.waitSignal(dialog.work.done):
        dialog.make.click()
    request = OpenRequest(layout=recordings.parent / "line.toml", addresses={"plc": str(path)})
    session = open_request(request, Settings())
    session.start()
    session.fold()
    span = session.span()
    assert span is not None
    assert MARKED[0] <= span.start_ns
    assert span.end_ns == START + HOUR_NS
    session.close()


def test_that_a_file_that_is_there_is_not_written_over_unasked(dialog: ExportDialog, tmp_path: Path) -> None:
    path = choose(dialog, ".csv", tmp_path)
    path.write_text("mine", encoding="utf-8")
    dialog.make.click()
    assert "exists already" in dialog.said.text()
    assert path.read_text() == "mine"


def test_that_giving_up_leaves_no_file(dialog: ExportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    def endless(out: BinaryIO, _session: Any, choice: Any, _tally: Any, progress: Callable[[int], None]) -> None:
        while True:
            out.write(b"more")
            progress(choice.start_ns)

    dialog.form.addItem("endless", Kind("endless", endless, ".csv"))
    dialog.form.setCurrentIndex(dialog.form.count() - 1)
    path = tmp_path / "given_up.csv"
    dialog.file.setText(str(path))
    dialog.make.click()
    assert dialog.cancel.isVisible()
    dialog.cancel.click()
    assert dialog.said.text() == "Given up: no file was written."
    qtbot.waitUntil(lambda: not list(tmp_path.glob("given_up*")))


def test_that_a_blind_replay_exports_nothing(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.bridge.frame_ready):
        window.bridge.blindfold(on=True)
    asked: list[str] = []
    window.notices.error = lambda error: asked.append(error.worded())  # type: ignore[method-assign,union-attr]  # no banner, no log
    window.commands.run("file.export")
    assert "exports nothing" in asked[0]
