"""The line's sentence: what ails it, since when, who waits and what it costs, readable from afar. Not for finding it: see `analyse`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy
from typing_extensions import override

from twin_app.analyse.wording import Told, calm, others, told
from twin_app.clock import SECOND_NS
from twin_app.kpi.plan_words import ahead_told
from twin_app.model.story import CauseKind, Effect
from twin_app.text import N_, tr
from ui.legibility import at_least, capital_px
from ui.panels.base import Panel
from ui.theme import font
from ui.widgets.lowness import Lowness
from ui.words import ideal_per_min, product_of, rate_of_ideal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from twin_app.model.frame import Frame
    from twin_app.model.story import Cause, Story
    from ui.context import Context

BEHIND = 0.02
"""By more than this share of the shift's plan behind it, the calm line says so."""
EDGE_PX = 8
PAD_PX = 14
SMALL = 0.65
"""What stands behind the head is written so much smaller where nothing of it finds room otherwise."""
TIGHT, AIRY = 1.1, 1.25
"""Height of the band in heights of its text, where the window is low and where it is not."""
GROWTH = 1.5
"""The sentence against the desktop's own text, where nobody reads it from afar."""
LOUD_AFTER_S = 10.0
"""A stop that buffers hide speaks up after so long; before it is said quietly."""


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in the band; `priority` 0 is quiet."""

    told: Told
    priority: int = 0
    more: tuple[str, ...] = ()


class SentenceBand(Panel):
    """One row of constant height, so that a stop moves nothing below it."""

    key = "sentence"
    title = N_("What ails the line")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        """Start without a sentence."""
        super().__init__(context, parent)
        self.setObjectName("sentence")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.said = Said(Told())
        self._unit = ""
        self._second = -1
        self.lowness = Lowness(self)
        self.lowness.changed.connect(self.updateGeometry)
        context.theme.changed.connect(self.update)

    @override
    def show_frame(self, frame: Frame) -> None:
        if self.view is None:
            return
        changes, second = frame.changes, frame.at_ns // SECOND_NS
        if second == self._second and not (changes.all or changes.story or changes.figures or changes.units):
            return  # nothing that is told of, and nobody reads faster
        self._second = second
        story = frame.story
        said = self._calm(frame) if story is None or not story.causes else self._abnormal(frame, story)
        self._unit = story.causes[0].unit if story and story.causes else ""
        if said == self.said:
            return
        self.said = said
        self.setToolTip("\n".join((said.told.whole, *said.more)))
        self.setAccessibleName(said.told.whole)
        self.update()

    def _abnormal(self, frame: Frame, story: Story) -> Said:
        """Return the story's words and how loud they are."""
        assert self.view is not None  # noqa: S101 - asked by show_frame
        return Said(
            told(self.view.line, story, buffers=frame.buffers),
            priority_of(story, story.causes[0], frame.at_ns),
            tuple(others(self.view.line, story)),
        )

    def _calm(self, frame: Frame) -> Said:
        """Say what the line makes while nothing ails it, that it stands as planned, or that nobody knows yet."""
        assert self.view is not None  # noqa: S101 - asked by show_frame
        line = self.view.line
        story, words = frame.story, list[str]()
        if story is not None and not story.planned:
            ideal = ideal_per_min(line, line.constraint, product_of(frame, line.constraint))
            rate = rate_of_ideal(frame.rates_per_min.get(line.constraint, float("nan")), ideal)
            words = [tr("{unit}: {rate}", unit=line.unit(line.constraint).title, rate=rate)]
        against = frame.against
        if against is not None and against.target and against.ahead < -BEHIND * against.target:
            words += [ahead_told(against)]
        return Said(Told(calm(line, story), " · ".join(words)))

    # -- size and painting --------------------------------------------------------------------------------------

    def fonts(self) -> tuple[QFont, QFont]:
        """Return the fonts of what happened and of what stands behind it, large enough for the display's reader."""
        points = self.font().pointSizeF()
        bold, plain = font(points * GROWTH, bold=True), font(points * GROWTH)
        look = self.context.settings.look
        if look.preset == "operator":
            size = self.screen().size()
            capital = capital_px((size.width(), size.height()), diagonal_in=look.diagonal_in, distance_m=look.distance_m)
            bold, plain = at_least(bold, capital), at_least(plain, capital)
        return bold, plain

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, round(QFontMetricsF(self.fonts()[0]).height() * (TIGHT if self.lowness.low else AIRY)))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    @override
    def retranslate(self) -> None:
        self.updateGeometry()
        self.update()
        if self.frame is not None and self.view is not None:
            self._second = -1
            self.show_frame(self.frame)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._unit:
            self.context.selection.select(self._unit)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette, said = QPainter(self), self.context.theme.palette, self.said
        painter.fillRect(self.rect(), QColor(palette.raised if said.priority else palette.panel))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(palette.line))
        if said.priority:
            painter.fillRect(QRectF(0, 0, EDGE_PX, self.height()), QColor(palette.priority[said.priority - 1]))
        bold, plain = self.fonts()
        if not said.priority:  # quiet: nobody has to read it from afar
            bold, plain = font(self.font().pointSizeF() * 1.15, bold=True), font(self.font().pointSizeF() * 1.15)
        left = float(EDGE_PX + PAD_PX)
        more = tr("+{n} more", n=len(said.more)) if said.more else ""
        right = self.width() - PAD_PX - self._write_more(painter, more)
        left = _write(
            painter,
            QRectF(left, 0, right - left, self.height()),
            said.told.head + (tr(".") if said.priority else ""),
            bold,
            QColor(palette.text),
        )
        rest = QColor(palette.text if said.priority else palette.dim)
        room = QRectF(left + PAD_PX, 0, right - left - PAD_PX, self.height())
        ways = (said.told.rest, *said.told.shorter)
        if said.priority:  # behind a full stop
            ways = tuple(way[:1].upper() + way[1:] for way in ways)
        words, written = fitting(ways, plain, room.width())
        _write(painter, room, words, written, rest)

    def _write_more(self, painter: QPainter, words: str) -> float:
        """Write at the right how many causes more there are; return the room it takes."""
        if not words:
            return 0.0
        small = font(self.font().pointSizeF())
        painter.setFont(small)
        painter.setPen(QColor(self.context.theme.palette.dim))
        painter.drawText(
            QRectF(0, 0, self.width() - PAD_PX, self.height()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words
        )
        return QFontMetricsF(small).horizontalAdvance(words) + PAD_PX


def fitting(ways: Sequence[str], written: QFont, room: float) -> tuple[str, QFont]:
    """Return the first way of saying it that finds room, in its font or a smaller one; where none does, the last."""
    small = QFont(written)
    small.setPointSizeF(written.pointSizeF() * SMALL)
    for tried in (written, small):
        metrics = QFontMetricsF(tried)
        for way in ways:
            if metrics.horizontalAdvance(way) <= room:
                return way, tried
    return ways[-1], small


def _write(painter: QPainter, rect: QRectF, words: str, written: QFont, color: QColor) -> float:
    """Write one run within its room, shortened where it does not fit; return where it ends."""
    if not words or rect.width() < PAD_PX:
        return rect.left()
    metrics = QFontMetricsF(written)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(written)
    painter.setPen(color)
    baseline = rect.center().y() + metrics.capHeight() / 2
    painter.drawText(QPointF(rect.left(), baseline), shown)
    return rect.left() + metrics.horizontalAdvance(shown)


def priority_of(story: Story, first: Cause, at_ns: int) -> int:
    """Return how loud a story is, as alarm priorities are: 1 the line stands, 2 it is slow or something failed, 3 buffers hide it; 0 quiet."""
    lasted_s = (at_ns - first.since_ns) / SECOND_NS
    if story.effect is Effect.STOPPED:
        return 1
    if story.effect in {Effect.SLOWED, Effect.UNKNOWN} or first.kind is CauseKind.FAILED:
        return 2
    return 3 if lasted_s >= LOUD_AFTER_S else 0
