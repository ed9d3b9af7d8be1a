"""The sheet on paper: what a heading heads stands on its page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from ui.sheet_pdf import _lay_out, _torn

ROWS = "<tr><td>07:00</td><td>Filler</td></tr>" * 8


@pytest.mark.parametrize("lines", range(1, 14))
def test_that_no_heading_stands_alone_at_the_foot_of_a_page(qtbot: QtBot, lines: int) -> None:
    document = QTextDocument()
    document.setDocumentMargin(0)
    height = document.documentLayout().documentSize().height()
    document.setPageSize(QSizeF(400, 10 * height))
    page = "<p style='margin:0'>Line</p>" * lines + f"<h2>Stops</h2><table width='100%'>{ROWS}</table><h2>Notes</h2><p>none</p>"
    _lay_out(document, page)
    assert _torn(document) is None
    assert document.toPlainText().count("Stops") == 1
    assert document.pageCount() <= 4
