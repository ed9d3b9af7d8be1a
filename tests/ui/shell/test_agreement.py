"""At one playhead everything says the same: tile, card, tree, lane, list of alarms, sentence, command line and report."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from twin_app.__main__ import main
from twin_app.clock import SECOND_NS
from twin_app.model.packml import STATE_WORDS, Category
from twin_app.service.opening import open_line, read_through
from twin_app.text import number
from ui.docks import DOCKS
from ui.main_window import MainWindow
from ui.palette import glyph
from ui.panels.tree import STATE

ROOT = Path(__file__).resolve().parents[3]
LAYOUT = ROOT / "models3d" / "lines" / "packaging.toml"
CAPTURE = ROOT / "sample_streams" / "packaging.jsonl"
SHOWN = tuple(spec for spec in DOCKS if spec.key in {"tree", "alarms", "timeline"})


@pytest.mark.parametrize("second", [40, 75, 120, 170])
def test_that_everything_says_the_same_at_one_playhead(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str], second: int
) -> None:
    session = open_line(LAYOUT, [str(CAPTURE)], record=False)
    read_through(session, None)
    span = session.span()
    assert span is not None
    at_ns = span.start_ns + second * SECOND_NS
    window = make_window(specs=SHOWN)
    window.dock_area.reveal("tree")
    window.bridge.open(session)
    window.bridge.pause()
    window.bridge.seek(at_ns)
    qtbot.waitUntil(lambda: window.sentence.frame is not None and window.sentence.frame.at_ns == at_ns and window.bridge.query.idle)
    frame: Any = window.sentence.frame
    said = _told(capsys, "state", "--at", f"+{second}s")
    counted = _told(capsys, "kpi", "--to", f"+{second}s")
    sheet = tmp_path / "sheet.html"
    assert main(["report", "--layout", str(LAYOUT), "--source", str(CAPTURE), "--to", f"+{second}s", "-o", str(sheet)]) == 0
    page = html.unescape(sheet.read_text(encoding="utf-8"))

    tree: Any = window.dock_area.panels["tree"]
    rows = {node.unit: tree.model.createIndex(node.row, STATE, node.number).data() for node in tree.model._nodes if node.unit}
    for unit in session.line.units:
        card, told = window.unit_strip.cards[unit.id].face, said["units"][unit.id]
        state = frame.units[unit.id].state
        assert state is not None
        assert told["state"] == state.title
        assert (card.glyph, card.state) == (glyph(state), STATE_WORDS[state])
        assert rows[unit.id].split() == [glyph(state), *STATE_WORDS[state].split()]
        # The lane: the state of its last piece up to the playhead.
        lane = session.timeline(unit.id, span.start_ns, at_ns + 1)
        assert int(lane.state[-1]) == int(state)
        # What the figures rest on: the ledger of the frame, and that of the command line.
        ledger = counted["units"][unit.id]["category_s"]
        own = frame.figures.units[unit.id].ledger.category_ns
        assert ledger == {str(category): own[category] / SECOND_NS for category in Category if str(category) in ledger}
    strip = window.kpi_strip.cells
    assert strip["oee"].figure.text() in page
    good = counted["line"]["good"]
    assert strip["good"].figure.text().startswith("–" if good is None else number(good))
    scrapped = counted["line"]["scrapped"]
    assert strip["scrap"].figure.text() == ("–" if scrapped is None else number(scrapped))
    told = window.sentence.said.told
    if frame.story.causes:
        assert told.head in page
    assert bool(frame.story.causes) == ("Nothing is wrong on the line." not in page)
    assert sum(window.top_bar.alarms._picture.counts) == sum(frame.alarms.counts)
    session.close()


def _told(capsys: pytest.CaptureFixture[str], command: str, *words: str) -> dict[str, Any]:
    """Return what the command line answers."""
    capsys.readouterr()
    assert main([command, "--layout", str(LAYOUT), "--source", str(CAPTURE), *words, "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer
