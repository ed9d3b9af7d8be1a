"""What every panel must bear, whoever wrote it: each one in the tuple is tested by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.house.recipes import edited, recipes
from tests.ui.shell import plant
from tests.ui.shell.conftest import MakeWindow
from tests.ui.shell.plant import FakeSession
from twin_app.model.frame import Changes, Frame
from twin_app.model.packml import State
from twin_app.settings import Loaded, changed
from twin_app.settings import load as load_settings
from ui import docks
from ui.docks import DOCKS, PRESETS, DockSpec, Preset
from ui.main_window import MainWindow
from ui.panels.base import Panel

Show = Callable[[MainWindow, Frame], FakeSession]
FLAT = tuple(spec for spec in DOCKS if spec.key != "scene")
"""The hall needs OpenGL and is tested in a process of its own."""


def put_through(make_window: MakeWindow, show: Show, spec: DockSpec) -> Panel:
    """Open, feed, hide, restore and close a panel in a window of its own, and return it."""
    window = make_window(specs=(spec,))
    panel = window.dock_area.panels[spec.key]
    assert (panel.key, panel.title) == (spec.key, spec.title)
    frame = plant.frame(plant.line())
    show(window, frame)
    window.dock_area.reveal(spec.key)
    window.selection.select("M2")
    show(window, plant.frame(plant.line(), {"M1": None, "M2": State.ABORTED}))
    window.dock_area.docks[spec.key].hide()
    show(window, replace(frame, changes=Changes(units=frozenset({"M1"}), signals=True, figures=True, health=True, span=True)))
    window.dock_area.docks[spec.key].show()
    panel.restore(panel.save())
    panel.restore({"unknown": [None, {}]})
    window.use_theme("dark")
    window.use_language("zh_CN")
    window.close_line()
    assert window.welcome.isVisible()
    return panel


@pytest.mark.parametrize("spec", FLAT, ids=[spec.key for spec in FLAT])
def test_that_a_panel_bears_opening_feeding_hiding_restoring_and_closing(make_window: MakeWindow, show: Show, spec: DockSpec) -> None:
    put_through(make_window, show, spec)


def test_that_a_panel_added_by_the_recipe_of_the_docs_is_one_of_them(
    make_window: MakeWindow, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = recipes()["A panel"]
    (code,), (line,) = recipe.files.values(), recipe.edits.values()
    census = ModuleType("ui.panels.census")
    exec(code, vars(census))  # noqa: S102 - our own docs
    monkeypatch.setitem(sys.modules, census.__name__, census)
    after: dict[str, Any] = {}
    exec(edited(Path(docks.__file__).read_text(encoding="utf-8"), line), after)  # noqa: S102
    assert [spec.key for spec in after["DOCKS"]] == [*(spec.key for spec in DOCKS), "census"]
    panel: Any = put_through(make_window, show, after["DOCKS"][-1])
    assert panel.said.text() == "3 of 3 machines run"


def test_that_no_two_panels_claim_one_key(make_window: MakeWindow) -> None:
    from ui.panels.scene import COMMANDS

    window = make_window(specs=FLAT)
    for command in COMMANDS:
        window.commands.add(command, window.close_line)


@pytest.mark.parametrize("preset", PRESETS, ids=[p.key for p in PRESETS])
def test_that_every_preset_gives_each_of_its_panels_room(make_window: MakeWindow, show: Show, preset: Preset) -> None:
    key = preset.key
    window = make_window(Loaded(changed(load_settings().settings, "look.preset", key)), specs=FLAT, size=(1900, 1000))
    show(window, plant.frame(plant.line()))
    for spec in FLAT:
        dock = window.dock_area.docks[spec.key]
        assert dock.isHidden() == (spec.key in preset.hidden), spec.key
        if dock.isVisible() and not dock.visibleRegion().isEmpty():
            assert dock.width() > 150, spec.key
            assert dock.height() > 100, spec.key


@pytest.mark.parametrize("preset", [p.key for p in PRESETS])
def test_that_every_preset_fits_the_smallest_screen(make_window: MakeWindow, show: Show, preset: str) -> None:
    window = make_window(Loaded(changed(load_settings().settings, "look.preset", preset)), specs=FLAT, size=(1366, 768))
    show(window, plant.frame(plant.line()))
    window.reset_layout()
    assert window.minimumSizeHint().width() <= 1366
    assert window.minimumSizeHint().height() <= 768
