"""When a recording goes on in a new file: at the first border of a shift after the set age, else at local midnight. Not for writing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.plant.calendar import Calendar

if TYPE_CHECKING:
    from twin_app.model.equipment import Line

AGE_NS = 6 * 3600 * SECOND_NS
"""A file is at least so old when it ends, unless told otherwise: a shift is one file."""


class Rotation:
    """The borders between the files of one line's recording."""

    def __init__(self, line: Line, *, age_ns: int = AGE_NS) -> None:
        """Follow the line's calendar and zone."""
        self._calendar = Calendar(line)
        self._age_ns = age_ns

    def border(self, start_ns: int) -> int:
        """Return when a file that begins at an instant ends, UTC ns."""
        return self._calendar.border(start_ns + self._age_ns)

    def start(self, start_ns: int, at_ns: int) -> int:
        """Return when the file begins that holds `at_ns`, if one begins at `start_ns`: what nobody wrote has no files."""
        while (border_ns := self.border(start_ns)) <= at_ns:
            start_ns = border_ns
        return start_ns
