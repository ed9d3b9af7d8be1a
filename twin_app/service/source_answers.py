"""How the sources are, as `twin-app state --json` prints it under `sources`. Keys may be added, never changed. Not for wording."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from twin_app.times import iso_utc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twin_app.model.message import SourceHealth


class SourceAnswer(TypedDict):
    """One source; times are ISO 8601 in UTC, None (JSON null) where nothing is known."""

    address: str
    status: str
    since: str | None
    messages: int
    messages_per_s: float
    samples: int
    samples_per_s: float
    newest: str | None
    backlog: int
    refused: dict[str, int]
    examples: dict[str, str]
    unmapped: dict[str, int]
    unknown_states: dict[str, int]
    notes: dict[str, int]
    ignored: int
    retained: int
    dropped: int
    duplicates: int
    out_of_order: int
    odd_times: int
    clock_offset_s: float | None
    reconnects: int
    warnings: list[str]
    error: str


def sources_answer(health: Iterable[SourceHealth]) -> dict[str, SourceAnswer]:
    """Return every source by its id."""
    return {h.source: _answer(h) for h in health}


def _answer(h: SourceHealth) -> SourceAnswer:
    """Return one source."""
    return {
        "address": h.address, "status": str(h.status), "since": iso_utc(h.since_ns) if h.since_ns else None,
        "messages": h.received, "messages_per_s": round(h.per_second, 3),
        "samples": h.samples, "samples_per_s": round(h.samples_per_second, 3),
        "newest": None if h.newest_ns is None else iso_utc(h.newest_ns), "backlog": h.backlog,
        "refused": dict(h.refused), "examples": dict(h.examples), "unmapped": dict(h.unmapped), "unknown_states": dict(h.unknown_states),
        "notes": dict(h.notes), "ignored": h.ignored,
        "retained": h.retained, "dropped": h.dropped, "duplicates": h.duplicates, "out_of_order": h.out_of_order, "odd_times": h.odd_times,
        "clock_offset_s": h.clock_offset_s, "reconnects": h.reconnects, "warnings": list(h.warnings), "error": h.error,
    }  # fmt: skip
