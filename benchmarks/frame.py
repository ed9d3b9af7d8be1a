"""What one frame of the session costs, replayed and live, for lines of 3, 40 and 400 units with ten signals each. Not painting.

    python benchmarks/frame.py [--quick] [--profile UNITS]

The last line is one JSON object: {"replay": {"40": {"p50_ms": ..., "p99_ms": ...}}, "live": ...}.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from twin_app.clock import SECOND_NS
from twin_app.history.store import Store
from twin_app.model.equipment import Feed, Line, Product, SourceSpec, Unit
from twin_app.model.message import SourceHealth, Status
from twin_app.model.packml import State
from twin_app.model.samples import NEVER, Kind, Samples, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.plant.plant import Plant
from twin_app.session import Opened, Session

START_NS = 1_795_435_200 * SECOND_NS
FRAME_NS = SECOND_NS // 30
NAMES = ("State", "Processed", "Defective", "CurMachSpeed", *(f"Temperature{i}" for i in range(6)))
WORDS = (State.EXECUTE, State.HELD, State.EXECUTE, State.SUSPENDED)


class Silent:
    """A source that is there and does nothing; samples go to the store directly."""

    id = "plc"

    def __init__(self, *, live: bool) -> None:
        """Be a broker or a file."""
        self.live = live

    def start(self) -> None:
        """Nothing runs."""

    def stop(self) -> None:
        """Nothing ran."""

    def health(self) -> SourceHealth:
        """Return that all is well."""
        status = Status.CONNECTED if self.live else Status.COMPLETE
        return SourceHealth(source="plc", title="", address="", live=self.live, status=status, since_ns=START_NS)

    def unit_of(self, topic: str) -> str | None:
        """Return nothing: no topic is asked for."""
        return self.id if topic == self.id else None


class Hall:
    """A line of n units and what they say: every signal once a second, its state every ten."""

    def __init__(self, units: int) -> None:
        """Lay the line out."""
        ids = [f"U{i}" for i in range(units)]
        feeds = [*((Feed(to=following),) for following in ids[1:]), ()]
        self.line = Line(
            path=Path("line.toml"), content_hash="", id="L", title="", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="piece",
            constraint="U0", units=tuple(Unit(id=u, title=u, type="generic", source="plc", feeds=f) for u, f in zip(ids, feeds, strict=True)),
            sources=(SourceSpec(id="plc", title=""),), products=(Product(id="p", title="", ideal_cycle_s=dict.fromkeys(ids, 1.0)),),
        )  # fmt: skip
        kinds = {"State": SignalKind.STATE, "Processed": SignalKind.COUNTER, "Defective": SignalKind.COUNTER}
        self.texts = TextTable()
        self.codes = np.array([self.texts.code(state.title) for state in WORDS], float)
        self.signals = SignalTable(
            [Signal(path=f"{u}/{name}", unit=u, name=name, kind=kinds.get(name, SignalKind.MEASUREMENT)) for u in ids for name in NAMES]
        )

    def said(self, start_s: float, end_s: float) -> Samples:
        """Return what all signals say in a span, in order of time; each speaks at its own part of the second."""
        n = len(self.signals)
        phase = (np.arange(n) * 0.618) % 1.0
        seconds = np.arange(np.floor(start_s), np.ceil(end_s))
        at_s = (seconds[:, None] + phase).ravel()
        signal = np.tile(np.arange(n, dtype=np.int32), len(seconds))
        name = signal % len(NAMES)
        keep = (at_s >= start_s) & (at_s < end_s) & ((name != 0) | (np.floor(at_s) % 10 == signal % 10))
        order = np.argsort(at_s[keep], kind="stable")
        at_s, signal, name = at_s[keep][order], signal[keep][order], name[keep][order]
        value = np.select(
            [name == NAMES.index(told) for told in ("State", "Processed", "Defective", "CurMachSpeed")],
            [self.codes[(at_s // 10).astype(int) % len(WORDS)], np.floor(at_s), np.floor(at_s / 20), 55 + np.floor(at_s) % 10],
            20 + np.sin(at_s),
        )
        at_ns = START_NS + np.round(at_s * 1000).astype(np.int64) * 1_000_000
        kind = np.where(name == 0, Kind.TEXT, Kind.NUMBER).astype(np.uint8)
        plain = np.zeros(len(at_ns), np.uint8)
        return Samples(signal, at_ns, np.full(len(at_ns), NEVER), at_ns, value, kind, plain, np.round(at_s * 1e6).astype(np.int64))

    def session(self, *, live: bool, past_s: float) -> tuple[Session, Store, list[int]]:
        """Return a session that knows the past, its store, and its wall clock."""
        now = [START_NS + round(past_s * SECOND_NS)]
        store = Store(self.signals, self.texts, journal=None)
        plant = Plant(self.line, self.signals, self.texts)
        session = Session(Opened(self.line, self.signals, self.texts, store, plant, (Silent(live=live),)), now=lambda: now[0])
        store.append(self.said(0, past_s))
        session.fold()
        return session, store, now


def replayed(hall: Hall, frames: int, past_s: float) -> list[float]:
    """Return the milliseconds of each frame of a replay at twenty times."""
    session, _, _ = hall.session(live=False, past_s=past_s)
    session.advance(0)
    session.seek(START_NS + round(past_s * SECOND_NS / 2))
    session.set_speed(min(20.0, past_s * 12 / frames))
    return [_timed(session) for _ in range(frames)]


def lived(hall: Hall, frames: int, past_s: float) -> list[float]:
    """Return the milliseconds of each frame of a live line, folding what came in since the frame before."""
    session, store, now = hall.session(live=True, past_s=past_s)
    session.advance(0)
    took = []
    for _ in range(frames):
        before_s = (now[0] - START_NS) / SECOND_NS
        now[0] += FRAME_NS
        new = hall.said(before_s, (now[0] - START_NS) / SECOND_NS)
        if len(new):
            store.append(new)
        took.append(_timed(session))
    return took


def _timed(session: Session) -> float:
    """Return the milliseconds of processor time of one frame; other programs do not count."""
    began = time.thread_time()
    session.advance(FRAME_NS)
    return (time.thread_time() - began) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer frames and a shorter past")
    parser.add_argument(
        "--profile", type=int, default=0, metavar="UNITS", help="print where the time of a line of so many units goes instead"
    )
    given = parser.parse_args()
    frames, past_s = (150, 120.0) if given.quick else (600, 600.0)
    if given.profile:
        for run in (replayed, lived):
            with cProfile.Profile() as profile:
                run(Hall(given.profile), frames, past_s)
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        return
    found: dict[str, dict[str, dict[str, float]]] = {"replay": {}, "live": {}}
    for units in (3, 40, 400):
        for name, run in (("replay", replayed), ("live", lived)):
            took = run(Hall(units), frames, past_s)
            p50, p99 = (round(float(np.percentile(took, share)), 3) for share in (50, 99))
            found[name][str(units)] = {"p50_ms": p50, "p99_ms": p99}
            print(f"{name:7} {units:4} units x {len(NAMES)} signals: p50 {p50:8.3f} ms, p99 {p99:8.3f} ms")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
