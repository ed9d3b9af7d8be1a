"""What was said of shifts, kept beside their recording so that it is reckoned once. May be deleted; never asked where anything is another."""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import fields
from math import nan
from typing import TYPE_CHECKING

import msgspec

import twin_app
from twin_app.finding.stops import Stop
from twin_app.finding.summary import Summary
from twin_app.model.kpi import Kpi
from twin_app.model.packml import State
from twin_app.text import language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from twin_app.finding.reach import Reach
    from twin_app.finding.slots import Slot
    from twin_app.model.alarm import Action
    from twin_app.model.equipment import Line

NAME = "shifts.cache"
FORMAT = 1
"""Raised with every change of what a summary is or how it is reckoned."""
MOST_BYTES = 64 * 2**20


class _Kept(msgspec.Struct, frozen=True):
    """One summary as it is written; unknown figures are null."""

    end_ns: int
    kpi: dict[str, float | None]
    stop: tuple[str, int, int, int | None, str] | None
    stops: int
    alarms: int
    gaps: list[tuple[int, int]]


class Cache:
    """Summaries by what they were reckoned from. Belongs to one thread."""

    def __init__(self, path: Path, line: Line) -> None:
        """Look beside a recording, a file or a folder; what is there and cannot be believed counts for nothing."""
        self._path = path / NAME if path.is_dir() else path.with_name(f"{path.name}.{NAME}")
        self._line = hashlib.sha256(
            f"{FORMAT} {twin_app.__version__} {line.content_hash} {[unit.fault_words for unit in line.units]!r}".encode()
        ).hexdigest()
        self._kept = self._read()
        self._fresh = False

    def key(self, slot: Slot, files: Sequence[Reach], actions: Iterable[Action]) -> str:
        """Return what a slot's summary is kept under: everything that it follows from."""
        digest = hashlib.sha256(f"{self._line} {language()} {slot!r}".encode())
        for file in files:
            digest.update(f" {file.path.name} {file.print}".encode())
        for action in actions:
            if action.effective_ns <= slot.end_ns:
                digest.update(repr(action).encode())
        return digest.hexdigest()

    def get(self, key: str, slot: Slot) -> Summary | None:
        """Return a slot's summary, None where it is to be reckoned."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        stop = kept.stop and Stop(*kept.stop[:3], None if kept.stop[3] is None else State(kept.stop[3]), kept.stop[4])
        kpi = Kpi(**{name: nan if value is None else value for name, value in kept.kpi.items()})
        return Summary(
            slot=slot, end_ns=kept.end_ns, kpi=kpi, stop=stop or None, stops=kept.stops, alarms=kept.alarms, gaps=tuple(kept.gaps)
        )

    def put(self, key: str, summary: Summary) -> None:
        """Keep a summary; bookmarks are not kept, they are counted anew."""
        stop = summary.stop and (summary.stop.unit, summary.stop.start_ns, summary.stop.end_ns, summary.stop.state, summary.stop.alarm)
        kpi = {name: None if value != value else value for name, value in _figures(summary.kpi)}  # noqa: PLR0124 - NaN alone is not itself
        self._kept[key] = _Kept(summary.end_ns, kpi, stop or None, summary.stops, summary.alarms, list(summary.gaps))
        self._fresh = True

    def write(self, wanted: Iterable[str]) -> None:
        """Write what is still wanted, if anything is new; a folder that cannot be written to keeps none, which costs time and nothing else."""
        if not self._fresh:
            return
        kept = {key: self._kept[key] for key in wanted if key in self._kept}
        part = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        with contextlib.suppress(OSError):
            part.write_bytes(_signed(msgspec.json.encode(kept)))
            part.replace(self._path)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)

    def _read(self) -> dict[str, _Kept]:
        """Return what is kept; nothing where that is not what was written."""
        try:
            if self._path.stat().st_size > MOST_BYTES:
                return {}
            head, _, body = self._path.read_bytes().partition(b"\n")
            return msgspec.json.decode(body, type=dict[str, _Kept]) if _signed(body).startswith(head + b"\n") else {}
        except (OSError, msgspec.DecodeError):
            return {}


def _signed(body: bytes) -> bytes:
    """Return what is kept with its digest before it."""
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _figures(kpi: Kpi) -> list[tuple[str, float]]:
    """Return every figure by its name."""
    return [(name, getattr(kpi, name)) for name in (field.name for field in fields(kpi))]
