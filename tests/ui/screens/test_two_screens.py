"""A desk and a wall: Qt's own screenless platform is told of two screens, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

DESK = {"name": "desk", "x": 0, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
WALL = {"name": "wall", "x": 1366, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
ACTED = """
import json
from twin_app import settings
from ui.app import make_application
from ui.bridge import Bridge
from ui.docks import DOCKS
from ui.main_window import MainWindow

app = make_application()
window = MainWindow(Bridge(), settings.load(), lambda request: None, specs=tuple(s for s in DOCKS if s.key in {"tree", "sources"}))
window.show()
window.fill()
app.processEvents()
if not window.screens.windows:
    second = window.screens.new()
    window.screens.toggle_panel("sources")
    window.screens.toggle_full_screen()
(second,) = window.screens.windows
app.processEvents()
place, full = second.geometry().getRect(), second.isFullScreen()
print(json.dumps({"screen": second.screen().name(), "place": place, "full": full, "shows": list(second.dock_area.panels)}))
window.close()
"""


def start(home: Path, *screens: dict[str, Any]) -> dict[str, Any]:
    """Start the window on some screens, opening a second one if there is none, and say where that stands."""
    told = home / "screens.json"
    told.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={told}", "TWIN_APP_HOME": str(home)}
    ended = subprocess.run([sys.executable, "-c", ACTED], env=environment, capture_output=True, text=True, timeout=60, check=True)
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_that_the_second_window_fills_the_wall_again_at_the_next_start_and_comes_to_the_desk_once_the_wall_is_gone(tmp_path: Path) -> None:
    on_the_wall = {"screen": "wall", "place": [1366, 0, 1920, 1080], "full": True, "shows": ["sources"]}
    assert start(tmp_path, DESK, WALL) == on_the_wall
    assert start(tmp_path, DESK, WALL) == on_the_wall
    alone = start(tmp_path, DESK)
    x, y, width, height = alone["place"]
    assert (alone["screen"], alone["full"], alone["shows"]) == ("desk", False, ["sources"])
    assert 0 <= x < x + width <= 1366
    assert 0 <= y < y + height <= 768
