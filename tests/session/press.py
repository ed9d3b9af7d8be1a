"""What the press of `tests/data/lines/press.toml` says in five minutes, and what a person with a stopwatch makes of it.

It runs and counts a part every 2 s until 100 s; then the guard is open (and oil is low since 90 s, which is a fault, too)
until 130 s, it stands until 140 s, runs again with a part every 2.5 s from 142.5 s to 240 s, and goes on running without
parts until 300 s. The counter rolls over at 65,536 on its way.

- 0-2 s nobody knows whether it makes parts: the first one comes at 2 s, so 2 s are blind.
- 2-90 s Execute (88 s); 90-130 s Aborted (40 s); 130-140 s Stopped (10 s).
- 140-142.5 s Idle: running, and no part since 100 s; 142.5-250 s Execute (107.5 s): the last part was at 240 s and five
  ideal cycles of 2 s are over at 250 s, when nothing was said; 250-300 s Idle (50 s).
- Parts: 45 up to 90 s, 5 more up to 100 s while it was called faulty, 40 after 140 s: 90 in all.
- Known time 298 s. Idle and Stopped wait or stop for less than 120 s: 130-142.5 s belongs to the stop of 90-142.5 s (52.5 s).
  Production 88 + 107.5 = 195.5 s; availability 195.5 / 298; OEE = 2 s x good parts of known time / 298 s.
  The part at 2 s ends the blind time: of the 90, the 89 behind it were counted in known time.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TOPIC = "hall2/Press"
FIRST_COUNT = 65_500
SECONDS = {"Execute": 88 + 107.5, "Aborted": 40.0, "Stopped": 10.0, "Idle": 2.5 + 50.0}
PRODUCTION_S = 195.5
KNOWN_S = 298.0
GOOD = 89


def messages(start_ms: int) -> Iterator[tuple[int, bytes]]:
    """Yield when each message is sent (ms since 1970) and its payload."""
    state = {"run": 1, "fault": 0, "count": FIRST_COUNT}
    changes: dict[float, dict[str, int]] = {0: {}}
    counts = [*(2.0 * n for n in range(1, 51)), *(142.5 + 2.5 * n for n in range(40))]
    for number, second in enumerate(counts, 1):
        changes.setdefault(second, {})["count"] = (FIRST_COUNT + number) % 65_536
    said = {90: {"fault": 1}, 100: {"fault": 5, "run": 0}, 130: {"fault": 0}, 140: {"run": 1}, 300: {}}
    for second, change in said.items():
        changes.setdefault(second, {}).update(change)
    for second in sorted(changes):
        state |= changes[second]
        at_ms = start_ms + round(second * 1000)
        yield at_ms, json.dumps({"t": at_ms, **state}).encode()
