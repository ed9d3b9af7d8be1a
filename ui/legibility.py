"""How large letters must be to be read from where people sit: minutes of arc to pixels. Not for choosing fonts' families.

Source: ISO 9241-303 asks for 16 minutes of arc at least where text is read at once; the height meant is that of a capital.
"""

from __future__ import annotations

from math import hypot, radians, tan

from PySide6.QtGui import QFont, QFontMetricsF

from ui.theme import font

ARC_MINUTES = 16.0
MM_PER_INCH = 25.4


def capital_px(screen_px: tuple[int, int], *, diagonal_in: float, distance_m: float) -> float:
    """Return how high a capital is to be, in pixels of a screen of that many pixels and inches, seen from `distance_m`."""
    pitch_mm = diagonal_in * MM_PER_INCH / hypot(*screen_px)
    return distance_m * 1000.0 * tan(radians(ARC_MINUTES / 60.0)) / pitch_mm


def at_least(least: QFont, capital: float) -> QFont:
    """Return a font of the same weight whose capitals are at least so many pixels high."""
    height = QFontMetricsF(least).capHeight()
    if height >= capital or height <= 0:
        return least
    made = font(least.pointSizeF() * capital / height, bold=least.weight() >= QFont.Weight.DemiBold)
    while QFontMetricsF(made).capHeight() < capital:  # hinting rounds
        made.setPointSizeF(made.pointSizeF() * 1.02)
    return made
