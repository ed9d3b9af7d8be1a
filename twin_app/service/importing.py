"""A table of samples into a recording of its own, which says where it is from. Not for understanding tables: see `tables`."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin_app.clock import MILLISECOND_NS
from twin_app.errors import UsageError
from twin_app.history.schema import SUFFIX
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model import signal as names
from twin_app.model.samples import Kind, Quality, SampleColumns, Samples, TextTable
from twin_app.tables import Taking, open_table, understood
from twin_app.tables.columns import Targets
from twin_app.tables.guessing import settled
from twin_app.tables.taking import BAD_TIME
from twin_app.text import N_, number, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from twin_app.model.equipment import Line
    from twin_app.model.signal import SignalTable
    from twin_app.tables import Columns, Given, Table
    from twin_app.tables.taking import Counts

IMPORTED = "imported"
"""The word of a recording that says what table it was made from: its name and SHA-256."""
SIMULATED = "simulated"
SAMPLES_A_STEP = 50_000
ROWS_A_LOOK = 1_000
"""Between two looks at whether somebody gave up."""
NAMED = 8


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a table."""

    table: Table
    columns: Columns
    counts: Counts
    given: Given
    """With what was found out."""
    zone: str


def bring_in(
    layout: Path, source: Path, out: Path, given: Given, *, progress: Callable[[int, float], None] = lambda _rows, _share: None
) -> Brought:
    """Read a table and write its samples as a new recording; `progress` is told the rows that were read and which share of the file.

    Raises:
        TwinError: the layout is wrong, the table cannot be read or understood, or the recording cannot be written.
    """
    line = load(layout)
    _check_name(out)
    signals, texts = signal_table(line), TextTable()
    given.check()
    targets = Targets(line, signals, given.mapped)
    table = open_table(source, separator=given.separator, encoding=given.encoding, zone=line.zone)
    given = settled(table, given, line.zone)
    columns = understood(table.headings, given, targets)
    part = out.with_name(f".{out.name.removesuffix(SUFFIX)}.part{SUFFIX}")
    part.unlink(missing_ok=True)
    store = Store.reopen(part, signals=signals, texts=texts)
    try:
        taking = Taking(line, signals, texts, columns=columns, given=given, targets=targets, message=store.next_seq)
        _write(store, line, signals, taking, table, progress)
        store.mark(IMPORTED, f"{source.name} {_digest(source)}")
        if taking.simulated:
            store.mark(SIMULATED, source.name)
        store.commit()
        _fold(store)
        if (span := store.span()) is not None:
            store.describe(line, span.start_ns)
        store.seal(everything=True)
    except BaseException:
        store.close()
        part.unlink(missing_ok=True)
        raise
    store.close()
    if not taking.counts.samples:
        part.unlink(missing_ok=True)
        found = " ".join(left_out(columns.unmapped, taking.counts))
        what = N_("The table {path} holds no sample of the line in its {rows} rows. {found}")
        raise UsageError(what, tip=_cure(taking.counts), path=source.name, rows=number(taking.counts.rows), found=found)
    part.replace(out)
    return Brought(table, columns, taking.counts, given, given.zone or line.zone)


def _check_name(out: Path) -> None:
    """Look whether a recording may be written under a name."""
    if out.suffix.casefold() != SUFFIX:
        raise UsageError(N_("{path} is no name for a recording."), tip=N_("Let it end with .twinrec."), path=out)
    if out.exists():
        raise UsageError(N_("{path} is there already, and a recording is never written over."), tip=N_("Give another name."), path=out)
    if not out.absolute().parent.is_dir() or not os.access(out.absolute().parent, os.W_OK):
        what = N_("The folder {path} is not there, or nothing may be written into it.")
        raise UsageError(what, tip=N_("Give another name."), path=out.absolute().parent)


def _write(store: Store, line: Line, signals: SignalTable, taking: Taking, table: Table, progress: Callable[[int, float], None]) -> None:
    """Write every sample; where the table says nothing of the sources themselves, they were there from its first to its last instant."""
    links = [i for i, signal in enumerate(signals) if signal.unit.startswith("@")]
    told, first, last = False, 0, 0
    for number_, cells in table.rows:
        taking.take(number_, cells)
        if taking.counts.rows % ROWS_A_LOOK == 0:
            progress(taking.counts.rows, table.share())
        if len(taking.samples) >= SAMPLES_A_STEP:
            told, first, last = _append(store, taking.samples.take_all(), links, told=told, first=first, last=last)
            store.commit()
            _fold(store)
    progress(taking.counts.rows, 1.0)
    told, first, last = _append(store, taking.samples.take_all(), links, told=told, first=first, last=last)
    if not told and last:
        store.append(_presence(line, signals, first, last, store.next_seq()))


def _append(store: Store, samples: Samples, links: list[int], *, told: bool, first: int, last: int) -> tuple[bool, int, int]:
    """Append samples; return whether any speaks of a source, and the first and last instant so far."""
    if not len(samples):
        return told, first, last
    store.append(samples)
    earliest, latest = int(samples.effective_ns.min()), int(samples.effective_ns.max())
    told = told or bool(np.isin(samples.signal, links).any())
    return told, min(first or earliest, earliest), max(last, latest)


def _presence(line: Line, signals: SignalTable, first_ns: int, last_ns: int, message: int) -> Samples:
    """Return the samples that say that the sources were there while the table tells of the line."""
    rows = SampleColumns()
    for source in line.sources:
        signal = signals.find(names.source_unit(source.id), names.CONNECTED)
        if signal is not None:
            for at_ns, value in ((first_ns, 1.0), (last_ns + MILLISECOND_NS, 0.0)):
                rows.put(signal, at_ns, at_ns, at_ns, value, Kind.BOOL, Quality.GOOD, message)
    return rows.take_all()


def _fold(store: Store) -> None:
    """Fold all that was accepted, so that it may be sealed."""
    while store.folded < store.watermark:
        store.fold()


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cure(counts: Counts) -> str:
    """Return what helps where no sample was found; a sentence of the catalogue."""
    if not counts.rows:
        return N_("It has headings only.")
    if counts.refused[BAD_TIME] == counts.rows:
        return N_('Say how its times are written, such as --time-format "%d.%m.%Y %H:%M:%S", and of which --zone they are.')
    return N_('Name the column of each signal: --map "HEADING=UNIT/NAME".')


def told(brought: Brought, out: Path) -> list[str]:
    """Return what was done and what was left out, worded."""
    counts, table = brought.counts, brought.table
    said = [tr("{out}: {samples} samples of {rows} rows.", out=out, samples=number(counts.samples), rows=number(counts.rows))]
    if table.separator:
        separator = {"\t": "TAB"}.get(table.separator, table.separator)
        said.append(
            tr("Read as {encoding}, cells separated by “{separator}”, decimal sign “{decimal}”; times without a zone as of {zone}.",
               encoding=table.encoding, separator=separator, decimal=brought.given.decimal, zone=brought.zone)
        )  # fmt: skip
    if brought.columns.clock >= 0:
        said.append(tr("Times read from “{date}” and “{clock}”.", date=brought.given.time, clock=brought.given.clock))
    if brought.given.time_unit != "auto":
        said.append(tr("Times read as {form}.", form=brought.given.time_unit))
    return said + left_out(brought.columns.unmapped, counts)


def left_out(unmapped: Sequence[str], counts: Counts) -> list[str]:
    """Return what was left out, worded."""
    said = []
    if unmapped:
        names_ = ", ".join(unmapped[:NAMED])
        said.append(tr("Columns that are no signal of the line: {n} ({names}).", n=len(unmapped), names=names_))
    for reason, count in counts.refused.most_common():
        said.append(
            tr("Left out, {reason}: {n}, the first in row {example}.", reason=tr(reason), n=number(count), example=counts.examples[reason])
        )
    if counts.nobody:
        names_ = ", ".join(tag for tag, _ in counts.nobody.most_common(NAMED))
        said.append(tr("Samples of signals that the line does not have: {n} ({names}).", n=number(counts.nobody.total()), names=names_))
    return said
