"""The formats of an export by name. Not for their cells: see `words`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

from twin_app.export.choice import Choice
from twin_app.export.mcap import write_mcap
from twin_app.export.parquet import write_parquet
from twin_app.export.rows import Tally, batches, rows
from twin_app.export.twinrec import write_twinrec
from twin_app.export.wide import write_wide
from twin_app.export.words import HEADINGS, cell, csv_line, json_line
from twin_app.session import Session

if TYPE_CHECKING:
    from pathlib import Path

Form = Callable[[BinaryIO, Session, Choice, Tally, Callable[[int], None]], None]
"""Writes the chosen samples of a session, counts them, and tells how far it is, in UTC ns."""


def _write_csv(out: BinaryIO, session: Session, choice: Choice, tally: Tally, progress: Callable[[int], None]) -> None:
    """Write a line of CSV a sample, UTF-8, behind a line of headings."""
    simulated = cell("boolean", session.simulated)
    out.write((",".join(HEADINGS) + "\n").encode())
    out.writelines(
        "".join(csv_line(row, simulated) for row in rows(session, samples)).encode()
        for samples in batches(session, choice, tally, progress)
    )


def _write_jsonl(out: BinaryIO, session: Session, choice: Choice, tally: Tally, progress: Callable[[int], None]) -> None:
    """Write an object a sample and line."""
    simulated = session.simulated
    for samples in batches(session, choice, tally, progress):
        out.writelines(json_line(row, simulated=simulated) for row in rows(session, samples))


FORMS: dict[str, Form] = {"csv": _write_csv, "jsonl": _write_jsonl, "parquet": write_parquet, "mcap": write_mcap, "twinrec": write_twinrec}
"""A row a sample, or a recording of its own."""
WIDE: Form = write_wide
"""A column a signal."""


def form_of(path: Path) -> str:
    """Return the format that a file's name means, CSV where it means none."""
    ending = path.suffix.removeprefix(".").lower()
    return ending if ending in FORMS else "csv"
