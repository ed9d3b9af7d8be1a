"""The sheet on paper: what a heading heads stands on its page, rows stay whole, and pictures lead where those of the screen do."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtGui import QPdfWriter, QTextDocument
from pytestqt.qtbot import QtBot

from twin_app.report.drawing import Drawn, Spot
from ui.sheet_pdf import Piece, Section, pages, sections

ROW, REMARK = "<tr><td>07:00</td><td>Filler</td></tr>", "<tr><td></td><td>rest of it</td></tr>"
HEAD = "<tr><th>Start</th><th>Unit</th></tr>"


def page(*parts: str) -> str:
    """Return what `report.page` makes for paper, as far as its form goes."""
    return f"<html><head><style>td {{ padding: 2px; }}</style></head><body><h1>Line</h1>{''.join(parts)}</body></html>"


@pytest.fixture
def writer(qtbot: QtBot, tmp_path: Path) -> QPdfWriter:
    made = QPdfWriter(str(tmp_path / "x.pdf"))
    made.setResolution(300)
    return made


def shown(laid: list[list[Piece]]) -> dict[QTextDocument, float]:
    """Return how much of each document stands on the pages, heads that are written again left out."""
    found: dict[QTextDocument, float] = {}
    for pieces in laid:
        for piece in pieces:
            if piece.top in {0.0, found.get(piece.document, 0.0)}:
                found[piece.document] = piece.bottom
    return found


@pytest.mark.parametrize("share", [0.3, 0.5, 0.62, 0.7, 0.81, 0.9])
def test_that_no_heading_stands_alone_and_no_row_is_cut(writer: QPdfWriter, share: float) -> None:
    table = f"<h2>Stops</h2><table>{HEAD}{(ROW + REMARK) * 30}</table>"
    found = sections(page("<h2>Notes</h2><p>none</p>", table, "<h2>End</h2><p>none</p>"), {}, writer)
    height = found[2].height * share
    laid = pages(found, height)
    assert shown(laid) == {section.document: pytest.approx(section.height) for section in found}
    lines = {round(row.top) for row in _rows(found[2])}
    for pieces in laid:
        assert all(piece.at + piece.bottom - piece.top <= height + 1 for piece in pieces)
        assert all(one.at + one.bottom - one.top <= other.at + 1 for one, other in pairwise(pieces))
        for piece in pieces:
            if piece.document is found[2].document and piece.top > 0 and (piece.top, piece.bottom) != found[2].head:
                assert any(abs(piece.top - line) < 12 for line in lines)
    first = next(piece for pieces in laid for piece in pieces if piece.document is found[2].document)
    assert first.bottom > _rows(found[2])[2].top  # the heading has at least two rows beneath the head of its table
    again = [pieces[0] for pieces in laid[1:] if pieces[0].document is found[2].document and pieces[0].top > 0]
    assert {(piece.top, piece.bottom) for piece in again} <= {found[2].head}  # where a table goes on its head is written again
    assert again


def _rows(section: Section) -> list[Piece]:
    """Return the rows of a section's table that have a first cell, as pieces of it."""
    layout, block, found = section.document.documentLayout(), section.document.begin(), []
    while block.isValid():
        if block.text() in {"Start", "07:00"}:
            rect = layout.blockBoundingRect(block)
            found.append(Piece(section.document, rect.top(), rect.bottom(), 0.0))
        block = block.next()
    return found


def test_that_what_fits_beside_nothing_has_a_page_of_its_own(writer: QPdfWriter) -> None:
    small = sections(page("<h2>A</h2><p>a</p>", "<h2>B</h2><p>b</p>"), {}, writer)
    tall = Section(QTextDocument(), 1000.0)
    laid = pages([*small, tall, small[0]], 800.0)
    assert [[piece.document for piece in pieces] for pieces in laid] == [
        [one.document for one in small],
        [tall.document],
        [tall.document, small[0].document],
    ]


def test_that_places_of_a_picture_are_links_on_paper_too(writer: QPdfWriter, tmp_path: Path) -> None:
    from PySide6.QtGui import QPainter

    from ui.sheet_pdf import _paint

    picture = Drawn('<svg viewBox="0 0 100 40"></svg>', [Spot(50, 10, 25, 20, "twin:///l.toml?at=2026-11-23T00:00:00.000Z", "")])
    painter = QPainter(writer)
    _paint(painter, writer, pages(sections(page('<h2>States</h2><img src="picture:lanes">'), {"lanes": picture}, writer), writer.height()))
    painter.end()
    written = (tmp_path / "x.pdf").read_bytes()
    assert written.count(b"/URI (twin:///l.toml?at=2026-11-23T00:00:00.000Z)") == 1
