"""Labels on every machine when asked, what is said of the one pointed at, and the mark of alarms over its beacon."""

from collections.abc import Iterator

import numpy as np
import pytest
import shiboken6
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from twin_app.model.alarm import UnitAlarms
from ui.palette import LIGHT
from ui.scene3d import Look, SceneUnit, SceneView, UnitLook
from ui.scene3d.theme import rgb

UNITS = [SceneUnit(f"u{i}", f"M{i + 1}", "machine", None, 1.0, i * 6.0, 0.0, 0.0, 0.0) for i in range(2)]
RED = UnitAlarms(priority=1, count=3, unacknowledged=True, consequence=False)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[SceneView]:
    view = SceneView()
    view.resize(900, 500)
    view.set_scene(UNITS, [], "Line")
    view.show_looks({unit.unit_id: UnitLook(Look.RUNNING, "Execute", "38 s", "▶", 0.0) for unit in UNITS})
    view.show()
    qtbot.waitUntil(view.settled, timeout=20_000)
    yield view
    view.stop()
    shiboken6.delete(view)


def titles(view: SceneView) -> list[tuple[str, tuple[str, ...]]]:
    view.grab()
    return sorted((card.title, card.lines) for card in view._labels.cards or ())


def reddish(view: SceneView) -> int:
    """Return how many pixels have the colour of priority 1."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()]
    apart = np.abs(rows.reshape(image.height(), image.width(), 3) / 255.0 - rgb(LIGHT.priority[0])).max(axis=2)
    return int((apart < 0.05).sum())


def test_that_every_machine_has_a_label_when_asked_and_none_that_runs_otherwise(view: SceneView) -> None:
    assert titles(view) == []
    view.label_all(every=True)
    assert titles(view) == [("M1", ("Execute · 38 s",)), ("M2", ("Execute · 38 s",))]
    view.label_all(every=False)
    assert titles(view) == []


def test_that_what_lies_behind_a_machine_stands_on_the_label_of_the_one_selected(view: SceneView) -> None:
    view.set_notes(lambda unit: (f"→ next of {unit} ≈ 34, estimated",))
    view.set_selected("u1")
    assert titles(view) == [("M2", ("Execute · 38 s", "→ next of u1 ≈ 34, estimated"))]


def test_that_the_gravest_alarm_of_a_machine_is_marked_over_it_and_goes_when_it_goes(view: SceneView) -> None:
    assert reddish(view) == 0
    view.show_alarms({"u0": RED, "elsewhere": RED})
    view._changed()
    assert reddish(view) > 80
    view.show_alarms({})
    assert reddish(view) == 0


def test_that_no_label_covers_the_mark_of_an_alarm(view: SceneView) -> None:
    view.label_all(every=True)
    view.grab()
    assert view._labels.cards is not None
    before = {card.row: card.rect for card in view._labels.cards}
    view.show_alarms({unit.unit_id: RED for unit in UNITS})
    view._changed()
    view.grab()
    assert view._picture is not None
    after, marks = view._labels.cards, view._labels._marks(view._picture, (view.width(), view.height()))
    assert len(after) == len(marks) == 2
    assert any(rect.overlap(mark) > 0 for rect in before.values() for mark in marks.values())  # there one would lie
    assert not any(card.rect.overlap(mark) for card in after for mark in marks.values())


def test_that_the_selected_machine_is_labelled_in_the_midst_of_a_hall_that_waits(view: SceneView, qtbot: QtBot) -> None:
    hall = [SceneUnit(f"u{i}", f"M{i}", "machine", None, 1.0, i % 25 * 2.0, i // 25 * 2.0, 0.0, 0.0) for i in range(500)]
    view.set_scene(hall, [], "Hall")
    view.show_looks({unit.unit_id: UnitLook(Look.SUSPENDED, "Suspended", "38 s", "▷", 0.0) for unit in hall})
    qtbot.waitUntil(view.settled, timeout=20_000)
    view.set_notes(lambda _unit: ("a note that makes the label wide: → next ≈ 34, estimated",))
    view.set_selected("u262")
    assert [title for title, lines in titles(view) if len(lines) == 2] == ["M262"]
