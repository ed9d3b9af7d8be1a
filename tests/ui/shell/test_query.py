from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tests.ui.shell import plant
from tests.ui.shell.plant import FakeSession
from ui.query import SessionQuery


class SlowSession(FakeSession):
    """Answers a timeline only when the test opens the gate; tells when it has begun to think."""

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        self.gate, self.thinking = threading.Semaphore(0), threading.Semaphore(0)
        self.asked: list[tuple[str, int]] = []

    @override
    def timeline(self, unit: str, start_ns: int, end_ns: int) -> Any:
        self.asked.append((unit, start_ns))
        self.thinking.release()
        assert self.gate.acquire(timeout=10)
        return (unit, start_ns)


@pytest.fixture
def session() -> SlowSession:
    of = plant.line()
    return SlowSession(of, [plant.frame(of)])


@pytest.fixture
def query(session: SlowSession, qtbot: QtBot) -> Iterator[SessionQuery]:
    made = SessionQuery()
    made.open(session)
    yield made
    for _ in range(10):
        session.gate.release()
    made.stop()
    made.deleteLater()


@pytest.fixture
def answers() -> list[Any]:
    return []


def _settled(query: SessionQuery, qtbot: QtBot) -> None:
    """Wait until the worker has answered a last question and everything before it was delivered."""
    done: list[Any] = []
    query.figures("settle", 0, 1, done.append)
    qtbot.waitUntil(lambda: bool(done))


def test_that_an_answer_comes_in_the_gui_thread(query: SessionQuery, session: SlowSession, qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []

    def then(_answer: Any) -> None:
        threads.append(threading.current_thread())

    session.gate.release()
    query.timeline("lane", "M1", 1, 2, then)
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.main_thread()]


def test_that_of_questions_waiting_under_one_key_only_the_newest_is_asked(
    query: SessionQuery, session: SlowSession, answers: list[Any], qtbot: QtBot
) -> None:
    query.timeline("busy", "M1", 0, 1, answers.append)
    assert session.thinking.acquire(timeout=10)
    for start in (1, 2, 3):
        query.timeline("lane", "M2", start, 9, answers.append)
    session.gate.release()
    session.gate.release()
    _settled(query, qtbot)
    assert session.asked == [("M1", 0), ("M2", 3)]
    assert answers == [("M1", 0), ("M2", 3)]


def test_that_an_answer_about_another_machine_is_thrown_away(
    query: SessionQuery, session: SlowSession, answers: list[Any], qtbot: QtBot
) -> None:
    query.timeline("inspector", "M1", 0, 1, answers.append)
    assert session.thinking.acquire(timeout=10)
    query.timeline("inspector", "M2", 0, 1, answers.append)
    session.gate.release()
    session.gate.release()
    _settled(query, qtbot)
    assert answers == [("M2", 0)]


def test_that_a_view_that_asks_faster_than_can_be_answered_still_gets_answers(
    query: SessionQuery, session: SlowSession, answers: list[Any], qtbot: QtBot
) -> None:
    then: Callable[[Any], None] = answers.append
    query.timeline("lane", "M1", 0, 1, then)
    assert session.thinking.acquire(timeout=10)
    query.timeline("lane", "M1", 5, 6, then)
    session.gate.release()
    qtbot.waitUntil(lambda: answers == [("M1", 0)])
    session.gate.release()
    qtbot.waitUntil(lambda: answers == [("M1", 0), ("M1", 5)])


def test_that_nothing_of_a_closed_line_is_delivered(query: SessionQuery, session: SlowSession, answers: list[Any], qtbot: QtBot) -> None:
    query.timeline("lane", "M1", 0, 1, answers.append)
    assert session.thinking.acquire(timeout=10)
    query.open(session)
    session.gate.release()
    _settled(query, qtbot)
    assert answers == []


def test_that_without_a_line_nobody_is_asked(query: SessionQuery, session: SlowSession, answers: list[Any]) -> None:
    query.open(None)
    query.timeline("lane", "M1", 0, 1, answers.append)
    query.stop()
    assert session.asked == []
    assert answers == []


@pytest.mark.allow_logs
def test_that_a_question_that_breaks_costs_only_its_own_answer(
    query: SessionQuery, session: SlowSession, answers: list[Any], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(session, "trend", breaks)
    query.trend("plot", "M1", 0, 1, 10, answers.append)
    _settled(query, qtbot)
    assert answers == []
