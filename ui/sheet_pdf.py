"""A shift's sheet on paper: the page of `twin_app.report` laid out by Qt, pictures as lines and not as dots. Not for what stands on it."""

from __future__ import annotations

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
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtSvg import QSvgRenderer
from typing_extensions import override

from twin_app.errors import RecordingError
from twin_app.report.page import html, pictures, title, when
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.report.drawing import Drawn
    from twin_app.report.handover import Handover
    from twin_app.report.leads import LinkTo

DOTS_PER_INCH = 300
MARGIN_MM = 14.0
FOOT = 0.022
"""Share of the page's height below the text, for its number."""
SECTION = 2
"""Level of the headings within the sheet."""
FEWEST_CELLS = 12
"""So many cells of a table follow their heading at least, or all there are."""
HEADING, BROKEN = "<h2>", '<h2 style="page-break-before: always">'
SPACE = "\N{NO-BREAK SPACE}"
PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"
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
        _paint(painter, writer, _document(sheet, link, writer))
    finally:
        painter.end()
        file.close()


def _document(sheet: Handover, link: LinkTo, writer: QPdfWriter) -> QTextDocument:
    """Return the sheet as it is laid out for a writer's pages."""
    document = QTextDocument()
    document.setDocumentMargin(0)
    layout = document.documentLayout()
    layout.setPaintDevice(writer)
    layout.registerHandler(QTextFormat.ObjectTypes.ImageObject.value, _Pictures(pictures(sheet, link), writer.width(), layout))
    document.setPageSize(QSizeF(writer.width(), writer.height() * (1 - FOOT)))
    _lay_out(document, html(sheet, link, paper=True))
    return document


def _lay_out(document: QTextDocument, page: str) -> None:
    """Lay a page of HTML out; a heading whose picture, or first rows, would stand on the next sheet of paper begins that one."""
    first, *sections = page.split(HEADING)
    breaks: list[str] = [HEADING] * len(sections)
    document.setHtml(page)
    while (torn := _torn(document)) is not None and breaks[torn] == HEADING:
        breaks[torn] = BROKEN
        document.setHtml(first + "".join(begin + section for begin, section in zip(breaks, sections, strict=True)))


def _torn(document: QTextDocument) -> int | None:
    """Return which heading, from 0, does not stand on the page of what it heads; None: each does."""
    layout, high, number, block = document.documentLayout(), document.pageSize().height(), 0, document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel() == SECTION:
            top, bottom = layout.blockBoundingRect(block).bottom() - 1, layout.blockBoundingRect(_first_of(block)).bottom() - 1
            if top // high != bottom // high:
                return number
            number += 1
        block = block.next()
    return None


def _first_of(heading: QTextBlock) -> QTextBlock:
    """Return the last of what must stand on a heading's page: its picture, or some cells of its table."""
    last = heading
    for _ in range(FEWEST_CELLS):
        following = last.next()
        if not following.isValid() or following.blockFormat().headingLevel():
            break
        last = following
        if last.text() == PICTURE:
            break
    return last


def _paint(painter: QPainter, writer: QPdfWriter, document: QTextDocument) -> None:
    """Paint page after page, each with its number."""
    page = document.pageSize()
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)
    pages = document.pageCount()
    for number in range(pages):
        if number:
            writer.newPage()
        painter.save()
        painter.translate(0, -number * page.height())
        context.clip = QRectF(0, number * page.height(), page.width(), page.height())
        painter.setClipRect(context.clip)
        document.documentLayout().draw(painter, context)
        painter.restore()
        painter.setPen(FOOT_COLOR)
        foot = QRectF(0, page.height(), page.width(), writer.height() - page.height())
        painter.drawText(
            foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, tr("page {page} of {pages}", page=number + 1, pages=pages)
        )


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
