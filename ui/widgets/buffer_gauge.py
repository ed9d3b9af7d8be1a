"""The buffer between two units as a narrow gauge: how full, and when it will be full or empty. Not for finding that: see `analyse`."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from twin_app.model.buffer import Basis, BufferNow
from twin_app.text import duration, number, tr
from ui.theme import font

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from twin_app.model.equipment import Line
    from ui.context import Theme

WIDTH_PX = 28
NARROWEST = 80
"""Width of letters in per cent, where words would not fit otherwise."""
BAR_PX = 10.0
SOON_S = 120.0
"""A buffer that will be full or empty within so long speaks up."""


class BufferGauge(QWidget):
    """One upright bar with a figure below it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        """Start unknown."""
        super().__init__(parent)
        self._theme = theme
        self.said: tuple[float, str, bool, bool] = (float("nan"), "–", False, True)
        """Share of one, words, whether it speaks up, whether it is not known."""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_buffers(self, line: Line, buffers: tuple[BufferNow, ...], ailing: frozenset[str]) -> None:
        """Show the buffers that stand here; several, where the flow parts or joins, as the one they are told as.

        A time is shown where a unit beside it is among those that ail or wait: in a line that flows levels rise and fall.
        """
        first = buffers[0] if buffers else None
        share = first.share if first else float("nan")
        times = [b.full_in_s for b in buffers if b.to in ailing and b.unit not in ailing]
        times += [b.empty_in_s for b in buffers if b.unit in ailing and b.to not in ailing]
        soon_s = min(filter(isfinite, times), default=float("inf"))
        soon = soon_s <= SOON_S
        words = _compact(soon_s) if soon else f"{number(share * 100)} %" if isfinite(share) else "–"
        said = (round(share, 2), words, soon, first is None or first.basis is Basis.UNKNOWN)
        if repr(said) != repr(self.said):
            self.said = said
            self.update()
        self.setToolTip("\n".join(sentence(line, b) for b in buffers))

    @override
    def sizeHint(self) -> QSize:
        return QSize(WIDTH_PX, 60)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self._theme.palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        share, words, soon, unknown = self.said
        accent = QColor(palette.priority[2] if soon else palette.neutral)
        small = font(self.font().pointSizeF() * 0.85, bold=soon)
        below = QFontMetricsF(small).height()
        bar = QRectF((self.width() - BAR_PX) / 2, 5, BAR_PX, max(self.height() - below - 10, 6))
        painter.setPen(QPen(accent if soon else QColor(palette.dim), 1.2, Qt.PenStyle.DashLine if unknown else Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(bar, 2, 2)
        if isfinite(share):
            height = bar.height() * min(max(share, 0.0), 1.0)
            painter.fillRect(QRectF(bar.left() + 1.5, bar.bottom() - height + 1.5, bar.width() - 3, max(height - 3, 0)), accent)
        if QFontMetricsF(small).horizontalAdvance(words) > self.width():  # in large letters, too, the words are read whole
            small.setStretch(NARROWEST)
        if (wide := QFontMetricsF(small).horizontalAdvance(words)) > self.width():
            small.setPointSizeF(small.pointSizeF() * self.width() / wide)
        painter.setFont(small)
        painter.setPen(QColor(palette.text if soon else palette.dim))
        painter.drawText(QRectF(0, bar.bottom() + 2, self.width(), below), Qt.AlignmentFlag.AlignCenter, words)


def sentence(line: Line, buffer: BufferNow) -> str:
    """Return what is known of a buffer in words."""
    ends = tr("{a} → {b}", a=line.unit(buffer.unit).title, b=line.unit(buffer.to).title)
    if buffer.basis is Basis.UNKNOWN:
        return tr("Buffer {ends}: level unknown", ends=ends)
    basis = tr("measured") if buffer.basis is Basis.MEASURED else tr("estimated")
    parts = [
        tr(
            "Buffer {ends}: {level} of {capacity}, {basis}",
            ends=ends,
            level=number(buffer.level),
            capacity=number(buffer.capacity),
            basis=basis,
        )
    ]
    if isfinite(buffer.full_in_s):
        parts.append(tr("{unit} blocks in {time}", unit=line.unit(buffer.unit).title, time=duration(buffer.full_in_s)))
    if isfinite(buffer.empty_in_s):
        parts.append(tr("{unit} starves in {time}", unit=line.unit(buffer.to).title, time=duration(buffer.empty_in_s)))
    return " · ".join(parts)


def _compact(seconds: float) -> str:
    """Return a short time that finds room below a bar."""
    return tr("{s} s", s=round(seconds))
