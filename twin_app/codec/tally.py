"""What a source said that did not simply become samples, counted by reason. Not for connection faults."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_KEYS = 1000
"""Topics or words listed one by one; the rest share a line."""
THE_REST = "…"


@dataclass(slots=True)
class Tally:
    """Counts since the source started. Written by the source's thread; dictionaries are copied whole by readers."""

    received: int = 0
    mapped: int = 0
    """Messages that became at least one sample."""
    ignored: int = 0
    retained: int = 0
    odd_times: int = 0
    """Messages whose own time was missing, unreadable or unbelievable: they stand under their receive time."""
    refused: dict[str, int] = field(default_factory=dict)
    """By reason, as catalogue keys."""
    unmapped: dict[str, int] = field(default_factory=dict)
    """By topic, and by `topic · field` for fields that cannot be a signal."""
    unknown_states: dict[str, int] = field(default_factory=dict)
    """By `unit: word`."""
    notes: dict[str, int] = field(default_factory=dict)
    """What a dialect noticed besides, by its own words, as catalogue keys."""

    def refuse(self, reason: str) -> None:
        """Count one refused message (or one with a refused field)."""
        count(self.refused, reason)


def count(table: dict[str, int], key: str) -> None:
    """Add one under a key; beyond `MAX_KEYS` keys everything new is counted together, so that a flood stays small."""
    if key not in table and len(table) >= MAX_KEYS:
        key = THE_REST
    table[key] = table.get(key, 0) + 1
