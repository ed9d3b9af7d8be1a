"""How a source is told in the terminal."""

from __future__ import annotations

from typing import Any

from twin_app.clock import SECOND_NS
from twin_app.model.message import SourceHealth, Status
from twin_app.service.source_lines import source_lines

NOW_NS = 1_795_425_957_000_000_000
QUIET: dict[str, Any] = {"source": "plant", "title": "Plant", "address": "mqtt://b", "live": True}


def test_that_a_live_source_tells_since_when_how_fast_how_old_and_what_became_of_everything() -> None:
    health = SourceHealth(
        **QUIET, status=Status.CONNECTED, since_ns=NOW_NS - 125 * SECOND_NS, received=1200, per_second=48.2, samples=3600,
        samples_per_second=144.6, backlog=7, newest_ns=NOW_NS - 3 * SECOND_NS, refused={"not JSON": 2, "empty": 1},
        examples={"not JSON": "'plant/x': '{'", "empty": "'plant/y': ''"}, dropped=5, unmapped={"a": 3, "b": 1}, retained=9, odd_times=8,
        reconnects=1, duplicates=6, out_of_order=4, clock_offset_s=-0.25, unknown_states={"Filler: Warmup": 2}, notes={"Sparkplug: x": 2},
    )  # fmt: skip
    first, *rest = source_lines(health, NOW_NS)
    assert first.text == (
        "Plant: connected for 2 min 05 s · 48 msg/s · 145 samples/s · newest 3.0 s · received -0.250 s behind its own clock · "
        "1\u2009200 messages · refused 3 · not mapped 4 · dropped 5 · of unknown age 9 · without a believable time 8 · sent twice 6 · late 4 · "
        "waiting 7 · reconnected 1 · unknown states: Filler: Warmup · Sparkplug: x: 2"
    )
    assert [line.text for line in rest] == ["refused, not JSON: 2, the last 'plant/x': '{'", "refused, empty: 1, the last 'plant/y': ''"]
    assert not any(line.wrong for line in (first, *rest))


def test_that_a_source_that_is_away_says_for_how_long_and_why() -> None:
    health = SourceHealth(**QUIET, status=Status.DISCONNECTED, since_ns=NOW_NS - 4 * SECOND_NS, error="Gone. Wait.", warnings=("Careful.",))
    first, *rest = source_lines(health, NOW_NS)
    assert (
        first.text
        == "Plant: disconnected for 4.0 s · 0 msg/s · 0 samples/s · nothing received yet · 0 messages · refused 0 · not mapped 0 · dropped 0"
    )
    assert [(line.text, line.wrong) for line in rest] == [("Gone. Wait.", True), ("Careful.", True)]


def test_that_a_file_has_no_connection_and_no_rate() -> None:
    health = SourceHealth(**{**QUIET, "live": False}, status=Status.COMPLETE, since_ns=NOW_NS, received=3)
    assert [line.text for line in source_lines(health, NOW_NS)] == ["Plant: 3 messages · refused 0 · not mapped 0"]
