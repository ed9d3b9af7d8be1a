"""Recordings of a filler and a capper over days, written as the recorder does: a file a shift, by what a test says happened."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.session.plant import LINE as BARE
from twin_app.history.files import file_name
from twin_app.history.rotation import Rotation
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.equipment import Break, Line, Shift
from twin_app.model.samples import TextTable
from twin_app.sources.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

HOUR_NS, MINUTE_NS, SECOND_NS = 3600 * 10**9, 60 * 10**9, 10**9
DAYS = tuple(range(7))
SHIFTS = tuple(
    Shift(name=name, start=time(start), end=time(end), days=DAYS)
    for name, start, end in (("Early", 6, 14), ("Late", 14, 22), ("Night", 22, 6))
)
LINE = replace(BARE, zone="Europe/Berlin", shifts=SHIFTS, content_hash="one")
LUNCH = replace(LINE, shifts=(replace(SHIFTS[0], breaks=(Break(name="Lunch", start=time(10), end=time(10, 30)),)), *SHIFTS[1:]))
SHANGHAI = replace(LINE, zone="Asia/Shanghai")
Said = tuple[int, str, dict[str, Any]]
"""When, which unit, what."""


def local(text: str, zone: str = "Europe/Berlin") -> int:
    """Return a wall clock time of a zone as UTC ns."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND_NS


def running(start_ns: int, end_ns: int, *, each_min: int = 10, per_min: int = 60, unit: str = "Filler", made: int = 0) -> list[Said]:
    """Return a unit that runs: it tells its state once at the start, and its counters every so many minutes; the last time at the end."""
    said: list[Said] = [(start_ns, unit, {"State": "Execute", "Mode": "Production", "Processed": made, "Defective": 0})]
    times = range(start_ns + each_min * MINUTE_NS, end_ns + 1, each_min * MINUTE_NS)
    return said + [(at_ns, unit, {"Processed": made + (at_ns - start_ns) * per_min // MINUTE_NS}) for at_ns in times]


def record(folder: Path, line: Line, said: Iterable[Said], *, whole: bool = False, first: str = "") -> Path:
    """Record what was said into a folder, a file a shift; `whole` into one file. Everything is sealed but for the newest file's end."""
    rows = sorted(said, key=lambda row: row[0])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (first or file_name(rows[0][0]))
    signals, texts = signal_table(line), TextTable()
    store = Store.reopen(path, signals=signals, texts=texts, rotation=None if whole else Rotation(line))
    intake = Intake(line, line.sources[0], store=store, signals=signals, texts=texts)
    try:
        intake.connected(rows[0][0])
        for part in _by_hours(rows):
            for at_ns, unit, fields in part:
                intake.receive(f"L1/{unit}", json.dumps({"t": at_ns // 10**6, **fields}).encode(), received_ns=at_ns)
            intake.flush()
            store.commit()
            store.fold()
        while store.seal(everything=True):
            store.fold()
    finally:
        store.close()
    return folder


def _by_hours(rows: Sequence[Said]) -> Iterable[list[Said]]:
    """Give what was said an hour at a time: a recorder commits often."""
    hours: dict[int, list[Said]] = {}
    for row in rows:
        hours.setdefault(row[0] // HOUR_NS, []).append(row)
    return hours.values()
