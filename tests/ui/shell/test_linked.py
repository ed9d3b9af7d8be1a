"""Links that are followed within the window: to a moment, to what a figure is made of, to the journal, to another line; and handed over by another start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tests.session.plant import CAPTURE, LAYOUT
from twin_app.service import opening
from twin_app.service.link import ALARMS, Link
from twin_app.service.moment import linked
from twin_app.settings import Settings
from ui.docks import DOCKS
from ui.handing_over import Receiving, handed_over
from ui.main_window import MainWindow
from ui.panels.alarms import AlarmsPanel

if TYPE_CHECKING:
    from twin_app.session import Session

ROOT = Path(__file__).resolve().parents[3]
SPAN = (1_795_425_957 * 10**9 + 10**9, 1_795_425_957 * 10**9 + 200 * 10**9)
"""Within the capture, that begins at 09:25:57 UTC."""
MOMENT = Link(layout=LAYOUT, at_ns=SPAN[0] + 100 * 10**9, unit="Capper", sources={"plant": str(CAPTURE)})
WITH_ALARMS = tuple(spec for spec in DOCKS if spec.key in {"tree", "alarms"})


@pytest.fixture
def shown(make_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """A window on the capture, wholly read."""
    window = make_window(opener=lambda request: opening.open_request(request, at_leisure=True), specs=WITH_ALARMS)
    assert window.open_line(linked(MOMENT, Settings()))
    qtbot.waitUntil(lambda: cast("Session", window.bridge.session).share == 1.0 and window.bridge.shown is not None, timeout=20_000)
    return window


def test_that_a_link_leads_to_the_moment_and_to_the_intervals_of_its_figure(shown: MainWindow, qtbot: QtBot) -> None:
    session = cast("Session", shown.bridge.session)
    failed = next(row for row in session.spent("Capper", *SPAN) if row.state is not None and row.state.name == "ABORTED")
    proof = shown.linked.proof
    shown.selection.link_wanted.emit(
        Link(layout=LAYOUT, at_ns=failed.start_ns, unit="Capper", figure="MTTR", span=SPAN, sources={"plant": str(CAPTURE)})
    )
    qtbot.waitUntil(lambda: bool(proof.figures.proof.rows))
    assert proof.isVisible()
    assert proof.figures.chosen.name == "MTTR"
    assert proof.figures.intervals.currentIndex().row() >= 0
    assert proof.figures.proof.rows[proof.figures.intervals.currentIndex().row()].key == failed.start_ns
    assert proof.head.text().startswith("Capper · 2026-11-23 17:25:58 – 17:29:17")
    assert shown.selection.unit == "Capper"
    account = session.account("Capper", *SPAN)
    told = {row.cells[0].text: row.cells[1].text for row in proof.figures.figures.rows}
    assert told["Availability"] == f"{account.kpi.availability * 100:.1f} %"  # of the link's window, not of the shift up to the playhead
    qtbot.waitUntil(lambda: shown.bridge.shown is not None and shown.bridge.shown.at_ns == failed.start_ns)
    shown.close_line()
    assert not proof.isVisible()


def test_that_a_link_to_alarms_opens_the_journal_of_its_window(shown: MainWindow, qtbot: QtBot) -> None:
    shown.linked.follow(Link(layout=LAYOUT, at_ns=SPAN[0], figure=ALARMS, span=SPAN, sources={"plant": str(CAPTURE)}))
    panel = cast("AlarmsPanel", shown.dock_area.panels["alarms"])
    qtbot.waitUntil(lambda: panel.journal._report is not None and panel.journal._report.start_ns == SPAN[0])
    assert panel.journal._report is not None
    assert panel.journal._report.end_ns == SPAN[1]
    assert panel.journal.span.currentText() == "2026-11-23 17:25 – 17:29"


def test_that_a_unit_or_figure_that_there_is_not_opens_nothing(shown: MainWindow) -> None:
    shown.linked.follow(Link(layout=LAYOUT, at_ns=SPAN[0], unit="Ghost", figure="MTTR", span=SPAN, sources={"plant": str(CAPTURE)}))
    assert not shown.linked.proof.isVisible()
    shown.linked.follow(Link(layout=LAYOUT, at_ns=SPAN[0], unit="Capper", figure="Nonsense", span=SPAN, sources={"plant": str(CAPTURE)}))
    assert shown.linked.proof.figures.chosen.name == "OEE index"  # its figures are there all the same


@pytest.mark.allow_logs
def test_that_a_link_elsewhere_opens_what_it_names_and_says_where_it_cannot(shown: MainWindow, tmp_path: Path) -> None:
    assert not shown.linked.shows(Link(layout=LAYOUT, at_ns=SPAN[0], sources={"plant": str(tmp_path / "other.jsonl")}))
    assert not shown.linked.shows(Link(layout=tmp_path / "other.toml", at_ns=SPAN[0]))
    moved = Link(layout=tmp_path / LAYOUT.name, at_ns=SPAN[0], sources={"plant": str(tmp_path / CAPTURE.name)})
    assert shown.linked.shows(moved)  # its files are gone from there, and those of their names are open
    assert not shown.linked.shows(replace(moved, sources={}))  # a layout of that name alone may be another line's
    before = shown.view
    shown.linked.follow(Link(layout=tmp_path / "gone.toml", at_ns=SPAN[0]))
    assert shown.view is before
    assert "gone.toml" in " ".join(shown.notices.texts())


def test_that_a_second_start_hands_its_link_to_the_window_that_shows_the_line(shown: MainWindow, qtbot: QtBot) -> None:
    came: list[Link] = []
    parent = QObject()
    receiving = Receiving(shown.linked.shows, came.append, parent)
    elsewhere = Link(layout=LAYOUT.with_name("bottling.toml"), at_ns=SPAN[0]).written()
    asks = f"from ui.handing_over import handed_over as to\nprint(to({MOMENT.written()!r}), to({elsewhere!r}), to('twin:nothing'))"
    other = subprocess.Popen([sys.executable, "-c", asks], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    qtbot.waitUntil(lambda: other.poll() is not None, timeout=20_000)
    assert other.communicate()[0] == "True False False\n"
    assert came == [MOMENT]
    receiving.close()
    assert not handed_over(MOMENT.written())  # nobody listens any more
