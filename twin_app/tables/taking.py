"""Rows of a table to samples of a line. What cannot be understood is counted by reason, with its row; nothing is made up."""

from __future__ import annotations

import re
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from twin_app.codec import values
from twin_app.codec.refusal import Reason, reason_of
from twin_app.codec.states import mode_words, state_words
from twin_app.codec.times import source_time_ns
from twin_app.errors import DecodeError
from twin_app.layout.signals import signal_path
from twin_app.model import signal as names
from twin_app.model.samples import NEVER, Kind, Quality, SampleColumns
from twin_app.model.signal import Signal, SignalKind
from twin_app.tables.columns import joined
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin_app.model.equipment import Line
    from twin_app.model.samples import TextTable
    from twin_app.model.signal import SignalTable
    from twin_app.tables.columns import Columns, Given, Target, Targets

BAD_TIME = N_("not a time, or one without a zone")
SKIPPED = N_("a time that its zone skips, for clocks are put forward then")
NOTED = 10_000
"""Cells that were left out are remembered by their places, so many at most; counted are all."""
QUALITIES = {quality.name.lower(): quality for quality in Quality}
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ .\u00a0\u202f]\d{3})+,\d+")
SPECIAL = {"nan": float("nan"), "infinity": float("inf"), "-infinity": float("-inf")}


@dataclass(slots=True)
class Counts:
    """What became of the rows and cells."""

    rows: int = 0
    samples: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Cells or rows that were left out, by reason."""
    examples: dict[str, str] = field(default_factory=dict)
    """The first of each reason: its row and what stood there."""
    places: dict[tuple[int, int], str] = field(default_factory=dict)
    """The reason by row and column of what was left out first."""
    nobody: Counter[str] = field(default_factory=Counter)
    """Samples whose signal is none of the line's, by the tag."""


class Taking:
    """Takes rows of one table."""

    def __init__(
        self,
        line: Line,
        signals: SignalTable,
        texts: TextTable,
        *,
        columns: Columns,
        given: Given,
        targets: Targets,
        message: Callable[[], int],
    ) -> None:
        """Begin without rows; `message` numbers each row, as messages are numbered."""
        self._line, self._signals, self._texts = line, signals, texts
        self._columns, self._given, self._targets, self._message = columns, given, targets, message
        self._zone = given.zone or line.zone
        self._states = {source.id: (state_words(source), mode_words(source)) for source in line.sources}
        self._found: dict[tuple[str, str], Target | None] = {}
        self._before_ns = NEVER
        self.simulated = False
        """Whether some row says that a simulation made it."""
        self.counts = Counts()
        self.samples = SampleColumns()

    def take(self, number: int, cells: Sequence[Any]) -> None:
        """Take one row."""
        self.counts.rows += 1
        columns = self._columns
        at_ns = self._instant(self._time_cell(cells))
        if at_ns is None:
            self._refuse(self._why_no_time(cells), number, self._time_cell(cells), columns.time)
            return
        self._before_ns = at_ns
        self.simulated |= str(self._own(cells, "simulated")).casefold() == "true"
        message = self._message()
        if columns.wide:
            for place, target in columns.wide.items():
                cell = self._cell(cells, place)
                if cell is not None and cell != "":
                    self._put(number, target, cell, at_ns, message, place=place)
        else:
            self._take_long(number, cells, at_ns, message)

    def instant(self, cells: Sequence[Any]) -> int | None:
        """Return a row's time in UTC ns as it would be taken, None where it is none."""
        return self._instant(self._time_cell(cells))

    def _time_cell(self, cells: Sequence[Any]) -> Any:  # noqa: ANN401 - a cell
        """Return a row's time: one cell, or a date and the time of day."""
        cell = self._cell(cells, self._columns.time)
        if self._columns.clock < 0 or cell is None:
            return cell
        return joined(cell, self._cell(cells, self._columns.clock))

    def _why_no_time(self, cells: Sequence[Any]) -> str:
        """Return why a row's time is none."""
        cell = self._time_cell(cells)
        cell = cell.isoformat() if isinstance(cell, datetime) else cell
        return BAD_TIME if source_time_ns(cell, self._given.time_unit, "UTC") is None else SKIPPED

    def _take_long(self, number: int, cells: Sequence[Any], at_ns: int, message: int) -> None:
        """Take a row that is one sample."""
        tag = str(self._cell(cells, self._columns.signal) or "")
        unit = str(self._own(cells, "unit") or "")
        if (unit, tag) not in self._found:
            self._found[unit, tag] = self._targets.find(tag, unit)
        target = self._found[unit, tag]
        if target is None:
            self.counts.nobody[f"{unit}/{tag}" if unit else tag] += 1
            return
        kind = self._own(cells, "type")
        if kind in (None, ""):
            cell = self._cell(cells, self._columns.value)
            if cell is not None and cell != "":
                self._put(number, target, cell, at_ns, message, quality=self._quality(cells), place=self._columns.value)
            return
        self._put_typed(number, cells, target, at_ns, message)

    def _put_typed(self, number: int, cells: Sequence[Any], target: Target, at_ns: int, message: int) -> None:
        """Take a row of the twin's own export, which says what each value is: the sample is the same to the bit."""
        kind = str(self._own(cells, "type"))
        cell = self._cell(cells, self._columns.value) if self._columns.value >= 0 else self._own(cells, kind)
        try:
            value, is_a = self._typed(kind, cell)
        except ValueError:
            self._refuse(Reason.NOT_A_NUMBER, number, cell, self._columns.value)
            return
        source, received = (self._instant(self._own(cells, name)) for name in ("source_time", "received_time"))
        quality = self._quality(cells)
        times = (at_ns, NEVER if source is None else source, at_ns if received is None else received)
        self.samples.put(self._signal(target, is_a, str(self._own(cells, "unit_of_measure") or "")), *times, value, is_a, quality, message)
        self.counts.samples += 1

    def _typed(self, kind: str, cell: Any) -> tuple[float, Kind]:  # noqa: ANN401 - a cell
        """Return a value that says what it is; ValueError where it is not."""
        if kind == "null":
            return values.NO_VALUE
        if kind == "boolean":
            return (1.0 if str(cell).casefold() == "true" else 0.0), Kind.BOOL
        if kind == "text":
            return float(self._texts.code(str(cell))), Kind.TEXT
        if kind == "bytes":
            return float(self._texts.code(cell if isinstance(cell, bytes) else b64decode(str(cell), validate=True))), Kind.BLOB
        if kind == "integer":
            return float(self._texts.code(str(int(cell)))), Kind.BIG_INT
        return SPECIAL[cell.casefold()] if isinstance(cell, str) and cell.casefold() in SPECIAL else float(cell), Kind.NUMBER

    def _put(
        self, number: int, target: Target, cell: Any, at_ns: int, message: int, *, place: int, quality: Quality = Quality.GOOD  # noqa: ANN401 - a cell
    ) -> None:  # fmt: skip
        """Take a cell of a foreign table."""
        try:
            value, kind = self._value(target, cell)
        except DecodeError as error:
            self._refuse(reason_of(error), number, cell, place)
            return
        self.samples.put(self._signal(target, kind), at_ns, at_ns, at_ns, value, kind, quality, message)
        self.counts.samples += 1

    def _value(self, target: Target, cell: Any) -> values.Reading:  # noqa: ANN401 - a cell
        """Return what a cell says of a signal, by what the layout knows of it; DecodeError where it says nothing."""
        unit, name = target
        if not isinstance(cell, str | float | int):
            cell = _as_written(cell)
        if isinstance(cell, str):
            cell = self._number_as_written(cell.strip())
        known = self._signals.find(unit, name)
        if name in {names.STATE, names.MODE} and not unit.startswith("@"):
            return self._word(unit, name, cell)
        kind = self._signals[known].kind if known is not None else None
        if kind is SignalKind.COUNTER:
            return values.counter(cell, self._texts)
        if kind is SignalKind.TEXT:
            return values.text(cell, self._texts)
        if kind is None and isinstance(cell, str) and not (values.looks_like_number(cell) or values.looks_like_flag(cell)):
            return values.text(cell, self._texts)
        return values.measurement(cell, self._texts)

    def _word(self, unit: str, name: str, cell: Any) -> values.Reading:  # noqa: ANN401 - a cell
        """Return a state's or mode's canonical word."""
        words = self._states[self._line.unit(unit).source][name == names.MODE]
        if isinstance(cell, str) and (words.knows_name(cell) or not values.looks_like_number(cell)):
            title, _ = words.of_name(cell)
        else:
            title, _ = words.of_number(values.whole_number(cell))
        return float(self._texts.code(title)), Kind.TEXT

    def _number_as_written(self, cell: str) -> str:
        """Return a cell with a point where its language has a comma."""
        if self._given.decimal == ",":
            if _GROUPED.fullmatch(cell):
                return re.sub(r"[ .\u00a0\u202f]", "", cell).replace(",", ".")
            if _DECIMAL_COMMA.fullmatch(cell):
                return cell.replace(",", ".")
        return cell

    def _instant(self, cell: Any) -> int | None:  # noqa: ANN401 - a cell
        """Return a time in UTC ns, None where it is none; of an hour that occurs twice the second is taken once rows are past the first."""
        if cell is None or cell == "":
            return None
        if isinstance(cell, datetime):
            cell = cell.isoformat()
        at_ns = source_time_ns(cell, self._given.time_unit, self._zone)
        if at_ns is not None and isinstance(cell, str) and at_ns < self._before_ns:
            moment = datetime.fromtimestamp(at_ns / 1e9, ZoneInfo(self._zone))
            again = moment.replace(fold=1)
            shift_ns = round((again.timestamp() - moment.timestamp()) * 1e9)
            if moment.fold == 0 and shift_ns > 0 and at_ns + shift_ns >= self._before_ns and _names_no_zone(cell):
                return at_ns + shift_ns
        return at_ns

    def _signal(self, target: Target, kind: Kind, measure: str = "") -> int:
        """Return the signal's number; one that the layout does not know is added as what its first value is, in the unit that its row says."""
        unit, name = target
        found = self._signals.find(unit, name)
        if found is not None:
            return found
        says = SignalKind.TEXT if kind in {Kind.TEXT, Kind.BLOB} else SignalKind.MEASUREMENT
        return self._signals.add(Signal(path=signal_path(self._line, unit, name), unit=unit, name=name, kind=says, unit_of_measure=measure))

    def _quality(self, cells: Sequence[Any]) -> Quality:
        """Return the quality a row says; without one it is good."""
        said = self._own(cells, "quality")
        return QUALITIES.get(str(said).strip().casefold(), Quality.UNCERTAIN) if said not in (None, "") else Quality.GOOD

    def _own(self, cells: Sequence[Any], name: str) -> Any:  # noqa: ANN401 - a cell
        """Return the cell of one of the twin's own columns, None where there is none."""
        place = self._columns.own.get(name, -1)
        return self._cell(cells, place) if place >= 0 else None

    @staticmethod
    def _cell(cells: Sequence[Any], place: int) -> Any:  # noqa: ANN401 - a cell
        """Return a cell, None where the row is too short."""
        return cells[place] if 0 <= place < len(cells) else None

    def _refuse(self, reason: str, number: int, cell: Any, place: int) -> None:  # noqa: ANN401 - a cell
        """Count what is left out, and keep the first as an example."""
        self.counts.refused[str(reason)] += 1
        if len(self.counts.places) < NOTED:
            self.counts.places[number, place] = str(reason)
        self.counts.examples.setdefault(str(reason), f"{number}: {str(cell)[:60]}")


def _as_written(cell: Any) -> str | int | float:  # noqa: ANN401 - a cell
    """Return what a cell of Parquet that is neither text, number nor flag would be in CSV."""
    if isinstance(cell, Decimal) and cell.is_finite():
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _names_no_zone(written: str) -> bool:
    """Tell whether a time could be of two hours: it says neither Z nor an offset."""
    return re.search(r"(?:[zZ]|UTC|GMT|[+-]\d\d:?\d\d)\s*$", written) is None
