"""Pictures and times of the 3D view: `python tests/ui/scene3d/shots.py FOLDER`. Run by hand, to look and to measure; not a test."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
STARTED = time.perf_counter()

from PySide6.QtWidgets import QApplication  # noqa: E402 - the platform is chosen first

from ui.scene3d import DARK, LIGHT, Look, Profile, SceneLink, SceneUnit, SceneView, UnitLook  # noqa: E402 - found only with the root on the path

IMPORTED = time.perf_counter()
KINDS = {"filler": "Filler", "capper": "Capper", "labeller": "Labeller", "machine": "Case packer"}
RUNNING = UnitLook(Look.RUNNING, "Execute", "", "▶", 3.3)
STORY = (
    RUNNING,
    RUNNING,
    UnitLook(Look.ABORTED, "Aborted", "4 min 12 s", "✕", 5.1),
    UnitLook(Look.SUSPENDED, "Starved", "3 min 58 s", "!", 5.0),
    UnitLook(Look.STOPPED, "Stopped", "12 min 00 s", "■", 1.0),
    UnitLook(Look.UNKNOWN, "No data", "2 min 14 s", "?", 5.0),
)
A_ROW = 6


def say(line: str) -> None:
    """Print a figure."""
    sys.stdout.write(line + "\n")


def shown(view: SceneView) -> float:
    """Wait until the picture asked for last is on the screen; return the milliseconds its drawing took."""
    while view._picture is None or not view._picture.request.same_picture(view._asked):
        QApplication.processEvents()
        time.sleep(0.002)
    return view._picture.render_ms


def line(view: SceneView, count: int) -> None:
    """Show `count` machines in rows of six."""
    kinds = list(KINDS)
    units = [
        SceneUnit(f"u{i}", f"M{i + 1} {KINDS[kinds[i % 4]]}", kinds[i % 4], None, 1.0, i % A_ROW * 4.6, i // A_ROW * -6.5, 0.0, 0.0)
        for i in range(count)
    ]
    links = [SceneLink(f"u{i}", f"u{i + 1}") for i in range(count - 1) if i % A_ROW != A_ROW - 1]
    view.set_scene(units, links, "Bottling 2")


def tell(view: SceneView, count: int, story: tuple[UnitLook, ...]) -> None:
    """Give the machines their looks in turn."""
    view.show_looks({f"u{i}": story[i % len(story)] for i in range(count)})


def measure(view: SceneView, count: int) -> str:
    """Return how long a picture with every machine in motion takes."""
    line(view, count)
    times = []
    for step in range(12):
        tell(view, count, (UnitLook(Look.RUNNING, "", "", "", step * 0.07),))
        times.append(shown(view))
    return f"{count} machines: {median(times[2:]):.0f} ms a picture (first {times[0]:.0f})"


def main(folder: Path) -> None:
    """Write the pictures and print the times."""
    application = QApplication([])
    view = SceneView(profile=Profile(os.environ.get("TWIN_SCENE_PROFILE", "auto")))
    view.resize(1280, 720)
    line(view, 3)
    tell(view, 3, STORY[:1])
    start = time.perf_counter()
    view.show()
    shown(view)
    say(f"import {IMPORTED - STARTED:.2f} s, first picture {time.perf_counter() - start:.2f} s after show, by {view.graphics()}")
    folder.mkdir(parents=True, exist_ok=True)
    for theme in (LIGHT, DARK):
        view.set_theme(theme)
        for size in ((1280, 720), (1920, 1080)):
            view.resize(*size)
            for count, story in ((3, STORY[1:4]), (12, STORY)):
                line(view, count)
                tell(view, count, story)
                shown(view)
                view.grab().save(str(folder / f"{theme.name}-{size[0]}-{count}.png"))
    view.resize(1280, 720)
    for count in (3, 10, 100):
        say(measure(view, count))
    cpu, wall = time.process_time(), time.perf_counter()
    while time.perf_counter() - wall < 3:
        application.processEvents()
        time.sleep(0.02)
    say(f"idle: {(time.process_time() - cpu) / 3:.1%} of a core")
    view.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
