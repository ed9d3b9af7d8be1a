"""Hours of hostile traffic through decoder, intake and store, looking for an exception, a leak or a change. Not a test: it runs as long as told.

    python benchmarks/soak_hostile.py [--seconds 60] [--seed 1]

Good messages are mutated (bits flipped, cut, repeated, nested, wrapped, swapped between topics) and mixed with random ones. Between
them good ones go in whose samples must come out exactly. Prints messages a second, refusals by reason and the growth of memory.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.message import Status
from twin_app.model.samples import TextTable
from twin_app.sources.capture import Capture, Captured
from twin_app.sources.intake import Intake

ROOT = Path(__file__).resolve().parents[1]
HUGE_BYTES = 2 * 1024 * 1024
HUGE_SHARE = 1e-5
ODD_TOPICS = 0.05
PROBE_EVERY = 1000


def mutated(payload: bytes, chance: random.Random) -> bytes:
    """Return a payload changed in one of ten ways."""
    way = chance.randrange(10)
    if way == 0 and payload:
        at = chance.randrange(len(payload))
        return payload[:at] + bytes([payload[at] ^ 1 << chance.randrange(8)]) + payload[at + 1 :]
    return (
        payload[: chance.randrange(len(payload) + 1)], payload * chance.randrange(2, 2000), b"[" * chance.randrange(1, 50_000),
        b'{"State":' + payload + b"}", chance.randbytes(chance.randrange(64)), b"-" + payload, payload + b"e" + payload,
        b"\x00" + payload, b" " * chance.randrange(1, 1000) + payload,
    )[way - 1]  # fmt: skip


def main() -> None:
    """Run, print, and fail loudly where a good message was not kept as it is."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60.0)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311 - a soak must be repeatable
    line = load(ROOT / "models3d/lines/packaging.toml")
    signals, texts = signal_table(line), TextTable()
    store = Store.temporary(signals, texts)
    intake = Intake(line, line.sources[0], store=store, signals=signals, texts=texts)
    good = [row for row in Capture(ROOT / "sample_streams/packaging.jsonl") if isinstance(row, Captured)]
    probe = "PlantA/Packaging/Filler/Status/CurMachSpeed"
    began_s, count, at_ns, memory_kb = time.monotonic(), 0, good[0].received_ns, 0
    while time.monotonic() - began_s < asked.seconds:
        row = chance.choice(good)
        topic = row.topic if chance.random() > ODD_TOPICS else chance.choice(good).topic + chance.choice(("/x", "", "#", "/\x00"))
        payload = bytes(HUGE_BYTES) if chance.random() < HUGE_SHARE else mutated(row.payload, chance)
        at_ns += 1_000_000
        intake.receive(topic, payload, received_ns=at_ns)
        count += 1
        if count % PROBE_EVERY == 0:
            intake.receive(probe, str(count).encode(), received_ns=at_ns)
            intake.commit(at_ns)
            while len(store.fold()):
                pass
            found = store.state_at(at_ns).value[signals.find("Filler", "CurMachSpeed")]
            assert found == count, f"sent {count}, kept {found}"  # noqa: S101 - a benchmark that finds a lie must stop
            memory_kb = memory_kb or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = time.monotonic() - began_s
    health = intake.health(address="", live=False, status=Status.COMPLETE, since_ns=0)
    print(f"{count:,} messages in {seconds:.1f} s: {count / seconds:,.0f} a second")
    print(
        f"memory after {PROBE_EVERY}: {memory_kb / 1024:.0f} MiB, most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    )
    print(
        f"signals {len(signals)}, texts {len(texts)}, words {len(health.unknown_states)}, topics {len(health.unmapped)}, ignored {health.ignored}"
    )
    for reason, refused in sorted(health.refused.items(), key=lambda item: -item[1]):
        print(f"{refused:>10,}  {reason}")
    store.close()


if __name__ == "__main__":
    main()
