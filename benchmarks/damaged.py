"""What a damaged recording costs who reads it, beside the whole one: a shift cut at 70 %, with zeroed pages, with flipped bits. Not a test: it prints figures.

    python benchmarks/damaged.py [--quick] [--hours 8]

Forty machines of eight signals, as in `history.py`. Of each file: opening it (which mends a copy of a damaged one), the state at
random instants, the curve of a signal through the whole shift (480 columns), the first of all and again, and all facts as a calendar
reads them. Times are of the processor, this process's own threads included. --quick takes one hour. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.history import record, samples_of, signals_of
from benchmarks.shift import KINDS, NAMES, START_NS
from twin_app.history.recording import Recording
from twin_app.model.samples import TextTable
from twin_app.model.signal import SignalKind

if TYPE_CHECKING:
    from collections.abc import Callable

MACHINES = 40
PAGE = 4096
PIXELS = 480
ROUNDS, INSTANTS = 12, 60


def cut(content: bytearray) -> None:
    """Leave seven tenths."""
    del content[len(content) * 7 // 10 :]


def zeroed(content: bytearray) -> None:
    """Overwrite one page in a thousand, not the first."""
    chance = random.Random(1)  # noqa: S311 - places of damage
    pages = len(content) // PAGE
    for number in chance.sample(range(1, pages), max(pages // 1000, 3)):
        content[number * PAGE : (number + 1) * PAGE] = bytes(PAGE)


def flipped(content: bytearray) -> None:
    """Flip a bit in one page of a thousand."""
    chance = random.Random(2)  # noqa: S311 - places of damage
    for _ in range(max(len(content) // PAGE // 1000, 3)):
        content[chance.randrange(PAGE, len(content))] ^= 1 << chance.randrange(8)


DAMAGES: dict[str, Callable[[bytearray], None]] = {"whole": lambda _: None, "cut": cut, "zeroed": zeroed, "flipped": flipped}


def ms(work: Callable[[], object]) -> float:
    """Return the milliseconds of processor time of one call."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e3


def measured(path: Path, hours: float) -> dict[str, float]:
    """Return what one file costs."""
    chance = random.Random(3)  # noqa: S311 - instants
    span_ns = int(hours * 3600e9)
    opened: list[Recording] = []
    found = {"open_ms": ms(lambda: opened.append(Recording(path)))}
    with opened[0] as recording:
        measurements = [i for i in range(MACHINES * len(NAMES)) if KINDS[i % len(NAMES)] is SignalKind.MEASUREMENT]
        facts = set(range(MACHINES * len(NAMES))) - set(measurements)
        instants = [START_NS + chance.randrange(span_ns) for _ in range(INSTANTS)]
        found["state_ms"] = statistics.median(ms(lambda at_ns=at_ns: recording.state_at(at_ns)) for at_ns in instants)  # type: ignore[misc] # mypy infers no type for a default argument
        settled = getattr(recording, "settle", None)
        found["settle_ms"] = ms(settled) if settled is not None else 0.0
        asked = chance.sample(measurements, ROUNDS)

        def curve(signal: int) -> float:
            return ms(lambda: recording.range(signal, START_NS, START_NS + span_ns, PIXELS).value)

        found["curve_ms"] = statistics.median(map(curve, asked))
        found["curve_again_ms"] = statistics.median(map(curve, asked))
        found["facts_ms"] = ms(lambda: [len(samples) for samples in recording.samples(signals=facts)])
        found["damaged"] = float(len(recording.notices()))
    return {name: round(value, 2) for name, value in found.items()}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--keep", type=Path, help="a folder that keeps the whole file for another run")
    asked = parser.parse_args()
    hours = 1.0 if asked.quick else asked.hours
    with tempfile.TemporaryDirectory(prefix="twin-damaged-") as name:
        whole = (asked.keep or Path(name)) / "20260302T050000Z.twinrec"
        if not whole.exists():
            texts = TextTable()
            record(whole, samples_of(MACHINES, hours, texts), signals_of(MACHINES), texts)
        answers = {}
        for word, damage in DAMAGES.items():
            path = Path(name) / word / whole.name
            path.parent.mkdir()
            shutil.copy(whole, path)
            content = bytearray(path.read_bytes())
            damage(content)
            path.write_bytes(content)
            answers[word] = measured(path, hours)
            print(f"{word:8}", answers[word], flush=True)
            shutil.rmtree(path.parent)
    ratios = {
        f"{word}_{what}": round(answers[word][f"{what}_ms"] / max(answers["whole"][f"{what}_ms"], 0.01), 2)
        for word in ("cut", "zeroed", "flipped") for what in ("state", "curve", "curve_again", "facts")
    }  # fmt: skip
    print(json.dumps({"hours": hours, "open_ms": {word: found["open_ms"] for word, found in answers.items()}, **ratios}))


if __name__ == "__main__":
    main()
