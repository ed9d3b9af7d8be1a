"""Makes pictures of the window from hand-made frames, to be looked at: `python -m tests.ui.shell.shots FOLDER`. Not a test."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from tests.ui.shell import plant
from twin_app.clock import SECOND_NS
from twin_app.model.frame import Frame, Mode
from twin_app.model.message import Status
from twin_app.model.packml import State
from twin_app.settings import Loaded, Settings, changed
from ui import main_window, top_bar
from ui.bridge import Bridge
from ui.docks import DOCKS
from ui.main_window import MainWindow
from ui.opening import OpenRequest

TWELVE = (
    "Depalletiser", "Rinser", "Filler", "Capper", "Inspector", "Labeller", "Case packer", "Case sealer", "Weigher", "Palletiser", "Wrapper", "AGV dock",
)  # fmt: skip
STOP = {
    "M6": State.HELD, "M7": State.ABORTED, "M8": State.SUSPENDED, "M9": State.SUSPENDED, "M10": State.STOPPED, "M11": State.STARTING, "M12": None,
}  # fmt: skip
SPECS = tuple(spec for spec in DOCKS if spec.key != "scene" or "--scene" in sys.argv)


def scenes() -> dict[str, Frame]:
    """What is pictured, by name."""
    big, small = plant.line(TWELVE), plant.line()
    blind = plant.kpi(oee_low=0.712, oee_high=0.743, blind_s=134.0)
    lost = plant.health(status=Status.DISCONNECTED, since_ns=plant.NOW_NS - 134 * SECOND_NS, per_second=0.0)
    return {
        "stop": plant.frame(big, STOP, line_kpi=blind),
        "well": plant.frame(small),
        "sample": plant.frame(small, mode=Mode.SAMPLE, speed=5.0),
        "lost": plant.frame(small, {"M1": None, "M2": None, "M3": None}, health=(lost,), line_kpi=blind),
        "look_back": plant.frame(small, mode=Mode.LOOK_BACK, at_ns=plant.NOW_NS - 754 * SECOND_NS, line_kpi=plant.kpi(effectiveness=1.042)),
    }


def picture(app: QApplication, name: str, frame: Frame, settings: Settings, size: tuple[int, int], folder: Path) -> None:
    """Open the window on one frame and save what it shows."""
    of = plant.line(TWELVE) if len(frame.units) > 3 else plant.line()
    session = plant.FakeSession(of, [frame])
    bridge = Bridge()
    window = MainWindow(bridge, Loaded(settings), lambda _: session, specs=SPECS)
    window.resize(*size)
    window.show()
    window.fill()
    window.open_line(OpenRequest(layout=Path("bottling_2.toml"), sample=True))
    window.resize(*size)
    window.dock_area.reset()
    window.selection.select("M7" if len(frame.units) > 3 else "M2")
    session.hold(replace(frame))
    wait = QEventLoop()
    QTimer.singleShot(1200, wait.quit)
    wait.exec()
    window.grab().save(str(folder / f"{name}_{settings.look.theme}_{settings.look.preset}_{size[0]}.png"))
    window.close()
    window.deleteLater()
    app.processEvents()


def main() -> None:
    """Make every picture, or those whose name holds the second argument."""
    folder, only = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    top_bar.now_ns = main_window.now_ns = lambda: plant.NOW_NS  # type: ignore[attr-defined]  # the module's clock is held
    for name, frame in scenes().items():
        for theme, preset, size in (
            ("light", "operator", (1920, 1080)), ("dark", "engineer", (1920, 1080)), ("light", "engineer", (1366, 768)), ("dark", "operator", (1366, 768)),
        ):  # fmt: skip
            if only in f"{name}_{theme}_{preset}_{size[0]}":
                settings = changed(changed(Settings(), "look.theme", theme), "look.preset", preset)
                picture(app, name, frame, settings, size, folder)


if __name__ == "__main__":
    main()
