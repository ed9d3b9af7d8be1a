"""What a frame of a replay costs at every speed, over a whole recorded shift: state, figures and motions of fifteen machines. Not painting.

    python benchmarks/replay.py [--quick] [--layout L --source F]

Processor time of the session's thread, so that other programs do not count. The last line is one JSON object:
`frame_ms` (mean) by speed, `ratio_3600` (3600x against 1x, the middle of several rounds measured side by side), `share_of_core_1000`
(frame work of a run at 1000x over the whole recording, per cent of one core), `skip_ratio` (3600x with dead time skipped against
without), of a blind replay `blind_back_s` (from the end back to the middle), and `overview_ms` (the worker's answer for the strip of
the whole recording, 1,600 columns; no frame waits for it).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from twin_app.clock import SECOND_NS
from twin_app.service.opening import open_line, read_through
from twin_app.session import Session

ROOT = Path(__file__).resolve().parents[1]
FRAME_NS = SECOND_NS // 30
SPEEDS = (0.1, 1.0, 60.0, 1000.0, 3600.0, -3600.0)
SHIFT = ROOT / "models3d/lines/bottling.toml", str(ROOT / "sample_streams/eventful_shift.jsonl.gz")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--layout", type=Path, default=SHIFT[0])
    parser.add_argument("--source", default=SHIFT[1])
    given = parser.parse_args()
    session = open_line(given.layout, [given.source], record=False)
    try:
        read_through(session, None)
        found = {
            **speeds(session, rounds=3 if given.quick else 9),
            **skipping(session),
            **run_through(session, 1000.0),
            **overviewed(session),
            **blind(session),
        }
    finally:
        session.close()
    print(json.dumps(found))


def speeds(session: Session, rounds: int) -> dict[str, object]:
    """Return the mean frame by speed, and how 3600x compares with 1x when both are measured in turn."""
    took: dict[float, list[float]] = {speed: [] for speed in SPEEDS}
    for _ in range(rounds):
        for speed in SPEEDS:
            took[speed].append(_mean_ms(session, speed, frames=90))
    for speed, means in took.items():
        print(f"{speed:8g}x: {statistics.median(means):6.3f} ms a frame")
    ratio = statistics.median(fast / slow for fast, slow in zip(took[3600.0], took[1.0], strict=True))
    print(f"3600x against 1x: {ratio:.2f}")
    return {"frame_ms": {f"{speed:g}": round(statistics.median(means), 3) for speed, means in took.items()}, "ratio_3600": round(ratio, 3)}


def skipping(session: Session) -> dict[str, object]:
    """Return what skipping dead time adds to a frame."""
    plain = _mean_ms(session, 3600.0, frames=180)
    session.skip_dead_time(on=True)
    skipped = _mean_ms(session, 3600.0, frames=180)
    session.skip_dead_time(on=False)
    print(f"3600x: {plain:.3f} ms a frame, with dead time skipped {skipped:.3f}")
    return {"skip_ratio": round(skipped / plain, 3)}


def run_through(session: Session, speed: float) -> dict[str, object]:
    """Return what a run over the whole recording takes of one core."""
    _place(session, 0.0, speed)
    frames, spent_s, longest_s = 0, 0.0, 0.0
    while session.clock.playing:
        took_s = _frame_s(session)
        frames, spent_s, longest_s = frames + 1, spent_s + took_s, max(longest_s, took_s)
    share = 100 * spent_s / (frames * FRAME_NS / SECOND_NS)
    print(f"{speed:g}x over the whole recording: {frames} frames, {share:.1f} % of one core, longest {longest_s * 1000:.1f} ms")
    return {"share_of_core_1000": round(share, 2), "longest_ms_1000": round(longest_s * 1000, 2)}


def overviewed(session: Session) -> dict[str, object]:
    """Return what the overview of the whole recording takes."""
    span = session.span()
    began_s = time.thread_time()
    if span is not None:
        session.overview(span.start_ns, span.end_ns, 1600)
    took_ms = (time.thread_time() - began_s) * 1000
    print(f"overview of the whole recording: {took_ms:.1f} ms")
    return {"overview_ms": round(took_ms, 1)}


def blind(session: Session) -> dict[str, object]:
    """Return how long a blind replay takes to forget: from the end back to the middle."""
    session.pause()
    session.blindfold(on=True)
    session.seek(2**62)
    while session.advance(0).behind_s > 0:
        pass
    began_s = time.thread_time()
    span = session.span()
    session.seek((span.start_ns + span.end_ns) // 2 if span else 0)
    while session.advance(0).behind_s > 0:
        pass
    took_s = time.thread_time() - began_s
    session.blindfold(on=False)
    print(f"blind replay, from the end back to the middle: {took_s:.3f} s")
    return {"blind_back_s": round(took_s, 3)}


def _mean_ms(session: Session, speed: float, frames: int) -> float:
    """Return the mean milliseconds of frames at a speed, spread over the recording."""
    spent_s = 0.0
    for number in range(frames):
        if number % 15 == 0:
            _place(session, (number + 7) / (frames + 15), speed)
        spent_s += _frame_s(session)
    return spent_s / frames * 1000


def _place(session: Session, share: float, speed: float) -> None:
    """Put the playhead at a share of the recording, playing, with the frame of the jump made already."""
    session.set_speed(speed)
    session.advance(0)
    span = session.span()
    session.seek(round(span.start_ns + (span.end_ns - span.start_ns) * share) if span else 0)
    session.play()
    session.advance(0)


def _frame_s(session: Session) -> float:
    """Return the processor seconds of one frame."""
    began_s = time.thread_time()
    session.advance(FRAME_NS)
    return time.thread_time() - began_s


if __name__ == "__main__":
    main()
