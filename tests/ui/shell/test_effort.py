"""What each panel takes of the window's thread: counted for whoever did it, and shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tests.ui.shell import plant
from tests.ui.shell.conftest import MakeWindow
from tests.ui.shell.plant import FakeSession
from twin_app.model.frame import Changes, Frame
from ui.effort import Effort, Tally
from ui.effort_dialog import EffortDialog
from ui.main_window import MainWindow

Show = Callable[[MainWindow, Frame], FakeSession]


def test_that_a_tally_keeps_count_sum_and_longest_and_begins_anew() -> None:
    tally = Tally()
    for spent in (3_000, 9_000, 1_000):
        tally.add(spent)
    tally.more(2_000)
    assert tally.taken() == Tally(3, 15_000, 9_000)
    assert tally == Tally()


class Painter(QWidget):
    """A part of a panel whose painting takes long."""

    @override
    def paintEvent(self, event: Any) -> None:
        until = time.perf_counter() + 0.02
        while time.perf_counter() < until:
            pass


def test_that_painting_counts_for_the_panel_it_is_part_of_and_sleep_for_nobody(window: MainWindow, show: Show, qtbot: QtBot) -> None:
    show(window, plant.frame(plant.line()))
    slow = Painter(window.unit_strip)
    slow.resize(20, 20)
    slow.show()
    effort = Effort(window.screens.panels, window)
    effort.begin()
    slow.repaint()
    qtbot.waitUntil(lambda: effort._waits.count >= 5)
    account = effort.take()
    effort.end()
    rows = {row.key: row for row in account.rows}
    assert rows["unit_strip"].painted.spent_ns >= 20_000_000
    assert sum(row.painted.spent_ns for row in account.rows) < account.lasted_s * 1e9
    assert rows["unit_strip"].painted.spent_ns > 4 * sum(row.painted.spent_ns for row in account.rows if row.key != "unit_strip")
    assert account.lasted_s > 0
    slow.repaint()
    assert effort._painted == {}


def test_that_a_long_deed_of_the_thread_is_a_wait_beyond_50_ms(window: MainWindow, qtbot: QtBot) -> None:
    effort = Effort(window.screens.panels, window)
    effort.begin()
    qtbot.waitUntil(lambda: effort._waits.count >= 2)
    effort.take()
    time.sleep(0.08)
    QApplication.processEvents()
    account = effort.take()
    effort.end()
    assert account.blocked == 1
    assert account.waits.longest_ns >= 65_000_000


def test_that_the_engineer_reads_who_works_how_long(make_window: MakeWindow, show: Show) -> None:
    window = make_window()
    show(window, plant.frame(plant.line()))
    window.commands.run("help.effort")
    dialog = window.findChild(EffortDialog)
    assert dialog is not None
    show(window, replace(plant.frame(plant.line()), changes=Changes(signals=True)))
    dialog.look()
    model = dialog.table.model()
    texts = [[model.index(row, column).data() for column in range(6)] for row in range(model.rowCount())]
    rows = {title: rest for title, *rest in texts}
    assert {"Line at the playhead", "Figures", "Units"} <= rows.keys()
    assert float(rows["Units"][0]) > 0
    assert rows["Units"][3].endswith("%")
    assert "waits beyond 50 ms" in dialog.said.text()
    dialog.close()
    assert not dialog._timer.isActive()


@pytest.mark.parametrize(("took_ms", "share"), [(5, 0.075), (20, 0.3), (60, 0.3), (150, 0.3)])
def test_that_software_draws_for_three_tenths_of_the_time_at_most(took_ms: int, share: float) -> None:
    from ui.scene3d.worker import rest_after

    took_s = took_ms / 1000
    assert took_s / (took_s + rest_after(took_s, software=True)) == pytest.approx(share, abs=0.001)


def test_that_a_dear_hall_never_stands_for_longer_than_a_third_of_a_second_between_pictures() -> None:
    from ui.scene3d.worker import rest_after

    assert rest_after(2.0, software=True) == pytest.approx(0.35)
    assert rest_after(0.01, software=False) == pytest.approx(1 / 30 - 0.01)
