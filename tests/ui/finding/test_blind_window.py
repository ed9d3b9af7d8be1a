"""What a whole window shows in a blind replay is, to the pixel, what it shows of a recording of which the future was deleted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from tests.finding.shifts import HOUR_NS, MINUTE_NS, SECOND_NS, record, running
from tests.service.test_finding import LAYOUT, START
from twin_app.layout import load
from twin_app.model.frame import Mode
from twin_app.service.opening import open_request
from twin_app.settings import Loaded, Settings, changed
from ui.bridge import Bridge
from ui.curves.wanted import Wanted
from ui.docks import DOCKS
from ui.main_window import MainWindow
from ui.opening import OpenRequest
from ui.panels.curves import CurvesPanel
from ui.panels.timeline import TimelinePanel

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from twin_app.session import Session

PATIENCE_MS = 20_000
AT_NS = START + 2 * HOUR_NS
SPECS = tuple(spec for spec in DOCKS if spec.key not in {"scene", "instructor"})


def said() -> list[tuple[int, str, dict[str, object]]]:
    """Return a night with a stop before the playhead, and behind it more of everything: stops, alarms, new names, other values."""
    stop, later = START + HOUR_NS, AT_NS + 20 * MINUTE_NS
    return [
        *running(START, stop), (stop, "Filler", {"State": "Aborted", "StopReason": "jam"}),
        *running(stop + 300 * SECOND_NS, later, made=3600),
        *((START + n * MINUTE_NS, "Filler", {"Temp": 70.0 + n / 10}) for n in range(400)),
        (AT_NS - 10 * MINUTE_NS, "Filler", {"Temp": 71.5}),
        (later, "Filler", {"State": "Held", "Surprise": 4.0, "StopReason": "lies ahead"}), *running(later + HOUR_NS, START + 7 * HOUR_NS, made=9000),
    ]  # fmt: skip


def words(window: MainWindow) -> list[tuple[str, str]]:
    """Return everything that stands in the window, and every tip."""
    found = [(window.windowTitle(), "")]
    for widget in window.findChildren(QWidget):
        text = widget.text() if isinstance(widget, QLabel | QLineEdit | QAbstractButton) else ""
        found.append((text, re.sub(r"blind-\w+", "the trainee's own", widget.toolTip())))  # named by the clock on the wall
    return found


class Seen:
    """What a window shows blind at the playhead, after everything behind it was looked at."""

    def __init__(self, qtbot: QtBot, home: Path, rows: list[tuple[int, str, dict[str, object]]]) -> None:
        layout = home / "line.toml"
        layout.parent.mkdir()
        layout.write_text(LAYOUT, encoding="utf-8")
        record(home / "rec", load(layout), rows, whole=True)
        settings = changed(changed(changed(Settings(), "look.theme", "light"), "look.language", "en"), "look.preset", "engineer")
        window = MainWindow(Bridge(), Loaded(settings), open_request, specs=SPECS)
        window.resize(1366, 740)
        with qtbot.waitExposed(window):
            window.show()
        window.fill()
        window.resize(1366, 740)
        with qtbot.waitSignal(window.bridge.frame_ready):
            window.open_line(OpenRequest(layout=layout, addresses={"plc": str(home / "rec")}, paused=True, begin_at_ns=AT_NS))
        session = cast("Session", window.bridge.session)
        qtbot.waitUntil(lambda: session.share == 1.0)
        self._look_around(qtbot, window)
        window.bridge.blindfold(on=True)
        window.bridge.seek(AT_NS)
        window.reset_layout()  # banners of before moved the borders of panels
        qtbot.waitUntil(lambda: self._still(window), timeout=PATIENCE_MS)
        self.texts = [(text.replace(str(home), ""), tip.replace(str(home), "")) for text, tip in words(window)]
        self.pictures = {}
        for key, panel in window.dock_area.panels.items():
            window.dock_area.reveal(key)
            qtbot.waitUntil(lambda: self._still(window), timeout=PATIENCE_MS)
            if key not in {
                "sources",
                "alarms",
                "orders",
            }:  # there stands the place of the recording, blinks a mark, comes a row a little later
                self.pictures[key] = panel.grab().toImage()
        window.close()
        window.bridge.deleteLater()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    @staticmethod
    def _look_around(qtbot: QtBot, window: MainWindow) -> None:
        """Let every panel show what lies ahead, and let curves and lanes look there."""
        window.selection.select("Filler")
        curves, timeline = window.dock_area.panels["curves"], window.dock_area.panels["timeline"]
        assert isinstance(curves, CurvesPanel)
        assert isinstance(timeline, TimelinePanel)
        window.bridge.follow()
        for key in window.dock_area.panels:
            window.dock_area.reveal(key)
            qtbot.waitUntil(lambda: Seen._still(window, blind=False), timeout=PATIENCE_MS)
        curves.add(Wanted("Filler", "Temp"))
        curves._stay(AT_NS - HOUR_NS, 3 * HOUR_NS)
        timeline.canvas.frame_span(AT_NS - HOUR_NS, AT_NS + 2 * HOUR_NS)
        qtbot.waitUntil(lambda: Seen._still(window, blind=False), timeout=PATIENCE_MS)

    @staticmethod
    def _still(window: MainWindow, *, blind: bool = True) -> bool:
        """Tell whether everything that was asked is answered and shown."""
        frame = window.bridge.shown
        there = frame is not None and frame.behind_s == 0 and (not blind or (frame.mode is Mode.BLIND and frame.at_ns == AT_NS))
        return there and window.bridge.query.idle and all(panel.settled() for panel in window.dock_area.panels.values())


def test_that_no_word_and_no_pixel_of_a_blind_replay_differs_when_the_future_is_deleted(qtbot: QtBot, tmp_path: Path) -> None:
    rows = sorted(said(), key=lambda row: row[0])
    whole = Seen(qtbot, tmp_path / "whole", rows)
    deleted = Seen(qtbot, tmp_path / "deleted", [row for row in rows if row[0] <= AT_NS])
    assert whole.texts == deleted.texts
    assert not any("lies ahead" in text or "Surprise" in text for both in whole.texts for text in both)
    assert len(whole.pictures) > 5
    assert [key for key, picture in whole.pictures.items() if picture != deleted.pictures[key]] == []
