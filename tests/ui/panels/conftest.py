"""A window with one panel in it, connected to a plant that answers at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.ui.panels.doubles import Plant, Stage, make_line
from twin_app.model.packml import State
from ui import theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from ui.panels.base import Panel

    PanelT = TypeVar("PanelT", bound=Panel)
    Put = Callable[..., tuple[PanelT, Stage]]


@pytest.fixture
def plant() -> Plant:
    """Two minutes of a filler that aborts for a second at 60 s, and a capper that is starved from 30 to 90 s; both blind for 6 s."""
    return Plant(
        make_line("Filler", "Capper"),
        120.0,
        {
            "Filler": [(6.0, State.EXECUTE), (60.0, State.ABORTED), (61.0, State.STOPPED), (80.0, State.EXECUTE)],
            "Capper": [(6.0, State.EXECUTE), (30.0, State.SUSPENDED), (90.0, State.EXECUTE)],
        },
    )


@pytest.fixture
def put(qtbot: QtBot) -> Iterator[Put[Panel]]:
    """Give what puts a panel on a plant into a window of a given size and shows it there."""
    windows: list[QMainWindow] = []

    def show(panel_class: type[Panel], plant: Plant, width: int = 1000, height: int = 220) -> tuple[Panel, Stage]:
        window = QMainWindow()
        windows.append(window)
        stage = Stage.of(plant, window)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, stage.context.theme.palette, system_points=9.0)
        panel = panel_class(stage.context)
        window.setCentralWidget(panel)
        window.addActions([action for _, action in stage.context.commands])
        window.resize(width, height)
        panel.open_line(plant.view)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return panel, stage

    yield show
    for window in windows:
        window.close()
        shiboken6.delete(window)
