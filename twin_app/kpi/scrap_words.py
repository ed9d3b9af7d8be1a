"""The line's scrap in words, for the window and the sheet alike: what share it is, and who threw out most. Not for counting it."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from twin_app.text import number, percent, tr

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import LineFigures


def scrapped_told(line: Line, figures: LineFigures) -> str:
    """Return the share of scrap in all pieces that left the line, good or thrown out, and the unit that threw out most.

    Says instead who does not count scrap, or that nobody counts pieces, where that is so.
    """
    if not figures.thrown_out:
        return tr("no machine counts pieces")
    silent = [unit for unit, scrap in figures.thrown_out.items() if not isfinite(scrap)]
    if silent:
        return tr("{unit} does not count scrap", unit=line.unit(silent[0]).title)
    unit, most = max(figures.thrown_out.items(), key=lambda item: item[1])
    if not most:
        return tr("no machine threw any out")
    worst = tr("most: {unit}, {count}", unit=line.unit(unit).title, count=number(most))
    left = figures.line.good + figures.scrapped
    return f"{percent(figures.scrapped / left)} · {worst}" if isfinite(left) and left else worst
