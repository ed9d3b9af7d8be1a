"""How a table is written: encoding, separator, decimal sign, shape, time and zone, each as found out until a person says otherwise. Not for its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from twin_app.tables import Given
from twin_app.tables.columns import LEFT_OUT, LONG_SHAPE, UNITS, WIDE
from twin_app.text import N_, tr
from ui.importing.choice import Choice
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin_app.service.looking import Look

ENCODINGS = (
    ("UTF-8", "utf-8-sig"),
    ("UTF-16", "utf-16"),
    ("Windows-1252", "cp1252"),
    ("GB 18030", "gb18030"),
    ("ISO 8859-15", "iso8859-15"),
)
SEPARATORS = ((N_("comma"), ","), (N_("semicolon"), ";"), (N_("tab"), "\t"), (N_("bar"), "|"))
DECIMALS = ((N_("point"), "."), (N_("comma"), ","))
SHAPES = ((N_("a column a signal"), WIDE), (N_("a row a sample"), LONG_SHAPE))
PATTERNS = ("%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d.%m.%y %H:%M:%S")
COUNTS = {"s": N_("seconds since 1970"), "ms": N_("milliseconds since 1970"), "us": N_("microseconds since 1970"), "ns": N_("nanoseconds since 1970")}  # fmt: skip
FIELDS = (
    ("encoding", N_("Encoding"), True), ("separator", N_("Separator"), True), ("decimal", N_("Decimal sign"), False), ("shape", N_("Shape"), False),
    ("time", N_("Column of the time"), False), ("time_unit", N_("Form of times"), True), ("zone", N_("Zone of times"), True), ("clock", N_("Column of the time of day"), False),
    ("signal", N_("Column of the signal"), False), ("value", N_("Column of the value"), False),
)  # fmt: skip
"""Key, words, and whether anything may be typed."""
ACROSS = 4


class Form(QWidget):
    """The fields, four in a row.

    Signals:
        said_otherwise(): a person chose or typed.
    """

    said_otherwise = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Start empty."""
        super().__init__(parent)
        self.fields: dict[str, Choice] = {}
        self._labels: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        for place, (key, words, typed) in enumerate(FIELDS):
            self._labels[key] = QLabel(tr(words), self)
            set_role(self._labels[key], "small")
            self.fields[key] = Choice(self, typed=typed)
            self.fields[key].setAccessibleName(tr(words))
            self.fields[key].said_otherwise.connect(self.said_otherwise)
            grid.addWidget(self._labels[key], 2 * (place // ACROSS), place % ACROSS)
            grid.addWidget(self.fields[key], 2 * (place // ACROSS) + 1, place % ACROSS)
        for column in range(ACROSS):
            grid.setColumnStretch(column, 1)
        self._show_parts(long=False)

    def given(self) -> Given:
        """Return what is said; what is left to be found out is empty."""
        said = {key: choice.said for key, choice in self.fields.items()}
        return Given(
            time=said["time"], clock=said["clock"], time_unit=said["time_unit"] or "auto", zone=said["zone"], decimal=said["decimal"], separator=said["separator"],
            encoding=said["encoding"], shape=said["shape"], signal=said["signal"], value=said["value"],
        )  # fmt: skip

    def show_look(self, seen: Look) -> None:
        """Offer what was found out, and stand at what was said."""
        given, asked = seen.given, seen.asked
        headings = [(heading, heading) for heading in dict.fromkeys(seen.headings) if heading]
        mark = tr("{encoding} with byte order mark") if seen.marked else "{encoding}"
        names = {value: text for text, value in ENCODINGS}
        encoding = mark.format(encoding=names.get(seen.encoding, seen.encoding)) if seen.encoding else "Parquet"
        self._offer("encoding", encoding, ENCODINGS, asked.encoding)
        self._offer("separator", _called(SEPARATORS, seen.separator), _words(SEPARATORS), asked.separator)
        self._offer("decimal", _called(DECIMALS, given.decimal), _words(DECIMALS), asked.decimal)
        self._offer("shape", _called(SHAPES, LONG_SHAPE if seen.long else WIDE), _words(SHAPES), asked.shape)
        self._offer("time", seen.headings[seen.time] if seen.time >= 0 else "—", headings, asked.time)
        self._offer("time_unit", self._form_found(seen), self._forms(seen), "" if asked.time_unit == "auto" else asked.time_unit)
        self._offer("zone", tr("{zone} (the line's)", zone=seen.home), [(zone, zone) for zone in sorted(available_timezones())], asked.zone)
        clock = seen.headings[seen.clock] if seen.clock >= 0 else tr("with the date")
        self._offer("clock", clock, [(tr("with the date"), LEFT_OUT), *headings], asked.clock)
        for key, place in (("signal", seen.signal), ("value", seen.value)):
            self._offer(key, seen.headings[place] if place >= 0 else "—", headings, getattr(asked, key))
        for key in ("encoding", "separator", "decimal"):
            self.fields[key].setEnabled(bool(seen.encoding if key == "encoding" else seen.separator))
        self._show_parts(long=seen.long or asked.shape == LONG_SHAPE)

    def _offer(self, key: str, found: str, words: Sequence[tuple[str, str]], said: str) -> None:
        """Offer the words of one field."""
        self.fields[key].offer(
            found if key == "zone" or found in {"—", tr("day or month?")} else tr("{what} (found out)", what=found), words, said
        )

    @staticmethod
    def _form_found(seen: Look) -> str:
        """Return the form of times that was found out."""
        if len(seen.forms) > 1:
            return tr("day or month?")
        if seen.given.time_unit != "auto":
            return seen.given.time_unit
        first = next((i for i, at in enumerate(seen.times) if at is not None), None)
        if first is None:
            return "—"
        cells = seen.rows[first]
        counted = cells[seen.time].replace(".", "").lstrip("+-").isdigit() if seen.time < len(cells) else False
        return tr("count since 1970") if counted else "ISO 8601"

    @staticmethod
    def _forms(seen: Look) -> list[tuple[str, str]]:
        """Return the forms that are offered: first those that fit."""
        fit = [form for form in (*seen.forms, *PATTERNS) if "%" in form]
        return [
            *((form, form) for form in dict.fromkeys(fit)),
            ("ISO 8601", "iso8601"),
            *((tr(COUNTS[unit]), unit) for unit in UNITS if unit in COUNTS),
        ]

    def _show_parts(self, *, long: bool) -> None:
        """Show what a row a sample needs only where rows are samples."""
        for key in ("signal", "value"):
            self._labels[key].setVisible(long)
            self.fields[key].setVisible(long)


def _words(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Return what is offered, worded."""
    return [(tr(words), value) for words, value in pairs]


def _called(pairs: tuple[tuple[str, str], ...], value: str) -> str:
    """Return what a value is called."""
    return next((tr(words) for words, one in pairs if one == value), value or "—")
