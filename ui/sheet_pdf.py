"""A shift's sheet on paper: the page of `twin_app.report` laid out by Qt, pictures as lines and not as dots. Not for what stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QFile, QMarginsF, QObject, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
)
from PySide6.QtSvg import QSvgRenderer
from typing_extensions import override

from twin_app.errors import RecordingError
from twin_app.report.page import html, pictures, title, when
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from twin_app.report.drawing import Drawn
    from twin_app.report.handover import Handover
    from twin_app.report.leads import LinkTo

DOTS_PER_INCH = 300
MARGIN_MM = 14.0
GAP = 0.012
"""Share of the page's height between two sections."""
AIR = 0.1
"""Share of a line's height that a row has above its letters."""
FOOT = 0.022
"""Share of the page's height below the text, for its number."""
FEWEST_ROWS = 3
"""So many rows of a table stand together at least, its head among them, or all there are."""
HEADING = "<h2>"
BODY, BODY_END = "<body>", "</body>"
SPACE, PICTURE = "\N{NO-BREAK SPACE}", "\N{OBJECT REPLACEMENT CHARACTER}"
BAR_WIDE, BAR_HIGH = 0.42, 0.008
"""A whole bar, in shares of the text's width."""
WIDEST_BAR = 1 / 3
"""The loss that fills a whole bar, as a share of the planned time: as on the page for the screen."""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" '
BAR_COLOR, FOOT_COLOR = QColor("#848C94"), QColor("#5F6770")


def write_pdf(sheet: Handover, link: LinkTo, path: Path) -> None:
    """Write a sheet as PDF on A4; its times are links, too.

    Raises:
        RecordingError: the file cannot be written.
    """
    file = QFile(str(path))
    if not file.open(QFile.OpenModeFlag.WriteOnly):
        raise RecordingError(
            N_("{path} cannot be written: {reason}."), tip=N_("Give another name or folder."), path=path, reason=file.errorString()
        )
    writer = QPdfWriter(file)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(*[MARGIN_MM] * 4), QPageLayout.Unit.Millimeter
        )
    )
    writer.setTitle(f"{title(sheet)} – {when(sheet)}")
    writer.setCreator("twin-app")
    painter = QPainter(writer)
    try:
        _paint(painter, writer, pages(sections(html(sheet, link, paper=True), pictures(sheet, link), writer), writer.height() * (1 - FOOT)))
    finally:
        painter.end()
        file.close()
    if file.error() is not QFile.FileError.NoError:  # the disk is full
        raise RecordingError(
            N_("{path} cannot be written: {reason}."), tip=N_("Give another name or folder."), path=path, reason=file.errorString()
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what it heads, laid out as high as it is; it may be cut at some heights, between two rows of a table."""

    document: QTextDocument
    height: float
    cuts: tuple[float, ...] = ()
    head: tuple[float, float] = (0.0, 0.0)
    """From where to where the head of its table reaches, which is written again where the table goes on."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What of a section stands where on a page: from `top` to `bottom` of it, at `at` of the page."""

    document: QTextDocument
    top: float
    bottom: float
    at: float


def sections(page: str, drawn: Mapping[str, Drawn], writer: QPdfWriter) -> list[Section]:
    """Return a page of HTML in its sections, each as wide as the paper."""
    before, body, rest = page.partition(BODY)
    style = before.partition("<style>")[2].partition("</style>")[0]
    inside, end, _ = rest.partition(BODY_END)
    first, *others = inside.split(HEADING)
    return [_section(style, body + text + end, drawn, writer) for text in (first, *(HEADING + other for other in others))]


def _section(style: str, text: str, drawn: Mapping[str, Drawn], writer: QPdfWriter) -> Section:
    """Return one section, and where it may be cut."""
    document = QTextDocument()
    document.setDocumentMargin(0)
    layout = document.documentLayout()
    layout.setPaintDevice(writer)
    layout.registerHandler(QTextFormat.ObjectTypes.ImageObject.value, _Pictures(dict(drawn), writer.width(), layout))
    document.setDefaultStyleSheet(style)
    document.setTextWidth(writer.width())
    document.setHtml(text)
    tables = [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]
    cuts = sorted([*(y for table in tables for y in _cuts(table)), *_between_pictures(document)])
    head = (_top(tables[-1], 0), _top(tables[-1], 1)) if tables and _is_head(tables[-1]) else (0.0, 0.0)
    return Section(document, document.size().height(), tuple(cuts), head)


def _between_pictures(document: QTextDocument) -> list[float]:
    """Return the heights between pictures that stand one below the other."""
    block, found, layout = document.begin(), [], document.documentLayout()
    while block.isValid():
        if block.text() == PICTURE and block.previous().text() == PICTURE:
            found.append(layout.blockBoundingRect(block).top())
        block = block.next()
    return found


def _cuts(table: QTextTable) -> list[float]:
    """Return the heights between rows of a table at which enough of it stays on both sides; a remark stays with its row."""
    rows = range(FEWEST_ROWS, table.rows() - FEWEST_ROWS + 2)
    return [_top(table, row) for row in rows if table.cellAt(row, 0).firstCursorPosition().block().text().strip()]


def _top(table: QTextTable, row: int) -> float:
    """Return where a row begins: at the highest of its cells, half of the space between rows above."""
    layout = table.document().documentLayout()
    columns = range(table.columns())
    return (
        min(layout.blockBoundingRect(table.cellAt(row, column).firstCursorPosition().block()).top() for column in columns)
        - layout.blockBoundingRect(table.cellAt(row, 0).firstCursorPosition().block()).height() * AIR
    )


def _is_head(table: QTextTable) -> bool:
    """Tell whether the first row of a table says what stands below it."""
    return table.rows() > FEWEST_ROWS and not table.cellAt(0, 0).firstCursorPosition().charFormat().isAnchor()


def pages(found: Sequence[Section], height: float) -> list[list[Piece]]:
    """Return what stands on each page: sections whole where they fit, else cut where they may be; nothing reaches over a page's end."""
    laid: list[list[Piece]] = [[]]
    at = 0.0
    for section in found:
        top, again, at = 0.0, (0.0, 0.0), at + GAP * height if laid[-1] else 0.0
        while top < section.height:
            room = height - at - (again[1] - again[0])
            end = section.height if section.height - top <= room else max((y for y in section.cuts if top < y <= top + room), default=None)
            if end is None and not laid[-1]:
                end = min(top + room, section.height)  # a picture higher than a page
            if end is not None:
                if again[1] > again[0]:
                    laid[-1].append(Piece(section.document, *again, at))
                    at += again[1] - again[0]
                laid[-1].append(Piece(section.document, top, end, at))
                at, top = at + end - top, end
            if top < section.height:
                laid.append([])
                at, again = 0.0, section.head if top else again
    return laid


def _paint(painter: QPainter, writer: QPdfWriter, laid: Sequence[Sequence[Piece]]) -> None:
    """Paint page after page, each with its number."""
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
    for number, pieces in enumerate(laid):
        if number:
            writer.newPage()
        for piece in pieces:
            painter.save()
            painter.translate(0, piece.at - piece.top)
            context.clip = QRectF(0, piece.top, writer.width(), piece.bottom - piece.top)
            painter.setClipRect(context.clip)
            piece.document.documentLayout().draw(painter, context)
            painter.restore()
        painter.setPen(FOOT_COLOR)
        foot = QRectF(0, writer.height() * (1 - FOOT), writer.width(), writer.height() * FOOT)
        words = tr("page {page} of {pages}", page=number + 1, pages=len(laid))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, words)


class _Pictures(QPyTextObject):
    """Draws what the page names: `picture:NAME` as wide as the text, `bar:SHARE` as long as the share."""

    def __init__(self, drawn: dict[str, Drawn], width: float, parent: QObject) -> None:
        """Take the pictures by name, and the text's width in dots."""
        super().__init__(parent)
        self._width = width
        self._spots = {f"picture:{name}": picture.spots for name, picture in drawn.items()}
        self._drawn = {
            f"picture:{name}": QSvgRenderer(QByteArray(picture.svg.replace("<svg ", SVG, 1).encode()), self)
            for name, picture in drawn.items()
        }

    @override
    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        picture = self._drawn.get(_name(format))
        if picture is None:
            return QSizeF(self._width * BAR_WIDE, self._width * BAR_HIGH)
        size = picture.viewBoxF()
        return QSizeF(self._width, self._width * size.height() / size.width())

    @override
    def drawObject(self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> None:
        name, place = _name(format), QRectF(rect)
        if picture := self._drawn.get(name):
            picture.render(painter, place)
            scale = place.width() / picture.viewBoxF().width()
            for spot in self._spots[name]:
                _link_over(
                    painter,
                    QRectF(place.x() + spot.x * scale, place.y() + spot.y * scale, spot.width * scale, spot.height * scale),
                    spot.address,
                )
        elif name.startswith("bar:"):
            share = min(float(name.removeprefix("bar:")) / WIDEST_BAR, 1.0)
            painter.fillRect(QRectF(place.topLeft(), QSizeF(place.width() * share, place.height())), BAR_COLOR)


def _link_over(painter: QPainter, place: QRectF, address: str) -> None:
    """Let a place of the page be a link: Qt makes one of a word that is an anchor, so a space as large as the place is written over it."""
    words = QTextDocument()
    words.setDocumentMargin(0)
    form = QTextCharFormat()
    form.setAnchor(True)
    form.setAnchorHref(address)
    font = QFont(painter.font())
    font.setPixelSize(max(1, round(place.height())))
    form.setFont(font)
    QTextCursor(words).insertText(SPACE, form)
    words.documentLayout().setPaintDevice(painter.device())
    painter.save()
    painter.translate(place.topLeft())
    size = words.size()
    painter.scale(place.width() / size.width(), place.height() / size.height())
    words.drawContents(painter)
    painter.restore()


def _name(given: QTextFormat) -> str:
    """Return what a picture is called on the page."""
    return given.toImageFormat().name()
