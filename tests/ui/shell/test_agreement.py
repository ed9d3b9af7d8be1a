"""At one playhead everything says the same: tile, card, tree, lane head, list of alarms, sentence, command line and report."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.session.plant import bits
from twin_app.__main__ import main
from twin_app.clock import SECOND_NS
from twin_app.model.entry import EntryKind
from twin_app.model.packml import Category
from twin_app.service.opening import open_line, read_through
from twin_app.session import Session
from twin_app.text import number, percent
from twin_app.times import iso_utc
from ui.docks import DOCKS
from ui.main_window import MainWindow
from ui.overview.glance import glance
from ui.palette import glyph
from ui.panels.tree import ALARMS_ROLE, NAME, STATE
from ui.words import oee, state_word, unit_state

ROOT = Path(__file__).resolve().parents[3]
LAYOUT = ROOT / "models3d" / "lines" / "packaging.toml"
CAPTURE = ROOT / "sample_streams" / "packaging.jsonl"
_ROW, _CELL, _TAG = re.compile(r"<tr.*?</tr>", re.DOTALL), re.compile(r"<t[dh].*?</t[dh]>", re.DOTALL), re.compile(r"<.*?>", re.DOTALL)
LOST = ROOT / "tests" / "data" / "captures" / "sparkplug_packml_sim.jsonl"
SHOWN = tuple(spec for spec in DOCKS if spec.key in {"tree", "alarms", "timeline", "stops"})
CALENDAR = """
[[shift]]
name = "Early"
start = "17:20"
end = "17:28"
days = ["Mon"]
breaks = [{ name = "Lunch", start = "17:27:00", end = "17:27:10" }]

[[shift]]
name = "Late"
start = "17:28"
end = "23:00"
days = ["Mon"]
"""
"""The capture begins at 17:25:57.481 of a Monday: its break is from 62.5 to 72.5 s, and 122.519 s is the border between two shifts."""


@dataclass
class Desk:
    """A window on a line that is read to its end, and what the command line says of the same recording, which it reads by itself."""

    window: MainWindow
    session: Session
    layout: Path
    source: Path
    qtbot: QtBot
    capsys: pytest.CaptureFixture[str]
    tmp_path: Path

    def seek(self, at_ns: int) -> Any:
        """Move the playhead; return the frame once every panel has shown it."""
        window = self.window
        before = window.sentence.frame
        window.bridge.seek(at_ns)

        def there() -> bool:
            frame = window.sentence.frame
            return frame is not None and frame is not before and frame.at_ns == at_ns and window.bridge.query.idle

        self.qtbot.waitUntil(there)
        return window.sentence.frame

    def say(self, command: str, *words: str) -> str:
        """Return what a command prints."""
        self.capsys.readouterr()
        assert main([command, "--layout", str(self.layout), "--source", str(self.source), *words]) == 0
        return self.capsys.readouterr().out

    def sheet(self, start_ns: int, at_ns: int) -> str:
        """Return the page of the report of a window."""
        page = self.tmp_path / "sheet.html"
        self.say("report", "--from", iso_utc(start_ns), "--to", iso_utc(at_ns), "-o", str(page))
        return html.unescape(page.read_text(encoding="utf-8"))


@pytest.fixture
def desk_of(
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[Path, Path], Desk]]:
    """Open a window once; the command line reads its own session of the file, anew whenever somebody has entered something, not for each command."""
    kept: dict[tuple[str, ...], Session] = {}
    shown: list[Session] = []
    closing: list[Callable[[], None]] = []

    def heard(arguments: Any) -> Session:
        key = (str(arguments.layout), *arguments.source, str(len(shown[-1].entries.said)))
        if key not in kept:
            kept[key] = open_line(arguments.layout, arguments.source, record=False)
            read_through(kept[key], None)
            closing.append(kept[key].close)
            monkeypatch.setattr(kept[key], "close", lambda: None)
        return kept[key]

    def make(layout: Path, source: Path) -> Desk:
        for module in ("answers", "report"):
            monkeypatch.setattr(f"twin_app.commands.{module}.heard", heard)
        session = open_line(layout, [str(source)], record=False)
        closing.append(session.close)
        shown.append(session)
        read_through(session, None)
        window = make_window(specs=SHOWN)
        for key in ("tree", "stops"):
            window.dock_area.reveal(key)
        window.bridge.open(session)
        window.bridge.pause()
        return Desk(window, session, layout, source, qtbot, capsys, tmp_path)

    yield make
    for close in closing:
        close()


def agree(desk: Desk, at_ns: int) -> Any:
    """Assert that all places say the same at an instant; return the frame."""
    frame = desk.seek(at_ns)
    start_ns = frame.shift_start_ns
    window = ("--from", iso_utc(start_ns), "--to", iso_utc(at_ns))
    said, counted = json.loads(desk.say("state", "--at", iso_utc(at_ns), "--json")), json.loads(desk.say("kpi", *window, "--json"))
    table, page = desk.say("kpi", *window), desk.sheet(start_ns, at_ns)
    rows = [[_TAG.sub("", cell).strip() for cell in _CELL.findall(row)] for row in _ROW.findall(page)]
    for unit in desk.session.line.units:
        _unit_agrees(desk, frame, unit.id, said["units"][unit.id], counted["units"][unit.id], rows)
    _line_agrees(desk, frame, counted["line"], table, page)
    _alarms_agree(desk, frame, page)
    return frame


def _unit_agrees(desk: Desk, frame: Any, unit: str, said: Any, counted: Any, rows: list[list[str]]) -> None:
    """Of one unit: state and figures, to the bit where they are no words."""
    window, now, figures = desk.window, frame.units[unit], frame.figures.units[unit]
    panels: Any = window.dock_area.panels
    card, tree = window.unit_strip.cards[unit].face, panels["tree"].model
    at = tree.index_of(unit)
    assert said["state"] == (None if now.state is None else now.state.title)
    assert (card.glyph, card.state) == (glyph(now.state), unit_state(now))
    assert tree.index(at.row(), STATE, at.parent()).data() == f"{glyph(now.state)}  {unit_state(now)}"
    assert card.state == state_word(now.state)
    content = panels["timeline"].canvas.content
    assert content._heads.of([unit]).mark == card.alarms == tree.index(at.row(), NAME, at.parent()).data(ALARMS_ROLE)
    lane = desk.session.timeline(unit, frame.span.start_ns, frame.at_ns + 1)
    assert (None if not len(lane) or lane.state[-1] < 0 else int(lane.state[-1])) == (None if now.state is None else int(now.state))
    assert counted["category_s"] == {str(category): figures.ledger.category_ns[category] / SECOND_NS for category in Category}
    kpi = figures.kpi
    for name in ("availability", "effectiveness", "quality_ratio", "oee_index", "oee_low", "oee_high"):
        told = counted["kpi"][name]
        assert told is None if getattr(kpi, name) != getattr(kpi, name) else bits(told) == bits(getattr(kpi, name))
    assert card.oee == f"OEE {percent(kpi.oee_told)}"
    assert card.parts == ("" if kpi.produced != kpi.produced else f"{number(kpi.produced)} made")
    row = next(row for row in rows if row[0] == desk.session.line.unit(unit).title and len(row) > 8)
    assert row[1] == number(kpi.good)
    assert row[6] == ("–" if kpi.early else oee(kpi))


def _line_agrees(desk: Desk, frame: Any, counted: Any, table: str, page: str) -> None:
    """Of the line: what the strip, a tile on the wall, the command line and the report say of OEE, output, scrap and what ails it."""
    kpi, figures, strip = frame.figures.line, frame.figures, desk.window.kpi_strip.cells
    seen = glance(desk.session.line, frame)
    assert strip["oee"].figure.text() == oee(kpi) == seen.oee
    assert oee(kpi) in page
    good, scrapped = number(kpi.good), number(figures.scrapped)
    assert strip["good"].figure.text() == good == seen.good == number(counted["good"])
    assert strip["scrap"].figure.text() == scrapped == number(counted["scrapped"])
    assert page.count(f">{good}<") >= 1
    assert page.count(f">{scrapped}<") >= 1
    cells = [cell.strip() for cell in next(row for row in table.splitlines() if row.startswith("│ Line")).strip("│ ").split("│")]
    assert cells[1:3] == [good, scrapped]
    assert cells[3:6] == [percent(kpi.availability), percent(kpi.effectiveness), percent(kpi.quality_ratio)]
    if kpi.early:
        assert cells[6] == oee(kpi)
    else:
        assert cells[6].startswith(percent(kpi.oee_index))
        assert oee(kpi).removesuffix(" %") in cells[6]
    for name in ("oee_index", "oee_low", "oee_high", "planned_busy_s", "production_s", "blind_s"):
        assert counted[name] is None if getattr(kpi, name) != getattr(kpi, name) else bits(counted[name]) == bits(getattr(kpi, name))
    told, causes = desk.window.sentence.said.told, frame.story.causes if frame.story else ()
    if causes:
        assert told.head == seen.head
        assert told.head in page
    assert bool(causes) == ("Nothing is wrong on the line." not in page)


def _alarms_agree(desk: Desk, frame: Any, page: str) -> None:
    """Of the alarms: the top bar, the list, a tile and the report."""
    listed = sum(frame.alarms.counts)
    assert sum(desk.window.top_bar.alarms._picture.counts) == listed == sum(glance(desk.session.line, frame).alarms)
    for now in frame.alarms.listed:
        assert not now.state.stands or desk.session.line.unit(now.alarm.unit).title in page


def test_that_everything_says_the_same_wherever_the_playhead_is(desk_of: Callable[[Path, Path], Desk], tmp_path: Path) -> None:
    layout = tmp_path / "line.toml"
    layout.write_text(LAYOUT.read_text(encoding="utf-8") + CALENDAR, encoding="utf-8")
    desk = desk_of(layout, CAPTURE)
    span = desk.session.span()
    assert span is not None

    def after(second: float) -> int:
        return span.start_ns + round(second * SECOND_NS)

    blind = agree(desk, after(3))
    assert {now.state for now in blind.units.values()} == {None}
    agree(desk, after(48))  # everything runs
    assert agree(desk, after(66)).figures.line.planned_busy_s < 66  # in the break
    agree(desk, after(100))  # the filler is held and the labeller suspended
    border = agree(desk, after(122.6))
    assert border.figures.line.planned_busy_s == pytest.approx(0.081)  # the late shift has just begun
    assert border.figures.line.early
    failed = agree(desk, after(150))
    assert failed.story.causes[0].unit == "Capper"
    _corrected(desk, after)
    _split(desk, after)


def _corrected(desk: Desk, after: Callable[[float], int]) -> None:
    """An order is entered, then corrected to have begun later, and a break that nobody planned."""
    entries = desk.session.entries
    made = entries.enter(EntryKind.NO_ORDER, after(125), end_ns=after(160))
    none = agree(desk, after(190)).figures.units["Capper"].ledger.category_ns[Category.NO_ORDER]
    entries.undo(made)
    entries.enter(EntryKind.BREAK, after(152), end_ns=after(160))
    frame = agree(desk, after(190))
    assert none > 0 == frame.figures.units["Capper"].ledger.category_ns[Category.NO_ORDER]
    assert frame.figures.units["Capper"].ledger.category_ns[Category.PLANNED] == 8 * SECOND_NS


def _split(desk: Desk, after: Callable[[float], int]) -> None:
    """The stop of the capper is split at 145 s, then all of it is one again: its reasons change, and no figure does."""
    entries, panels = desk.session.entries, desk.window.dock_area.panels
    panel: Any = panels["stops"]
    seen = desk.seek(after(190))
    start_ns, before = seen.shift_start_ns, seen.figures

    def stops() -> list[Any]:
        return [stop for stop in desk.session.stops(start_ns, after(190)) if stop.unit == "Capper"]

    whole = [(stop.start_ns, stop.end_ns) for stop in stops()]
    part = entries.enter(EntryKind.REASON, after(133.476), end_ns=after(145), unit="Capper", reason="other")
    agree(desk, after(190))
    assert len(stops()) == len(whole) + 1
    panel._ask()  # it asks by itself within a second
    told = [(stop.start_ns, stop.end_ns, stop.reason) for stop in stops()]
    desk.qtbot.waitUntil(lambda: sorted((s.start_ns, s.end_ns, s.reason) for s in panel._shown() if s.unit == "Capper") == told)
    entries.undo(part)
    frame = agree(desk, after(190))
    assert [(stop.start_ns, stop.end_ns) for stop in stops()] == whole
    assert bits(frame.figures) == bits(before)


def test_that_everything_says_the_same_of_a_capture_whose_sender_dies(desk_of: Callable[[Path, Path], Desk], tmp_path: Path) -> None:
    layout = tmp_path / "draft.toml"
    assert main(["discover", str(LOST), "--out", str(layout)]) == 0
    desk = desk_of(layout, LOST)
    span = desk.session.span()
    assert span is not None
    for share in (0.3, 0.7):
        agree(desk, span.start_ns + int((span.end_ns - span.start_ns) // 1_000_000 * share) * 1_000_000)
    assert {now.state for now in agree(desk, span.end_ns).units.values()} == {None}
