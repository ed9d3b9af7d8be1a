"""Writing on a card: rows of runs that give way in order, names that keep their number. Not for what is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

GAP_PX = 8.0
CONDENSED = 82
"""Width of letters in per cent where a word would not fit otherwise."""
NUMBER = re.compile(r"[\s\-_#/–]*\S*\d\S*$")
"""The end of a name that tells it from others of its kind."""

Run = tuple[str, QColor, QFont]


def advance(run: Run) -> float:
    """Return how wide a run of text is."""
    return QFontMetricsF(run[2]).horizontalAdvance(run[0])


def elided(metrics: QFontMetricsF, name: str, room: float) -> str:
    """Return a name as it fits: of one with a number at its end the number stays, `Case pa…13`."""
    if metrics.horizontalAdvance(name) <= room:
        return name
    number = NUMBER.search(name)
    tail = number[0].lstrip() if number and number.start() > 0 else ""
    left = room - metrics.horizontalAdvance(tail)
    head = metrics.elidedText(name.removesuffix(tail).rstrip(), Qt.TextElideMode.ElideRight, left) if tail and left > 0 else ""
    if len(head) > 1:
        return head + tail
    if tail and left >= 0:
        return tail
    return metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)


def fitted(written: QFont, words: str, room: float) -> QFont:
    """Return the font, condensed where the words would be wider than the room."""
    if QFontMetricsF(written).horizontalAdvance(words) <= room:
        return written
    return condensed(written)


def condensed(written: QFont) -> QFont:
    """Return a font with narrow letters."""
    narrow = QFont(written)
    narrow.setStretch(CONDENSED)
    return narrow


def first_fitting(ways: Sequence[str], written: QFont, room: float) -> str:
    """Return the first way of saying something that finds room, condensed where it must be; else the last."""
    narrow = QFontMetricsF(condensed(written))
    return next((way for way in ways if narrow.horizontalAdvance(way) <= room), ways[-1])


def write_row(painter: QPainter, rect: QRectF, left: Sequence[Run], right: Run) -> None:
    """Write runs from the left and one at the right; what finds no room is left out, the right first; the first of the left is shortened."""
    wanted = sum(advance(run) + 4 for run in left)
    rect, room = QRectF(rect), rect.width()
    if right[0] and wanted + GAP_PX + advance(right) <= room:
        painter.setFont(right[2])
        painter.setPen(right[1])
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, right[0])
        room -= advance(right) + GAP_PX
    for number, (words, color, written) in enumerate(left):
        if number and advance((words, color, written)) > room:
            return
        font = fitted(written, words, room)
        _draw(painter, rect, elided(QFontMetricsF(font), words, room), color, font)
        used = advance((words, color, font)) + 4
        rect.setLeft(rect.left() + used)
        room -= used


def write_name(painter: QPainter, rect: QRectF, name: str, written: QFont, color: QColor, *, lines: int) -> int:
    """Write a name over so many lines at most, condensed and shortened where it must be; return the lines used."""
    metrics = QFontMetricsF(written)
    height = metrics.height()
    first, _, second = name.rpartition(" ") if lines > 1 and metrics.horizontalAdvance(name) > rect.width() else (name, "", "")
    rows = [line for line in (first, second) if line]
    for number, line in enumerate(rows):
        font = fitted(written, line, rect.width())
        row = QRectF(rect.left(), rect.top() + number * height, rect.width(), height)
        _draw(painter, row, elided(QFontMetricsF(font), line, rect.width()), color, font)
    return len(rows)


def _draw(painter: QPainter, rect: QRectF, words: str, color: QColor, written: QFont) -> None:
    """Write words at the left of a row."""
    painter.setFont(written)
    painter.setPen(color)
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
