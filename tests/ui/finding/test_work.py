"""A long work of the window: it is told how far it is, it may be given up, and what comes too late is let go of."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject

from twin_app.errors import UsageError
from ui.finding.work import LongWork

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from twin_app.finding.reading import Pace


@pytest.fixture
def work() -> Iterator[LongWork]:
    parent = QObject()
    made = LongWork(parent)
    yield made
    made.give_up()
    parent.deleteLater()


def test_that_what_comes_out_is_told_after_how_far_it_was(work: LongWork, qtbot: QtBot) -> None:
    shares: list[float] = []
    work.progressed.connect(shares.append)

    def count(pace: Pace) -> int:
        for share in (0.25, 0.5, 1.0):
            pace.at(share)
        return 3

    with qtbot.waitSignal(work.done) as done:
        work.start(count)
    assert done.args == [3]
    assert shares == [0.25, 0.5, 1.0]
    assert not work.working


def test_that_what_comes_too_late_is_let_go_of_and_told_to_nobody(work: LongWork, qtbot: QtBot) -> None:
    going = threading.Event()
    dropped: list[str] = []
    told: list[str] = []
    work.done.connect(told.append)

    def slow(_pace: Any) -> str:
        going.wait(10)
        return "late"

    work.start(slow, dropped.append)
    work.give_up()
    going.set()
    qtbot.waitUntil(lambda: dropped == ["late"])
    assert told == []


def test_that_an_error_is_worded(work: LongWork, qtbot: QtBot) -> None:
    def wrong(_pace: Any) -> None:
        raise UsageError("{part} is missing.", part="It")

    with qtbot.waitSignal(work.failed) as failed:
        work.start(wrong)
    assert failed.args == ["It is missing."]


@pytest.mark.allow_logs
def test_that_what_breaks_down_is_said_and_logged(work: LongWork, qtbot: QtBot) -> None:
    def broken(_pace: Any) -> None:
        raise ZeroDivisionError

    with qtbot.waitSignal(work.failed) as failed:
        work.start(broken)
    assert "the log has the details" in failed.args[0]
