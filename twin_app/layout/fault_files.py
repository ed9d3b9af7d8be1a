"""The CSV files of fault words, hostile until read: every finding with its file and line. Not for what a fault means: see `plant`."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from twin_app.layout.derive_tables import FAULT, cell
from twin_app.layout.findings import Findings
from twin_app.text import tr

if TYPE_CHECKING:
    from pathlib import Path

    from twin_app.model.derive import Fault, FaultWord
    from twin_app.model.equipment import Unit

MAX_BYTES = 256 * 1024
MAX_ROWS = 53
_COLUMNS = tuple(key.name for key in FAULT.keys)


def with_faults(units: tuple[Unit, ...], folder: Path) -> tuple[tuple[Unit, ...], tuple[str, ...]]:
    """Return the units with the faults that their files describe, and everything that is wrong with those files, worded."""
    wrong: list[str] = []
    whole = []
    for unit in units:
        words = []
        for word in unit.fault_words:
            faults, findings = read_faults(word, folder)
            words.append(replace(word, faults=faults))
            wrong += findings
        whole.append(replace(unit, fault_words=tuple(words)) if words else unit)
    return tuple(whole), tuple(dict.fromkeys(wrong))


def read_faults(word: FaultWord, folder: Path) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """Return the faults of a word, and what is wrong with its file, worded; a blank file name was reported already."""
    if not word.file:
        return (), ()
    text = _text(folder / word.file)
    if text is None:
        sentence = tr("{file}: is not there, is no UTF-8, or is larger than {most} KiB.", file=word.file, most=MAX_BYTES // 1024)
        return (), (sentence,)
    findings = Findings(word.file, {})
    try:
        faults = _faults(text, findings)
    except csv.Error as error:
        return (), (tr("{file}: is no CSV: {reason}.", file=word.file, reason=error),)
    return faults, findings.sentences()


def _text(path: Path) -> str | None:
    """Return a file's text, None where there is none to be had."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        return data.decode("utf-8-sig") if len(data) <= MAX_BYTES else None
    except (OSError, UnicodeDecodeError):
        return None


def _faults(text: str, findings: Findings) -> tuple[Fault, ...]:
    """Return the rows of a file as faults; all that is wrong is reported."""
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in head and "," not in head else ",", strict=True)
    columns = [name.strip().casefold() for name in next(rows, [])]
    lines = findings.lines = {}
    for name in columns:
        if name not in _COLUMNS:
            findings.at().unknown_key(name, _COLUMNS, tr(FAULT.cures[""]) if not name else "")
    faults: list[Fault] = []
    for row in rows:
        if any(written.strip() for written in row):
            at = findings.at("fault", len(faults))
            lines[at.path] = rows.line_num
            if len(faults) == MAX_ROWS:
                at.report(tr("is one too many; a word has {most} bits at most", most=MAX_ROWS))
                break
            found = {name: cell(name, written) for name, written in zip(columns, row, strict=False) if name in _COLUMNS}
            faults.append(cast("Fault", FAULT.read({name: value for name, value in found.items() if value != ""}, at)))
    _differ([fault.bit for fault in faults], findings, "bit")
    return tuple(faults)


def _differ(values: list[int], findings: Findings, column: str) -> None:
    """Report what a row before has already."""
    for i, value in enumerate(values):
        at = findings.at("fault", i)
        if value in values[:i] and at.is_sound():
            at.into(column).report(
                tr("found {value}, which line {line} already has", value=value, line=findings.line(("fault", values.index(value))))
            )
