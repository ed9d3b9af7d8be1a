"""The line's name as paint for the hall's floor: letters to opacity. Qt painting, no VTK."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

_LETTER_PX = 96
_LONGEST_PX = 4096


def letters(title: str) -> NDArray[np.uint8]:
    """Return the opacity of a name's letters, rows from the top, shape (height, width); one empty pixel for an empty name."""
    if not title.strip():
        return np.zeros((1, 1), dtype=np.uint8)
    font = QFont()
    font.setPixelSize(_LETTER_PX)
    font.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    width, height = min(_LONGEST_PX, int(metrics.horizontalAdvance(title)) + 8), int(metrics.height())
    image = QImage(width, height, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
    painter.end()
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, image.bytesPerLine())
    return rows[:, :width].copy()
