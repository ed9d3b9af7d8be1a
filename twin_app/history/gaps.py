"""What is missing in a recording, as rows of its table `gap` and as sentences. Not for finding it: see `salvage` and `watch`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin_app.history import checks
from twin_app.model.recording import Gap, Why
from twin_app.text import N_, number, tr
from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_BETWEEN = "\n"
_TOLD = 3
SELECT = "SELECT id, t0, t1, reason, source, n, signals, crc FROM gap ORDER BY t0, id"
_LOST = {
    (True, True): N_("In {path} {count} samples between {start} and {end} are damaged and lost."),
    (True, False): N_("In {path} {count} samples after {start} are damaged and lost."),
    (False, True): N_("In {path} what was said between {start} and {end} is damaged and lost, or some of it."),
    (False, False): N_("In {path} what was said after {start} is damaged and lost, or some of it."),
}
_LOST_END = {
    True: N_(
        "At the end of {path} {count} samples between {start} and {end} were written and are gone: it is damaged there, or its disk did not keep them when the power was cut."
    ),
    False: N_(
        "At the end of {path} some of what was said until {end} was written and is gone: it is damaged there, or its disk did not keep it when the power was cut."
    ),
}
_DAMAGED = frozenset({Why.DAMAGED, Why.END_DAMAGED})


def gap_row(number: int | None, gap: Gap) -> tuple[object, ...]:
    """Return a row; it has no checksum before it has a number."""
    row = (number, gap.start_ns, gap.end_ns, str(gap.why), gap.source, gap.count, _BETWEEN.join(gap.signals))
    return *row, checks.of_row(*row)


def gap_of(row: tuple[Any, ...]) -> Gap | None:
    """Return the gap of a row, None where it is not what was written."""
    if not checks.shaped(row, "iiIssIsi") or row[3] not in list(Why):
        return None
    _, start_ns, end_ns, why, source, count, signals, _ = row
    named = tuple(signals.split(_BETWEEN)) if signals else ()
    return Gap(start_ns=start_ns, end_ns=end_ns, why=Why(why), source=source, count=count, signals=named)


def losses_worded(path: Path, gaps: Iterable[Gap]) -> tuple[str, ...]:
    """Return sentences about what is damaged, the first few one by one."""
    lost = [gap for gap in gaps if gap.why in _DAMAGED]
    said = [_worded(path, gap) for gap in lost[:_TOLD]]
    if len(lost) > _TOLD:
        said.append(tr(N_("{n} more parts of {path} are damaged and lost, the last at {start}."), n=number(len(lost) - _TOLD), path=path, start=iso_utc(lost[-1].start_ns)))  # fmt: skip
    return tuple(said)


def _worded(path: Path, gap: Gap) -> str:
    """Return the sentence about one loss."""
    known = gap.count is not None
    template = _LOST_END[known] if gap.why is Why.END_DAMAGED else _LOST[known, gap.end_ns is not None]
    end = "" if gap.end_ns is None else iso_utc(gap.end_ns)
    what = tr(template, path=path, count=number(gap.count or 0), start=iso_utc(gap.start_ns), end=end)
    return tr(N_("{what} Signals: {signals}."), what=what, signals=", ".join(gap.signals)) if gap.signals else what
