"""What threads tell the window: all of it, in the window's thread, and nothing once its owner is gone. Not what they tell."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QObject

from ui.hearsay import Hearsay

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.gui


def test_that_words_arrive_in_order_and_in_the_thread_of_the_window(qtbot: QtBot) -> None:
    """A thread tells a hundred things; each is heard where widgets may be touched."""
    owner, heard = QObject(), list[tuple[int, str, threading.Thread]]()
    hearsay = Hearsay(owner, lambda number, word: heard.append((number, word, threading.current_thread())))

    def tell() -> None:
        for number in range(100):
            hearsay.tell(number, "parts")

    teller = threading.Thread(target=tell)
    teller.start()
    qtbot.waitUntil(lambda: len(heard) == 100)
    teller.join()

    assert heard == [(number, "parts", threading.main_thread()) for number in range(100)]


def test_that_a_thread_may_go_on_talking_while_its_listener_is_destroyed(qtbot: QtBot) -> None:
    """Forty owners end under a thread that never stops; the program goes on, and none is told anything afterwards."""
    gone, late = set[int](), list[int]()
    told, stop = threading.Event(), threading.Event()
    hearsays = list[Hearsay]()

    def talk() -> None:
        while not stop.is_set():
            for hearsay in hearsays[-2:]:
                hearsay.tell()
                told.set()

    teller = threading.Thread(target=talk)
    teller.start()
    for number in range(40):
        owner = QObject()
        hearsays.append(Hearsay(owner, lambda number=number: late.append(number) if number in gone else None))
        told.clear()
        assert told.wait(10)
        shiboken6.delete(owner)
        gone.add(number)
        qtbot.wait(1)
    stop.set()
    teller.join()

    assert late == []
