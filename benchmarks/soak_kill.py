"""Kill a recording process again and again and check what it called durable. Not a test: it runs as long as it is told.

    python benchmarks/soak_kill.py [--rounds N] [--seed N]

Every round goes on in the same file: start the writer, kill it with SIGKILL at a random moment, open the file, count.
The file is begun anew every 20 rounds; in every second file the writer seals all the time, so that kills hit sealing, too. A kill shows that commits are whole; only a power cut, which needs a disk image,
shows that they are on the disk. The last line is one JSON object; the exit code is 1 if anything reported was missing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from twin_app.history.recording import Recording
from twin_app.history.store import Store
from twin_app.model.samples import Kind, Samples

ROOT = Path(__file__).parents[1]
WRITER = ROOT / "tests" / "history" / "recording_writer.py"
ROUNDS_A_FILE = 20
A_COMMIT = 40


def killed_after(path: Path, samples: int, seconds: float, *, seals: bool) -> int:
    """Record into `path` for that long from the first commit on, then kill; return the last watermark that was called durable, 0 where none was."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    writer = subprocess.Popen(
        [sys.executable, str(WRITER), str(path), str(samples), *(["sealing"] if seals else [])],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert writer.stdout is not None  # noqa: S101 - it is a pipe
    first = writer.stdout.readline()  # before that it reads modules, and there is nothing to lose
    timer = threading.Timer(seconds, writer.kill)
    timer.start()
    lines = (first + writer.communicate()[0]).split("\n")
    timer.join()
    return int(lines[-2]) if len(lines) > 1 else 0  # what stands behind the last line break was cut off by the kill


def everything(store: Store) -> tuple[Samples, int]:
    """Return all samples in order of arrival (those of one instant of one signal; others by time) and the number after them."""
    parts, reached = [], 0
    while reached < store.watermark:
        samples, reached = store.read_since(reached, 2**62)
        parts.append(samples)
    return Samples.concatenate(parts), reached


def faults(path: Path, reported: int) -> tuple[list[str], int]:
    """Return what is wrong with the file, and how many samples it holds."""
    with contextlib.closing(Store.reopen(path)) as store:
        samples, reached = everything(store)
        numbers = samples.kind == Kind.NUMBER
        checks = {
            f"{reported} reported durable, {reached} there": reached >= reported,
            f"{store.damaged} damaged": store.damaged == 0,
            "a gap": len(samples) == reached == store.watermark,
            "a number that is not its own": np.array_equal(samples.value[numbers], np.flatnonzero(numbers)),
            "a text without its entry": all(store.texts.text(int(code)).startswith("commit ") for code in samples.value[~numbers]),
        }
    return [what for what, fine in checks.items() if not fine], reached


def sealed_faults(path: Path, reported: int) -> tuple[list[str], int]:
    """Return the same of a file that is sealed: sample k has the value k, each is there once, and every commit ends with a text."""
    with Recording(path) as recording:
        samples, notices = Samples.concatenate(list(recording.samples())), recording.notices()
    numbers = samples.kind == Kind.NUMBER
    expected = np.arange(len(samples))
    checks = {
        f"{reported} reported durable, {len(samples)} there": len(samples) >= reported,
        f"{notices}": not notices,
        "a number that is missing or stands twice": np.array_equal(
            np.sort(samples.value[numbers]), expected[expected % (A_COMMIT + 1) != A_COMMIT]
        ),
    }
    return [what for what, fine in checks.items() if not fine], len(samples)


def main() -> int:
    """Run the rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311 - moments to kill at
    found: list[str] = []
    total = held = 0
    with tempfile.TemporaryDirectory(prefix="twin-soak-") as folder:
        for number in range(asked.rounds):
            path = Path(folder) / f"shift{number // ROUNDS_A_FILE}.twinrec"
            seals = number // ROUNDS_A_FILE % 2 == 1
            samples = A_COMMIT if seals else chance.choice([1, 9, 40, 500, 20_000])
            reported = killed_after(path, samples, chance.uniform(0.02, 1.2), seals=seals)
            before = held if number % ROUNDS_A_FILE else 0
            wrong, held = (sealed_faults if seals else faults)(path, max(reported, before))
            total += held - before
            found += [f"round {number}: {what}" for what in wrong]
            print(f"round {number}: {reported} reported, {held} held" + "".join(f", {what}" for what in wrong), flush=True)
    print(json.dumps({"rounds": asked.rounds, "seed": asked.seed, "samples": total, "faults": found}))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
