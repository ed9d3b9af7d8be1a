"""What lasts as long as a line is no work for the collector of garbage, and is none for ever."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from ui.garbage import LastingObjects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.gui


class Ring:
    """An object that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def lasting() -> Iterator[LastingObjects]:
    parent = QObject()
    yield LastingObjects(parent)
    gc.unfreeze()


def test_that_what_is_there_once_a_line_has_settled_is_looked_at_no_more(lasting: LastingObjects, qtbot: QtBot) -> None:
    lasting._timer.setInterval(0)
    lasting.on_line_opened(object())
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 10_000)
    assert len(gc.get_objects()) < 10_000


def test_that_the_line_before_is_let_go_when_another_is_opened(lasting: LastingObjects) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    lasting._on_settled()
    del ring
    gc.collect()
    assert gone() is not None, "the collector does not look"
    lasting.on_line_opened(None)
    assert gone() is None
    assert not lasting._timer.isActive()
