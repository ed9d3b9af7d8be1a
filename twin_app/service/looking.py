"""A look at a table before it is imported: its first rows as they are read, and what each column would become. Not for importing it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from twin_app.errors import TwinError, UsageError
from twin_app.layout.signals import signal_table
from twin_app.model.samples import TextTable
from twin_app.service import mappings
from twin_app.tables import Columns, Given, Taking, open_table, understood
from twin_app.tables.columns import LEFT_OUT, Target, Targets
from twin_app.tables.guessing import forms, settled, times
from twin_app.tables.taking import BAD_TIME, SKIPPED, Counts
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from twin_app.model.equipment import Line
    from twin_app.model.signal import SignalTable
    from twin_app.tables.reading import Table

LOOKED_AT_ROWS = 2_000
LOOKED_AT_CELLS = 200_000
SHOWN_ROWS = 100
LONGEST_CELL = 200
NEW, KNOWN, LEFT, NOBODY = "new", "known", "left out", "nobody"
"""What a column is to the line: a signal that it does not have yet, one that it has, nothing by a person's will, nothing that is known."""


@dataclass(frozen=True, slots=True)
class Named:
    """One column, or one tag of a column of signals."""

    name: str
    example: str
    target: str
    """`UNIT/NAME`, or empty."""
    is_a: str
    taken: int
    """Samples of the rows that were looked at."""
    wrong: int
    """Cells that were left out, of the same."""
    reason: str = ""
    """Of the first of these; a sentence of the catalogue."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a table looks like by what is given."""

    given: Given
    """With what was found out."""
    headings: tuple[str, ...]
    encoding: str
    marked: bool
    separator: str
    asked: Given
    """What was said, by a person now or the last time."""
    remembered: bool
    """Whether that was the last time."""
    home: str
    """The line's zone."""
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    times: tuple[int | None, ...]
    wrong: dict[tuple[int, int], str]
    """The reason by number of the row and column."""
    named: tuple[Named, ...]
    time: int
    """Which column; -1 where none is known."""
    long: bool
    signal: int
    value: int
    clock: int
    own: Mapping[int, str]
    """Further columns that are read: what each is called."""
    counts: Counts
    whole: bool
    """Whether all rows were looked at."""
    forms: tuple[str, ...]
    """By which the times can be read; more than one where the day may be the month."""
    problem: TwinError | None = None
    """Why it could not be imported so."""


def look(line: Line, path: Path, given: Given | None) -> Look:
    """Look at a table; without anything given, by what was said of such a table before.

    Raises:
        TwinError: it cannot be read at all.
    """
    asked = given or Given()
    asked.check()
    table = open_table(path, separator=asked.separator, encoding=asked.encoding, zone=line.zone)
    before = mappings.kept(line, table.headings) if given is None else None
    if before is not None and (before.separator, before.encoding) != ("", ""):
        table = open_table(path, separator=before.separator, encoding=before.encoding, zone=line.zone)
    asked = before or asked
    found = settled(table, asked, line.zone)
    return _Looking(line, table, asked, found, remembered=before is not None, fit=_forms(table, asked, found, line)).told()


def _forms(table: Table, asked: Given, found: Given, line: Line) -> tuple[str, ...]:
    """Return by which forms the times can be read, where no person said it."""
    if asked.time_unit != "auto" or found.time not in table.headings:
        return ()
    return forms(times(table.headings, table.first, found), found.zone or line.zone)


@dataclass(slots=True)
class _Looking:
    """The rows that are looked at, taken as they would be."""

    line: Line
    table: Table
    asked: Given
    given: Given
    remembered: bool
    fit: tuple[str, ...]
    problem: TwinError | None = None
    counts: Counts = field(default_factory=Counts)
    samples: Counter[int] = field(default_factory=Counter)

    def told(self) -> Look:
        """Return what is seen."""
        signals, texts = signal_table(self.line), TextTable()
        known = len(signals)
        targets = self._targets(signals)
        columns = self._columns(targets)
        taking = Taking(self.line, signals, texts, columns=columns, given=self.given, targets=targets, message=count().__next__)
        most = min(LOOKED_AT_ROWS, max(SHOWN_ROWS, LOOKED_AT_CELLS // len(self.table.headings)))
        rows = list(islice(self.table.rows, most))
        times: list[int | None] = []
        for number, cells in rows:
            times.append(taking.instant(cells) if columns.time >= 0 and len(times) < SHOWN_ROWS else None)
            if columns.time >= 0:
                taking.take(number, cells)
        self.counts = taking.counts
        self.samples = Counter(int(i) for i in taking.samples.take_all().signal)
        shown = rows[:SHOWN_ROWS]
        return Look(
            given=self.given, asked=self.asked, headings=self.table.headings, encoding=self.table.encoding, marked=self.table.marked, separator=self.table.separator,
            remembered=self.remembered, home=self.line.zone, rows=tuple(tuple(_text(cell) for cell in cells) for _, cells in shown),
            numbers=tuple(number for number, _ in shown), times=tuple(times[:SHOWN_ROWS]), wrong=dict(taking.counts.places),
            named=self._named(rows, columns, targets, signals, known), time=columns.time, long=columns.signal >= 0, signal=columns.signal, value=columns.value, own={place: name for name, place in columns.own.items()}, clock=columns.clock,
            counts=taking.counts, whole=len(rows) < most, forms=self.fit, problem=self.problem or _nothing(taking.counts),
        )  # fmt: skip

    def _targets(self, signals: SignalTable) -> Targets:
        """Return the line's signals; where a mapping names none, by their names alone."""
        try:
            return Targets(self.line, signals, self.given.mapped)
        except UsageError as error:
            self.problem = error
            return Targets(self.line, signals, {})

    def _columns(self, targets: Targets) -> Columns:
        """Return what the columns mean; where that cannot be told, the time alone."""
        try:
            return understood(self.table.headings, self.given, targets)
        except UsageError as error:
            self.problem = self.problem or error
        headings = self.table.headings
        place, clock = (headings.index(name) if name in headings else -1 for name in (self.given.time, self.given.clock))
        return Columns(time=place, clock=clock, wide={})

    def _named(
        self, rows: Sequence[tuple[int, list[Any]]], columns: Columns, targets: Targets, signals: SignalTable, known: int
    ) -> tuple[Named, ...]:
        """Return every column, or every tag, that could be a signal."""
        examples: dict[str, str] = {}
        tags: dict[str, tuple[str, str]] = {}
        wrong: dict[str, list[str]] = {}
        places = self.counts.places
        if columns.signal >= 0:
            for number, cells in rows:
                tag, unit = (_text(cells[i]) if 0 <= i < len(cells) else "" for i in (columns.signal, columns.own.get("unit", -1)))
                parts, tag = (tag, unit), f"{unit}/{tag}" if unit and tag else tag
                tags[tag] = parts
                cell = cells[columns.value] if 0 <= columns.value < len(cells) else None
                examples[tag] = examples.get(tag) or _text(cell)
                if reason := places.get((number, columns.value)):
                    wrong.setdefault(tag, []).append(reason)
            examples.pop("", None)
        else:
            of_column: dict[int, list[str]] = defaultdict(list)
            for (_, place), reason in places.items():
                of_column[place].append(reason)
            for i, name in enumerate(self.table.headings):
                if i not in {columns.time, columns.clock} and name:
                    texts = (_text(row[i]) for _, row in rows if i < len(row))
                    examples[name] = next((text for text in texts if text), "")
                    wrong[name] = of_column[i]
        return tuple(
            self._one(name, example, wrong.get(name, []), targets.find(*tags.get(name, (name, ""))), signals, known)
            for name, example in examples.items()
        )

    def _one(self, name: str, example: str, wrong: list[str], target: Target | None, signals: SignalTable, known: int) -> Named:
        """Return one of them."""
        if self.given.mapped.get(name) == LEFT_OUT:
            return Named(name, example, "", LEFT, 0, 0)
        if target is None:
            return Named(name, example, "", NOBODY, 0, 0)
        i = signals.find(*target)
        is_a = KNOWN if i is not None and i < known else NEW
        taken = self.samples[i] if i is not None else 0
        return Named(name, example, "/".join(target), is_a, taken, len(wrong), wrong[0] if wrong else "")


def _nothing(counts: Counts) -> TwinError | None:
    """Return why nothing would be imported, None where something would."""
    if counts.samples:
        return None
    if not counts.rows:
        return UsageError(N_("The table has no rows, or nothing tells their time."))
    if counts.refused[BAD_TIME] + counts.refused[SKIPPED] == counts.rows:
        what = N_("No time of the first {n} rows could be understood.")
        return UsageError(what, tip=N_("Look at the column of the time, its form and its zone."), n=counts.rows)
    return UsageError(
        N_("None of the first {n} rows holds a value of the line."), tip=N_("Choose a signal for each column below."), n=counts.rows
    )


def _text(cell: Any) -> str:  # noqa: ANN401 - a cell
    """Return a cell as it is shown."""
    return "" if cell is None else " ".join(str(cell)[:LONGEST_CELL].split())
